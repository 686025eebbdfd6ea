"""Quiz questions of lesson 14."""

from nnutils.checks.exercise import question, right, wrong

why_it_hovers = question(
    "With a constant learning rate and mini-batches, the loss falls and then moves up and down at a level above the minimum. Why does it not settle?",
    wrong(
        "It is stuck in a local minimum",
        "A run in a minimum would stand still. This one moves with every batch.",
    ),
    right(
        "The gradient of each batch is noisy",
        "It is not zero even at the minimum, so it moves the weights in each step. A constant rate never "
        "makes these moves smaller.",
    ),
    wrong("The gradient has vanished", "Then nothing would move at all."),
    wrong(
        "The network is too small for a lower loss",
        "That raises the minimum itself; it does not make the weights move about it.",
    ),
)


when_to_cut = question(
    "A run's dev loss has not improved for ten epochs, while its training loss still falls. You use reduce_on_plateau on the DEV loss, with a patience of 5. What happens?",
    wrong(
        "Nothing: the training loss falls, so there is no plateau",
        "The schedule sees only the loss that it is given, and that is the dev loss.",
    ),
    wrong("It raises the rate, to leave the plateau", "It only ever multiplies by a factor below 1."),
    right(
        "It lowers the rate",
        "A smaller rate can settle the weights. But the run may be overfitting all the same: a falling "
        "training loss beside a dev loss that does not fall is variance. That needs other means.",
    ),
    wrong("It stops the run", "That would be early stopping. Here the run goes on with a smaller rate."),
)


which_one_gets_there = question(
    "The minimum is 50 away from the start, and gradients are clipped to the length 1. Which of these schedules gets there if it may run "
    "as long as it likes?",
    wrong(
        "The rate 0.1, multiplied by 0.99 in each step",
        "All its steps together are at most 0.1 / (1 - 0.99) = 10 long.",
    ),
    right(
        "The rate 0.1, divided by 1 + step / 100",
        "The sum of these rates grows beyond all bounds, slowly, like a logarithm.",
    ),
    wrong(
        "Neither of the two: both rates fall to 0",
        "That a rate falls to 0 does not decide it. The sum of all rates does.",
    ),
    wrong(
        "Both: the rate is never quite 0",
        "Rates that are never 0 can still have a finite sum, as the geometric series has.",
    ),
)


what_one_cycle_needed = question(
    "On the digits with two hidden layers, the triangle ended with a lower dev loss than the best constant rate. What is the reason, by the other rows of the figure?",
    wrong(
        "The rise is the reason: it brings the weights past the steep places",
        "The line without a rise ended as low as the triangle.",
    ),
    right(
        "The fall is the reason: the line, which has no rise, ended as low",
        "A control that leaves out one part tells what that part did. Here the rise did nothing, and in the deep network it did.",
    ),
    wrong(
        "The triangle makes longer steps in all",
        "Line and triangle with one top have the same sum of rates.",
    ),
    wrong("It was given more epochs", "All rows had the same number of epochs."),
)
