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
# # Batch normalization
#
# In lesson 06 you brought the inputs to one scale, and training became easy. To the third layer, the inputs are what
# the second one hands over. Why should they not be brought to one scale, too, at every step of training? And what
# becomes of this at inference, when there is no batch?
#
# **Takes** about 90 minutes · **Before this** lessons 06 (input normalization), 07 (initialization), 08 and 11
#
# **You will**
# - write batch normalization, forward and backward, and check your gradients,
# - write what is different at inference, and see what happens if it is forgotten,
# - measure what it buys: learning rates, initial weights, a little regularization,
# - fold it away once training is over, and translate to Keras and PyTorch.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import digits
from nnutils.gradients import numerical_gradient, relative_error
from nnutils.layers import BatchNorm, Dense, Dropout, Layer, ReLU
from nnutils.lessons.batch_normalization import plots
from nnutils.network import Network, dense_network
from nnutils.optimizers import SGD, Adam
from nnutils.splits import shuffle_split
from nnutils.training import fit

# %% [markdown]
# ## The ground moves
#
# A network of three hidden layers learns to read digits. While it does, watch one unit of its third layer: the numbers
# $z = x W + b$ that 200 digits make there, step by step. The unit's own $W$ and $b$ are held as they were at the start here, so all
# that you see move comes from the two layers before it.

# %%
X, y = digits()
train, dev = shuffle_split(X, y, (0.7, 0.3), np.random.default_rng(0))


def watched(layer=4, unit=0, steps=60):
    network = dense_network([64, 32, 32, 32, 10], rng=1)
    own = (
        network.layers[layer].W[:, unit].copy(),
        network.layers[layer].b[unit],
    )
    z = []
    for _ in range(steps):
        network.loss_and_grad(train[0][:200], train[1][:200])
        a = train[0][:200]
        for one in network.layers[:layer]:
            a = one.forward(a)
        z.append(a @ own[0] + own[1])
        network.theta -= 0.3 * network.grad
    return np.array(z)  # (steps, examples)


z = watched()
plots.drift(z, "The layers before this unit move its z about")
spread = z.std(axis=1)
print(
    f"mean of z from {z.mean(axis=1).min():.2f} to {z.mean(axis=1).max():.2f}"
)
print(f"standard deviation from {spread.min():.1f} to {spread.max():.1f}")

# %% [markdown]
# What the layers before hand over shifts and stretches at every step. Each layer learns on ground that the others keep moving.
#
# **Batch normalization** (Ioffe and Szegedy 2015) holds the ground still. For every unit, it takes mean and variance of $z$
# over the $m$ examples of the mini-batch, and standardizes:
#
# $$\mu = \frac1m \sum_i z^{(i)} \qquad \sigma^2 = \frac1m \sum_i \left(z^{(i)} - \mu\right)^2 \qquad
# \hat z^{(i)} = \frac{z^{(i)} - \mu}{\sqrt{\sigma^2 + \varepsilon}}$$
#
# Must every unit have mean 0 and variance 1 for ever? No: that may not be what the next layer needs. So each unit gets
# a scale $\gamma$ and a shift $\beta$, learned like weights. With $\gamma = \sqrt{\sigma^2 + \varepsilon}$ and
# $\beta = \mu$ the network could undo it all.
#
# $$\text{out}^{(i)} = \gamma\, \hat z^{(i)} + \beta$$

# %% [markdown]
# **Your task.** Write the forward pass. $\varepsilon$ stands inside the root, and mean and variance run over the examples, one of each per
# unit. Beside the output, return whatever the backward pass will need; how you pack it is up to you.

# %% tags=["exercise"]
batchnorm_forward

# %% [markdown]
# Your function, applied to the numbers above, step by step, with one fixed $\gamma = 1$ and $\beta = 0$:

# %%
EPS = 1e-5
one, zero = np.ones(1), np.zeros(1)
stilled = np.array(
    [batchnorm_forward(step[:, None], one, zero, EPS)[0][:, 0] for step in z]
)
plots.drift(
    stilled, "Batch norm holds mean and spread still", "output of batch norm"
)
print(
    "mean of the output: never more than "
    f"{np.abs(stilled.mean(axis=1)).max():.4f} from 0"
)
spread = stilled.std(axis=1)
print(f"standard deviation from {spread.min():.2f} to {spread.max():.2f}")

