# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # L2, L1 and other penalties on weights
#
# A network that is large enough fits everything, wrong labels included. How do you hold it back without making it
# smaller? You let large weights cost something. How much should they cost, and what does it do to the network?
#
# **Takes** about 80 minutes · **Before this** lessons 01, 02
#
# **You will**
# - add an L2 penalty to the cost and to the gradient, and see why it is called weight decay,
# - measure what it does to the train/dev gap, to the weights, and to the units of a tanh network,
# - get exact zeros with L1, mix the two, and cap the weights of a unit.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.batches import iterate
from nnutils.data import breast_cancer, digits
from nnutils.lessons.l2_regularization import plots
from nnutils.lessons.l2_regularization.explorer import penalty_and_boundary
from nnutils.network import dense_network

# %% [markdown]
# ## A price on weights
#
# Fitting a wrong label means to bend the decision sharply around one example, and sharp bends take large weights. So
# add to the cost $J$ a price on the weights. The **L2 penalty** takes their squares:
#
# $$J = \frac{1}{m} \sum_{i=1}^{m} \mathcal{L}(\hat y_i, y_i) + \frac{\lambda}{2m} \sum_{l} \sum_{j,k} \big(w^{[l]}_{jk}\big)^2$$
#
# The larger $\lambda$ (lambda), the higher the price. The biases $b$ are left out; you will see why.
#
# **Your task.** Return the penalty, the second term, for a list of weight matrices.

# %% tags=["exercise"]
l2_cost

# %%
X, y = digits()
m = 300
network = dense_network([64, 64, 10], activation="tanh", rng=0)
loss = network.loss(X[:m], y[:m])
for lam in (0, 1, 10):
    penalty = l2_cost(network.weights, lam, m)
    print(
        f"lambda {lam:>2}: loss {loss:.3f} + penalty {penalty:.3f} = cost "
        f"{loss + penalty:.3f}"
    )

# %% [markdown]
# ## In the gradient
#
# Training follows the gradient, so what matters is the derivative of the penalty. It is as simple as can be, thanks to the 2 below the
# line. For each layer
#
# $$\frac{\partial J}{\partial W} = dW + \frac{\partial}{\partial W}\, \frac{\lambda}{2m} \sum w^2$$
#
# where $dW$ is the gradient of the loss, which backpropagation gives.
#
# **Your task.** Return the gradient of the whole cost.

# %% tags=["exercise"]
l2_gradient

# %% [markdown]
# A gradient can be checked against the cost itself: move one weight a little and see what the cost does.

# %%
layer = network.layers[0]
network.loss_and_grad(X[:m], y[:m])
by_formula = l2_gradient(layer.dW, layer.W, 10, m)[20, 5]


def cost(step):
    moved = network.copy()
    moved.weights[0][20, 5] += step
    return moved.loss(X[:m], y[:m]) + l2_cost(moved.weights, 10, m)


slope = (cost(1e-4) - cost(-1e-4)) / 2e-4
print(
    f"slope of the cost, measured {slope:.5f}; "
    f"by your gradient {by_formula:.5f}"
)
claim(
    "your gradient is the slope of the cost", abs(slope - by_formula) < 1e-6
)

# %% [markdown]
# ## Weight decay
#
# Put this gradient into a step of gradient descent and sort the terms:
#
# $$W \leftarrow W - \alpha \Big(dW + \frac{\lambda}{m} W\Big)
# = \text{(a factor)} \cdot W - \alpha \, dW$$
#
# In each step, all the weights first shrink by the same factor, a little below 1. Hence the name **weight decay**.
#
# **Your task.** Return the weights after one step. Work out the factor first. `lr` is the learning rate $\alpha$.

# %% tags=["exercise"]
weight_decay_step

# %% [markdown]
# Take away the loss (`dW` is 0) and watch the penalty alone at work:

