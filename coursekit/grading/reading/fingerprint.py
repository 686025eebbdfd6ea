"""What an answer's code looks like, as a short list of numbers: enough to see later that two are alike, without keeping the code.

Winnowing: Schleimer, Wilkerson, Aiken (2003), Winnowing: Local Algorithms for Document Fingerprinting.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import re
import tokenize
import zlib
from collections.abc import Iterator, Sequence

from coursekit.grading.reading.cells import BROKEN
from coursekit.grading.reading.extract import Notebook
from coursekit.grading.reading.statements import Statement
from nnutils.checks.catalogue import exercises_of
from nnutils.checks.exercise import Exercise
from nnutils.checks.faults import plain_source

STRUCTURE, NAME, REMARK, KINDS = 0, 1, 2, 3  # the kinds of fragments: `fingerprint & KINDS`
K, WINDOW = 5, 3  # syntax nodes in a fragment; of so many fragments in a row at least one is kept
MAX_NODES, MAX_PRINTS, MAX_TEXT, MAX_FUNCTIONS = 8_000, 96, 20_000, 30
REMARK_LENGTH = 12  # letters and digits: anybody may write a shorter comment or string
SKIPPED = (ast.Expr, ast.Pass, ast.arguments)  # nodes that tell nothing of themselves; their children count
LEFT_OUT = {"ctx", "annotation", "returns", "decorator_list"}  # fields of a node
STARTER = "# YOUR CODE HERE"

Function = tuple[list[ast.AST], str]  # its syntax nodes, parents first, and its text


def fingerprints(notebook: Notebook, topic: str) -> dict[str, list[int]]:
    """Exercise → fingerprints of its answer and of the notebook's functions that it calls, sorted, at most 96 of each kind.

    Three kinds: fragments of the syntax tree, with names, order of definitions, annotations and docstrings made alike, so that
    renaming changes nothing; the names that the author chose; comments and strings. What the course's own answer has, too, is
    left out, so an answer just like it has an empty list. An exercise without an answer is missing. Nothing is run.
    """
    exercises = exercises_of(topic)
    names, found = {exercise.name for exercise in exercises}, {}
    for exercise in exercises:
        if functions := _functions(notebook, exercise.name, names):
            found[exercise.name] = sorted(_prints(functions, exercise.name) - _of_the_course(exercise))
    return found


def _functions(notebook: Notebook, name: str, exercises: set[str]) -> list[Function]:
    """The definition that counts, which is the last one with something in it, and the functions that it calls."""
    todo = [definition for definition in notebook.definitions(name) if not _is_stub(definition.node)][-1:]
    functions, seen = list[Function](), {*exercises}
    while todo and len(functions) < MAX_FUNCTIONS:
        definition = todo.pop()
        nodes = list(_nodes(definition.node))
        functions.append((nodes, _source(definition)))
        used = dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name))
        for other in used:
            todo += notebook.definitions(other)[-1:] if other not in seen else []
        seen |= used.keys()
    return functions


def _source(definition: Statement) -> str:
    """The text of a definition; empty where its condition cannot be written down again."""
    try:
        return definition.source
    except BROKEN:
        return ""


def _is_stub(node: ast.stmt) -> bool:
    """Whether a function holds nothing but docstrings, `pass`, `...` and `raise NotImplementedError`."""
    body = getattr(node, "body", [])
    return all(isinstance(line, ast.Pass) or _is_constant(line) or _refuses(line) for line in body)


def _is_constant(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _refuses(node: object) -> bool:
    raised = node.exc if isinstance(node, ast.Raise) else None
    name = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(name, ast.Name) and name.id == "NotImplementedError"


def _prints(functions: Sequence[Function], name: str) -> set[int]:
    """All three kinds, each cut to its smallest numbers, which are the same ones in two alike answers."""
    hashes: list[set[int]] = [set(), set(), set()]
    for nodes, source in functions:
        arguments = {node.arg for node in nodes if isinstance(node, ast.arg)}
        own = _own_names(nodes)
        hashes[STRUCTURE] |= _winnow(_fragments(nodes, own))
        hashes[NAME] |= {_hash(word) for word in own - arguments - {name}}
        hashes[REMARK] |= {_hash(text) for text in _remarks(nodes, source)}
    return {number << 2 | kind for kind, found in enumerate(hashes) for number in sorted(found)[:MAX_PRINTS]}


def _nodes(root: ast.AST) -> Iterator[ast.AST]:
    """The nodes that count, parents first. Not recursive: the tree of a submission may be deep."""
    todo, count = [root], 0
    while todo and count < MAX_NODES:
        node = todo.pop()
        if not isinstance(node, SKIPPED):
            count += 1
            yield node
        children: list[object] = []
        for field, value in ast.iter_fields(node):
            values = value if isinstance(value, list) else [value]
            children += [child for child in values if field not in LEFT_OUT and not _is_constant(child)]
        todo += [child for child in reversed(children) if isinstance(child, ast.AST)]


def _own_names(nodes: Sequence[ast.AST]) -> set[str]:
    """The names that the author gave: of variables, arguments and functions."""
    names = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    names |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return names | {node.arg for node in nodes if isinstance(node, ast.arg)}


def _fragments(nodes: Sequence[ast.AST], own: set[str]) -> list[int]:
    """The hash of every K nodes in a row, where all names that the author gave are one name."""
    inside = nodes[1:]  # without the definition itself, which was handed out
    tokens = ["<", *(_token(node, own) for node in inside if not isinstance(node, ast.arg)), ">"]
    return [_hash(" ".join(tokens[i : i + K])) for i in range(max(1, len(tokens) - K + 1))]


def _token(node: ast.AST, own: set[str]) -> str:
    """A node in a word. A constant is told by its type; 0, 1, 2, True, False, None and ... by themselves."""
    match node:
        case ast.Name(id=name):
            return "mine" if name in own else name
        case ast.Attribute(attr=name):
            return f".{name}"
        case ast.Constant(value=value):
            by_itself = value is None or value is ... or isinstance(value, bool) or value in (0, 1, 2)
            return repr(value) if by_itself else type(value).__name__
        case ast.keyword(arg=name):
            return f"{name}="
    return type(node).__name__


def _winnow(hashes: Sequence[int]) -> set[int]:
    """The smallest hash of every window: of two that share WINDOW + K - 1 nodes in a row, one hash at least is kept in both."""
    return {min(hashes[i : i + WINDOW]) for i in range(max(1, len(hashes) - WINDOW + 1))}


def _remarks(nodes: Sequence[ast.AST], source: str) -> Iterator[str]:
    """Comments and strings of some length, without their case and punctuation."""
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for text in [*texts, *_comments(source)]:
        plain = re.sub(r"\W+", " ", text[:200]).strip().casefold()
        if len(plain) >= REMARK_LENGTH:
            yield plain


def _comments(source: str) -> Iterator[str]:
    if "#" not in source or len(source) > MAX_TEXT:
        return
    with contextlib.suppress(tokenize.TokenError, SyntaxError):  # what stands before the error counts
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT and token.string.strip() != STARTER:
                yield token.string


@functools.cache
def _of_the_course(exercise: Exercise) -> frozenset[int]:
    """All fragments, names and remarks of the course's own answer: who shares these shares them with everybody."""
    try:
        source = plain_source(exercise.reference)
    except OSError:  # declared where no source is at hand
        return frozenset()
    nodes = list(_nodes(ast.parse(source).body[0]))
    every = {number << 2 | STRUCTURE for number in _fragments(nodes, _own_names(nodes))}
    return frozenset(every | _prints([(nodes, source)], exercise.name))


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
