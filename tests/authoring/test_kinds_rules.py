"""The rules of the kinds: how many a lesson has of each, what each needs, and that few are one expression."""

import dataclasses

import numpy as np
import pytest

from coursekit.authoring.lesson import Lesson, lessons
from coursekit.authoring.rules import course, exercises, kinds, text
from coursekit.authoring.rules.draft import Draft
from nnutils.checks.exercise import exercise
from nnutils.checks.prediction import number, prediction
from nnutils.checks.trial import Trial

LESSON = next(lesson for lesson in lessons() if lesson.topic == "momentum_rmsprop_adam")
TEXT = """# %% [markdown]
# # A title
# Points for 0.60, 70 % and 0.9. One unit reaches 0.4, the widest one 0.5.

# %% tags=["predict"]
peak

# %%
measured("peak", 3)
"""


def made(kind="write", **more):
    """An exercise of a kind, without faults, trial and baselines."""

    @exercise(kind=kind, points=1, minutes=5, hints=("a", "b", "c"), **more)
    def scaled(x, scale):
        """x times scale, from below by 0."""
        return np.maximum(x, 0) * scale

    @scaled.cases
    def _(rng):
        yield rng.normal(size=30), 2.0

    return scaled


def repair(*planted):
    item = made("repair")
    for name, sentence, right, wrong in planted:
        item.fault(name, sentence, right=right, wrong=wrong)
    return item


CUT = ("no_cut", "Numbers below 0 come through.", "np.maximum(x, 0)", "x")
SCALE = ("twice", "The scale counts twice.", "scale", "scale**2")


def scored(design, seed, x, scale):
    """1 for the answer that is right, 0.5 for half of it."""
    return float(np.sum(design) / np.sum(np.maximum(x, 0) * scale))


def design(thresholds=(0.6, 0.7, 0.9), baselines=("one unit", "the widest one"), tried=scored):
    item = made("design", thresholds=thresholds)
    for name in baselines:
        item.baseline(name)(lambda x, scale: 0.5 * np.maximum(x, 0) * scale)
    item.trial_of = Trial(tried, 1) if tried else None
    return item


@pytest.fixture
def draft(tmp_path, monkeypatch):
    """A function: a draft with these exercises and predictions."""

    def make(*items, guesses=1, source=TEXT):
        file = tmp_path / "lessons" / LESSON.source.name
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, encoding="utf-8")
        asked = [prediction("How many?", number()) for _ in range(guesses)]
        for item, name in zip(asked, ("peak", "end", "start"), strict=False):
            item.name = name
        base = Draft.of(LESSON, keras=False)
        return dataclasses.replace(
            base, exercises=[*items], predictions=asked, lesson=Lesson(file), root=tmp_path
        )

    return make


def test_what_a_lesson_lacks_is_told(draft):
    place = "lessons/12_momentum_rmsprop_adam.py"
    assert [*kinds.a_lesson_has_each_kind(draft(made()))] == [
        f"{place} has 0 exercises to derive or design: it must have 1",
        f"{place} has 0 repairs: it must have 1",
        f"{place} has 1 prediction: it must have 2",
    ]
    for other in (made("derive"), design()):
        assert not [*kinds.a_lesson_has_each_kind(draft(other, repair(CUT, SCALE), guesses=2))]


NEEDS = [
    (repair(CUT), "scaled has 1 fault: it must have 2 to 4, declared by scaled.fault(...)"),
    (
        design(thresholds=()),
        "scaled has the thresholds (): it must have some, each higher than the one before",
    ),
    (design(thresholds=(0.7, 0.6)), "scaled has the thresholds (0.7, 0.6): it must have some, each higher"),
    (design(thresholds=(0.6, 0.6)), "scaled has the thresholds (0.6, 0.6): it must have some, each higher"),
    (design(baselines=("one unit",)), "scaled has 1 baseline: it must have 2"),
    (design(tried=None), "scaled has no trial: write scaled.trial(a function of given.py)"),
    (made("write", thresholds=(0.5,)), 'scaled has what only a design has: write kind="design"'),
]


@pytest.mark.parametrize("item, sentence", NEEDS, ids=[sentence[:30] for _, sentence in NEEDS])
def test_what_an_exercise_of_a_kind_lacks_is_told(draft, item, sentence):
    (line,) = kinds.each_kind_has_what_it_needs(draft(item))
    assert sentence in line


def test_faults_of_another_kind_are_told(draft):
    item = repair(CUT, SCALE)
    item.kind = "write"
    (line,) = kinds.each_kind_has_what_it_needs(draft(item))
    assert 'scaled has what only a repair has: write kind="repair"' in line


def test_a_sentence_that_shows_the_code_of_its_fault_is_told(draft):
    shows = ("no_cut", "You left out np.maximum(x, 0).", *CUT[2:])
    (line,) = kinds.a_fault_is_told_by_what_it_does(draft(repair(shows, SCALE)))
    assert line.endswith(
        "scaled: the sentence of the fault no_cut shows the code `np.maximum(x, 0)`: say what it does"
    )
    assert not [*kinds.a_fault_is_told_by_what_it_does(draft(repair(CUT, SCALE)))]


