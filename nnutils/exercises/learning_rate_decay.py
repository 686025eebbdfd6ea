"""Exercises of lesson 13: learning rates that change while a network learns."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong

NUMBER = 13
MINUTES = 70


@exercise(
    points=1,
    minutes=3,
    hints=(
        "At epoch 0 the denominator must be 1, so that you begin with lr0.",
        "The denominator grows by the same amount, rate, in every epoch.",
        "return lr0 / (1 + rate * epoch)",
    ),
)
def inverse_time_decay(lr0, rate, epoch):
    """The learning rate of an epoch, decayed by inverse time.

    lr0: rate of epoch 0. rate: how fast it decays. epoch: counted from 0.
    Returns lr0 / (1 + rate epoch), a float (Robbins & Monro 1951 allow such rates).
    """
    return lr0 / (1 + rate * epoch)


@inverse_time_decay.cases
def _(rng):
    lr0, rate = rng.uniform(0.3, 0.9), rng.uniform(0.2, 0.7)
    yield lr0, rate, 0
    yield lr0, rate, 1
    yield lr0, rate, 7
    yield 2 * lr0, 3 * rate, 4
    yield 1, 1, 3


@inverse_time_decay.mistake(
    "You count from 1: at epoch 0 this is already smaller than lr0. Epochs start at 0."
)
def inverse_from_one(lr0, rate, epoch):
    return lr0 / (1 + rate * (epoch + 1))


@inverse_time_decay.mistake(
    "The 1 in the denominator is missing. With it, epoch 0 gives lr0 instead of a division by zero."
)
def inverse_without_one(lr0, rate, epoch):
    return lr0 / (rate * epoch)


@inverse_time_decay.mistake(
    "This is exponential decay, which multiplies by the same factor each epoch. Here you divide by a sum."
)
def inverse_as_exponential(lr0, rate, epoch):
    return lr0 / (1 + rate) ** epoch


@inverse_time_decay.mistake(
    "You subtracted a fixed part each epoch, a straight line that ends below zero. Divide instead."
)
def inverse_as_line(lr0, rate, epoch):
    return lr0 * (1 - rate * epoch)


@inverse_time_decay.mistake(
    "You divided by 1 - rate * epoch, so the learning rate grows. The sign in the denominator is a plus."
)
def inverse_grows(lr0, rate, epoch):
    return lr0 / (1 - rate * epoch)


@inverse_time_decay.mistake("Only the 1 stands under the fraction bar: put brackets around 1 + rate * epoch.")
def inverse_without_brackets(lr0, rate, epoch):
    return lr0 / 1 + rate * epoch


@inverse_time_decay.variant
def inverse_by_reciprocals(lr0, rate, epoch):
    return 1 / (1 / lr0 + rate * epoch / lr0)


@inverse_time_decay.variant
def inverse_by_counting(lr0, rate, epoch):
    below = 1.0
    for _ in range(epoch):
        below += rate
    return lr0 / below


@exercise(
    points=1,
    minutes=3,
    hints=(
        "Each epoch takes the same share of what the epoch before it had.",
        "After 3 epochs lr0 has been multiplied by base three times.",
        "return lr0 * base**epoch",
    ),
)
def exponential_decay(lr0, base, epoch):
    """The learning rate of an epoch, decayed exponentially.

    lr0: rate of epoch 0. base: what it is multiplied by each epoch, such as 0.95.
    epoch: counted from 0.
    Returns lr0 base^epoch, a float.
    """
    return lr0 * base**epoch


@exponential_decay.cases
def _(rng):
    lr0, base = rng.uniform(0.3, 0.9), rng.uniform(0.5, 0.9)
    yield lr0, base, 0
    yield lr0, base, 1
    yield lr0, base, 6
    yield 3 * lr0, base**2, 3
    yield 2, 0.5, 4


@exponential_decay.mistake(
    "You multiplied by base * epoch. Multiply by base once for each epoch: that is a power."
)
def exponential_product(lr0, base, epoch):
    return lr0 * base * epoch


@exponential_decay.mistake(
    "The power is over the product: only base is raised to the epoch, lr0 stands before it once."
)
def exponential_of_product(lr0, base, epoch):
    return (lr0 * base) ** epoch


@exponential_decay.mistake("You count from 1: epoch 0 should have lr0 itself.")
def exponential_from_one(lr0, base, epoch):
    return lr0 * base ** (epoch + 1)


@exponential_decay.mistake("This is lr0 * exp(-base * epoch). The base is given here: raise it to the epoch.")
def exponential_of_e(lr0, base, epoch):
    return lr0 * np.exp(-base * epoch)


@exponential_decay.mistake(
    "You divided by the power, so the learning rate grows. A base below 1 shrinks it when you multiply."
)
def exponential_grows(lr0, base, epoch):
    return lr0 / base**epoch


@exponential_decay.mistake("You decayed by 1 - base. The base is what is kept each epoch, not what is lost.")
def exponential_of_rest(lr0, base, epoch):
    return lr0 * (1 - base) ** epoch


@exponential_decay.mistake(
    "The decay is compounded: the rate that has fallen already is multiplied by base^epoch once more in each epoch. "
    "It is lr0 that is multiplied, or the last rate by base alone."
)
def exponential_compounded(lr0, base, epoch):
    return lr0 * base ** (epoch * (epoch + 1) / 2)


@exponential_decay.mistake(
    "One factor too few: after `epoch` epochs lr0 has been multiplied by base `epoch` times."
)
def exponential_one_less(lr0, base, epoch):
    return lr0 * base ** (epoch - 1)


@exponential_decay.mistake(
    "Epoch 1 still has the rate of epoch 0, and every later one is an epoch late. Epochs count from 0, so epoch 1 is multiplied once."
)
def exponential_an_epoch_late(lr0, base, epoch):
    return lr0 * base ** max(epoch - 1, 0)


@exponential_decay.mistake(
    "This is a straight line: each epoch takes the same amount, lr0 (1 - base). Each should take the same share of what is left."
)
def exponential_as_line(lr0, base, epoch):
    return lr0 * (1 - (1 - base) * epoch)


@exponential_decay.mistake(
    "You divided by 1 + base * epoch, which is decay by inverse time. Multiply by a power of base."
)
def exponential_as_inverse_time(lr0, base, epoch):
    return lr0 / (1 + base * epoch)


@exponential_decay.mistake(
    "Base and exponent are exchanged: this is lr0 * epoch ** base. Raise base to the epoch."
)
def exponential_turned_round(lr0, base, epoch):
    return lr0 * epoch**base


@exponential_decay.mistake(
    "Only one factor is ever applied: the rate is lr0 * base in every epoch but the first. Apply it once for each epoch."
)
def exponential_only_once(lr0, base, epoch):
    return lr0 * base if epoch else float(lr0)


@exponential_decay.variant
def exponential_by_counting(lr0, base, epoch):
    lr = float(lr0)
    for _ in range(epoch):
        lr *= base
    return lr


@exponential_decay.variant
def exponential_by_logarithm(lr0, base, epoch):
    return float(np.exp(np.log(lr0) + epoch * np.log(base)))


@exercise(
    points=1,
    minutes=4,
    hints=(
        "First measure the time in units of s: how many s have passed?",
        "The denominator is 1 plus that number, and all of it is raised to the power c.",
        "return lr0 / (1 + step / s) ** c",
    ),
)
def power_decay(lr0, step, s, c):
    """The learning rate of a step, decayed by a power.

    lr0: rate of step 0. step: from 0. s: steps until the denominator is 2. c: the power.
    Returns lr0 / (1 + step / s)^c, a float.
    """
    return lr0 / (1 + step / s) ** c


@power_decay.cases
def _(rng):
    lr0, s, c = rng.uniform(0.3, 0.9), int(rng.integers(15, 30)), rng.uniform(0.4, 0.8)
    yield lr0, 0, s, c
    yield lr0, s + 3, s, c
    yield lr0, 3 * s + 7, s, 1
    yield 2 * lr0, s // 2, s, 2.3
    yield 1, 10, 20, 0.5


@power_decay.mistake(
    "You used whole-number division: 1 + step // s changes only every s steps. Use a single slash."
)
def power_in_stairs(lr0, step, s, c):
    return lr0 / (1 + step // s) ** c


@power_decay.mistake("The power is left out: raise the whole denominator to c.")
def power_without_c(lr0, step, s, c):
    return lr0 / (1 + step / s)


@power_decay.mistake(
    "Only step / s is raised to the power. The 1 belongs under it as well: (1 + step / s) ** c."
)
def power_of_part(lr0, step, s, c):
    return lr0 / (1 + (step / s) ** c)


@power_decay.mistake("The fraction is upside down: time passes in units of s, so it is step / s.")
def power_upside_down(lr0, step, s, c):
    return lr0 / (1 + s / step) ** c if step else float(lr0) / 2


@power_decay.mistake("You multiplied by c instead of raising to it.")
def power_times_c(lr0, step, s, c):
    return lr0 / ((1 + step / s) * c)


@power_decay.mistake("The quotient is raised to the power, lr0 included. Raise only the denominator.")
def power_of_all(lr0, step, s, c):
    return (lr0 / (1 + step / s)) ** c


@power_decay.mistake("You count from 1: at step 0 this is already smaller than lr0. Steps start at 0.")
def power_from_one(lr0, step, s, c):
    return lr0 / (1 + (step + 1) / s) ** c


@power_decay.mistake("s is left out: time passes in units of s, so it is step / s.")
def power_without_s(lr0, step, s, c):
    return lr0 / (1 + step) ** c


@power_decay.mistake("You multiplied the step by s. Time passes in units of s: divide by it.")
def power_times_s(lr0, step, s, c):
    return lr0 / (1 + step * s) ** c


@power_decay.mistake("You multiplied by the power, so the learning rate grows. Divide by it.")
def power_grows(lr0, step, s, c):
    return lr0 * (1 + step / s) ** c


@power_decay.mistake(
    "This is exponential decay, which multiplies by c once in s steps. Here c is the power of the denominator."
)
def power_as_exponential(lr0, step, s, c):
    return float(lr0 * c ** (step / s))


@power_decay.mistake(
    "The 1 in the denominator is missing, so that step 0 divides by zero. With it, step 0 gives lr0."
)
def power_without_one(lr0, step, s, c):
    return lr0 / (step / s) ** c


@power_decay.mistake("The denominator is 1 + step / s; here it is 1 - step / s, which is 0 after s steps.")
def power_with_minus(lr0, step, s, c):
    return float(lr0 / np.float64(1 - step / s) ** c)


@power_decay.mistake(
    "The brackets are missing: you add the step to lr0 / 1. Divide lr0 by all of (1 + step / s) ** c."
)
def power_without_brackets(lr0, step, s, c):
    return float(lr0 / 1 + (step / s) ** c)


@power_decay.variant
def power_by_negative_exponent(lr0, step, s, c):
    return lr0 * ((s + step) / s) ** -c


@power_decay.variant
def power_by_logarithm(lr0, step, s, c):
    return float(lr0 * np.exp(-c * np.log1p(step / s)))


@exercise(
    points=2,
    minutes=6,
    hints=(
        "Count how many boundaries the step has passed: that number is the index of the value.",
        "At a boundary itself the earlier value still holds, so a boundary is passed when boundary < step.",
        "return float(values[sum(boundary < step for boundary in boundaries)])",
    ),
)
def piecewise_constant(boundaries, values, step):
    """The learning rate of a step, constant between boundaries.

    boundaries: rising step numbers. values: learning rates, one more than boundaries.
    Up to and with boundaries[0] it is values[0], after it values[1], and so on; after the
    last boundary it is the last value. Returns a float.
    """
    return float(values[sum(boundary < step for boundary in boundaries)])


@piecewise_constant.cases
def _(rng):
    first, second = int(rng.integers(3, 9)), int(rng.integers(12, 20))
    high, middle, low = rng.uniform(0.5, 1), rng.uniform(0.2, 0.4), rng.uniform(0.01, 0.1)
    third = second + int(rng.integers(4, 9))
    for step in (first, first + 1, second, third - 1, third + 5, 0):
        yield [first, second, third], [2 * high, high, middle, low], step
    yield [second], [high, low], first
    yield [second], [high, low], third


@piecewise_constant.mistake(
    "At a boundary itself you already use the next value. The earlier one still holds there (as in Keras)."
)
def too_early(boundaries, values, step):
    return float(values[sum(boundary <= step for boundary in boundaries)])


@piecewise_constant.mistake(
    "The step is the index into values here. Count how many boundaries the step has passed."
)
def step_as_index(boundaries, values, step):
    return float(values[min(step, len(values) - 1)])


@piecewise_constant.mistake(
    "You stop at the first boundary: after it, only the second value is ever used. Count all boundaries passed."
)
def only_the_first(boundaries, values, step):
    return float(values[0] if step <= boundaries[0] else values[1])


@piecewise_constant.mistake(
    "The values come in reverse: before the first boundary it is values[0], after the last one values[-1]."
)
def in_reverse(boundaries, values, step):
    return float(values[sum(boundary >= step for boundary in boundaries)])


@piecewise_constant.mistake(
    "You take the value of the boundary before: after one boundary it is values[1], the index is the count itself."
)
def one_behind(boundaries, values, step):
    return float(values[max(sum(boundary < step for boundary in boundaries) - 1, 0)])


@piecewise_constant.mistake(
    "The last value never comes: after the last boundary the one before it still holds. Often because the loop ends one too early. "
    "There is one value more than there are boundaries."
)
def never_the_last(boundaries, values, step):
    return float(values[min(sum(boundary < step for boundary in boundaries), len(values) - 2)])


@piecewise_constant.mistake(
    "The first value holds at every step. Count how many boundaries the step has passed."
)
def always_the_first(boundaries, values, step):
    return float(values[0])


@piecewise_constant.mistake(
    "The value is one too far: before the first boundary you use values[1] already. The count of the boundaries passed is the index."
)
def one_ahead(boundaries, values, step):
    return float(values[min(sum(boundary < step for boundary in boundaries) + 1, len(values) - 1)])


@piecewise_constant.mistake(
    "One step after a boundary you still use the earlier value. It holds up to and with the boundary, and not longer."
)
def one_step_late(boundaries, values, step):
    return float(values[sum(boundary + 1 < step for boundary in boundaries)])


@piecewise_constant.mistake(
    "The rate falls along straight lines between the boundaries. It should be constant between them, and jump."
)
def in_straight_lines(boundaries, values, step):
    return float(np.interp(step, [0, *boundaries], values))


@piecewise_constant.mistake(
    "The values are multiplied with each other. Each value is a learning rate by itself, not what the one before is multiplied by."
)
def values_as_factors(boundaries, values, step):
    return float(np.prod(values[: sum(boundary < step for boundary in boundaries) + 1]))


@piecewise_constant.variant
def by_search(boundaries, values, step):
    return float(values[int(np.searchsorted(boundaries, step))])


@piecewise_constant.variant
def by_loop(boundaries, values, step):
    for boundary, value in zip(boundaries, values, strict=False):
        if step <= boundary:
            return value
    return values[-1]


@exercise(
    points=3,
    minutes=12,
    hints=(
        "Walk through the losses once, and keep three things: the best loss so far, the rate, and how many epochs brought nothing better.",
        "Write down the rate of an epoch before you look at its loss: a cut takes effect in the next epoch. After a cut the count starts at 0.",
        "For each loss: rates.append(lr); wait = 0 if loss < best else wait + 1; best = min(best, loss); if wait == patience: lr, wait = lr * factor, 0.",
    ),
)
def reduce_on_plateau(losses, lr0, factor, patience):
    """The learning rates of a run that cuts them when the loss no longer improves.

    losses: dev loss after each epoch. lr0: the first rate. factor: what a cut multiplies by.
    patience: as many epochs in a row without a loss below the best so far bring a cut;
    then the count starts anew, and the best stays.
    Returns the list of rates in force DURING each epoch, as many as losses; the first is
    lr0, and a cut after an epoch holds from the next one on.
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


