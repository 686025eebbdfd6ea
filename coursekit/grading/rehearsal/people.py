"""The students of a class that is made: names as they stand on lists all over the world, and ids as platforms have them."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass

NAMES = (  # given name, family name; the first two are two people
    ("Văn An", "Nguyễn"),
    ("Văn An", "Nguyễn"),
    ("María José", "Ibarra Núñez"),
    ("지수", "김"),
    ("Pieter", "van der Berg"),
    ("Sukarno", ""),
    ("Дмитрий", "Соколов"),
    ("Seán", "O'Brien"),
    ("小明", "王"),
    ("Ελένη", "Παπαδοπούλου"),
    ("Jean-Luc", "d'Arcy-Dupont"),
    ("李", "娜"),
    ("Özlem", "Çelik"),
    ("Anna", "Schmidt"),
    ("Anna", "Schmidt"),
    ("はるか", "佐藤"),
    ("Łukasz", "Wójcik"),
    ("Abdul Rahman", "bin Ismail"),
    ("नेहा", "शर्मा"),
    ("Zoë", "de la Cruz"),
    ("Björn", "Þórsson"),
    ("ليلى", "حداد"),
)
GIVEN = "Ada Ben Chloé Dong-hyun Eve Farid Grażyna Hana Ivo Jonas Kim Léa Mai Noor Olu Paz".split()
FAMILY = (
    "Acheampong Bauer Castaño Dvořák Eriksson Fischer Gómez Huang İnan Joshi Kaya Lindqvist Müller".split()
)
SECTIONS = ("Monday", "Thursday")


@dataclass(frozen=True)
class Student:
    """A student of the class. `number` is the place in it, from 0."""

    number: int
    given: str
    family: str

    @property
    def name(self) -> str:
        """As people say it: given name first."""
        return " ".join(filter(None, (self.given, self.family)))

    @property
    def sortable(self) -> str:
        """As lists have it: family name, given name."""
        return ", ".join(filter(None, (self.family, self.given)))

    @property
    def login(self) -> str:
        return f"s{1001 + self.number}"

    @property
    def email(self) -> str:
        return f"{self.login}@uni.example"

    @property
    def registration(self) -> str:
        """The number that the university gave."""
        return f"2026{1 + self.number:04d}"

    @property
    def platform_id(self) -> int:
        """The number that the platform gave."""
        return 70_001 + 7 * self.number

    @property
    def section(self) -> str:
        return SECTIONS[self.number % 2]


def students(count: int, rng: random.Random) -> list[Student]:
    """So many students. Two of the first have the same name, and later ones may have."""
    more = [(given, family) for given in GIVEN for family in FAMILY]
    rng.shuffle(more)
    names = [*NAMES, *more * (1 + count // len(more))][:count]
    pairs = (
        (unicodedata.normalize("NFC", given), unicodedata.normalize("NFC", family)) for given, family in names
    )
    return [Student(number, *pair) for number, pair in enumerate(pairs)]
