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
# In each step of training you switch off half of the network's units, at random. It sounds like
# damage, and it is. Why does a network that is damaged all the time generalise better, what do
# you have to repair so that its predictions stay right, and where does it *not* help?
#
# **Takes** about 90 minutes · **Before this** lessons 01 (dev sets) and 02 (bias, variance)
#
# **You will**
# - write dropout for training and for prediction, forward and backward,
# - measure on digits with wrong labels what it changes: accuracy, the cost curve, the weights,
# - choose `keep_prob` layer by layer,
# - write three relatives: DropConnect, Monte Carlo dropout and alpha dropout,
# - see what goes wrong when dropout meets batch normalization.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.activations import selu, softmax
from nnutils.data import digits
from nnutils.layers import BatchNorm, Dense, Layer, ReLU
from nnutils.lessons.dropout import plots
from nnutils.lessons.dropout.explorer import dropout_rate
from nnutils.network import Network
from nnutils.optimizers import SGD, Adam
from nnutils.training import fit

# %% [markdown]
# ## A network that learns mistakes by heart
#
# Take only 200 digits to train on, and give about every fifth of them a label drawn at random, as
# a tired annotator would. A thousand other digits, with their true labels, are the dev set.


# %%
X, y = digits()


def sample(seed, drawn=0.2):
    """200 digits to train on, a share of them with a label drawn at random;
    1000 for dev."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(X))
    train, dev = order[:200], order[200:1200]
    labels = np.where(
        rng.random(200) < drawn, rng.integers(10, size=200), y[train]
    )
    return (X[train], labels), (X[dev], y[dev])


def train(layers, data, seed, epochs=60, **settings):
    """A network of these layers, trained by Adam on mini-batches of 50,
    and its history."""
    network = Network(64, layers, rng=seed)
    history = fit(
        network,
        *data,
        Adam(0.003),
        epochs=epochs,
        batch_size=50,
        rng=seed,
        **settings,
    )
    return network, history


training_set, dev_set = sample(seed=0)
plain_layers = [Dense(128), ReLU(), Dense(64), ReLU(), Dense(10)]
network, history = train(plain_layers, training_set, seed=0, dev=dev_set)
plots.overfitting(history)
print(
    f"parameters: {network.theta.size}, training examples: "
    f"{len(training_set[1])}"
)
print(
    f"after {history.epochs} epochs: train {history.accuracy[-1]:.0%},"
    f" dev {history.dev_accuracy[-1]:.0%}"
)

# %% [markdown]
# That is high variance. With far more weights than examples, the network reproduces every label,
# the wrong ones as well. What if no unit could count on any other unit being there?
#
# ## A mask
#
# **Dropout** decides for each hidden unit, for each example, in each step anew, whether it is
# there. It is *kept* with the probability `keep_prob`. To decide, draw $u$ uniformly from
# $[0, 1)$:
#
# $$\text{mask}_{ij} = (u_{ij} < q), \qquad q = \texttt{keep\_prob}$$
#
# **Your task.** Turn the draws `u` into a mask of `True` (kept) and `False` (dropped).

# %% tags=["exercise"]
dropout_mask

# %%
rng = np.random.default_rng(1)
mask = dropout_mask(rng.random((24, 64)), 0.6)
plots.masks(mask, 0.6)
per_example = mask.mean(axis=1)
print(f"kept in all: {mask.mean():.2f}")
print(
    f"kept per example: from {per_example.min():.2f} to "
    f"{per_example.max():.2f}"
)

# %% [markdown]
# Each row is one example's own *thinned* network. With $n$ units there are $2^n$ of them, all
# made from the same weights, and training visits a few of them at every step.
#
# ## Forward: what is left has to grow
#
# If a share of the units is missing, the sums in the next layer are too small by that share.
# **Inverted dropout** makes up for it at once: what is kept is divided by `keep_prob`.
#
# $$\tilde a = \frac{a \odot \text{mask}}{q}, \qquad
# \mathbb{E}[\tilde a] = \frac{q \cdot a + (1 - q) \cdot 0}{q} = a$$
#
# **Your task.** Write it, for a mask that is given. Leave `a` as it is.

# %% tags=["exercise"]
dropout_forward

# %% [markdown]
# Is the expected activation really unchanged? Drop one unit whose activation is 1, again and again.

# %%
a = np.ones((3000, 1))
mask = dropout_mask(rng.random(a.shape), 0.8)
named = {
    "a * mask / keep_prob": dropout_forward(a, mask, 0.8)[:, 0],
    "a * mask": (a * mask)[:, 0],
}
plots.running_means(named, truth=1.0)
for name, values in named.items():
    print(f"{name:<20} mean after 3000 masks: {values.mean():.2f}")

# %% [markdown]
# And fifty units at once, with other activations:

# %%
a = rng.normal(size=50)
masks = dropout_mask(rng.random((20_000, 50)), 0.8)
means = np.mean([dropout_forward(a, mask, 0.8) for mask in masks], axis=0)
print(
    "50 units, 20 000 masks: largest error of the mean "
    f"{np.abs(means - a).max():.2f}"
)
claim(
    "the expected activation is unchanged: 50 means lie within 0.03 of a",
    np.abs(means - a).max() < 0.03,
)

# %% [markdown]
# ## Predict: one network for all of them
#
# When you predict, you want one answer, not a random one. So all units are there. After inverted
# dropout there is nothing else to do, and you can forget that dropout was ever used.
#
# The **classic** form, the first to be published, does not divide in training. It has to make
# up for that in every prediction: each activation is scaled down to what it was on average.
#
# $$\mathbb{E}[a \odot \text{mask}] = q\, a$$
#
# **Your task.** Write the test-time step of classic dropout. You will still meet it in old code.

# %% tags=["exercise"]
classic_dropout_predict

# %% [markdown]
# Why is one pass with scaled activations a good summary of $2^n$ thinned networks? For one softmax
# layer you can ask all of them. Eight units make 256 thinned networks; each has a
# probability, $q$ for every kept and $1 - q$ for every dropped unit. Their *geometric* mean:
#
# $$p(\text{class}) \propto \prod_{\text{masks}} p(\text{class} \mid \text{mask})^{P(\text{mask})}$$

# %%
units, keep_prob = 8, 0.7
a, W = rng.random(units), rng.normal(size=(units, 3))
every_mask = (np.arange(2**units)[:, None] >> np.arange(units)) % 2 == 1
chance = np.where(every_mask, keep_prob, 1 - keep_prob).prod(axis=1)
thinned = softmax((a * every_mask) @ W)
geometric = np.exp(chance @ np.log(thinned))
geometric = geometric / geometric.sum()
one_pass = softmax(classic_dropout_predict(a, keep_prob) @ W)
plots.thinned_predictions(thinned, geometric, one_pass)
print(
    f"{len(thinned)} thinned networks, geometric mean: {geometric.round(3)}"
)
print(f"one pass with all units, scaled:      {one_pass.round(3)}")
claim(
    "for a softmax layer, one scaled pass is the geometric mean of all "
    "thinned networks",
    np.allclose(geometric, one_pass),
)

# %% [markdown]
# So dropout trains an **ensemble** that shares its weights, and prediction asks all of it in one
# pass. With hidden layers in between this is an approximation, no longer an identity.
#
# ## Backward: the same mask
#
# A dropped unit had no share in the loss, so no derivative passes through it. A kept unit was
# multiplied by $1/q$, so its derivative is, too:
#
# $$\frac{\partial J}{\partial a} = \frac{\partial J}{\partial \tilde a} \cdot
# \frac{\partial \tilde a}{\partial a}$$
#
# **Your task.** Take the derivative `da` of dropout's output back to its input. The mask must be
# the one of the forward pass, which is why it is an argument.

# %% tags=["exercise"]
dropout_backward

# %%
a, slope = rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
mask, other = dropout_mask(rng.random((2, 4, 5)), 0.6)
h = 1e-5
up, down = (dropout_forward(a + step, mask, 0.6) for step in (h, -h))
numerical = slope * (up - down) / (2 * h)
errors = [
    np.abs(dropout_backward(slope, m, 0.6) - numerical).max()
    for m in (mask, other)
]
print(f"against the numerical derivative, same mask: {errors[0]:.4f}")
print(f"against the numerical derivative, new mask:  {errors[1]:.2f}")
claim(
    "backward fits forward with the same mask, and only with it",
    errors[0] < 1e-6 and errors[1] > 0.1,
)

# %% [markdown]
# ## Your dropout at work
#
# Your three functions make a layer. It draws a mask in training and does nothing in prediction.


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


# %% [markdown]
# Now the network from the top, with your layer behind the inputs and behind each hidden layer.


# %%
def with_dropout(inputs, first, second):
    """64-128-64-10, with a keep_prob for the inputs and for each of the
    hidden layers."""
    one = [Dense(128), ReLU(), YourDropout(first)]
    two = [Dense(64), ReLU(), YourDropout(second)]
    return [YourDropout(inputs), *one, *two, Dense(10)]


def five_runs(keep_probs, drawn=0.2):
    """Five networks, each with digits, labels, start and masks of its own."""
    return [
        train(
            with_dropout(*keep_probs),
            sample(seed, drawn)[0],
            seed,
            measure=False,
        )[0]
        for seed in range(5)
    ]


def dev_accuracies(networks):
    return np.array(
        [net.accuracy(*sample(seed)[1]) for seed, net in enumerate(networks)]
    )


# %% [markdown]
# With `keep_prob = 1` nothing is dropped, so the same code trains the network without dropout.
# Five seeds each, once with the wrong labels and once with clean ones.

# %%
none, half = five_runs([1, 1, 1]), five_runs([1, 0.5, 0.5])
clean_none = five_runs([1, 1, 1], drawn=0)
clean_half = five_runs([1, 0.5, 0.5], drawn=0)
off, on = dev_accuracies(none), dev_accuracies(half)
clean_off, clean_on = dev_accuracies(clean_none), dev_accuracies(clean_half)
results = {
    "Some labels wrong: much to gain": (100 * off, 100 * on),
    "All labels right: little to gain": (100 * clean_off, 100 * clean_on),
}
plots.pairs(results, ("keep_prob 1", "keep_prob 0.5"), "dev accuracy (%)")
print(
    f"wrong labels: dev {off.mean():.1%} without, "
    f"{on.mean():.1%} with dropout"
)
print(
    f"clean labels: dev {clean_off.mean():.1%} without, "
    f"{clean_on.mean():.1%} with dropout"
)

# %% [markdown]
# How many of the wrong labels does each network reproduce?


# %%
def mistakes_learned(networks):
    """The share of wrong labels in the training set that each
    network reproduces."""
    shares = []
    for seed, net in enumerate(networks):
        (X_train, labels), (_, truth) = (
            sample(seed)[0],
            sample(seed, drawn=0)[0],
        )
        wrong = labels != truth
        shares.append(np.mean(net.predict(X_train[wrong]) == labels[wrong]))
    return np.array(shares)


learned = mistakes_learned(none).mean(), mistakes_learned(half).mean()
print(
    f"wrong labels learned: {learned[0]:.0%} without, "
    f"{learned[1]:.0%} with dropout"
)

# %%
claim(
    "with wrong labels dropout gains over 3 points in each of 5 seeds",
    (on - off).min() > 0.03,
)
claim(
    "without dropout nearly all wrong labels are learned by heart, "
    "with it fewer than half",
    learned[0] > 0.95 and learned[1] < 0.5,
)
claim(
    "with clean labels it gains less, on average over 5 seeds",
    (clean_on - clean_off).mean() < (on - off).mean(),
)

# %% [markdown]
# That is the honest picture: dropout is a cure for variance. Where a network overfits badly it
# gains much; where there is little to cure, it gains little, and training becomes noisier.
#
# ## The price: J is no longer one curve
#
# Your best check of a training run is that batch gradient descent lowers $J$ at every step. With
# dropout on, each step measures $J$ on *another* network.

# %%
step_costs = {}
for keep_prob in (1.0, 0.5):
    step_costs[keep_prob] = []
    for seed in range(5):
        net = Network(64, with_dropout(1, keep_prob, keep_prob), rng=seed)
        history = fit(
            net, *sample(seed)[0], SGD(0.05), epochs=100, measure=False
        )
        step_costs[keep_prob].append(history.step_losses)
plots.costs(step_costs[1.0][0], step_costs[0.5][0])
rises = {
    k: (np.diff(costs, axis=1) > 0).sum(axis=1)
    for k, costs in step_costs.items()
}
for name, k in {"off": 1.0, "on": 0.5}.items():
    print(
        f"dropout {name:<3}: J rose at {rises[k].mean():.0f} of 99 steps "
        "(mean of 5 seeds)"
    )
claim(
    "with dropout off J falls at every step, in each of 5 seeds",
    rises[1.0].max() == 0,
)
claim(
    "with dropout on J rises at more than 20 of 99 steps, in each of 5 seeds",
    rises[0.5].min() > 20,
)

# %% [markdown]
# So you work in this order: set `keep_prob` to 1, see $J$ fall, then switch dropout on.
#
# ## Why it helps: nobody is indispensable
#
# Without dropout, units may lean on each other: one corrects what another overdoes. Such
# **co-adaptation** fits the training set and little else. A unit that has to work in
# ever changing company cannot lean on any other, so the next layer spreads its weights.
#
# Both can be measured. First: remove hidden units at random from the *trained* networks.


# %%
def accuracy_without(network, X_dev, y_dev, share, rng):
    """Accuracy when this share of the hidden units is removed,
    and the rest scaled up."""
    hidden, a = len(network.weights) - 1, X_dev
    for i, (W, b) in enumerate(
        zip(network.weights, network.biases, strict=True)
    ):
        a = a @ W + b
        if i < hidden:
            mask = dropout_mask(rng.random(a.shape[1]), 1 - share)
            a = dropout_forward(np.maximum(a, 0), mask, 1 - share)
    return np.mean(a.argmax(axis=1) == y_dev)


def damaged(network, seed, repeats=5):
    """Mean accuracy for each share of units removed."""
    dev = sample(seed)[1]
    draws = [
        [accuracy_without(network, *dev, s, rng) for s in shares]
        for _ in range(repeats)
    ]
    return np.mean(draws, axis=0)


# %%
shares = [0, 0.15, 0.3, 0.5, 0.7]
groups = {"without dropout": none, "keep_prob 0.5": half}
robust = {
    name: np.array([damaged(net, seed) for seed, net in enumerate(networks)])
    for name, networks in groups.items()
}
plots.damage(shares, robust)
for name, accuracy in robust.items():
    kept, lost = accuracy.mean(axis=0)[[0, 3]]
    print(f"{name:<15}: dev {kept:.0%}, without half of its units {lost:.0%}")
without, with_half = robust.values()
claim(
    "without half of the units, dropout's network is over 15 points ahead "
    "in each of 5 seeds",
    (with_half[:, 3] - without[:, 3]).min() > 0.15,
)

# %% [markdown]
# Second: of all inputs to a unit, how many count? If its $n$ weights are equally large they all
# do, and the number below is 1; if one weight is much larger than the rest, it is $1/n$.
#
# $$\text{inputs that count} = \frac1n \cdot \frac{\left(\sum_i w_i^2\right)^2}{\sum_i w_i^4}$$


# %%
def inputs_that_count(W):
    return np.mean((W**2).sum(axis=0) ** 2 / (W**4).sum(axis=0)) / len(W)


def by_layer(measure, networks):
    """What `measure` says of the two weight matrices that stand
    behind a dropout."""
    return np.array(
        [[measure(W) for W in net.weights[1:]] for net in networks]
    )


spread = {
    name: by_layer(inputs_that_count, networks)
    for name, networks in groups.items()
}
plots.spread(spread)
for name, values in spread.items():
    second, last = values.mean(axis=0)
    print(f"{name:<15}: inputs that count {second:.1%} and {last:.1%}")
narrow, wide = spread.values()
claim(
    "weights spread: in the last layer in each of 5 seeds, "
    "in the one before on average",
    np.all(wide[:, 1] > narrow[:, 1])
    and wide[:, 0].mean() > narrow[:, 0].mean(),
)
norms = [
    by_layer(np.linalg.norm, networks).mean(axis=0)
    for networks in (none, half)
]
ratio = norms[1] / norms[0]
print(
    f"norm with dropout over norm without: {ratio[0]:.2f} and {ratio[1]:.2f}"
)
claim(
    "and they shrink, as with L2: the mean norm of 5 seeds falls in both",
    np.all(ratio < 1),
)

# %% [markdown]
# Behind the second dropout the effect is clear, behind the first it is slight. The shrinking shows in both: dropout acts as a
# penalty on weights, too.

# %% [markdown]
# ## A keep_prob for each layer
#
# You may choose `keep_prob` for every layer. The rule: **low where the weight matrices are
# large**, since these overfit most easily; near 1 where they are small; 1 or nearly 1 for the
# inputs, because a dropped pixel is information lost; never on the outputs.

# %%
settings = {
    "no dropout": off,
    "hidden .5, .5": on,
    "hidden .8, .3 (low at the small matrix)": dev_accuracies(
        five_runs([1, 0.8, 0.3])
    ),
    "hidden .3, .8 (low at the large matrix)": dev_accuracies(
        five_runs([1, 0.3, 0.8])
    ),
    "inputs .9, hidden .3, .8": dev_accuracies(five_runs([0.9, 0.3, 0.8])),
    "inputs .5, hidden .3, .8": dev_accuracies(five_runs([0.5, 0.3, 0.8])),
}
plots.layer_by_layer(settings)
for name, accuracy in settings.items():
    print(f"{name:<40} dev {accuracy.mean():.1%}")
sizes = " and ".join(
    f"{W.shape[0]} x {W.shape[1]}" for W in none[0].weights[1:]
)
print(f"the matrices after the hidden layers are {sizes}")
_, _, low_small, low_large, most_inputs, few_inputs = settings.values()
claim(
    "low keep_prob at the large matrix beats low keep_prob at the small "
    "one, mean of 5 seeds",
    low_large.mean() > low_small.mean(),
)
claim(
    "to keep .9 of the inputs beats to keep .5 of them by over 3 "
    "points, mean of 5 seeds",
    most_inputs.mean() > few_inputs.mean() + 0.03,
)

# %% [markdown]
# Each `keep_prob` is one more hyperparameter. If you have no time to search, one value for all
# hidden layers is a fair start.
#
# **Explore.** A small network on few points. Move the seed: each is another thinned network.
# Compare its boundary with the mean of many. Then lower both `keep_prob`: from
# which value on does the network no longer fit the points? That is bias, bought with dropout.

# %%
dropout_rate()

# %% [markdown]
# ## DropConnect: drop weights instead
#
# A unit that is dropped is gone for the whole next layer. **DropConnect** drops single
# *weights*, so each output unit misses other inputs:
#
# $$z = x \, \frac{W \odot \text{mask}}{q} + b$$
#
# **Your task.** Write this layer's forward pass. The bias is neither dropped nor scaled.

# %% tags=["exercise"]
dropconnect_forward

# %% [markdown]
# What is the difference? Watch the noise that eight outputs receive. With dropout they all
# miss the same inputs, so their noise goes together. With DropConnect each is disturbed on its
# own. (All weights are positive here, which shows it most clearly.)

# %%
h, W, b = rng.random(40), rng.random((40, 8)), np.zeros(8)
draws = 1500
units = dropout_mask(rng.random((draws, 40)), 0.5)
weights = dropout_mask(rng.random((draws, 40, 8)), 0.5)
outputs = {
    "Dropout: the same noise for all": np.array(
        [dropout_forward(h, mask, 0.5) @ W + b for mask in units]
    ),
    "DropConnect: noise of their own": np.array(
        [dropconnect_forward(h[None], W, b, mask, 0.5)[0] for mask in weights]
    ),
}
correlation = {name: np.corrcoef(z.T) for name, z in outputs.items()}
plots.correlations(correlation)
pair = np.triu_indices(8, k=1)
typical = {name: np.abs(c[pair]).mean() for name, c in correlation.items()}
off_by = [
    np.abs(z.mean(axis=0) - h @ W).max() / (h @ W).mean()
    for z in outputs.values()
]
for (name, value), error in zip(typical.items(), off_by, strict=True):
    print(
        f"{name:<32} mean |correlation| {value:.2f}, mean off by {error:.1%}"
    )
shared, own = typical.values()

# %%
claim(
    "both leave the expected output unchanged, within 2 %", max(off_by) < 0.02
)
claim(
    "DropConnect's noise is over 10 times less correlated "
    "between the outputs",
    shared > 10 * own,
)

# %% [markdown]
# The price is a mask as large as $W$. Dropout is used far more often.
#
# ## Monte Carlo dropout: ask many of them
#
# So far you switched dropout off to predict. Leave it **on**, and each pass is another thinned
# network's opinion. Where many opinions agree, the network is sure; where they differ, it is
# not:
#
# $$\text{mean} = \frac1T \sum_{t=1}^{T} \hat y_t, \qquad
# \text{std} = \sqrt{\frac1T \sum_{t=1}^{T} (\hat y_t - \text{mean})^2}$$
#
# **Your task.** Collect `n_samples` predictions, and return their mean and their spread.

# %% tags=["exercise"]
mc_dropout_predict

# %% [markdown]
# Five networks with `keep_prob` 0.8, trained on 200 clean digits, and 500 digits of the dev set.
# `forward(x, training=True, rng=rng)` is a pass with dropout on.


# %%
def ask_many(network, X_dev, seed, n_samples=40):
    def forward(x, rng):
        return network.forward(x, training=True, rng=rng)

    return mc_dropout_predict(
        forward, X_dev, n_samples, np.random.default_rng(seed)
    )


def opinions(network, seed):
    """For 500 dev digits: is the guess right, its spread, its confidence;
    and those of one pass."""
    X_dev, y_dev = (part[:500] for part in sample(seed)[1])
    mean, std = ask_many(network, X_dev, seed)
    guess, one_pass = mean.argmax(axis=1), network.predict_proba(X_dev)
    own = std[np.arange(500), guess]
    plain = one_pass.argmax(axis=1) == y_dev, one_pass.max(axis=1)
    return guess == y_dev, own, mean.max(axis=1), *plain


mild = five_runs([1, 0.8, 0.8], drawn=0)
asked = [opinions(net, seed) for seed, net in enumerate(mild)]

# %%
std_right = np.array([own[right].mean() for right, own, *_ in asked])
std_wrong = np.array([own[~right].mean() for right, own, *_ in asked])
sure = np.array([top[~right].mean() for right, _, top, *_ in asked])
sure_plain = np.array([top[~right].mean() for *_, right, top in asked])
plots.certainty(asked[0][1], asked[0][0], sure_plain, sure)
many, one = (np.mean([answer[k].mean() for answer in asked]) for k in (0, 3))
print(f"accuracy: one pass {one:.1%}, mean of 40 samples {many:.1%}")
print(
    f"spread: {std_right.mean():.2f} where right, "
    f"{std_wrong.mean():.2f} where wrong"
)
print(
    f"confidence where wrong: one pass {sure_plain.mean():.2f}, "
    f"40 {sure.mean():.2f}"
)

# %%
claim(
    "it is less certain where it is wrong: over twice the spread, "
    "in each of 5 seeds",
    np.all(std_wrong > 2 * std_right),
)
claim(
    "and less sure of its errors than one pass is, in each of 5 seeds",
    np.all(sure < sure_plain),
)
claim(
    "its accuracy is that of one pass, within a point (mean of 5 seeds)",
    abs(many - one) < 0.01,
)

# %% [markdown]
# Which digits are these? Above the six with the smallest spread, below the six with the largest,
# each with its true label.

# %%
X_dev, y_dev = (part[:500] for part in sample(0)[1])
right, own, *_ = asked[0]
order = np.argsort(own)
surest, least = order[:6], order[-6:]
plots.digit_rows(
    {
        "surest": (X_dev[surest], y_dev[surest]),
        "least sure": (X_dev[least], y_dev[least]),
    }
)
calm, torn = np.sum(~right[order[:250]]), np.sum(~right[order[250:]])
print(f"errors among the surest half: {calm}, among the other half: {torn}")
claim("most errors are in the less sure half", torn > 3 * calm)

# %% [markdown]
# You pay with 40 passes instead of one. And the spread is only as honest as the masks are: with
# a low `keep_prob` the thinned networks differ so much that the mean becomes too *modest*. Here
# is how sure it is, and how often it is right, for 200 dev digits, after training on clean labels.


# %%
def sure_and_right(network, seed):
    X_dev, y_dev = (part[:200] for part in sample(seed)[1])
    mean, _ = ask_many(network, X_dev, seed)
    return mean.max(axis=1).mean(), np.mean(mean.argmax(axis=1) == y_dev)


modest = {}
for name, networks in {
    "keep_prob .8": mild,
    "keep_prob .5": clean_half,
}.items():
    runs = np.array(
        [sure_and_right(net, seed) for seed, net in enumerate(networks)]
    )
    modest[name] = runs[:, 1] - runs[:, 0]
    print(
        f"{name} mean confidence {runs[:, 0].mean():.0%}, "
        f"accuracy {runs[:, 1].mean():.0%}"
    )
claim(
    "with keep_prob .5 the mean is over 5 points less sure than it is right, "
    "in each of 5 seeds",
    modest["keep_prob .5"].min() > 0.05,
)
claim(
    "with keep_prob .8 it is not, on average over 5 seeds",
    modest["keep_prob .8"].mean() < 0.05,
)

# %% [markdown]
# ## Alpha dropout: for SELU networks
#
# A SELU network (lesson 07) holds the mean of its activations at 0 and the variance at 1 by
# itself. Dropout's zeros and its division disturb the variance. **Alpha dropout** puts a unit
# where SELU itself puts a silent unit, at $d = -\lambda\alpha$, and then corrects mean and
# variance:
#
# $$A = \left(q + d^2 q (1 - q)\right)^{-1/2}, \qquad B = -A\, d\, (1 - q), \qquad
# \tilde x = A \cdot (x \text{ if kept, else } d) + B$$
#
# **Your task.** Write it. The docstring has the two constants.

# %% tags=["exercise"]
alpha_dropout

# %% [markdown]
# Twenty SELU layers with LeCun's initialization, `keep_prob` 0.9, and inputs of mean 0 and variance
# 1: without dropout, with ordinary dropout, and with yours.


# %%
def through_layers(drop, seed, keep_prob=0.9, layers=20):
    """Mean and variance of the activations after each layer."""
    rng = np.random.default_rng(seed)
    x, found = rng.normal(size=(300, 100)), []
    for _ in range(layers):
        x, _ = selu(x @ rng.normal(0, np.sqrt(1 / 100), size=(100, 100)))
        x = drop(x, dropout_mask(rng.random(x.shape), keep_prob), keep_prob)
        found.append((x.mean(), x.var()))
    return found


# %%
kinds = {
    "alpha dropout": alpha_dropout,
    "ordinary dropout": dropout_forward,
    "none": lambda x, mask, keep_prob: x,
}
found = {
    name: np.array([through_layers(drop, seed) for seed in range(5)])
    for name, drop in kinds.items()
}
plots.moments({name: values.mean(axis=0) for name, values in found.items()})
for name, values in found.items():
    mean, variance = values[:, -1].mean(axis=0)
    print(
        f"{name:<17} after 20 layers: |mean| {abs(mean):.2f}, "
        f"variance {variance:.2f}"
    )
kept = found["alpha dropout"]
claim(
    "alpha dropout keeps the mean within 0.2 of 0, "
    "the variance within 0.3 of 1, in all layers",
    np.abs(kept[..., 0]).max() < 0.2 and np.abs(kept[..., 1] - 1).max() < 0.3,
)
claim(
    "ordinary dropout raises the variance by over a third in 20 layers",
    found["ordinary dropout"][:, -1, 1].mean() > 4 / 3,
)

# %% [markdown]
# ## Dropout and batch normalization together
#
# Batch normalization (lesson 15) divides by the standard deviation of what it receives. In
# training it takes the batch's; for prediction it has stored a running variance. Dropout leaves
# the mean alone but not the variance:
#
# $$\operatorname{Var}[\tilde a] = \operatorname{Var}[a] + \frac{1 - q}{q}\, \mathbb{E}[a^2]$$
#
# So a batch normalization *behind* a dropout stores the larger variance of training, and divides
# by it when dropout is off. Xiang Li and others (2019) call it the variance shift.


# %%
def normalized(dropout_everywhere):
    """64-64-64-64-10 with batch normalization; dropout in each hidden layer,
    or in the last."""
    layers = []
    for i in range(3):
        layers += [Dense(64), BatchNorm(), ReLU()]
        layers += [YourDropout(0.5)] if dropout_everywhere or i == 2 else []
    return [*layers, Dense(10)]


def stored_over_seen(network, X):
    """At each batch normalization: running variance over the variance
    without dropout."""
    ratios, a = [], X
    for layer in network.layers:
        if isinstance(layer, BatchNorm):
            ratios.append(layer.running_var.mean() / a.var(axis=0).mean())
        a = layer.forward(a)
    return ratios


def measure_again(network, X):
    """Store the statistics anew, with dropout off."""
    for layer in network.layers:
        layer.keep_prob = 1.0
    for _ in range(60):
        network.forward(X, training=True)


# %% [markdown]
# Dropout in each hidden layer, so before two of the three batch normalizations; and dropout in
# the last hidden layer only, behind all of them. Five seeds each.

# %%
shift, losses = {}, {}
for name, everywhere in {
    "in each hidden layer": True,
    "in the last only": False,
}.items():
    shift[name], losses[name] = [], []
    for seed in range(5):
        known, dev = sample(seed)
        net, _ = train(normalized(everywhere), known, seed, measure=False)
        shift[name].append(stored_over_seen(net, known[0]))
        before = net.loss(*dev)
        measure_again(net, known[0])
        losses[name].append((before, net.loss(*dev)))
shift, losses = (
    {k: np.array(v) for k, v in d.items()} for d in (shift, losses)
)
plots.variance_shift(shift)
for name in shift:
    ratio, (before, after) = (
        shift[name].mean(axis=0),
        losses[name].mean(axis=0),
    )
    print(
        f"dropout {name}: stored over seen",
        *(f"{r:.1f}" for r in ratio),
        end="; ",
    )
    print(f"dev loss {before:.2f}, measured again {after:.2f}")

# %%
each, last = shift.values()
each_loss, last_loss = losses.values()
claim(
    "behind a dropout the stored variance is over 20 % too large, "
    "in each of 5 seeds",
    each[:, 1:].min() > 1.2,
)
claim(
    "with dropout behind all of them it is not, in any of 5 seeds",
    last.max() < 1.1,
)
claim(
    "to measure the statistics again without dropout lowers the dev loss "
    "in each of 5 seeds",
    np.all(np.diff(each_loss, axis=1) < 0),
)
claim(
    "then dropout in each layer has a lower dev loss than in the last "
    "only, mean of 5 seeds",
    each_loss[:, 1].mean() < last_loss[:, 1].mean() - 0.05,
)

# %% [markdown]
# If you want both, you have two ways out: dropout behind the last batch normalization only, which
# is what the authors advise, or dropout where you like, and the statistics measured again without
# it. On these digits with wrong labels the second did better. Batch normalization regularizes a
# little by itself (lesson 15), so try without dropout first.
#
# ## The same in Keras
#
# Keras' `Dropout(rate)` is inverted dropout, with `rate = 1 - keep_prob`. It draws its own mask,
# but you can read it off the output and hand it to your functions.

# %%
import keras
import tensorflow as tf

keras.utils.set_random_seed(4)
x = tf.constant(
    np.random.default_rng(4).normal(size=(50, 40)), dtype=tf.float32
)
layer = keras.layers.Dropout(1 - 0.8)
with tf.GradientTape() as tape:
    tape.watch(x)
    theirs = layer(x, training=True)
gradient = tape.gradient(theirs, x, output_gradients=x).numpy()
mask = theirs.numpy() != 0
ours = dropout_forward(x.numpy(), mask, 0.8)
ours_back = dropout_backward(x.numpy(), mask, 0.8)
ones = layer(np.ones((200, 500)), training=True).numpy()
print(
    f"Keras on ones: values {np.unique(ones.round(2)).tolist()}, "
    f"mean {ones.mean():.2f}"
)
claim(
    "Keras' dropout is inverted: kept ones become 1.25, their mean stays 1",
    np.allclose(np.unique(ones), [0, 1.25]) and abs(ones.mean() - 1) < 0.01,
)
claim(
    "given the same mask, your forward equals Keras'",
    np.allclose(ours, theirs, atol=1e-6),
)
claim(
    "and your backward its gradient",
    np.allclose(ours_back, gradient, atol=1e-6),
)
claim("without training=True it changes nothing", np.array_equal(layer(x), x))

# %% [markdown]
# Alpha dropout, the same way; a dropped unit is recognised by its constant value.

# %%
dropped = alpha_dropout(np.zeros(1), np.array([False]), 0.9)
theirs = keras.layers.AlphaDropout(1 - 0.9)(x, training=True).numpy()
mask = ~np.isclose(theirs, dropped, atol=1e-5)
claim(
    "given the same mask, your alpha dropout equals Keras'",
    np.allclose(alpha_dropout(x.numpy(), mask, 0.9), theirs, atol=1e-4),
)

# %% [markdown]
# And Monte Carlo dropout, which in Keras is nothing but `training=True`: the first of the five
# networks above, its weights copied into a Keras model.

# %%
one = [keras.layers.Dense(128, "relu"), keras.layers.Dropout(1 - 0.8)]
two = [keras.layers.Dense(64, "relu"), keras.layers.Dropout(1 - 0.8)]
output = keras.layers.Dense(10, "softmax")
model = keras.Sequential([keras.layers.Input((64,)), *one, *two, output])
both = zip(mild[0].weights, mild[0].biases, strict=True)
model.set_weights([part for pair in both for part in pair])
X_dev = sample(0)[1][0][:200]


# Keras has a generator of its own: rng is not used
def keras_forward(x, rng):
    return model(x, training=True).numpy()


theirs, their_std = mc_dropout_predict(keras_forward, X_dev, 200, None)
ours, our_std = ask_many(mild[0], X_dev, 0, n_samples=200)
print(f"mean spread: ours {our_std.mean():.3f}, Keras {their_std.mean():.3f}")
print(
    "largest difference of two means of 200 samples: "
    f"{np.abs(ours - theirs).max():.1f}"
)

# %%
claim(
    "one pass without dropout is the same in both",
    np.allclose(
        mild[0].predict_proba(X_dev), model(X_dev).numpy(), atol=1e-4
    ),
)
claim(
    "Monte Carlo means agree within sampling error",
    np.abs(ours - theirs).max() < 0.2,
)
claim(
    "and so does the mean spread, within 5 %",
    abs(our_std.mean() / their_std.mean() - 1) < 0.05,
)

# %% [markdown]
# In Keras `Dropout` is off in `predict` and `evaluate`, and on in `fit`: the training loss that
# `fit` prints is measured with dropout on, its validation loss with dropout off. Do not be surprised
# if the second is smaller.
#
# ## Quiz

# %% tags=["quiz"]
why_divide_by_keep_prob

# %% tags=["quiz"]
cost_that_jumps

# %% tags=["quiz"]
where_to_drop_most

# %% tags=["quiz"]
the_same_in_keras

# %% tags=["quiz"]
what_mc_dropout_costs

# %% tags=["quiz"]
dropout_before_batch_norm

# %% [markdown]
# ## Papers to read
#
# - N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov (2014), *Dropout: a
#   simple way to prevent neural networks from overfitting*, JMLR 15. The full account, with
#   practical advice in its appendix.
# - L. Wan, M. Zeiler, S. Zhang, Y. LeCun and R. Fergus (2013), *Regularization of neural networks
#   using DropConnect*, ICML. Weights instead of units, and a way to average over masks.
# - Y. Gal and Z. Ghahramani (2016), *Dropout as a Bayesian approximation: representing model
#   uncertainty in deep learning*, ICML. Why the spread of the samples may be read as uncertainty.
# - G. Klambauer, T. Unterthiner, A. Mayr and S. Hochreiter (2017), *Self-normalizing neural
#   networks*, NIPS. SELU and alpha dropout, derived.
# - X. Li, S. Chen, X. Hu and J. Yang (2019), *Understanding the disharmony between dropout and
#   batch normalization by variance shift*, CVPR. What you measured, on deep networks.

# %% [markdown]
# ## What you can do now
#
# You know why the damage helps: each step trains another thinned network, units stop leaning on
# each other, weights spread and shrink, and with wrong labels the dev accuracy rose in all seeds.
# You know what to repair (divide by `keep_prob`, reuse the mask) and what to check (with dropout
# off, $J$ falls). And you have seen where it helps little: clean labels, inputs, before a batch
# normalization.
#
# Next: [lesson 05](05_early_stopping_and_augmentation.ipynb) stops training in time, and makes more of few images.
