"""Probes: each tells what its docstring says, on inputs whose answer is known."""

import numpy as np
import pytest

from nnutils import probes

RNG = np.random.default_rng(0)


def test_inputs_are_reported_by_kind():
    X = np.column_stack(
        [np.arange(6.0), 100 * np.arange(6.0), np.ones(6), np.arange(6.0), np.arange(6.0) / 50]
    )
    X[2, 3] = np.inf
    told = probes.input_report(X, np.array([[9.0, 9, 9, 9, 9], X[4]]))
    assert told == {"not finite": [3], "constant": [2], "scale": [1, 4], "copies": [1]}
    assert probes.input_report(np.ones((3, 2)), np.zeros((1, 2)))["scale"] == []


def test_neighbours_agree_where_classes_lie_apart():
    X = np.repeat([[0.0, 0], [9, 9]], 20, axis=0) + RNG.normal(size=(40, 2))
    y = np.repeat([0, 1], 20)
    assert probes.label_agreement(X, y) == 1
    assert probes.label_agreement(X, RNG.permutation(y)) < 0.8
    assert probes.label_agreement(np.array([[0.0], [1], [1.5]]), np.array([0, 0, 1])) == pytest.approx(1 / 3)


def test_the_class_share_is_one_for_a_function_of_the_label():
    y = np.repeat([0, 1, 2], 200)
    X = np.column_stack([y**2, np.ones(600), RNG.normal(size=600), y + RNG.normal(size=600) * np.sqrt(2 / 3)])
    share = probes.class_share(X, y)
    assert share[0] == pytest.approx(1) and share[1] == 0 and share[2] < 0.02
    assert share[3] == pytest.approx(0.5, abs=0.06)  # as much variance between the classes as within


def test_losses_of_plain_answers():
    y = np.array([0, 1, 2, 2])
    assert probes.constant_loss(np.repeat(np.arange(10), 3)) == pytest.approx(np.log(10))
    shares = np.tile([0.25, 0.25, 0.5], (4, 1))
    assert probes.constant_loss(y) == pytest.approx(probes.cross_entropy(shares, y))
    assert np.isfinite(probes.cross_entropy(np.eye(3)[[1, 1, 1, 1]], y))


def test_ratios_and_steps():
    assert probes.update_ratios(
        [np.ones(4), np.zeros(2), np.zeros(2)], [np.zeros(4), np.ones(2), np.zeros(2)]
    ) == [1, np.inf, 0]
    costs = iter([3.0, 2.0, np.nan, 0.5])
    seen = []

    def step(X, y):
        seen.append(y)
        return next(costs)

    assert probes.overfit_batch(step, np.arange(6)[:, None], np.array([5, 5, 5, 1, 1, 1]), 2, 9, 1.0) == 3
    assert [sorted(y.tolist()) for y in seen] == [[1, 1, 5, 5]] * 4
    assert probes.overfit_batch(lambda X, y: 1.0, np.zeros((2, 1)), np.array([0, 1]), 1, 5, 1.0) == -1


def test_layers_are_reported():
    alike, different = np.full((5, 3), 2.0), np.array([[0.0, 3, 0], [0, 4, 0]])
    told = probes.activation_report([alike, different, np.zeros((2, 2))])
    assert told[0] == {"rms": 2, "dead": 0, "differ": 0}
    assert told[1]["dead"] == pytest.approx(2 / 3) and told[1]["differ"] == pytest.approx(np.sqrt(2 / 3))
    assert told[2] == {"rms": 0, "dead": 1, "differ": 0}
    assert probes.gradient_flow([np.full((2, 2), 0.1), np.full(3, 2.0)]) == pytest.approx([0.05, 1])
    assert probes.gradient_flow([np.ones(2), np.zeros(2)]) == [0, 0]
