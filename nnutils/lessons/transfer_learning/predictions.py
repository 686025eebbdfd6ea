"""Predictions of lesson 18."""

from nnutils.checks.prediction import choice, number, prediction

frozen_lead = prediction(
    "Fifty labels, five of each character. One network is trained from scratch on these pictures and on seven changed "
    "copies of each. The other is a new head on the frozen body, trained on the same pictures. Guessing reads 10 %. "
    "By how many points of dev accuracy is the frozen body ahead?",
    number(low=-50, high=90, unit="points"),
)

body_for_digits = prediction(
    "The same body, frozen, now with handwritten digits and 50 labels. How does it compare with a network from scratch?",
    choice(
        "it is ahead by 10 points or more",
        "the two are less than 5 points apart, or scratch is ahead",
        "it is ahead by 5 to 10 points",
    ),
)
