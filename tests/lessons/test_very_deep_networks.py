"""Lesson 16: TODO: what no rule knows, as judges, figures, inputs."""

import numpy as np

from nnutils.lessons.very_deep_networks import exercises


def test_the_reference_is_what_numpy_gives():
    x = np.arange(5.0)
    np.testing.assert_array_equal(exercises.residual_forward(x), np.multiply(2, x))
