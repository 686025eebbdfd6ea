"""The contrastive loss and its derivatives."""

import numpy as np
import pytest

from nnutils.contrastive import info_nce
from nnutils.gradients import numerical_gradient, relative_error

RNG = np.random.default_rng(4)
A, B = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 3))


def test_the_derivatives_are_those_of_the_loss():
    _, da, db = info_nce(A, B, 0.4)
    assert relative_error(da, numerical_gradient(lambda a: info_nce(a, B, 0.4)[0], A)) < 1e-8
    assert relative_error(db, numerical_gradient(lambda b: info_nce(A, b, 0.4)[0], B)) < 1e-8


def test_views_that_say_nothing_cost_log_m():
    same = np.tile(A[:1], (5, 1))
    assert info_nce(same, same)[0] == pytest.approx(np.log(5))


def test_only_directions_count():
    lengths = RNG.uniform(0.1, 9, size=(5, 1))
    assert info_nce(A * lengths, B)[0] == pytest.approx(info_nce(A, B)[0])


def test_it_stays_finite_and_in_single_precision():
    loss, da, db = info_nce(A.astype(np.float32), B.astype(np.float32), 0.001)
    assert np.isfinite(loss) and da.dtype == db.dtype == np.float32
    assert np.isfinite(da).all() and np.isfinite(db).all()
