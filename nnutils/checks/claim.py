"""claim: a measurable sentence, proved where it stands."""

import numpy as np


class ClaimFailed(AssertionError):
    """What a notebook claims is not what its cells measured."""


def claim(sentence: str, holds: object) -> None:
    """Print the sentence as proved, or raise.

    `holds` is what the notebook measured: a bool or a NumPy bool, so that a number given by mistake cannot pass as true.

    Raises
    ------
    ClaimFailed: `holds` is false.
    TypeError: `holds` is not a truth value.
    """
    if not isinstance(holds, bool | np.bool_):
        raise TypeError(
            f"claim needs one True or False, not {holds!r}: write the comparison, as in claim('...', ratio < 2)"
        )
    if not holds:
        raise ClaimFailed(f"this does not hold: {sentence}")
    print(f"✔ shown: {sentence}")
