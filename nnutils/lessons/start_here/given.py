"""What lesson 00 hands to students: a short training that tries a recipe."""

from __future__ import annotations

from typing import Any

import numpy as np

STARTS: dict[str, str | float] = {"tiny": 0.01, "he": "he"}
LAYERS = [64, 64, 64, 64, 10]
UPDATES, BATCH = 100, 32
NUMBERS, LARGEST = int | float | np.integer | np.floating, 1e30


def try_recipe(design: Any, seed: int) -> float:
    """The share of unseen digits that a network reads after 100 updates. The seed decides split, first weights and order.

    design: {"start": "tiny" or "he", "lr": a number above 0}.

    Raises
    ------
    ValueError: it has another form.
    """

    from nnutils.batches import iterate
    from nnutils.data import digits
    from nnutils.network import dense_network
    from nnutils.optimizers import SGD
    from nnutils.splits import shuffle_split

    if not isinstance(design, dict) or {*design} != {"start", "lr"}:
        raise ValueError('a recipe is a dict with the keys "start" and "lr"')
    start, lr = design["start"], design["lr"]
    if not isinstance(start, str) or start not in STARTS:
        raise ValueError('"start" is "tiny" or "he"')
    if isinstance(lr, bool) or not isinstance(lr, NUMBERS) or not 0 < lr < LARGEST:
        raise ValueError('"lr" is a number above 0')
    X, y = digits()
    train, dev = shuffle_split(X, y, (0.8, 0.2), np.random.default_rng(seed))
    network = dense_network(LAYERS, init=STARTS[start], rng=seed)
    optimizer, rng = SGD(float(lr)), np.random.default_rng(seed)
    with np.errstate(all="ignore"):  # a rate that is far too large ends in inf
        for _ in range(UPDATES * BATCH // len(train[0]) + 1):
            for batch in iterate(*train, BATCH, rng):
                if optimizer.t < UPDATES:
                    network.loss_and_grad(*batch)
                    optimizer.update(network.theta, network.grad)
        return float(network.accuracy(*dev))
