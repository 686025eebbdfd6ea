"""Pages on what nnutils offers: signatures, docstrings, and the formulas of the lessons that explain them."""

from __future__ import annotations

import html
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

import nbformat

import nnutils
from coursekit.authoring.lesson import Lesson
from coursekit.authoring.table import title
from coursekit.site.lesson_page import role_of
from coursekit.site.markup import code

LEFT_OUT = (
    "checks",
    "lessons",
    "cli",
    "reset",
    "update",
    "doctor",
    "words",
    "files",
    "figures",
)  # not for a student's code
FORMULA = re.compile(r"\$\$.+?\$\$", re.DOTALL)
WIDEST = 76
Formulas = dict[str, tuple[Lesson, str, list[str]]]


def formulas_of(lessons: Sequence[Lesson]) -> Formulas:
    """For each exercise its lesson, its name, and the formulas that stand between the heading or the task before it, and it.

    The exercise `adam_update` tells of the class `Adam`, too: see `_key`.
    """
    found: Formulas = {}
    for lesson in lessons:
        gathered = list[str]()
        for cell in nbformat.read(lesson.solution, as_version=4).cells:
            role, name = role_of(cell)
            if role == "text":
                last = re.split(r"^#+ ", cell.source, flags=re.MULTILINE)
                gathered = ([] if len(last) > 1 else gathered) + FORMULA.findall(last[-1])
            elif role == "answer":
                found[_key(name)] = (lesson, name, gathered)
                gathered = []
    return found


def _key(name: str) -> str:
    """What a function and a class of the same idea have in common."""
    return name.casefold().removesuffix("_update").removesuffix("_step").replace("_", "")


def modules() -> dict[str, list[ModuleType]]:
    """The parts of nnutils that a student's code may use: name → the modules that it consists of."""
    found = {}
    for info in pkgutil.iter_modules(nnutils.__path__):
        if info.name not in LEFT_OUT and not info.name.startswith("_"):
            module = importlib.import_module(f"nnutils.{info.name}")
            below = [importlib.import_module(f"{module.__name__}.{inner.name}") for inner in _inner(module)]
            found[info.name] = [module, *below]
    return found


def _inner(module: ModuleType) -> list[pkgutil.ModuleInfo]:
    return [
        info
        for info in pkgutil.iter_modules(getattr(module, "__path__", []))
        if not info.name.startswith("_")
    ]


def pages(formulas: Formulas) -> dict[str, str]:
    """The pages by their paths, the first of which lists the others."""
    parts = modules()
    rows = [f"| [`nnutils.{name}`]({name}.md) | {_first_line(group[0])} |" for name, group in parts.items()]
    intro = "What the notebooks import besides the words of the tasks. Everything needs NumPy alone, and is tested beside Keras."
    toctree = "```{toctree}\n:hidden:\n\n" + "\n".join(parts) + "\n```"
    listing = "\n".join(["| module | what it holds |", "|---|---|", *rows])
    index = "\n\n".join(
        [
            "# The library nnutils",
            intro,
            listing,
            "## Words of the tasks",
            *_members(nnutils, {}, _words()),
            toctree,
        ]
    )
    own = {f"api/{name}.md": _page(name, group, formulas) for name, group in parts.items()}
    return {"api/index.md": index + "\n", **own}


def _words() -> list[Any]:
    return [getattr(nnutils, name) for name in nnutils.__all__]


def _first_line(module: ModuleType) -> str:
    return _inline((inspect.getdoc(module) or "").split("\n\n")[0].replace("\n", " "))


def _page(name: str, group: list[ModuleType], formulas: Formulas) -> str:
    parts = [f"# nnutils.{name}", prose(inspect.getdoc(group[0]) or "")]
    for module in group:
        parts += _members(module, formulas, list(_public(module)))
    return "\n\n".join(parts) + "\n"


def _public(module: ModuleType) -> Iterator[Any]:
    """The functions and classes that a module defines, in the order in which they stand in it."""
    for name, item in vars(module).items():
        own = getattr(item, "__module__", "") == module.__name__
        if (
            own
            and not name.startswith("_")
            and (inspect.isclass(item) or callable(item))
            and inspect.getdoc(item)
        ):
            yield item


def _members(module: ModuleType, formulas: Formulas, items: Sequence[Any]) -> list[str]:
    parts = list[str]()
    for item in items:
        name = item.__name__
        parts += [f"## {name}", code(signature(name, item)), prose(inspect.getdoc(item) or "")]
        lesson, task, maths = formulas.get(_key(name), (None, "", []))
        if lesson:
            page = f"../lessons/{lesson.name}.html#exercise-{task}"
            where = f'<a href="{page}">lesson {lesson.name[:2]}, {title(lesson)}</a>'
            parts += [f"Explained in {where}{':' if maths else '.'}", *maths]
        parts += _methods(item) if inspect.isclass(item) else []
    return parts


def _methods(kind: type) -> list[str]:
    own = [(name, item) for name, item in vars(kind).items() if not name.startswith("_") and callable(item)]
    return [
        f'<div class="method">\n\n{code(signature(name, item))}\n\n{prose(inspect.getdoc(item) or "")}\n\n</div>'
        for name, item in own
        if inspect.getdoc(item)
    ]


def signature(name: str, item: Callable[..., Any]) -> str:
    """The signature as code, one argument a line where it is long."""
    try:
        found = inspect.signature(item)
    except (TypeError, ValueError):
        return name
    arguments = [str(argument).replace("'", "") for argument in found.parameters.values()]
    back = (
        ""
        if found.return_annotation in (found.empty, "None", None)
        else f" -> {found.return_annotation}".replace("'", "")
    )
    back = "" if inspect.isclass(item) else back
    line = f"{name}({', '.join(arguments)}){back}"
    return (
        line
        if len(line) <= WIDEST
        else "\n    ".join([f"{name}(", *(f"{a}," for a in arguments)]) + f"\n){back}"
    )


def prose(doc: str) -> str:
    """A docstring as HTML: its paragraphs; what is raised; code and examples as code."""
    parts = list[str]()
    for block in re.split(r"\n\s*\n", doc.strip()):
        lines = block.splitlines()
        if lines[0].startswith((">>>", "    ")):
            parts.append(code("\n".join(lines)))
        elif len(lines) > 1 and re.fullmatch(r"-{3,}", lines[1].strip()):
            parts += [f"<p><strong>{html.escape(lines[0])}</strong></p>", _lines(lines[2:])]
        else:
            parts.append(_lines(lines))
    return "\n\n".join(parts)


def _lines(lines: list[str]) -> str:
    """Lines as one paragraph; one that tells of an argument, or of what is returned, begins a new line."""
    text = ""
    for line in lines:
        new = re.match(r"[\w*.]+(, [\w*.]+)*: |Returns |Raises ", line)
        text += (("<br>" if new else " ") if text else "") + _inline(line.strip())
    return f"<p>{text}</p>"


def _inline(text: str) -> str:
    return re.sub(r"``?([^`]+)``?", r"<code>\1</code>", html.escape(text, quote=False))
