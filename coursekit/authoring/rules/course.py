"""The rules of a lesson's place in the course: its files, the other lessons, the pages that list it; and of the course itself."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from coursekit.authoring.lesson import ROOT, lessons
from coursekit.authoring.rules import kinds
from coursekit.authoring.rules.draft import Draft, Rule
from nnutils.checks.catalogue import exercises_of, predictions_of, questions_of
from nnutils.checks.catalogue import lessons as modules
from nnutils.words import listed

TODO = re.compile(r'\bTODO:? *([^"]*)')


def nothing_is_left_to_do(draft: Draft) -> Iterator[str]:
    """No file of the lesson holds a TODO."""
    for file in draft.files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            todo = "; ".join(TODO.findall(line))
            if todo:
                yield f"{draft.shown(file)}:{number}: to do: {todo}"


def it_uses_nothing_of_other_lessons(draft: Draft) -> Iterator[str]:
    """A lesson imports nothing of another lesson, and calls no exercise of a later one."""
    nodes = [*ast.walk(draft.tree)]
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    for module in sorted({node.module or "" for node in imports}):
        topic = re.fullmatch(r"nnutils\.lessons\.(\w+)(\..*)?", module)
        if topic and topic[1] != draft.lesson.topic:
            yield f"{draft.place} imports {module} of another lesson: move what both use to nnutils or nnutils/figures"
    names = [node for node in nodes if isinstance(node, ast.Name)]
    own = {alias.asname or alias.name for node in imports for alias in node.names}
    own |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    for other in draft.others:
        if other.number > draft.lesson.number:
            for exercise in exercises_of(other.topic):
                if exercise.name in {node.id for node in names} - own:
                    yield f"{draft.place} uses {exercise.name}, an exercise of the later lesson {other.name}"


def the_map_has_its_row(draft: Draft) -> Iterator[str]:
    """Lesson 00 lists all lessons, with their minutes."""
    if not draft.taught:
        return
    start = next((lesson for lesson in draft.others if lesson.number == 0), None)
    lines = start.source.read_text(encoding="utf-8").splitlines() if start else []
    rows = [line for line in lines if line.startswith("# |") and f"({draft.lesson.name}.ipynb)" in line]
    if not rows:
        wanted = f"# | [{draft.lesson.name[:2]} Title]({draft.lesson.name}.ipynb) | its question | {draft.minutes} |"
        yield f"the map at the end of lesson 00 has no row for {draft.lesson.name}: add `{wanted}`"
    elif "TODO" in rows[0]:
        yield f"the map at the end of lesson 00 does not say the question of {draft.lesson.name}: write it there"
    elif not rows[0].rstrip().endswith(f"| {draft.minutes} |"):
        yield f"the map at the end of lesson 00 gives other minutes for {draft.lesson.name}: write {draft.minutes}"


def shared_arguments_are_explained(draft: Draft) -> Iterator[str]:
    """docs/notation.md explains each argument that exercises of two lessons have."""
    elsewhere = {
        name: other.name
        for other in draft.others
        for exercise in exercises_of(other.topic)
        for name in exercise.signature.parameters
    }
    own = {name for exercise in draft.exercises for name in exercise.signature.parameters}
    for name in sorted(own & set(elsewhere) - notation(draft.root)):
        both = f"{elsewhere[name]} and {draft.lesson.name}"
        yield f"docs/notation.md does not explain `{name}`, an argument in {both}: add a row"


def names_are_its_own(draft: Draft) -> Iterator[str]:
    """No other exercise, question or prediction of the course has the same name."""
    for other in draft.others:
        others = {item.name for item in exercises_of(other.topic)}
        others |= {item.name for item in questions_of(other.topic)}
        others |= {item.name for item in predictions_of(other.topic)}
        for item in draft.items:
            if item.name in others:
                yield f"{draft.where(item)}: lesson {other.name} has an item of this name: choose another"
    names = [item.name for item in draft.items]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{draft.lesson.name}: two of its exercises, questions and predictions are called {name}: choose another name"


def the_code_is_formatted(draft: Draft) -> Iterator[str]:
    """ruff finds nothing to change in any file of the lesson."""
    if importlib.util.find_spec("ruff") is None:
        yield f"{draft.place}: ruff is not here to look at the code: `python3 course.py setup --tools` installs it"
        return
    files = [draft.shown(file) for file in draft.files]
    if ruff(draft.root, "format", "--check", *files).returncode:
        yield f"{draft.place}: not all files of the lesson are formatted: run `.venv/bin/ruff format {' '.join(files)}`"
    for line in ruff(draft.root, "check", "--output-format=concise", *files).stdout.splitlines():
        if re.match(r"\S+:\d+:\d+: ", line):
            yield line


def it_has_tests_and_a_row_in_the_readme(draft: Draft) -> Iterator[str]:
    """A lesson has a test file of its own, and was measured."""
    if draft.taught and not draft.tests.exists():
        yield f"{draft.shown(draft.tests)} is missing: test there what no rule knows, as judges, figures and inputs"
    if f"notebooks/{draft.lesson.name}.ipynb" not in (draft.root / "README.md").read_text(encoding="utf-8"):
        yield f"README.md has no row for {draft.lesson.name}: run `python3 course.py table {draft.lesson.name[:2]}`"


def notation(root: Path) -> set[str]:
    """The names in the second column of the tables of docs/notation.md."""
    page = root / "docs" / "notation.md"
    rows = page.read_text(encoding="utf-8").splitlines() if page.exists() else []
    return {name for row in rows if row.startswith("|") for name in re.findall(r"`(\w+)`", row.split("|")[2])}


def ruff(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What ruff says: exit code 0 for nothing, 1 for something."""
    done = subprocess.run([sys.executable, "-m", "ruff", *words], cwd=root, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"ruff cannot run: {done.stderr.strip()}")
    return done


