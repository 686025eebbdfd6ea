"""Exercises of lesson 05: stop in time, and make more of the images that you have."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong

NUMBER = 5
MINUTES = 80

# --------------------------------------------------------------------------------------------- early stopping


@exercise(
    points=3,
    minutes=12,
    hints=(
        "Walk through the losses once, and keep the best loss so far and the epoch it came from.",
        "Better means loss < best - min_delta. When the present epoch is patience epochs after the best one, look no further.",
        "for epoch, loss in enumerate(dev_losses): if loss < best - min_delta: best, kept = loss, epoch; elif epoch - kept >= patience: break. Return kept.",
    ),
)
def early_stopping_epoch(dev_losses, patience, min_delta):
    """The epoch whose weights early stopping keeps.

    dev_losses: the dev loss after each epoch. A loss is better if it is below
    best - min_delta, where best is the last loss that was better (the first one counts as
    better). Training stops when patience epochs in a row brought nothing better; what comes
    later is never seen.
    Returns the index, from 0, of the last epoch that was better (Prechelt 1998).
    """
    best, kept = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, kept = loss, epoch
        elif epoch - kept >= patience:
            break
    return kept


@early_stopping_epoch.cases
def _(rng):
    a = rng.uniform(0, 0.02)
    yield [1.0, 0.8 - a, 0.9, 0.85, 0.95, 0.5, 0.4], 3, 0.0
    yield [1.0, 0.8, 0.9, 0.7 - a, 0.75, 0.72, 0.71, 0.6, 0.9], 4, 0.0
    yield [1.0, 0.7 + a, 0.695 + a, 0.69 + a, 0.685 + a, 0.68 + a, 0.4], 3, 0.05
    yield [0.9, 0.6, 0.57, 0.54, 0.51, 0.48, 0.45 - a, 0.8], 3, 0.05
    yield [1.0, 0.5, 0.5, 0.5, 0.6, 0.7], 10, 0.0
    yield [0.5 - a, 0.6, 0.7, 0.2], 2, 0.0
    yield [1.0, 0.8, 0.6 - a], 5, 0.0
    yield [1.0, 0.9, 0.95, 0.8, 0.85, 0.7, 0.75, 0.6, 0.65, 0.7, 0.1], 2, 0.0
    yield [1.0, 0.75, 0.625, 0.8], 5, 0.25  # 0.75 is just best - min_delta
    yield [0.9, 0.6, 0.59 - a, 0.58 - a, 0.57 - a, 0.1], 4, 0.1
    yield [1.0, 0.9, 0.7, 0.71 + a, 0.5], 1, 0.0


def _stop(losses, patience, min_delta, *, late=0, ties=False, sign=-1, best_moves=False):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(losses):
        bar = best + sign * min_delta
        if loss < bar or (ties and loss == bar):
            best, kept = loss, epoch
        elif epoch - kept >= patience + late:
            break
        best = min(best, loss) if best_moves else best
    return kept


@early_stopping_epoch.mistake(
    "You return the epoch in which training stops. The weights that are kept are those of the best epoch before."
)
def returns_the_end(dev_losses, patience, min_delta):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, kept = loss, epoch
        elif epoch - kept >= patience:
            return epoch
    return len(dev_losses) - 1


@early_stopping_epoch.mistake(
    "You look at all losses. Training stops when patience has run out, so a better loss after that is never seen."
)
def never_stops(dev_losses, patience, min_delta):
    return _stop(dev_losses, 10**9, min_delta)


@early_stopping_epoch.mistake(
    "You wait one epoch too long: stop as soon as patience epochs brought nothing better."
)
def waits_too_long(dev_losses, patience, min_delta):
    return _stop(dev_losses, patience, min_delta, late=1)


@early_stopping_epoch.mistake(
    "You stop one epoch too early: only after patience epochs in a row without improvement training stops."
)
def stops_too_early(dev_losses, patience, min_delta):
    return _stop(dev_losses, patience, min_delta, late=-1)


@early_stopping_epoch.mistake(
    "A tie counts as better here. A loss must be below best - min_delta; at a tie the earlier epoch stays."
)
def ties_are_better(dev_losses, patience, min_delta):
    return _stop(dev_losses, patience, min_delta, ties=True)


@early_stopping_epoch.mistake(
    "min_delta is not used: a loss that is lower by less than that does not count as better."
)
def without_min_delta(dev_losses, patience, min_delta):
    return _stop(dev_losses, patience, 0.0)


@early_stopping_epoch.mistake(
    "The best loss moves with every small improvement, so min_delta compares with the wrong number. It moves only when a loss counts as better."
)
def best_creeps(dev_losses, patience, min_delta):
    return _stop(dev_losses, patience, min_delta, best_moves=True)


@early_stopping_epoch.mistake(
    "You compare with the loss of the epoch before. Better means better than the best so far."
)
def compares_with_the_last(dev_losses, patience, min_delta):
    kept, last = 0, np.inf
    for epoch, loss in enumerate(dev_losses):
        if loss < last - min_delta:
            kept = epoch
        elif epoch - kept >= patience:
            break
        last = loss
    return kept


@early_stopping_epoch.mistake("You count from 1. Epochs are counted from 0.")
def counts_from_one(dev_losses, patience, min_delta):
    return _stop(dev_losses, patience, min_delta) + 1


@early_stopping_epoch.mistake(
    "All epochs without improvement are counted together. They must come in a row: a better epoch sets the count back to 0."
)
def count_never_reset(dev_losses, patience, min_delta):
    best, kept, wait = np.inf, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, kept = loss, epoch
        else:
            wait += 1
            if wait >= patience:
                break
    return kept


@early_stopping_epoch.mistake(
    "You count the epochs in a row in which the loss rises. What counts is whether it is below best - min_delta; a loss may "
    "fall for a long time and still be worse than the best."
)
def counts_rises(dev_losses, patience, min_delta):
    best, kept, wait, last = np.inf, 0, 0, np.inf
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, kept = loss, epoch
        wait, last = wait + 1 if loss > last else 0, loss
        if wait >= patience:
            break
    return kept


@early_stopping_epoch.mistake(
    "The sign of min_delta is turned: a loss counts that is a little WORSE than the best. It must be below best - min_delta."
)
def delta_added(dev_losses, patience, min_delta):
    return _stop(dev_losses, patience, min_delta, sign=1)


@early_stopping_epoch.mistake(
    "You return the epoch of the lowest loss that was seen. One that is lower by less than min_delta does not count as better."
)
def lowest_seen(dev_losses, patience, min_delta):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, kept = loss, epoch
        elif epoch - kept >= patience:
            break
    return int(np.argmin(dev_losses[: epoch + 1]))


@early_stopping_epoch.mistake("This is the best loss. Return the epoch that it came from.")
def returns_the_loss(dev_losses, patience, min_delta):
    return dev_losses[_stop(dev_losses, patience, min_delta)]


@early_stopping_epoch.mistake(
    "min_delta is taken as a share of the best loss. It is an amount: better is a loss below best - min_delta."
)
def relative_delta(dev_losses, patience, min_delta):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best * (1 - min_delta):
            best, kept = loss, epoch
        elif epoch - kept >= patience:
            break
    return kept


@early_stopping_epoch.mistake(
    "Where patience never runs out you return the last epoch. The weights that are kept are the best ones there, too."
)
def last_without_a_stop(dev_losses, patience, min_delta):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - min_delta:
            best, kept = loss, epoch
        elif epoch - kept >= patience:
            return kept
    return len(dev_losses) - 1


@early_stopping_epoch.mistake(
    "You return 0 always, often because the best loss starts at 0 and no loss is below that. Start it at infinity."
)
def starts_at_zero(dev_losses, patience, min_delta):
    return 0


@early_stopping_epoch.mistake(
    "This is the lowest of all losses. Training stops when patience has run out, and a gain below min_delta does not count."
)
def lowest_of_all(dev_losses, patience, min_delta):
    return int(np.argmin(dev_losses))


@early_stopping_epoch.variant
def by_counting(dev_losses, patience, min_delta):
    best, kept, wait = dev_losses[0], 0, 0
    for epoch in range(1, len(dev_losses)):
        better = dev_losses[epoch] < best - min_delta
        wait = 0 if better else wait + 1
        if better:
            best, kept = dev_losses[epoch], epoch
        if wait == patience:
            return kept
    return kept


@early_stopping_epoch.variant
def by_jumping(dev_losses, patience, min_delta):
    losses, kept = np.asarray(dev_losses), 0
    while True:
        ahead = losses[kept + 1 : kept + 1 + patience]
        better = np.flatnonzero(ahead < losses[kept] - min_delta)
        if not len(better):
            return kept
        kept += 1 + int(better[0])


# ----------------------------------------------------------------------------------------------- augmentation


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
    Returns an array of the same shape, in which column j is what column w - 1 - j was.
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


@exercise(
    points=3,
    minutes=12,
    hints=(
        "First put a frame of pad zeros around every image. Then cut a window of the old size out of each, at its own offset.",
        "np.pad with ((0, 0), (pad, pad), (pad, pad)) frames the images. The window of image i begins at row offsets[i, 0] and column offsets[i, 1].",
        "padded[i, r : r + h, c : c + w] for each i with r, c = offsets[i]; stack them with np.stack.",
    ),
)
def random_crop(images, pad, offsets):
    """Every image padded with zeros and cropped again to its size, at an offset of its own.

    images: (m, h, w). pad: zeros that are added on each of the four sides. offsets: ints
    (m, 2), the row and the column of the PADDED image where the window begins, each from 0
    to 2 pad (pad, pad gives the image itself). Returns (m, h, w).
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
    "The images are not padded, so windows run over their edges. Put the frame of zeros around them first."
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


