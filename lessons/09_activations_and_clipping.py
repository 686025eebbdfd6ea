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
# # Activations and clipping
#
# Good initial weights (lesson 07) are half of the work. Between two layers of weights stands an activation, and each gradient has to pass its
# slope. Which activation lets it through? And what do you do with a gradient that arrives hundreds of times too long?
#
# **Takes** about 90 minutes · **Before this** lessons 07 (initialization) and 08 (gradient checking)
#
# **You will**
# - see why deep sigmoid networks do not learn, and which units of a ReLU network never become active again,
# - write leaky ReLU, ELU and SELU, and derive GELU; your own gradient check confirms its derivative,
# - find out which of SELU's conditions matter, and where the choice of an activation matters at all,
# - repair a network whose units die, and clip gradients in two ways.

# %%
import time

import numpy as np

from nnutils import activations, check, claim, hint, measured
from nnutils import predict, quiz, solution
from nnutils.batches import minibatches
from nnutils.data import digits, wine
from nnutils.dropout import dropout_forward, dropout_mask
from nnutils.gradients import gradient_check
from nnutils.initializers import gain
from nnutils.layers import ELU, LeakyReLU, ReLU
from nnutils.lessons.activations_and_clipping import plots
from nnutils.lessons.activations_and_clipping.given import (
    at_its_best_rate,
    gradient_by_layer,
    parts,
    signal_by_layer,
    too_fast_at_first,
)
from nnutils.network import dense_network

X, y = digits()
X = (X - X.mean()) / X.std()  # mean 0, variance 1 over all pixels
print(f"{len(X)} digits, {X.shape[1]} pixels")

# %% [markdown]
# ## The slope of the sigmoid
#
# On its way back a gradient is multiplied by the slope $f'(z)$ of each unit and by the weights of each layer:
#
# $$\frac{\partial J}{\partial z^{[l]}} = f'\big(z^{[l]}\big) \odot \left(\frac{\partial J}{\partial z^{[l+1]}}\; W^{[l+1]\top}\right)$$
#
# For a long time the usual $f$ was the **sigmoid**, $\sigma(z) = 1/(1 + e^{-z})$. Its slope is $\sigma(z)(1 - \sigma(z))$.

# %% tags=["predict"]
what_arrives

# %% [markdown]
# Twenty layers of 64 units. Is the small slope the cause, or that a sigmoid is never negative? To separate the two, take the same curve
# **centred**, $\sigma(z) - \frac12$, **stretched**, $4\sigma(z)$, and both, $4\sigma(z) - 2$. Tanh and ReLU are there for comparison. All weights are Glorot's, only ReLU has
# He's.


# %%
def moved(stretch, shift):
    """The sigmoid, stretched and shifted: a function of z that returns
    (value, derivative)."""

    def function(z):
        value, slope = activations.sigmoid(z)
        return stretch * value + shift, stretch * slope

    return function


curves = {
    "sigmoid": (moved(1, 0), 1),
    "centred: sigmoid - 1/2": (moved(1, -0.5), 1),
    "stretched: 4 sigmoid": (moved(4, 0), 1),
    "both: 4 sigmoid - 2": (moved(4, -2), 1),
    "tanh": (activations.tanh, 1),
    "ReLU": (activations.relu, np.sqrt(2)),
}
sizes = {
    name: np.array(
        [gradient_by_layer(f, std, X[:100], seed) for seed in range(10)]
    )
    for name, (f, std) in curves.items()
}
typical = {
    name: np.exp(np.log(runs).mean(axis=0)) for name, runs in sizes.items()
}
arrives = {name: size[0] for name, size in typical.items()}
guess = measured("what_arrives", round(np.log10(arrives["sigmoid"])))
plots.way_back(typical, guess)

# %%
claim(
    "behind 20 sigmoids less than 10^-11 of the gradient is left "
    "(10 networks, geometric mean)",
    arrives["sigmoid"],
    below=1e-11,
    form=".0e",
)
claim(
    "centring alone does not help",
    arrives["centred: sigmoid - 1/2"],
    below=1e-11,
    form=".0e",
)
claim(
    "stretching alone leaves less than a thousandth",
    arrives["stretched: 4 sigmoid"],
    below=1e-3,
    form=".0e",
)
claim(
    "centred and stretched, the same curve lets over a tenth through",
    arrives["both: 4 sigmoid - 2"],
    above=0.1,
    form=".2f",
)

