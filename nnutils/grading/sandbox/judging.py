"""The child that judges models: it runs an answer, and when that is done it gets the exercise and judges what is there.

Nothing of an exercise is in the process while the answer runs. It is imported by a zygote that has Keras, and by nobody else.
"""

from __future__ import annotations

import functools
import importlib
import linecache
import pkgutil
import socket
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow  # noqa: F401  (imported here once, for all children)

import nnutils.givens
from nnutils.checks.assess import assess
from nnutils.checks.exercise import Exercise
from nnutils.checks.run import Run, run_case
from nnutils.checks.standard import Standard
from nnutils.checks.verdict import judge
from nnutils.givens.transfer_learning import noting_model
from nnutils.grading import words
from nnutils.grading.sandbox.child import answer, receive
from nnutils.grading.sandbox.codec import CodecError, encode
from nnutils.grading.sandbox.lock import Lock, hook
from nnutils.grading.sandbox.seal import Seal

PATIENCE = 0.2  # seconds for an answer's threads to end
_running = sys._current_frames


def prepared() -> Callable[[socket.socket, Lock, bool], None]:
    """What a child does, with all that children share made: no operation of TensorFlow's, since none may come before a fork."""
    for module in pkgutil.iter_modules(nnutils.givens.__path__):
        importlib.import_module(f"nnutils.givens.{module.name}")
    noting_model()
    assert keras.layers.Dense and keras.losses.get("mse")  # Keras imports some of itself late
    return functools.partial(serve, Seal())


def serve(seal: Seal, channel: socket.socket, lock: Lock, hooks: bool) -> None:
    """Lock the process up; run an answer, or take the runs that are sent; then judge. One exercise, and no more."""
    layers = lock.close(channel.fileno())
    channel.sendall(encode([*layers, "hooks"] if hooks else layers))
    request = receive(channel)
    if request is None:
        return
    if hooks:
        hook(tuple(request["allows"]))
    runs: list[Run] = []
    if "program" in request:
        parts = request["program"], request["name"], request["cases"], request["part"]
        for message in answer(*parts, runs):
            channel.sendall(message)
        request = receive(channel)
    if request is not None:
        channel.sendall(encode(verdict(request, runs, seal)))


def verdict(request: dict[str, Any], live: list[Run], seal: Seal) -> dict[str, Any]:
    """What the exercise's own judge says of the runs; with `probe` in the request, whether its results can be sent."""
    runs = request.get("runs") or live
    objection = _objection(seal, live) if live else None
    _calm()
    reply = {"nonce": request["nonce"], "objection": objection}
    if objection:
        return reply
    exercise = _declared(request["module"], request["file"], request["source"], request["name"])
    if request.get("probe"):
        return reply | {"data": _is_data(run_case(exercise.reference, request["cases"][0], exercise.part))}
    try:
        return reply | _judged(Standard(exercise, request["cases"]), runs)
    except (ArithmeticError, TypeError, ValueError, RecursionError, MemoryError):
        told = "the results cannot be compared with what is asked for"
        return reply | {"cases": [False] * len(request["cases"]), "mistake": None, "told": told}


def _judged(standard: Standard, runs: list[Run]) -> dict[str, Any]:
    said = judge(standard.exercise, standard.cases, runs, standard)
    told = ""
    if not all(said.cases):
        found, _ = assess(standard, runs)
        told = words.told(next((one for one in found if one is not None), None))
    return {"cases": list(said.cases), "mistake": said.mistake, "told": told}


def _objection(seal: Seal, runs: list[Run]) -> str | None:
    """What speaks against judging: something that the answer left behind or brought with it."""
    until = time.monotonic() + PATIENCE
    while len(_running()) > 1 and time.monotonic() < until:
        time.sleep(0.01)
    if len(_running()) > 1:
        return "it leaves a thread running"
    if name := seal.broken():
        return f"it changes {name} for everybody"
    try:
        name = next((odd for one in runs if (odd := seal.stranger_in(one.result))), None)
    except Exception as error:  # a model that cannot even be looked at
        return f"what it returns cannot be looked at ({type(error).__name__})"
    return f"it returns something of its own making that hides what it is ({name})" if name else None


def _calm() -> None:
    """Take off what an answer may have put between Python and the judge."""
    for one in (sys, threading):
        one.settrace(None)
        one.setprofile(None)
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")


def _declared(module: str, file: str, source: str, name: str) -> Exercise:
    """The exercise, with the module that declares it executed from its source."""
    made = sys.modules[module] = types.ModuleType(module)
    made.__file__ = file
    linecache.cache[file] = (0, None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec", dont_inherit=True), vars(made))
    return vars(made)[name]


def _is_data(run: Run) -> bool:
    try:
        return run.failure is None and bool(encode(run.result))
    except CodecError:
        return False
