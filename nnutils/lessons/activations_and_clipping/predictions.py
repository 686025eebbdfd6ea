"""Predictions of lesson 09: what a student guesses before the runs."""

from nnutils.checks.prediction import choice, number, order, prediction

what_arrives = prediction(
    "The slope of the sigmoid is at most 1/4. A gradient passes 20 layers of sigmoids, and weights that neither lengthen nor "
    "shorten it much. Which power of ten is left of its size? Write -3 for a thousandth.",
    number(),
)

do_they_wake = prediction(
    "A ReLU network was trained for five epochs at a learning rate that was far too large, and most hidden units now have z < 0 "
    "for every training example. There is one hidden layer. The rate is corrected, and training goes on for 15 epochs. "
    "What becomes of the silent units?",
    choice("most of them become active again", "a few of them do", "none of them does"),
)

which_mends = prediction(
    "SELU is said to need standardized inputs, LeCun's weights, no shortcuts around a layer and no ordinary dropout. "
    "Each time one of these four is violated. In which case is the standard deviation nearest to 1 after 20 layers?",
    choice(
        "the inputs are five times too large",
        "the weights are He's, with twice LeCun's variance",
        "each layer adds its input to its output",
        "ordinary dropout keeps 90 % of the units",
    ),
)

how_far_apart = prediction(
    "Networks with two hidden layers of 32 units read digits, each with its own best learning rate. The best of sigmoid, tanh, "
    "ReLU, ELU, SELU and GELU reads about 97 % correctly. By how many percentage points is the worst of the six behind it?",
    number(low=0, unit="points"),
)

who_rescues = prediction(
    "The weights of eight ReLU layers begin twice as large as He's, so the first gradients are hundreds of times too long. "
    "There are three ways to train the network all the same: clip by value, clip by norm, or take a smaller learning rate, "
    "each with its best setting. Who reads the most digits after eight epochs? Begin with that one.",
    order("by norm", "by value", "smaller rate"),
)
