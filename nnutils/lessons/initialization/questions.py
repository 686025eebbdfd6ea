"""Quiz questions of lesson 07."""

from nnutils.checks.exercise import question, right, wrong

# quiz --------------------------------------------------------------------------------------------------------

equal_at_first = question(
    "Someone sets all weights of a network to 0.05 and all biases to 0, because random numbers make runs hard "
    "to compare. The network has 128 hidden units. What does it learn?",
    wrong(
        "The same as with random weights, a little later",
        "Later never comes: units that begin equal get equal gradients at every step and stay equal.",
    ),
    wrong(
        "Nothing, because all gradients are zero",
        "They are not zero: the output units have different targets, and the hidden units learn. All the same thing.",
    ),
    right(
        "What a network with a single hidden unit could learn",
        "All 128 compute the same number for ever, so they are worth one. A seed makes random runs comparable.",
    ),
    wrong(
        "It diverges, since the signals of equal units add up",
        "They add up to 128 times one number, which a smaller learning rate could bear. The harm is that they are one.",
    ),
)


biases_from_zero = question(
    "The weights are drawn at random and all biases begin at zero. What do you say to that?",
    right(
        "Fine: units with different weights see different gradients, and their biases part, too",
        "Only one of the two has to break the symmetry, and the weights do.",
    ),
    wrong(
        "Bad: all biases will stay equal",
        "A bias learns from its own unit's error, and the units differ by their weights.",
    ),
    wrong(
        "Bad: with ReLU all units are dead at the start",
        "A unit is dead if z < 0 for all examples. With bias 0 and random weights z has either sign.",
    ),
    wrong(
        "Fine, but only for the output layer",
        "It is fine in every layer: nothing in the argument depends on where the layer stands.",
    ),
)


which_factor = question(
    "A network of 40 square ReLU layers is initialised with the variance 1 / fan_in instead of 2 / fan_in. "
    "About how large is the variance of the activations at the end, compared with the beginning?",
    wrong(
        "A half",
        "A half is lost in every layer, and there are 40 of them.",
    ),
    wrong(
        "A fortieth",
        "The losses multiply, they do not add: each layer halves what the one before it left.",
    ),
    wrong(
        "The same: 1 / fan_in keeps the variance of a sum",
        "It keeps the variance of z for inputs of mean 0. But ReLU then throws half of the mean square away.",
    ),
    right(
        "About one in a million millions",
        "Every layer halves it, and 2 to the power of 40 is about 10 to the power of 12.",
    ),
)


dead_unit = question(
    "A ReLU unit gives 0 for every training example. You go on training. What will it take to bring this unit back?",
    wrong(
        "A larger learning rate",
        "Its gradient is exactly 0, and any learning rate times 0 is 0.",
    ),
    right(
        "Another activation: a leaky ReLU has a small slope there, and so a gradient",
        "Then its weights move a little at every step, until some example makes z positive. (If layers below "
        "it learn, their changes may revive a ReLU by luck.)",
    ),
    wrong(
        "More epochs over the same examples",
        "They all give z < 0, and with it a gradient of exactly 0, in every epoch.",
    ),
    wrong(
        "Gradient clipping",
        "Clipping shortens long gradients. This one has no length at all.",
    ),
)


which_clipping = question(
    "A gradient is (30, 0.3), and the limit is 3. What do the two ways of clipping make of it?",
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
        "By value (3, 0.3), by norm about (3, 0.03)",
        "By value the second number is suddenly a tenth of the first, and not a hundredth: the direction has turned.",
    ),
)
