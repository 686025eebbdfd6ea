"""Questions of lesson 03 before a run."""

from nnutils.checks.prediction import choice, number, order, prediction

best_on_digits = prediction(
    "Each of three models is trained with several lambdas on 300 digits, three in ten with a random label, and keeps its best "
    "lambda. Which one has the lowest dev error?",
    choice("a network of 64 tanh units", "a network of 64 ReLU units", "a model without a hidden layer"),
)


share_left = prediction(
    "Along one direction the loss is h/2 (w - w*)², so its minimum is at w*. Now add the penalty lambda/(2m) w². Where the "
    "curvature h is equal to lambda/m, which share of w* is left at the new minimum?",
    number(low=0, high=100, unit="%"),
)


shortest_weights = prediction(
    "A script divides the penalty by the size of the batch, and not by the 300 examples of the training set. Three networks get "
    "the same lambda, the same learning rate and the same number of steps. In which order come the lengths of their weights, the "
    "shortest first?",
    order("batches of 10", "batches of 50", "all 300 at once"),
)


two_copies = prediction(
    "Pixel 36 is there twice, as two equal inputs. You train by gradient steps and the soft threshold (L1), from several random "
    "starts. What happens to the two weights?",
    choice(
        "they become equal",
        "one of them becomes 0, always the same one",
        "it depends on the start how they share",
    ),
)
