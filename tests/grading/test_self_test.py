"""The grader is tried on what it must know the grade of, and the trial notices when it is wrong."""

import numpy as np
import pytest

from coursekit import cli
from coursekit.grading import grade_notebook
from coursekit.grading.paste import CannotPaste, cells_of
from nnutils.checks.catalogue import exercises_of, find_exercise
from nnutils.checks.verdict import Verdict


def test_every_verdict_is_right(capsys):
    assert cli.main(["self-test", "--lessons", "00", "dropout"]) == 0
    said = capsys.readouterr().out
    exercises = [one for topic in ("start_here", "dropout") for one in exercises_of(topic)]
    mistakes = sum(len(one.mistakes) for one in exercises)
    named = mistakes - sum(
        one.kind == "repair" for one in exercises
    )  # with all of its faults it is not attempted
    assert f"2 lessons: {mistakes} mistakes, {named} of them told as themselves" in said
    assert "✔ 00 start_here" in said and "Every verdict is right." in said


GENEROUS = Verdict("passed", "passed", cases=(True,))
STRICT = Verdict("failed", "wrong", cases=(False,))


@pytest.mark.parametrize(
    ("verdict", "complaint"),
    [(GENEROUS, "mistake sum_instead_of_mean: "), (STRICT, "solution: feature_means got 0 of 1 points")],
    ids=["generous", "strict"],
)
def test_a_grader_that_is_wrong_is_noticed(monkeypatch, capsys, verdict, complaint):
    monkeypatch.setattr(grade_notebook, "compare_with_expected", lambda *_: verdict)
    complaint = complaint.replace("sum_instead_of_mean", find_exercise("feature_means").mistakes[0].name)
    assert cli.main(["self-test", "--lessons", "0"]) == 1
    said = capsys.readouterr().out
    assert complaint in said and "do not grade with it" in said


def test_an_unknown_lesson_gets_a_clear_line(capsys):
    assert cli.main(["self-test", "--lessons", "hope"]) == 2
    assert "no lesson 'hope'" in capsys.readouterr().err


def test_what_was_made_elsewhere_cannot_be_pasted():
    def made(factor):
        return lambda X: factor * X

    with pytest.raises(CannotPaste, match="made inside another function"):
        cells_of(made(2), "double")
    with pytest.raises(CannotPaste):
        cells_of(np.mean, "mean")
