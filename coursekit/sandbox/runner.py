"""The grader's side of the sandbox: give a program to a child, take back what it did, and survive whatever that was."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Sequence
from typing import Any, Self

from coursekit.sandbox.clock import ENDLESS, Clock
from coursekit.sandbox.codec import CodecError, encode
from coursekit.sandbox.decode import receive
from coursekit.sandbox.hosts import START, Process, Zygote
from coursekit.sandbox.own_folder import OwnFolder
from coursekit.sandbox.program import Outcome, Program, own_failure, redacted, validated
from coursekit.sandbox.setup import Limits, Setup
from coursekit.sandbox.walls import missing, require
from nnutils.checks.run import Failure, Run

SANDBOXES = ("best", "required", "off")
PATIENCE = 19  # times the limit: how much longer than its limit an answer may take by the clock


class Runner:
    """Runs programs, one after another in one child, until that is lost or `restart()` is called.

    sandbox: "best" takes the walls that the machine allows, "required" insists on all, "off" leaves them out.
    service: a module that each child has imported; `ask` calls its function `reply`. Without it there are no such requests.

    Raises
    ------
    SandboxMissing: the sandbox is required and this machine does not allow it; says what is missing and what helps.
    """

    def __init__(self, limits: Limits, sandbox: str = "best", hooks: bool = True, service: str = "") -> None:
        if sandbox not in SANDBOXES:
            raise ValueError(f"sandbox is {sandbox!r}: choose one of {', '.join(SANDBOXES)}")
        self.limits, self.sandbox, self.hooks = limits, sandbox, hooks
        self.cpu, self.layers = 0.0, list[str]()  # CPU seconds used; what holds
        self.beside = list[Runner]()  # closed together with this one
        self._folder = OwnFolder("nnutils-grading-")
        host = Zygote if hasattr(os, "fork") else Process
        self._host = host(Setup(limits, sandbox != "off", hooks, service), str(self._folder.path))
        self._child: socket.socket | None = None
        self._allows: tuple[str, ...] = ()
        self.renew()
        if sandbox == "required":
            try:
                require(self.probe())
            except BaseException:
                self.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def renew(self) -> None:
        """Begin a submission. Once an answer of it used up all its time by the clock, the others only get their limit."""
        self.patience = PATIENCE * self.limits.seconds
        for runner in self.beside:
            runner.renew()

    def close(self) -> None:
        """End the child and the process that it comes from."""
        with contextlib.suppress(OSError):
            self.restart()
        self._host.close()
        self._folder.close()
        for runner in self.beside:
            runner.close()

    def probe(self) -> list[str]:
        """The layers that hold on this machine; starts a child if none was started yet."""
        if not self.layers:
            self.start(self._allows)
        return self.layers

    @property
    def missing(self) -> list[str]:
        """What does not hold on this machine, in words, the gravest first; empty where everything holds."""
        return missing(self.probe())

    def run(self, program: Program, cases: Sequence[dict[str, Any]]) -> Outcome:
        """What the program does with the cases.

        Raises
        ------
        CodecError: the cases hold something that cannot be sent.
        RuntimeError: no child can be started.
        """
        request = {"program": list(program.statements), "name": program.function, "cases": list(cases)}
        message = encode(request | {"allows": program.allows, "part": program.part})
        if not program.lent:
            return self._run(message, cases, program.allows)
        self.restart()  # the program holds an answer: nothing else of the submission may run in its child
        outcome = self._run(message, cases, program.allows)
        self.restart()
        return redacted(outcome)

    def ask(self, request: dict[str, Any]) -> Any:
        """What the service replies to a request, which holds no key "program".

        Raises
        ------
        CodecError: the request or the reply cannot be sent.
        OSError: the child takes too long or ends.
        """
        message, child = encode(request), self.start(self._allows)
        clock = self._clock()
        clock.send(child, message)
        return receive(clock.reader(child), result=True)[0]

    def start(self, allows: tuple[str, ...]) -> socket.socket:
        """The child for programs with this set of allowed libraries: another set means another process.

        Raises
        ------
        OSError, CodecError: it cannot be started.
        """
        if self._child is not None and allows != self._allows:
            self.restart()  # otherwise a program would find in memory what it may not import
        self._allows = allows
        if self._child is None:
            try:
                self._child = self._born()
            except (OSError, CodecError):  # no answer has run yet: try with a new zygote
                self._host.close()
                self._child = self._born()
        return self._child

    def restart(self, kill: bool = False) -> int | None:
        """End the child, so that the next program gets a new one. With `kill` it gets no time to end. Returns its wait status."""
        if self._child is None:
            return None
        self._child.close()
        self._child = None
        status, cpu = self._host.end(kill)
        self.cpu += cpu
        return status

    def _born(self) -> socket.socket:
        child = self._host.start()
        child.settimeout(START)
        self.layers = [str(layer) for layer in receive(child.recv, result=True)[0]]
        return child

    def _clock(self) -> Clock:
        return Clock(self._host, self.limits.seconds, self.patience)

    def _run(
        self, message: bytes, cases: Sequence[dict[str, Any]], allows: tuple[str, ...], again: bool = True
    ) -> Outcome:
        try:
            child = self.start(allows)
        except (OSError, CodecError) as error:
            raise RuntimeError(f"no process can be started for an answer: {error}") from error
        clock, runs = self._clock(), list[Run]()
        try:
            clock.send(child, message)
            return _collected(clock.reader(child), cases, runs)
        except TimeoutError:
            kind = "TimeLimit"
            self.patience = 0.0 if clock.over else self.patience
        except CodecError:
            kind = "Unreadable"
        except OSError:  # also where it closed the connection
            kind = "ProcessEnded"
        status = self.restart(kill=kind != "ProcessEnded")
        if status is None and again:  # the zygote was lost, too: as far as we know not because of the answer
            return self._run(message, cases, allows, again=False)
        failure = self._loss(kind, status, clock.lasted)
        runs += [Run(failure=failure)] * (len(cases) - len(runs))
        return Outcome(runs, lost=failure.message)

    def _loss(self, kind: str, status: int | None, lasted: str) -> Failure:
        """How a child was lost."""
        number = 0 if status is None else status & 0x7F
        if number == getattr(signal, "SIGXCPU", -1):
            kind, lasted = "TimeLimit", f"{self.limits.cpu} s of computing{ENDLESS}"
        if kind == "TimeLimit":
            return Failure(kind, f"it did not come back within {lasted}")
        if kind == "Unreadable":
            return Failure(kind, "what came back could not be read")
        known = {each.value: each.name for each in signal.Signals}
        ending = f" (signal {known[number]})" if number in known else f" (exit code {(status or 0) >> 8})"
        return Failure(kind, f"it ended its process{'' if status is None else ending}")


def _collected(read: Callable[[int], bytes], cases: Sequence[dict[str, Any]], runs: list[Run]) -> Outcome:
    """The outcome that a child reports, message by message; `runs` is filled on the way, for when it is lost."""
    head, size = receive(read, result=True)
    if not isinstance(head, dict) or not isinstance(head.get("callables"), list):
        raise CodecError("an answer's first message is none")
    if isinstance(head.get("failure"), Failure):
        return Outcome([Run(failure=own_failure(head["failure"]))] * len(cases))
    for case in cases:
        run, length = receive(read, result=True)
        size += length
        runs.append(validated(run, case, size))
    return Outcome(runs, [name for name in head["callables"] if isinstance(name, str)])
