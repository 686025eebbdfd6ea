"""The rule that lets `replicate` run a lesson with other seeds: random numbers come from integers that are seeds."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coursekit.authoring.rules.draft import Draft, Rule

FITTING = ("default_rng", "Generator")  # of np.random: a generator with a seed, and its type


def random_numbers_come_from_integers(draft: Draft) -> Iterator[str]:
    """Random numbers come from `np.random.default_rng` with a seed, so that other seeds can take its place."""
    for node in ast.walk(draft.tree):
        if (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) == "np.random"
            and node.attr not in FITTING
        ):
            yield f"{draft.place}:{node.lineno}: np.random.{node.attr} cannot be given other seeds: use default_rng(seed)"
    calls = (node for node in ast.walk(draft.tree) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda call: call.lineno):
        name = ast.unparse(call.func).rpartition(".")[2]
        if name == "default_rng" and not call.args and not call.keywords:
            yield f"{draft.place}:{call.lineno}: default_rng() gives other numbers in each run: give it an integer as its seed"


RULES: tuple[Rule, ...] = (random_numbers_come_from_integers,)
