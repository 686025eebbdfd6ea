"""Drawn characters: what is promised of them, and that difficulty makes them harder to read."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from nnutils.data import drawn_characters


def test_they_come_as_a_dataset_with_equally_frequent_classes():
    data = drawn_characters(40, "AB7q", size=12, dtype=np.float32)
    assert data.X.shape == (40, 144) and data.X.dtype == np.float32 and data.class_names == tuple("AB7q")
    assert data.X.min() >= 0 and data.X.max() <= 1
    np.testing.assert_array_equal(np.bincount(data.y), [10] * 4)


def test_a_seed_gives_the_same_pictures_and_another_one_others():
    first = drawn_characters(20, rng=1)
    np.testing.assert_array_equal(first.X, drawn_characters(20, rng=1).X)
    assert not np.array_equal(first.X, drawn_characters(20, rng=2).X)
    first.X[:] = 0
    assert drawn_characters(20, rng=1).X.any(), "the kept set is not the caller's"


@pytest.mark.parametrize(
    "difficulty, mean, std", [(0, 0.0777, 0.2238), (0.5, 0.3577, 0.3372), (1, 0.5158, 0.3059)]
)
def test_the_pictures_are_those_on_which_lessons_were_written(difficulty, mean, std):
    """Ink, background and negatives: what lessons print would move with them. Two Pillows may differ in single pixels."""
    X = drawn_characters(300, difficulty=difficulty).X
    assert (X.mean(), X.std()) == pytest.approx((mean, std), abs=5e-4)


def test_difficulty_makes_them_harder_for_a_nearest_neighbour():
    def accuracy(difficulty):
        X, y = drawn_characters(600, difficulty=difficulty)
        return KNeighborsClassifier(1).fit(X[:400], y[:400]).score(X[400:], y[400:])

    scores = [accuracy(difficulty) for difficulty in (0, 0.5, 1)]
    assert scores[0] == 1 and scores[0] > scores[1] + 0.1 and scores[1] > scores[2] + 0.1


@pytest.mark.parametrize(
    "settings",
    [{"difficulty": 1.5}, {"characters": "A"}, {"characters": "AA"}, {"m": 3}, {"difficulty": -0.1}],
)
def test_wrong_settings_are_refused(settings):
    with pytest.raises(ValueError, match=r"difficulty is|take two different"):
        drawn_characters(**{"m": 20} | settings)


def test_matplotlib_is_not_imported_for_its_fonts():
    """Where designs are graded, there is no folder in which matplotlib could keep anything."""
    code = "import sys; from nnutils.data import drawn_characters; drawn_characters(4, 'AB'); print('matplotlib' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
