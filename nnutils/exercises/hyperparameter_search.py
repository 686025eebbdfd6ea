"""Exercises of lesson 15: scales, random and grid search, coarse to fine, expected improvement.

A random search is judged by its ranges, its scales and its independence, never by the order of its draws.
"""

import itertools
import math

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong

NUMBER = 15
MINUTES = 90


# -------------------------------------------------------------------------------------------------- scales


@exercise(
    points=2,
    minutes=6,
    hints=(
        "On a log scale the exponent is what is uniform. From which exponent to which does it run?",
        "At u = 0 the value is low, and at u = 1 it would be high. Each step of u multiplies by the same factor.",
        "low * (high / low) ** u",
    ),
)
def log_uniform(low, high, u):
    """A value between low and high on a logarithmic scale.

    low, high: positive numbers. u: a number in [0, 1), or an array of them.
    The logarithm of the value is (1 - u) log(low) + u log(high), so u = 0 gives low, and
    every decade gets its share of the u. Returns a number, or an array of the shape of u.
    """
    return low * (high / low) ** u


@log_uniform.cases
def _(rng):
    yield 3e-4, 0.7, float(rng.uniform(0.2, 0.8))
    yield 2e-5, 40.0, rng.uniform(0.1, 0.9, size=5)
    yield 1, 1000, rng.uniform(0.1, 0.9, size=(2, 3))
    yield 0.02, 0.05, rng.uniform(0.1, 0.9, size=4)
    yield 0.003, 5.0, np.array([0.0, 0.5])
    yield 0.01, 100.0, 0.0


@log_uniform.mistake(
    "This is uniform on a linear scale: nine tenths of the values fall into the last decade. The exponent is what is uniform."
)
def linear(low, high, u):
    return low + (high - low) * u


@log_uniform.mistake("These are logarithms (to the base 10). Raise 10 to them.")
def log10_left(low, high, u):
    return (1 - u) * np.log10(low) + u * np.log10(high)


@log_uniform.mistake("These are natural logarithms. Take np.exp of them.")
def log_left(low, high, u):
    return (1 - u) * np.log(low) + u * np.log(high)


@log_uniform.mistake("Logarithm and power do not match: np.log belongs to np.exp, and np.log10 to 10 **.")
def mixed_bases(low, high, u):
    return 10 ** ((1 - u) * np.log(low) + u * np.log(high))


@log_uniform.mistake("It runs the wrong way: u = 0 must give low, and here it gives high.")
def the_other_way(low, high, u):
    return high * (low / high) ** u


@log_uniform.mistake(
    "You took low and high for exponents. They are the values at the ends: take their logarithms first."
)
def bounds_as_exponents(low, high, u):
    return np.float64(10) ** (low + (high - low) * np.asarray(u))


@log_uniform.mistake("The factor low is missing: this runs from 1 to high / low.")
def from_one(low, high, u):
    return (high / low) ** u


@log_uniform.mistake(
    "You took low and high for natural exponents: this is exp(low + (high - low) u). They are the values at the ends, not logarithms."
)
def bounds_as_natural_exponents(low, high, u):
    return np.exp(low + (high - low) * np.asarray(u))


@log_uniform.mistake("Logarithm and power do not match: np.log10 belongs to 10 **, and np.log to np.exp.")
def mixed_the_other_way(low, high, u):
    return np.exp((1 - u) * np.log10(low) + u * np.log10(high))


@log_uniform.mistake(
    "The range is one decade, low to 10 low, whatever high is. The factor from low to high is high / low."
)
def one_decade(low, high, u):
    return low * 10.0**u


@log_uniform.mistake(
    "1 / value is uniform here, so that most values lie near low. It is the logarithm of the value that is uniform."
)
def reciprocal_uniform(low, high, u):
    return 1 / ((1 - u) / low + u / high)


@log_uniform.mistake("You added low. The values grow by factors from low on: multiply by it.")
def low_added(low, high, u):
    return low + (high / low) ** u


@log_uniform.mistake("The base is high - low. From low to high it is the factor high / low.")
def difference_as_base(low, high, u):
    return low * np.float64(high - low) ** u


@log_uniform.mistake(
    "This is a straight line with u squared in it: more values near low, and still none of the far decades. The exponent is what is uniform."
)
def square_of_u(low, high, u):
    return low + (high - low) * u**2


