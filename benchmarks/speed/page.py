"""The stored measurement as tables in Markdown, and the page `docs/speed.md`, whose marked blocks are these tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.speed.contenders import PLAIN, REGULARIZED, Workload
from benchmarks.speed.measure import BARE, CONTENDERS, OURS
from benchmarks.speed.timing import Row

Stored = dict[str, dict[str, Any]]  # {kernel, or TWO: what `measure` printed}
TWO, MISSING = "two threads", "*Not measured.*"
NOT_PEERS = (BARE, OURS, "nnutils fit", "jax jit")
JAX_LIMIT, LARGE_BATCH, LARGE_LIMIT = 1.25, 512, 1.05


def blocks(stored: Stored) -> dict[str, str]:
    """{name: Markdown} of every block of the page."""
    kernels = {name: run for name, run in stored.items() if name != TWO}
    first = next(iter(kernels.values()))
    return {
        "machine": machine(kernels),
        "goals": goals(kernels),
        "ratios": ratios(kernels, PLAIN),
        "regularized": ratios(kernels, REGULARIZED),
        "times": times(first),
        TWO: two_threads(stored[TWO]) if TWO in stored else MISSING,
        "jobs": jobs(kernels),
        "parts": parts(first.get("parts")),
        "optimizers": updates(first.get("optimizers")),
        "batch": batch(first.get("sweeps")),
        "width": width(first.get("sweeps")),
    }


def fill(page: str, made: dict[str, str]) -> str:
    """The page with the text between each block's marks replaced. Raises KeyError for a mark without a block."""

    def put(match: re.Match) -> str:
        return f"<!-- bench: {match[1]} -->\n{made[match[1]]}\n<!-- end -->"

    return re.sub(r"<!-- bench: ([a-z ]+) -->\n.*?<!-- end -->", put, page, flags=re.S)


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table. All columns but the first are set to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine(kernels: Stored) -> str:
    """A few sentences: where and with what it was measured."""
    about = next(iter(kernels.values()))["machine"]
    libraries = ", ".join(f"{name} {version}" for name, version in about["libraries"].items())
    loads = ", ".join(f"{name} ({run['machine']['load']})" for name, run in kernels.items())
    return (
        f"Processor: {about['cpu']} ({about['system']}). Python {about['python']}, {libraries}. One BLAS thread. "
        f"OpenBLAS kernels of NumPy, and the load of the machine at the end of each run: {loads}."
    )


def number(value: float) -> str:
    """Three digits, or all digits before the point."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def measured(run: dict[str, Any], works: Sequence[Workload]) -> list[Workload]:
    """The workloads that were measured."""
    return [work for work in works if work.name in run["steps"]]


def steps(run: dict[str, Any], works: Sequence[Workload], head: str, show: Callable[[Row], str]) -> str:
    """A table with a row for each contender and a column for each workload. A missing contender's cell says why."""
    columns = measured(run, works)
    cells = {name: [run["steps"][work.name][name] for work in columns] for name in CONTENDERS}
    rows = [
        [name, *(cell if isinstance(cell, str) else show(Row(*cell)) for cell in found)]
        for name, found in cells.items()
    ]
    return (
        markdown([head, *(work.name.removesuffix(", regularized") for work in columns)], rows)
        if columns
        else MISSING
    )


def ratios(kernels: Stored, works: Sequence[Workload]) -> str:
    """A step's time over that of the bare products: a table for each kernel."""
    return "\n\n".join(
        steps(run, works, f"{kernel}: over the bare products", lambda row: f"{number(row.ratio)}x")
        for kernel, run in kernels.items()
    )


def times(run: dict[str, Any]) -> str:
    """Microseconds a step, with the quartiles."""
    show = lambda row: f"{number(row.median)} [{number(row.low)}, {number(row.high)}]"  # noqa: E731
    return steps(run, PLAIN, "µs a step", show)


def two_threads(run: dict[str, Any]) -> str:
    """Microseconds a step by the clock on the wall, and how busy the machine was."""
    table = steps(run, PLAIN, "µs a step, wall clock", lambda row: number(row.median))
    return f"{table}\n\nLoad of the machine at the end of this run: {run['machine']['load']}."