# %% [markdown]
# The slope is at most $\frac14$, and $\left(\frac14\right)^{20}$ is about $10^{-12}$: almost nothing reaches the first layers. This is a **vanishing gradient**. Stretched
# without centring, the activations lie around 2, so the next $z$ are large, of either sign, and there the curve is flat: it **saturates**. The
# curve that does both is $2\tanh(z/2)$: so tanh was the better sigmoid. ReLU's slope is 1 wherever it is active.
#
# ## Dead units
#
# Where $z < 0$ the slope of ReLU is 0. A unit with $z < 0$ for *every* example gets no gradient at all: it is **dead**. If it becomes active
# again, we say that it *wakes*. The simplest remedy is the **leaky ReLU**:
#
# $$f(z) = \begin{cases} z & z > 0 \\ \alpha z & \text{else} \end{cases} \qquad\qquad f'(z) = \begin{cases} 1 & z > 0 \\ \alpha & \text{else} \end{cases}$$
#
# **Your task.** Return value and derivative: one for the way forward, the other for the way back.

# %% tags=["exercise"]
leaky_relu

# %% [markdown]
# How do units die? Here 32 hidden units read digits, first at a learning rate of 2, which is far too large, and then at 0.1. Ten runs, each
# with its own split, start and order.

# %% tags=["predict"]
do_they_wake

# %%
layers = {
    "ReLU": (ReLU, 2.0),
    "leaky ReLU, 0.01": (LeakyReLU, 2.0),
    "ELU": (ELU, 2.0),
    "ReLU, 0.1 at once": (ReLU, 0.1),
}
runs = {
    name: [too_fast_at_first(layer, X, y, s, lr) for s in range(10)]
    for name, (layer, lr) in layers.items()
}
silent = {name: np.array([r[0] for r in ten]) for name, ten in runs.items()}
accuracy = {name: np.array([r[1] for r in ten]) for name, ten in runs.items()}
woken = {name: sum(r[2] for r in ten) for name, ten in runs.items()}
plots.accident(silent, accuracy, corrected=5)
for name in layers:
    print(
        f"{name:<18} silent after 5 epochs {silent[name][:, 4].mean():.0%}, "
        f"at the end {silent[name][:, -1].mean():.0%}"
    )
end = {name: values[:, -1].mean() for name, values in accuracy.items()}
share_woken = woken["ReLU"] / (32 * silent["ReLU"][:, 4].sum())
woke = "a" if share_woken > 0.5 else "b" if share_woken > 0 else "c"
measured("do_they_wake", woke)

# %%
claim(
    "after five fast epochs over 80 % of the ReLUs are silent (mean)",
    silent["ReLU"][:, 4].mean(),
    above=0.8,
    form=".0%",
)
claim(
    "at a fair rate from the start less than 5 % are silent at the end",
    silent["ReLU, 0.1 at once"][:, -1].mean(),
    below=0.05,
    form=".0%",
)
claim("in all ten runs no silent ReLU wakes", woken["ReLU"], equal=0)
claim(
    "the leaky network's accuracy ends over 0.1 higher (mean)",
    end["leaky ReLU, 0.01"] - end["ReLU"],
    above=0.1,
    form=".1f",
)
claim(
    "ELU, whose slope is never 0, does not recover: below 0.4 (mean)",
    end["ELU"],
    below=0.4,
    form=".1f",
)

# %% [markdown]
# The learning rate killed these units: at 0.1 from the start hardly any unit dies. The leaky network learns although most of its units are still
# silent, since a silent leaky unit is a linear one. **ELU**, which comes next, has a slope above 0 everywhere. But far to the left
# this slope is nearly 0.
#
# **Your task.** The code below trains a leaky network, and yet units die and stay dead. It has four faults, and each of them silences
# units or keeps them silent. Find out what it does, and repair it.

