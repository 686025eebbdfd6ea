"""The rules that let `replicate` run a lesson with other seeds: seeds are integers, and each claim has a name."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from coursekit.authoring.rules.draft import Draft, Rule

FITTING = ("default_rng", "Generator")  # of np.random: a generator with a seed, and its type


def each_claim_has_a_name_of_its_own(draft: Draft) -> Iterator[str]:
    """A claim's sentence is a string without variables, and no other claim of the lesson has it."""
    seen: Counter[str] = Counter()
    for call in _calls(draft.tree):
        if not (isinstance(call.func, ast.Name) and call.func.id == "claim" and call.args):
            continue
        sentence = call.args[0]
        if not isinstance(sentence, ast.Constant):
            yield f"{draft.place}:{call.lineno}: its sentence is the claim's name in docs/replication.md: use no variable"
            continue
        seen[str(sentence.value)] += 1
        if seen[str(sentence.value)] == 2:
            yield f"{draft.place}:{call.lineno}: there is another claim with this sentence: say what is different here"


def random_numbers_come_from_integers(draft: Draft) -> Iterator[str]:
    """Random numbers come from `np.random.default_rng` with a seed, so that other seeds can take its place."""
    for node in ast.walk(draft.tree):
        if (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) == "np.random"
            and node.attr not in FITTING
        ):
            yield f"{draft.place}:{node.lineno}: np.random.{node.attr} cannot be given other seeds: use default_rng(seed)"
    for call in _calls(draft.tree):
        name = ast.unparse(call.func).rpartition(".")[2]
        if name == "default_rng" and not call.args and not call.keywords:
            yield f"{draft.place}:{call.lineno}: default_rng() gives other numbers in each run: give it an integer as its seed"


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    """All calls, in the order of the lines."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    yield from sorted(calls, key=lambda call: call.lineno)


RULES: tuple[Rule, ...] = (each_claim_has_a_name_of_its_own, random_numbers_come_from_integers)
