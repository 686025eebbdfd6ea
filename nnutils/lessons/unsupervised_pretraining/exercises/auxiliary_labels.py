"""Exercise auxiliary_labels: labels that cost nothing: turn each picture, and ask by how much it was turned."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=6,
    returns=("rotated", "turns"),
    hints=(
        "np.rot90 turns an array by quarter turns in the plane of two axes. Which axes span a picture here?",
        "np.rot90(images, k, axes=(1, 2)) turns every picture k times. Make four such stacks and join them.",
        "np.concatenate([np.rot90(images, k, axes=(1, 2)) for k in range(4)]) and np.repeat(np.arange(4), len(images)).",
    ),
)
def auxiliary_labels(images):
    """Labels that cost nothing: turn each picture,
    and ask by how much it was turned.

    images: (m, s, s), square.
    Returns (rotated, turns): rotated (4m, s, s), first all images as they
    are, then all of them turned counter-clockwise by one quarter,
    then by two, then by three (as np.rot90 turns a picture); turns (4m,),
    integers 0 to 3: the number of quarter turns of each.
    Source: Gidaris et al. 2018.
    """
    rotated = np.concatenate([np.rot90(images, k, axes=(1, 2)) for k in range(4)])
    return rotated, np.repeat(np.arange(4), len(images))


@auxiliary_labels.cases
def _(rng):
    yield (rng.random((3, 4, 4)),)
    yield (rng.normal(size=(5, 3, 3)),)
    yield (rng.random((1, 2, 2)),)
    yield (rng.random((2, 5, 5)),)
    yield (rng.normal(size=(4, 4, 4)),)  # as many pictures as rows


def _turned(images, steps):
    return np.concatenate([np.rot90(images, k, axes=(1, 2)) for k in steps])


@auxiliary_labels.mistake(
    "Your pictures are turned clockwise. Turn them the other way, as np.rot90 does in the plane of axes 1 and 2."
)
def clockwise(images):
    return _turned(images, (0, -1, -2, -3)), np.repeat(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "Pictures and labels are in different orders: the labels run 0, 1, 2, 3, 0, 1, ... and the pictures come in four blocks. Use np.repeat."
)
def labels_tiled(images):
    return _turned(images, range(4)), np.tile(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "These labels are degrees. Classes are counted from 0: return the number of quarter turns."
)
def degrees(images):
    return _turned(images, range(4)), 90 * np.repeat(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "The pictures come in four blocks that are all unturned. Turn the second block once, the third twice, the last three times."
)
def nothing_turned(images):
    return _turned(images, (0, 0, 0, 0)), np.repeat(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "These are mirror images in places where a turned picture belongs. A quarter turn is np.rot90, not a flip."
)
def flipped(images):
    blocks = [images, images[:, ::-1], images[:, :, ::-1], images[:, ::-1, ::-1]]
    return np.concatenate(blocks), np.repeat(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "The unturned pictures are missing: all four numbers of turns, 0 to 3, are classes."
)
def without_the_unturned(images):
    return _turned(images, (1, 2, 3)), np.repeat(np.arange(1, 4), len(images))


@auxiliary_labels.mistake(
    "The stack itself was turned, and not each picture in it: np.rot90 turns in the plane of axes 0 and 1 unless you say otherwise. "
    "Pictures span axes 1 and 2: axes=(1, 2)."
)
def stack_turned(images):
    return np.concatenate([np.rot90(images, k) for k in range(4)]), np.repeat(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "Pictures and labels belong together, but in another order than asked: all four turns of the first picture, then of the second. "
    "First come all images unturned, then all turned once, ..."
)
def picture_by_picture(images):
    turned = np.stack([np.rot90(images, k, axes=(1, 2)) for k in range(4)], axis=1)
    return turned.reshape(-1, *images.shape[1:]), np.tile(np.arange(4), len(images))


@auxiliary_labels.mistake(
    "The labels are one-hot rows. Return one integer for each picture: how often it was turned."
)
def one_hot_labels(images):
    return _turned(images, range(4)), np.repeat(np.eye(4, dtype=int), len(images), axis=0)


@auxiliary_labels.mistake("The labels are floats. They are classes: return integers.")
def labels_as_floats(images):
    return _turned(images, range(4)), np.repeat(np.arange(4.0), len(images))


@auxiliary_labels.mistake("The labels run from 1 to 4. They count quarter turns: 0 for a picture as it is.")
def labels_from_one(images):
    return _turned(images, range(4)), np.repeat(np.arange(1, 5), len(images))


@auxiliary_labels.mistake(
    "The pictures are right, but one turn and three turns have each other's label. Often because the turns are counted clockwise."
)
def labels_clockwise(images):
    return _turned(images, range(4)), np.repeat([0, 3, 2, 1], len(images))


@auxiliary_labels.mistake(
    "Both are right and in the wrong order: return the pictures first, then the labels."
)
def labels_first(images):
    return np.repeat(np.arange(4), len(images)), _turned(images, range(4))


@auxiliary_labels.variant
def by_loops(images):
    rotated, turns = [], []
    for k in range(4):
        for image in images:
            rotated.append(np.rot90(image, k))
            turns.append(k)
    return np.array(rotated), np.array(turns)


@auxiliary_labels.variant
def by_transposing(images):
    blocks = [images]
    for _ in range(3):
        blocks.append(blocks[-1].transpose(0, 2, 1)[:, ::-1])
    m = len(images)
    return np.vstack(blocks), np.arange(4 * m) // m
