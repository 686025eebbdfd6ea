"""Exercise by_luck: how often luck alone makes a repair look as good as this one."""

from math import comb, erfc

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=2,
    minutes=5,
    allows=("math",),
    hints=(
        "Begin with 3 seeds, all better. If the repair does nothing, each seed is a fair coin: how many equally likely outcomes are there, and how many of them are this good or better?",
        "Count the outcomes with exactly k better seeds of n: in how many ways can they be chosen? Then count all that are at least as good.",
        "n = better + worse. Sum math.comb(n, k) over k from better to n, and divide by 2**n.",
    ),
)
def by_luck(better, worse):
    """How probable such a result is, if the repair does nothing.

    better, worse: on how many fresh seeds the repaired training was
    better, and worse. Ties are in neither of them.
    Suppose that a repair changes nothing: on each seed it is better or
    worse with the same probability, whatever happens on other seeds.
    Returns the probability of so many better seeds or more, a float.
    Without any seed it is 1.
    """
    from math import comb

    n = better + worse
    return sum(comb(n, k) for k in range(better, n + 1)) / 2**n


@by_luck.cases
def _(rng):
    yield 3, 0
    yield 0, 0
    yield 0, 4
    yield 5, 1
    yield int(rng.integers(6, 9)), int(rng.integers(2, 5))
    yield int(rng.integers(11, 15)), int(rng.integers(4, 8))
    yield 20, 20


@by_luck.mistake(
    "This is the probability of exactly so many. A better result would have convinced you, too: add those."
)
def exactly(better, worse):
    return comb(better + worse, better) / 2 ** (better + worse)


@by_luck.mistake(
    "The worse seeds are forgotten: this is the probability that all of the better ones are better."
)
def better_alone(better, worse):
    return 0.5**better


@by_luck.mistake("The case of exactly so many better seeds is left out. It counts, too.")
def more_than(better, worse):
    n = better + worse
    return sum(comb(n, k) for k in range(better + 1, n + 1)) / 2**n


@by_luck.mistake("This counts results as good as this one or worse. Count those that are as good or better.")
def at_most(better, worse):
    n = better + worse
    return sum(comb(n, k) for k in range(better + 1)) / 2**n


@by_luck.mistake(
    "It is twice as much as it should be: you count results that are so far from the middle to either side. Only better ones are asked for."
)
def two_sided(better, worse):
    n = better + worse
    return 2 * sum(comb(n, k) for k in range(better, n + 1)) / 2**n


@by_luck.mistake(
    "This is a normal distribution in the place of the exact one, which for few seeds is another number. Count the outcomes."
)
def by_the_normal_distribution(better, worse):
    n = better + worse
    return 0.5 * erfc((better - worse) / (2 * n) ** 0.5) if n else 1.0


@by_luck.mistake("This is the share of seeds that were better. It does not say how probable that is by luck.")
def the_share(better, worse):
    return better / (better + worse) if better + worse else 1.0


@by_luck.variant
def step_by_step(better, worse):
    """The probabilities of 0, 1, 2, ... better seeds, coin by coin."""
    chances = [1.0]
    for _ in range(better + worse):
        chances = [(a + b) / 2 for a, b in zip([*chances, 0.0], [0.0, *chances], strict=True)]
    return sum(chances[better:])


@by_luck.variant
def from_below(better, worse):
    n = better + worse
    below = sum(comb(n, k) for k in range(better))
    return (2**n - below) / 2**n