# %% [markdown]
# The shape of the distribution may still change, so the bounds move a little. Mean and spread do not.
#
# ### On z, not on a, and what the bias does
#
# The layer stands *before* the activation, on $z$: there the numbers lie on both sides of 0, and the normalization decides how
# many of them the ReLU cuts off. (Some put it behind the activation; both work. The course, like the paper, takes $z$.)
#
# Two consequences follow at once from subtracting a mean and dividing by a standard deviation. Try both:

# %%
rng = np.random.default_rng(2)
x = rng.normal(size=(50, 8))
W = rng.normal(size=(8, 4))
b = rng.normal(size=4)
gamma, beta = rng.uniform(0.5, 2, 4), rng.normal(size=4)
plain, _ = batchnorm_forward(x @ W, gamma, beta, EPS)
with_bias, _ = batchnorm_forward(x @ W + b, gamma, beta, EPS)
scaled, _ = batchnorm_forward(x @ (10 * W), gamma, beta, EPS)
print(
    "another bias changes the output by "
    f"{np.abs(with_bias - plain).max():.6f} at most"
)
print(
    f"weights 10 times as large, by {np.abs(scaled - plain).max():.4f} at "
    "most"
)

# %%
claim(
    "the bias before batch norm is redundant: the mean takes it out again",
    np.abs(with_bias - plain).max(),
    below=1e-10,
)
claim(
    "the size of the weights before it no longer matters, only their "
    "direction does",
    np.abs(scaled - plain).max(),
    below=1e-3,
    form=".3f",
)

# %% [markdown]
# So the dense layer before it does without $b$, and $\beta$ does its work. The second consequence is the more interesting one.
# If $10\,W$ gives the same output as $W$, then neither the scale of the initial weights nor a step that
# made them too long can do much harm. You will see both below.
#
# ## Backward
#
# Every $z^{(i)}$ acts on the output in three ways: directly, through $\mu$, and through $\sigma^2$. Write
# $d\hat z = \gamma \cdot d\text{out}$. If you follow all three ways and collect, most of it cancels, and this remains, with means over the batch:
#
# $$dz = \frac{1}{\sqrt{\sigma^2 + \varepsilon}} \left( d\hat z - \overline{d\hat z} - \hat z \; \overline{d\hat z \, \hat z} \right)
# \qquad d\gamma = \sum_i d\text{out}^{(i)} \hat z^{(i)} \qquad d\beta = \sum_i d\text{out}^{(i)}$$
#
# **Your task.** Write it. It gets the cache that your forward pass has made.

# %% tags=["exercise"]
batchnorm_backward

# %% [markdown]
# You have lesson 08, so do not take it on trust. Pick any function of the output, here a weighted sum, and compare your gradients with
# differences. Then look at $dz$ itself, down the columns.

# %%
rng = np.random.default_rng(3)
z, c = 3 * rng.normal(size=(6, 4)) + 2, rng.normal(size=(6, 4))


def cost(z, gamma, beta):
    return np.sum(c * batchnorm_forward(z, gamma, beta, EPS)[0])


dz, dgamma, dbeta = batchnorm_backward(
    c, batchnorm_forward(z, gamma, beta, EPS)[1]
)
errors = [
    relative_error(dz, numerical_gradient(lambda z: cost(z, gamma, beta), z)),
    relative_error(
        dgamma, numerical_gradient(lambda g: cost(z, g, beta), gamma)
    ),
    relative_error(
        dbeta, numerical_gradient(lambda b: cost(z, gamma, b), beta)
    ),
]
claim(
    "all three gradients agree with the differences to 1e-6",
    max(errors),
    below=1e-6,
)
print(
    "dz of a unit, summed over the batch: "
    f"{np.abs(dz.sum(axis=0)).max():.6f} at most"
)
print(
    "dz (z - mean), summed: "
    f"{np.abs((dz * (z - z.mean(axis=0))).sum(axis=0)).max():.3f} at most"
)
claim(
    "the gradient never asks for another mean",
    np.abs(dz.sum(axis=0)).max(),
    below=1e-10,
)

# %% [markdown]
# That is what the two subtracted terms are for. They take out of the gradient whatever would only shift $z$, and whatever would only stretch it: the
# normalization would undo both, so there is nothing to be gained by them.

