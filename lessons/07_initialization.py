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
# often decided there. How large should the first weights be, so that a signal gets through 50 layers, and a gradient back?
#
# **Takes** about 90 minutes · **Before this** lessons 01, 03 (small weights) and 06 (normalised inputs)
#
# **You will**
# - see what equal weights, too small weights and too large weights do,
# - derive and write the three usual schemes: He, Glorot and LeCun,
# - write the activations that go with them, and see which units die,
# - tame gradients that are too long by clipping, in two ways, of which one keeps the direction.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.batches import minibatches
from nnutils.data import digits
from nnutils.dropout import dropout_forward, dropout_mask
from nnutils.lessons.initialization import plots
from nnutils.network import dense_network
from nnutils.optimizers import SGD
from nnutils.training import fit, fit_many

X, y = digits()
X = (X - X.mean()) / X.std()  # mean 0, variance 1 over all pixels (lesson 06)
print(
    f"{len(X)} digits, {X.shape[1]} pixels; mean {X.mean():.2f}, "
    f"variance {X.var():.2f}"
)

# %% [markdown]
# ## Equal units never part
#
# The simplest beginning: all weights the same number. Then all units of a hidden layer compute the same value. So they
# have the same effect on the loss, get the same gradient, and are the same after the step. And so on for ever.
# Here are 8 hidden units after 10 epochs, begun equal and begun at random. All biases begin at 0 in both. Each small picture shows
# one unit's 64 weights at the places of their pixels: red is positive, blue negative, each row on a scale of its own.


# %%
def trained_units(equal, seed):
    network = dense_network([64, 8, 10], rng=seed)
    if equal:
        for W in network.weights:
            W[:] = 0.1
    fit(
        network,
        X,
        y,
        SGD(lr=0.1),
        epochs=10,
        batch_size=64,
        rng=seed,
        measure=False,
    )
    return network


runs = {
    "equal": [trained_units(True, seed) for seed in range(5)],
    "random": [trained_units(False, seed) for seed in range(5)],
}
plots.unit_pictures(
    {
        f"begun {name}": networks[0].weights[0]
        for name, networks in runs.items()
    },
    "The incoming weights of 8 units: begun equal, "
    "they are one unit eight times",
)
apart = {
    name: max(np.ptp(n.weights[0], axis=1).max() for n in networks)
    for name, networks in runs.items()
}
accuracy = {
    name: [n.accuracy(X, y) for n in networks]
    for name, networks in runs.items()
}
bias_spread = min(np.ptp(n.biases[0]) for n in runs["random"])
for name in runs:
    mean = np.mean(accuracy[name])
    print(
        f"begun {name:<6} units differ by up to {apart[name]:.2f}, "
        f"accuracy {mean:.0%}"
    )
print(
    "biases, all begun at 0 beside random weights: "
    f"now {bias_spread:.2f} apart or more"
)

# %%
claim(
    "units that begin equal are still equal after 10 epochs",
    apart["equal"],
    below=1e-6,
)
claim(
    "random weights read more than twice as many digits, in each of 5 runs",
    min(accuracy["random"]) / max(accuracy["equal"]),
    above=2,
    form=".1f",
)
claim(
    "zero biases are fine: they part by themselves",
    bias_spread,
    above=0.01,
    form=".2f",
)

# %% [markdown]
# So the weights must differ, and random numbers are the simplest way to make them differ. The biases may all begin at zero.
# What remains is one question: random numbers of *which size*?
#
# ## A signal on its way
#
# Push real digits through a deep network that has learned nothing yet, and look how large the activations are after each layer:
#
# $$a^{[l]} = \text{activation}\left(a^{[l-1]} W^{[l]}\right), \qquad a^{[0]} = x$$
#
# **Your task.** Send `x` through the layers and write down the mean and the standard deviation of each layer's activations, over
# all examples and units together. There are no biases, since they begin at zero.

# %% tags=["exercise"]
activation_statistics

# %% [markdown]
# Fifty layers of 200 ReLU units, with weights of three sizes.


# %%
def relu(z):
    return np.maximum(z, 0)


def normal_weights(std, width=200, depth=50, seed=0):
    rng = np.random.default_rng(seed)
    sizes = [64] + [width] * depth
    return [
        rng.normal(0, std, pair)
        for pair in zip(sizes[:-1], sizes[1:], strict=True)
    ]


