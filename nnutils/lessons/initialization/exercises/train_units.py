"""Exercise train_units: a network whose units never part is repaired."""

import numpy as np

from nnutils.checks.exercise import exercise

# train_units -------------------------------------------------------------------------------------------------


@exercise(
    kind="repair",
    points=4,
    minutes=12,
    returns=("start", "end"),
    hints=(
        "Run one case: start, end = train_units(**case('train_units', 1)). Compare units: columns of W, entries of b and of v. What is equal "
        "that should differ, at the start and at the end?",
        "Two places make the units alike at the start, one on the way back, one in the step of the biases. A unit's error is the network's "
        "error times its OWN outgoing weight.",
        "One generator for all draws, made once; v of draws, too; back is the outer product of error and v, times the slope; the gradient of b "
        "has one entry a unit, the sum over the examples.",
    ),
)
def train_units(X, y, n_units, seed, lr, steps):
    """Train a network with one hidden layer; the weights before and after.

    X: (m, n_x). y: (m,), numbers. The network answers
    tanh(X @ W + b) @ v + c, with W (n_x, n_units), b and v (n_units,) and
    c a number.
    At the start every entry of W and of v is a normal draw of its own, with
    mean 0 and the standard deviation 1 / sqrt(number of inputs), which is n_x
    for W and n_units for v. The seed makes the run repeatable. b and c are 0.
    Each step is one of gradient descent on half the mean squared error, with
    the learning rate lr, for all of W, b, v, c at once. steps may be 0.
    Returns (start, end), each (W, b, v, c), before and after the steps.
    """
    n_x, rng = X.shape[1], np.random.default_rng(seed)
    units = [rng.normal(0, n_x**-0.5, n_x) for unit in range(n_units)]
    v = rng.normal(0, n_units**-0.5, n_units)
    W, b, c = np.column_stack(units), np.zeros(n_units), 0.0
    start = W, b, v, c
    for _ in range(steps):
        a = np.tanh(X @ W + b)
        error = (a @ v + c - y) / len(y)
        back = np.outer(error, v) * (1 - a**2)
        W, b = W - lr * X.T @ back, b - lr * back.sum(axis=0)
        v, c = v - lr * a.T @ error, c - lr * error.sum()
    return start, (W, b, v, c)


train_units.fault(
    "draws_begin_anew",
    "All units begin with the same incoming weights: for each unit the draws begin anew from the same seed.",
    right="units = [rng.normal(0, n_x**-0.5, n_x) for unit in range(n_units)]",
    wrong="""units = [
        np.random.default_rng(seed).normal(0, n_x**-0.5, n_x)
        for unit in range(n_units)
    ]""",
)
train_units.fault(
    "equal_outgoing",
    "All units begin with the same outgoing weight. Each should be a draw of its own.",
    right="v = rng.normal(0, n_units**-0.5, n_units)",
    wrong="v = np.full(n_units, n_units**-0.5)",
)
train_units.fault(
    "mean_error_back",
    "Every unit gets the same error back, that of the mean outgoing weight. The error of a unit is the network's times the unit's own "
    "weight.",
    right="back = np.outer(error, v) * (1 - a**2)",
    wrong="back = np.outer(error, np.full(n_units, v.mean())) * (1 - a**2)",
)
train_units.fault(
    "biases_move_together",
    "All biases stay equal: each of them moves by the sum over all units.",
    right="b - lr * back.sum(axis=0)",
    wrong="b - lr * back.sum()",
)


@train_units.cases
def _(rng):
    for m, n_x, n_units, lr, steps in (
        (9, 30, 40, 0.3, 3),
        (5, 50, 20, 0.2, 2),
        (12, 4, 30, 0.5, 4),
        (6, 3, 6, 0.1, 0),
    ):
        X = rng.normal(size=(m, n_x))
        yield X, 2 * rng.normal(size=m) + 1, n_units, int(rng.integers(1000)), lr, steps


