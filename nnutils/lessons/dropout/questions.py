"""Quiz questions of lesson 04."""

from nnutils.checks.exercise import question, right, wrong

cost_that_jumps = question(
    "You switch dropout on, and the cost J, printed at every step of batch gradient descent, goes up and "
    "down. How do "
    "you find out whether the gradient is right?",
    right(
        "Set keep_prob to 1: J must fall at every step",
        "With dropout off J is one function, and a step that is small enough lowers it. A bug shows at once. "
        "Then switch dropout on again.",
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


where_dropout_gains = question(
    "In which of these trainings do you expect most from dropout with `keep_prob = 0.5`?",
    wrong(
        "One pass over ten million examples",
        "Every example is new, so nothing can be learned by heart. Dropout would only slow the training down.",
    ),
    wrong(
        "A network whose training error is 20 %, and its dev error 21 %",
        "That is bias: the network does not even fit what it has seen. Dropout would raise its training error.",
    ),
    right(
        "A large network, few examples, many passes, and some labels wrong",
        "Here there is much variance to reduce: without dropout the wrong labels are learned by heart.",
    ),
    wrong(
        "A network without hidden layers on 20 inputs",
        "There is no hidden unit to drop, and 20 inputs are few: each dropped one is information lost.",
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
        "SpatialDropout1D(0.1)",
        "That one drops whole feature maps together. Here each unit is dropped on its own.",
    ),
)


what_mc_dropout_costs = question(
    "You replace the usual prediction by `mc_dropout_predict` with 100 samples. What changes for the "
    "network?",
    right(
        "Only its prediction: it takes 100 forward passes",
        "The weights are the same, and so is training. You pay at prediction time, and get a spread: it "
        "tells where the thinned networks disagree.",
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
