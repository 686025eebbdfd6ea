"""How often the claims of the lessons held on fresh seeds: the data, docs/replication.json, and the page made from them."""

from __future__ import annotations

import bisect
import itertools
import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import median

from coursekit.authoring.rerun import Claimed, Measured
from nnutils.checks.claim import written
from nnutils.files import write_whole
from nnutils.words import counted

FIRST = 20  # authors tune on the sets before this one, which are not kept
ENOUGH = Fraction(19, 20)  # of the sets: what a claim must hold in
DATA, PAGE = Path("docs", "replication.json"), Path("docs", "replication.md")
HEAD = """# Replication

`python3 course.py replicate` runs each lesson again with other seeds and writes this page from
[replication.json](replication.json). In set k each integer seed s of a lesson gives the random numbers of [s, k]: splits, initial
weights and batch orders change together, while data sets that are fixed stay as they are. Authors choose settings and bounds on
sets 0 to 19; here only sets from 20 on count, and a claim must hold in 19 of 20 of them.

"""
COLUMNS = "held | least | median | most | needed |"


@dataclass
class Claim:
    """What one claim measured: a value and "1" or "0" for each set, in their order; None and "0" where it was not reached."""

    needed: str
    form: str = ""
    held: str = ""
    values: list[float | int | str | None] = field(default_factory=list)

    def insert(self, place: int, claimed: Claimed | None) -> None:
        """Put in one set; None is one that did not reach the claim."""
        held = "1" if claimed and claimed["held"] else "0"
        self.held = self.held[:place] + held + self.held[place:]
        self.values.insert(place, claimed["value"] if claimed else None)
        if claimed:
            self.needed, self.form = claimed["needed"], claimed["form"]

    @property
    def rate(self) -> Fraction:
        """The share of sets in which it held."""
        return Fraction(self.held.count("1"), len(self.held))

    @property
    def k_of_n(self) -> str:
        """As in 19 of 20."""
        return f"{self.held.count('1')} of {len(self.held)}"

    @property
    def spread(self) -> tuple[str, str, str]:
        """The least value, the median and the largest in words; of texts only the most frequent one."""
        numbers = [value for value in self.values if isinstance(value, int | float)]
        if numbers:
            middle = median(numbers)
            middle = (
                int(middle)
                if all(isinstance(value, int) for value in numbers) and middle == int(middle)
                else middle
            )
            low, between, high = (written(value, self.form) for value in (min(numbers), middle, max(numbers)))
            return low, between, high
        texts = Counter(value for value in self.values if value is not None)
        return (
            "",
            next((f"{text} ({times} times)" for text, times in texts.most_common(1)), "never reached"),
            "",
        )


@dataclass
class Replicated:
    """The sets of one lesson. `cells`: a hash of the cells that ran. `code`: for each set one of the code of nnutils."""

    cells: str
    sets: list[int] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)  # by the number of the set
    claims: dict[str, Claim] = field(default_factory=dict)

    def add(self, number: int, code: str, measured: Measured, sentences: Collection[str]) -> None:
        """Add a set, which replaces an earlier run of it. `sentences` are the lesson's claims; one not reached did not hold."""
        self._drop(number)
        place = bisect.bisect(self.sets, number)
        for sentence in [*sentences, *measured["claims"]]:
            unseen = Claim("", "", "0" * len(self.sets), [None] * len(self.sets))
            self.claims.setdefault(sentence, unseen)
        for sentence, claim in self.claims.items():
            claim.insert(place, measured["claims"].get(sentence))
        self.sets.insert(place, number)
        self.code.insert(place, code)
        if measured["errors"]:
            self.errors[str(number)] = measured["errors"]
            self.errors = dict(sorted(self.errors.items(), key=lambda item: int(item[0])))

    def _drop(self, number: int) -> None:
        if number not in self.sets:
            return
        place = self.sets.index(number)
        del self.sets[place], self.code[place]
        self.errors.pop(str(number), None)
        for claim in self.claims.values():
            claim.held = claim.held[:place] + claim.held[place + 1 :]
            del claim.values[place]

    def worst_first(self) -> list[tuple[str, Claim]]:
        """The claims, those that hold least often first, else in the order of the lesson."""
        return sorted(self.claims.items(), key=lambda item: item[1].rate)

    def too_rare(self) -> list[tuple[str, Claim]]:
        """The claims that hold in fewer than 19 of 20 sets, the worst first."""
        return [(sentence, claim) for sentence, claim in self.worst_first() if claim.rate < ENOUGH]


