"""How the notebooks are validated: nbval, made strict.

`solutions/` must print again, cell by cell, what is stored in them. `notebooks/`, unanswered, must run without
an error. Notebooks elsewhere are data. What nbval leaves open is closed here: a cell that was not run is not
compared, a marker excuses any number of cells, what a C library says on stderr counts, and a dead kernel waits
out the whole time that a cell may take.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from queue import Empty
from typing import Any
from unittest import mock

import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile, find_comment_markers, metadata_tags

from coursekit.authoring import outputs, proven
from coursekit.authoring.execute import CELL_TIMEOUT, kernel_environment

ROOT = Path(__file__).resolve().parent
OUTPUT_TIMEOUT = 60  # nbval allows 5 seconds between two outputs
IGNORED_SHARE, IGNORED_MOST = 0.10, 3  # of a notebook's code cells may be tagged nbval-ignore-output
KERNEL_TIMEOUT = 300  # seconds until a kernel has started; nbval allows 60
NBVAL_TIMEOUTS = {
    "nbval_cell_timeout": (2000, CELL_TIMEOUT),
    "nbval_kernel_startup_timeout": (60, KERNEL_TIMEOUT),
}
REFUSED = {*metadata_tags} - {"nbval-ignore-output", "nbval-check-output"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the command line ask for proofs to be kept."""
    text = (
        "keep in tests/proven.json what is proved: unchanged exercises and student copies take less time then"
    )
    parser.addoption("--prove", action="store_true", help=text)


class ProofKeeper:
    """Counts the tests of each proof that pass, and keeps the proofs of which all do."""

    def __init__(self) -> None:
        self.passed: Counter[tuple[str, str, int]] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.passed.update(value for name, value in map(tuple, report.user_properties) if name == "proof")

    def pytest_sessionfinish(self) -> None:
        whole = ((name, version) for (name, version, tests), count in self.passed.items() if count == tests)
        proven.keep(dict(whole))


def note_proof(item: pytest.Item, proof: proven.Proofs, tests: int = 1) -> None:
    """Say that a test is one of so many that prove something together."""
    item.user_properties += [("proof", (name, version, tests)) for name, version in proof.items()]


def pytest_configure(config: pytest.Config) -> None:
    """Put our time limits in the place of nbval's defaults. One that the command line names is kept."""
    if config.option.prove and not hasattr(config, "workerinput"):
        config.pluginmanager.register(ProofKeeper())
    for name, (default, ours) in NBVAL_TIMEOUTS.items():
        if getattr(config.option, name, None) == default:
            setattr(config.option, name, ours)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, Any, list[Any]]:
    """Put a strict notebook in the place of nbval's."""
    found = yield
    kinds = {ROOT / "solutions": Solution, ROOT / "notebooks": StudentCopy}
    kind = kinds.get(file_path.resolve().parent)
    ours = [kind.from_parent(parent, path=file_path)] if kind else []
    notebooks = [item for item in found if isinstance(item, IPyNbFile)]
    return [item for item in found if item not in notebooks] + (ours if notebooks else [])


class KernelDied(Exception):
    """The kernel's process ended while a cell ran."""


class Kernel(RunningKernel):
    """A kernel whose death is noticed while a cell waits for it."""

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        end = time.monotonic() + (CELL_TIMEOUT if timeout is None else timeout)
        while True:
            try:
                return super().get_message(stream, timeout=max(0.0, min(0.5, end - time.monotonic())))
            except Empty:
                if not self.is_alive():
                    raise KernelDied from None
                if time.monotonic() >= end:
                    raise


