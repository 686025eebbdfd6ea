"""Predictions of lesson 20: what a student guesses before the probes."""

from nnutils.checks.prediction import choice, number, prediction

cost_of_the_sum = prediction(
    "A program adds up the cross-entropy of a batch of 30 examples where it should take the mean. There are ten classes, about "
    "equally frequent, and the first weights are as they should be. What cost does it report at its first step?",
    number(low=0),
)

which_one_wakes = prediction(
    "Three trainings hardly learn anything. One has a rate 100 times too small, one has inputs about 100 times too small, "
    "and one has first weights 20 times too small in each of its three layers. You multiply the rate of each by 30. "
    "Which of them now learns two examples of each class by heart, within 200 updates?",
    choice(
        "only the one with the small rate",
        "the small rate and the small inputs",
        "the small rate and the small weights",
        "all three",
    ),
)

seen_in_the_cost = prediction(
    "Of the eight faults of the atlas, how many can be seen in the curve of the training cost? Seen means: "
    "at the end the cost is under half or over twice that of the healthy run.",
    number(low=0, high=8, unit="faults"),
)