spread = {}
for std in (1, 0.1, 0.01):
    statistics = activation_statistics(normal_weights(std), X[:50], relu)
    spread[f"weights of std {std}"] = np.array(statistics)[:, 1]
plots.through_the_layers(
    "Too large explodes, too small vanishes", spread, "std of the activations"
)
for name, values in spread.items():
    print(
        f"{name:<20} after layer 1 {values[0]:.2g}, "
        f"after layer 50 {values[-1]:.0e}"
    )

# %%
one, tenth, hundredth = spread.values()
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
# it is nearly 1, and 0.1 was luck: with layers of another width it would be wrong, too. What makes the factor 1?
#
# ## The factor of a layer
#
# One unit computes $z = \sum_i w_i a_i$ over $n$ inputs. If the weights are independent, with mean 0, then each term has the
# variance $\operatorname{Var}(w)\, a_i^2$, and the variances add up. With $\overline{a^2}$, the mean square of the inputs:
#
# $$\operatorname{Var}(z) = n \, \operatorname{Var}(w) \, \overline{a^2}$$
#
# So $\operatorname{Var}(w) = 1/n$ keeps the size of a sum: that is **LeCun's** scheme. A ReLU then sets the negative half of the $z$
# to zero, which halves the mean square. **He's** scheme makes up for it: $\operatorname{Var}(w) = 2/n$. The gradient on its
# way back is a sum over the layer's $n_\text{out}$ *outputs*, and would like $1/n_\text{out}$. **Glorot** wants to please both, and
# divides by the mean of $n_\text{in}$ and $n_\text{out}$.

# %%
rng = np.random.default_rng(0)
a = rng.normal(size=(2000, 100))
z = a @ rng.normal(0, np.sqrt(1 / 100), size=(100, 100))
print(f"mean square of a {np.mean(a**2):.2f}")
print(f"mean square of z {np.mean(z**2):.2f}, with weights of variance 1/n")
print(f"mean square of relu(z) {np.mean(relu(z) ** 2):.2f}")

# %% [markdown]
# $$\text{He: } \sqrt{\frac{2}{n_\text{in}}} \qquad \text{Glorot: } \sqrt{\frac{2}{n_\text{in} + n_\text{out}}} \qquad \text{LeCun: } \sqrt{\frac{1}{n_\text{in}}}$$
#
# **Your task.** Return the standard deviation of the weights for `"he"`, `"glorot"` or `"lecun"`, and raise a `ValueError`
# for any other scheme.

# %% tags=["exercise"]
init_std

# %%
for scheme in ("he", "glorot", "lecun"):
    wide, narrow = init_std(64, 512, scheme), init_std(512, 64, scheme)
    print(
        f"{scheme:<7} 64 inputs and 512 units {wide:.3f}, "
        f"the other way round {narrow:.3f}"
    )

# %% [markdown]
# **Your task.** Now make all parameters of a network: for every layer a matrix of normal draws with the
# standard deviation of your `init_std`, and zero biases.

# %% tags=["exercise"]
initialize

# %% [markdown]
# Fifty ReLU layers again, of 300 units, with your initialization: He's five times with different seeds, Glorot's once.


# %%
def through(scheme, activation, seed, width=300, depth=50):
    rng = np.random.default_rng(seed)
    weights = [W for W, b in initialize([64] + [width] * depth, scheme, rng)]
    return np.array(activation_statistics(weights, X[:50], activation))


he = np.array([through("he", relu, seed)[:, 1] ** 2 for seed in range(5)])
glorot = through("glorot", relu, 0)[:, 1] ** 2
plots.through_the_layers(
    "He keeps the signal, Glorot loses half of it in every layer",
    {"He, 5 seeds": he, "Glorot": glorot},
    "variance of the activations",
)
# the geometric mean of 5 seeds
typical = np.exp(np.log(he / he[:, :1]).mean(axis=0))
halvings = -np.log2(glorot[-1] / glorot[0]) / 49
single = he[:, -1] / he[:, 0]
print(
    "He: variance after layer 50 over that after layer 1: "
    f"{typical[-1]:.1f} (mean of 5)"
)
print(f"He, mean of 5, any layer: {typical.min():.1f} to {typical.max():.1f}")
print(f"He: single seeds from {single.min():.1f} to {single.max():.1f}")
print(
    f"Glorot: {glorot[-1] / glorot[0]:.0e}, "
    f"which is {halvings:.2f} halvings a layer"
)