@exercise(
    points=2,
    minutes=8,
    hints=(
        "Contrast stretches the distance of each pixel from its image's own mean. Brightness is added to all pixels.",
        "The mean is one number an image, over rows and columns (and colours): keepdims=True lets it be subtracted from all of them.",
        "mean = images.mean(axis=tuple(range(1, images.ndim)), keepdims=True), then np.clip(contrast * (images - mean) + mean + brightness, 0, 1).",
    ),
)
def color_jitter(images, brightness, contrast):
    """Every image with other brightness and contrast.

    images: (m, h, w) or (m, h, w, c), values from 0 to 1. brightness, contrast: numbers.
    Returns clip(contrast (x - mean) + mean + brightness, 0, 1), of the same shape, where
    mean is one number for each image: that of all its pixels.
    """
    axes = tuple(range(1, images.ndim))
    mean = images.mean(axis=axes, keepdims=True)
    return np.clip(contrast * (images - mean) + mean + brightness, 0, 1)


@color_jitter.cases
def _(rng):
    dark_and_bright = np.array([0.3, 1.0])[:, None, None]
    yield rng.uniform(size=(2, 3, 4)) * dark_and_bright, 0.1, 0.6
    yield _with_both_ends(rng.uniform(size=(2, 3, 4)) * dark_and_bright), -0.15, 2.0
    yield rng.uniform(size=(3, 2, 2, 3)) * rng.uniform(0.4, 1, size=(3, 1, 1, 3)), 0.05, 0.7
    yield _with_both_ends(rng.uniform(size=(1, 4, 3))), 0.3, 3.0


