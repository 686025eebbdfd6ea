"""Exercise joined_mean: the means of two sets together, from the means and sizes of each."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=1,
    minutes=3,
    hints=(
        "One set has 1 example, the other 1 000. Which of the two means is the joined one close to?",
        "A mean times the number of its examples is the sum of the examples. Sums of two sets can be added.",
        "Add m_a * mean_a and m_b * mean_b, and divide by m_a + m_b.",
    ),
)
def joined_mean(mean_a, m_a, mean_b, m_b):
    """The mean of every feature over two sets together.

    mean_a, mean_b: (n_x,), the means of the features of each set.
    m_a, m_b: how many examples each set has, 1 or more.
    Returns an array (n_x,): what the mean of all examples, those of both
    sets, would be.
    """
    return (m_a * mean_a + m_b * mean_b) / (m_a + m_b)


@joined_mean.cases
def _(rng):
    for m_a, m_b in ((3, 5), (40, 1), (2, 9)):
        yield rng.normal(size=3) + 2, m_a, rng.normal(size=3) - 1, m_b
    yield np.array([1, -2, 7]), 4, np.array([6, 3, -5]), 3


@joined_mean.mistake(
    "This is the mean of the two means: both sets count the same, whatever their size. The larger set should count more."
)
def mean_of_the_means(mean_a, m_a, mean_b, m_b):
    return (mean_a + mean_b) / 2


@joined_mean.mistake(
    "The sizes have changed places: the mean of the larger set counts less than that of the smaller one."
)
def sizes_exchanged(mean_a, m_a, mean_b, m_b):
    return (m_b * mean_a + m_a * mean_b) / (m_a + m_b)


@joined_mean.mistake("This is the sum over all examples. Divide it by how many there are.")
def sum_of_all(mean_a, m_a, mean_b, m_b):
    return m_a * mean_a + m_b * mean_b


@joined_mean.mistake(
    "The sum over all examples is divided by 2, the number of sets. Divide by the number of examples."
)
def divided_by_two(mean_a, m_a, mean_b, m_b):
    return (m_a * mean_a + m_b * mean_b) / 2


@joined_mean.mistake(
    "The two means are added and then divided by the number of examples. A mean has been divided once already."
)
def means_divided_again(mean_a, m_a, mean_b, m_b):
    return (mean_a + mean_b) / (m_a + m_b)


@joined_mean.mistake(
    "Each sum is divided by the size of the OTHER set alone. Both belong over the number of all examples."
)
def divided_by_the_other(mean_a, m_a, mean_b, m_b):
    return m_a * mean_a / m_b + m_b * mean_b / m_a


@joined_mean.mistake(
    "The means come out as whole numbers, rounded down, often because // stands where / belongs."
)
def whole_division(mean_a, m_a, mean_b, m_b):
    return (m_a * mean_a + m_b * mean_b) // (m_a + m_b)


@joined_mean.variant
def by_shares(mean_a, m_a, mean_b, m_b):
    share = m_a / (m_a + m_b)
    return share * mean_a + (1 - share) * mean_b


@joined_mean.variant
def by_moving(mean_a, m_a, mean_b, m_b):
    return mean_a + m_b * (mean_b - mean_a) / (m_a + m_b)
