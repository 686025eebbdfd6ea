"""Quiz questions of lesson 08."""

from nnutils.checks.exercise import question, right, wrong

# quiz --------------------------------------------------------------------------------------------------------

why_two_sides = question(
    "Near eps = 0.01 you halve eps. What happens to the error of the two kinds of difference, one-sided and two-sided?",
    wrong("Both halve", "One-sided, yes. Two-sided differences lose the term of first order by symmetry."),
    right(
        "One-sided halves, two-sided falls to a quarter",
        "Their errors go with eps and with eps^2. So the two-sided one is much better long before rounding comes in.",
    ),
    wrong(
        "One-sided falls to a quarter, two-sided halves",
        "It is the other way round: the second side cancels the term that is linear in eps.",
    ),
    wrong(
        "Neither changes until rounding sets in",
        "On this side of the U the error of the formula is the larger one, and it falls with eps.",
    ),
)


why_not_smaller = question(
    "Someone takes eps = 1e-14 because a derivative is a limit for eps to 0. The check now reports a relative error of 0.1. Why?",
    wrong(
        "The backward pass has a bug that shows only at small eps",
        "The backward pass does not know eps. Only the numerical gradient changes with it.",
    ),
    wrong(
        "The function has a kink there",
        "It might, but then a somewhat larger eps would be wrong as well. This cause acts on every function.",
    ),
    wrong(
        "Two-sided differences need an eps that is a power of two",
        "That would save a rounding of theta, and not the many of f.",
    ),
    right(
        "The two values of f differ in their last digits only",
        "f is known to about 16 digits: its rounding error, 1e-16 or a few times that, is divided by 2 eps = 2e-14. That is no longer small beside the slope.",
    ),
)


small_but_not_tiny = question(
    "A check of a ReLU network gives a relative error of 2e-5. All entries agree to 1e-9 but one, which is far off. What do you do first?",
    right(
        "Look whether a z changes its sign within eps",
        "A nudge across the kink of ReLU is no bug: the numerical slope is then a mixture of both sides. Other examples, or a smaller eps, settle it.",
    ),
    wrong(
        "Accept it: everything below 1e-3 is right",
        "Between 1e-7 and 1e-3 lies the region in which you look. A bug in one rare branch looks like this, too.",
    ),
    wrong(
        "Rewrite the backward pass: everything above 1e-7 is a bug",
        "At a kink the derivative itself jumps, and differences cannot know which side you mean.",
    ),
    wrong(
        "Use one-sided differences",
        "They are less exact everywhere, and at a kink they still take one of two slopes.",
    ),
)


dropout_on = question(
    "You check a network with dropout. Every call of the cost draws new masks. What will the check say?",
    wrong(
        "It passes: dropout keeps the expected activation",
        "The expected one. But the two calls of a difference see two different networks.",
    ),
    wrong(
        "It fails slightly, at about 1e-5",
        "The cost changes by a sizeable amount with the masks, and that is divided by 2 eps.",
    ),
    right(
        "Nothing of use: the two costs are of two networks",
        "The difference of two random costs is divided by a tiny number. Hold the masks for the time of the check, or set keep_prob to 1.",
    ),
    wrong(
        "It passes for all weights and fails for the biases",
        "The masks act on everything that is in the cost.",
    ),
)


how_often = question(
    "Why is the numerical gradient not simply used for training, as it cannot have bugs?",
    wrong(
        "It is too inaccurate to go downhill",
        "Ten right digits are more than enough: the gradient of a mini-batch has hardly one.",
    ),
    right(
        "It takes too many forward passes",
        "In each step a million parameters would take two million forward passes, where backpropagation takes about the time of three.",
    ),
    wrong(
        "It works at the initial weights only",
        "It works wherever the cost is smooth.",
    ),
    wrong(
        "It knows nothing of the L2 penalty",
        "It differentiates whatever f returns, the penalty included.",
    ),
)
