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
# smaller? You let large weights cost something. How much should they cost, what does it do to the network, and why does it help?
#
# **Takes** about 90 minutes · **Before this** lessons 01, 02
#
# **You will**
# - derive what a penalty does to the gradient and to a step, and see why it is called weight decay,
# - find out which explanation of its success holds: a linear network, short weights, or flat directions,
# - repair a script whose penalty reaches too much and depends on the batch,
# - get exact zeros with L1, and cap the weights of a unit.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, quiz, solution
from nnutils.batches import iterate
from nnutils.data import circles, digits
from nnutils.lessons.l2_regularization import plots
from nnutils.lessons.l2_regularization.explorer import penalty_and_boundary
from nnutils.network import Network, dense_network

# %% [markdown]
# ## A price on weights
#
# To fit a wrong label, the network has to bend its decision sharply around one example, and sharp bends take large weights. So
# a price on weights is added to the mean loss. With $m$ examples in the training set, the **L2 penalty** takes the squares of
# all weights, of all layers:
#
# $$J = \frac{1}{m} \sum_{i=1}^{m} \mathcal{L}(\hat y_i, y_i) + \frac{\lambda}{2m} \sum_{w} w^2$$
#
# The larger $\lambda$ (lambda), the higher the price. The sum of the squares of a matrix is the square of its **Frobenius norm**, so
# the penalty is also written $\frac{\lambda}{2m} \sum_l \lVert W^{[l]} \rVert_F^2$. The biases $b$ are left out; more on that later.
#
# The **L1 penalty** takes absolute values, $\frac{\lambda}{m} \sum_w |w|$. The **elastic net** mixes both with a share $r$ of L1:
#
# $$\frac{\lambda}{m} \sum_{w} \Big( r \, |w| + \frac{1 - r}{2} \, w^2 \Big)$$
#
# **Your task.** Return this penalty for a list of weight matrices. `l1_ratio` is $r$.

# %% tags=["exercise"]
penalty

# %% [markdown]
# `Network(l2=...)` adds the same L2 penalty to its cost. Is it yours?

# %%
X, y = digits()
m = 300
network = dense_network([64, 64, 10], "tanh", rng=0, l2=6)
loss, cost = network.evaluate(X[:m], y[:m])[0], network.loss(X[:m], y[:m])
own = penalty(network.weights, 6, m)
print(f"cost {cost:.3f} = loss {loss:.3f} + penalty {own:.3f}")
claim(
    "the penalty in the network's cost is yours (difference)",
    abs(cost - loss - own),
    below=1e-9,
)

# %% [markdown]
# ## In the gradient
#
# Training follows the gradient, so what matters is how fast the penalty grows when one weight grows. Derive it on paper.
#
# **Your task.** Return the gradient of the mean loss plus the L2 penalty. `dW` is the gradient of the loss, from backpropagation.

# %% tags=["exercise"]
l2_gradient

# %% [markdown]
# ## Weight decay
#
# Put this gradient into a step of gradient descent and sort the terms by $W$ and $dW$.
#
# **Your task.** Return the weights after one step. `lr` is the learning rate $\alpha$.

# %% tags=["exercise"]
weight_decay_step

# %% [markdown]
# Take away the loss (`dW` is 0), and see the penalty alone at work:

# %%
start = network.weights[0]
for lam in (1, 6, 24):
    W = start
    for _ in range(600):
        W = weight_decay_step(W, 0 * W, 0.3, lam, m)
    left = W / start
    print(f"lambda {lam:>2}: after 600 steps {left.mean():.3g} of W is left")
claim(
    "every weight keeps the same share (largest minus smallest)",
    np.ptp(left),
    below=1e-9,
)

# %% [markdown]
# In each step all weights shrink by the same factor, a little below 1. Hence the name **weight decay**.
#
# ## What does it bring?
#
# Two tasks with few examples and wrong labels. The dev labels are right.
# - *Digits*: 300 of them, and three in ten carry a random label.
# - *Rings*: 100 points of two circles, one inside the other, and one label in five is flipped. No straight line parts the two
#   circles, so here a hidden layer is *needed*.


# %%
def digits_task(seed):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(y))
    train, dev = order[:m], order[1200:]
    noisy = np.where(rng.random(m) < 0.3, rng.integers(0, 10, m), y[train])
    return X[train], noisy, X[dev], y[dev]


def rings_task(seed):
    points, ring = circles(100 + 2000, 0.15, rng=seed)
    flip = np.random.default_rng(seed + 100).permutation(100) < 20
    noisy = np.where(flip, 1 - ring[:100], ring[:100])
    return points[:100], noisy, points[100:], ring[100:]


# %% [markdown]
# Three models learn each task: one without a hidden layer, and networks of tanh and of ReLU units. They take *your* step on
# mini-batches: `step(W, dW, lr)` gives the new weights of a layer. Biases take a plain step.


