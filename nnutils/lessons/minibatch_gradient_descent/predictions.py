"""Predictions of lesson 10: what a student guesses before the runs."""

from nnutils.checks.prediction import choice, number, prediction

critical_batch = prediction(
    "With all the data at each step, training to the goal takes a few steps, and smaller batches take more. At which batch size "
    "does it take twice as many? You have the noise scale at the start, half way and at the goal.",
    number(low=1, high=1438, unit="examples"),
)

who_settles = prediction(
    "Four runs with batches of 4. (1) 100 examples of a line in two features, noisy targets, constant rate. (2) The same "
    "with exact targets. (3) 20 examples whose targets are nothing but noise, 200 features, constant rate. (4) As (1), but the "
    "rate falls as 1/(1 + epoch). Which come to rest at the minimum and stay there, better by a factor of ten every few epochs?",
    choice("only 4", "2 and 4", "2 and 3", "2, 3 and 4", "all four"),
)

which_minimum = prediction(
    "A cost has two minima, and each run begins anywhere. In landscape A the deeper, global minimum is wide and the other "
    "one narrow. In landscape B the global minimum is narrow and the other one wide. In which of the two do nearly all runs with "
    "B = 1 end in the global minimum?",
    choice("in A", "in B", "in both", "in none"),
)
