"""A copy of ``course.py`` in an empty folder, and a computer for it on which nothing is installed."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def course(tmp_path: Path) -> ModuleType:
    """``course.py``, imported from a folder where a test may do to it what it likes."""
    shutil.copy(ROOT / "course.py", tmp_path)
    (tmp_path / "requirements.txt").write_text("numpy==2.4.6\n", encoding="utf-8")
    (tmp_path / "requirements-dev.txt").write_text("ruff==1\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "nnutils"\n', encoding="utf-8")
    spec = importlib.util.spec_from_file_location("course_under_test", tmp_path / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Machine:
    """A computer for ``course.py``: notes the installers' commands and answers them; nothing is installed."""

    def __init__(self, course, monkeypatch):
        self.course, self.commands, self.answers, self.python, self.uv = course, [], {}, "3.12", None
        self.free, self.unpacked = 100e9, None
        monkeypatch.setattr(course, "watch", self.watch)
        monkeypatch.setattr(course, "probe", self.probe)
        monkeypatch.setattr(course, "find_python", lambda: ["python3"] if self.python else [])
        monkeypatch.setattr(course.shutil, "which", lambda name: self.uv if name == "uv" else None)
        monkeypatch.setattr(course.shutil, "disk_usage", lambda path: self)

    def watch(self, *words):
        line = " ".join(words)
        self.commands.append(line)
        said = next((answer for part, answer in self.answers.items() if part in line), "")
        if "venv" in words:
            Path(self.course.PYTHON).parent.mkdir(exist_ok=True)
        if isinstance(said, BaseException):
            raise said
        if "venv" in words and not said:
            Path(self.course.PYTHON).touch()
        if "-r" in words and self.unpacked:
            self.unpacked.parent.mkdir(parents=True)
            self.unpacked.touch()
        return said

    def probe(self, *command):
        return self.python if Path(command[0]).exists() else ""

    def setup(self, capsys, *words):
        """Run ``course.py setup``: its exit code, what it printed and what it complained of."""
        self.commands.clear()
        code = self.course.main(["setup", *words])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err


@pytest.fixture
def machine(course, monkeypatch):
    return Machine(course, monkeypatch)
