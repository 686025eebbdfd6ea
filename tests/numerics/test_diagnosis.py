"""What the errors on train and dev say."""

import numpy as np
import pytest

from nnutils.diagnosis import diagnose, error_rate, next_step
from nnutils.network import dense_network


def test_error_rate_is_one_less_a_network_s_accuracy():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 4)), rng.integers(0, 3, 30)
    network = dense_network([4, 5, 3], rng=0)
    assert error_rate(y, network.predict(X)) == pytest.approx(1 - network.accuracy(X, y))


def test_error_rate_counts_labels_and_not_their_distance():
    assert error_rate([9, 1, 1, 0], [4, 1, 1, 0]) == 0.25


@pytest.mark.parametrize(
    "errors, said",
    [
        ((0.15, 0.16, 0.01), "high bias"),
        ((0.01, 0.11, 0.00), "high variance"),
        ((0.15, 0.30, 0.01), "high bias and high variance"),
        ((0.15, 0.16, 0.14), "good fit"),
        ((0.05, 0.20, 0.15), "high variance"),  # below the Bayes error is no bias
        ((0.20, 0.13, 0.20), "good fit"),  # an easier dev set is no variance
    ],
)
def test_a_diagnosis_compares_neighbours(errors, said):
    assert diagnose(*errors) == said


def test_what_counts_as_high_can_be_chosen():
    assert diagnose(0.05, 0.06, 0.0) == "high bias"
    assert diagnose(0.05, 0.06, 0.0, gap=0.1) == "good fit"


def test_bias_comes_first_and_only_a_good_fit_ends():
    assert next_step("high bias and high variance") == next_step("high bias") != next_step("high variance")
    assert "test set" in next_step("good fit")
