"""Exercise augmented_sets: a training set with changed copies and a dev set as it is, repaired."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=3,
    minutes=6,
    returns=("X", "y", "X_dev", "y_dev"),
    hints=(
        "Which pictures may be in the training set, and what may happen to a dev picture? Compare with what each line takes.",
        "Call it with three tiny images whose pixels tell which image they are, one dev image and two copies. Follow one copy: whose label does it get, and which light?",
        "Look at what train holds, at the light of a single copy, at the order that np.repeat makes, and at the dev images that are returned.",
    ),
)
def augmented_sets(images, labels, order, n_dev, brightness):
    """A training set with changed copies, and a dev set.

    images: (m, h, w), values from 0 to 1. labels: (m,). order: the
    numbers from 0 to m - 1, shuffled. The first n_dev images in this
    order are the dev set, all others are for training.
    brightness: (copies, m), one copy or more. Copy c of image i has
    brightness[c, i] added to its pixels, cut off at 0 and 1.
    Returns X, y, X_dev, y_dev. X: the training images as they are,
    then their first copies, then their second ones, and so on, each
    time in the same order; y: the label of each picture in X.
    X_dev, y_dev: the dev images as they will be met, and their labels.
    """
    dev, train = order[:n_dev], order[n_dev:]
    parts = [images[train]]
    for added in brightness:
        light = added[train][:, None, None]
        parts.append(np.clip(images[train] + light, 0, 1))
    X = np.concatenate(parts)
    y = np.tile(labels[train], len(parts))
    return X, y, images[dev], labels[dev]


augmented_sets.fault(
    "dev_in_training",
    "Dev images are in the training set as well. A network can learn them by heart, so its dev error says too little.",
    right="order[n_dev:]",
    wrong="order",
)
augmented_sets.fault(
    "one_light_for_all",
    "All images of a copy get the same brightness. Each image should get its own.",
    right="added[train][:, None, None]",
    wrong="added[train][0]",
)
augmented_sets.fault(
    "labels_left_behind",
    "The labels stand in another order than the pictures, so most copies carry the label of another image.",
    right="np.tile(labels[train], len(parts))",
    wrong="np.repeat(labels[train], len(parts))",
)
augmented_sets.fault(
    "dev_changed",
    "The dev images are changed, too. They should be what the network will meet, and the same in each measurement.",
    right="    return X, y, images[dev], labels[dev]",
    wrong="    lit = images[dev] + brightness[0][dev][:, None, None]\n"
    "    return X, y, np.clip(lit, 0, 1), labels[dev]",
)


@augmented_sets.cases
def _(rng):
    orders = [4, 1, 3, 0, 2], [2, 5, 0, 4, 1, 3], [1, 3, 0, 2]
    for order, n_dev, copies in zip(orders, (2, 3, 1), (2, 1, 3), strict=True):
        m = len(order)
        light = rng.uniform(0.05, 0.3, size=(copies, m)) * rng.choice([-1, 1], size=(copies, m))
        yield rng.uniform(0.35, 0.65, size=(m, 2, 3)), np.arange(m) % 4, np.array(order), n_dev, light
    images = rng.uniform(size=(4, 2, 2))
    images[:, 0, 0], images[:, 1, 1] = 0, 1  # black and white pixels, which are cut off
    light = np.array([[0.2, -0.3, 0.4, -0.1], [-0.25, 0.15, -0.05, 0.35]])
    yield images, np.array([3, 1, 0, 2]), np.array([2, 0, 3, 1]), 1, light


def _sets(images, labels, order, n_dev, brightness):
    """The right sets, for the mistakes to spoil."""
    dev, train = order[:n_dev], order[n_dev:]
    copies = [np.clip(images[train] + added[train][:, None, None], 0, 1) for added in brightness]
    X = np.concatenate([images[train], *copies])
    return X, np.tile(labels[train], 1 + len(copies)), images[dev], labels[dev]


@augmented_sets.mistake("The training images as they are are missing: X holds their copies alone.")
def copies_alone(images, labels, order, n_dev, brightness):
    X, y, X_dev, y_dev = _sets(images, labels, order, n_dev, brightness)
    n = len(images) - n_dev
    return X[n:], y[n:], X_dev, y_dev


@augmented_sets.mistake("The copies are not cut off at 0 and 1.")
def not_cut_off(images, labels, order, n_dev, brightness):
    dev, train = order[:n_dev], order[n_dev:]
    copies = [images[train] + added[train][:, None, None] for added in brightness]
    X = np.concatenate([images[train], *copies])
    return X, np.tile(labels[train], 1 + len(copies)), images[dev], labels[dev]


@augmented_sets.mistake(
    "Pictures and labels belong together, but the copies of one image follow each other. All first copies come first, then all second ones."
)
def image_by_image(images, labels, order, n_dev, brightness):
    X, y, X_dev, y_dev = _sets(images, labels, order, n_dev, brightness)
    n, versions = len(images) - n_dev, 1 + len(brightness)
    place = np.arange(n * versions).reshape(versions, n).T.ravel()
    return X[place], y[place], X_dev, y_dev


@augmented_sets.mistake(
    "The brightness of a copy belongs to other images: brightness[c, i] is for image i, wherever order puts it."
)
def light_by_place(images, labels, order, n_dev, brightness):
    dev, train = order[:n_dev], order[n_dev:]
    n = len(train)
    copies = [np.clip(images[train] + added[:n, None, None], 0, 1) for added in brightness]
    X = np.concatenate([images[train], *copies])
    return X, np.tile(labels[train], 1 + len(copies)), images[dev], labels[dev]


@augmented_sets.variant
def all_copies_at_once(images, labels, order, n_dev, brightness):
    train, dev = order[n_dev:], order[:n_dev]
    light = np.vstack([np.zeros(len(images)), brightness])[:, train]
    X = np.clip(images[train] + light[:, :, None, None], 0, 1).reshape(-1, *images.shape[1:])
    return X, labels[np.tile(train, len(light))], images[dev], labels[dev]


@augmented_sets.variant
def picture_by_picture(images, labels, order, n_dev, brightness):
    pairs = [(images[i], labels[i]) for i in order[n_dev:]]
    for added in brightness:
        pairs += [(np.clip(images[i] + added[i], 0, 1), labels[i]) for i in order[n_dev:]]
    X, y = zip(*pairs, strict=True)
    return np.array(X), np.array(y), images[order[:n_dev]], labels[order[:n_dev]]
