"""Where a function that is given a random generator takes its random numbers from."""

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
SOURCES = {*GLOBAL, *(f"np.random.{name}" for name in MAKERS)}  # all that `other_source` may name
COURSE, ANSWERS = "nnutils.", re.compile(r"nnutils\.lessons\.\w+\.exercises\b")
Used = list[tuple[str, str]]  # a source of random numbers, and the seed of a generator that was made


def generators_in(arguments: dict[str, Any]) -> list[str]:
    """The names of the arguments that are random generators."""
    return [name for name, value in arguments.items() if isinstance(value, np.random.Generator)]


def state_of(rng: np.random.Generator) -> tuple[Any, int]:
    """What changes when a generator is drawn from, or has children."""
    bits = rng.bit_generator
    return dict(bits.state), getattr(bits.seed_seq, "n_children_spawned", 0)


def copy_of(rng: np.random.Generator) -> np.random.Generator:
    """Another generator that draws the same numbers: a PCG64, in a fifth of the time of a deep copy."""
    seeds = rng.bit_generator.seed_seq
    names = ("entropy", "spawn_key", "pool_size", "n_children_spawned")
    bits = np.random.PCG64(np.random.SeedSequence(**{name: getattr(seeds, name) for name in names}))
    bits.state = rng.bit_generator.state  # type: ignore[assignment]
    return np.random.Generator(bits)


def with_other_generators(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments with other generators in the place of theirs."""
    names = generators_in(arguments)
    return arguments | {name: np.random.default_rng([number, 5]) for number, name in enumerate(names)}


def other_source(first: Used, second: Used) -> str:
    """The source that a function used besides its generator, from two runs with different generators; "" where there is none.

    A generator that is seeded with numbers of the given one has another seed in each run, and is no other source.
    """
    return next((source for source, seed in first if (source, seed) in second), "")


@contextlib.contextmanager
def watching(namespace: dict[str, Any], used: Used) -> Iterator[None]:
    """Add to `used` the generators that are made meanwhile, also under names in `namespace`, and draws from the global ones.

    Afterwards `np.random`, the namespace and the global generators are as they were.
    """
    makers = {name: getattr(np.random, name) for name in MAKERS}
    watched = {name: _watched(name, maker, used) for name, maker in makers.items()}
    aliases = {word: name for word, value in [*namespace.items()] for name in MAKERS if value is makers[name]}
    before = _states()
    vars(np.random).update(watched)
    namespace.update({word: watched[name] for word, name in aliases.items()})
    _set_states(START)
    try:
        yield
    finally:
        after = _states()
        _set_states(before)
        vars(np.random).update(makers)
        namespace.update({word: makers[name] for word, name in aliases.items()})
    used += [(name, "") for name in GLOBAL if START[name] != after[name]]


def _watched(name: str, maker: Any, used: Used) -> Any:
    """A maker of generators that adds its calls to `used`. A class stays a class, since NumPy asks for it."""

    def note(arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        caller = sys._getframe(2).f_globals.get("__name__", "")
        given = any(isinstance(value, np.random.Generator) for value in (*arguments, *named.values()))
        if not given and (not caller.startswith(COURSE) or ANSWERS.match(caller)):
            used.append((f"np.random.{name}", repr((arguments, named))))

    def make(*arguments: Any, **named: Any) -> Any:
        note(arguments, named)
        return maker(*arguments, **named)

    def begin(self: Any, *arguments: Any, **named: Any) -> None:
        note(arguments, named)
        maker.__init__(self, *arguments, **named)

    return type(name, (maker,), {"__init__": begin}) if isinstance(maker, type) else make


def _states() -> dict[str, Any]:
    """The states of the global generators."""
    return _named(np.random.get_state(), random.getstate())  # noqa: NPY002  (to see whether an answer uses it)


def _named(numpy: Any, python: Any) -> dict[str, Any]:
    _, numbers, *rest = numpy
    return {"np.random": (numbers.tobytes(), *rest), "random": python}


def _set_states(states: dict[str, Any]) -> None:
    numbers, *rest = states["np.random"]
    np.random.set_state(("MT19937", np.frombuffer(numbers, np.uint32), *rest))  # noqa: NPY002
    random.setstate(states["random"])


SEED = 0x0DD5EED
START = _named(
    np.random.RandomState(SEED).get_state(), random.Random(SEED).getstate()
)  # while a function is watched