# %%
lengths, factors = {}, {}
for lam in (1, 10, 40):
    W, path = network.weights[0].copy(), []
    for _ in range(100):
        path.append(np.linalg.norm(W))
        W = weight_decay_step(W, 0 * W, 0.3, lam, m)
    lengths[f"lambda = {lam}"], factors[lam] = path, path[1] / path[0]
    print(
        f"lambda {lam:>2}: factor {factors[lam]:.4f} a step, "
        f"after 99 steps {path[-1] / path[0]:.3f}"
    )
plots.decay(lengths)

# %%
claim(
    "without a loss, each step multiplies the weights by 1 - lr lambda / m",
    all(
        abs(factor - (1 - 0.3 * lam / m)) < 1e-9
        for lam, factor in factors.items()
    ),
)

# %% [markdown]
# ## How large a lambda?
#
# Now a real task, and a hard one: 300 digits, of which three in ten carry a random label. The dev labels are right. The network
# has 64 tanh units, trained with *your* step on mini-batches. Only lambda changes. Five runs each, with other examples and
# other initial weights.


# %%
def task(seed):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(y))
    train, dev = order[:m], order[1200:]
    noisy = np.where(rng.random(m) < 0.3, rng.integers(0, 10, m), y[train])
    return X[train], noisy, X[dev], y[dev]


def trained(lam, seed, lr=0.5, epochs=120):
    network = dense_network([64, 64, 10], activation="tanh", rng=seed)
    dense = [layer for layer in network.layers if hasattr(layer, "W")]
    X_train, noisy, _, _ = task(seed)
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        for batch in iterate(X_train, noisy, 50, rng):
            network.loss_and_grad(*batch)
            for layer in dense:
                layer.W[...] = weight_decay_step(
                    layer.W, layer.dW, lr, lam, m
                )
                layer.b[...] = layer.b - lr * layer.db  # no penalty on biases
    return network


# %%
lams = [0, 1, 3, 6, 10, 20, 40]
networks = [[trained(lam, seed) for lam in lams] for seed in range(5)]
errors = np.zeros((5, len(lams), 2))
norms = np.zeros((5, len(lams)))
for seed, row in enumerate(networks):
    X_train, noisy, X_dev, y_dev = task(seed)
    for i, network in enumerate(row):
        right = (
            network.accuracy(X_train, noisy),
            network.accuracy(X_dev, y_dev),
        )
        errors[seed, i] = 1 - np.array(right)
        norms[seed, i] = np.sqrt(sum(np.sum(W**2) for W in network.weights))
plots.sweep(lams, errors, norms)
means = zip(lams, errors.mean(axis=0), norms.mean(axis=0), strict=True)
for lam, (train, dev), norm in means:
    print(
        f"lambda {lam:>2}: train {train:4.0%}, dev {dev:4.0%}, "
        f"weights {norm:4.1f} long"
    )

# %% [markdown]
# Without a penalty the network learns most of the wrong labels by heart, and pays for it on dev. Then lambda closes the gap.
# (At its best, dev error is *below* train error: the network no longer believes the wrong labels, and dev has none.) Too much
# lambda, and the weights are too small for the task itself. The dev set decides which lambda is right.

# %%
train, dev = errors.mean(axis=0).T
best = int(dev.argmin())
claim(
    "the weights get shorter with every step of lambda, in each of 5 runs",
    (np.diff(norms) < 0).all(),
)
claim(
    "the gap shrinks: dev minus train falls with every step up to the best "
    "lambda (means of 5 runs)",
    (np.diff((dev - train)[: best + 1]) < 0).all(),
)
claim(
    "the best lambda takes away over 8 points of the dev error "
    "in each of 5 runs",
    (errors[:, 0, 1] - errors[:, best, 1] > 0.08).all(),
)
claim(
    "that is over a third of it (means of 5 runs)", dev[best] < 2 / 3 * dev[0]
)
claim(
    "then bias grows: at lambda = 40 train and dev are both over 50 % wrong "
    "(means of 5 runs)",
    train[-1] > 0.5 and dev[-1] > 0.5,
)

