"""Predictions of lesson 13: what a student guesses before the runs."""

from nnutils.checks.prediction import choice, number, order, prediction

after_a_long_time = prediction(
    "A model learns online with AdaGrad. After 1 000 steps the world changes, and it takes about 130 steps until the model has "
    "learned most of the new one. In another world the change comes after 16 000 steps. How many steps does the model need "
    "there?",
    number(low=1, unit="steps"),
)

from_anywhere = prediction(
    "Next to a saddle point gradient descent takes several times as many steps as Adam. Now both start at random places "
    "instead. How many times as many steps does gradient descent take?",
    number(low=0, unit="times"),
)

who_is_not_turned = prediction(
    "The valley of a layer lies along the axes. Then its inputs are turned, and the valley with them. Each method takes steps "
    "without momentum, at the rate that is best in each valley. Which of these needs as many steps as before?",
    choice(
        "division of each entry by the size of its own gradients",
        "the sign of each entry",
        "the gradient matrix made orthogonal",
        "none of them",
    ),
)

who_is_first = prediction(
    "Four optimisers, each at its best learning rate, train a network on digits. Put them into an order, the one that needs the "
    "fewest steps to a training loss of 0.1 first.",
    order("AdaGrad", "Adam", "momentum", "Muon"),
)
