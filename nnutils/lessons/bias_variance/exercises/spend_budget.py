"""Exercise spend_budget: a plan for more labels, units or epochs, after a diagnosis."""

from nnutils.checks.exercise import exercise
from nnutils.lessons.bias_variance.given import KINDS, situation, try_plan


@exercise(
    kind="design",
    points=6,
    minutes=12,
    thresholds=(0.56, 0.61, 0.66),
    allows=("nnutils.diagnosis",),
    hints=(
        "Which of the three could bring the errors of each situation down, and which could not? Write one plan for each "
        "diagnosis. The fee makes it dear to buy a little of everything.",
        "High variance asks for labels. High bias has two cures in this shop, units and epochs. halfway_error tells them "
        "apart: was the training error still falling when the training ended?",
        "If train_error is near bayes_error, spend all on labels. Else, if halfway_error - train_error is over 0.04, spend "
        "all on epochs, else all on units. Keep the other two numbers at 100, 4 and 200.",
    ),
)
def spend_budget(halfway_error, train_error, dev_error, bayes_error):
    """A plan for the budget of 1000, after the first network was measured.

    The first network had 100 labels, 4 units and 200 epochs.
    halfway_error, train_error: its error on the training set after 100
    epochs and at the end. dev_error: on dev, at the end.
    bayes_error: the lowest error that can be reached.
    Returns a dict with the keys "labels", "units" and "epochs", whole
    numbers from 1: what the next network gets in all.
    Raising one of them costs a fee of 300, and for each label more 1,
    each unit more 20, each epoch more 0.8. Less than the first network
    had is allowed and costs nothing. A plan over 1000 is refused.
    """
    plan = {"labels": 100, "units": 4, "epochs": 200}
    if train_error - bayes_error < 0.1:
        plan["labels"] = 800
    elif halfway_error - train_error > 0.04:
        plan["epochs"] = 1075
    else:
        plan["units"] = 39
    return plan


@spend_budget.cases
def _(rng):
    """Four tasks of each kind, in any order, each as its first network measured it."""
    for kind in rng.permutation(4 * KINDS):
        yield situation(str(kind), round(float(rng.uniform(0.02, 0.12)), 3), rng)


spend_budget.trial(try_plan, runs=2)


@spend_budget.baseline("all on labels")
def all_on_labels(halfway_error, train_error, dev_error, bayes_error):
    return {"labels": 800, "units": 4, "epochs": 200}


@spend_budget.baseline("all on units")
def all_on_units(halfway_error, train_error, dev_error, bayes_error):
    return {"labels": 100, "units": 39, "epochs": 200}


@spend_budget.baseline("all on epochs")
def all_on_epochs(halfway_error, train_error, dev_error, bayes_error):
    return {"labels": 100, "units": 4, "epochs": 1075}


@spend_budget.baseline("half on units, half on epochs")
def units_and_epochs(halfway_error, train_error, dev_error, bayes_error):
    return {"labels": 100, "units": 14, "epochs": 450}


@spend_budget.baseline("a little of each")
def a_little_of_each(halfway_error, train_error, dev_error, bayes_error):
    return {"labels": 133, "units": 5, "epochs": 241}


@spend_budget.variant
def by_the_larger_gap(halfway_error, train_error, dev_error, bayes_error):
    if dev_error - train_error > train_error - bayes_error:
        return {"epochs": 180, "labels": 800, "units": 4}
    still_falling = halfway_error / train_error > 1.15
    return {"labels": 100, "units": 4 if still_falling else 38, "epochs": 1070 if still_falling else 200}


@spend_budget.variant
def by_a_table(halfway_error, train_error, dev_error, bayes_error):
    plans = {"labels": (790, 4, 200), "units": (100, 37, 190), "epochs": (95, 4, 1060)}
    fits, falls = train_error < 1.2 * bayes_error + 0.08, halfway_error > train_error + 0.038
    name = "labels" if fits else ("units", "epochs")[int(falls)]
    return dict(zip(("labels", "units", "epochs"), plans[name], strict=True))
