"""Predictions of lesson 06: what a student guesses before the runs."""

from nnutils.checks.prediction import choice, number, order, prediction

what_rounds_it = prediction(
    "Radius has mean 14 and standard deviation 3.5, texture has mean 19 and standard deviation 4.3. What makes the valley of "
    "this pair nearly round?",
    choice(
        "subtracting the means is enough",
        "dividing by the standard deviations is enough",
        "only both together",
    ),
)

who_notices = prediction(
    "All 30 features are standardized. Now the data are turned, so that the axes of the valley lie along the weights. Nothing is "
    "stretched: the condition number stays the same. Which of these methods needs far fewer steps in the turned valley?",
    choice("gradient descent", "momentum", "Adam", "all three", "none of them"),
)

who_bears_noise = prediction(
    "A network is trained on 400 digits whose pixels are divided by 255, or standardized one by one, or whitened. Then a little "
    "noise is added to each pixel of the dev set, 5 % of the range from white to black. Who loses the fewest points of accuracy? "
    "Begin with that one.",
    order("divided", "standardized", "whitened"),
)

share_that_moves = prediction(
    "A network was trained on standardized features and is right on about 97 % of the dev set. A service standardizes each batch "
    "of 10 patients by the batch's own mean and std. Each dev patient is sent 20 times, each time with nine others drawn at "
    "random. For which share of all patients does the probability of benign differ by more than 50 points between two of the "
    "20 answers?",
    number(low=0, high=100, unit="%"),
)
