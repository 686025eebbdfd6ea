"""Read a notebook file as plain data: the sources of its cells. If a file cannot be read, the error says what it is."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import tokenize
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

MAX_BYTES = 20 << 20
MAX_CELLS = 5_000
SCRIPT = ".py"  # a percent script, as jupytext writes it; one without marks is one cell
MARK = re.compile(r"^#[ \t]?%%+(?![\w%])[^\n]*", re.MULTILINE)
SCRIPT_LINE = re.compile(r"^(?:import|from|def|#\s?%%)\s", re.MULTILINE)
VERSION = re.compile(r"(\d{1,2})\.(\d{1,3})\b")
KIND = re.compile(r"\[(markdown|md|raw)\]")
MAGIC = {
    b"\x1f\x8b": "is packed with gzip: unpack it",
    b"PK\x03\x04": "is a zip: hand in the notebook that is in it",
    b"%PDF": "is a PDF: hand in the notebook itself",
    b"\x89PNG": "is a picture: hand in the notebook itself",
    b"\xd0\xcf\x11\xe0": "is an Office document: hand in the notebook itself",
}
UTF8 = "save it as UTF-8, as JupyterLab does"


class Unreadable(ValueError):
    """The file is no notebook that can be graded."""


@dataclass
class Sources:
    """The cells of a notebook: the sources of the code cells, and kind and text of the others."""

    code: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    python: tuple[int, int] | None = None  # the kernel's version, where the notebook says it


def code_cells(path: Path) -> list[str]:
    """The sources of the code cells of a notebook file, in their order. Raises: as `read` and `sources_of`."""
    return sources_of(read(path), path.name).code


def read(path: Path) -> bytes:
    """The bytes of a notebook file.

    Raises
    ------
    Unreadable: the file is huge, or cannot be read.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Unreadable(f"the file has {size >> 20} MB, more than {MAX_BYTES >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}") from None


def sources_of(content: bytes, name: str = "") -> Sources:
    """The cells of a notebook, or of a percent script where the file's name ends so.

    Raises
    ------
    Unreadable: it is damaged, no notebook, or of another format than nbformat 4.
    """
    if not content.strip():
        raise Unreadable("the file is empty")
    if name.lower().endswith(SCRIPT):
        return _of_script(_script(content))
    text, found = _decoded(content), Sources()
    try:
        data = json.loads(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"the file {_no_json(text, error)}") from None
    cells, found.python = _cells(data), _python(data)
    for cell in cells:
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        if kind == "code":
            found.code.append(_source(cell))
        elif kind in ("markdown", "raw"):
            found.texts.append((kind, _source(cell)))
    return found


def _decoded(text: bytes) -> str:
    """The text of a file.

    Raises
    ------
    Unreadable: it is in another encoding than UTF-8, or no text at all.
    """
    for magic, what in MAGIC.items():
        if text.startswith(magic):
            raise Unreadable(f"the file {what}")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in text[:4]:
        raise Unreadable(f"the file is in UTF-16 and not in UTF-8: {UTF8}")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        codec = _encoding(text)
        if codec is None:
            raise Unreadable(f"the file is damaged: byte {error.start} is no UTF-8") from None
        raise Unreadable(f"the file is not in UTF-8 but in {codec}: {UTF8}") from None


def _encoding(text: bytes) -> str | None:
    """The encoding that a text seems to have, if it is one that students' editors write; else None."""
    if not text.lstrip().startswith((b"{", b"#", b"import", b"from")):
        return None
    odd = [char for char in text.decode("cp949", "replace") if char > "\x7f"]
    if 2 * sum("가" <= char <= "힣" for char in odd) > len(odd):
        return "EUC-KR (cp949)"
    with contextlib.suppress(UnicodeDecodeError):
        text.decode("cp1252")
        return "cp1252 (Windows, Western Europe)"
    return None


def _no_json(text: str, error: BaseException) -> str:
    """What a file holds that is not JSON, and what the student should do."""
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<head")):
        return "is an HTML page: hand in the notebook itself (File, Download), and not the page that shows it"
    if "<<<<<<< " in text and "\n>>>>>>> " in text:
        return "holds git's conflict markers (<<<<<<<): choose one of the two versions, and save the notebook"
    if text.startswith("version https://git-lfs"):
        return "is only git's pointer to the notebook: hand in the notebook itself"
    if not start.startswith(("{", "[")) and SCRIPT_LINE.search(text):
        return "holds a Python script and no notebook: hand it in with the ending .py"
    at_end = start.startswith("{") and getattr(error, "pos", -1) >= len(text.rstrip()) - 1
    cut = at_end or "Unterminated" in str(error)
    return "is cut off: it ends in the middle of the notebook" if cut else "is damaged: it holds no JSON"


def _script(text: bytes) -> str:
    """The text of a Python file, in the encoding that it names."""
    try:
        codec, _ = tokenize.detect_encoding(BytesIO(text).readline)
        return text.decode(codec)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return _decoded(text)


def _of_script(text: str) -> Sources:
    """The cells of a percent script."""
    found, marks = Sources(), list(MARK.finditer(text))
    if len(marks) > MAX_CELLS:
        raise Unreadable(f"the script has {len(marks)} cells, more than {MAX_CELLS}")
    found.code.append(text[: marks[0].start() if marks else len(text)])
    for mark, after in itertools.zip_longest(marks, marks[1:]):
        body = text[mark.end() + 1 : after.start() if after else len(text)]
        if kind := KIND.search(mark[0]):
            found.texts.append(("raw" if kind[1] == "raw" else "markdown", body))
        else:
            found.code.append(body)
    return found


def _cells(data: Any) -> list[Any]:
    kind = data.get("nbformat") if isinstance(data, dict) else None
    if not isinstance(kind, int) or isinstance(kind, bool):
        raise Unreadable("the file is no notebook")
    if kind != 4:
        raise Unreadable(
            f"the notebook has format {kind}: open and save it in JupyterLab, which writes format 4"
        )
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("the notebook has no list of cells")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"the notebook has {len(cells)} cells, more than {MAX_CELLS}")
    return cells


def _python(data: dict[str, Any]) -> tuple[int, int] | None:
    """The version of the kernel's Python, as the metadata have it."""
    metadata = data.get("metadata")
    info = metadata.get("language_info") if isinstance(metadata, dict) else None
    version = VERSION.match(str(info.get("version"))) if isinstance(info, dict) else None
    return (int(version[1]), int(version[2])) if version else None


def _source(cell: dict[str, Any]) -> str:
    """A cell's source; empty where it holds none."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
