"""Exercise accumulate: the gradient of a large batch from those of small ones."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=4,
    hints=(
        "Each gradient is a mean. What would you have to add up to get the sum over all examples?",
        "A mean over n examples, times n, is their sum. Keep two running totals: of the sums, and of the examples.",
        "In the loop: total = total + size * g; seen += size. At the end: return total / seen.",
    ),
)
def accumulate(grads, sizes):
    """The gradient of one large batch, from those of its parts.

    grads: a list of gradients, arrays of one shape (any shape). Each is the
    mean over the examples of its part. sizes: how many examples each
    part has; they may differ.
    Returns an array of that shape: the mean over all the examples. The
    gradients as given stay as they are.
    """
    total, seen = np.zeros_like(grads[0], dtype=float), 0
    for g, size in zip(grads, sizes, strict=True):
        total = total + size * g
        seen += size
    return total / seen


@accumulate.cases
def _(rng):
    yield [rng.normal(size=3) for _ in range(4)], [2, 2, 2, 2]
    yield [rng.normal(size=(3, 2)) for _ in range(3)], [8, 8, 3]
    yield [rng.integers(-9, 9, size=4) for _ in range(3)], [1, 5, 2]
    yield [rng.normal(size=(2, 2))], [6]
    yield [rng.normal(size=()) for _ in range(2)], [3, 1]


@accumulate.mistake("You took the plain mean of the gradients. A part with more examples should count more.")
def plain_mean(grads, sizes):
    return np.mean(grads, axis=0)


@accumulate.mistake(
    "You added the means. Their sum is not a mean: it is as many times too long as there are parts."
)
def plain_sum(grads, sizes):
    return np.sum(grads, axis=0)


@accumulate.mistake("This is the sum over all examples. Divide it by their number.")
def sum_over_examples(grads, sizes):
    return sum(size * g for g, size in zip(grads, sizes, strict=True))


@accumulate.mistake("You divided by the number of parts. Divide by the number of examples.")
def divided_by_the_parts(grads, sizes):
    return sum(size * g for g, size in zip(grads, sizes, strict=True)) / len(grads)


@accumulate.mistake(
    "You divided by the sizes. The gradients are means already: multiply, to get the sums back."
)
def divided_by_the_sizes(grads, sizes):
    return sum(g / size for g, size in zip(grads, sizes, strict=True)) / sum(sizes)


@accumulate.mistake(
    "You divided the sum of the means by the number of examples. Each mean must first be multiplied by its size."
)
def means_over_examples(grads, sizes):
    return np.sum(grads, axis=0) / sum(sizes)


@accumulate.mistake("You return the last part's gradient, or keep only that: add all of them up.")
def last_part(grads, sizes):
    return np.array(grads[-1], dtype=float)


@accumulate.mistake("All entries are summed into one number. The result has the shape of a gradient.")
def one_number(grads, sizes):
    return sum(size * np.sum(g) for g, size in zip(grads, sizes, strict=True)) / sum(sizes)


@accumulate.variant
def by_average(grads, sizes):
    return np.average(np.stack(grads), axis=0, weights=sizes)


@accumulate.variant
def running_mean(grads, sizes):
    mean, seen = np.array(grads[0], dtype=float), sizes[0]
    for g, size in zip(grads[1:], sizes[1:], strict=True):
        seen += size
        mean = mean + (g - mean) * size / seen
    return mean
