"""Exercise directional_check: a check of all entries of a gradient at once, along a few random directions."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.gradient_checking.exercises.relative_error import relative_error
from nnutils.lessons.gradient_checking.exercises.shared import coefficients, difference, draw_theta
from nnutils.lessons.gradient_checking.given import Cubic, CubicGradient

MANY, WITHIN = 1800, 0.24  # over so many directions the error comes so close to that of all entries
LARGE = (25, 40)  # in so many entries a fault of one is small along each of many directions


@exercise(
    kind="derive",
    points=4,
    minutes=12,
    hints=(
        "Walk from theta along a line in the direction v. On this line f is a function of one number. Which two values of f give its slope at theta?",
        "What does a gradient g say about the same slope? Each entry of g says what a step of that entry brings, and v is a step of all entries at once. Add up what they bring.",
        "v = rng.normal(size=theta.shape); v /= np.linalg.norm(v). The gradient says np.sum(grad(theta) * v), differences say (f(theta + 1e-5 * v) - f(theta - 1e-5 * v)) / 2e-5. "
        "Collect n of each, and return the relative_error of these two vectors.",
    ),
)
def directional_check(f, grad, theta, rng, n=10):
    """How far a gradient is from right, seen along n random directions.

    f: a function of theta, returns a number. grad: a function of theta,
    returns what is meant to be the gradient of f, an array of theta's shape.
    theta: array of floats, any shape. rng: a NumPy random generator.
    n: the number of directions, 1 or more.
    The directions have length 1, and each is as likely as any other. The
    slope of f along each is measured by a two-sided difference with a nudge
    of 1e-5: two evaluations of f a direction, however large theta is.
    Returns a float: the relative error between the n measured slopes and
    those that follow from the gradient; 0 where all of them are 0.
    """
    g = grad(theta)
    expected, found = [], []
    for _ in range(n):
        v = rng.normal(size=theta.shape)
        v /= np.linalg.norm(v)
        expected.append(np.sum(g * v))
        found.append((f(theta + 1e-5 * v) - f(theta - 1e-5 * v)) / 2e-5)
    return relative_error(np.array(expected), np.array(found))


@directional_check.cases
def _(rng):
    for shape, n, wrong_by in (
        ((3,), 10, {}),
        ((2, 3), 1, {"factor": 1.5}),
        ((4,), 3, {"factor": 1.5}),
        ((2, 2), 4, {"shift": 0.3}),
    ):
        c, b = coefficients(rng, *shape)
        yield Cubic(c, b), CubicGradient(c, b, **wrong_by), draw_theta(rng, *shape), _generator(rng), n
    # The gradient is (2, -2, 2, -2) in some order, and what is wrong with it is as long as it is.
    signs = rng.permutation([1.0, 1.0, -1.0, -1.0])
    c, b, theta = signs / 6, np.zeros(4), 2 * rng.choice([-1.0, 1.0], 4)
    yield Cubic(c, b), CubicGradient(c, b, shift=-4 * signs[0]), theta, _generator(rng), MANY
    # Each of 1000 entries of the gradient is 1.5 or -1.5, as many of each.
    c, flat = rng.permutation(np.repeat([0.5, -0.5], 500)).reshape(LARGE), np.zeros(LARGE)
    theta = rng.choice([-1.0, 1.0], LARGE)
    yield Cubic(c, flat), CubicGradient(c, flat, shift=4.0), theta, _generator(rng), 400
    # f is steep across theta: a step that is as long as normal draws, 20 and not 1, is no nudge
    b, theta = rng.normal(size=(2, 400))
    theta += (np.linalg.norm(b) / 170 - b @ theta) * b / (b @ b)
    c = np.zeros(400)
    yield Cubic(c, b, power=3), CubicGradient(c, b, power=3), theta, _generator(rng), 30
    flat = np.zeros((2, 2))
    yield (
        Cubic(flat, flat, offset=2.0),
        CubicGradient(flat, flat),
        rng.normal(size=(2, 2)),
        _generator(rng),
        3,
    )


def _generator(rng):
    return np.random.default_rng(int(rng.integers(2**31)))


def _of_all_entries(a):
    f = a["f"]
    return relative_error(a["grad"](a["theta"]), CubicGradient(f.c, f.b, power=f.power)(a["theta"]))


def _is_right(a):
    return a["grad"].factor == 1 and a["grad"].shift == 0


def _is_flat(a):
    return not a["f"].c.any()


@directional_check.judge
def _(a, result):
    if isinstance(result, bool | np.bool) or np.ndim(result) or not np.isreal(result):
        return "the result should be one number, the relative error"
    if not np.isfinite(result) or not 0 <= result <= 1 + 1e-12:
        return f"a relative error is a number from 0 to 1, yours is {result}"
    if _is_right(a):
        ok = result <= 3e-7
        return None if ok else f"the gradient of this case is right, and your check gives {result:.1e}"
    whole = _of_all_entries(a)
    if not a["grad"].shift:  # wrong by one factor: all directions say the same
        ok = abs(result - whole) <= 0.01
        return (
            None
            if ok
            else f"every entry is {a['grad'].factor:g} times too large: along any direction the relative error is {whole:.4g}, and yours is {result:.4g}"
        )
    if abs(result - whole) < 1e-8:
        return "this is the relative error over all entries, and not along random directions"
    if a["n"] == MANY and abs(result / whole - 1) > WITHIN:
        return f"along {MANY} directions that point everywhere the relative error comes close to {whole:.2g}, and yours is {result:.2g}"
    if a["theta"].shape == LARGE and not 1 / 1.4 < result / whole < 1.4:
        return f"along {a['n']} directions, in which all entries change, the relative error comes close to {whole:.2g}, and yours is {result:.2g}"
    return None


def _slopes(f, grad, theta, rng, n, draw=None, eps=1e-5, above=1, below=1, divisor=2, again=False):
    """What the gradient says, and what differences say, along n directions."""
    draw = draw or (lambda: rng.normal(size=theta.shape))
    g, said, found = grad(theta), [], []
    for _ in range(n):
        v = draw()
        v = v / np.linalg.norm(v)
        said.append(np.sum(g * v))
        if again:
            v = draw()
            v = v / np.linalg.norm(v)
        found.append((f(theta + above * eps * v) - f(theta - below * eps * v)) / (divisor * eps))
    return np.array(said), np.array(found)


@directional_check.mistake(
    "This is the relative error over all entries. It takes two evaluations of f for each entry; walk along n random directions instead.",
    symptom=lambda a, r: bool(a["grad"].shift) and abs(r - _of_all_entries(a)) < 1e-8,
)
def all_entries(f, grad, theta, rng, n=10):
    return relative_error(grad(theta), difference(f, theta, 1e-5, 1e-5, 2e-5))


@directional_check.mistake(
    "A right gradient gets the error 1/3: one of the two slopes is twice the other. From one side to the other it is twice the nudge.",
    symptom=lambda a, r: _is_right(a) and abs(r - 1 / 3) < 1e-6,
)
def divided_by_one_nudge(f, grad, theta, rng, n=10):
    return relative_error(*_slopes(f, grad, theta, rng, n, divisor=1))


@directional_check.mistake(
    "A right gradient gets the error 1: the two slopes have opposite signs, or one of them is nearly 0 compared with the other. "
    "Subtract the value behind theta from the one ahead, and divide by the distance between both.",
    symptom=lambda a, r: _is_right(a) and not _is_flat(a) and abs(r - 1) < 1e-3,
)
def turned_round(f, grad, theta, rng, n=10):
    said, found = _slopes(f, grad, theta, rng, n)
    return relative_error(said, -found)


@directional_check.mistake(
    "A right gradient gets an error that is small and far above rounding: the difference has one side only, or its nudge is far "
    "from 1e-5. It is, too, if the direction is not divided by its length.",
    symptom=lambda a, r: _is_right(a) and 3e-7 < r < 0.01,
)
def one_sided(f, grad, theta, rng, n=10):
    return relative_error(*_slopes(f, grad, theta, rng, n, below=0, divisor=1))


@directional_check.mistake(
    "A right gradient fails: the two slopes do not belong together. Often because a direction is drawn for one of them and another for the other. "
    "Draw v once, and use it for both.",
    symptom=lambda a, r: _is_right(a) and 0.01 < r < 0.999 and abs(r - 1 / 3) > 1e-6,
)
def two_draws(f, grad, theta, rng, n=10):
    return relative_error(*_slopes(f, grad, theta, rng, n, again=True))


@directional_check.mistake(
    "Your directions do not point everywhere, so some faults are seen too well and others hardly. Often because the entries are drawn from 0 to 1: "
    "they must be positive and negative alike.",
    symptom=lambda a, r: a["n"] == MANY and abs(r / 0.667 - 1) < 0.06,
)
def all_positive(f, grad, theta, rng, n=10):
    return relative_error(*_slopes(f, grad, theta, rng, n, draw=lambda: rng.random(theta.shape)))


@directional_check.mistake(
    "The distance is divided by the norm of one of the two vectors of slopes. Divide by the sum of both norms: take your relative_error.",
    symptom=lambda a, r: a["grad"].factor == 1.5 and min(abs(r - 1 / 3), abs(r - 1 / 2)) < 1e-6,
)
def by_one_norm(f, grad, theta, rng, n=10):
    said, found = _slopes(f, grad, theta, rng, n)
    return np.linalg.norm(said - found) / np.linalg.norm(found) if found.any() else 0.0


@directional_check.mistake(
    "These are the differences of the slopes, one for each direction. Return one number, their relative_error."
)
def as_array(f, grad, theta, rng, n=10):
    said, found = _slopes(f, grad, theta, rng, n)
    return said - found


@directional_check.mistake("Where all slopes are 0 you divide 0 by 0. They agree, so the result is 0.")
def zero_by_zero(f, grad, theta, rng, n=10):
    said, found = _slopes(f, grad, theta, rng, n)
    return np.linalg.norm(said - found) / (np.linalg.norm(said) + np.linalg.norm(found))


@directional_check.variant
def all_at_once(f, grad, theta, rng, n=10):
    directions = rng.normal(size=(n, theta.size))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    said = directions @ np.ravel(grad(theta))
    steps = [1e-5 * v.reshape(theta.shape) for v in directions]
    found = np.array([(f(theta + step) - f(theta - step)) / 2e-5 for step in steps])
    size = np.linalg.norm(said) + np.linalg.norm(found)
    return 0 if size == 0 else np.linalg.norm(said - found) / size


@directional_check.variant
def from_a_normal_of_another_size(f, grad, theta, rng, n=10):
    g, pairs = np.array(grad(theta.copy())), []
    while len(pairs) < n:
        v = rng.normal(0, 3, theta.size).reshape(theta.shape)
        v = v / float(np.sum(v * v)) ** 0.5
        pairs.append([(g * v).sum(), (f(theta + 2e-5 * v) - f(theta - 2e-5 * v)) / 4e-5])
    return relative_error(*np.transpose(pairs))
