"""The explorer of lesson 16: a signal on its way through the blocks, and a gradient on its way back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.figures.explorer import Explorer, choice, slider, whole_slider
from nnutils.figures.style import BLUE, GREY, VERMILION, label, panels

Array = NDArray[np.floating]

WIDTH, EXAMPLES, DEEPEST = 32, 64, 80
YES, NO = "yes", "no"


class deep_signals(Explorer):
    """Choose depth and design, and see how large the signal is behind each block, and the gradient before it."""

    title = "What arrives?"
    try_this = "80 blocks without a shortcut; then with one; then a norm, or the branch scale 0.11."
    notice = "a bare shortcut lets both grow; a norm or a small scale holds them; seeds matter most without a shortcut."

    def build(self) -> dict[str, Any]:
        self.figure, self.axes = panels(height=3.8, width=8.0)
        (self.forward,) = self.axes.plot([], [], "-", color=BLUE, label="signal behind the block")
        (self.backward,) = self.axes.plot([], [], "--", color=VERMILION, label="gradient before the block")
        self.axes.axhline(1, color=GREY, linewidth=0.8)
        self.axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
        self.axes.set_yscale("log")
        self.axes.minorticks_off()
        return {
            "blocks": whole_slider("blocks", 40, 5, DEEPEST, 5),
            "shortcut": choice("shortcut", (NO, YES), YES),
            "norm": choice("norm before the branch", (NO, YES), NO),
            "scale": slider("branch scale", 1.0, 0.05, 1.0, 0.01),
            "seed": whole_slider("seed", 0, 0, 20),
        }

    def draw(self, blocks: int, shortcut: str, norm: str, scale: float, seed: int) -> str:
        signal, gradient = _passes(blocks, shortcut == YES, norm == YES, scale, seed)
        self.forward.set_data(np.arange(blocks + 1), signal)
        self.backward.set_data(np.arange(blocks + 1), gradient)
        both = np.log10(np.maximum(np.concatenate([signal, gradient]), 1e-300))
        self.axes.set(
            xlim=(0, blocks),
            ylim=(10 ** min(np.floor(both.min() - 0.3), -1), 10 ** max(np.ceil(both.max() + 0.3), 1)),
        )
        label(self.axes, f"{blocks} blocks", "block", "mean square, 1 where it begins (log scale)")
        return (
            f"{blocks} blocks, shortcut: {shortcut}, norm: {norm}, branch scale {scale:.2f}. "
            f"The mean square of the signal goes from 1 to {_power(signal[-1])}. "
            f"That of the gradient goes from 1 at the output to {_power(gradient[0])} at the input."
        )


def _passes(blocks: int, shortcut: bool, norm: bool, scale: float, seed: int) -> tuple[Array, Array]:
    """The mean square of the signal behind each block, and of the gradient before it, both 1 where they begin."""
    rng = np.random.default_rng(seed)
    h = rng.normal(size=(EXAMPLES, WIDTH))
    signal, kept = [np.mean(h**2)], []
    for _ in range(blocks):
        W = rng.normal(0, np.sqrt(2 / WIDTH), size=(WIDTH, WIDTH))
        rms = np.sqrt(np.mean(h**2, axis=1, keepdims=True)) if norm else np.ones((EXAMPLES, 1))
        normed = h / rms
        kept.append((W, rms, normed))
        h = shortcut * h + scale * (np.maximum(normed, 0) @ W)
        signal.append(np.mean(h**2))
    d = rng.normal(size=h.shape)
    gradient = [np.mean(d**2)]
    for W, rms, normed in reversed(kept):
        inside = scale * (d @ W.T) * (normed > 0)
        if norm:
            inside = (inside - normed * np.mean(inside * normed, axis=1, keepdims=True)) / rms
        d = shortcut * d + inside
        gradient.append(np.mean(d**2))
    return np.array(signal) / signal[0], np.array(gradient[::-1]) / gradient[0]


def _power(value: float) -> str:
    """A number where it is of ordinary size, else a power of ten."""
    return f"{value:.1f}" if 0.1 <= value < 1000 else f"about 10^{np.log10(max(value, 1e-300)):.0f}"