# %% [markdown]
# ## Inference: there is no batch
#
# In training an example's output depends on its company. At inference that will not do. And if only one
# example comes, its mean is the example itself, $z - \mu$ is 0, and what comes out is $\beta$, whatever came in.
#
# So in training, averages of the batches' means and variances are kept on the side: exponentially weighted ones, as in
# lesson 11. At inference they take the place of the batch's own.
#
# $$\mu_\text{run} \leftarrow \text{momentum} \cdot \mu_\text{run} + (1 - \text{momentum})\, \mu$$
#
# **Your task.** Write this step. It serves mean and variance alike. `momentum` is the share of the *old* value.

# %% tags=["exercise"]
update_running

# %% [markdown]
# **Your task.** Now the pass at inference. It is the formula of the forward pass with the running
# averages in it, and works for one example as for a thousand.

# %% tags=["exercise"]
batchnorm_inference

# %% [markdown]
# Four functions, and the layer is complete: whatever it computes is yours, the rest is bookkeeping. `build` stacks such layers.


# %%
class YourBatchNorm(Layer):
    state = ("running_mean", "running_var")  # kept, but not trained

    def __init__(self, momentum=0.9):
        self.momentum = momentum

    def shapes(self):
        return {"gamma": (self.n_in,), "beta": (self.n_in,)}  # trained

    def initialize(self, rng):
        self.gamma[...] = 1
        self.running_mean, self.running_var = (
            np.zeros(self.n_in),
            np.ones(self.n_in),
        )

    def forward(self, z, training=False):
        if not training:
            averages = self.running_mean, self.running_var
            return batchnorm_inference(
                z, *averages, self.gamma, self.beta, EPS
            )
        mean, var = z.mean(axis=0), z.var(axis=0)
        self.running_mean = update_running(
            self.running_mean, mean, self.momentum
        )
        self.running_var = update_running(
            self.running_var, var, self.momentum
        )
        out, self.cache = batchnorm_forward(z, self.gamma, self.beta, EPS)
        return out

    def backward(self, dout):
        dz, self.dgamma[...], self.dbeta[...] = batchnorm_backward(
            dout, self.cache
        )
        return dz


def build(normalize, hidden, seed, init="he"):
    """Dense, batch norm and ReLU in each hidden layer.
    normalize: makes the layer, or None."""
    layers = []
    for n in hidden:
        layers += [Dense(n, init, bias=normalize is None)]
        layers += [normalize()] if normalize else []
        layers += [ReLU()]
    return Network(64, [*layers, Dense(10)], rng=seed)


# %% [markdown]
# Train it, and follow the running mean of one unit in the first layer.

# %%
network = build(YourBatchNorm, (32, 32, 32), seed=0)
first = network.layers[1]
means, averages = [], []
rng = np.random.default_rng(0)
for _ in range(150):
    batch = rng.choice(len(train[0]), size=32, replace=False)
    network.loss_and_grad(train[0][batch], train[1][batch])
    network.theta -= 0.1 * network.grad
    means.append((train[0][batch] @ network.layers[0].W).mean(axis=0)[0])
    averages.append(first.running_mean[0])
whole = (train[0] @ network.layers[0].W).mean(axis=0)[0]
plots.running(np.array(means), np.array(averages), whole)
print(f"all examples {whole:.2f}, running average {averages[-1]:.2f}")
print(
    f"the last 50 batches from {min(means[-50:]):.2f} to "
    f"{max(means[-50:]):.2f}"
)

# %% [markdown]
# Momentum 0.9 looks back about ten batches: long enough to smooth, short enough to follow while the weights below still move. Now
# the mistake that everybody makes once: leaving the layer in training mode when it should predict. Each
# dev digit is shown on its own.


# %%
def one_by_one(network, training):
    network = network.copy()  # so that the running averages stay as they are
    z = np.concatenate([network.logits(x[None], training) for x in dev[0]])
    return z, np.mean(z.argmax(axis=1) == dev[1])


_, at_inference = one_by_one(network, training=False)
z_wrong, in_training = one_by_one(network, training=True)
together = network.accuracy(*dev)
print(
    f"running averages: {at_inference:.0%} right one by one, "
    f"{together:.0%} all at once"
)
print(f"the batch's own:  {in_training:.0%} right one by one")
different = np.ptp(z_wrong, axis=0).max()
print(f"outputs of different digits differ by {different:.6f} at most")

