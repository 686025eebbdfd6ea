"""A model built again from its description, of the layers that judges know and of nothing else.

The description comes from a stranger's process. No class is looked up under a module's name that stands in it, and nothing in
it is code: no Lambda, no function, no class of one's own.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from typing import Any

from nnutils.checks.sent import SentModel

MODELS = {"Sequential": "keras", "Functional": "keras.src.models.functional"}
LAYERS = (
    "Activation", "ActivityRegularization", "Add", "AlphaDropout", "Average", "AveragePooling1D", "AveragePooling2D",
    "BatchNormalization", "Concatenate", "Conv1D", "Conv2D", "Dense", "DepthwiseConv2D", "Dot", "Dropout", "ELU", "Flatten",
    "GaussianDropout", "GaussianNoise", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalMaxPooling1D",
    "GlobalMaxPooling2D", "GroupNormalization", "Identity", "InputLayer", "LayerNormalization", "LeakyReLU", "MaxPooling1D",
    "MaxPooling2D", "Maximum", "Minimum", "Multiply", "Normalization", "PReLU", "Permute", "ReLU", "RepeatVector", "Rescaling",
    "Reshape", "SeparableConv2D", "Softmax", "SpatialDropout2D", "Subtract", "UnitNormalization", "ZeroPadding2D",
)  # fmt: skip
INITIALIZERS = (
    "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "Identity", "LecunNormal", "LecunUniform", "Ones",
    "Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Zeros",
)  # fmt: skip
ON_ARRAYS = (
    "Abs", "Absolute", "Add", "Clip", "Divide", "Exp", "Expm1", "Greater", "GreaterEqual", "Less", "LessEqual", "Log", "Log1p",
    "Max", "Maximum", "Mean", "Min", "Minimum", "Multiply", "Negative", "Power", "Reciprocal", "Sqrt", "Square", "Subtract",
    "Sum", "Tanh", "TrueDivide", "Where",
)  # fmt: skip
ACTIVATIONS = (
    "Elu", "Gelu", "HardSigmoid", "LeakyRelu", "LogSoftmax", "Relu", "Selu", "Sigmoid", "Silu", "Softmax", "Softplus",
    "Softsign", "Tanh",
)  # fmt: skip
KNOWN = {  # where Keras has what a description may name; operations stand where a formula was written with tensors
    "keras.layers": LAYERS,
    "keras.initializers": INITIALIZERS,
    "keras.regularizers": ("L1", "L1L2", "L2", "OrthogonalRegularizer"),
    "keras.constraints": ("MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"),
    "keras": ("DTypePolicy",),
    "keras.src.ops.numpy": ON_ARRAYS,
    "keras.src.ops.nn": ACTIVATIONS,
}
MOST_TEXT, MOST_NUMBERS = 300_000, 1 << 23


class CannotRebuild(ValueError):
    """A description of no model that judges know; says why."""


def rebuild(model: SentModel) -> Any:
    """The Keras model, with its weights. Nothing is drawn from Python's random numbers, which Keras takes its seeds from.

    Raises
    ------
    CannotRebuild: a layer is none of those known, the model would be too large, or it has no weights yet.
    """
    state = random.getstate()
    try:
        _be_small(_description(model))
        made = _made(_description(model))  # read anew: Keras takes a description apart
    finally:
        random.setstate(state)
    if not made.built or not made.inputs:
        raise CannotRebuild("the model has no shape yet: let keras.Input stand first")
    if [tuple(w.shape) for w in made.weights] != [w.shape for w in model.weights]:
        raise CannotRebuild("the model's weights do not fit its layers")
    made.set_weights(model.weights)
    for layer in made._flatten_layers():
        if hasattr(
            layer, "finalize_state"
        ):  # a Normalization that was adapted computes with what it took from its weights
            layer.finalize_state()
    return made


def _be_small(description: Any) -> None:
    """Refuse what would become more than 2^23 numbers, as weights or as what a layer gives for one example.

    The model is built in words only: its variables have shapes and take no memory. Keras would give them values later, so it is
    made to forget them.
    """
    import keras
    from keras.src.backend.common import global_state

    named = global_state.get_global_attribute("uninitialized_variables", [], set_to_default=True)
    before = len(named)
    try:
        with keras.StatelessScope(initialize_variables=False):
            made = _made(description)
            sizes = [made.count_params() if made.built else 0, *_sizes(made)]
    finally:
        del named[before:]
    if max(sizes) > MOST_NUMBERS:
        raise CannotRebuild("the model is too large to be looked at")


def _sizes(model: Any) -> Iterator[int]:
    """How many numbers each part of a model gives for one example."""
    for part in getattr(model, "operations", model.layers):
        if part is not model:
            yield from (
                math.prod(n or 1 for n in tensor.shape)
                for node in part._inbound_nodes
                for tensor in node.output_tensors
            )
        if hasattr(part, "layers"):
            yield from _sizes(part)


def _made(description: Any) -> Any:
    import keras

    try:
        return keras.saving.deserialize_keras_object(description, custom_objects={}, safe_mode=True)
    except Exception as error:  # whatever a forged description provokes
        raise CannotRebuild(f"Keras cannot build the model again ({type(error).__name__})") from error


def _description(model: SentModel) -> Any:
    if len(model.config) > MOST_TEXT:
        raise CannotRebuild("the model's description is too long")
    try:
        found = json.loads(model.config or "{}")
        if isinstance(found, dict) and found.get("class_name") in MODELS:
            return _clean(found)
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, CannotRebuild) else CannotRebuild(_not_known(model.kind)) from error
    raise CannotRebuild(_not_known(model.kind))


def _clean(node: Any, key: str = "") -> Any:
    """The part of a description that is known; each class under the module where this file says that it is."""
    if isinstance(node, list):
        return [_clean(one) for one in node]
    if key == "activation" and isinstance(node, dict) and node.get("module") != "keras.layers":
        raise CannotRebuild(
            'an activation is a function that is not one of Keras\': write its name, as in activation="relu"'
        )
    if not isinstance(node, dict):
        return node
    if "class_name" not in node:
        return {str(name): _clean(value, name) for name, value in node.items()}
    name, config = str(node["class_name"]), node.get("config")
    if name in ("__keras_tensor__", "__numpy__", "__tensor__"):
        return {"class_name": name, "config": _clean(config)}
    kept = {one: _clean(node[one]) for one in ("name", "inbound_nodes") if one in node}
    return {
        "module": _home(node.get("module"), name),
        "class_name": name,
        "config": _clean(config),
        "registered_name": None,
        **kept,
    }


def _home(module: Any, name: str) -> str:
    if name in MODELS:
        return MODELS[name]
    if isinstance(module, str) and name in KNOWN.get(module, ()):
        return module
    raise CannotRebuild(_not_known(name))


def _not_known(name: str) -> str:
    return (
        f"the model is built of `{shown(name)}`, which no check can look into: take Keras' own layers, such as Dense, "
        "Activation, Softmax, Dropout, and no Lambda"
    )


def shown(text: Any, most: int = 40) -> str:
    """The beginning of a text that a student chose, fit to stand in a sentence."""
    return "".join(one if one.isprintable() and one not in "`<>&" else "?" for one in str(text)[:most])
