"""What several exercises of lesson 18 share."""

from nnutils.checks.lazy import keras
from nnutils.checks.models import (
    not_a_model,
)
from nnutils.checks.sent import SentModel

OURS = ("keras", "tensorflow")


def cloned(base):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    return copy


def not_this_model(result):
    """What is wrong where the function does not return the model that it was given."""
    if result is None:
        return "it should return the model"
    if not isinstance(result, SentModel):
        return not_a_model(result)
    return (
        None if result.given == "model" else "this is another model: set the flags of the one that is given"
    )


def as_words(flags):
    return ", ".join("trainable" if flag else "frozen" for flag in flags)


def wrong_flags(model, wanted):
    if model.flags != wanted:
        return f"the layers should be {as_words(wanted)}; yours are {as_words(model.flags)}"
    if model.learns != [flag for flag in wanted for _ in ("kernel", "bias")]:
        return "the flags of the layers are right, but the flag of the model itself keeps all of it frozen"
    return None
