"""The same numbers computed twice: each case is a pair of functions, ours and Keras', that return a dict of arrays.

Keras is imported by the Keras half alone, and only when it is called. Conventions are mapped on the Keras side, each where it
stands. All of it in float64.
"""

from __future__ import annotations

import numpy as np

from nnutils import gradients, optimizers, schedules
from nnutils.layers import BatchNorm
from nnutils.losses import LOSSES
from nnutils.network import dense_network
from nnutils.normalization import Standardizer, batchnorm_forward, fold_batchnorm

RNG = np.random.default_rng(20)
X = RNG.normal(0.5, 2, (7, 5))
D = RNG.normal(0, 1, (7, 5))
LABELS = {"softmax": RNG.integers(0, 3, 7), "sigmoid": RNG.integers(0, 2, 7), "mse": RNG.normal(0, 1, (7, 2))}
OUTPUTS = {"softmax": 3, "sigmoid": 1, "mse": 2}
ACTIVATIONS = ("relu", "leaky_relu", "elu", "selu", "tanh", "sigmoid")
LAM, STEPS = 0.7, 100


# A network: outputs, cost and gradients


def our_network(activation, loss="softmax", l2=LAM):
    net = dense_network([5, 6, 4, OUTPUTS[loss]], activation, loss=loss, l2=l2, rng=1)
    net.theta += 0.1 * np.random.default_rng(2).standard_normal(net.theta.size)  # biases that are not 0
    cost = net.loss_and_grad(X, LABELS[loss])
    return {"output": net.forward(X), "cost": cost, "grad": net.grad.copy()}, net


def keras_network(activation, loss="softmax", l2=LAM):
    import keras
    import tensorflow as tf

    ours = our_network(activation, loss)[1]
    parameters = [part for pair in zip(ours.weights, ours.biases, strict=True) for part in pair]
    function = {"leaky_relu": lambda z: keras.activations.leaky_relu(z, negative_slope=0.01)}
    names = [function.get(activation, activation)] * 2 + [None]
    penalty = keras.regularizers.L2(l2 / (2 * len(X)))  # Keras' L2 has no m and no half
    layers = [
        keras.layers.Dense(W.shape[1], activation=name, dtype="float64", kernel_regularizer=penalty)
        for W, name in zip(ours.weights, names, strict=True)
    ]
    model = keras.Sequential([keras.Input((5,), dtype="float64"), *layers])
    model.set_weights(parameters)
    cost_of, output_of = _keras_losses()[loss]
    with tf.GradientTape() as tape:
        z = model(X, training=True)
        y = LABELS[loss] if loss != "sigmoid" else LABELS[loss][:, None]
        cost = cost_of(y, z) + sum(model.losses)
    grads = tape.gradient(cost, model.trainable_variables)
    return {"output": output_of(z), "cost": cost, "grad": gradients.flatten([g.numpy() for g in grads])}


