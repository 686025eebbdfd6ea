"""What an answer's code looks like, as a short list of numbers: enough to see later that two are alike, without keeping the code.

Winnowing: Schleimer, Wilkerson, Aiken (2003), Winnowing: Local Algorithms for Document Fingerprinting.
"""

from __future__ import annotations

import ast
import functools
import io
import re
import tokenize
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from coursekit.grading.reading.extract import Notebook
from nnutils.checks.catalogue import exercises_of
from nnutils.checks.exercise import Exercise
from nnutils.checks.help import answer_source

STRUCTURE, NAME, REMARK = 0, 1, 2  # the kinds of fragments, kept in the last two bits of a print
K, WINDOW = 5, 3  # syntax nodes a fragment; of so many fragments in a row at least one is kept
MAX_NODES, MAX_PRINTS, MAX_TEXT, MAX_PARTS = 8_000, 96, 20_000, 30
REMARK_LENGTH = 12  # letters and digits: a shorter comment or string is anybody's
PLAIN = (ast.Expr, ast.Pass, ast.arguments)  # nodes that tell nothing
SILENT = {"ctx", "annotation", "returns", "decorator_list"}  # fields that are left out
STARTER = ("# YOUR CODE HERE",)


def fingerprints(notebook: Notebook, topic: str) -> dict[str, list[int]]:
    """Exercise → prints of its answer and of the notebook's functions that it calls, sorted, at most 96 for each kind.

    Three kinds: fragments of the syntax tree, with names, order of definitions, annotations and docstrings made alike, so that
    renaming changes nothing; the names that the author chose; comments and strings. What the course's own answer has, too, is
    left out, so an answer just like it has an empty list. An exercise without an answer is missing. Nothing is run.
    """
    taken = {exercise.name: exercise for exercise in exercises_of(topic)}
    found = {}
    for name, exercise in taken.items():
        parts = _parts(notebook, name, taken.keys())
        if parts:
            own = _prints(parts, name)
            found[name] = sorted(own - _of_the_course(exercise))
    return found


def kind_of(fingerprint: int) -> int:
    """STRUCTURE, NAME or REMARK."""
    return fingerprint & 3


class _Part(NamedTuple):
    """A function of an answer: its syntax nodes, parents first, and its text."""

    nodes: list[ast.AST]
    source: str


def _parts(notebook: Notebook, name: str, exercises: Iterable[str]) -> list[_Part]:
    """The definition that counts, the last one with something in it, and the functions that it calls."""
    todo = [one for one in notebook.definitions(name) if not _is_empty(one.node)][-1:]
    parts, seen = list[_Part](), {*exercises}
    while todo and len(parts) < MAX_PARTS:
        statement = todo.pop()
        parts.append(_Part(list(_preorder(statement.node)), statement.source))
        used = dict.fromkeys(one.id for one in parts[-1].nodes if isinstance(one, ast.Name))
        for other in (one for one in used if one not in seen):
            todo += notebook.definitions(other)[-1:]
        seen |= used.keys()
    return parts


def _is_empty(node: ast.stmt) -> bool:
    """Whether a function's body is the stub's: a docstring, `pass`, `...`, `raise NotImplementedError`."""
    body = [one for one in getattr(node, "body", []) if not _is_constant(one)]
    return all(isinstance(one, ast.Pass) or _refuses(one) for one in body)


def _refuses(node: ast.stmt) -> bool:
    raised = getattr(node, "exc", None) if isinstance(node, ast.Raise) else None
    return getattr(getattr(raised, "func", raised), "id", "") == "NotImplementedError"