@exercise(
    points=2,
    minutes=6,
    hints=(
        "Draw it: a tent that is 0 on the left, lr_max in the middle, 0 on the right.",
        "In the first half it is lr_max times step / (total / 2); in the second half the same with the steps that are left, total - step.",
        "return lr_max * min(step, total - step) / (total / 2)",
    ),
)
def one_cycle(step, total, lr_max):
    """The learning rate of a step in a one-cycle schedule (Smith 2018), two straight lines.

    step: from 0 to total. total: number of steps. lr_max: the top, at step total / 2.
    Returns a float: 0 at step 0, lr_max at total / 2, 0 at total.
    """
    return lr_max * min(step, total - step) / (total / 2)


@one_cycle.cases
def _(rng):
    lr_max, total = rng.uniform(0.2, 0.9), int(rng.integers(20, 30)) * 2
    yield 0, total, lr_max
    yield total // 2, total, lr_max
    yield total // 2 - 4, total, lr_max
    yield total // 2 + 15, total, lr_max  # no other curve is as high there, whatever the total
    yield total, total, lr_max
    yield 4, 15, lr_max
    yield 13, 15, lr_max


@one_cycle.mistake("Your top is lr_max / 2: divide by half of total, not by total.")
def half_as_high(step, total, lr_max):
    return lr_max * min(step, total - step) / total


