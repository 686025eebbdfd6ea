"""Exercise early_stopping_epoch: the epoch whose weights early stopping keeps."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=3,
    minutes=8,
    hints=(
        "Walk through the losses once, and keep the best loss so far and the epoch it came from.",
        "Better means loss < best - min_delta. When the present epoch is patience epochs after the best one, look no further.",
        "for epoch, loss in enumerate(dev_losses): if loss < best - min_delta: best, kept = loss, epoch; elif epoch - kept >= patience: break. Return kept.",
    ),
)
def early_stopping_epoch(dev_losses, patience, min_delta):
    """The epoch whose weights early stopping keeps.

    dev_losses: the dev loss after each epoch, finite numbers.
    patience: how many epochs in a row may bring nothing better
    before training stops, 1 or more. min_delta: 0 or more; what is
    better by no more than that does not count, as the text says.
    The first epoch counts. A tie keeps the earlier epoch.
    What comes after the stop is never seen.
    Returns the index, from 0, of the last epoch that counted
    (Prechelt 1998).
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
    yield [4.0, 3.9, 3.7, 3.6 - a, 3.75, 3.8, 3.9], 3, 0.05  # 5 % of the best loss would be too much


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


@early_stopping_epoch.mistake(
    "This is one epoch too late, as where epochs are counted from 1. They are counted from 0."
)
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
