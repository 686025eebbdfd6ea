"""Predictions of lesson 11: what a student guesses before the runs."""

from nnutils.checks.prediction import number, prediction

first_ratio = prediction(
    "The gradient is 1 in each step. One average of it is kept with beta = 0.9, and one of its square with beta = 0.999. Both "
    "begin at 0, and neither is corrected. A step is the first average, divided by the root of the second. It should be 1. What "
    "is it in the first step?",
    number(low=0),
)

rule_off = prediction(
    "Near beta = 1 the rule of thumb 1 / (1 - beta) is nearly the exact number of steps after which a weight has fallen to 1/e. "
    "For smaller beta it is too long. At which beta is it 10 % too long?",
    number(low=0, high=1),
)

same_noise = prediction(
    "By the rule of thumb an average with beta = 0.9 holds 10 values. How many values must a plain mean of the last values "
    "hold, to leave as little of the noise?",
    number(low=1, unit="values"),
)

errors_saved = prediction(
    "A network is trained on 600 digits at a constant rate. A fifth of the labels were drawn at random, so its weights never "
    "come to rest. Beside it an average of its weights is kept, with beta = 0.99. After 1500 steps both are tested on 700 digits "
    "whose labels are right. The average makes how many percent fewer errors than the last weights?",
    number(low=-100, high=100, unit="%"),
)
