"""The same numbers computed twice: each case is a pair of functions, ours and Keras', that return a dict of arrays.

Ours are the library's, or the reference of an exercise that the library does not need. Only the Keras functions import Keras,
when they are called. They translate Keras' conventions, with a comment at each place. All numbers are float64.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from nnutils import optimizers, schedules
from nnutils.layers import BatchNorm, Dense, LayerNorm, ReLU, Residual, RMSNorm
from nnutils.lessons.activations_and_clipping import exercises as clipping
from nnutils.lessons.batch_normalization import exercises as norms
from nnutils.lessons.input_normalization import exercises as input_normalization
from nnutils.lessons.l2_regularization import exercises as penalties
from nnutils.losses import LOSSES
from nnutils.network import dense_network

RNG = np.random.default_rng(20)
X = RNG.normal(0.5, 2, (7, 5))
D = RNG.normal(0, 1, (7, 5))
LABELS = {"softmax": RNG.integers(0, 3, 7), "sigmoid": RNG.integers(0, 2, 7), "mse": RNG.normal(0, 1, (7, 2))}
OUTPUTS = {"softmax": 3, "sigmoid": 1, "mse": 2}
ACTIVATIONS = ("relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid")
LAM, STEPS = 0.7, 100


def flat(arrays):
    return np.concatenate([np.ravel(array) for array in arrays])


# A network: outputs, cost and gradients


def our_network(activation, loss="softmax", l2=LAM, batch=None):
    net = dense_network([5, 6, 4, OUTPUTS[loss]], activation, loss=loss, l2=l2, rng=1)
    net.theta += 0.1 * np.random.default_rng(2).standard_normal(net.theta.size)  # biases that are not 0
    cost = net.loss_and_grad(X[:batch], LABELS[loss][:batch], m=len(X))
    return {"output": net.forward(X), "cost": cost, "grad": net.grad.copy()}, net


def keras_network(activation, loss="softmax", l2=LAM, batch=None):
    import keras
    import tensorflow as tf

    ours = our_network(activation, loss)[1]
    parameters = [part for pair in zip(ours.weights, ours.biases, strict=True) for part in pair]
    function = {"leaky_relu": lambda z: keras.activations.leaky_relu(z, negative_slope=0.01)}
    names = [function.get(activation, activation)] * 2 + [None]
    penalty = keras.regularizers.L2(l2 / (2 * len(X)))  # Keras' L2 has no m and no half, and knows no batch
    layers = [
        keras.layers.Dense(W.shape[1], activation=name, dtype="float64", kernel_regularizer=penalty)
        for W, name in zip(ours.weights, names, strict=True)
    ]
    model = keras.Sequential([keras.Input((5,), dtype="float64"), *layers])
    model.set_weights(parameters)
    cost_of, output_of = _keras_losses()[loss]
    with tf.GradientTape() as tape:
        z = model(X[:batch], training=True)
        y = LABELS[loss] if loss != "sigmoid" else LABELS[loss][:, None]
        cost = cost_of(y[:batch], z) + sum(model.losses)
    grads = tape.gradient(cost, model.trainable_variables)
    return {"output": output_of(model(X)), "cost": cost, "grad": flat(g.numpy() for g in grads)}


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


# Penalties: Keras has no m and no half


def our_penalties():
    weights = [X, D]
    return {
        "l2": penalties.penalty(weights, LAM, 7),
        "l1": penalties.penalty(weights, LAM, 7, 1.0),
        "elastic net": penalties.penalty(weights, LAM, 7, 0.3),
        "l2 gradient": penalties.l2_gradient(D, X, LAM, 7),
        "l1 subgradient": penalties.l1_subgradient(X, LAM, 7),
        "step": penalties.weight_decay_step(X, D, 0.2, LAM, 7),
        "max norm": penalties.max_norm(X, 4.0),
        "soft threshold": penalties.soft_threshold(X, 0.5),
    }


def keras_penalties():
    import keras
    import tensorflow as tf

    R, W = keras.regularizers, tf.Variable(X)
    with tf.GradientTape(persistent=True) as tape:
        l2, l1 = R.L2(LAM / (2 * 7))(W), R.L1(LAM / 7)(W)
        loss = tf.reduce_sum(W * D) + l2  # of which D is the gradient without the penalty
    optimizer, stepped = keras.optimizers.SGD(0.2), keras.Variable(X, dtype="float64")
    optimizer.apply([tape.gradient(loss, W)], [stepped])
    both = R.L1L2(l1=0.3 * LAM / 7, l2=0.7 * LAM / (2 * 7))
    return {
        "l2": l2 + R.L2(LAM / (2 * 7))(D),
        "l1": l1 + R.L1(LAM / 7)(D),
        "elastic net": both(X) + both(D),
        "l2 gradient": tape.gradient(loss, W),
        "l1 subgradient": tape.gradient(l1, W),
        "step": stepped.numpy(),
        "max norm": keras.constraints.MaxNorm(4.0, axis=0)(tf.constant(X)),
        "soft threshold": keras.ops.soft_shrink(tf.constant(X), 0.5),
    }


# Batch normalisation, as a layer and as exercises, and the standardizer


def our_batch_norm():
    layer = BatchNorm(momentum=0.8, eps=0.1).build(5)
    layer.gamma[...], layer.beta[...] = X[0], D[0]
    out, dx = layer.forward(X, training=True).copy(), layer.backward(D)
    running = np.stack([layer.running_mean, layer.running_var])
    return {"out": out, "dx": dx, "grad": layer.grad, "running": running, "inference": layer.forward(X)}


def our_unit_norm(make):
    norm = make(0.1).build(5)
    norm.theta[:5], norm.theta[5:] = X[0], D[0][: len(norm.theta) - 5]
    return {
        "inference": norm.forward(X),
        "out": norm.forward(X, training=True),
        "dx": norm.backward(D),
        "grad": norm.grad,
    }


def keras_unit_norm(name):
    import keras
    import tensorflow as tf

    norm = getattr(keras.layers, name)(epsilon=0.1, dtype="float64")
    norm.build((None, 5))
    norm.set_weights([X[0], D[0]][: len(norm.weights)])
    with tf.GradientTape() as tape:
        x = tf.Variable(X)
        out = norm(x, training=True)
        cost = tf.reduce_sum(D * out)
    dx, *grads = tape.gradient(cost, [x, *norm.trainable_variables])
    return {"inference": norm(X), "out": out, "dx": dx, "grad": flat(g.numpy() for g in grads)}


def our_block():
    block = Residual([LayerNorm(0.1), ReLU(), Dense(5)], 0.3).build(5, rng=1)
    return {"out": block.forward(X, training=True), "dx": block.backward(D), "grad": block.grad}


def keras_block():
    """A pre-norm block by the functional API. Keras rounds the scale to single precision."""
    import keras
    import tensorflow as tf

    ours = Residual([LayerNorm(0.1), ReLU(), Dense(5)], 0.3).build(5, rng=1)
    norm, dense = ours.branch[0], ours.branch[2]
    given = keras.Input((5,), dtype="float64")
    inner = keras.layers.LayerNormalization(epsilon=0.1, dtype="float64")(given)
    inner = keras.layers.ReLU(dtype="float64")(inner)
    inner = keras.layers.Dense(5, dtype="float64")(inner)
    inner = keras.layers.Rescaling(0.3, dtype="float64")(inner)
    model = keras.Model(given, keras.layers.Add(dtype="float64")([given, inner]))
    model.set_weights([norm.gamma, norm.beta, dense.W, dense.b])
    with tf.GradientTape() as tape:
        x = tf.Variable(X)
        out = model(x, training=True)
        cost = tf.reduce_sum(D * out)
    dx, *grads = tape.gradient(cost, [x, *model.trainable_variables])
    return {"out": out, "dx": dx, "grad": flat(g.numpy() for g in grads)}


def our_batch_norm_exercises():
    out, cache = norms.batchnorm_forward(X, X[0], D[0], 0.1)
    dx, *grads = norms.batchnorm_backward(D, cache)
    mean = norms.update_running(np.zeros(5), X.mean(axis=0), 0.8)
    var = norms.update_running(np.ones(5), X.var(axis=0), 0.8)
    inference = norms.batchnorm_inference(X, mean, var, X[0], D[0], 0.1)
    W, b = norms.fold_batchnorm(np.eye(5), np.zeros(5), mean, var, X[0], D[0], 0.1)
    assert np.allclose(X @ W + b, inference)
    return {
        "out": out,
        "dx": dx,
        "grad": flat(grads),
        "running": np.stack([mean, var]),
        "inference": inference,
    }


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
    return {"out": input_normalization.standardize(D, *input_normalization.fit_standardizer(X))}


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
)  # TINY: some of Keras' epsilons are inside the root, so there both sides have none

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
    "Lion": lambda: optimizers.Lion(0.05, 0.7, 0.8),
    "Lion with decay": lambda: optimizers.Lion(0.05, 0.7, 0.8, weight_decay=0.1),
    "Muon": lambda: optimizers.Muon([(0, (2, 2))], 0.02, 0.8, weight_decay=0.1),
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
        "Lion": lambda: K.Lion(0.05, 0.7, 0.8),
        "Lion with decay": lambda: K.Lion(0.05, 0.7, 0.8, weight_decay=0.1),
        # as published it looks ahead and has a factor for the form: both are off here
        "Muon": lambda: K.Muon(0.02, momentum=0.8, weight_decay=0.1, nesterov=False, rms_rate=None),
    }[name]()
    start = START.reshape(2, 2) if name == "Muon" else START
    w = keras.Variable(start, dtype="float64")
    opt.build([w])
    if name == "Nadam":  # Keras' beta1 grows to its value: compare where it has, and no correction is left
        opt.iterations.assign(WARM)
        opt._u_product.assign(0.0)
    for t in range(1, STEPS + 1):
        if name in ("Adam", "AdamW"):  # Keras adds epsilon before it corrects the root
            opt.epsilon = EPS * np.sqrt(1 - 0.8**t)
        if name == "Nadam":
            opt.epsilon = EPS
        gradient = slope(w.numpy().ravel()).reshape(start.shape)
        opt.apply([keras.ops.convert_to_tensor(gradient)], [w])
    return {"w": w.numpy().ravel()}


# Schedules and clipping

EPOCHS = range(0, 30, 3)
DEV_LOSSES = [3.0, 2.0, 2.5, 2.4, 2.3, 1.9, 2.1, 1.9, 1.9, 2.0, 2.0, 1.5, 1.6]


def our_schedules():
    return {
        "exponential": [schedules.exponential_decay(0.2, 0.9, t) for t in EPOCHS],
        "inverse time": [schedules.power_decay(0.2, t, 1 / 0.3) for t in EPOCHS],
        "power": [schedules.power_decay(0.2, t, 5) for t in EPOCHS],
        "piecewise": [schedules.piecewise_constant([6, 15], [0.2, 0.1, 0.05], t) for t in EPOCHS],
        "cosine": [schedules.cosine(t, 20, 0.2, 0.02) for t in EPOCHS],
        "staircase": [schedules.exponential_decay(0.2, 0.5, t, 7, staircase=True) for t in EPOCHS],
        "after a warm-up": [schedules.warmup_cosine(t, 6, 26, 0.2, 0.02) for t in EPOCHS if t >= 6],
        "plateau": schedules.reduce_on_plateau(DEV_LOSSES, 0.7, 0.3, 3),
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
        "staircase": S.ExponentialDecay(0.2, 7, 0.5, staircase=True),
    }
    found = {name: [float(schedule(t)) for t in EPOCHS] for name, schedule in made.items()}
    warm = S.CosineDecay(0.0, 20, alpha=0.1, warmup_target=0.2, warmup_steps=6)
    return found | {
        "after a warm-up": [float(warm(t)) for t in EPOCHS if t >= 6],
        "plateau": keras_plateau(),
    }


def keras_plateau():
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.7), "mse")
    callback, rates = keras.callbacks.ReduceLROnPlateau("loss", factor=0.3, patience=3, min_delta=0), []
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(DEV_LOSSES):
        rates.append(float(model.optimizer.learning_rate))
        callback.on_epoch_end(epoch, {"loss": loss})
    return rates


def our_clipping():
    return {
        "norm": flat(clipping.clip_by_global_norm([X, D], 3.0)),
        "value": flat(clipping.clip_by_value([X, D], 1.5)),
    }


def keras_clipping():
    import tensorflow as tf

    clipped, _ = tf.clip_by_global_norm([X, D], 3.0)
    values = [tf.clip_by_value(g, -1.5, 1.5) for g in (X, D)]
    return {"norm": flat(g.numpy() for g in clipped), "value": flat(g.numpy() for g in values)}


# name: (ours, Keras', tolerance). Keras keeps an L2 factor, Adam's beta2 and its schedules in float32.
CASES = {
    **{
        f"network {name}": (lambda name=name: our_network(name)[0], partial(keras_network, name), 1e-7)
        for name in ACTIVATIONS
    },
    **{
        f"loss {loss}": (
            lambda loss=loss: our_network("tanh", loss)[0],
            partial(keras_network, "tanh", loss),
            1e-7,
        )
        for loss in OUTPUTS
    },
    **{f"far {loss}": (partial(our_loss, loss), partial(keras_loss, loss), 1e-9) for loss in OUTPUTS},
    "a batch of the training set": (
        lambda: our_network("tanh", batch=3)[0],
        partial(keras_network, "tanh", batch=3),
        1e-7,
    ),
    "penalties": (our_penalties, keras_penalties, 1e-6),
    "batch norm": (our_batch_norm, keras_batch_norm, 1e-9),
    "batch norm, exercises": (our_batch_norm_exercises, keras_batch_norm, 1e-9),
    "layer norm": (partial(our_unit_norm, LayerNorm), partial(keras_unit_norm, "LayerNormalization"), 1e-9),
    "rms norm": (partial(our_unit_norm, RMSNorm), partial(keras_unit_norm, "RMSNormalization"), 1e-9),
    "residual block": (our_block, keras_block, 1e-6),
    "standardizer": (our_standardizer, keras_standardizer, 1e-6),
    **{name: (partial(our_optimizer, name), partial(keras_optimizer, name), 1e-6) for name in OURS_OPT},
    "schedules": (our_schedules, keras_schedules, 1e-6),
    "clipping": (our_clipping, keras_clipping, 1e-9),
}
