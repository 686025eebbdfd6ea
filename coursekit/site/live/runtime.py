"""Pyodide, the Python that runs in a browser: read from a folder or an address, and written with the course's own packages."""

from __future__ import annotations

import ast
import hashlib
import json
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCK = "pyodide-lock.json"
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
HIDDEN = ("scipy", "sklearn")  # large packages that functions of lessons import where they need them
Lock = dict[str, Any]


class Unfit(Exception):
    """Why Pyodide cannot be taken from a place, and what to do about it."""


def usual_place() -> str:
    """The address from which JupyterLite's kernel takes Pyodide unless it is told otherwise."""
    return f"https://cdn.jsdelivr.net/pyodide/v{_tested()}/full/"


def _tested() -> str:
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION  # here: tools may be absent

    return PYODIDE_VERSION


@dataclass(frozen=True)
class Runtime:
    """A Pyodide. place: a folder or an address that holds its files; lock: its list of packages."""

    place: str
    lock: Lock

    @classmethod
    def at(cls, place: str) -> Runtime:
        """The Pyodide of that place. Raises Unfit if there is none, or if its version does not go with the kernel."""
        content = _read(place, LOCK)
        try:
            lock = json.loads(content)
            version, _ = lock["info"]["version"], lock["packages"]
        except (ValueError, KeyError, TypeError) as error:
            raise Unfit(f"{place}: {LOCK} there is not the list of a Pyodide ({error!r})") from error
        wanted = _tested().rpartition(".")[0]
        if version.rpartition(".")[0] != wanted:
            raise Unfit(f"{place} has Pyodide {version}; JupyterLite's kernel here needs {wanted}.x")
        return cls(place, lock)

    def closure(self, names: Iterable[str], without: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
        """The packages of these names and all that they depend on, but for some. Raises Unfit where one is missing."""
        found: dict[str, dict[str, Any]] = {}
        waiting = [*names]
        while waiting:
            name = waiting.pop().lower().replace("_", "-")
            if name in found:
                continue
            if name not in self.lock["packages"]:
                raise Unfit(f"{self.place} has no package {name}, which the course needs")
            package = self.lock["packages"][name]
            depends = [other for other in package["depends"] if other not in without]
            found[name] = {**package, "depends": depends}
            waiting += depends
        return dict(sorted(found.items()))

    def write(
        self,
        packages: dict[str, dict[str, Any]],
        own: dict[str, dict[str, Any]],
        more: dict[str, list[str]],
        folder: Path,
        cache: Path,
    ) -> None:
        """Write Pyodide with some of its packages and with our own into a folder, where a page can load it.

        more: module → modules of ours that a cell imports when the first one has to be there, too.
        cache: a folder in which fetched packages are kept.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for name in CORE:
            (folder / name).write_bytes(_read(self.place, name))
        for package in packages.values():
            (folder / Path(package["file_name"]).name).write_bytes(self._package(package, cache))
        listed = {
            name: {
                **package,
                "file_name": Path(package["file_name"]).name,
                "imports": [
                    module for known in package["imports"] for module in (known, *more.get(known, ()))
                ],
            }
            for name, package in packages.items()
        }
        lock = {"info": self.lock["info"], "packages": dict(sorted({**listed, **own}.items()))}
        (folder / LOCK).write_text(json.dumps(lock, sort_keys=True), encoding="utf-8")

    def _package(self, package: dict[str, Any], cache: Path) -> bytes:
        kept = cache / f"{package['sha256']}-{Path(package['file_name']).name}"
        if kept.exists():
            return kept.read_bytes()
        content = _read(self.place, package["file_name"])
        if hashlib.sha256(content).hexdigest() != package["sha256"]:
            raise Unfit(f"{self.place}: {package['file_name']} is damaged. Get it again")
        if _is_address(self.place):
            cache.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(content)
        return content


def entry(wheel: Path, address: str, imports: Sequence[str], depends: Sequence[str] = ()) -> dict[str, Any]:
    """A wheel as Pyodide's list of packages has it: a cell that imports one of these names fetches it.

    Form: https://github.com/pyodide/pyodide-lock, PackageSpec. address: the wheel's, from the list's folder.
    """
    name, version = wheel.name.split("-")[:2]
    return {
        "depends": [*depends],
        "file_name": address,
        "imports": [*imports],
        "install_dir": "site",
        "name": name.replace("_", "-"),
        "package_type": "package",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "unvendored_tests": False,
        "version": version,
    }


def imported_inside(package: Path) -> dict[str, list[str]]:
    """Large package → the lessons whose modules import it, as `nnutils.lessons.l2_regularization`.

    Pyodide looks at the imports of a cell only, so a cell that imports such a lesson has to fetch the package, too.
    """
    found: dict[str, list[str]] = {}
    for folder in sorted(path for path in (package / "lessons").iterdir() if path.is_dir()):
        names = {name for file in folder.rglob("*.py") for name in _imports(file)}
        for name in sorted(names.intersection(HIDDEN)):
            found.setdefault(name, []).append(f"{package.name}.lessons.{folder.name}")
    return found


def _imports(file: Path) -> Iterable[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def _is_address(place: str) -> bool:
    return place.startswith(("https://", "http://"))


def _read(place: str, name: str) -> bytes:
    """A file of a folder or an address."""
    if not _is_address(place):
        try:
            return Path(place, name).read_bytes()
        except OSError as error:
            raise Unfit(
                f"{place} holds no whole Pyodide: {name} cannot be read ({error.strerror}). Unpack a release of Pyodide "
                f"{_tested()} and name the folder with {LOCK}, or leave --pyodide out"
            ) from error
    address = f"{place.rstrip('/')}/{name}"
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return bytes(answer.read())
    except (OSError, ValueError) as error:
        raise Unfit(
            f"{address} could not be fetched ({error}). Check the address and the network, or name a folder with --pyodide"
        ) from error
