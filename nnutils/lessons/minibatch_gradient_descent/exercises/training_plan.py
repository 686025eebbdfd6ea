"""Exercise training_plan: reach a loss within a budget of examples, where each step has a price of its own."""

from nnutils.checks.exercise import exercise
from nnutils.lessons.minibatch_gradient_descent.given import BUDGET, try_plan


@exercise(
    kind="design",
    points=5,
    minutes=11,
    thresholds=(0.65, 0.75, 0.85),
    hints=(
        "Four kinds of situation, so four kinds of plan. What does a high fee ask of the batch size? What does noise in the targets ask of the learning rate towards the end?",
        "Without a fee take a small batch, about 8. With a fee take a larger one, and with noise a larger one again. Without noise one phase at the highest safe rate is best. With noise begin high and end low: halve the rate a few times, more often where there are many steps.",
        "A good rate is 12 / (1 + 8 / B). B = 8 without a fee, with one 32 (no noise) or 112. There are 4000 // (B + fee) steps. With noise share them equally among 7 phases (3 with a fee), each with half of the rate before it.",
    ),
)
def training_plan(fee, noise, goal):
    """A plan of training that reaches the goal within a budget of 4000.

    fee: what a step costs besides its examples, from 0 to 120. A step on B
    new examples costs B + fee. noise: the standard deviation of the noise
    in the targets, 0 or up to 0.8. goal: the excess cost to be reached; it
    is 1 at the start.
    Returns a list of 1 to 50 phases, done one after the other, each a
    tuple (steps, batch_size, lr): two whole numbers from 1, and a number.
    The steps of all phases may cost 4000 at most.
    """
    batch_size = 8 if fee == 0 else 32 if noise == 0 else 112
    phases = 1 if noise == 0 else 7 if fee == 0 else 3
    lr = 12 / (1 + 8 / batch_size)
    share, rest = divmod(4000 // (batch_size + fee), phases)
    return [(share + (k < rest), batch_size, lr / 2**k) for k in range(phases)]


training_plan.trial(try_plan, runs=2)


@training_plan.cases
def _(rng):
    """Two situations of each of the four kinds, in any order."""
    for kind in rng.permutation(8):
        fee = round(float(rng.uniform(90, 120))) if kind % 2 else 0
        noise = round(float(rng.uniform(0.6, 0.8)), 2) if kind // 2 % 2 else 0.0
        digits = 1.2 if fee else 1.6
        goal = noise**2 / 10**digits if noise else 10.0 ** (-3.1 if fee else -9)
        yield fee, noise, goal


@training_plan.baseline("one example at a time")
def singles(fee, noise, goal):
    return [(int(BUDGET / (1 + fee)), 1, 0.5)]


@training_plan.baseline("batches of 32 at a constant rate")
def thirty_two(fee, noise, goal):
    return [(int(BUDGET / (32 + fee)), 32, 8.0)]


@training_plan.baseline("batches of 512 at a constant rate")
def large(fee, noise, goal):
    return [(int(BUDGET / (512 + fee)), 512, 12.0)]


@training_plan.baseline("a falling rate whatever the situation")
def always_falling(fee, noise, goal):
    share = max(int(BUDGET / (64 + fee)) // 4, 1)
    return [(share, 64, 12 * 0.4**k) for k in range(4)]


@training_plan.variant
def larger_batches_later(fee, noise, goal):
    """The batch grows while the rate hardly falls: the noise of a step falls all the same."""
    if noise == 0:
        size = 30 if fee else 4
        return [(int(BUDGET / (size + fee)), size, 11.5 / (1 + 8 / size))]
    sizes, shares, rates = (4, 8, 32, 64), (0.25, 0.25, 0.25, 0.25), (3.0, 2.0, 2.0, 1.0)
    if fee:
        sizes, shares, rates = (96, 128, 160), (0.5, 0.25, 0.25), (11.0, 6.0, 3.0)
    plans = zip(sizes, shares, rates, strict=True)
    return [(int(share * BUDGET / (size + fee)), size, rate) for size, share, rate in plans]


@training_plan.variant
def rate_falls_late(fee, noise, goal):
    """A high rate for the first part, then lower and lower."""
    size = {(0, 0): 8, (0, 1): 8, (1, 0): 36, (1, 1): 128}[fee > 0, noise > 0]
    steps, lr = int(BUDGET // (size + fee)), 11.5 / (1 + 8 / size)
    early, falls = (steps, 0) if noise == 0 else (steps // 2, 3) if fee else (steps // 4, 6)
    later = [[(steps - early) // falls, size, lr / 2**k] for k in range(1, falls + 1)]
    return [[early, size, lr], *later]
