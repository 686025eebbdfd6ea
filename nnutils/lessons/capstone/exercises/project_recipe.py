"""Exercise project_recipe: the project. A recipe that must beat the plain methods on sealed pictures."""

from nnutils.checks.exercise import exercise
from nnutils.lessons.capstone.given import try_recipe


@exercise(
    kind="design",
    points=6,
    minutes=24,
    thresholds=(2, 5, 8),
    hints=(
        "With the default settings, which is larger: the error on the 600 training pictures or the gap to dev? What did lesson 05 "
        "have for that, and how are these pictures changed when they are drawn?",
        "Turn, shift and negative together bring most. Then two hidden layers, a learning rate of their own, and a schedule that ends "
        "at 0. With changed pictures more epochs pay, so spend the budget of examples.",
        'Try "turn": 20, "shift": 1.2, "negative": 0.5, "hidden": (128, 64), "schedule": "warmup", "lr": 0.01, "epochs": 60.',
    ),
)
def project_recipe():
    """The recipe of your project.

    Returns a dict of settings. What is left out stays at its default,
    which is given in brackets.

    "hidden": widths of the hidden layers ((64,)); () is none.
    "activation": "relu" (default), "leaky_relu", "elu", "selu", "gelu",
    "silu", "tanh", "sigmoid". "batch_norm" (False). "keep_prob" (1.0).
    "optimizer": "sgd", "momentum", "adam" (default), "nadam".
    "lr" (0.003). "schedule": "constant" (default), "linear", "cosine",
    "warmup" (a tenth upwards, then a cosine), "one_cycle".
    "epochs" (20), "batch_size" (50, at least 20).
    "weight_decay" (0), decoupled. "average" (0): beta of the average of
    the weights that is used at the end.
    "turn" (0): degrees, "shift" (0): pixels, both to either side, drawn
    for each picture and epoch. "negative" (0): the share of pictures that
    are inverted. "mixup" (0): its alpha. "smoothing" (0): of the labels.
    "members" (1): networks whose probabilities are averaged.
    Budget: epochs times members at most 60; all members together at most
    40 000 weights and biases.
    """
    return {
        "hidden": (128, 64),
        "activation": "gelu",
        "lr": 0.012,
        "schedule": "warmup",
        "epochs": 60,
        "turn": 20,
        "shift": 1.2,
        "negative": 0.5,
        "weight_decay": 0.02,
        "smoothing": 0.05,
    }


project_recipe.trial(try_recipe, runs=2)


@project_recipe.cases
def _(rng):
    yield ()


@project_recipe.baseline("logistic regression")
def no_hidden_layer():
    return {"hidden": (), "lr": 0.01, "epochs": 60}


@project_recipe.baseline("the default network")
def defaults():
    return {}


@project_recipe.baseline("two hidden layers without changed pictures")
def no_changes():
    return {"hidden": (128, 64), "lr": 0.004, "schedule": "warmup", "epochs": 60}


@project_recipe.baseline("twenty hidden layers")
def deep_without_changes():
    return {
        "hidden": (32,) * 20, "activation": "elu", "batch_norm": True, "optimizer": "nadam", "lr": 0.004, "epochs": 40,
    }  # fmt: skip


@project_recipe.variant
def plain_and_patient():
    return {
        "hidden": (128, 64), "lr": 0.01, "schedule": "one_cycle", "epochs": 60, "turn": 20, "shift": 1.2, "negative": 0.5,
    }  # fmt: skip


@project_recipe.variant
def averaged_weights():
    return {
        "hidden": [160, 64], "activation": "silu", "lr": 0.01, "schedule": "warmup", "epochs": 60, "average": 0.98,
        "turn": 18, "shift": 1.3, "negative": 0.5, "smoothing": 0.1, "weight_decay": 0.05, "batch_size": 40,
    }  # fmt: skip