@log_uniform.variant
def by_exponents(low, high, u):
    a, b = np.log10(low), np.log10(high)
    return 10 ** (a + (b - a) * u)


@log_uniform.variant
def by_exp(low, high, u):
    return np.exp((1 - u) * np.log(low) + u * np.log(high))


@log_uniform.variant
def as_geometric_mean(low, high, u):
    return np.power(float(low), 1 - u) * np.power(float(high), u)


@exercise(
    points=2,
    minutes=6,
    hints=(
        "Which number says how far the average looks back? It is that one whose scale is logarithmic.",
        "1 - beta runs from 1 - low to 1 - high, log-uniformly. Mind which of the two is the larger.",
        "1 - log_uniform(1 - low, 1 - high, u)",
    ),
)
def sample_beta(low, high, u):
    """A value for the beta of an average, such that 1 - beta is log-uniform.

    low, high: as 0.9 and 0.999, both below 1. u: a number in [0, 1), or an array of them.
    u = 0 gives low. (The mirror image, where u = 0 gives high, is accepted, too.)
    Returns a number, or an array of the shape of u.
    """
    return 1 - log_uniform(1 - low, 1 - high, u)


@sample_beta.cases
def _(rng):
    yield 0.9, 0.999, float(rng.uniform(0.2, 0.4))
    yield 0.5, 0.9995, rng.uniform(0.1, 0.4, size=5)
    yield 0.8, 0.99, rng.uniform(0.6, 0.9, size=(2, 3))
    yield 0.6, 0.97, np.array([0.0, 0.3])


@sample_beta.judge
def _(a, result):
    got, u = np.asarray(result, float), np.asarray(a["u"])
    if got.shape != u.shape:
        return f"the result should have the shape of u, {u.shape}, yours has {got.shape}"
    expected = [1 - (1 - a["low"]) ** (1 - v) * (1 - a["high"]) ** v for v in (u, 1 - u)]
    if any(np.allclose(1 - got, 1 - one, rtol=1e-6, atol=0) for one in expected):
        return None
    place = np.argmax(np.abs(got - expected[0]))
    return (
        f"at u = {u.flat[place]:.4g}, beta from {a['low']} to {a['high']} should be {expected[0].flat[place]:.6g} "
        f"(or {expected[1].flat[place]:.6g}), yours is {got.flat[place]:.6g}"
    )


@sample_beta.mistake(
    "beta itself is uniform here. Then only few values come near high, where it matters most: 1 - beta is log-uniform."
)
def beta_linear(low, high, u):
    return low + (high - low) * u


@sample_beta.mistake(
    "beta itself is log-uniform here, which is nearly linear between 0.9 and 0.999. It is 1 - beta that is."
)
def beta_log_uniform(low, high, u):
    return low * (high / low) ** u


@sample_beta.mistake("This is 1 - beta. Return beta.")
def one_minus_beta(low, high, u):
    return (1 - low) * ((1 - high) / (1 - low)) ** u


@sample_beta.mistake("The window 1 / (1 - beta) is uniform here, on a linear scale. Its logarithm should be.")
def window_linear(low, high, u):
    return 1 - 1 / (1 / (1 - low) + u * (1 / (1 - high) - 1 / (1 - low)))


@sample_beta.mistake("This is the window, 1 / (1 - beta). Return beta itself.")
def window_itself(low, high, u):
    return ((1 - low) / (1 - high)) ** u / (1 - low)


@sample_beta.mistake(
    "You return 1 minus a log-uniform value from low to high. What is log-uniform is 1 - beta, which runs from 1 - low to 1 - high."
)
def one_minus_log_uniform(low, high, u):
    return 1 - low * (high / low) ** u


@sample_beta.mistake(
    "beta runs from 0.9 to 0.999, whatever low and high are. Often because exponents from -1 to -3 are written into the function. "
    "Take them from low and high."
)
def for_one_range_alone(low, high, u):
    return 1 - 10.0 ** (-1 - 2 * u)


@sample_beta.mistake(
    "These are exponents, logarithms (to the base 10) of 1 - beta. Raise 10 to them, and take 1 minus that."
)
def exponents_left(low, high, u):
    return (1 - u) * np.log10(1 - low) + u * np.log10(1 - high)