NAMES = ("W", "b", "v", "c")
ENOUGH = 20  # draws whose standard deviation is looked at


def _after(start, X, y, lr, steps):
    """What gradient descent makes of the start."""
    W, b, v, c = start
    for _ in range(steps):
        a = np.tanh(X @ W + b)
        error = (a @ v + c - y) / len(y)
        back = error[:, None] * v * (1 - a * a)
        W, b, v, c = W - lr * X.T @ back, b - lr * back.sum(0), v - lr * error @ a, c - lr * error.sum()
    return W, b, v, c


def _shapes(a):
    n_x, n_units = a["X"].shape[1], a["n_units"]
    return (n_x, n_units), (n_units,), (n_units,), ()


def _of_form(a, result):
    """What is wrong with the form, or None."""
    if not isinstance(result, list | tuple) or len(result) != 2:
        return "the result should be (start, end)"
    for when, part in zip(("start", "end"), result, strict=True):
        if not isinstance(part, list | tuple) or len(part) != 4:
            return f"{when} should be (W, b, v, c)"
        for name, array, shape in zip(NAMES, part, _shapes(a), strict=True):
            if np.asarray(array).dtype.kind not in "iuf":
                return f"{when}: {name} should be of numbers"
            if np.shape(array) != shape:
                return f"{when}: {name} should have the shape {shape}, yours has {np.shape(array)}"
            if not np.all(np.isfinite(array)):
                return f"{when}: {name} is not finite"
    return None


def _of_start(a, start):
    """What is wrong with the start, or None."""
    W, b, v, c = (np.asarray(part, float) for part in start)
    if np.any(b) or np.any(c):
        return "b and c should begin at 0"
    if len(np.unique(W[0])) < W.shape[1]:
        return "at the start two units have the same incoming weights: draw every entry of W by itself"
    if len(np.unique(W)) < W.size:
        return "at the start a number occurs twice in W: draw every entry of W by itself"
    if len(np.unique(v)) < v.size:
        return "at the start two units have the same outgoing weight: draw every entry of v by itself"
    for name, draws, n in (("W", W, len(W)), ("v", v, len(v))):
        scaled = draws.ravel() * np.sqrt(n)
        within = 4 / np.sqrt(2 * scaled.size)  # four standard deviations of a standard deviation
        if scaled.size >= ENOUGH and abs(np.log(scaled.std())) > 1.3 * within:
            return f"at the start {name} should have a standard deviation of about {n**-0.5:.2g}, yours has {draws.std():.2g}"
        if scaled.size >= ENOUGH and abs(scaled.mean()) > 5 / np.sqrt(scaled.size):
            return f"at the start {name} should have mean 0, yours has {draws.mean():.2g}"
    if min(np.abs(W[0] * np.sqrt(len(W)) / (v * np.sqrt(len(v))) - 1)) < 1e-9:
        return "at the start a number occurs in W and in v: draw on from the one generator"
    return None


@train_units.judge
def _(a, result):
    if (wrong := _of_form(a, result) or _of_start(a, result[0])) is not None:
        return wrong
    right = _after(result[0], a["X"], a["y"], a["lr"], a["steps"])
    for name, mine, theirs in zip(NAMES, right, result[1], strict=True):
        if not np.allclose(mine, theirs, 1e-7, 1e-9):
            return f"the end's {name} is not what {a['steps']} steps of gradient descent make of your start"
    return None


def _run(X, y, n_units, seed, lr, steps, back=1.0, move=True, scale=(1, 1)):
    """The right code, and what the mistakes change of it."""
    n_x, rng = X.shape[1], np.random.default_rng(seed)
    W = rng.normal(0, scale[0] * n_x**-0.5, (n_units, n_x)).T
    v, b, c = rng.normal(0, scale[1] * n_units**-0.5, n_units), np.zeros(n_units), 0.0
    start = W, b, v, c
    for _ in range(steps):
        a = np.tanh(X @ W + b)
        error = back * (a @ v + c - y) / len(y)
        hidden = np.outer(error, v) * (1 - a**2)
        W, v, c = W - lr * X.T @ hidden, v - lr * a.T @ error, c - lr * error.sum()
        b = b - lr * hidden.sum(axis=0) * move
    return start, (W, b, v, c)