def _with_both_ends(images):
    """The images with a black pixel in the first and a white one in the last."""
    images[0, 0, 0], images[-1, -1, -1] = 0, 1
    return images


def _jitter(images, brightness, contrast, axes):
    mean = images.mean(axis=axes, keepdims=True)
    return np.clip(contrast * (images - mean) + mean + brightness, 0, 1)


@color_jitter.mistake("The mean is taken over all images together. Each image has its own.")
def one_mean_for_all(images, brightness, contrast):
    return _jitter(images, brightness, contrast, None)


@color_jitter.mistake(
    "The mean is taken down the rows alone. It is one number an image, over all axes but the first."
)
def mean_of_rows(images, brightness, contrast):
    return _jitter(images, brightness, contrast, 1)


@color_jitter.mistake("Values leave the range from 0 to 1: clip them.")
def not_clipped(images, brightness, contrast):
    mean = images.mean(axis=tuple(range(1, images.ndim)), keepdims=True)
    return contrast * (images - mean) + mean + brightness


@color_jitter.mistake(
    "You multiplied the image by the contrast, which darkens or brightens it as well. Multiply the distance from the mean."
)
def contrast_about_zero(images, brightness, contrast):
    return np.clip(contrast * images + brightness, 0, 1)


@color_jitter.mistake("The mean is not added back: the images lose their own brightness.")
def mean_not_added(images, brightness, contrast):
    mean = images.mean(axis=tuple(range(1, images.ndim)), keepdims=True)
    return np.clip(contrast * (images - mean) + brightness, 0, 1)