# %%
claim(
    "with statistics of its own a single example loses everything: all "
    "outputs are equal",
    different,
    below=1e-9,
)
claim(
    "with its own statistics a single example is guessed: under 20 % are "
    "right",
    in_training,
    below=0.2,
    form=".0%",
)
claim(
    "with running averages it does not matter who else is in the batch",
    abs(at_inference - together),
    at_most=0,
)
claim(
    "with running averages over 85 % are right one by one",
    at_inference,
    above=0.85,
    form=".0%",
)

# %% [markdown]
# ## What it buys: learning rates
#
# A deeper network, five hidden layers, plain gradient descent on mini-batches, six epochs. Six learning rates, five seeds
# each. Without batch norm the initial weights are He's, so the rival is not a straw man.


# %%
def accuracy_of(normalize, seed, lr, init="he"):
    network = build(normalize, (32,) * 5, seed, init)
    with np.errstate(all="ignore"):  # some of the learning rates diverge
        fit(
            network,
            *train,
            SGD(lr),
            epochs=6,
            batch_size=64,
            rng=seed,
            measure=False,
        )
        return network.accuracy(*train)


KINDS = {"without": None, "with your batch norm": YourBatchNorm}
rates = [0.03, 0.1, 0.3, 1, 3, 10]
by_rate = {
    name: np.array(
        [[accuracy_of(kind, seed, lr) for lr in rates] for seed in range(5)]
    )
    for name, kind in KINDS.items()
}
plots.tolerance(
    rates, by_rate, "Batch norm works over a far wider range", "learning rate"
)
largest = {
    name: max(np.array(rates)[runs.min(axis=0) > 0.65])
    for name, runs in by_rate.items()
}
for name, lr in largest.items():
    print(
        f"{name:<21} over 65 % on each of 5 seeds up to a "
        f"learning rate of {lr:g}"
    )
claim(
    "batch norm tolerates a learning rate 10 times as large, on each of 5 "
    "seeds",
    largest["with your batch norm"] / largest["without"],
    at_least=10,
    form=".0f",
)

# %% [markdown]
# The faint points are single runs. One reason can be measured. You saw that longer weights change nothing, so
# the gradient has no share that points along them. And to turn long weights by one degree takes a longer step than to turn short ones: the
# gradient must be smaller by as much.

# %%
network = build(YourBatchNorm, (32, 32), seed=0)
W, dW = network.layers[3].W, network.layers[3].dW
network.loss_and_grad(*train)
before = np.linalg.norm(dW)
along = np.sum(W * dW) / np.linalg.norm(W) / before
W *= 10
network.loss_and_grad(*train)
ratio = before / np.linalg.norm(dW)
print(f"share of the gradient that points along W: {abs(along):.4f}")
print(f"with W 10 times as long, the gradient is {ratio:.1f} times as short")
claim(
    "weights 10 times as long have a gradient 10 times as short",
    ratio,
    between=(9.5, 10.5),
    form=".1f",
)
claim(
    "the gradient does not point along the weights",
    abs(along),
    below=1e-2,
    form=".2f",
)

# %% [markdown]
# A step across the weights makes them longer; longer weights have smaller gradients and turn less. **A learning rate that is too large
# brakes itself.** (The output layer, which has no batch norm, does not; the largest rate was too much for both networks.)
#
# That is a fact of the formula. The paper's own explanation is another one, the moving ground of the first section, which it calls
# *internal covariate shift*. Santurkar et al. (2018) put noise behind the layers, so that the ground moved again, and training went
# about as well as before. The effect is certain, the reasons are still argued about.

# %% [markdown]
# ## What it buys: initial weights
#
# In lesson 07 the scale of the initial weights decided whether a deep network learns at all. The same network, a learning
# rate of 0.1, and standard deviations from far too small to far too large.

# %%
stds = [0.01, 0.03, 0.1, 0.3, 1]
by_init = {
    name: np.array(
        [
            [accuracy_of(kind, seed, 0.1, std) for std in stds]
            for seed in range(5)
        ]
    )
    for name, kind in KINDS.items()
}
plots.tolerance(
    stds,
    by_init,
    "With batch norm the network learns from every initial scale",
    "standard deviation of the initial weights",
)
learns = {name: runs.min(axis=0) > 0.5 for name, runs in by_init.items()}
for name, good in learns.items():
    print(
        f"{name:<21} over 50 % on each of 5 seeds: "
        f"{good.sum()} of {len(stds)} scales"
    )