@sample_beta.mistake("These are natural logarithms of 1 - beta. Take np.exp of them, and 1 minus that.")
def natural_logarithms_left(low, high, u):
    return (1 - u) * np.log(1 - low) + u * np.log(1 - high)


@sample_beta.variant
def by_the_powers(low, high, u):
    a, b = np.log10(1 - low), np.log10(1 - high)
    return 1 - 10 ** (a + u * (b - a))


@sample_beta.variant
def mirrored(low, high, u):
    return 1 - log_uniform(1 - high, 1 - low, u)


@sample_beta.variant
def by_the_window(low, high, u):
    return 1 - 1 / np.exp(np.log(1 / (1 - low)) * (1 - u) + np.log(1 / (1 - high)) * u)


# -------------------------------------------------------------------------------------------------- search


@exercise(
    points=3,
    minutes=10,
    hints=(
        "One point is a dict with a value for every name. How many uniform numbers does it take?",
        "Loop over space.items(), draw a u of its own for each, and turn it into a value along the scale.",
        'value = log_uniform(low, high, rng.random()) if scale == "log" else rng.uniform(low, high)',
    ),
)
def random_search(space, n, rng):
    """n random points of a space.

    space: {name: (low, high, scale)}, scale "linear" or "log". n: how many points.
    rng: a np.random.Generator. Every value is drawn by itself, uniformly along its scale.
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


def _values(space, points):
    return np.array([[float(point[name]) for name in space] for point in points])


def _uneven(u):
    """The largest distance of each column's distribution from the uniform one (Kolmogorov and Smirnov)."""
    n, u = len(u), np.sort(u, axis=0)
    steps = np.arange(n + 1)[:, None] / n
    return np.maximum(np.abs(u - steps[1:]), np.abs(u - steps[:-1])).max(axis=0)


def _form(space, points, n=None):
    """What is wrong with a list of points but for the values, or None."""
    if not isinstance(points, list | tuple) or not all(isinstance(point, dict) for point in points):
        return "the result should be a list of dicts, one a point"
    if n is not None and len(points) != n:
        return f"there should be {n} points, yours are {len(points)}"
    if any(set(point) != set(space) for point in points):
        return f"every point should have a value for each of {', '.join(space)}"
    return None


def _outside(space, values):
    """The name of a parameter that leaves its bounds, or None."""
    for column, (name, (low, high, _)) in zip(values.T, space.items(), strict=True):
        slack = 1e-9 * (high - low)
        if not ((column >= low - slack) & (column <= high + slack)).all():
            return name
    return None


def _columns(a, result):
    return _along(a["space"], _values(a["space"], result))


def _related(u):
    """The largest correlation between two columns."""
    return np.abs(np.corrcoef(u.T) - np.eye(u.shape[1])).max() if u.shape[1] > 1 else 0.0


def _serial(u):
    """The largest correlation of a column with itself one point later."""
    return max(abs(np.corrcoef(one[1:], one[:-1])[0, 1]) for one in u.T)


@random_search.judge
def _(a, result):
    space, n = a["space"], a["n"]
    if wrong_form := _form(space, result, n):
        return wrong_form
    values = _values(space, result)
    if name := _outside(space, values):
        return f"a value of {name} lies outside of its bounds {space[name][:2]}"
    if n > 1:
        few = [
            name for name, column in zip(space, values.T, strict=True) if len(np.unique(column)) < 0.99 * n
        ]
        if few:
            return f"{few[0]} takes only few different values: draw a new one for every point"
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


def _points(space, u):
    """Points at the coordinates u: (n, parameters)."""
    return [
        {
            name: low * (high / low) ** at if scale == "log" else low + (high - low) * at
            for at, (name, (low, high, scale)) in zip(row, space.items(), strict=True)
        }
        for row in u
    ]


def _even_linearly(a, r):
    """Whether parameters on a log scale are spread evenly on the linear one."""
    logs = [i for i, bounds in enumerate(a["space"].values()) if bounds[2] == "log"]
    values = _values(a["space"], r)
    swapped = _along(a["space"], values, swapped=True)[:, logs]
    return a["n"] >= 200 and not _outside(a["space"], values) and (_uneven(swapped) < 0.1).all()


