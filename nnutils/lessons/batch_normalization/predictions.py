"""Predictions of lesson 15: questions before the runs."""

from nnutils.checks.prediction import choice, number, prediction

how_many_times = prediction(
    "Five hidden layers, plain mini-batch gradient descent, rates 0.03, 0.1, 0.3, 1, 3 and 10. Without batch norm the "
    "network still reads over 65 % of the digits at some of them. "
    "How many times as large is the largest such rate with batch norm?",
    number(low=0, unit="times"),
)

noise_behind = prediction(
    "Behind each batch norm, every unit now gets a new random shift and scale at every step, so that the ground "
    "moves as much as without batch norm. How well will this network read the digits?",
    choice(
        "worse than the network without batch norm",
        "about as well as the network without batch norm",
        "nearly as well as with batch norm and no noise",
    ),
)

decay_before_a_norm = prediction(
    "In lesson 03 weight decay held the weights small, and the training loss became higher. Now the weights stand "
    "before batch norms, and their decay is strong: lambda = 0.05 at a learning rate of 0.1. "
    "After 120 steps the training loss is",
    choice("higher than without decay", "the same", "lower than without decay"),
)
