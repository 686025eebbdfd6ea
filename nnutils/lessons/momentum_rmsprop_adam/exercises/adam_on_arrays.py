"""Exercise adam_on_arrays: an Adam for a list of arrays, with three faults that its curves tell, is repaired."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.momentum_rmsprop_adam.given import Slopes


@exercise(
    kind="repair",
    points=4,
    minutes=11,
    hints=(
        "Each panel of the figure shows one fault. Left: what is different for the second array? Middle: whose memory is too long? "
        "Right: which number of the formula is not measured in units of the gradient?",
        "Left: print t inside the inner loop. Middle: which beta does each average get, and which one its correction? "
        "Right: with gradients of 1e-6, compare v_hat with eps, then the root of v_hat with eps.",
        "t grows once a step, before the loop over the arrays. m takes beta1, v takes beta2, in the averages. "
        "The denominator is np.sqrt(v_hat) + eps.",
    ),
)
def adam_on_arrays(gradients, arrays, lr, steps, beta1, beta2, eps):
    """Adam for a network whose parameters are several arrays.

    gradients: a function; gradients(arrays) lists the gradients at this
    point, one of each array's shape. arrays: a list of arrays, where the
    walk starts; they stay as they are. lr, beta1, beta2, eps: as in
    adam_update. steps: how many steps, 0 or more.
    All arrays move at the same time, each as if it were alone with its
    gradients: by the steps of adam_update, from averages of 0.
    Returns a list with one array (steps + 1, ...) for each of the arrays:
    its path, the start included.
    """
    path = [arrays]
    m = [np.zeros(w.shape) for w in arrays]
    v = [np.zeros(w.shape) for w in arrays]
    t = 0
    for _ in range(steps):
        moved = []
        t = t + 1
        for i, g in enumerate(gradients(arrays)):
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g**2
            m_hat = m[i] / (1 - beta1**t)
            v_hat = v[i] / (1 - beta2**t)
            step = lr * m_hat / (np.sqrt(v_hat) + eps)
            moved.append(arrays[i] - step)
        arrays = moved
        path.append(arrays)
    return [np.array(each) for each in zip(*path, strict=True)]


adam_on_arrays.fault(
    "t_counts_arrays",
    "Only the first array's first step has the length lr. The arrays after it begin with shorter ones: their averages are corrected as if "
    "the walk were older than it is. An array that is alone moves correctly.",
    right="""t = t + 1
        for i, g in enumerate(gradients(arrays)):
""",
    wrong="""for i, g in enumerate(gradients(arrays)):
            t = t + 1
""",
)
adam_on_arrays.fault(
    "memories_exchanged",
    "The walk overshoots far and swings for a long time: the average of the gradients looks back much too far, and the average of their "
    "squares hardly looks back at all.",
    right="""m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g**2
            m_hat = m[i] / (1 - beta1**t)
            v_hat = v[i] / (1 - beta2**t)
""",
    wrong="""m[i] = beta2 * m[i] + (1 - beta2) * g
            v[i] = beta1 * v[i] + (1 - beta1) * g**2
            m_hat = m[i] / (1 - beta2**t)
            v_hat = v[i] / (1 - beta1**t)