def _even_on_logs(a, r):
    """Whether parameters on a linear scale are spread unevenly along it, and more evenly on the log one."""
    linear = [i for i, (low, _, scale) in enumerate(a["space"].values()) if scale == "linear" and low > 0]
    values = _values(a["space"], r)
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
    ends = [
        (of(column), end(low), end(high))
        for column, (low, high, scale) in zip(_values(a["space"], r).T, a["space"].values(), strict=True)
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
    return _points(space, np.tile(rng.random(size=(n, 1)), (1, len(space))))


@random_search.mistake(
    "All points are the same one: draw anew inside the loop over the points.",
    symptom=lambda a, r: len(r) == a["n"] > 1 and np.ptp(_columns(a, r), axis=0).max() < 1e-9,
)
def one_point_repeated(space, n, rng):
    return _points(space, np.tile(rng.random(size=(1, len(space))), (n, 1)))


@random_search.mistake(
    "These are the random numbers from 0 to 1 themselves. Bring each onto its parameter's scale, between low and high.",
    symptom=lambda a, r: (
        len(r) == a["n"] >= 200 and (_uneven(_values(a["space"], r)) < 3 / np.sqrt(len(r))).all()
    ),
)
def bare_draws(space, n, rng):
    return [{name: rng.random() for name in space} for _ in range(n)]


@random_search.mistake(
    "This is one dict of arrays. Return a list of n dicts, one a point.",
    symptom=lambda a, r: isinstance(r, dict) and set(r) == set(a["space"]),
)
def dict_of_arrays(space, n, rng):
    points = _points(space, rng.random(size=(n, len(space))))
    return {name: np.array([point[name] for point in points]) for name in space}


@random_search.mistake(
    "Values of each parameter are taken from a few evenly spaced ones, as in a grid. Draw from the whole range.",
    symptom=lambda a, r: (
        len(r) == a["n"] >= 200 and all(2 < len(np.unique(one.round(9))) <= 20 for one in _columns(a, r).T)
    ),
)
def from_a_grid(space, n, rng):
    return _points(space, rng.integers(0, 11, size=(n, len(space))) / 10)


@random_search.mistake(
    "The points are sorted: the first are all small and the last all large. Whoever stops early has seen one corner only.",
    symptom=lambda a, r: (
        a["n"] >= 80
        and len(r) == a["n"]
        and not _outside(a["space"], _values(a["space"], r))
        and (np.diff(_columns(a, r), axis=0) >= 0).all(axis=0).any()
    ),
)
def sorted_points(space, n, rng):
    return _points(space, np.sort(rng.random(size=(n, len(space))), axis=0))


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
    return _points(space, rng.random(size=(n, len(space))))


@random_search.variant
def column_by_column(space, n, rng):
    columns = {}
    for name, (low, high, scale) in space.items():
        if scale == "log":
            columns[name] = np.exp(rng.uniform(np.log(low), np.log(high), size=n))
        else:
            columns[name] = rng.uniform(low, high, size=n)
    return [{name: float(columns[name][i]) for name in space} for i in range(n)]


@exercise(
    points=2,
    minutes=8,
    hints=(
        "n values of each parameter first, evenly spaced along its scale. Then every combination of them.",
        "np.linspace and np.geomspace make the values. itertools.product(*lists) makes the combinations.",
        "[dict(zip(space, values)) for values in itertools.product(*axes)], with one list of n values a parameter in axes.",
    ),
)
def grid(space, n):
    """All points of a grid.

    space: {name: (low, high, scale)}, scale "linear" or "log". n: how many values of each
    parameter, 2 or more, evenly spaced along its scale from low to high, both included.
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
    if _form(space, points, len(others)) or not points:
        return False
    a, b = (
        sorted(tuple(float(f"{v:.9g}") for v in row) for row in _values(space, one))
        for one in (points, others)
    )
    return bool(np.allclose(a, b, rtol=1e-6))


@grid.judge
def _(a, result):
    space, n = a["space"], a["n"]
    if wrong_form := _form(space, result, n ** len(space)):
        return wrong_form
    if _same_set(space, result, grid(space, n)):
        return None
    values = _values(space, result)
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
    return _points(space, np.tile(along[:, None], (1, len(space))))


@grid.mistake(
    "Here only one parameter moves at a time, the others stay at low. A grid holds every combination."
)
def one_at_a_time(space, n):
    rows = [np.eye(len(space))[i] * at for i in range(len(space)) for at in np.linspace(0, 1, n)]
    return [*_points(space, rows), {name: low for name, (low, _, _) in space.items()}]


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


@exercise(
    points=2,
    minutes=8,
    hints=(
        "Sort the results by their loss and keep the first ones. What do their values span?",
        "sorted(results, key=lambda result: result[1])[:keep]. Then the smallest and the largest value of each name.",
        "{name: (min(values), max(values), scale)} for each name, where values are those of the kept points.",
    ),
)
def coarse_to_fine(results, space, keep):
    """A smaller space, around the best results of a search in a larger one.

    results: a list of pairs (point, loss), a point being a dict {name: value}.
    space: {name: (low, high, scale)}.
    keep: how many results to keep, 2 or more, those of lowest loss.
    Returns a space of the same form: each parameter from the smallest to the largest value
    among the kept points, its scale as before.
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
    one = {"lam": (0.01, 100.0, "log")}
    results = _sharp(rng, one, 7, 3)
    diverged = max(loss for _, loss in results)
    yield [(point, np.inf if loss == diverged else loss - 3) for point, loss in results], one, 3


def _sharp(rng, space, n, keep):
    """Results on which every mistake comes to a wrong space, and with several parameters to one of its own."""
    while True:
        points = _points(space, rng.random(size=(n, len(space))))
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


@exercise(
    points=3,
    minutes=12,
    tolerance=1e-6,
    allows=("scipy",),
    hints=(
        "z = (best - mean) / std says by how many standard deviations the model expects to be better. Deal with std = 0 apart.",
        "Phi(z) = (1 + erf(z / sqrt(2))) / 2, and math.erf takes one number at a time: np.vectorize(math.erf). phi(z) = exp(-z**2 / 2) / sqrt(2 pi).",
        "np.where(std > 0, gain * Phi + std * phi, np.maximum(gain, 0)), where gain = best - mean and z = gain / np.where(std > 0, std, 1).",
    ),
)
def expected_improvement(mean, std, best):
    """How much lower than the best loss so far a point is expected to be.

    mean, std: numbers or (n,), what a model predicts for the loss: normal, with this mean
    and standard deviation. best: the lowest loss so far (low is good).
    With z = (best - mean) / std: (best - mean) Phi(z) + std phi(z), where Phi is the normal
    distribution function and phi its density; where std is 0, max(best - mean, 0).
    With math.erf, Phi(z) = (1 + erf(z / sqrt(2))) / 2. Returns a number or (n,). Source:
    Jones, Schonlau and Welch (1998).
    """
    from math import erf

    gain = best - np.asarray(mean, float)
    z = gain / np.where(np.asarray(std) > 0, std, 1)
    Phi = (1 + np.vectorize(erf)(z / np.sqrt(2))) / 2
    phi = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(np.asarray(std) > 0, gain * Phi + std * phi, np.maximum(gain, 0))


@expected_improvement.cases
def _(rng):
    yield rng.normal(size=5), rng.uniform(0.3, 0.8, size=5), float(rng.normal())
    yield float(rng.normal()), float(rng.uniform(1.3, 3)), float(rng.normal())
    yield np.array([1.0, 2.0, 3.0, 0.5]), np.array([0.0, 0.0, 2.0, 0.7]), 1.7
    yield np.array([-2, 3, 0, 2]), np.array([1, 2, 0, 3]), 1
    yield np.array([1.7, 1.7, 1.5]), np.array([0.0, 0.6, 0.0]), 1.7  # the best point itself
    yield 1.2, 0.0, 1.7


def _normal(mean, std, best):
    gain = best - np.asarray(mean, float)
    std = np.asarray(std, float)
    z = gain / np.where(std > 0, std, 1)
    Phi = (1 + np.vectorize(math.erf, otypes=[float])(z / np.sqrt(2))) / 2
    return gain, std, z, Phi, np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


@expected_improvement.mistake(
    "This is the improvement for maximising: mean - best. A loss is better when it is lower: best - mean."
)
def for_maximising(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, -gain * (1 - Phi) + std * phi, np.maximum(-gain, 0))


@expected_improvement.mistake(
    "This is the probability of an improvement, Phi(z). It does not ask how large the improvement would be."
)
def probability_only(mean, std, best):
    return _normal(mean, std, best)[3]


@expected_improvement.mistake("The density is not multiplied by std: the second term is std * phi(z).")
def density_bare(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Only the first term is there. The second, std * phi(z), is what rewards looking where little is known."
)
def without_exploration(mean, std, best):
    gain, std, _, Phi, _ = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Where std is 0 this is NaN, since z is 0 / 0 or infinite. There it is max(best - mean, 0)."
)
def nan_without_spread(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + std * phi, np.nan)


