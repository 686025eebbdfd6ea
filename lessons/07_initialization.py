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
# - derive and write the three usual schemes: He, Glorot and LeCun.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import digits
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
# ## The same in Keras
#
# Mind two things. `HeNormal` and `LecunNormal` draw from a *truncated* normal distribution: nothing
# beyond two sigmas, and then rescaled to the right standard deviation, so that the largest weight is a little over two of it. A
# Dense layer uses `GlorotUniform` if you say nothing, also with ReLU.

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

# %% [markdown]
# ## Papers to read
#
# - X. Glorot and Y. Bengio (2010), *Understanding the difficulty of training deep feedforward neural networks*, AISTATS. The paper
#   that asked the question of this lesson; its figures of activations layer by layer are the ones you drew.
# - K. He, X. Zhang, S. Ren and J. Sun (2015), *Delving deep into rectifiers*, ICCV. The factor 2, with its derivation in section 2.2.

# %% [markdown]
# ## What you can do now
#
# You can choose the first weights: He for ReLU and its kin, LeCun for SELU, Glorot for tanh, and never all equal. You have seen
# why: only a variance of about $1/n$ or $2/n$ carries a signal through 50 layers and a gradient back through 20, and only what gets
# through is learned.
#
# Next: [lesson 08](08_gradient_checking.ipynb) asks how you know that a gradient is right at all.
