"""The pages call a verb in one way, and every command that they show, in a block or in a sentence, is understood."""

import argparse
import importlib
import re
import shlex
from pathlib import Path

import pytest

from coursekit import cli

ROOT = Path(__file__).parents[2]
PLATFORMS = [f"platforms/{page.name}" for page in sorted((ROOT / "docs" / "platforms").glob("*.md"))]
TEXTS = {
    page: (ROOT / "docs" / page).read_text(encoding="utf-8")
    for page in (
        *("instructors.md", "nbgrader.md", "students.md", "maintainers.md", "architecture.md"),
        *("../README.md", "../CONTRIBUTING.md", *PLATFORMS),
    )
}
BLOCKS = re.compile(r"^(?:\$ )?python3 \S*course\.py ((?:.*\\\n)*.*)$", re.MULTILINE)
INLINE = re.compile(r"`(?:NNUTILS_\w+=\w+ )?(?:python3 course\.py|…) ([^`]+)`")
COMMANDS = [
    (page, command.replace("\\\n", " "))
    for page, text in TEXTS.items()
    for command in BLOCKS.findall(text) + INLINE.findall(text)
    if " " in command and not command.endswith(" --help")  # a verb alone is its name
]
GAPS = {"…": "submissions --out graded", "NN": "22"}  # what a page leaves open
JOBS = re.findall(r"^  (\w+) ", (ROOT / "course.py").read_text(encoding="utf-8"), re.MULTILINE)
WALK = "test_class_weights.py"  # it is written on the way through docs/maintainers.md


@pytest.mark.parametrize("page", TEXTS)
def test_a_verb_is_called_by_course_py(page):
    """Where the course was installed with pip, there is no course.py, and `reset` is the one verb."""
    others = "|".join(verb for verb in cli.VERBS if verb != "reset")
    assert not re.search(rf"nnutils ({others})\b", TEXTS[page])


@pytest.mark.parametrize("page", TEXTS)
def test_every_verb_of_a_page_exists(page):
    assert {*re.findall(r"course\.py ([a-z-]+)", TEXTS[page])} <= {*cli.VERBS, *JOBS}


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_a_command_is_understood(page, command):
    for gap, filled in GAPS.items():
        command = command.replace(gap, filled)
    verb, *words = shlex.split(command, comments=True)
    if verb in JOBS and verb not in cli.VERBS:
        places = [word for word in words if word.startswith("tests") and not word.endswith(WALK)]
        assert [place for place in places if not (ROOT / place).exists()] == []
        return
    parser = argparse.ArgumentParser(exit_on_error=False)
    importlib.import_module(cli.VERBS[verb][0]).add_arguments(parser)
    parser.parse_args(words)


def test_the_pages_show_commands():
    assert len(COMMANDS) >= 60