@expected_improvement.mistake(
    "Where std is 0 you return 0. If the model is sure that the point is better, the improvement is best - mean: max(best - mean, 0)."
)
def nothing_without_spread(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + std * phi, 0.0)


@expected_improvement.mistake("Phi and phi are exchanged: the gain goes with the distribution function Phi.")
def exchanged_phis(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * phi + std * Phi, np.maximum(gain, 0))


@expected_improvement.mistake("You took std for a variance. It is the standard deviation: no root.")
def std_as_variance(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, np.sqrt(std), best)
    return np.where(std > 0, gain * Phi + std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "erf of z, where erf of z / sqrt(2) belongs: Phi(z) = (1 + erf(z / sqrt(2))) / 2."
)
def erf_of_z(mean, std, best):
    gain, std, z, _, phi = _normal(mean, std, best)
    Phi = (1 + np.vectorize(math.erf, otypes=[float])(z)) / 2
    return np.where(std > 0, gain * Phi + std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "This is the improvement at the mean alone, max(best - mean, 0), as if std were 0 everywhere."
)
def at_the_mean(mean, std, best):
    return np.maximum(best - np.asarray(mean, float), 0) + 0 * np.asarray(std)


@expected_improvement.mistake("You took std for its root: the spread is std, and you use std**2. No square.")
def std_squared(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, np.square(std), best)
    return np.where(std > 0, gain * Phi + std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Where std is 0 you return best - mean, also where it is negative. Nothing is lost by a worse point: max(best - mean, 0)."
)
def negative_without_spread(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + std * phi, gain)


