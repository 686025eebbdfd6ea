"""What several exercises of lesson 15 share."""


def draw_batch(rng, m, n):
    """z of very different scale and mean, gamma and beta."""
    z = rng.normal(size=(m, n)) * rng.uniform(0.5, 4, n) + rng.uniform(-3, 3, n)
    return z, rng.uniform(0.5, 2, n), rng.normal(size=n)
