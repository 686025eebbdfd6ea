"""Predictions of lesson 12: questions before the runs."""

from nnutils.checks.prediction import choice, number, prediction

momentum_limit = prediction(
    "In this valley gradient descent diverges at rates above 0.02. With beta = 0.9 and v = beta v + (1 - beta) g, above which "
    "rate does momentum diverge?",
    number(low=0),
)

first_step = prediction(
    "Adam with beta1 = 0.9 and beta2 = 0.999, both averages start at 0, and nothing is corrected: the step is lr times m "
    "over the root of v. How long is the first step, in units of lr?",
    number(low=0, unit="lr"),
)

what_mends_it = prediction(
    "A linear model has more weights than examples. Momentum and Adam both fit all training examples. On new examples momentum "
    "makes no mistake, and Adam is wrong on half of them. Which of its settings can make Adam right, too?",
    choice("the rate lr", "the memory beta2", "the small number eps", "none of them"),
)