@expected_improvement.mistake(
    "Where std is 0 and the mean is the best itself, this is NaN: z is 0 / 0 there. The improvement is max(best - mean, 0), so 0."
)
def nan_at_the_incumbent(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + std * phi, np.where(gain == 0, np.nan, np.maximum(gain, 0)))


@expected_improvement.mistake("The density lacks its factor: phi(z) = exp(-z**2 / 2) / sqrt(2 pi).")
def density_not_normalised(mean, std, best):
    gain, std, z, Phi, _ = _normal(mean, std, best)
    return np.where(std > 0, gain * Phi + std * np.exp(-(z**2) / 2), np.maximum(gain, 0))


@expected_improvement.mistake("The sign of z is turned, and that of the gain is not: both hold best - mean.")
def z_turned(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * (1 - Phi) + std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Only the second term is there. The first, (best - mean) Phi(z), is what the mean promises."
)
def only_exploration(mean, std, best):
    gain, std, _, _, phi = _normal(mean, std, best)
    return np.where(std > 0, std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Some least improvement is subtracted, 0.01, as xi in much public code. None is asked for here: z = (best - mean) / std."
)
def with_xi(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best - 0.01)
    return np.where(std > 0, gain * Phi + std * phi, np.maximum(best - np.asarray(mean, float), 0))


@expected_improvement.mistake(
    "Phi is half of erf here. It is half of 1 + erf: Phi(z) = (1 + erf(z / sqrt(2))) / 2."
)
def erf_without_one(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, gain * (Phi - 0.5) + std * phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "This is in units of std, z Phi(z) + phi(z). Multiply by std: the improvement has the unit of the loss."
)
def in_units_of_std(mean, std, best):
    gain, std, z, Phi, phi = _normal(mean, std, best)
    return np.where(std > 0, z * Phi + phi, np.maximum(gain, 0))


