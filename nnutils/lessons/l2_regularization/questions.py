"""Quiz questions of lesson 03."""

from nnutils.checks.exercise import question, right, wrong

what_lambda_does = question(
    "You raise lambda step by step, from 0 to very large. What do train and dev error do?",
    wrong(
        "Both fall all the way", "A very large lambda holds the weights at 0, and then nothing is learned."
    ),
    wrong("Train falls, dev rises", "The penalty pulls away from the best fit: train can only get worse."),
    right(
        "Train rises; dev falls at first and then rises",
        "First less variance, then more bias, as in your sweep.",
    ),
    wrong(
        "Train stays, dev falls",
        "The penalty works through the training cost; it cannot leave the fit alone.",
    ),
)


why_small_weights_help = question(
    "Why does a tanh network with small weights compute something simpler?",
    right(
        "Its units stay where tanh is nearly a straight line",
        "Layers of straight lines are a straight line, so the whole is close to a linear model.",
    ),
    wrong("Small weights are faster to multiply", "A multiplication takes as long for small numbers."),
    wrong(
        "Some of its units are switched off",
        "L2 makes weights small, hardly ever 0. Switching units off is dropout's way.",
    ),
    wrong(
        "The gradient vanishes, so training stops early", "Near 0 the slope of tanh is largest, not smallest."
    ),
)


which_gives_zeros = question(
    "L1 makes many weights exactly 0 and L2 does not. Which of these explains it?",
    wrong(
        "L1 is larger than L2 for all weights",
        "For |w| above 2 the square is larger, and size is not the point.",
    ),
    wrong("L1 has no factor 1/2", "A factor only changes lambda."),
    wrong(
        "L2 also shrinks the biases",
        "Neither does, in this course; and it would not make a weight 0.",
    ),
    right(
        "L1 pulls as hard near 0 as far away, while the pull of L2 fades with the weight",
        "A constant pull wins against a weak gradient and reaches 0; a pull of lam / m * w never quite does.",
    ),
)


translate_to_keras = question(
    "A paper uses lambda = 0.8 with the penalty lam / (2 m) sum of W^2, on m = 2 000 examples. What do you hand to "
    "`keras.regularizers.L2`?",
    wrong("0.8", "Keras multiplies the sum of squares by it, with no 2 m below."),
    right("0.0002", "0.8 / (2 * 2000): Keras' factor is all that stands before the sum of squares."),
    wrong("0.0004", "That is lam / m, the factor in the gradient. Keras differentiates by itself."),
    wrong("1600", "You multiplied by m. A penalty of that size would leave no weight standing."),
)


what_about_biases = question(
    "Someone penalizes the biases as well, with a large lambda. In 90 % of the training data y = 1. What goes wrong first?",
    wrong("The network overfits", "More penalty is less freedom to overfit."),
    right(
        "It cannot even say 90 % any more: the predictions are drawn towards one half",
        "The base rate lives in the bias. That costs one number and does not overfit, so leave it free.",
    ),
    wrong("Training diverges", "The factor stays below 1 as long as lr lam / m does."),
    wrong(
        "Nothing: a bias is a weight of an input that is 1",
        "True, and this is the one weight that should be free.",
    ),
)