# %% tags=["exercise"]
train_leaky

# %% [markdown]
# Does it work on real features that are far from centred? These are 13 measurements of wines from three growers.

# %%
wines = wine()
trained = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    W = rng.normal(0, np.sqrt(2 / 13), (13, 16))
    V = rng.normal(0, np.sqrt(2 / 16), (16, 3))
    trained.append(train_leaky(wines.X, wines.y, W, V, 0.5, 50, 0.01))
losses, share = np.mean(trained, axis=0)
print(f"loss {losses[0]:.1f} at the start, {losses[-1]:.2f} after 50 steps")
claim(
    "repaired, the loss falls below 0.2 in 50 steps, mean of 5 starts",
    losses[-1],
    below=0.2,
    form=".2f",
)
claim(
    "and less than a tenth of the units is silent at the end",
    share[-1],
    below=0.1,
    form=".0%",
)

# %% [markdown]
# ## ELU: smooth, and more expensive
#
# ReLU's activations are never negative, so every layer gets inputs that are off centre (lesson 06 told you what that costs). The
# **exponential linear unit** goes below zero, smoothly for $\alpha = 1$ (otherwise with a corner at 0), down to $-\alpha$:
#
# $$\text{ELU}(z) = \begin{cases} z & z > 0 \\ \alpha\,(e^{z} - 1) & \text{else} \end{cases}$$
#
# **Your task.** Return value and derivative; work the derivative out yourself. Both should be finite for any $z$ up to 1000: mind what $e^{1000}$
# does, even where you do not use it.

# %% tags=["exercise"]
elu

# %% [markdown]
# What does it cost? (These times are your machine's.)


# %% tags=["nbval-ignore-output"]
def microseconds(work, times=20):
    """The shortest mean time of seven rounds."""
    rounds = []
    for _ in range(7):
        began = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - began) / times)
    return 1e6 * min(rounds)


rng = np.random.default_rng(0)
z, W = rng.normal(size=(64, 256)), rng.normal(size=(256, 256))
price = {
    "leaky ReLU": microseconds(lambda: leaky_relu(z)),
    "ELU": microseconds(lambda: elu(z)),
    "the layer's product a W": microseconds(lambda: z @ W),
}
for name, cost in price.items():
    print(f"{name:<24}{cost:6.0f} microseconds")

# %% [markdown]
# An exponential costs more than a comparison. But a training step also has three matrix products a layer, and the wider the layer is, the
# more they outweigh its activation.
#
# ## SELU and its conditions
#
# **SELU** is an ELU with two constants, made so that mean 0 and variance 1 *reproduce themselves* from layer to layer. If they
# are a little off, the next layer pulls them back:
#
# $$\text{SELU}(z) = \lambda\, \text{ELU}(z), \qquad \alpha = 1.67326324, \quad \lambda = 1.05070099$$
#
# **Your task.** Return its value and derivative, with the help of your `elu`. Write the constants into the function.

# %% tags=["exercise"]
selu

# %% [markdown]
# Its authors (Klambauer et al. 2017) and textbooks name conditions: standardized inputs, **LeCun's** weights (variance $1/n_\text{in}$), a plain stack of dense layers without
# **shortcuts** around them, and no ordinary dropout, which keeps the mean and raises the variance.

# %% tags=["predict"]
which_mends

# %% [markdown]
# For dropout there is a remedy. **Alpha dropout** sets a dropped unit to $d = -\lambda\alpha$, SELU's limit far to the left, and
# then corrects mean and variance of all units, with $q$ the probability to keep:
#
# $$A = \left(q + d^2 q (1 - q)\right)^{-1/2}, \qquad B = -A\, d\, (1 - q)$$
#
# $$\tilde x = A \cdot (x \text{ if kept, else } d) + B$$
#
# **Your task.** Write it, for a mask that is given, with SELU's constants in the function.

# %% tags=["exercise"]
alpha_dropout