@expected_improvement.mistake(
    "Some least improvement is subtracted, 0.01, as xi in much public code, and where std is 0 you return 0. Here z = (best - mean) / std, and "
    "max(best - mean, 0) where std is 0."
)
def with_xi_and_nothing_without_spread(mean, std, best):
    gain, std, _, Phi, phi = _normal(mean, std, best - 0.01)
    return np.where(std > 0, gain * Phi + std * phi, 0.0)


@expected_improvement.variant
def one_by_one(mean, std, best):
    means, stds = np.broadcast_arrays(mean, std)
    out = np.empty(means.shape)
    for i in np.ndindex(means.shape):
        gain, s = best - means[i], stds[i]
        if s == 0:
            out[i] = max(gain, 0.0)
        else:
            z = gain / s
            Phi = 0.5 * math.erfc(-z / math.sqrt(2))
            out[i] = s * (z * Phi + math.exp(-z * z / 2) / math.sqrt(2 * math.pi))
    return out


@expected_improvement.variant
def with_a_tiny_spread(mean, std, best):
    std = np.maximum(std, 1e-300)
    gain = best - np.asarray(mean, float)
    with np.errstate(over="ignore"):
        z = np.clip(gain / std, -40, 40)
    Phi = (1 + np.vectorize(math.erf)(z / 2**0.5)) / 2
    return gain * Phi + std * np.exp(-z * z / 2) / (2 * np.pi) ** 0.5


# ----------------------------------------------------------------------------------------------------- quiz


which_scale = question(
    "You search the number of hidden units from 20 to 200, and the learning rate from 0.0001 to 1. Which scales?",
    wrong(
        "Linear for both",
        "Then only one learning rate in ten is below 0.1, and one in a thousand below 0.001.",
    ),
    wrong(
        "Log for the units, linear for the learning rate",
        "The units span one decade, where it hardly matters. The learning rate spans four.",
    ),
    right(
        "Log for the learning rate; for the units either will do",
        "What counts is how many decades a range spans, and whether steps or factors matter.",
    ),
    wrong(
        "It makes no difference if you draw enough points",
        "It does: you would need a thousand times as many.",
    ),
)

why_random = question(
    "Why does random search beat a grid of as many points when only one of the parameters matters?",
    right(
        "Each of its points tries a new value of the parameter that matters",
        "A grid spends most of its points on repeating values that it has tried already.",
    ),
    wrong(
        "Because it finds out which parameter matters",
        "It knows nothing about that. You may read it off the results afterwards.",
    ),
    wrong(
        "Because random points lie closer to the optimum",
        "A single one does not. There are more different values, so the nearest of them is closer.",
    ),
    wrong("Because it takes fewer points", "The comparison is at the same number of points."),
)

beta_step = question(
    "Which step changes an exponentially weighted average the most?",
    wrong("From 0.9 to 0.9005", "It looks back about ten steps, before and after."),
    wrong("From 0.5 to 0.6", "From a window of 2 to one of 2.5: a quarter more."),
    wrong("From 0.9 to 0.92", "From a window of 10 to one of 12.5: a quarter more."),
    right("From 0.999 to 0.9995", "The window 1 / (1 - beta) doubles, from 1000 to 2000."),
)

what_ei_weighs = question(
    "Two candidates have the same predicted mean loss, a little above the best so far. Which has the higher expected improvement?",
    wrong(
        "The one with the smaller std: it is the safer bet",
        "It is a safe bet on being no improvement at all.",
    ),
    right(
        "The one with the larger std: it has a better chance to be much lower",
        "A loss that is worse costs nothing here, since the best so far remains. So spread only helps.",
    ),
    wrong("Neither: the means are equal", "The improvement is cut off at 0, and so the spread counts."),
    wrong("Neither: both means are above the best, so both expect 0", "That would be so only if std were 0."),
)

panda_or_caviar = question(
    "You have one graphics card, and one run of your network takes two weeks. How do you search?",
    wrong("A grid of five by five", "That is a year, and only five values of each parameter."),
    wrong(
        "Twenty-five random points, one after the other",
        "Also a year. Random search is for many short runs, or many machines.",
    ),
    right(
        "Watch one model and adjust it by hand as it learns; search on a smaller problem before",
        "With one run at a time, every run must teach you something while it goes.",
    ),
    wrong(
        "Take the settings of a paper and leave them alone",
        "A good start. But data and network differ, and settings go stale.",
    ),
)
