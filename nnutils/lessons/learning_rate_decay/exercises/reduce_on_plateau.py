"""Exercise reduce_on_plateau: the learning rates of a run that cuts them when the loss no longer improves."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="write",
    points=3,
    minutes=9,
    hints=(
        "Walk through the losses once, and keep three things: the best loss so far, the rate, and how many epochs brought nothing better.",
        "Write down the rate of an epoch before you look at its loss: a cut takes effect in the next epoch. After a cut the count starts at 0.",
        "For each loss: rates.append(lr); wait = 0 if loss < best else wait + 1; best = min(best, loss); if wait == patience: lr, wait = lr * factor, 0.",
    ),
)
def reduce_on_plateau(losses, lr0, factor, patience):
    """The learning rates of a run that cuts them when the loss no
    longer improves.

    losses: dev loss after each epoch. lr0: the first rate.
    factor: what a cut multiplies by.
    patience: as many epochs in a row without a loss below the best so
    far bring a cut; then the count starts anew, and the best stays.
    Returns the list of rates in force DURING each epoch,
    as many as losses; the first is lr0, and a cut after an epoch holds from
    the next one on.
    """
    rates, lr, best, wait = [], lr0, float("inf"), 0
    for loss in losses:
        rates.append(lr)
        wait = 0 if loss < best else wait + 1
        best = min(best, loss)
        if wait == patience:
            lr, wait = lr * factor, 0
    return rates


@reduce_on_plateau.cases
def _(rng):
    lr0, factor = rng.uniform(0.2, 0.9), rng.uniform(0.2, 0.7)
    up = 3 + rng.uniform(0, 1)
    yield [up, 2, 2.5, 2.4, 2.3, 2.2, 2.1, 1.5, 1.8, 1.7, 1.6, 1.9], lr0, factor, 3
    yield [up, 2, 2.5, 1.0, 1.5, 1.2, 1.1, 0.5, 0.5, 0.5, 0.5], lr0, factor, 2
    yield [1.0, 2.0, 3.0, 2.5, up], lr0, 0.5, 1
    yield [up, 2.0, 2.5, 2.2, 2.4, 2.1, 2.3, 2.6, 2.8], lr0, factor, 2
    yield [1.0], lr0, factor, 1
    yield [1 - 1e-5 * epoch for epoch in range(6)], lr0, factor, 2  # improvements as small as these count
    yield [10 - 5e-4 * epoch for epoch in range(6)], lr0, factor, 2


def _plateau(
    losses,
    lr0,
    factor,
    patience,
    *,
    late=0,
    restart=True,
    forget=False,
    better=lambda loss, best: loss < best,
    before=True,
    last=False,
):
    rates, lr, best, wait = [], lr0, float("inf"), 0
    for loss in losses:
        if before:
            rates.append(lr)
        wait = 0 if better(loss, best) else wait + 1
        best = loss if last else min(best, loss)
        if wait >= patience + late and (restart or wait == patience + late):
            lr, wait = lr * factor, 0 if restart else wait
            best = float("inf") if forget else best
        if not before:
            rates.append(lr)
    return rates


@reduce_on_plateau.mistake(
    "A cut takes effect in the epoch that caused it. It holds from the next epoch on: note the rate before you judge the loss."
)
def cut_too_early(losses, lr0, factor, patience):
    return _plateau(losses, lr0, factor, patience, before=False)


@reduce_on_plateau.mistake(
    "You wait one epoch too long: cut when the count reaches patience, not when it exceeds it."
)
def cut_too_late(losses, lr0, factor, patience):
    return _plateau(losses, lr0, factor, patience, late=1)


@reduce_on_plateau.mistake(
    "You compare with the loss of the epoch before. Better means better than the best so far."
)
def compared_with_last(losses, lr0, factor, patience):
    return _plateau(losses, lr0, factor, patience, last=True)


@reduce_on_plateau.mistake("After a cut you forget the best loss. It stays: only the count starts anew.")
def forgets_the_best(losses, lr0, factor, patience):
    return _plateau(losses, lr0, factor, patience, forget=True)


@reduce_on_plateau.mistake("You count a tie as an improvement. Only a loss below the best one is better.")
def ties_are_better(losses, lr0, factor, patience):
    return _plateau(losses, lr0, factor, patience, better=lambda loss, best: loss <= best)


@reduce_on_plateau.mistake(
    "You cut in every epoch once patience has run out. After a cut the count starts anew at 0."
)
def cuts_again_and_again(losses, lr0, factor, patience):
    rates, lr, best, wait = [], lr0, float("inf"), 0
    for loss in losses:
        rates.append(lr)
        wait = 0 if loss < best else wait + 1
        best = min(best, loss)
        lr = lr * factor if wait >= patience else lr
    return rates


@reduce_on_plateau.mistake(
    "The count is never set back when the loss improves: epochs without improvement count only in a row."
)
def not_in_a_row(losses, lr0, factor, patience):
    rates, lr, best, wait = [], lr0, float("inf"), 0
    for loss in losses:
        rates.append(lr)
        wait += loss >= best
        best = min(best, loss)
        if wait >= patience:
            lr, wait = lr * factor, 0
    return rates


@reduce_on_plateau.mistake("You divide by the factor, so the rate grows. A factor below 1 multiplies it.")
def divides(losses, lr0, factor, patience):
    return _plateau(losses, lr0, 1 / factor, patience)


@reduce_on_plateau.mistake(
    "An improvement of 1e-5 does not count. Often because of a least improvement, such as Keras' 1e-4. Here any loss below the best so far "
    "is better."
)
def with_min_delta(losses, lr0, factor, patience):
    return _plateau(losses, lr0, factor, patience, better=lambda loss, best: loss < best - 1e-4)


@reduce_on_plateau.mistake(
    "Small improvements do not count, not even 5e-4 where the loss is 10. Often because an improvement must be a share of the best loss, as "
    "PyTorch asks by default. Here any loss below the best so far is better."
)
def with_a_share_of_the_best(losses, lr0, factor, patience):
    return _plateau(losses, lr0, factor, patience, better=lambda loss, best: loss < best * (1 - 1e-4))


@reduce_on_plateau.mistake(
    "There is one rate too many. Often because the list starts with lr0 and gets a rate after each loss as well: the one after the last "
    "loss belongs to no epoch."
)
def one_rate_too_many(losses, lr0, factor, patience):
    return _plateau([*losses, 0.0], lr0, factor, patience)


@reduce_on_plateau.mistake(
    "You take a higher loss for a better one. A loss is better when it is below the best so far."
)
def higher_is_better(losses, lr0, factor, patience):
    return _plateau([-loss for loss in losses], lr0, factor, patience)


@reduce_on_plateau.mistake(
    "The first epoch counts as one without improvement. Often because the best starts at losses[0], and the loop begins there, too. "
    "Let it start at infinity."
)
def first_epoch_counts(losses, lr0, factor, patience):
    rates, lr, best, wait = [], lr0, losses[0], 0
    for loss in losses:
        rates.append(lr)
        wait = 0 if loss < best else wait + 1
        best = min(best, loss)
        if wait == patience:
            lr, wait = lr * factor, 0
    return rates


@reduce_on_plateau.mistake(
    "Only the first cut has an effect: later ones give the same rate again. Often because lr0 is multiplied each time. "
    "Multiply the rate that is in force."
)
def always_from_lr0(losses, lr0, factor, patience):
    return [max(rate, lr0 * factor) for rate in _plateau(losses, lr0, factor, patience)]


@reduce_on_plateau.mistake(
    "A cut takes the share `factor` away. It should leave it: multiply the rate by factor."
)
def loses_the_factor(losses, lr0, factor, patience):
    return _plateau(losses, lr0, 1 - factor, patience)


@reduce_on_plateau.mistake("You subtract the factor from the rate. Multiply the rate by it.")
def subtracts_the_factor(losses, lr0, factor, patience):
    cuts = np.log(_plateau(losses, 1.0, 0.5, patience)) / np.log(0.5)
    return list(lr0 - factor * cuts)


@reduce_on_plateau.variant
def by_epoch_of_the_best(losses, lr0, factor, patience):
    rates, mark = [float(lr0)], 0
    for epoch in range(len(losses) - 1):
        if epoch == 0 or losses[epoch] < min(losses[:epoch]):
            mark = epoch
        cut = epoch - mark == patience
        rates.append(rates[-1] * factor if cut else rates[-1])
        mark = epoch if cut else mark
    return rates


@reduce_on_plateau.variant
def as_array_of_powers(losses, lr0, factor, patience):
    cuts, best, wait = np.zeros(len(losses), dtype=int), np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, wait = loss, 0
        else:
            wait += 1
        if wait == patience:
            cuts[epoch + 1 :] += 1
            wait = 0
    return lr0 * float(factor) ** cuts
