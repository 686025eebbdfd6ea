"""The time that an answer may take."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable

from coursekit.sandbox.hosts import Process, Zygote

LOOK = 0.2  # seconds between two looks at the CPU time of a child
IDLE = 0.01  # share of a processor: a child that uses less is waiting, and not for its turn on a busy machine
ENDLESS = ": does a loop never end?"


class Clock:
    """Ends an answer that takes too long.

    It may compute for `seconds` (CPU time), wait for as many, and last `patience` seconds more by the clock. Where the system
    does not tell the CPU time of another process, all time counts as waiting.
    """

    def __init__(self, host: Zygote | Process, seconds: float, patience: float) -> None:
        self._host, self.seconds, self.end = host, seconds, seconds + patience
        self._begun = self._seen = time.monotonic()
        self._before = self._used = host.used()
        self._idle, self.lasted, self.over = 0.0, "its time", False

    def reader(self, child: socket.socket) -> Callable[[int], bytes]:
        """A function that reads up to n bytes from a child.

        It raises TimeoutError when the answer has had its time; then `lasted` says how long that was.
        """

        def read(count: int) -> bytes:
            while True:
                left = self._begun + self.end - time.monotonic()
                if left <= 0:
                    self.over = True
                    self._stop(f"{self.end:g} s by the clock: does it wait for something?")
                child.settimeout(min(left, LOOK))
                piece = None
                with contextlib.suppress(TimeoutError):
                    piece = child.recv(count)
                self.look()
                if piece is not None:
                    return piece

        return read

    def send(self, child: socket.socket, message: bytes) -> None:
        """Send a child its work. Raises OSError if it does not take it in time."""
        child.settimeout(self.end)
        child.sendall(message)

    def look(self) -> None:
        """Raises TimeoutError where the child has computed or waited for too long."""
        now = time.monotonic()
        if now - self._seen < LOOK / 2:
            return
        used = self._host.used()
        if used - self._used < IDLE * (now - self._seen):
            self._idle += now - self._seen
        self._seen, self._used = now, used
        if used - self._before > self.seconds:
            self._stop(f"{self.seconds:g} s of computing{ENDLESS}")
        if self._idle > self.seconds:
            self._stop(f"{self.seconds:g} s{' of waiting' if used >= 0 else ENDLESS}")

    def _stop(self, lasted: str) -> None:
        self.lasted = lasted
        raise TimeoutError
