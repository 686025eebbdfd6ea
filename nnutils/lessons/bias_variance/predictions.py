"""Predictions of lesson 02."""

from nnutils.checks.prediction import choice, number, prediction

training_error_of_two_units = prediction(
    "A network with 2 hidden units learns to tell ten digits apart, from 50, 100, 200, ... 1200 examples, with equally many "
    "steps each time. What does its error on its own training set do as the examples grow more?",
    choice("It falls: more data always help", "It stays where it is", "It rises"),
)

error_at_1200 = prediction(
    "Read the right panel: the dev error of the network with 64 units, at 50 to 400 digits. How large is it at 1200?",
    number(low=0, high=100, unit="%"),
)

peak = prediction(
    "A linear model gets more and more random features, from 10 to 1000, and is fitted to 300 training examples without "
    "any penalty. At how many features is its dev error largest?",
    number(low=10, high=1000, unit="features"),
)
