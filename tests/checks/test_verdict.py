import numpy as np
import pytest

from nnutils.checks.check import examine
from nnutils.checks.exercise import exercise
from nnutils.checks.expected import ExpectedResults
from nnutils.checks.run import Failure, Run, run
from nnutils.checks.verdict import NOT_ATTEMPTED, compare_with_expected


def right(x, k):
    return k * x, float(np.sum(k * x))


def of(exercise, function):
    expected = ExpectedResults(exercise, exercise.draw())
    return compare_with_expected(expected, run(function, expected.cases))


def test_right_answer_passes(toy):
    verdict = of(toy, right)
    assert (verdict.status, verdict.mistake, verdict.cases, verdict.share) == (
        "passed",
        None,
        (True,) * 3,
        1.0,
    )


def test_mistake_is_named(toy):
    verdict = of(toy, lambda x, k: (k * k * x, np.sum(k * k * x)))
    assert (verdict.status, verdict.headline, verdict.mistake) == ("failed", "You multiplied twice.", "twice")
    assert verdict.details[0].startswith("`double[0, 0]` should be")
    assert verdict.cases == (False, True, False)  # 0 times x is 0 however often
    assert verdict.share == pytest.approx(1 / 3)


def test_mistake_in_some_cases_is_named(toy):
    verdict = of(toy, lambda x, k: toy(x, k) if x.ndim == 2 else (k * k * x, float((k * k * x).sum())))
    assert (verdict.mistake, verdict.cases) == ("twice", (True, True, False))


def test_mistake_in_single_precision_is_named(toy):
    assert of(toy, lambda x, k: (np.float32(k * k * x), np.float32(np.sum(k * k * x)))).mistake == "twice"


def test_mistake_made_in_place_is_named_all_the_same(toy):
    def function(x, k):
        x *= k
        x *= k
        return x.copy(), x.sum()

    toy.cases(lambda rng: [(rng.normal(size=3), 3.0), (rng.normal(size=3), 0.0)])
    assert of(toy, function).mistake == "twice"


def test_right_result_with_the_argument_changed_is_named(toy):
    def function(x, k):
        result = toy(x, k)
        x[...] = 5
        return result

    verdict = of(toy, function)
    assert verdict.mistake == "in_place"
    assert verdict.details[0].startswith("The result is right, but the argument x was changed in place")


def test_shared_memory_is_told_where_it_counts(toy):
    def function(x, k):
        return (x if k == 1 else x * k), float(np.sum(x * k))

    toy.cases(lambda rng: [(rng.normal(size=3), 1)])
    verdict = of(toy, function)
    assert "shares its memory with the argument x" in verdict.headline
    toy.fresh = False
    assert of(toy, function).status == "passed"


def test_unknown_mistake_is_told_by_what_differs(toy):
    verdict = of(toy, lambda x, k: (x * k, 7.0))
    assert verdict.mistake is None
    assert verdict.headline.startswith("`total` should be")
    assert verdict.details[0].startswith("Case 1: `x = [[")
    assert 'case("scaled", 1)' in verdict.details[0]


def test_error_is_told_with_its_line(toy):
    def function(x, k):
        return x @ "k"

    verdict = of(toy, function)
    assert verdict.mistake is None
    assert verdict.headline.startswith("It raises ")
    assert verdict.details[0].endswith('`return x @ "k"`')


def test_an_error_is_a_mistake_only_if_it_is_the_same_error(toy):
    @toy.mistake("You added a tuple.")
    def added(x, k):
        raise ValueError("a tuple")

    def other(x, k):
        raise ValueError("something else")

    assert of(toy, added).mistake == "added"
    assert of(toy, other).mistake is None


def test_not_implemented_everywhere_is_not_attempted(toy):
    def function(x, k):
        y = x * k
        raise NotImplementedError(y)

    def here_and_there(x, k):
        if x.ndim == 2:
            raise NotImplementedError
        return right(x, k)

    assert of(toy, function) is NOT_ATTEMPTED
    assert of(toy, here_and_there).status == "failed"


def test_ctrl_c_stops_the_check(toy):
    def function(x, k):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        examine(toy, function)


def test_object_equal_to_everything_fails(toy):
    class Equal:
        def __eq__(self, other):
            return True

        __hash__ = None
        __getattr__ = __getitem__ = __len__ = lambda self, *_: 2

    assert of(toy, lambda x, k: Equal()).status == "failed"
    assert of(toy, lambda x, k: (Equal(), Equal())).status == "failed"


