"""Exercise grid: all points of a grid."""

import itertools

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.hyperparameter_search.exercises.shared import form, points_at, values_of


@exercise(
    kind="write",
    points=2,
    minutes=3,
    hints=(
        "n values of each parameter first, evenly spaced along its scale. Then every combination of them.",
        "np.linspace and np.geomspace make the values. itertools.product(*lists) makes the combinations.",
        "[dict(zip(space, values)) for values in itertools.product(*axes)], with one list of n values a parameter in axes.",
    ),
)
def grid(space, n):
    """All points of a grid.

    space: {name: (low, high, scale)}, scale "linear" or "log".
    n: how many values of each parameter, 2 or more,
    evenly spaced along its scale from low to high, both included.
    Returns a list of n ** len(space) dicts {name: value}, in any order.
    """
    points = [{}]
    for name, (low, high, scale) in space.items():
        values = np.geomspace(low, high, n) if scale == "log" else np.linspace(low, high, n)
        points = [{**point, name: value} for point in points for value in values]
    return points


@grid.cases
def _(rng):
    low = float(rng.uniform(1e-4, 1e-3))
    yield {"lr": (low, 0.7, "log"), "keep_prob": (0.5, 1.0, "linear")}, 3
    yield {"lr": (1e-4, 1.0, "log"), "units": (8.0, 64.0, "linear"), "lam": (0.01, 30.0, "log")}, 4
    yield {"lam": (low, 20.0, "log")}, 5
    yield {"shift": (-2.0, 5.0, "linear"), "scale": (0.1, 9.0, "log")}, 2


def _same_set(space, points, others):
    """Whether two lists hold the same points, in any order."""
    if form(space, points, len(others)) or not points:
        return False
    a, b = (
        sorted(tuple(float(f"{v:.9g}") for v in row) for row in values_of(space, grid_points))
        for grid_points in (points, others)
    )
    return bool(np.allclose(a, b, rtol=1e-6))


@grid.judge
def _(a, result):
    space, n = a["space"], a["n"]
    if wrong_form := form(space, result, n ** len(space)):
        return wrong_form
    if _same_set(space, result, grid(space, n)):
        return None
    values = values_of(space, result)
    for (name, (low, high, scale)), column in zip(space.items(), values.T, strict=True):
        axis = np.geomspace(low, high, n) if scale == "log" else np.linspace(low, high, n)
        different = np.unique(column.round(12))
        if len(different) != n or not np.allclose(different, axis, rtol=1e-6):
            shown = ", ".join(f"{value:.4g}" for value in axis)
            return f"`{name}` should take the values {shown}, evenly spaced on its {scale} scale"
    return "some combination of the values stands twice, and another is missing"


def _grid_of(axes):
    return lambda space, n: [
        dict(zip(space, values, strict=True)) for values in itertools.product(*axes(space, n))
    ]


def _told_as(function):
    """A symptom: the points of this wrong version, in any order, where they are not the right ones as well."""

    def told(a, r):
        space, n = a["space"], a["n"]
        points = function(space, n)
        return _same_set(space, r, points) and not _same_set(space, _right_axes(space, n), points)

    return told


_right_axes = _grid_of(
    lambda space, n: [
        np.geomspace(low, high, n) if scale == "log" else np.linspace(low, high, n)
        for low, high, scale in space.values()
    ]
)


_linear_axes = _grid_of(lambda space, n: [np.linspace(low, high, n) for low, high, _ in space.values()])


_open_axes = _grid_of(
    lambda space, n: [
        low * (high / low) ** (np.arange(n) / n) if scale == "log" else low + (high - low) * np.arange(n) / n
        for low, high, scale in space.values()
    ]
)


_inner_axes = _grid_of(
    lambda space, n: [
        np.geomspace(low, high, n + 2)[1:-1] if scale == "log" else np.linspace(low, high, n + 2)[1:-1]
        for low, high, scale in space.values()
    ]
)


