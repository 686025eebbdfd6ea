"""Quiz questions of lesson 09."""

from nnutils.checks.exercise import question, right, wrong

dead_unit = question(
    "A ReLU unit of the FIRST hidden layer gives 0 for every training example: all its z are near -50. You go on training. "
    "What can bring it back?",
    wrong(
        "A larger learning rate",
        "Its gradient is exactly 0, and any learning rate times 0 is 0.",
    ),
    right(
        "A leaky ReLU in its place",
        "It has a small slope there, and so a gradient. Its weights move a little at every step, and some example may make z positive. "
        "(In a deeper layer the layers below may change, and by chance make a ReLU active again.)",
    ),
    wrong(
        "An ELU in its place, which is never flat",
        "Its slope is not 0, but at z = -50 it is e to the power of -50. You measured that this does not help.",
    ),
    wrong(
        "Gradient clipping",
        "Clipping shortens long gradients. This gradient is 0.",
    ),
)

why_sigmoids_fade = question(
    "A sigmoid network of 20 layers hardly changes in its first layers. Somebody subtracts 1/2 from every activation, so that "
    "their mean is about 0. What changes for the gradient of the first layer?",
    right(
        "Hardly anything: the slope is still at most 1/4 in each layer",
        "A curve that is centred and steeper helps: 4 sigmoid(z) - 2, which is 2 tanh(z / 2).",
    ),
    wrong(
        "It is now as large as with tanh, since a centred sigmoid is a tanh",
        "A centred AND stretched sigmoid is. Subtracting 1/2 leaves the slope as it was.",
    ),
    wrong(
        "It explodes, since the activations can now be negative",
        "The sign of the activations does not lengthen a gradient; the slopes and the weights do.",
    ),
)

selu_with_skips = question(
    "You add shortcuts, a + selu(a W), to a SELU network with LeCun's weights. What happens to the variance?",
    wrong(
        "Nothing: SELU pulls it back to 1 in each layer",
        "It pulls back what goes through it. The shortcut goes around it.",
    ),
    right(
        "It grows from layer to layer",
        "Each layer adds a part with a variance of about 1, or more, to what was there.",
    ),
    wrong(
        "It halves in each layer",
        "A sum of two parts has a larger variance than each of them, unless they cancel.",
    ),
)

which_clipping = question(
    "A gradient is (30, 0.3), and the limit is 3. What do the two ways of clipping make of it, rounded?",
    wrong(
        "Both make (3, 0.3)",
        "That is clipping by value. Clipping by norm scales both numbers by the same factor.",
    ),
    wrong(
        "By value (3, 0.03), by norm (3, 0.3)",
        "It is the other way round: what is cut entry by entry leaves the 0.3 as it is.",
    ),
    wrong(
        "Both make (3, 0.03): a limit is a limit",
        "Clipping by value never touches 0.3, which is within the limit.",
    ),
    right(
        "By value (3, 0.3), by norm (3, 0.03)",
        "By value the second number is now a tenth of the first, and not a hundredth: the direction has changed.",
    ),
)
