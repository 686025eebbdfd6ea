"""The course as a whole: its size, its order, its notation, and what every lesson must have."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from coursekit.authoring.lesson import lessons
from nnutils.checks.catalogue import exercises_of, questions_of
from nnutils.checks.catalogue import lessons as modules
from nnutils.checks.help import answer_source

ROOT = Path(__file__).parents[2]
LESSONS = lessons(ROOT)
TAUGHT = LESSONS[1:]  # all but 00, which shows the tools
WIDEST = 104  # characters that fit into a notebook cell without scrolling
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
each_taught = pytest.mark.parametrize("lesson", TAUGHT, ids=lambda lesson: lesson.name)


def text(lesson):
    return lesson.source.read_text(encoding="utf-8")


def calls(lesson, name):
    nodes = ast.walk(ast.parse(text(lesson)))
    return [n for n in nodes if isinstance(n, ast.Call) and getattr(n.func, "id", None) == name]


@each_lesson
def test_a_lesson_uses_no_exercise_of_a_later_one(lesson):
    later = {
        item.name
        for name, module in modules().items()
        if number(lesson) < module.NUMBER
        for item in exercises_of(name)
    }
    tree = ast.parse(text(lesson))
    imported = {a.asname or a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
    defined = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    assert not (used & later) - imported - defined - stored


@each_taught
def test_a_lesson_needs_earlier_lessons_only(lesson):
    line = next(line for line in text(lesson).splitlines() if "**Before this**" in line)
    before = [
        int(found)
        for found in re.findall(r"\b(\d\d)\b", line.partition("**Before this**")[2].partition("**You")[0])
    ]
    assert before and max(before) < number(lesson)
    assert re.search(rf"about {modules()[lesson.topic].MINUTES} minutes", line), (
        "the minutes are those of its module"
    )


def number(lesson):
    return int(lesson.name[:2])


@each_lesson
def test_all_exercises_and_questions_stand_in_the_lesson(lesson):
    tagged = re.findall(r'tags=\["(?:exercise|quiz)"\]\n(\w+)\n', text(lesson))
    items = [*exercises_of(lesson.topic), *questions_of(lesson.topic)]
    assert sorted(tagged) == sorted(item.name for item in items)
    for exercise in exercises_of(lesson.topic):
        body = answer_source(exercise).partition('"""')[2].partition('"""')[2]
        used = [other for other in tagged if other != exercise.name and re.search(rf"\b{other}\(", body)]
        assert all(tagged.index(other) < tagged.index(exercise.name) for other in used)


@each_taught
def test_a_lesson_claims_asks_and_cites(lesson):
    assert len(calls(lesson, "claim")) >= 3
    assert len(questions_of(lesson.topic)) >= 3
    assert "## Papers to read" in text(lesson) and "## What you can do now" in text(lesson)
    assert "keras" in text(lesson).lower()


@each_lesson
def test_no_line_of_code_is_too_wide_for_a_cell(lesson):
    code = [line for line in text(lesson).splitlines() if not line.startswith("#")]
    code += [line for exercise in exercises_of(lesson.topic) for line in answer_source(exercise).splitlines()]
    assert [line for line in code if len(line) > WIDEST] == []


@each_lesson
def test_prose_keeps_the_tone(lesson):
    prose = "\n".join(line[2:] for line in text(lesson).splitlines() if line.startswith("# "))
    assert not re.search(r"[A-Za-z]!(\s|$)", prose), "no exclamation marks"


def test_the_first_lesson_maps_all_lessons():
    start = text(LESSONS[0])
    for lesson in TAUGHT:
        row = next(
            line for line in start.splitlines() if f"({lesson.name}.ipynb)" in line and line.startswith("# |")
        )
        assert row.rstrip().endswith(f"| {modules()[lesson.topic].MINUTES} |"), row


def test_the_course_has_its_size():
    exercises = [exercise for lesson in LESSONS for exercise in exercises_of(lesson.topic)]
    assert len(exercises) >= 5 * len(TAUGHT) - 10
    assert sum(len(exercise.mistakes) for exercise in exercises) >= 5 * len(exercises)


def test_the_notation_page_knows_every_argument_that_two_lessons_share():
    page = (ROOT / "docs" / "notation.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[2])}
    lessons_of = defaultdict(set)
    for lesson in LESSONS:
        for exercise in exercises_of(lesson.topic):
            for name in exercise.signature.parameters:
                lessons_of[name].add(lesson.name)
    assert {name for name, where in lessons_of.items() if len(where) > 1} - listed == set()
    assert listed - set(lessons_of) <= {"dz"}, "a name that no exercise uses"
