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
# # Initialization
#
# Before the first step of training there are already weights, and you chose them. Whether a deep network learns at all is
# often decided there. How large should the first weights be, so that a signal gets through 50 layers, and a gradient gets back?
#
# **Takes** about 90 minutes · **Before this** lessons 01, 03 (small weights) and 06 (normalized inputs)
#
# **You will**
# - repair a network whose units stay equal, and see which weights have to differ,
# - derive the size of the weights from the activation, and find the schemes of He, LeCun and Glorot in it,
# - see what these schemes keep: the mean over many networks, and not the signal of your own network,
# - measure when all this matters for learning, and when it does not.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.activations import relu, selu, sigmoid, tanh
from nnutils.data import digits
from nnutils.lessons.initialization import plots
from nnutils.lessons.initialization.explorer import fifty_layers
from nnutils.lessons.initialization.given import (
    at_best_rates,
    there_and_back,
)
from nnutils.network import dense_network
from nnutils.optimizers import SGD
from nnutils.training import fit

X, y = digits()
X = (X - X.mean()) / X.std()  # mean 0, variance 1 over all pixels (lesson 06)
print(
    f"{len(X)} digits, {X.shape[1]} pixels; mean {X.mean():.2f}, "
    f"variance {X.var():.2f}"
)

# %% [markdown]
# ## Equal units stay equal
#
# The simplest start would be one number for all weights. Then all units of a hidden layer compute the same value, get the same
# gradient, and are still equal after the step, and after every other step. (Below, units *part* when they become different.) It does not help to draw that one number at random.
# A layer of equal units can do no more than one unit. To **break the symmetry**, something has to differ. What?

# %% tags=["predict"]
who_parts


# %%
def trained_units(start, seed, bias=0.0):
    """64-8-10, trained for 10 epochs. start: which weights are equal."""
    network = dense_network([64, 8, 10], rng=seed)
    incoming, outgoing = network.weights  # (64, 8) and (8, 10)
    if start in ("both equal", "incoming equal"):
        incoming[:] = 0.1
    if start in ("both equal", "outgoing equal"):
        outgoing[:] = 0.1
    network.biases[0][:] = bias
    silent = np.mean((X @ incoming + bias).max(axis=0) < 0)
    settings = {"epochs": 10, "batch_size": 64, "measure": False}
    fit(network, X, y, SGD(lr=0.1), rng=seed, **settings)
    return network, silent


starts = ("both equal", "incoming equal", "outgoing equal", "all random")
runs = {
    start: [trained_units(start, seed)[0] for seed in range(5)]
    for start in starts
}
plots.unit_pictures(
    {start: networks[0].weights[0] for start, networks in runs.items()},
    "The incoming weights of 8 units after training: "
    "only where both began equal are they one unit",
)
apart = {
    start: [np.ptp(n.weights[0], axis=1).max() for n in networks]
    for start, networks in runs.items()
}
accuracy = {
    start: np.mean([n.accuracy(X, y) for n in networks])
    for start, networks in runs.items()
}
for start in starts:
    print(
        f"{start:<15} units differ by up to {np.mean(apart[start]):.1f}, "
        f"accuracy {accuracy[start]:.0%}"
    )

# %%
equal_at_the_end = [max(apart[start]) < 1e-6 for start in starts[:3]]
letters = {(1, 0, 0): "a", (1, 1, 0): "b", (1, 1, 1): "c"}
measured("who_parts", letters[tuple(map(int, equal_at_the_end))])
claim(
    "units that begin equal are still equal after 10 epochs",
    max(apart["both equal"]),
    below=1e-6,
)
claim(
    "where only the incoming or only the outgoing weights are equal, the "
    "units part",
    min(apart["incoming equal"] + apart["outgoing equal"]),
    above=0.1,
)
claim(
    "random weights read more than twice as many digits",
    accuracy["all random"] / accuracy["both equal"],
    above=2,
    form=".1f",
)

# %% [markdown]
# Each picture shows one unit's 64 weights at the places of their pixels: red is positive, blue negative, each on a scale of
# its own. If only the incoming weights are equal, the different outgoing weights send different errors back, and the units part. If only the
# outgoing weights are equal, the units compute different values from the start. One of the two is enough. What about the biases?

