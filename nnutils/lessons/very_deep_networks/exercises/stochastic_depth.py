"""Exercise stochastic_depth: blocks that are left out at random in training."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.very_deep_networks.exercises.shared import linear, mixed
from nnutils.lessons.very_deep_networks.given import Linear, Overflow, Rectified, Same


@exercise(
    points=3,
    minutes=9,
    fresh=True,
    hints=(
        "Go through the blocks with a counter that starts at 1. What is the probability of the first block, and what of the last one, by the formula?",
        "There are three cases for a block: inference, kept in training, dropped in training. In the third one nothing happens at all, and the branch is not called.",
        "In the loop: p = 1 - l / L * (1 - keep_last). If u is None, x = x + p * branch(x); else, if u[l - 1] < p, x = x + branch(x).",
    ),
)
def stochastic_depth(x, branches, keep_last, u=None):
    """What a residual network with stochastic depth returns.

    x: (m, n). branches: a list of functions, one for each block, the first
    block's first. keep_last: the probability with which the last block is
    kept; the text says how it falls to that from the first block on.
    u: (L,), a number from 0 up to 1 for each of the L blocks, drawn anew at
    each training step. A block is kept where its number is below its
    probability. The branch of a block that is not kept is not called: that
    would cost time. u is None at inference.
    Returns an array (m, n), a new one also where no block was kept.
    """
    h = np.array(x, dtype=float)
    for block, branch in enumerate(branches, start=1):
        keep = 1 - block / len(branches) * (1 - keep_last)
        if u is None:
            h = h + keep * branch(h)
        elif u[block - 1] < keep:
            h = h + branch(h)
    return h


@stochastic_depth.cases
def _(rng):
    x = mixed(rng, 3, 4)

    def branches(count):
        return [Rectified(linear(rng, 4, 0.5)) for _ in range(count)]

    yield x, branches(4), 0.5, None
    yield x, branches(4), 0.5, np.array([0.9, 0.7, 0.66, 0.45])  # kept: first, second, not the third, fourth
    yield x, branches(3), 0.2, np.array([0.72, 0.48, 0.1])  # near the probabilities .733, .467, .2
    yield x, [*branches(1), Overflow(), *branches(1)], 0.4, np.array([0.3, 0.95, 0.2])
    yield x, branches(2), 0.25, np.array([0.99, 0.75])
    yield x, [Same(), *branches(2)], 1.0, np.array([0.99, 0.999, 0.5])
    yield x, [Linear(linear(rng, 4))], 0.3, None
    yield x, [Linear(linear(rng, 4)), *branches(1)], 0.5, np.array([0.75, 0.5])  # not below: dropped


def _walk(
    x,
    branches,
    keeps,
    u,
    training=lambda h, b, keep: h + b(h),
    test=lambda h, b, keep: h + keep * b(h),
    reads=np.less,
):
    h = np.array(x, dtype=float)
    for i, (branch, keep) in enumerate(zip(branches, keeps, strict=True)):
        if u is None:
            h = test(h, branch, keep)
        elif reads(u[i], keep):
            h = training(h, branch, keep)
    return h


def _keeps(branches, keep_last, first=1, of=0):
    L = len(branches)
    return [1 - (i + first) / max(L + of, 1) * (1 - keep_last) for i in range(L)]


@stochastic_depth.mistake(
    "Every block is kept with keep_last. The first ones should be kept more often than the last one."
)
def one_probability(x, branches, keep_last, u=None):
    return _walk(x, branches, [keep_last] * len(branches), u)


@stochastic_depth.mistake(
    "The blocks are counted from 0, so that the first is always kept and the last more often than keep_last: count from 1."
)
def from_zero(x, branches, keep_last, u=None):
    return _walk(x, branches, _keeps(branches, keep_last, first=0), u)


@stochastic_depth.mistake(
    "The probabilities fall from 1 at the first block to keep_last at the last one. By the formula the first block's is below 1 already."
)
def from_one(x, branches, keep_last, u=None):
    last = len(branches) - 1
    keeps = [1 - i / max(last, 1) * (1 - keep_last) if last else keep_last for i in range(last + 1)]
    return _walk(x, branches, keeps, u)


@stochastic_depth.mistake(
    "The probabilities stand in reverse order: it is the last blocks that are dropped most."
)
def reversed_order(x, branches, keep_last, u=None):
    return _walk(x, branches, _keeps(branches, keep_last)[::-1], u)


@stochastic_depth.mistake(
    "At inference all branches count in full. In training each was there only some of the time: multiply it by its probability."
)
def full_at_inference(x, branches, keep_last, u=None):
    return _walk(x, branches, _keeps(branches, keep_last), u, test=lambda h, b, keep: h + b(h))


@stochastic_depth.mistake(
    "In training a kept branch is multiplied by its probability, too. That is for inference only."
)
def scaled_in_training(x, branches, keep_last, u=None):
    return _walk(x, branches, _keeps(branches, keep_last), u, training=lambda h, b, keep: h + keep * b(h))


@stochastic_depth.mistake(
    "A kept branch is divided by its probability, and at inference it counts in full. In the long run that is right, too, but not what the text says."
)
def inverted(x, branches, keep_last, u=None):
    return _walk(
        x, branches, _keeps(branches, keep_last), u,
        training=lambda h, b, keep: h + b(h) / keep, test=lambda h, b, keep: h + b(h),
    )  # fmt: skip


@stochastic_depth.mistake(
    "It is the other blocks that are kept: keep a block where its number is below its probability."
)
def the_others(x, branches, keep_last, u=None):
    return _walk(x, branches, _keeps(branches, keep_last), u, reads=np.greater_equal)


@stochastic_depth.mistake("A number that equals the probability keeps its block. It should be below.")
def or_equal(x, branches, keep_last, u=None):
    return _walk(x, branches, _keeps(branches, keep_last), u, reads=lambda a, b: a <= b + 1e-12)


@stochastic_depth.mistake(
    "A dropped branch is called and multiplied by 0. It costs its time all the same, and where it is not finite, 0 times it is nan."
)
def times_zero(x, branches, keep_last, u=None):
    h = np.array(x, dtype=float)
    for i, (branch, keep) in enumerate(zip(branches, _keeps(branches, keep_last), strict=True)):
        with np.errstate(all="ignore"):
            h = h + (keep if u is None else float(u[i] < keep)) * branch(h)
    return h


@stochastic_depth.mistake(
    "Where a block is dropped, all that come after it are left out. Go on with the next one."
)
def stops(x, branches, keep_last, u=None):
    h = np.array(x, dtype=float)
    for i, (branch, keep) in enumerate(zip(branches, _keeps(branches, keep_last), strict=True)):
        if u is not None and u[i] >= keep:
            break
        h = h + (keep if u is None else 1) * branch(h)
    return h


@stochastic_depth.mistake(
    "A block that is dropped loses its shortcut, too: the signal is gone. Only the branch is left out."
)
def shortcut_dropped(x, branches, keep_last, u=None):
    h = np.array(x, dtype=float)
    for i, (branch, keep) in enumerate(zip(branches, _keeps(branches, keep_last), strict=True)):
        h = h + keep * branch(h) if u is None else h + branch(h) if u[i] < keep else 0 * h
    return h


@stochastic_depth.mistake(
    "All branches get the input of the first block. Each should get what the blocks before it made."
)
def all_from_the_input(x, branches, keep_last, u=None):
    total = np.array(x, dtype=float)
    for i, (branch, keep) in enumerate(zip(branches, _keeps(branches, keep_last), strict=True)):
        if u is None or u[i] < keep:
            total = total + (keep if u is None else 1) * branch(np.asarray(x, dtype=float))
    return total


@stochastic_depth.mistake(
    "Where no block is kept, x itself is returned, and what is done to the result is done to it as well. Return a new array: begin with a copy."
)
def x_itself(x, branches, keep_last, u=None):
    keeps = _keeps(branches, keep_last)
    return x if u is not None and np.all(u >= keeps) else _walk(x, branches, keeps, u)


@stochastic_depth.variant
def by_all_at_once(x, branches, keep_last, u=None):
    p = 1 - np.arange(1, len(branches) + 1) / len(branches) * (1 - keep_last)
    factors = p if u is None else (u < p).astype(float)
    out = x.copy()
    for factor, branch in zip(factors, branches, strict=True):
        if factor:
            out = out + factor * branch(out)
    return out


@stochastic_depth.variant
def with_continue(x, branches, keep_last, u=None):
    out, size = x + 0.0, len(branches)
    for i in range(size):
        p = 1.0 + (i + 1) * (keep_last - 1) / size
        if u is not None and not u[i] < p:
            continue
        weight = 1.0 if u is not None else p
        out = out + weight * branches[i](out)
    return out
