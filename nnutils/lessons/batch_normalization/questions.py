"""Quiz questions of lesson 15."""

from nnutils.checks.exercise import question, right, wrong

one_example_at_inference = question(
    "In this course or in Keras, a network in training mode is given a batch of ONE example. What comes out of a batch norm layer?",
    wrong("The example, properly normalized", "With one example, the mean is the example itself."),
    wrong(
        "An error: the variance of one example is not defined",
        "So it is in PyTorch, which refuses such a batch in training mode. Here and in Keras the variance divides by m, and is 0.",
    ),
    wrong(
        "The running average",
        "That would be inference mode. In training mode the batch's own statistics are used.",
    ),
    right(
        "beta, whatever the example is",
        "z minus its own mean is 0, so gamma z_hat is 0 and beta remains. All information is lost.",
    ),
)


which_norm_for_small_batches = question(
    "Your model is so large that only two examples fit into memory at once. Which norm is the worst choice, and why?",
    wrong(
        "Layer norm: it needs many examples to estimate a mean",
        "It needs one: its mean runs over the units of an example.",
    ),
    wrong(
        "RMS norm: it does not subtract the mean",
        "That hardly mattered in what you measured, at any batch size.",
    ),
    right(
        "Batch norm: its statistics are mostly noise",
        "They come from two examples. z_hat is then about +1 and -1, whatever they are: which of the two is "
        "larger is all that is left.",
    ),
    wrong(
        "No norm is worse than another: gamma and beta adapt",
        "They are the same for all examples, and cannot give back what was lost.",
    ),
)


which_momentum = question(
    "In PyTorch a layer has momentum=0.01. Which momentum gives the same running mean in this course and in Keras?",
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
        "The running variance is too large at inference",
        "It was measured on inputs with dropout, which leaves their mean and raises their variance. At "
        "inference dropout is off, and their variance is smaller.",
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
