"""Exercise horizontal_flip: every image mirrored, left to right."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=4,
    hints=(
        "Left and right change places. Which axis of the array runs from left to right?",
        "The axes are (image, row, column) and perhaps (colour): reverse axis 2, and only that one.",
        "return images[:, :, ::-1]",
    ),
)
def horizontal_flip(images):
    """Every image mirrored, left to right.

    images: (m, h, w), or (m, h, w, c) with colours.
    Returns an array of the same shape, in which column j is what
    column w - 1 - j was.
    """
    return images[:, :, ::-1]


@horizontal_flip.cases
def _(rng):
    yield (rng.uniform(size=(2, 3, 4)),)
    yield (rng.uniform(size=(3, 4, 5, 3)),)
    yield (rng.uniform(size=(1, 5, 2)),)
    yield (rng.uniform(size=(2, 2, 3, 1)),)


@horizontal_flip.mistake(
    "The images stand on their head: you reversed the rows. Left to right is the columns, axis 2."
)
def upside_down(images):
    return images[:, ::-1]


@horizontal_flip.mistake("You reversed the order of the images, axis 0. Mirror each of them: axis 2.")
def order_reversed(images):
    return images[::-1]


@horizontal_flip.mistake(
    "You reversed the last axis. With colours that is the channels, which turns red into blue; the columns are axis 2."
)
def last_axis(images):
    return images[..., ::-1]


@horizontal_flip.mistake(
    "Both axes are reversed: that is a rotation by 180 degrees. Only the columns change places."
)
def turned(images):
    return images[:, ::-1, ::-1]


@horizontal_flip.mistake("Rows and columns are exchanged: that is a transpose. Reverse the columns instead.")
def transposed(images):
    return np.swapaxes(images, 1, 2)


@horizontal_flip.mistake("The images were shifted by a column, not mirrored.")
def rolled(images):
    return np.roll(images, 1, axis=2)


@horizontal_flip.mistake(
    "The brightness is turned over: this is the negative, 1 - image. Mirror the columns."
)
def negatives(images):
    return 1 - images


@horizontal_flip.mistake(
    "The originals are still there, before the mirrored images. Return the mirrored ones alone."
)
def with_the_originals(images):
    return np.concatenate([images, images[:, :, ::-1]])


@horizontal_flip.mistake("Only the first image is mirrored. Mirror all of them: images[:, :, ::-1].")
def first_image_alone(images):
    flipped = images.copy()
    flipped[0] = images[0, :, ::-1]
    return flipped


@horizontal_flip.mistake("The order of the images is reversed as well. Leave axis 0 alone.")
def order_too(images):
    return images[::-1, :, ::-1]


@horizontal_flip.mistake(
    "The right half mirrors the left half now, often because columns are overwritten before they are copied. Write into a "
    "new array."
)
def overwritten(images):
    flipped, w = images.copy(), images.shape[2]
    for j in range(w):
        flipped[:, :, j] = flipped[:, :, w - 1 - j]
    return flipped


@horizontal_flip.mistake(
    "Every axis is reversed, often because np.flip has no axis: the images themselves and their rows as well. Name axis=2."
)
def every_axis(images):
    return np.flip(images)


@horizontal_flip.variant
def by_flip(images):
    return np.flip(images, axis=2)


@horizontal_flip.variant
def column_by_column(images):
    flipped, w = np.empty_like(images), images.shape[2]
    for j in range(w):
        flipped[:, :, j] = images[:, :, w - 1 - j]
    return flipped