# %%
finals = {bias: [] for bias in (0.0, 0.01, 0.1)}
for bias in finals:
    for seed in range(5):
        network, silent = trained_units("all random", seed, bias)
        finals[bias].append((network.accuracy(X, y), silent))
    reached, dead = np.mean(finals[bias], axis=0)
    print(f"biases {bias:<4} accuracy {reached:.0%}, dead units {dead:.0%}")
reached = {bias: np.mean(found, axis=0)[0] for bias, found in finals.items()}
silent = np.mean([share for _, share in finals[0.0]])
claim(
    "zero biases are fine: they part by themselves",
    min(np.ptp(n.biases[0]) for n in runs["all random"]),
    above=0.01,
    form=".2f",
)
claim(
    "with zero biases less than a fifth of the units are dead at the start",
    silent,
    below=0.2,
    form=".0%",
)
claim(
    "biases that begin at 0.1 change the accuracy by less than 3 points",
    100 * abs(reached[0.1] - reached[0.0]),
    below=3,
)

# %% [markdown]
# Zero biases are the rule. People used to begin the biases of ReLU layers at 0.1 or 0.01, so that no unit is **dead**, which means
# silent on every example. Weights of both signs leave hardly any unit dead, so there is nothing to repair.
#
# **Your task.** Below is the training of a network with one hidden layer, from its first weights on. Its units never part, because
# of several faults that act together. Repair it, so that it does what its docstring says.

# %% tags=["exercise"]
train_units

# %% [markdown]
# So the weights are drawn at random. What remains is one question: random numbers of *which size*?
#
# ## The signal from layer to layer
#
# Send real digits through a deep network that has learned nothing yet, and look how large the activations are after each layer:
#
# $$a^{[l]} = \text{activation}\left(a^{[l-1]} W^{[l]}\right), \qquad a^{[0]} = x$$
#
# **Your task.** Send `x` through the layers and write down the mean and the standard deviation of each layer's activations, over
# all examples and units together. There are no biases, since they begin at zero.

# %% tags=["exercise"]
activation_statistics

# %% [markdown]
# First a layer that only multiplies: each of its 64 units has one input, and multiplies it by 1.5, or by 0.5.

# %% tags=["predict"]
fifty_times

# %%
for factor in (1.5, 0.5):
    layers = [factor * np.eye(64)] * 50
    stds = [s for _, s in activation_statistics(layers, X[:50], np.array)]
    grown = stds[-1] / X[:50].std()
    print(
        f"{factor} a layer: {stds[9] / X[:50].std():.2g} times "
        f"after 10 layers, {grown:.0e} times after 50"
    )
    if factor > 1:
        measured("fifty_times", round(np.log10(grown), 1))

# %% [markdown]
# $1.5^{50}$ **explodes**, $0.5^{50}$ **vanishes**. One factor of 1.5 does little, but it acts fifty times. Now fifty layers of 200 ReLU
# units, with random weights of three sizes.


# %%
def values(activation):
    """The activation alone, without its derivative."""
    return lambda z: activation(z)[0]


def normal_weights(std, width=200, depth=50, seed=0):
    rng = np.random.default_rng(seed)
    sizes = [64] + [width] * depth
    return [
        rng.normal(0, std, pair)
        for pair in zip(sizes[:-1], sizes[1:], strict=True)
    ]


sizes = {}
for std in (1, 0.1, 0.01):
    found = activation_statistics(normal_weights(std), X[:50], values(relu))
    sizes[f"weights of std {std}"] = np.array(found)[:, 1]
plots.through_the_layers(
    "Too large explodes, too small vanishes", sizes, "std of the activations"
)
one, tenth, hundredth = sizes.values()
claim(
    "weights of std 1 explode: the signal grows more than 10^40 times",
    one[-1],
    above=1e40,
    form=".0e",
)
claim(
    "weights of std 0.01 vanish: less than 10^-40 is left",
    hundredth[-1],
    below=1e-40,
)

# %% [markdown]
# The curves are straight lines on a logarithmic axis: every layer multiplies the signal by about the same factor. In the middle one
# it is nearly 1. This is chance: with layers of another width it would not be. What makes the factor 1?
#
# ## The factor of a layer
#
# One unit computes $z = \sum_i w_i a_i$ over $n$ inputs. If the weights are independent, with mean 0, then each term has the
# variance $\operatorname{Var}(w)\, a_i^2$, and the variances add up. With $\overline{a^2}$, the mean square of the inputs:
#
# $$\operatorname{Var}(z) = n \, \operatorname{Var}(w) \, \overline{a^2}$$
#
# A sum of many terms is nearly normal. So there are two steps, which alternate: the weights make a normal $z$ of some size, and the activation makes
# an $a$ of another size. Let the weights have the standard deviation $g / \sqrt n$. The **gain** $g$ must make up
# for what the activation does to the size.
#
# **Your task.** Find the gain of any activation, for $z$ of mean 0 and standard deviation 1. No formula is given. Say first which of the two steps
# must undo which, then measure.

