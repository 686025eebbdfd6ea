"""Exercise random_crop: every image padded with zeros and cropped again to its size, at an offset of its own."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=5,
    hints=(
        "First put a frame of pad zeros around every image. Then cut a window of the old size out of each, at its own offset.",
        "np.pad with ((0, 0), (pad, pad), (pad, pad)) frames the images. The window of image i begins at row offsets[i, 0] and column offsets[i, 1].",
        "padded[i, r : r + h, c : c + w] for each i with r, c = offsets[i]; stack them with np.stack.",
    ),
)
def random_crop(images, pad, offsets):
    """Every image padded with zeros and cropped again to its size,
    at an offset of its own.

    images: (m, h, w). pad: zeros that are added on each of the four
    sides. offsets: ints (m, 2), the row and the column of the PADDED image
    where the window begins, each from 0 to 2 pad
    (pad, pad gives the image itself). Returns (m, h, w).
    """
    h, w = images.shape[1:]
    padded = np.pad(images, ((0, 0), (pad, pad), (pad, pad)))
    windows = zip(padded, offsets, strict=True)
    return np.stack([image[r : r + h, c : c + w] for image, (r, c) in windows])


@random_crop.cases
def _(rng):
    for (m, h, w), pad in (((3, 4, 6), 2), ((2, 5, 3), 1), ((4, 5, 4), 3)):
        offsets = rng.integers(0, 2 * pad + 1, size=(m, 2))
        offsets[0] = 0, 2 * pad
        offsets[1] = pad, pad - 1
        yield rng.uniform(0.1, 1, size=(m, h, w)), pad, offsets
    yield rng.uniform(0.1, 1, size=(2, 3, 4)), 1, np.array([[1, 1], [2, 0]])


def _crop(images, pad, offsets, *, mode="constant", rows=0, columns=1, back=0):
    h, w = images.shape[1:]
    padded = np.pad(images, ((0, 0), (2 * pad, 2 * pad), (2 * pad, 2 * pad)), mode="constant")
    if mode == "edge":
        padded = np.pad(
            np.pad(images, ((0, 0), (pad, pad), (pad, pad)), mode="edge"), ((0, 0), (pad, pad), (pad, pad))
        )
    starts = [(pad + o[rows] - back, pad + o[columns] - back) for o in offsets]
    return np.stack([p[r : r + h, c : c + w] for p, (r, c) in zip(padded, starts, strict=True)])


@random_crop.mistake("Row and column are exchanged: offsets[i] is (row, column).")
def row_and_column_exchanged(images, pad, offsets):
    return _crop(images, pad, offsets, rows=1, columns=0)


@random_crop.mistake("All images are cropped at the first one's offset. Each has its own.")
def one_offset_for_all(images, pad, offsets):
    return _crop(images, pad, np.repeat(offsets[:1], len(images), axis=0))


@random_crop.mistake("The frame repeats the edge pixels. Pad with zeros, np.pad's default.")
def padded_with_edges(images, pad, offsets):
    return _crop(images, pad, offsets, mode="edge")


@random_crop.mistake(
    "You shift the wrong way: a larger row offset moves the WINDOW down, so the image goes up."
)
def shifted_the_other_way(images, pad, offsets):
    return _crop(images, pad, 2 * pad - np.asarray(offsets))


@random_crop.mistake(
    "Pixels that leave on one side come back on the other: np.roll wraps around. What lies outside the image is 0."
)
def wrapped_around(images, pad, offsets):
    return np.stack(
        [np.roll(x, (pad - r, pad - c), axis=(0, 1)) for x, (r, c) in zip(images, offsets, strict=True)]
    )


@random_crop.mistake("The images come back padded and uncropped. Cut a window of the old size out of each.")
def not_cropped(images, pad, offsets):
    return np.pad(images, ((0, 0), (pad, pad), (pad, pad)))


@random_crop.mistake(
    "Every image is cropped in the middle of the frame, so nothing has changed: begin at its offset."
)
def always_the_middle(images, pad, offsets):
    return _crop(images, pad, np.full_like(offsets, pad))


@random_crop.mistake("The frame mirrors the image at its edges. Pad with zeros, np.pad's default.")
def padded_by_mirroring(images, pad, offsets):
    return _windows(np.pad(images, _frame(pad), mode="reflect"), images, offsets)


def _frame(pad):
    return (0, 0), (pad, pad), (pad, pad)


def _windows(padded, images, offsets):
    h, w = images.shape[1:]
    return np.stack([image[r : r + h, c : c + w] for image, (r, c) in zip(padded, offsets, strict=False)])


@random_crop.mistake(
    "np.pad(images, pad) adds images of zeros before and after the batch as well. Frame rows and columns alone: "
    "((0, 0), (pad, pad), (pad, pad))."
)
def batch_padded(images, pad, offsets):
    return _windows(np.pad(images, pad), images, offsets)


@random_crop.mistake(
    "The row offset is used for the columns, too. offsets[i] holds two numbers: row, column."
)
def one_number_for_both(images, pad, offsets):
    return _windows(np.pad(images, _frame(pad)), images, np.asarray(offsets)[:, [0, 0]])


@random_crop.mistake(
    "The windows begin one row and one column too late. Rows and columns are counted from 0."
)
def counted_from_one(images, pad, offsets):
    return _windows(np.pad(images, _frame(pad + 1)), images, np.asarray(offsets) + 2)


@random_crop.mistake("The frame holds ones. Pad with zeros, np.pad's default.")
def padded_with_ones(images, pad, offsets):
    return _windows(np.pad(images, _frame(pad), constant_values=1), images, offsets)


@random_crop.mistake("All images are cropped at the last one's offset. Each has its own.")
def last_offset_for_all(images, pad, offsets):
    return _windows(np.pad(images, _frame(pad)), images, np.repeat(offsets[-1:], len(images), axis=0))


@random_crop.mistake(
    "The windows are not all of the size (h, w), often because they run over the edges of images that have no frame. Put "
    "the frame of zeros around them first, and cut rows r to r + h and columns c to c + w."
)
def not_padded(images, pad, offsets):
    h, w = images.shape[1:]
    return np.stack([image[r : r + h, c : c + w] for image, (r, c) in zip(images, offsets, strict=True)])


@random_crop.mistake(
    "What lies outside the image is not 0. Pad with zeros, np.pad's default.",
    symptom=lambda a, r: _only_outside(
        r, random_crop(**a), random_crop(np.ones(a["images"].shape), a["pad"], a["offsets"])
    ),
)
def padded_with_the_mean(images, pad, offsets):
    return _windows(np.pad(images, _frame(pad), mode="mean"), images, offsets)


def _only_outside(result, right, inside):
    """Whether a result is wrong, and only outside the image."""
    return np.allclose(result * inside, right) and np.any(result[inside == 0])


@random_crop.variant
def by_copying_in(images, pad, offsets):
    h, w = images.shape[1:]
    out = np.zeros(images.shape)
    for i, (r, c) in enumerate(offsets):
        for row in range(h):
            for column in range(w):
                y, x = row + r - pad, column + c - pad
                if 0 <= y < h and 0 <= x < w:
                    out[i, row, column] = images[i, y, x]
    return out


@random_crop.variant
def by_indices(images, pad, offsets):
    m, h, w = images.shape
    padded = np.zeros((m, h + 2 * pad, w + 2 * pad))
    padded[:, pad : pad + h, pad : pad + w] = images
    rows = np.asarray(offsets)[:, :1] + np.arange(h)
    columns = np.asarray(offsets)[:, 1:] + np.arange(w)
    return padded[np.arange(m)[:, None, None], rows[:, :, None], columns[:, None, :]]
