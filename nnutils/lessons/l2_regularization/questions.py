"""Quiz questions of lesson 03."""

from nnutils.checks.exercise import question, right, wrong

why_penalties_help = question(
    "Why does an L2 penalty help where labels are wrong? Choose what your experiments support.",
    wrong(
        "Short weights make the decisions of a network milder",
        "You shortened all weights of a ReLU network by one factor, and not one decision changed.",
    ),
    wrong(
        "It turns every network into a linear model",
        "On the rings the penalized networks were far from linear, and it helped.",
    ),
    right(
        "It shrinks the weights along flat directions of the loss",
        "There the data hardly determine the weights. Wrong labels move the minimum mostly there, and the "
        "penalty on these directions alone brought most of the gain.",
    ),
    wrong(
        "It finds the wrong labels and leaves them out",
        "It knows nothing of labels: it only sees the weights.",
    ),
)


which_gives_zeros = question(
    "L1 makes many weights exactly 0 and L2 does not. Which of these explains it?",
    wrong(
        "L1 is larger than L2 for all weights",
        "For |w| above 2 the L2 term, w^2 / 2, is larger, and size is not the point.",
    ),
    wrong("L1 has no factor 1/2", "A factor only changes lambda."),
    wrong(
        "L2 also shrinks the biases, and L1 only the weights",
        "Neither shrinks a bias, in this course; and it would not make a weight 0.",
    ),
    right(
        "L1 pulls strongly near 0, and L2 only weakly",
        "The pull of L1 is the same near 0 and far away. A constant pull wins against a weak "
        "gradient and reaches 0; a pull that fades with the weight never quite does.",
    ),
)


translate_to_keras = question(
    "A paper uses lambda = 0.8 with the penalty lam / (2 m) sum of W^2, on m = 2 000 examples. What do you hand to "
    "`keras.regularizers.L2`?",
    wrong("0.8", "Keras multiplies the sum of squares by it, with no 2 m below."),
    right("0.0002", "0.8 / (2 * 2000): Keras' factor is all that stands before the sum of squares."),
    wrong("0.0004", "The 2 is missing: that would be twice the penalty. Keras differentiates by itself."),
    wrong("1600", "You multiplied by m. A penalty of that size would leave no weight standing."),
)


what_about_biases = question(
    "Someone penalizes the biases as well, with a large lambda. In 90 % of the training data y = 1. What goes wrong first?",
    wrong("The network overfits the frequent class", "More penalty is less freedom to overfit."),
    right(
        "The predictions are drawn towards one half",
        "The network cannot even say 90 % any more. The bias holds the base rate. That is one number, which "
        "does not overfit, so leave it free.",
    ),
    wrong("Training diverges", "A step that shrinks a bias by a constant factor makes nothing diverge."),
    wrong(
        "Nothing: a bias is a weight of an input that is 1",
        "True, and this is the one weight that should be free.",
    ),
)
