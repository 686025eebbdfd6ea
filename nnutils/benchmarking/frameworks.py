"""Keras, TensorFlow, PyTorch and jax, written as their own guides write them. Any of them may be missing."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from nnutils.benchmarking.timing import Contender
from nnutils.benchmarking.workloads import EPOCH_STEPS, KEEP_PROB, L2, LEARNING_RATE, Workload

AT_ONCE = 10  # steps before the result of one is asked for, so that what works ahead may do so


def threads() -> int:
    """How many threads a library may use: as many as BLAS."""
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


def keras_model(work: Workload) -> tuple[Any, Any, Any]:
    """(model, loss, optimizer) of the Keras functional style, and TensorFlow held to its threads."""
    import keras
    import tensorflow as tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads())
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        pass  # it runs already, with what was set before
    L, on = keras.layers, work.regularized
    penalty = keras.regularizers.L2(L2 / (2 * work.batch)) if on else None
    layers: list[Any] = [keras.Input((work.sizes[0],))]
    for n_out in work.sizes[1:-1]:
        layers.append(L.Dense(n_out, use_bias=not on, kernel_regularizer=penalty))
        layers += [L.BatchNormalization(momentum=0.9, epsilon=1e-5)] * on + [L.ReLU()]
        layers += [L.Dropout(1 - KEEP_PROB)] * on
    layers.append(L.Dense(work.sizes[-1], kernel_regularizer=penalty))
    kind = keras.losses.BinaryCrossentropy if work.sigmoid else keras.losses.SparseCategoricalCrossentropy
    return keras.Sequential(layers), kind(from_logits=True), keras.optimizers.Adam(LEARNING_RATE)


def keras_fit(work: Workload) -> Contender:
    """model.fit for an epoch."""
    model, loss, optimizer = keras_model(work)
    model.compile(optimizer, loss)
    steps = 1 if work.full_batch else EPOCH_STEPS
    X, y = work.data(steps)
    return lambda: model.fit(X, y, batch_size=work.batch, epochs=1, verbose=0), steps


def keras_train_on_batch(work: Workload) -> Contender:
    """model.train_on_batch."""
    model, loss, optimizer = keras_model(work)
    model.compile(optimizer, loss)
    X, y = work.data()
    return lambda: model.train_on_batch(X, y), 1


def tf_function(work: Workload) -> Contender:
    """A step with GradientTape in a tf.function that XLA compiles."""
    import tensorflow as tf

    model, loss, optimizer = keras_model(work)
    optimizer.build(model.trainable_variables)
    X, y = map(tf.constant, work.data())
    y = y[:, None] if work.sigmoid else y

    @tf.function(jit_compile=True)
    def step(X: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            cost = loss(y, model(X, training=True))
            cost = tf.add_n([cost, *model.losses]) if model.losses else cost
        grads = tape.gradient(cost, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))
        return cost

    return lambda: [step(X, y) for _ in range(AT_ONCE)][-1].numpy(), AT_ONCE


def torch_eager(work: Workload, fused: bool = False) -> Contender:
    """zero_grad, backward, step; Adam as it comes."""
    torch = import_module("torch")  # which the course does not install, and type checkers do not know
    nn = torch.nn
    torch.set_num_threads(threads())
    torch.manual_seed(0)
    layers: list[Any] = []
    for n_in, n_out in work.layers[:-1]:
        layers.append(nn.Linear(n_in, n_out, bias=not work.regularized))
        layers += [nn.BatchNorm1d(n_out)] if work.regularized else []
        layers += [nn.ReLU(), *([nn.Dropout(1 - KEEP_PROB)] if work.regularized else [])]
    model = nn.Sequential(*layers, nn.Linear(*work.layers[-1]))
    matrices = [layer.weight for layer in model if isinstance(layer, nn.Linear)]
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE, fused=fused)
    loss = nn.BCEWithLogitsLoss() if work.sigmoid else nn.CrossEntropyLoss()
    X, y = map(torch.from_numpy, work.data())
    y = y[:, None] if work.sigmoid else y

    def step() -> float:
        optimizer.zero_grad()
        cost = loss(model(X), y)
        if work.regularized:
            cost = cost + L2 / (2 * work.batch) * sum((W * W).sum() for W in matrices)
        cost.backward()
        optimizer.step()
        return cost.item()

    return step, 1


def torch_fused(work: Workload) -> Contender:
    """The same with the fused Adam."""
    return torch_eager(work, fused=True)