@train_units.mistake(
    "The biases stay 0. They begin at 0 and then move: each by the sum of its unit's errors over the examples.",
    symptom=lambda a, r: (
        a["steps"] > 0 and not bool(np.any(r[1][1])) and bool(np.any(np.asarray(r[0][0]) - r[1][0]))
    ),
)
def biases_never_move(X, y, n_units, seed, lr, steps):
    return _run(X, y, n_units, seed, lr, steps, move=False)


@train_units.mistake(
    "The weights W begin with a standard deviation of about 1. It should be 1 over the root of the number of inputs.",
    symptom=lambda a, r: np.size(r[0][0]) > 100 and 0.8 < np.std(r[0][0]) < 1.25,
)
def not_scaled(X, y, n_units, seed, lr, steps):
    return _run(X, y, n_units, seed, lr, steps, scale=(X.shape[1] ** 0.5, 1))


@train_units.mistake(
    "The standard deviation of W at the start is about 1 over the number of inputs. That is the variance; its root is asked for.",
    symptom=lambda a, r: np.shape(r[0][0])[0] > 20 and 0.8 < np.std(r[0][0]) * np.shape(r[0][0])[0] < 1.25,
)
def variance_for_std(X, y, n_units, seed, lr, steps):
    return _run(X, y, n_units, seed, lr, steps, scale=(X.shape[1] ** -0.5, 1))


@train_units.mistake(
    "start holds what the training left: the arrays were changed in place. Keep copies, or make new arrays in each step.",
    symptom=lambda a, r: (
        a["steps"] > 0 and all(np.array_equal(p, q) for p, q in zip(r[0][:3], r[1][:3], strict=True))
    ),
)
def start_is_end(X, y, n_units, seed, lr, steps):
    end = _run(X, y, n_units, seed, lr, steps)[1]
    return end, end


@train_units.mistake("The steps go up: the error grows. Subtract the gradient.")
def uphill(X, y, n_units, seed, lr, steps):
    return _run(X, y, n_units, seed, lr, steps, back=-1.0)


@train_units.mistake(
    "Each step is m times as long as it should be: the sum over the examples is not divided by their number."
)
def not_divided(X, y, n_units, seed, lr, steps):
    return _run(X, y, n_units, seed, lr, steps, back=len(y))


@train_units.variant
def drawn_in_one_call(X, y, n_units, seed, lr, steps):
    rng = np.random.default_rng(seed)
    W = rng.standard_normal((X.shape[1], n_units)) / np.sqrt(X.shape[1])
    start = (W, np.zeros(n_units), rng.standard_normal(n_units) / np.sqrt(n_units), 0.0)
    return start, _after(start, X, y, lr, steps)


@train_units.variant
def another_seed_for_each_unit(X, y, n_units, seed, lr, steps):
    n_x = len(X[0])
    W = np.array([np.random.default_rng([seed, unit]).normal(0, n_x**-0.5, n_x) for unit in range(n_units)]).T
    v = np.random.default_rng([seed, n_units]).normal(0, n_units**-0.5, n_units)
    b, c = 0 * v, 0.0
    start = [W.copy(), b.copy(), v.copy(), c]
    for _ in range(steps):
        a = np.tanh(X @ W + b)
        error = (a @ v + c - y) / len(X)
        back = error[:, None] * v[None, :] * (1 - np.square(a))
        W -= lr * np.einsum("mx,mu->xu", X, back)
        b -= lr * np.einsum("mu->u", back)
        v -= lr * error @ a
        c -= lr * np.sum(error)
    return start, [W, b, v, c]