@pytest.mark.parametrize(
    "function",
    [
        lambda n, rng: rng.permutation(n),
        lambda n, rng: np.argsort(rng.random(n)),
    ],
)
def test_judge_takes_any_right_draw(drawn, function):
    assert of(drawn, function).status == "passed"


@pytest.mark.parametrize(
    "function, words",
    [
        (lambda n, rng: np.arange(n), "never draws from rng"),
        (
            lambda n, rng: np.random.default_rng(4).permutation(n),
            "it uses a generator of its own (np.random.default_rng)",
        ),
        (
            lambda n, rng: np.roll(np.arange(n), 0 * rng.integers(9)),
            "with another rng it gives the same result",
        ),
        (
            lambda n, rng: np.random.default_rng().permutation(n) + 0 * rng.integers(2),
            "called again with the same rng",
        ),
        (lambda n, rng: rng.integers(n, size=n), "it is no permutation"),
        (
            lambda n, rng: rng.permutation(n)[:, None, None] + np.zeros((1, 1, 2), int),
            "does not have the form",
        ),
        (lambda n, rng: None, "should be an array, yours is None (is a return missing?)"),
        (lambda n, rng: 7, "should be an array, yours is 7 (int)"),
        (
            lambda n, rng: list(rng.permutation(n)),
            "should be an array, yours is a list of 50 numbers: write np.array(...)",
        ),
        (
            lambda n, rng: np.ma.masked_array(rng.permutation(n)),
            "yours is a masked array of shape (50,): write np.asarray",
        ),
        (lambda n, rng: rng.permutation(n).astype(str), "should be whole numbers, yours is"),
        (lambda n, rng: rng.permutation(n) + 0j, "should be whole numbers, yours is complex numbers"),
        (
            lambda n, rng: iter(rng.permutation(n)),
            "yours is an iterator, which gives its items one by one and only once",
        ),
        (
            lambda n, rng: (i for i in rng.permutation(n)),
            "yours is a generator, which gives its items one by one",
        ),
    ],
)
def test_judge_tells_what_is_wrong(drawn, function, words):
    verdict = of(drawn, function)
    assert verdict.status == "failed"
    assert words.lower() in verdict.headline.lower()


def test_symptom_names_a_mistake_however_it_draws(drawn):
    verdict = of(drawn, lambda n, rng: np.argsort(rng.random(n))[: n - 1])
    assert (verdict.mistake, verdict.headline) == ("too_short", "You left out n - 1.")


def test_symptom_that_cannot_read_a_result_is_none(drawn):
    assert of(drawn, lambda n, rng: 3.0 + 0 * rng.random()).mistake is None


def test_expected_results_run_the_courses_own_once(toy):
    calls = []
    expected = ExpectedResults(toy, toy.draw())
    mistake = toy.mistakes[1]
    object.__setattr__(mistake, "function", lambda x, k: calls.append(k) or (x, k))
    for _ in range(3):
        compare_with_expected(expected, run(lambda x, k: (x, k), expected.cases))
    assert sorted(calls) == [0.0, 2.0, 3.0]


def test_runs_and_cases_must_fit(toy):
    with pytest.raises(ValueError, match="1 runs of 3 cases"):
        compare_with_expected(ExpectedResults(toy, toy.draw()), [Run(failure=Failure("E", ""))])


def test_broken_reference_is_the_courses_fault(toy):
    toy.cases(lambda rng: [("a", "b")])
    with pytest.raises(RuntimeError, match="the reference of scaled fails on its own cases"):
        of(toy, right)


def test_exercise_without_cases_cannot_be_passed(toy):
    toy.cases(lambda rng: [])
    with pytest.raises(ValueError, match="no cases"):
        examine(toy, right)


def test_cases_may_be_dicts_and_take_defaults():
    @exercise(points=1, minutes=1, hints=())
    def f(x, alpha=0.01):
        return alpha * x

    f.cases(lambda rng: [(1.0,), {"alpha": 2.0, "x": 3.0}])
    assert f.draw() == [{"x": 1.0, "alpha": 0.01}, {"x": 3.0, "alpha": 2.0}]


def test_every_seed_draws_its_own_cases(toy):
    first, again, other = toy.draw(1), toy.draw(1), toy.draw(2)
    assert (first[0]["x"] == again[0]["x"]).all()
    assert (first[0]["x"] != other[0]["x"]).all()
