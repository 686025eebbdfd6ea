"""Predictions of lesson 14: what a student guesses before the runs."""

from nnutils.checks.prediction import choice, number, prediction

how_much_higher = prediction(
    "The bowl has the curvature 1, and the noise has the standard deviation 1. The rate 0.1 hovers at some height above the "
    "minimum. How many times as high does the rate 0.5 hover?",
    number(low=0, unit="times as high"),
)

how_far = prediction(
    "A rate begins at 0.1 and keeps 99 % of itself in each step. No gradient is longer than 1. How far from their start can the "
    "weights get in 100 000 steps, at most?",
    number(low=0),
)

what_the_rise_brings = prediction(
    "A line falls from its top to 0. A triangle rises to its top and falls to 0. Both get the same 8 epochs, and each the top "
    "that suits it best. Which one ends with the lower dev loss?",
    choice(
        "The triangle: its loss is less than 0.8 times the line's",
        "They are about equal: between 0.8 and 1.25 times",
        "The line: the triangle's loss is more than 1.25 times the line's",
    ),
)
