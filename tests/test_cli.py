"""The command line: verbs, help and exit codes."""
# ruff: noqa: E501  (a cell on a line)

import subprocess
import sys

import pytest

from nnutils import cli


def test_help_names_every_verb_and_imports_none_of_them():
    code = "import sys; sys.argv = ['nnutils', '--help']; import nnutils.cli\ntry: nnutils.cli.main()\nexcept SystemExit as end: print('exit', end.code)\n"
    code += "print([m for m in sys.modules if m.startswith(('nnutils.grading', 'nnutils.authoring', 'tqdm', 'nbformat', 'nnutils.exercises'))])"
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
    assert end.value.code == 2 and "usage: nnutils" in capsys.readouterr().err


def test_a_verb_whose_module_is_missing_says_so(monkeypatch, capsys):
    monkeypatch.setitem(cli.VERBS, "fly", ("nnutils.no_such_module", "fly"))
    assert cli.main(["fly"]) == 2
    assert "nnutils fly cannot start" in capsys.readouterr().err
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    assert end.value.code == 0