def _keras_losses():
    import keras

    return {
        "softmax": (
            keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64"),
            keras.ops.softmax,
        ),
        "sigmoid": (keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64"), keras.ops.sigmoid),
        "mse": (keras.losses.MeanSquaredError(dtype="float64"), lambda z: z),
    }


# Losses far from 0


def our_loss(loss):
    return {"cost": LOSSES[loss].cost(30 * X[:, : OUTPUTS[loss]], LABELS[loss])[0]}


def keras_loss(loss):
    y = LABELS[loss] if loss != "sigmoid" else LABELS[loss][:, None]
    return {"cost": _keras_losses()[loss][0](y, 30 * X[:, : OUTPUTS[loss]])}


# Batch normalisation and the standardizer


def our_batch_norm():
    layer = BatchNorm(momentum=0.8, eps=0.1).build(5)
    layer.gamma[...], layer.beta[...] = X[0], D[0]
    out, dx = layer.forward(X, training=True).copy(), layer.backward(D)
    folded = fold_batchnorm(np.eye(5), np.zeros(5), layer.running_mean, layer.running_var, X[0], D[0], 0.1)
    assert np.allclose(X @ folded[0] + folded[1], layer.forward(X))
    assert np.allclose(out, batchnorm_forward(X, X[0], D[0], 0.1)[0])
    running = np.stack([layer.running_mean, layer.running_var])
    return {"out": out, "dx": dx, "grad": layer.grad, "running": running, "inference": layer.forward(X)}


def keras_batch_norm():
    import keras
    import tensorflow as tf

    layer = keras.layers.BatchNormalization(momentum=0.8, epsilon=0.1, dtype="float64")
    layer.build(X.shape)
    layer.gamma.assign(X[0])
    layer.beta.assign(D[0])
    x = tf.Variable(X)
    with tf.GradientTape() as tape:
        out = layer(x, training=True)
        total = tf.reduce_sum(out * D)
    dx, dgamma, dbeta = tape.gradient(total, [x, layer.gamma.value, layer.beta.value])
    running = np.stack([layer.moving_mean.numpy(), layer.moving_variance.numpy()])
    grad = np.concatenate([dgamma, dbeta])
    return {"out": out, "dx": dx, "grad": grad, "running": running, "inference": layer(X, training=False)}


def our_standardizer():
    return {"out": Standardizer().fit(X).transform(D)}


def keras_standardizer():
    import keras

    layer = keras.layers.Normalization(dtype="float64")
    layer.adapt(X)
    return {"out": layer(D)}


# Optimisers: 100 steps down a slope that is neither linear nor the same in each coordinate

START = np.array([0.3, -2.0, 5.0, -0.01])


def slope(w):
    return np.array([1.0, 0.1, 3.0, 20.0]) * w + np.cos(3 * w)


EPS, TINY, WARM = (
    0.1,
    1e-30,
    10_000,
)  # TINY: where epsilon stands inside the root in Keras, it is taken out on both sides

OURS_OPT = {
    "SGD": lambda: optimizers.SGD(0.01, weight_decay=0.1),
    "Momentum": lambda: optimizers.Momentum(0.05, 0.8),
    "Nesterov": lambda: optimizers.Nesterov(0.01, 0.8),
    "AdaGrad": lambda: optimizers.AdaGrad(0.3, eps=TINY),
    "RMSProp": lambda: optimizers.RMSProp(0.01, 0.8, eps=TINY),
    "Adam": lambda: optimizers.Adam(0.05, 0.7, 0.8, EPS),
    "AdamW": lambda: optimizers.Adam(0.05, 0.7, 0.8, EPS, weight_decay=0.1),
    "AdaMax": lambda: optimizers.AdaMax(0.05, 0.7, 0.8, EPS),
    "Nadam": lambda: optimizers.Nadam(0.05, 0.7, 0.8, EPS),
}


def our_optimizer(name):
    opt, w = OURS_OPT[name](), START.copy()
    for step in range(STEPS):
        if name == "Nadam" and step == 0:  # see keras_optimizer
            opt.update(w, np.zeros_like(w))
            opt.t = WARM
        opt.update(w, slope(w))
    return {"w": w}


def keras_optimizer(name):
    import keras

    K = keras.optimizers
    opt = {
        "SGD": lambda: K.SGD(0.01, weight_decay=0.1),
        "Momentum": lambda: K.SGD(0.05 * (1 - 0.8), momentum=0.8),  # v holds the lr and lacks 1 - beta
        "Nesterov": lambda: K.SGD(0.01, momentum=0.8, nesterov=True),
        "AdaGrad": lambda: K.Adagrad(0.3, initial_accumulator_value=0.0, epsilon=TINY),  # Keras starts at 0.1
        "RMSProp": lambda: K.RMSprop(0.01, rho=0.8, epsilon=TINY),
        "Adam": lambda: K.Adam(0.05, 0.7, 0.8),
        "AdamW": lambda: K.AdamW(0.05, 0.1, 0.7, 0.8),
        "AdaMax": lambda: K.Adamax(0.05, 0.7, 0.8, epsilon=EPS),
        "Nadam": lambda: K.Nadam(0.05, 0.7, 0.8),
    }[name]()
    w = keras.Variable(START, dtype="float64")
    opt.build([w])
    if (
        name == "Nadam"
    ):  # Keras' beta1 grows to its value; compared where it has grown, and all corrections are over
        opt.iterations.assign(WARM)
        opt._u_product.assign(0.0)
    for t in range(1, STEPS + 1):
        if name in ("Adam", "AdamW"):  # Keras adds epsilon before it corrects the root
            opt.epsilon = EPS * np.sqrt(1 - 0.8**t)
        if name == "Nadam":
            opt.epsilon = EPS
        opt.apply([keras.ops.convert_to_tensor(slope(w.numpy()))], [w])
    return {"w": w.numpy()}


# Schedules and clipping

EPOCHS = range(0, 30, 3)


def our_schedules():
    return {
        "exponential": [schedules.exponential_decay(0.2, 0.9, t) for t in EPOCHS],
        "inverse time": [schedules.inverse_time_decay(0.2, 0.3, t) for t in EPOCHS],
        "power": [schedules.power_decay(0.2, t, 5) for t in EPOCHS],
        "piecewise": [schedules.piecewise_constant([6, 15], [0.2, 0.1, 0.05], t) for t in EPOCHS],
        "cosine": [schedules.cosine(t, 20, 0.2, 0.02) for t in EPOCHS],
    }


def keras_schedules():
    import keras

    S = keras.optimizers.schedules
    made = {
        "exponential": S.ExponentialDecay(0.2, 1, 0.9),
        "inverse time": S.InverseTimeDecay(0.2, 1, 0.3),
        "power": S.InverseTimeDecay(0.2, 5, 1.0),
        "piecewise": S.PiecewiseConstantDecay([6, 15], [0.2, 0.1, 0.05]),
        "cosine": S.CosineDecay(0.2, 20, alpha=0.1),
    }
    return {name: [float(schedule(t)) for t in EPOCHS] for name, schedule in made.items()}


def our_clipping():
    return {
        "norm": gradients.flatten(gradients.clip_by_global_norm([X, D], 3.0)),
        "value": gradients.flatten(gradients.clip_by_value([X, D], 1.5)),
    }


def keras_clipping():
    import tensorflow as tf

    clipped, _ = tf.clip_by_global_norm([X, D], 3.0)
    values = [tf.clip_by_value(g, -1.5, 1.5) for g in (X, D)]
    return {
        "norm": gradients.flatten([g.numpy() for g in clipped]),
        "value": gradients.flatten([g.numpy() for g in values]),
    }


# name: (ours, Keras', tolerance). Keras keeps an L2 factor, Adam's beta2 and its schedules in float32.
CASES = {
    **{
        f"network {name}": (
            lambda name=name: our_network(name)[0],
            lambda name=name: keras_network(name),
            1e-7,
        )
        for name in ACTIVATIONS
    },
    **{
        f"loss {loss}": (
            lambda loss=loss: our_network("tanh", loss)[0],
            lambda loss=loss: keras_network("tanh", loss),
            1e-7,
        )
        for loss in OUTPUTS
    },
    **{
        f"far {loss}": (lambda loss=loss: our_loss(loss), lambda loss=loss: keras_loss(loss), 1e-9)
        for loss in OUTPUTS
    },
    "batch norm": (our_batch_norm, keras_batch_norm, 1e-9),
    "standardizer": (our_standardizer, keras_standardizer, 1e-6),
    **{
        name: (lambda name=name: our_optimizer(name), lambda name=name: keras_optimizer(name), 1e-6)
        for name in OURS_OPT
    },
    "schedules": (our_schedules, keras_schedules, 1e-6),
    "clipping": (our_clipping, keras_clipping, 1e-9),
}
