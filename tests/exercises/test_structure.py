"""Every exercise and question keeps the rules: what it must have, and that the check tells right from wrong."""

import functools
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.authoring import proven
from coursekit.authoring.lesson import lessons
from coursekit.authoring.rules import exercises, kinds
from coursekit.authoring.rules.draft import Draft

draft_of = functools.cache(Draft.of)


each_lesson = pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)


@pytest.mark.parametrize("rule", exercises.RULES, ids=lambda rule: rule.__name__)
@each_lesson
def test_exercises_and_questions_keep_the_rule(lesson, rule):
    assert [*rule(draft_of(lesson))] == []


@pytest.mark.parametrize("rule", [*exercises.RUNNING, *kinds.RUNNING], ids=lambda rule: rule.__name__)
@each_lesson
def test_exercises_keep_the_rule_when_they_are_run(lesson, rule, request):
    """Where that was proved, and nothing has changed, the tests of seeds run the mistakes and variants all the same."""
    proof = proven.lesson_proof(lesson.topic, rule.__name__, request.path, Path(inspect.getfile(rule)))
    if not proven.holds(proof):
        request.node.user_properties += [("proof", (*proved, 1)) for proved in proof.items()]
        assert [*rule(draft_of(lesson))] == []


def test_exercises_load_nothing_heavy():
    code = "import sys; from nnutils.checks.catalogue import lessons; lessons(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"tensorflow", "keras", "sklearn", "matplotlib", "IPython", "scipy", "pandas"}
    assert not heavy & {*run.stdout.split()}
