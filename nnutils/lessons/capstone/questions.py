"""Quiz questions of lesson 21."""

from nnutils.checks.exercise import question, right, wrong

equal_weights = question(
    "You set all weights of a network to the same number, 0.1, and train. What happens?",
    wrong(
        "It learns as usual, since the gradients differ from example to example",
        "They differ between examples, but not between the units: each unit of a hidden layer gets the very same one.",
    ),
    right(
        "All units of a hidden layer stay alike",
        "Same weights, same outputs, same gradients, at every step: the layer counts as one unit. Random "
        "initial weights break the symmetry (lesson 07).",
    ),
    wrong(
        "The gradients explode, whatever the layer sizes are",
        "Whether they grow depends on the sizes. The trouble is that they are equal, not that they are "
        "large.",
    ),
    wrong(
        "He's variance makes up for it",
        "He's rule is about the spread of random weights. Equal weights have no spread.",
    ),
)


momentum_near_one = question(
    "SGD with momentum 0.9 settles well. You set momentum to 0.999 and keep the rest. What do you expect of v = beta v - lr g?",
    right(
        "It passes the minimum and swings back, many times",
        "Past gradients fade over about 1 / (1 - beta) steps, so a thousand of them push. It picks up great "
        "speed, and swings for long before it settles (lesson 12).",
    ),
    wrong(
        "It stops at the first flat place",
        "On the contrary: with that much momentum it rolls through flat places.",
    ),
    wrong(
        "Nothing changes, since only lr sets the speed",
        "In a steady slope the speed is lr g / (1 - beta): a hundred times that of 0.9.",
    ),
    wrong(
        "It behaves like RMSProp",
        "RMSProp divides by the size of the gradients; momentum only sums them up.",
    ),
)


cost_of_dropout = question(
    "What does dropout cost in time? Think of training, of plain predictions, and of MC dropout with 50 passes.",
    wrong(
        "It slows all three down by the same factor",
        "Plain predictions drop nothing, and MC dropout asks many times.",
    ),
    wrong(
        "Predictions get slower, since the outputs must be scaled",
        "Inverted dropout scales in training, so nothing is left to do when predicting.",
    ),
    right(
        "It slows down training and MC dropout, not plain predictions",
        "Training needs more epochs, as the noise slows convergence down. In plain predictions dropout is "
        "switched off and free. MC dropout costs 50 of them.",
    ),
    wrong(
        "Training gets faster, since half of the units need not be computed",
        "The products are computed all the same and the noise asks for more steps.",
    ),
)


test_set_again = question(
    "The test set was opened: 84 %. A colleague has an idea, trains again, and the same test set says 85 %. What do you report?",
    wrong(
        "85 %, since it is the better of two honest measurements",
        "The better of two is chosen on the test set. So luck is a part of that number, and after twenty ideas a large part.",
    ),
    wrong(
        "84.5 %, the mean of both",
        "They are two recipes. The mean of both is the accuracy of none.",
    ),
    right(
        "84 %, until the new recipe is tested on new pictures",
        "A test set is new only once. The new recipe is compared with the old one on the dev set. For a "
        "number of its own, here a generator draws new test pictures; elsewhere somebody has to collect "
        "them.",
    ),
    wrong(
        "85 %, if the difference is above one standard error",
        "A standard error says how far luck reaches in one comparison that was planned, not in the best of many.",
    ),
)
