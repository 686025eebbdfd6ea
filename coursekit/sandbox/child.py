"""The process that runs a stranger's code: programs and inputs come in, results go out. It knows no expected value.

`python -m coursekit.sandbox.child FD SETUP` is a process of its own for one submission, where processes cannot be forked.
"""

from __future__ import annotations
import __future__

import builtins
import linecache
import os
import socket
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from coursekit.sandbox import hooks
from coursekit.sandbox.codec import CodecError, encode
from coursekit.sandbox.confine import Confinement
from coursekit.sandbox.decode import receive
from coursekit.sandbox.program import UNSENT
from coursekit.sandbox.setup import from_arguments
from nnutils.checks.run import Failure, Run, failure_of, run_case

POSTPONED = __future__.annotations.compiler_flag  # a type hint calls nothing, so it is not evaluated
Reply = Callable[[dict[str, Any]], Any]  # of a service: request → reply


def serve(
    channel: socket.socket, confinement: Confinement, hooked: bool = True, reply: Reply | None = None
) -> None:
    """Confine the process, say what holds, and answer requests until the other end closes.

    The libraries that the first request allows are allowed to all: for other ones the runner starts another child.
    """
    layers = confinement.enter(channel.fileno())
    channel.sendall(encode([*layers, "hooks"] if hooked else layers))
    while (request := _next(channel)) is not None:
        if "program" not in request and reply:
            channel.sendall(encode(reply(request)))
            continue
        if hooked:
            hooks.install(tuple(request["allows"]))
            hooked = False
        for message in answer(request["program"], request["name"], request["cases"], request["part"]):
            channel.sendall(message)


def answer(
    program: list[tuple[str, int, str]], name: str, cases: list[dict[str, Any]], part: int | None
) -> Iterator[bytes]:
    """Execute a program and run its function `name`. Yields its failure or its callable names, then a run for each case."""
    world: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    failure = _execute(program, world)
    callables = [word for word, value in list(world.items()) if type(word) is str and callable(value)]
    yield encode({"failure": failure, "callables": callables[:1000]})
    for arguments in cases if failure is None else ():
        with warnings.catch_warnings(), np.errstate():
            warnings.simplefilter("ignore")
            message = _run(world[name], arguments, part)
        yield message


def _next(channel: socket.socket) -> Any:
    """The next request; None when the other end has closed."""
    try:
        return receive(channel.recv)[0]
    except ConnectionError:
        return None


def _execute(program: list[tuple[str, int, str]], world: dict[str, Any]) -> Failure | None:
    for file, line, source in program:
        _remember(file, line, source)
        try:
            exec(compile("\n" * (line - 1) + source, file, "exec", POSTPONED, dont_inherit=True), world)
        except BaseException as error:
            return _failure(error)
    return None


def _run(function: Any, arguments: dict[str, Any], part: int | None) -> bytes:
    """Run one case; an exception that escapes from it, and a result that cannot be sent, is its failure."""
    try:
        return encode(run_case(function, arguments, part), opaque=True)
    except CodecError as error:
        return encode(Run(failure=Failure("Unreadable", f"{UNSENT}: {error}")))
    except BaseException as error:
        return encode(Run(failure=_failure(error)))


def _failure(error: BaseException) -> Failure:
    """The failure without the first frame, which is of this module: a student would look for its line in the own cell."""
    trace = error.__traceback__
    return failure_of(BaseException.with_traceback(error, trace and trace.tb_next))


def _remember(file: str, line: int, source: str) -> None:
    """Let tracebacks find the text of a program's lines."""
    lines = linecache.cache[file][2] if file in linecache.cache else []  # type: ignore[misc]
    lines = lines + ["\n"] * (line - 1 - len(lines))
    own = [f"{text}\n" for text in source.split("\n")]
    linecache.cache[file] = (0, None, lines[: line - 1] + own + lines[line - 1 + len(own) :], file)


if __name__ == "__main__":
    channel, setup = from_arguments()
    serve(channel, Confinement(setup.limits), setup.hooks)
    os._exit(0)
