"""Exercise choose_recipe: the decision guide: what to start from, and what to change for a special need."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=8,
    returns=("start", "change"),
    hints=(
        "There are two decisions. They do not depend on each other: first what to start from, then what the need changes.",
        "The start is a chain of if, elif, elif, else in the order of the docstring. Two of its conditions ask for few labels "
        "and for something else. The change is a look-up in a dict.",
        'few = n_labels < 500; if few and relative: "transfer"; elif few and n_unlabelled > 10 * n_labels: "pretraining"; '
        'elif plain_stack: "self-normalizing"; else "default". The change: {"sparse": "L1", ...}.get(need, "none").',
    ),
)
def choose_recipe(n_labels, n_unlabelled, relative, plain_stack, need):
    """The decision guide: what to start from,
    and what to change for a special need.

    n_labels, n_unlabelled: numbers of examples;
    few labels are fewer than 500.
    relative: whether there is a network that has learned a
    related task (bool); plain_stack: whether the network is a plain stack of
    dense layers (bool).
    need: "sparse", "fast", "calibrated" or "nothing special".
    Returns two strings. start is the first of these that
    holds: "transfer" if labels are few and there is a relative;
    "pretraining" if labels are few and there are more than 10 times as many
    unlabelled examples; "self-normalizing" for a plain stack; "default".
    change is "L1" for sparse, "ReLU" for fast,
    "MC dropout" for calibrated, else "none".
    """
    few = n_labels < 500
    if few and relative:
        start = "transfer"
    elif few and n_unlabelled > 10 * n_labels:
        start = "pretraining"
    elif plain_stack:
        start = "self-normalizing"
    else:
        start = "default"
    changes = {"sparse": "L1", "fast": "ReLU", "calibrated": "MC dropout"}
    return start, changes.get(need, "none")


@choose_recipe.cases
def _(rng):
    few, many = int(rng.integers(20, 100)), int(rng.integers(1000, 9000))
    yield few, 50 * few, True, True, "sparse"
    yield few, 50 * few, False, True, "fast"
    yield few, 4 * few, False, True, "calibrated"
    yield many, 50 * many, True, False, "nothing special"
    yield many, 50 * many, False, True, "calibrated"
    yield few, 4 * few, False, False, "sparse"
    yield 400, 8 * 400, True, False, "fast"
    yield 400, 12 * 400, False, False, "nothing special"


def _chosen(n_labels, n_unlabelled, need, order, few=500, times=10, changes=()):
    """The first name of `order` whose condition holds, and the change; with whatever is done otherwise."""
    names = {"sparse": "L1", "fast": "ReLU", "calibrated": "MC dropout", **dict(changes)}
    holds = {
        "transfer": n_labels < few,
        "pretraining": n_labels < few and n_unlabelled > times * n_labels,
        "self-normalizing": True,
        "default": True,
    }
    return next(name for name in order if holds[name]), names.get(need, "none")


def _order(relative, plain_stack, names=("transfer", "pretraining", "self-normalizing", "default")):
    out = {name for name, keep in (("transfer", relative), ("self-normalizing", plain_stack)) if not keep}
    return [name for name in names if name not in out]


@choose_recipe.mistake(
    "You try pretraining before transfer. A network that has learned a related task saves you the pretraining: ask for it first."
)
def pretraining_first(n_labels, n_unlabelled, relative, plain_stack, need):
    names = ("pretraining", "transfer", "self-normalizing", "default")
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack, names))


@choose_recipe.mistake(
    "You pick transfer or pretraining however many labels there are. With many labels the lead is gone (lessons 18 and 19): "
    "both need n_labels < 500."
)
def however_many_labels(n_labels, n_unlabelled, relative, plain_stack, need):
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack), few=np.inf)


@choose_recipe.mistake(
    "You ask for a plain stack first. What the labels allow comes before what the network looks like: transfer and "
    "pretraining stand above it."
)
def stack_first(n_labels, n_unlabelled, relative, plain_stack, need):
    names = ("self-normalizing", "transfer", "pretraining", "default")
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack, names))


@choose_recipe.mistake(
    "Any unlabelled example leads to pretraining here. It takes many: more than 10 times as many as there are labels."
)
def any_unlabelled(n_labels, n_unlabelled, relative, plain_stack, need):
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack), times=0)


@choose_recipe.mistake(
    "For a sparse model you take L2. It makes weights small and none of them zero (lesson 3): L1 makes exact zeros."
)
def l2_for_sparse(n_labels, n_unlabelled, relative, plain_stack, need):
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack), changes=[("sparse", "L2")])


@choose_recipe.mistake(
    "Fast and calibrated are mixed up. MC dropout asks the network many times, which is slow and calibrated; ReLU is the "
    "fast one."
)
def fast_by_dropout(n_labels, n_unlabelled, relative, plain_stack, need):
    swap = {"fast": "calibrated", "calibrated": "fast"}
    return _chosen(n_labels, n_unlabelled, swap.get(need, need), _order(relative, plain_stack))


@choose_recipe.mistake("The change is missing: return two strings, the start and what the need changes.")
def start_alone(n_labels, n_unlabelled, relative, plain_stack, need):
    return _chosen(n_labels, n_unlabelled, need, _order(relative, plain_stack))[0]


@choose_recipe.variant
def by_early_returns(n_labels, n_unlabelled, relative, plain_stack, need):
    def start():
        if n_labels < 500:
            if relative:
                return "transfer"
            if n_unlabelled / n_labels > 10:
                return "pretraining"
        return "self-normalizing" if plain_stack else "default"

    match need:
        case "sparse":
            return start(), "L1"
        case "fast":
            return start(), "ReLU"
        case "calibrated":
            return start(), "MC dropout"
    return start(), "none"


@choose_recipe.variant
def by_a_table(n_labels, n_unlabelled, relative, plain_stack, need):
    few = n_labels < 500
    rows = [
        (few and relative, "transfer"),
        (few and n_unlabelled > 10 * n_labels, "pretraining"),
        (plain_stack, "self-normalizing"),
        (True, "default"),
    ]
    needs = ["sparse", "fast", "calibrated", "nothing special"]
    changes = ["L1", "ReLU", "MC dropout", "none"]
    return [next(name for holds, name in rows if holds), changes[needs.index(need)]]