def _is_constant(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _prints(parts: Sequence[_Part], name: str) -> set[int]:
    """All three kinds, each cut to its smallest, which are the same ones in two alike answers."""
    structure, names, remarks = set[int](), set[int](), set[int]()
    for nodes, source in parts:
        own, given = _own_names(nodes), {one.arg for one in nodes if isinstance(one, ast.arg)}
        structure.update(_winnow(_fragments(nodes, own)))
        names.update(_hash(word) for word in own - given - {name})
        remarks.update(_hash(text) for text in _remarks(nodes, source))
    kinds = ((structure, STRUCTURE), (names, NAME), (remarks, REMARK))
    return {number << 2 | kind for some, kind in kinds for number in sorted(some)[:MAX_PRINTS]}


def _preorder(root: ast.AST) -> Iterator[ast.AST]:
    """The nodes that count, parents first. Not recursive: a stranger's tree may be deep."""
    todo, count = [root], 0
    while todo and count < MAX_NODES:
        node = todo.pop()
        if not isinstance(node, PLAIN):
            count += 1
            yield node
        todo += _children(node)[::-1]


def _children(node: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, ast.AST) and field not in SILENT:
            found.append(value)
        elif isinstance(value, list) and field not in SILENT:
            found += [one for one in value if isinstance(one, ast.AST) and not _is_constant(one)]
    return found


def _own_names(nodes: Sequence[ast.AST]) -> set[str]:
    """The names that the author gave: of variables, arguments and functions."""
    bound = {one.id for one in nodes if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)}
    functions = {one.name for one in nodes if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    return bound | functions | {one.arg for one in nodes if isinstance(one, ast.arg)}


def _fragments(nodes: Sequence[ast.AST], own: set[str]) -> list[int]:
    """The hash of every K nodes in a row, where all names of the author's are one name."""
    inside = nodes[1:]  # without the definition itself, which is given
    tokens = [_token(one, own) for one in inside if not isinstance(one, ast.arg)]
    tokens = ["<", *tokens, ">"]
    return [_hash(" ".join(tokens[i : i + K])) for i in range(max(1, len(tokens) - K + 1))]


def _token(node: ast.AST, own: set[str]) -> str:
    match node:
        case ast.Name(id=name):
            return "mine" if name in own else name
        case ast.Attribute(attr=name):
            return f".{name}"
        case ast.Constant(value=value):
            return _constant(value)
        case ast.keyword(arg=name):
            return f"{name}="
    return type(node).__name__


def _constant(value: object) -> str:
    """A constant by its kind; 0, 1, 2, and what is no number or text, by itself."""
    plain = value is None or value is ... or isinstance(value, bool) or value in (0, 1, 2)
    return repr(value) if plain else type(value).__name__


def _winnow(hashes: Sequence[int]) -> set[int]:
    """The smallest hash of every window: of two that share WINDOW + K - 1 nodes in a row, one hash at least is kept in both."""
    return {min(hashes[i : i + WINDOW]) for i in range(max(1, len(hashes) - WINDOW + 1))}


def _remarks(nodes: Sequence[ast.AST], source: str) -> Iterator[str]:
    """Comments and strings of some length, without their case and punctuation."""
    texts = [one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    for text in [*texts, *_comments(source)]:
        plain = re.sub(r"\W+", " ", text[:200]).strip().casefold()
        if len(plain) >= REMARK_LENGTH:
            yield plain


def _comments(source: str) -> list[str]:
    if "#" not in source or len(source) > MAX_TEXT:
        return []
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT and token.string.strip() not in STARTER:
                found.append(token.string)
    except (tokenize.TokenError, SyntaxError):
        pass  # what stands before it counts
    return found


@functools.cache
def _of_the_course(exercise: Exercise) -> frozenset[int]:
    """All fragments, names and remarks of the course's own answer: who shares these shares them with everybody."""
    try:
        source = answer_source(exercise)
    except OSError:  # declared where no source is at hand
        return frozenset()
    node = ast.parse(source).body[0]
    nodes = list(_preorder(node))
    every = {number << 2 for number in _fragments(nodes, _own_names(nodes))}
    return frozenset(every | _prints([_Part(nodes, source)], exercise.name))


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
