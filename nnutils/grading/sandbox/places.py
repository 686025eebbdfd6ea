"""Which files a child may read: what Python and the packages that answers may import consist of, and nothing else."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2]
REAL_PACKAGE = PACKAGE.resolve()
ANSWERS = ("exercises", "grading", "authoring", "plots", "explorers")
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
    return [*outer, PACKAGE]


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
    hidden = " ".join(f'(subpath "{REAL_PACKAGE / name}")' for name in ANSWERS if name != "grading")
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
