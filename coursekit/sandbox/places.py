"""Which files a child may read: Python, installed packages, and the files of the course that are listed here. No others."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

import nnutils

SANDBOX = Path(__file__).parent
NNUTILS = Path(*nnutils.__path__)
LISTED = "*.py checks/*.py data/**/* layers/*.py optimizers/*.py".split()
LISTED += "lessons/__init__.py lessons/*/__init__.py lessons/*/given.py".split()
_listed = {file for pattern in LISTED for file in NNUTILS.glob(pattern) if file.is_file()}
FILES = tuple(sorted(_listed - {*NNUTILS.rglob("*.pyc")}))
UNLISTED = tuple(sorted({*NNUTILS.rglob("*.py")} - {*FILES}))  # exercises, questions, figures, ...
PACKAGES = [Path(place) for place in site.getsitepackages() if os.path.isdir(place)]
HIDDEN = tuple(  # folders in which only what is listed can be read
    folder.resolve()
    for place in {NNUTILS.parent, SANDBOX.parents[1], *PACKAGES}
    for folder in (place / "nnutils", place / "coursekit")
)
SYSTEM = "/lib /lib64 /usr/lib /usr/lib64 /usr/share/zoneinfo /etc/ld.so.cache /etc/localtime".split()
DEVICES = tuple(Path(f"/dev/{name}") for name in ("null", "zero", "urandom"))


def _module(file: Path) -> str:
    """The name by which a file of nnutils is imported."""
    return ".".join(file.relative_to(NNUTILS.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {file: _module(file) for file in FILES}


def python_places() -> list[Path]:
    """Where Python and the installed packages are. HIDDEN may lie within them."""
    paths = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    base = {f"{prefix}/{name}" for prefix in (sys.prefix, sys.base_prefix) for name in ("lib", "lib64")}
    found = {Path(path) for path in {*paths, *base, *SYSTEM} if path and os.path.exists(path)} | {*PACKAGES}
    found |= {place for folder in PACKAGES for place in _linked(folder)}
    return [path for path in sorted(found) if not any(parent in found for parent in path.parents)]


def _linked(packages: Path) -> Iterator[Path]:
    """Where packages really are whose folder, or whose files, are links to another place (uv, Nix, conda)."""
    for package in packages.iterdir():
        inside = package.iterdir() if package.is_dir() and not package.is_symlink() else iter([package])
        link = next((path for path in inside if path.is_symlink()), None)
        real = link.resolve() if link else package
        real = real if link in (None, package) else real.parent
        if real != package and real.name == package.name and real.exists():
            yield real


def apple_profile() -> str:
    """The rules for macOS' `sandbox-exec`: no network, nothing to write, and of homes and temporary folders what Python needs.

    The whole zygote runs in it, so it may read the grader, too. The self-test still tries what holds. Apple calls the program
    deprecated, and this profile was not tried on a Mac.
    """

    def paths(kind: str, places: Iterable[str | Path]) -> str:
        return " ".join(f'({kind} "{os.path.realpath(place)}")' for place in places)

    folders = {parent for file in FILES for parent in file.parents if NNUTILS in (parent, *parent.parents)}
    homes = ("/Users", "/Volumes", "/private/tmp", "/private/var/folders")
    rules = (
        "deny network*",
        "deny file-write*",
        'allow file-write* (literal "/dev/null")',
        f"deny file-read-data {paths('subpath', homes)}",
        f"allow file-read-data {paths('subpath', python_places())}",
        f"deny file-read-data {paths('subpath', HIDDEN)}",
        f"allow file-read-data {paths('literal', (*FILES, *folders))} {paths('subpath', [SANDBOX.parent])}",
    )
    return "(version 1)(allow default)" + "".join(f"({rule})" for rule in rules)