# %%
claim(
    "He keeps the variance within a factor 2 over 50 ReLU layers (mean of "
    "5 seeds)",
    max(typical.max(), 1 / typical.min()),
    below=2,
    form=".2f",
)
claim(
    "Glorot loses half in every ReLU layer",
    halvings,
    between=(0.9, 1.1),
    form=".2f",
)

# %% [markdown]
# A single draw strays further than the mean: each layer's factor is 1 only on average, and the narrower the layers are, the more it varies.
# Still, this is nothing beside the explosion from before. Nor is Glorot's a bad scheme: it was made for tanh. With ReLU it costs a
# halving a layer, which a shallow network hardly feels and a deep one does not survive.
#
# ## Activations that leak
#
# ReLU has one more trouble. Where $z < 0$ its slope is exactly 0, and a unit with $z < 0$ for *all* examples gets no gradient: it is
# **dead**. The simplest remedy lets a little through:
#
# $$\text{leaky ReLU}(z) = \begin{cases} z & z > 0 \\ \alpha z & \text{else} \end{cases} \qquad \text{derivative: } 1 \text{ or } \alpha$$
#
# **Your task.** Return value and derivative. You will need both: one for the way forward, the other for the way back.

# %% tags=["exercise"]
leaky_relu

# %% [markdown]
# Let all 32 hidden units die: their biases are pushed so far down that no digit makes them fire. (One step that was much too long
# can do that.) Then train, once with $\alpha = 0$, which is ReLU, and once with $\alpha = 0.1$.


# %%
def dead_start(alpha, seed, epochs=12):
    """Accuracy after each epoch, and how far the hidden
    weights have moved."""
    rng = np.random.default_rng(seed)
    (W1, b1), (W2, b2) = initialize([64, 32, 10], "he", rng)
    first, b1, accuracy = W1, b1 - 12, []
    for _ in range(epochs):
        for Xb, yb in minibatches(X, y, 64, rng):
            a, slope = leaky_relu(Xb @ W1 + b1, alpha)
            scores = np.exp(a @ W2 + b2)
            error = (
                scores / scores.sum(axis=1, keepdims=True) - np.eye(10)[yb]
            )
            # here the derivative decides who learns
            back = error @ W2.T * slope
            W2 = W2 - 0.1 * a.T @ error / len(yb)
            b2 = b2 - 0.1 * error.mean(axis=0)
            W1 = W1 - 0.1 * Xb.T @ back / len(yb)
            b1 = b1 - 0.1 * back.mean(axis=0)
        labels = (leaky_relu(X @ W1 + b1, alpha)[0] @ W2 + b2).argmax(axis=1)
        accuracy.append(np.mean(labels == y))
    return np.array(accuracy), np.abs(W1 - first).max()


# %%
begun_dead = {
    "ReLU": [dead_start(0.0, seed) for seed in range(5)],
    "leaky ReLU": [dead_start(0.1, seed) for seed in range(5)],
}
plots.learning(
    {
        name: 100 * np.transpose([one[0] for one in five])
        for name, five in begun_dead.items()
    },
    "What is dead stays dead; what leaks learns",
    "accuracy (%)",
)
for name, five in begun_dead.items():
    last, moved = np.mean(
        [(accuracy[-1], way) for accuracy, way in five], axis=0
    )
    print(
        f"{name:<11} accuracy {last:.0%}, hidden weights moved by "
        f"up to {moved:.2f}"
    )

# %%
claim(
    "dead ReLUs stay dead: not one hidden weight has moved, in any of 5 runs",
    [way == 0 for _, way in begun_dead["ReLU"]],
    equal=5,
)
claim(
    "dead leaky units learn: over 30 % of the digits are right in each of "
    "5 runs",
    [accuracy[-1] > 0.3 for accuracy, _ in begun_dead["leaky ReLU"]],
    equal=5,
)

