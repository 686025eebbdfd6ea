"""What a notebook says below the error of a name that is not defined: the kernel is often new, after a break or a restart.

Or it is a word of the course that a student writes in a cell of their own, and that the lesson has not imported.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

SAID = """Is this notebook newly opened, or was its kernel restarted?
Then run the cells above first: Run → Run All Above Selected Cell."""
WRITTEN = ("case", "hint", "progress", "review", "solution")  # in cells of a student's own
TO_IMPORT = (
    "This word comes from the course. Write `from nnutils import {}` above it, and run the cell again."
)


def says_what_to_run() -> None:
    """Let the notebook that runs this, if one does, put a sentence below the error of a name that is not defined."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and hasattr(shell, "kernel"):
        shell.set_custom_exc((NameError,), _tell)


def _tell(
    shell: Any, kind: type[BaseException], error: BaseException, trace: TracebackType, tb_offset: int | None
) -> None:
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
    if kind is NameError:  # not UnboundLocalError, which no restart makes
        name = getattr(error, "name", None)
        print(TO_IMPORT.format(name) if name in WRITTEN else SAID)
