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
# # Dropout
#
# In each step of training, half of the network's hidden units are switched off at random. Why can such a network
# predict better afterwards, when does it predict worse, and how sure may it be of its answers?
#
# **Takes** about 90 minutes · **Before this** lessons 01 (dev sets), 02 (variance) and 03 (L2)
#
# **You will**
# - write dropout for training and for prediction, and repair a layer that does it wrong,
# - derive which penalty on the weights it is, and measure what it does beside its rivals,
# - see when it helps, when it costs, and where it is used today,
# - measure how sure a network may be: calibration, Monte Carlo dropout, an ensemble and temperature.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.activations import softmax
from nnutils.data import digits
from nnutils.layers import Dense, Layer, ReLU
from nnutils.lessons.dropout import plots
from nnutils.lessons.dropout.explorer import dropout_rate
from nnutils.lessons.dropout.given import (
    apart,
    best_temperature,
    five_copies,
    largest_share,
    least_cost,
    least_noisy_cost,
    log_loss,
    softened,
)
from nnutils.network import Network
from nnutils.optimizers import SGD, Adam
from nnutils.training import fit

# %% [markdown]
# ## A network that learns wrong labels by heart
#
# Take 200 digits to train on, and give about a fifth of them a label drawn at random. Other digits, with their true labels, are
# the dev set.


# %%
X, y = digits()


