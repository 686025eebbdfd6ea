"""The command line: verbs, help and exit codes."""
# ruff: noqa: E501  (a cell on a line)

import re
import subprocess
import sys

import pytest

from coursekit import cli
from nnutils import cli as student


def test_help_names_every_verb_and_imports_none_of_them():
    code = "import sys; sys.argv = ['course.py', '--help']; import coursekit.cli\ntry: coursekit.cli.main()\nexcept SystemExit as end: print('exit', end.code)\n"
    code += "print([m for m in sys.modules if m.startswith(('coursekit.grading', 'coursekit.authoring', 'tqdm', 'nbformat', 'nnutils.lessons.'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert all(verb in done.stdout for verb in cli.VERBS)
    assert done.stdout.endswith("exit 0\n[]\n"), done.stdout + done.stderr


@pytest.mark.parametrize("verb", cli.VERBS)
def test_every_verb_has_help(verb, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main([verb, "--help"])
    assert end.value.code == 0 and "options:" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["no-such-verb"],
        ["--no-such-option"],
        ["grade"],
        ["grade", "x", "--out", "y", "--time-limit", "-1"],
    ],
)
def test_wrong_usage_is_2(words, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == 2 and re.match(r"usage: (python3 )?course.py", capsys.readouterr().err)


def test_nnutils_alone_offers_the_students_verbs(capsys):
    with pytest.raises(SystemExit) as end:
        student.main(["grade", "x"])
    assert end.value.code == 2 and "invalid choice: 'grade'" in capsys.readouterr().err
    assert student.VERBS.keys() < cli.VERBS.keys()


def test_a_verb_that_lacks_a_package_says_so(monkeypatch, capsys):
    def fails(name):
        raise ModuleNotFoundError("No module named 'yaml'")

    monkeypatch.setattr(student.importlib, "import_module", fails)
    assert cli.main(["grade"]) == 2
    said = capsys.readouterr().err
    assert said == "course.py grade cannot start, a part of it is missing: No module named 'yaml'\n"
