"""Which Python ``course.py`` takes, and how it starts the jobs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(os.name == "nt", reason="the stand-ins for interpreters are shell scripts")


# Which Python is fit


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sys.version_info", (3, 10, 9)),
        ("sys.version_info", (3, 14, 0)),
        ("sys.maxsize", 2**31 - 1),
        ("platform.python_implementation", lambda: "PyPy"),
        ("sysconfig.get_config_var", lambda name: 1),
        ("sysconfig.get_platform", lambda: "win-arm64"),
    ],
)
def test_unfit_pythons(course, monkeypatch, name, value):
    assert course.is_fit()
    with monkeypatch.context() as patch:
        patch.setattr(name, value)
        fit = course.is_fit()
    assert not fit


@pytest.mark.parametrize(("machine_name", "fit"), [("x86_64", False), ("arm64", True)])
def test_intel_macs_are_left_out(course, monkeypatch, machine_name, fit):
    with monkeypatch.context() as patch:
        patch.setattr("sys.platform", "darwin")
        patch.setattr("platform.machine", lambda: machine_name)
        found = course.is_fit()
    assert found is fit


def test_probe_asks_a_real_python_and_survives_a_missing_one(course):
    assert course.probe(sys.executable) == "{}.{}".format(*sys.version_info)
    assert course.probe(str(course.ROOT / "no such python")) == ""


def script(path: Path, body: str) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@POSIX
def test_a_fit_python_is_found_beside_an_unfit_one(course, monkeypatch, tmp_path):
    too_old = script(tmp_path / "bin" / "python3", "echo 3.10; exit 1")
    script(tmp_path / "bin" / "python3.12", "echo 'pyenv: python3.12: command not found' >&2; exit 127")
    script(tmp_path / "bin" / "python3.13", "echo 3.13")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(sys, "_base_executable", too_old)
    assert course.find_python() == ["python3.13"]
    (tmp_path / "bin" / "python3.13").unlink()
    assert course.find_python() == []


def test_watch_shows_progress_and_returns_what_a_failed_installer_said(course, capsys):
    code = "print('Collecting x'); print('Downloading x.whl (5.0 MB)'); print('boom'); raise SystemExit({})"
    assert course.watch(sys.executable, "-c", code.format(0)) == ""
    assert capsys.readouterr().out == "Downloading x.whl (5.0 MB)\n"
    assert "boom\n(exit code 3)" in course.watch(sys.executable, "-c", code.format(3))


# The jobs


@pytest.fixture
def started(course, machine, monkeypatch):
    """The command and environment that a job is started with."""
    seen = {}
    monkeypatch.setattr(
        os, "execve", lambda path, words, env: seen.update(words=words[1:], path=path, env=env) or 0
    )
    monkeypatch.setattr(
        course, "call", lambda words, env: seen.update(words=words[1:], path=words[0], env=env) or 0
    )
    monkeypatch.setattr(course.signal, "signal", lambda *words: None)
    monkeypatch.setattr(os, "chdir", lambda path: seen.update(folder=path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    for name in course.QUIET:
        monkeypatch.delenv(name, raising=False)
    return seen


def test_lab_opens_the_first_lesson_and_passes_arguments_on(course, started):
    course.main(["lab", "--no-browser", "--port", "8890"])
    assert started["path"] == course.PYTHON and started["words"][:2] == ["-m", "jupyterlab"]
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in started["words"]
    assert started["words"][-3:] == ["--no-browser", "--port", "8890"]
    assert started["env"]["TF_CPP_MIN_LOG_LEVEL"] == "3" and started["env"]["OMP_NUM_THREADS"] == "1"


def test_compiled_modules_are_kept_whatever_the_environment_says(course, started, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    course.main(["lab"])
    assert started["env"]["PYTHONDONTWRITEBYTECODE"] == ""


def test_lab_asks_nothing_at_its_first_start(course, started, monkeypatch):
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    course.main(["lab"])
    folder = Path(started["env"]["JUPYTER_CONFIG_PATH"]).relative_to(course.ROOT)
    page = json.loads((ROOT / folder / "labconfig" / "page_config.json").read_text(encoding="utf-8"))
    assert page["disabledExtensions"] == {"@jupyterlab/apputils-extension:announcements": True}


def test_lab_opens_in_a_container_too(course, started, monkeypatch):
    course.main(["lab"])
    assert "--allow-root" not in started["words"]
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    course.main(["lab"])
    assert "--allow-root" in started["words"]


def test_test_runs_everything_in_one_pytest(course, started):
    for name in course.TEST_PATHS:
        (course.ROOT / name).mkdir()
    course.main(["test", "-k", "adam"])
    assert started["words"] == ["-m", "pytest", *course.TEST_ARGS, *course.TEST_PATHS, "-k", "adam"]
    assert started["env"]["OMP_NUM_THREADS"] == "1" and started["folder"] == course.ROOT


def test_test_runs_only_what_is_named(course, started):
    (course.ROOT / "tests").mkdir()
    (course.ROOT / "tests" / "test_a.py").touch()
    course.main(["test", "tests/test_a.py::test_b"])
    assert started["words"] == ["-m", "pytest", *course.TEST_ARGS, "tests/test_a.py::test_b"]


@pytest.mark.parametrize("package", ["coursekit", "nnutils"])
def test_any_other_job_is_a_verb_of_the_course(course, started, package):
    """Of coursekit, which has all verbs; students get nnutils alone, which has theirs."""
    (course.ROOT / package).mkdir()
    course.main(["grade", "submissions", "--jobs", "2"])
    assert Path(started["path"]).stem == "python" and Path(started["path"]).parent == course.BIN
    assert started["words"] == ["-m", f"{package}.cli", "grade", "submissions", "--jobs", "2"]
    assert started["env"]["PATH"].split(os.pathsep)[0] == str(course.BIN)


@pytest.mark.parametrize(("job", "tools"), [("test", True), ("site", True), ("lab", False), ("grade", False)])
def test_tools_of_maintainers_are_installed_for_the_jobs_that_use_them(
    course, started, monkeypatch, job, tools
):
    asked = []
    monkeypatch.setattr(course, "setup", lambda tools=False: asked.append(tools))
    course.main([job])
    assert asked == [tools]


def test_what_the_user_has_set_is_kept(course, started, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    course.main(["test"])
    assert started["env"]["OMP_NUM_THREADS"] == "4"


def test_an_unfit_python_is_told_apart(course):
    as_old = "import runpy, sys; sys.version_info = (3, 10, 0, 'final', 0); sys.argv = ['course.py', '--fit']"
    run = f"{as_old}; runpy.run_path({course.__file__!r}, run_name='__main__')"
    job = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True)
    assert (job.returncode, job.stdout, job.stderr) == (1, "3.10\n", "")