# %% [markdown]
# ## Why small weights are simple
#
# A unit computes $\tanh(z)$ with $z = xW + b$. Small weights make a small $z$, and near 0, tanh is nearly a straight
# line. Layers of straight lines, one after the other, are one straight line: the network comes close to a linear model, which cannot
# bend around single examples. Is that what happened?


# %%
def hidden_z(seed, i):
    """The weighted sums of the hidden units on the dev set,
    with the i-th lambda."""
    network, (_, _, X_dev, _) = networks[seed][i], task(seed)
    return X_dev @ network.weights[0] + network.biases[0]


z = {
    f"lambda = {lams[i]}": [hidden_z(s, i) for s in range(5)]
    for i in (0, best)
}
plots.linear_range({name: runs[0] for name, runs in z.items()})
share = {
    name: np.mean(np.abs(runs) < 1, axis=(1, 2)) for name, runs in z.items()
}
for name, runs in share.items():
    print(
        f"{name:<12} {runs.mean():.0%} of all z lie between -1 and 1 "
        "(mean of 5 runs)"
    )

# %%
claim(
    "with small weights over 95 % of z lie in (-1, 1), from under 80 %, "
    "in each of 5 runs",
    share["lambda = 0"].max() < 0.80
    and share[f"lambda = {lams[best]}"].min() > 0.95,
)

# %% [markdown]
# ## Why the biases are left out
#
# A bias is one number a unit, it bends nothing, and often it holds a plain fact: how frequent a class is. Here are
# tumours, most of them benign ($y = 1$). A single logistic unit learns them twice under a growing
# lambda: once as usual, and once with the penalty on $b$ as well.


# %%
X_t, y_t = breast_cancer()
X_t = (X_t - X_t.mean(axis=0)) / X_t.std(axis=0)


def mean_prediction(lam, penalize_bias):
    unit = dense_network([30, 1], loss="sigmoid", rng=0)
    layer, m_t = unit.layers[0], len(y_t)
    for _ in range(500):
        unit.loss_and_grad(X_t, y_t)
        layer.W[...] = weight_decay_step(layer.W, layer.dW, 0.05, lam, m_t)
        layer.b[...] = weight_decay_step(
            layer.b, layer.db, 0.05, lam * penalize_bias, m_t
        )
    return unit.predict_proba(X_t).mean()


lams_b = [0, 10, 100, 1000, 10_000]
predicted = {
    "biases left out": [mean_prediction(lam, 0) for lam in lams_b],
    "biases penalized": [mean_prediction(lam, 1) for lam in lams_b],
}
plots.bias_terms(lams_b, predicted, y_t.mean())
print(
    f"share of benign tumours {y_t.mean():.0%}; "
    "mean prediction at each lambda:"
)
for name, means in predicted.items():
    told = [f"{lam}: {p:.0%}" for lam, p in zip(lams_b, means, strict=True)]
    print(f"{name:<17} {', '.join(told)}")

# %%
claim(
    "with free biases the mean prediction keeps the share of benign "
    "tumours, to 2 points",
    np.allclose(predicted["biases left out"], y_t.mean(), atol=0.02),
)
claim(
    "with penalized biases a large lambda draws it to one half",
    abs(predicted["biases penalized"][-1] - 0.5) < 0.02,
)

# %% [markdown]
# ## L1: absolute values
#
# Another price: not the square of a weight but its size. It is the **L1 penalty**:
#
# $$\frac{\lambda}{m} \sum_{l} \sum_{j,k} \big|w^{[l]}_{jk}\big|$$
#
# **Your task.** Return it, for a list of weight matrices.

# %% tags=["exercise"]
l1_cost

# %% [markdown]
# The slope of $|w|$ is 1 right of 0 and −1 left of it. At 0 there is a kink, and every slope between the two serves; one
# takes 0, so that a weight which has reached 0 is left in peace. Such a stand-in for the derivative is called a *subgradient*.
#
# **Your task.** Return the subgradient of the L1 penalty alone.

