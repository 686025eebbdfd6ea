"""Exercise augmentation_policy: what to change in training, for pictures that were measured in the field."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.early_stopping_and_augmentation.given import measured_sheets, try_policy


@exercise(
    kind="design",
    points=4,
    minutes=9,
    thresholds=(0.65, 0.70, 0.73),
    hints=(
        "The network should see in training what it will meet: each kind of change as strong as it was measured, in the direction in which it was measured, and no other kind.",
        "Take the range of each row of measurements. Then look at what is in a range: does one sheet of twenty make it much wider? What does the network lose on the other nineteen?",
        'Leave out the sheet that lay upside down: keep = np.abs(turn) < 90, and then "turn": (turn[keep].min(), turn[keep].max()), and so on for the other three.',
    ),
)
def augmentation_policy(turn, right, down, light):
    """What is changed in training, and how strongly.

    turn, right, down, light: (n,) each, what was measured of n = 20
    sheets in the field: degrees clockwise, pixels to the right and
    down (negative: the other way), and what is added to every pixel.
    Returns a dict. "turn", "right", "down", "light": (low, high), the
    range from which a change is drawn for each picture in each epoch,
    in the same units; within 180 degrees, 4 pixels, 0.5 of light to
    either side. "mirror": the share of pictures that are mirrored,
    0 to 1. What is left out changes nothing.
    """
    measured = {"turn": turn, "right": right, "down": down, "light": light}
    keep = np.abs(turn) < 90  # a sheet that lay upside down is too rare to train for
    return {kind: (values[keep].min(), values[keep].max()) for kind, values in measured.items()}


augmentation_policy.trial(try_policy, runs=3)


@augmentation_policy.cases
def _(rng):
    for side in (-1, 1):
        yield measured_sheets(side, rng)


@augmentation_policy.baseline("no augmentation")
def nothing(turn, right, down, light):
    return {}


@augmentation_policy.baseline("everything at full strength")
def everything(turn, right, down, light):
    return {
        "turn": (-180, 180), "right": (-4, 4), "down": (-4, 4), "light": (-0.5, 0.5), "mirror": 0.5,
    }  # fmt: skip


@augmentation_policy.baseline("a little of everything")
def usual(turn, right, down, light):
    return {"turn": (-15, 15), "right": (-1, 1), "down": (-1, 1), "light": (-0.1, 0.1)}


@augmentation_policy.baseline("the median of each measurement")
def medians(turn, right, down, light):
    measured = {"turn": turn, "right": right, "down": down, "light": light}
    return {kind: (np.median(values), np.median(values)) for kind, values in measured.items()}


@augmentation_policy.baseline("from the smallest to the largest of all twenty")
def all_twenty(turn, right, down, light):
    measured = {"turn": turn, "right": right, "down": down, "light": light}
    return {kind: (values.min(), values.max()) for kind, values in measured.items()}


@augmentation_policy.variant
def a_little_wider(turn, right, down, light):
    keep = np.abs(turn) < 90
    policy = {"mirror": 0}
    for kind, values in {"turn": turn, "right": right, "down": down, "light": light}.items():
        low, high = values[keep].min(), values[keep].max()
        policy[kind] = [low - 0.05 * (high - low), high + 0.05 * (high - low)]
    return policy


@augmentation_policy.variant
def around_the_median(turn, right, down, light):
    policy = {}
    for kind, values in {"turn": turn, "right": right, "down": down, "light": light}.items():
        middle = np.median(values)
        spread = np.quantile(np.abs(values - middle), 0.93)
        policy[kind] = (middle - spread, middle + spread)
    return policy
