"""Layers: small classes with one base class, `Layer`. `nnutils.network.Network` is made of them."""

from nnutils.layers.activation import (
    ELU,
    GELU,
    SELU,
    Activation,
    LeakyReLU,
    ReLU,
    Sigmoid,
    SiLU,
    SwiGLU,
    Tanh,
)
from nnutils.layers.base import Layer
from nnutils.layers.batchnorm import BatchNorm
from nnutils.layers.conv import Conv2D
from nnutils.layers.dense import Dense
from nnutils.layers.dropout import AlphaDropout, Dropout
from nnutils.layers.norms import LayerNorm, RMSNorm
from nnutils.layers.residual import DropPath, Residual, Scale

__all__ = [
    "ELU",
    "GELU",
    "SELU",
    "Activation",
    "AlphaDropout",
    "BatchNorm",
    "Conv2D",
    "Dense",
    "DropPath",
    "Dropout",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "RMSNorm",
    "ReLU",
    "Residual",
    "Scale",
    "SiLU",
    "Sigmoid",
    "SwiGLU",
    "Tanh",
]
