"""review: what a finished lesson asked comes again, later each time if it was known."""

import datetime
import re
import sys

import pytest

from nnutils.checks import record, review
from nnutils.checks.catalogue import exercises_of, find_question, questions_of
from nnutils.checks.verdict import Verdict

TOPIC = "start_here"


@pytest.fixture
def calendar(monkeypatch):
    """A calendar that a test can turn: calendar(3) is three days later."""
    days = [datetime.date(2026, 3, 2)]

    class Date(datetime.date):
        @classmethod
        def today(cls):
            return days[0]

    monkeypatch.setattr(sys.modules["nnutils.checks.review"].datetime, "date", Date)
    return lambda number: days.__setitem__(0, days[0] + datetime.timedelta(number))


def asked(capsys, *words):
    review(*words)
    return capsys.readouterr().out


def finish(*without):
    for exercise in exercises_of(TOPIC):
        if exercise.name not in without:
            record.note_verdict(exercise, Verdict("passed", "passed"))


def answer_questions():
    for question in questions_of(TOPIC):
        record.note_answer(find_question(question.name), right=False)


def test_nothing_is_asked_of_a_lesson_that_is_not_finished(capsys):
    answer_questions()
    finish(exercises_of(TOPIC)[0].name)
    assert "finish a lesson first" in asked(capsys)


def test_questions_that_were_answered_come_again_and_move_through_the_boxes(capsys, calendar):
    finish()
    question = questions_of(TOPIC)[0]
    record.note_answer(find_question(question.name), right=False)
    for days in ("1 day", "2 days", "4 days", "8 days", "16 days", "16 days"):
        text = asked(capsys)
        assert "1 due today" in text and question.text.splitlines()[0].replace("`", "") in text
        text = asked(capsys, question.answer)
        assert "is right" in text and f"Asked again in {days}." in text
        assert f"nothing is due today; the next question comes in {days}" in asked(capsys)
        calendar(int(days.split()[0]))


def test_what_was_not_known_comes_again_tomorrow(capsys, calendar):
    finish()
    question = questions_of(TOPIC)[0]
    record.note_answer(find_question(question.name), right=True)
    for _time in range(3):
        asked(capsys)
        asked(capsys, question.answer)
        calendar(16)
    wrong = next(letter for letter, option in question.lettered() if not option.right)
    asked(capsys)
    text = asked(capsys, wrong)
    assert f"{wrong} is not it" in text and f"{question.answer}: " in text and "Asked again in 1 day" in text
    assert "nothing is due today; the next question comes in 1 day" in asked(capsys)
    calendar(1)
    assert "1 due today" in asked(capsys)


def test_a_mistake_that_was_made_is_shown_with_its_code_and_three_sentences(capsys, calendar):
    finish()
    exercise = next(item for item in exercises_of(TOPIC) if item.kind == "write")
    mistake = exercise.mistakes[0]
    record.note_verdict(exercise, Verdict("failed", mistake.sentence, (), mistake.name))
    text = asked(capsys)
    assert f"def {mistake.name}" in text
    letters = re.findall(r"^  ([abc]): (.*)$", text, re.MULTILINE)
    (right,) = [letter for letter, sentence in letters if sentence == mistake.sentence.replace("`", "")]
    assert len({sentence for _, sentence in letters}) == 3
    assert "Right. The right code" in asked(capsys, right)


@pytest.mark.parametrize("word", ["", "z", "ab", 3])
def test_an_answer_that_is_none_of_the_letters_is_told_and_the_question_stays(capsys, calendar, word):
    finish()
    answer_questions()
    asked(capsys)
    kept = record.entry("(review)")
    assert "write one of" in asked(capsys, word)
    assert record.entry("(review)") == kept


@pytest.mark.parametrize("boxes", [3, {"what_failed": "x"}, {"what_failed": [1]}, None])
def test_boxes_that_somebody_spoiled_begin_anew(capsys, calendar, boxes):
    finish()
    answer_questions()
    record.update("(review)", lambda entry: entry.update(boxes=boxes))
    assert "due today" in asked(capsys)
