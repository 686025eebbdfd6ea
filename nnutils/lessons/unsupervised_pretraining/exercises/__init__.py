"""Exercises of lesson 19: learn from examples without labels first."""

from nnutils.lessons.unsupervised_pretraining.exercises.build_autoencoder import build_autoencoder
from nnutils.lessons.unsupervised_pretraining.exercises.reuse_encoder import reuse_encoder
from nnutils.lessons.unsupervised_pretraining.exercises.auxiliary_labels import auxiliary_labels
from nnutils.lessons.unsupervised_pretraining.exercises.pretrain_layers import pretrain_layers

__all__ = [
    "build_autoencoder",
    "reuse_encoder",
    "auxiliary_labels",
    "pretrain_layers",
]
