"""What nbgrader runs below each check: an error for anything but a right answer."""

import sys

import pytest

from nnutils.checks import check, quiz
from nnutils.checks.errors import CheckFailed
from nnutils.checks.exercise import AnswerKey, Option, Question
from nnutils.checks.hidden_tests import CannotJudge, assert_answered, assert_passed

from .test_check import RIGHT, STUB, cell

WRONG = "def scaled(x, k): return x"


def talking(x, k):
    """A right answer that says something on stderr, as every warning does."""
    print("still at it", file=sys.stderr)
    return x * k, float((x * k).sum())


def test_a_right_answer_passes(toy):
    assert_passed("scaled", check(cell(RIGHT)))


@pytest.mark.parametrize("source", [STUB, WRONG, "def scaled(x): return x"])
def test_a_missing_or_wrong_answer_is_an_error(toy, source):
    with pytest.raises(CheckFailed, match="missing or wrong"):
        assert_passed("scaled", check(cell(source)))
    with pytest.raises(CheckFailed, match="scaled: "):  # in a notebook that has a `check` of its own
        assert_passed("scaled", cell(source))


def test_what_needs_a_judge_is_not_graded_by_the_students_nnutils(toy):
    toy.answer_key = AnswerKey([], None, {})
    assert toy.withheld
    with pytest.raises(CannotJudge, match="scaled cannot be judged here"):
        assert_passed("scaled", cell(RIGHT))


@pytest.mark.parametrize("letter", ["b", " B "])
def test_a_right_letter_passes(asked, letter):
    assert_answered("which", letter)


@pytest.mark.parametrize("letter", [None, ..., "a", "d", 2, ["b"]])
def test_a_missing_or_wrong_letter_is_an_error(asked, letter):
    with pytest.raises(CheckFailed, match="which: the answer is missing or wrong"):
        assert_answered("which", letter)


def test_a_letter_is_not_graded_by_the_students_nnutils(monkeypatch):
    asked = Question("Which?", (Option("this", "", False), Option("that", "", False)), 1)
    monkeypatch.setattr("nnutils.checks.catalogue._all_questions", lambda: {"which": asked})
    with pytest.raises(CannotJudge, match="which cannot be judged here"):
        assert_answered("which", "a")


@pytest.mark.parametrize("source", [STUB, WRONG])
def test_a_check_raises_where_nbgrader_validates_and_nowhere_else(toy, asked, monkeypatch, source):
    for execution in ("autograde", "validate"):
        monkeypatch.setenv("NBGRADER_EXECUTION", execution)
        for fails in (lambda: check(cell(source)), lambda: quiz("which", "a"), lambda: quiz("which")):
            if execution == "autograde":
                fails()
                continue
            with pytest.raises(CheckFailed):
                fails()
        assert check(function := cell(RIGHT)) is function
        quiz("which", "b")


def test_nothing_is_written_to_stderr_where_nbgrader_grades(toy, monkeypatch, capsys, own_record):
    """nbgrader gives no points to a cell that writes to stderr."""
    talking.__name__ = "scaled"
    own_record.write_text("damaged")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert_passed("scaled", check(talking))
    out, err = capsys.readouterr()
    assert err == "" and "still at it" in out and "was damaged" in out
    monkeypatch.delenv("NBGRADER_EXECUTION")
    check(talking)
    assert "still at it" in capsys.readouterr().err
