"""Hold what a function did against what the course's own functions do: what is wrong, and which mistake it is."""

from __future__ import annotations

from collections.abc import Sequence

from nnutils.checks.diagnose import diagnose
from nnutils.checks.draws import generators_in
from nnutils.checks.exercise import Mistake
from nnutils.checks.run import Run
from nnutils.checks.standard import Standard, Wrong


def assess(standard: Standard, runs: Sequence[Run]) -> tuple[list[Wrong], Mistake | None]:
    """What is wrong in each case, and the mistake that explains it."""
    if len(runs) != len(standard.cases):
        raise ValueError(f"{len(runs)} runs of {len(standard.cases)} cases")
    wrong = [standard.wrong(number, one) for number, one in enumerate(runs)]
    careless = standard.careless(runs)
    if careless is not None:
        draws = [bool(generators_in(case)) for case in standard.cases]
        wrong = [careless if one is None and draw else one for one, draw in zip(wrong, draws, strict=True)]
    return wrong, (None if all(one is None for one in wrong) else diagnose(standard, runs, wrong))
