"""Tables as people keep them: CSV files of any delimiter and encoding in, safe ones out, replaced whole."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

DELIMITERS = (",", ";", "\t", "|")
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet may run a cell that starts with one of these
MAX_BYTES = 50 << 20
ANYTHING = re.compile(r".*", re.DOTALL)
PLAUSIBLE = {  # a text whose encoding was guessed rightly: Hangul; letters, few with accents in a row, and typographic marks
    "euc_kr": re.compile(r"[\0-\x7f\uac00-\ud7a3\u3131-\u318e\u3000-\u303f]*"),
    "cp1252": re.compile(
        r"(?!.*[^\W\d_\0-\x7f]{4})(?:[\0-\x7f‘’‚“”„–—…€§°ºª·´\xa0\xad]|[^\W\d_])*", re.DOTALL
    ),
}


class BadTable(ValueError):
    """The file is no table that can be used; the message names the file, the line and what to do."""


@dataclass(frozen=True)
class Table:
    """A table: its header, its rows with the lines they end on, and how it was written."""

    file: Path
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]  # as long as the header; empty rows are left out
    encoding: str = "utf-8"
    delimiter: str = ","

    def column(self, *names: str) -> int | None:
        """The first column that is called one of these, in the order of the names; case and punctuation do not count."""
        plain = [plainly(one) for one in self.header]
        return next((plain.index(name) for name in map(plainly, names) if name in plain), None)

    def needed(self, *names: str) -> int:
        """The column that is called one of these.

        Raises
        ------
        BadTable: there is none.
        """
        found = self.column(*names)
        if found is None:
            known = ", ".join(repr(one) for one in self.header[:12])
            raise BadTable(f"{self.file} has no column {names[0]!r}; its columns are {known}")
        return found


def plainly(name: str) -> str:
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
    delimiter = named[1] if named else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = [(reader.line_num + bool(named), row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise BadTable(f"{file}, line {reader.line_num}: it is no CSV ({error})") from None
    if not lines:
        raise BadTable(f"{file} is empty: expected is a table with a line of column names")
    header = tuple(cell.strip() for cell in lines[0][1])
    rows = tuple((line, _fitted(file, line, row, len(header))) for line, row in lines[1:])
    return Table(file, header, rows, encoding, delimiter)


def write_table(
    file: Path,
    rows: Iterable[Sequence[str]],
    text_columns: Iterable[int] = (),
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> Path:
    """Write rows as CSV, whole or not at all; text that a spreadsheet would run as a formula gets an apostrophe."""
    texts = frozenset(text_columns)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) if i in texts else cell for i, cell in enumerate(row)])
    return replace_whole(file, out.getvalue().encode(encoding, "replace"))


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula, at whichever delimiter it splits the line, and that is one line."""
    plain = "".join(char if char.isprintable() or char == "\t" else "?" for char in text)
    inside = re.sub(r"([,;|\t]\"?)(?=[=+\-@])", r"\1'", plain)
    return f"'{inside}" if text.startswith(FORMULA) else inside


def replace_whole(file: Path, content: bytes) -> Path:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)
    return file


def _text(file: Path) -> tuple[str, str]:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise BadTable(f"{file} has more than {MAX_BYTES >> 20} MB")
        data = file.read_bytes()
    except OSError as error:
        raise BadTable(f"{file} cannot be read: {error.strerror}") from None
    for encoding in (*_marked(data), "utf-8", "euc_kr", "cp1252"):
        with contextlib.suppress(UnicodeError):
            if PLAUSIBLE.get(encoding, ANYTHING).fullmatch(text := data.decode(encoding)):
                return text, encoding
    raise BadTable(f"{file} is in an encoding that is not known here: save it as CSV in UTF-8")


def _marked(data: bytes) -> list[str]:
    """The encoding that the first bytes tell: by a byte order mark, or by every second byte being zero."""
    marked = [encoding for bom, encoding in BOMS if data.startswith(bom)]
    if not marked and len(data) > 3 and not any(data[1:64:2]):
        return ["utf-16-le"]
    return marked


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first line into the most columns; a comma where all are equal."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {one: len(next(csv.reader([first], delimiter=one), [])) for one in DELIMITERS}
    return max(DELIMITERS, key=lambda one: counts[one])


def _fitted(file: Path, line: int, row: list[str], width: int) -> tuple[str, ...]:
    if any(cell.strip() for cell in row[width:]):
        raise BadTable(f"{file}, line {line}: {len(row)} cells, but the header names {width} columns")
    return tuple([cell.strip() for cell in row[:width]] + [""] * (width - len(row)))
