"""What ``course.py`` cannot do, it says in a sentence, with exit code 2 and no traceback."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

RETRY = "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by "
NONE = "ERROR: No matching distribution found for absl-py==2.5.1"
SAID = {
    "pip 23 without network": (
        f"{RETRY}'NewConnectionError('<pip.HTTPSConnection object at 0x7f07>: Failed to establish a new "
        f"connection: [Errno -3] Temporary failure in name resolution')': /simple/absl-py/\n{NONE}",
        "pypi.org was not reached",
    ),
    "pip 25 without network": (
        f"""{RETRY}'NameResolutionError("HTTPSConnection(host='pypi.org', port=443): Failed")'\n{NONE}""",
        "pypi.org was not reached",
    ),
    "pip behind a mirror": (
        f"Looking in indexes: https://user:****@mirror.example/simple\n{RETRY}'ConnectTimeoutError()'\n{NONE}",
        "mirror.example was not reached",
    ),
    "pip behind a dead proxy": (f"{RETRY}'ProxyError('Cannot connect to proxy.')'\n{NONE}", "HTTPS_PROXY"),
    "uv without network": (
        "error: Request failed after 3 retries in 3.9s\n  cause: Failed to fetch: https://pypi.org/simple/playwright/\n"
        "  cause: client error (Connect)\n  cause: dns error",
        "pypi.org was not reached",
    ),
    "pip on a full disk": (
        "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
        "Disk full",
    ),
    "uv on a full disk": (
        "cause: failed to write to file: No space left on device (os error 28)",
        "Disk full",
    ),
    "Windows on a full disk": ("OSError: [WinError 112] There is not enough space on the disk", "Disk full"),
    "Debian without ensurepip": (
        "The virtual environment was not created successfully because ensurepip is not available.",
        "sudo apt install python3-venv",
    ),
    "a mirror that lags": (f"(from versions: 2.1, 2.2)\n{NONE}", "lag behind"),
    "anything else": ("gcc exploded\n{curly} braces", "Its last words:\ngcc exploded\n{curly} braces"),
}


@pytest.mark.parametrize(("said", "sentence"), SAID.values(), ids=SAID.keys())
def test_the_installers_words_become_a_sentence(course, said, sentence):
    assert sentence in course.explain(said)


def test_a_hiccup_long_before_the_end_is_not_the_cause(course):
    said = f"{RETRY}'ReadTimeoutError'\n" + "Collecting\n" * 40 + "ERROR: wheel is corrupt"
    assert "wheel is corrupt" in course.explain(said) and "not reached" not in course.explain(said)


@pytest.mark.parametrize("step", ["-m venv", "requirements.txt", "-e ."])
def test_a_failed_step_ends_with_a_sentence_and_is_repaired(machine, step, capsys):
    machine.answers[step] = "No space left on device"
    code, _, err = machine.setup(capsys)
    assert code == 2 and err == machine.course.FULL.format("Disk full") + "\n"
    machine.answers.clear()
    assert machine.setup(capsys)[0] == 0


def test_no_fit_python(machine, capsys):
    machine.python = ""
    code, _, err = machine.setup(capsys)
    assert code == 2 and "3.11, 3.12 or 3.13" in err and "python.org" in err
    assert not machine.course.VENV.exists()


def test_a_disk_too_full_to_begin(machine, capsys):
    machine.free = 1e9
    code, _, err = machine.setup(capsys)
    assert code == 2 and "Only 1.0 GB are free" in err
    assert not machine.course.VENV.exists() and machine.commands == []


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.EROFS, "a folder of your own"), (errno.EACCES, "a folder of your own"), (28, "Disk full")],
)
def test_a_folder_that_cannot_be_written(machine, monkeypatch, number, sentence, capsys):
    def refuse(self, **kwargs):
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    code, _, err = machine.setup(capsys)
    assert code == 2 and sentence in err


def test_a_refusal_is_a_sentence_and_an_exit_code(course):
    (course.VENV / "lib").mkdir(parents=True)
    job = subprocess.run([sys.executable, course.__file__, "lab"], capture_output=True, text=True)
    assert job.returncode == 2 and job.stdout == "" and len(job.stderr.splitlines()) == 1
