"""CSV files as people keep them: any delimiter and encoding is read, and what is written is safe in a spreadsheet."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nnutils.files import replacing

Row = tuple[str, ...]
DELIMITERS = (",", ";", "\t", "|")
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx and .xls begin
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet may run a cell that starts with one of these
MAX_BYTES = 50 << 20
ANYTHING = re.compile(r".*", re.DOTALL)
PLAUSIBLE = {  # what a text looks like if its encoding was guessed correctly
    "euc_kr": re.compile(r"[\0-\x7f\uac00-\ud7a3\u3131-\u318e\u3000-\u303f]*"),  # ASCII and Hangul
    "cp1252": re.compile(  # letters, at most three with accents in a row, and typographic marks
        r"(?!.*[^\W\d_\0-\x7f]{4})(?:[\0-\x7f‘’‚“”„–—…€§°ºª·´\xa0\xad]|[^\W\d_])*", re.DOTALL
    ),
}


class BadTable(ValueError):
    """The file is not a table that can be used; the message names the file, the line and what to do."""


@dataclass(frozen=True)
class Table:
    """A table: its header, its rows with the lines they end on, and how it was written."""

    file: Path
    header: Row
    rows: tuple[tuple[int, Row], ...]  # as long as the header; empty rows are left out
    encoding: str = "utf-8"
    delimiter: str = ","

    def column(self, *names: str) -> int | None:
        """The first column with one of these names, in the order of the names; case and punctuation do not count."""
        return next((self._columns[name] for name in map(plain_name, names) if name in self._columns), None)

    def needed(self, *names: str) -> int:
        """The column with one of these names.

        Raises
        ------
        BadTable: there is none.
        """
        found = self.column(*names)
        if found is None:
            known = ", ".join(map(repr, self.header[:12]))
            raise BadTable(f"{self.file} has no column {names[0]!r}; its columns are {known}")
        return found

    def cell(self, row: Row, *names: str) -> str:
        """The row's cell in the column with one of these names; empty where there is no such column."""
        column = self.column(*names)
        return row[column] if column is not None else ""

    @contextlib.contextmanager
    def errors_at(self, line: int) -> Iterator[None]:
        """Turns a ValueError into a BadTable that names the file and the line."""
        try:
            yield
        except ValueError as error:
            raise BadTable(f"{self.file}, line {line}: {error}") from None

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {plain_name(name): i for i, name in reversed([*enumerate(self.header)])}


@contextlib.contextmanager
def noted(wrong: list[str], where: str = "") -> Iterator[None]:
    """Puts a ValueError's message into a list, after its place, so that the rest of a file is looked at, too."""
    try:
        yield
    except ValueError as error:
        wrong.append(f"{where}{error}")


def plain_name(name: str) -> str:
    """A column's name for comparing: lower case, words only."""
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def read_table(file: Path) -> Table:
    """The table in a CSV file: UTF-8 with or without BOM, UTF-16, Windows' western or Korean encoding; delimiter , ; tab or |.

    Raises
    ------
    BadTable: it cannot be read, is empty, is in another encoding, or a row is longer than the header.
    """
    text, encoding = _text(file)
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r"sep=(.)\r?", first)  # Excel's own way to name the delimiter
    text = rest if named else text
    head = next((line for line in text.splitlines() if line.strip()), "")
    widths = {mark: len(next(csv.reader([head], delimiter=mark), [])) for mark in DELIMITERS}
    delimiter = named[1] if named else max(DELIMITERS, key=widths.__getitem__)  # of equals the comma
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = [(reader.line_num + bool(named), row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise BadTable(f"{file}, line {reader.line_num}: it is no CSV ({error})") from None
    if not lines:
        raise BadTable(f"{file} is empty: expected is a table with a line of column names")
    width, rows = len(lines[0][1]), list[tuple[int, Row]]()
    for line, row in lines:
        if any(map(str.strip, row[width:])):
            raise BadTable(f"{file}, line {line}: {len(row)} cells, but the header names {width} columns")
        rows.append((line, (*map(str.strip, row[:width]), *[""] * (width - len(row)))))
    return Table(file, rows[0][1], tuple(rows[1:]), encoding, delimiter)


def write_table(
    file: Path,
    rows: Iterable[Sequence[str]],
    text_columns: Iterable[int] = (),
    encoding: str = "utf-8",
    delimiter: str = ",",
    quoting: int = csv.QUOTE_MINIMAL,
) -> Path:
    """Write rows as CSV, whole or not at all; the cells of `text_columns` are made `harmless`."""
    texts = frozenset(text_columns)
    with replacing(file) as part, part.open("w", encoding=encoding, errors="replace", newline="") as out:
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n", quoting=quoting)  # type: ignore[arg-type]
        for row in rows:
            writer.writerow([harmless(cell) if i in texts else cell for i, cell in enumerate(row)])
    return file


def harmless(text: str) -> str:
    """The text on one line, with apostrophes where a spreadsheet, splitting at any delimiter, would see a formula."""
    plain = "".join(char if char.isprintable() or char == "\t" else "?" for char in text)
    inside = re.sub(r"([,;|\t]\"?)(?=[=+\-@])", r"\1'", plain)
    return f"'{inside}" if text.startswith(FORMULA) else inside


def _text(file: Path) -> tuple[str, str]:
    """The text of a file and its encoding: the one that its first bytes tell, else the first that gives plausible text."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise BadTable(f"{file} has more than {MAX_BYTES >> 20} MB")
        data = file.read_bytes()
    except OSError as error:
        raise BadTable(f"{file} cannot be read: {error.strerror}") from None
    if data.startswith(EXCEL):
        raise BadTable(
            f"{file} is an Excel file (or a zip): save it as CSV (in Excel: File, Save As, CSV UTF-8), and name that file"
        )
    marked = [encoding for bom, encoding in BOMS.items() if data.startswith(bom)]
    if not marked and len(data) > 3 and not any(data[1:64:2]):  # every second byte is zero
        marked = ["utf-16-le"]
    for encoding in (*marked, "utf-8", "euc_kr", "cp1252"):
        with contextlib.suppress(UnicodeError):
            if PLAUSIBLE.get(encoding, ANYTHING).fullmatch(text := data.decode(encoding)):
                return text, encoding
    raise BadTable(f"{file} is in an encoding that is not known here: save it as CSV in UTF-8")
