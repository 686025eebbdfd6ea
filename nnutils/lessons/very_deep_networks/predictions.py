"""Predictions of lesson 16: questions before a run."""

from nnutils.checks.prediction import number, prediction

guess_residual_forward = prediction(
    "TODO: a question where a student can reason and is often surprised; it says all that is needed?",
    number(low=0),
)
