"""Exercise warmup_cosine: a linear warm-up, then half a cosine wave down."""

import math

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="write",
    points=2,
    minutes=5,
    hints=(
        "Two branches: step < warmup, and the rest. In the first, step 0 must move already: count step + 1.",
        "In the second, measure how far the fall has come: the share (step - warmup) / (total - warmup), and never more than 1. "
        "The cosine of pi times this share goes from 1 to -1.",
        "if step < warmup: return lr_max * (step + 1) / warmup; share = min(1, (step - warmup) / (total - warmup)); "
        "return lr_min + (lr_max - lr_min) / 2 * (1 + np.cos(np.pi * share)).",
    ),
)
def warmup_cosine(step, warmup, total, lr_max, lr_min=0.0):
    """The learning rate of a step: a linear warm-up, then a cosine down.

    step: counted from 0, also beyond total. warmup: the number of steps of
    the warm-up, 0 for none; total: of the run, more than warmup.
    lr_max: the top. Steps warmup - 1 and warmup both have it.
    lr_min: the rate of step total, and of every later one.
    In the warm-up the rate is in proportion to the number of the step,
    counted from 1, so no step has the rate 0. Returns a float.
    """
    if step < warmup:
        return lr_max * (step + 1) / warmup
    share = min(1, (step - warmup) / (total - warmup))
    return float(lr_min + (lr_max - lr_min) / 2 * (1 + np.cos(np.pi * share)))


@warmup_cosine.cases
def _(rng):
    top, low = rng.uniform(0.3, 0.9), rng.uniform(0.01, 0.1)
    warmup, total = int(rng.integers(4, 9)), int(rng.integers(25, 40))
    yield 0, warmup, total, top, low
    yield warmup - 2, warmup, total, top, low
    yield warmup - 1, warmup, total, top, low
    yield warmup, warmup, total, top, low
    yield warmup + 3, warmup, total, top, low
    yield total - 5, warmup, total, top, low
    yield total, warmup, total, top, low
    yield total + 10, warmup, total, top, low
    yield 2, 5, 29, top
    yield 16, 5, 29, top
    yield 0, 0, total, top, low
    yield 5, 0, total, top, low
    yield 0, 1, 8, 1
    yield 3, 1, 8, 1


def _wave(share, lr_max, lr_min):
    return lr_min + (lr_max - lr_min) / 2 * (1 + math.cos(math.pi * min(1, max(0, share))))


def _schedule(step, warmup, total, lr_max, lr_min, rise=None, fall=None):
    """A warm-up that is right but for `rise(step)`, and a fall that is right but for `fall(share)`."""
    if step < warmup:
        return rise(step) if rise else lr_max * (step + 1) / warmup
    share = min(1, (step - warmup) / (total - warmup))
    return fall(share) if fall else _wave(share, lr_max, lr_min)


@warmup_cosine.mistake(
    "Step 0 has the rate 0, so nothing is learned in it, and the rest of the warm-up is a step late. Count the steps from 1 there."
)
def warmup_from_zero(step, warmup, total, lr_max, lr_min=0.0):
    return _schedule(step, warmup, total, lr_max, lr_min, rise=lambda step: lr_max * step / warmup)


@warmup_cosine.mistake(
    "The warm-up is missing: the run begins at lr_max and falls from there, as without one."
)
def without_warmup(step, warmup, total, lr_max, lr_min=0.0):
    return _wave(step / total, lr_max, lr_min)


@warmup_cosine.mistake(
    "The warm-up is right, but the fall is measured from step 0: it does not begin at lr_max. It begins at step `warmup`."
)
def fall_from_step_zero(step, warmup, total, lr_max, lr_min=0.0):
    return (
        _schedule(step, warmup, total, lr_max, lr_min)
        if step < warmup
        else _wave(step / total, lr_max, lr_min)
    )


@warmup_cosine.mistake(
    "The fall ends too late, after step total: it is total - warmup steps long, because the warm-up is a part of the run."
)
def fall_too_long(step, warmup, total, lr_max, lr_min=0.0):
    if step < warmup:
        return lr_max * (step + 1) / warmup
    return _wave((step - warmup) / total, lr_max, lr_min)


@warmup_cosine.mistake(
    "After step total the rate rises again, as a cosine does. It should stay at lr_min: the share is never more than 1."
)
def rises_again(step, warmup, total, lr_max, lr_min=0.0):
    if step < warmup:
        return lr_max * (step + 1) / warmup
    share = (step - warmup) / (total - warmup)
    return lr_min + (lr_max - lr_min) / 2 * (1 + math.cos(math.pi * share))