@color_jitter.mistake("Brightness is scaled by the contrast: it is added after the stretching.")
def brightness_scaled(images, brightness, contrast):
    mean = images.mean(axis=tuple(range(1, images.ndim)), keepdims=True)
    return np.clip(contrast * (images - mean + brightness) + mean, 0, 1)


@color_jitter.mistake("Brightness multiplies the image here. It is a number that is added.")
def brightness_multiplies(images, brightness, contrast):
    mean = images.mean(axis=tuple(range(1, images.ndim)), keepdims=True)
    return np.clip((contrast * (images - mean) + mean) * brightness, 0, 1)


@color_jitter.mistake("The contrast stretches about 1/2. Stretch about the image's own mean.")
def about_one_half(images, brightness, contrast):
    return np.clip(contrast * (images - 0.5) + 0.5 + brightness, 0, 1)


@color_jitter.mistake("Values above 1 are left: clip on both sides, np.clip(..., 0, 1).")
def clipped_below_alone(images, brightness, contrast):
    return np.maximum(not_clipped(images, brightness, contrast), 0)


@color_jitter.mistake("Values below 0 are left: clip on both sides, np.clip(..., 0, 1).")
def clipped_above_alone(images, brightness, contrast):
    return np.minimum(not_clipped(images, brightness, contrast), 1)


@color_jitter.mistake(
    "You clip before the brightness is added, so values leave the range again. Clip at the very end."
)
def clipped_too_early(images, brightness, contrast):
    return not_clipped(images, 0.0, contrast).clip(0, 1) + brightness


@color_jitter.mistake("The brightness is subtracted. Add it.")
def brightness_subtracted(images, brightness, contrast):
    return not_clipped(images, -brightness, contrast).clip(0, 1)


@color_jitter.mistake("The contrast divides. Multiply the distance from the mean by it.")
def contrast_divides(images, brightness, contrast):
    return not_clipped(images, brightness, 1 / contrast).clip(0, 1)


@color_jitter.mistake("The distance is measured from the image's median. Take its mean.")
def about_the_median(images, brightness, contrast):
    median = np.median(images, axis=tuple(range(1, images.ndim)), keepdims=True)
    return np.clip(contrast * (images - median) + median + brightness, 0, 1)


@color_jitter.mistake("The colours have a mean each. It is one number an image, over all axes but the first.")
def mean_of_each_colour(images, brightness, contrast):
    return _jitter(images, brightness, contrast, (1, 2))


@color_jitter.mistake(
    "This is contrast * x + brightness, not clipped. Multiply the distance from the image's mean, and clip at the end."
)
def plain_line(images, brightness, contrast):
    return contrast * images + brightness


@color_jitter.mistake(
    "The mean is taken along each row alone. It is one number an image, over all axes but the first."
)
def mean_along_rows(images, brightness, contrast):
    return _jitter(images, brightness, contrast, 2)


@color_jitter.variant
def image_by_image(images, brightness, contrast):
    out = []
    for image in images:
        mean = np.mean(image)
        out.append(np.minimum(np.maximum(mean + contrast * (image - mean) + brightness, 0), 1))
    return np.array(out)


