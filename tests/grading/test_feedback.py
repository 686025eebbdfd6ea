"""The page of feedback: what it says, that it is sound HTML, and that no expected value is on it."""

import ast
import inspect
import re
from dataclasses import replace

import numpy as np
import pytest

from coursekit.grading.pages.feedback import write_feedback
from coursekit.grading.result import Item, Mark, Result
from nnutils.checks.catalogue import exercises_of, questions_of

from .well_formed import faults, text

EVIL = "</td><script>alert(1)</script>\u202e&\ud800`<b>`"
PASSED = Item("dropout_mask", "exercise", "passed", 1.0, 1, cases=(True,) * 5)
PARTLY = Item(
    "dropout_forward",
    "exercise",
    "partly right",
    0.67,
    2,
    "Divide by keep_prob.",
    "forward_not_scaled",
    (True, False, True),
)
LEFT = Item("dropout_backward", "exercise", "not attempted", 0.0, 1)
WRONG = Item(
    "the_same_in_keras", "question", "failed", 0.0, 1, "Keras' rate is the share that is dropped.", chosen="a"
)
MODEL = Item(
    "dropconnect_forward",
    "exercise",
    "not graded",
    None,
    2,
    "It returns a model, which is not graded here yet.",
)


def _result(*items, **more):
    fields = {"lesson": "dropout", "file": "ann/04_dropout.ipynb", "sha256": "", "sandbox": ("hooks",)}
    return Result("ann", items=items, **fields | more)


@pytest.fixture
def page(tmp_path):
    def write(*results, name=None, late="", extra="", adjusted="", points=None):
        marks = [
            Mark(
                result,
                result.points if points is None else points,
                result.max,
                late,
                extra,
                adjusted=adjusted,
            )
            for result in results
        ]
        write_feedback(tmp_path / "feedback", "ann", marks, name)
        html = (tmp_path / "feedback" / "ann.html").read_text(encoding="utf-8")
        assert faults(html) == []
        return html

    return write


def test_what_a_student_is_told(page):
    said = text(page(_result(PASSED, PARTLY, LEFT, WRONG, MODEL)))
    for told in (
        "Feedback for ann",
        "1.67 of 5 points in 1 lesson: 1 of 4 answers are right.",
        "Next: dropout_forward in lesson 04. Read the section “Forward: what is left has to grow”",
        "Lesson 04: Dropout",
        "Inverted dropout, in training.",
        "Divide by keep_prob.",
        "2 of 3 cases right",
        "Not attempted yet",
        'for a hint run hint("dropout_backward")',
        "Which Keras layer does what dropout_forward does",
        "Look through the lesson again, then choose again.",
        "It returns a model, which is not graded here yet.",
        "0.67 of 2",
    ):
        assert told in said, told
    assert "without a sandbox" not in said


def test_who_has_not_chosen_is_not_told_to_choose_again(page):
    said = text(page(_result(replace(WRONG, status="not attempted", sentence="", chosen=""))))
    assert "Look through the lesson again, then choose an option." in said and "choose again" not in said


def test_everything_right(page):
    said = text(page(_result(PASSED)))
    assert "Everything is right." in said and "Not attempted" not in said and "Next:" not in said


def test_a_name_of_their_own(page):
    assert "<title>Feedback for Ann &amp; Co</title>" in page(_result(PASSED), name="Ann & Co")


def test_the_rules_are_told_in_words(page):
    said = text(page(_result(PASSED), late="2 days late: 20 % off", extra="bonus counts extra", points=0.8))
    assert "0.8 of 1 point. Your answers earned 1; 2 days late: 20 % off and bonus counts extra." in said


def test_a_sandbox_that_was_not_there_is_told(page):
    assert "graded without a sandbox" in text(page(_result(PASSED, sandbox=())))


def test_an_unreadable_notebook(page):
    said = text(page(_result(LEFT, problem="the file is damaged: it holds no JSON")))
    assert "could not be graded: the file is damaged: it holds no JSON." in said
    assert "Open it in JupyterLab, see that it runs, save it, and hand in that file." in said
    assert "Not attempted" not in said  # they may have done it all


def test_who_has_been_given_points_for_an_unreadable_notebook_has_nothing_to_hand_in(page):
    words = "Kim Lee decided so, before it was 0: handed in by mail"
    said = text(page(_result(LEFT, problem="the file is empty"), points=1, adjusted=words))
    assert "could not be graded: the file is empty." in said and f"{words}." in said
    assert not re.search("again|Next|Well done|hand in that file", said)


def test_no_lesson_at_all(page):
    assert "0 of 0 points" in text(page())


def test_hostile_text_stays_text(page):
    items = [
        replace(PARTLY, sentence=EVIL),
        replace(LEFT, name=EVIL),
        replace(WRONG, name=EVIL, sentence=EVIL),
    ]
    html = page(_result(*items, notes=(EVIL,), file=EVIL), name=EVIL, late=EVIL)
    assert "<script" not in html and "<b>" not in html and "\u202e" not in html and "&lt;script&gt;" in html


def test_signs_are_always_with_words(page):
    html = page(_result(PASSED, PARTLY, LEFT, WRONG, MODEL))
    visible = re.sub(r'<(\w+)[^>]*aria-hidden="true"[^>]*>.*?</\1>', "", html.partition("<main>")[2])
    assert not re.search("[✘◐]", visible)
    for word in ("passed", "partly right", "failed", "not graded", "not attempted", "Not attempted yet"):
        assert word in visible


@pytest.mark.parametrize("topic", ["start_here", "dropout"])
def test_no_expected_value_and_no_answer_is_told(mark, page, topic):
    """Notebooks of mistakes, really graded: no number of an expected result is on the page, nor why an option is right."""
    exercises = exercises_of(topic)
    for k in range(min(6, *(len(exercise.mistakes) for exercise in exercises)) if len(exercises) > 1 else 6):
        cells = [_source(exercise.mistakes[k].function, exercise.name) for exercise in exercises]
        items = mark("import numpy as np", *cells, topic=topic)
        html = page(_result(*items.values(), lesson=topic))
        told = {*re.findall(r"\d+\.\d{3,}", html.partition("<main>")[2])}
        assert not told & set().union(*(_values(exercise) for exercise in exercises))
        assert sum(items[exercise.name].status != "passed" for exercise in exercises) >= len(exercises) - 1
        assert not any(
            option.right and option.reason in html
            for question in questions_of(topic)
            for option in question.options
        )


def _source(function, name):
    tree = ast.parse(inspect.getsource(function))
    tree.body[0].decorator_list, tree.body[0].name = [], name
    return ast.unparse(tree)


def _values(exercise):
    """What the results of the cases look like, with 3 to 8 digits."""
    results = (exercise(**arguments) for arguments in exercise.draw())
    parts = (part for result in results for part in (result if isinstance(result, tuple) else (result,)))
    values = [value for part in parts for value in np.ravel(part)]
    assert values
    return {f"{abs(value):.{digits}f}" for value in values for digits in range(3, 9)}
