"""Quiz questions of lesson 14."""

from nnutils.checks.exercise import question, right, wrong

why_it_hovers = question(
    "With a constant learning rate and mini-batches, the loss falls and then wanders about a level above the minimum. Why does it not settle?",
    wrong(
        "It is stuck in a local minimum",
        "A run in a minimum would stand still. This one moves with every batch.",
    ),
    right(
        "Every batch has a gradient of its own, which is not zero even at the minimum, and the step stays as long as ever",
        "The noise of the gradient keeps kicking, and a constant rate never makes the kicks smaller. A smaller rate does.",
    ),
    wrong("The gradient has vanished", "Then nothing would move at all."),
    wrong(
        "The network is too small",
        "That raises the minimum itself; it does not make the path wander about it.",
    ),
)


when_to_cut = question(
    "A run's dev loss has not improved for ten epochs, while its training loss still falls. You use reduce_on_plateau on the DEV loss. What happens?",
    wrong(
        "Nothing: the training loss falls, so there is no plateau",
        "The schedule sees only the loss it is given, and that is the dev loss.",
    ),
    wrong("It raises the rate, to leave the plateau", "It only ever multiplies by a factor below 1."),
    right(
        "It cuts the rate, and the run may be overfitting all the same",
        "A smaller rate can settle the weights, but falling train and standing dev loss is variance: that wants other means.",
    ),
    wrong("It stops the run", "That would be early stopping. Here the run goes on with a smaller rate."),
)


what_a_boundary_does = question(
    "piecewise_constant([30, 60], [0.1, 0.01, 0.001], step): which rate does step 60 get?",
    wrong("0.1", "That holds up to step 30."),
    wrong("0.001", "That begins after step 60: at a boundary the earlier value still holds."),
    wrong("The mean of 0.01 and 0.001", "The rate jumps; it is never between two values."),
    right(
        "0.01", "At a boundary the earlier value still holds, here as in Keras. One step later it is 0.001."
    ),
)


how_one_cycle_differs = question(
    "What does a one-cycle schedule do that no decay does?",
    right(
        "It begins small and raises the rate before it lowers it, so a rate can be used that would diverge at the start",
        "The rise is a warm-up: the large rate comes when the weights have left the steep places, and the fall settles them.",
    ),
    wrong("It ends at a rate of almost zero", "So does every decay that runs long enough."),
    wrong("It changes the rate at each step instead of each epoch", "Any schedule can be counted in steps."),
    wrong(
        "It looks at the dev loss to choose the rate",
        "That is reduce_on_plateau. One-cycle is fixed before the run starts.",
    ),
)