# %% [markdown]
# ## ELU and SELU: a mean of zero
#
# ReLU's activations are never negative, so their mean is not zero, and every layer gets inputs that are off centre (lesson 06 told
# you what that costs). The **ELU** goes below zero, smoothly, down to $-\alpha$:
#
# $$\text{ELU}(z) = \begin{cases} z & z > 0 \\ \alpha\,(e^{z} - 1) & \text{else} \end{cases} \qquad \text{derivative: } 1 \text{ or } \alpha\, e^{z}$$
#
# **Your task.** Return value and derivative. They should be finite for any $z$ up to 1000: mind what $e^{1000}$ does, even where
# you do not use it.

# %% tags=["exercise"]
elu

# %% [markdown]
# **SELU** is an ELU with two constants, worked out so that mean 0 and variance 1 *reproduce themselves*: if the inputs of a layer are that, with
# LeCun's weights, so are its outputs, and if they are a little off, the next layer pulls them back.
#
# $$\text{SELU}(z) = \lambda \, \text{ELU}(z), \qquad \alpha = 1.67326324, \quad \lambda = 1.05070099$$
#
# **Your task.** Return SELU's value and derivative, with the help of your `elu`.

# %% tags=["exercise"]
selu

# %%
functions = {
    "ReLU": lambda z: leaky_relu(z, 0.0),
    "leaky ReLU, 0.1": lambda z: leaky_relu(z, 0.1),
    "ELU": elu,
    "SELU": selu,
}
plots.functions(functions)
for name, function in functions.items():
    value, slope = function(np.array([-3.0, 3.0]))
    print(
        f"{name:<15} at -3: value {value[0]:5.2f}, derivative {slope[0]:.2f}"
    )

# %% [markdown]
# Fifty layers once more, each activation with the scheme that it usually gets. Look at the mean as well this time.

# %%
signals = {
    "ReLU, He": through("he", relu, 1),
    "ELU, He": through("he", lambda z: elu(z)[0], 1),
    "tanh, Glorot": through("glorot", np.tanh, 1),
    "SELU, LeCun": through("lecun", lambda z: selu(z)[0], 1),
}
plots.moments(signals)
for name, statistics in signals.items():
    mean, std = statistics[-1]
    print(
        f"{name:<13} after layer 50: mean {mean:5.2f}, "
        f"standard deviation {std:.2f}"
    )

# %%
means, stds = signals["SELU, LeCun"].T
print(
    f"SELU: means {means.min():.2f} to {means.max():.2f}, "
    f"stds {stds.min():.2f} to {stds.max():.2f}"
)
claim(
    "SELU with LeCun holds mean 0 in each of the 50 layers",
    np.abs(means).max(),
    below=0.1,
    form=".2f",
)
claim(
    "SELU with LeCun holds variance 1 in each of the 50 layers",
    np.abs(stds**2 - 1).max(),
    below=0.25,
    form=".2f",
)

# %% [markdown]
# Nobody else holds both. ReLU's mean is far from zero. ELU lets more of the negative half through than ReLU does, so He's 2 is
# a little too much for it, and over 50 layers the surplus adds up. Tanh shrinks what it gets, slowly but in every layer. Only SELU's
# constants are made for exactly this.

# %% [markdown]
# ### Dropout for SELU networks
#
# Ordinary dropout (lesson 04) keeps the mean of an activation and raises its variance, so it disturbs what SELU holds.
# **Alpha dropout** sets a dropped unit to $d = -\lambda\alpha$, SELU's limit far to the left, and then corrects mean and
# variance of all units, with $q$ the probability to keep:
#
# $$A = \left(q + d^2 q (1 - q)\right)^{-1/2}, \qquad B = -A\, d\, (1 - q), \qquad
# \tilde x = A \cdot (x \text{ if kept, else } d) + B$$
#
# **Your task.** Write it, for a mask that is given.

# %% tags=["exercise"]
alpha_dropout

# %% [markdown]
# Twenty SELU layers with LeCun's weights and `keep_prob` 0.9: without dropout, with ordinary dropout, and with yours.


# %%
def through_selu(drop, seed, keep_prob=0.9, layers=20):
    """Mean and variance of the activations after each layer."""
    rng = np.random.default_rng(seed)
    x, found = rng.normal(size=(300, 100)), []
    for W, _ in initialize([100] * (layers + 1), "lecun", rng):
        x, _ = selu(x @ W)
        x = drop(x, dropout_mask(rng.random(x.shape), keep_prob), keep_prob)
        found.append((x.mean(), x.var()))
    return found


