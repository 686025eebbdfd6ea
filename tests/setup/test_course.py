"""``course.py`` sets up once, repairs what was cut short, leaves alone what is not its own."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# The file itself


def test_python_3_8_can_read_it():
    source = (ROOT / "course.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    assert len(source.splitlines()) < 240
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in imports if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names


@pytest.mark.parametrize("words", [[], ["--help"], ["help"]])
def test_help_names_the_jobs_and_sets_nothing_up(course, machine, words, capsys):
    assert course.main(words) == 0
    assert {"lab", "test", "setup"} <= set(capsys.readouterr().out.split())
    assert machine.commands == [] and not course.VENV.exists()


# Set up once


def test_a_second_start_installs_nothing(machine, capsys):
    assert machine.setup(capsys)[0] == 0
    assert [line.split()[1:3] for line in machine.commands[:-1]] == [
        ["-m", "venv"],
        ["-m", "pip"],
        ["-m", "pip"],
    ]
    assert machine.commands[-1].split()[1:3] == ["-c", "import"]
    assert machine.setup(capsys) == (0, "", "")
    assert machine.commands == []


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_a_changed_lock_is_installed_into_the_same_venv(machine, name, capsys):
    machine.setup(capsys)
    (machine.course.ROOT / name).write_text("changed", encoding="utf-8")
    code, out, _ = machine.setup(capsys)
    assert code == 0 and "has changed" in out
    assert len(machine.commands) == 3 and "-m venv" not in machine.commands[0]
    assert machine.setup(capsys)[1] == ""


def test_line_ends_are_no_change(machine, capsys):
    machine.setup(capsys)
    path = machine.course.ROOT / "requirements.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert machine.setup(capsys) == (0, "", "")


@pytest.mark.parametrize("failing", ["-m venv", "requirements.txt", "-e ."])
def test_an_interrupted_installation_is_made_anew(machine, monkeypatch, failing, capsys):
    machine.answers[failing] = KeyboardInterrupt()
    code, _, err = machine.setup(capsys)
    assert code == 2 and err.startswith("Stopped.")
    machine.answers.clear()
    (machine.course.VENV / "half a package").mkdir()
    with monkeypatch.context() as patch:  # cut short again, while the remains are cleared away
        patch.setattr(machine.course.shutil, "rmtree", lambda path: machine.watch("stopped"))
        machine.answers["stopped"] = KeyboardInterrupt()
        assert machine.setup(capsys)[0] == 2
    code, out, _ = machine.setup(capsys)
    assert code == 0 and "cut short" in out
    assert not (machine.course.VENV / "half a package").exists()
    assert machine.setup(capsys) == (0, "", "")


def test_an_interrupted_update_is_made_anew(machine, capsys):
    machine.setup(capsys)
    (machine.course.ROOT / "requirements.txt").write_text("changed", encoding="utf-8")
    machine.answers["pip"] = "the power went"
    assert machine.setup(capsys)[0] == 2
    machine.answers.clear()
    assert "cut short" in machine.setup(capsys)[1]
    assert "-m venv" in machine.commands[0]


def test_another_python_behind_the_venv_makes_it_anew(machine, capsys):
    machine.setup(capsys)
    machine.python = "3.13"
    code, out, _ = machine.setup(capsys)
    assert code == 0 and "Python changed" in out and "-m venv" in machine.commands[0]


def test_a_broken_python_in_the_venv_makes_it_anew(machine, capsys):
    machine.setup(capsys)
    Path(machine.course.PYTHON).unlink()
    code, out, _ = machine.setup(capsys)
    assert code == 0 and "Python changed" in out and "-m venv" in machine.commands[0]


def test_a_moved_folder_makes_it_anew(machine, capsys):
    machine.setup(capsys)
    stamp = machine.course.STAMP.read_text(encoding="utf-8")
    machine.course.STAMP.write_text(
        stamp.replace(str(machine.course.VENV), "/elsewhere/.venv"), encoding="utf-8"
    )
    code, out, _ = machine.setup(capsys)
    assert code == 0 and "has moved" in out and "-m venv" in machine.commands[0]


def test_a_fit_venv_serves_even_if_this_python_is_unfit(machine, monkeypatch, capsys):
    machine.setup(capsys)
    monkeypatch.setattr(machine.course, "find_python", lambda: [])
    assert machine.setup(capsys) == (0, "", "")


def test_a_venv_of_somebody_else_is_left_alone(machine, capsys):
    (machine.course.VENV / "lib").mkdir(parents=True)
    (machine.course.VENV / "lib" / "theirs").write_text("precious", encoding="utf-8")
    code, _, err = machine.setup(capsys)
    assert code == 2 and str(machine.course.VENV) in err and "Rename it or delete it" in err
    assert (machine.course.VENV / "lib" / "theirs").read_text(encoding="utf-8") == "precious"
    assert machine.commands == []


def linked(course, folder):
    """A .venv that is a link to a folder of another course, with its stamp."""
    folder.mkdir()
    (folder / course.STAMP.name).write_text("/elsewhere/.venv\n3.12\nanother lock", encoding="utf-8")
    (folder / "theirs").write_text("precious", encoding="utf-8")
    try:
        course.VENV.symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("links may not be made here")


def test_what_is_behind_a_link_is_never_emptied(machine, tmp_path, capsys):
    folder = tmp_path.with_name("another course")
    linked(machine.course, folder)
    code, _, err = machine.setup(capsys)
    assert code == 2 and f"is a link to {folder}" in err and "Delete the link, not the folder" in err
    assert {path.name for path in folder.iterdir()} == {machine.course.STAMP.name, "theirs"}
    assert (folder / machine.course.STAMP.name).read_text(encoding="utf-8").startswith("/elsewhere")
    machine.course.VENV.unlink()
    assert machine.setup(capsys)[0] == 0


# What only tests need


def test_tools_are_installed_for_tests_alone(machine, capsys):
    machine.setup(capsys)
    assert not any("requirements-dev.txt" in line for line in machine.commands)
    code, out, _ = machine.setup(capsys, "--tools")
    assert code == 0 and "some tools" in out
    assert "-r requirements.txt -r requirements-dev.txt" in machine.commands[0]
    assert machine.setup(capsys, "--tools") == (0, "", "")
    assert machine.setup(capsys) == (0, "", "")


def test_a_changed_list_of_tools_is_no_matter_of_students(machine, capsys):
    machine.setup(capsys, "--tools")
    (machine.course.ROOT / "requirements-dev.txt").write_text("ruff==2\n", encoding="utf-8")
    assert machine.setup(capsys) == (0, "", "")
    assert "some tools" in machine.setup(capsys, "--tools")[1]


def test_what_students_get_has_no_list_of_tools(machine, capsys):
    (machine.course.ROOT / "requirements-dev.txt").unlink()
    assert machine.setup(capsys, "--tools")[0] == 0
    assert machine.setup(capsys, "--tools") == (0, "", "")


def test_what_nobody_needs_is_left_out_and_the_rest_is_started_once(machine, capsys):
    headers = machine.course.VENV / "lib" / "python3.12" / "site-packages" / "tensorflow" / "include"
    machine.unpacked = headers / "tensor.h"
    assert machine.setup(capsys)[0] == 0
    assert not headers.exists() and headers.parent.exists()
    assert "keras" in machine.commands[-1]


# uv and pip


def test_uv_installs_where_it_is(machine, capsys):
    machine.uv = "/bin/uv"
    assert machine.setup(capsys)[0] == 0
    by_uv = [line.startswith("/bin/uv pip install --python") for line in machine.commands]
    assert by_uv == [False, True, True, False]


def test_pip_takes_over_where_uv_fails(machine, capsys):
    machine.uv = "/bin/uv"
    machine.answers["/bin/uv pip"] = "error: invalid peer certificate: UnknownIssuer"
    code, _, err = machine.setup(capsys)
    assert (code, err) == (0, "")
    by_uv = [line.startswith("/bin/uv") for line in machine.commands]
    assert by_uv == [False, True, False, False, False]


def test_uv_brings_a_python_where_none_fits(machine, monkeypatch, capsys):
    monkeypatch.setattr(machine.course, "find_python", lambda: [])
    machine.uv = "/bin/uv"
    assert machine.setup(capsys)[0] == 0
    assert machine.commands[0].startswith("/bin/uv venv --allow-existing --python 3.12")


def test_a_python_of_uv_that_does_not_fit_either(machine, capsys):
    machine.uv, machine.python = "/bin/uv", ""
    code, _, err = machine.setup(capsys)
    assert code == 2 and "3.11, 3.12 or 3.13" in err
    assert ["pip" in line.split() for line in machine.commands] == [False]


def test_uvs_reason_is_told_where_uv_made_the_venv_and_pip_is_missing(machine, capsys):
    machine.uv = "/bin/uv"
    machine.answers = {"/bin/uv pip": "cause: dns error", "-m pip": "No module named pip"}
    assert "was not reached" in machine.setup(capsys)[2]


def test_only_the_lock_is_installed(machine, capsys):
    machine.setup(capsys)
    assert all("--no-deps" in line for line in machine.commands[1:3])
    assert "--no-build-isolation" in machine.commands[2]
