"""Quiz questions of lesson 13."""

from nnutils.checks.exercise import question, right, wrong

why_nesterov_overshoots_less = question(
    "Momentum and Nesterov's version run down the same valley with the same beta. Why does Nesterov's overshoot less?",
    wrong("It has a smaller learning rate", "Both have the same one."),
    right(
        "It takes the gradient at a point ahead",
        "That is the point to which the velocity is about to carry it. Beyond the bottom the gradient "
        "already points back, so it begins to brake earlier. Plain momentum learns of it one step later.",
    ),
    wrong("It forgets its velocity after each step", "It keeps the share beta, as momentum does."),
    wrong("It divides by the size of the gradient", "That is what AdaGrad, RMSProp and Adam do."),
)


why_adagrad_stops = question(
    "AdaGrad starts well on a deep network. Later it hardly moves, although it is far from a minimum and the gradients are as large as before. Why?",
    wrong(
        "The gradient has vanished", "The gradients are as large as before. It is the divisor that has grown."
    ),
    wrong(
        "The learning rate was set to zero by a schedule",
        "There is no schedule. But what happens here acts like one.",
    ),
    wrong("Epsilon is too large beside the sum of squares", "Epsilon is constant and tiny beside this sum."),
    right(
        "The divisor of its steps only ever grows",
        "It is the root of s, a sum of squares. With gradients of about the same size the steps shrink "
        "like one over the root of t. RMSProp forgets old squares and keeps on.",
    ),
)


where_decay_goes = question(
    "Two equal weights decay with the same strength. One of them gets gradients 100 times as large as the other. Which one does the decay shrink more per step?",
    wrong(
        "With AdamW the one with small gradients",
        "AdamW's decay stands beside the step and does not see the gradients.",
    ),
    right(
        "With L2 inside Adam the one with small gradients",
        "Inside Adam the penalty's gradient is divided by the size of all gradients of that weight. "
        "In AdamW nothing divides it, and both shrink by the same share.",
    ),
    wrong(
        "With L2 inside Adam the one with large gradients",
        "It is the other way round: its decay is divided by the larger number.",
    ),
    wrong(
        "With both methods both by the same share",
        "That is true of AdamW alone, and of plain gradient descent.",
    ),
)


why_muon_does_not_notice = question(
    "The inputs of a layer are turned, and so is its valley. Why does Muon need as many steps as before?",
    wrong(
        "Its steps are longer in a turned valley",
        "All its steps have one length, in each direction; so had they before the turn.",
    ),
    right(
        "Its steps turn with the valley",
        "The singular vectors of the gradient turn with the valley, and the step is made along them. An "
        "update that works entry by entry has axes of its own, which stay.",
    ),
    wrong("Momentum does not care how a valley lies", "True, but the steps were counted without momentum."),
    wrong("It is tuned anew in the turned valley", "So is every other method, and it does not help them."),
)


which_optimizer_today = question(
    "You train a language model, and memory is scarce. What does each of these optimisers keep for a weight matrix?",
    wrong("AdamW one array of its size, Lion two", "AdamW keeps two averages, m and v. Lion keeps one."),
    wrong(
        "Muon none: it makes its step from the gradient",
        "It makes it from M, in which gradients are collected.",
    ),
    right(
        "AdamW two arrays of its size, Lion and Muon one",
        "Adam needs the average of g and that of g squared. Sign and orthogonal matrix come from one momentum alone.",
    ),
    wrong("All the same: one array of its size", "Adam's family keeps two arrays, the others here one."),
)