def test_thresholds_and_baselines_that_the_text_does_not_say_are_told(draft):
    assert not [*kinds.the_text_states_its_designs(draft(design()))]
    other = design(thresholds=(0.06, 0.6, 0.95), baselines=("one unit", "two units"))
    assert len([*kinds.the_text_states_its_designs(draft(other))]) == 2
    other = design(thresholds=(0.06, 0.6, 0.95), baselines=("no unit", "two units"))
    assert [line.partition(".py ")[2] for line in kinds.the_text_states_its_designs(draft(other))] == [
        "does not say the threshold 0.06 of scaled: write it in the text",
        "does not say the threshold 0.95 of scaled: write it in the text",
        "names no baseline of scaled: say in the text what no unit or two units reaches",
    ]


@pytest.mark.parametrize(
    "old, new",
    [
        ('measured("peak", 3)', "print(3)"),
        ('measured("peak", 3)', 'measured("end", 3)'),
        ("# %% [markdown]", '# %%\nmeasured("peak", 2)\n\n# %% [markdown]\n# before the question'),
    ],
)
def test_a_guess_that_is_not_shown_is_told(draft, old, new):
    assert not [*kinds.guesses_are_shown_beside_what_was_measured(draft())]
    changed = TEXT.replace(old, new)
    changed = changed if new.startswith(("print", "meas")) else changed.replace('measured("peak", 3)', "")
    (line,) = kinds.guesses_are_shown_beside_what_was_measured(draft(source=changed))
    assert line.endswith(
        'the prediction peak is not shown beside a measurement: call `measured("peak", value)` in a cell below it'
    )


def test_faulty_code_that_does_not_run_is_told(draft):
    broken = ("twice", "The scale counts twice.", "* scale", "@ scale")
    (line,) = kinds.faulty_code_runs(draft(repair(CUT, broken)))
    assert "scaled: the code that students get raises ValueError in case 1: " in line
    assert not [*kinds.faulty_code_runs(draft(repair(CUT, SCALE)))]


def test_designs_that_are_not_told_apart_are_told(draft):
    """With thresholds above the reference, and below a baseline."""
    assert not [*exercises.designs_are_told_apart(draft(design()))]
    (high,) = exercises.designs_are_told_apart(draft(design(thresholds=(0.6, 1.5))))
    assert high.endswith("scaled: scaled reaches 1.000, less than the last threshold")
    low = [*exercises.designs_are_told_apart(draft(design(thresholds=(0.4, 0.9))))]
    assert [line.partition("scaled: ")[2] for line in low] == [
        f"the baseline {name} reaches 0.500, which earns points" for name in ("one unit", "the widest one")
    ]


def test_a_guess_that_is_given_another_value_is_told(draft):
    assert not [*text.a_guess_keeps_its_name(draft())]
    (line,) = text.a_guess_keeps_its_name(draft(source=TEXT + "peak = 3\n"))
    assert line.endswith(":10 gives peak a value, which is the name of a guess: choose another")


def two_names(x):
    square = x * x
    root = np.sqrt(square)
    return root + 1


def a_tuple_of_names(x):
    low, high = np.min(x), np.max(x)
    return high - low


def a_name_used_twice(x):
    mean = x.mean()
    return mean / (1 + mean)


def a_loop(x):
    total = 0
    for value in x:
        total = total + value
    return total


def an_unpacked_result(x):
    values, counts = np.unique(x, return_counts=True)
    return values[counts.argmax()]


def a_choice(x):
    if x > 0:
        return x
    return -x


@pytest.mark.parametrize(
    "function, short",
    [
        (two_names, True),
        (a_tuple_of_names, True),
        (a_name_used_twice, False),
        (a_loop, False),
        (an_unpacked_result, False),
        (a_choice, False),
    ],
)
def test_one_expression_is_recognised(function, short):
    item = exercise(points=1, minutes=1, hints=())(function)
    assert kinds.is_one_expression(item) is short


def test_too_many_short_exercises_are_told():
    short, long = (exercise(points=1, minutes=1, hints=())(one) for one in (two_names, a_loop))
    assert not [*kinds.too_many_are_short([short] * 4 + [long] * 16)]
    (line,) = kinds.too_many_are_short([short] * 4 + [long] * 15)
    assert line.startswith("4 of 19 exercises of the kind write are one expression (two_names, two_names, ")


def test_every_rule_is_asked():
    assert not {*kinds.RULES, *kinds.RUNNING} & {
        *course.RULES,
        *text.RULES,
        *exercises.RULES,
        *exercises.RUNNING,
    }
    assert len({*kinds.RULES, *kinds.RUNNING}) == 6
