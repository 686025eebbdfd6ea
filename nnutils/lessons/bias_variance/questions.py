"""Quiz questions of lesson 02."""

from nnutils.checks.exercise import question, right, wrong

which_baseline = question(
    "Blurred pictures: experts err in 14 %, your network in 15 % on train and 16 % on dev. What is wrong with it?",
    wrong(
        "High bias: 15 % on its own training set",
        "Against zero, yes. But experts err in 14 %, so no more than one point is known to be possible.",
    ),
    wrong("High variance: dev is worse than train", "By one point. It nearly always is, by a little."),
    right(
        "Hardly anything",
        "Against the experts bias is one point, and variance is one point: the pictures are hard, not the network bad.",
    ),
    wrong(
        "Both: 15 and 16 % are high",
        "High compared with what? The best error that is known is that of the experts, 14 %.",
    ),
)


who_gains_from_data = question(
    "Train 14 %, dev 15 %, human 1 %. A colleague wants to pay for ten times the data. What do you say?",
    wrong("Yes: more data always help", "They close the gap of train and dev, and that is one point wide."),
    right(
        "No: the train error is too high",
        "Dev is already close to it, and cannot fall much below it. Only a model that can fit more (larger, "
        "or trained better) brings both down.",
    ),
    wrong("No: the network is too large for the data", "Then train would be far better than dev."),
    wrong(
        "Yes: 15 % on dev shows overfitting",
        "Overfitting shows in the difference to train, not in dev alone.",
    ),
)


below_the_bayes_error = question(
    "One label in five is random noise, and a network has a training error of 5 %. Its avoidable bias is -15 points. "
    "What does that tell?",
    wrong(
        "The network is better than the Bayes error",
        "Not on fresh examples: nobody can guess what is random there.",
    ),
    wrong(
        "Its statistical bias is negative, too",
        "A squared distance is never negative, and one training set cannot show it.",
    ),
    right(
        "It has learned noise by heart",
        "On its own training set it can know the random labels, so its training error is too good to be "
        "true. The gap to dev holds this optimism and the variance.",
    ),
    wrong(
        "The Bayes error was estimated too high",
        "It was given. The training error can lie below it whenever labels are learned by heart.",
    ),
)


where_the_peak_moves = question(
    "You repeat the double descent with 600 training examples in place of 300, without a ridge. You look at the model "
    "with 600 features. What happens to its dev error?",
    right(
        "It rises: the peak comes to 600 features",
        "The peak is where features and examples are equally many. More data can hurt a model that stands there, unless a ridge holds it.",
    ),
    wrong(
        "It falls: more data always help",
        "It helps most models. This one now fits all labels in just one way, with huge weights.",
    ),
    wrong(
        "Nothing: the peak stays at 300 features",
        "300 was the number of examples, and it was no other number by chance.",
    ),
    wrong("It falls to the Bayes error", "Nothing in the experiment comes that near."),
)