print(f"He's standard deviation for 32 inputs: {np.sqrt(2 / 32):.2f}")
claim(
    "batch norm learns from any of these initial scales",
    learns["with your batch norm"],
    equal=5,
)
claim(
    "without it, the network learns from one of the five",
    learns["without"],
    equal=1,
)

# %% [markdown]
# Only at the largest scale it lags behind, and you know why: weights that long have short gradients, so they turn slowly.
#
# ## What it buys: a little noise
#
# An example's output depends on its company, and the company is drawn at random. How much does one digit move? Put it
# into 400 random batches of each size.

# %%
rng = np.random.default_rng(0)
z = train[0] @ build(None, (32,), seed=0).layers[0].W
sizes = [4, 8, 16, 32, 64, 128]
spreads = []
for size in sizes:
    moved = []
    for _ in range(400):
        batch = z[
            np.append(
                0, rng.choice(np.arange(1, len(z)), size - 1, replace=False)
            )
        ]
        moved.append(
            batchnorm_forward(batch, np.ones(32), np.zeros(32), EPS)[0][0]
        )
    spreads.append(np.std(moved, axis=0).mean())
for size, spread in zip(sizes, spreads, strict=True):
    print(
        f"batch of {size:3}: the output moves by {spread:.2f} "
        "(standard deviation)"
    )

# %% [markdown]
# Noise in the hidden layers: that is what dropout is, too. Does it regularize? To see only this, keep everything else
# equal: the same batches of 128 and the same steps, but mean and variance taken over groups of 128, of 32 or of 8 within the batch.
# (Hoffer et al. 2017 call them ghost batches.) Only 256 digits to learn from, so that there is something to regularize.
# The class below does no more than call your functions once for each group.