kinds = {
    "alpha dropout": alpha_dropout,
    "ordinary dropout": dropout_forward,
    "none": lambda x, mask, keep_prob: x,
}
dropped = {
    name: np.array([through_selu(drop, seed) for seed in range(5)])
    for name, drop in kinds.items()
}
plots.dropped_moments(
    {name: values.mean(axis=0) for name, values in dropped.items()}
)
for name, values in dropped.items():
    mean, variance = values[:, -1].mean(axis=0)
    print(
        f"{name:<17} after 20 layers: |mean| {abs(mean):.1f}, "
        f"variance {variance:.1f}"
    )

# %%
kept = dropped["alpha dropout"].mean(axis=0)
claim(
    "alpha dropout keeps the mean near 0 in all 20 layers (mean of 5 seeds)",
    np.abs(kept[:, 0]).max(),
    below=0.15,
)
claim(
    "and the variance near 1 (mean of 5 seeds)",
    np.abs(kept[:, 1] - 1).max(),
    below=0.1,
)
claim(
    "ordinary dropout raises the variance by over a third in 20 layers "
    "(mean of 5 seeds)",
    dropped["ordinary dropout"][:, -1, 1].mean(),
    above=4 / 3,
)

# %% [markdown]
# ## Does it matter for learning?
#
# Twenty hidden layers of 32 units. Only the first weights differ, and in the last row the activation. Before any training: how much
# of a gradient gets back through all of them to the first layer?


# %%
recipes = {
    "std 0.01, ReLU": ("relu", 0.01),
    "std 0.5, ReLU": ("relu", 0.5),
    "Glorot, ReLU": ("relu", "glorot"),
    "He, ReLU": ("relu", "he"),
    "LeCun, SELU": ("selu", "lecun"),
}
SIZES = [64] + [32] * 20 + [10]
deep = {
    name: [
        dense_network(SIZES, activation, init=init, rng=seed)
        for seed in range(5)
    ]
    for name, (activation, init) in recipes.items()
}
arrives = {}
for name, networks in deep.items():
    networks[0].loss_and_grad(X, y)
    arrives[name] = np.abs(networks[0].layers[0].dW).mean()
    print(
        f"{name:<15} gradient of a first-layer weight: "
        f"{arrives[name]:.0e} on average"
    )

# %%
claim(
    "with std 0.01 not 10^-20 of He's gradient gets back to the first layer",
    arrives["std 0.01, ReLU"] / arrives["He, ReLU"],
    below=1e-20,
)
claim(
    "with std 0.5 over 1000 times as much",
    arrives["std 0.5, ReLU"] / arrives["He, ReLU"],
    above=1e3,
    form=".0e",
)

# %% [markdown]
# Now train them: plain gradient descent with mini-batches, the same learning rate for all, five seeds each.

# %%
accuracies, losses = {}, {}
settings = {"epochs": 12, "batch_size": 64, "rng": 0, "measure": False}
for name, networks in deep.items():
    with np.errstate(all="ignore"):  # one of them explodes
        losses[name] = np.array(
            fit_many(networks, X, y, SGD(lr=0.005), **settings).loss
        )
        accuracies[name] = np.array(
            [network.accuracy(X, y) for network in networks]
        )
plots.learning(
    {name: loss for name, loss in losses.items() if np.isfinite(loss).all()},
    "Only what gets through 20 layers can be learned",
    "loss",
)
for name, values in accuracies.items():
    finite = "" if np.isfinite(losses[name]).all() else ", the loss is nan"
    print(f"{name:<15} accuracy {values.mean():.0%} (mean of 5 runs){finite}")

# %%
claim(
    "too small, too large: at most 15 % of the digits are right, which is "
    "guessing",
    max(
        accuracies["std 0.01, ReLU"].max(), accuracies["std 0.5, ReLU"].max()
    ),
    below=0.15,
    form=".0%",
)
claim(
    "He is ahead of Glorot in these ReLU networks, by over 15 points on "
    "average",
    accuracies["He, ReLU"].mean() - accuracies["Glorot, ReLU"].mean(),
    above=0.15,
    form=".0%",
)
claim(
    "LeCun and SELU read over 80 % in each of 5 runs",
    accuracies["LeCun, SELU"] > 0.8,
    equal=5,
)