class StudentCopy(IPyNbFile):
    """A notebook in which every cell must run; where a cell holds outputs, they must come out again."""

    def setup(self) -> None:
        """Nothing: the kernel is started by the first cell that runs."""

    def start_kernel(self) -> None:
        with mock.patch.dict(os.environ, kernel_environment(), clear=True):
            seconds = self.config.option.nbval_kernel_startup_timeout
            self.kernel = Kernel(CURRENT_ENV_KERNEL_NAME, cwd=str(self.path.parent), startup_timeout=seconds)
        self.setup_sanitize_files()

    def collect(self) -> Iterator[pytest.Item]:
        """The rules first, as a test of its own, then every code cell."""
        self.compare_outputs = True  # nbval's lax mode is not for these
        self.skip_compare = (*self.skip_compare, "stderr")
        cells: list[IPyNbCell] = []
        try:
            cells = list(super().collect())
            broken = list(self.broken_rules([one.cell for one in cells]))
            proof = self.proof()
        except Exception as error:  # one unreadable file must not stop the collection of the others
            broken, proof = [f"it cannot be read as a notebook: {type(error).__name__}: {error}"], {}
        yield Rules.from_parent(self, name="rules", broken=broken)
        for one in cells if not (proof and proven.holds(proof)) else []:
            parts = {"cell_num": one.cell_num, "cell": one.cell, "options": one.options}
            item = Cell.from_parent(self, name=one.name, **parts)
            note_proof(item, proof, len(cells))
            yield item

    def proof(self) -> proven.Proofs:
        """What it proves that all cells run; with that proved and nothing changed since, they are not run again."""
        return proven.copy_proof(self.path)

    def broken_rules(self, cells: list[Any]) -> Iterator[str]:
        """What would let a cell escape, in sentences."""
        if not cells:
            yield "it has no code cell"
        for number, cell in enumerate(cells):
            tags = sorted(REFUSED & tags_of(cell))
            if tags or list(find_comment_markers(cell.source)):
                yield f"cell {number} excuses itself ({', '.join(tags) or 'by a comment'})"
        ignored = sum("nbval-ignore-output" in tags_of(cell) for cell in cells)
        if ignored > min(IGNORED_MOST, IGNORED_SHARE * len(cells)):
            yield f"{ignored} of {len(cells)} cells ignore their output: a tenth may, {IGNORED_MOST} at most"


class Solution(StudentCopy):
    """A notebook whose stored outputs must all come out again, with every answer right: its check cells see to that."""

    def proof(self) -> proven.Proofs:
        return {}  # what it prints depends on the processor, too

    def broken_rules(self, cells: list[Any]) -> Iterator[str]:
        yield from super().broken_rules(cells)
        for number, cell in enumerate(cells):
            yield from outputs.broken_tags(number, tags_of(cell), outputs.text_of(cell.outputs))
        counts = [cell.execution_count for cell in cells]
        if counts != [*range(1, len(cells) + 1)]:
            yield f"it was not run from top to bottom in one go: its execution counts are {counts}"


class Rules(pytest.Item):
    """The test that no cell of a notebook escapes."""

    def __init__(self, *, broken: list[str], **rest: Any) -> None:
        super().__init__(**rest)
        self.broken = broken

    def runtest(self) -> None:
        if self.broken:
            raise RuleBroken("; ".join(self.broken))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> str:
        return f"{self.path.name}: {excinfo.value}"

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.path.name}::rules"


class RuleBroken(AssertionError):
    """A notebook has cells that would escape comparison."""


class Cell(IPyNbCell):
    """A cell with time for its outputs, which names itself when the kernel dies in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.output_timeout = OUTPUT_TIMEOUT

    def setup(self) -> None:
        if self.parent.kernel is None:
            self.parent.start_kernel()
        super().setup()

    def runtest(self) -> None:
        try:
            super().runtest()
        except KernelDied:
            self.raise_cell_error("The kernel died in this cell")

    def compare_outputs(self, test: Any, ref: Any, skip_compare: Any = None) -> bool:
        """nbval's comparison, after every number that may have moved so far was set to the stored one."""
        outputs.settle_all(ref, test, outputs.share_of(tags_of(self.cell)))
        return super().compare_outputs(test, ref, skip_compare)


def tags_of(cell: Any) -> set[str]:
    """The tags of a cell, whatever somebody wrote there."""
    tags = cell.metadata.get("tags")
    return {str(tag) for tag in tags} if isinstance(tags, list) else set()
