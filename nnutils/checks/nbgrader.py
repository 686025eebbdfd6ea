"""What is different where nbgrader runs a notebook, which it says in the environment variable NBGRADER_EXECUTION."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator


def validates() -> bool:
    """Whether nbgrader validates the notebook: then a missing or wrong answer has to be an error."""
    return os.environ.get("NBGRADER_EXECUTION") == "validate"


@contextlib.contextmanager
def stderr_to_stdout() -> Iterator[None]:
    """Where nbgrader runs the notebook, what is written to stderr goes to stdout: a cell that writes to stderr earns nothing."""
    if "NBGRADER_EXECUTION" not in os.environ:
        yield
        return
    with contextlib.redirect_stderr(sys.stdout):
        yield
