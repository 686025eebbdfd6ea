"""Read a notebook file as plain data: the sources of its code cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MAX_BYTES = 20 << 20
MAX_CELLS = 5_000


class Unreadable(ValueError):
    """The file is no notebook that can be graded."""


def code_cells(path: Path) -> list[str]:
    """The sources of the code cells of a notebook file, in their order. Raises: as `read` and `cells_of`."""
    return cells_of(read(path))


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


def cells_of(text: bytes) -> list[str]:
    """The sources of the code cells of a notebook, in their order.

    Raises
    ------
    Unreadable: it is damaged, no notebook, or of another format than nbformat 4.
    """
    try:
        data = json.loads(text.decode("utf-8-sig")) if text else None
    except (ValueError, RecursionError, MemoryError):
        raise Unreadable("the file is damaged: it holds no JSON") from None
    return [
        _source(cell) for cell in _cells(data) if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]


def _cells(data: Any) -> list[Any]:
    if data is None:
        raise Unreadable("the file is empty")
    if not isinstance(data, dict) or not isinstance(data.get("nbformat"), int):
        raise Unreadable("the file is no notebook")
    if data["nbformat"] != 4:
        raise Unreadable(
            f"the notebook has format {data['nbformat']}: open and save it in JupyterLab, which writes format 4"
        )
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise Unreadable("the notebook has no list of cells")
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"the notebook has {len(cells)} cells, more than {MAX_CELLS}")
    return cells


def _source(cell: dict[str, Any]) -> str:
    """A cell's source; of a cell that holds none, nothing."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