@color_jitter.variant
def as_affine_map(images, brightness, contrast):
    mean = images.reshape(len(images), -1).mean(axis=1)
    shift = (1 - contrast) * mean + brightness
    return np.clip(contrast * images + shift.reshape(-1, *[1] * (images.ndim - 1)), 0, 1)


# ------------------------------------------------------------------------------------ fractional max pooling


@exercise(
    points=2,
    minutes=10,
    hints=(
        "The edges should be about n_in / n_out apart. A shift u between 0 and 1, before rounding, decides where the long and the short gaps fall.",
        "With alpha = n_in / n_out, take ceil(alpha * (i + u)) for i = 0, 1, ..., n_out, and subtract the first one, so that it begins at 0.",
        "edges = np.ceil(alpha * (np.arange(n_out + 1) + u)).astype(int); edges = edges - edges[0]; edges[-1] = n_in.",
    ),
)
def fractional_pool_edges(n_in, n_out, u):
    """Where the regions of fractional max pooling begin and end, along one axis.

    n_in: pixels. n_out: regions, n_in / 2 < n_out < n_in. u: one draw from [0, 1).
    Returns ints (n_out + 1,) that begin with 0, end with n_in, and rise by the floor or the
    ceiling of n_in / n_out. Region i holds the pixels from edges[i] up to, not with,
    edges[i + 1]. Other u give other edges (Graham 2014).
    """
    alpha = n_in / n_out
    edges = np.ceil(alpha * (np.arange(n_out + 1) + u)).astype(int)
    edges = edges - edges[0]
    edges[-1] = n_in
    return edges


@fractional_pool_edges.cases
def _(rng):
    for n_in, n_out in ((25, 17), (8, 5), (10, 7)):
        yield n_in, n_out, rng.uniform(0.45, 0.95)
    yield 9, 8, rng.uniform(0.2, 0.7)
    yield 25, 17, 0.0
    yield 8, 5, float(np.nextafter(1, 0))
    for n_in, n_out, u in ((60, 41, 0.4), (83, 59, 0.64), (61, 43, 0.25), (60, 41, 0.8)):
        yield n_in, n_out, u  # many regions: here edges that do not depend on u are known


def _same_for_any_u(n_in, n_out):
    """Edges that are often made without u. With many regions and the cases' own u, none of them comes about with it."""
    places = n_in / n_out * np.arange(n_out + 1)
    middle = np.ceil(n_in / n_out * (np.arange(n_out + 1) + 0.5))
    gaps = np.sort(np.diff(np.floor(places + 1e-9)))
    ends = [np.append(0, np.cumsum(one)) for one in (gaps, gaps[::-1])]
    return [np.floor(places + 1e-9), np.ceil(places - 1e-9), np.round(places), middle - middle[0], *ends]


def _ignores_u(a, edges):
    many = a["n_out"] > 40
    return many and any(np.array_equal(edges, one) for one in _same_for_any_u(a["n_in"], a["n_out"]))


def _edges(n_in, n_out, u):
    """Right edges for the mistakes to spoil: those of n_in / n_out, rounded up from u on."""
    places = np.ceil(n_in / n_out * (np.arange(n_out + 1) + u)).astype(int)
    return np.append(places[:-1] - places[0], n_in)