# %% tags=["exercise"]
gain

# %%
functions = {
    "no activation": lambda z: (z, np.ones_like(z)),
    "ReLU": relu,
    "SELU": selu,
    "tanh": tanh,
    "sigmoid": sigmoid,
}
gains = {name: gain(values(f)) for name, f in functions.items()}
for name, g in gains.items():
    print(f"{name:<14} gain {g:.2f}, variance of the weights {g**2:.2f} / n")

# %%
claim(
    "without an activation, and with SELU, LeCun's 1 / n comes out",
    max(abs(gains[name] ** 2 - 1) for name in ("no activation", "SELU")),
    below=0.03,
    form=".2f",
)
claim(
    "for ReLU, He's 2 / n comes out",
    gains["ReLU"] ** 2,
    between=(1.95, 2.05),
    form=".2f",
)
claim(
    "tanh's gain is near 1.59",
    gains["tanh"],
    between=(1.57, 1.61),
    form=".2f",
)

# %% [markdown]
# **He**'s factor 2 makes up for the half of the mean square that ReLU sets to 0. **LeCun**'s 1 is that of a layer without activation, and of SELU, whose
# constants were chosen so that its gain is 1 (lesson 09 writes it).

# %% [markdown]
# ## The gradient on its way back
#
# Backpropagation multiplies by the same matrices. The gradient by one input of a layer is a sum over the layer's $n_\text{out}$ units, and each term is
# multiplied by a slope $f'(z)$. So the gradient keeps its size with the variance $g^2 / n_\text{out}$, where $g$ is the gain of the *slope*.
# ReLU's slope is 1 in half of the cases and 0 in the others, which again takes half of the mean square.


# %%
def slopes(activation):
    return lambda z: activation(z)[1]


back = {name: gain(slopes(f)) for name, f in functions.items()}
for name, g in gains.items():
    print(f"{name:<14} gain forward {g:.2f}, backward {back[name]:.2f}")
claim(
    "ReLU needs the same gain forward and backward",
    back["ReLU"] / gains["ReLU"],
    between=(0.98, 1.02),
    form=".2f",
)
claim(
    "the sigmoid needs more than twice as much backward",
    back["sigmoid"] / gains["sigmoid"],
    above=2,
    form=".1f",
)

# %% [markdown]
# So there are two demands: $1/n_\text{in}$ for the way forward, $1/n_\text{out}$ for the way back. **Glorot** is a compromise: it divides by the mean of the two.
# It was made for activations of slope 1 at 0, such as tanh. He takes $n_\text{in}$ alone: over a whole network $n_\text{in}$ and $n_\text{out}$ lead to results that differ only by the ratio of
# the first width to the last. As standard deviations:
#
# $$\text{He: } \sqrt{\frac{2}{n_\text{in}}} \qquad \text{Glorot: } \sqrt{\frac{2}{n_\text{in} + n_\text{out}}} \qquad \text{LeCun: } \sqrt{\frac{1}{n_\text{in}}}$$
#
# **Your task.** Return the standard deviation of the weights for `"he"`, `"glorot"` or `"lecun"`, and raise a `ValueError`
# for any other scheme.

# %% tags=["exercise"]
init_std

# %% [markdown]
# **Your task.** Now make all parameters of a network: for every layer a matrix of normal draws with the
# standard deviation of your `init_std`, and zero biases.

# %% tags=["exercise"]
initialize

# %% [markdown]
# Now tanh. You measured the gain 1.59. Ng's course takes 1, and PyTorch 5/3, a little more than yours. Why 1? For small $z$, tanh is nearly a line of
# slope 1, and such a line has the gain 1. But with the gain 1 the signal shrinks in every layer, and $z$ is small only after many of them:


