"""Judges answers that return Keras models. It is the service of a sandbox whose zygote has imported Keras.

It runs in a child in which no answer ran and none will, behind the same walls. The models arrive as the data that the answer's
process wrote down, and are built again. The exercise's source is sent, too, since its file cannot be read there.
"""

from __future__ import annotations

import linecache
import sys
import types
from dataclasses import asdict
from typing import Any

import keras
import numpy as np
import tensorflow  # noqa: F401  (imported here once, for all children)

from coursekit.grading import words
from coursekit.sandbox.decode import printable
from nnutils.checks.exercise import Exercise
from nnutils.checks.expected import ExpectedResults
from nnutils.checks.verdict import Verdict, compare_with_expected

# Parts of Keras that are imported at their first use: here, and not in each child.
LAZY = keras.layers.Dense, keras.losses.get("mse")
MOST_TEXT = 600


def reply(request: dict[str, Any]) -> dict[str, Any]:
    """The verdict on runs and the sentence about it; or `fault`, where the exercise itself does not work here."""
    try:
        exercise = _declared(request["modules"], request["name"])
        expected = ExpectedResults(exercise, request["cases"])
        _ = expected.results
    except Exception as error:
        return {"fault": f"{type(error).__name__}: {error}"[:MOST_TEXT]}
    with np.errstate(all="ignore"):
        runs = request["runs"]
        try:
            verdict = compare_with_expected(expected, runs)
        except Exception:  # results that no comparison copes with
            verdict = Verdict("failed", "the results cannot be compared", cases=(False,) * len(runs))
        told = words.of_verdict(verdict, expected, runs, request["discreet"])
    return asdict(verdict) | {"sentence": printable(told, MOST_TEXT)}


def _declared(modules: list[tuple[str, str, str]], name: str) -> Exercise:
    """The exercise, from the names, files and sources of modules, of which the last one declares it."""
    for module, file, source in modules:
        made = sys.modules[module] = types.ModuleType(module)
        made.__file__ = file
        linecache.cache[file] = (0, None, source.splitlines(keepends=True), file)
        exec(compile(source, file, "exec", dont_inherit=True), vars(made))
    return vars(made)[name]
