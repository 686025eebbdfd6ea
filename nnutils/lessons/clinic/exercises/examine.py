"""Exercise examine: name what is wrong with a training that somebody hands to you."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.clinic.given import FAULTS, FORMS, HEALTHY, program, try_examination
from nnutils.probes import (
    activation_report,
    class_share,
    cross_entropy,
    input_report,
    label_agreement,
    update_ratios,
)
from nnutils.probes import overfit_batch as overfits


@exercise(
    kind="design",
    points=6,
    minutes=15,
    thresholds=(0.6, 0.75, 0.9),
    allows=("nnutils.probes",),
    hints=(
        "Follow the order of looking. Ask about the data first (inputs, leak, labels), since no training can be better than its data. Then what can be seen without a step: two evaluations, first activations, first cost. Train last. Return at the first alarm.",
        "The table of probes says which range is healthy. Without a step: inputs, leak, labels, mode (ask for 30 examples together and one by one), start (activations and the cost of what it says), loss and decay (the cost at step 0 is far from ln 10). With steps: rate (the first update ratio), decay (a ratio that falls a hundredfold in 60 steps), loss (few examples are not learned at any rate).",
        "Thresholds that work: scale beyond 10, mean square of X outside 0.01 to 100; class share over 0.95; agreement below 0.75; last layer's rms or differ below 0.1, or cross-entropy at step 0 over 5; cost of X, y at step 0 below 1 or over 100 for loss, over 5 for decay; then the median update ratio: in 0.002 to 0.05 at first and below a fiftieth of that after 60 steps, decay; then no factor of 1/30, 1, 30 of the rate learns two examples of each class in 200 updates: loss; then a first ratio outside of 0.002 to 0.05: rate. Otherwise healthy.",
    ),
)
def examine(patient):
    """What is wrong with a training program.

    patient: a Program as in the text, with X, y, X_dev, y_dev, X_new,
    y_new, log and begin. It is healthy, or it has one fault.
    Returns one of these names:
    "inputs": features broken, or in other units than the rest,
    "labels": the labels do not belong to their rows,
    "leak": the inputs hold the answer, or dev holds training examples,
    "start": first weights too large, too small, or all units alike,
    "loss": not the mean cross-entropy plus a penalty,
    "rate": a learning rate that is far too high or too low,
    "decay": a penalty, or a falling of the rate, that is far too strong,
    "mode": evaluated as if it were in training,
    "healthy": nothing of these.
    """
    from nnutils.probes import (
        activation_report,
        class_share,
        cross_entropy,
        input_report,
        label_agreement,
        overfit_batch,
        update_ratios,
    )

    X, y = patient.X, patient.y
    report = input_report(X, patient.X_dev)
    if report["scale"] or not 0.01 < np.mean(X**2) < 100:
        return "inputs"
    if report["copies"] or class_share(X, y).max() > 0.95:
        return "leak"
    if label_agreement(X, y) < 0.75:
        return "labels"
    run = patient.begin()
    alone = np.concatenate([run.probabilities(X[i : i + 1]) for i in range(30)])
    if not np.allclose(run.probabilities(X[:30]), alone):
        return "mode"
    last = activation_report(run.activations(X))[-1]
    if min(last["rms"], last["differ"]) < 0.1 or cross_entropy(run.probabilities(X), y) > 5:
        return "start"
    cost = run.cost(X, y)
    if not 1 < cost < 5:
        return "decay" if 5 <= cost < 100 else "loss"
    ratios = []
    for i in range(61):
        batch = slice(30 * i % 300, 30 * i % 300 + 30)
        before = run.weights()
        run.step(X[batch], y[batch])
        ratios.append(np.median(update_ratios(before, run.weights())))
    usual = 0.002 < ratios[0] < 0.05
    if usual and ratios[-1] < 0.02 * ratios[0]:
        return "decay"
    factors = (1 / 30, 1, 30)
    if all(overfit_batch(patient.begin(times).step, X, y, 2, 200, 1.0) < 0 for times in factors):
        return "loss"
    return "healthy" if usual else "rate"


examine.trial(try_examination, runs=1)


@examine.cases
def _(rng):
    """Two patients of each kind, in any order; each form of a fault comes about as often as the others."""
    ward = []
    for name in (*FAULTS, HEALTHY):
        forms = len(FORMS.get(name, [name]))
        ward += [
            program(
                "" if name == HEALTHY else name,
                int(rng.integers(10_000)),
                (k + int(rng.integers(forms))) % forms,
            )
            for k in range(2)
        ]
    for place in rng.permutation(len(ward)):
        yield (ward[place],)


@examine.baseline("always the same name")
def always_rate(patient):
    return "rate"


@examine.baseline("the final cost alone")
def by_final_cost(patient):
    cost = patient.log["cost"][-10:].mean()
    if not np.isfinite(cost) or cost > 100:
        return "rate"
    return (
        "loss" if cost < 0 or cost > 5 else "start" if cost > 2.2 else "labels" if cost > 1.2 else "healthy"
    )


@examine.baseline("what the log reports")
def by_log(patient):
    log = {name: values[-1] for name, values in patient.log.items()}
    if log["dev"] - log["new"] > 0.03:
        return "leak"
    if log["train"] - log["dev"] > 0.2:
        return "labels"
    return "healthy" if log["dev"] > 0.85 else "rate"


def _median_ratio(run, X, y):
    before = run.weights()
    run.step(X, y)
    return np.median(update_ratios(before, run.weights()))


@examine.variant
def steps_first(patient):
    """Looks at what training does before it looks at the data in detail."""
    X, y = patient.X, patient.y
    scale = X.std(axis=0)
    if scale.max() > 8 * np.median(scale) or np.median(scale) < 0.2 or abs(X.mean()) > 5:
        return "inputs"
    run = patient.begin()
    if np.abs(run.probabilities(X[:20])[0] - run.probabilities(X[:1])[0]).max() > 1e-9:
        return "mode"
    hidden, cost, own = run.activations(X)[-1], run.cost(X, y), cross_entropy(run.probabilities(X), y)
    if hidden.std() < 0.05 or np.ptp(hidden, axis=1).max() < 1e-6 or own > 5:
        return "start"
    if cost < 1.5 or cost > 200:
        return "loss"
    if cost > 8:
        return "decay"
    first = _median_ratio(run, X[:30], y[:30])
    for _ in range(7):
        run.epoch()
    later = _median_ratio(run, X[:30], y[:30])
    if first > 0.04 or first < 2e-4:
        return "rate"
    if later < 0.01 * first:
        return "decay"
    fast = patient.begin(5)
    for _ in range(150):
        fast.step(X[:20], y[:20])
    if fast.probabilities(X).max() < 0.2321 and fast.accuracy(X[:20], y[:20]) > 0.5:
        return "loss"  # no probability can be larger after a second softmax
    if len(np.unique(np.vstack([X, patient.X_dev]), axis=0)) < len(X) + len(patient.X_dev):
        return "leak"
    if class_share(X, y).max() > 0.9:
        return "leak"
    return "labels" if label_agreement(X, y) < 0.8 else "healthy"


@examine.variant
def by_alarms(patient):
    """All alarms are computed, and the first one in the order of looking is named."""
    X, y = patient.X, patient.y
    report, run = input_report(X, patient.X_dev, 15), patient.begin()
    shown, again = run.probabilities(X[:30]), [run.probabilities(X[i : i + 3]) for i in range(0, 30, 3)]
    told, own = activation_report(run.activations(X)), cross_entropy(run.probabilities(X), y)
    excess = run.cost(X, y) - own
    sums = excess > 20 * own
    learned = [overfits(patient.begin(times).step, X, y, 2, 150, 1.2) for times in (0.05, 0.5, 2, 20)]
    first = _median_ratio(run, X[30:60], y[30:60])
    run.epoch()
    run.epoch()
    rest = _median_ratio(run, X[30:60], y[30:60])
    alarms = {
        "inputs": bool(report["scale"]) or not 0.1 < np.sqrt(np.mean(X**2)) < 10,
        "labels": label_agreement(X, y) < 0.7,
        "leak": len(report["copies"]) > 5 or bool((class_share(X, y) > 0.97).any()),
        "mode": not np.allclose(shown, np.concatenate(again), atol=1e-6),
        "start": told[-1]["rms"] < 0.15 or told[-1]["differ"] < 0.05 or own > 4.5,
        "loss": sums or excess < -1 or (excess < 5 and max(learned) < 0),
        "decay": excess > 5 or rest < 0.2 * first < 0.006,
        "rate": not 0.0015 < first < 0.06,
    }
    return next((name for name, alarm in alarms.items() if alarm), "healthy")
