"""Exercise diagnose_history: what the curves of a run say about it, at the epoch whose weights are kept."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=10,
    hints=(
        "Which epoch's weights does early stopping keep? Everything else is asked at that epoch.",
        "best = np.argmin(history['val_loss']). But first look for losses that are not finite, with np.isfinite.",
        'In this order: not np.all(np.isfinite(...)) of loss and val_loss: "diverged"; best is the last epoch: "train longer"; '
        'accuracy[best] < goal: "high bias"; accuracy[best] - val_accuracy[best] > max_gap: "high variance"; else "good fit".',
    ),
)
def diagnose_history(history, goal, max_gap):
    """What the curves of a run say about it,
    at the epoch whose weights are kept.

    history: a dict with the lists "loss", "accuracy",
    "val_loss" and "val_accuracy", one number an epoch,
    as fit's History.history has them ("val" is the dev set).
    goal: the training accuracy that is good enough; max_gap: the largest lead
    of training over dev accuracy that is tolerable.
    The best epoch has the lowest val_loss.
    Returns the first of these that holds: "diverged" if any loss or
    val_loss is not finite; "train longer" if the best epoch is the last;
    "high bias" if the accuracy at the best epoch is below goal;
    "high variance" if it exceeds val_accuracy there by more than
    max_gap; "good fit".
    """
    losses = [*history["loss"], *history["val_loss"]]
    if not np.all(np.isfinite(losses)):
        return "diverged"
    best = int(np.argmin(history["val_loss"]))
    accuracy, dev_accuracy = history["accuracy"][best], history["val_accuracy"][best]
    if best == len(history["val_loss"]) - 1:
        return "train longer"
    if accuracy < goal:
        return "high bias"
    if accuracy - dev_accuracy > max_gap:
        return "high variance"
    return "good fit"


def _history(rng, accuracy, val_accuracy, val_loss, loss=(0.9, 0.6, 0.4, 0.3)):
    """Four epochs; a little noise that changes no verdict."""
    noise = float(rng.uniform(-0.004, 0.004))
    lists = {"loss": loss, "accuracy": accuracy, "val_loss": val_loss, "val_accuracy": val_accuracy}
    return {name: [float(value + noise) for value in values] for name, values in lists.items()}


@diagnose_history.cases
def _(rng):
    turned = (0.9, 0.5, 0.6, 0.7)  # best at epoch 1
    flat = (0.7, 0.88, 0.88, 0.88)
    yield _history(rng, (0.7, 0.97, 0.98, 0.99), flat, turned), 0.95, 0.05  # high variance
    yield (
        _history(rng, (0.7, 0.96, 0.98, 0.99), (0.7, 0.94, 0.9, 0.9), turned),
        0.95,
        0.05,
    )  # good, not so at the end
    yield _history(rng, (0.6, 0.7, 0.97, 0.99), (0.6, 0.69, 0.7, 0.95), turned), 0.95, 0.05  # bias
    yield (
        _history(rng, (0.7, 0.85, 0.86, 0.87), (0.7, 0.7, 0.7, 0.7), turned),
        0.95,
        0.05,
    )  # bias before variance
    yield _history(rng, (0.6, 0.7, 0.75, 0.8), flat, (0.9, 0.6, 0.5, 0.4)), 0.95, 0.05  # train longer
    yield _history(rng, (0.1,) * 4, (0.1,) * 4, (0.9, 0.5, np.nan, np.nan)), 0.95, 0.05
    yield _history(rng, (0.96,) * 4, (0.93,) * 4, turned, (0.9, 0.6, np.inf, 0.7)), 0.95, 0.05
    yield _history(rng, (0.7, 0.9, 0.9, 0.9), (0.7, 0.86, 0.88, 0.87), turned), 0.85, 0.02  # other limits
    yield (
        _history(rng, (0.7, 0.99, 0.99, 0.99), (0.7, 0.9, 0.97, 0.9), turned),
        0.95,
        0.05,
    )  # best by loss: variance


def _read(history, goal, max_gap, best=None, finite=True, last=True, bias_first=True):
    val_loss = history["val_loss"]
    if finite and not np.all(np.isfinite([*history["loss"], *val_loss])):
        return "diverged"
    best = int(np.argmin(val_loss)) if best is None else best
    if last and best == len(val_loss) - 1:
        return "train longer"
    accuracy, dev = history["accuracy"][best], history["val_accuracy"][best]
    verdicts = [(accuracy < goal, "high bias"), (accuracy - dev > max_gap, "high variance")]
    ordered = verdicts if bias_first else verdicts[::-1]
    return next((name for holds, name in ordered if holds), "good fit")


@diagnose_history.mistake(
    "You read the last epoch. Early stopping goes back to the epoch of the lowest val_loss: read the numbers there."
)
def at_the_last_epoch(history, goal, max_gap):
    if int(np.argmin(history["val_loss"])) == 3 or not np.all(
        np.isfinite(history["loss"] + history["val_loss"])
    ):
        return _read(history, goal, max_gap)
    return _read(history, goal, max_gap, best=len(history["loss"]) - 1, last=False)


@diagnose_history.mistake(
    "Your best epoch is the one of the highest val_accuracy. Here it is the one of the lowest val_loss, which early stopping "
    "watches unless told otherwise."
)
def best_by_accuracy(history, goal, max_gap):
    return _read(history, goal, max_gap, best=int(np.argmax(history["val_accuracy"])))


@diagnose_history.mistake(
    "Your best epoch is the one of the lowest training loss. That one keeps falling while the dev loss rises: ask val_loss."
)
def best_by_training_loss(history, goal, max_gap):
    return _read(history, goal, max_gap, best=int(np.argmin(history["loss"])))


@diagnose_history.mistake(
    "A loss that is nan or inf goes unnoticed: no comparison with nan is true. Ask np.isfinite before all else."
)
def nan_unnoticed(history, goal, max_gap):
    return _read(history, goal, max_gap, finite=False)


@diagnose_history.mistake(
    "You ask for variance before bias. A network that cannot fit its training set needs that mended first (lesson 2)."
)
def variance_first(history, goal, max_gap):
    return _read(history, goal, max_gap, bias_first=False)


@diagnose_history.mistake(
    "You hold the dev accuracy against the goal. The goal is for the training accuracy; dev accuracy matters for the gap."
)
def goal_for_dev(history, goal, max_gap):
    return _read({**history, "accuracy": history["val_accuracy"]}, goal, max_gap)


@diagnose_history.mistake(
    'The run whose dev loss was lowest at the very end is not noticed: its verdict is "train longer", before bias and variance.'
)
def never_longer(history, goal, max_gap):
    return _read(history, goal, max_gap, last=False)


@diagnose_history.mistake(
    'You look at val_loss alone for losses that are not finite. The training loss may be inf or nan as well: that is "diverged", too.'
)
def finite_val_loss(history, goal, max_gap):
    if not np.all(np.isfinite(history["val_loss"])):
        return "diverged"
    return _read(history, goal, max_gap, finite=False)


@diagnose_history.variant
def by_sorting(history, goal, max_gap):
    epochs = list(zip(*(history[k] for k in ("val_loss", "loss", "accuracy", "val_accuracy")), strict=True))
    if any(value != value or value in (float("inf"), -float("inf")) for e in epochs for value in e[:2]):
        return "diverged"
    best = sorted(range(len(epochs)), key=lambda i: epochs[i][0])[0]
    _, _, accuracy, dev = epochs[best]
    if best + 1 == len(epochs):
        return "train longer"
    return "high bias" if accuracy < goal else "high variance" if accuracy > dev + max_gap else "good fit"


@diagnose_history.variant
def by_arrays(history, goal, max_gap):
    curves = {name: np.array(values, float) for name, values in history.items()}
    k = curves["val_loss"].argmin()
    tests = {
        "diverged": ~np.isfinite(curves["loss"] + curves["val_loss"]).all(),
        "train longer": k == curves["loss"].size - 1,
        "high bias": curves["accuracy"][k] < goal,
        "high variance": (curves["accuracy"] - curves["val_accuracy"])[k] > max_gap,
        "good fit": True,
    }
    return next(name for name, holds in tests.items() if holds)
