import numpy as np
import pytest

from nnutils.activations import sigmoid, softmax
from nnutils.gradients import gradient_check
from nnutils.losses import mse, sigmoid_cross_entropy, softmax_cross_entropy

RNG = np.random.default_rng(3)
Z, Z1 = RNG.normal(0, 2, (5, 4)), RNG.normal(0, 2, (6, 1))
CASES = {
    "softmax": (softmax_cross_entropy, Z, np.array([3, 0, 0, 2, 1])),
    "sigmoid": (sigmoid_cross_entropy, Z1, np.array([1, 0, 0, 1, 1, 0])),
    "sigmoid, many outputs": (sigmoid_cross_entropy, Z, RNG.integers(0, 2, (5, 4))),
    "sigmoid, soft targets": (sigmoid_cross_entropy, Z1, RNG.random(6)),
    "mse": (mse, Z1, RNG.normal(0, 2, 6)),
    "mse, many outputs": (mse, Z, RNG.normal(0, 2, (5, 4))),
}


@pytest.mark.parametrize("case", CASES)
def test_gradient(case):
    loss, z, y = CASES[case]
    assert gradient_check(lambda t: loss(t, y)[0], lambda t: loss(t, y)[1], z) < 1e-8


@pytest.mark.parametrize("case", CASES)
def test_float32_stays_and_nothing_is_changed(case):
    loss, z, y = CASES[case]
    z32, y_before = z.astype(np.float32), y.copy()
    before = z32.copy()
    value, d = loss(z32, y)
    assert type(value) is float and d.dtype == np.float32 and d.shape == z.shape
    assert value == pytest.approx(loss(z, y)[0], rel=1e-5)
    np.testing.assert_array_equal(z32, before)
    np.testing.assert_array_equal(y, y_before)


@pytest.mark.parametrize("case", CASES)
def test_a_stack_of_runs_has_a_loss_each(case):
    loss, z, y = CASES[case]
    values, d = loss(np.stack([z, 2 * z, z - 1]), y)
    one_by_one = [loss(part, y) for part in (z, 2 * z, z - 1)]
    np.testing.assert_allclose(values, [value for value, _ in one_by_one])
    np.testing.assert_allclose(d, [d for _, d in one_by_one])


def test_the_formulas():
    p, y = softmax(Z), np.array([3, 0, 0, 2, 1])
    assert softmax_cross_entropy(Z, y)[0] == pytest.approx(-np.log(p[np.arange(5), y]).mean())
    a, t = sigmoid(Z1[:, 0])[0], np.array([1, 0, 0, 1, 1, 0])
    expected = -(t * np.log(a) + (1 - t) * np.log(1 - a)).mean()
    assert sigmoid_cross_entropy(Z1, t)[0] == pytest.approx(expected)
    assert mse([1.0, 4.0], [0.0, 2.0])[0] == 2.5


def test_far_out_logits_are_exact():
    with np.errstate(all="raise", under="ignore"):
        assert softmax_cross_entropy([[1000.0, 0.0]], [1])[0] == 1000
        assert softmax_cross_entropy([[1000.0, 0.0]], [0])[0] == 0
        assert sigmoid_cross_entropy([-1000.0, 1000.0], [1, 0])[0] == 1000
        assert sigmoid_cross_entropy([40.0], [1])[0] == pytest.approx(np.exp(-40), rel=1e-12)


@pytest.mark.parametrize(
    ("y", "word"),
    [
        ([0, 4, 1, 1, 1], "between 0 and 3"),
        ([0, -1, 1, 1, 1], "between"),
        ([0.0] * 5, "integer"),
        ([0, 1], "5"),
        (np.eye(5), "argmax"),
    ],
)
def test_wrong_labels_are_told(y, word):
    with pytest.raises(ValueError, match=word):
        softmax_cross_entropy(Z, y)


def test_wrong_targets_are_told():
    with pytest.raises(ValueError, match="as many targets"):
        mse(Z1, [1.0, 2.0])
    with pytest.raises(ValueError, match="as many targets"):
        mse(np.zeros((2, 3)), np.zeros((3, 2)))
