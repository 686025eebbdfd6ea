"""An answer that is right when its notebook is run from the top is right, whatever its helpers are called further below."""

import pytest

from coursekit.grading.reading.answers import answer_of
from coursekit.grading.reading.extract import extract
from nnutils.checks.catalogue import find_exercise

GIVEN = "import numpy as np\nfrom nnutils import check"
HELPER, ANSWER = "def half(X):\n    return X.mean(axis=0)", "def feature_means(X):\n    return half(X)"
CHECK = "feature_means = check(feature_means)"
NEAREST = """
def half(X, means):
    return ((X[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
def nearest_mean(X, means):
    return half(X, means)
nearest_mean = check(nearest_mean)
"""
LATER = {
    "another helper of the same name": NEAREST,
    "a value": "half = 7",
    "another constant": "ONE = 3.0",
    "a loop": "for half in range(3):\n    print(half)",
    "a library": "from scipy.special import expit as half",
}


@pytest.mark.parametrize("name", LATER)
def test_what_a_name_means_after_the_check_does_not_count(mark, name):
    answer = "ONE = 1.0\ndef feature_means(X):\n    return half(X) * ONE"
    items = mark(GIVEN, HELPER, answer, CHECK, LATER[name])
    assert items["feature_means"].points == 1, items["feature_means"]
    assert items["nearest_mean"].points == (1 if LATER[name] == NEAREST else 0)


def test_what_is_mended_below_the_check_counts_too(mark):
    assert mark(GIVEN, "def half(X):\n    return 7", ANSWER, CHECK, HELPER)["feature_means"].points == 1


@pytest.mark.parametrize("below", ["", "half = 7", HELPER + " + 2"])
def test_a_wrong_answer_stays_wrong(mark, below):
    assert mark(GIVEN, HELPER + " + 1", ANSWER, CHECK, below)["feature_means"].points == 0


def test_a_statement_that_changes_a_constant_and_fails_costs_nothing(mark):
    cells = ["SIZES = [1.0]", "for SIZE in SIZES:\n    SIZES.append(no_such_model.fit())"]
    answer = "def feature_means(X):\n    return X.mean(axis=0) * SIZES[0]"
    assert mark(GIVEN, *cells, answer, CHECK)["feature_means"].points == 1


def test_a_method_of_a_model_is_not_called():
    cells = ["MODEL = Model()", "MODEL.fit(X)", "NAMES = []", "NAMES.append(1)"]
    answer = "def feature_means(X):\n    return MODEL.predict(X, NAMES)"
    found = answer_of(extract([*cells, answer]), find_exercise("feature_means"), as_run=True)
    assert [source for *_, source in found.program] == [
        "MODEL = Model()",
        "NAMES = []",
        "NAMES.append(1)",
        answer,
    ]
