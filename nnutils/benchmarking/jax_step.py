"""The step in jax: a pure function from one state to the next, compiled whole."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from nnutils.benchmarking.frameworks import AT_ONCE
from nnutils.benchmarking.timing import Contender
from nnutils.benchmarking.workloads import KEEP_PROB, L2, LEARNING_RATE, Workload


def jax_jit(work: Workload) -> Contender:
    """jax.jit of (params, averages, t, key) -> the same and the cost; its arguments are given away to be written over."""
    jax, jnp = import_module("jax"), import_module("jax.numpy")

    def step(state: Any) -> Any:
        params, m, v, running, t, key = state
        key, draw = jax.random.split(key)
        gradient = jax.value_and_grad(lambda params: cost(work, data, params, draw), has_aux=True)
        (value, seen), g = gradient(params)
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        lr, root = LEARNING_RATE / (1 - 0.9**t), 1 - 0.999**t
        params = jax.tree.map(lambda w, m, v: w - lr * m / (jnp.sqrt(v / root) + 1e-8), params, m, v)
        running = [0.9 * old + 0.1 * new for old, new in zip(running, seen, strict=True)]
        return (params, m, v, running, t, key), value

    data = tuple(map(jnp.asarray, work.data()))
    compiled, box = jax.jit(step, donate_argnums=0), [initial(work)]

    def call() -> float:
        for _ in range(AT_ONCE):
            box[0], value = compiled(box[0])
        return float(value)

    return call, AT_ONCE


def initial(work: Workload) -> Any:
    """The state before the first step: parameters, Adam's averages, batch norm's averages, t, the key of dropout."""
    jax, jnp = import_module("jax"), import_module("jax.numpy")

    weights = [jnp.asarray(W) for W in work.weights()]
    params = {"W": weights, "shift": [jnp.zeros(W.shape[1]) for W in weights]}
    running = []
    if work.regularized:
        params["scale"] = [jnp.ones(n) for n in work.sizes[1:-1]]
        running = [jnp.zeros(n) for n in work.sizes[1:-1] for _ in "mv"]
    m, v = (jax.tree.map(jnp.zeros_like, params) for _ in "mv")
    return params, m, v, running, jnp.float32(0), jax.random.key(0)


def cost(work: Workload, data: tuple[Any, Any], params: Any, key: Any) -> tuple[Any, list[Any]]:
    """The cost in training mode, and the means and variances that batch norm saw."""
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
