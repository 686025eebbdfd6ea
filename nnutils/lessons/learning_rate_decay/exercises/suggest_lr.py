"""Exercise suggest_lr: a learning rate out of a range test."""

import math

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="write",
    points=3,
    minutes=8,
    hints=(
        "Walk through the losses once. Keep the average v, the lowest smoothed loss so far, and the rate that it stood at.",
        "The smoothed loss of step t, counted from 1, is v / (1 - beta**t). Leave the loop before you compare, as soon as it is not "
        "finite, or above 4 times the lowest so far.",
        "For each: v = beta * v + (1 - beta) * loss; smooth = v / (1 - beta**t); if not np.isfinite(smooth) or smooth > 4 * lowest: "
        "break; if smooth < lowest: lowest, best = smooth, lr. Return best / 10.",
    ),
)
def suggest_lr(lrs, losses, beta):
    """A learning rate out of a range test: a tenth of the rate at which the
    loss was lowest before it exploded.

    lrs: the rates of the steps, rising. losses: the loss of each step's
    batch, as many, above 0. A run that diverges ends in inf or nan;
    the first loss is finite.
    beta: 0 <= beta < 1. The losses are smoothed by the average of lesson 11
    with correction of the bias; 0 leaves them as they are.
    The test ends before the first step whose smoothed loss is not
    finite, or above 4 times the lowest smoothed loss until then. What comes
    after does not count, however low. Of equally low ones the earlier counts.
    Returns a float.
    """
    v, lowest, best = 0.0, np.inf, lrs[0]
    for t, (lr, loss) in enumerate(zip(lrs, losses, strict=True), start=1):
        v = beta * v + (1 - beta) * loss
        smooth = v / (1 - beta**t)
        if not np.isfinite(smooth) or smooth > 4 * lowest:
            break
        if smooth < lowest:
            lowest, best = smooth, lr
    return float(best / 10)


