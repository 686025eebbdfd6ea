"""What Python's hooks say to an answer. The hook is asked here as Python asks it, and is not installed: it would stay."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from coursekit.sandbox import hooks, places
from nnutils.checks import run
from nnutils.lessons.dropout import exercises


@pytest.fixture
def hook(monkeypatch):
    """A function: the hook for some allowed libraries."""

    def install(*allows):
        added = []
        with monkeypatch.context() as patched:
            patched.setattr(sys, "addaudithook", added.append)
            hooks.install(allows)
        return added[0]

    return install


@pytest.mark.parametrize(
    "event",
    [
        "os.system",
        "subprocess.Popen",
        "socket.connect",
        "ctypes.dlopen",
        "os.fork",
        "gc.get_objects",
        "shutil.rmtree",
    ],
)
def test_what_an_answer_has_no_use_for_is_refused_by_its_name(hook, event):
    with pytest.raises(PermissionError, match=f"an answer has no use for {event}"):
        hook()(event, ())


@pytest.mark.parametrize(
    "event", ["compile", "exec", "object.__getattr__", "sys._getframe", "time.sleep", "array.__new__"]
)
def test_what_python_itself_does_is_let_through(hook, event):
    hook()(event, ("x",))


def test_imports_are_refused_in_words_that_help(hook):
    with pytest.raises(ImportError, match="keras is not there for answers: write out the formula with NumPy"):
        hook()("import", ("keras", None, None))
    hook("keras")("import", ("keras", None, None))
    hook()("import", ("math", None, None))


ROOT = Path(__file__).resolve().parents[2]
READ = os.O_RDONLY
LIBRARY = str(Path(np.__file__))
OWN = str(Path(run.__file__))
EXERCISE = str(Path(exercises.__file__))


@pytest.mark.parametrize("place", [LIBRARY, OWN, os.devnull, LIBRARY.encode(), Path(OWN), 0])
def test_files_of_libraries_and_of_the_listed_modules_can_be_read(hook, place):
    hook()("open", (place, "r", READ))


@pytest.mark.parametrize(
    "place",
    [
        EXERCISE,
        "/etc/passwd",
        str(Path(places.__file__)),
        "notes.txt",
        os.path.join(sys.prefix, "..", "x"),
    ],
)
def test_other_files_cannot_be_read(hook, place):
    with pytest.raises(PermissionError, match="no use for this file or folder"):
        hook()("open", (place, "r", READ))


@pytest.mark.parametrize("flags", [os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_CREAT | os.O_TRUNC])
def test_no_file_is_written_but_the_one_that_forgets(hook, flags):
    with pytest.raises(PermissionError, match="no use for this file"):
        hook()("open", (LIBRARY, "w", flags))
    hook()("open", (os.devnull, "w", flags))


def test_a_module_that_an_exercise_allows_can_be_read(hook):
    file = next(file for file, module in hooks.OWN_FILES.items() if module == "nnutils.network")
    with pytest.raises(PermissionError):
        hook()("open", (file, "r", READ))
    hook("nnutils.network")("open", (file, "r", READ))


@pytest.mark.parametrize("event", ["os.listdir", "os.scandir"])
def test_folders_of_libraries_and_of_the_course_are_listed_and_no_others(hook, event, tmp_path, monkeypatch):
    for folder in (os.path.dirname(LIBRARY), os.path.dirname(OWN)):
        hook()(event, (folder,))
    for folder in (str(tmp_path), "/", os.path.dirname(EXERCISE)):
        with pytest.raises(PermissionError):
            hook()(event, (folder,))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PermissionError):
        hook()(event, (None,))  # the working directory


def test_a_listed_folder_cannot_be_opened_as_a_file(hook):
    with pytest.raises(PermissionError):
        hook()("open", (os.path.dirname(OWN), "r", READ))


def test_beside_installed_libraries_the_files_of_the_course_stay_hidden(hook, monkeypatch):
    """As where the course is installed into the folder of the libraries."""
    monkeypatch.setattr(hooks, "LIBRARIES", [str(ROOT)])
    hook()("open", (str(ROOT / "library" / "module.py"), "r", READ))
    for place in (EXERCISE, str(Path(places.__file__))):
        with pytest.raises(PermissionError):
            hook()("open", (place, "r", READ))
