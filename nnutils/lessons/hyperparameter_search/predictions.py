"""Predictions of lesson 17: what a student guesses before the runs."""

from nnutils.checks.prediction import choice, number, prediction

points_for_the_best = prediction(
    "Call the best 5 % of a space good. How many random points must you draw so that with 95 % probability at least one of "
    "them is good? Does it matter how many hyperparameters there are?",
    number(low=1, unit="points"),
)

winner_again = prediction(
    "160 random settings were trained, each on a seed of its own. The five with the lowest dev loss are trained again, "
    "on six fresh seeds each. How will the means of the fresh losses compare with the five losses that chose them?",
    choice(
        "lower: the best settings have been found",
        "about the same, within 5 %: each seed is as good as another",
        "higher: the five were lucky, too",
    ),
)

rate_of_the_wide = prediction(
    "Two hidden layers of 16 units are best trained by Adam with some learning rate. You make them 256 units wide. "
    "How does the middle of the good learning rates move?",
    choice(
        "up by over a quarter",
        "it stays, within a quarter",
        "down by less than half",
        "down by more than half",
    ),
)
