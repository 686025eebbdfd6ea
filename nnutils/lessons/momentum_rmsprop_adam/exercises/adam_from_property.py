"""Exercise adam_from_property: steps of one length, derived from what they should do; Adam's denominator comes out."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=4,
    minutes=12,
    hints=(
        "Take one parameter, and call its unit at step t u. The property says: the weighted mean of (g / u)**2 over the gradients up to "
        "step t is 1. Solve it for u. What must the weights be divided by, so that they make a mean?",
        "u**2 is the weighted mean of the squares: the sum of beta**k * g**2 over k = 0, 1, ... (the newest first), divided by the sum "
        "of beta**k. Both sums can be carried along: multiply by beta, then add the new term.",
        "In the loop over g in grads: s = beta * s + g**2; weight = beta * weight + 1; u = np.sqrt(s / weight); the step is -lr * g / u, "
        "and 0 where g is 0 (np.where keeps 0 / 0 away).",
    ),
)
def adam_from_property(grads, lr, beta):
    """The steps of an optimiser that measures each gradient in a unit of
    its own.

    grads: (T, n), the gradients of n parameters at the steps 1 to T.
    lr: a float. beta: a float, at least 0 and below 1.
    Returns (T, n): what is added to the parameters at each step. A step
    goes downhill, and its length is lr times the newest gradient, measured
    in a unit. Each parameter has its own unit at each step, chosen so that
    its gradients up to this step, the newest included, have mean square 1
    when they are measured in it. In this mean a gradient counts beta times
    as much as the one after it.
    So gradients that keep their size make steps of length lr, the first
    step included; and gradients in other units (a thousand times larger,
    say) make the same steps. A newest gradient of 0 makes no step.
    """
    steps, s, weight = [], np.zeros(grads.shape[1]), 0.0
    for g in grads:
        s = beta * s + g**2
        weight = beta * weight + 1
        unit = np.sqrt(s / weight)
        steps.append(-lr * g / np.where(g == 0, 1, unit))
    return np.array(steps)


def _drawn(rng, T, n):
    """Gradients of both signs, none of them near 0."""
    signs = rng.choice([-1, 1], size=(T, n))
    signs[-1, 0], signs[-1, -1] = 1, -1
    return signs * rng.uniform(0.5, 3, size=(T, n))


@adam_from_property.cases
def _(rng):
    sizes = np.array([1.0, 4.0, 50.0])
    yield np.sign(_drawn(rng, 5, 3)) * sizes, 0.1, 0.9  # gradients that keep their size
    yield _drawn(rng, 7, 3) * sizes, 0.3, 0.8
    yield _drawn(rng, 6, 2) * [1e-6, 1e3], 0.02, 0.95
    grads = _drawn(rng, 6, 3)
    grads[:3, 0], grads[:, 1], grads[4, 2] = 0.0, 0.0, 0.0
    yield grads, 0.5, 0.7
    yield _drawn(rng, 4, 2), 0.2, 0.0
    yield np.array([[2, -3], [-4, 1], [3, 2]]), 0.25, 0.5
    yield _drawn(rng, 1, 4), 0.05, 0.99


def _steps(grads, lr, units):
    """Steps from the units (T, n) of every step."""
    return -lr * grads / np.where(grads == 0, 1, units)


def _squares(grads, beta, first=1.0):
    """The decaying sums of the squares, (T, n), and of the weights, (T, 1). `first`: the share of the newest."""
    s, weight, out = np.zeros(grads.shape[1]), 0.0, []
    for g in grads:
        s, weight = beta * s + first * g**2, beta * weight + first
        out.append((s, weight))
    sums, weights = zip(*out, strict=True)
    return np.array(sums), np.array(weights)[:, None]


def _unit(grads, beta):
    sums, weights = _squares(grads, beta)
    return np.sqrt(sums / weights)


@adam_from_property.mistake(
    "Every step has the length lr, whatever the gradients: each is divided by its own size. The unit is that of all gradients up to this "
    "step, so a gradient larger than the ones before makes a step longer than lr."
)
def sign_alone(grads, lr, beta):
    return -lr * np.sign(grads)


@adam_from_property.mistake(
    "The first steps are too long: with gradients that keep their size, the first one is longer than lr by 1 over the root of 1 - beta. "
    "An average that starts at 0 has weights that do not sum to 1 yet."
)
def average_from_zero(grads, lr, beta):
    return _steps(grads, lr, np.sqrt(_squares(grads, beta, 1 - beta)[0]))


@adam_from_property.mistake(
    "Gradients that keep their size make shorter and shorter steps: the squares are summed, and the sum is not divided by the sum of the "
    "weights, which grows from step to step. A mean needs both."
)
def sum_for_mean(grads, lr, beta):
    return _steps(grads, lr, np.sqrt(_squares(grads, beta)[0]))


@adam_from_property.mistake(
    "In other units of the gradient your steps have another length: you divide by the mean square itself. Solve the property for the unit: "
    "it is squared there."
)
def root_missing(grads, lr, beta):
    sums, weights = _squares(grads, beta)
    return _steps(grads, lr, sums / weights)


@adam_from_property.mistake(
    "In your units the gradients have a mean SIZE of 1. The property asks for their mean square."
)
def mean_of_sizes(grads, lr, beta):
    s, weight, units = np.zeros(grads.shape[1]), 0.0, []
    for g in grads:
        s, weight = beta * s + abs(g), beta * weight + 1
        units.append(s / weight)
    return _steps(grads, lr, np.array(units))


@adam_from_property.mistake(
    "All gradients up to this step count the same. Each should count beta times as much as the one after it, so that old ones are forgotten."
)
def nothing_forgotten(grads, lr, beta):
    counts = np.arange(1, len(grads) + 1)[:, None]
    return _steps(grads, lr, np.sqrt(np.cumsum(grads**2, axis=0) / counts))


@adam_from_property.mistake(
    "The oldest gradient counts most: the weights stand in the wrong order. The newest has the weight 1, the one before it beta."
)
def oldest_counts_most(grads, lr, beta):
    powers = float(beta) ** np.arange(len(grads))[:, None]
    return _steps(grads, lr, np.sqrt(np.cumsum(powers * grads**2, axis=0) / np.cumsum(powers, axis=0)))


@adam_from_property.mistake(
    "The newest gradient is missing in its unit: it is measured by the gradients before it alone. It is included."
)
def newest_not_included(grads, lr, beta):
    units = _unit(grads, beta)
    return _steps(grads, lr, np.concatenate([np.abs(grads[:1]), np.where(units[:-1] == 0, 1, units[:-1])]))


@adam_from_property.mistake(
    "All parameters share one unit at each step. Each has its own, made of its own gradients."
)
def one_unit_for_all(grads, lr, beta):
    sums, weights = _squares(grads, beta)
    return _steps(grads, lr, np.sqrt(sums.mean(axis=1, keepdims=True) / weights))


@adam_from_property.mistake(
    "One unit serves all steps, made of all T gradients. At step t those after t are not known yet."
)
def looks_into_the_future(grads, lr, beta):
    return _steps(grads, lr, np.repeat(_unit(grads, beta)[-1:], len(grads), axis=0))


@adam_from_property.mistake("You go uphill: the gradient points where the cost grows.")
def goes_uphill(grads, lr, beta):
    return -_steps(grads, lr, _unit(grads, beta))


@adam_from_property.mistake("The learning rate is missing: the steps are 1 / lr times too long.")
def lr_missing(grads, lr, beta):
    return _steps(grads, 1.0, _unit(grads, beta))


@adam_from_property.mistake(
    "Your steps have no direction: all go the same way, whatever the sign of the gradient."
)
def direction_lost(grads, lr, beta):
    return -np.abs(_steps(grads, lr, _unit(grads, beta)))


@adam_from_property.mistake("Where the newest gradient is 0 you get nan: 0 / 0. There is no step then.")
def rests_as_nan(grads, lr, beta):
    with np.errstate(all="ignore"):
        steps = -lr * grads / _unit(grads, beta)
    return np.where((grads == 0) & (_unit(grads, beta) == 0), np.nan, steps)


@adam_from_property.mistake(
    "A small number is added to the unit, so the same gradients in other units make other steps. The property leaves no room for it."
)
def small_number_added(grads, lr, beta):
    return -lr * grads / (_unit(grads, beta) + 1e-8)


@adam_from_property.mistake(
    "The newest gradient is averaged, too, as momentum does. Here the step follows the newest gradient alone; only its unit is an average."
)
def gradient_averaged(grads, lr, beta):
    m, weight, averages = np.zeros(grads.shape[1]), 0.0, []
    for g in grads:
        m, weight = beta * m + g, beta * weight + 1
        averages.append(m / weight)
    units = _unit(grads, beta)
    return -lr * np.array(averages) / np.where(units == 0, 1, units)


@adam_from_property.mistake(
    "This is where the parameters are after each step, counted from their start. Return the steps, one by one."
)
def positions(grads, lr, beta):
    return np.cumsum(_steps(grads, lr, _unit(grads, beta)), axis=0)


@adam_from_property.mistake(
    "The sum of the weights stands outside the root: it belongs to the mean of the squares, so its root must be taken, too."
)
def weights_outside_the_root(grads, lr, beta):
    sums, weights = _squares(grads, beta, 1 - beta)
    return _steps(grads, lr, np.sqrt(sums) / weights)


@adam_from_property.variant
def by_bias_correction(grads, lr, beta):
    s, steps = 0, np.zeros(np.shape(grads))
    for t, g in enumerate(grads, start=1):
        s = beta * s + (1 - beta) * g * g
        moves = g != 0
        steps[t - 1, moves] = -lr * g[moves] / np.sqrt(s[moves] / (1 - beta**t))
    return steps


@adam_from_property.variant
def from_the_weights(grads, lr, beta):
    out = np.zeros((len(grads), grads.shape[1]))
    for t in range(len(grads)):
        weights = np.array([beta ** (t - k) for k in range(t + 1)])
        unit = np.average(grads[: t + 1] ** 2.0, axis=0, weights=weights) ** 0.5
        np.divide(-lr * grads[t], unit, out=out[t], where=grads[t] != 0)
    return out
