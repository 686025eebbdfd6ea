"""Exercise color_jitter: every image with other brightness and contrast."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=4,
    hints=(
        "Contrast stretches the distance of each pixel from its image's own mean. Brightness is added to all pixels.",
        "The mean is one number an image, over rows and columns (and colours): keepdims=True lets it be subtracted from all of them.",
        "mean = images.mean(axis=tuple(range(1, images.ndim)), keepdims=True), then np.clip(contrast * (images - mean) + mean + brightness, 0, 1).",
    ),
)
def color_jitter(images, brightness, contrast):
    """Every image with other brightness and contrast.

    images: (m, h, w) or (m, h, w, c), values from 0 to 1.
    brightness: a number, 0 changes nothing. contrast: a number, 1
    changes nothing, 0 leaves each image one grey.
    Each image keeps its own mean while its contrast changes; the mean
    is one number, that of all its pixels and colours.
    Returns an array of the same shape, values from 0 to 1: what lies
    outside is cut off once, at the end.
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
    yield rng.uniform(0.2, 0.8, size=(2, 3, 2)) * dark_and_bright, 0.1, 0.0
    yield rng.uniform(size=(2, 3, 2)) * dark_and_bright, 0.0, 1.0


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
    return not_clipped(images, brightness, 1 / max(contrast, 1e-3)).clip(0, 1)


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
