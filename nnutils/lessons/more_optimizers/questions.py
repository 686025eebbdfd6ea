"""Quiz questions of lesson 13."""

from nnutils.checks.exercise import question, right, wrong

why_nesterov_overshoots_less = question(
    "Momentum and Nesterov's version run down the same valley with the same beta. Why does Nesterov's overshoot less?",
    wrong("It has a smaller learning rate", "Both have the same one."),
    right(
        "It asks for the gradient where the velocity is about to carry it, so it begins to brake before it has passed the bottom",
        "At the point ahead the gradient already points back. Plain momentum learns of it one step later.",
    ),
    wrong("It forgets its velocity after each step", "It keeps the share beta, as momentum does."),
    wrong("It divides by the size of the gradient", "That is what AdaGrad, RMSProp and Adam do."),
)


why_adagrad_stops = question(
    "AdaGrad starts well on a deep network and then hardly moves, far from a minimum. Why?",
    wrong("The gradient has vanished", "It may still be large: it is the divisor that has grown."),
    wrong(
        "The learning rate was set to zero by a schedule",
        "There is no schedule. But what happens here acts like one.",
    ),
    wrong("Epsilon is too large", "Epsilon is constant and tiny beside s."),
    right(
        "s only ever grows, so every step is divided by more than the one before",
        "With gradients of about the same size the steps shrink like one over the root of t. RMSProp forgets old squares and keeps on.",
    ),
)


what_suits_rare_words = question(
    "One feature is a word that stands in one example of a thousand. Which update gives its weight the largest steps, and why?",
    right(
        "AdaGrad: the weight has seen few gradients, so its s is small",
        "Frequent features have large sums and small steps, rare ones the reverse. It was made for such data.",
    ),
    wrong(
        "SGD: it treats all weights alike",
        "Alike is the trouble: the rare weight gets a gradient of zero nearly always, and no larger step when it counts.",
    ),
    wrong("Momentum: it collects the rare gradients", "Between two of them the velocity has long faded."),
    wrong(
        "AdaMax: it takes the maximum",
        "Its maximum fades between two rare gradients, but the step after one is at most about lr, as for every weight.",
    ),
)


what_adamax_forgets = question(
    "A weight meets one enormous gradient, then ordinary ones. How long do AdaMax's steps stay small?",
    wrong("Forever, as in AdaGrad", "AdaGrad never forgets. AdaMax's u is multiplied by beta2 each step."),
    wrong("One step", "u fades slowly: with beta2 = 0.999 it halves in about 700 steps."),
    right(
        "Until beta2 to the power of the steps since then has brought u down to the ordinary size",
        "The maximum holds the outlier whole and lets it fade at the rate beta2.",
    ),
    wrong(
        "Not at all: outliers are clipped",
        "Nothing is clipped. The step with the outlier is itself about lr long, and u is large afterwards.",
    ),
)
