"""The process that runs a stranger's code: programs and inputs come in, results go out. It knows no expected value.

A child that has Keras may be asked to judge instead (`judging`); the grader asks that of one in which no answer ran.
"""

from __future__ import annotations
import __future__

import builtins
import importlib
import linecache
import os
import socket
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from coursekit.sandbox.codec import HEADER, CodecError, encode
from coursekit.sandbox.decode import decode, lengths
from coursekit.sandbox.lock import Limits, Lock, hook
from nnutils.checks.run import Failure, Run, failure_of, run_case

POSTPONED = __future__.annotations.compiler_flag  # a type hint calls nothing, so it is not evaluated


def serve(channel: socket.socket, lock: Lock, hooks: bool = True) -> None:
    """Lock the process up, say what holds, and answer requests until the other end closes.

    What the first request allows holds for all: the grader gives an exercise that allows something a child of its own.
    """
    layers = lock.close(channel.fileno())
    channel.sendall(encode([*layers, "hooks"] if hooks else layers))
    request = receive(channel)
    if hooks and request is not None and "program" in request:
        hook(tuple(request["allows"]))
    while request is not None:
        if "program" in request:
            for message in answer(request["program"], request["name"], request["cases"], request["part"]):
                channel.sendall(message)
        else:
            judging = importlib.import_module("coursekit.sandbox.judging")
            channel.sendall(encode(judging.judged(request)))
        request = receive(channel)


def answer(
    program: list[tuple[str, int, str]], name: str, cases: list[dict[str, Any]], part: int | None
) -> Iterator[bytes]:
    """Execute a program and run its function `name`: a message with its failure or its callable names, then one a case."""
    world: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    failure = _execute(program, world)
    callables = [word for word, value in list(world.items()) if type(word) is str and callable(value)]
    yield encode({"failure": failure, "callables": callables[:1000]})
    for arguments in cases if failure is None else ():
        with warnings.catch_warnings(), np.errstate():
            warnings.simplefilter("ignore")
            message = _run(world[name], arguments, part)
        yield message


def receive(channel: socket.socket) -> Any:
    """Receive one message; None when the other end has closed."""
    header = _exactly(channel, HEADER.size)
    if header is None:
        return None
    text, size = lengths(header)
    return decode(_exactly(channel, text) or b"", _exactly(channel, size) or b"")


def _exactly(channel: socket.socket, count: int) -> bytes | None:
    data = bytearray()
    while len(data) < count:
        piece = channel.recv(min(count - len(data), 1 << 20))
        if not piece:
            return None
        data += piece
    return bytes(data)


def _execute(program: list[tuple[str, int, str]], world: dict[str, Any]) -> Failure | None:
    for file, line, source in program:
        _remember(file, line, source)
        try:
            exec(compile("\n" * (line - 1) + source, file, "exec", POSTPONED, dont_inherit=True), world)
        except BaseException as error:
            return failure_of(error)
    return None


def _run(function: Any, arguments: dict[str, Any], part: int | None) -> bytes:
    """Run one case; what escapes from it, and a result that cannot be sent, is its failure."""
    try:
        return encode(run_case(function, arguments, part), opaque=True)
    except CodecError as error:
        return encode(Run(failure=Failure("Unreadable", f"what it returns cannot be taken: {error}")))
    except BaseException as error:
        return encode(Run(failure=failure_of(error)))


def _remember(file: str, line: int, source: str) -> None:
    """Let tracebacks find the text of a program's lines."""
    lines = linecache.cache[file][2] if file in linecache.cache else []  # type: ignore[misc]
    lines = lines + ["\n"] * (line - 1 - len(lines))
    own = [f"{text}\n" for text in source.split("\n")]
    linecache.cache[file] = (0, None, lines[: line - 1] + own + lines[line - 1 + len(own) :], file)


def main() -> None:
    """Serve one submission as a process of its own, where processes cannot be forked.

    `python -m coursekit.sandbox.child FD SECONDS MEMORY 0 HOOKS`; on Windows FD is 0 and the socket comes through stdin.
    """
    number = int(sys.argv[1])
    shared = getattr(socket, "fromshare", None)
    channel = shared(sys.stdin.buffer.read()) if shared else socket.socket(fileno=number)
    serve(channel, Lock(Limits(float(sys.argv[2]), int(sys.argv[3]))), sys.argv[5] == "1")
    os._exit(0)


if __name__ == "__main__":
    main()
