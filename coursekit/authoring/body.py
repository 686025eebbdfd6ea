"""Train the bodies that come with the package (`nnutils.data.pretrained_body`): `python3 course.py body`.

Five convolutional bodies learn 28 of 35 letters each, split by seeds. Each is scored as it will be used: frozen, with a head
trained on 50 labels of ten characters that it has never seen. The one with the median score is kept, so that luck is not; and a
dense body of about the same size is trained on the same pictures. The weights are kept as float16. About 5 CPU minutes. Made
again they read as well, but are not the same to the last bit on every processor.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnutils.data import drawn_characters
from nnutils.data.body import DIFFICULTY, FOLDER, SIZE, features, network
from nnutils.network import dense_network
from nnutils.optimizers import Adam

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabdefghnqrt"  # I, O and most small letters look like another one
DIGITS = "23456789"  # always among the new ones
OLD, SPLITS, TASKS, LABELS, DEV = 28, 5, 6, 50, 500
PICTURES, HELD_OUT, EPOCHS, RATE = 30_000, 1000, 14, 0.002
Weights = list[NDArray[np.float16]]


def letters(seed: int) -> tuple[str, str]:
    """The letters that a body learns, and the characters that it never sees."""
    order = np.random.default_rng(seed).permutation(len(LETTERS))
    old = "".join(sorted(LETTERS[i] for i in order[:OLD]))
    return old, "".join(c for c in LETTERS if c not in old) + DIGITS


def trained(kind: str, old: str, seed: int) -> tuple[Weights, float]:
    """The weights of a network that has learned these letters, and its accuracy on 1 000 held-out pictures."""
    import keras

    X, y = drawn_characters(PICTURES, old, DIFFICULTY, SIZE, seed, np.float32)
    images, learned = X.reshape(-1, SIZE, SIZE, 1), PICTURES - HELD_OUT
    keras.utils.set_random_seed(seed)
    model = network(kind, len(old))
    model.compile(keras.optimizers.Adam(RATE), "sparse_categorical_crossentropy", jit_compile=False)
    falls = keras.callbacks.LearningRateScheduler(lambda epoch: RATE * min(1, 2 * (1 - epoch / EPOCHS)))
    model.fit(images[:learned], y[:learned], batch_size=64, epochs=EPOCHS, verbose=0, callbacks=[falls])
    right = np.asarray(model(images[learned:])).argmax(axis=1) == y[learned:]
    return [weight.astype(np.float16) for weight in model.get_weights()], float(right.mean())


def score(weights: Sequence[NDArray], new: str) -> float:
    """The mean dev accuracy of heads on the frozen layers: ten new characters, 50 labels, six such tasks."""
    full = [weight.astype(np.float32) for weight in weights]
    results = []
    for task in range(TASKS):
        chosen = "".join(np.random.default_rng(task).permutation(list(new))[:10])
        X, y = drawn_characters(LABELS + DEV, chosen, DIFFICULTY, SIZE, 1000 + task, np.float32)
        F = features(full, X, len(full) // 2 - 1)
        F = (F - F[:LABELS].mean(axis=0)) / F[:LABELS].std()
        head, adam = dense_network([F.shape[1], 10], rng=task, l2=0.5), Adam(0.01)
        for _ in range(300):
            head.loss_and_grad(F[:LABELS], y[:LABELS])
            adam.update(head.theta, head.grad)
        results.append(head.accuracy(F[LABELS:], y[LABELS:]))
    return float(np.mean(results))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`python3 course.py body` has no options."""


def run(options: argparse.Namespace) -> int:
    """Train all of them, report, and keep two. Returns the exit code."""
    bodies, report = [], []
    for seed in range(SPLITS):
        old, new = letters(seed)
        weights, at_home = trained("convolutional", old, seed)
        bodies.append((score(weights, new), seed, weights))
        report.append({"new": new, "old_accuracy": round(at_home, 3), "score": round(bodies[-1][0], 3)})
        print(
            f"body {seed}, new {new}: {at_home:.1%} of old pictures, {bodies[-1][0]:.1%} of new ones",
            flush=True,
        )
    _, seed, weights = sorted(bodies, key=lambda one: one[:2])[SPLITS // 2]
    print(f"body {seed} has the median score and is kept")
    old, new = letters(seed)
    dense, at_home = trained("dense", old, seed)
    print(f"dense body: {at_home:.1%} of old pictures, {score(dense, new):.1%} of new ones")
    FOLDER.mkdir(exist_ok=True)
    for kind, kept in (("convolutional", weights), ("dense", dense)):
        named: dict[str, Any] = {f"{i:02d}": weight for i, weight in enumerate(kept)}
        np.savez_compressed(
            FOLDER / f"{kind}.npz", **named, **dict[str, Any](old=np.array(old), new=np.array(new))
        )
    (FOLDER / "report.json").write_text(json.dumps({"kept": seed, "bodies": report}, indent=1) + "\n")
    return 0
