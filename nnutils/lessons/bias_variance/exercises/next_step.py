"""Exercise next_step: what to do next: the basic recipe."""

from nnutils.checks.exercise import exercise
from nnutils.lessons.bias_variance.exercises.shared import BIAS, BOTH, GOOD, VARIANCE

LARGER, MORE, SMALLER, DONE = "larger network", "more data or regularization", "smaller network", "test set"


@exercise(
    points=1,
    minutes=4,
    hints=(
        "The recipe asks two questions in a fixed order. Which of the two cures makes no sense before the other one?",
        "As long as there is bias, more capacity comes first, variance or not. Variance alone asks for more data.",
        "if 'bias' in diagnosis: a larger network; elif it is 'high variance': data or regularization; else the test set.",
    ),
)
def next_step(diagnosis):
    """What to do next: the basic recipe.

    diagnosis: "high bias", "high variance",
    "high bias and high variance" or "good fit".
    Returns one of these strings: "larger network"
    (it cannot fit what it is shown), "more data or regularization"
    (it fits, but does not carry over), "smaller network",
    "test set" (nothing left to cure: measure once, and stop).
    Where both are high, the bias comes first.
    One of the strings is not in the recipe.
    """
    if "bias" in diagnosis:
        return "larger network"
    if "variance" in diagnosis:
        return "more data or regularization"
    return "test set"


@next_step.cases
def _(rng):
    for diagnosis in (BIAS, VARIANCE, BOTH, GOOD):
        yield (diagnosis,)


def _recipe(bias, variance, both, good=DONE):
    return {BIAS: bias, VARIANCE: variance, BOTH: both, GOOD: good}


@next_step.mistake(
    "With both, bias comes first: as long as the network cannot fit what it has, more data are wasted on it."
)
def variance_first(diagnosis):
    return _recipe(LARGER, MORE, MORE)[diagnosis]


@next_step.mistake(
    "Against variance you shrink the network. That buys bias. The recipe keeps the network and takes more data "
    "or regularization."
)
def shrinks(diagnosis):
    return _recipe(LARGER, SMALLER, LARGER)[diagnosis]


@next_step.mistake("The cures are swapped: bias needs capacity, variance needs data or regularization.")
def cures_swapped(diagnosis):
    return _recipe(MORE, LARGER, MORE)[diagnosis]


@next_step.mistake(
    "More data do not cure bias: a network that cannot fit what it is shown cannot fit more of it either."
)
def data_for_everything(diagnosis):
    return _recipe(MORE, MORE, MORE)[diagnosis]


@next_step.mistake("A good fit needs no cure. Go to the test set, measure once, and stop.")
def never_done(diagnosis):
    return _recipe(LARGER, MORE, LARGER, LARGER)[diagnosis]


@next_step.mistake(
    "You send a network with both faults to the test set. It needs the cure against bias first."
)
def both_forgotten(diagnosis):
    return _recipe(LARGER, MORE, DONE)[diagnosis]


@next_step.variant
def with_a_dictionary(diagnosis):
    return {
        "high bias": "larger network",
        "high bias and high variance": "larger network",
        "high variance": "more data or regularization",
        "good fit": "test set",
    }[diagnosis]


@next_step.variant
def by_its_start(diagnosis):
    if diagnosis == "good fit":
        return "test set"
    return "larger network" if diagnosis.startswith("high bias") else "more data or regularization"
