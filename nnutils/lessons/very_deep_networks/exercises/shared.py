"""What several exercises of lesson 16 share."""


def linear(rng, n, gain=1.0):
    """The matrix (n, n) of a branch."""
    return gain * rng.normal(size=(n, n)) / n**0.5