# %% tags=["exercise"]
l1_subgradient

# %%
plots.pulls(
    lambda w: l1_subgradient(w, 10, 10),
    lambda w: l2_gradient(0 * w, w, 10, 10),
)
for w in (1.0, 0.01):
    l1 = l1_subgradient(np.array([w]), 10, 10)[0]
    l2 = l2_gradient(np.zeros(1), np.array([w]), 10, 10)[0]
    print(f"pull at w = {w}: L1 {l1:.2f}, L2 {l2:.2f}")

# %% [markdown]
# That is the whole difference. L2 pulls in proportion, so a weight gets smaller and smaller and never
# arrives. L1 pulls with the same force all the way, so a weight that the loss does not defend arrives at 0.
#
# Arrives, but does not stay: a plain gradient step of fixed size jumps over 0 and back. The cure is to take the loss's step first, and then to
# move each weight towards 0 by a fixed amount $t$, *stopping* at 0:
#
# $$S_t(w) = \operatorname{sign}(w)\, \max(|w| - t,\; 0), \qquad t = \alpha \lambda / m$$
#
# **Your task.** Return the soft threshold of all weights.

# %% tags=["exercise"]
soft_threshold

# %% [markdown]
# Three ways to learn 1000 digits with one layer of ten softmax units: L2 by weight decay, L1 by its
# subgradient, L1 by your soft threshold. How many of the 640 weights are exactly 0?

# %%
order = np.random.default_rng(0).permutation(len(y))
train, dev = order[:1000], order[1200:]


def one_layer(update, lr=0.5, steps=400):
    network = dense_network([64, 10], rng=0, init=0.1)
    layer = network.layers[0]
    for _ in range(steps):
        network.loss_and_grad(X[train], y[train])
        layer.W[...] = update(layer.W, layer.dW, lr)
        layer.b[...] = layer.b - lr * layer.db
    return layer.W.copy(), network.accuracy(X[dev], y[dev])


ways = {
    "L2, decay": lambda W, dW, lr: weight_decay_step(W, dW, lr, 3, 1000),
    "L1, subgradient": lambda W, dW, lr: (
        W - lr * (dW + l1_subgradient(W, 3, 1000))
    ),
    "L1, soft threshold": lambda W, dW, lr: soft_threshold(
        W - lr * dW, lr * 3 / 1000
    ),
}
found = {name: one_layer(update) for name, update in ways.items()}
plots.weight_pictures(
    {name: W for name, (W, _) in found.items()}, units=[0, 1, 3, 4, 7, 8]
)
for name, (W, accuracy) in found.items():
    print(
        f"{name:<19} exactly 0: {np.mean(W == 0):3.0%}, "
        f"dev accuracy {accuracy:.0%}"
    )

# %% [markdown]
# Grey pixels are exact zeros. With L1 and your soft threshold, a unit looks at some pixels and at no others: it has
# *selected features*. Such a model is smaller to store and easier to read. The price here, in dev accuracy, is next to nothing.

# %%
zeros = {name: np.mean(W == 0) for name, (W, _) in found.items()}
claim(
    "L1 with the soft threshold makes over 40 % of the weights exactly "
    "0; L2 makes none",
    zeros["L1, soft threshold"] > 0.4 and zeros["L2, decay"] == 0,
)
claim(
    "the subgradient alone makes none either", zeros["L1, subgradient"] == 0
)

# %% [markdown]
# ## Both: the elastic net
#
# Where two inputs say the same, L1 does not care which of them carries the weight, and tends to drop one of them; L2 would rather
# share the weight between both. The **elastic net** mixes the two: `l1_ratio` of the one, the rest of the other.
#
# **Your task.** Return its cost. Use the two functions that you have.

# %% tags=["exercise"]
elastic_net_cost

