"""The explorer of lesson 05: a gallery of augmented pictures."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.augmentation import color_jitter, horizontal_flip, random_crop
from nnutils.data import digits, photo
from nnutils.figures.explorer import Explorer, choice, slider, whole_slider
from nnutils.figures.style import panels
from nnutils.lessons.early_stopping_and_augmentation.plots import draw_picture

ROWS, COLUMNS = 2, 5
SIXES = "a six, ten times"
PICTURES = ("a flower", "ten digits", SIXES)


@cache
def originals(name: str) -> NDArray[np.floating]:
    """The ten pictures that a gallery begins with: (10, h, w) or (10, h, w, 3)."""
    if name == "a flower":
        flower = photo("flower.jpg")[20:420, 120:520]
        blocks = flower.reshape(40, 10, 40, 10, 3).mean(axis=(1, 3))
        return np.repeat(blocks[None], ROWS * COLUMNS, axis=0)
    X, y = digits()
    first = [int(np.flatnonzero(y == digit)[0]) for digit in range(10)]
    return X[[first[6]] * 10 if name == SIXES else first].reshape(10, 8, 8)


def augmented(
    images: NDArray, flip: float, turn: float, shift: float, brightness: float, contrast: float, seed: int
) -> tuple[NDArray, NDArray, NDArray]:
    """The pictures, changed at random; which were mirrored; which were turned by 180 degrees.

    flip, turn: chances. shift: the largest, as a share of the picture's size. brightness, contrast: how far they vary.
    Every kind of change has random numbers of its own, so that moving one control leaves the others' draws as they are.
    """
    for_flip, for_turn, for_shift, for_light = (np.random.default_rng([seed, kind]) for kind in range(4))
    m, pad = len(images), round(shift * images.shape[1])
    mirrored, turned = for_flip.random(m) < flip, for_turn.random(m) < turn
    images = np.where(_each(mirrored, images), horizontal_flip(images), images)
    images = np.where(_each(turned, images), horizontal_flip(images)[:, ::-1], images)
    images = random_crop(images, pad, np.rint(for_shift.random((m, 2)) * 2 * pad).astype(int))
    light = for_light.uniform(-1, 1, size=(m, 2)) * [brightness, contrast]
    lit = [color_jitter(image[None], b, 1 + c)[0] for image, (b, c) in zip(images, light, strict=True)]
    return np.stack(lit), mirrored, turned


def _each(chosen: NDArray[np.bool_], images: NDArray) -> NDArray[np.bool_]:
    return chosen.reshape(-1, *[1] * (images.ndim - 1))


class augmentation_gallery(Explorer):
    """Ten pictures after random flips, turns, shifts and changes of light; each control is one kind of change."""

    title = "A gallery of augmented pictures"
    try_this = "a six with a chance to turn of 0.5; then the flower, every change as strong as you can still recognise it."
    notice = "the label never changes. Once you would give a picture another label, or none, the change is too strong."

    def build(self) -> dict[str, Any]:
        self.figure, axes = panels(ROWS, COLUMNS, height=3.8)
        first = originals(PICTURES[0])
        self.shown = [draw_picture(axis, image) for axis, image in zip(axes.flat, first, strict=True)]
        return {
            "picture": choice("picture", PICTURES, PICTURES[0]),
            "flip": slider("chance to mirror", 0.5, 0, 1, 0.1),
            "turn": slider("chance to turn", 0.0, 0, 1, 0.1),
            "shift": slider("largest shift (share)", 0.1, 0, 0.5, 0.025, readout_format=".3f"),
            "brightness": slider("brightness, up to", 0.1, 0, 0.6, 0.05),
            "contrast": slider("contrast, up to", 0.3, 0, 1, 0.1),
            "seed": whole_slider("draw", 0, 0, 20),
        }

    def draw(
        self,
        picture: str,
        flip: float,
        turn: float,
        shift: float,
        brightness: float,
        contrast: float,
        seed: int,
    ) -> str:
        before = originals(picture)
        after, mirrored, turned = augmented(before, flip, turn, shift, brightness, contrast, seed)
        for artist, image in zip(self.shown, after, strict=True):
            artist.set(data=image, extent=(0, image.shape[1], image.shape[0], 0))
        change = np.abs(after - before).mean()
        return (
            f"Of ten pictures ({picture}), {mirrored.sum()} are mirrored and {turned.sum()} turned upside down; "
            f"shifts of up to {round(shift * before.shape[1])} of {before.shape[1]} pixels. "
            f"On average a pixel has changed by {change:.2f}." + _warning(picture, mirrored, turned)
        )


def _warning(picture: str, mirrored: NDArray, turned: NDArray) -> str:
    if picture == SIXES and (turned & ~mirrored).any():
        return f" {(turned & ~mirrored).sum()} of them now read as a nine, and the label still says six."
    if picture == PICTURES[1] and (mirrored | turned).any():
        return " Mirrored or turned digits are mostly no digits any more."
    return ""