# %%
def deviations(seed, scale=1, variance=1, shortcut=False, drop=None):
    """The activations' standard deviation after each of 20 SELU layers
    of 100 units. variance: of the weights, times n_in."""
    rng, q = np.random.default_rng(seed), 0.9
    a, found = scale * X[rng.permutation(len(X))[:200]], []
    for _ in range(20):
        n_in = a.shape[1]
        W = rng.normal(0, np.sqrt(variance / n_in), (n_in, 100))
        new = selu(a @ W)[0]
        if drop:
            new = drop(new, dropout_mask(rng.random(new.shape), q), q)
        a = a + new if shortcut and found else new
        found.append(a.std())
    return found


violated = {
    "nothing violated": {},
    "inputs 5 times too large": {"scale": 5},
    "He's weights": {"variance": 2},
    "shortcuts": {"shortcut": True},
    "ordinary dropout": {"drop": dropout_forward},
    "alpha dropout instead": {"drop": alpha_dropout},
}
spread = {
    name: np.array([deviations(seed, **how) for seed in range(10)])
    for name, how in violated.items()
}
spread = {name: runs.mean(axis=0) for name, runs in spread.items()}
plots.conditions(spread)
last = {name: stds[-1] for name, stds in spread.items()}
asked = list(violated)[1:5]
measured("which_mends", "abcd"[np.argmin([abs(last[n] - 1) for n in asked])])

# %%
for name in ("nothing violated", "alpha dropout instead"):
    print(f"{name:<22} after 20 layers {last[name]:.1f}")
claim(
    "all conditions kept: still 1 after 20 layers, to within 15 % "
    "(means of 10 seeds)",
    last["nothing violated"],
    between=(0.85, 1.15),
    form=".2f",
)
claim(
    "inputs 5 times too large: over 2.5 after the first layer",
    spread["inputs 5 times too large"][0],
    above=2.5,
    form=".1f",
)
claim(
    "and mended after 20, to within 15 %",
    last["inputs 5 times too large"],
    between=(0.85, 1.15),
    form=".2f",
)
claim("He's weights: over 4", last["He's weights"], above=4, form=".1f")
claim("shortcuts: over 50", last["shortcuts"], above=50, form=".0f")
claim(
    "ordinary dropout: the variance ends over a third too high",
    last["ordinary dropout"] ** 2,
    above=4 / 3,
    form=".2f",
)
claim(
    "alpha dropout: 1 again, to within 15 %",
    last["alpha dropout instead"],
    between=(0.85, 1.15),
    form=".2f",
)

# %% [markdown]
# SELU corrects the size of its input, as long as the whole signal goes through it. (Standardize the inputs nevertheless: the first layers still get them uncorrected.) It cannot correct wrong weights,
# and a shortcut goes around it. Deep networks of today have shortcuts (lesson 16), so SELU is hardly used in them. And all this is the state before training, which changes the weights.
#
# ## GELU: ReLU on average
#
# ReLU compares $z$ with 0. The **Gaussian error linear unit** compares each $z$ with a random number $N$ of its own, drawn from the standard normal
# distribution: where $z > N$ the unit gives $z$, otherwise 0. What it returns is the *mean* over all $N$, so nothing in it is random.
#
# **Your task.** Derive this mean as a function of $z$, and its derivative. No formula is given; begin with the chance that $z > N$.

# %% tags=["exercise"]
gelu

# %% [markdown]
# Is the derivative right? You have a tool for that: the gradient check of lesson 08. The sum of all values is a number, and its gradient is
# the array of derivatives. As a control we also check a derivative in which the chance is held fixed.

# %%
z = np.random.default_rng(0).normal(0, 2, size=(6, 5))


def checked(slope):
    return gradient_check(lambda z: gelu(z)[0].sum(), slope, z)


proved = checked(lambda z: gelu(z)[1])
refuted = checked(lambda z: gelu(z)[0] / z)
print(f"your derivative is right: {proved < 1e-7}")
claim(
    "your checker proves your derivative: relative error", proved, below=1e-7
)
claim(
    "and refutes one that forgets that z changes the chance",
    refuted,
    above=1e-2,
)
plots.functions(
    {
        "ReLU": activations.relu,
        "ELU": elu,
        "SELU": selu,
        "GELU": gelu,
        "SiLU": activations.silu,
    }
)

