"""Lesson 14: its references agree with nnutils.schedules; runs side by side are runs; its explorer does what it says; figures."""

import numpy as np
import pytest

from nnutils import schedules
from nnutils.averages import weight_average
from nnutils.data import digits
from nnutils.lessons.learning_rate_decay import exercises as lesson
from nnutils.lessons.learning_rate_decay import explorer, given, plots
from nnutils.network import dense_network
from nnutils.optimizers import SGD, Momentum
from nnutils.training import fit

NAMES = (
    "exponential_decay",
    "power_decay",
    "piecewise_constant",
    "reduce_on_plateau",
    "one_cycle",
    "warmup_cosine",
    "suggest_lr",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_reference_agrees_with_the_library(name, seed):
    exercise = getattr(lesson, name)
    for arguments in exercise.draw(seed):
        try:
            expected = getattr(schedules, name)(**arguments)
        except ValueError:
            with pytest.raises(ValueError):
                exercise(**arguments)
        else:
            np.testing.assert_allclose(exercise(**arguments), expected, rtol=1e-12, atol=1e-15)


def test_the_rate_of_an_epoch_does_not_depend_on_its_loss():
    losses = list(np.random.default_rng(0).uniform(size=20))
    rates = lesson.reduce_on_plateau(losses, 1.0, 0.5, 2)
    for epoch in range(20):
        assert lesson.reduce_on_plateau([*losses[:epoch], 0.0], 1.0, 0.5, 2)[-1] == rates[epoch]


@pytest.mark.parametrize("lr, curvature, noise", [(0.3, 2.0, 1.5), (0.05, 1.0, 1.0), (1.2, 1.5, 0.4)])
def test_walks_hover_at_the_height_that_is_derived(lr, curvature, noise):
    rng, w = np.random.default_rng(1), np.zeros(200_000)
    for _ in range(int(10 / (lr * curvature)) + 10):
        w = w - lr * (curvature * w + noise * rng.normal(size=w.shape))
    assert lesson.hover_height(lr, curvature, noise) == pytest.approx(curvature * np.mean(w**2) / 2, rel=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_a_clipped_walk_stays_within_reach(seed):
    rng = np.random.default_rng(seed)
    for a in lesson.reach.draw(seed):
        w = np.zeros(3)
        for step in range(a["total"]):
            gradient = rng.normal(size=3)
            w -= a["schedule"](step) * gradient / max(1, np.linalg.norm(gradient))
        assert np.linalg.norm(w) <= lesson.reach(**a)


def test_repaired_rates_rise_and_fall_in_straight_lines():
    rng = np.random.default_rng(0)
    _, rates = lesson.scheduled_descent(np.zeros(2), rng.normal(size=(9, 2)), np.ones(9), 2, 5, 2, 0.3)
    np.testing.assert_allclose(rates, 0.3 * np.array([*range(1, 11), *np.arange(15, 0, -1) * 10 / 15]) / 10)


def one_run(schedule, optimizer, average=None):
    """A plain run, as `side_by_side` makes many: (network, average of its weights)."""
    (X, y), dev = DATA
    network, kept = dense_network([64, 8, 10], rng=3), []

    def note(step):
        kept.append(np.array(network.theta))
        return schedule(step)

    fit(network, X, y, optimizer, epochs=2, batch_size=50, rng=3, schedule=note, schedule_by="step")
    mean = kept[0]
    for t, theta in enumerate([*kept[1:], network.theta]):
        mean = weight_average(mean, theta, 0.9, t)
    if average:
        network.theta[:] = mean
    return network.evaluate(*dev)


def sample():
    X, y = digits()
    return (X[:200], y[:200]), (X[200:400], y[200:400])


DATA = sample()


def test_runs_side_by_side_are_the_runs_alone():
    entries = {
        "line": given.Entry(share=lambda t: 1 - t / 8),
        "constant": given.Entry(),
        "averaged": given.Entry(average=lambda a, w, t: weight_average(a, w, 0.9, t)),
    }
    tops = {"line": (0.1, 0.3), "constant": (0.3,), "averaged": (0.3,)}
    settings = {"epochs": 2, "hidden": (8,), "batch_size": 50}
    found = given.side_by_side(entries, tops, DATA, 3, Momentum(), **settings)
    for i, top in enumerate(tops["line"]):
        loss, accuracy = one_run(lambda t, top=top: top * (1 - t / 8), Momentum())
        assert found["line"].loss[i] == pytest.approx(loss) and found["line"].accuracy[i] == accuracy
    assert found["constant"].loss[0] == pytest.approx(one_run(lambda t: 0.3, Momentum())[0])
    assert found["averaged"].loss[0] == pytest.approx(one_run(lambda t: 0.3, Momentum(), average=True)[0])


def test_each_way_has_its_own_momentum():
    entries = {"one": given.Entry(beta=lambda t: 0.5), "usual": given.Entry(share=lambda t: 1.0)}
    settings = {"epochs": 2, "hidden": (8,), "batch_size": 50}
    found = given.side_by_side(
        entries, dict.fromkeys(entries, (0.2,)), DATA, 3, Momentum(beta=0.9), **settings
    )
    for name, beta in (("one", 0.5), ("usual", 0.9)):
        assert found[name].loss[0] == pytest.approx(one_run(lambda t: 0.2, Momentum(beta=beta))[0])


def test_a_way_that_watches_sees_its_own_dev_losses():
    seen = []

    def watch(losses):
        seen.append(list(losses))
        return 1.0 if len(losses) < 1 else 0.5

    settings = {"epochs": 2, "hidden": (8,), "batch_size": 50}
    found = given.side_by_side({"a": given.Entry(watch=watch)}, {"a": (0.2,)}, DATA, 3, SGD(), **settings)
    assert [len(losses) for losses in seen] == [0] * 4 + [1] * 4
    loss, _ = one_run(lambda t: 0.2 if t < 4 else 0.1, SGD())
    assert found["a"].loss[0] == pytest.approx(loss)


def test_the_height_is_counted_from_the_least_cost():
    X, y = DATA[0]
    small, larger = given.heights((X[:100], y[:100]), (0.1, 0.4), 0, epochs=100)
    assert 0 < 2 * small < larger
    assert given.heights((X[:100], y[:100]), (0.4,), 0, epochs=100)[0] == pytest.approx(larger, rel=1e-6)


@pytest.mark.parametrize(
    "kind", sorted(explorer.DESIGNS.keys() - {"constant", "warm-up, cosine", "triangle"})
)
def test_the_share_that_is_left_is_left(kind):
    rates = explorer.rates(kind, 0.2, 0.1)
    assert rates[0] == pytest.approx(0.2)
    assert rates[-1] == pytest.approx(0.02, rel=0.05)
    assert (np.diff(rates) <= 0).all()


def test_two_designs_rise_first():
    for kind, top in (("warm-up, cosine", explorer.WARMUP), ("triangle", explorer.STEPS // 2)):
        rates = explorer.rates(kind, 0.2, 0.1)
        assert rates.max() == pytest.approx(0.2) and abs(int(rates.argmax()) - top) <= 1
        assert rates[-1] == pytest.approx(0.02, rel=0.1)


def test_a_constant_rate_hovers_where_theory_says():
    lr, noise = 0.1, 2.0
    costs = explorer.descend(np.full((explorer.STEPS, 1), lr), noise)[-50:].mean()
    levels = [lesson.hover_height(lr, curvature, noise) for curvature in explorer.STEEP]
    assert costs == pytest.approx(sum(levels), rel=0.1)


@pytest.fixture(scope="module")
def designer():
    return explorer.schedule_designer()


@pytest.mark.parametrize("kind", explorer.DESIGNS)
def test_the_explorer_follows_every_control_to_its_ends(designer, kind):
    designer.controls["kind"].value = kind
    for name in ("lr", "left", "noise"):
        control, told = designer.controls[name], set()
        before = control.value
        ends = (control.min, control.max) if name == "noise" else (10**control.min, 10**control.max)
        for value in ends:
            control.value = value
            assert "alert" not in designer.words.value
            told.add(designer.summary)
        control.value = before
        assert len(told) == 2 or (name == "left" and kind == "constant")
    assert designer.summary.startswith(kind)


def test_the_explorer_says_who_diverges(designer):
    designer.controls["kind"].value, designer.controls["lr"].value = "triangle", 10**-0.55
    designer.controls["noise"].value = 2.0
    assert "with the constant rate out of bounds (diverged)" in designer.summary
    assert designer.summary.count("diverged") == 1


def test_figures(drawn):
    five = np.linspace(0.1, 0.5, 5)
    for draw in (
        lambda: plots.hovering({"a": np.ones(50), "b": np.full(50, 0.1)}, [1.0]),
        lambda: plots.schedules([0, 1], {"a": [1.0, 0.5]}, {"b": [1.0, 0.2]}, [0.9, 0.8]),
        lambda: plots.distances({"a": np.ones(50)}),
        lambda: plots.rates_and_losses({"a": np.ones(20)}, {"a": np.ones((5, 4))}),
        lambda: plots.range_tests([0.1, 0.2], {"a": np.ones(2)}, {"a": 0.01}),
        lambda: plots.contest({"a": five, "b": five}, ["b"]),
        lambda: plots.rise_or_not(
            [0.1, 0.2], {d: {"no": np.ones((3, 2)), "yes": np.ones((3, 2))} for d in "ab"}
        ),
    ):
        draw()
        axes = drawn()
        assert all(one.get_title(loc="left") for one in axes)
        assert all(one.get_xlabel() for one in axes) and axes[0].lines
