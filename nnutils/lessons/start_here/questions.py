"""Quiz questions of lesson 00."""

from nnutils.checks.exercise import question, right, wrong

what_is_a_row = question(
    "In this course `X` has the shape `(m, n_x)`. What is one row of it?",
    right("One example, with all its features", "Examples are rows: m of them, each with n_x features."),
    wrong(
        "One feature, with its values for all examples",
        "That is a column here. Some courses put examples into columns; this one does not.",
    ),
    wrong("One mini-batch, with all its examples", "A mini-batch is several rows."),
    wrong("The weights of one unit", "Weights stand in W, of shape (n_in, n_out)."),
)


what_failed = question(
    "With tiny weights and gradient descent, the network above only guesses. Which of these would you blame, from what the figure shows?",
    wrong("The data: there are too few pictures", "The other three learn from the very same pictures."),
    wrong(
        "The network: three hidden layers are too small",
        "All four have exactly the same layers and units, and three of them learn.",
    ),
    wrong(
        "The number of updates: it needed a few more",
        "Its curve does not rise at all, so a few more change nothing.",
    ),
    right(
        "How its start and its steps go together",
        "Each can be mended: from a better start the same steps arrive, and from the same start Adam's steps leave the spot.",
    ),
)
