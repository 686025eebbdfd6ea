"""What a notebook says below the error of a name that is not defined: the kernel is often new, after a break or a restart."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

SAID = """Is this notebook newly opened, or was its kernel restarted?
Then run the cells above first: Run → Run All Above Selected Cell."""


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
        print(SAID)
