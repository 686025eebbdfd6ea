"""Updates with docstrings that give the formula: what the transcriber must be able to solve."""

import numpy as np

from nnutils.checks.exercise import exercise


def frozen(reference):
    """An exercise with cases of any shape, made from the names of the arguments."""
    item = exercise(points=1, minutes=1, hints=())(reference)
    others = {"t": 3, "lr": 0.1, "beta": 0.9, "beta1": 0.8, "beta2": 0.9, "eps": 0.1, "grad": np.tanh}

    @item.cases
    def _(rng):
        for shape in ((3,), (2, 3)):
            signed = {"w": rng.normal(size=shape), "g": rng.normal(size=shape)}
            known = others | signed
            yield {name: known.get(name, rng.random(shape)) for name in item.signature.parameters}

    return item


@frozen
def sgd_update(w, g, lr):
    """One step of gradient descent.

    w, g: parameters and their gradient, arrays of one shape.
    lr: the learning rate.
    Returns the new parameters, a new array: w - lr g.
    The arguments stay as they are.
    """
    return w - lr * g


@frozen
def momentum_update(w, g, v, lr, beta):
    """One step of gradient descent with momentum (Polyak 1964),
    as an average of gradients.

    w, g, v: parameters, gradient, average so far (0 at the start),
    arrays of one shape. lr, beta: numbers.
    v_new = beta v + (1 - beta) g, and w_new = w - lr v_new.
    Returns (w_new, v_new); no argument is changed.
    """
    v = beta * v + (1 - beta) * g
    return w - lr * v, v


@frozen
def rmsprop_update(w, g, s, lr, beta, eps):
    """One step of RMSProp (Tieleman & Hinton 2012): each gradient divided
    by its own usual size.

    w, g, s: parameters, gradient, average of g^2 so far,
    arrays of one shape. lr, beta, eps: numbers.
    s_new = beta s + (1 - beta) g^2, and w_new = w - lr g /
    (sqrt(s_new) + eps), element by element.
    Returns (w_new, s_new); no argument is changed.
    """
    s = beta * s + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@frozen
def adam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    """One step of Adam (Kingma & Ba 2015, algorithm 1).

    w, g, m, v: parameters, gradient, averages of g and g^2 so far,
    arrays of one shape. t:
    1 at the first.
    m_new = beta1 m + (1 - beta1) g
    v_new = beta2 v + (1 - beta2) g^2
    m_hat = m_new / (1 - beta1^t)               v_hat = v_new / (1 - beta2^t)
    w_new = w - lr m_hat / (sqrt(v_hat) + eps)
    Returns (w_new, m_new, v_new), the averages as they are before
    the correction; no argument is changed.
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@frozen
def nesterov_update(w, grad, v, lr, beta):
    """One step with Nesterov's momentum (Nesterov 1983;
    Sutskever et al. 2013).

    w, v: parameters and velocity (0 at the start), arrays of one shape.
    grad: a function; grad(p) is the gradient at the point p.
    lr, beta: numbers.
    v_new = beta v - lr grad(w + beta v), and w_new = w + v_new.
    Returns (w_new, v_new).
    """
    v = beta * v - lr * grad(w + beta * v)
    return w + v, v


@frozen
def adagrad_update(w, g, s, lr, eps):
    """One step of AdaGrad (Duchi, Hazan and Singer 2011).

    w, g, s: parameters, gradient, sum of squares so far
    (0 at the start), of one shape.
    s_new = s + g^2, and w_new = w - lr g / (sqrt(s_new) + eps).
    Returns (w_new, s_new).
    """
    s = s + g**2
    return w - lr * g / (np.sqrt(s) + eps), s


@frozen
def adamax_update(w, g, m, u, t, lr, beta1, beta2, eps):
    """One step of AdaMax (Kingma and Ba 2015, section 7.1).

    w, g, m, u: parameters, gradient, average of gradients,
    fading maximum of their sizes (m and u are 0 at the start),
    arrays of one shape. t: number of this step, from 1.
    m_new = beta1 m + (1 - beta1) g; u_new = max(beta2 u, |g|) for each entry.
    w_new = w - lr m_new / (1 - beta1^t) / (u_new + eps).
    Returns (w_new, m_new, u_new), u without eps.
    """
    m = beta1 * m + (1 - beta1) * g
    u = np.maximum(beta2 * u, np.abs(g))
    return w - lr * m / (1 - beta1**t) / (u + eps), m, u


@frozen
def nadam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    """One step of Nadam, Adam with Nesterov's look ahead
    (Dozat 2016, constant beta1).

    w, g, m, v: as in Adam, arrays of one shape (m and v are 0 at the start).
    t: number of this step, from 1.
    m_new = beta1 m + (1 - beta1) g; v_new = beta2 v + (1 - beta2) g^2.
    ahead = beta1 m_new / (1 - beta1^(t+1)) + (1 - beta1) g / (1 - beta1^t).
    w_new = w - lr ahead / (sqrt(v_new / (1 - beta2^t)) + eps).
    Returns (w_new, m_new, v_new).
    """
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    ahead = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
    return w - lr * ahead / (np.sqrt(v / (1 - beta2**t)) + eps), m, v
