"""Exercise watch_losses: a watch for spikes of the loss, whose correction leaks into its state, is repaired."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=3,
    minutes=9,
    hints=(
        "Watch three losses of 4, 4, 4 with beta = 0.5 on paper. The average must be 4 each time. Write v and t beside each line.",
        "Ask of each name what it holds after a step: is v the sum with weights, or the corrected average? What does t count? "
        "And what is the new loss compared with?",
        "Divide into a new name, not into v. t grows only where the loss is mixed in. The loss is compared with the corrected "
        "average of the losses before it.",
    ),
    returns=("averages", "spikes"),
)
def watch_losses(losses, beta, ratio):
    """Watch the loss of each step of a training, and report spikes.

    losses: (T,), positive numbers. beta: as in `ewma`, 0 < beta < 1.
    ratio: a number above 1. A loss is a spike if it is larger than ratio
    times the average before it, with its start at 0 corrected. The first
    loss is never a spike. A spike is left out of the average.
    Returns (averages, spikes). averages: (T,), after each loss the
    corrected average of all losses so far that are no spikes.
    spikes: (T,) bools.
    """
    v, t = 0.0, 0
    averages, spikes = [], []
    for loss in losses:
        before = v / (1 - beta**t) if t > 0 else loss
        spike = bool(loss > ratio * before)
        if not spike:
            v = beta * v + (1 - beta) * loss
            t = t + 1
        averages.append(v / (1 - beta**t))
        spikes.append(spike)
    return np.array(averages), np.array(spikes)


watch_losses.fault(
    "leaks",
    "The averages grow and grow, even where all losses are equal: what was corrected is corrected again in the next step. The "
    "correction belongs to what is returned, and not to what is kept.",
    right="averages.append(v / (1 - beta**t))",
    wrong="v = v / (1 - beta**t)\n        averages.append(v)",
)
watch_losses.fault(
    "spikes_count",
    "After a spike the average is too small: the correction counts losses that were never mixed in.",
    right="        if not spike:\n            v = beta * v + (1 - beta) * loss\n            t = t + 1",
    wrong="        if not spike:\n            v = beta * v + (1 - beta) * loss\n        t = t + 1",
)
watch_losses.fault(
    "compared_uncorrected",
    "Ordinary losses are taken for spikes at the start: they are compared with an average that is still close to 0.",
    right="before = v / (1 - beta**t) if t > 0 else loss",
    wrong="before = v if t > 0 else loss",
)


@watch_losses.cases
def _(rng):
    yield np.array([4.0, 4.0, 4.0, 4.0]), 0.5, 3.0
    losses = rng.uniform(1.9, 2.1, size=9)
    losses[[2, 6]] *= 8
    yield losses, 0.6, 4.0
    losses = rng.uniform(0.9, 1.1, size=12)
    losses[[1, 4, 5, 11]] *= 30
    yield losses, 0.9, 12.0
    yield rng.uniform(3.1, 3.4, size=15), 0.98, 1.5
    falling = np.linspace(2, 1, 10) * rng.uniform(0.98, 1.02, size=10)
    falling[7] *= 3
    yield falling, 0.8, 2.0
    yield np.array([5.0, 5.0, 10.0, 11.0, 5.0]), 0.5, 2.0  # exactly twice as large is no spike


def _watched(losses, beta, ratio, mixes_spikes=False, at_least=False, clipped=False):
    v, t, averages, spikes = 0.0, 0, [], []
    for loss in losses:
        most = ratio * v / (1 - beta**t) if t else ratio * loss
        spike = bool(loss >= most if at_least else loss > most)
        if not spike or mixes_spikes or clipped:
            v, t = beta * v + (1 - beta) * (min(loss, most) if clipped else loss), t + 1
        averages.append(v / (1 - beta**t))
        spikes.append(spike)
    return np.array(averages), np.array(spikes)


@watch_losses.mistake(
    "Spikes are mixed into the average, too. A spike is reported, and left out of the average."
)
def spikes_are_mixed_in(losses, beta, ratio):
    return _watched(losses, beta, ratio, mixes_spikes=True)


@watch_losses.mistake("A loss of exactly ratio times the average counts as a spike. It must be larger.")
def equal_is_a_spike(losses, beta, ratio):
    return _watched(losses, beta, ratio, at_least=True)


@watch_losses.mistake(
    "A spike is cut down to ratio times the average and mixed in. It is to be left out of the average."
)
def spikes_are_cut(losses, beta, ratio):
    return _watched(losses, beta, ratio, clipped=True)


@watch_losses.mistake(
    "These are the averages before each loss was mixed in. Return the average after each loss."
)
def averages_before(losses, beta, ratio):
    averages, spikes = _watched(losses, beta, ratio)
    return np.append(losses[0], averages[:-1]), spikes


@watch_losses.mistake(
    "The spikes are right, and the averages are not corrected: divide v by 1 - beta**t, with t the number of losses mixed in."
)
def averages_uncorrected(losses, beta, ratio):
    averages, spikes = _watched(losses, beta, ratio)
    return averages * (1 - beta ** np.cumsum(~spikes)), spikes


@watch_losses.variant
def by_weights(losses, beta, ratio):
    kept, averages, spikes = [], [], []
    for loss in losses:
        weights = beta ** np.arange(len(kept))[::-1]
        spikes.append(len(kept) > 0 and bool(loss * weights.sum() > ratio * (weights @ kept)))
        if not spikes[-1]:
            kept.append(loss)
        weights = beta ** np.arange(len(kept))[::-1]
        averages.append(weights @ kept / weights.sum())
    return np.array(averages), np.array(spikes)


@watch_losses.variant
def by_falling_rate(losses, beta, ratio):
    average, t, averages, spikes = float(losses[0]), 1, [float(losses[0])], [False]
    for loss in losses[1:]:
        spike = loss / average > ratio
        if not spike:
            t += 1
            average += (1 - beta) / (1 - beta**t) * (loss - average)
        averages.append(average)
        spikes.append(bool(spike))
    return np.array(averages), np.array(spikes)
