"""The pages of docs/ say what is so: their blocks run, links lead somewhere, and what they say of Keras is what Keras does."""

import doctest
import re
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_blocks_of_a_page_run_and_print_what_stands_there(page):
    assert doctest.testfile(str(page), module_relative=False, encoding="utf-8").failed == 0


def test_the_conventions_hold_doctests():
    examples = doctest.DocTestParser().get_examples(
        (ROOT / "docs" / "conventions.md").read_text(encoding="utf-8")
    )
    assert len(examples) >= 12


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_to_files(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


FOLDERS = "nnutils|coursekit|tests|benchmarks|docs|lessons|solutions|notebooks|.github|.ci|.binder"
FILE = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")
PLACEHOLDERS = (
    "NN_topic",
    "/topic/",
    "class_weights",
)  # a name left open, and the lesson that docs/maintainers.md adds
MODULE = re.compile(r"`((?:authoring|grading|sandbox|site|checks|figures)(?:\.[a-z]\w*)+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_files_and_modules_that_a_page_names_are_there(page):
    text = page.read_text(encoding="utf-8")
    files = [name for name in FILE.findall(text) if not any(part in name for part in PLACEHOLDERS)]
    assert [name for name in files if not (ROOT / name).exists()] == []
    modules = [name.replace(".", "/") for name in MODULE.findall(text)]
    places = [ROOT / package / name for package in ("nnutils", "coursekit") for name in modules]
    there = {place.name for place in places if place.is_dir() or place.with_suffix(".py").exists()}
    assert {Path(name).name for name in modules} <= there


def test_the_pages_name_files_and_modules():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert len(FILE.findall(text)) >= 5 and len(MODULE.findall(text)) >= 15


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


def keras_steps(keras, optimizer, gradients):
    w = keras.Variable(np.zeros(1), dtype="float64")
    for g in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(np.array([g]), "float64")], [w])
    return float(keras.ops.convert_to_numpy(w)[0])


def test_keras_momentum_has_the_learning_rate_inside_and_no_one_minus_beta(keras):
    lr, beta, v, w = 0.1, 0.9, 0.0, 0.0
    for g in (1.0, -2.0, 0.5):
        v = beta * v - lr * g
        w += v
    assert keras_steps(keras, keras.optimizers.SGD(lr, momentum=beta), (1.0, -2.0, 0.5)) == pytest.approx(
        w, rel=1e-5
    )


def test_keras_adam_adds_epsilon_to_the_uncorrected_root(keras):
    lr, b1, b2, eps, m, v, w = 0.1, 0.9, 0.999, 0.01, 0.0, 0.0, 0.0
    for t, g in enumerate((0.3, -0.2, 0.1), start=1):
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        w -= lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps / (1 - b2**t) ** 0.5)
    assert keras_steps(keras, keras.optimizers.Adam(lr, b1, b2, eps), (0.3, -0.2, 0.1)) == pytest.approx(
        w, rel=1e-4
    )


def test_keras_rmsprop_has_epsilon_inside_the_root(keras):
    lr, rho, eps, s, w = 0.1, 0.9, 0.01, 0.0, 0.0
    for g in (0.3, -0.2):
        s = rho * s + (1 - rho) * g * g
        w -= lr * g / (s + eps) ** 0.5
    assert keras_steps(keras, keras.optimizers.RMSprop(lr, rho, epsilon=eps), (0.3, -0.2)) == pytest.approx(
        w, rel=1e-4
    )


def test_keras_l2_has_no_m(keras):
    assert float(keras.regularizers.L2(0.5)(np.array([[1.0, 2.0]]))) == pytest.approx(0.5 * 5)


def test_keras_batch_norm_keeps_the_old_share_and_the_biased_variance(keras):
    layer = keras.layers.BatchNormalization(momentum=0.8)
    x = np.array([[1.0], [3.0], [8.0]])
    layer(x, training=True)
    assert float(keras.ops.convert_to_numpy(layer.moving_mean)[0]) == pytest.approx(0.2 * x.mean(), rel=1e-5)
    assert float(keras.ops.convert_to_numpy(layer.moving_variance)[0]) == pytest.approx(
        0.8 + 0.2 * x.var(), rel=1e-5
    )
    assert (layer.epsilon, keras.layers.BatchNormalization().momentum) == (1e-3, 0.99)


def test_keras_adagrad_begins_at_a_tenth(keras):
    assert keras.optimizers.Adagrad().initial_accumulator_value == 0.1
    assert keras.optimizers.Adam().epsilon == keras.optimizers.RMSprop().epsilon == 1e-7