""",
)
adam_on_arrays.fault(
    "unit_of_the_cost",
    "With a cost in small units the walk hardly moves, although Adam's steps should not depend on the unit: next to small gradients eps is "
    "much larger than it should be.",
    right="(np.sqrt(v_hat) + eps)",
    wrong="np.sqrt(v_hat + eps)",
)


@adam_on_arrays.cases
def _(rng):
    arrays = [rng.normal(size=shape) for shape in ((2, 3), (3,), (1,))]
    curvatures = [rng.uniform(0.5, 2, size=w.shape) for w in arrays]
    centres = [rng.normal(size=w.shape) for w in arrays]
    yield Slopes(curvatures, centres), arrays, 0.1, 5, 0.9, 0.99, 0.01
    yield Slopes(curvatures[:1], centres[:1]), arrays[:1], 0.2, 4, 0.8, 0.95, 0.05
    small = [1e-5 * c for c in curvatures]
    yield Slopes(small, centres), arrays, 0.3, 3, 0.7, 0.9, 1e-7
    yield Slopes(curvatures[1:], centres[1:]), arrays[1:], 0.05, 1, 0.9, 0.999, 0.1
    yield Slopes(curvatures, centres), arrays, 0.1, 0, 0.9, 0.999, 1e-8


def _path(gradients, arrays, lr, steps, beta1, beta2, eps, *, correct=True, leak=False, correct_with=None):
    """A walk, right unless it is told otherwise."""
    path, m, v = [list(arrays)], [0.0 * w for w in arrays], [0.0 * w for w in arrays]
    for_m, for_v = correct_with or (beta1, beta2)
    for t in range(1, steps + 1):
        now = list(path[-1])
        for i, g in enumerate(gradients(path[-1])):
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g**2
            both = (m[i] / (1 - for_m**t), v[i] / (1 - for_v**t)) if correct else (m[i], v[i])
            if leak:
                m[i], v[i] = both
            now[i] = now[i] - lr * both[0] / (np.sqrt(both[1]) + eps)
        path.append(now)
    return [np.array(each) for each in zip(*path, strict=True)]


@adam_on_arrays.mistake(
    "Neither average is corrected. Both start at 0, and are too small in the first steps by different factors."
)
def without_corrections(gradients, arrays, lr, steps, beta1, beta2, eps):
    return _path(gradients, arrays, lr, steps, beta1, beta2, eps, correct=False)


@adam_on_arrays.mistake(
    "The corrected averages have become the state: they are corrected again at the next step. The averages go on uncorrected."
)
def corrections_kept(gradients, arrays, lr, steps, beta1, beta2, eps):
    return _path(gradients, arrays, lr, steps, beta1, beta2, eps, leak=True)


@adam_on_arrays.mistake(
    "The first step is right, and later ones are not: the correction is always that of the first step, since t does not grow."
)
def t_stays_one(gradients, arrays, lr, steps, beta1, beta2, eps):
    path, m, v = [list(arrays)], [0.0 * w for w in arrays], [0.0 * w for w in arrays]
    for _ in range(steps):
        m = [beta1 * a + (1 - beta1) * g for a, g in zip(m, gradients(path[-1]), strict=True)]
        v = [beta2 * a + (1 - beta2) * g**2 for a, g in zip(v, gradients(path[-1]), strict=True)]
        path.append(
            [
                w - lr * (a / (1 - beta1)) / (np.sqrt(b / (1 - beta2)) + eps)
                for w, a, b in zip(path[-1], m, v, strict=True)
            ]
        )
    return [np.array(each) for each in zip(*path, strict=True)]


@adam_on_arrays.mistake(
    "Each average has its own memory now, and the corrections are exchanged: m is averaged with beta1, so 1 - beta1**t corrects it, and "
    "1 - beta2**t corrects v."
)
def corrections_exchanged(gradients, arrays, lr, steps, beta1, beta2, eps):
    return _path(gradients, arrays, lr, steps, beta1, beta2, eps, correct_with=(beta2, beta1))


@adam_on_arrays.mistake(
    "The corrections have their own betas now, and the averages are exchanged: m takes beta1 and v takes beta2 there, too."
)
def averages_exchanged(gradients, arrays, lr, steps, beta1, beta2, eps):
    return _path(gradients, arrays, lr, steps, beta2, beta1, eps, correct_with=(beta1, beta2))


@adam_on_arrays.mistake(
    "Epsilon is gone. It is hardly seen where gradients are large, but it belongs to the denominator: sqrt(v_hat) + eps."
)
def no_epsilon(gradients, arrays, lr, steps, beta1, beta2, eps):
    return _path(gradients, arrays, lr, steps, beta1, beta2, 0.0)


@adam_on_arrays.mistake(
    "The start is missing: each path has steps + 1 points, and the first is where the walk starts."
)
def start_missing(gradients, arrays, lr, steps, beta1, beta2, eps):
    return [path[1:] for path in _path(gradients, arrays, lr, steps, beta1, beta2, eps)]


@adam_on_arrays.mistake(
    "Both averages have the memory of beta1. m takes beta1, v takes beta2, in the average and in its correction."
)
def beta1_twice(gradients, arrays, lr, steps, beta1, beta2, eps):
    return _path(gradients, arrays, lr, steps, beta1, beta1, eps)


@adam_on_arrays.mistake(
    "Both averages have the memory of beta2. m takes beta1, v takes beta2, in the average and in its correction."
)
def beta2_twice(gradients, arrays, lr, steps, beta1, beta2, eps):
    return _path(gradients, arrays, lr, steps, beta2, beta2, eps)


@adam_on_arrays.variant
def each_array_alone(gradients, arrays, lr, steps, beta1, beta2, eps):
    paths = [[np.array(w, dtype=float)] for w in arrays]
    states = [(0.0, 0.0) for _ in arrays]
    for t in range(1, steps + 1):
        grads = gradients([path[-1] for path in paths])
        for i, (path, g) in enumerate(zip(paths, grads, strict=True)):
            m, v = states[i]
            states[i] = m, v = m + (1 - beta1) * (g - m), v + (1 - beta2) * (g**2 - v)
            path.append(path[-1] - lr * m / (1 - beta1**t) / ((v / (1 - beta2**t)) ** 0.5 + eps))
    return [np.stack(path) for path in paths]


@adam_on_arrays.variant
def as_one_long_vector(gradients, arrays, lr, steps, beta1, beta2, eps):
    sizes = [w.size for w in arrays]
    cuts = np.cumsum(sizes)[:-1]
    w = np.concatenate([a.ravel() for a in arrays])
    m, v, points = np.zeros(w.size), np.zeros(w.size), [w]
    for t in range(1, steps + 1):
        parts = [part.reshape(a.shape) for part, a in zip(np.split(w, cuts), arrays, strict=True)]
        g = np.concatenate([each.ravel() for each in gradients(parts)])
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        w = w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        points.append(w)
    split = np.split(np.array(points), cuts, axis=1)
    return [part.reshape(steps + 1, *a.shape) for part, a in zip(split, arrays, strict=True)]
