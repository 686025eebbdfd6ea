"""Run the cells of one lesson with one set of seeds, in a process of its own, and say what each claim measured.

`python -m coursekit.authoring.rerun` reads a `Job` as JSON from stdin and writes a `Measured` as JSON in its last line.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import json
import linecache
import math
import sys
import types
from collections import Counter
from typing import Any, TypedDict

from coursekit.authoring import moved

DIGITS = 4  # of a kept value


class Job(TypedDict):
    """What to run: the sources of the cells, the set's number, and whether Keras is used."""

    cells: list[str]
    set: int
    keras: bool


class Claimed(TypedDict):
    """What one claim measured: a number, or text; whether it held; the bound in words; how numbers are printed."""

    value: float | int | str
    held: bool
    needed: str
    form: str


class Measured(TypedDict):
    """The claims that were reached, by sentence, and a sentence for each cell that raised an error."""

    claims: dict[str, Claimed]
    errors: list[str]


def run(job: Job) -> Measured:
    """Run the cells in this process, which is another one afterwards: seeds are moved, and claims are noted and raise nothing."""
    moved.move(job["set"])
    if job["keras"]:
        moved.move_keras(job["set"])
    claims: dict[str, Claimed] = {}
    _note_claims(claims)
    _leave_out_pictures()
    errors = []
    lesson = sys.modules["__main__"] = types.ModuleType("__main__")
    for number, source in enumerate(job["cells"]):
        name = f"<cell {number}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        try:
            exec(compile(source, name, "exec"), vars(lesson))
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error} (in the cell that begins `{_head(source)}`)")
    return {"claims": claims, "errors": errors}


def _head(source: str) -> str:
    return source.lstrip().partition("\n")[0]


def _note_claims(claims: dict[str, Claimed]) -> None:
    """Add to `claims` what each claim measures; one that does not hold does not stop the lesson."""
    module: Any = importlib.import_module("nnutils.checks.claim")
    measure, times = module.measure, Counter[str]()

    @functools.wraps(measure)
    def noted(sentence: str, value: Any, bounds: Any, equal: Any, form: str) -> Any:
        claimed = measure(sentence, value, bounds, equal, form)
        times[sentence] += 1
        key = sentence if times[sentence] == 1 else f"{sentence} ({times[sentence]})"
        share = claimed.measured.partition(" of ")[2] if equal is None else ""
        needed = f"{claimed.needed} of {share}" if share else claimed.needed
        kept = _kept(claimed.value, claimed.measured)
        claims[key] = {"value": kept, "held": claimed.holds, "needed": needed, "form": form}
        return module.Claimed(sentence, claimed.value, True, claimed.measured, claimed.needed)

    module.measure = noted


def _kept(value: Any, text: str) -> float | int | str:
    """A number with few digits; anything else as text."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return text
    return value if isinstance(value, int) else float(f"{value:.{DIGITS}g}")


def _leave_out_pictures() -> None:
    """Explorers stay empty. Figures are composed but not drawn: without a notebook `display` prints their names.

    Cases are drawn for a student and not for a claim: they are the committed ones.
    """
    import nnutils
    from nnutils.figures.explorer import Explorer

    Explorer.__init__ = lambda self, *_args, **_named: None  # type: ignore[method-assign]
    case = nnutils.case

    @functools.wraps(case)
    def committed(*args: Any, **named: Any) -> Any:
        with moved.as_committed():
            return case(*args, **named)

    nnutils.case = committed


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    with contextlib.redirect_stdout(io.StringIO()):
        answer = run(asked)
    print(f"\n{json.dumps(answer)}")
