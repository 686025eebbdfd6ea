"""Predictions of lesson 21: what a student guesses before the runs."""

from nnutils.checks.prediction import choice, order, prediction

deep_or_shallow = prediction(
    "Three recipes, each at its own best rate, 30 epochs: today's (GELU, AdamW, warm-up), the default one (ELU, batch norm, "
    "Nadam), the self-normalizing one (SELU, alpha dropout, Nadam). The last two run with 20 hidden layers of 32 units and with "
    "two layers of 128 and 64, which have about as many weights. What will you see?",
    choice(
        "the recipe decides: each is about as good with 20 layers as with two",
        "20 layers read better, since depth makes better features",
        "two layers read better, by over 10 points",
        "20 layers need batch norm, and with it they are level with two",
    ),
)

too_sure = prediction(
    "Two networks: (1) trained on the pictures as they are, until it knows nearly all of them; (2) trained on changed pictures, "
    "anew in each epoch. Which needs a temperature above 1.3, since it is much too sure on new pictures?",
    choice("only 1", "only 2", "both", "none"),
)

few_labels_order = prediction(
    "60 labelled pictures, 6 of each letter. Three networks: trained on the 60 as they are; trained on the 60, changed anew in "
    "each epoch; and begun with layers that were trained to read 16 other letters, then trained on the 60 with changes. In which "
    "order do they read new pictures, the best first?",
    order("other letters", "changes", "as they are"),
)