# %% [markdown]
# GELU is smooth, close to ReLU far out, and dips a little below 0 (Hendrycks and Gimpel 2016). GPT and BERT made it the usual choice in transformers, often in an
# approximation by tanh. **SiLU** or **swish**, $z\,\sigma(z)$, is a similar curve. Many language models of today use it as a gate, with a second matrix $V$:
#
# $$\text{SwiGLU}(x) = (x V) \odot \text{SiLU}(x W)$$
#
# ## Does the choice matter?
#
# It depends on the depth. Take two hidden layers first.

# %% tags=["predict"]
how_far_apart

# %% [markdown]
# The weights of each network get the **gain** of its activation (lesson 07). SwiGLU gets two thirds of the units, so that its two matrices have about as many weights. Adam's
# rate is chosen on one split, out of six between 0.0003 and 0.1; the accuracies come from two other splits, four starts each.

# %%
names = ("sigmoid", "tanh", "ReLU", "ELU", "SELU", "GELU", "SwiGLU")
rates = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
gains = [gain(lambda z, f=f: f(z)[0]) for f in (activations.relu, gelu)]
print("gains: ReLU {:.2f}, GELU {:.2f}".format(*gains))
by_depth = {
    depth: {
        name: at_its_best_rate(name, depth, X, y, rates)[1] for name in names
    }
    for depth in (2, 10)
}
plots.by_depth(by_depth)
shallow, deep = (
    {name: runs.mean() for name, runs in of.items()}
    for of in by_depth.values()
)
signal = np.array(
    [signal_by_layer("SwiGLU", 10, X[:200], s) for s in range(8)]
)
six = [shallow[name] for name in names[:-1]]
apart = 100 * (max(six) - min(six))
measured("how_far_apart", round(apart, 1))

# %%
claim(
    "two layers: the best and the worst of the six are less than "
    "4 points apart (means of 8 runs)",
    apart / 100,
    below=0.04,
    form=".0%",
)
claim(
    "ten layers: the sigmoid's accuracy is below 0.4",
    deep["sigmoid"],
    below=0.4,
    form=".1f",
)
claim(
    "that of tanh, which is a sigmoid centred and stretched, above 0.7",
    deep["tanh"],
    above=0.7,
    form=".1f",
)
claim(
    "ten layers: ELU and SELU are over 1 point ahead of ReLU",
    min(deep["ELU"], deep["SELU"]) - deep["ReLU"],
    above=0.01,
    form=".0%",
)
claim(
    "ten layers of nothing but SwiGLU: below 0.4",
    deep["SwiGLU"],
    below=0.4,
    form=".1f",
)
claim(
    "before any training its signal has left the range of 10^-6 to 10^6 "
    "after eight layers, in each of 8 starts",
    np.abs(np.log10(signal[:, 7])) > 6,
    equal=8,
)

# %% [markdown]
# With two layers even the sigmoid learns well: among the six the choice hardly matters here. With ten *plain* layers it does: ELU and SELU are ahead, as the textbooks say, and the sigmoid is
# lost. SwiGLU is lost, too. It is a product: an input twice as large gives nearly four times the output, so each layer squares what is too large. It was
# made for a block with a normalization before it and a shortcut around it. With these (lessons 15 and 16) the activation need not keep the size of the signal by itself. So today **ReLU** is
# still common in convolutional networks, and **GELU** or **SwiGLU** are usual in transformers. Shazeer (2020) measured gains for SwiGLU there, and offered no explanation.
#
# ## Gradients that are too long
#
# Sometimes a gradient is many times too long: in recurrent networks the same matrix acts at every time step, and a single bad batch is
# enough in any network. **Clipping** shortens it before the step. The simplest way cuts every entry:
#
# $$g_i \leftarrow \max(-c, \min(c, g_i))$$
#
# **Your task.** Do this to a list of gradients, one array for each parameter.

# %% tags=["exercise"]
clip_by_value