def goals(kernels: Stored) -> str:
    """nnutils' time over that of other contenders, with each kernel."""
    rows = []
    for work in measured(next(iter(kernels.values())), PLAIN + REGULARIZED):
        tables = [
            {name: Row(*row) for name, row in run["steps"][work.name].items() if not isinstance(row, str)}
            for run in kernels.values()
        ]
        best = [max(table.keys() - NOT_PEERS, key=lambda name: table[name].lead) for table in tables]
        limit = LARGE_LIMIT if work.batch >= LARGE_BATCH else 1.0
        for text, names, most in (
            ("the bare products", [BARE] * len(tables), work.goal),
            ("the best peer", best, limit),
            ("jax jit", ["jax jit"] * len(tables), JAX_LIMIT),
        ):
            if most and all(name in table for name, table in zip(names, tables, strict=True)):
                leads = [(table[name].lead, name) for name, table in zip(names, tables, strict=True)]
                found = leads if names is best else [(lead, "") for lead, _ in leads]
                rows.append(goal(f"{work.name}: over {text}", found, "x", "at most", most))
    return markdown(["nnutils", *kernels, "limit", "reached"], rows)


def jobs(kernels: Stored) -> str:
    """The other jobs, with each kernel. Some are measured with the first kernel only."""
    rows = []
    for text, (_, unit, bound, limit, _) in next(iter(kernels.values()))["jobs"].items():
        found = [run["jobs"].get(text) for run in kernels.values()]
        rows.append(goal(text, [(job[0], job[4]) if job else None for job in found], unit, bound, limit))
    return markdown(["job", *kernels, "limit", "reached"], rows)


Value = tuple[float, str] | None  # with a note


def goal(text: str, found: Sequence[Value], unit: str, bound: str, limit: float | None) -> list[str]:
    """A row: the value for each kernel, the limit, and whether it is kept with every kernel."""
    values = [value[0] for value in found if value]
    cells = [
        f"{number(value[0])} {unit}" + f" ({value[1]})" * bool(value[1]) if value else "" for value in found
    ]
    if limit is None:
        return [text, *cells, "", ""]
    kept = min(values) >= limit if bound == "at least" else max(values) <= limit
    return [text, *cells, f"{bound} {limit:g} {unit}", "yes" if kept else "**no**"]


def parts(columns: dict[str, dict[str, float]] | None) -> str:
    """The parts of a step: their shares of the whole."""
    if not columns:
        return MISSING
    shares = [
        {name: us / column["whole"] for name, us in column.items() if name != "whole"}
        for column in columns.values()
    ]
    for column in shares:
        column["the rest: calls, memory, bookkeeping"] = max(0.0, 1 - sum(column.values()))
    rows = [[name, *(f"{100 * column[name]:.0f} %" for column in shares)] for name in shares[0]]
    return markdown(["share of a step", *columns], rows)


def updates(columns: dict[str, Any] | None) -> str:
    """Microseconds of one update by each optimiser."""
    if not columns:
        return MISSING
    rows = [
        [name, *(number(Row(*column[name]).median) for column in columns.values())]
        for name in next(iter(columns.values()))
    ]
    return markdown(["µs an update", *columns], rows)


def batch(sweeps: dict[str, Any] | None) -> str:
    """Microseconds an example over the size of the batch."""
    if not sweeps:
        return MISSING
    tables = {sizes: table for sizes, table in sweeps.items() if sizes != "width"}
    rows = [
        [m, *(number(row[0] / int(m)) for table in tables.values() for row in table[m].values())]
        for m in next(iter(tables.values()))
    ]
    return markdown(
        ["batch size; µs an example", *(f"{sizes}, {n}" for sizes in tables for n in ("bare", OURS))], rows
    )


def width(sweeps: dict[str, Any] | None) -> str:
    """Microseconds a step over the width of the hidden layers."""
    if not sweeps:
        return MISSING
    rows = [
        [w, number(table[BARE][0]), number(table[OURS][0]), f"{Row(*table[OURS]).ratio:.2f}x"]
        for w, table in sweeps["width"].items()
    ]
    return markdown(["64-width-width-10, batch 64", "bare, µs a step", OURS, "ratio"], rows)
