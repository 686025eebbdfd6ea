"""Exercise few_labels: how to use the body for a task with few labels, similar to its own or not."""

from nnutils.checks.exercise import exercise
from nnutils.lessons.transfer_learning.given import try_few_labels


@exercise(
    kind="design",
    points=4,
    minutes=8,
    thresholds=(0.68, 0.74, 0.785),
    hints=(
        "Two questions decide: how many layers of the body fit the task, and is the head trained to the end? The experiments above answer both.",
        "For a similar task keep all four layers. For a different one keep only those near the input. No negative ever occurs among the handwritten digits.",
        "Let labels * (1 + copies) * epochs come close to 40 000, with 8 copies moved by one pixel and rate 0.01. Keep 4 layers where the task is similar, with half negatives; else 2, without any.",
    ),
)
def few_labels(similar, labels):
    """How to train with few labels and the body.

    similar: True for drawn characters that the body has never seen,
    False for handwritten digits. labels: how many there are.
    Returns a dict. "layers": how many layers of the body are kept,
    frozen, 0 (pixels) to 4. "hidden": units of a layer of ReLU below
    the softmax of the head, 0 (none) to 128. "rate": Adam's learning
    rate, over 0, at most 1. "copies": changed copies of each picture,
    0 to 20. "shift": by how many pixels they are moved at most, 0 to
    3. "negatives": the share of copies turned into negatives, 0 to 1.
    "epochs": 1 to 2000. Budget: labels * (1 + copies) * epochs is at
    most 40 000.
    """
    return {
        "layers": 4 if similar else 2,
        "hidden": 0,
        "rate": 0.01,
        "copies": 8,
        "shift": 1,
        "negatives": 0.5 if similar else 0.0,
        "epochs": 40_000 // (9 * labels),
    }


few_labels.trial(try_few_labels, runs=3)


@few_labels.cases
def _(rng):
    yield True, 50
    yield False, 50
    yield False, 200


def _policy(layers, labels, **changed):
    whole = {
        "layers": layers,
        "hidden": 0,
        "rate": 0.01,
        "copies": 8,
        "shift": 1,
        "negatives": 0.25,
        "epochs": 80,
    }
    whole |= changed
    return whole | {"epochs": min(whole["epochs"], 40_000 // (labels * (1 + whole["copies"])))}


@few_labels.baseline("a linear head on the pixels")
def pixels(similar, labels):
    return _policy(0, labels)


@few_labels.baseline("a hidden layer on the pixels")
def from_scratch(similar, labels):
    return _policy(0, labels, hidden=128)


@few_labels.baseline("the whole body, its head trained for 20 epochs at rate 0.003, no copies")
def untrained_head(similar, labels):
    return _policy(4, labels, copies=0, epochs=20, rate=0.003)


@few_labels.variant
def two_layers_for_digits(similar, labels):
    return _policy(4 if similar else 2, labels, negatives=0.5 * similar, copies=7, epochs=100)


@few_labels.variant
def one_layer_for_digits(similar, labels):
    return _policy(4 if similar else 1, labels, negatives=0.4 * similar, copies=12, epochs=60)
