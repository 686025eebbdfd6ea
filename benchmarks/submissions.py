"""A class of made-up submissions of one lesson: right answers and the course's own mistakes, no two files alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coursekit.grading.paste import CannotPaste, cells_of
from nnutils.checks.catalogue import exercises_of, lessons
from nnutils.checks.exercise import Exercise
from nnutils.checks.help import answer_source

ROOT = Path(__file__).resolve().parents[1]


def notebook_name(topic: str) -> str:
    """NN_topic, as the lesson's notebook is called."""
    return f"{lessons()[topic].NUMBER:02d}_{topic}"


def write_class(folder: Path, topic: str, count: int, below: str = "") -> list[Path]:
    """Write `count` submissions as folder/sNNNNN[/below]/NN_topic.ipynb; every second one makes mistakes."""
    text = (ROOT / "notebooks" / f"{notebook_name(topic)}.ipynb").read_text(encoding="utf-8")
    answers = [[*_answers(one)] for one in exercises_of(topic)]
    files = []
    for number in range(count):
        file = folder / f"s{number:05d}" / below / f"{notebook_name(topic)}.ipynb"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(_filled(json.loads(text), topic, answers, number)), encoding="utf-8")
        files.append(file)
    return files


def _answers(exercise: Exercise) -> Iterator[str]:
    """The answer, then the mistakes that a cell can hold alone."""
    yield answer_source(exercise)
    for one in exercise.mistakes:
        try:
            cells = cells_of(one.function, exercise.name)
        except CannotPaste:
            continue
        if len(cells) == 1:
            yield cells[0]


def _filled(notebook: dict[str, Any], topic: str, answers: list[list[str]], number: int) -> dict[str, Any]:
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]}
    for place, (exercise, some) in enumerate(zip(exercises_of(topic), answers, strict=True)):
        wrong = number % 2 and (number // 2 + place) % 2
        text = some[1 + (number // 4) % (len(some) - 1)] if wrong and len(some) > 1 else some[0]
        cells[f"{exercise.name}-answer"]["source"] = f"{text}\n# {number}"
    return notebook
