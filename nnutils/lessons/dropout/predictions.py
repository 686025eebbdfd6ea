"""Predictions of lesson 04: what a student guesses before the runs."""

from nnutils.checks.prediction import number, order, prediction

passes_until_ahead = prediction(
    "A network with two hidden layers learns from 1 200 digits, about a fifth of them with a label drawn at random. It is "
    "trained for 40 passes over the data, once without dropout and once with keep_prob 0.5 in both hidden layers. After the "
    "first pass the network with dropout is worse on the dev set. After which pass is it better for the first time? (41 means "
    "never.)",
    number(low=1, high=41, unit="passes"),
)

most_even_weights = prediction(
    "The last weight matrix of the networks that you have trained on wrong labels, and of the same networks before training: in "
    "which of the three are the weights most even, so that most inputs count? Begin with the most even one.",
    order("untrained", "without dropout", "with dropout"),
)

lowest_log_loss = prediction(
    "All networks below learn from the same 200 digits with clean labels. Which prediction has the lowest log loss on the dev "
    "set? Begin with the lowest. MC dropout is the mean of 40 passes with dropout left on, of one network with keep_prob 0.8; "
    "the ensemble is the mean of five networks without dropout, each from its own start.",
    order("one network", "MC dropout", "ensemble of five"),
)