# %% [markdown]
# He lets twenty thin ReLU layers learn, but slowly, and how fast depends on the draw. SELU with LeCun, which holds the mean at
# zero as well, learns from the first epoch on. The two failures differ: small weights do nothing, large ones end in `nan`, "not a number", and
# have no curve in the figure.
#
# ## Gradients that are too long
#
# Sometimes you cannot choose the size: in recurrent networks the same matrix acts at every time step, and a few unlucky examples make a
# gradient that is many times as long as the others. **Clipping** shortens it before the step. The blunt way cuts every entry:
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
    return np.degrees(
        np.arccos(min(1.0, a @ b / np.linalg.norm(a) / np.linalg.norm(b)))
    )


network = dense_network([64, 32, 32, 10], rng=0)
network.loss_and_grad(X[:64], y[:64])
entries = network.grad
turns = {}
for name, clip, limit in [
    ("value", clip_by_value, 0.1 * np.abs(entries).max()),
    ("norm", clip_by_global_norm, 0.1 * np.linalg.norm(entries)),
]:
    turns[name] = angle(clip([entries], limit)[0], entries)
    print(
        f"clipped by {name:<5} to a tenth, "
        f"the gradient turns by {turns[name]:.0f} degrees"
    )

# %%
claim(
    "clipping by norm keeps the direction",
    turns["norm"],
    below=0.01,
    form=".2f",
)
claim(
    "clipping by value turns it, here by over 10 degrees",
    turns["value"],
    above=10,
    form=".0f",
)

# %% [markdown]
# Can clipping save a bad start? Here are eight hidden layers with weights twice as large as He's, with and without clipping by norm.


# %%
def bad_start(limit, seed, epochs=8):
    network = dense_network([64] + [32] * 8 + [10], rng=seed)
    network.theta *= 2
    rng, norms = np.random.default_rng(seed), []
    with np.errstate(all="ignore"):  # without clipping, inf and nan occur
        for _ in range(epochs):
            for Xb, yb in minibatches(X, y, 64, rng):
                network.loss_and_grad(Xb, yb)
                norms.append(np.linalg.norm(network.grad))
                network.theta -= (
                    0.05 * clip_by_global_norm([network.grad], limit)[0]
                )
        return network.accuracy(X, y), norms


clipped = [bad_start(1.0, seed) for seed in range(5)]
free = [bad_start(np.inf, seed) for seed in range(5)]
plots.step_sizes(clipped[0][1][:100], 1.0)
share = np.array([accuracy for accuracy, _ in clipped])
lost = sum(not np.isfinite(norms[-1]) for _, norms in free)
firsts = [norms[0] for _, norms in clipped]
print(f"norm of the first gradient: {min(firsts):.0f} to {max(firsts):.0f}")
print(f"without clipping: {lost} of 5 runs end in nan")
print(
    f"with clipping: accuracy about {round(share.mean(), 1):.0%} "
    "(mean of 5 runs)"
)

# %%
claim("without clipping all five runs are lost", lost, equal=5)
claim(
    "with clipping each of them learns: over 25 % are right",
    share > 0.25,
    equal=5,
)
claim(
    "but none gets to 75 % in this time", share.max(), below=0.75, form=".0%"
)

# %% [markdown]
# So clipping is a safety belt. It kept every run on the road, and yet even the best did not get far in this time: no belt replaces
# a good start.
#
# ## The same in Keras
#
# Keras has all of this by name. Mind four things. `HeNormal` and `LecunNormal` draw from a *truncated* normal distribution: nothing
# beyond two sigmas, and then rescaled to the right standard deviation, so that the largest weight is a little over two of it. A
# Dense layer uses `GlorotUniform` if you say nothing, also with ReLU. `clipnorm` clips each array by its own norm; yours is `global_clipnorm`. And the slope of `leaky_relu` is 0.2 there
# unless you say otherwise.

# %%
import keras

