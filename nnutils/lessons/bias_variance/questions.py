"""Quiz questions of lesson 02."""

from nnutils.checks.exercise import question, right, wrong

which_baseline = question(
    "Blurred pictures: experts err in 14 %, your network in 15 % on train and 16 % on dev. What is wrong with it?",
    wrong(
        "High bias: 15 % on its own training set",
        "Against zero, yes. But experts err in 14 %, so one point is to be had.",
    ),
    wrong("High variance: dev is worse than train", "By one point. It nearly always is, by a little."),
    right(
        "Hardly anything",
        "Bias is one point, variance is one point: the pictures are hard, not the network bad.",
    ),
    wrong("Both: 15 and 16 % are high", "High compared with what? The best that anyone can do is 14 %."),
)


who_gains_from_data = question(
    "Train 14 %, dev 15 %, human 1 %. A colleague wants to pay for ten times the data. What do you say?",
    wrong("Yes: more data always help", "They close the gap of train and dev, and that is one point wide."),
    right(
        "No: dev cannot fall much below train, and train is too high",
        "The two have met. Only a model that can fit more (larger, or trained better) brings both down.",
    ),
    wrong("No: the network is too large for the data", "Then train would be far better than dev."),
    wrong(
        "Yes: 15 % on dev shows overfitting",
        "Overfitting shows in the difference to train, not in dev alone.",
    ),
)


what_averaging_does = question(
    "You train the same network on 100 training sets and average the predictions. What does the average of "
    "many runs get rid of?",
    right("Most of the variance", "The scatter of the runs averages out; what all of them get wrong stays."),
    wrong("Most of the bias", "Bias is what the average still gets wrong: it is defined by the average."),
    wrong(
        "Most of the noise",
        "The noise is in what you are asked to predict, and nobody can average that away.",
    ),
    wrong("All three", "Only what differs from run to run can average out."),
)


read_the_curve = question(
    "A learning curve: at 1 000 examples train is at 0 %, dev at 9 %. At 500 dev was at 13 %, at 250 at 18 %. What next?",
    wrong("A larger network", "Train is at 0 % already: there is no bias to remove."),
    wrong("Stop: the network has converged", "Dev falls with every doubling and has not levelled off."),
    wrong(
        "A smaller learning rate",
        "It fits the training set perfectly. How well it is fitted is not the trouble.",
    ),
    right("More data, or regularization", "The gap is wide and closes as data grow: that is variance."),
)


what_a_larger_network_costs = question(
    "Train is at 8 %, dev at 10 %, a human at 1 %. You make the network ten times as wide, and it is well "
    "regularized. What do you expect?",
    wrong(
        "Train falls, dev must rise: bias and variance are a trade-off",
        "Only if you move along one dial. Here you hold variance down by another one.",
    ),
    right(
        "Both fall, and it costs computing time",
        "With regularization, a larger network rarely hurts: capacity removes bias, the penalty holds variance.",
    ),
    wrong("Train rises, dev falls", "A wider network can fit whatever the narrow one could."),
    wrong("Nothing: the data decide", "Train at 8 % says that the narrow network did not even fit the data."),
)
