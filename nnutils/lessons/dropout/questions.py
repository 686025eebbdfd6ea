"""Quiz questions of lesson 04."""

from nnutils.checks.exercise import question, right, wrong

why_divide_by_keep_prob = question(
    "You train with `keep_prob = 0.5`, drop units, and forget to divide by `keep_prob`. At test time "
    "dropout is off "
    "and you change nothing else. What happens?",
    wrong(
        "Nothing: the scale of a layer does not matter",
        "The next layer's weights and biases were fitted to inputs of one size. At another size its "
        "output is another.",
    ),
    wrong(
        "The network is right in training and random at test time",
        "Nothing is random at test time: no unit is dropped. But what the layers receive has changed.",
    ),
    right(
        "Each layer receives inputs twice as large, on average, as in training",
        "Half of the units were missing in training and all are there now, so sums double: in every layer "
        "anew.",
    ),
    wrong(
        "The gradient is wrong in training",
        "Without the division forward and backward still fit each other. Training works; the prediction "
        "does not fit it.",
    ),
)


cost_that_jumps = question(
    "You switch dropout on, and the cost J, printed at every step of batch gradient descent, goes up and "
    "down. How do "
    "you find out whether the gradient is right?",
    right(
        "Set keep_prob to 1, see that J falls at every step, then switch dropout on again",
        "With dropout off J is one function, and a step that is small enough lowers it. A bug shows at once.",
    ),
    wrong(
        "Lower the learning rate until J falls at every step",
        "Each step measures J on another thinned network. No learning rate makes that curve smooth.",
    ),
    wrong(
        "Increase keep_prob at the layers with most weights",
        "The curve becomes calmer, but a calmer curve proves nothing about the gradient.",
    ),
    wrong(
        "Nothing: with dropout J says nothing about the gradient, so skip the test",
        "It does say nothing with dropout on. That is why you test with dropout off.",
    ),
)


where_to_drop_most = question(
    "A network has the layer sizes 20, 300, 300, 10, 5: twenty inputs, three hidden layers, five classes. "
    "You may choose "
    "one place for a low `keep_prob`. Which one do you try first?",
    wrong(
        "The 20 inputs",
        "A dropped input is information thrown away. Keep all or nearly all of them.",
    ),
    wrong(
        "The hidden layer of 10 units",
        "It feeds 50 weights: little to overfit with, and half of 10 units may be too few to separate 5 "
        "classes.",
    ),
    wrong(
        "The 5 outputs",
        "A dropped output would be a class that cannot be predicted. Nothing is dropped there.",
    ),
    right(
        "The first hidden layer of 300 units",
        "It feeds the 300 x 300 matrix, by far the most weights: that is where a network overfits most "
        "easily.",
    ),
)


the_same_in_keras = question(
    "Which Keras layer does what `dropout_forward` does with `keep_prob = 0.9`?",
    wrong("Dropout(0.9)", "Keras' rate is the share that is dropped: this keeps a tenth of the units."),
    right("Dropout(0.1)", "rate = 1 - keep_prob, and Keras divides by keep_prob in training as we do."),
    wrong(
        "Dropout(0.1), followed by a multiplication with 0.9 at test time",
        "That multiplication belongs to classic dropout. Keras' layer is the inverted form, with nothing "
        "to do at test time.",
    ),
    wrong(
        "AlphaDropout(0.1)",
        "That one is for SELU networks: a dropped unit becomes -lambda alpha instead of 0.",
    ),
)


what_mc_dropout_costs = question(
    "You replace the usual prediction by `mc_dropout_predict` with 100 samples. What changes for the "
    "network?",
    right(
        "Nothing in training; each prediction costs 100 forward passes and comes with a spread",
        "The weights are the same. You pay at prediction time, and are told where the thinned networks "
        "disagree.",
    ),
    wrong(
        "Training takes 100 times as long",
        "Training is untouched: any network that was trained with dropout will do.",
    ),
    wrong(
        "The network has to be trained again without the division by keep_prob",
        "The samples are made in training mode, with the division, so their scale is the one that was "
        "trained.",
    ),
    wrong(
        "It becomes as accurate as 100 networks trained one by one",
        "The thinned networks share their weights, so they err together more often than separate networks "
        "do.",
    ),
)