# %%
def trained(data, sizes, activation, step, seed, batch=50, bias_step=None):
    loss = "sigmoid" if sizes[-1] == 1 else "softmax"
    lr, epochs = (0.3, 600) if sizes[-1] == 1 else (0.3, 100)
    network = dense_network(sizes, activation, loss=loss, rng=seed)
    dense = [layer for layer in network.layers if hasattr(layer, "W")]
    rng = np.random.default_rng(seed)
    for _ in range(epochs * batch // 50):  # the same number of steps
        for examples in iterate(*data[:2], batch, rng):
            network.loss_and_grad(*examples)
            for layer in dense:
                layer.W[...] = step(layer.W, layer.dW, lr)
                free = bias_step or (lambda b, db, lr: b - lr * db)
                layer.b[...] = free(layer.b, layer.db, lr)
    return network


def decay(lam, m):
    return lambda W, dW, lr: weight_decay_step(W, dW, lr, lam, m)


# %% [markdown]
# On the rings a model without a hidden layer can only guess. And on the digits?

# %% tags=["predict"]
best_on_digits

# %% [markdown]
# Eight runs of each, which differ in examples, wrong labels, initial weights and order. Runs 0 to 2 choose each model's lambda,
# runs 3 to 7 report its error. (Lines: the mean of all eight; bands: lowest to highest.) The lower row of the figure belongs to the next section.

# %%
tasks = {"digits": digits_task, "rings": rings_task}
lams = {"digits": [0, 1, 3, 6, 12, 24], "rings": [0, 0.1, 0.3, 1, 3]}
shapes = {
    "digits": {"no hidden layer": [64, 10], "hidden": [64, 64, 10]},
    "rings": {"no hidden layer": [2, 1], "hidden": [2, 32, 32, 1]},
}
models = {"no hidden layer": "tanh", "tanh": "tanh", "ReLU": "relu"}
SEEDS, CHOOSE, REPORT = range(8), slice(0, 3), slice(3, 8)


def decide(Z):
    return Z.argmax(1) if Z.shape[1] > 1 else Z[:, 0] > 0


def bend(network, X):
    """The share of predictions that change when the best linear function
    of the inputs replaces the network's output (the logits)."""
    Z, inputs = network.logits(X).copy(), np.c_[X, np.ones(len(X))]
    line = inputs @ np.linalg.lstsq(inputs, Z, rcond=None)[0]
    return np.mean(decide(line) != decide(Z))


networks, errors, bends = {}, {}, {}
for task, make in tasks.items():
    data = [make(seed) for seed in SEEDS]
    for model, activation in models.items():
        sizes = shapes[task].get(model, shapes[task]["hidden"])
        rows = [
            [
                trained(d, sizes, activation, decay(lam, len(d[1])), seed)
                for lam in lams[task]
            ]
            for seed, d in enumerate(data)
        ]
        networks[task, model] = rows
        errors.setdefault(task, {})[model] = np.array(
            [
                [1 - n.accuracy(*d[2:]) for n in row]
                for d, row in zip(data, rows, strict=True)
            ]
        )
        bends.setdefault(task, {})[model] = np.array(
            [
                [bend(n, d[2]) for n in row]
                for d, row in zip(data, rows, strict=True)
            ]
        )
plots.sweep(lams, errors, bends)

# %%
best = {
    (task, model): int(runs[CHOOSE].mean(axis=0).argmin())
    for task, found in errors.items()
    for model, runs in found.items()
}
free, tuned = {}, {}
for (task, model), i in best.items():
    runs = errors[task][model][REPORT]
    free[task, model] = runs[:, 0].mean()
    tuned[task, model] = runs[:, i].mean()
    print(
        f"{task:<6} {model:<15}: dev error {free[task, model]:3.0%} without, "
        f"{tuned[task, model]:3.0%} with lambda = {lams[task][i]:g}"
    )
letters = {"tanh": "a", "ReLU": "b", "no hidden layer": "c"}
lowest = min(models, key=lambda model: tuned["digits", model])
guess = measured("best_on_digits", letters[lowest])

# %%
gain = {key: free[key] - tuned[key] for key in free}
claim(
    "digits, tanh: lambda takes over 6 points off the dev error (mean)",
    gain["digits", "tanh"],
    above=0.06,
    form=".1%",
)
claim(
    "ReLU gains about as much: its gain over that of tanh",
    gain["digits", "ReLU"] / gain["digits", "tanh"],
    between=(0.67, 1.5),
    form=".2f",
)
claim(
    "digits: no hidden layer at all is ahead of the better network, or "
    "less than 1 point behind (its error minus the network's)",
    tuned["digits", "no hidden layer"]
    - min(tuned["digits", "tanh"], tuned["digits", "ReLU"]),
    below=0.01,
    form=".1%",
)
claim(
    "rings: without a hidden layer no lambda gets below 40 % error",
    errors["rings"]["no hidden layer"].mean(axis=0).min(),
    above=0.4,
    form=".0%",
)
claim(
    "rings: lambda takes over 2 points off (mean of tanh and ReLU)",
    (gain["rings", "tanh"] + gain["rings", "ReLU"]) / 2,
    above=0.02,
    form=".1%",
)

# %% [markdown]
# On the digits, a penalty does a lot for a large network, and a model without a hidden layer does still better. So put the
# smaller model into every comparison. On the rings the large network with its penalty wins.
#
# Too much lambda is as bad as none: then the weights are too small for the task itself. The dev set decides.
#
# ## Why does it help?
#
# **First explanation: the network becomes linear.** A tanh unit is nearly a straight line around 0. Small weights keep it there,
# and lines after lines are a line. So a tanh network with small weights is nearly a linear model (Ng). Is that what happened?
# The lower row replaces each network's output by the best linear function of its inputs, and counts the predictions that change.
# Ng names a second picture, too: many units are nearly switched off, so the network is smaller.

# %%
at_best = {
    (task, model): bends[task][model][REPORT, i].mean()
    for (task, model), i in best.items()
}
for (task, model), share in at_best.items():
    before = bends[task][model][REPORT, 0].mean()
    print(f"{task:<6} {model:<15}: {before:4.0%}, at its best {share:4.0%}")
off = {}
for model in ("tanh", "ReLU"):  # units with nearly no incoming weights
    at_six = [row[3].weights[0] for row in networks["digits", model]]
    size = [np.linalg.norm(W, axis=0) for W in at_six]
    off[model] = np.mean([unit < 0.05 * unit.max() for unit in size])
print(f"switched off at lambda = 6: tanh {off['tanh']:.0%}", end=" ")
print(f"of the units, ReLU {off['ReLU']:.0%}")
claim(
    "digits: at its best lambda the tanh network is nearly linear "
    "(predictions that change)",
    at_best["digits", "tanh"],
    below=0.03,
    form=".1%",
)
claim(
    "the ReLU network comes near it, too, without a straight place at 0",
    at_best["digits", "ReLU"],
    below=0.07,
    form=".1%",
)
claim(
    "rings: both are far from linear at their best lambda (the smaller)",
    min(at_best["rings", "tanh"], at_best["rings", "ReLU"]),
    above=0.25,
    form=".0%",
)
claim(
    "digits: the tanh network gains with hardly a unit switched off "
    "(share of its units at lambda = 6)",
    off["tanh"],
    below=0.05,
    form=".0%",
)

# %% [markdown]
# The explanation holds where a linear model is good, and even there it needs no tanh: a ReLU has its kink *at* 0 and gains as much. On the
# rings the penalty helps networks that stay far from linear. So a linear network is not the reason, but sometimes a consequence. Nor is
# a smaller one: only some ReLU units are switched off, and no tanh unit, with the same gain.
#
# **Second explanation: short weights as such.** Take the ReLU networks that had no penalty, and shorten all their weights to the
# length which the best lambda gives, by one factor $c$. (Biases of layer $l$ get $c^l$, so that the units switch at the same places.)


# %%
def length(network):
    return np.sqrt(sum(np.sum(W**2) for W in network.weights))


changed, shrunk = [], []
for seed, row in enumerate(networks["digits", "ReLU"]):
    short, X_dev = row[0].copy(), digits_task(seed)[2]
    shrunk.append(length(row[best["digits", "ReLU"]]) / length(row[0]))
    for W in short.weights:
        W *= shrunk[-1]
    for depth, b in enumerate(short.biases, start=1):
        b *= shrunk[-1] ** depth
    changed.append(np.sum(short.predict(X_dev) != row[0].predict(X_dev)))
print(f"weights shortened to {np.mean(shrunk):.0%} of their length")
claim("not one prediction of the 8 networks changes", sum(changed), equal=0)

# %% [markdown]
# So the length is not the reason either. (The network is less *sure* now, but decides the same.) It must matter *which* weights
# shrink.
#
# **Third explanation: flat directions.** Near a minimum the loss is a bowl. Along some directions it is steep: there the data say
# clearly what the weights should be. Along others it is flat: there the data say little, and a few wrong labels move the minimum far.

# %% tags=["predict"]
share_left

# %% [markdown]
# A bowl that we know exactly is that of linear regression. With centred inputs its directions $v_i$ and curvatures $h_i$ are the
# eigenvectors and eigenvalues of $H = X^\top X / m$ (in the left panel below $\lambda$ is 10). So we can also switch the penalty on in the flat half of the directions only, or in the
# steep half only. (The outputs are ten columns of 0 and 1; the largest output is the prediction.)


# %%
def regression(data, labels, lam, part=lambda V: V):
    """Weights at the minimum, directions v_i as columns, curvatures h_i.
    part(V): the directions that the penalty acts on."""
    centred = data[0] - data[0].mean(axis=0)
    targets = np.eye(10)[labels]
    H = centred.T @ centred / m
    G = centred.T @ (targets - targets.mean(axis=0)) / m
    h, V = np.linalg.eigh(H)
    h, V = h[h > 1e-6], V[:, h > 1e-6]  # some pixels are always 0
    on = part(V)
    return np.linalg.pinv(H + lam / m * on @ on.T) @ G, V, h


def regression_error(data, lam, part):
    W, _, _ = regression(data, data[1], lam, part)
    outputs = (data[2] - data[0].mean(axis=0)) @ W
    outputs += np.eye(10)[data[1]].mean(axis=0)
    return np.mean(outputs.argmax(axis=1) != data[3])


def along(W, V):
    """The length of W along each direction, over the ten outputs."""
    return np.linalg.norm(V.T @ W, axis=1)


data = [digits_task(seed) for seed in SEEDS]
W, V, h = regression(data[0], data[0][1], 0)
share = along(regression(data[0], data[0][1], 10)[0], V) / along(W, V)
lam_h = m * h[30]  # so that direction 30 has the curvature lambda / m
half = along(regression(data[0], data[0][1], lam_h)[0], V) / along(W, V)
guess = measured("share_left", 100 * half[30])

parts = {
    "penalty in all directions": lambda V: V,
    "in the flat half": lambda V: V[:, : V.shape[1] // 2],
    "in the steep half": lambda V: V[:, V.shape[1] // 2 :],
}
ridge_lams = [0, 0.1, 1, 3, 10, 30, 100]
by_part = {
    name: np.array(
        [[regression_error(d, lam, part) for lam in ridge_lams] for d in data]
    )
    for name, part in parts.items()
}
plots.directions(h, share, 10 / m, ridge_lams, by_part, guess)

# %% [markdown]
# The derivative of $\frac{h}{2}(w - w^*)^2 + \frac{\lambda}{2m} w^2$ is 0 where
#
# $$w = \frac{h}{h + \lambda / m} \, w^*$$
#
# A direction that is steep compared with $\lambda/m$ keeps nearly all of its weight, a flat one loses nearly all. And what do the wrong labels do?
# Here we know them, so we can compare the minimum with wrong labels to the one with right labels.

# %%
moved = []
for seed, d in enumerate(data):
    right_labels = y[np.random.default_rng(seed).permutation(len(y))[:m]]
    noisy_W, V, _ = regression(d, d[1], 0)
    apart = along(noisy_W - regression(d, right_labels, 0)[0], V)
    flat, steep = np.split(apart, [len(apart) // 2])
    moved.append(np.linalg.norm(flat) / np.linalg.norm(steep))
means = {name: runs.mean(axis=0) for name, runs in by_part.items()}
at = int(by_part["penalty in all directions"][CHOOSE].mean(axis=0).argmin())
off = {
    name: (runs[REPORT, 0] - runs[REPORT, at]).mean()
    for name, runs in by_part.items()
}
for name, points in off.items():
    print(f"{name:<26} takes {points:5.1%} off at {ridge_lams[at]:g}")
claim(
    "wrong labels move the minimum over 5 times as far in the flat half "
    "as in the steep half (mean ratio)",
    np.mean(moved),
    above=5,
)
claim(
    "the flat half alone brings over half of the gain (share of it)",
    off["in the flat half"] / off["penalty in all directions"],
    above=0.5,
    form=".0%",
)
claim(
    "the steep half alone brings nothing of it (share of the gain)",
    off["in the steep half"] / off["penalty in all directions"],
    below=0.2,
    form=".0%",
)

# %% [markdown]
# This reason survives its control: the penalty takes away what the data hardly determine, and wrong labels act mostly there.
# For a network the bowl is an approximation near a minimum (Goodfellow et al. 2016).
# In the words of statistics, the penalty is a prior belief that weights are normally distributed around 0.
#
# ## Whose m? Which parameters?
#
# $m$ is the size of the *training set*, also in a step on a mini-batch: the penalty is a part of one cost, and batches only estimate its
# loss. A common mistake is to divide by the size of the batch.

# %% tags=["predict"]
shortest_weights

# %%
sizes = [10, 50, 300]
lengths = {
    name: np.array(
        [
            [
                length(
                    trained(d, [64, 64, 10], "relu", decay(1, n), seed, size)
                )
                for size, n in zip(sizes, ms, strict=True)
            ]
            for seed, d in enumerate(data[:5])
        ]
    )
    for name, ms in {"by the batch": sizes, "by all 300": [m] * 3}.items()
}
names = ["batches of 10", "batches of 50", "all 300 at once"]
by_batch, by_all = (runs.mean(axis=0) for runs in lengths.values())
guess = measured("shortest_weights", [names[i] for i in by_batch.argsort()])
plots.batch_sizes(sizes, lengths)

# %%
claim(
    "divided by the batch, 300 at once have over 2.5 times the length of "
    "batches of 10",
    by_batch[2] / by_batch[0],
    above=2.5,
)
claim(
    "divided by the training set, they are nearly the same "
    "(longest over shortest)",
    by_all.max() / by_all.min(),
    below=1.2,
)

# %% [markdown]
# The other common mistake is a penalty that reaches every parameter. Biases (and in lesson 15 the gains and shifts of a normalization)
# are no weights, and a bias often holds a plain fact, such as how frequent a class is.
#
# **Your task.** This script runs, and its networks learn, but it makes both mistakes. Repair it. It calls your `weight_decay_step`.

# %% tags=["exercise"]
penalized_epoch

# %% [markdown]
# How much do biases matter? Ng says that leaving them out changes little. First the tanh network on the digits at its best lambda; then a
# single unit that answers "is it an 8?", under a lambda a hundred times larger.

# %%
i = best["digits", "tanh"]
lam = lams["digits"][i]
reached = [
    trained(
        d, [64, 64, 10], "tanh", decay(lam, m), seed, bias_step=decay(lam, m)
    )
    for seed, d in enumerate(data)
]
everywhere = [
    1 - n.accuracy(*d[2:]) for n, d in zip(reached, data, strict=True)
]
difference = np.mean(everywhere) - errors["digits"]["tanh"][:, i].mean()


def mean_answer(data, lam, bias_step):
    eights = data[0], (data[1] == 8) * 1
    unit = trained(eights, [64, 1], "tanh", decay(lam, m), 0, 300, bias_step)
    return unit.predict_proba(data[2]).mean()


free_b = np.mean([mean_answer(d, 600, None) for d in data])
held_b = np.mean([mean_answer(d, 600, decay(600, m)) for d in data])
eights = np.mean([np.mean(d[1] == 8) for d in data])
print(f"lambda {lam:g}: dev error changes by {difference:+.1%}")
print(f"lambda 600: {eights:.0%} are labelled 8; mean answer")
print(f"{free_b:.0%} with free biases, {held_b:.0%} with a penalty on them")
claim(
    "at the best lambda it hardly matters (change of the dev error, size)",
    abs(difference),
    below=0.01,
    form=".1%",
)
claim(
    "under a huge lambda, a penalized bias forgets how rare an 8 is",
    held_b - free_b,
    above=0.1,
    form=".0%",
)

# %% [markdown]
# So Ng is right where lambda is sensible. The rule costs nothing, so it is kept: recipes of today exclude biases and gains from decay.
#
# ## L1: exact zeros
#
# $|w|$ has a kink at 0. There every slope between the left one and the right one serves in place of the derivative: it is called a **subgradient**.
#
# **Your task.** Derive the subgradient of the L1 penalty alone. At 0, take 0.

# %% tags=["exercise"]
l1_subgradient

# %%
plots.pulls(
    lambda w: l1_subgradient(w, 10, 10),
    lambda w: l2_gradient(0 * w, w, 10, 10),
    lambda pair, l1_ratio: penalty([pair], 1, 1, l1_ratio),
)

# %% [markdown]
# L2 pulls in proportion, so a weight gets smaller and smaller and never arrives. L1 pulls with the same force all the way, so a
# weight that the loss hardly needs arrives at 0. On the right: the minimum lies where a line of equal loss touches such a line of equal penalty.
# The corners of L1, where one weight is 0, stick out, so it is often a corner.
#
# But a weight does not stay at 0: a plain gradient step of fixed size jumps over 0 and back. So take the step of the loss first, and
# then move each weight towards 0 by a fixed amount $t$, *stopping* at 0. This is the **soft threshold**:
#
# $$S_t(w) = \operatorname{sign}(w)\, \max(|w| - t,\; 0)$$
#
# where $t$ is what one step on the L1 penalty alone would move a weight.
#
# **Your task.** Return the soft threshold of all weights.

# %% tags=["exercise"]
soft_threshold

# %% [markdown]
# Three ways to learn 1000 clean digits with one layer of ten softmax units: L2 by weight decay, L1 by its
# subgradient, L1 by your soft threshold. How many of the 640 weights are exactly 0?


# %%
def l1_step(lam, m):
    pull = l1_subgradient(np.ones(1), lam, m)[0]
    return lambda W, dW, lr: soft_threshold(W - lr * dW, lr * pull)


clean = [
    (X[order[:1000]], y[order[:1000]], X[order[1200:]], y[order[1200:]])
    for order in [
        np.random.default_rng(k).permutation(len(y)) for k in range(4)
    ]
]
ways = {
    "L2, decay": decay(2, 1000),
    "L1, subgradient": lambda W, dW, lr: (
        W - lr * (dW + l1_subgradient(W, 2, 1000))
    ),
    "L1, soft threshold": l1_step(2, 1000),
}
found = {
    name: [
        trained(d, [64, 10], "tanh", step, k, 200)
        for k, d in enumerate(clean)
    ]
    for name, step in ways.items()
}
plots.weight_pictures(
    {name: runs[0].weights[0] for name, runs in found.items()},
    units=[0, 1, 3, 4, 7, 8],
)
zeros, right = {}, {}
for name, runs in found.items():
    zeros[name] = np.mean([n.weights[0] == 0 for n in runs])
    right[name] = np.mean(
        [n.accuracy(*d[2:]) for n, d in zip(runs, clean, strict=True)]
    )
    print(f"{name:<19} zeros {zeros[name]:3.0%}, dev {right[name]:.1%} right")

# %%
claim(
    "L1 with the soft threshold makes over 30 % of the weights exactly 0",
    zeros["L1, soft threshold"],
    above=0.3,
    form=".0%",
)
claim(
    "L2 and the plain subgradient make none (zeros)",
    zeros["L2, decay"] + zeros["L1, subgradient"],
    equal=0,
)
claim(
    "it costs under 2 points of dev accuracy (L2's minus L1's)",
    right["L2, decay"] - right["L1, soft threshold"],
    below=0.02,
    form=".1%",
)

# %% [markdown]
# Grey pixels are exact zeros: a unit looks at some pixels and at no others. L1 **selects features**.
#
# ## L1 or L2?
#
# Back to the digits with wrong labels. On the left both penalties on the same ReLU network. On the right, what L1 makes 0: single
# weights, and **structured zeros**, which are whole units (all incoming weights are 0) and pixels (all outgoing ones are).

# %%
l1_lams = [0.1, 0.3, 0.6, 1, 2, 3, 6]
with_l1 = [
    [
        trained(d, [64, 64, 10], "relu", l1_step(lam, m), seed)
        for lam in l1_lams
    ]
    for seed, d in enumerate(data)
]
l1_errors = np.array(
    [
        [1 - n.accuracy(*d[2:]) for n in row]
        for d, row in zip(data, with_l1, strict=True)
    ]
)


def share_of(zero):
    """zero(W1, W2): truth values, for each network."""
    return np.array(
        [[np.mean(zero(*n.weights)) for n in row] for row in with_l1]
    )


gone = {
    "weights": share_of(lambda W1, W2: np.concatenate([W1, W2.T]) == 0),
    "units": share_of(lambda W1, W2: (W1 == 0).all(axis=0)),
    "pixels": share_of(lambda W1, W2: (W1 == 0).all(axis=1)),
}
l2_errors = errors["digits"]["ReLU"]
plots.l1_beside_l2(
    {
        "L1": (l1_lams, l1_errors),
        "L2": (lams["digits"][1:], l2_errors[:, 1:]),
    },
    l1_lams,
    gone,
)

# %%
chosen = int(l1_errors[CHOOSE].mean(axis=0).argmin())
l1_best = l1_errors[REPORT, chosen].mean()
at_lambda_6 = {
    "L1": l1_errors[:, l1_lams.index(6)].mean(),
    "L2": l2_errors[:, lams["digits"].index(6)].mean(),
}
W1, W2 = (W.astype(np.float32) for W in with_l1[0][l1_lams.index(1)].weights)
print(f"at its best lambda ({l1_lams[chosen]}) L1 has {l1_best:.0%} error")

bytes_of = {"whole": [], "with places": [], "cut": []}
for W1, W2 in (row[l1_lams.index(1)].weights for row in with_l1):
    used, units = (W1 != 0).any(axis=1), (W1 != 0).any(axis=0)
    count = np.count_nonzero(W1) + np.count_nonzero(W2)
    bytes_of["whole"].append(4 * (W1.size + W2.size))
    bytes_of["with places"].append(8 * count)  # a number, and its place
    bytes_of["cut"].append(4 * units.sum() * (used.sum() + 10))
stored = {k: np.mean(v) / bytes_of["whole"][0] for k, v in bytes_of.items()}
print("bytes:", ", ".join(f"{k} {v:.0%}" for k, v in stored.items()))

# %%
claim(
    "at its best lambda L2 beats L1 here by over half a point "
    "(L1's dev error minus L2's)",
    l1_best - tuned["digits", "ReLU"],
    above=0.005,
    form=".1%",
)
claim(
    "at lambda = 6, where L2 does well, L1 has learned nearly nothing "
    "(L1's error minus L2's)",
    at_lambda_6["L1"] - at_lambda_6["L2"],
    above=0.3,
    form=".0%",
)
claim(
    "L1 at lambda = 1 makes over half of the weights 0",
    gone["weights"][:, l1_lams.index(1)].mean(),
    above=0.5,
    form=".0%",
)
claim(
    "but stored with its places, what is left takes over half the bytes",
    stored["with places"],
    between=(0.5, 0.95),
    form=".0%",
)
claim(
    "unused units and pixels cut away, it takes less (of these bytes)",
    stored["cut"] / stored["with places"],
    below=0.95,
    form=".0%",
)

# %% [markdown]
# Three common sentences about L1, measured. *L2 is preferred* (Géron): on this network, yes. *L1 underfits sooner as lambda grows*: yes, and a part
# of that is the scale of lambda: at the same lambda L1 costs more, because $|w|$ is larger than $w^2/2$ for all weights below 2. *L1 compresses a network only a bit* (Ng): each number that is left
# needs its place beside it. Only structured zeros make the matrices themselves smaller.
#
# **Two inputs that say the same.** It is often said that L1 drops one of two copies.

# %% tags=["predict"]
two_copies

# %%
from sklearn.linear_model import Lasso

twice = np.insert(X[:m], 37, X[:m, 36], axis=1)  # input 37 is 36 again
second = {}
for name, ratio in {"L2": 0.0, "elastic net": 0.5, "L1": 1.0}.items():
    starts = [dense_network([65, 10], rng=k, init=0.5) for k in range(8)]
    stack = Network.stack(starts)
    W, lam, lr = stack.weights[0], 4, 0.5
    l1 = l1_step(ratio * lam, m)
    for _ in range(1500):
        stack.loss_and_grad(twice, y[:m])
        stack.theta -= lr * stack.grad
        W[...] = weight_decay_step(W, 0 * W, lr, (1 - ratio) * lam, m)
        W[...] = l1(W, 0 * W, lr)
    pair = np.abs(W[:, 36:38]).sum(axis=2)  # over the ten outputs
    second[name] = pair[:, 1] / pair.sum(axis=1)
spread = {name: np.ptp(shares) for name, shares in second.items()}
guess = measured("two_copies", "c" if spread["L1"] > 0.1 else "a")
plots.copies(second)
lasso = Lasso(alpha=0.005).fit(twice, np.eye(10)[y[:m]])
first, copy = lasso.coef_[:, 36], lasso.coef_[:, 37]
used = [np.sum(np.abs(weights) > 1e-9) for weights in (first, copy)]
print(f"Lasso uses pixel 36 for {used[0]} digits, its copy for {used[1]}")

# %%
claim(
    "with L1, the second copy's share depends on the start "
    "(largest minus smallest of 8)",
    spread["L1"],
    above=0.1,
    form=".0%",
)
claim(
    "with L2 and the elastic net it does not (the larger spread)",
    max(spread["L2"], spread["elastic net"]),
    below=0.05,
    form=".0%",
)
claim(
    "Lasso, which goes weight by weight, drops the second copy "
    "(its largest weight over the first one's)",
    np.abs(copy).max() / np.abs(first).max(),
    below=1e-6,
)

# %% [markdown]
# However two equal inputs share their weight, with one sign it costs L1 the same. Gradient steps move both alike, so the difference that the start made stays,
# and an algorithm that improves one weight after the other gives all to the first. So an L1 zero does not say that an input is useless.
# L2 shares, because two halves have the smaller sum of squares, and the L2 part of the elastic net is enough for that (Zou and Hastie 2005).
#
# **Explore.** Two moons with one label in ten flipped. Raise lambda step by step. Watch the islands around flipped points,
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
# **Your task.** Return `W` with the columns capped.

# %% tags=["exercise"]
max_norm

# %%
radii = [0.3, 0.6, 1, 2, 4]
capped = np.array(
    [
        [
            1
            - trained(
                d,
                [64, 64, 10],
                "relu",
                lambda W, dW, lr, r=r: max_norm(W - lr * dW, r),
                seed,
            ).accuracy(*d[2:])
            for r in radii
        ]
        for seed, d in enumerate(data)
    ]
)
tight = int(capped[CHOOSE].mean(axis=0).argmin())
without, with_l2 = free["digits", "ReLU"], tuned["digits", "ReLU"]
plots.caps(radii, capped[REPORT], {"no cap": without, "the best L2": with_l2})
by_cap = capped[REPORT, tight].mean()
print(f"r = {radii[tight]}: dev error {by_cap:.0%}, no cap {without:.0%}")
claim(
    "the best cap takes over 5 points off the dev error (mean)",
    without - by_cap,
    above=0.05,
    form=".1%",
)

# %% [markdown]
# ## Behind a norm, and beside Adam
#
# Two warnings for later lessons. **Batch normalization** (lesson 15) rescales what comes out of $XW$. Then the length of $W$ means nothing:

# %%
normed = dense_network([64, 64, 10], batch_norm=True, rng=0)
before = normed.forward(X[:m], training=True).copy()
normed.weights[0][...] *= 0.2
after = normed.forward(X[:m], training=True)
claim(
    "a fifth of the weights in front of a norm gives the same outputs "
    "(largest change of a probability)",
    np.abs(after - before).max(),
    below=0.01,
)

# %% [markdown]
# So in front of a norm a penalty cannot make the function simpler. There it sets how far a step turns $W$, which makes it a part of the
# learning rate (van Laarhoven 2017).
#
# And weight decay and the L2 penalty are the same only for plain gradient descent. **Adam** divides each gradient by its usual size, the
# penalty's part included, so weights with large gradients decay less. **Decoupled weight decay** (AdamW, lesson 13) shrinks the
# weights beside the optimiser's step instead.
#
# ## The same in Keras
#
# Keras' `regularizers.L2(c)` adds $c \sum w^2$ to the loss: no $m$, and no 2. So ours is `L2(lam / (2 * m))`. Each layer gets it
# as `kernel_regularizer`; kernels are the weights, and biases stay free unless you ask for `bias_regularizer`. Max-norm is
# a `kernel_constraint`. Here Keras takes twenty steps of gradient descent with both:

# %%
import keras

lam, (X_train, noisy, _, _) = 6, data[0]
ours = dense_network([64, 64, 10], activation="tanh", rng=0)
initial = list(ours.get_params().values())


def keras_weights(factor):
    settings = {
        "kernel_regularizer": keras.regularizers.L2(factor),
        "kernel_constraint": keras.constraints.MaxNorm(1.2, axis=0),
    }
    model = keras.Sequential(
        [
            keras.layers.Input((64,)),
            keras.layers.Dense(64, activation="tanh", **settings),
            keras.layers.Dense(10, activation="softmax", **settings),
        ]
    )
    model.compile(
        keras.optimizers.SGD(0.3), "sparse_categorical_crossentropy"
    )
    model.set_weights(initial)
    for _ in range(20):
        model.train_on_batch(X_train, noisy)
    return model.get_weights()[::2]


for _ in range(20):
    ours.loss_and_grad(X_train, noisy)
    for layer in (ours.layers[0], ours.layers[-1]):
        W = weight_decay_step(layer.W, layer.dW, 0.3, lam, m)
        layer.W[...] = max_norm(W, 1.2)
        layer.b[...] = layer.b - 0.3 * layer.db
gaps = {
    name: max(
        np.abs(W - V).max()
        for W, V in zip(ours.weights, keras_weights(factor), strict=True)
    )
    for name, factor in {
        "same": lam / (2 * m),
        "2 forgotten": lam / m,
    }.items()
}
claim(
    "after 20 steps all weights agree (largest difference)",
    gaps["same"],
    below=1e-4,
)
claim(
    "with the factor that is 2 off they do not (largest difference)",
    gaps["2 forgotten"],
    above=0.01,
)

# %% [markdown]
# The loss that Keras prints while it trains contains the penalty. And the `weight_decay=` of a Keras optimiser is the decoupled kind; it
# reaches the biases, too, unless you exclude them.
#
# ## Quiz

# %% tags=["quiz"]
why_penalties_help

# %% tags=["quiz"]
which_gives_zeros

# %% tags=["quiz"]
translate_to_keras

# %% tags=["quiz"]
what_about_biases

# %% [markdown]
# ## Papers to read
#
# - A. Krogh and J. A. Hertz (1992), *A simple weight decay can improve generalization*, NIPS. The picture of the flat directions: decay removes
#   what the data do not ask for, and damps the noise of the labels.
# - R. Tibshirani (1996), *Regression shrinkage and selection via the lasso*, Journal of the Royal Statistical Society B 58,
#   [doi:10.1111/j.2517-6161.1996.tb02080.x](https://doi.org/10.1111/j.2517-6161.1996.tb02080.x). L1 and its corners.
# - H. Zou and T. Hastie (2005), *Regularization and variable selection via the elastic net*, Journal of the Royal Statistical Society B 67,
#   [doi:10.1111/j.1467-9868.2005.00503.x](https://doi.org/10.1111/j.1467-9868.2005.00503.x). What L1 does with inputs that say the same, and the
#   mixture that mends it.
# - I. Goodfellow, Y. Bengio and A. Courville (2016), *Deep Learning*, chapter 7. The same picture for a network, near its minimum.
# - G. E. Hinton and others (2012), *Improving neural networks by preventing co-adaptation of feature detectors*,
#   [arXiv:1207.0580](https://arxiv.org/abs/1207.0580). Max-norm in use, together with dropout.
# - T. van Laarhoven (2017), *L2 regularization versus batch and weight normalization*, [arXiv:1706.05350](https://arxiv.org/abs/1706.05350). What
#   the penalty does behind a norm.
# - F. D'Angelo and others (2024), *Why do we need weight decay in modern deep learning?*, NeurIPS,
#   [arXiv:2310.04415](https://arxiv.org/abs/2310.04415). In the large trainings of today it changes how training goes more than it limits the
#   model.
# - I. Loshchilov and F. Hutter (2019), *Decoupled weight decay regularization*, ICLR, [arXiv:1711.05101](https://arxiv.org/abs/1711.05101). Why L2
#   and weight decay part ways under Adam.

# %% [markdown]
# ## What you can do now
#
# You derived the gradient of a penalty and its step, and repaired a script with two common mistakes. You know why a penalty helps: not because
# it makes weights short, and not because it makes a network linear, but because it takes away what the data leave open. You compare a penalized network
# with a smaller model, choose lambda on the dev set, get exact zeros from L1 with a soft threshold, and know which factor to hand to Keras.
#
# Next: [lesson 04](04_dropout.ipynb) holds a network back in another way: it switches units off at random.
