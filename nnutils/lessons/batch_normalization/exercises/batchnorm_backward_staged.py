"""Exercise batchnorm_backward_staged: back through the six lines of batch normalization, one at a time."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.batch_normalization.exercises.shared import draw_batch


@exercise(
    kind="derive",
    points=4,
    minutes=12,
    returns=("dz_hat", "dstd", "dvar", "dcentred", "dmean", "dz"),
    tolerance=1e-6,
    hints=(
        "Go through the lines from the last to the first. In each, ask what a small change of a value does to the line's result, and "
        "multiply by the derivative of that result. A value that all examples share gets a share from each of them: sum over the batch.",
        "centred is read by two lines, z_hat and var, so its derivative is the sum of two shares. z is read by two lines as well, "
        "mean and centred. What does each of them hand back?",
        "dstd = -(dz_hat * centred).sum(axis=0) / std**2 and dvar = dstd / (2 * std). Then "
        "dcentred = dz_hat / std + 2 * centred / m * dvar, dmean = -dcentred.sum(axis=0) and dz = dcentred + dmean / m.",
    ),
)
def batchnorm_backward_staged(dout, z, gamma, eps):
    """The derivatives of the loss by the intermediate values of batch
    normalization, one line of the forward pass after the other.

    dout: (m, n), the derivative by out. z: (m, n), what came in; m may
    be 1. gamma: (n,). eps: a number above 0. The names are those of the six
    lines in the text.
    A derivative counts all ways on which its value acts on out: the lines
    below it follow when it changes, the lines above it do not.
    Returns (dz_hat, dstd, dvar, dcentred, dmean, dz), each of the shape of
    its value: (m, n), (n,), (n,), (m, n), (n,), (m, n).
    """
    m = len(z)
    centred = z - z.mean(axis=0)
    std = np.sqrt((centred**2).mean(axis=0) + eps)
    dz_hat = gamma * dout
    dstd = -(dz_hat * centred).sum(axis=0) / std**2
    dvar = dstd / (2 * std)
    dcentred = dz_hat / std + 2 * centred / m * dvar
    dmean = -dcentred.sum(axis=0)
    dz = dcentred + dmean / m
    return dz_hat, dstd, dvar, dcentred, dmean, dz


@batchnorm_backward_staged.cases
def _(rng):
    for m, n, eps in ((6, 4, 0.1), (3, 5, 0.02), (5, 1, 0.5), (1, 3, 0.2)):
        z, gamma, _ = draw_batch(rng, m, n)
        yield rng.normal(size=(m, n)), z, gamma, eps
    whole = np.array([[1, 4], [3, 0], [2, 2], [6, -2]])
    yield np.array([[1, -1], [2, 0], [0, 3], [-2, 1]]), whole, np.array([2, 3]), 0.25


def _stages(dout, z, gamma, eps, **changed):
    """The six derivatives. changed: a stage's name → a function of all that is known by then, which replaces it."""
    m, centred = len(z), z - z.mean(axis=0)
    known = {"m": m, "dout": dout, "gamma": gamma, "centred": centred, "eps": eps}
    known["std"] = changed.pop("std", lambda k: np.sqrt((centred**2).mean(axis=0) + eps))(known)
    right = {
        "dz_hat": lambda k: k["gamma"] * k["dout"],
        "dstd": lambda k: -(k["dz_hat"] * k["centred"]).sum(axis=0) / k["std"] ** 2,
        "dvar": lambda k: k["dstd"] / (2 * k["std"]),
        "dcentred": lambda k: k["dz_hat"] / k["std"] + 2 * k["centred"] / k["m"] * k["dvar"],
        "dmean": lambda k: -k["dcentred"].sum(axis=0),
        "dz": lambda k: k["dcentred"] + k["dmean"] / k["m"],
    }
    for name, stage in right.items():
        known[name] = changed.get(name, stage)(known)
    return tuple(known[name] for name in right)


@batchnorm_backward_staged.mistake(
    "dz_hat is dout itself. What reaches z_hat passes through the scale of each unit."
)
def stages_without_gamma(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dz_hat=lambda k: k["dout"] * 1.0)


@batchnorm_backward_staged.mistake(
    "dstd has the wrong sign. A larger std makes z_hat smaller: the derivative of 1 / std is negative."
)
def stages_std_sign(dout, z, gamma, eps):
    return _stages(
        dout, z, gamma, eps, dstd=lambda k: (k["dz_hat"] * k["centred"]).sum(axis=0) / k["std"] ** 2
    )


@batchnorm_backward_staged.mistake(
    "dstd is divided by std once. Differentiate 1 / std: one more division comes out of it."
)
def stages_std_once(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dstd=lambda k: -(k["dz_hat"] * k["centred"]).sum(axis=0) / k["std"])


@batchnorm_backward_staged.mistake(
    "dstd is a mean over the batch. Every example divides by the same std, so their shares add up: it is a sum."
)
def stages_std_mean(dout, z, gamma, eps):
    return _stages(
        dout, z, gamma, eps, dstd=lambda k: -(k["dz_hat"] * k["centred"]).mean(axis=0) / k["std"] ** 2
    )


@batchnorm_backward_staged.mistake(
    "dstd lacks the centred z: how much z_hat changes with std depends on how far the example is from the mean."
)
def stages_std_alike(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dstd=lambda k: -k["dz_hat"].sum(axis=0) / k["std"] ** 2)


@batchnorm_backward_staged.mistake(
    "dvar lacks a factor 1/2. std is a root of the variance: differentiate the root."
)
def stages_root_without_half(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dvar=lambda k: k["dstd"] / k["std"])


