"""Quiz questions of lesson 10."""

from nnutils.checks.exercise import question, right, wrong

cost_went_up = question(
    "You train with mini-batches of 32, and from one step to the next the printed cost rises. What do you conclude?",
    wrong(
        "The learning rate is too large",
        "It may be, but one rise does not say so. If the mean over an epoch rises, that would.",
    ),
    wrong(
        "The gradient has a bug",
        "Even with the exact gradient of each batch, the next batch may simply be a harder one.",
    ),
    right(
        "Nothing yet: the two costs are of different examples",
        "Only in batch mode are the same examples measured each time. Look at the mean over an epoch.",
    ),
    wrong(
        "The batches must be shuffled better",
        "Shuffled batches differ, too. That is where the noise comes from.",
    ),
)


four_times_the_batch = question(
    "You make mini-batches four times as large. What happens to the noise of the gradient, and to the price of a step?",
    right(
        "Half the noise, for up to four times the work",
        "The noise falls as one over the root of B. That is why ever larger batches do not pay.",
    ),
    wrong(
        "A quarter of the noise, for four times the work", "The noise falls with the root of B, not with B."
    ),
    wrong(
        "The same noise: the examples are as noisy as before",
        "The examples are, but a mean of more of them is not.",
    ),
    wrong("No noise any more", "Only all the examples at once have none."),
)


still_moving = question(
    "After 200 epochs of SGD with a constant learning rate the parameters still jump about the minimum. What helps?",
    wrong(
        "More epochs at the same learning rate",
        "It wanders as far after 2 000: each single gradient is still not zero.",
    ),
    wrong(
        "Starting nearer to the minimum",
        "The start is forgotten. The distance at the end depends on the learning rate and on the noise.",
    ),
    wrong("Smaller batches", "They make the gradient noisier, and the wandering wider."),
    right(
        "A learning rate that falls, or larger batches towards the end",
        "Both make the noise of a step smaller, until the path settles.",
    ),
)


which_mode = question(
    "You have 1 000 examples, and one pass over them takes a few milliseconds. Which way of training is fine?",
    wrong(
        "Only SGD with one example a step: it makes the most updates",
        "It does, and each wastes what the machine can do at once. There is no need for it here.",
    ),
    right(
        "Batch mode: all examples at every step",
        "A step is cheap and exact. Mini-batches pay where a pass over the data is dear.",
    ),
    wrong(
        "Mini-batches only: batch mode would not converge",
        "With a fit learning rate it converges, and its cost falls at every step.",
    ),
    wrong(
        "None: 1 000 examples are too few for gradient descent",
        "The number of examples does not limit the method.",
    ),
)


how_large = question(
    "A step with 512 examples does not fit into the memory of your machine, one with 256 does, and both are equally fast per example. "
    "What do you choose to begin with?",
    wrong("512, and hope", "It does not run. What does not fit into memory is out of the question."),
    wrong("1: that always fits", "It fits, and gives up nearly all of the speed."),
    right(
        "256, or less",
        "The memory sets the upper end. Below it, noise and speed decide, so that it is worth trying a few.",
    ),
    wrong(
        "250: powers of two are a superstition",
        "250 works, too. But there is no reason to go for it, either.",
    ),
)
