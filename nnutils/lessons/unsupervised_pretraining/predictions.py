"""Predictions of lesson 19: questions before the runs."""

from nnutils.checks.prediction import choice, number, order, prediction

spread_on_digits = prediction(
    "50 of 1400 digits have a label. The nearest labelled digit (1-NN) is right for about 80 % of new digits. Label spreading "
    "uses the same 50 labels and the 1350 other pictures. How many percent does it read?",
    number(low=0, high=100, unit="%"),
)

best_threshold = prediction(
    "A model that is right for about 82 % gives pseudo-labels and learns from them. With which threshold does it gain most?",
    choice("0: every example gets a label", "0.95", "0.999"),
)

with_ten_labels = prediction(
    "Ten letters, ONE label each, and 2200 letters without a label. Put these in order, the best first.",
    order("1-NN", "label spreading", "network trained on views", "linear probe of contrastive codes"),
)