# %% [markdown]
# The other way takes all gradients together as one long vector and shortens that (Pascanu et al. 2013):
#
# $$g \leftarrow g \, \frac{c}{\|g\|} \quad \text{if } \|g\| > c, \qquad \|g\| = \sqrt{\sum_k \sum_i g_{k,i}^2}$$
#
# **Your task.** Clip a list of gradients by their norm together. What is short enough stays as it is.

# %% tags=["exercise"]
clip_by_global_norm

# %% [markdown]
# What do the two make of the same gradient? First of one with two entries, then of the real one of a network on 64 digits.

# %%
g = [np.array([3.0, 0.8])]
plots.arrows(
    g[0],
    {
        "clipped by value": clip_by_value(g, 1.0)[0],
        "clipped by norm": clip_by_global_norm(g, 1.0)[0],
    },
    1.0,
)


def angle(a, b):
    cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    return np.degrees(np.arccos(min(1.0, cosine)))


turns = {"value": [], "norm": []}
for seed in range(10):
    network = dense_network([64, 32, 32, 10], rng=seed)
    network.loss_and_grad(X[:64], y[:64])
    g = network.grad
    by_value = clip_by_value([g], 0.1 * np.abs(g).max())[0]
    by_norm = clip_by_global_norm([g], 0.1 * np.linalg.norm(g))[0]
    turns["value"].append(angle(by_value, g))
    turns["norm"].append(angle(by_norm, g))
claim(
    "clipping by norm keeps the direction: it turns by less than "
    "0.01 degrees",
    max(turns["norm"]),
    below=0.01,
    form=".2f",
)
claim(
    "clipping by value to a tenth of the largest entry turns it by over "
    "10 degrees (mean of 10)",
    np.mean(turns["value"]),
    above=10,
    form=".0f",
)

# %% [markdown]
# ## Does clipping save a training that explodes?
#
# First a bad start: eight hidden layers with weights twice as large as He's. We compare it with a smaller learning rate and
# with a good start. Limits and rate are chosen on other seeds.

# %% tags=["predict"]
who_rescues


# %%
def training(seed, clip, lr=0.05, size=2, depth=8, epochs=8, brightness=1):
    """Dev accuracy and losses of SGD. size: of the initial weights, in
    units of He's. brightness: of one batch, in the middle."""
    X_train, y_train, *dev = parts(X, y, seed, m=600)
    network = dense_network([64] + [32] * depth + [10], rng=seed)
    network.theta *= size
    rng, losses = np.random.default_rng(seed), []
    with np.errstate(all="ignore"):  # without clipping, inf and nan occur
        for epoch in range(epochs):
            for k, (Xb, yb) in enumerate(
                minibatches(X_train, y_train, 64, rng)
            ):
                if epoch == epochs // 2 and k == 0:
                    Xb = brightness * Xb
                losses.append(network.loss_and_grad(Xb, yb))
                network.theta -= lr * clip([network.grad])[0]
        return network.accuracy(*dev), losses


def none(grads):
    return grads


def norm(limit):
    return lambda grads: clip_by_global_norm(grads, limit)


def value(limit):
    return lambda grads: clip_by_value(grads, limit)


def ten(clip, seeds=range(10), **settings):
    accuracies, losses = zip(
        *(training(seed, clip, **settings) for seed in seeds), strict=True
    )
    return np.array(accuracies), np.array(losses)


def best(candidates):
    """The settings with the best mean accuracy on three other seeds."""
    return max(
        candidates, key=lambda how: ten(**how, seeds=(20, 21, 22))[0].mean()
    )


ways = {
    "no clipping": {"clip": none},
    "a smaller learning rate": best(
        [{"clip": none, "lr": lr} for lr in (1e-4, 3e-4, 1e-3, 3e-3)]
    ),
    "clipping by norm": best([{"clip": norm(c)} for c in (0.3, 1, 3, 10)]),
    "clipping by value": best(
        [{"clip": value(c)} for c in (0.01, 0.03, 0.1, 0.3, 1)]
    ),
    "a good start": {"clip": none, "size": 1},
}
bad_start = {name: ten(**how) for name, how in ways.items()}

