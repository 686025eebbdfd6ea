"""Optimisers: ``opt = Adam(lr=0.001)``, then each ``opt.update(theta, grad)`` changes theta in place.

theta may have any shape: all but Muon work element by element. So theta may have a first axis of runs, and lr may be an array
that broadcasts. The first update makes the state: zeros in theta's shape. ``opt.lr`` may be set at any time. Settings become
Python floats: a float32 array times a NumPy float64 is computed in float64, which takes more than twice the time.
weight_decay multiplies theta by 1 - lr weight_decay before the step (decoupled: AdamW, Loshchilov & Hutter 2019).
"""

from nnutils.optimizers.base import Optimizer
from nnutils.optimizers.elementwise import (
    SGD,
    AdaGrad,
    Adam,
    AdaMax,
    Lion,
    Momentum,
    Nadam,
    Nesterov,
    RMSProp,
)
from nnutils.optimizers.muon import Muon, newton_schulz, orthogonalize

__all__ = [
    "SGD",
    "AdaGrad",
    "AdaMax",
    "Adam",
    "Lion",
    "Momentum",
    "Muon",
    "Nadam",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "newton_schulz",
    "orthogonalize",
]