@suggest_lr.cases
def _(rng):
    n, size = 30, rng.uniform(0.7, 1.4)
    batches = np.exp(0.3 * np.random.default_rng(14).normal(size=n))  # the same lucky batches for every seed
    bowl = size * (0.3 + np.linspace(-1.5, 1, n) ** 2) * batches
    yield np.geomspace(1e-3, 1, n), bowl, 0.8
    yield np.geomspace(1e-4, 3, n), np.append(bowl[:25], np.full(5, np.nan)), 0.9
    rates = 0.01 * np.cumprod(rng.uniform(1.3, 1.6, size=12))
    for losses, beta in (
        ([2, 1.5, 1, 0.8, 1.5, 9, 20, 0.03, 0.01, 0.01, 0.01, 0.01], 0.2),  # comes back after it has exploded
        ([1, 0.5, 0.8, np.nan, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 0.0),
        ([1, 0.5, 0.8, 0.45, np.inf, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 0.0),
        (
            [1, 0.5, 1.8, 0.3, 0.7, 1.1, 0.2, 0.6, 0.7, 0.7, 0.7, 0.7],
            0.0,
        ),  # 3.6 times the lowest is not the end
        ([1, 0.5, 2.2, 0.3, 0.7, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 0.0),  # 4.4 times the lowest is
        ([3, 2, 1, 0.9, 1.6, 1, 3.3, 0.9, 1, 1, 1, 1], 0.0),
        ([2, 0.25, 0.4, 0.2, 0.5, 0.6, 0.2, 0.9, 2, 2, 2, 2], 0.0),
        ([1, 0.9, 0.8, 0.7, 3.5, 0.6, 0.5, 0.4, 0.4, 0.3, 0.3, 0.4], 0.8),  # one bad batch is not the end
        ([2, 3, 0.5, 2, 3.4, 5, 9, 9, 9, 9, 9, 9], 0.6),
    ):
        yield rates, size * np.array(losses), beta
    yield np.array([1, 2, 4, 8]), np.array([8, 4, 2, 1]), 0.0


def _smoothed(losses, beta, correct=True):
    v, smooth = 0.0, []
    with np.errstate(invalid="ignore"):  # 0 times inf
        for t, loss in enumerate(losses, start=1):
            v = beta * v + (1 - beta) * loss
            smooth.append(v / (1 - beta**t) if correct else v)
    return np.array(smooth)


def _kept(smooth, factor=4.0):
    """How many steps come before the end of the test."""
    for i, value in enumerate(smooth):
        if not np.isfinite(value) or (i and value > factor * smooth[:i].min()):
            return i
    return len(smooth)


def _suggest(lrs, smooth, factor=4.0, divisor=10.0, pick=np.argmin):
    return float(lrs[int(pick(smooth[: max(_kept(smooth, factor), 1)]))] / divisor)


@suggest_lr.mistake(
    "This is the rate at the lowest loss itself. There the loss is about to rise: take a tenth of it."
)
def the_rate_itself(lrs, losses, beta):
    return _suggest(lrs, _smoothed(losses, beta), divisor=1.0)


@suggest_lr.mistake("This is ten times the rate at the lowest loss. Take a tenth of it.")
def ten_times(lrs, losses, beta):
    return _suggest(lrs, _smoothed(losses, beta), divisor=0.1)


@suggest_lr.mistake(
    "The losses are not smoothed: one lucky batch decides. Average them with beta before you look for the lowest."
)
def not_smoothed(lrs, losses, beta):
    return _suggest(lrs, np.asarray(losses, float))


@suggest_lr.mistake(
    "The average is not corrected for its start at 0: the first smoothed losses come out too low. Divide by 1 - beta**t."
)
def not_corrected(lrs, losses, beta):
    return _suggest(lrs, _smoothed(losses, beta, correct=False))


@suggest_lr.mistake("beta and 1 - beta are exchanged in the average: beta is the share of the OLD value.")
def shares_exchanged(lrs, losses, beta):
    v, weight, smooth = 0.0, 0.0, []
    for loss in losses:
        v = (1 - beta) * v + beta * (loss if np.isfinite(loss) else math.nan)
        weight = (1 - beta) * weight + beta
        smooth.append(v / weight if weight else math.nan)
    return _suggest(lrs, np.array(smooth))


@suggest_lr.mistake(
    "Losses after the test's end count: the run has exploded, and a later low loss is taken. Stop at the first step that is not "
    "finite or above 4 times the lowest."
)
def goes_on_to_the_end(lrs, losses, beta):
    return float(lrs[int(np.nanargmin(_smoothed(losses, beta)))] / 10)


@suggest_lr.mistake(
    "The test does not end at a loss that is not finite: later ones count. Ask np.isfinite before anything else."
)
def passes_over_nan(lrs, losses, beta):
    v, lowest, best, t = 0.0, math.inf, lrs[0], 0
    for lr, loss in zip(lrs, losses, strict=True):
        if not math.isfinite(loss):
            continue
        t += 1
        v = beta * v + (1 - beta) * loss
        smooth = v / (1 - beta**t)
        if smooth > 4 * lowest:
            break
        if smooth < lowest:
            lowest, best = smooth, lr
    return float(best / 10)


@suggest_lr.mistake(
    "The test ends too early, at a loss that is not yet 4 times the lowest so far. Often because it is compared with twice the lowest, "
    "or with the last one."
)
def ends_too_early(lrs, losses, beta):
    return _suggest(lrs, _smoothed(losses, beta), factor=2.0)


@suggest_lr.mistake(
    "The test ends too late: each loss is compared with 4 times the FIRST one. Compare with the lowest until then."
)
def compared_with_the_first(lrs, losses, beta):
    smooth = _smoothed(losses, beta)
    over = ~(smooth <= 4 * smooth[0])
    kept = int(np.argmax(over)) if over.any() else len(smooth)
    return float(lrs[int(np.argmin(smooth[:kept]))] / 10)


@suggest_lr.mistake(
    "This is a tenth of the last rate before the end of the test. Take the one at which the smoothed loss was lowest."
)
def at_the_end_of_the_test(lrs, losses, beta):
    return _suggest(lrs, _smoothed(losses, beta), pick=lambda kept: len(kept) - 1)


@suggest_lr.mistake(
    "This is a tenth of the rate at which the loss falls most steeply, as some tools take it. Here take the one at the lowest loss."
)
def at_the_steepest(lrs, losses, beta):
    return _suggest(
        lrs, _smoothed(losses, beta), pick=lambda kept: np.argmin(np.diff(kept)) if len(kept) > 1 else 0
    )


@suggest_lr.mistake("Of two equally low losses the later one is taken. The earlier one counts.")
def the_later_one(lrs, losses, beta):
    return _suggest(lrs, _smoothed(losses, beta), pick=lambda kept: len(kept) - 1 - np.argmin(kept[::-1]))


@suggest_lr.mistake("This is the lowest loss, divided by ten. Return a learning rate: the one of that step.")
def the_loss_itself(lrs, losses, beta):
    smooth = _smoothed(losses, beta)
    return float(smooth[: _kept(smooth)].min() / 10)


@suggest_lr.mistake(
    "The end of the test is looked for in the losses as they are. It is the smoothed loss that must be above 4 times its lowest."
)
def raw_losses_end_it(lrs, losses, beta):
    kept = _kept(np.asarray(losses, float))
    return float(lrs[int(np.argmin(_smoothed(losses, beta)[:kept]))] / 10)


@suggest_lr.mistake(
    "The rate is one step too late. Often because t counts from 1, and lrs from 0: the first rate is lrs[0]."
)
def one_step_late(lrs, losses, beta):
    return _suggest([*lrs[1:], lrs[-1]], _smoothed(losses, beta))


@suggest_lr.variant
def by_running_minimum(lrs, losses, beta):
    smooth = _smoothed(losses, beta)
    with np.errstate(invalid="ignore"):
        ends = ~np.isfinite(smooth) | (smooth > 4 * np.fmin.accumulate(smooth))
    kept = smooth[: np.argmax(ends)] if ends.any() else smooth
    return lrs[np.argmin(kept)] / 10


@suggest_lr.variant
def by_lists(lrs, losses, beta):
    found, v, power = [], 0.0, 1.0
    for lr, loss in zip(lrs, losses, strict=True):
        v, power = v * beta + float(loss) * (1 - beta), power * beta
        found.append((v / (1 - power), lr))
        if not found[-1][0] <= 4 * min(value for value, _ in found) or found[-1][0] == math.inf:
            found.pop()
            break
    return 0.1 * min(found, key=lambda pair: pair[0])[1]
