"""The grader's side of the pipe: give an answer to a child, take back what it did, and outlive whatever that was."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from nnutils.checks.exercise import Arguments
from nnutils.checks.run import Failure, Run
from nnutils.grading.answers import Answer
from nnutils.grading.codec import HEADER, CodecError, encode
from nnutils.grading.decode import decode, lengths
from nnutils.grading.hosts import START, Process, Zygote
from nnutils.grading.sandbox import Limits


@dataclass(frozen=True)
class Outcome:
    """What an answer did. `lost` says how its child was lost, where it was; the cases not run then carry that failure, too."""

    runs: Sequence[Run]
    callables: Sequence[str] = ()
    lost: str | None = None


class Runner:
    """Runs answers, in one child until that is lost or `fresh()` is called."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.layers, self.cpu, self.peak = limits, list[str](), 0.0, 0
        self._folder = tempfile.TemporaryDirectory(prefix="nnutils-grading-")
        self._host = (Zygote if hasattr(os, "fork") else Process)(limits, self._folder.name)
        self._child: socket.socket | None = None

    def __enter__(self) -> Runner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self.fresh()
        self._host.close()
        self._folder.cleanup()

    def run(self, answer: Answer, cases: Sequence[Arguments]) -> Outcome:
        """What the answer does with the cases.

        Raises
        ------
        CodecError: the cases hold something that cannot be sent.
        """
        exercise = answer.exercise
        request = {
            "program": answer.program,
            "name": exercise.name,
            "cases": list(cases),
            "allows": exercise.allows,
            "part": exercise.part,
        }
        message = encode(request)
        if (
            answer.lent
        ):  # it holds an answer, so nothing of this submission may run in that child before or after
            self.fresh()
        outcome = self._ask(message, len(cases))
        if answer.lent and not outcome.lost:
            self.fresh()
        return outcome

    def fresh(self, kill: bool = False) -> int | None:
        """End the child, so that the next answer gets a new one; returns its wait status."""
        if self._child is None:
            return None
        self._child.close()
        self._child = None
        status, cpu, peak = self._host.end(kill)
        self.cpu, self.peak = self.cpu + cpu, max(self.peak, peak)
        return status

    def _ask(self, message: bytes, count: int) -> Outcome:
        runs: list[Run] = []
        try:
            child = self._start()
            until = time.monotonic() + self.limits.seconds
            child.settimeout(self.limits.seconds)
            child.sendall(message)
            head = _receive(child, until)
            if not isinstance(head, dict) or not isinstance(head.get("callables"), list):
                raise CodecError("an answer's first message is none")
            if isinstance(head.get("failure"), Failure):
                return Outcome([Run(failure=head["failure"])] * count)
            while len(runs) < count:
                runs.append(_receive(child, until))
                if not isinstance(runs[-1], Run):
                    raise CodecError("an answer's message is no run")
            return Outcome(runs, [name for name in head["callables"] if isinstance(name, str)])
        except TimeoutError:
            return self._lost(runs, count, "TimeLimit", kill=True)
        except CodecError:
            runs = [one for one in runs if isinstance(one, Run)]
            return self._lost(runs, count, "Unreadable", kill=True)
        except OSError:  # also where it closed the pipe
            return self._lost(runs, count, "ProcessEnded", kill=False)

    def _start(self) -> socket.socket:
        if self._child is None:
            self._child = self._host.start()
            self.layers = [str(layer) for layer in _receive(self._child, time.monotonic() + START)]
        return self._child

    def _lost(self, runs: list[Run], count: int, kind: str, kill: bool) -> Outcome:
        status = self.fresh(kill)
        if kind == "TimeLimit" or (status is not None and status & 0x7F == getattr(signal, "SIGXCPU", -1)):
            kind, how = (
                "TimeLimit",
                f"it did not come back within {self.limits.seconds:g} s: does a loop never end?",
            )
        elif kind == "Unreadable":
            how = "what came back could not be read"
        else:
            how = f"it ended its process{_ending(status)}"
        failure = Run(failure=Failure(kind, how))
        return Outcome([*runs, *[failure] * (count - len(runs))], lost=how)


def _receive(child: socket.socket, until: float) -> Any:
    text, size = lengths(_exactly(child, HEADER.size, until))
    return decode(_exactly(child, text, until), _exactly(child, size, until))


def _exactly(child: socket.socket, count: int, until: float) -> bytes:
    data = bytearray()
    while len(data) < count:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        child.settimeout(left)
        piece = child.recv(min(count - len(data), 1 << 20))
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
