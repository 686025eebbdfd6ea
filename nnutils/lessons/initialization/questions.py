"""Quiz questions of lesson 07."""

from nnutils.checks.exercise import question, right, wrong

# quiz --------------------------------------------------------------------------------------------------------

equal_at_first = question(
    "Someone sets all weights of a network to 0.05 and all biases to 0, because random numbers make runs hard "
    "to compare. The network has 128 hidden units. What does it learn?",
    wrong(
        "The same as with random weights, a little later",
        "Units that begin equal get equal gradients at every step and stay equal, however long you train.",
    ),
    wrong(
        "Nothing, because all gradients are zero",
        "Not all of them: the output units have different targets. The hidden units learn, but all learn the same.",
    ),
    right(
        "What a network with a single hidden unit could learn",
        "All 128 compute the same number for ever, so they do no more than one unit. A seed makes random runs comparable.",
    ),
    wrong(
        "It diverges, since the signals of equal units add up",
        "They add up to 128 times one number, and a smaller learning rate makes up for that. The harm is that they stay equal.",
    ),
)


biases_from_zero = question(
    "The weights are drawn at random and all biases begin at zero. What do you say to that?",
    right(
        "Fine: the weights make the units differ",
        "Only one of the two has to break the symmetry, and the weights do. The biases get different gradients, and part.",
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
        "It makes the mean square of z that of the inputs. But ReLU then sets half of this mean square to 0.",
    ),
    right(
        "About a millionth of a millionth",
        "Every layer halves it, and 2 to the power of 40 is about 10 to the power of 12.",
    ),
)


deeper = question(
    "Ten ReLU networks of 100 layers with 50 units each are drawn with He's variance. After the last layer the mean square of the signal "
    "is 3 in one of them, and below 0.01 in half of the others. What happened?",
    wrong(
        "He's variance is too small for so many layers",
        "It is right: the MEAN over many draws is kept at any depth. A larger one would let the mean explode.",
    ),
    right(
        "Nothing unusual: a few large draws keep the mean",
        "In layers this narrow most draws shrink: depth over width is 2. Make them wider, or normalize the signal in the network, as a later lesson does.",
    ),
    wrong(
        "The generator is poor: ten draws should agree",
        "They would agree if the layers were very wide. Each layer multiplies by a random factor near 1, and 100 factors multiply.",
    ),
    wrong(
        "The biases at zero let the signal vanish on its way",
        "The signal shrinks or grows with its weights. Biases that are not 0 would add the same number to all examples.",
    ),
)


which_gain = question(
    "An activation gives 0.5 z for every z. With which variance do its layers keep the signal, n inputs each?",
    wrong(
        "1 / n, since the activation is a straight line",
        "That keeps the size of the sum, and then the activation halves it, in every layer.",
    ),
    wrong(
        "2 / n, since half of the signal is lost",
        "ReLU loses half of the mean SQUARE. Here each value is halved, so a quarter of the mean square is left.",
    ),
    right(
        "4 / n",
        "The mean square of 0.5 z is a quarter. The gain is 2, and the variance its square.",
    ),
    wrong(
        "0.25 / n", "That makes the loss worse: the gain makes up for what is lost, it does not repeat it."
    ),
)
