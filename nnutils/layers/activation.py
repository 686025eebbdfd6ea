"""The activations as layers."""

from __future__ import annotations

import numpy as np

from nnutils.activations import SELU_ALPHA, SELU_SCALE, gelu, silu
from nnutils.arrays import Array
from nnutils.layers.base import Layer


class Activation(Layer):
    """a = f(x), unit by unit. The derivative is computed from the output a."""

    def value(self, x: Array, out: Array) -> Array:
        """f(x), written into out, which may be x itself."""
        raise NotImplementedError

    def slope(self, a: Array, out: Array) -> Array:
        """f'(x) in terms of a = f(x), written into out."""
        raise NotImplementedError

    def forward(self, x: Array, training: bool = False) -> Array:
        if not training:
            return self.value(x, np.empty(x.shape, self.dtype))
        self.a = self.value(x, x if self.may_overwrite else self.buffer("a", x.shape))
        return self.a

    def backward(self, d: Array) -> Array:
        slope = self.slope(self.a, self.buffer("slope", d.shape))
        return np.multiply(d, slope, out=slope)


class ReLU(Activation):
    """max(x, 0). The slope is 1 where a > 0.

    The maximum with an array of zeros is 3 times faster than with the number 0, which NumPy does not vectorise.
    """

    def value(self, x: Array, out: Array) -> Array:
        return np.maximum(x, self.buffer("zeros", x.shape, np.zeros), out=out)

    def slope(self, a: Array, out: Array) -> Array:
        return np.sign(a, out=out)

    def backward(self, d: Array) -> Array:  # the same as with slope, but a product with booleans is faster
        return np.multiply(d, self.a > 0, out=d if self.may_overwrite else self.buffer("slope", d.shape))


class Tanh(Activation):
    """tanh(x). The slope is 1 - a^2."""

    def value(self, x: Array, out: Array) -> Array:
        return np.tanh(x, out=out)

    def slope(self, a: Array, out: Array) -> Array:
        return np.subtract(1, np.multiply(a, a, out=out), out=out)


class Sigmoid(Activation):
    """1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2. The slope is a (1 - a)."""

    def value(self, x: Array, out: Array) -> Array:
        np.tanh(np.multiply(x, 0.5, out=out), out=out)
        out *= 0.5
        out += 0.5
        return out

    def slope(self, a: Array, out: Array) -> Array:
        return np.multiply(a, np.subtract(1, a, out=out), out=out)


class LeakyReLU(Activation):
    """x where x > 0, alpha x elsewhere. The slope is 1 or alpha."""

    settings = ("alpha",)

    def __init__(self, alpha: float = 0.01) -> None:
        self.alpha = not_negative(alpha)

    def value(self, x: Array, out: Array) -> Array:
        return np.add(np.maximum(x, 0), self.alpha * np.minimum(x, 0), out=out)

    def slope(self, a: Array, out: Array) -> Array:
        np.multiply(a > 0, 1 - self.alpha, out=out)
        out += self.alpha
        return out


class ELU(Activation):
    """scale x where x > 0, scale alpha (exp(x) - 1) elsewhere. The slope is scale, or a + scale alpha."""

    settings: tuple[str, ...] = ("alpha",)
    scale = 1.0

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = not_negative(alpha)

    def value(self, x: Array, out: Array) -> Array:
        curve = np.expm1(np.minimum(x, 0))  # 0 where x > 0
        curve *= self.alpha
        np.add(np.maximum(x, 0), curve, out=out)
        out *= self.scale
        return out

    def slope(self, a: Array, out: Array) -> Array:
        positive = a > 0
        np.minimum(a, 0, out=out)
        out += self.scale * self.alpha
        out += positive * a.dtype.type(self.scale * (1 - self.alpha))
        return out


class SELU(ELU):
    """The ELU whose two constants keep mean 0 and variance 1 from layer to layer."""

    settings = ()
    scale = SELU_SCALE

    def __init__(self) -> None:
        super().__init__(SELU_ALPHA)


class Curved(Layer):
    """a = f(x), unit by unit, where the output does not tell the derivative: it is computed with the value, and kept."""

    def both(self, x: Array) -> tuple[Array, Array]:
        """f(x) and f'(x)."""
        raise NotImplementedError

    def forward(self, x: Array, training: bool = False) -> Array:
        a, slope = self.both(x)
        if training:
            self.slope = slope
        return a

    def backward(self, d: Array) -> Array:
        return d * self.slope


class GELU(Curved):
    """x P(N < x) with N standard normal."""

    def both(self, x: Array) -> tuple[Array, Array]:
        return gelu(x)


class SiLU(Curved):
    """x sigmoid(x)."""

    def both(self, x: Array) -> tuple[Array, Array]:
        return silu(x)


class SwiGLU(Layer):
    """u silu(g): the first half u of the inputs times the SiLU of the second half g, the gate (Shazeer 2020)."""

    def width(self, n_in: int) -> int:
        if n_in % 2:
            raise ValueError(f"SwiGLU needs an even number of inputs, half of them gates, not {n_in}")
        return n_in // 2

    def forward(self, x: Array, training: bool = False) -> Array:
        u, (gate, slope) = x[..., : self.n_out], silu(x[..., self.n_out :])
        if training:
            self.by_u, self.by_g = gate, u * slope
        return u * gate

    def backward(self, d: Array) -> Array:
        return np.concatenate([d * self.by_u, d * self.by_g], axis=-1)


def not_negative(alpha: float) -> float:
    """alpha as a float. Raises ValueError if it is negative: then the output's sign would not tell the slope."""
    if not alpha >= 0:
        raise ValueError(f"alpha must be 0 or more, not {alpha}")
    return float(alpha)
