"""Predictions of lesson 05."""

from nnutils.checks.prediction import number, prediction

stopping_gains = prediction(
    "You have seen what early stopping gains where a fifth of the labels is random. "
    "Now all labels are right, and all else stays. By how many points does it raise dev accuracy, against training to the end?",
    number(low=-20, high=30, unit="points"),
)

shifts_are_worth = prediction(
    "A network learns from 100 digits, of which in each epoch a fifth is shifted by a pixel. On digits as they are it does as "
    "well as a network that learns from how many digits without shifts?",
    number(low=1, high=2000, unit="digits"),
)
