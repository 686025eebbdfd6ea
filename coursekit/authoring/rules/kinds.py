"""The rules of the kinds of exercises: how many of each a lesson has, and what each kind needs."""

from __future__ import annotations

# Lessons that are still as in the first edition: excused from the rules of this module, and from the test that no docstring gives
# its exercise away. A lesson that is rewritten leaves this set; nothing else has to be changed then.
FIRST_EDITION = {
    "start_here",
    "data_splits",
    "l2_regularization",
    "dropout",
    "early_stopping_and_augmentation",
    "input_normalization",
    "initialization",
    "gradient_checking",
    "minibatch_gradient_descent",
    "exponentially_weighted_averages",
    "momentum_rmsprop_adam",
    "more_optimizers",
    "learning_rate_decay",
    "batch_normalization",
    "hyperparameter_search",
    "transfer_learning",
    "unsupervised_pretraining",
    "capstone",
}