Data = dict[str, Replicated]  # by the name of the lesson


def load(root: Path) -> Data:
    """What was measured so far."""
    file = root / DATA
    read = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {
        name: Replicated(
            **kept | {"claims": {text: Claim(**claim) for text, claim in kept["claims"].items()}}
        )
        for name, kept in read.items()
    }


def write(root: Path, data: Data) -> None:
    """Write the data of the lessons that there are, with a claim a line, and the page."""
    there = {path.stem for path in (root / "lessons").glob("*.py")}
    data = {name: data[name] for name in sorted(data) if name in there and data[name].sets}
    write_whole(root / DATA, _json({name: asdict(lesson) for name, lesson in data.items()}) + "\n")
    write_whole(root / PAGE, page(data))


def _json(value: object, depth: int = 0) -> str:
    """JSON with a line for each lesson, each field of a lesson and each claim, so that changes of it can be read."""
    if not isinstance(value, dict) or not value or depth == 3:
        return json.dumps(value, ensure_ascii=False)
    space = " " * (depth + 1)
    rows = [
        f"{space}{json.dumps(key, ensure_ascii=False)}: {_json(item, depth + 1)}"
        for key, item in value.items()
    ]
    return "{\n" + ",\n".join(rows) + f"\n{space[1:]}}}"


def page(data: Data) -> str:
    """The page docs/replication.md as it follows from the data."""
    rare = [(name, *item) for name, lesson in data.items() for item in lesson.too_rare()]
    number = sum(len(lesson.claims) for lesson in data.values())
    if not data:
        return f"{HEAD}No lesson has been measured yet.\n"
    said = f"{number - len(rare)} of {counted(number, 'claim')} hold in 19 of 20 sets or more."
    rows = [
        f"| {name[:2]} {_row(sentence, claim)}"
        for name, sentence, claim in sorted(rare, key=lambda item: item[2].rate)
    ]
    table = (
        [f"| lesson | claim | {COLUMNS}", "|---|---|---:|---:|---:|---:|---|", *rows] if rows else ["None."]
    )
    parts = [f"{said}\n", "## Below 19 of 20\n", *table, ""]
    for name, lesson in data.items():
        parts += [
            f"## {name}\n",
            *_about(name, lesson),
            f"| claim | {COLUMNS}",
            "|---|---:|---:|---:|---:|---|",
        ]
        parts += [*(f"{_row(*item)}" for item in lesson.worst_first()), ""]
    return HEAD + "\n".join(parts)


def _about(name: str, lesson: Replicated) -> Iterator[str]:
    versions = len({*lesson.code})
    measured = f", measured with {versions} versions of nnutils" if versions > 1 else ""
    yield f"[The lesson](../lessons/{name}.py), {spans(lesson.sets)}{measured}.\n"
    for number, errors in lesson.errors.items():
        yield from (f"- In set {number} a cell raised {_cell(error)}." for error in errors)
    if lesson.errors:
        yield ""


def _row(sentence: str, claim: Claim) -> str:
    return f"| {' | '.join(map(_cell, (sentence, claim.k_of_n, *claim.spread, claim.needed)))} |"


def _cell(text: str) -> str:
    """A text as it may stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def spans(numbers: Collection[int]) -> str:
    """Numbers of sets in words, as in "sets 20 to 39, 60 to 79"."""
    runs: list[list[int]] = []
    for _, run in itertools.groupby(enumerate(sorted(numbers)), key=lambda item: item[1] - item[0]):
        runs.append([number for _, number in run])
    parts = [f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs]
    return f"{'set' if len(numbers) == 1 else 'sets'} {', '.join(parts)}"
