"""Where a function that is given a random generator takes its numbers from."""

from __future__ import annotations

import contextlib
import random
import re
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

MAKERS = ("default_rng", "RandomState", "PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
GLOBAL = {"np.random": "np.random's own functions", "random": "Python's module random"}
SOURCES = {*GLOBAL, *(f"np.random.{name}" for name in MAKERS)}  # all that `elsewhere` may name
COURSE, ANSWERS = "nnutils.", re.compile(r"nnutils\.lessons\.\w+\.exercises\b")
Noted = list[tuple[str, str]]  # a source, and what a generator was made from


def generators_in(arguments: dict[str, Any]) -> list[str]:
    """The names of the arguments that are random generators."""
    return [name for name, value in arguments.items() if isinstance(value, np.random.Generator)]


def state_of(rng: np.random.Generator) -> tuple[Any, int]:
    """What tells whether a generator was drawn from, or had children."""
    bits = rng.bit_generator
    return dict(bits.state), getattr(bits.seed_seq, "n_children_spawned", 0)


def twin(rng: np.random.Generator) -> np.random.Generator:
    """A generator of its own that draws the same. A fifth of the time of a deep copy."""
    seeds = rng.bit_generator.seed_seq
    names = ("entropy", "spawn_key", "pool_size", "n_children_spawned")
    bits = np.random.PCG64(np.random.SeedSequence(**{name: getattr(seeds, name) for name in names}))
    bits.state = rng.bit_generator.state  # type: ignore[assignment]
    return np.random.Generator(bits)


def others(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same arguments with other generators."""
    return arguments | {
        name: np.random.default_rng([number, 5]) for number, name in enumerate(generators_in(arguments))
    }


def elsewhere(first: Noted, second: Noted) -> str:
    """The source that a function used besides its generator, from what was noted with one generator and with another.

    A generator that was made from numbers of the one that is given is another one then.
    """
    return next((source for source, seed in first if (source, seed) in second), "")


@contextlib.contextmanager
def noting(namespace: dict[str, Any], noted: Noted) -> Iterator[None]:
    """Note the generators that are made meanwhile, also under names in `namespace`, and draws from the global ones."""
    makers = {name: getattr(np.random, name) for name in MAKERS}
    instead = {name: _noting(name, maker, noted) for name, maker in makers.items()}
    theirs = {word: name for word, value in [*namespace.items()] for name in MAKERS if value is makers[name]}
    vars(np.random).update(instead)
    namespace.update({word: instead[name] for word, name in theirs.items()})
    try:
        with _global_ones(noted):
            yield
    finally:
        vars(np.random).update(makers)
        namespace.update({word: makers[name] for word, name in theirs.items()})


@contextlib.contextmanager
def _global_ones(noted: Noted) -> Iterator[None]:
    """Note draws from the global generators, which begin at a state of their own and end at that from before."""
    before = _states()
    _put(START)
    try:
        yield
    finally:
        after = _states()
        _put(before)
    noted += [(name, "") for name in GLOBAL if START[name] != after[name]]


def _states() -> dict[str, Any]:
    state: Any = np.random.get_state(legacy=False)  # noqa: NPY002  (to see whether an answer uses it)
    words = state["state"]
    numbers = tuple(words["key"].tolist()), words["pos"], state["has_gauss"], state["gauss"]
    return {"np.random": numbers, "random": random.getstate()}


def _put(states: dict[str, Any]) -> None:
    np.random.set_state(("MT19937", *states["np.random"]))  # noqa: NPY002
    random.setstate(states["random"])


def _noting(name: str, maker: Any, noted: Noted) -> Any:
    """What stands for a maker of generators meanwhile: it notes the call. A class stays a class, since NumPy asks for it."""

    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        caller = sys._getframe(2).f_globals.get("__name__", "")
        given = any(isinstance(one, np.random.Generator) for one in (*arguments, *named.values()))
        if not given and (not caller.startswith(COURSE) or ANSWERS.match(caller)):
            noted.append((f"np.random.{name}", repr((arguments, named))))

    def made(*arguments: Any, **named: Any) -> Any:
        note(arguments, named)
        return maker(*arguments, **named)

    def begin(self: Any, *arguments: Any, **named: Any) -> None:
        note(arguments, named)
        maker.__init__(self, *arguments, **named)

    return type(name, (maker,), {"__init__": begin}) if isinstance(maker, type) else made


def _start() -> dict[str, Any]:
    seed = 0x0DD5EED
    state: Any = np.random.RandomState(seed).get_state(legacy=False)["state"]
    return {
        "np.random": (tuple(state["key"].tolist()), state["pos"], 0, 0.0),
        "random": random.Random(seed).getstate(),
    }


START = _start()
