"""The service that judges models, asked in the test's own process: it takes sources, cases and runs, and replies with data."""

import sys

import numpy as np
import pytest

from coursekit.grading import models
from coursekit.grading.words import SAID_NOTHING
from nnutils.checks.catalogue import find_exercise
from nnutils.checks.run import Failure, Run, run_case
from nnutils.words import capital

if models.unavailable():
    pytest.skip(models.unavailable(), allow_module_level=True)

from coursekit.grading.model_judge import MOST_TEXT, reply
from coursekit.sandbox.codec import encode

SHARED = ("toy_judged.shared", "/nowhere/shared.py", "LIMIT = 3\n")
SOURCE = '''
from nnutils.checks.exercise import exercise
from toy_judged.shared import LIMIT

@exercise(points=2, minutes=5, hints=("a", "b", "c"))
def below(n):
    """A number below n that is larger than LIMIT."""
    return n - 1

@below.cases
def _(rng):
    yield (9,)
    yield (5,)

@below.judge
def _(a, result):
    if result < 0:
        return "it is negative"
    return None if LIMIT < result < a["n"] else f"{result} is not between {LIMIT} and {a['n']}"

@below.mistake("You returned n itself.", symptom=lambda a, result: result == a["n"])
def itself(n):
    return n
'''
CASES = [{"n": 9}, {"n": 5}]


@pytest.fixture(autouse=True)
def as_before():
    """The modules as they were; in the service's child they are gone with the child."""
    before = dict(sys.modules)
    yield
    sys.modules.update(before)
    for name in [name for name in sys.modules if name.startswith("toy_judged")]:
        del sys.modules[name]


def asked(*runs, source=SOURCE, name="below", discreet=False):
    modules = [
        ("toy_judged", "/nowhere/__init__.py", ""),
        SHARED,
        ("toy_judged.below", "/nowhere/below.py", source),
    ]
    return reply({"modules": modules, "name": name, "cases": CASES, "runs": list(runs), "discreet": discreet})


def test_what_the_judge_accepts_passes():
    answer = asked(Run(8), Run(4))
    assert (answer["status"], answer["cases"], answer["sentence"]) == ("passed", (True, True), "")


def test_what_the_judge_refuses_fails_and_a_mistake_is_named():
    answer = asked(Run(9), Run(5))
    assert (answer["status"], answer["mistake"], answer["cases"]) == ("failed", "itself", (False, False))
    assert answer["sentence"] == "You returned n itself."
    answer = asked(Run(8), Run(2))
    assert (answer["mistake"], answer["cases"]) == (None, (True, False))
    assert "2 is not between 3 and 5" in answer["headline"]


def test_a_run_that_failed_is_told_by_its_error():
    error = Failure("NameError", "name 'm' is not defined", ((2, "return m"),), ("NameError", "Exception"))
    answer = asked(Run(failure=error), Run(failure=error))
    assert answer["status"] == "failed" and "NameError: name 'm' is not defined" in answer["sentence"]


def test_beside_a_lent_answer_no_word_of_the_judge_is_told():
    """It may hold a name that the answer chose, and in that the lent answer's source."""
    assert asked(Run(-1), Run(4))["sentence"].endswith("It is negative.")
    said = asked(Run(-1), Run(4), discreet=True)["sentence"]
    assert "negative" not in said and said.endswith(f"{capital(SAID_NOTHING)}.")


def test_results_that_no_comparison_copes_with_fail():
    answer = asked(Run(8))  # fewer runs than cases
    assert (answer["status"], answer["cases"]) == ("failed", (False,))
    assert answer["headline"] == "the results cannot be compared"


@pytest.mark.parametrize(
    "change, fault",
    [
        (("LIMIT\n", "NOTHING\n"), "ImportError: cannot import name 'NOTHING'"),
        (("def below(n):", "def below(n:"), "SyntaxError"),
        (("@exercise(", "raise ValueError('x' * 2000)\n@exercise("), "ValueError: xxx"),
    ],
)
def test_an_exercise_that_does_not_work_is_the_graders_fault_and_no_verdict(change, fault):
    answer = asked(Run(8), Run(4), source=SOURCE.replace(*change, 1))
    assert answer.keys() == {"fault"} and answer["fault"].startswith(fault)
    assert len(answer["fault"]) <= MOST_TEXT


def test_a_sentence_is_short_and_printable():
    source = SOURCE.replace("You returned n itself.", "You \x1b[2J returned " + "n" * 2000)
    sentence = asked(Run(9), Run(5), source=source)["sentence"]
    assert len(sentence) <= MOST_TEXT and sentence.isprintable()


def test_the_reply_can_be_sent():
    assert encode(asked(Run(8), Run(np.ones(3))), opaque=True)


@pytest.mark.parametrize("wrong", [False, True])
def test_models_are_judged_by_the_source_of_their_exercise(wrong):
    exercise = find_exercise("freeze")
    cases = exercise.draw()
    function = exercise.mistakes[0].function if wrong else exercise.reference
    request = {"modules": models._sources(exercise.reference.__module__), "name": "freeze", "discreet": False}
    answer = reply(request | {"cases": cases, "runs": [run_case(function, case, None) for case in cases]})
    assert (answer["status"], answer["mistake"]) == (
        ("failed", exercise.mistakes[0].name) if wrong else ("passed", None)
    )
