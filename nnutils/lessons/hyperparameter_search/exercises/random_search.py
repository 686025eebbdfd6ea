"""Exercise random_search: n random points of a space."""

import math

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.hyperparameter_search.exercises.log_uniform import log_uniform
from nnutils.lessons.hyperparameter_search.exercises.shared import form, points_at, values_of


@exercise(
    kind="write",
    points=2,
    minutes=3,
    hints=(
        "One point is a dict with a value for every name. How many uniform numbers does it take?",
        "Loop over space.items(), draw a u of its own for each, and turn it into a value along the scale.",
        'value = log_uniform(low, high, rng.random()) if scale == "log" else rng.uniform(low, high)',
    ),
)
def random_search(space, n, rng):
    """n random points of a space.

    space: {name: (low, high, scale)}, scale "linear" or "log".
    n: how many points.
    rng: a np.random.Generator. Every value is drawn by itself,
    uniformly along its scale.
    Returns a list of n dicts {name: value}.
    """

    def draw(low, high, scale):
        return log_uniform(low, high, rng.random()) if scale == "log" else rng.uniform(low, high)

    return [{name: draw(*bounds) for name, bounds in space.items()} for _ in range(n)]


@random_search.cases
def _(rng):
    three = {"lr": (1e-4, 1.0, "log"), "keep_prob": (0.05, 1.0, "linear"), "lam": (1e-3, 50.0, "log")}
    yield three, 400, rng.spawn(1)[0]
    yield {"shift": (-3.0, 5.0, "linear"), "units": (4.0, 4000.0, "log")}, 300, rng.spawn(1)[0]
    wide = {"units": (2.0, 1e7, "log"), "shift": (2.0, 9.0, "linear"), "lr": (1e-7, 1.0, "log")}
    yield wide, 80, rng.spawn(1)[0]
    yield {"units": (20.0, 4000.0, "log")}, 1, rng.spawn(1)[0]


def _along(space, values, swapped=False):
    """Values (n, parameters) as coordinates from 0 to 1 along their scales, or along the other scale each."""
    columns = []
    for column, (low, high, scale) in zip(values.T, space.values(), strict=True):
        if (scale == "log") != swapped and low > 0:
            column, low, high = np.log(np.maximum(column, 1e-300)), math.log(low), math.log(high)
        columns.append((column - low) / (high - low))
    return np.stack(columns, axis=1)


def _uneven(u):
    """The largest distance of each column's distribution from the uniform one (Kolmogorov and Smirnov)."""
    n, u = len(u), np.sort(u, axis=0)
    steps = np.arange(n + 1)[:, None] / n
    return np.maximum(np.abs(u - steps[1:]), np.abs(u - steps[:-1])).max(axis=0)


def _outside(space, values):
    """The name of a parameter that leaves its bounds, or None."""
    for column, (name, (low, high, _)) in zip(values.T, space.items(), strict=True):
        slack = 1e-9 * (high - low)
        if not ((column >= low - slack) & (column <= high + slack)).all():
            return name
    return None


def _columns(a, result):
    return _along(a["space"], values_of(a["space"], result))


def _related(u):
    """The largest correlation between two columns."""
    return np.abs(np.corrcoef(u.T) - np.eye(u.shape[1])).max() if u.shape[1] > 1 else 0.0


def _serial(u):
    """The largest correlation of a column with itself one point later."""
    return max(abs(np.corrcoef(column[1:], column[:-1])[0, 1]) for column in u.T)


@random_search.judge
def _(a, result):
    space, n = a["space"], a["n"]
    if wrong_form := form(space, result, n):
        return wrong_form
    values = values_of(space, result)
    if name := _outside(space, values):
        return f"a value of `{name}` lies outside of its bounds {space[name][:2]}"
    if n > 1:
        few = [
            name for name, column in zip(space, values.T, strict=True) if len(np.unique(column)) < 0.99 * n
        ]
        if few:
            return f"`{few[0]}` takes only few different values: draw a new one for every point"
    u = _along(space, values)
    if n > 2 and u.shape[1] > 1 and np.ptp(u, axis=1).max() < 1e-6:
        return "the parameters move together: draw a number of its own for each of them"
    if n < 80:
        return None
    for name, uneven in zip(space, _uneven(u), strict=True):
        if uneven > 3 / np.sqrt(n):
            return f"`{name}` is not spread evenly along its scale, which is {space[name][2]}"
    if _related(u) > 6 / np.sqrt(n):
        return "two parameters depend on each other: draw a number of its own for each of them"
    if _serial(u) > 6 / np.sqrt(n):
        return "a point depends on the point before it: draw each by itself"
    return None


