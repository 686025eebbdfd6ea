"""What is handed out is read as what it is: an untouched copy holds no answer in any form, a solution holds each."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursekit.grading.intake.topics import file_name
from coursekit.grading.reading.answers import answer_of
from coursekit.grading.reading.extract import extract
from coursekit.grading.reading.notebook import sources_of
from nnutils.checks.catalogue import exercises_of, lessons

ROOT = Path(__file__).resolve().parents[2]


def read(folder: str, topic: str, ending: str = ".ipynb"):
    file = ROOT / folder / f"{file_name(topic)}{ending}"
    sources = sources_of(file.read_bytes(), file.name)
    return extract(sources.code, sources.texts)


@pytest.mark.parametrize("topic", lessons())
def test_an_untouched_copy_holds_stubs_and_nothing_instead(topic):
    notebook = read("notebooks", topic)
    assert notebook.broken == []
    for exercise in exercises_of(topic):
        answer = answer_of(notebook, exercise)
        assert answer.is_stub() and answer.instead is None, exercise.name


@pytest.mark.parametrize("topic", lessons())
def test_a_solution_is_read_without_an_objection_or_a_warning(topic):
    notebook = read("solutions", topic)
    for exercise in exercises_of(topic):
        answer = answer_of(notebook, exercise)
        assert answer.program and not answer.is_stub()
        assert answer.objection() is None and answer.warning() == "", exercise.name


@pytest.mark.parametrize("topic", lessons())
def test_the_courses_own_percent_scripts_are_read(topic):
    notebook = read("lessons", topic, ".py")
    assert notebook.broken == [] and len(notebook.cells) > 5
