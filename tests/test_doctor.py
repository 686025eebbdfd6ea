"""doctor: all is well here, and each line says what is wrong where it is."""

import argparse
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from nnutils import doctor

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path):
    """A folder of notebooks in which nothing is wrong."""
    (tmp_path / "04_dropout.ipynb").write_text(json.dumps({"cells": []}), encoding="utf-8")
    (tmp_path / "helpers.py").touch()
    return tmp_path


def told(folder, what, capsys):
    """The line of the doctor about one thing."""
    asked = [question for question in doctor.questions(folder, ROOT) if what in question[0]]
    assert len(asked) == 1
    well = doctor.examine(asked)
    line, summary = capsys.readouterr().out.splitlines()
    assert line.startswith("✔" if well else "✘")
    assert summary == ("everything is here" if well else "1 of 1 is not well")
    return line


def test_here_all_is_well(folder, capsys):
    parser = argparse.ArgumentParser()
    doctor.add_arguments(parser)
    assert doctor.run(parser.parse_args(["--folder", str(folder)])) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len([*doctor.questions(folder, ROOT)])
    assert all(line.startswith("✔") for line in lines[:-1])


def test_lesson_00_asks_the_first_questions(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert doctor.check_environment()
    assert len(capsys.readouterr().out.splitlines()) == 3 + len(doctor.PACKAGES)
    monkeypatch.setattr(doctor, "PACKAGES", ("numpy", "no_such_package"))
    assert not doctor.check_environment()
    assert "no_such_package can be imported: no. ModuleNotFoundError" in capsys.readouterr().out


def test_an_unfit_python(folder, capsys, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert "This is Python 3.9" in told(folder, "this Python is one", capsys)


def test_other_versions(folder, tmp_path, capsys):
    (tmp_path / "requirements.txt").write_text(
        "numpy==1.0\nnone-such==1\nrich<0 ; sys_platform == 'none'\n", encoding="utf-8"
    )
    (question,) = (asked for asked in doctor.questions(folder, tmp_path) if "packages are those" in asked[0])
    assert not doctor.examine([question])
    assert "Other versions, or none: numpy, none-such; start the course" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("raise ImportError('a part is missing')", "ImportError: a part is missing"),
        ("import os; os.kill(os.getpid(), 9)", "another processor"),
    ],
)
def test_a_package_that_does_not_start(folder, tmp_path, body, sentence, capsys, monkeypatch):
    if os.name == "nt" and "kill" in body:
        pytest.skip("os.kill ends a process otherwise here")
    (tmp_path / "broken_package.py").write_text(body, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(doctor, "PACKAGES", ("broken_package",))
    assert sentence in told(folder, "broken_package starts", capsys)


def test_another_course_in_the_way(folder, capsys):
    (folder / "nnutils").mkdir()
    (folder / "nnutils/__init__.py").touch()
    assert f"They would import {folder / 'nnutils'}" in told(folder, "find this course", capsys)


@pytest.mark.parametrize("name", ["random.py", "numpy.py", "keras"])
def test_a_file_that_hides_a_package(folder, name, capsys):
    path = folder / name
    if path.suffix:
        path.touch()
    else:
        path.mkdir()
        (path / "__init__.py").touch()
    assert f"{name} in {folder} is imported in the place of what has that name" in told(
        folder, "no file of yours", capsys
    )


@pytest.mark.parametrize("found", ["another python", "none"])
def test_a_kernel_of_another_python(folder, found, capsys, monkeypatch):
    def spec(manager, name):
        if found == "none":
            raise KeyError("No such kernel named python3")
        return SimpleNamespace(argv=["/opt/other/bin/python"], resource_dir="/home/me/kernels/python3")

    monkeypatch.setattr("jupyter_client.kernelspec.KernelSpecManager.get_kernel_spec", spec)
    line = told(folder, "notebooks run in this Python", capsys)
    assert (
        "/home/me/kernels/python3 says: delete that folder" if found != "none" else "No such kernel"
    ) in line


def test_a_folder_that_cannot_be_written_to(folder, capsys):
    gone = folder / "gone"
    assert "copy the course to a folder of your own" in told(gone, "can be written to", capsys)


def test_too_little_room(folder, capsys, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda place: SimpleNamespace(free=1e8))
    assert "0.1 GB are free" in told(folder, "there is room", capsys)


def test_too_little_memory(folder, capsys, monkeypatch):
    if not Path("/proc/meminfo").exists():
        pytest.skip("only Linux says how much memory is free")
    monkeypatch.setattr(doctor.Path, "read_text", lambda path, **_: "MemTotal: 9\nMemAvailable: 500000 kB")
    assert "0.5 GB are free" in told(folder, "there is memory", capsys)


def test_a_firewall(folder, capsys, monkeypatch):
    def refused(*_, **__):
        raise PermissionError("not permitted")

    monkeypatch.setattr(doctor.socket, "create_connection", refused)
    assert "allow connections to 127.0.0.1" in told(folder, "talk to each other", capsys)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"cells": [\n<<<<<<< HEAD\n', "git left two versions in it"),
        ('{"cells": [', "it is damaged"),
        ("[]", "it is damaged"),
        ('{"cells": 3}', "is no notebook"),
    ],
)
def test_a_notebook_that_cannot_be_read(folder, text, sentence, capsys):
    (folder / "04_dropout.ipynb").write_text(text, encoding="utf-8")
    line = told(folder, "notebooks can be read", capsys)
    assert sentence in line and "04_dropout.ipynb" in line
    assert "course.py reset 04" in line or "no notebook" in sentence


def test_a_damaged_progress_file(folder, capsys, monkeypatch):
    monkeypatch.delenv("NNUTILS_RECORD", raising=False)
    (folder / "nnutils-progress.json").write_text("{", encoding="utf-8")
    assert "Rename it; a new one begins" in told(folder, "progress can be read", capsys)
