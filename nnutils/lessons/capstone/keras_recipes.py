"""The two recipes of Géron's book in Keras, MC dropout, and the exercise on CIFAR-10 that puts them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATES = (5e-5, 2e-4, 8e-4)  # each recipe tries them all


def default_recipe(sizes: Sequence[int], lr: float, batch_norm: bool) -> Any:
    """He's variance, ELU, batch norm or none, Nadam: a compiled Keras model. sizes: inputs, hidden layers, classes."""

    import keras

    layers: list[Any] = [keras.Input((sizes[0],))]
    for width in sizes[1:-1]:
        layers.append(keras.layers.Dense(width, kernel_initializer="he_normal", use_bias=not batch_norm))
        if batch_norm:
            layers.append(keras.layers.BatchNormalization(momentum=0.9))
        layers.append(keras.layers.Activation("elu"))
    return _compiled([*layers, keras.layers.Dense(sizes[-1], activation="softmax")], lr)


def self_normalizing_recipe(sizes: Sequence[int], lr: float, keep_prob: float = 1.0) -> Any:
    """LeCun's variance, SELU, alpha dropout before the last layer, Nadam. It asks for standardized inputs."""

    import keras

    layers: list[Any] = [keras.Input((sizes[0],))]
    for width in sizes[1:-1]:
        layers.append(keras.layers.Dense(width, activation="selu", kernel_initializer="lecun_normal"))
    if keep_prob < 1:
        layers.append(keras.layers.AlphaDropout(1 - keep_prob))
    return _compiled([*layers, keras.layers.Dense(sizes[-1], activation="softmax")], lr)


def mc_predict(model: Any, x: NDArray, n_passes: int) -> tuple[NDArray, NDArray]:
    """Mean and standard deviation of n_passes predictions with dropout on (Gal & Ghahramani 2016).

    training=True would also let batch norm use the statistics of x, so take a model without it.
    """
    passes = np.stack([np.asarray(model(x, training=True)) for _ in range(n_passes)])
    return passes.mean(axis=0), passes.std(axis=0)


def exercise_8(
    X: NDArray,
    y: NDArray,
    *,
    depth: int = 20,
    width: int = 100,
    epochs: int = 100,
    patience: int = 10,
    rates: Sequence[float] = RATES,
) -> dict[str, float]:
    """Step by step: ELU and Nadam with early stopping, then batch norm, then SELU, then MC dropout, then one cycle.

    X: (m, n), y: (m,). The last tenth is the dev set, and the accuracies are measured there. Every step tries all rates and
    keeps the one with the lowest dev loss. Without a graphics card CIFAR-10 takes a night.
    """

    import keras

    cut = len(X) - len(X) // 10
    mean, std = X[:cut].mean(axis=0), X[:cut].std(axis=0) + 1e-7
    Z = (X - mean) / std
    sizes = [X.shape[1], *[width] * depth, int(y.max()) + 1]
    steps: Mapping[str, Any] = {
        "He, ELU, Nadam": (X, lambda lr: default_recipe(sizes, lr, batch_norm=False)),
        "+ batch norm": (X, lambda lr: default_recipe(sizes, lr, batch_norm=True)),
        "SELU, LeCun, standardized": (Z, lambda lr: self_normalizing_recipe(sizes, lr)),
        "+ alpha dropout": (Z, lambda lr: self_normalizing_recipe(sizes, lr, keep_prob=0.9)),
    }
    found, best, rate = {}, None, rates[0]
    for name, (inputs, make) in steps.items():
        losses = []
        for lr in rates:
            keras.utils.set_random_seed(0)
            model = make(lr)
            stop = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
            model.fit(
                inputs[:cut], y[:cut], validation_data=(inputs[cut:], y[cut:]), epochs=epochs, batch_size=128,
                callbacks=[stop], verbose=0,
            )  # fmt: skip
            loss, accuracy = model.evaluate(inputs[cut:], y[cut:], verbose=0)
            losses.append(loss)
            if loss == min(losses):
                best, rate, found[name] = model, lr, float(accuracy)
    proba, _ = mc_predict(best, Z[cut:], 20)
    found["+ MC dropout, not trained again"] = float(np.mean(proba.argmax(axis=1) == y[cut:]))
    keras.utils.set_random_seed(0)
    model = self_normalizing_recipe(sizes, rate, keep_prob=0.9)
    cycle = _one_cycle(epochs * int(np.ceil(cut / 128)), 2 * rate)
    model.fit(Z[:cut], y[:cut], epochs=epochs, batch_size=128, callbacks=[cycle], verbose=0)
    found["+ one cycle"] = float(model.evaluate(Z[cut:], y[cut:], verbose=0)[1])
    return found


def _compiled(layers: list[Any], lr: float) -> Any:
    import keras

    model = keras.Sequential(layers)
    model.compile(keras.optimizers.Nadam(lr), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _one_cycle(total: int, lr_max: float) -> Any:
    """A callback that sets the rate of each step: up to lr_max, and down again."""

    import keras

    from nnutils.schedules import one_cycle

    class OneCycle(keras.callbacks.Callback):
        step = 0

        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            self.step += 1
            self.model.optimizer.learning_rate = one_cycle(self.step, total + 1, lr_max)

    return OneCycle()
