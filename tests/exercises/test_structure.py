"""Every exercise and question keeps the rules: what it must have, and that the check tells right from wrong."""

import functools
import subprocess
import sys

import pytest

from coursekit.authoring.lesson import lessons
from coursekit.authoring.rules import exercises
from coursekit.authoring.rules.draft import Draft

draft_of = functools.cache(Draft.of)


@pytest.mark.parametrize("rule", [*exercises.RULES, *exercises.RUNNING], ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_exercises_and_questions_keep_the_rule(lesson, rule):
    assert [*rule(draft_of(lesson))] == []


def test_exercises_load_nothing_heavy():
    code = "import sys; from nnutils.checks.catalogue import lessons; lessons(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"tensorflow", "keras", "sklearn", "matplotlib", "IPython", "scipy", "pandas"}
    assert not heavy & {*run.stdout.split()}
