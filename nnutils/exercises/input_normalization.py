"""Exercises of lesson 06: bring the inputs to one scale, and see why gradient descent cares."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong

NUMBER = 6
MINUTES = 60


def _features(rng, m, n):
    """Features of very different scale and mean, correlated."""
    scale = 10.0 ** rng.permutation(np.linspace(1, 3, n))
    return (
        rng.normal(size=(m, n)) @ (np.eye(n) + 0.4 * rng.normal(size=(n, n))) + rng.uniform(1, 4, n)
    ) * scale


@exercise(
    points=2,
    minutes=8,
    returns=("mean", "std"),
    hints=(
        "Examples are rows, so both statistics run down the columns, over axis 0.",
        "A feature that never changes has std 0, and you will divide by it. Find such features by comparing their largest with their smallest value.",
        "mean, std = X.mean(axis=0), X.std(axis=0); then return mean, np.where(X.max(axis=0) == X.min(axis=0), 1.0, std).",
    ),
)
def fit_standardizer(X):
    """The mean and the standard deviation of every feature, to standardize with.

    X: (m, n_x), the training set, one example a row.
    Returns (mean, std), each (n_x,): mean = 1/m sum x, std = sqrt(1/m sum (x - mean)^2).
    For a constant feature, whose largest value equals its smallest, std is 1, so that
    dividing by it leaves the feature as it is.
    """
    mean, std = X.mean(axis=0), X.std(axis=0)
    return mean, np.where(X.max(axis=0) == X.min(axis=0), 1.0, std)


@fit_standardizer.cases
def _(rng):
    yield (_features(rng, 6, 4),)
    constant = _features(rng, 5, 3)
    constant[:, 1] = 1.5
    yield (constant,)
    yield (np.array([[-4, 70, 0], [2, 10, 0], [-3, 50, 0], [6, -20, 0]]),)
    rounded = np.column_stack([np.full(7, 1.7), np.full(7, 0.1), np.arange(7)])  # std leaves 2e-16 and 1e-17
    yield (rounded,)
    yield (np.array([[1e-15, -3.0], [2e-15, 5.0], [4e-15, 1.0]]),)  # tiny, and not constant


def _told_by_ordinary_features(sentence):
    """A mistake of fit_standardizer that is told by the features that are neither constant nor tiny."""

    def add(wrong):
        def shows(a, r):
            ordinary = a["X"].std(axis=0) > 1e-3
            results = r, wrong(a["X"]), fit_standardizer(a["X"])
            mine, theirs, right = (np.array(one)[:, ordinary] for one in results)
            return np.allclose(mine, theirs, 1e-6, 0) and not np.allclose(mine, right, 1e-6, 0)

        return fit_standardizer.mistake(sentence, symptom=shows)(wrong)

    return add


@fit_standardizer.mistake(
    "A constant feature has std 0 here, and the next step divides by it. Give such features a std of 1."
)
def constant_left_zero(X):
    return X.mean(axis=0), X.std(axis=0)


@fit_standardizer.mistake(
    "You look for a std of exactly 0. Rounding leaves 2e-16 where a constant like 1.7 is averaged: compare the largest "
    "value with the smallest."
)
def std_compared_with_zero(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std == 0, 1.0, std)


@_told_by_ordinary_features(
    "You divided by m - 1. Either works in practice, but the course (and NumPy) divide by m: ddof 0."
)
def divided_by_m_minus_one(X):
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.std(axis=0, ddof=1))


@fit_standardizer.mistake(
    "These are statistics of the examples, one a row. Every feature has its own: axis 0."
)
def of_the_rows(X):
    return X.mean(axis=1), np.where(X.max(axis=1) == X.min(axis=1), 1.0, X.std(axis=1))


@fit_standardizer.mistake(
    "This is one mean and one std for all features together. Every feature has its own scale: axis 0."
)
def of_everything(X):
    return X.mean(), X.std()


@_told_by_ordinary_features("This is the variance. The standard deviation is its square root.")
def variance_for_std(X):
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.var(axis=0))


@fit_standardizer.mistake(
    "You added a small number to each std. It changes features of a tiny scale a lot; set std to 1 just for the constant ones."
)
def epsilon_added(X):
    return X.mean(axis=0), X.std(axis=0) + 1e-8


@_told_by_ordinary_features(
    "These are the smallest value and the range: min-max scaling. Here you want mean and standard deviation."
)
def min_and_range(X):
    return X.min(axis=0).astype(float), np.where(
        X.max(axis=0) == X.min(axis=0), 1.0, X.max(axis=0) - X.min(axis=0)
    )


@fit_standardizer.mistake(
    "A tiny std was set to 1, often because of a threshold. A feature may be tiny and still vary: look at max == min."
)
def threshold(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std < 1e-6, 1.0, std)


@_told_by_ordinary_features("The order is (mean, std): yours are swapped.")
def std_first(X):
    return np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.std(axis=0)), X.mean(axis=0)


@fit_standardizer.mistake(
    "A small number was added to the variance, under the root. It changes features of a tiny scale a lot; set std to 1 "
    "just for the constant ones."
)
def epsilon_in_the_root(X):
    return X.mean(axis=0), np.sqrt(X.var(axis=0) + 1e-8)


@_told_by_ordinary_features(
    "This is the mean distance from the mean. The standard deviation is the root of the mean SQUARED distance."
)
def mean_distance(X):
    distance = np.abs(X - X.mean(axis=0)).mean(axis=0)
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, distance)


@_told_by_ordinary_features(
    "This is the root mean square of each feature. The standard deviation is measured from the mean, not from zero."
)
def root_mean_square(X):
    return X.mean(axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, np.sqrt((X**2.0).mean(axis=0)))


@_told_by_ordinary_features("These are the medians. Return the mean of each feature.")
def medians(X):
    return np.median(X, axis=0), np.where(X.max(axis=0) == X.min(axis=0), 1.0, X.std(axis=0))


@fit_standardizer.variant
def by_columns(X):
    columns = [np.asarray(column, float) for column in X.T]
    mean = [column.sum() / len(column) for column in columns]
    std = [1.0 if column.max() == column.min() else column.std() for column in columns]
    return np.array(mean), np.array(std)


@fit_standardizer.variant
def by_centring(X):
    mean = np.ones(len(X)) @ X / len(X)
    std = np.sqrt(np.sum((X - mean) ** 2, axis=0) / len(X))
    std[np.ptp(X, axis=0) == 0] = 1
    return mean, std


@exercise(
    points=1,
    minutes=3,
    hints=(
        "Two steps for every feature: move its mean to 0, then stretch it to std 1.",
        "mean and std come from the training set, whatever X is. They have one number a feature, and NumPy applies them row by row.",
        "return (X - mean) / std",
    ),
)
def standardize(X, mean, std):
    """X with the given statistics taken out.

    X: (m, n_x), any set: training, dev or test. mean, std: (n_x,), the TRAINING set's.
    Returns (x - mean) / std for every example, (m, n_x).
    """
    return (X - mean) / std


@standardize.cases
def _(rng):
    X = _features(rng, 6, 3)
    yield X[:4], X.mean(axis=0), X.std(axis=0)
    yield X, X[2:].mean(axis=0), X[2:].std(axis=0)
    yield X[:1], X.mean(axis=0), X.std(axis=0)
    yield np.array([[-4, 7], [2, -5], [9, 0]]), np.array([1, 2]), np.array([4, 8])
    tiny = np.array([[3e-6, 5.0], [5e-6, 1.0], [2e-6, -4.0]])
    yield tiny, np.array([3.5e-6, 2.0]), np.array([2e-6, 3.0])


@standardize.mistake(
    "You used the statistics of this X. Dev and test are scaled with those of the training set, which are the arguments."
)
def own_statistics(X, mean, std):
    return (X - X.mean(axis=0)) / X.std(axis=0)


@standardize.mistake("Only std was divided out: subtract the mean first.")
def not_centred(X, mean, std):
    return X / std


@standardize.mistake("The mean is gone, but the scale is still there: divide by std.")
def not_scaled(X, mean, std):
    return X - mean


@standardize.mistake("Brackets are missing: this subtracts mean / std from X. It is (X - mean) / std.")
def without_brackets(X, mean, std):
    return X - mean / std


@standardize.mistake("You divided by std squared, the variance.")
def by_variance(X, mean, std):
    return (X - mean) / std**2


@standardize.mistake("You multiplied by std. That makes wide features wider; divide.")
def multiplied(X, mean, std):
    return (X - mean) * std


@standardize.mistake(
    "The mean is that of this X. Dev and test are moved by the mean of the training set, which is an argument."
)
def own_mean(X, mean, std):
    return (X - X.mean(axis=0)) / std


@standardize.mistake(
    "The std is that of this X. Dev and test are scaled by the std of the training set, which is an argument."
)
def own_std(X, mean, std):
    return (X - mean) / X.std(axis=0)


@standardize.mistake("mean and std have changed places: subtract the mean, then divide by std.")
def exchanged(X, mean, std):
    return (X - std) / mean


@standardize.mistake("You divided by the root of std. std is the root of the variance already.")
def by_root_of_std(X, mean, std):
    return (X - mean) / np.sqrt(std)


def _a_little_small(a, r):
    """Whether each feature is the right one times a factor: 1 where std is not tiny, and somewhere below 1."""
    right = standardize(a["X"], a["mean"], a["std"])
    factor = np.sum(r * right, axis=0) / np.sum(right**2, axis=0)
    near = (np.abs(factor - 1) < 1e-3)[a["std"] > 1e-3].all() and factor.max() < 1 + 1e-9
    return near and np.allclose(r, factor * right) and factor.min() < 1 - 1e-6


@standardize.mistake(
    "A feature of a tiny scale comes out too small, often because a small number is added to std. The given std is never 0: "
    "divide by it as it is.",
    symptom=_a_little_small,
)
def with_epsilon(X, mean, std):
    return (X - mean) / (std + 1e-8)


@standardize.mistake("The result is rounded down to whole numbers, often because // stands where / belongs.")
def rounded_down(X, mean, std):
    return (X - mean) // std


@standardize.mistake(
    "-= or /= writes into the caller's X (and fails where it holds whole numbers). Compute a new array."
)
def standardized_in_place(X, mean, std):
    X -= mean
    X /= std
    return X


@standardize.mistake(
    "You used one mean and one std of all this X. Every feature has its own, those of the training set, in the arguments."
)
def of_the_whole_X(X, mean, std):
    return (X - X.mean()) / X.std()


@standardize.mistake(
    "Each example is scaled by its own mean and std (axis 1). Take the features' statistics, which are the arguments."
)
def example_by_example(X, mean, std):
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)


@standardize.mistake(
    "This is min-max scaling, with this X's own smallest and largest values. Subtract mean and divide by std."
)
def to_the_unit_range(X, mean, std):
    return (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))


@standardize.variant
def row_by_row(X, mean, std):
    rows = [[(x - mu) / sigma for x, mu, sigma in zip(row, mean, std, strict=True)] for row in X]
    return np.array(rows)


@standardize.variant
def as_affine_map(X, mean, std):
    scale = 1 / np.asarray(std, float)
    return X * scale - mean * scale


@exercise(
    points=2,
    minutes=8,
    tolerance=1e-5,
    hints=(
        "The curvature of the squared error is the matrix H = X^T X / m. Its eigenvalues are the curvatures along its axes.",
        "H is symmetric, so its singular values are its eigenvalues, and np.linalg.cond gives the largest over the smallest. Where H is singular, rounding may leave a smallest one of 1e-17: np.linalg.matrix_rank(X) tells.",
        "if np.linalg.matrix_rank(X) < X.shape[1]: return np.inf. Else return float(np.linalg.cond(X.T @ X / len(X))).",
    ),
)
def condition_number(X):
    """How long the valley of the squared error is: a ratio of curvatures.

    X: (m, n_x), used as it is (not centred). H = X^T X / m is the matrix of second
    derivatives of 1/(2m) |X theta - y|^2. Returns the largest eigenvalue of H over its
    smallest, a float; inf where H is singular, also where rounding leaves a little of the
    smallest.
    """
    if np.linalg.matrix_rank(X) < X.shape[1]:
        return np.inf
    return float(np.linalg.cond(X.T @ X / len(X)))


@condition_number.cases
def _(rng):
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    base = np.linalg.qr(rng.normal(size=(8, 3)))[0]
    yield (base * [1.0, 2.5, rng.uniform(4, 9)] @ turn,)
    yield ((rng.normal(size=(7, 2)) + 2.0) * [1.0, 1.5],)
    yield (np.array([[1, 5], [7, 2], [3, 8], [4, 4], [9, 6]]),)
    yield (rng.normal(size=(6, 1)) + 3,)
    yield (np.array([[1.0, 1.0], [1.0, 1.0001], [1.0, 0.9999]]),)  # long, but not singular
    for singular in (
        [[0.1, 0.3], [0.2, 0.6], [0.7, 2.1]],
        [[0.1, 0.2, 0.3], [0.7, 0.5, 1.2], [0.3, 0.9, 1.2], [0.6, 0.1, 0.7]],
        [[1.0, 2.0]],
        [[1, 0], [2, 0]],
    ):
        yield (np.array(singular),)


def _told_where_H_is_regular(sentence):
    """A mistake of condition_number that is told by its numbers where H is regular. Elsewhere rounding would decide."""

    def add(wrong):
        def shows(a, r):
            right = condition_number(a["X"])
            far = np.isfinite(right) and not np.isclose(r, right, 1e-6, 0)
            return far and np.isclose(r, wrong(a["X"]), 1e-6, 0)

        return condition_number.mistake(sentence, symptom=shows)(wrong)

    return add


@_told_where_H_is_regular(
    "This is the condition number of X itself, the root of what was asked. The curvature is that of X^T X."
)
def of_x(X):
    return float(np.linalg.cond(X))


@_told_where_H_is_regular(
    "You centred X first. The condition number of the data as they are is asked for: an offset makes the valley longer, too."
)
def of_centred(X):
    centred = X - X.mean(axis=0)
    return float(np.linalg.cond(centred.T @ centred / len(X)))


@_told_where_H_is_regular("This is the smallest over the largest. Turn it around: the number is 1 or more.")
def upside_down(X):
    return float(1 / np.linalg.cond(X.T @ X / len(X)))


@_told_where_H_is_regular("This is the largest eigenvalue alone. Divide it by the smallest.")
def largest_alone(X):
    return float(np.linalg.eigvalsh(X.T @ X / len(X))[-1])


@_told_where_H_is_regular(
    "You compare the features' variances. The axes of the valley are the eigenvectors of X^T X, not the features."
)
def ratio_of_variances(X):
    variance = X.var(axis=0)
    return float(variance.max() / variance.min())


@_told_where_H_is_regular(
    "This is the largest minus the smallest eigenvalue. Divide instead: a ratio does not depend on units."
)
def difference_of_eigenvalues(X):
    values = np.linalg.eigvalsh(X.T @ X / len(X))
    return float(values[-1] - values[0])


@_told_where_H_is_regular(
    "This is the smallest eigenvalue alone. It belongs below the line: the largest over it."
)
def smallest_alone(X):
    return float(np.linalg.eigvalsh(X.T @ X / len(X))[0])


@_told_where_H_is_regular(
    "This is the condition number in the Frobenius norm. The ratio of the largest to the smallest eigenvalue is that in "
    "the 2-norm, np.linalg.cond's default."
)
def in_the_frobenius_norm(X):
    return float(np.linalg.cond(X.T @ X / len(X), "fro"))


@_told_where_H_is_regular(
    "You scaled the features to length 1 first. The condition number of the data as they are is asked for."
)
def of_scaled_features(X):
    if np.linalg.matrix_rank(X) < X.shape[1]:
        return np.inf
    scaled = X / np.linalg.norm(X, axis=0)
    return float(np.linalg.cond(scaled.T @ scaled))


@condition_number.mistake(
    "You say that H is singular where it is not, often because it was made as X X^T, (m, m). H is X^T X / m, (n_x, n_x): "
    "one row and column a feature.",
    symptom=lambda a, r: condition_number(a["X"]) < 1e6 and abs(r) > 1e12,
)
def of_the_examples(X):
    return float(np.linalg.cond(X @ X.T / len(X)))


@condition_number.mistake(
    "Where H is singular your number is huge and not inf: rounding leaves a smallest eigenvalue of about 1e-17. Ask "
    "whether the rank of X is below n_x.",
    symptom=lambda a, r: condition_number(a["X"]) == np.inf and 1e12 < abs(r) < np.inf,
)
def rounding_hides_it(X):
    return float(np.linalg.cond(X.T @ X / len(X)))


@condition_number.variant
def by_singular_values(X):
    values = np.linalg.svd(X, compute_uv=False)
    full = len(values) == X.shape[1] and values[-1] > 1e-12 * values[0]
    return (values[0] / values[-1]) ** 2 if full else float("inf")


@condition_number.variant
def by_eigenvalues(X):
    values = np.linalg.eigvalsh(X.T @ X)
    return np.inf if values[0] <= 1e-14 * values[-1] else values[-1] / values[0]


@exercise(
    points=3,
    minutes=12,
    hints=(
        "A loop of at most max_steps updates. Before each one, look at the gradient: is it small enough to stop?",
        "Start at theta = 0. The gradient is X.T @ (X @ theta - y) / m; stop as soon as its norm is below tol, and return how many updates were made.",
        "for step in range(max_steps): gradient = ...; if np.linalg.norm(gradient) < tol: return step; theta = theta - lr * gradient. After the loop: return max_steps.",
    ),
)
def gd_steps(X, y, lr, tol, max_steps):
    """How many steps gradient descent takes to fit a linear model.

    X: (m, n_x). y: (m,). The model is X theta, without bias, from theta = 0; the gradient
    is X^T (X theta - y) / m, a step is theta = theta - lr * gradient.
    Returns the number of updates made until the gradient's norm is below tol, an int: 0 if
    it is so at the start, max_steps if it never is.
    """
    theta = np.zeros(X.shape[1])
    for step in range(max_steps):
        gradient = X.T @ (X @ theta - y) / len(X)
        if np.linalg.norm(gradient) < tol:
            return step
        theta = theta - lr * gradient
    return max_steps


@gd_steps.cases
def _(rng):
    for lr, tol in ((0.30, 1e-3), (0.12, 1e-4)):
        base = np.linalg.qr(rng.normal(size=(8, 3)))[0] * np.sqrt(8)
        X = (
            base * np.sqrt([1.0, 0.6, 0.25]) @ (np.eye(3) - 2 / 3)
        )  # no axis of the valley lies along a parameter
        yield X, X @ rng.uniform(1, 2, 3) + 0.1 * rng.normal(size=8), lr, tol, 1000
    yield X, np.zeros(8), 0.1, 1e-3, 50
    yield X, X @ np.array([1.0, -1.0, 2.0]), 0.01, 1e-6, 40
    yield 2 * np.eye(3), np.array([2, 4, 6]), 0.3, 1e-5, 500
    yield np.array([[1.0]]), np.array([1.0]), 0.5, 0.25, 20  # norms of 1, 1/2, 1/4, 1/8: one of them is tol


def _descent(X, y, lr, tol, max_steps, gradient_of, norm=np.linalg.norm, first_step=False, count=0):
    theta = np.zeros(X.shape[1])
    for step in range(max_steps):
        gradient = gradient_of(X, y, theta)
        if norm(gradient) < tol and not (first_step and step == 0):
            return min(step + count, max_steps)
        theta = theta - lr * gradient
    return max_steps


def _gradient(X, y, theta):
    return X.T @ (X @ theta - y) / len(X)


@gd_steps.mistake(
    "You count one too many. What is asked for is the number of updates made, and the last gradient you looked at led to none."
)
def one_too_many(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, count=1)


@gd_steps.mistake("The gradient is not divided by m, so your steps are m times as long.")
def not_divided(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, lambda X, y, theta: X.T @ (X @ theta - y))


@gd_steps.mistake(
    "Your gradient is twice as large: it is that of the mean of squares. Here the cost has 1/(2m), and the 2 cancels."
)
def twice(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, lambda X, y, theta: 2 * _gradient(X, y, theta))


@gd_steps.mistake(
    "You compare the squared norm with tol, which stops too early. Take the root: np.linalg.norm."
)
def squared_norm(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, norm=lambda g: g @ g)


@gd_steps.mistake(
    "You stop when every component is below tol. The norm of the gradient is asked for, which is larger."
)
def largest_component(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, norm=lambda g: np.abs(g).max())


@gd_steps.mistake(
    "You stop when the step, lr times the gradient, is small. Then a small learning rate looks like success: compare the gradient itself."
)
def norm_of_the_step(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, norm=lambda g: lr * np.linalg.norm(g))


@gd_steps.mistake("Where the norm never falls below tol you return -1. The answer is max_steps there.")
def gives_up(X, y, lr, tol, max_steps):
    steps = _descent(X, y, lr, tol, max_steps, _gradient)
    return -1 if steps == max_steps else steps


@gd_steps.mistake("You stop where the norm equals tol. It should be below tol: < and not <=.")
def equal_is_enough(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, norm=lambda g: np.nextafter(np.linalg.norm(g), 0))


@gd_steps.mistake(
    "You update before you look at the gradient. Where it is below tol at the start, the answer is 0."
)
def never_zero(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, first_step=True)


@gd_steps.mistake("You go up the gradient, so the steps get longer and longer. Subtract lr * gradient.")
def uphill(X, y, lr, tol, max_steps):
    return _descent(X, y, -lr, tol, max_steps, _gradient)


@gd_steps.mistake("The gradient is divided by the number of features. Divide by m, the number of examples.")
def divided_by_features(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, lambda X, y, theta: X.T @ (X @ theta - y) / X.shape[1])


@gd_steps.mistake(
    "You stop when the residuals X theta - y are small. Noise keeps them large at the best theta: compare the norm of "
    "the gradient."
)
def residuals(X, y, lr, tol, max_steps):
    theta = np.zeros(X.shape[1])
    for step in range(max_steps):
        if np.linalg.norm(X @ theta - y) < tol:
            return step
        theta = theta - lr * _gradient(X, y, theta)
    return max_steps


@gd_steps.mistake(
    "You divided the norm by the root of n_x: that is the root mean square of the gradient. Compare its norm with tol."
)
def root_mean_square_of_the_gradient(X, y, lr, tol, max_steps):
    return _descent(X, y, lr, tol, max_steps, _gradient, norm=lambda g: np.sqrt(np.mean(g**2)))


@gd_steps.variant
def by_residual(X, y, lr, tol, max_steps):
    residual, step = -np.asarray(y, float), 0
    while step < max_steps and np.linalg.norm(X.T @ residual) >= tol * len(X):
        residual -= lr / len(X) * (X @ (X.T @ residual))
        step += 1
    return step


@gd_steps.variant
def by_normal_equations(X, y, lr, tol, max_steps):
    H, c = X.T @ X / len(X), X.T @ y / len(X)
    theta = np.zeros(len(c))
    for step in range(max_steps + 1):
        if np.sqrt(np.sum((H @ theta - c) ** 2)) < tol:
            return step
        theta = theta - lr * (H @ theta - c)
    return max_steps


which_statistics = question(
    "A single new example arrives at a network that was trained on standardized data. How do you standardize it?",
    wrong(
        "By its own mean and std",
        "One example has a std of 0. Even ten would be scaled by their own luck, and not as the network learned it.",
    ),
    wrong("Not at all: it is only one", "Then it comes in units that the network has never met."),
    right(
        "By the mean and std of the training set",
        "The scaling is part of the trained model. Whatever comes later goes through the very same one.",
    ),
    wrong(
        "By the mean and std of the dev set",
        "The dev set stands for new data; it is scaled by the training set's statistics itself.",
    ),
)

why_it_is_slow = question(
    "One feature runs from 0 to 1, another from 0 to 1000, and gradient descent crawls. What forces the small learning rate?",
    right(
        "The steep direction, along the weight of the LARGE feature: a larger rate would overshoot there",
        "The curvature goes with the square of the feature. The rate must suit the steepest direction, and is then far too small for the flat one.",
    ),
    wrong(
        "The flat direction, along the weight of the small feature",
        "That direction would like a much larger rate. It is the victim, not the cause.",
    ),
    wrong(
        "The number of examples", "The cost is a mean over examples, so its curvature does not grow with m."
    ),
    wrong(
        "The noise in the labels",
        "Noise raises the minimum. It does not change the curvature of a squared error.",
    ),
)

what_centring_does = question(
    "All features have the same std, but means of about 100. You subtract the means. What happens to the condition number?",
    wrong(
        "Nothing: only scales matter",
        "The matrix is X^T X, not the covariance. A common offset adds a huge eigenvalue to it.",
    ),
    wrong(
        "It rises: small numbers are badly conditioned",
        "The size of all features together cancels in a ratio of eigenvalues.",
    ),
    right(
        "It falls, a lot",
        "The offset makes all features nearly parallel: one direction of very large curvature. Without it, that direction is gone.",
    ),
    wrong(
        "It becomes exactly 1", "Only uncorrelated features of one scale would have 1. Correlation remains."
    ),
)

when_it_is_harmless = question(
    "Which learner does NOT mind features of different scale?",
    wrong("A linear model by gradient descent", "That is the very case of this lesson."),
    wrong(
        "A neural network by Adam",
        "Adam scales each weight's step, which helps, but a network still starts far out in its activations' flat ends.",
    ),
    wrong("Nearest neighbours", "Distances are dominated by whatever feature has the largest numbers."),
    right(
        "A decision tree",
        "It asks of one feature at a time whether it is above a threshold; any scale gives the same splits.",
    ),
)