@fractional_pool_edges.judge
def _(a, result):
    n_in, n_out = a["n_in"], a["n_out"]
    if not isinstance(result, np.ndarray):
        return f"the edges should be an array of ints, yours is of the type {type(result).__name__}"
    edges = result
    if edges.shape != (n_out + 1,):
        return f"{n_out} regions have {n_out + 1} edges, yours is an array of shape {edges.shape}"
    if edges.dtype.kind not in "iu":
        return "the edges cut between pixels: they should be whole numbers (ints)"
    if edges[0] != 0 or edges[-1] != n_in:
        return f"the edges should run from 0 to {n_in}, yours run from {edges[0]} to {edges[-1]}"
    gaps = np.diff(edges)
    allowed = {n_in // n_out, -(-n_in // n_out)}
    if not set(gaps.tolist()) <= allowed:
        odd = next(gap for gap in gaps.tolist() if gap not in allowed)
        return f"the gaps should be {' or '.join(map(str, sorted(allowed)))}, one of yours is {odd}"
    if _ignores_u(a, edges):
        return "these edges are the same for every u: another u should give other edges"
    return None


@fractional_pool_edges.mistake(
    "The gaps are the same everywhere, so the last edge is not n_in. Fractional pooling mixes gaps of two sizes.",
    symptom=lambda a, r: (
        len(r) == a["n_out"] + 1 and len(set(np.diff(r).tolist())) == 1 and np.asarray(r)[-1] != a["n_in"]
    ),
)
def equal_gaps(n_in, n_out, u):
    return np.arange(n_out + 1) * (n_in // n_out)


@fractional_pool_edges.mistake(
    "The last region is too long, often because it takes everything that is left. Spread the long gaps: round multiples of n_in / n_out.",
    symptom=lambda a, r: np.asarray(r)[-1] == a["n_in"] and np.diff(r)[-1] > -(-a["n_in"] // a["n_out"]),
)
def last_takes_the_rest(n_in, n_out, u):
    edges = np.arange(n_out + 1) * (n_in // n_out)
    edges[-1] = n_in
    return edges


@fractional_pool_edges.mistake(
    "The edges are fractions of a pixel. Round them up and return ints.",
    symptom=lambda a, r: r.dtype.kind == "f" and bool(np.any(r % 1)),
)
def not_rounded(n_in, n_out, u):
    return np.linspace(0, n_in, n_out + 1)


@fractional_pool_edges.mistake(
    "The edges are whole numbers, but floats, with which you cannot cut an image: np.ceil returns floats. Add astype(int).",
    symptom=lambda a, r: r.dtype.kind == "f" and not np.any(r % 1),
)
def whole_floats(n_in, n_out, u):
    return _edges(n_in, n_out, u).astype(float)


@fractional_pool_edges.mistake(
    "These edges are the same for every u. Add u to the number of each edge before you multiply by n_in / n_out and round.",
    symptom=_ignores_u,
)
def without_u(n_in, n_out, u):
    return np.round(np.linspace(0, n_in, n_out + 1)).astype(int)


@fractional_pool_edges.mistake(
    "The first region is too long or the last one is empty, often because 0 and n_in were written over the ends and the "
    "edges between were not moved. Subtract the first edge from all.",
    symptom=lambda a, r: (
        (r[0], r[-1]) == (0, a["n_in"]) and (r[1] > -(-a["n_in"] // a["n_out"]) or r[-1] == r[-2])
    ),
)
def ends_written_over(n_in, n_out, u):
    edges = np.ceil(n_in / n_out * (np.arange(n_out + 1) + u)).astype(int)
    edges[0], edges[-1] = 0, n_in
    return edges


@fractional_pool_edges.mistake(
    "These are n_out numbers. n_out regions have n_out + 1 edges, the end of the last one among them.",
    symptom=lambda a, r: np.shape(r) == (a["n_out"],) and np.sum(r) != a["n_in"],
)
def one_edge_missing(n_in, n_out, u):
    return _edges(n_in, n_out, u)[:-1]


@fractional_pool_edges.mistake(
    "The first edge is not 0: subtract the first one from all, so that no pixel is left out.",
    symptom=lambda a, r: len(r) == a["n_out"] + 1 and np.asarray(r)[0] != 0,
)
def not_begun_at_zero(n_in, n_out, u):
    return np.ceil(n_in / n_out * (np.arange(n_out + 1) + max(u, 0.05))).astype(int)


@fractional_pool_edges.mistake(
    "These are the gaps, not the edges: add them up, beginning with 0.",
    symptom=lambda a, r: len(r) == a["n_out"] and np.sum(r) == a["n_in"],
)
def gaps_alone(n_in, n_out, u):
    return np.diff(_edges(n_in, n_out, u))


@fractional_pool_edges.variant
def by_floor(n_in, n_out, u):
    alpha = n_in / n_out
    edges = [int(np.floor(alpha * (i + u) + 1e-12)) for i in range(n_out + 1)]
    inner = [edge - edges[0] for edge in edges]
    return np.array([*inner[:-1], n_in])


@fractional_pool_edges.variant
def by_shuffled_gaps(n_in, n_out, u):
    short, long = n_in // n_out, n_in // n_out + 1
    gaps = np.array([long] * (n_in - short * n_out) + [short] * (n_out * long - n_in))
    order = np.random.default_rng(int(u * 2**32)).permutation(n_out)
    return np.concatenate([[0], np.cumsum(gaps[order])])


@exercise(
    points=2,
    minutes=8,
    hints=(
        "Each pair of a row region and a column region is a small rectangle. One number remains of it.",
        "Region i holds rows row_edges[i] up to, not with, row_edges[i + 1]. Columns alike.",
        "np.array([[image[a:b, c:d].max() for c, d in zip(col_edges, col_edges[1:])] for a, b in zip(row_edges, row_edges[1:])])",
    ),
)
def fractional_max_pool(image, row_edges, col_edges):
    """The largest pixel of each region of an image.

    image: (h, w). row_edges: ints that rise from 0 to h; col_edges: from 0 to w. Region
    (i, j) holds the rows from row_edges[i] up to, not with, row_edges[i + 1], and likewise
    the columns.
    Returns (len(row_edges) - 1, len(col_edges) - 1).
    """
    rows = list(zip(row_edges[:-1], row_edges[1:], strict=True))
    columns = list(zip(col_edges[:-1], col_edges[1:], strict=True))
    return np.array([[image[a:b, c:d].max() for c, d in columns] for a, b in rows])


@fractional_max_pool.cases
def _(rng):
    for (h, w), rows, columns in (
        ((5, 7), [0, 2, 3, 5], [0, 1, 3, 5, 6, 7]),
        ((6, 4), [0, 1, 3, 4, 6], [0, 2, 3, 4]),
    ):
        image = rng.permutation(h * w).reshape(h, w) - h * w / 2
        image[0, 0] = image[-1, -1] = image.min()
        yield image, np.array(rows), np.array(columns)
    image = -rng.uniform(0.1, 1, size=(4, 4))
    image[0, 0] = image[-1, -1] = -2
    yield image, np.array([0, 1, 2, 4]), np.array([0, 2, 3, 4])


def _pool(image, rows, columns, take=np.max, more=0):
    pairs = [list(zip(edges[:-1], edges[1:], strict=True)) for edges in (rows, columns)]
    return np.array([[take(image[a : b + more, c : d + more]) for c, d in pairs[1]] for a, b in pairs[0]])


@fractional_max_pool.mistake(
    "The regions overlap by a pixel: the end of a region is not part of it. (That is a variant of Graham's paper, but not the one asked for.)"
)
def overlapping(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, more=1)


@fractional_max_pool.mistake("This is the mean of each region: average pooling. Take the largest pixel.")
def averages(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=np.mean)


@fractional_max_pool.mistake("This is the smallest pixel of each region. Take the largest.")
def smallest(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=np.min)


@fractional_max_pool.mistake(
    "This is the first pixel of each region. Look at all of them and take the largest."
)
def first_pixel(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=lambda region: region[0, 0])


@fractional_max_pool.mistake("The result is transposed: rows of the image make rows of the result.")
def pooled_transposed(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges).T


@fractional_max_pool.mistake(
    "The maximum starts at 0, so regions of negative pixels come out as 0. Start with the region's own first pixel."
)
def from_zero(image, row_edges, col_edges):
    return np.maximum(_pool(image, row_edges, col_edges), 0)


@fractional_max_pool.mistake("The edges of rows and columns are exchanged: row_edges cut the first axis.")
def edges_exchanged(image, row_edges, col_edges):
    return _pool(image, col_edges, row_edges)


@fractional_max_pool.mistake(
    "Every region is 2 x 2 here. Its end is the next edge, and where that is one pixel on, the region is one pixel wide."
)
def always_two_by_two(image, row_edges, col_edges):
    return np.array([[image[a : a + 2, c : c + 2].max() for c in col_edges[:-1]] for a in row_edges[:-1]])


@fractional_max_pool.mistake(
    "The last row and the last column of regions are missing: n + 1 edges make n regions."
)
def last_regions_missing(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges)[:-1, :-1]


@fractional_max_pool.mistake(
    "This is the largest absolute value of each region. Take the largest pixel as it is: 1 is larger than -2."
)
def largest_in_size(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=lambda region: np.abs(region).max())


@fractional_max_pool.mistake(
    "This is where in its region the largest pixel stands (argmax). Return the pixel."
)
def places(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=np.argmax) * 1.0


@fractional_max_pool.mistake("This is the sum of each region. Take the largest pixel.")
def sums(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=np.sum)


@fractional_max_pool.mistake(
    "This is the last pixel of each region. Look at all of them and take the largest."
)
def last_pixel(image, row_edges, col_edges):
    return _pool(image, row_edges, col_edges, take=lambda region: region[-1, -1])


@fractional_max_pool.variant
def by_reduceat(image, row_edges, col_edges):
    rows = np.maximum.reduceat(image, row_edges[:-1], axis=0)
    return np.maximum.reduceat(rows, col_edges[:-1], axis=1)


@fractional_max_pool.variant
def pixel_by_pixel(image, row_edges, col_edges):
    out = np.full((len(row_edges) - 1, len(col_edges) - 1), -np.inf)
    for r in range(image.shape[0]):
        i = int(np.searchsorted(row_edges, r, side="right")) - 1
        for c in range(image.shape[1]):
            j = int(np.searchsorted(col_edges, c, side="right")) - 1
            out[i, j] = max(out[i, j], image[r, c])
    return out


why_two_jobs = question(
    "Early stopping is cheap and works. What is held against it?",
    wrong("It needs a dev set", "Any choice of a hyperparameter does."),
    right(
        "One knob does two jobs: it ends the fitting of J and it prevents overfitting, so you cannot improve one without the other",
        "With L2 you train until J is small, and set lambda for the rest. Stopped early, J is not as small as it could be.",
    ),
    wrong(
        "It makes the weights larger",
        "The reverse: training starts at small weights, and stopping early leaves them smaller.",
    ),
    wrong(
        "It only works with gradient descent", "Any method that improves a model step by step can be stopped."
    ),
)

which_flip_hurts = question(
    "You train on handwritten digits. Which augmentation teaches the network something false?",
    wrong("Shifting a picture by one pixel", "A shifted three is a three."),
    wrong("A little more contrast", "The digit stays what it was."),
    wrong("Cropping a pixel at the border", "The digits leave a border; little is lost."),
    right("Turning it by 180 degrees", "A six becomes a nine, and the label still says six."),
)

what_patience_does = question(
    "The dev loss is noisy: it jumps up and down by a few per cent from epoch to epoch. What happens with patience = 1?",
    right(
        "Training ends at the first jump upwards, probably much too early",
        "One worse epoch is enough. With noise, patience must outlast a run of bad luck.",
    ),
    wrong("Training never ends", "It ends as soon as one epoch is no better."),
    wrong(
        "The best epoch is lost",
        "The best weights so far are kept, whatever patience is. But the search for better ones ends too soon.",
    ),
    wrong(
        "Nothing: noise averages out over epochs",
        "Patience looks at each epoch by itself and averages nothing.",
    ),
)

why_augment_only_train = question(
    "Why is the dev set not augmented with random crops and flips?",
    wrong("It would take too long", "It would take no longer than for training."),
    wrong(
        "It may be; it makes no difference",
        "It does: random crops make the measured error noisy, and mostly larger.",
    ),
    right(
        "It should look like what the network will meet, and be the same in each measurement",
        "Augmentation is a means of training. The dev set measures, on data as they are.",
    ),
    wrong(
        "Because then it would be part of the training set",
        "Changing examples does not move them into another set.",
    ),
)