drawn = {
    "he": keras.initializers.HeNormal(seed=0),
    "glorot": keras.initializers.GlorotUniform(seed=0),
    "lecun": keras.initializers.LecunNormal(seed=0),
}
ratio = {}
for scheme, initializer in drawn.items():
    W = np.asarray(initializer((300, 500)))
    std = init_std(300, 500, scheme)
    ratio[scheme] = W.std() / std
    print(
        f"{scheme:<7} std: Keras {W.std():.4f}, yours {std:.4f}; "
        f"max {np.abs(W).max() / std:.1f} std"
    )

# %%
z = np.linspace(-5, 5, 101)
pairs = {
    "leaky_relu": (
        keras.activations.leaky_relu(z, negative_slope=0.1),
        leaky_relu(z, 0.1)[0],
    ),
    "elu": (keras.activations.elu(z), elu(z)[0]),
    "selu": (keras.activations.selu(z), selu(z)[0]),
}
off = {
    name: np.abs(np.asarray(a) - b).max() for name, (a, b) in pairs.items()
}
print(f"activations differ by less than 1e-5: {max(off.values()) < 1e-5}")


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


grads = [np.array([[3.0, -0.2], [0.4, 1.5]]), np.array([0.3, -2.0])]
clips = {
    "clipvalue": (
        keras_clipped(grads, clipvalue=1.0),
        clip_by_value(grads, 1.0),
    ),
    "global_clipnorm": (
        keras_clipped(grads, global_clipnorm=1.0),
        clip_by_global_norm(grads, 1.0),
    ),
    "clipnorm": (
        keras_clipped(grads, clipnorm=1.0),
        clip_by_global_norm(grads, 1.0),
    ),
}
gap = {
    name: max(np.abs(a - b).max() for a, b in zip(*two, strict=True))
    for name, two in clips.items()
}
for name, difference in gap.items():
    print(f"{name:<16} largest difference to yours {difference:.2f}")

# %%
claim(
    "Keras' initial weights have your standard deviations, to 1 %",
    max(abs(r - 1) for r in ratio.values()),
    below=0.01,
    form=".1%",
)
claim("Keras' activations are yours", max(off.values()), below=1e-5)
claim(
    "Keras' clipvalue and global_clipnorm are yours",
    max(gap["clipvalue"], gap["global_clipnorm"]),
    below=1e-6,
)
claim(
    "Keras' clipnorm is something else",
    gap["clipnorm"],
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
# ## Explore: fifty layers
#
# One slider sets the variance of the weights, in units of $1/n_\text{in}$, so LeCun is 1 and He is 2. The left picture is the signal on its
# way through, the right one the gradient on its way back. Find the value that keeps both in the grey band. Try ReLU first, then SELU. With
# tanh the signal *cannot* explode, whatever you do: look what the gradient does instead. Then make the layers narrow.

# %%
from nnutils.lessons.initialization.explorer import fifty_layers

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
dead_unit

# %% tags=["quiz"]
which_clipping

# %% [markdown]
# ## Papers to read
#
# - X. Glorot and Y. Bengio (2010), *Understanding the difficulty of training deep feedforward neural networks*, AISTATS. The paper
#   that asked the question of this lesson; its figures of activations layer by layer are the ones you drew.
# - K. He, X. Zhang, S. Ren and J. Sun (2015), *Delving deep into rectifiers*, ICCV. The factor 2, with its derivation in section 2.2.
# - G. Klambauer, T. Unterthiner, A. Mayr and S. Hochreiter (2017), *Self-normalizing neural networks*, NIPS. SELU; read the
#   first pages and believe the appendix.
# - D.-A. Clevert, T. Unterthiner and S. Hochreiter (2016), *Fast and accurate deep network learning by exponential linear units*, ICLR.
#   Why activations with mean zero learn faster.
# - R. Pascanu, T. Mikolov and Y. Bengio (2013), *On the difficulty of training recurrent neural networks*, ICML. Where gradients
#   explode, and clipping by norm as the remedy.

# %% [markdown]
# ## What you can do now
#
# You can choose the first weights: He for ReLU and its kin, LeCun for SELU, Glorot for tanh, and never all equal. You have seen
# why: only a variance of about $1/n$ or $2/n$ carries a signal through 50 layers and a gradient back through 20, and only what gets
# through is learned. You know that
# dead ReLUs stay dead and leaky ones do not, and that clipping by norm saves a run without turning its gradient.
#
# Next: [lesson 08](08_gradient_checking.ipynb) asks how you know that a gradient is right at all.
