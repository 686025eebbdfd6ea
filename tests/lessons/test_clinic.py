"""Lesson 20: the programs and their faults, references against the library, the trial, the given code, the figures."""

import numpy as np
import pytest

from nnutils import probes
from nnutils.gradients import numerical_gradient, relative_error
from nnutils.lessons.clinic import exercises as lesson
from nnutils.lessons.clinic import given, plots
from nnutils.losses import Loss

KINDS = [(name, form) for name in given.FAULTS for form in range(len(given.FORMS[name]))]
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("fault, form", [("", 0), *KINDS])
@pytest.mark.parametrize("norm", [None, False, True])
def test_a_number_holds_all_that_a_program_is(fault, form, norm):
    for seed in (0, 7, 9999):
        assert given._unsealed(given.program(fault, seed, form, norm).number) == (fault, form, seed, norm)


def test_a_program_shows_no_name_of_a_fault():
    patient = given.program("leak", 3)
    assert list(vars(patient)) == ["number", "pictures", "labels"] and "leak" not in repr(patient)
    near = [given.program("leak", seed).number for seed in range(200)]
    assert len({number % 16 for number in near}) == 16  # its low bits tell nothing


@pytest.mark.parametrize("fault, form", [("", 0), *KINDS])
def test_a_program_runs_again_as_before(fault, form):
    first, second = given.program(fault, 5, form), given.program(fault, 5, form)
    np.testing.assert_array_equal(first.log["cost"], second.log["cost"])
    assert first.log["cost"].shape == (150,) and first.log["new"].shape == (15,)
    run = first.begin()
    before = run.weights()
    costs = [run.cost(first.X, first.y) for _ in range(2)]
    assert costs[0] == costs[1]
    run.gradient(first.X[:30], first.y[:30])
    run.activations(first.X[:30])
    run.probabilities(first.X[:30])
    for old, new in zip(before, run.weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    with np.errstate(all="ignore"):
        assert run.step(first.X[:30], first.y[:30]) == first.begin().step(first.X[:30], first.y[:30])


def test_sick_and_healthy_share_data_start_and_order():
    sick, healthy = given.program("rate", 4, 1), given.program("", 4)
    np.testing.assert_array_equal(sick.X, healthy.X)
    for a, b in zip(sick.begin().weights(), healthy.begin().weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert sick.log["cost"][0] == healthy.log["cost"][0]


@pytest.mark.parametrize("fault, form", KINDS)
def test_each_fault_disappoints(fault, form):
    """Over a few seeds a sick program ends below the healthy one, or its dev score is too good, or its cost is wrong."""
    sick, healthy = (
        [given.program(kind, seed, form * bool(kind)).log for seed in range(4)] for kind in (fault, "")
    )
    new = [np.mean([log["new"][-1] for log in logs]) for logs in (sick, healthy)]
    if fault == "leak":
        assert np.mean([log["dev"][-1] - log["new"][-1] for log in sick]) > 0.03
    elif (fault, form) == ("loss", 2):
        assert all(log["cost"][-1] < 0 for log in sick)
    else:
        assert new[0] < new[1] - 0.02


@pytest.mark.parametrize("loss", [given._twice, given._sum])
def test_a_wrong_loss_has_the_gradient_of_what_it_computes(loss):
    z, y = RNG.normal(size=(4, 3)), np.array([0, 2, 1, 1])
    cost, d = Loss("softmax", loss, given._softmax_twice).cost(z, y)
    numerical = numerical_gradient(lambda z: loss(z, y)[0], z, 1e-6)
    assert np.isfinite(cost) and relative_error(numerical, d) < 1e-7


def test_the_gradient_of_a_run_is_that_of_its_cost():
    patient = given.program("", 2, norm=True)
    run = patient.begin()
    slopes = run.gradient(patient.X[:30], patient.y[:30])
    before = run.weights()
    run.step(patient.X[:30], patient.y[:30])
    for old, new, slope in zip(before, run.weights(), slopes, strict=True):
        np.testing.assert_allclose(old - new, 0.2 * slope, rtol=1e-6, atol=1e-12)


def test_the_references_are_the_library():
    X = RNG.normal(size=(9, 4)) * [1, 50, 1, 1]
    X[:, 2] = 1
    X[3, 3] = np.nan
    dev = np.vstack([X[0], RNG.normal(size=4)])
    assert lesson.input_report(X, dev, 10) == probes.input_report(X, dev, 10)
    before, after = [np.zeros(2), np.ones(3), np.zeros(1)], [np.ones(2), np.full(3, 2.0), np.zeros(1)]
    assert lesson.update_ratios(before, after) == probes.update_ratios(before, after) == [np.inf, 1, 0]
    y = np.repeat([0, 1], 10)
    X = np.column_stack([np.ones(20), y])
    found = [
        count(given.Pupil(np.zeros(1), 2.0), X, y, 3, 300, 0.01)
        for count in (lesson.overfit_batch, probes.overfit_batch)
    ]
    assert found[0] == found[1] > 0


def test_the_sick_training_is_what_students_get():
    namespace = {"np": np}
    exec(lesson.train.faulty, namespace)
    (case,) = [list(case.values()) for case in lesson.train.draw(1)[:1]]
    for ours, theirs in zip(given.sick_train(*case), namespace["train"](*case), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.parametrize("fault, form", [("", 0), *KINDS])
def test_the_reference_names_every_kind(fault, form):
    for seed in (20_000, 20_001):
        assert lesson.examine.reference(given.program(fault, seed, form)) == (fault or given.HEALTHY)


@pytest.mark.parametrize("design", [None, 3, "Rate", "", ["rate"]])
def test_what_is_no_name_is_refused(design):
    with pytest.raises(ValueError, match="one of the names"):
        given.try_examination(design, 0, given.program())


def test_the_trial_counts_right_names():
    assert given.try_examination("rate", 0, given.program("rate")) == 1.0
    assert given.try_examination("rate", 0, given.program()) == 0.0
    assert given.try_examination("healthy", 0, given.program()) == 1.0


def test_luck():
    assert lesson.by_luck(3, 0) == 1 / 8 and lesson.by_luck(0, 5) == 1
    draws = np.random.default_rng(0).binomial(9, 0.5, size=100_000)
    assert lesson.by_luck(6, 3) == pytest.approx(np.mean(draws >= 6), abs=0.01)


def test_the_given_trainings_learn():
    healthy = given.program()
    assert given.fit_baseline(healthy.X, healthy.y, healthy.X_new, healthy.y_new) > 0.8
    net = given.fit_with_norm(healthy.X, healthy.y)
    told = lesson.evaluate(net, {"train": (healthy.X, healthy.y), "new": (healthy.X_new, healthy.y_new)}, 50)
    assert told["train"][1] > 0.95 and told["new"][1] > 0.8


def test_the_figures_show_what_they_are_given(drawn):
    plots.inputs({"a": (np.eye(3), np.array([2, 0, 1])), "b": (np.eye(3), np.arange(3))})
    assert drawn()[-2].images[0].get_array().argmax(axis=1).tolist() == [1, 2, 0]
    log = {"cost": np.array([[2.0, 1.0], [2.2, np.nan]]), "dev": np.ones(2), "new": np.zeros(2)}
    healthy = {"cost": np.array([[2.0, 0.5]]), "dev": np.ones(1), "new": np.ones(1)}
    plots.atlas({"a: x": log, "b: y": log, "c: z": log, "d: u": log}, healthy)
    assert list(drawn()[-1].lines[0].get_ydata()) == [2.0, 0.5]
    plots.table(["r"], ["c", "d"], np.array([[3, 0]]), 5)
    assert [text.get_text() for text in drawn()[-1].texts] == ["3"]
    plots.proof({"a": (np.array([0.5, 0.7]), np.array([0.6, 0.6])), "b": (np.zeros(1), np.ones(1))})
    assert list(drawn()[-2].lines[0].get_ydata()) == [50, 60]
