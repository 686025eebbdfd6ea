"""Predictions of lesson 07: what a student guesses before the runs."""

from nnutils.checks.prediction import choice, number, prediction

who_parts = prediction(
    "A network with 8 hidden units is trained. All biases begin at 0. In the first start all incoming weights are "
    "equal and all outgoing weights, too. In the second only the incoming weights are equal, in the third only the "
    "outgoing ones. After which start are the 8 units still equal at the end?",
    choice(
        "only after the first, where both are equal",
        "after the first and the second, where the incoming weights are equal",
        "after all three",
    ),
)

fifty_times = prediction(
    "Fifty layers follow each other, and each does nothing but multiply by 1.5. The signal grows by about 10 to which "
    "power? (Write 3 for a factor of 1000.)",
    number(low=0),
)

twice_as_deep = prediction(
    "The logarithm of the signal after the last layer differs from network to network. You make the networks twice as "
    "deep. How many times as wide must their layers become, so that this spread stays what it was?",
    number(low=0),
)

through_fifty = prediction(
    "Three networks of 50 layers have weights of variance 1 / n. The activation of the first is the sigmoid, from 0 "
    "to 1. In the second it is the sigmoid minus 1/2, so that its mean is 0. In the third it is that times 4, from -2 "
    "to 2, so that its slope at 0 is 1 and not 1/4. In which of them does a gradient get back from the last layer to "
    "the first?",
    choice("in the second and the third", "only in the third", "in none: all three are sigmoids"),
)