@warmup_cosine.mistake("lr_min has no effect: the rate falls to 0. It should end at lr_min.")
def falls_to_zero(step, warmup, total, lr_max, lr_min=0.0):
    return _schedule(step, warmup, total, lr_max, 0.0)


@warmup_cosine.mistake("After step total the rate is 0. It should stay at lr_min.")
def nothing_after_total(step, warmup, total, lr_max, lr_min=0.0):
    return 0.0 if step > total else _schedule(step, warmup, total, lr_max, lr_min)


@warmup_cosine.mistake(
    "lr_min is added to a wave that is as high as lr_max, so that the top is above lr_max. The wave is lr_max - lr_min high."
)
def added_to_the_wave(step, warmup, total, lr_max, lr_min=0.0):
    return _schedule(
        step, warmup, total, lr_max, lr_min, fall=lambda share: lr_min + _wave(share, lr_max, 0.0)
    )


@warmup_cosine.mistake(
    "The rate is cut off at lr_min before the end. It should come down to lr_min at step total, and not before."
)
def cut_off(step, warmup, total, lr_max, lr_min=0.0):
    return _schedule(
        step, warmup, total, lr_max, lr_min, fall=lambda share: max(lr_min, _wave(share, lr_max, 0.0))
    )


@warmup_cosine.mistake("The fall is a straight line. It should be half a cosine wave.")
def straight_down(step, warmup, total, lr_max, lr_min=0.0):
    return _schedule(
        step, warmup, total, lr_max, lr_min, fall=lambda share: lr_max - (lr_max - lr_min) * share
    )


@warmup_cosine.mistake(
    "The fall is a quarter of a cosine wave, which is steepest at the end. Half a wave, up to pi, is flat at both ends."
)
def quarter_of_a_wave(step, warmup, total, lr_max, lr_min=0.0):
    return _schedule(
        step,
        warmup,
        total,
        lr_max,
        lr_min,
        fall=lambda share: lr_min + (lr_max - lr_min) * math.cos(math.pi / 2 * share),
    )


@warmup_cosine.mistake(
    "The wave is a whole one: the rate is lowest in the middle of the fall and back at lr_max at the end. Half a wave, up to pi, is enough."
)
def whole_wave(step, warmup, total, lr_max, lr_min=0.0):
    return _schedule(
        step,
        warmup,
        total,
        lr_max,
        lr_min,
        fall=lambda share: lr_min + (lr_max - lr_min) / 2 * (1 + math.cos(2 * math.pi * share)),
    )


@warmup_cosine.mistake(
    "After the warm-up the rate falls at once, below lr_max: the half is taken of a wave that is not lifted by 1."
)
def wave_not_lifted(step, warmup, total, lr_max, lr_min=0.0):
    return _schedule(
        step,
        warmup,
        total,
        lr_max,
        lr_min,
        fall=lambda share: lr_min + (lr_max - lr_min) / 2 * math.cos(math.pi * share),
    )


@warmup_cosine.mistake(
    "The warm-up rises from lr_min. It is in proportion to the number of the step, whatever lr_min is."
)
def warmup_from_the_lowest(step, warmup, total, lr_max, lr_min=0.0):
    return _schedule(
        step,
        warmup,
        total,
        lr_max,
        lr_min,
        rise=lambda step: lr_min + (lr_max - lr_min) * (step + 1) / warmup,
    )


@warmup_cosine.mistake(
    "The warm-up stops below lr_max, often because it is divided by warmup + 1. Step warmup - 1 has lr_max."
)
def warmup_too_low(step, warmup, total, lr_max, lr_min=0.0):
    return _schedule(
        step, warmup, total, lr_max, lr_min, rise=lambda step: lr_max * (step + 1) / (warmup + 1)
    )


@warmup_cosine.mistake("The whole warm-up has the rate lr_max. It should rise, step by step.")
def warmup_at_the_top(step, warmup, total, lr_max, lr_min=0.0):
    return _schedule(step, warmup, total, lr_max, lr_min, rise=lambda step: float(lr_max))


@warmup_cosine.variant
def warmup_by_interpolation(step, warmup, total, lr_max, lr_min=0.0):
    if step < warmup:
        return float(np.interp(step + 1, [0, warmup], [0, lr_max]))
    angle = np.pi * np.clip((step - warmup) / (total - warmup), 0, 1)
    return lr_max - (lr_max - lr_min) * np.sin(angle / 2) ** 2


@warmup_cosine.variant
def warmup_in_three_cases(step, warmup, total, lr_max, lr_min=0.0):
    if step >= total:
        return float(lr_min)
    if step + 1 <= warmup:
        return (step + 1) * lr_max / warmup
    cosine = math.cos((step - warmup) * math.pi / (total - warmup))
    return ((1 + cosine) * lr_max + (1 - cosine) * lr_min) / 2
