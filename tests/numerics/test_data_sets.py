import subprocess
import sys

import numpy as np
import pytest

import nnutils
from nnutils import data

SETS = {
    "digits": (data.digits, (1797, 64), 10),
    "breast_cancer": (data.breast_cancer, (569, 30), 2),
    "wine": (data.wine, (178, 13), 3),
    "diabetes": (data.diabetes, (442, 10), 0),
    "moons": (data.moons, (300, 2), 2),
    "circles": (data.circles, (300, 2), 2),
    "spirals": (data.spirals, (300, 2), 3),
}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_shapes_names_and_types(name, dtype):
    make, shape, classes = SETS[name]
    dataset = make(dtype=dtype)
    X, y = dataset
    assert X.shape == shape and X.dtype == dtype and len(dataset) == len(y) == shape[0]
    assert len(dataset.feature_names) == shape[1] and len(dataset.class_names) == classes
    assert dataset.description and np.isfinite(X).all() and str(shape[0]) in repr(dataset)
    assert set(np.unique(y)) == set(range(classes)) if classes else y.dtype == dtype


def test_scales():
    X, _ = data.digits()
    assert X.min() == 0 and X.max() == 1
    spread = data.breast_cancer().X.std(axis=0)
    assert spread.max() / spread.min() > 1e5


@pytest.mark.parametrize("name", ["moons", "circles", "spirals"])
def test_drawn_sets_are_seeded_balanced_and_shuffled(name):
    make = SETS[name][0]
    first, same, other = make(100, rng=3), make(100, rng=np.random.default_rng(3)), make(100, rng=4)
    np.testing.assert_array_equal(first.X, same.X)
    assert (first.X != other.X).any() and (np.diff(first.y) < 0).any()
    assert np.ptp(np.bincount(first.y)) <= 1
    with pytest.raises(ValueError, match="noise"):
        make(100, noise=-1)


def test_without_noise_the_classes_lie_on_their_curves():
    circle = data.circles(50, noise=0)
    np.testing.assert_allclose(np.linalg.norm(circle.X, axis=1), np.where(circle.y == 0, 1, 0.5))
    moon = data.moons(50, noise=0)
    centre = np.where(moon.y[:, None] == 0, [0, 0], [1, 0.5])
    np.testing.assert_allclose(np.linalg.norm(moon.X - centre, axis=1), 1)


def test_temperatures_are_a_year():
    degrees = data.temperatures(3)
    assert degrees.shape == (365,) and (degrees == data.temperatures(np.random.default_rng(3))).all()
    assert degrees[180:240].mean() > 15 > 7 > degrees[:60].mean()
    np.testing.assert_allclose(np.std(np.diff(degrees)), 2.2, atol=0.4)


def test_share_prices():
    dates, prices = data.share_prices()
    assert dates.shape == prices.shape == (1047,) and dates.dtype == "datetime64[D]"
    assert (np.diff(dates) > np.timedelta64(0)).all() and 99 < prices.min() < prices.max() < 750


@pytest.mark.parametrize("name", ["china.jpg", "flower.jpg", "grace_hopper.jpg"])
def test_photos(name):
    image = data.photo(name, np.float32)
    assert image.ndim == 3 and image.shape[2] == 3 and image.dtype == np.float32
    assert image.min() >= 0 and 0.9 < image.max() <= 1


def test_a_photo_that_is_not_there_is_told():
    with pytest.raises(ValueError, match=r"china\.jpg"):
        data.photo("cat.jpg")


NUMERICS = "activations arrays augmentation averages batches data dropout gradients initializers layers losses network optimizers"
NUMERICS = f"{NUMERICS} schedules search splits training"
HEAVY = {"sklearn", "matplotlib", "scipy", "keras", "tensorflow", "IPython"}


def test_the_numerics_load_numpy_alone():
    package = f"nnutils.__path__ = {list(nnutils.__path__)}"  # without its __init__, which is not numerics
    lines = ["import sys, types", "nnutils = sys.modules['nnutils'] = types.ModuleType('nnutils')", package]
    lines += [f"import nnutils.{name}" for name in NUMERICS.split()]
    lines += ["print(*sorted({name.partition('.')[0] for name in sys.modules}))"]
    run = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "numpy" in loaded and not loaded & HEAVY
