"""`--compare-with`: the logs of earlier terms, and the submissions of then where they are at hand."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.grading.csvfile import BadTable, read_table
from coursekit.grading.intake.archives import BadArchive, NoRoom, listing
from coursekit.grading.log import Log
from coursekit.grading.reading.notebook import SCRIPT
from coursekit.grading.result import Result

LOG = "log.jsonl"


class BadComparison(ValueError):
    """An earlier term cannot be compared with."""


@dataclass(frozen=True)
class Term:
    """An earlier term: what it is called, its log, and the names of its students, where a table beside the log has them."""

    name: str
    log: Path
    names: dict[str, str] = field(default_factory=dict)  # student → name

    def results(self) -> Iterator[Result]:
        """The last result on each notebook of then that has an answer."""
        with Log(self.log, write=False) as log:
            for result in log.results():
                if result.prints:
                    yield result


def read_terms(compare_with: Sequence[str], out: Path) -> list[Term]:
    """The terms whose logs are named. A log in a folder is called as the folder.

    Raises
    ------
    BadComparison: there is no such file, it holds no result, it is the log of this run, or only submissions are named.
    """
    terms = list[Term]()
    for text in compare_with:
        path = Path(text)
        if not path.exists():
            raise BadComparison(f"--compare-with {text}: there is no such file")
        file = path / LOG if (path / LOG).is_file() else path
        if file.suffix != ".jsonl":
            continue
        if file.resolve() == (out / LOG).resolve():
            raise BadComparison(
                f"--compare-with {text}: this is the log of the class itself: name that of an earlier term"
            )
        whole = file.resolve()
        name = whole.parent.name if file.name == LOG else file.stem
        if name in {term.name for term in terms}:
            name = str(whole.parent if file.name == LOG else whole)
        term = Term(name, file, _names(file.with_name("grades.csv")))
        if next(term.results(), None) is None:
            raise BadComparison(
                f"--compare-with {text}: it holds no result with an answer: is it a log.jsonl of this grader?"
            )
        terms.append(term)
    if compare_with and not terms:
        raise BadComparison(
            f"--compare-with {compare_with[0]}: name the log.jsonl of that term, too; submissions alone are not compared"
        )
    return terms


def files_of(compare_with: Sequence[str], unpacked: Path) -> tuple[dict[str, Path], list[str]]:
    """SHA-256 → path of the notebooks in the folders and zips that are named, and a line for each that cannot be read.

    Zips are unpacked below `unpacked`.
    """
    files, lines = dict[str, Path](), list[str]()
    for number, text in enumerate(compare_with):
        path = Path(text)
        if path.suffix == ".jsonl" or (path / LOG).is_file():
            continue
        try:
            found = listing(path, unpacked / str(number)).files
        except (BadArchive, NoRoom, OSError) as error:
            lines.append(f"--compare-with {text}: its code is not shown: {error}")
            continue
        for file in found:
            if file.path and file.suffix in (".ipynb", SCRIPT):
                with contextlib.suppress(OSError):
                    files[hashlib.sha256(file.path.read_bytes()).hexdigest()] = file.path
    return files, lines


def _names(grades: Path) -> dict[str, str]:
    """The names of the students in a grades.csv; none where there is no such file."""
    try:
        table = read_table(grades)
    except (BadTable, OSError):
        return {}
    student, name = table.column("student"), table.column("name")
    if student is None or name is None:
        return {}
    return {row[student]: row[name] for _, row in table.rows}
