"""Quiz questions of lesson 01."""

from nnutils.checks.exercise import question, right, wrong

where_the_test_set_stops = question(
    "You compared 300 settings on the dev set, kept the best one and measured it once on the test "
    "set: 4.1 % on dev, "
    "4.9 % on test. Which number do you report?",
    wrong(
        "4.1 %, since the model was chosen with it",
        "That is the reason against it: the best of 300 is also the luckiest of 300.",
    ),
    wrong("The mean, 4.5 %", "One of the two is biased, and a mean with it is biased, too."),
    right(
        "4.9 %",
        "The test set had no say in any choice, so its number is unbiased; the dev number has been "
        "selected for luck.",
    ),
    wrong(
        "Neither: try further settings until both agree",
        "Then the test set takes part in the choice and is a second dev set.",
    ),
)


is_the_difference_real = question(
    "A and B were measured on the same 1 000 dev examples. A is wrong on 100 of them, B on 80; 60 of them are "
    "wrong with both. What do you conclude?",
    wrong(
        "Nothing: each error rate has a standard error of about 1 point, so 2 points may be luck",
        "The errors are not independent: most of them are shared, and these cancel in the difference.",
    ),
    right(
        "B is probably better: the difference is 2.6 standard errors",
        "Only A is wrong on 40, only B on 20. The paired standard error is sqrt(0.06 - 0.02^2) / sqrt(1000), "
        "0.8 points, and the difference is 2.",
    ),
    wrong(
        "B is better for certain, since both faced the same examples",
        "With another dev set the difference would be another one; it is only much less wild.",
    ),
    wrong(
        "Nothing: 10 000 examples are the least for a comparison",
        "How many are needed depends on the difference, and on whether both are measured on the same examples.",
    ),
)


why_the_accuracy_is_zero = question(
    "Someone trains with Keras' `validation_split=0.2` on a file that is sorted by label. Training "
    "accuracy is high, validation "
    "accuracy near 0. What happened?",
    right(
        "The two sets hold different classes",
        "Keras takes the last rows before it shuffles, and here these are the last classes: training "
        "never saw them.",
    ),
    wrong(
        "The network overfits",
        "Overfitting costs some accuracy on the same classes; it does not bring it to 0.",
    ),
    wrong("The learning rate is too large for these data", "Then training would suffer, too."),
    wrong(
        "The validation set is too small for a reliable number", "A small set makes the number noisy, not 0."
    ),
)
