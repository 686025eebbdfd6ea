"""The step as textbooks and tutorials write it: parameters in dictionaries, a new array for every operation.

It computes what nnutils computes (a test compares the two) and is here to be measured.
"""

import numpy as np


def initialize(weights, regularized=False):
    """{"W1": …, "b1": …, "gamma1": …} and Adam's averages of each, and the running averages of batch norm."""
    params = {}
    for i, W in enumerate(weights, start=1):
        params[f"W{i}"] = W.copy()
        hidden = i < len(weights)
        if regularized and hidden:
            params[f"gamma{i}"] = np.ones(W.shape[1], W.dtype)
            params[f"beta{i}"] = np.zeros(W.shape[1], W.dtype)
        else:
            params[f"b{i}"] = np.zeros(W.shape[1], W.dtype)
    zeros = {name: np.zeros_like(array) for name, array in params.items()}
    running = {name: zeros[name].copy() for name in zeros if name.startswith(("gamma", "beta"))}
    return {
        "params": params,
        "m": zeros,
        "v": dict(zeros),
        "running": running,
        "t": 0,
        "rng": np.random.default_rng(0),
    }


def step(state, X, y, lr, keep_prob=1.0, l2=0.0):
    """One step of Adam; returns the cost."""
    output, caches = forward(state, X, keep_prob)
    cost, d = loss(output, y)
    grads = backward(state["params"], caches, d, keep_prob)
    m, weights = len(X), [name for name in grads if name.startswith("W")]
    if l2:
        cost = cost + l2 / (2 * m) * sum(np.sum(state["params"][name] ** 2) for name in weights)
        for name in weights:
            grads[name] = grads[name] + l2 / m * state["params"][name]
    adam(state, grads, lr)
    return cost


def forward(state, X, keep_prob):
    """The logits, and what each layer keeps for the backward pass."""
    params, a, caches = state["params"], X, []
    layers = sum(name.startswith("W") for name in params)
    for i in range(1, layers + 1):
        cache = {"a": a}
        z = np.dot(a, params[f"W{i}"])
        if f"b{i}" in params:
            z = z + params[f"b{i}"]
        else:
            z = batch_norm(state, i, z, cache)
        if i < layers:
            cache["z"] = z
            z = np.maximum(0, z)
            if keep_prob < 1:
                cache["mask"] = state["rng"].random(z.shape, dtype=np.float32) < keep_prob
                z = z * cache["mask"] / keep_prob
        a = z
        caches.append(cache)
    return a, caches


def batch_norm(state, i, z, cache):
    mean, var = np.mean(z, axis=0), np.var(z, axis=0)
    cache["std"] = np.sqrt(var + 1e-5)
    cache["x_hat"] = (z - mean) / cache["std"]
    running = state["running"]
    running[f"beta{i}"] = 0.9 * running[f"beta{i}"] + 0.1 * mean
    running[f"gamma{i}"] = 0.9 * running[f"gamma{i}"] + 0.1 * var
    return state["params"][f"gamma{i}"] * cache["x_hat"] + state["params"][f"beta{i}"]


def loss(z, y):
    """Cross-entropy of the softmax, or of the sigmoid if there is one output, and its gradient."""
    m = len(z)
    if z.shape[1] == 1:
        target = y.reshape(-1, 1)
        a = 1 / (1 + np.exp(-z))
        return -np.mean(target * np.log(a) + (1 - target) * np.log(1 - a)), (a - target) / m
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    onehot = np.eye(z.shape[1], dtype=z.dtype)[y]
    return -np.mean(np.sum(onehot * np.log(p), axis=1)), (p - onehot) / m


def backward(params, caches, d, keep_prob):
    """{"W1": …, …}: the gradient by every parameter."""
    grads = {}
    for i in range(len(caches), 0, -1):
        cache = caches[i - 1]
        if "z" in cache:
            if keep_prob < 1:
                d = d * cache["mask"] / keep_prob
            d = d * (cache["z"] > 0)
        if "x_hat" in cache:
            grads[f"gamma{i}"] = np.sum(d * cache["x_hat"], axis=0)
            grads[f"beta{i}"] = np.sum(d, axis=0)
            dx = d * params[f"gamma{i}"]
            correction = np.mean(dx, axis=0) + cache["x_hat"] * np.mean(dx * cache["x_hat"], axis=0)
            d = (dx - correction) / cache["std"]
        else:
            grads[f"b{i}"] = np.sum(d, axis=0)
        grads[f"W{i}"] = np.dot(cache["a"].T, d)
        d = np.dot(d, params[f"W{i}"].T)
    return grads


def adam(state, grads, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    params, m, v = state["params"], state["m"], state["v"]
    state["t"] += 1
    for name, g in grads.items():
        m[name] = beta1 * m[name] + (1 - beta1) * g
        v[name] = beta2 * v[name] + (1 - beta2) * g**2
        m_hat = m[name] / (1 - beta1 ** state["t"])
        v_hat = v[name] / (1 - beta2 ** state["t"])
        params[name] = params[name] - lr * m_hat / (np.sqrt(v_hat) + eps)
