"""What a class guessed before its runs, counted beside what was measured."""

from __future__ import annotations

import functools
import json
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnutils.checks.catalogue import find_prediction, lessons
from nnutils.checks.errors import UnknownName
from nnutils.checks.prediction import BadGuess, Choice, Guess, Number, Prediction

SOLUTIONS = Path(__file__).parents[3] / "solutions"
MEASURED = re.compile(r"◇ (\w+): measured (.*); you made no guess")
MOST = 6  # different orders that are listed


@dataclass
class GuessFigures:
    """The guesses of a class for one prediction."""

    asked: Prediction
    guesses: list[Guess] = field(default_factory=list)

    @property
    def measured(self) -> str:
        """What the course's own run measured, in words; empty where its solution is missing."""
        return _measured(self.asked.lesson).get(self.asked.name, "")

    @property
    def lines(self) -> list[str]:
        """The guesses in words: of numbers the median and the middle half, else how many guessed what."""
        told = self.asked.form.told
        if isinstance(self.asked.form, Number):
            return _spread([float(guess) for guess in self.guesses if isinstance(guess, int | float)], told)
        counts = Counter(map(told, self.guesses))
        if isinstance(self.asked.form, Choice):
            return [f"{text}: {counts[text]}" for text in sorted(counts)]
        return [f"{text}: {count}" for text, count in counts.most_common(MOST)]


def count_in(found: dict[str, GuessFigures], guesses: dict[str, Any]) -> None:
    """Count a student's guesses, which come from the log. What the course no longer asks, or asks otherwise, is left out."""
    for name, guess in guesses.items():
        try:
            asked = find_prediction(name)
            read = asked.form.read(guess)
        except (UnknownName, BadGuess):
            continue
        found.setdefault(name, GuessFigures(asked)).guesses.append(read)


def in_words(guesses: dict[str, Any]) -> list[tuple[str, str, str]]:
    """A student's guesses: the question, the guess, and what was measured."""
    own: dict[str, GuessFigures] = {}
    count_in(own, guesses)
    return [(one.asked.text, one.asked.form.told(one.guesses[0]), one.measured) for one in own.values()]


def _spread(values: Sequence[float], told: Any) -> list[str]:
    middle = told(statistics.median(values))
    if len(values) < 4:
        return [f"median {middle}"]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return [f"median {middle}", f"half of them from {told(low)} to {told(high)}"]


@functools.cache
def _measured(topic: str) -> dict[str, str]:
    """What the solution of a lesson measured, by the prediction's name."""
    module = lessons().get(topic)
    file = SOLUTIONS / f"{module.NUMBER:02d}_{topic}.ipynb" if module else None
    if file is None or not file.is_file():
        return {}
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    texts = ["".join(output.get("data", {}).get("text/plain", "")) for output in outputs]
    return dict(match for text in texts for match in MEASURED.findall(text))
