"""The stored measurement as tables in Markdown, and the page `docs/speed.md`, whose marked blocks are these tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
        "times": times(first, "µs a step"),
        TWO: times(stored[TWO], "µs a step, wall clock") if TWO in stored else MISSING,
        "jobs": jobs(kernels),
        "parts": parts(first.get("parts")),
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


def row_of(run: dict[str, Any], work: Workload, name: str) -> Row | str:
    """A contender's row, or the reason why there is none."""
    row = run["steps"][work.name][name]
    return row if isinstance(row, str) else Row(*row)


def measured(run: dict[str, Any], works: Sequence[Workload]) -> list[Workload]:
    """The workloads that were measured."""
    return [work for work in works if work.name in run["steps"]]


def ratios(kernels: Stored, works: Sequence[Workload]) -> str:
    """A step's time over that of the bare products: a table for each kernel, a row for each contender."""
    tables = []
    for kernel, run in kernels.items():
        columns = measured(run, works)
        cells = {name: [row_of(run, work, name) for work in columns] for name in CONTENDERS}
        rows = [
            [name, *(row if isinstance(row, str) else f"{number(row.ratio)}x" for row in row_of_name)]
            for name, row_of_name in cells.items()
        ]
        head = [
            f"{kernel}: over the bare products",
            *(work.name.removesuffix(", regularized") for work in columns),
        ]
        tables += [markdown(head, rows)] if columns else []
    return "\n\n".join(tables) or MISSING


def times(run: dict[str, Any], head: str) -> str:
    """Microseconds a step, with the quartiles."""
    columns = measured(run, PLAIN)

    def cell(row: Row | str) -> str:
        return (
            row if isinstance(row, str) else f"{number(row.median)} [{number(row.low)}, {number(row.high)}]"
        )

    rows = [[name, *(cell(row_of(run, work, name)) for work in columns)] for name in CONTENDERS]
    return markdown([head, *(work.name for work in columns)], rows)


def goals(kernels: Stored) -> str:
    """What was to be reached, how much it was with each kernel, and whether it was reached with all of them."""
    rows = []
    for work in measured(next(iter(kernels.values())), PLAIN + REGULARIZED):
        tables = [{name: row_of(run, work, name) for name in CONTENDERS} for run in kernels.values()]
        present = [{name: row for name, row in table.items() if isinstance(row, Row)} for table in tables]
        if work.goal:
            rows.append(
                goal(
                    f"{work.name}: over the bare products",
                    [table[OURS].ratio for table in present],
                    work.goal,
                )
            )
        best = [max(table.keys() - NOT_PEERS, key=lambda name: table[name].lead) for table in present]
        leads = [table[name].lead for table, name in zip(present, best, strict=True)]
        limit = LARGE_LIMIT if work.batch >= LARGE_BATCH else 1.0
        rows.append(goal(f"{work.name}: over the best peer", leads, limit, best))
        if all("jax jit" in table for table in present):
            rows.append(
                goal(f"{work.name}: over jax jit", [table["jax jit"].lead for table in present], JAX_LIMIT)
            )
    return markdown(["nnutils", *kernels, "at most", "reached"], rows)


def goal(text: str, values: Sequence[float], limit: float, names: Sequence[str] = ()) -> list[str]:
    """A row. It is reached if it is reached with every kernel."""
    cells = [f"{value:.2f}x" for value in values]
    cells = [f"{cell} ({name})" for cell, name in zip(cells, names, strict=True)] if names else cells
    return [text, *cells, f"{limit:g}x", "yes" if max(values) <= limit else "**no**"]


def jobs(kernels: Stored) -> str:
    """The other jobs, with their limits."""
    rows = []
    for text, (_, unit, bound, limit, _) in next(iter(kernels.values()))["jobs"].items():
        found = [run["jobs"].get(text) for run in kernels.values()]
        cells = [f"{number(job[0])} {unit}" + f" ({job[4]})" * bool(job[4]) if job else "" for job in found]
        values = [job[0] for job in found if job]
        kept = limit is None or (min(values) >= limit if bound == "at least" else max(values) <= limit)
        verdict = (
            [f"{bound} {limit:g} {unit}", "yes" if kept else "**no**"] if limit is not None else ["", ""]
        )
        rows.append([text, *cells, *verdict])
    return markdown(["job", *kernels, "limit", "reached"], rows)


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
