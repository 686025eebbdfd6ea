"""Exercise contrastive_loss: of m pictures, which one is the other view of mine? The loss is derived from that question."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=4,
    minutes=14,
    hints=(
        "It is a classification with m classes: the class of row i is i. Which table of numbers holds a score for each row of a and each "
        "row of b? How do you make scores that a longer row does not change?",
        "Divide each row by its length; all products of rows of a with rows of b are then cosines. Divided by the temperature they are "
        "logits (m, m), whose right classes stand on the diagonal. The other direction is the same table, read by columns.",
        "a = a / np.linalg.norm(a, axis=1, keepdims=True), b likewise; s = a @ b.T / temperature. For s and for s.T: subtract the row's "
        "maximum, take the log of the row's sum of exp, minus the diagonal, mean over rows. Return the mean of the two.",
    ),
)
def contrastive_loss(a, b, temperature):
    """How badly two views of the same pictures find each other.

    a, b: (m, d). Row i of a and row i of b are what a network says of two
    views of picture i; other rows belong to other pictures. No row is 0.
    temperature: a positive float.
    Each row of a has to name its partner among all m rows of b. It prefers
    rows that point into its own direction, however long they are: turned
    by 90 degrees, a row gets the score 0, in its own direction 1, opposite
    -1. Divided by the temperature, its scores are the logits of a softmax.
    Each row of b has to name its partner among all rows of a, likewise.
    Returns a float: the mean cross-entropy of the answers, in nats, where
    all 2 m of them count the same. It is finite at any temperature from
    0.0001 on.
    """
    a = a / np.linalg.norm(a, axis=1, keepdims=True)
    b = b / np.linalg.norm(b, axis=1, keepdims=True)
    logits = a @ b.T / temperature
    losses = []
    for scores in (logits, logits.T):
        scores = scores - scores.max(axis=1, keepdims=True)
        log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        losses.append(-np.mean(np.diag(log_p)))
    return float(np.mean(losses))


@contrastive_loss.cases
def _(rng):
    for m, d, temperature in ((5, 3, 0.5), (4, 6, 0.2), (7, 2, 1.5)):
        a = rng.normal(size=(m, d)) * rng.uniform(0.3, 4, size=(m, 1))
        yield a, a + rng.normal(size=(m, d)), temperature
    yield np.eye(3)[[0, 1, 1]] * [[2.0], [1.0], [5.0]], np.eye(3)[[0, 1, 2]] * 3.0, 1.0
    a, b = rng.normal(size=(2, 6, 4))
    b[:3] = 2 * a[:3]  # three are found, and the others hardly
    yield a, b, 0.0001
    yield np.array([[1, 2], [3, -1]]), np.array([[2, 2], [-1, -3]]), 0.7
    yield rng.normal(size=(1, 3)), rng.normal(size=(1, 3)), 0.3  # alone there is no other choice


def _unit(a):
    return a / np.linalg.norm(a, axis=1, keepdims=True)


def _one_way(scores):
    top = scores.max(axis=1, keepdims=True)
    log_p = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    return -np.diag(log_p)


def _both(scores):
    return (_one_way(scores).mean() + _one_way(scores.T).mean()) / 2


@contrastive_loss.mistake(
    "Only the rows of a look for their partners. The rows of b have to find theirs among the rows of a, too: average both."
)
def one_direction(a, b, temperature):
    return _one_way(_unit(a) @ _unit(b).T / temperature).mean()


@contrastive_loss.mistake(
    "Only the rows of b look for their partners: the softmax runs along the wrong axis. Both directions count."
)
def other_direction(a, b, temperature):
    return _one_way((_unit(a) @ _unit(b).T / temperature).T).mean()


@contrastive_loss.mistake("Longer rows get larger scores: the rows are not divided by their lengths.")
def lengths_count(a, b, temperature):
    return _both(a @ b.T / temperature)


@contrastive_loss.mistake("The scores are multiplied by the temperature. Divide by it.")
def multiplied(a, b, temperature):
    return _both(_unit(a) @ _unit(b).T * temperature)


@contrastive_loss.mistake("The temperature is missing.")
def without_temperature(a, b, temperature):
    return _both(_unit(a) @ _unit(b).T)


@contrastive_loss.mistake("The losses are added up over the rows. Take the mean over the answers.")
def summed(a, b, temperature):
    return _both(_unit(a) @ _unit(b).T / temperature) * len(a)


@contrastive_loss.mistake(
    "The two directions are added. All 2 m answers count the same in one mean: halve it."
)
def directions_added(a, b, temperature):
    return 2 * _both(_unit(a) @ _unit(b).T / temperature)


@contrastive_loss.mistake(
    "The sign is turned: a cross-entropy is not negative. It is minus the log of the right answer's probability."
)
def sign_turned(a, b, temperature):
    return -_both(_unit(a) @ _unit(b).T / temperature)


@contrastive_loss.mistake(
    "The partner is missing among the choices: the sum below the fraction runs over the other rows alone. All m rows can be named."
)
def partner_left_out(a, b, temperature):
    s = _unit(a) @ _unit(b).T / temperature
    if len(s) == 1:
        return 0.0
    losses = []
    for scores in (s, s.T):
        others = np.where(np.eye(len(s), dtype=bool), -np.inf, scores)
        top = others.max(axis=1)
        losses.append(np.mean(top + np.log(np.exp(others - top[:, None]).sum(axis=1)) - np.diag(scores)))
    return np.mean(losses)


@contrastive_loss.mistake(
    "At a small temperature the result is not finite: exp of a large score overflows. Subtract each row's largest score first."
)
def overflows(a, b, temperature):
    s = _unit(a) @ _unit(b).T / temperature
    with np.errstate(all="ignore"):
        p, q = (np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True) for scores in (s, s.T))
        return -(np.log(np.diag(p)).mean() + np.log(np.diag(q)).mean()) / 2


@contrastive_loss.mistake(
    "Two rows are compared by their distance. The scores are the cosines of their angles: 1, 0 and -1 at 0, 90 and 180 degrees."
)
def by_distance(a, b, temperature):
    squares = np.square(_unit(a)[:, None] - _unit(b)).sum(axis=2)
    return _both(-np.sqrt(squares) / temperature)


@contrastive_loss.mistake(
    "The rows of one view are choices for each other, too, as in SimCLR's loss. Here a row of a chooses among the rows of b alone, and "
    "the other way round."
)
def as_in_simclr(a, b, temperature):
    z = _unit(np.concatenate([a, b]))
    s = z @ z.T / temperature
    m = len(a)
    if m == 1:
        return 0.0
    np.fill_diagonal(s, -np.inf)
    top = s.max(axis=1)
    right = s[np.arange(2 * m), np.roll(np.arange(2 * m), m)]
    return np.mean(top + np.log(np.exp(s - top[:, None]).sum(axis=1)) - right)


@contrastive_loss.mistake(
    "This is the share of wrong answers or of right ones. Return the mean cross-entropy, in nats."
)
def share_of_errors(a, b, temperature):
    s = _unit(a) @ _unit(b).T
    right = np.arange(len(a))
    return np.mean([np.mean(s.argmax(axis=1) != right), np.mean(s.argmax(axis=0) != right)])


@contrastive_loss.mistake(
    "The logarithm has base 2. Cross-entropies of this course are in nats: the natural logarithm."
)
def in_bits(a, b, temperature):
    return _both(_unit(a) @ _unit(b).T / temperature) / np.log(2)


@contrastive_loss.variant
def by_loops(a, b, temperature):
    cosines = [[float(x @ z / np.sqrt(x @ x) / np.sqrt(z @ z)) for z in b] for x in a]
    s = np.array(cosines) / temperature
    total = 0.0
    for i in range(len(a)):
        for scores in (s[i], s[:, i]):
            total += scores.max() + np.log(np.sum(np.exp(scores - scores.max()))) - scores[i]
    return total / (2 * len(a))


@contrastive_loss.variant
def by_logaddexp(a, b, temperature):
    s = (a @ b.T) / np.outer(np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1)) / temperature
    by_row, by_column = np.logaddexp.reduce(s, axis=1), np.logaddexp.reduce(s, axis=0)
    return ((by_row + by_column) / 2 - s.diagonal()).mean()
