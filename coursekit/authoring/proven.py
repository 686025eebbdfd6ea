"""What was proved once and holds as long as nothing that it depends on has changed: the tests then take a shorter way.

A proof over a thousand seeds depends on an exercise, on the code that checks it, and on the lock. That a student copy runs
depends on the same, and on what it imports. With `--prove` the tests of tests/exercises, tests/grading and notebooks/ prove what
has changed and write `tests/proven.json`. With NNUTILS_SEEDS=all in the environment nothing is taken as proved.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterable
from pathlib import Path

from coursekit.authoring import digest
from nnutils.checks.exercise import Exercise
from nnutils.files import write_whole

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tests" / "proven.json"
CHECK = "nnutils.checks.check"  # from here all of the code that checks an answer is reached
GRADER = (  # from here all that grades one notebook is reached
    "coursekit.grading.grade_notebook",
    "coursekit.grading.model_judge",
    "coursekit.grading.paste",
    "coursekit.sandbox.zygote",
)
Proofs = dict[str, str]  # what was proved → a hash of all that it depends on


def exercise_proof(exercise: Exercise, test: str, *sources: Path) -> Proofs:
    """The proof of one exercise by a test, from the files of the test. Other exercises count where this one imports them."""
    texts = [file.read_text(encoding="utf-8") for file in sources]
    version = digest.of_modules({exercise.reference.__module__, CHECK}, _lock(), *texts, root=ROOT)
    return {f"{exercise.lesson}/{exercise.name}: {test}": version}


def lesson_proof(topic: str, test: str, *sources: Path, more: Iterable[str] = ()) -> Proofs:
    """The proof of all exercises of a lesson by a test, from `more` modules and the code of files that they do not import."""
    modules = {f"nnutils.lessons.{topic}.{part}" for part in ("exercises", "questions", "given")}
    texts = [digest.code(file) for file in sources]
    return {f"{topic}: {test}": digest.of_modules({*modules, CHECK, *more}, _lock(), *texts, root=ROOT)}


def grading_proof(topic: str, test: str, *sources: Path) -> Proofs:
    """The proof of a lesson by a test of the grader: it depends on all that grades one notebook, too."""
    return lesson_proof(topic, test, *sources, more=GRADER)


def copy_proof(notebook: Path) -> Proofs:
    """The proof that a student copy, unanswered, runs to its end; empty for a notebook without a lesson."""
    lesson = ROOT / "lessons" / f"{notebook.stem}.py"
    if not lesson.exists():
        return {}
    topic = f"nnutils.lessons.{notebook.stem.partition('_')[2]}"
    modules = {
        f"{topic}.exercises",
        f"{topic}.questions",
        f"{topic}.predictions",
        CHECK,
        *digest.imports(lesson),
    }
    text = notebook.read_text(encoding="utf-8")
    return {f"notebooks/{notebook.name}": digest.of_modules(modules, _lock(), text, root=ROOT)}


def holds(proof: Proofs) -> bool:
    """Whether all of this was proved, and nothing that it depends on has changed since."""
    return os.environ.get("NNUTILS_SEEDS") != "all" and proof.items() <= _kept().items()


def keep(proofs: Proofs) -> None:
    """Write proofs down, in the place of earlier ones of the same things."""
    write_whole(FILE, json.dumps(_kept() | proofs, indent=1, sort_keys=True) + "\n")
    _kept.cache_clear()


@functools.cache
def _kept() -> Proofs:
    proofs: Proofs = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return proofs


def _lock() -> str:
    return (ROOT / "requirements.txt").read_text(encoding="utf-8")