# %%
def mean_squares(activation, scheme, width, seed, g=1.0, depth=48):
    """Mean square of the activations after each layer, for one digit whose
    own mean square is 1. g multiplies the scheme's weights."""
    rng = np.random.default_rng([seed, width])
    start = initialize([64] + [width] * depth, scheme, rng)
    weights = [g * W for W, b in start]
    x = X[:1] / np.sqrt(np.mean(X[:1] ** 2))
    found = activation_statistics(weights, x, values(activation))
    return np.sum(np.square(found), axis=1)  # mean^2 + std^2


def tanh_networks(g, width, seeds):
    return np.array(
        [mean_squares(tanh, "lecun", width, s, g) for s in range(seeds)]
    )


at_one, at_own = (
    tanh_networks(g, 192, 5)[:, -1].mean() for g in (1, gains["tanh"])
)
print(
    f"tanh, mean square after 48 layers: gain 1 {at_one:.3f}, "
    f"own {at_own:.2f}"
)
claim(
    "with the gain 1, tanh leaves less than a tenth of what its own gain "
    "keeps",
    at_one / at_own,
    below=0.1,
    form=".3f",
)

# %% [markdown]
# The names are not the same everywhere, so look at the formula:
#
# | variance | Ng's course | Géron's book | Keras, then PyTorch |
# |---|---|---|---|
# | $1/n_\text{in}$ | "Xavier", for tanh | LeCun, for SELU | `LecunNormal`, `kaiming_normal_` with `nonlinearity="linear"` |
# | $2/n_\text{in}$ | He, for ReLU | He, for ReLU and its variants | `HeNormal`, `kaiming_normal_` |
# | $2/(n_\text{in} + n_\text{out})$ | named as an alternative | Glorot (Xavier is his first name), for tanh, sigmoid, softmax | `GlorotNormal`, `xavier_normal_` |
#
# Each has a uniform version, from $-\sqrt 3\,\sigma$ to $\sqrt 3\,\sigma$, which has the same standard deviation $\sigma$ and the same effect. The **default**, which you get if you say nothing, is
# another matter: Keras takes Glorot's, also for ReLU. PyTorch's `Linear` draws weights and biases uniformly from $-1/\sqrt{n_\text{in}}$ to $1/\sqrt{n_\text{in}}$, which is the variance
# $1/(3 n_\text{in})$. What does this variance do to a signal in ten ReLU layers? (We leave out the random biases. They add the same numbers for every example, so they cannot bring the
# signal back, but with them the activations do not go to 0.)

# %%
left = mean_squares(relu, "lecun", 192, 0, g=3**-0.5)
print(f"a layer leaves {left[9] / left[8]:.2f} of the mean square")
claim(
    "PyTorch's variance if you say nothing: ten ReLU layers leave less than "
    "10^-6 of the mean square",
    left[9],
    below=1e-6,
)

# %% [markdown]
# ## The mean is kept, the typical network is not
#
# The formula for the variance is about the mean over all draws of the weights. You train one draw. In each layer its factor is near 1, but not exactly 1, because it is a mean of $n$ random squares.
# The 48 factors multiply, so the logarithm of the signal makes a **random walk**. Here are 80 ReLU networks of each width, all with He's weights.

# %% tags=["predict"]
twice_as_deep


# %%
WIDTHS = (24, 48, 96, 192)


drawn = {
    width: np.array(
        [mean_squares(relu, "he", width, seed) for seed in range(80)]
    )
    for width in WIDTHS
}
plots.typical_networks(
    {f"{width} wide": drawn[width] for width in (24, 48, 192)}
)
for width in WIDTHS:
    last = drawn[width][:, -1]
    print(
        f"{width:>3} wide, after 48 layers: mean {np.mean(last):.1f}, "
        f"median {np.median(last):.2f}"
    )

# %%
spread = {w: np.log(runs).std(axis=0) for w, runs in drawn.items()}
tanh_runs = tanh_networks(gains["tanh"], 48, 80)
tanh_spread = np.log(tanh_runs).std(axis=0)
plots.spread_over_depth(spread, tanh_spread, 48)