@one_cycle.mistake("It rises all the way to the end. After the middle it comes down again.")
def only_up(step, total, lr_max):
    return lr_max * step / total


@one_cycle.mistake("It only falls. In the first half the rate rises from 0 to lr_max.")
def only_down(step, total, lr_max):
    return lr_max * (1 - step / total)


@one_cycle.mistake(
    "This goes on rising past lr_max: in the second half count the steps that are left, total - step."
)
def goes_on_rising(step, total, lr_max):
    return lr_max * step / (total / 2)


@one_cycle.mistake("This is a cosine wave. The schedule asked for has straight lines up and down.")
def by_cosine(step, total, lr_max):
    return float(lr_max * (1 - np.cos(2 * np.pi * step / total)) / 2)


@one_cycle.mistake("The tent is upside down: it starts and ends at lr_max and is 0 in the middle.")
def upside_down(step, total, lr_max):
    return lr_max * abs(1 - 2 * step / total)


@one_cycle.mistake(
    "With an odd total the top is not in the middle. Often because of // : half of the total is total / 2, which need not be whole."
)
def half_by_floor(step, total, lr_max):
    return float(np.interp(step, [0, total // 2, total], [0, lr_max, 0]))


@one_cycle.mistake("It stays at the top after the middle. In the second half it comes down to 0 again.")
def stays_at_the_top(step, total, lr_max):
    return lr_max * min(1.0, step / (total / 2))


@one_cycle.mistake("This is a parabola. The schedule asked for has straight lines up and down.")
def as_parabola(step, total, lr_max):
    return lr_max * 4 * step * (total - step) / total**2


@one_cycle.mistake("This is half a sine wave. The schedule asked for has straight lines up and down.")
def as_sine(step, total, lr_max):
    return float(lr_max * np.sin(np.pi * step / total))


@one_cycle.mistake("The cycle ends one step early, at total - 1. It is 0 at total.")
def one_step_short(step, total, lr_max):
    return lr_max * min(step, total - 1 - step) / ((total - 1) / 2)


@one_cycle.mistake("You count from 1: step 0 should have the rate 0.")
def cycle_from_one(step, total, lr_max):
    return lr_max * min(step + 1, total - step - 1) / (total / 2)


@one_cycle.mistake(
    "In the second half the rate is below 0. Often because the steps made so far are taken off, and not those since the middle. "
    "Count the steps that are left, total - step."
)
def falls_from_the_start(step, total, lr_max):
    half = total / 2
    return lr_max * step / half if step <= half else lr_max * (1 - step / half)


@one_cycle.mistake(
    "With an odd total the rate is too large everywhere. Often because of // : half of the total is total / 2, which need not be whole."
)
def too_small_a_half(step, total, lr_max):
    return lr_max * min(step, total - step) / (total // 2)


@one_cycle.variant
def by_interpolation(step, total, lr_max):
    return float(np.interp(step, [0, total / 2, total], [0, lr_max, 0]))


@one_cycle.variant
def by_distance_from_the_middle(step, total, lr_max):
    return lr_max * (1 - abs(step - total / 2) / (total / 2))


why_it_hovers = question(
    "With a constant learning rate and mini-batches, the loss falls and then wanders about a level above the minimum. Why does it not settle?",
    wrong(
        "It is stuck in a local minimum",
        "A run in a minimum would stand still. This one moves with every batch.",
    ),
    right(
        "Every batch has a gradient of its own, which is not zero even at the minimum, and the step stays as long as ever",
        "The noise of the gradient keeps kicking, and a constant rate never makes the kicks smaller. A smaller rate does.",
    ),
    wrong("The gradient has vanished", "Then nothing would move at all."),
    wrong(
        "The network is too small",
        "That raises the minimum itself; it does not make the path wander about it.",
    ),
)

when_to_cut = question(
    "A run's dev loss has not improved for ten epochs, while its training loss still falls. You use reduce_on_plateau on the DEV loss. What happens?",
    wrong(
        "Nothing: the training loss falls, so there is no plateau",
        "The schedule sees only the loss it is given, and that is the dev loss.",
    ),
    wrong("It raises the rate, to leave the plateau", "It only ever multiplies by a factor below 1."),
    right(
        "It cuts the rate, and the run may be overfitting all the same",
        "A smaller rate can settle the weights, but falling train and standing dev loss is variance: that wants other means.",
    ),
    wrong("It stops the run", "That would be early stopping. Here the run goes on with a smaller rate."),
)

what_a_boundary_does = question(
    "piecewise_constant([30, 60], [0.1, 0.01, 0.001], step): which rate does step 60 get?",
    wrong("0.1", "That holds up to step 30."),
    wrong("0.001", "That begins after step 60: at a boundary the earlier value still holds."),
    wrong("The mean of 0.01 and 0.001", "The rate jumps; it is never between two values."),
    right(
        "0.01", "At a boundary the earlier value still holds, here as in Keras. One step later it is 0.001."
    ),
)

how_one_cycle_differs = question(
    "What does a one-cycle schedule do that no decay does?",
    right(
        "It begins small and raises the rate before it lowers it, so a rate can be used that would diverge at the start",
        "The rise is a warm-up: the large rate comes when the weights have left the steep places, and the fall settles them.",
    ),
    wrong("It ends at a rate of almost zero", "So does every decay that runs long enough."),
    wrong("It changes the rate at each step instead of each epoch", "Any schedule can be counted in steps."),
    wrong(
        "It looks at the dev loss to choose the rate",
        "That is reduce_on_plateau. One-cycle is fixed before the run starts.",
    ),
)