RULES: tuple[Rule, ...] = (
    nothing_is_left_to_do,
    it_uses_nothing_of_other_lessons,
    the_map_has_its_row,
    shared_arguments_are_explained,
    names_are_its_own,
    the_code_is_formatted,
    it_has_tests_and_a_row_in_the_readme,
)


def broken_rules(root: Path = ROOT) -> Iterator[str]:
    """What is wrong with the course as a whole, in sentences."""
    yield from _packages(root)
    every = [lesson for lesson in lessons(root) if lesson.topic in modules()]
    items = [item for lesson in every for item in exercises_of(lesson.topic)]
    least = 5 * (len(every) - 1) - 10
    if len(items) < least:
        yield f"the course has {len(items)} exercises: {len(every)} lessons need {least} at least"
    mistakes = sum(len(item.mistakes) for item in items)
    if mistakes < 5 * len(items):
        yield f"the course names {mistakes} mistakes: it needs 5 an exercise on average, {5 * len(items)}"
    yield from kinds.too_many_are_short(items)
    questions = [question for lesson in every for question in questions_of(lesson.topic)]
    letters = [question.answer for question in questions]
    most = max(letters, key=letters.count, default="")
    if letters.count(most) > max(2, 0.5 * len(letters)):
        yield f"{most} is the right letter of {letters.count(most)} of {len(letters)} questions: reorder the options of some"
    longest = sum(max(each.options, key=lambda option: len(option.text)).right for each in questions)
    if longest > max(2, 0.35 * len(questions)):
        yield f"the right option is the longest in {longest} of {len(questions)} questions: shorten it in some"
    used = {name for item in items for name in item.signature.parameters}
    for name in sorted(notation(root) - used - {"dz"}):
        yield f"docs/notation.md explains `{name}`, which no exercise has as an argument: delete it there"


def _packages(root: Path) -> Iterator[str]:
    every = lessons(root)
    names, numbers = {lesson.name for lesson in every}, [lesson.number for lesson in every]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        same = [lesson.name for lesson in every if lesson.number == number]
        yield f"{listed(same)} have the same number: rename one of them"
    for topic, module in modules().items():
        name = f"{module.NUMBER:02d}_{topic}"
        if name not in names:
            yield f"nnutils/lessons/{topic} has NUMBER = {module.NUMBER}, but there is no lessons/{name}.py"
