"""Predictions of lesson 16: what a student guesses before the runs."""

from nnutils.checks.prediction import choice, number, prediction

plain_depth = prediction(
    "With 5 plain layers the network reads over 70 % of its own training digits after 80 steps. With 40 such layers, at the "
    "best of the same four rates: what share of its training digits does it read? Guessing gives 10 %.",
    number(low=0, high=100, unit="%"),
)

after_forty = prediction(
    "The input of the first block has mean square 1. Each block returns x + branch(x). A branch returns as much mean square as "
    "it gets, and what it returns is uncorrelated with x. What is the mean square after 40 blocks?",
    number(low=0),
)

who_learns = prediction(
    "40 layers, 80 steps, each design at its own best rate: plain, batch norm, shortcut, shortcut + norm. The branches "
    "of the last two are scaled by your branch_scale. Which designs read over 80 % of their training digits?",
    choice(
        "shortcut + norm", "the two with a shortcut", "the two with a norm", "all but the plain one", "none"
    ),
)

who_needs_warmup = prediction(
    "Adam trains 20 layers with shortcuts and layer norm. In A the norm stands behind each sum, in B before each branch. "
    "Where does a warm-up raise the accuracy by over 5 points, as a mean over the peak rates 0.01 and 0.03?",
    choice("in A", "in B", "in both", "in none"),
)
