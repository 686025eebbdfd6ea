"""What the grader believes of a child's report, and what it leaves of one that could hold the course's own answer."""

import pytest

from coursekit.sandbox.codec import RESULT, CodecError
from coursekit.sandbox.program import Outcome, own_failure, redacted, validated
from nnutils.checks.run import Failure, Run

ERROR = Failure("ValueError", "no", ((3, "x = 1"),), ("ValueError", "Exception"))


def test_a_run_about_the_arguments_is_believed():
    run = Run(5, changed=("x",), shared=("y",))
    assert validated(run, ["x", "y"], 100) == run


@pytest.mark.parametrize(
    "run", [{"result": 5}, None, "run", Run(5, changed=("z",)), Run(5, shared=("x", "z"))]
)
def test_what_is_no_run_about_the_arguments_is_not_believed(run):
    with pytest.raises(CodecError, match="no run"):
        validated(run, ["x", "y"], 100)


def test_all_that_an_answer_sends_has_one_limit():
    assert validated(Run(5), [], 2 * RESULT.bytes) == Run(5)
    with pytest.raises(CodecError, match="too much"):
        validated(Run(5), [], 2 * RESULT.bytes + 1)


def test_a_run_that_failed_has_no_result():
    assert validated(Run(5, failure=ERROR), [], 1) == Run(None, failure=ERROR)


@pytest.mark.parametrize("kind", ["TimeLimit", "ProcessEnded"])
def test_a_child_cannot_tell_how_it_was_lost(kind):
    with pytest.raises(CodecError, match="how its process was lost"):
        own_failure(Failure(kind, "it did not come back"))
    with pytest.raises(CodecError, match="how its process was lost"):
        validated(Run(failure=Failure(kind, "it did not come back")), [], 1)


def redacted_failure(failure):
    (run,) = redacted(Outcome([Run(failure=failure)], ["f"])).runs
    return run.failure


def test_of_an_error_python_s_own_words_are_left_and_no_text():
    assert redacted_failure(ERROR) == Failure("ValueError", "", ((3, ""),), ("ValueError", "Exception"))


def test_names_and_numbers_that_an_answer_chose_are_left_out():
    own = Failure(
        "TheAnswerIs2x", "2 * x", ((10**9, "2 * x"), (-1, ""), (4, "y")), ("TheAnswerIs2x", "Exception")
    )
    assert redacted_failure(own) == Failure("an error of its own", "", ((4, ""),), ("Exception",))
    assert (
        redacted_failure(Failure("len", "")).kind == "an error of its own"
    )  # no error, though Python has it


def test_how_the_process_was_lost_is_the_graders_own_text():
    lost = Failure("TimeLimit", "it did not come back within 2 s")
    assert redacted_failure(lost) == lost


def test_results_are_left_as_they_are():
    outcome = Outcome([Run(5, changed=("x",))], ["f"], "lost")
    assert redacted(outcome) == outcome
