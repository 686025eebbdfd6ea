"""What of a run a person should look at: what could not be graded, was lost, is trusted less, or is oddly named."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from coursekit.grading.result import Result


@dataclass(frozen=True)
class Matter:
    """One thing to look at."""

    kind: str
    where: str  # a file or a student
    what: str


@dataclass
class Run:
    """What one pass over all results of a run tells."""

    matters: list[Matter] = field(default_factory=list)
    ungraded: dict[tuple[str, str, str], int] = field(
        default_factory=lambda: defaultdict(int)
    )  # lesson, item, why
    trusted: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # why less → files
    layers: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))  # → files
    seconds: list[float] = field(default_factory=list)  # of each notebook, by the clock
    slowest: tuple[float, str] = (0.0, "")
    cpu: float = 0.0
    notebooks: int = 0
    students: set[str] = field(default_factory=set)

    @property
    def typical(self) -> float:
        return median(self.seconds) if self.seconds else 0.0


def watched(results: Iterable[Result], run: Run) -> Iterator[Result]:
    """The results, while what they tell is noted in `run`: one pass serves several readers, and there may be many."""
    for one in results:
        _count(run, one)
        run.matters += _matters(one)
        for why in dict.fromkeys(item.trust for item in one.items if item.trust):
            run.trusted[why].append(one.file)
        for item in one.items:
            if item.status == "not graded":
                run.ungraded[one.lesson, item.name, item.sentence] += 1
        yield one
    run.matters += [*_trusted_less(run.trusted), *_odd_names(run.students), *_thin(run.layers)]


def _count(run: Run, one: Result) -> None:
    run.notebooks += 1
    run.students.add(one.student)
    run.cpu += one.cpu
    if one.seconds:
        run.seconds.append(one.seconds)
    run.slowest = max(run.slowest, (one.seconds, one.file))
    if one.sandbox or any(item.cases for item in one.items):
        run.layers[one.sandbox].append(one.file)


def _matters(one: Result) -> list[Matter]:
    found = [Matter("could not be graded", one.file, one.problem)] if one.problem else []
    found += [
        Matter("answer was lost", one.file, f"{item.name}: {item.lost}") for item in one.items if item.lost
    ]
    return found + [Matter("noted", one.file, note) for note in one.notes]


def _trusted_less(trusted: Mapping[str, Sequence[str]]) -> list[Matter]:
    """A line for each reason, since it holds for a kind of exercise and not for a student."""
    return [
        Matter("trusted less", files[0] if len(files) == 1 else f"{len(files)} notebooks", why)
        for why, files in trusted.items()
    ]


def _odd_names(students: Iterable[str]) -> list[Matter]:
    """Names with invisible characters, and names that look the same."""
    found, alike = [], defaultdict(list)
    for name in sorted(students):
        if not name.isprintable():
            found.append(Matter("odd name", name, "the name holds characters that cannot be seen"))
        plain = "".join(char for char in unicodedata.normalize("NFKC", name) if char.isprintable())
        alike[" ".join(plain.split()).casefold()].append(name)
    same = (names for names in alike.values() if len(names) > 1)
    return found + [
        Matter("odd name", names[0], f"looks like {', '.join(names[1:])}: one student?") for names in same
    ]


def _thin(layers: Mapping[tuple[str, ...], Sequence[str]]) -> list[Matter]:
    """Notebooks that were graded with less of a sandbox than others of the run."""
    every = {layer for some in layers for layer in some}
    found = []
    for some, files in layers.items():
        missing = sorted(every - {*some})
        if missing or not some:
            what = f"without {', '.join(missing)}" if missing else "without a sandbox"
            found += [Matter("less of a sandbox", file, f"it was graded {what}") for file in files]
    return found
