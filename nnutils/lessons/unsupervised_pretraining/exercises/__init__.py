"""Exercises of lesson 19: learn from examples without labels first."""

from nnutils.lessons.unsupervised_pretraining.exercises.pseudo_labels import pseudo_labels
from nnutils.lessons.unsupervised_pretraining.exercises.self_training import self_training
from nnutils.lessons.unsupervised_pretraining.exercises.auxiliary_labels import auxiliary_labels
from nnutils.lessons.unsupervised_pretraining.exercises.contrastive_loss import contrastive_loss
from nnutils.lessons.unsupervised_pretraining.exercises.probe_codes import probe_codes
from nnutils.lessons.unsupervised_pretraining.exercises.pretrain_layers import pretrain_layers
from nnutils.lessons.unsupervised_pretraining.exercises.build_autoencoder import build_autoencoder

__all__ = [
    "pseudo_labels",
    "self_training",
    "auxiliary_labels",
    "contrastive_loss",
    "probe_codes",
    "pretrain_layers",
    "build_autoencoder",
]
