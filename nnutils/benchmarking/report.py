"""The stored measurement as tables in Markdown, and the page `docs/speed.md`, whose marked blocks are those tables."""

from __future__ import annotations

import re
from typing import Any

from nnutils.benchmarking.measure import OURS
from nnutils.benchmarking.workloads import PLAIN, REGULARIZED, Workload

Result = dict[str, Any]
NOT_PEERS = ("bare products", OURS, "nnutils fit", "jax jit")
JAX_LIMIT, LARGE_BATCH, LARGE_LIMIT = 1.25, 512, 1.05


def blocks(stored: dict[str, Result]) -> dict[str, str]:
    """{name: Markdown} of every block of the page. stored: {threads: what `measure` printed}."""
    one = stored["1"]
    made = {
        "machine": machine(one),
        "goals": goals(one),
        "ratios": ratios(one, PLAIN),
        "regularized": ratios(one, REGULARIZED),
        "times": times(one),
        "jobs": jobs(one),
        "parts": parts(one),
        "batch": sweep(one, "batch", "batch size"),
        "width": sweep(one, "width", "width"),
    }
    made["two threads"] = times(stored["2"], "wall") if "2" in stored else "*Not measured.*"
    return made


def fill(page: str, made: dict[str, str]) -> str:
    """The page with every block between its marks replaced; a mark without a block raises KeyError."""

    def put(match: re.Match) -> str:
        return f"<!-- bench: {match[1]} -->\n{made[match[1]]}\n<!-- end -->"

    return re.sub(r"<!-- bench: ([a-z ]+) -->\n.*?<!-- end -->", put, page, flags=re.S)


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """A table whose columns but the first are set to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine(one: Result) -> str:
    """One sentence: where and with what."""
    about = one["machine"]
    libraries = ", ".join(f"{name} {version}" for name, version in about["libraries"].items())
    load = f"; load when it ended: {one['load']}" if one.get("load") is not None else ""
    return f"Processor: {about['cpu']} ({about['system']}). Python {about['python']}, {libraries}. One BLAS thread{load}."


def number(value: float) -> str:
    """Three digits, and more before the point."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def present(one: Result, works: tuple[Workload, ...]) -> list[Workload]:
    """The workloads that were measured."""
    return [work for work in works if work.name in one["steps"]]


def short(work: Workload) -> str:
    """The name without what all of a table share."""
    return work.name.removesuffix(", regularized")


def ratios(one: Result, works: tuple[Workload, ...]) -> str:
    """A step's time over that of the bare products, every contender a row."""
    measured = present(one, works)
    if not measured:
        return "*Not measured.*"
    rows = []
    for name in one["steps"][measured[0].name]:
        cells = [one["steps"][work.name][name] for work in measured]
        rows.append([name, *(c if isinstance(c, str) else f"{number(c['ratio'])}x" for c in cells)])
    return markdown(["over the bare products", *map(short, measured)], rows)


def times(one: Result, key: str = "median") -> str:
    """Microseconds a step, with the quartiles where they are of process time."""
    measured = present(one, PLAIN)

    def cell(row: Any) -> str:
        if isinstance(row, str):
            return row
        return number(row[key]) + (
            f" [{number(row['low'])}, {number(row['high'])}]" if key == "median" else ""
        )

    names = one["steps"][measured[0].name]
    rows = [[name, *(cell(one["steps"][work.name][name]) for work in measured)] for name in names]
    return markdown(["µs a step" + (", wall clock" if key == "wall" else ""), *map(short, measured)], rows)


def goals(one: Result) -> str:
    """What was to be reached, and whether it was."""
    rows = []
    for work in present(one, PLAIN + REGULARIZED):
        table = one["steps"][work.name]
        ours = table[OURS]["ratio"]
        if work.goal:
            rows.append(goal(f"{work.name}: over the bare products", table[OURS]["ratio"], work.goal))
        peers = {n: r["ratio"] for n, r in table.items() if n not in NOT_PEERS and not isinstance(r, str)}
        best = min(peers, key=lambda name: peers[name])
        limit = LARGE_LIMIT if work.batch >= LARGE_BATCH else 1.0
        rows.append(goal(f"{work.name}: over the best peer, {best}", ours / peers[best], limit))
        if not isinstance(table["jax jit"], str):
            rows.append(goal(f"{work.name}: over jax jit", ours / table["jax jit"]["ratio"], JAX_LIMIT))
    return markdown(["nnutils", "measured", "at most", "reached"], rows)


def goal(text: str, value: float, limit: float) -> list[str]:
    """A row."""
    return [text, f"{value:.2f}x", f"{limit:g}x", "yes" if value <= limit else "**no**"]


def jobs(one: Result) -> str:
    """The other jobs, with their limits."""
    rows = []
    for row in one["jobs"]:
        bound = {True: "at least ", False: "at most "}[row["unit"] == "x"]
        limit = f"{bound}{row['limit']:g} {row['unit']}" if row["limit"] is not None else ""
        text = row["text"] + (f" ({row['note']})" if row["note"] else "")
        reached = {True: "yes", False: "**no**", None: ""}[row["reached"]]
        rows.append([text, f"{number(row['value'])} {row['unit']}", limit, reached])
    return markdown(["job", "measured", "limit", "reached"], rows)


def parts(one: Result) -> str:
    """Where the time of a step goes: shares of the whole step."""
    if "parts" not in one:
        return "*Not measured.*"
    names = [name for name in next(iter(one["parts"].values())) if name != "whole"]
    columns = list(one["parts"].values())
    rows = [
        [name, *(f"{100 * column[name] / column['whole']:.0f} %" for column in columns)] for name in names
    ]
    rest = [max(0.0, 1 - sum(column[name] for name in names) / column["whole"]) for column in columns]
    rows.append(["the rest: calls, memory, bookkeeping", *(f"{100 * share:.0f} %" for share in rest)])
    return markdown(["share of a step", *one["parts"]], rows)


def sweep(one: Result, which: str, word: str) -> str:
    """Microseconds an example or a step, over the batch's size or the width."""
    if "sweep" not in one:
        return "*Not measured.*"
    table = one["sweep"][which]
    if which == "width":
        rows = [
            [f"{width}", *(number(r[n]["median"]) for n in r), f"{r[OURS]['ratio']:.2f}x"]
            for width, r in table.items()
        ]
        return markdown([f"64-{word}-{word}-10, batch 64", "bare, µs a step", "nnutils", "ratio"], rows)
    sizes = list(table)
    rows = [
        [m, *(number(table[s][m][n]["median"] / int(m)) for s in sizes for n in table[s][m])]
        for m in table[sizes[0]]
    ]
    return markdown([f"{word}; µs an example", *(f"{s}, {n}" for s in sizes for n in ("bare", OURS))], rows)
