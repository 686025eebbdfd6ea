"""Predictions of lesson 08: what a student guesses before the runs."""

from nnutils.checks.prediction import choice, number, prediction

will_it_train = prediction(
    "The gradient of a network for digits has three faults: one bias gradient is 200 times too small, the penalty acts 200 times "
    "too strongly on one matrix, and a derivative is wrong. What does the cost do in 300 steps of gradient descent?",
    choice("it rises", "it falls, but not to a third", "it falls to less than a third"),
)

float32_nudge = prediction(
    "In float64, which keeps 16 digits, the best two-sided nudge is near 10 to the power of -5. A float32 keeps 7 digits. Which "
    "power is the best there? Write -5 if you think that nothing changes.",
    number(low=-16, high=0),
)

one_of_many = prediction(
    "A network has 81 710 parameters. One entry of its gradient, chosen at random, is 5 % too large. You compare slopes along "
    "five random directions, in each of which all parameters change. In how many of 20 such checks does the error exceed 1e-7?",
    number(low=0, high=20, unit="checks"),
)

who_sees_it = prediction(
    "In a program the probabilities go through softmax a second time before the cross-entropy is taken. The gradient is derived "
    "correctly from this cost. There are 10 classes and small initial weights. Which check shows that something is wrong?",
    choice(
        "the cost at the start is far from ln 10",
        "the gradient check fails",
        "the cost of twenty examples cannot be brought near 0",
        "none of these",
    ),
)
