"""`doctor`: what is wrong with this machine, and what to do about it. Lesson 00 asks the first of its questions."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

from nnutils.reset import ROOT, add_folder, folder_of
from nnutils.words import listed

PACKAGES = ("numpy", "matplotlib", "sklearn", "ipywidgets", "keras")
# There scikit-learn comes when a cell asks for it, and Keras not at all.
IN_BROWSER = ("numpy", "matplotlib", "ipywidgets")
SPACE_GB, MEMORY_GB = 0.3, 1.0
INSTALL = "start the course with `python3 course.py lab` from its folder: that installs what is missing"
CONFLICT = "<<<<<<< "  # git writes it into a file that it could not join

Question = tuple[str, Callable[[], object]]  # what is well, and what raises Trouble where it is not


class Trouble(Exception):
    """What is wrong and what to do about it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils doctor`."""
    add_folder(parser)


def run(options: argparse.Namespace) -> int:
    """Print a line for each thing that a notebook needs; returns 0, or 1 where something is wrong."""
    return 0 if examine([*questions(folder_of(options), ROOT)]) else 1


def check_environment() -> bool:
    """Print a line for the Python, each package and this folder. True if nothing is missing."""
    names = IN_BROWSER if sys.platform == "emscripten" else PACKAGES
    packages = [(f"the package {name} can be imported", partial(_package, name)) for name in names]
    return examine([PYTHON, *packages, ("this folder can be written to", partial(_writable, Path()))])


def examine(asked: list[Question]) -> bool:
    """Ask each question and print a line of what comes out. True if all is well."""
    results = [_tell(*question) for question in asked]
    print("everything is here" if all(results) else f"{results.count(False)} of {len(results)} is not well")
    return all(results)


def _tell(what: str, attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except Trouble as trouble:
        print(f"✘ {what}: no. {trouble}")
        return False
    print(f"✔ {what}")
    return True


def questions(folder: Path, root: Path) -> Iterator[Question]:
    """All that the doctor asks of the folder of a student's notebooks and of the course in root."""
    yield PYTHON
    yield "the packages are those of the course", partial(_locked, root)
    for name in PACKAGES:
        yield f"the package {name} starts", partial(_starts, name)
    yield f"notebooks in {folder} find this course", partial(_own_package, folder, root)
    yield "no file of yours hides a package", partial(_nothing_hidden, folder)
    yield "notebooks run in this Python", _kernel
    yield f"{folder} can be written to", partial(_writable, folder)
    yield "there is room on the disk", partial(_room, folder)
    yield "there is memory", _memory
    yield "programs of this machine may talk to each other", _loopback
    yield "the notebooks can be read", partial(_notebooks, folder)
    yield "the file of your progress can be read", partial(_progress, folder)


def _python() -> None:
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise Trouble(f"This is Python {version}, and the course takes 3.11, 3.12 or 3.13: {INSTALL}")


PYTHON: Question = ("this Python is one that the course supports", _python)


def _package(name: str) -> None:
    try:
        import_module(name)
    except Exception as error:
        raise Trouble(f"{type(error).__name__}: {error}; {INSTALL}") from error


def _starts(name: str) -> None:
    """Imported in a process of its own, since a package that was built for another processor ends the process."""
    done = subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True, text=True)
    if done.returncode < 0 or done.returncode > 255:
        raise Trouble("It ends Python at once: it was built for another processor. Try another computer")
    if done.returncode:
        raise Trouble(f"{done.stderr.strip().splitlines()[-1]}; {INSTALL}")


def _locked(root: Path) -> None:
    file = root / "requirements.txt"
    if not file.exists():
        return  # a service brings its own packages
    from packaging.requirements import Requirement

    lines = file.read_text(encoding="utf-8").splitlines()
    other = []
    for line in (Requirement(line) for line in lines if line and not line.startswith("#")):
        if line.marker is None or line.marker.evaluate():
            try:
                right = line.specifier.contains(importlib.metadata.version(line.name), prereleases=True)
            except importlib.metadata.PackageNotFoundError:
                right = False
            other += [] if right else [line.name]
    if other:
        more = f" and {len(other) - 3} more" if len(other) > 3 else ""
        raise Trouble(f"Other versions, or none: {', '.join(other[:3])}{more}; {INSTALL}")


def _own_package(folder: Path, root: Path) -> None:
    command = [sys.executable, "-c", "import nnutils; print(nnutils.__path__[0])"]
    done = subprocess.run(command, cwd=folder if folder.is_dir() else None, capture_output=True, text=True)
    found = Path(done.stdout.strip() or ".")
    if done.returncode or found.resolve() != (root / "nnutils").resolve():
        raise Trouble(f"They would import {found}: rename that folder, or open the notebooks of that course")


def _nothing_hidden(folder: Path) -> None:
    known = {*sys.stdlib_module_names, *PACKAGES, "nnutils", "tensorflow", "scipy", "IPython"}
    names = sorted(path.name for path in folder.glob("*") if path.stem in known and _is_module(path))
    if names:
        raise Trouble(
            f"{listed(names)} in {folder} is imported in the place of what has that name: rename it"
        )


def _is_module(path: Path) -> bool:
    return path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))


def _kernel() -> None:
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        spec = KernelSpecManager().get_kernel_spec("python3")
    except Exception as error:
        raise Trouble(f"{error}; {INSTALL}") from error
    program = Path(spec.argv[0])
    if program.is_absolute() and program.parent.resolve() != Path(sys.executable).parent.resolve():
        raise Trouble(f"They run in {program}, which {spec.resource_dir} says: delete that folder")


def _writable(folder: Path) -> None:
    try:
        # with a name: in a browser a TemporaryFile would stay in the folder
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        place = folder.resolve()
        raise Trouble(
            f"{error.strerror}, so that your work and your progress cannot be kept: copy the course to a folder "
            f"of your own, and work there and not in {place}"
        ) from error


def _room(folder: Path) -> None:
    free = shutil.disk_usage(folder if folder.exists() else Path()).free / 1e9
    if free < SPACE_GB:
        raise Trouble(f"{free:.1f} GB are free: delete something, or notebooks cannot be saved")


def _memory() -> None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return  # only Linux says so
    free = next((int(line.split()[1]) / 1e6 for line in lines if line.startswith("MemAvailable")), MEMORY_GB)
    if free < MEMORY_GB:
        raise Trouble(
            f"{free:.1f} GB are free: close other programs, or shut down notebooks that you do not need"
        )


def _loopback() -> None:
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=5).close()
    except OSError as error:
        raise Trouble(
            f"{error}. A firewall forbids what Jupyter needs: allow connections to 127.0.0.1"
        ) from error


def _notebooks(folder: Path) -> None:
    for file in sorted(folder.glob("*.ipynb")):
        text = file.read_text(encoding="utf-8", errors="replace")
        try:
            cells = json.loads(text)["cells"]
        except (ValueError, KeyError, TypeError):
            cause = "git left two versions in it" if CONFLICT in text else "it is damaged"
            lesson = file.stem.partition(".")[0][:2]
            raise Trouble(
                f"{file.name} cannot be read, {cause}. `python3 course.py reset {lesson}` begins it anew and keeps this one"
            ) from None
        if not isinstance(cells, list):
            raise Trouble(f"{file.name} is no notebook: keep it elsewhere")


def _progress(folder: Path) -> None:
    file = folder / (os.environ.get("NNUTILS_RECORD") or "nnutils-progress.json")
    try:
        if file.exists():
            json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Trouble(f"{file.name}: {error}. Rename it; a new one begins with the next check") from error
