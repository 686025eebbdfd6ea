"""Predictions of lesson 01: what students guess before they see it measured."""

from nnutils.checks.prediction import number, prediction

leaky_accuracy = prediction(
    "The labels of the study are coin tosses, so on new patients no rule can be right in more than 50 % of the "
    "cases, by skill. What accuracy does the pipeline report, as you received it? It keeps 10 of 200 features.",
    number(low=0, high=100, unit="%"),
)

paired_variance = prediction(
    "A and B are compared twice: each on a dev set of its own, and both on one dev set, all of the same size. How large "
    "is the variance of the measured difference with one dev set, in % of the variance with two?",
    number(low=0, unit="%"),
)

five_folds = prediction(
    "You have 200 digits. One 80/20 cut measures the accuracy on 40 of them; 5 folds measure it five times, and take "
    "the mean. How many times closer to the true accuracy is the mean of 5 folds? (1 means: no closer.)",
    number(low=0, unit="times"),
)