# %%
by_ratio = {"L2": 0.0, "elastic net, half and half": 0.5, "L1": 1.0}
plots.equal_costs(by_ratio, elastic_net_cost)
for name, q in by_ratio.items():
    one, two = (
        elastic_net_cost([np.array([pair])], 1, q, 1)
        for pair in ([1.0, 0.0], [0.5, 0.5])
    )
    print(f"{name:<27} all in one weight {one:.3f}, shared by two {two:.3f}")

# %% [markdown]
# Each line joins weights of equal cost. The loss has its minimum somewhere outside, and training goes as near to it as the cost
# allows. The corners of L1 stick out, and lie on the axes, where one weight is 0: there it tends to end. L2 is round and has no
# favourites. The net has corners, blunter ones, and it still prefers sharing.
#
# **Explore.** The moons again, with one label in ten flipped. Raise lambda step by step. Watch the islands around flipped points,
# then the shape of the boundary. On the right, where do the weights go? Then the same with L1.

# %%
penalty_and_boundary()

# %% [markdown]
# ## A cap instead of a price
#
# A penalty touches all weights, needed or not. **Max-norm** sets a limit instead: the weights that come into a unit, a column $w_j$
# of $W$, may have the length $r$ and no more.
#
# $$w_j \leftarrow w_j \, \min\left(1, \frac{r}{\lVert w_j \rVert}\right)$$
#
# It is applied after each step. Units with shorter weights notice nothing.
#
# **Your task.** Return `W` with the columns capped. Mind columns of zeros.

# %% tags=["exercise"]
max_norm


# %%
def capped(seed, r, lr=0.5, epochs=120):
    network = dense_network([64, 64, 10], activation="tanh", rng=seed)
    X_train, noisy, X_dev, y_dev = task(seed)
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        for batch in iterate(X_train, noisy, 50, rng):
            network.loss_and_grad(*batch)
            network.theta -= lr * network.grad
            for W in network.weights:
                W[...] = max_norm(W, r)
    return np.linalg.norm(network.weights[0], axis=0), 1 - network.accuracy(
        X_dev, y_dev
    )


runs = {
    f"max-norm, r = {r}": [capped(seed, r) for seed in range(5)]
    for r in (2.0, 1.0)
}
free = np.linalg.norm(networks[0][0].weights[0], axis=0)
plots.unit_lengths(
    {"no cap": free} | {name: run[0][0] for name, run in runs.items()}
)
print(
    f"{'no cap':<17} longest {free.max():.2f}, "
    f"dev error {errors[:, 0, 1].mean():.0%}"
)
for name, run in runs.items():
    longest = max(lengths.max() for lengths, _ in run)
    print(
        f"{name:<17} longest {longest:.2f}, "
        f"dev error {np.mean([e for _, e in run]):.0%}"
    )

# %%
by_cap = np.array([[error for _, error in run] for run in runs.values()])
claim(
    "no unit is longer than the cap, in any run",
    all(
        max(n.max() for n, _ in run) < r + 1e-9
        for r, run in zip((2.0, 1.0), runs.values(), strict=True)
    ),
)
claim(
    "with r = 1, dev error is over 8 points lower than without a cap, "
    "in each of 5 runs",
    (errors[:, 0, 1] - by_cap[1] > 0.08).all(),
)

# %% [markdown]
# ## The same in Keras
#
# Keras' `regularizers.L2(c)` adds $c \sum w^2$ to the loss: no $m$, and no 2. So ours is `L2(lam / (2 * m))`. It is given to
# each layer, as `kernel_regularizer`; kernels are the weights, and biases stay free unless you ask for `bias_regularizer`. Here Keras
# takes a hundred steps of gradient descent, with our factor and with one that forgets the 2:

# %%
import keras

lam, (X_train, noisy, _, _) = 10, task(0)
ours = dense_network([64, 64, 10], activation="tanh", rng=0)
initial = list(ours.get_params().values())