# %% [markdown]
# Then a good start and one **bad batch**: halfway, the pixels of 64 digits are a hundred times too bright.

# %%
once = {"size": 1, "depth": 3, "lr": 0.1, "epochs": 10}
bad_batch = {
    "no clipping": ten(none, brightness=100, **once),
    "clipping by norm": ten(norm(1), brightness=100, **once),
    "no bad batch": ten(none, **once),
}
plots.rescues(
    {name: run[1] for name, run in bad_start.items()},
    {name: run[1] for name, run in bad_batch.items()},
    at=51,
)
reached = {name: run[0].mean() for name, run in bad_start.items()}
after = {name: run[0].mean() for name, run in bad_batch.items()}
after["clipped, no bad batch"] = ten(norm(1), **once)[0].mean()
for case, means in (("bad start", reached), ("bad batch", after)):
    for name, mean in means.items():
        print(f"{case}, {name:<24} accuracy {mean:.1f}")
rivals = {
    "by norm": reached["clipping by norm"],
    "by value": reached["clipping by value"],
    "smaller rate": reached["a smaller learning rate"],
}
measured("who_rescues", sorted(rivals, key=rivals.get, reverse=True))

# %%
claim(
    "bad start: without clipping all ten runs are lost, "
    "which is to read less than 20 %",
    bad_start["no clipping"][0] < 0.2,
    equal=10,
)
claim(
    "clipped by norm, they learn: over 20 % are right (mean of 10)",
    reached["clipping by norm"],
    above=0.2,
    form=".0%",
)
claim(
    "clipped by value, over 1.1 times as many (means of 10)",
    reached["clipping by value"] / reached["clipping by norm"],
    above=1.1,
    form=".1f",
)
claim(
    "a good start beats the best rescue by over 5 points",
    reached["a good start"] - max(rivals.values()),
    above=0.05,
    form=".0%",
)
claim(
    "bad batch: without clipping it costs over 10 points (means of 10)",
    after["no bad batch"] - after["no clipping"],
    above=0.1,
    form=".0%",
)
claim(
    "clipped to norm 1, less than 5 points",
    after["no bad batch"] - after["clipping by norm"],
    below=0.05,
    form=".0%",
)

# %% [markdown]
# From a bad start a network learns with clipping, but far less than from a good start: nothing replaces good weights. Here clipping by *value* is ahead, although it turns
# the gradient. So a step need not follow the gradient's direction exactly; Adam (lesson 12) changes the direction, too. From a good start one bad batch ruins most of the trainings, and
# clipping by norm to 1 saves them. It costs a little even without the bad batch (last line), since it also shortens gradients that do no harm: look at the norms of a good training before you choose a limit.
# Many large language models were trained with gradients clipped to a global norm of 1 (GPT-3 and LLaMA, for example).
#
# ## The same in Keras
#
# Note three things. The slope of `leaky_relu` below zero is 0.2 there by default (that of the layer `LeakyReLU` is 0.3). `gelu` is exact unless you ask for the approximation by
# tanh. And `clipnorm` clips each array by its own norm; yours is `global_clipnorm`.

# %%
import keras

z = np.linspace(-5, 5, 101)
pairs = {
    "leaky_relu": (
        keras.activations.leaky_relu(z, negative_slope=0.1),
        leaky_relu(z, 0.1)[0],
    ),
    "elu": (keras.activations.elu(z), elu(z)[0]),
    "selu": (keras.activations.selu(z), selu(z)[0]),
    "gelu": (keras.activations.gelu(z), gelu(z)[0]),
}
off = [np.abs(np.asarray(a) - b).max() for a, b in pairs.values()]
by_tanh = keras.activations.gelu(z, approximate=True)
claim("Keras' activations are yours", max(off), below=1e-5)
claim(
    "GELU by tanh is off by less than a thousandth, and by more than "
    "a ten thousandth",
    np.abs(np.asarray(by_tanh) - gelu(z)[0]).max(),
    between=(1e-4, 1e-3),
    form=".4f",
)


