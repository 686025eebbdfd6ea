"""Exercise train_and_judge: a batch norm layer in training and at inference, with four faults, is repaired."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.batch_normalization.exercises.shared import draw_batch


@exercise(
    kind="repair",
    points=3,
    minutes=8,
    returns=("trained", "judged", "mean", "var"),
    hints=(
        "Call it with one batch and momentum 0.9, and print mean and var. Compare them with your update_running by hand. Then call it with "
        "another dev: may mean and var change?",
        "Two of the faults are about training and inference: which statistics does dev get, and when do the averages move? Two are "
        "arithmetic: whose share is momentum, and by what is the variance divided?",
        "dev is judged with training=False; the averages move only if training is True; the old averages have the share momentum; "
        "the variance is z.var(axis=0), which divides by m.",
    ),
)
def train_and_judge(batches, dev, gamma, beta, momentum, eps):
    """What a batch norm layer puts out, batch after batch of training, and
    for the same dev examples after each of them.

    batches: a list with one batch at least, z of the shape (m, n) each.
    dev: (k, n), the z that is judged. Each of them has two rows or more.
    gamma, beta: (n,). momentum, eps: as in your functions.
    A batch is normalized by its own mean and variance (divided by m), and
    moves the running averages once; they begin at 0 and 1. dev is judged
    by the averages alone, and changes nothing: whoever judges another dev,
    or none, has the same training.
    Returns (trained, judged, mean, var): a list with the output for each
    batch, an array (batches, k, n) with the outputs for dev after each
    batch, and the averages at the end, (n,).
    """
    averages = np.stack([np.zeros(len(gamma)), np.ones(len(gamma))])

    def layer(z, training):
        own = np.stack([z.mean(axis=0), z.var(axis=0)])
        mean, var = own if training else averages
        out = gamma * (z - mean) / np.sqrt(var + eps) + beta
        if training:
            averages[...] = momentum * averages + (1 - momentum) * own
        return out

    trained, judged = [], []
    for batch in batches:
        trained.append(layer(batch, training=True))
        judged.append(layer(dev, training=False))
    return trained, np.array(judged), *averages


train_and_judge.fault(
    "training_left_on",
    "The dev examples are normalized by their own mean and variance, and they move the running averages: what the layer says of an "
    "example depends on the others beside it. It runs in training mode where it should judge.",
    right="judged.append(layer(dev, training=False))",
    wrong="judged.append(layer(dev, training=True))",
)
train_and_judge.fault(
    "moves_while_judging",
    "The outputs for dev use the running averages, and then dev moves them: the averages hold statistics of examples that should only be "
    "judged.",
    right="if training:",
    wrong="if momentum < 1:",
)
train_and_judge.fault(
    "momentum_turned",
    "The running averages forget nearly all that came before at every batch: the new batch has the share that the old value should have.",
    right="momentum * averages + (1 - momentum) * own",
    wrong="(1 - momentum) * averages + momentum * own",
)
train_and_judge.fault(
    "one_less_than_m",
    "The variances are too large, the more so the smaller the batch: they are not divided by m.",
    right="z.var(axis=0)",
    wrong="z.var(axis=0, ddof=1)",
)


@train_and_judge.cases
def _(rng):
    for sizes, k, n, momentum, eps in (
        ((4, 4, 4), 5, 3, 0.9, 0.1),
        ((3, 5), 2, 4, 0.75, 0.02),
        ((2,), 3, 2, 0.6, 0.5),
        ((6, 2, 3, 5), 4, 1, 0.99, 0.2),
    ):
        batches = [draw_batch(rng, m, n)[0] for m in sizes]
        yield (
            batches,
            *(value + 1 if i == 0 else value for i, value in enumerate(draw_batch(rng, k, n))),
            momentum,
            eps,
        )
    whole = [np.array([[1, 4], [3, 0], [2, 2]]), np.array([[6, -2], [0, 2]])]
    yield whole, np.array([[2, 1], [5, 3]]), np.array([2, 3]), np.array([1, -1]), 0.8, 0.25


def _judge(
    batches,
    dev,
    gamma,
    beta,
    momentum,
    eps,
    *,
    start=(0.0, 1.0),
    late=False,
    epsilon_outside=False,
    first=False,
):
    averages = np.stack([np.full(len(gamma), value) for value in start])

    def out(z, mean, var):
        scale = np.sqrt(var) + eps if epsilon_outside else np.sqrt(var + eps)
        return gamma * (z - mean) / scale + beta

    trained, judged = [], []
    for z in batches:
        own, before = np.stack([z.mean(axis=0), z.var(axis=0)]), averages
        averages = momentum * averages + (1 - momentum) * own
        trained.append(out(z, *(before if first else own)))
        judged.append(out(dev, *(before if late else averages)))
    return trained, np.array(judged), *averages


@train_and_judge.mistake("The running variance begins at 0. It should begin at 1, and the mean at 0.")
def variance_from_0(batches, dev, gamma, beta, momentum, eps):
    return _judge(batches, dev, gamma, beta, momentum, eps, start=(0.0, 0.0))


@train_and_judge.mistake(
    "dev is judged before the batch has moved the averages. It should be judged after each batch."
)
def judged_before(batches, dev, gamma, beta, momentum, eps):
    return _judge(batches, dev, gamma, beta, momentum, eps, late=True)


@train_and_judge.mistake(
    "Epsilon is added to the standard deviation. It belongs to the variance, inside the root."
)
def judge_eps_outside(batches, dev, gamma, beta, momentum, eps):
    return _judge(batches, dev, gamma, beta, momentum, eps, epsilon_outside=True)


@train_and_judge.mistake(
    "The batches of training are normalized by the running averages. In training a batch has its own mean and variance."
)
def averages_in_training(batches, dev, gamma, beta, momentum, eps):
    return _judge(batches, dev, gamma, beta, momentum, eps, first=True)


@train_and_judge.variant
def by_two_passes(batches, dev, gamma, beta, momentum, eps):
    trained = [gamma * (z - np.mean(z, 0)) / np.sqrt(np.var(z, 0) + eps) + beta for z in batches]
    mean, var, judged = 0 * gamma, 0 * gamma + 1.0, []
    for z in batches:
        mean = mean + (1 - momentum) * (z.mean(axis=0) - mean)
        var = var + (1 - momentum) * (z.var(axis=0) - var)
        judged.append((dev - mean) * (gamma / np.sqrt(var + eps)) + beta)
    return trained, np.stack(judged), 1.0 * mean, var


@train_and_judge.variant
def by_weights_of_an_average(batches, dev, gamma, beta, momentum, eps):
    means, variances = (np.stack([f(z) for z in batches]) for f in (lambda z: z.mean(0), lambda z: z.var(0)))
    t = np.arange(1, len(batches) + 1)[:, None]
    ages = t - t.T
    weights = np.where(ages >= 0, (1 - momentum) * momentum ** np.maximum(ages, 0), 0)
    mean, var = weights @ means, weights @ variances + momentum**t
    scale = gamma / np.sqrt(var + eps)
    trained = [
        gamma * (z - m) / np.sqrt(v + eps) + beta for z, m, v in zip(batches, means, variances, strict=True)
    ]
    return trained, (dev - mean[:, None]) * scale[:, None] + beta, mean[-1], var[-1]
