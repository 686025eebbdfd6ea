"""The contenders that need Keras, TensorFlow, PyTorch or jax, written as in their own guides. Any of them may be missing."""

from __future__ import annotations

import os
from importlib import import_module
from itertools import pairwise
from typing import Any

from benchmarks.speed.contenders import KEEP_PROB, L2, LEARNING_RATE, Workload
from benchmarks.speed.timing import Contender

AT_ONCE = 10  # steps before a result is read, so that a library may work ahead


def threads() -> int:
    """The number of threads that a library may use: as many as BLAS."""
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


def keras_model(work: Workload) -> tuple[Any, Any, Any]:
    """(model, loss, optimizer). Also limits TensorFlow's threads."""
    import keras
    import tensorflow as tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads())
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        pass  # TensorFlow has started, with the limits that were set before
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
    X, y = work.data(work.steps)
    return lambda: model.fit(X, y, batch_size=work.batch, epochs=1, verbose=0), work.steps


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
    """zero_grad, backward, step, with Adam as it is by default."""
    torch = import_module("torch")  # the course does not install it, so type checkers do not know it
    nn = torch.nn
    torch.set_num_threads(threads())
    torch.manual_seed(0)
    layers: list[Any] = []
    *hidden, last = pairwise(work.sizes)
    for n_in, n_out in hidden:
        layers.append(nn.Linear(n_in, n_out, bias=not work.regularized))
        layers += [nn.BatchNorm1d(n_out)] if work.regularized else []
        layers += [nn.ReLU(), *([nn.Dropout(1 - KEEP_PROB)] if work.regularized else [])]
    model = nn.Sequential(*layers, nn.Linear(*last))
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


def jax_jit(work: Workload) -> Contender:
    """jax.jit of (params, averages, t, key) -> the same and the cost. It may write over its arguments."""
    jax, jnp = import_module("jax"), import_module("jax.numpy")

    def step(state: Any) -> Any:
        params, m, v, running, t, key = state
        key, draw = jax.random.split(key)
        gradient = jax.value_and_grad(lambda params: _jax_cost(work, data, params, draw), has_aux=True)
        (value, seen), g = gradient(params)
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        lr, root = LEARNING_RATE / (1 - 0.9**t), 1 - 0.999**t
        params = jax.tree.map(lambda w, m, v: w - lr * m / (jnp.sqrt(v / root) + 1e-8), params, m, v)
        running = [0.9 * old + 0.1 * new for old, new in zip(running, seen, strict=True)]
        return (params, m, v, running, t, key), value

    data = tuple(map(jnp.asarray, work.data()))
    compiled, box = jax.jit(step, donate_argnums=0), [_initial(work)]

    def call() -> float:
        for _ in range(AT_ONCE):
            box[0], value = compiled(box[0])
        return float(value)

    return call, AT_ONCE


def _initial(work: Workload) -> Any:
    """The state before the first step: parameters, Adam's averages, batch norm's averages, t, dropout's key."""
    jax, jnp = import_module("jax"), import_module("jax.numpy")

    weights = [jnp.asarray(W) for W in work.weights()]
    params = {"W": weights, "shift": [jnp.zeros(W.shape[1]) for W in weights]}
    running = []
    if work.regularized:
        params["scale"] = [jnp.ones(n) for n in work.sizes[1:-1]]
        running = [jnp.zeros(n) for n in work.sizes[1:-1] for _ in "mv"]
    m, v = (jax.tree.map(jnp.zeros_like, params) for _ in "mv")
    return params, m, v, running, jnp.float32(0), jax.random.key(0)


def _jax_cost(work: Workload, data: tuple[Any, Any], params: Any, key: Any) -> tuple[Any, list[Any]]:
    """The cost in training mode, and the means and variances in batch norm."""
    jax, jnp = import_module("jax"), import_module("jax.numpy")

    (a, y), seen, last = data, [], len(params["W"]) - 1
    for i, (W, shift) in enumerate(zip(params["W"], params["shift"], strict=True)):
        z = a @ W
        if work.regularized and i < last:
            mean, var = z.mean(axis=0), z.var(axis=0)
            seen += [mean, var]
            z = (z - mean) * jax.lax.rsqrt(var + 1e-5) * params["scale"][i]
        a = z + shift
        if i < last:
            a = jax.nn.relu(a)
            if work.regularized:
                key, draw = jax.random.split(key)
                a = jnp.where(jax.random.bernoulli(draw, KEEP_PROB, a.shape), a / KEEP_PROB, 0)
    if work.sigmoid:
        z = a[:, 0]
        total = jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z))))
    else:
        total = -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(a), y[:, None], axis=1))
    if work.regularized:
        total += L2 / (2 * work.batch) * sum(jnp.sum(W * W) for W in params["W"])
    return total, seen
