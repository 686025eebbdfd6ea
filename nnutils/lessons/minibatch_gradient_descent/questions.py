"""Quiz questions of lesson 10."""

from nnutils.checks.exercise import question, right, wrong

cost_went_up = question(
    "You train with mini-batches of 32, and from one step to the next the printed cost rises. What do you conclude?",
    wrong(
        "The learning rate is too large",
        "It may be, but one rise does not show it. A rise of the mean over an epoch would.",
    ),
    wrong(
        "The gradient has a bug",
        "Even with the exact gradient of each batch, the next batch may simply be a harder one.",
    ),
    right(
        "Nothing yet: the examples differ",
        "Only in batch mode are the same examples measured each time. Look at the mean over an epoch.",
    ),
    wrong(
        "The batches must be shuffled better",
        "Shuffled batches differ, too. That is where the noise comes from.",
    ),
)

twice_the_batch = question(
    "Your noise scale is about 2000, and you train with batches of 32. A second machine arrives, so that a step on 64 examples takes "
    "the same time as one on 32 did. What do you expect of B = 64, with plain SGD and its rate tuned again?",
    right(
        "Nearly half as many steps, at nearly twice the rate",
        "Far below the critical batch a step is mostly noise, and twice the examples are worth two steps.",
    ),
    wrong(
        "As many steps as before: the gradient is still noisy",
        "It is, but less so, and that allows a larger rate.",
    ),
    wrong(
        "About 30 % fewer steps, because the noise falls with the root",
        "The noise does. The number of steps goes with the squared noise, as long as B is far below the critical batch.",
    ),
    wrong(
        "A quarter of the steps",
        "Then 64 examples would be worth more than twice 32 examples.",
    ),
)

still_moving = question(
    "After 200 epochs of SGD with a constant learning rate the parameters still jump about the minimum, at a constant "
    "distance. What does that tell you, and what helps?",
    wrong(
        "The data can be fitted exactly; train longer at this rate",
        "Then the gradients of all examples would be 0 at the minimum, and the jumps would die out by themselves.",
    ),
    wrong(
        "The start was bad; begin nearer to the minimum",
        "The start is forgotten. The distance depends on the learning rate and on the noise.",
    ),
    wrong("The batches are too large; smaller ones calm the steps", "Smaller ones make them noisier."),
    right(
        "The data cannot be fitted exactly; let the rate fall",
        "At such a minimum single gradients are not 0. A lower rate makes their noise count less, and so does a larger batch.",
    ),
)

how_large = question(
    "A recipe asks for batches of 512. A step with 256 examples fits into the memory of your machine, one with 512 does not. The network "
    "has no batch norm. What gives the steps of the recipe?",
    wrong("512 all the same", "It does not run: what does not fit into memory is out of the question."),
    wrong(
        "256, with the recipe's learning rate",
        "It runs, but these are other steps: noisier ones, and two where the recipe makes one.",
    ),
    right(
        "The mean of two gradients of 256",
        "One step with this mean is the recipe's step. This is accumulation; it is no faster than two "
        "steps of 256.",
    ),
    wrong(
        "One gradient of 256, and the step doubled",
        "The mean of 256 examples is a noisier estimate of the same gradient. Doubling it doubles its noise, too.",
    ),
)
