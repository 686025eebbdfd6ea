"""Move every integer seed of a process, so that a lesson runs with other data splits, starts and orders than the committed ones.

`python3 course.py replicate` calls `move` in a process of its own. Set 0 is the lesson as it is committed. Data sets that are
fixed, as the digits, have no seed and stay as they are.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

_COMMITTED: dict[str, Any] = {"default_rng": np.random.default_rng, "RandomState": np.random.RandomState}


def move(number: int) -> None:
    """From now on an integer seed s, or a sequence of integers, gives the random numbers of [s, number]; with 0 its own.

    That holds for NumPy's `default_rng` and for scikit-learn's `random_state`; `move_keras` does it for Keras.
    """
    vars(np.random).update(_makers(number) if number else _COMMITTED)


@contextlib.contextmanager
def as_committed() -> Iterator[None]:
    """Here seeds give what they give in the committed lesson."""
    before = {name: getattr(np.random, name) for name in _COMMITTED}
    vars(np.random).update(_COMMITTED)
    try:
        yield
    finally:
        vars(np.random).update(before)


def _makers(number: int) -> dict[str, Any]:
    default_rng, random_state = _COMMITTED.values()

    def moved_default_rng(seed: Any = None) -> np.random.Generator:
        return default_rng(_moved(seed, number))

    class AnyRandomState(type):
        """scikit-learn asks whether a value is a RandomState; one that was made by NumPy itself is one, too."""

        def __instancecheck__(cls, value: Any) -> bool:
            return isinstance(value, random_state)

    class RandomState(random_state, metaclass=AnyRandomState):  # type: ignore[misc, valid-type]
        def __init__(self, seed: Any = None) -> None:
            super().__init__(_moved(seed, number))

    return {"default_rng": moved_default_rng, "RandomState": RandomState}


def _moved(seed: Any, number: int) -> Any:
    """[seed, number], or a longer list, for integers; anything else, as a generator or None, is no seed to move."""
    whole = isinstance(seed, int | np.integer) or (
        isinstance(seed, list | tuple | np.ndarray) and np.asarray(seed).dtype.kind in "iu"
    )
    return [*map(int, np.atleast_1d(seed)), number] if whole else seed


def _moved_integer(seed: Any, number: int) -> Any:
    """The seed of set `number` for what takes one integer: another one below 2**31."""
    if isinstance(seed, bool) or not isinstance(seed, int):
        return seed
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0] >> 1)


def move_keras(number: int) -> None:
    """Do the same for Keras: `set_random_seed`, and the seeds of initializers and layers."""
    if not number:
        return
    import keras
    from keras.src.random import seed_generator

    def with_moved(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def moved(seed: Any) -> Any:
            return function(_moved_integer(seed, number))

        return moved

    keras.utils.set_random_seed = with_moved(keras.utils.set_random_seed)
    draw: Callable[..., Any] = seed_generator.draw_seed
    for name, module in [*sys.modules.items()]:
        if name.startswith("keras.src.") and vars(module).get("draw_seed") is draw:
            module.draw_seed = with_moved(draw)  # type: ignore[attr-defined]
    begin = seed_generator.SeedGenerator.__init__

    @functools.wraps(begin)
    def moved_begin(self: Any, seed: Any = None, **named: Any) -> None:
        begin(self, seed=_moved_integer(seed, number), **named)
        self._initial_seed = seed  # what a copy of the layer is made with, which moves it again

    seed_generator.SeedGenerator.__init__ = moved_begin