def _even_linearly(a, r):
    """Whether parameters on a log scale are spread evenly on the linear one."""
    logs = [i for i, bounds in enumerate(a["space"].values()) if bounds[2] == "log"]
    values = values_of(a["space"], r)
    swapped = _along(a["space"], values, swapped=True)[:, logs]
    return a["n"] >= 200 and not _outside(a["space"], values) and (_uneven(swapped) < 0.1).all()


def _even_on_logs(a, r):
    """Whether parameters on a linear scale are spread unevenly along it, and more evenly on the log one."""
    linear = [i for i, (low, _, scale) in enumerate(a["space"].values()) if scale == "linear" and low > 0]
    values = values_of(a["space"], r)
    if len(r) < 200 or _outside(a["space"], values) or not linear:
        return False
    own, swapped = (_uneven(_along(a["space"], values, how)[:, linear]) for how in (False, True))
    return bool((swapped < own).all() and (own > 3 / np.sqrt(len(r))).all())


def _logs_of(a, r, log):
    """Whether parameters on a log scale have evenly spread values between the logarithms of low and high."""
    return _even_between(a, r, lambda column: column, log)


def _powers_of_bounds(a, r):
    """Whether the logarithms of parameters on a log scale are spread evenly between low and high themselves."""
    return _even_between(a, r, np.log10, float)


def _even_between(a, r, of, end):
    """Whether `of(values)` of every parameter on a log scale is spread evenly between `end(low)` and `end(high)`."""
    with np.errstate(divide="ignore", invalid="ignore"):  # an answer may hold 0 or less
        ends = [
            (of(column), end(low), end(high))
            for column, (low, high, scale) in zip(
                values_of(a["space"], r).T, a["space"].values(), strict=True
            )
            if scale == "log" and high <= 300
        ]
    u = np.array([(values - low) / (high - low) for values, low, high in ends])
    inside = u.size > 0 and bool(((u >= 0) & (u <= 1)).all())
    return len(r) >= 80 and inside and bool((_uneven(u.T) < 3 / np.sqrt(len(r))).all())


@random_search.mistake(
    "Every parameter is drawn on a linear scale, whatever its scale says: those on a log scale need log_uniform.",
    symptom=_even_linearly,
)
def all_linear(space, n, rng):
    return [
        {name: low + (high - low) * rng.random() for name, (low, high, _) in space.items()} for _ in range(n)
    ]


@random_search.mistake(
    "One random number serves all parameters of a point, so they rise and fall together. Each needs a draw of its own.",
    symptom=lambda a, r: a["n"] > 2 and len(a["space"]) > 1 and np.ptp(_columns(a, r), axis=1).max() < 1e-6,
)
def one_draw_a_point(space, n, rng):
    return points_at(space, np.tile(rng.random(size=(n, 1)), (1, len(space))))


@random_search.mistake(
    "All points are the same one: draw anew inside the loop over the points.",
    symptom=lambda a, r: len(r) == a["n"] > 1 and np.ptp(_columns(a, r), axis=0).max() < 1e-9,
)
def one_point_repeated(space, n, rng):
    return points_at(space, np.tile(rng.random(size=(1, len(space))), (n, 1)))


@random_search.mistake(
    "These are the random numbers from 0 to 1 themselves. Bring each onto its parameter's scale, between low and high.",
    symptom=lambda a, r: (
        len(r) == a["n"] >= 200 and (_uneven(values_of(a["space"], r)) < 3 / np.sqrt(len(r))).all()
    ),
)
def bare_draws(space, n, rng):
    return [{name: rng.random() for name in space} for _ in range(n)]


