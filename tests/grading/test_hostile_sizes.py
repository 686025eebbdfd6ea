"""Results that are small where they are made and huge where they are compared: they cost the grader little."""

import time

import pytest

from coursekit.grading import grade_notebook, words
from coursekit.grading.bounded import TooLong, at_most

resource = pytest.importorskip("resource", reason="Windows tells no peak of memory")
SIZES = {  # what feature_means returns
    "ranges": "[range(200_000)] * 40",
    "many ranges": "[range(200_000)] * 100_000",
    "a long string among short ones": "['x' * 7_000_000] + ['y'] * 100",
    "a long string among numbers": "[1.0] * 40_000 + ['x' * 1_900_000]",
    "strings in lists": "[['x' * 400_000], ['y']] * 20_000",
    "one list many times": "[[0.0] * 1000] * 1000",
    "one array many times": "[np.zeros(1_000_000)] * 30",
    "a large array": "np.zeros(4_000_000)",
    "a repeated array": "np.broadcast_to(0.0, (1 << 40,))",
    "large numbers": "[1 << 4000] * 49_000",
    "dicts": "[{i: i for i in range(900)}] * 50",
    "equal keys": "[{i * (2**61 - 1): 0 for i in range(999)}] * 20",
}


@pytest.mark.parametrize("name", SIZES)
def test_a_result_costs_the_grader_a_bounded_time(mark, name):
    mark("def feature_means(X):\n    return X.mean(axis=0)")  # what is made once is made
    begun, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    item = mark(f"import numpy as np\ndef feature_means(X):\n    return {SIZES[name]}")["feature_means"]
    assert item.points == 0 and item.status == "failed", item
    assert time.process_time() - begun < 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 150 << 10  # KB
    assert mark("def feature_means(X):\n    return X.mean(axis=0)")["feature_means"].points == 1


JUDGED = {
    "zeros": "np.zeros(1_000_000)",
    "large numbers": "[1 << 4000] * 49_000",
    "as many as may be": "np.arange(1_000_000).reshape(2, -1)",
}


@pytest.mark.parametrize("name", JUDGED)
def test_a_judge_is_given_a_bounded_time(mark, monkeypatch, name):
    monkeypatch.setattr(grade_notebook, "MAX_COMPARING", 1.0)
    answer = f"import numpy as np\ndef stratified_split(y, fractions, rng):\n    return {JUDGED[name]}"
    begun = time.process_time()
    item = mark(answer, topic="data_splits")["stratified_split"]
    assert item.points == 0 and item.status == "failed", item
    assert time.process_time() - begun < 5


def test_a_judge_gets_no_result_that_is_far_larger_than_the_right_one(mark):
    """The covariance of 8 000 columns has 512 MB, and its eigenvalues take minutes in one call of NumPy."""
    wide = "import numpy as np\ndef whiten(X):\n    return X.mean(axis=0), np.ones((X.shape[1], 8_000))"
    begun = time.process_time()
    item = mark(wide, topic="input_normalization")["whiten"]
    assert (item.points, item.sentence) == (0, "What it returns is far larger than what is asked for.")
    assert time.process_time() - begun < 3


def test_work_that_takes_too_long_is_stopped_even_where_errors_are_caught():
    begun = time.process_time()
    with pytest.raises(TooLong), at_most(0.2):
        while True:
            try:
                while True:
                    pass
            except Exception:
                continue
    assert 0.1 < time.process_time() - begun < 2
    with at_most(0.1):
        pass
    begun = time.process_time()
    while time.process_time() - begun < 0.3:
        pass  # the clock is off again


def test_a_judge_that_takes_too_long_fails_that_answer_alone(mark, toy, monkeypatch):
    def slow(arguments, result):
        while len(result) == 1:
            try:
                sum(range(1000))
            except Exception:
                continue
        return honest(arguments, result)

    honest = toy.toy_shuffle._judge
    monkeypatch.setattr(toy.toy_shuffle, "_judge", slow)
    monkeypatch.setattr(grade_notebook, "MAX_COMPARING", 0.3)
    short = mark("def toy_shuffle(x, rng):\n    return rng.permutation(x)[:1]", topic="toy_lesson")[
        "toy_shuffle"
    ]
    assert (short.points, short.sentence) == (0, words.TOO_LONG)
    right = mark("def toy_shuffle(x, rng):\n    return rng.permutation(x)", topic="toy_lesson")["toy_shuffle"]
    assert right.points == 1