# %%
def keras_clipped(grads, **clipping):
    """What one step with learning rate 1 takes away from zeros."""
    variables = [
        keras.Variable(np.zeros(g.shape), dtype="float64") for g in grads
    ]
    optimizer = keras.optimizers.SGD(1.0, **clipping)
    optimizer.apply(
        [keras.ops.convert_to_tensor(g) for g in grads], variables
    )
    return [-v.numpy() for v in variables]


def gap(a, b):
    return max(np.abs(p - q).max() for p, q in zip(a, b, strict=True))


grads = [np.array([[3.0, -0.2], [0.4, 1.5]]), np.array([0.3, -2.0])]
mine = clip_by_value(grads, 1.0), clip_by_global_norm(grads, 1.0)
claim(
    "Keras' clipvalue and global_clipnorm are yours",
    max(
        gap(keras_clipped(grads, clipvalue=1.0), mine[0]),
        gap(keras_clipped(grads, global_clipnorm=1.0), mine[1]),
    ),
    below=1e-6,
)
claim(
    "Keras' clipnorm is something else",
    gap(keras_clipped(grads, clipnorm=1.0), mine[1]),
    above=0.1,
    form=".1f",
)

# %% [markdown]
# Alpha dropout draws its mask itself; a dropped unit is recognised by its constant value.

# %%
keras.utils.set_random_seed(4)
x = np.random.default_rng(4).normal(size=(50, 40)).astype("float32")
theirs = keras.layers.AlphaDropout(1 - 0.9)(x, training=True)
theirs = keras.ops.convert_to_numpy(theirs)
constant = alpha_dropout(np.zeros(1), np.array([False]), 0.9)
ours = alpha_dropout(x, ~np.isclose(theirs, constant, atol=1e-5), 0.9)
claim(
    "given the same mask, your alpha dropout is Keras'",
    np.abs(ours - theirs).max(),
    below=1e-4,
)

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
why_sigmoids_fade

# %% tags=["quiz"]
dead_unit

# %% tags=["quiz"]
selu_with_skips

# %% tags=["quiz"]
which_clipping

# %% [markdown]
# ## Papers to read
#
# - X. Glorot, A. Bordes and Y. Bengio (2011), *Deep sparse rectifier neural networks*, [AISTATS](https://proceedings.mlr.press/v15/glorot11a.html). The case for ReLU.
# - A. Maas, A. Hannun and A. Ng (2013), *Rectifier nonlinearities improve neural network acoustic models*, ICML workshop. Leaky ReLU.
# - D.-A. Clevert, T. Unterthiner and S. Hochreiter (2016), *Fast and accurate deep network learning by exponential linear units*, ICLR,
#   [arXiv:1511.07289](https://arxiv.org/abs/1511.07289).
# - G. Klambauer, T. Unterthiner, A. Mayr and S. Hochreiter (2017), *Self-normalizing neural networks*, NIPS,
#   [arXiv:1706.02515](https://arxiv.org/abs/1706.02515). SELU and alpha dropout; the first pages hold the idea, the very long appendix the proof.
# - D. Hendrycks and K. Gimpel (2016), *Gaussian error linear units*, [arXiv:1606.08415](https://arxiv.org/abs/1606.08415). N. Shazeer (2020), *GLU
#   variants improve transformer*, [arXiv:2002.05202](https://arxiv.org/abs/2002.05202): SwiGLU.
# - R. Pascanu, T. Mikolov and Y. Bengio (2013), *On the difficulty of training recurrent neural networks*, ICML,
#   [arXiv:1211.5063](https://arxiv.org/abs/1211.5063). Where gradients explode, and clipping by norm as the remedy.

# %% [markdown]
# ## What you can do now
#
# You can say what an activation does to a gradient: a sigmoid takes three quarters of it or more in each layer, a dead ReLU all of it. You have derived GELU and
# checked its derivative, and you know which of SELU's conditions matter. You have measured where the choice matters: hardly in a shallow network, very much
# in a deep plain one. And you can clip a gradient that is too long, by value or by norm.
#
# Next: [lesson 10](10_minibatch_gradient_descent.ipynb) asks how many examples a step should look at.
