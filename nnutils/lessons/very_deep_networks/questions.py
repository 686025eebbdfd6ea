"""Quiz questions of lesson 16."""

from nnutils.checks.exercise import question, right, wrong

why_not_overfitting = question(
    "A plain network of 50 layers has a larger error than one of 20 layers, on the dev set and on the training set. What follows?",
    wrong(
        "It overfits: it has more parameters than the data can bear",
        "Who overfits has a small error on the training set. Here that error is larger, too.",
    ),
    right(
        "Training does not find weights that exist",
        "30 of its layers could copy their input, and the rest do what the other network does. Its training does not get there.",
    ),
    wrong(
        "20 layers can represent more functions",
        "The deeper network can represent all of theirs: let the other layers copy their input.",
    ),
    wrong(
        "It needs more regularization",
        "That helps where the training error is small and the dev error is not. It would make the training error larger.",
    ),
)

other_width = question(
    "A block gets 64 units, and its branch returns 128. What do the first residual networks do about the shortcut?",
    wrong(
        "They repeat each unit twice",
        "That is possible, but it is not what is done.",
    ),
    right(
        "They widen x in this block, by a matrix or by zeros",
        "He et al. compared both. Only few blocks change the width. In all others the shortcut hands x on as "
        "it is.",
    ),
    wrong("They leave out the branch", "Then the block does nothing, and the width stays 64."),
    wrong(
        "They put a matrix into every shortcut, to be safe",
        "He et al. tried that, too, and did not keep it. The gradient then passes a product of matrices again: the free way is lost.",
    ),
)

norm_after_sum = question(
    "You move the norm of each block from the beginning of the branch to a place behind the sum. What happens to the gradient's way back?",
    right(
        "It passes every norm: no free way is left",
        "Each norm divides by the size of its input, so along 40 sums the gradient is rescaled 40 times.",
    ),
    wrong(
        "Nothing: the same operations are done in another order",
        "Before, the norms stood inside the branches, and the shortcut passed none of them.",
    ),
    wrong(
        "It is free now, because the signal has one size everywhere",
        "The signal has. The gradient passes a norm in each block.",
    ),
    wrong("It reaches the first block without the output layer", "All gradients come from the output layer."),
)

zero_branch = question(
    "All weights of the last dense layer of each branch are 0 at the start. Can such a branch learn?",
    wrong(
        "No: its units are equal and stay equal (lesson 07)",
        "The gradient that arrives by the shortcut differs from unit to unit. So do the gradients of their weights.",
    ),
    wrong(
        "No: 0 times anything is 0, so no gradient arrives",
        "None arrives below that layer. That layer's own gradient is not 0.",
    ),
    right(
        "Yes: that layer's gradient is not 0",
        "It is the product of the layer's inputs and of what arrives by the shortcut. Neither is 0. From the "
        "second step on, the layers below it learn, too.",
    ),
    wrong(
        "Yes: the optimizer adds the noise that is needed",
        "No noise is needed, and SGD with all the data adds none.",
    ),
)

where_depth_pays = question(
    "A colleague wants to read your 8 x 8 digits with 80 layers. Which sentence do the measurements of this lesson support?",
    wrong("80 layers are better than 2, if they are built as here", "No table of this lesson shows that."),
    wrong(
        "80 layers cannot be trained on so few digits",
        "They can: with shortcuts and a norm all five depths read most of their training digits.",
    ),
    right(
        "80 layers are no better here than logistic regression",
        "They can be trained. But how to train depth and where depth pays are two questions, and on such "
        "small data it does not pay.",
    ),
    wrong("80 layers need 80 times as many steps", "All depths had the same number of steps."),
)
