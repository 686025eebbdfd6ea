"""Quiz questions of lesson 15."""

from nnutils.checks.exercise import question, right, wrong

why_the_bias_is_redundant = question(
    "A dense layer stands before batch norm. Why may its bias b be left out?",
    wrong(
        "Because it starts at zero and stays there",
        "It would be trained like any other. It just has no effect.",
    ),
    right(
        "Subtracting the batch's mean takes out any constant that was added to z",
        "z + b has the mean mean + b, so b cancels. beta does its work after the normalization.",
    ),
    wrong(
        "Because gamma multiplies it away",
        "gamma scales what is left after the mean has gone, and b has gone with it.",
    ),
    wrong("Because a network with batch norm needs no shift at all", "It does, and that is beta's job."),
)


one_example_at_inference = question(
    "A network in training mode is given a batch of ONE example. What comes out of a batch norm layer?",
    wrong("The example, properly normalized", "With one example, the mean is the example itself."),
    wrong("An error: the variance of one example is not defined", "With ddof 0 it is defined, and it is 0."),
    wrong(
        "The running average",
        "That would be inference mode. In training mode the batch's own statistics are used.",
    ),
    right(
        "beta, whatever the example is",
        "z minus its own mean is 0, so gamma z_hat is 0 and beta remains. All information is lost.",
    ),
)


what_normalizes_less = question(
    "You halve the batch size in a network with batch norm. What happens to the noise that it adds to each example?",
    right(
        "It grows: the mean and variance of fewer examples fluctuate more from batch to batch",
        "That noise is the slight regularization batch norm is known for. Tiny batches make it too much.",
    ),
    wrong(
        "It shrinks: fewer examples disturb each other",
        "Each example counts more in the mean, so it fluctuates more.",
    ),
    wrong(
        "Nothing: mean and variance are normalized anyway",
        "The output's are. The statistics used for it are estimates, and estimates fluctuate.",
    ),
    wrong("It vanishes, since the running averages take over", "They are used at inference only."),
)


which_momentum = question(
    "In PyTorch a layer has momentum=0.01. Which momentum has the same running averages in this course and in Keras?",
    wrong("0.01", "There, momentum is the share of the new batch; here it is that of the old value."),
    wrong("0.1", "That is no more than PyTorch's default, under its own convention."),
    right("0.99", "The share of the old value is 1 - 0.01."),
    wrong(
        "There is none",
        "Both are the same weighted average, named by different shares. (Only PyTorch's variance is the unbiased one.)",
    ),
)


dropout_before_batch_norm = question(
    "Dropout stands right before a batch normalization. The network is good in training mode and poor in "
    "inference mode. "
    "What is the likely reason?",
    wrong(
        "Dropout changes the mean of what batch normalization receives",
        "Inverted dropout leaves the mean as it is. Look at the other statistic.",
    ),
    right(
        "The running variance was measured on dropped inputs, and without dropout the variance is smaller",
        "Dropout leaves the mean and raises the variance. At test time it is off, and the stored variance "
        "is too large.",
    ),
    wrong(
        "Batch normalization cancels the zeros, so dropout has no effect",
        "A dropped unit is shifted and scaled with the others; it still carries no information.",
    ),
    wrong(
        "Batch normalization drops units itself",
        "It adds a little noise from the batch's statistics, but it drops nothing.",
    ),
)
