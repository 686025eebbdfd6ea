"""Exercise horizontal_flip: some of the images mirrored, left to right."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=1,
    minutes=3,
    fresh=True,
    hints=(
        "Which axis of the array runs from left to right? And how do you reach only the images that are chosen?",
        "Work on a copy. The axes are (image, row, column) and perhaps (colour): reverse axis 2 of the chosen images. A bool array as an index takes the images where it is True.",
        "flipped = images.copy(), then flipped[chosen] = flipped[chosen][:, :, ::-1].",
    ),
)
def horizontal_flip(images, chosen):
    """The chosen images mirrored, left to right; the others as they are.

    images: (m, h, w), or (m, h, w, c) with colours.
    chosen: bool (m,), which images are mirrored.
    Returns a new array of the same shape: of a chosen image, what
    was in the first column is in the last one, and so on.
    """
    flipped = images.copy()
    flipped[chosen] = images[chosen][:, :, ::-1]
    return flipped


@horizontal_flip.cases
def _(rng):
    yield rng.uniform(size=(3, 3, 4)), np.array([True, False, True])
    yield rng.uniform(size=(4, 4, 5, 3)), np.array([False, True, True, False])
    yield rng.uniform(size=(2, 5, 2)), np.array([True, True])
    yield rng.uniform(size=(3, 2, 3, 1)), np.array([False, False, False])
    yield rng.uniform(size=(3, 4, 4)), np.array([False, False, True])
    yield rng.uniform(size=(1, 3, 3)), np.array([True])


def _where(chosen, changed, images):
    return np.where(chosen.reshape(-1, *[1] * (images.ndim - 1)), changed, images)


@horizontal_flip.mistake("Every image is mirrored. Mirror those alone where chosen is True.")
def all_of_them(images, chosen):
    return images[:, :, ::-1].copy()


@horizontal_flip.mistake("The images that were not chosen are mirrored, and the chosen ones are not.")
def the_others(images, chosen):
    return _where(~chosen, images[:, :, ::-1], images)


@horizontal_flip.mistake(
    "The chosen images stand on their head: their rows are reversed. Left to right is the columns, axis 2."
)
def upside_down(images, chosen):
    return _where(chosen, images[:, ::-1], images)


@horizontal_flip.mistake(
    "With colours the last axis is reversed, which turns red into blue. The columns are axis 2."
)
def last_axis(images, chosen):
    return _where(chosen, images[..., ::-1], images)


@horizontal_flip.mistake("Rows and columns are both reversed: that is a turn by 180 degrees.")
def turned(images, chosen):
    return _where(chosen, images[:, ::-1, ::-1], images)


@horizontal_flip.mistake(
    "The order of the chosen images is reversed as well, and not only their columns. Leave axis 0 alone."
)
def order_too(images, chosen):
    flipped = images.copy()
    flipped[chosen] = images[chosen][::-1, :, ::-1]
    return flipped


@horizontal_flip.mistake(
    "The order of the chosen images is reversed, and they are not mirrored: with chosen as an index, axis 0 is still the images."
)
def order_reversed(images, chosen):
    flipped = images.copy()
    flipped[chosen] = images[chosen][::-1]
    return flipped


@horizontal_flip.mistake("Only the chosen images come back. Return all m, the others as they were.")
def chosen_alone(images, chosen):
    return images[chosen][:, :, ::-1].copy()


@horizontal_flip.mistake(
    "The right half of a chosen image mirrors its left half now, often because columns are overwritten before they are copied."
)
def overwritten(images, chosen):
    flipped, w = images.copy(), images.shape[2]
    for j in range(w):
        flipped[chosen, :, j] = flipped[chosen, :, w - 1 - j]
    return flipped


@horizontal_flip.mistake("The chosen images are moved by a column, not mirrored.")
def rolled(images, chosen):
    return _where(chosen, np.roll(images, 1, axis=2), images)


@horizontal_flip.mistake("The first image alone decides: all images are mirrored where its entry is True.")
def first_decides(images, chosen):
    return images[:, :, ::-1].copy() if chosen[0] else images.copy()


@horizontal_flip.mistake("Nothing is mirrored. Reverse the columns of the chosen images, axis 2.")
def unchanged(images, chosen):
    return images.copy()


@horizontal_flip.variant
def by_where(images, chosen):
    mask = np.expand_dims(chosen, tuple(range(1, images.ndim)))
    return np.where(mask, np.flip(images, axis=2), images)


@horizontal_flip.variant
def image_by_image(images, chosen):
    return np.stack(
        [np.fliplr(image) if mirrored else image for image, mirrored in zip(images, chosen, strict=True)]
    )
