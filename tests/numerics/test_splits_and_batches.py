import numpy as np
import pytest

from nnutils.batches import minibatches, num_steps
from nnutils.splits import shuffle_split, split_sizes, stratified_split

THREE = (0.6, 0.2, 0.2)


def rng():
    return np.random.default_rng(11)


@pytest.mark.parametrize("m", [0, 1, 4, 7, 999, 1797])
def test_split_sizes_sum_to_m_and_the_first_takes_the_rest(m):
    sizes = split_sizes(m, THREE)
    assert sum(sizes) == m and sizes[1:] == (int(0.2 * m), int(0.2 * m))
    assert split_sizes(7, THREE) == (5, 1, 1)


def test_fractions_that_do_not_sum_to_one_are_told():
    for fractions in ((0.5, 0.2), (1.2, -0.2)):
        with pytest.raises(ValueError, match="sum to 1"):
            split_sizes(10, fractions)


def test_shuffle_split_keeps_the_rows_together_and_all_of_them():
    X = np.arange(46).reshape(23, 2)
    parts = shuffle_split(X, X[:, 0] * 10, THREE, rng())
    assert [len(part) for part, _ in parts] == [15, 4, 4]
    assert all((y == part[:, 0] * 10).all() for part, y in parts)
    together = np.concatenate([part for part, _ in parts])
    assert (together != X).any() and sorted(together[:, 0]) == list(X[:, 0])
    with pytest.raises(ValueError, match="as many"):
        shuffle_split(X, X[:5], THREE, rng())


def test_stratified_split_keeps_the_shares_of_the_classes():
    y = np.repeat([0, 1, 2], [100, 50, 10])
    parts = stratified_split(y, THREE, rng())
    assert sorted(np.concatenate(parts)) == list(range(160))
    assert [np.bincount(y[part]).tolist() for part in parts] == [[60, 30, 6], [20, 10, 2], [20, 10, 2]]
    assert (np.diff(parts[0]) < 0).any()  # not sorted by class


@pytest.mark.parametrize(("m", "size", "lengths"), [(10, 4, [4, 4, 2]), (8, 4, [4, 4]), (3, 9, [3])])
def test_minibatches_cover_every_example_once(m, size, lengths):
    X = np.arange(2 * m).reshape(m, 2)
    batches = minibatches(X, X[:, 1], size, rng())
    assert [len(y) for _, y in batches] == lengths and num_steps(m, size, 3) == 3 * len(lengths)
    assert all((part[:, 1] == y).all() for part, y in batches)
    assert sorted(np.concatenate([y for _, y in batches])) == list(X[:, 1])


def test_minibatches_are_shuffled_anew():
    X, generator = np.arange(100), rng()
    first, second = (minibatches(X, X, 100, generator)[0][1] for _ in range(2))
    assert (first != X).any() and (first != second).any()
    with pytest.raises(ValueError, match="batch_size"):
        minibatches(X, X, 0, generator)
