"""How a child is set up, and the form of what the zygote reports."""

from __future__ import annotations

import json
import math
import socket
import struct
import sys
from dataclasses import asdict, dataclass

REPORT = struct.Struct("<id")  # of a child that ended: wait status, CPU seconds
USED = struct.Struct("<d")  # CPU seconds of a child that runs


@dataclass(frozen=True)
class Limits:
    """What a child may use: CPU seconds for one exercise, bytes of memory, threads beside its first."""

    seconds: float = 10.0
    memory: int = 1 << 30
    threads: int = 0

    @property
    def cpu(self) -> int:
        """CPU seconds of a whole child: far more than one exercise may take, for a child that nobody watches any more."""
        return math.ceil(self.seconds) * 20 + 10


@dataclass(frozen=True)
class Setup:
    """The limits, whether with walls and with Python's hooks, and the service: a module that is imported for all children."""

    limits: Limits
    walls: bool = True
    hooks: bool = True
    service: str = ""

    def arguments(self, theirs: socket.socket) -> list[str]:
        """The arguments of a process with this setup and with the socket `theirs`, which it inherits except on Windows."""
        inherited = not hasattr(theirs, "share")
        return [str(theirs.fileno()) if inherited else "", json.dumps(asdict(self))]


def from_arguments() -> tuple[socket.socket, Setup]:
    """The socket and the setup that this process was started with. On Windows the socket comes through stdin."""
    number, setup = sys.argv[1], json.loads(sys.argv[2])
    shared = getattr(socket, "fromshare", None)
    channel = socket.socket(fileno=int(number)) if shared is None else shared(sys.stdin.buffer.read())
    return channel, Setup(Limits(**setup.pop("limits")), **setup)