@random_search.mistake(
    "This is one dict of arrays. Return a list of n dicts, one a point.",
    symptom=lambda a, r: isinstance(r, dict) and set(r) == set(a["space"]),
)
def dict_of_arrays(space, n, rng):
    points = points_at(space, rng.random(size=(n, len(space))))
    return {name: np.array([point[name] for point in points]) for name in space}


@random_search.mistake(
    "Values of each parameter are taken from a few evenly spaced ones, as in a grid. Draw from the whole range.",
    symptom=lambda a, r: (
        len(r) == a["n"] >= 200
        and all(2 < len(np.unique(column.round(9))) <= 20 for column in _columns(a, r).T)
    ),
)
def from_a_grid(space, n, rng):
    return points_at(space, rng.integers(0, 11, size=(n, len(space))) / 10)


@random_search.mistake(
    "The points are sorted: the first are all small and the last all large. Whoever stops early has seen one corner only.",
    symptom=lambda a, r: (
        a["n"] >= 80
        and len(r) == a["n"]
        and not _outside(a["space"], values_of(a["space"], r))
        and (np.diff(_columns(a, r), axis=0) >= 0).all(axis=0).any()
    ),
)
def sorted_points(space, n, rng):
    return points_at(space, np.sort(rng.random(size=(n, len(space))), axis=0))


@random_search.mistake(
    "Every parameter is drawn on a log scale, whatever its scale says. Those on a linear scale need rng.uniform(low, high).",
    symptom=lambda a, r: _even_on_logs(a, r),
)
def all_logarithmic(space, n, rng):
    return [
        {name: low * np.float64(high / low) ** rng.random() for name, (low, high, _) in space.items()}
        for _ in range(n)
    ]


@random_search.mistake(
    "The values on a log scale are logarithms (to the base 10). Raise 10 to them.",
    symptom=lambda a, r: _logs_of(a, r, np.log10),
)
def logarithms_left(space, n, rng):
    return [
        {
            name: rng.uniform(np.log10(low), np.log10(high)) if scale == "log" else rng.uniform(low, high)
            for name, (low, high, scale) in space.items()
        }
        for _ in range(n)
    ]


@random_search.mistake(
    "The values on a log scale are natural logarithms. Take np.exp of them.",
    symptom=lambda a, r: _logs_of(a, r, np.log),
)
def natural_logs_left(space, n, rng):
    return [
        {
            name: rng.uniform(np.log(low), np.log(high)) if scale == "log" else rng.uniform(low, high)
            for name, (low, high, scale) in space.items()
        }
        for _ in range(n)
    ]


@random_search.mistake(
    "On a log scale low and high are taken for exponents: this is 10 to a number between them. They are the values at the ends: "
    "take their logarithms first.",
    symptom=lambda a, r: _powers_of_bounds(a, r),
)
def bounds_taken_for_exponents(space, n, rng):
    return [
        {
            name: np.float64(10) ** rng.uniform(low, high) if scale == "log" else rng.uniform(low, high)
            for name, (low, high, scale) in space.items()
        }
        for _ in range(n)
    ]


@random_search.mistake(
    "On a log scale low and high are taken for natural exponents: this is e to a number between them. They are the values at the ends: "
    "take their logarithms first.",
    symptom=lambda a, r: _even_between(a, r, np.log, float),
)
def bounds_as_exponents_of_e(space, n, rng):
    return [
        {
            name: np.exp(rng.uniform(low, high)) if scale == "log" else rng.uniform(low, high)
            for name, (low, high, scale) in space.items()
        }
        for _ in range(n)
    ]


@random_search.variant
def all_at_once(space, n, rng):
    return points_at(space, rng.random(size=(n, len(space))))


@random_search.variant
def column_by_column(space, n, rng):
    columns = {}
    for name, (low, high, scale) in space.items():
        if scale == "log":
            columns[name] = np.exp(rng.uniform(np.log(low), np.log(high), size=n))
        else:
            columns[name] = rng.uniform(low, high, size=n)
    return [{name: float(columns[name][i]) for name in space} for i in range(n)]
