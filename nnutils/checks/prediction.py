"""What a prediction is made of: a question before a run, and the form of its guess.

A module `nnutils.lessons.<topic>.predictions` declares them:

    peak = prediction("At how many features is the error largest?", number(low=1, unit="features"))
    fastest = prediction("Which one arrives first, second, third?", order("momentum", "Adam", "plain"))
    shape = prediction("What will the error do?", choice("it falls", "it falls, then rises"))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nnutils.words import listed

Guess = float | str | list[str]
LETTERS = "abcdefgh"


class BadGuess(ValueError):
    """A guess does not have the form that its prediction asks for; the message says which it needs."""


class Form(Protocol):
    """How a guess is written, read and told."""

    @property
    def asked(self) -> str:
        """What to write, as the comment beside the guess says it."""

    @property
    def rows(self) -> list[str]:
        """What can be chosen from, as rows of a list below the question."""

    def read(self, guess: Any) -> Guess:
        """The guess as it is kept. Raises BadGuess."""

    def told(self, guess: Guess) -> str:
        """The guess in words."""


@dataclass(frozen=True)
class Number:
    """A number, at least `low` and at most `high`, in some unit."""

    low: float = -math.inf
    high: float = math.inf
    unit: str = ""

    @property
    def asked(self) -> str:
        of = f" in {self.unit}" if self.unit == "%" else f" of {self.unit}" if self.unit else ""
        limits = {
            (False, False): "",
            (True, False): f", {self.low:g} or more",
            (False, True): f", {self.high:g} or less",
            (True, True): f", from {self.low:g} to {self.high:g}",
        }
        return f"a number{of}{limits[math.isfinite(self.low), math.isfinite(self.high)]}"

    @property
    def rows(self) -> list[str]:
        return []

    def read(self, guess: Any) -> float:
        try:
            value = math.nan if isinstance(guess, str | bool) else float(guess)
        except (TypeError, ValueError, OverflowError):
            value = math.nan
        if not self.low <= value <= self.high or math.isinf(value):
            raise BadGuess(f"write {self.asked}")
        return value

    def told(self, guess: Guess) -> str:
        return f"{guess:.4g}" + f" {self.unit}" * bool(self.unit)


@dataclass(frozen=True)
class Order:
    """All of some names, in an order."""

    names: tuple[str, ...]

    @property
    def asked(self) -> str:
        return f"a list of these, in your order: {self.names!r}".replace("(", "[").replace(")", "]")

    @property
    def rows(self) -> list[str]:
        return []

    def read(self, guess: Any) -> list[str]:
        plain = {name.casefold(): name for name in self.names}
        words = list(guess) if isinstance(guess, list | tuple) else []
        found = [plain.get(word.strip().casefold(), "") if isinstance(word, str) else "" for word in words]
        if sorted(found) != sorted(self.names):
            raise BadGuess(f"write a list that has {listed([repr(name) for name in self.names])}, each once")
        return found

    def told(self, guess: Guess) -> str:
        return ", ".join(guess) if isinstance(guess, list) else str(guess)


@dataclass(frozen=True)
class Choice:
    """One of some options, which are lettered in the order given."""

    options: tuple[str, ...]

    @property
    def asked(self) -> str:
        return listed([f'"{letter}"' for letter in self._letters], "or")

    @property
    def rows(self) -> list[str]:
        return [f"**{letter}** {text}" for letter, text in zip(self._letters, self.options, strict=True)]

    def read(self, guess: Any) -> str:
        letter = guess.strip().lower() if isinstance(guess, str) else ""
        if letter not in [*self._letters]:
            raise BadGuess(f"write {self.asked}")
        return letter

    def told(self, guess: Guess) -> str:
        letter = str(guess)
        return f"{letter} ({self.options[self._letters.index(letter)]})"

    @property
    def _letters(self) -> str:
        return LETTERS[: len(self.options)]


def number(low: float = -math.inf, high: float = math.inf, unit: str = "") -> Number:
    """A guess that is a number."""
    return Number(low, high, unit)


def order(*names: str) -> Order:
    """A guess that puts names in order."""
    _enough(names)
    return Order(names)


def choice(*options: str) -> Choice:
    """A guess that takes one option. For pictures, draw them with their letters in a cell before."""
    _enough(options)
    return Choice(options)


def _enough(options: Sequence[str]) -> None:
    if not 2 <= len({*options}) == len(options) <= len(LETTERS):
        raise ValueError(f"a prediction has 2 to {len(LETTERS)} different options, not {options!r}")


@dataclass(eq=False)
class Prediction:
    """A question before a run. It is never worth points."""

    text: str
    form: Form
    name: str = ""
    lesson: str = ""


def prediction(text: str, form: Form) -> Prediction:
    """A prediction; its name is the variable that it is assigned to."""
    return Prediction(text, form)
