"""Does this machine have what the course needs? Lesson 00 asks, and so can a student whose notebook does not run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module

PACKAGES = ("numpy", "matplotlib", "sklearn", "ipywidgets", "keras")
REPAIR = "start the course with `python3 course.py lab` from its folder: that installs what is missing"


def check_environment() -> bool:
    """Print a line for each thing that the course needs, and what to do if it is missing. True if nothing is missing."""
    results = [
        _tell("this Python is one that the course supports", _python),
        *(_tell(f"the package {name} can be imported", partial(import_module, name)) for name in PACKAGES),
        _tell("this folder can be written to", _writable),
    ]
    print("everything is here" if all(results) else f"something is missing: {REPAIR}")
    return all(results)


def _tell(what: str, attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except Exception as error:
        print(f"✘ {what}: no ({type(error).__name__}: {error})")
        return False
    print(f"✔ {what}")
    return True


def _python() -> None:
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        raise RuntimeError(
            f"this is Python {sys.version_info[0]}.{sys.version_info[1]}, it takes 3.11, 3.12 or 3.13"
        )


def _writable() -> None:
    if not os.access(".", os.W_OK):
        raise PermissionError(f"{os.getcwd()} is read-only, so your progress cannot be kept")