# %%
# at the same depth / width, 1/4, and the width that suits 24 layers as
# 48 suits 12
alike = [spread[width][width // 4 - 1] for width in WIDTHS]
nearest = min(WIDTHS, key=lambda w: abs(spread[w][23] - spread[48][11]))
measured("twice_as_deep", nearest / 48)
claim(
    "He: the MEAN of 80 networks, 192 wide, is kept over 48 layers",
    drawn[192][:, -1].mean(),
    between=(0.5, 2),
    form=".1f",
)
claim(
    "but the typical network, 48 wide, is left with less than a third",
    np.median(drawn[48][:, -1]),
    below=1 / 3,
    form=".2f",
)
claim(
    "the spread follows depth over width: at the same ratio, the largest of "
    "four is less than 1.7 times the smallest",
    max(alike) / min(alike),
    below=1.7,
    form=".1f",
)
claim(
    "tanh networks of 48 units stray less than a quarter as far",
    tanh_spread[-1] / spread[48][-1],
    below=0.25,
    form=".2f",
)

# %% [markdown]
# A few networks, in which the signal is large, keep up the mean; in most networks the signal shrinks. (With 24 units such networks are so
# rare that 80 draws contain too few of them.) The variance of the logarithm of the mean square grows by about $5/n$ in a layer of $n$ ReLU
# units (Hanin and Nica 2020), so a network should be **wide for its depth**. The cause is ReLU. If its input is twice as large, its output is twice as large, so no layer
# corrects the size that the layer before it made. tanh corrects it: it shortens a large signal more than a small one.
#
# ## Sigmoid, tanh, ReLU
#
# A signal of the right size is not enough. A network must also keep the *difference* between two digits and, on the way back, the gradient. Look at both.
# Three variants of the sigmoid separate two possible causes of trouble: its mean is not 0, and its slope is small.

# %% tags=["predict"]
through_fifty


# %%
def stretched(z):
    value, slope = tanh(z / 2)  # tanh(z / 2) is 2 sigmoid(z) - 1
    return 2 * value, slope


def centred(z):
    value, slope = stretched(z)
    return value / 4, slope / 4


def both_ways(activation, g, depth=50, width=100):
    """The typical network: geometric means over 5 draws, (3, layers)."""
    found = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        start = initialize([64] + [width] * depth, "lecun", rng)
        weights = [g * W for W, b in start]
        found.append(there_and_back(weights, X[:50], activation, rng))
    return np.exp(np.mean(np.log(np.maximum(found, 1e-300)), axis=0))


signals = {
    "sigmoid": both_ways(sigmoid, 1),
    "sigmoid - 1/2": both_ways(centred, 1),
    "4 (sigmoid - 1/2)": both_ways(stretched, 1),
    "tanh, gain 1": both_ways(tanh, 1),
    f"tanh, gain {gains['tanh']:.2f}": both_ways(tanh, gains["tanh"]),
    "ReLU, He": both_ways(relu, np.sqrt(2)),
}
plots.forward_and_back({name: s[:2] for name, s in signals.items()})
gets_back = {name: s[1][0] / s[1][-1] for name, s in signals.items()}
for name, share in gets_back.items():
    print(f"{name:<18} of the gradient, layer 1 gets {share:.0e}")

# %%
arrives = [gets_back[name] > 1e-3 for name in [*signals][1:3]]
measured("through_fifty", {(1, 1): "a", (0, 1): "b"}.get((*arrives,), "c"))
claim(
    "sigmoid: less than 10^-20 of the gradient gets through 50 layers",
    gets_back["sigmoid"],
    below=1e-20,
)
claim(
    "with mean 0 and the small slope it is no better",
    gets_back["sigmoid - 1/2"],
    below=1e-20,
)
claim(
    "with slope 1 over a hundredth gets through",
    gets_back["4 (sigmoid - 1/2)"],
    above=0.01,
)
claim(
    "forward, the sigmoid leaves less than 10^-10 of what tells digits apart",
    signals["sigmoid"][0][-1],
    below=1e-10,
)
own = f"tanh, gain {gains['tanh']:.2f}"
claim(
    "tanh with its own gain keeps over half of what tells digits apart",
    signals[own][0][-1] / signals[own][0][0],
    above=0.5,
)
claim(
    "and its gradient grows over 5 times on the way back",
    gets_back[own],
    above=5,
    form=".0f",
)

# %% [markdown]
# The cause is the slope. The sigmoid's slope is at most 1/4, at $z = 0$, and each layer multiplies by it. Forward, its values keep a size of about one half, but this is the same
# half for every digit. Its other trouble is **saturation**: where $|z|$ is large, the curve is flat and the slope nearly 0. Can larger weights
# make up for the quarter?

# %%
larger = {g: both_ways(sigmoid, g) for g in (1, 3, 10)}
for g, (_, back, flat) in larger.items():
    print(
        f"gain {g:>2}: {back[30] / back[-1]:.0e} of the gradient gets "
        f"through 20 layers, {flat[-1]:.0%} of units flat"
    )
claim(
    "ten times as large weights bring over a hundredth through 20 layers",
    larger[10][1][30] / larger[10][1][-1],
    above=0.01,
)
claim(
    "and then over half of the units are saturated: their slope is below a "
    "tenth of the largest",
    larger[10][2][-1],
    above=0.5,
    form=".0%",
)

# %% [markdown]
# They can, but they saturate most units. This is one reason why plain hidden layers have no sigmoids any more. For the output of a yes-or-no question the sigmoid is still right.
# For tanh no gain is exactly right in both directions: 1 lets the signal shrink, 1.59 lets the gradient grow, both slowly.
#
# ## Does it matter for learning?
#
# Now train networks with 2 or 15 hidden layers of 40 units. They begin with one of five variances. Too large weights make large gradients, so each variance gets its own best learning rate,
# which is chosen on three seeds. The results come from five other seeds, with other splits, weights and orders. For comparison we train a model without a hidden layer.


# %%
def start(depth, activation):
    """Makes new networks, with the variance of the weights times n."""

    def network(variance, seed):
        layer_sizes = [64] + [40] * depth + [10]
        net = dense_network(
            layer_sizes, activation, rng=seed, dtype=np.float32
        )
        rng = np.random.default_rng(seed)
        drawn = initialize(layer_sizes, "lecun", rng)
        for W, (draws, _) in zip(net.weights, drawn, strict=True):
            W[:] = np.sqrt(variance) * draws
        return net

    return network


def split(seed):
    order = np.random.default_rng(seed).permutation(len(X))
    return tuple((X[part], y[part]) for part in (order[:1000], order[1000:]))


VARIANCES, TUNED_ON = (0.5, 1, 2, 4, 8), (100, 101, 102)
RATES = [1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1]
races = {
    "2 layers, ReLU": (2, "relu", RATES[3:]),
    "15 layers, tanh": (15, "tanh", RATES[2:]),
    "15 layers, ReLU": (15, "relu", RATES[:7]),
}
learned, inside = {}, []
for name, (depth, activation, rates) in races.items():
    tried, learned[name] = at_best_rates(
        start(depth, activation),
        VARIANCES,
        rates,
        split,
        TUNED_ON,
        range(5),
    )
    print(f"{name}: {len(rates)} rates from {rates[0]:g} to {rates[-1]:g}")
    inside += [
        row.max() < 0.2 or 0 < row.argmax() < len(rates) - 1 for row in tried
    ]
_, plain = at_best_rates(
    start(0, "relu"), [1], RATES[4:], split, TUNED_ON, range(5)
)
plots.over_variances(VARIANCES, learned, plain.mean(), "no hidden layer")

# %%
means = {
    name: dict(zip(VARIANCES, runs.mean(axis=0), strict=True))
    for name, runs in learned.items()
}
deep = means["15 layers, ReLU"]
claim(
    "wherever more than guessing was learned, the best rate is not at an end "
    "of those tried, in over 0.8 of the 15 cases",
    np.mean(inside),
    above=0.8,
    form=".1f",
)
claim(
    "15 ReLU layers: He's variance is ahead of half and of twice as much, in "
    "at least 4 of 5 runs",
    [
        he > max(half, twice)
        for _, half, he, twice, _ in learned["15 layers, ReLU"]
    ],
    at_least=4,
)
claim(
    "and its lead over the better of the two is over a tenth of the digits, "
    "mean of 5 runs",
    deep[2] - max(deep[1], deep[4]),
    above=0.1,
    form=".1f",
)
claim(
    "15 ReLU layers: with a quarter, or four times as much, at most 0.15 of "
    "the digits are read",
    max(deep[0.5], deep[8]),
    at_most=0.15,
    form=".2f",
)
claim(
    "15 tanh layers read over 0.6 with any variance from 1 / n to 4 / n",
    min(means["15 layers, tanh"][v] for v in (1, 2, 4)),
    above=0.6,
    form=".1f",
)
claim(
    "2 ReLU layers read over 0.8 with any of the five",
    min(means["2 layers, ReLU"].values()),
    above=0.8,
    form=".1f",
)

# %% [markdown]
# In 2 hidden layers a wrong factor acts a few times, and training mends it. In 15 it acts again and again, and no learning rate that we tried makes up for that. tanh corrects the size of
# its signal, so it learns with more of the variances than ReLU. And 15 plain layers are of no use here: the model without a hidden layer reads more digits. Where depth does
# pay, it comes with normalization (lesson 15) and connections that skip layers (lesson 16); even these networks begin with the weights of this lesson.
#
# You can treat the variance as a **hyperparameter**: multiply He's by some factor, and try. In Ng's course it is seldom the first one to tune. The figure says why: a factor of 2 changes little in
# a shallow network, and in a deep one the gain that you compute is near the best without a search.
#
# ## The same in Keras
#
# Note two things. `HeNormal` and `LecunNormal` draw from a *truncated* normal distribution: it has nothing
# beyond two standard deviations, and is then rescaled to the right one, so that the largest weight is a little over two standard deviations. And a
# Dense layer uses `GlorotUniform` by default: for ReLU, write `kernel_initializer="he_normal"`.

# %%
import keras

dense = keras.layers.Dense(500)
of_keras = {
    "he": keras.initializers.HeNormal(seed=0),
    "glorot": keras.initializers.GlorotUniform(seed=0),
    "lecun": keras.initializers.LecunNormal(seed=0),
}
ratio = {}
for scheme, initializer in of_keras.items():
    W = np.asarray(initializer((300, 500)))
    std = init_std(300, 500, scheme)
    ratio[scheme] = W.std() / std
    print(
        f"{scheme:<7} std: Keras {W.std():.4f}, yours {std:.4f}; "
        f"max {np.abs(W).max() / std:.1f} std"
    )
print("Dense, if you say nothing:", type(dense.kernel_initializer).__name__)
claim(
    "Keras' initial weights have your standard deviations, to 1 %",
    max(abs(r - 1) for r in ratio.values()),
    below=0.01,
    form=".1%",
)

# %% [markdown]
# ## Explore: fifty layers
#
# One slider sets the variance of the weights, in units of $1/n_\text{in}$, so LeCun is 1 and He is 2. The left picture is the signal on its
# way through, the right one the gradient on its way back. Find the value that keeps both in the grey band. Try ReLU first, then tanh, whose
# signal *cannot* explode: look what the gradient does instead. Then make the layers narrow.

# %%
fifty_layers()

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
equal_at_first

# %% tags=["quiz"]
biases_from_zero

# %% tags=["quiz"]
which_factor

# %% tags=["quiz"]
which_gain

# %% tags=["quiz"]
deeper

# %% [markdown]
# ## Papers to read
#
# - X. Glorot and Y. Bengio (2010), *Understanding the difficulty of training deep feedforward neural networks*, [AISTATS](https://proceedings.mlr.press/v9/glorot10a.html). The paper
#   that asked the question of this lesson, forward and backward, for sigmoid and tanh.
# - K. He, X. Zhang, S. Ren and J. Sun (2015), *Delving deep into rectifiers: surpassing human-level performance on ImageNet classification*, ICCV,
#   [arXiv:1502.01852](https://arxiv.org/abs/1502.01852). The factor 2, with its derivation in section 2.2.
# - Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller (1998), *Efficient BackProp*, in Neural Networks: Tricks of the Trade,
#   [doi:10.1007/3-540-49430-8_2](https://doi.org/10.1007/3-540-49430-8_2). Section 4.6 on first weights.
# - B. Hanin and M. Nica (2020), *Products of many large random matrices and gradients in deep neural networks*, Communications in Mathematical
#   Physics 376, [arXiv:1812.05994](https://arxiv.org/abs/1812.05994). Why depth over width decides; the introduction is enough.
# - S. S. Schoenholz, J. Gilmer, S. Ganguli and J. Sohl-Dickstein (2017), *Deep information propagation*, ICLR,
#   [arXiv:1611.01232](https://arxiv.org/abs/1611.01232). What tells two examples apart, layer by layer.

# %% [markdown]
# ## What you can do now
#
# You can choose the first weights: random, so that units part, with zero biases and the variance $g^2/n$, where the gain $g$ follows from the activation. He's 2, LeCun's 1 and tanh's 1.59 came out of your own
# function. You have seen that this keeps the mean over all networks, that a narrow deep network is often far from this mean, that a sigmoid's slope stops a gradient, and that all this hardly matters in a shallow network.
#
# Next: [lesson 08](08_gradient_checking.ipynb) asks how you know that a gradient is right at all.
