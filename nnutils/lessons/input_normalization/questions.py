"""Quiz questions of lesson 06."""

from nnutils.checks.exercise import question, right, wrong

which_statistics = question(
    "A single new example arrives at a network that was trained on standardized data. How do you standardize it?",
    wrong(
        "By its own mean and std",
        "One example has a std of 0. Even ten would be scaled by their own luck, and not as the network learned it.",
    ),
    wrong("Not at all: it is only one", "Then it comes in units that the network has never met."),
    right(
        "By the mean and std of the training set",
        "The scaling is part of the trained model. Whatever comes later goes through the very same one.",
    ),
    wrong(
        "By the mean and std of the dev set, which stands for new data",
        "It does. And like all new data, it is scaled by the statistics of the training set.",
    ),
)


why_it_is_slow = question(
    "One feature runs from 0 to 1, another from 0 to 1000, and gradient descent crawls. What forces the small learning rate?",
    right(
        "The steep direction, along the weight of the large feature",
        "The curvature goes with the square of the feature. A larger rate would overshoot there, and the rate that is left is far too small for the flat direction.",
    ),
    wrong(
        "The flat direction, along the weight of the small feature",
        "That direction would like a much larger rate. It is the victim, not the cause.",
    ),
    wrong(
        "The number of examples", "The cost is a mean over examples, so its curvature does not grow with m."
    ),
    wrong(
        "The noise in the labels",
        "Noise raises the minimum. It does not change the curvature of a squared error.",
    ),
)


what_takes_correlation_away = question(
    "Two features are standardized and correlated with 0.95, so their valley is long. Which of these makes it round?",
    wrong(
        "Multiply one of them by a better number",
        "Both have one scale already, and with two features no other one gives a smaller condition number.",
    ),
    right(
        "Take their standardized sum and difference",
        "Sum and difference of two standardized features are not correlated. Divide each by its std: this is "
        "whitening.",
    ),
    wrong(
        "Train with Adam, which rescales each weight",
        "An optimiser leaves the data as they are. Adam rescales each weight alone, and this valley lies across both weights.",
    ),
    wrong(
        "Subtract the mean of each example",
        "That leaves two features of which one is the other with a minus sign: they are correlated with -1.",
    ),
)


when_it_is_harmless = question(
    "Which learner does NOT mind features of different scale?",
    wrong("A linear model by gradient descent", "That is the very case of this lesson."),
    wrong(
        "A neural network by Adam",
        "Adam scales each weight's step, which helps, but a network still starts far out in its activations' flat ends.",
    ),
    wrong("Nearest neighbours", "Distances are dominated by whatever feature has the largest numbers."),
    right(
        "A decision tree",
        "It asks of one feature at a time whether it is above a threshold; any scale gives the same splits.",
    ),
)
