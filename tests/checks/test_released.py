"""Exercises of a released course say of an answer what the whole course says of it, from stored results."""

import pickle

import numpy as np
import pytest

from nnutils.checks.catalogue import exercises_of, lessons, questions_of
from nnutils.checks.check import examine
from nnutils.checks.errors import NotSolved
from nnutils.checks.released import exercises_from, question_without_answer, without_answers

PLAIN = [topic for topic, module in lessons().items() if getattr(module, "SEEDS", 1000) == 1000]


@pytest.fixture
def released(tmp_path):
    def release(topic, exercises=(), questions=(), told=False):
        kept = {
            "exercises": {exercise.name: without_answers(exercise) for exercise in exercises},
            "questions": {question.name: question_without_answer(question, told) for question in questions},
        }
        file = tmp_path / f"{topic}.key"
        file.write_bytes(pickle.dumps(kept, protocol=4))
        return exercises_from(file, f"released.{topic}")

    return release


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of mistakes that divide by zero
@pytest.mark.parametrize("topic", PLAIN)
def test_verdicts_are_the_same(released, topic):
    whole = [exercise for exercise in exercises_of(topic) if not exercise.judged]
    stored = released(topic, whole)
    assert list(stored) == [exercise.name for exercise in whole]
    for exercise in whole:
        other = stored[exercise.name]
        assert other.lesson == topic and other.__doc__ == exercise.__doc__
        assert str(other.signature) == str(exercise.signature)
        wrong = [mistake.function for mistake in exercise.mistakes]
        for answer in [exercise.reference, *exercise.variants, *wrong]:
            here, there = examine(other, answer), examine(exercise, answer)
            assert (here.status, here.mistake, here.cases) == (there.status, there.mistake, there.cases), (
                answer
            )


def test_what_a_judge_would_see_is_noted(released):
    whole = next(exercise for topic in PLAIN for exercise in exercises_of(topic) if exercise.judged)
    stored = released(whole.lesson, [whole])[whole.name]
    assert stored.withheld
    assert examine(stored, whole.reference).status == "deferred"
    raises = eval(f"lambda {', '.join(whole.signature.parameters)}: 1 / 0")
    assert examine(stored, raises).status == "failed"
    assert "ZeroDivisionError" in examine(stored, raises).headline


def test_calling_it_says_that_it_is_not_solved(released):
    whole = exercises_of("dropout")[0]
    stored = released("dropout", [whole])[whole.name]
    with pytest.raises(NotSolved, match=f"{whole.name} is not solved yet"):
        stored(*[np.zeros(1)] * len(stored.signature.parameters))


def test_questions_keep_their_right_option_to_themselves(released):
    question = questions_of("dropout")[0]
    silent = released("dropout", questions=[question])[question.name]
    assert silent.withheld and all(option.reason == "" for option in silent.options)
    telling = released("dropout", questions=[question], told=True)[question.name]
    assert telling.answer == question.answer and not telling.withheld
    assert [option.text for option in silent.options] == [option.text for option in question.options]