_log_axes = _grid_of(
    lambda space, n: [low * np.float64(high / low) ** np.linspace(0, 1, n) for low, high, _ in space.values()]
)


_power_axes = _grid_of(
    lambda space, n: [
        np.logspace(low, high, n) if scale == "log" else np.linspace(low, high, n)
        for low, high, scale in space.values()
    ]
)


_exponent_axes = _grid_of(
    lambda space, n: [
        np.linspace(np.log10(low), np.log10(high), n) if scale == "log" else np.linspace(low, high, n)
        for low, high, scale in space.values()
    ]
)


@grid.mistake(
    "All values are evenly spaced on a linear scale. Where the scale is log, use np.geomspace.",
    symptom=_told_as(_linear_axes),
)
def grid_linear(space, n):
    return _linear_axes(space, n)


@grid.mistake(
    "The upper end is missing: the last value of each parameter is high itself.", symptom=_told_as(_open_axes)
)
def grid_without_end(space, n):
    return _open_axes(space, n)


@grid.mistake(
    "Both ends are missing: the first value is low and the last is high.", symptom=_told_as(_inner_axes)
)
def grid_inside(space, n):
    return _inner_axes(space, n)


@grid.mistake(
    "These are n points, along the diagonal. A grid combines every value with every other: n ** len(space) points."
)
def diagonal(space, n):
    along = np.linspace(0, 1, n if len(space) > 1 else n + 1)
    return points_at(space, np.tile(along[:, None], (1, len(space))))


@grid.mistake(
    "Here only one parameter moves at a time, the others stay at low. A grid holds every combination."
)
def one_at_a_time(space, n):
    rows = [np.eye(len(space))[i] * at for i in range(len(space)) for at in np.linspace(0, 1, n)]
    return [*points_at(space, rows), {name: low for name, (low, _, _) in space.items()}]


@grid.mistake("These are the values of each parameter, not yet combined. Return a list of points.")
def not_combined(space, n):
    return {
        name: np.geomspace(low, high, n) if scale == "log" else np.linspace(low, high, n)
        for name, (low, high, scale) in space.items()
    }


@grid.mistake(
    "All values are evenly spaced on a log scale. Where the scale is linear, use np.linspace.",
    symptom=_told_as(_log_axes),
)
def grid_log(space, n):
    return _log_axes(space, n)


@grid.mistake(
    "On a log scale low and high are taken for exponents, as np.logspace takes them. They are the values at the ends: np.geomspace.",
    symptom=_told_as(_power_axes),
)
def grid_logspace(space, n):
    return _power_axes(space, n)


@grid.mistake(
    "The values on a log scale are logarithms (to the base 10). Raise 10 to them, or use np.geomspace.",
    symptom=_told_as(_exponent_axes),
)
def grid_logarithms_left(space, n):
    return _exponent_axes(space, n)


@grid.mistake(
    "Each parameter takes n + 1 values. n is how many values there are, both ends included.",
    symptom=lambda a, r: len(r) == (a["n"] + 1) ** len(a["space"]),
)
def grid_one_more(space, n):
    return _right_axes(space, n + 1)


@grid.mistake(
    "Each parameter takes n - 1 values. n is how many values there are, both ends included.",
    symptom=lambda a, r: len(r) == (a["n"] - 1) ** len(a["space"]) > 0,
)
def grid_one_less(space, n):
    return _right_axes(space, n - 1)


@grid.variant
def by_product(space, n):
    axes = [
        np.linspace(low, high, n) if scale == "linear" else np.exp(np.linspace(np.log(low), np.log(high), n))
        for low, high, scale in space.values()
    ]
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*axes)]


@grid.variant
def by_counting(space, n):
    points = []
    for number in reversed(range(n ** len(space))):
        point = {}
        for name, (low, high, scale) in space.items():
            number, digit = divmod(number, n)
            u = digit / (n - 1)
            point[name] = low * (high / low) ** u if scale == "log" else low + (high - low) * u
        points.append(point)
    return points
