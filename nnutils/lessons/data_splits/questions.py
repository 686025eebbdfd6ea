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


how_many_dev_examples = question(
    "Two models differ by 0.1 percentage points, near an error rate of 1 %. Which dev set tells them "
    "apart reliably?",
    wrong(
        "100 examples, because the error rate is low",
        "One example is 1 % here: ten times the difference you look for.",
    ),
    wrong(
        "10 000 examples, the usual number",
        "The standard error is about 0.1 points there, as large as the difference.",
    ),
    wrong("20 % of whatever you have", "What counts is the number of examples, not their share."),
    right(
        "About 100 000 or more", "There the standard error is about 0.03 points, a third of the difference."
    ),
)


why_the_accuracy_is_zero = question(
    "Someone trains with Keras' `validation_split=0.2` on a file that is sorted by label. Training "
    "accuracy is high, validation "
    "accuracy near 0. What happened?",
    right(
        "The validation set holds classes that training never saw",
        "Keras takes the last rows before it shuffles, and here these are the last classes.",
    ),
    wrong(
        "The network overfits",
        "Overfitting costs some accuracy on the same classes; it does not bring it to 0.",
    ),
    wrong("The learning rate is too large", "Then training would suffer, too."),
    wrong("The validation set is too small", "A small set makes the number noisy, not 0."),
)


which_split_for_x_rays = question(
    "1 200 X-rays of 300 patients, four each, taken in one sitting. Which split tells how well new "
    "patients will be diagnosed?",
    wrong(
        "A plain shuffle: each X-ray is one example",
        "A patient's other pictures would be in training: the network may know the patient.",
    ),
    right(
        "By patient",
        "New patients are unknown to the network, so the dev patients must be unknown to it, too.",
    ),
    wrong(
        "Stratified by diagnosis, picture by picture",
        "The shares are right then, but patients still stand on both sides.",
    ),
    wrong(
        "The first 900 pictures for training",
        "That may keep most patients together, but the order may mean something, such as the date.",
    ),
)


what_the_dev_set_should_hold = question(
    "You train on 200 000 sharp pictures from the web; the app will get blurred ones from telephones, "
    "of which you have 10 000. "
    "What should dev and test hold?",
    wrong(
        "A shuffle of all 210 000",
        "Then less than 5 % of the dev set is what you care about, and you choose for the web.",
    ),
    wrong(
        "Web pictures in dev, telephone pictures in test",
        "You would aim at one target and be measured at another.",
    ),
    right(
        "Telephone pictures, both of them",
        "The dev set is the target that you aim at. The rest of the telephone pictures may join the "
        "web pictures in training.",
    ),
    wrong(
        "Web pictures in both, because the training set has those",
        "The number would be reassuring, and about something else.",
    ),
)