def sample(seed, drawn=0.2, m=200):
    """m digits to train on, a share of them with a label drawn at random;
    up to 1000 others for dev."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(X))
    known, dev = order[:m], order[m : m + 1000]
    labels = np.where(
        rng.random(m) < drawn, rng.integers(10, size=m), y[known]
    )
    return (X[known], labels), (X[dev], y[dev])


def train(layers, data, seed, epochs=60, l2=0.0, **settings):
    """A network of these layers, trained by Adam on mini-batches of 50,
    and its history."""
    net = Network(64, layers, rng=seed, l2=l2)
    settings = {"batch_size": 50, "rng": seed, **settings}
    return net, fit(net, *data, Adam(0.003), epochs=epochs, **settings)


first_layers = [Dense(128), ReLU(), Dense(64), ReLU(), Dense(10)]
known, dev = sample(seed=0)
network, history = train(first_layers, known, seed=0, dev=dev)
plots.overfitting(history)
print(f"parameters: {network.theta.size}, examples: {len(known[1])}")
print(
    f"after {history.epochs} epochs: train {history.accuracy[-1]:.0%}, "
    f"dev {history.dev_accuracy[-1]:.0%}"
)

# %% [markdown]
# That is high variance. The network has far more weights than examples, and learns every label, the wrong ones as well.
#
# ## A mask for every step
#
# **Dropout** decides for each hidden unit, for each example, in each step anew, whether the unit takes part. It is *kept*
# with the probability $q$, in code `keep_prob`. Draw $u$ uniformly from $[0, 1)$:
#
# $$\text{mask}_{ij} = (u_{ij} < q)$$
#
# **Your task.** Turn the draws `u` into a mask of `True` (kept) and `False` (dropped).

# %% tags=["exercise"]
dropout_mask

# %% [markdown]
# So each example has a **thinned network** of its own. $n$ units have $2^n$ of them, which share their weights.
#
# ## Forward: what is left has to grow
#
# If a share of the units is missing, the sums in the next layer are too small. **Inverted dropout** corrects this at once.
# What is kept is divided by $q$, so that the mean over all masks is the activation itself:
#
# $$\tilde a = \frac{a \odot \text{mask}}{q}, \qquad
# \mathbb{E}[\tilde a] = \frac{q \cdot a + (1 - q) \cdot 0}{q} = a$$
#
# **Your task.** Write it, for a mask that is given.

# %% tags=["exercise"]
dropout_forward

# %% [markdown]
# ## Predict with all units
#
# A prediction should not be random, so all units take part. After inverted dropout there is nothing else to do:
# dropout makes training slower, and a prediction costs what it cost before.
#
# **Classic dropout**, published first, does not divide in training. Each prediction has to correct for that instead. It scales
# each activation to its mean in training, $\mathbb{E}[a \odot \text{mask}] = q\, a$.
#
# **Your task.** Write this step of classic dropout. You will meet it in old code.

# %% tags=["exercise"]
classic_dropout_predict

# %% [markdown]
# Is one pass with scaled activations a good summary of all thinned networks? For one softmax layer you can ask all of
# them. Eight units make 256 thinned networks, each with a probability. Here is their geometric mean:
#
# $$p(\text{class}) \propto \prod_{\text{masks}} p(\text{class} \mid \text{mask})^{P(\text{mask})}$$

# %%
rng = np.random.default_rng(0)
units, keep_prob = 8, 0.7
a, W = rng.random(units), rng.normal(size=(units, 3))
every_mask = (np.arange(2**units)[:, None] >> np.arange(units)) % 2 == 1
chance = np.where(every_mask, keep_prob, 1 - keep_prob).prod(axis=1)
thinned = softmax((a * every_mask) @ W)
geometric = np.exp(chance @ np.log(thinned))
geometric = geometric / geometric.sum()
one_pass = softmax(classic_dropout_predict(a, keep_prob) @ W)
plots.thinned_predictions(thinned, geometric, one_pass)
claim(
    "one scaled pass is the geometric mean of all 256 thinned networks",
    np.abs(geometric - one_pass).max(),
    below=1e-9,
)

# %% [markdown]
# With hidden layers in between, this is only an approximation. And the thinned networks are no ensemble of independent networks:
# they share their weights, they resemble each other, few are ever trained, and none to the end. What a real ensemble
# does, you will measure below.
#
# ## Backward
#
# **Your task.** Derive how the derivative of the loss passes through dropout. The mask is the one of the forward pass; that is why it
# is an argument.

# %% tags=["exercise"]
dropout_backward

# %%
rng = np.random.default_rng(1)
a, slope = rng.normal(size=(2, 20, 30))
masks = dropout_mask(rng.random((10_000, 20, 30)), 0.8)
divided = np.mean(dropout_forward(a, masks, 0.8), axis=0)
claim(
    "forward: over 10 000 masks, each of 600 means is near its activation",
    np.abs(divided - a).max(),
    below=0.08,
)
claim(
    "not divided by keep_prob, the means are off",
    np.abs(0.8 * divided - a).max(),
    above=0.3,
)
h, (mask, other) = 1e-5, masks[:2]
up, down = (dropout_forward(a + step, mask, 0.8) for step in (h, -h))
numerical = slope * (up - down) / (2 * h)
same, anew = (
    np.abs(dropout_backward(slope, m, 0.8) - numerical).max()
    for m in (mask, other)
)
claim("backward: the numerical derivative", same, below=1e-6)
claim("with a mask drawn anew it is not", anew, above=1)

# %% [markdown]
# ## Repair a layer
#
# A colleague has written a dense layer with ReLU and dropout. It runs, and three things in it are wrong.
#
# **Your task.** Compare the code with what its docstring promises, and repair it.

# %% tags=["exercise"]
dropout_layer

# %% [markdown]
# ## What does it gain?
#
# Your functions make a layer. It draws a mask in training and does nothing in prediction.


# %%
class YourDropout(Layer):
    def __init__(self, keep_prob):
        self.keep_prob = keep_prob

    def forward(self, x, training=False):
        if not training:
            return x
        self.mask = dropout_mask(self.rng.random(x.shape), self.keep_prob)
        return dropout_forward(x, self.mask, self.keep_prob)

    def backward(self, d):
        return dropout_backward(d, self.mask, self.keep_prob)


def layers_of(inputs=1, first=1, second=1):
    """64-128-64-10, with a keep_prob for the inputs and for each hidden
    layer; 1 drops nothing."""
    one = [Dense(128), ReLU(), YourDropout(first)]
    two = [Dense(64), ReLU(), YourDropout(second)]
    return [YourDropout(inputs), *one, *two, Dense(10)]


def runs(seeds, drawn=0.2, hidden=True, l2=0.0, **keep_probs):
    """A network for each seed, which decides on digits, labels, start,
    order and masks; and their dev accuracies."""
    networks = []
    for seed in seeds:
        layers = layers_of(**keep_probs) if hidden else [Dense(10)]
        known, _ = sample(seed, drawn)
        networks += [train(layers, known, seed, l2=l2, measure=False)[0]]
    accuracies = [
        net.accuracy(*sample(seed)[1])
        for seed, net in zip(seeds, networks, strict=True)
    ]
    return networks, np.array(accuracies)


# %% [markdown]
# Dropout has rivals: L2 (lesson 03), and a network without hidden layers, which has less variance. Each gets its best
# setting, chosen on three seeds with wrong labels. Five other seeds decide, with wrong labels and with clean ones.

# %%
grids = {
    "no hidden layer, L2": [
        {"hidden": False, "l2": v} for v in (0.1, 2, 10, 50)
    ],
    "network with L2": [{"l2": lam} for lam in (0.5, 3, 18)],
    "network with dropout": [
        {"first": q, "second": q} for q in (0.8, 0.5, 0.2)
    ],
}
best = {"network": {}}
for name, grid in grids.items():
    reached = [runs(range(100, 103), **setting)[1].mean() for setting in grid]
    best[name] = grid[int(np.argmax(reached))]
    tried = [
        f"{list(s.values())[-1]}: {r:.0%}"
        for s, r in zip(grid, reached, strict=True)
    ]
    print(f"{name:<20}", ", ".join(tried))

seeds = range(5)
wrong = {name: runs(seeds, **setting) for name, setting in best.items()}
clean = {name: runs(seeds, 0, **setting) for name, setting in best.items()}
results = {
    "Wrong labels: dropout wins": {k: v[1] for k, v in wrong.items()},
    "Clean labels: nothing to gain": {k: v[1] for k, v in clean.items()},
}
plots.rivals(results)

# %%
on_wrong, on_clean = (
    {k: 100 * v.mean() for k, v in of.items()} for of in results.values()
)
for name in best:
    print(
        f"{name:<20} wrong labels {on_wrong[name]:.0f} %, "
        f"clean labels {on_clean[name]:.0f} %"
    )
dropout, plain = "network with dropout", "network"
claim(
    "wrong labels: over 4 points more than without dropout, mean of 5 seeds",
    on_wrong[dropout] - on_wrong[plain],
    above=4,
)
claim(
    "and more than with L2 and than without hidden layers",
    on_wrong[dropout]
    - max(on_wrong["network with L2"], on_wrong["no hidden layer, L2"]),
    above=0.5,
)
claim(
    "clean labels: less than 1.5 points between dropout and none",
    abs(on_clean[dropout] - on_clean[plain]),
    below=1.5,
)
claim(
    "clean labels need the hidden layers: over 3 points more with them",
    on_clean[plain] - on_clean["no hidden layer, L2"],
    above=3,
)


def wrong_labels_learned(networks):
    shares = []
    for seed, net in zip(seeds, networks, strict=True):
        (digit, label), _ = sample(seed)
        false = label != sample(seed, drawn=0)[0][1]
        shares.append(np.mean(net.predict(digit[false]) == label[false]))
    return np.mean(shares)


claim(
    "without dropout nearly all wrong labels are learned by heart",
    wrong_labels_learned(wrong[plain][0]),
    above=0.95,
    form=".0%",
)
claim(
    "with dropout fewer than half of them",
    wrong_labels_learned(wrong[dropout][0]),
    below=0.5,
    form=".0%",
)

# %% [markdown]
# With wrong labels dropout beats both rivals. With clean ones there is little variance to reduce, and it gains nothing.
# So it is a cure for variance, and not more than that.
#
# ## What does it cost?
#
# Now 1 200 digits, again with wrong labels, and 40 passes over them.

# %% tags=["predict"]
passes_until_ahead

# %%
curves = {"keep_prob 1": {}, "keep_prob 0.5": {"first": 0.5, "second": 0.5}}
for name, setting in curves.items():
    rows = []
    for seed in range(5):
        known, dev = sample(seed, m=1200)
        settings = {"epochs": 40, "dev": dev, "measure": False}
        _, history = train(layers_of(**setting), known, seed, **settings)
        rows.append(history.dev_accuracy)
    curves[name] = np.array(rows)
gap = 100 * (curves["keep_prob 0.5"] - curves["keep_prob 1"]).mean(axis=0)
ahead = int(np.argmax(gap > 0)) + 1 if (gap > 0).any() else 41
guess = measured("passes_until_ahead", ahead)
plots.passes(curves, ahead, guess)
claim(
    "after one pass dropout is over 5 points behind, mean of 5 seeds",
    gap[0],
    below=-5,
)
claim("after 40 passes it is over 4 points ahead", gap[-1], above=4)
claim("it is behind for several passes", ahead, between=(5, 25))

# %% [markdown]
# In the first pass every digit is new, so nothing can be learned by heart, and dropout only slows training down. Later it
# protects the network from the wrong labels. It makes training longer, not the prediction: that is one pass, as before.
#
# The cost $J$ changes, too. With dropout on, each step measures $J$ on *other* networks, so $J$ is no longer one function that gradient
# descent lowers: it is not well defined. Here are steps over the whole training set.

# %%
step_costs = {1.0: [], 0.5: []}
for q, costs in step_costs.items():
    for seed in range(5):
        net = Network(64, layers_of(first=q, second=q), rng=seed)
        history = fit(net, *sample(seed)[0], SGD(0.05), epochs=100)
        costs.append(history.step_losses)
plots.costs(step_costs[1.0][0], step_costs[0.5][0])
rises = {q: (np.diff(c, axis=1) > 0).sum(1) for q, c in step_costs.items()}
claim("keep_prob 1: in 5 runs J never rises", rises[1.0].sum(), equal=0)
claim(
    "keep_prob 0.5: it rises at over 20 of 99 steps, mean of 5 runs",
    rises[0.5].mean(),
    above=20,
)

# %% [markdown]
# So work in this order: set `keep_prob` to 1, see $J$ fall, then switch dropout on.
#
# ## Which penalty is it?
#
# Take one linear unit with the prediction $\hat y = \sum_j a_j w_j$ and the cost $\frac{1}{2m}\sum_i (\hat y_i - y_i)^2$. Dropout on its
# inputs makes the prediction noisy, and noise raises the cost. By how much, averaged over all masks?
#
# **Your task.** Derive it. An activation with dropout has the mean $a_j$; what is its variance? The units are dropped
# independently, and the mean square of a random error is its mean squared plus its variance.

# %% tags=["exercise"]
dropout_penalty

# %%
rng = np.random.default_rng(2)
a, w = rng.random((40, 6)) * [1, 1, 1, 3, 3, 3], rng.normal(size=6)
y_true, q = rng.normal(size=40), 0.7
without = np.mean((a @ w - y_true) ** 2) / 2
with_masks = []
for _ in range(20):
    masks = dropout_mask(rng.random((5000, 40, 6)), q)
    noisy = dropout_forward(a, masks, q) @ w
    with_masks.append(np.mean((noisy - y_true) ** 2) / 2)
rise = np.mean(with_masks) - without
claim(
    "100 000 masks raise the cost by your formula, within 1 %",
    rise / dropout_penalty(a, w, q),
    between=(0.99, 1.01),
)

# %% [markdown]
# So dropout of a linear unit is L2 with a strength of its own for each weight: large where the activations are large. It is an **adaptive L2**
# (Wager et al. 2013). A consequence: write a column of inputs in other units, ten times as large, and its weight becomes a tenth. Plain
# L2 then hardly penalizes it; dropout's penalty is the same as before. And as $w_j^2$ grows faster than $w_j$, one large weight costs more than several
# smaller ones. A unit that cannot rely on any one input **spreads its weights**.
#
# You can see both. Five instruments read the same signal, the first with the least noise. Four methods weigh them: least squares, L2, dropout
# with masks, and your penalty without any mask.


# %%
def dropped(A, rng):
    return dropout_forward(A, dropout_mask(rng.random(A.shape), 0.5), 0.5)


def four_ways(units, seed, mask_seed):
    """The weights by each method, in units that all instruments share."""
    A, signal = five_copies(seed)
    A = A * units
    adaptive = [2 * dropout_penalty(A, e, 0.5) for e in np.eye(5)]
    plain = np.full(5, np.sum(adaptive) / np.sum(units**2))
    named = {
        "least squares": least_cost(A, signal, np.zeros(5)),
        "L2": least_cost(A, signal, plain),
        "dropout, by masks": least_noisy_cost(A, signal, dropped, mask_seed),
        "your penalty": least_cost(A, signal, adaptive),
    }
    return {name: w * units for name, w in named.items()}


tenfold = np.array([1, 1, 10, 1, 1])
alike = [four_ways(np.ones(5), seed, seed) for seed in range(10)]
other = [four_ways(tenfold, seed, 100 + seed) for seed in range(10)]
plots.leaning(
    {
        "Same units: both spread": alike[0],
        "Other units: L2 leans on the third": other[0],
    }
)

# %%
claim(
    "training with masks ends where your penalty is least, within 5 %",
    apart(alike + other, "dropout, by masks", alike + other, "your penalty"),
    below=0.05,
    form=".1%",
)
claim(
    "least squares gives the best instrument over a third of the weight",
    largest_share(alike, "least squares"),
    above=1 / 3,
    form=".0%",
)
claim(
    "dropout gives no instrument over 28 %",
    largest_share(alike, "dropout, by masks"),
    below=0.28,
    form=".0%",
)
claim(
    "in other units dropout finds the same, within 5 %",
    apart(other, "dropout, by masks", alike, "dropout, by masks"),
    below=0.05,
    form=".1%",
)
claim(
    "in other units L2 finds something else",
    apart(other, "L2", alike, "L2"),
    above=0.3,
    form=".0%",
)

# %% [markdown]
# In the same units L2 spreads the weights as well: spreading is no privilege of dropout. What is its own is the strength that follows the activations.
#
# ## And in a network?
#
# There the penalty is only an approximation. But you can measure the weights. If all $n$ weights of a unit are equally large, all
# inputs count, and this number is 1; if one is much larger than the others, it is $1/n$:
#
# $$\text{inputs that count} = \frac1n \cdot \frac{\left(\sum_i w_i^2\right)^2}{\sum_i w_i^4}$$

# %% tags=["predict"]
most_even_weights


# %%
def inputs_that_count(W):
    return np.mean((W**2).sum(axis=0) ** 2 / (W**4).sum(axis=0)) / len(W)


groups = {
    "untrained": [Network(64, layers_of(), rng=seed) for seed in seeds],
    "without dropout": wrong[plain][0],
    "with dropout": runs(seeds, first=0.5, second=0.5)[0],
}
found = {
    name: np.array(
        [
            [[measure(W) for W in net.weights[1:]] for net in networks]
            for measure in (inputs_that_count, np.linalg.norm)
        ]
    )
    for name, networks in groups.items()
}
plots.weights(
    ("Last matrix: more inputs count", "With dropout they grow less"),
    ("inputs that count (share)", "norm of the weights"),
    found,
)
even = {name: values[0, :, 1].mean() for name, values in found.items()}
measured("most_even_weights", sorted(even, key=even.get, reverse=True))
norm = {name: values[1].mean(axis=0) for name, values in found.items()}
claim(
    "last matrix: with dropout more inputs count than before training",
    even["with dropout"] - even["untrained"],
    above=0.01,
    form=".1%",
)
claim(
    "without dropout they are about as many as before training",
    even["without dropout"] - even["untrained"],
    between=(-0.04, 0.01),
    form=".1%",
)
grown = [
    (norm[name] / norm["untrained"]).mean()
    for name in ("without dropout", "with dropout")
]
claim(
    "with dropout the norms grow in training, too, "
    "to over 1.05 times those at the start",
    grown[1],
    above=1.05,
    form=".2f",
)
claim(
    "but by less than without: over 0.1 of the start's norm less",
    grown[0] - grown[1],
    above=0.1,
    form=".2f",
)

# %% [markdown]
# Without the bars of the untrained network you would believe that plain training concentrates the weights. It hardly
# does, and in the second matrix dropout changes very little. The usual explanation is that units can no longer repair each
# other's errors (**co-adaptation**, Hinton et al. 2012). It is plausible. That such a network bears the loss of units is no
# proof: it was trained for that.
#
# ## A keep_prob for each layer
#
# You may choose `keep_prob` for every layer. One rule says: low where a layer has many weights, since it overfits most
# easily. Another: high near the inputs, and 0.9 to 1 for the inputs themselves. Never drop outputs. Here the first hidden layer has most
# weights: $64 \cdot 128$ come in and $128 \cdot 64$ go out. The second has $128 \cdot 64$ and $64 \cdot 10$.

# %%
tried = {
    "hidden 0.5, 0.5": {"first": 0.5, "second": 0.5},
    "hidden 0.3, 0.8 (low at more weights)": {
        "first": 0.3,
        "second": 0.8,
    },
    "hidden 0.8, 0.3 (low at fewer weights)": {
        "first": 0.8,
        "second": 0.3,
    },
    "inputs 0.9, hidden 0.5, 0.5": {
        "inputs": 0.9,
        "first": 0.5,
        "second": 0.5,
    },
    "inputs 0.5, hidden 0.5, 0.5": {
        "inputs": 0.5,
        "first": 0.5,
        "second": 0.5,
    },
}
places = {"no dropout": results["Wrong labels: dropout wins"][plain]}
places |= {name: runs(seeds, **setting)[1] for name, setting in tried.items()}
plots.layer_by_layer(places)
_, _, more, fewer, most, half = (100 * v.mean() for v in places.values())
claim(
    "low at more weights or at fewer ones: less than 3 points apart",
    abs(more - fewer),
    below=3,
)
claim("to drop half of the inputs costs over 4 points", most - half, above=4)

# %% [markdown]
# The two rules contradict each other, and here neither shows. If you cannot search, one value for all hidden layers is a fair start.
#
# **Explore.** A small network on few points. Each seed is another thinned network. Lower both `keep_prob`, until the network
# no longer fits the points: that is bias.

# %%
dropout_rate()

# %% [markdown]
# ## Relatives, and what is used today
#
# **DropConnect** drops single *weights*: $z = x \, \frac{W \odot \text{mask}}{q} + b$. The bias is neither dropped nor scaled.
#
# **Your task.** Write its forward pass.

# %% tags=["exercise"]
dropconnect_forward

# %%
h, W, b = rng.random(40), rng.random((40, 8)), np.zeros(8)
units = dropout_mask(rng.random((1500, 40)), 0.5)
single = dropout_mask(rng.random((1500, 40, 8)), 0.5)
together = {
    "dropout": [dropout_forward(h, mask, 0.5) @ W for mask in units],
    "DropConnect": [
        dropconnect_forward(h[None], W, b, mask, 0.5)[0] for mask in single
    ],
}
pair = np.triu_indices(8, k=1)
related = {
    name: np.abs(np.corrcoef(np.transpose(z))[pair]).mean()
    for name, z in together.items()
}
claim(
    "dropout: all units of the next layer get nearly the same noise "
    "(mean correlation)",
    related["dropout"],
    above=0.5,
)
claim(
    "DropConnect: each gets noise of its own (mean correlation)",
    related["DropConnect"],
    below=0.1,
)

# %% [markdown]
# Its mask is as large as $W$, and it is hardly used. Other relatives are. **Stochastic depth** (**DropPath**) drops whole branches of a
# residual network, and many vision transformers and ConvNeXts are trained with it. **Spatial dropout** drops whole feature maps of a
# convolution, since neighbouring pixels say nearly the same. In vision dropout was common because data are few; today
# augmentation (lesson 05) does much of that work. Transformers that see their data several times drop 0 to 10 %. Large language models
# drop nothing in pretraining, which passes over the data about once (H. Liu et al. 2025): you have measured why.
#
# Batch normalization and dropout are usually not combined, because dropout changes the variance that batch normalization stores; lesson
# 15 measures it. Dropout for SELU networks comes in lesson 09.
#
# ## How sure is it?
#
# A network that says 0.8 should be right in 80 of 100 such cases. Then it is **calibrated**. Sort the predictions by their
# confidence, the probability of the chosen class, into bins of equal width, and compare in each bin $B_k$ what was promised and what came true:
#
# $$\text{ECE} = \sum_k \frac{|B_k|}{n} \, \big| \text{accuracy}(B_k) - \text{mean confidence}(B_k) \big|$$
#
# **Your task.** Write this **expected calibration error**. The bin of a confidence $c$ is the whole part of $c \cdot \text{bins}$, counted from 0.

# %% tags=["exercise"]
expected_calibration_error

# %% [markdown]
# There are several ways to better probabilities. **Monte Carlo dropout** leaves dropout on, asks many thinned networks $\hat y_t$, and takes their mean:
#
# $$\text{mean} = \frac1T \sum_{t=1}^{T} \hat y_t, \qquad
# \text{std} = \sqrt{\frac1T \sum_{t=1}^{T} (\hat y_t - \text{mean})^2}$$
#
# A **deep ensemble** trains several networks and averages them. **Temperature scaling** divides all logits by one number $T$, fitted on
# held-out data.
#
# **Your task.** Write Monte Carlo dropout.

# %% tags=["exercise"]
mc_dropout_predict

# %% tags=["predict"]
lowest_log_loss

# %%
WAYS = {  # networks to train, passes for each prediction
    "one network": (1, 1),
    "with temperature": (1, 1),
    "dropout, one pass": (1, 1),
    "MC dropout": (1, 40),
    "ensemble of five": (5, 5),
}


def answers(seed, drawn, q):
    """What five ways predict for 800 dev digits, and their labels. T is
    fitted on 200 others."""
    known, (X_dev, y_dev) = sample(seed, drawn)
    five = [
        train(layers_of(), known, 10 * seed + k, measure=False)[0]
        for k in range(5)
    ]
    layers = layers_of(first=q, second=q)
    dropped = train(layers, known, 10 * seed, measure=False)[0]

    def forward(x, rng):
        return dropped.forward(x, training=True, rng=rng)

    rng = np.random.default_rng(seed)
    mean, std = mc_dropout_predict(forward, X_dev, 40, rng)
    each = [net.predict_proba(X_dev) for net in five]
    T = best_temperature(each[0][:200], y_dev[:200])
    once = dropped.predict_proba(X_dev)
    made = [each[0], softened(each[0], T), once, mean, np.mean(each, axis=0)]
    made = {name: p[200:] for name, p in zip(WAYS, made, strict=True)}
    return made, std[200:], y_dev[200:]


def score(p, y_dev):
    correct, sure = p.argmax(axis=1) == y_dev, p.max(axis=1)
    ece = expected_calibration_error(sure, correct)
    return 100 * np.mean(correct), log_loss(p, y_dev), 100 * ece


def means(scores):
    """Mean accuracy, log loss and calibration error of each way."""
    return [
        {name: rows[:, k].mean() for name, rows in scores.items()}
        for k in range(3)
    ]


def table(asked):
    scores = {
        name: np.array([score(made[name], y) for made, _, y in asked])
        for name in WAYS
    }
    print("                    accuracy  log loss   ECE  to train  passes")
    accuracy, loss, ece = means(scores)
    for name, (nets, asks) in WAYS.items():
        print(
            f"{name:<20}{accuracy[name]:6.1f} %{loss[name]:9.2f}"
            f"{ece[name]:6.1f} %{nets:6}{asks:10}"
        )
    return scores


# %%
asked = [answers(seed, drawn=0, q=0.8) for seed in range(10)]
print("clean labels, dropout with keep_prob 0.8, mean of 10 seeds")
scores = table(asked)
plots.scoreboard(scores)
accuracy, loss, ece = means(scores)
three = ("one network", "MC dropout", "ensemble of five")
measured("lowest_log_loss", sorted(three, key=loss.get))
print("\nwrong labels, dropout with keep_prob 0.5, mean of 5 seeds")
noisy = table([answers(seed, drawn=0.2, q=0.5) for seed in range(5)])


def promised_too_much(asked, name):
    """Mean confidence minus accuracy of one way, in points."""
    return 100 * np.mean(
        [
            p.max(axis=1).mean() - np.mean(p.argmax(axis=1) == y_dev)
            for p, y_dev in [(made[name], y_dev) for made, _, y_dev in asked]
        ]
    )


lower = [answers(seed, drawn=0, q=0.5) for seed in range(3)]
print("\nclean labels, confidence minus accuracy in points")
for q, of in {0.8: asked, 0.5: lower}.items():
    one = promised_too_much(of, "dropout, one pass")
    many = promised_too_much(of, "MC dropout")
    print(f"keep_prob {q}: one pass {one:+.0f}, MC dropout {many:+.0f}")

# %%
claim(
    "clean labels: the ensemble's log loss is lower than MC dropout's",
    loss["MC dropout"] - loss["ensemble of five"],
    above=0,
)
claim(
    "and so is its calibration error, in percentage points",
    ece["MC dropout"] - ece["ensemble of five"],
    above=0,
)
claim(
    "MC dropout is as accurate as one pass of the same network, "
    "within a point",
    abs(accuracy["MC dropout"] - accuracy["dropout, one pass"]),
    below=1,
)
claim(
    "one number T lowers the log loss of a plain network",
    loss["one network"] - loss["with temperature"],
    above=0,
)
accuracy, _, ece = means(noisy)
claim(
    "wrong labels: one network with dropout is over 3 points more accurate "
    "than five without",
    accuracy["dropout, one pass"] - accuracy["ensemble of five"],
    above=3,
)
claim(
    "but MC dropout's calibration error is over 15 points",
    ece["MC dropout"],
    above=15,
)
claim(
    "clean labels: MC dropout promises less than it holds (points)",
    promised_too_much(asked, "MC dropout"),
    below=0,
)
claim(
    "and with keep_prob 0.5, over 5 points less than with 0.8",
    promised_too_much(lower, "MC dropout")
    - promised_too_much(asked, "MC dropout"),
    below=-5,
)

# %% [markdown]
# With clean labels the ensemble has the lowest log loss, and one number $T$ comes near it and is as well calibrated, at nearly no cost. With wrong
# labels all five networks learn them, and the one with dropout does not. Monte Carlo dropout brings no accuracy in either case, and its
# mean is **underconfident**, the more so the lower `keep_prob` is. Nothing wins everywhere: measure all three numbers, and count what a
# prediction may cost.
#
# The *spread* of Monte Carlo dropout is often read as uncertainty. Does it find errors? Take the tenth of the digits with the
# largest spread, and as a control the tenth with the lowest confidence in one plain pass (clean labels).


# %%
def errors_found(doubt, wrong_ones):
    """The share of all errors in the tenth with the largest doubt."""
    worst = np.argsort(-doubt)[: len(doubt) // 10]
    return wrong_ones[worst].sum() / wrong_ones.sum()


by_spread, by_pass = [], []
for made, std, y_dev in asked:
    guess, once = made["MC dropout"].argmax(axis=1), made["dropout, one pass"]
    spread = std[np.arange(len(guess)), guess]
    by_spread += [errors_found(spread, guess != y_dev)]
    wrong_once = once.argmax(axis=1) != y_dev
    by_pass += [errors_found(1 - once.max(axis=1), wrong_once)]
claim(
    "the tenth with the largest spread has over a third of all errors",
    np.mean(by_spread),
    above=1 / 3,
    form=".0%",
)
claim(
    "but the tenth with the lowest confidence of one pass has more",
    np.mean(by_pass) - np.mean(by_spread),
    above=0.02,
    form=".0%",
)

# %% [markdown]
# On these digits one pass says it better, for a fortieth of the price.
#
# ## The same in Keras
#
# Keras' `Dropout(rate)` is inverted dropout with `rate = 1 - keep_prob`. It is on in `fit` and off in `predict` and `evaluate`, so
# the training loss that `fit` prints can be larger than the validation loss. Monte Carlo dropout is `model(x, training=True)`.

# %%
import keras

keras.utils.set_random_seed(4)
x = np.random.default_rng(4).normal(size=(50, 40)).astype("float32")
layer = keras.layers.Dropout(1 - 0.8)
theirs = keras.ops.convert_to_numpy(layer(x, training=True))
ours = dropout_forward(x, theirs != 0, 0.8)
claim(
    "given the same mask, your forward pass is Keras'",
    np.abs(ours - theirs).max(),
    below=1e-5,
)
claim(
    "without training=True it changes nothing",
    np.abs(keras.ops.convert_to_numpy(layer(x)) - x).max(),
    at_most=0,
)

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
cost_that_jumps

# %% tags=["quiz"]
where_dropout_gains

# %% tags=["quiz"]
the_same_in_keras

# %% tags=["quiz"]
what_mc_dropout_costs

# %% [markdown]
# ## Papers to read
#
# - N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov (2014), *Dropout: a simple way to prevent neural
#   networks from overfitting*, [JMLR 15](https://www.jmlr.org/papers/v15/srivastava14a.html). The full account, with practical advice in its appendix.
# - S. Wager, S. Wang and P. Liang (2013), *Dropout training as adaptive regularization*, NIPS, [arXiv:1307.1493](https://arxiv.org/abs/1307.1493).
#   Your penalty, and what it is for a logistic unit.
# - L. Wan, M. Zeiler, S. Zhang, Y. LeCun and R. Fergus (2013), *Regularization of neural networks using DropConnect*, [ICML](https://proceedings.mlr.press/v28/wan13.html).
# - Y. Gal and Z. Ghahramani (2016), *Dropout as a Bayesian approximation*, ICML, [arXiv:1506.02142](https://arxiv.org/abs/1506.02142). Why the
#   spread may be read as uncertainty.
# - B. Lakshminarayanan, A. Pritzel and C. Blundell (2017), *Simple and scalable predictive uncertainty estimation using deep ensembles*, NIPS,
#   [arXiv:1612.01474](https://arxiv.org/abs/1612.01474); and Y. Ovadia and others (2019), *Can you trust your model's uncertainty?*, NeurIPS,
#   [arXiv:1906.02530](https://arxiv.org/abs/1906.02530), which compares them with Monte Carlo dropout on shifted data.
# - C. Guo, G. Pleiss, Y. Sun and K. Weinberger (2017), *On calibration of modern neural networks*, ICML,
#   [arXiv:1706.04599](https://arxiv.org/abs/1706.04599). ECE and temperature.
# - G. Huang and others (2016), *Deep networks with stochastic depth*, ECCV, [arXiv:1603.09382](https://arxiv.org/abs/1603.09382). J. Tompson and
#   others (2015), *Efficient object localization using convolutional networks*, CVPR, [arXiv:1411.4280](https://arxiv.org/abs/1411.4280): spatial
#   dropout.
# - H. Liu and others (2025), *Drop dropout on single-epoch language model pretraining*, Findings of ACL,
#   [arXiv:2505.24788](https://arxiv.org/abs/2505.24788); Z. Liu and others (2023), *Dropout reduces underfitting*, ICML,
#   [arXiv:2303.01500](https://arxiv.org/abs/2303.01500): dropout in the first epochs only.

# %% [markdown]
# ## What you can do now
#
# You can write dropout, find its usual faults, and say which penalty it is: an L2 that adapts to the activations. You have measured that it is a
# cure for variance: it wins where wrong labels would be learned by heart, gains nothing on clean ones, and loses in a single pass. And you
# can measure how sure a network may be, and what each way to know it costs.
#
# Next: [lesson 05](05_early_stopping_and_augmentation.ipynb) stops training in time, and makes more of few images.
