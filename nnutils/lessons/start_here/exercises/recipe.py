"""Exercise recipe: a first design: start and learning rate for a training of 100 updates."""

from nnutils.checks.exercise import exercise
from nnutils.lessons.start_here.given import try_recipe


@exercise(
    kind="design",
    points=2,
    minutes=3,
    thresholds=(0.60, 0.85),
    hints=(
        "Begin with the start from which gradient descent learned in the figure, and with a rate of 0.01. Run the check and see how far it comes in 100 updates.",
        "A rate that is too small does not arrive in time, one that is too large jumps about. Try rates that differ by a factor of 3.",
        'The start is "he". Rates between 0.1 and 0.3 are good ones.',
    ),
)
def recipe():
    """How to start and train the network of the figure above.

    Returns a dict with two keys: "start" is "tiny" or "he"; "lr" is the
    learning rate of plain gradient descent, a number above 0.
    The budget is fixed: 100 updates of 32 pictures.
    """
    return {"start": "he", "lr": 0.2}


recipe.trial(try_recipe, runs=12)


@recipe.cases
def _(rng):
    yield ()


@recipe.baseline("tiny weights")
def tiny_weights():
    return {"start": "tiny", "lr": 0.2}


@recipe.baseline("a small rate")
def small_rate():
    return {"start": "he", "lr": 0.005}


@recipe.baseline("a large rate")
def large_rate():
    return {"start": "he", "lr": 1}


@recipe.variant
def smaller_steps():
    return {"start": "he", "lr": 0.15}


@recipe.variant
def in_two_lines():
    settings = {"lr": 1 / 5.5}
    return settings | {"start": "he"}
