"""A Keras model that is built again from its description, of the layers that judges know and of nothing else.

The description comes from a stranger's process. It may name only the classes listed here, each in the module that is listed here,
and it may hold no code: no Lambda, no function, no class of one's own.
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
KNOWN = {  # module → classes that a description may name; operations stand where a formula was written with tensors
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
    """The description is not of a model that judges know; the message says why."""


def rebuild(model: SentModel) -> Any:
    """The Keras model, with its weights. Keras takes its seeds from Python's random numbers; their state stays as it was.

    Raises
    ------
    CannotRebuild: a layer is none of those known, the model would be too large, or it has no weights yet.
    """
    state = random.getstate()
    try:
        _refuse_large(_description(model))
        built = _build(_description(model))  # read again: Keras takes a description apart
    finally:
        random.setstate(state)
    if not built.built or not built.inputs:
        raise CannotRebuild("the model has no shape yet: let keras.Input stand first")
    if [tuple(w.shape) for w in built.weights] != [w.shape for w in model.weights]:
        raise CannotRebuild("the model's weights do not fit its layers")
    built.set_weights(model.weights)
    for layer in built._flatten_layers():
        if hasattr(layer, "finalize_state"):  # an adapted Normalization computes with copies of its weights
            layer.finalize_state()
    return built


def _refuse_large(description: Any) -> None:
    """Refuse what would become more than 2^23 numbers, as weights or as what a layer gives for one example.

    Inside the scope, variables have shapes and take no memory. Keras would give them values later; it is made to forget them.
    """
    import keras
    from keras.src.backend.common import global_state

    waiting = global_state.get_global_attribute("uninitialized_variables", [], set_to_default=True)
    before = len(waiting)
    try:
        with keras.StatelessScope(initialize_variables=False):
            built = _build(description)
            sizes = [built.count_params() if built.built else 0, *_sizes(built)]
    finally:
        del waiting[before:]
    if max(sizes) > MOST_NUMBERS:
        raise CannotRebuild("the model is too large to be looked at")


def _sizes(model: Any) -> Iterator[int]:
    """How many numbers each part of a model gives for one example."""
    for part in getattr(model, "operations", model.layers):
        if part is not model:
            tensors = (tensor for node in part._inbound_nodes for tensor in node.output_tensors)
            yield from (math.prod(n or 1 for n in tensor.shape) for tensor in tensors)
        if hasattr(part, "layers"):
            yield from _sizes(part)


def _build(description: Any) -> Any:
    import keras

    try:
        return keras.saving.deserialize_keras_object(description, custom_objects={}, safe_mode=True)
    except Exception as error:  # whatever a forged description provokes
        raise CannotRebuild(f"Keras cannot build the model again ({type(error).__name__})") from error


def _description(model: SentModel) -> Any:
    """What is known of a model's description."""
    if len(model.config) > MOST_TEXT:
        raise CannotRebuild("the model's description is too long")
    try:
        found = json.loads(model.config or "{}")
        if isinstance(found, dict) and found.get("class_name") in MODELS:
            return _known_part(found)
    except CannotRebuild:
        raise
    except (ValueError, RecursionError):
        pass
    raise _not_known(model.kind)


def _known_part(node: Any, key: str = "") -> Any:
    """The part of a description that is known; each class under the module where this file says that it is."""
    if isinstance(node, list):
        return [_known_part(item) for item in node]
    if not isinstance(node, dict):
        return node
    if key == "activation" and node.get("module") != "keras.layers":
        raise CannotRebuild(
            'an activation is a function that is not one of Keras\': write its name, as in activation="relu"'
        )
    if "class_name" not in node:
        return {str(name): _known_part(value, name) for name, value in node.items()}
    name, module = str(node["class_name"]), node.get("module")
    if name in ("__keras_tensor__", "__numpy__", "__tensor__"):
        return {"class_name": name, "config": _known_part(node.get("config"))}
    if name not in MODELS and not (isinstance(module, str) and name in KNOWN.get(module, ())):
        raise _not_known(name)
    known = {"module": MODELS.get(name, module), "class_name": name, "registered_name": None}
    parts = {
        part: node.get(part) for part in ("config", "name", "inbound_nodes") if part in {"config", *node}
    }
    return known | {part: _known_part(value) for part, value in parts.items()}


def _not_known(name: str) -> CannotRebuild:
    return CannotRebuild(
        f"the model is built of `{shown(name)}`, which no check can look into: take Keras' own layers, such as Dense, "
        "Activation, Softmax, Dropout, and no Lambda"
    )


def shown(text: Any, most: int = 40) -> str:
    """The beginning of a text that a student chose, fit to stand in a sentence."""
    return "".join(char if char.isprintable() and char not in "`<>&" else "?" for char in str(text)[:most])
