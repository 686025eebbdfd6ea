"""Quiz questions of lesson 12."""

from nnutils.checks.exercise import question, right, wrong

zigzag_remedy = question(
    "In a valley that is 50 times steeper across than along, gradient descent zigzags and makes little progress. "
    "Why does averaging the gradients help?",
    wrong(
        "The average is shorter than each gradient, so the steps become safe",
        "A smaller learning rate does that, too, and then the steps along the valley are tiny. The average is "
        "shorter across and not along.",
    ),
    wrong(
        "The average points exactly at the minimum",
        "It still points across the valley for a while, and it overshoots. It only cancels what alternates.",
    ),
    right(
        "The average cancels what changes its sign at each step",
        "Across the valley the gradients change sign and cancel; along it they agree and remain. So a larger "
        "learning rate becomes stable, and that brings the progress.",
    ),
    wrong(
        "The average equalises the steepness of the two directions",
        "That is RMSProp's idea: it divides each direction by its usual size. Momentum leaves the scales as "
        "they are.",
    ),
)


turned_valley = question(
    "RMSProp crosses the long valley easily. Now the same valley lies at 45 degrees to the axes. What "
    "happens?",
    right(
        "It becomes slower, since both coordinates are scaled alike",
        "It scales coordinate by coordinate. With the valley between the axes both see gradients of about "
        "the same size: nothing is left to equalise, and much of the advantage is lost.",
    ),
    wrong(
        "Nothing changes, for RMSProp only uses the gradient's length",
        "It uses the size of every coordinate by itself, not the length, so it matters how the axes lie.",
    ),
    wrong(
        "It becomes unstable, since s grows without bound",
        "s is an average of squares with weights that sum to at most 1: it cannot outgrow the largest "
        "square.",
    ),
    wrong(
        "It becomes faster, since both coordinates move now",
        "Both move, but in proportion to gradients that are dominated by the steep direction across: the "
        "zigzag is back.",
    ),
)


large_eps = question(
    "Somebody sets Adam's eps to 10, in a network whose gradients are all below 0.1, and raises lr, so that the steps are not too short. What does this optimiser do now?",
    wrong(
        "The same as before: eps only prevents a division by 0",
        "That holds while eps is far below the root of v. Here it is far above.",
    ),
    right(
        "Nearly what momentum does, with the rate lr / 10",
        "The denominator is about 10 for every weight, so nothing is scaled any more; what is left is the average m.",
    ),
    wrong(
        "Nearly what RMSProp does",
        "RMSProp divides by the root of the average of squares. Next to eps that root no longer counts.",
    ),
    wrong(
        "It makes steps of the length lr in every coordinate",
        "That is Adam with a small eps. With a large one, a small gradient makes a small step.",
    ),
)


beta_near_one = question(
    "You raise momentum's beta from 0.9 to 0.999 and keep lr. The cost now falls, rises again, falls again, "
    "in slow waves. "
    "What do you see?",
    wrong(
        "The noise of mini-batches, which a larger beta lets through",
        "A larger beta averages over more batches and lets less noise through. These waves come without any "
        "noise, too.",
    ),
    wrong(
        "A learning rate that is too small for such a beta",
        "A smaller one would make the waves slower still, not fewer. The average simply remembers for too "
        "long.",
    ),
    right(
        "Overshooting, since v remembers about 1000 steps",
        "The window is 1 / (1 - beta). Past the minimum the gradient has changed its sign, but a thousand "
        "old ones weigh more: v keeps pushing, and the path swings.",
    ),
    wrong(
        "The start-up bias of v, which starts at 0",
        "That makes the first steps too short. It does not make the cost rise again.",
    ),
)


which_weights = question(
    "Your momentum uses lr = 0.1 and beta = 0.9 in this course's convention. "
    "Which Keras optimiser moves the weights in the same way?",
    wrong(
        "SGD(learning_rate=0.1, momentum=0.9)",
        "In Keras v = 0.9 v - lr g lacks the factor 1 - beta: with the same numbers its steps become ten "
        "times as long.",
    ),
    wrong(
        "SGD(learning_rate=1.0, momentum=0.9)",
        "The factor is the other way round: Keras' steps are too long already, not too short.",
    ),
    wrong(
        "SGD(learning_rate=0.01, momentum=0.1)",
        "momentum multiplies the old v in both conventions; 0.1 would forget at once.",
    ),
    right(
        "SGD(learning_rate=0.01, momentum=0.9)",
        "Its learning rate is ours times 1 - beta, because the factor 1 - beta is missing in its v.",
    ),
)
