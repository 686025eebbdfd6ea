"""Shake a course that runs: change weights and results in their last digits, as another processor does.

What changes visibly under such a jitter is chaos: no number to print. `steady` runs this in a kernel before the first cell.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

WEIGHTS = ("initialize", "_step", "_update")  # how answers are called whose result is weights
# Relative: about 1 000 units of the last place of float64; of float32 one unit, now and then.
DOUBLE, SINGLE = 1e-13, 3e-8


def shake(seed: int) -> None:
    """From now on jitter weights at the start and at every step: in nnutils, in Keras, and in loops around an answer."""
    rng = np.random.default_rng([seed, 0x717])
    _shake_optimizers(rng)
    _shake_check(rng)
    _shake_keras(seed)


def jittered(value: Any, rng: np.random.Generator) -> Any:
    """Every float array in the value times 1 + 1e-13 N(0, 1), in float32 times 1 + 3e-8 N(0, 1); other things as they are."""
    if isinstance(value, tuple | list):
        return type(value)(jittered(item, rng) for item in value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        scale = DOUBLE if value.dtype.itemsize == 8 else SINGLE
        return (value * (1 + scale * rng.standard_normal(value.shape))).astype(value.dtype)
    return value


def _shake_optimizers(rng: np.random.Generator) -> None:
    from nnutils.optimizers import Optimizer

    update = Optimizer.update

    @functools.wraps(update)
    def shaken(self: Any, theta: Any, grad: Any) -> None:
        theta[...] = jittered(theta, rng)
        update(self, theta, grad)

    Optimizer.update = shaken  # type: ignore[method-assign]


def _shake_check(rng: np.random.Generator) -> None:
    """Answers that make weights or take a step with them are handed back with jittered results."""
    import nnutils
    from nnutils import check

    def shaken(function: Callable[..., Any]) -> Callable[..., Any]:
        checked = check(function)
        if not checked.__name__.endswith(WEIGHTS):
            return checked

        @functools.wraps(checked)
        def answer(*args: Any, **kwargs: Any) -> Any:
            return jittered(checked(*args, **kwargs), rng)

        return answer

    nnutils.check = shaken


def _shake_keras(seed: int) -> None:
    """Variables that a Keras optimiser is about to change are jittered first, in eager mode and inside a graph."""
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
