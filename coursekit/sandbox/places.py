"""Which files a child may read: what Python and the packages that answers may import consist of, and nothing else."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

SANDBOX = Path(__file__).parent
NNUTILS = SANDBOX.parents[1] / "nnutils"
CLOSED = ("figures", "cli", "reset")  # parts of nnutils that no answer has a use for
OPEN = ("__init__", "given")  # of a lesson's folder: its number, and what cases are made of
SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/localtime",
)
DEVICES = tuple(Path(f"/dev/{name}") for name in ("null", "zero", "urandom"))


def python_places() -> list[Path]:
    """What Python and the packages that answers may import are read from."""
    paths = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    base = {
        os.path.join(prefix, name) for prefix in (sys.prefix, sys.base_prefix) for name in ("lib", "lib64")
    }
    packages = {place for place in site.getsitepackages() if os.path.isdir(place)}
    found = {Path(one) for one in {*paths, *base, *packages, *SYSTEM} if one and os.path.exists(one)}
    linked = {place for one in packages for place in _linked(Path(one))}
    found |= linked
    outer = [one for one in sorted(found) if not any(parent in found for parent in one.parents)]
    return [*outer, *course_places()]


def course_places() -> list[Path]:
    """What a child reads of the course: the numerics, the checks, what lessons' cases are made of, and the sandbox itself."""
    parts = [place for place in NNUTILS.iterdir() if place.stem not in (*CLOSED, "lessons", "__pycache__")]
    lessons = NNUTILS / "lessons"
    given = [place for name in OPEN for place in lessons.glob(f"*/{name}.py")]
    return [*parts, lessons / "__init__.py", *given, SANDBOX.parent / "__init__.py", SANDBOX]


def hidden_places() -> list[Path]:
    """What a child must not read of the course, wherever the course lies: in a folder of packages, too."""
    lessons = [place for place in (NNUTILS / "lessons").glob("*/*") if place.stem not in OPEN]
    coursekit = [place for place in SANDBOX.parent.iterdir() if place.stem not in ("__init__", SANDBOX.name)]
    closed = [place for place in NNUTILS.iterdir() if place.stem in CLOSED]
    return [place.resolve() for place in (*lessons, *coursekit, *closed)]


def is_hidden(module: str) -> bool:
    """Whether a module holds answers, or is not for answers at all."""
    root, *parts = module.lower().split(".")
    if root == "coursekit":
        return True
    if root != "nnutils" or not parts:
        return False
    return parts[0] in CLOSED or (parts[0] == "lessons" and len(parts) > 2 and parts[2] not in OPEN)


def _linked(packages: Path) -> Iterator[Path]:
    """Where packages really lie whose folder, or whose files, are links out of the folder of packages (uv, Nix, conda)."""
    for package in packages.iterdir():
        inside = package.iterdir() if package.is_dir() and not package.is_symlink() else iter([package])
        link = next((one for one in inside if one.is_symlink()), None)
        real = link.resolve() if link else package
        real = real if link in (None, package) else real.parent
        if real != package and real.name == package.name and real.exists():
            yield real


def apple_profile() -> str:
    """The rules for macOS' `sandbox-exec`: no network, nothing to write, of the homes and temporary folders what Python needs.

    The scout still tries what holds. Apple calls the program deprecated, and this profile was not tried on a Mac.
    """
    allowed = " ".join(f'(subpath "{os.path.realpath(place)}")' for place in python_places())
    hidden = " ".join(f'(subpath "{place}")' for place in hidden_places())
    homes = " ".join(
        f'(subpath "{place}")' for place in ("/Users", "/Volumes", "/private/tmp", "/private/var/folders")
    )
    rules = (
        "deny network*",
        "deny file-write*",
        'allow file-write* (literal "/dev/null")',
        f"deny file-read-data {homes}",
    )
    more = (f"allow file-read-data {allowed}", f"deny file-read-data {hidden}")
    return "(version 1)(allow default)" + "".join(f"({rule})" for rule in (*rules, *more))
