"""A cell as the notebook's kernel reads it: IPython's own transformer makes Python of prompts, magics and shell lines."""

from __future__ import annotations

import ast
import functools
import re
import warnings
from typing import Any

CELL_MAGIC = re.compile(r"\s*%%(\w+)[^\n]*")
PYTHON_MAGICS = {"time", "capture", "prun"}  # the cell below such a line is Python, and what it binds is kept
LINE_END = re.compile(r"\r\n|\r|\n")  # what ends a line for Python, unlike str.splitlines
PROMPT = re.compile(r"[ \t]|In \[\d+\]:")  # what begins no statement in IPython, although Python may read one
TIMED = re.compile(r"get_ipython\(\)\.run_line_magic\('(?:time|prun)', ('[^'\n]*'|\"[^\"\n]*\")\)")
MOST_WORK = 1_000_000  # characters that the transformer may read: it begins a cell again at each magic
BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)


def parse(source: str) -> tuple[str, list[ast.stmt]]:
    """A cell as Python, its lines where they were, and its statements; nothing of a cell in another language.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError: the kernel could not read it either, or it is too much.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if not PROMPT.match(source):
            try:
                return source, ast.parse(source).body
            except SyntaxError:
                pass
        python = as_python(source)
        return python, ast.parse(python).body


def language(source: str) -> str | None:
    """The cell magic under which a cell's code is not the notebook's own, as `bash` or `timeit`; else None."""
    magic = CELL_MAGIC.match(source)
    return magic[1] if magic and magic[1] not in PYTHON_MAGICS else None


def as_python(source: str) -> str:
    """What IPython makes of a cell. A line that IPython drops becomes empty, so that the others keep their numbers.

    Raises
    ------
    ValueError: there is too much for it to do.
    """
    if magic := CELL_MAGIC.match(source):
        lines_above = len(LINE_END.findall(magic[0]))
        return "" if language(source) else "\n" * lines_above + as_python(source[magic.end() :])
    lines = LINE_END.sub("\n", source.rstrip("\n") + "\n").splitlines(keepends=True)
    empty = next((i for i, line in enumerate(lines) if line.strip()), 0)
    lines, manager, work = lines[empty:], _manager(), 0
    for transform in manager.cleanup_transforms:
        lines = transform(lines)
    while True:
        work += sum(map(len, lines))
        if work > MOST_WORK:
            raise ValueError("it has too many magics")
        changed, after = manager.do_one_token_transform(lines)
        if not changed:
            return "\n" * empty + "".join(lines)
        lines = _in_place(lines, after)


def _in_place(before: list[str], after: list[str]) -> list[str]:
    """The lines after one transformation. Where it joined two lines, an empty one is added, so that all keep their numbers."""
    pairs = enumerate(zip(before, after, strict=False))
    changed = next((i for i, (old, new) in pairs if old != new), 0)
    line = after[changed]
    if not line.startswith((" ", "\t")):  # at the top of a cell, what is timed is run in the notebook itself
        line = TIMED.sub(lambda found: ast.literal_eval(found[1]) or "pass", line)
    return [*after[:changed], line, *["\n"] * (len(before) - len(after)), *after[changed + 1 :]]


@functools.cache
def _manager() -> Any:
    from IPython.core.inputtransformer2 import (
        TransformerManager,  # slow to import, and most notebooks need none
    )

    return TransformerManager()
