"""The pages for instructors and students call a verb in one way, and every command that they show is understood."""

import argparse
import importlib
import re
import shlex
from pathlib import Path

import pytest

from coursekit import cli

ROOT = Path(__file__).parents[2]
TEXTS = {
    page: (ROOT / "docs" / page).read_text(encoding="utf-8")
    for page in ("instructors.md", "nbgrader.md", "students.md")
}
COMMANDS = [
    (page, command.replace("\\\n", " "))
    for page, text in TEXTS.items()
    for command in re.findall(r"^(?:\$ )?python3 \S*course\.py ((?:.*\\\n)*.*)$", text, re.MULTILINE)
]
GAPS = {"…": "submissions --out graded"}  # what a page leaves open


@pytest.mark.parametrize("page", TEXTS)
def test_a_verb_is_called_by_course_py(page):
    """Where the course was installed with pip, there is no course.py, and `reset` is the one verb."""
    others = "|".join(verb for verb in cli.VERBS if verb != "reset")
    assert not re.search(rf"nnutils ({others})\b", TEXTS[page])


@pytest.mark.parametrize("page", TEXTS)
def test_every_verb_of_a_page_exists(page):
    jobs = re.findall(r"^  (\w+) ", (ROOT / "course.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert {*re.findall(r"course\.py ([a-z-]+)", TEXTS[page])} <= {*cli.VERBS, *jobs}


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_a_command_is_understood(page, command):
    for gap, filled in GAPS.items():
        command = command.replace(gap, filled)
    verb, *words = shlex.split(command)
    parser = argparse.ArgumentParser(exit_on_error=False)
    importlib.import_module(cli.VERBS[verb][0]).add_arguments(parser)
    parser.parse_args(words)


def test_the_pages_show_commands():
    assert len(COMMANDS) >= 6
