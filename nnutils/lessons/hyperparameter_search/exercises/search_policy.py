"""Exercise search_policy: how to spend 40 runs, by what is known of the noise and of the first epochs."""

from nnutils.checks.exercise import exercise
from nnutils.lessons.hyperparameter_search.given import try_policy


@exercise(
    kind="design",
    points=5,
    minutes=9,
    thresholds=(0.86, 0.89, 0.915),
    hints=(
        "Two questions decide: may you trust a run's loss after one epoch, and may you trust a single run? Four combinations, and each wants another policy.",
        "Where the first epoch tells, hundreds of points can be seen for one epoch each. Where it does not, all runs are full ones. In both cases draw in some stages, "
        "each around the best of those before, rather than all at once.",
        "If early is high: stages of 100, 80, 60 and 40 new points for one epoch each, keep about 10, and the best ones for ten epochs. If it is low: "
        "stages of 16, 8, 8 and 8 full runs, keep about 6. If the noise is high, keep some budget back: two to four seeds for later stages, and more for the last few.",
    ),
)
def search_policy(noise, early):
    """A policy for a search in four hyperparameters, for 400 epochs in all.

    noise: the standard deviation, over the seeds, of the logarithm of
    the dev loss of one setting.
    early: how much the order of runs after 1 epoch says about their
    order after all 10, from 0, nothing, to 1, all of it.
    Returns a list of 1 to 12 stages, each a dict. "draw": "random" or
    "grid". "new": how many points the stage draws; of a grid 1, 16, 81 or
    256. The first stage draws in the whole space, each later one in the
    smallest box that holds the points that are still in the search.
    "epochs", 1 to 10, and "seeds", 1 to 40: then all points of the stage,
    old and new, are trained up to so many epochs, on so many seeds. Both
    are at least those of the stage before. "keep": how many of these
    points, those of lowest mean loss, go on. The best of the last stage
    wins.
    A run is resumed: an epoch of a point on a seed is paid once.
    """
    stages = []
    if early > 0.6 and noise < 0.2:
        plan = [(100, 1, 1, 10), (80, 1, 1, 10), (60, 1, 1, 10), (40, 1, 1, 10), (0, 10, 1, 1)]
    elif early > 0.6:
        plan = [(80, 1, 1, 16), (60, 1, 1, 12), (40, 1, 2, 8), (20, 1, 4, 6), (0, 1, 12, 1)]
    elif noise < 0.2:
        plan = [(16, 10, 1, 6), (8, 10, 1, 6), (8, 10, 1, 5), (8, 10, 1, 1)]
    else:
        plan = [(12, 10, 1, 5), (10, 10, 1, 5), (10, 10, 1, 4), (0, 10, 3, 1)]
    for new, epochs, seeds, keep in plan:
        stages.append({"draw": "random", "new": new, "epochs": epochs, "seeds": seeds, "keep": keep})
    return stages


search_policy.trial(try_policy, runs=3)


@search_policy.cases
def _(rng):
    """Two situations of each of the four kinds, in any order."""
    for kind in rng.permutation(8):
        noise = rng.uniform(0.35, 0.45) if kind % 2 else rng.uniform(0.02, 0.08)
        early = rng.uniform(0.92, 0.98) if kind // 2 % 2 else rng.uniform(0.1, 0.4)
        yield round(float(noise), 2), round(float(early), 2)


def _stages(*plan, draw="random"):
    return [{"draw": draw, "new": n, "epochs": e, "seeds": s, "keep": k} for n, e, s, k in plan]


@search_policy.baseline("a grid")
def grid_of_two(noise, early):
    return _stages((16, 10, 2, 1), draw="grid")


@search_policy.baseline("40 random points, a run each")
def all_random(noise, early):
    return _stages((40, 10, 1, 1))


@search_policy.baseline("400 random points, an epoch each")
def all_short(noise, early):
    return _stages((400, 1, 1, 1))


@search_policy.baseline("plain successive halving")
def plain_halving(noise, early):
    return _stages((133, 1, 1, 44), (0, 4, 1, 14), (0, 10, 1, 1))


@search_policy.variant
def fewer_stages(noise, early):
    if early > 0.5:
        if noise > 0.2:
            return _stages((80, 1, 1, 16), (60, 1, 1, 14), (60, 1, 1, 14), (30, 1, 3, 8), (0, 1, 12, 1))
        return _stages((80, 1, 1, 12), (60, 1, 1, 12), (60, 1, 1, 10), (0, 10, 1, 5), (0, 10, 2, 1))
    if noise > 0.2:
        return _stages((14, 10, 1, 6), (10, 10, 1, 6), (8, 10, 1, 4), (0, 10, 3, 1))
    return _stages((18, 10, 1, 6), (8, 10, 1, 6), (7, 10, 1, 6), (7, 10, 1, 1))


@search_policy.variant
def many_stages(noise, early):
    if early > 0.5 and noise > 0.2:
        return _stages(
            (70, 1, 1, 16), (50, 1, 1, 14), (40, 1, 1, 12), (30, 1, 2, 8), (20, 1, 4, 6), (0, 1, 12, 1)
        )
    if early > 0.5:
        return _stages(*[(60, 1, 1, 10)] * 5, (0, 9, 1, 1))
    if noise > 0.2:
        return _stages((13, 10, 1, 5), (9, 10, 1, 5), (8, 10, 1, 4), (0, 10, 3, 2), (0, 10, 4, 1))
    return _stages((16, 10, 1, 6), (6, 10, 1, 6), (6, 10, 1, 6), (6, 10, 1, 5), (6, 10, 1, 1))
