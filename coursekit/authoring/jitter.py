"""Change weights and results in their last digits while a course runs, as another processor does.

A number that changes visibly under such a jitter is chaotic and should not be printed. `python3 course.py steady` calls
`shake` in a kernel before the first cell.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

WEIGHTS = ("initialize", "_step", "_update")  # endings of the names of answers that return weights
# Relative: about 1 000 units in the last place of float64; of float32 one unit, now and then.
DOUBLE, SINGLE = 1e-13, 3e-8


def shake(seed: int) -> None:
    """From now on jitter weights at the start and at every step: in nnutils, in Keras, and in loops around an answer."""
    import nnutils
    from nnutils.optimizers import Optimizer

    rng = np.random.default_rng([seed, 0x717])
    Optimizer.update = _shaken_update(Optimizer.update, rng)  # type: ignore[method-assign]
    nnutils.check = _shaken_check(nnutils.check, rng)
    _shake_keras(seed)


def jittered(value: Any, rng: np.random.Generator) -> Any:
    """Every float64 array in the value times 1 + 1e-13 N(0, 1), every float32 array times 1 + 3e-8 N(0, 1).

    Other values are returned as they are.
    """
    if isinstance(value, tuple | list):
        return type(value)(jittered(item, rng) for item in value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        scale = DOUBLE if value.dtype.itemsize == 8 else SINGLE
        return (value * (1 + scale * rng.standard_normal(value.shape))).astype(value.dtype)
    return value


def _shaken_update(update: Callable[..., None], rng: np.random.Generator) -> Callable[..., None]:
    """An optimiser's `update` that jitters the weights before each step."""

    @functools.wraps(update)
    def shaken(self: Any, theta: Any, grad: Any) -> None:
        theta[...] = jittered(theta, rng)
        update(self, theta, grad)

    return shaken


def _shaken_check(check: Callable[..., Any], rng: np.random.Generator) -> Callable[..., Any]:
    """A `check` that returns answers which make or update weights with jittered results."""

    def shaken(function: Callable[..., Any]) -> Callable[..., Any]:
        checked = check(function)
        if not checked.__name__.endswith(WEIGHTS):
            return checked

        @functools.wraps(checked)
        def answer(*args: Any, **kwargs: Any) -> Any:
            return jittered(checked(*args, **kwargs), rng)

        return answer

    return shaken


def _shake_keras(seed: int) -> None:
    """From now on Keras optimisers jitter the variables before each step, in eager mode and inside a graph."""
    import keras
    import tensorflow as tf

    apply = keras.optimizers.Optimizer.apply

    @functools.wraps(apply)
    def shaken(self: Any, grads: Any, trainable_variables: Any = None) -> Any:
        steps = tf.cast(self.iterations.value, tf.int32)
        for number, variable in enumerate(trainable_variables or ()):
            noise = tf.random.stateless_normal(tf.shape(variable.value), [steps, seed * 1000 + number])
            variable.assign(variable.value * (1 + SINGLE * tf.cast(noise, variable.dtype)))
        return apply(self, grads, trainable_variables)

    keras.optimizers.Optimizer.apply = shaken