# %%
class InGroups(YourBatchNorm):
    def __init__(self, size):
        # all look back 10 batches
        super().__init__(momentum=0.9 ** (size / 128))
        self.size = size

    def forward(self, z, training=False):
        if not training:
            return super().forward(z)
        outs, self.caches = [], []
        for group in np.split(z, len(z) // self.size):
            outs.append(super().forward(group, training))
            self.caches.append(self.cache)
        return np.concatenate(outs)

    def backward(self, dout):
        groups = np.split(dout, len(self.caches))
        grads = [
            batchnorm_backward(*pair)
            for pair in zip(groups, self.caches, strict=True)
        ]
        dz, dgammas, dbetas = zip(*grads, strict=True)
        self.dgamma[...], self.dbeta[...] = sum(dgammas), sum(dbetas)
        return np.concatenate(dz)


# %%
def with_groups(size, seed):
    share, rng = 256 / len(X), np.random.default_rng(seed)
    few, rest = shuffle_split(X, y, (share, 1 - share), rng)
    network = build(lambda: InGroups(size), (32, 32), seed)
    settings = {
        "epochs": 50,
        "batch_size": 128,
        "rng": seed,
        "measure": False,
    }
    history = fit(network, *few, SGD(0.3), **settings)
    return history.loss[-1], network.evaluate(*rest)[0]


groups = {
    size: np.array([with_groups(size, seed) for seed in range(5)])
    for size in (128, 32, 8)
}
plots.noise(
    sizes,
    spreads,
    {f"groups of {size}": runs[:, 1] for size, runs in groups.items()},
)
for size, runs in groups.items():
    train_loss, dev_loss = runs.mean(axis=0)
    print(
        f"groups of {size:3}: training loss {train_loss:.3f}, "
        f"dev loss {dev_loss:.3f}"
    )
helped = groups[128][:, 1] - groups[8][:, 1]
print(
    f"groups of 8 save {helped.mean():.3f} of dev loss "
    f"({helped.min():.3f} to {helped.max():.3f})"
)

# %%
claim(
    "the outputs' noise falls about as one over the root of the batch size",
    spreads[0] / spreads[-1] / np.sqrt(sizes[-1] / sizes[0]),
    between=(0.8, 1.2),
    form=".2f",
)
claim(
    "more noise, a higher training loss, on each of 5 seeds",
    groups[8][:, 0] > groups[128][:, 0],
    equal=5,
)
claim("more noise, a lower dev loss, on each of 5 seeds", helped > 0, equal=5)

# %% [markdown]
# ## Dropout before a batch normalization
#
# Dropout (lesson 04) keeps the mean of an activation and raises its variance, with $q$ the probability to keep:
#
# $$\operatorname{Var}[\tilde a] = \operatorname{Var}[a] + \frac{1 - q}{q}\, \mathbb{E}[a^2]$$
#
# A batch normalization *behind* a dropout stores the larger variance of training, and divides by it when dropout is off.
# Xiang Li and others (2019) call this the **variance shift**. Below, dropout stands in each hidden layer, so before two of the
# three batch normalizations; its control has dropout in the last hidden layer only, behind all of them. 200 digits, a fifth
# of them with a label drawn at random, as in lesson 04.


# %%
def noisy_sample(seed):
    """200 digits, about a fifth of them with a label drawn at random;
    1000 with true labels for dev."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(X))
    known, dev = order[:200], order[200:1200]
    labels = np.where(
        rng.random(200) < 0.2, rng.integers(10, size=200), y[known]
    )
    return (X[known], labels), (X[dev], y[dev])


def dropped_network(everywhere):
    """64-64-64-64-10 with batch normalization; dropout in each hidden layer,
    or in the last."""
    layers = []
    for i in range(3):
        layers += [Dense(64), BatchNorm(), ReLU()]
        layers += [Dropout(0.5)] if everywhere or i == 2 else []
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


# %%
shift, shifted_losses = {}, {}
for name, everywhere in {
    "in each hidden layer": True,
    "in the last only": False,
}.items():
    shift[name], shifted_losses[name] = [], []
    for seed in range(5):
        known, others = noisy_sample(seed)
        net = Network(64, dropped_network(everywhere), rng=seed)
        settings = {"epochs": 60, "batch_size": 50, "rng": seed}
        fit(net, *known, Adam(0.003), **settings, measure=False)
        shift[name].append(stored_over_seen(net, known[0]))
        before = net.loss(*others)
        measure_again(net, known[0])
        shifted_losses[name].append((before, net.loss(*others)))
shift = {name: np.array(rows) for name, rows in shift.items()}
plots.variance_shift(shift)
for name, ratio in shift.items():
    before, after = np.mean(shifted_losses[name], axis=0)
    print(
        f"dropout {name}: stored over seen",
        *(f"{r:.1f}" for r in ratio.mean(axis=0)),
        end="; ",
    )
    print(f"dev loss {before:.1f}, measured again {after:.1f}")

# %%
each_loss, last_loss = (np.array(v) for v in shifted_losses.values())
claim(
    "behind a dropout the stored variance is too large, by over 20 % "
    "(mean of 5 seeds)",
    shift["in each hidden layer"][:, 1:].mean(axis=0).min(),
    above=1.2,
)
claim(
    "with dropout behind all of them it is not (mean of 5 seeds)",
    shift["in the last only"].mean(axis=0).max(),
    below=1.1,
)
claim(
    "to measure the statistics again without dropout lowers the dev loss "
    "(mean of 5 seeds)",
    (each_loss[:, 0] - each_loss[:, 1]).mean(),
    above=0,
)
claim(
    "then it is lower than with dropout in the last layer only "
    "(mean of 5 seeds)",
    (last_loss[:, 1] - each_loss[:, 1]).mean(),
    above=0.05,
)

# %% [markdown]
# If you want both, there are two ways out: dropout behind the last batch normalization only, which is what the authors advise,
# or dropout where you like, and the statistics measured again without it. On these digits the second did better. Most networks of today use one of the two, not both.
#
# ## Other pictures than in training
#
# Say the network is finished, and then the camera is replaced. Black and white become two shades of grey. Every pixel
# goes through the same straight line.


# %%
def new_camera(X):
    return 0.4 + 0.3 * X


plots.picture_rows(
    {"as in training": X[:10], "new camera": new_camera(X[:10])},
    "The digits are still there, paler and on grey ground",
)
print(
    f"mean pixel {X.mean():.2f}, with the new camera "
    f"{new_camera(X).mean():.2f}"
)

# %% [markdown]
# Three dev accuracies for each network: on the old pictures; on the new ones; and on the new ones after your layers have seen them in training
# mode, without labels and without a step, so that only the running averages have changed.


# %%
def after_the_change(normalize, seed):
    train, dev = shuffle_split(X, y, (0.7, 0.3), np.random.default_rng(seed))
    network, seen = build(normalize, (32,) * 3, seed), new_camera(dev[0])
    fit(
        network,
        *train,
        SGD(0.1),
        epochs=15,
        batch_size=64,
        rng=seed,
        measure=False,
    )
    old, new = network.accuracy(*dev), network.accuracy(seen, dev[1])
    for _ in range(60):
        # this is what changes the averages
        network.logits(seen, training=True)
    return old, new, network.accuracy(seen, dev[1])


NAMES = ["old camera", "new camera", "new camera, new averages"]
runs = {
    name: np.array([after_the_change(kind, seed) for seed in range(5)])
    for name, kind in KINDS.items()
}
plots.runs_compared(
    {name: dict(zip(NAMES, r.T, strict=True)) for name, r in runs.items()},
    "New averages undo the shift, the old ones do not",
    "network",
    "dev accuracy (%)",
)
plain, normalized = runs.values()
for name, r in runs.items():
    print(
        f"{name:<21}",
        " · ".join(
            f"{n} {v:.0%}" for n, v in zip(NAMES, r.mean(axis=0), strict=True)
        ),
    )

# %%
claim(
    "with new averages batch norm is as good as before, to 2 points, on "
    "each of 5 seeds",
    np.abs(normalized[:, 2] - normalized[:, 0]) < 0.02,
    equal=5,
)
claim(
    "with the old averages it is not robust: it loses over 20 points on "
    "each of 5 seeds",
    normalized[:, 0] - normalized[:, 1] > 0.2,
    equal=5,
)

# %% [markdown]
# So be careful with the sentence "batch norm makes a network robust to a shift of the inputs". In training mode, or with fresh averages, it does: a
# straight line through every pixel is undone by the first layer. With the averages of yesterday, it insists on yesterday's camera, and may
# do worse than a plain network. (Li et al. 2016 adapt networks to new data in just this way.)

# %% [markdown]
# ## Fold it away
#
# At inference, batch norm multiplies each unit by a constant and adds another. The dense layer before it does just that kind of thing, too. So
# one dense layer can do the work of both:
#
# $$s = \frac{\gamma}{\sqrt{\sigma^2_\text{run} + \varepsilon}} \qquad W' = W\, s \;\text{(column by column)} \qquad b' = (b - \mu_\text{run})\, s + \beta$$
#
# **Your task.** Return $W'$ and $b'$.

# %% tags=["exercise"]
fold_batchnorm

# %% [markdown]
# Train one more network, fold all its batch norms, and write the results into a network that never had any.

# %%
network = build(YourBatchNorm, (32, 32, 32), seed=0)
fit(network, *train, SGD(0.3), epochs=10, batch_size=64, measure=False)
folded = build(None, (32, 32, 32), seed=0)
for k in range(3):
    dense, norm = network.layers[3 * k : 3 * k + 2]
    W, b = fold_batchnorm(
        dense.W,
        0,
        norm.running_mean,
        norm.running_var,
        norm.gamma,
        norm.beta,
        EPS,
    )
    folded.layers[2 * k].W[...], folded.layers[2 * k].b[...] = W, b
folded.layers[-1].theta[...] = network.layers[-1].theta
apart = np.abs(network.logits(dev[0]) - folded.logits(dev[0])).max()
print(f"{len(network.layers)} layers, folded {len(folded.layers)}")
print(
    f"dev accuracy {network.accuracy(*dev):.0%}, "
    f"folded {folded.accuracy(*dev):.0%}"
)
print(f"outputs differ by {apart:.8f} at most")
claim("the folded network computes the same, to 1e-9", apart, below=1e-9)

# %% [markdown]
# That is how networks are shipped to telephones: batch norm costs nothing at inference.
#
# ## The same in Keras
#
# | | this course | Keras | PyTorch |
# |---|---|---|---|
# | `momentum`, the usual value | share of the old, 0.9 | share of the old, 0.99 | share of the **new**, 0.1 |
# | $\varepsilon$, inside the root | $10^{-5}$ | $10^{-3}$ | $10^{-5}$ |
# | variance for the running average | divided by $m$ | divided by $m$ | divided by $m - 1$ |
# | training or inference | `training=` | `training=` | `.train()`, `.eval()` |
#
# With the same settings: twenty batches in training mode, then inference; and the gradients of one batch.

# %%
import keras
import tensorflow as tf

layer = keras.layers.BatchNormalization(
    momentum=0.9, epsilon=EPS, dtype="float64"
)
layer.build((None, 4))
layer.gamma.assign(gamma)
layer.beta.assign(beta)
rng = np.random.default_rng(4)
mean = np.zeros(4)
var = np.ones(4)
apart = {"training": 0}
for _ in range(20):
    z = 2 * rng.normal(size=(16, 4)) + 3
    out, cache = batchnorm_forward(z, gamma, beta, EPS)
    mean = update_running(mean, z.mean(axis=0), 0.9)
    var = update_running(var, z.var(axis=0), 0.9)
    apart["training"] = max(
        apart["training"], np.abs(layer(z, training=True) - out).max()
    )
ours = batchnorm_inference(z, mean, var, gamma, beta, EPS)
apart["inference"] = np.abs(layer(z, training=False) - ours).max()
c, z_tf = rng.normal(size=z.shape), tf.constant(z)
with tf.GradientTape() as tape:
    tape.watch(z_tf)
    total = tf.reduce_sum(c * layer(z_tf, training=True))
theirs = tape.gradient(total, [z_tf, layer.gamma.value, layer.beta.value])
pairs = zip(theirs, batchnorm_backward(c, cache), strict=True)
apart["gradients"] = max(np.abs(a - b).max() for a, b in pairs)
for name, largest in apart.items():
    print(f"{name:<10} largest difference from Keras {largest:.7f}")
claim(
    "Keras and your functions agree to 1e-6, in all three",
    max(apart.values()),
    below=1e-6,
)

# %% [markdown]
# Keras' `fit` and `predict` set `training` by themselves. If you call a model, `model(x)` is inference, unless you say
# `training=True`. A layer that you freeze with `trainable = False` runs in inference mode even in training; lesson 18 needs that.
#
# ## Turn it on and off
#
# Both networks have four hidden layers and start from the same seed. Things to try:
#
# - With He's weights, find the largest learning rate at which each of them learns.
# - Take tiny weights, then large ones. Which of the curves on the right stays where it is?
# - Is there a learning rate at which batch norm fails as well?

# %%
from nnutils.lessons.batch_normalization.explorer import (
    batch_norm_and_learning_rate,
)

batch_norm_and_learning_rate()

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
why_the_bias_is_redundant

# %% tags=["quiz"]
one_example_at_inference

# %% tags=["quiz"]
what_normalizes_less

# %% tags=["quiz"]
which_momentum

# %% tags=["quiz"]
dropout_before_batch_norm

# %% [markdown]
# ## Papers to read
#
# - S. Ioffe and C. Szegedy (2015), *Batch normalization: accelerating deep network training by reducing internal covariate
#   shift*, ICML. The paper; algorithm 1 is your forward pass, algorithm 2 your running averages.
# - S. Santurkar, D. Tsipras, A. Ilyas and A. Madry (2018), *How does batch normalization help optimization?*, NeurIPS.
#   Doubts the paper's explanation with experiments, and offers a smoother landscape in its place.
# - E. Hoffer, I. Hubara and D. Soudry (2017), *Train longer, generalize better*, NeurIPS. Where ghost batches come from.
# - Y. Li, N. Wang, J. Shi, J. Liu and X. Hou (2016), *Revisiting batch normalization for practical domain adaptation*,
#   arXiv:1603.04779. New statistics for new data, as with the new camera.
# - J. L. Ba, J. R. Kiros and G. E. Hinton (2016), *Layer normalization*, arXiv:1607.06450. Over the units instead of the examples:
#   for small batches and for sequences.
# - X. Li, S. Chen, X. Hu and J. Yang (2019), *Understanding the disharmony between dropout and batch normalization by
#   variance shift*, CVPR. What you measured, on deep networks.

# %% [markdown]
# ## What you can do now
#
# You can bring every layer's $z$ to one scale, backward as well, and know what changes at inference. You have measured what it buys: a
# learning rate over ten times as large, initial weights whose scale it forgives, a little regularization from the noise of small groups. You have also seen
# what it demands: averages that fit the data, and a layer that knows whether it is training.
#
# Next: [lesson 17](17_hyperparameter_search.ipynb) looks for the settings that are left.
