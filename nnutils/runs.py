"""A log of runs: what was tried, what was expected before and measured after, and how much of the budget is left.

>>> log = RunLog(budget=40)
>>> log.run(lambda settings, seed: 0.5, {"lr": 0.1}, seed=0, expected=0.6, because="a usual rate")
0.5
>>> log.left
39
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnutils.files import write_whole
from nnutils.words import counted

Train = Callable[[dict[str, Any], int], Any]


class BudgetSpent(RuntimeError):
    """All runs of a budget were made."""


@dataclass(frozen=True)
class Run:
    """One training: its settings and seed, the score that was expected and why, and the score that was measured."""

    settings: dict[str, Any]
    seed: int
    expected: float
    because: str
    score: float

    @property
    def key(self) -> str:
        return _key(self.settings, self.seed)


class RunLog:
    """Runs within a budget. With a file they are kept there, and a new log on the same file goes on where it was.

    Raises
    ------
    ValueError: the file holds something else, or was begun with another budget.
    """

    def __init__(self, file: str | Path | None = None, budget: int = 40) -> None:
        self.file, self.budget = Path(file) if file else None, budget
        self.runs: list[Run] = []
        self._read()

    @property
    def left(self) -> int:
        """How many runs may still be made."""
        return self.budget - len(self.runs)

    def run(
        self, train: Train, settings: Mapping[str, Any], seed: int, expected: float, because: str
    ) -> float:
        """Call train(settings, seed), keep the score that it returns, and return it.

        expected: the score that you predict, written down before the run. because: your reason, in words.
        Settings and seed that were run before cost nothing: their score is returned as it was kept.

        Raises
        ------
        BudgetSpent: no run is left. ValueError: there is no prediction, or a setting that a file cannot keep.
        """
        if (
            isinstance(expected, bool)
            or not isinstance(expected, int | float | np.number)
            or not math.isfinite(expected)
        ):
            raise ValueError("predict first: expected is the score that you expect of this run, a number")
        if not isinstance(because, str) or not because.strip():
            raise ValueError("predict first: because is the reason for what you expect, in words")
        plain, key = json.loads(_key(settings, seed))[0], _key(settings, seed)
        self._read()
        for done in self.runs:
            if done.key == key:
                return done.score
        if self.left < 1:
            spent = f"the budget of {counted(self.budget, 'run')} is spent"
            raise BudgetSpent(f"{spent}: choose among the runs that you have, with log.table()")
        score = float(train(dict(settings), int(seed)))
        self._read()  # another notebook may have added runs meanwhile
        self.runs.append(Run(plain, int(seed), float(expected), because.strip(), score))
        self._write()
        return score

    def table(self, best: int | None = None) -> str:
        """The runs as lines of text, in their order, or the best ones first. Settings that all runs share stand on top."""
        runs = self.runs if best is None else sorted(self.runs, key=_rank)[:best]
        shared = {
            k: v for k, v in (runs[0].settings if runs else {}).items() if all(_has(r, k, v) for r in runs)
        }
        lines = [f"{len(self.runs)} of {counted(self.budget, 'run')} made"]
        if shared and len(runs) > 1:
            lines.append(f"all: {_told(shared)}")
        else:
            shared = {}
        lines.append("run  seed  expected  measured  settings")
        for run in runs:
            own = {k: v for k, v in run.settings.items() if k not in shared}
            number = self.runs.index(run) + 1
            lines.append(f"{number:3}  {run.seed:4}  {run.expected:8.2f}  {run.score:8.2f}  {_told(own)}")
        return "\n".join(lines)

    def surprise(self) -> float:
        """The mean distance between what was expected and what was measured."""
        if not self.runs:
            raise ValueError("no run was made yet")
        return float(np.mean([abs(run.expected - run.score) for run in self.runs]))

    def __repr__(self) -> str:
        return f"RunLog({counted(len(self.runs), 'run')} of {self.budget})"

    def _read(self) -> None:
        if self.file is None or not self.file.exists():
            return
        try:
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            budget, runs = int(kept["budget"]), [Run(**run) for run in kept["runs"]]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{self.file} is no log of runs: give the log another file") from error
        if budget != self.budget:
            raise ValueError(f"{self.file} was begun with a budget of {counted(budget, 'run')}: keep to it")
        self.runs = runs

    def _write(self) -> None:
        if self.file is not None:
            content = {"budget": self.budget, "runs": [asdict(run) for run in self.runs]}
            write_whole(self.file, json.dumps(content, indent=1) + "\n")


def _key(settings: Mapping[str, Any], seed: int) -> str:
    """Settings and seed as text: the same for a tuple and a list, and whatever the order of the names."""
    try:
        return json.dumps([dict(settings), int(seed)], sort_keys=True, default=_plain)
    except (TypeError, ValueError) as error:
        raise ValueError(
            "settings are names with numbers, texts, or lists of these, and a seed is a whole number"
        ) from error


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError


def _rank(run: Run) -> float:
    return math.inf if math.isnan(run.score) else -run.score


def _has(run: Run, name: str, value: Any) -> bool:
    return name in run.settings and run.settings[name] == value


def _told(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_short(value)}" for name, value in settings.items()) or "-"


def _short(value: Any) -> str:
    return (
        "-".join(map(_short, value))
        if isinstance(value, list)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
