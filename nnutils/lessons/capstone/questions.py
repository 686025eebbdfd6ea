"""Quiz questions of lesson 21."""

from nnutils.checks.exercise import question, right, wrong

equal_weights = question(
    "You set all weights of a layer to the same number, 0.1, and train. What happens?",
    wrong(
        "It learns as usual, since the gradients differ from example to example",
        "They differ between examples, but not between the units: each unit of the layer gets the very same one.",
    ),
    right(
        "All units of the layer stay alike, so the layer counts as one unit",
        "Same weights, same outputs, same gradients, at every step. Random initial weights break the symmetry (lesson 07).",
    ),
    wrong("The gradients explode", "Their size is not the trouble: they are equal, not large."),
    wrong(
        "He's variance makes up for it",
        "He's rule is about the spread of random weights. Equal weights have no spread.",
    ),
)


zero_biases = question(
    "May all biases start at zero?",
    wrong(
        "No: units with equal biases never part",
        "They part if their weights are random: their gradients differ then, those of the biases included.",
    ),
    wrong(
        "Only with batch normalization",
        "Batch normalization makes the bias before it redundant; zero is a fine start without it, too.",
    ),
    wrong(
        "No: a bias of zero has a gradient of zero",
        "The gradient of a bias is the gradient of z, which has nothing to do with the value of the bias.",
    ),
    right(
        "Yes: the random weights already make the units differ",
        "Keras, PyTorch and this course start biases at zero. Symmetry needs to be broken once, not twice.",
    ),
)


momentum_near_one = question(
    "SGD with momentum 0.9 settles well. You set momentum to 0.999 and keep the rest. What do you expect of v = beta v - lr g?",
    right(
        "It picks up great speed, passes the minimum and swings back, many times",
        "Past gradients fade over about 1 / (1 - beta) steps, so a thousand of them push. It rings before it settles (lesson 12).",
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
        "Training needs more epochs, plain predictions cost nothing more, MC dropout costs 50 predictions",
        "The noise slows convergence down. When predicting, dropout is switched off and free, unless you ask for the passes.",
    ),
    wrong(
        "Training gets faster, since half of the units need not be computed",
        "The products are computed all the same and the noise asks for more steps.",
    ),
)


batch_norm_and_mc = question(
    "You call mc_predict on the network with batch normalization, one example at a time. What goes wrong?",
    wrong(
        "Nothing: training=True concerns dropout alone",
        "It concerns every layer that behaves differently in training.",
    ),
    right(
        "training=True also makes batch normalization use the statistics of that one example",
        "A batch of one has variance 0 and is its own mean, so the example is wiped out. Switch on dropout layers only.",
    ),
    wrong("It is slow and otherwise right", "It is slow as well, but its numbers mean nothing."),
    wrong(
        "The weights are trained by accident",
        "Weights move in fit only. The moving statistics would, though, which is bad enough.",
    ),
)
