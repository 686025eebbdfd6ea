"""Exercise gelu: TODO: what it gives back."""

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=1,
    minutes=10,
    hints=(
        "TODO: a nudge.",
        "TODO: more.",
        "TODO: nearly the answer.",
    ),
)
def gelu(x):
    """TODO: what it gives back, in one sentence.

    TODO: the contract, no formula: that stands in the text, or of a derive
    nowhere.
    x: (n,), TODO: what it is.
    Returns an array (n,).
    """
    return 2 * x


@gelu.cases
def _(rng):
    for n in (2, 3, 4):
        yield (rng.normal(size=n),)


@gelu.mistake("You squared x. TODO: what is seen, then its usual cause.")
def squared(x):
    return x**2


@gelu.variant
def by_addition(x):
    return x + x
