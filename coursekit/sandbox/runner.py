"""The grader's side of the pipe: give an answer to a child, take back what it did, and outlive whatever that was."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from coursekit.grading.own_folder import OwnFolder
from coursekit.grading.reading.answers import Answer
from coursekit.sandbox.codec import HEADER, CodecError, encode
from coursekit.sandbox.decode import decode, lengths
from coursekit.sandbox.hosts import START, Process, Zygote
from coursekit.sandbox.lock import Limits
from coursekit.sandbox.outcome import Outcome, checked, credible, discreet
from coursekit.sandbox.walls import missing, require
from nnutils.checks.exercise import Arguments
from nnutils.checks.run import Failure, Run

SANDBOXES = ("best", "required", "off")
PATIENCE = 19  # times the limit, that an answer may take longer by the clock than it may compute
LOOK = 0.2  # seconds between two looks at what a child has used
IDLE = 0.01  # of a processor: who uses less waits, and not for its turn on a busy machine


class Clock:
    """How long an answer may take: so many CPU seconds, as many in which it only waits, and by the clock `patience` more.

    Where the system does not tell what a process has used, every second is one in which it waits.
    """

    def __init__(self, host: Zygote | Process | None, seconds: float, patience: float) -> None:
        self._host, self.seconds, self.end = host, seconds, seconds + patience
        self._begun = self._seen = time.monotonic()
        self._before = self._used = host.used() if host else 0.0
        self._idle, self.lasted, self.over = 0.0, "", False

    def wait(self) -> float:
        """How long to wait for the next word.

        Raises
        ------
        TimeoutError: the answer has had its time; `lasted` says how long that was.
        """
        left = self._begun + self.end - time.monotonic()
        if left <= 0:
            self.over = True
            self._stop(f"{self.end:g} s by the clock: does it wait for something?")
        return min(left, LOOK) if self._host else left

    def look(self) -> None:
        """Raises TimeoutError where the child has computed or waited for too long."""
        now = time.monotonic()
        if self._host is None or now - self._seen < LOOK / 2:
            return
        used = self._host.used()
        if used - self._used < IDLE * (now - self._seen):
            self._idle += now - self._seen
        self._seen, self._used = now, used
        if used - self._before > self.seconds:
            self._stop(f"{self.seconds:g} s of computing: does a loop never end?")
        if self._idle > self.seconds:
            self._stop(
                f"{self.seconds:g} s of waiting"
                if used >= 0
                else f"{self.seconds:g} s: does a loop never end?"
            )

    def _stop(self, lasted: str) -> None:
        self.lasted = lasted
        raise TimeoutError


class Runner:
    """Runs answers, in one child until that is lost or `fresh()` is called.

    sandbox: "best" takes the walls that the machine allows, "required" insists on all, "off" leaves them out.

    Raises
    ------
    SandboxMissing: the sandbox is required and this machine does not allow it; says what is missing and what helps.
    """

    models = False  # whether its children have Keras in them

    def __init__(self, limits: Limits, sandbox: str = "best", hooks: bool = True) -> None:
        if sandbox not in SANDBOXES:
            raise ValueError(f"sandbox is {sandbox!r}: choose one of {', '.join(SANDBOXES)}")
        self.limits, self.cpu, self.peak, self.layers = limits, 0.0, 0, list[str]()
        self._folder = OwnFolder("nnutils-grading-")
        host = Zygote if hasattr(os, "fork") else Process
        self._host = host(limits, str(self._folder.path), sandbox != "off", hooks, self.models)
        self.sandbox, self.hooks, self.beside = sandbox, hooks, list[Runner]()  # to be closed with this one
        self._child: socket.socket | None = None
        self._allows: tuple[str, ...] = ()
        self.renew()
        if sandbox == "required":
            try:
                require(self.probe())
            except BaseException:
                self.close()
                raise

    def __enter__(self) -> Runner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def renew(self) -> None:
        """Begin a notebook. Where one of its answers takes all the time by the clock, the others get no more than the limit."""
        self.patience = PATIENCE * self.limits.seconds
        for runner in self.beside:
            runner.renew()

    def close(self) -> None:
        """End the child and what the children come from."""
        with contextlib.suppress(OSError):
            self.fresh()
        self._host.close()
        self._folder.close()
        for runner in self.beside:
            runner.close()

    def probe(self) -> list[str]:
        """The layers that hold on this machine; starts a child where none was started yet."""
        if not self.layers:
            self._start(self._allows)
        return self.layers

    @property
    def missing(self) -> list[str]:
        """What does not hold on this machine, in words, the gravest first; empty where all holds."""
        return missing(self.probe())

    def run(self, answer: Answer, cases: Sequence[Arguments]) -> Outcome:
        """What the answer does with the cases.

        Raises
        ------
        CodecError: the cases hold something that cannot be sent.
        RuntimeError: no child can be started.
        """
        message = encode(request_of(answer, cases))
        if (
            answer.lent
        ):  # it holds an answer: nothing of this submission may run in that child before or after
            self.fresh()
        outcome = self._tried(message, cases, answer.exercise.allows)
        if answer.lent and not outcome.lost:
            self.fresh()
        return discreet(outcome) if answer.lent else outcome

    def fresh(self, kill: bool = False) -> int | None:
        """End the child, so that the next answer gets a new one; returns its wait status."""
        if self._child is None:
            return None
        self._child.close()
        self._child = None
        status, cpu, peak = self._host.end(kill)
        self.cpu, self.peak = self.cpu + cpu, max(self.peak, peak)
        return status

    def _tried(self, message: bytes, cases: Sequence[Arguments], allows: tuple[str, ...]) -> Outcome:
        outcome = self._ask(message, cases, allows)
        if outcome.lost and not self._host.alive():  # not the answer's doing as far as can be known
            outcome = self._ask(message, cases, allows)
        return outcome

    def _ask(self, message: bytes, cases: Sequence[Arguments], allows: tuple[str, ...]) -> Outcome:
        runs: list[Run] = []
        try:
            child = self._start(allows)
        except OSError as error:
            raise RuntimeError(f"no process can be started for an answer: {error}") from error
        clock = self._clock()
        try:
            send_to(child, message, clock)
            head, size = receive_from(child, clock)
            if not isinstance(head, dict) or not isinstance(head.get("callables"), list):
                raise CodecError("an answer's first message is none")
            if isinstance(head.get("failure"), Failure):
                return Outcome([Run(failure=credible(head["failure"]))] * len(cases))
            for case in cases:
                run, more = receive_from(child, clock)
                size += more
                runs.append(checked(run, case, size))
            return Outcome(runs, [name for name in head["callables"] if isinstance(name, str)])
        except TimeoutError:
            self.patience = 0.0 if clock.over else self.patience
            return self._lost(runs, len(cases), "TimeLimit", kill=True, lasted=clock.lasted)
        except CodecError:
            return self._lost(runs, len(cases), "Unreadable", kill=True)
        except OSError:  # also where it closed the pipe
            return self._lost(runs, len(cases), "ProcessEnded", kill=False)

    def _clock(self) -> Clock:
        """What an answer may take, counted from now on."""
        return Clock(self._host, self.limits.seconds, self.patience)

    def _start(self, allows: tuple[str, ...]) -> socket.socket:
        """The child for exercises that allow these libraries. What one may import, no other one may find in memory."""
        if self._child is not None and allows != self._allows:
            self.fresh()
        self._allows = allows
        if self._child is None:
            try:
                self._child = self._born()
            except (OSError, CodecError):  # no answer had a hand in it
                self._host.close()
                self._child = self._born()
        return self._child

    def _born(self) -> socket.socket:
        child = self._host.start()
        layers, _ = receive_from(child, Clock(None, START, 0.0))
        self.layers = [str(layer) for layer in layers]
        return child

    def _lost(self, runs: list[Run], count: int, kind: str, kill: bool, lasted: str = "") -> Outcome:
        status = self.fresh(kill)
        if status is not None and status & 0x7F == getattr(signal, "SIGXCPU", -1):
            kind, lasted = "TimeLimit", f"{self.limits.cpu} s of computing: does a loop never end?"
        if kind == "TimeLimit":
            how = f"it did not come back within {lasted or 'its time'}"
        elif kind == "Unreadable":
            how = "what came back could not be read"
        else:
            how = f"it ended its process{_ending(status)}"
        failure = Run(failure=Failure(kind, how))
        return Outcome([*runs, *[failure] * (count - len(runs))], lost=how)


def request_of(answer: Answer, cases: Sequence[Arguments]) -> dict[str, Any]:
    """What a child is told of an answer."""
    exercise = answer.exercise
    return {
        "program": answer.program,
        "name": exercise.name,
        "cases": list(cases),
        "allows": exercise.allows,
        "part": exercise.part,
    }


def send_to(child: socket.socket, message: bytes, clock: Clock) -> None:
    """Send a child its work. Raises OSError where it cannot be sent in time."""
    child.settimeout(clock.end)
    child.sendall(message)


def receive_from(child: socket.socket, clock: Clock) -> tuple[Any, int]:
    """A message that a child sent, and how long it was."""
    text, size = lengths(_exactly(child, HEADER.size, clock), result=True)
    return decode(_exactly(child, text, clock), _exactly(child, size, clock), result=True), text + size


def _exactly(child: socket.socket, count: int, clock: Clock) -> bytes:
    data = bytearray()
    child.settimeout(LOOK)
    while len(data) < count:
        child.settimeout(clock.wait())
        piece = None
        with contextlib.suppress(TimeoutError):
            piece = child.recv(min(count - len(data), 1 << 20))
        clock.look()
        if piece is None:
            continue
        if not piece:
            raise OSError("the other end closed")
        data += piece
    return bytes(data)


def _ending(status: int | None) -> str:
    if status is None:
        return ""
    if status & 0x7F:
        with contextlib.suppress(ValueError):
            return f" (signal {signal.Signals(status & 0x7F).name})"
    return f" (exit code {status >> 8})"
