"""What the designs of a class say: the settings that stand in the answers as plain values. Nothing is run."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from coursekit.grading.pages.handed_in import Cell
from coursekit.grading.pages.page import known
from coursekit.grading.reading.cells import BROKEN, parse
from nnutils.checks.catalogue import find_exercise

MOST_VALUES = 6  # of a setting
WORD = re.compile(r"[^\W\d]\w*")
MAX_VALUE = 40  # characters


@dataclass
class Chosen:
    """Exercise → setting → value, as it is written → students."""

    settings: dict[str, dict[str, Counter[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )
    students: Counter[str] = field(default_factory=Counter)  # exercise → how many say settings

    def add(self, cells: Iterable[Cell]) -> None:
        """Count the designs in a student's notebook of a lesson; of several definitions the last one."""
        last = {item.name: cell.source for cell in cells for item in cell.items if _is_design(item.name)}
        for name, source in last.items():
            own = {*_settings(source, name)}
            self.students[name] += bool(own)
            for setting, value in own:
                self.settings[name][setting][value] += 1

    def lines(self, name: str, discreet: bool = False) -> list[tuple[str, str]]:
        """Each setting of a design with its values, what most students chose first.

        discreet: leave out what could tell who wrote it: a value of one student, and words that the task does not have.
        """
        found = []
        for setting, values in sorted(self.settings.get(name, {}).items()):
            every = sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
            if discreet:
                every = [
                    pair for pair in every if pair[1] > 1 and _is_of_the_task(f"{setting} {pair[0]}", name)
                ]
            told = ", ".join(f"{value} ({count})" for value, count in every[:MOST_VALUES])
            more = len(values) - len(every[:MOST_VALUES])
            if told:
                found.append((setting, f"{told} and {more} more" if more else told))
        return found


def _is_of_the_task(text: str, name: str) -> bool:
    """Whether all words of a text stand in the docstring of an exercise."""
    exercise = known(find_exercise, name)
    words = {*WORD.findall((exercise.__doc__ or "") if exercise else "")}
    return {*WORD.findall(text)} <= words | {"True", "False", "None"}


def _is_design(name: str) -> bool:
    exercise = known(find_exercise, name)
    return exercise is not None and exercise.kind == "design"


def _settings(source: str, name: str) -> Iterator[tuple[str, str]]:
    """Setting and value of each plain value that a function gives a name: {"lr": 0.1}, dict(lr=0.1), plan["lr"] = 0.1."""
    try:
        _, statements = parse(source)
    except BROKEN:
        return
    functions = [node for node in statements if isinstance(node, ast.FunctionDef) and node.name == name]
    for node in (inner for function in functions[-1:] for inner in ast.walk(function)):
        pairs: list[tuple[ast.expr | None, ast.expr]] = []
        match node:
            case ast.Dict(keys=keys, values=values):
                pairs = [*zip(keys, values, strict=True)]
            case ast.Call(func=ast.Name(id="dict"), keywords=words):
                pairs = [(ast.Constant(word.arg), word.value) for word in words if word.arg]
            case ast.Assign(targets=[ast.Subscript(slice=index)], value=value):
                pairs = [(index, value)]
        for key, setting in pairs:
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and (text := _plain(setting)):
                yield key.value[:MAX_VALUE], text


def _plain(node: ast.expr) -> str:
    """A number, text or short tuple as it is written; empty where it is computed or long."""
    try:
        text = repr(ast.literal_eval(node))
    except (*BROKEN, TypeError):
        return ""
    return text if len(text) <= MAX_VALUE else ""
