"""The prediction of lesson 00: what a student guesses before the run."""

from nnutils.checks.prediction import number, prediction

read_by_the_means = prediction(
    "Your function compares a picture with the ten mean pictures and takes the nearest. There is no network and no training. "
    "Which share of the pictures in the dev set does it read right? Guessing would give 10 %.",
    number(low=0, high=100, unit="%"),
)