def keras_weights(factor):
    penalty = keras.regularizers.L2(factor)
    layers = [
        keras.layers.Dense(64, activation="tanh", kernel_regularizer=penalty),
        keras.layers.Dense(
            10, activation="softmax", kernel_regularizer=penalty
        ),
    ]
    model = keras.Sequential([keras.layers.Input((64,)), *layers])
    model.compile(
        keras.optimizers.SGD(0.3), "sparse_categorical_crossentropy"
    )
    model.set_weights(initial)
    for _ in range(100):
        model.train_on_batch(X_train, noisy)
    return model.get_weights()[::2]


theirs, unmapped = keras_weights(lam / (2 * m)), keras_weights(lam / m)

# %% [markdown]
# And ours, with your step, from the same initial weights:


# %%
def length(weights):
    return np.sqrt(sum(np.sum(W**2) for W in weights))


for _ in range(100):
    ours.loss_and_grad(X_train, noisy)
    for layer in (ours.layers[0], ours.layers[-1]):
        layer.W[...] = weight_decay_step(layer.W, layer.dW, 0.3, lam, m)
        layer.b[...] = layer.b - 0.3 * layer.db
apart = max(
    np.abs(W - V).max() for W, V in zip(ours.weights, theirs, strict=True)
)
print(f"length of all weights, ours:        {length(ours.weights):.3f}")
print(f"Keras with L2(lam / (2 m)):         {length(theirs):.3f}")
print(f"Keras with L2(lam / m), twice that: {length(unmapped):.3f}")
claim("after 100 steps all weights agree to 1e-4", apart < 1e-4)
claim(
    "with the factor that is 2 off, they are over 10 % shorter",
    length(unmapped) < 0.9 * length(ours.weights),
)

# %% [markdown]
# One more difference to know. The loss that Keras prints while it trains contains the penalty. And `weight_decay=` of an optimiser is
# another thing again: it multiplies the weights by $1 - \alpha \cdot$ `weight_decay` beside the optimiser's own step. For plain gradient
# descent the two are the same, with `weight_decay` $= \lambda / m$. For Adam they are not, because Adam divides the gradient, penalty
# included, by its usual size (Loshchilov and Hutter, below). It also takes in the biases, unless you exclude them.
#
# ## Quiz

# %% tags=["quiz"]
what_lambda_does

# %% tags=["quiz"]
why_small_weights_help

# %% tags=["quiz"]
which_gives_zeros

# %% tags=["quiz"]
translate_to_keras

# %% tags=["quiz"]
what_about_biases

# %% [markdown]
# ## Papers to read
#
# - A. Krogh and J. A. Hertz (1992), *A simple weight decay can improve generalization*, NIPS. Why decay helps: it removes
#   what the data do not ask for, and it damps the noise of the labels.
# - R. Tibshirani (1996), *Regression shrinkage and selection via the lasso*, Journal of the Royal Statistical Society B 58. L1 and its
#   corners.
# - H. Zou and T. Hastie (2005), *Regularization and variable selection via the elastic net*, Journal of the Royal Statistical
#   Society B 67. What L1 does with inputs that say the same, and the mixture that mends it.
# - G. E. Hinton and others (2012), *Improving neural networks by preventing co-adaptation of feature detectors*, arXiv:1207.0580.
#   Max-norm in use, together with dropout.
# - I. Loshchilov and F. Hutter (2019), *Decoupled weight decay regularization*, ICLR. Why L2 and weight decay part ways under Adam.

# %% [markdown]
# ## What you can do now
#
# You hold a large network back by a price on its weights. A moderate lambda took away over a third of the dev error where labels
# were wrong, and kept the units where tanh is nearly straight; too much of it left next to nothing of what was learned. You get exact
# zeros from L1 with a soft threshold, and a cap from max-norm, and you know which factor to hand to Keras.
#
# Next: [lesson 04](04_dropout.ipynb) holds a network back in another way: it switches units off at random.
