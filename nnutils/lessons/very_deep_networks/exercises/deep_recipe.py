"""Exercise deep_recipe: a network of 40 layers within a budget of examples."""

from nnutils.checks.exercise import exercise
from nnutils.lessons.very_deep_networks.given import try_recipe


@exercise(
    kind="design",
    points=4,
    minutes=12,
    thresholds=(0.70, 0.85, 0.92),
    hints=(
        "First make a network that learns at all: which of the designs of this lesson reads digits at 40 layers? Then look at the budget: how many steps does your batch size leave?",
        "3 200 examples in batches of 16 are 200 steps. With a shortcut, a norm and small branches Adam bears rates of 0.01 to 0.03, and a rate that falls to 0 helps at the end.",
        'Two that do well, with a shortcut, "adam", "cosine" and batch 16: norm "none", scale 1, begin "zero gain", rate 0.01, warmup 0; or norm "layer", scale 40**-0.5, begin "random", rate 0.015, warmup 0.1.',
    ),
)
def deep_recipe():
    """Settings with which 40 layers learn to read digits from 3 200 examples.

    Returns a dict with these nine keys.
    "shortcut": True or False. "norm": "none", "batch" or "layer", where each
    branch begins. "scale": of each branch, 0.1 to 10 (a smaller one would
    switch the 40 layers off). "begin": "random", "zero weights" (of each
    branch's dense layer) or "zero gain" (a trained factor behind it).
    "optimizer": "momentum" or "adam". "rate": the peak rate, up to 10.
    "warmup": the share of the steps in which the rate rises to it, 0 to 0.9.
    "schedule": what comes then, "constant" or "cosine". "batch": 16 to 320
    examples; there are 3 200 // batch steps.
    """
    return {
        "shortcut": True,
        "norm": "none",
        "scale": 1.0,
        "begin": "zero gain",
        "optimizer": "adam",
        "rate": 0.01,
        "warmup": 0.0,
        "schedule": "cosine",
        "batch": 16,
    }


deep_recipe.trial(try_recipe, runs=3)


@deep_recipe.cases
def _(rng):
    yield ()


def _with(**changes):
    recipe = {
        "shortcut": True,
        "norm": "layer",
        "scale": 40**-0.5,
        "begin": "random",
        "optimizer": "adam",
        "rate": 0.015,
    }
    return {**recipe, "warmup": 0.1, "schedule": "cosine", "batch": 16, **changes}


@deep_recipe.baseline("40 plain layers")
def plain():
    return _with(shortcut=False, norm="none", scale=1, rate=0.003)


@deep_recipe.baseline("batch norm without shortcuts")
def batch_norm_alone():
    return _with(shortcut=False, norm="batch", scale=1, rate=0.03)


@deep_recipe.baseline("shortcuts without a norm, branches at full size")
def shortcut_alone():
    return _with(norm="none", scale=1, rate=0.003)


@deep_recipe.baseline("a good network, in ten large steps")
def ten_steps():
    return _with(batch=320, rate=0.003)


@deep_recipe.variant
def batch_norm_and_shortcut():
    return _with(norm="batch", rate=0.02, warmup=0)


@deep_recipe.variant
def layer_norm_and_shortcut():
    return _with()


@deep_recipe.variant
def with_momentum():
    return _with(norm="batch", optimizer="momentum", rate=1.0, batch=20)
