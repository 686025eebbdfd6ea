"""progress: the map of the lessons, one lesson, what is next; and words that are forgiven."""

import re

import pytest

from nnutils.checks import hint, progress, record, solution, view
from nnutils.checks.catalogue import (
    exercises_of,
    find_exercise,
    find_lesson,
    find_question,
    lessons,
    predictions_of,
    questions_of,
)
from nnutils.checks.errors import UnknownName
from nnutils.checks.verdict import Verdict


def shown(capsys, *words):
    progress(*words)
    return capsys.readouterr().out.splitlines()


def passed(name, status="passed"):
    record.note_verdict(find_exercise(name), Verdict(status, status))


def test_the_map_has_a_row_for_each_lesson(capsys):
    header, *rows, note = shown(capsys)
    assert header.split() == ["lesson", "exercises", "questions", "predictions", "points"]
    assert len(rows) == len(lessons()) and all(row.startswith("○") for row in rows)
    first = exercises_of("start_here")[0]
    assert note == f"Next: {first.name} ({first.kind}, about {first.minutes} minutes) in 00 start here."


def test_what_was_done_is_counted_and_the_lesson_that_was_begun_goes_on(capsys):
    exercises = exercises_of("dropout")
    passed(exercises[0].name)
    record.update(predictions_of("dropout")[0].name, lambda entry: entry.update(status="guessed"))
    row = next(line for line in shown(capsys) if "04 dropout" in line)
    counts = [
        f"1 of {len(exercises)}",
        f"0 of {len(questions_of('dropout'))}",
        f"1 of {len(predictions_of('dropout'))}",
    ]
    points = sum(item.points for item in [*exercises, *questions_of("dropout")])
    assert re.split(r"  +", row)[1:] == ["04 dropout", *counts, f"{exercises[0].points} of {points}"]
    assert row.startswith("◐")
    assert shown(capsys)[-1].startswith(f"Next: {exercises[1].name} (")


def test_a_finished_lesson_and_a_finished_course(capsys, monkeypatch):
    for topic in ("start_here",):
        for item in exercises_of(topic):
            passed(item.name)
        left = shown(capsys)[-1]
        assert left == f"Next: {questions_of(topic)[0].name} (a question) in 00 start here."
        for item in questions_of(topic):
            record.note_answer(find_question(item.name), right=True)
    assert shown(capsys)[1].startswith("✔")
    everything = {
        item.name: {"status": "passed"}
        for topic in lessons()
        for item in (*exercises_of(topic), *questions_of(topic))
    }
    monkeypatch.setattr(record, "load", lambda: everything)
    assert shown(capsys)[-1] == "You have finished the course."


def test_one_lesson_lists_all_that_it_asks(capsys):
    exercise = exercises_of("dropout")[0]
    record.note_hint(exercise)
    passed(exercise.name, "failed")
    passed(exercise.name)
    _, first, *rest = shown(capsys, "dropout")
    assert re.split(r"  +", first) == ["✔", exercise.name, exercise.kind, str(exercise.points), "2", "1"]
    others = [*exercises_of("dropout")[1:], *questions_of("dropout"), *predictions_of("dropout")]
    assert [re.split(r"  +", line)[1] for line in rest] == [item.name for item in others]


@pytest.mark.parametrize(
    "word", [4, "4", "04", "dropout", "Dropout", "04_dropout", "04_dropout.ipynb", "dropou"]
)
def test_a_lesson_is_found_by_each_of_its_names(word):
    assert find_lesson(word) == "dropout"


@pytest.mark.parametrize("word", ["", "gradient", "99", "driopout"])
def test_a_name_that_is_none_or_two_is_not_guessed(word):
    with pytest.raises(UnknownName, match="there is no lesson"):
        find_lesson(word)


@pytest.mark.parametrize("word", [progress, hint, solution])
def test_a_slip_of_the_pen_gets_a_sentence_and_no_traceback(word, capsys):
    word("dropout_maks" if word is not progress else "driopout")
    near = "dropout" if word is progress else "dropout_mask"
    assert capsys.readouterr().out.rstrip().endswith(f"Did you mean '{near}'?")


def test_in_a_notebook_lessons_are_links_to_the_notebooks_that_are_there(tmp_path, monkeypatch):
    (tmp_path / "04_dropout.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(view, "_in_notebook", lambda: True)
    sent = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: sent.append(data))
    progress()
    (message,) = sent
    assert re.findall(r'<a href="([^"]+)">([^<]+)', message["text/html"]) == [
        ("04_dropout.ipynb", "04 dropout")
    ]
    assert message["text/html"].count("<tr>") == 1 + len(lessons())
    assert "Next: " in message["text/plain"] and "Next: " in message["text/html"]