@batchnorm_backward_staged.mistake(
    "dvar multiplies by the derivative of a square. Here std comes from var by a root, so divide where you multiply."
)
def stages_square_for_root(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dvar=lambda k: k["dstd"] * 2 * k["std"])


@batchnorm_backward_staged.mistake(
    "dvar is dstd itself: std is the root of var plus eps, and the root has a derivative of its own."
)
def stages_root_left_out(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dvar=lambda k: k["dstd"] * 1.0)


@batchnorm_backward_staged.mistake(
    "dcentred holds the direct share alone. centred is read by var as well: add what comes back through it."
)
def stages_direct_alone(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dcentred=lambda k: k["dz_hat"] / k["std"])


@batchnorm_backward_staged.mistake(
    "dcentred holds the share through the variance alone. centred is read by z_hat as well: add the direct share."
)
def stages_through_variance_alone(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dcentred=lambda k: 2 * k["centred"] / k["m"] * k["dvar"])


@batchnorm_backward_staged.mistake(
    "In dcentred, what comes back through the variance is m times too large. The variance is a mean: an example has a share of 1/m in it."
)
def stages_variance_as_sum(dout, z, gamma, eps):
    return _stages(
        dout, z, gamma, eps, dcentred=lambda k: k["dz_hat"] / k["std"] + 2 * k["centred"] * k["dvar"]
    )


@batchnorm_backward_staged.mistake(
    "In dcentred, what comes back through the variance is half of what it should be: differentiate the square."
)
def stages_square_without_two(dout, z, gamma, eps):
    return _stages(
        dout, z, gamma, eps, dcentred=lambda k: k["dz_hat"] / k["std"] + k["centred"] / k["m"] * k["dvar"]
    )


@batchnorm_backward_staged.mistake(
    "In dcentred the direct share is not divided by std: z_hat is centred over std."
)
def stages_direct_not_divided(dout, z, gamma, eps):
    return _stages(
        dout, z, gamma, eps, dcentred=lambda k: k["dz_hat"] + 2 * k["centred"] / k["m"] * k["dvar"]
    )


@batchnorm_backward_staged.mistake("dmean has the wrong sign: a larger mean makes centred smaller.")
def stages_mean_sign(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dmean=lambda k: k["dcentred"].sum(axis=0))


@batchnorm_backward_staged.mistake(
    "dmean is a mean over the batch. The mean is taken from every example, so their shares add up: it is a sum."
)
def stages_mean_of_shares(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dmean=lambda k: -k["dcentred"].mean(axis=0))


@batchnorm_backward_staged.mistake(
    "dz is dcentred alone. z is read by the mean as well: add what comes back through it."
)
def stages_z_direct_alone(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dz=lambda k: k["dcentred"] * 1.0)


@batchnorm_backward_staged.mistake(
    "dz holds the share through the mean alone. z is read by centred as well: add the direct share."
)
def stages_z_through_mean_alone(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dz=lambda k: 0 * k["dcentred"] + k["dmean"] / k["m"])


@batchnorm_backward_staged.mistake(
    "In dz, what comes back through the mean is m times too large: an example has a share of 1/m in the mean."
)
def stages_mean_as_sum(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, dz=lambda k: k["dcentred"] + k["dmean"])


@batchnorm_backward_staged.mistake(
    "std is computed without eps. The forward pass adds eps to the variance before it takes the root."
)
def stages_without_eps(dout, z, gamma, eps):
    with np.errstate(divide="ignore", invalid="ignore"):
        return _stages(dout, z, gamma, eps, std=lambda k: np.sqrt((k["centred"] ** 2).mean(axis=0)))


@batchnorm_backward_staged.mistake(
    "std has eps outside the root. In the forward pass it is added to the variance, inside."
)
def stages_eps_outside(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps, std=lambda k: np.sqrt((k["centred"] ** 2).mean(axis=0)) + k["eps"])


@batchnorm_backward_staged.mistake(
    "All six are right and in the order of the forward pass. Return them in the order in which you meet them going back: dz_hat first."
)
def stages_forward_order(dout, z, gamma, eps):
    return _stages(dout, z, gamma, eps)[::-1]


@batchnorm_backward_staged.variant
def stages_example_by_example(dout, z, gamma, eps):
    m = len(z)
    mean = sum(z) / m
    centred = [row - mean for row in z]
    var = sum(row**2 for row in centred) / m
    std = (var + eps) ** 0.5
    dz_hat = [gamma * row for row in dout]
    dstd = -sum(d * c for d, c in zip(dz_hat, centred, strict=True)) / (var + eps)
    dvar = 0.5 * dstd * (var + eps) ** -0.5
    dcentred = [d / std + 2 / m * c * dvar for d, c in zip(dz_hat, centred, strict=True)]
    dmean = -sum(dcentred)
    return (
        np.array(dz_hat),
        dstd,
        dvar,
        np.array(dcentred),
        dmean,
        np.array([d + dmean / m for d in dcentred]),
    )


@batchnorm_backward_staged.variant
def stages_with_what_cancels_left_out(dout, z, gamma, eps):
    m, centred = len(z), z - z.mean(axis=0)
    inverse = 1 / np.sqrt(np.einsum("ij,ij->j", centred, centred) / m + eps)
    dz_hat = dout * gamma
    dstd = -(inverse**2) * np.einsum("ij,ij->j", dz_hat, centred)
    dvar = dstd * inverse / 2
    dmean = -dz_hat.sum(axis=0) * inverse  # what comes through the variance sums to 0
    dcentred = dz_hat * inverse + centred * (2 * dvar / m)
    return dz_hat, dstd, dvar, dcentred, dmean, dcentred + dmean / m
