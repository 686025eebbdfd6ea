"""Every lesson keeps the rules of its text and of its place in the course, and the course keeps its own."""

import functools

import pytest

from coursekit.authoring.lesson import lessons
from coursekit.authoring.rules import course, kinds, text
from coursekit.authoring.rules.draft import Draft

draft_of = functools.cache(Draft.of)


@pytest.mark.parametrize("rule", [*course.RULES, *text.RULES, *kinds.RULES], ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_a_lesson_keeps_the_rule(lesson, rule):
    assert [*rule(draft_of(lesson))] == []


def test_the_course_keeps_its_rules():
    assert [*course.broken_rules()] == []
