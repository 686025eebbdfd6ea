"""A name that is not defined: the notebook says what to do after a restart, and says nothing of other errors."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from nnutils.checks import restarted


@pytest.fixture
def shell(monkeypatch):
    shell = InteractiveShell()
    shell.kernel = None
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    restarted.says_what_to_run()
    return shell


@pytest.mark.parametrize(
    ("code", "is_said"),
    [
        ("adam_update = check(adam_update)", True),
        ("def f():\n    return missing\nf()", True),
        ("def f():\n    a += 1\nf()", False),
        ("1 / 0", False),
        ("1", False),
    ],
)
def test_only_a_missing_name_is_told_of_a_restart(shell, code, is_said, capsys):
    result = shell.run_cell(code)
    said = capsys.readouterr().out
    assert said.endswith(restarted.SAID + "\n") is is_said
    assert result.success == (code == "1")
    if not result.success:
        assert type(result.error_in_exec).__name__ in said


@pytest.mark.parametrize("word", restarted.WRITTEN)
def test_a_word_of_the_course_is_told_how_to_be_imported(shell, word, capsys):
    shell.run_cell(f'{word}("adam_update")')
    line = f"from nnutils import {word}"
    said = capsys.readouterr().out
    assert f"`{line}`" in said and restarted.SAID not in said
    assert shell.run_cell(line).success


def test_outside_of_a_notebook_nothing_changes(monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    restarted.says_what_to_run()
    assert not shell.custom_exceptions
