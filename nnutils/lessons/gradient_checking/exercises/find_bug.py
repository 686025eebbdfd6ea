"""Exercise find_bug: the name of the bug in the backward pass above."""

from nnutils.checks.exercise import exercise

# find_bug ----------------------------------------------------------------------------------------------------


@exercise(
    points=2,
    minutes=10,
    hints=(
        "Look at the four numbers above. Which parameters' gradients are wrong? What do only these have in common?",
        "A wrong tanh derivative or a wrong sum would spoil b1 as well. Only W1 is off: which line is W1's alone?",
        "Look at the penalty in cost and at its derivative in the line of dW1: is the same divisor there?",
    ),
)
def find_bug():
    """The name of the bug in the backward pass above.

    Returns one of these strings:
    "softmax":    the derivative of the softmax loss by z2 is wrong,
    "tanh":       the derivative of tanh is wrong,
    "transpose":  dz1 takes W2 the wrong way round,
    "bias sum":   db1 is not summed over the examples as it should be,
    "penalty W1": the derivative of the penalty by W1 is wrong,
    "penalty W2": the derivative of the penalty by W2 is wrong.
    """
    return "penalty W1"


@find_bug.cases
def _(rng):
    yield ()
    yield ()
    yield ()


@find_bug.mistake("A wrong derivative by z2 would reach every parameter. Which of the four are right?")
def softmax():
    return "softmax"


@find_bug.mistake(
    "A wrong tanh would spoil b1 as well as W1, since both are behind it. Look at the number of b1."
)
def tanh():
    return "tanh"


@find_bug.mistake(
    "A wrong transpose would spoil b1 as well as W1, if it ran at all. Look at the number of b1."
)
def transpose():
    return "transpose"


@find_bug.mistake("A wrong sum for b1 would show at b1 alone. Its number is small.")
def bias_sum():
    return "bias sum"


@find_bug.mistake("A wrong penalty of W2 would show at W2 alone. Its number is small.")
def penalty_of_W2():
    return "penalty W2"


@find_bug.variant
def with_a_name():
    bug = "penalty W1"
    return bug


@find_bug.variant
def by_elimination():
    wrong_ones = {"W1"}
    return f"penalty {wrong_ones.pop()}"
