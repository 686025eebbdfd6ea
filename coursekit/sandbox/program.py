"""What goes to a child and what comes back: a program, and what the grader believes of the child's report."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from coursekit.sandbox.codec import RESULT, CodecError
from nnutils.checks.run import Failure, Run

LOST = ("TimeLimit", "ProcessEnded")  # failures that only the grader's side can know
UNSENT = "what it returns cannot be taken"  # the one failure of a child that is no exception
REASONS = ("too much to send", "nested too deeply to send")


@dataclass(frozen=True)
class Program:
    """What a child runs: the statements first, then `function` with each case."""

    statements: Sequence[tuple[str, int, str]]  # file, line and source of each
    function: str
    allows: tuple[str, ...] = ()  # libraries that it may import
    part: int | None = None  # the part of a returned tuple that counts; None: all of it
    lent: bool = False  # whether it holds the course's own answer to another exercise


@dataclass(frozen=True)
class Outcome:
    """What a program did with each case. If its child was lost, `lost` says how, and so do the runs of the remaining cases."""

    runs: Sequence[Run]
    callables: Sequence[str] = ()  # the names that its statements bound to something callable
    lost: str | None = None


def validated(run: object, arguments: Collection[str], size: int) -> Run:
    """A run as a child reports it: about these arguments, not lost, and with `size` bytes so far.

    Raises
    ------
    CodecError: it cannot be true, or is too large.
    """
    if not isinstance(run, Run) or not {*run.changed, *run.shared} <= {*arguments}:
        raise CodecError("an answer's message is no run")
    if size > 2 * RESULT.bytes:
        raise CodecError("an answer sends too much")
    return run if run.failure is None else replace(run, result=None, failure=own_failure(run.failure))


def own_failure(failure: Failure) -> Failure:
    """A failure that a child reports. Of one that is no exception no text is taken, since it is told word for word.

    Raises
    ------
    CodecError: it claims that its process was lost, which it cannot know.
    """
    if failure.kind in LOST:
        raise CodecError("an answer tells how its process was lost")
    if failure.bases:
        return failure
    reason = next((f": {reason}" for reason in REASONS if failure.message.endswith(f": {reason}")), "")
    return Failure("Unreadable", f"{UNSENT}{reason}")


def redacted(outcome: Outcome) -> Outcome:
    """The outcome without texts that the answer chose: it could read the course's own answer in its process, and quote it."""
    runs = [replace(run, failure=run.failure and _redacted(run.failure)) for run in outcome.runs]
    return replace(outcome, runs=runs)


def _redacted(failure: Failure) -> Failure:
    lost = failure.kind in LOST
    return Failure(
        failure.kind if lost or _is_builtin(failure.kind) else "an error of its own",
        failure.message if lost else "",
        tuple((number, "") for number, _ in failure.lines if 0 < number < 10_000),
        tuple(filter(_is_builtin, failure.bases)),
    )


def _is_builtin(name: str) -> bool:
    return isinstance(getattr(builtins, name, None), type)
