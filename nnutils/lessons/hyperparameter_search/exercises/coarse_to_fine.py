"""Exercise coarse_to_fine: A smaller space, around the best results of a search in a larger one."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.hyperparameter_search.exercises.shared import points_at


@exercise(
    kind="write",
    points=2,
    minutes=3,
    hints=(
        "Sort the results by their loss and keep the first ones. What do their values span?",
        "sorted(results, key=lambda result: result[1])[:keep]. Then the smallest and the largest value of each name.",
        "{name: (min(values), max(values), scale)} for each name, where values are those of the kept points.",
    ),
)
def coarse_to_fine(results, space, keep):
    """A smaller space, around the best results of a search in a larger one.

    results: a list of pairs (point, loss), a point being a
    dict {name: value}.
    space: {name: (low, high, scale)}.
    keep: how many results to keep, 2 or more, those of lowest loss.
    Returns a space of the same form: each parameter from the smallest to
    the largest value among the kept points, its scale as before.
    """
    best = [point for point, loss in sorted(results, key=lambda result: result[1])[:keep]]
    return {
        name: (min(point[name] for point in best), max(point[name] for point in best), scale)
        for name, (low, high, scale) in space.items()
    }


@coarse_to_fine.cases
def _(rng):
    space = {"lr": (1e-4, 1.0, "log"), "keep_prob": (0.5, 1.0, "linear")}
    for n, keep in ((12, 4), (9, 3), (8, 2)):
        yield _sharp(rng, space, n, keep), space, keep
    space = {"lam": (0.01, 100.0, "log")}
    results = _sharp(rng, space, 7, 3)
    diverged = max(loss for _, loss in results)
    yield [(point, np.inf if loss == diverged else loss - 3) for point, loss in results], space, 3


def _sharp(rng, space, n, keep):
    """Results on which every mistake comes to a wrong space, and with several parameters to one of its own."""
    while True:
        points = points_at(space, rng.random(size=(n, len(space))))
        results = list(zip(points, rng.random(size=n).tolist(), strict=True))
        right = str(coarse_to_fine.reference(results, space, keep))
        wrong_ones = [str(mistake.function(results, space, keep)) for mistake in coarse_to_fine.mistakes]
        if right not in wrong_ones and (len(space) == 1 or len({*wrong_ones}) == len(wrong_ones)):
            return results


def _narrowed(results, space, keep=None, start=0):
    kept = [point for point, _ in results][start : None if keep is None else start + keep]
    return {
        name: (min(p[name] for p in kept), max(p[name] for p in kept), scale)
        for name, (_, _, scale) in space.items()
    }


def _by_loss(results):
    return sorted(results, key=lambda result: result[1])


@coarse_to_fine.mistake(
    "You kept the points of highest loss. A low loss is good: sort upwards and keep the first."
)
def keeps_the_worst(results, space, keep):
    return _narrowed(_by_loss(results)[::-1], space, keep)


@coarse_to_fine.mistake("You kept the first points of the list. Sort by the loss before you cut.")
def keeps_the_first(results, space, keep):
    return _narrowed(results, space, keep)


@coarse_to_fine.mistake("This spans all results. Only the best `keep` of them count.")
def keeps_all(results, space, keep):
    return _narrowed(results, space)


@coarse_to_fine.mistake("One point too many is kept: a slice [:keep] holds keep points.")
def keeps_one_more(results, space, keep):
    return _narrowed(_by_loss(results), space, keep + 1)


@coarse_to_fine.mistake("The best point itself is left out: the slice starts at 0.")
def leaves_out_the_best(results, space, keep):
    return _narrowed(_by_loss(results), space, keep, start=1)


@coarse_to_fine.mistake(
    "Every scale has become linear. A learning rate needs its log scale in the smaller space, too: keep it."
)
def loses_the_scales(results, space, keep):
    fine = _narrowed(_by_loss(results), space, keep)
    flipped = {"log": "linear", "linear": "linear"}
    return {name: (low, high, flipped[scale]) for name, (low, high, scale) in fine.items()}


@coarse_to_fine.mistake(
    "Low and high come from the best and the last kept point, in the order of their losses. Take the smallest and the largest value."
)
def best_and_last(results, space, keep):
    kept = [point for point, _ in _by_loss(results)[:keep]]
    return {name: (kept[0][name], kept[-1][name], scale) for name, (_, _, scale) in space.items()}


@coarse_to_fine.mistake("This is the space that you were given. Take low and high from the best results.")
def space_unchanged(results, space, keep):
    return dict(space)


@coarse_to_fine.mistake("Low and high are exchanged: the smallest value comes first.")
def high_before_low(results, space, keep):
    fine = _narrowed(_by_loss(results), space, keep)
    return {name: (high, low, scale) for name, (low, high, scale) in fine.items()}


@coarse_to_fine.mistake("One point too few is kept: a slice [:keep] holds keep points.")
def keeps_one_less(results, space, keep):
    return _narrowed(_by_loss(results), space, keep - 1)


@coarse_to_fine.mistake("The scale is missing: a space holds (low, high, scale) for each name.")
def without_the_scale(results, space, keep):
    fine = _narrowed(_by_loss(results), space, keep)
    return {name: (low, high) for name, (low, high, _) in fine.items()}


@coarse_to_fine.mistake(
    "You sorted the values of each parameter and kept the smallest. Sort the results by their loss, and keep whole points."
)
def smallest_values(results, space, keep):
    kept = {name: sorted(point[name] for point, _ in results)[:keep] for name in space}
    return {name: (kept[name][0], kept[name][-1], scale) for name, (_, _, scale) in space.items()}


@coarse_to_fine.mistake(
    "These are the kept points themselves. Return a space: the smallest and the largest value of each name among them."
)
def the_points_themselves(results, space, keep):
    return [point for point, _ in _by_loss(results)[:keep]]


@coarse_to_fine.variant
def with_argsort(results, space, keep):
    order = np.argsort([loss for _, loss in results])[:keep]
    fine = {}
    for name in space:
        values = np.array([results[i][0][name] for i in order])
        fine[name] = (values.min(), values.max(), space[name][2])
    return fine


@coarse_to_fine.variant
def by_taking_the_best_out(results, space, keep):
    left, kept = list(results), []
    for _ in range(keep):
        best = min(range(len(left)), key=lambda i: left[i][1])
        kept.append(left.pop(best)[0])
    return {
        name: [sorted(p[name] for p in kept)[0], sorted(p[name] for p in kept)[-1], bounds[2]]
        for name, bounds in space.items()
    }
