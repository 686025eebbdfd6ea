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
# # Hyperparameter search
#
# A learning rate, a momentum, a number of units, a batch size: somebody has to choose these **hyperparameters**, and every try costs
# a training run. If you can afford 25 runs, which 25 should they be? And what can the first ten tell you about where to make the eleventh?
#
# **Takes** about 90 minutes · **Before this** lessons 01 (dev sets), 11 and 12 (momentum)
#
# **You will**
# - draw each hyperparameter on the scale that it lives on,
# - pit a grid against random search, and know when which of them wins,
# - narrow a search down, and let a model of the loss choose the next run,
# - see settings go stale when the data change, and run the same search in Keras.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import digits
from nnutils.lessons.hyperparameter_search import plots
from nnutils.network import dense_network
from nnutils.optimizers import Adam, Momentum
from nnutils.search import GaussianProcess, from_unit, to_unit
from nnutils.splits import shuffle_split
from nnutils.training import fit_many

# %% [markdown]
# ## What is worth searching
#
# Not everything is. A usual order, after Ng: **first** the learning rate. **Second** momentum's $\beta$, the number of hidden units, the
# mini-batch size. **Third** the number of layers and how the learning rate falls. Adam's $\beta_1$, $\beta_2$ and
# $\varepsilon$ hardly ever. It is a rule of experience, and you will test a piece of it below.
#
# ## The right scale
#
# Where would you look for a learning rate, if all you know is that it lies between 0.0001 and 1? Draw it uniformly,
# and nine of ten draws lie between 0.1 and 1. The three decades below share the tenth. What differs from one try to the next
# should be the *factor*, so let the exponent be uniform:
#
# $$\log \alpha = (1 - u) \log \alpha_\text{low} + u \log \alpha_\text{high}, \qquad u \text{ uniform in } [0, 1)$$
#
# **Your task.** Write it. You get $u$, so that you need no generator here.

# %% tags=["exercise"]
log_uniform

# %%
u = np.random.default_rng(0).uniform(size=5000)
draws = {
    "linear": 1e-4 + (1 - 1e-4) * u,
    "your log_uniform": log_uniform(1e-4, 1, u),
}
plots.per_decade(
    draws,
    [1e-4, 1e-3, 1e-2, 1e-1, 1],
    "Only on a log scale each decade gets its share",
    "learning rate",
)
for name, values in draws.items():
    print(
        f"{name:<17} {np.mean(values < 0.1):.0%} of the draws are below 0.1"
    )

# %% [markdown]
# ### The scale of a beta
#
# The $\beta$ of an average lies, say, between 0.9 and 0.999. A log scale does not help, for these two numbers are
# nearly equal. But what they *do* is not: an average looks back about $1 / (1 - \beta)$ steps. Compare two changes of the same size:

# %%
windows = {beta: 1 / (1 - beta) for beta in (0.9, 0.9005, 0.999, 0.9995)}
for beta, window in windows.items():
    print(f"beta {beta:<6} looks back {window:7.2f} steps")
claim(
    "from 0.9 to 0.9005 the window hardly changes, by under 1 %",
    windows[0.9005] / windows[0.9] - 1,
    below=0.01,
    form=".1%",
)
claim(
    "from 0.999 to 0.9995 it doubles",
    windows[0.9995] / windows[0.999],
    between=(1.999999, 2.000001),
    form=".6f",
)

# %% [markdown]
# So it is $1 - \beta$ that lives on a log scale.
#
# **Your task.** Draw $\beta$ from low to high such that $1 - \beta$ is log-uniform. Your function above does the work; mind
# which end is which.

# %% tags=["exercise"]
sample_beta

# %%
draws = {
    "beta linear": 1 / (1 - (0.9 + 0.0999 * u)),
    "your sample_beta": 1 / (1 - sample_beta(0.9, 0.9999, u)),
}
plots.per_decade(
    draws,
    [10, 100, 1000, 10_000],
    "Short windows only, unless 1 - beta is on a log scale",
    "window 1 / (1 - beta), in steps",
)
for name, values in draws.items():
    print(
        f"{name:<17} {np.mean(values > 100):.0%} of the windows "
        "are over 100 steps"
    )

# %% [markdown]
# ## Random points, or a grid
#
# A **space** says for each hyperparameter from where to where, and on which scale. Two plain ways to look
# for a good place in it: a grid, with every combination of a few values; or points drawn at random.
#
# **Your task.** Draw $n$ random points of a space, each value by itself, along its scale. It is a list of dicts, one a point.

# %% tags=["exercise"]
random_search

# %% [markdown]
# **Your task.** And the grid: $n$ values of each parameter, evenly spaced along its scale, both ends included, in all combinations.

# %% tags=["exercise"]
grid

# %% [markdown]
# Now train. A network with two hidden layers, Adam, four epochs; the learning rate and Adam's $\varepsilon$ are
# searched, 25 runs each way. (All 25 networks are trained side by side, from the same initial weights.)

# %%
X, y = digits()
train, dev = shuffle_split(X, y, (0.7, 0.3), np.random.default_rng(0))


def dev_losses(optimizer, n, seed=0, change=lambda X: X):
    """The dev losses of n networks that the optimizer trains side by side,
    from one start."""
    start = dense_network([64, 32, 32, 10], rng=seed)
    networks = [start.copy() for _ in range(n)]
    seen = {"dev": (change(dev[0]), dev[1]), "epochs": 4, "batch_size": 64}
    with np.errstate(all="ignore"):  # some of the settings diverge
        history = fit_many(
            networks,
            change(train[0]),
            train[1],
            optimizer,
            rng=seed,
            measure=False,
            **seen,
        )
    return np.fmin(history.dev_loss[-1], 9)


def columns(points):
    return np.array([list(point.values()) for point in points])


def adam_losses(points):
    lr, eps = columns(points).T[:, :, None]
    return dev_losses(Adam(lr, eps=eps), len(points))


space = {"lr": (1e-4, 1.0, "log"), "eps": (1e-10, 1e-5, "log")}
points = {
    "grid": grid(space, 5),
    "random": random_search(space, 25, np.random.default_rng(0)),
}
found = {name: adam_losses(some) for name, some in points.items()}
plots.two_searches(
    {name: columns(some) for name, some in points.items()}, found
)
tried = {
    name: len(np.unique(columns(some)[:, 0].round(12)))
    for name, some in points.items()
}
for name, losses in found.items():
    print(
        f"{name:<7} {tried[name]:2} learning rates, "
        f"best dev loss {losses.min():.2f}"
    )

# %%
claim(
    "25 random points try 25 learning rates, a 5 x 5 grid tries 5",
    (tried["random"], tried["grid"]),
    equal=(25, 5),
)
by_rate = found["grid"].reshape(5, 5)  # (learning rates, epsilons)
print(
    "best and worst learning rate differ by "
    f"{np.ptp(by_rate.mean(axis=1)):.0f}"
)
print(
    "best and worst epsilon at one rate by "
    f"{np.ptp(by_rate, axis=1).max():.1f} at most,"
)
print(f"and by {np.ptp(by_rate[2]):.2f} at the best rate of the grid")

# %% [markdown]
# Beside the learning rate $\varepsilon$ matters little, and where the loss is low next to nothing: a column of the grid is nearly
# one run, made five times over. You did not know that beforehand, and that is the point: **a grid spends its runs on the
# parameters that do not matter** (Bergstra and Bengio 2012).
#
# One search proves nothing, though; each of the two may have been lucky. So repeat it many times, every time with
# other ends of the range. For that, measure the loss once along a fine line of learning rates, and look it up from there.

# %%
fine = np.geomspace(1e-4, 1, 41)
curve = np.mean(
    [dev_losses(Adam(fine[:, None]), 41, seed) for seed in range(3)], axis=0
)


def looked_up(points):
    return np.interp(
        np.log([point["lr"] for point in points]), np.log(fine), curve
    )


best = {"grid": [], "random": []}
for seed in range(300):
    rng = np.random.default_rng(seed)
    low = log_uniform(1e-4, 1e-3, rng.random())
    high = log_uniform(0.1, 1, rng.random())
    space = {"lr": (low, high, "log"), "eps": (1e-10, 1e-5, "log")}
    best["grid"].append(looked_up(grid(space, 5)).min())
    best["random"].append(looked_up(random_search(space, 25, rng)).min())
best = {name: np.array(losses) for name, losses in best.items()}
for name, losses in best.items():
    low, high = np.quantile(losses, [0.1, 0.9])
    print(
        f"{name:<7} mean {losses.mean():.3f}, "
        f"8 of 10 searches from {low:.3f} to {high:.3f}"
    )
wins = np.mean(best["random"] < best["grid"])
print(f"random search is ahead in {wins:.0%} of 300 pairs of searches")
claim(
    "where one parameter matters, 25 random points beat the grid in over "
    "70 % of the pairs",
    wins,
    above=0.7,
    form=".0%",
)
claim(
    "random points beat the grid on average, too",
    best["grid"].mean() - best["random"].mean(),
    above=0,
    form=".3f",
)

# %% [markdown]
# ## A map to search on
#
# Now two parameters that both matter: momentum's learning rate, and its window $1 / (1 - \beta)$. Here is the whole
# truth, as a map: a few hundred settings, each of them trained from three seeds. Nobody has such a map in earnest. It lets you
# make hundreds of searches, because looking up a place on it stands for a training run there.


# %%
def momentum_losses(lr, window, **settings):
    optimizer = Momentum(
        np.array(lr)[:, None], beta=1 - 1 / np.array(window)[:, None]
    )
    return dev_losses(optimizer, len(lr), **settings)


WIDE = {"lr": (0.01, 10.0, "log"), "window": (2.0, 500.0, "log")}
rates, windows = np.geomspace(0.01, 10, 16), np.geomspace(2, 500, 13)
everywhere = [one.ravel() for one in np.meshgrid(rates, windows)]
truth = np.mean(
    [momentum_losses(*everywhere, seed=s) for s in range(3)], axis=0
)
truth = truth.reshape(13, 16)  # (windows, rates)


def run(point):
    """The map between its points: stands for training with these settings."""
    x, y = to_unit(WIDE, point) * [15, 12]
    i, j = min(int(y), 11), min(int(x), 14)
    down, right = y - i, x - j
    rows = (1 - right) * truth[i : i + 2, j] + right * truth[i : i + 2, j + 1]
    return float((1 - down) * rows[0] + down * rows[1])


plots.loss_map(rates, windows, truth)
print(
    f"{truth.size} settings, dev loss from {truth.min():.2f} to "
    f"{truth.max():.2f}"
)
print(f"{np.mean(truth < 0.3):.0%} of them are below 0.3")

# %% [markdown]
# The valley is slanted: the longer the window, the larger the learning rate has to be. So what becomes of a search for one first,
# and then for the other? Find the best rate for the longest window, keep it, and find the best window for it.

# %%
one_by_one = truth[:, truth[-1].argmin()].min()
print(
    f"first the rate, then the window: {one_by_one:.2f}; both: "
    f"{truth.min():.2f}"
)
claim(
    "one after the other, from the longest window, ends over 30 % above "
    "the best",
    one_by_one / truth.min() - 1,
    above=0.3,
    form=".0%",
)

# %% [markdown]
# ## From coarse to fine
#
# Spend half of the runs on the whole space. Then look where the best few lie, draw a box around them, and spend
# the other half inside.
#
# **Your task.** Write the step between the two: from the results so far, the smallest space that holds the best `keep` of them.

# %% tags=["exercise"]
coarse_to_fine


# %%
def evaluated(points):
    return [(point, run(point)) for point in points]


rng = np.random.default_rng(1)
first = evaluated(random_search(WIDE, 24, rng))
smaller = coarse_to_fine(first, WIDE, keep=6)
second = evaluated(random_search(smaller, 25, rng))
both = [
    columns([point for point, _ in results]) for results in (first, second)
]
plots.coarse_and_fine(rates, windows, truth, *both, smaller)
for name, results in {"coarse": first, "fine": second}.items():
    losses = [loss for _, loss in results]
    print(
        f"{name:<7} best dev loss {min(losses):.2f}, "
        f"median {np.median(losses):.2f}"
    )

# %% [markdown]
# Compare the medians: the second half of the runs hardly wastes any. The danger is on the other side: a box drawn around a few lucky
# points may leave the best place outside, and nothing in the second round will tell you.
#
# ## Let a model choose
#
# Both searches throw away what they learn, or nearly. **Bayesian search** keeps all of it: after each run, it fits a model to the
# results so far, which says for every untried place what loss $\mu$ to expect, and how unsure it is, $\sigma$. The usual model is a
# *Gaussian process*; think of all smooth curves through the points. (It stands ready in `nnutils.search`, a page long.)
#
# Where next? Not just where $\mu$ is lowest: there you may know it already. What you want is a place whose loss $f$ may well be
# lower than everything so far: the **expected improvement** over the best loss so far, $f^*$. A worse run costs nothing, as the
# best remains; so only the part below $f^*$ counts:
#
# $$\text{EI} = \mathbb{E}\left[\max(f^* - f, 0)\right] = (f^* - \mu)\, \Phi(z) + \sigma\, \varphi(z), \qquad z = \frac{f^* - \mu}{\sigma}$$

# %% [markdown]
# $\Phi$ is the normal distribution function and $\varphi$ its density. The first term rewards a good mean, the second one being unsure.
#
# **Your task.** Write it, for losses, so that low is good. Where $\sigma = 0$, the model is certain, and what remains is $\max(f^* - \mu, 0)$.

# %% tags=["exercise"]
expected_improvement

# %% [markdown]
# Along one line of the map first, with the window at 10. Four runs have been made. What does the model believe, and where
# does your function send the fifth?

# %%
LINE = {"lr": (0.01, 10.0, "log")}
x = np.linspace(0, 1, 200)[:, None]  # coordinates along the scale
at = np.array([from_unit(LINE, one)["lr"] for one in x])
tried = np.array([[0.05], [0.3], [0.7], [0.95]])
rates_tried = [from_unit(LINE, one)["lr"] for one in tried]
losses = [run({"lr": lr, "window": 10}) for lr in rates_tried]
mean, std = GaussianProcess(lengths=(0.2,)).fit(tried, losses).predict(x)
gain = expected_improvement(mean, std, min(losses))
actual = [run({"lr": lr, "window": 10}) for lr in at]
plots.surrogate(at, mean, std, gain, (rates_tried, losses), actual)
print(
    f"best of four runs: {min(losses):.2f} at lr = "
    f"{rates_tried[int(np.argmin(losses))]:.2f}"
)
chosen = at[np.argmax(gain)]
print(
    f"next run at lr = {chosen:.2f}: {run({'lr': chosen, 'window': 10}):.2f}"
)

# %% [markdown]
# Now the whole loop, with your function in it. Five runs at random; after that the model
# is fitted, 300 random places are rated by their expected improvement, and the best-rated is run.


# %%
def bayesian_search(space, n, rng):
    tried = list(rng.uniform(size=(5, len(space))))
    losses = [run(from_unit(space, u)) for u in tried]
    while len(tried) < n:
        model = GaussianProcess().fit(tried, np.log(losses))
        places = rng.uniform(size=(300, len(space)))
        gain = expected_improvement(
            *model.predict(places), np.log(min(losses))
        )
        tried.append(places[np.argmax(gain)])
        losses.append(run(from_unit(space, tried[-1])))
    return losses


# %% [markdown]
# The model sees logarithms of losses, because from 0.2 to 0.1 is as much of a gain as from 2 to 1, and because so it cannot hope
# for losses below 0, as it did in the figure.
#
# ## All four, side by side
#
# Each search may make 49 runs. Nobody knows the right box in advance, so each of sixty repetitions gets another
# one; all four searches share it.


# %%
def so_far(losses):
    return np.minimum.accumulate(losses)


searches = {"random": [], "coarse to fine": [], "Bayesian": []}
grids = {3: [], 5: [], 7: []}
for seed in range(60):
    rng = np.random.default_rng(seed)
    left, right, short, long = rng.uniform(0, 0.15, size=4)
    corners = (
        from_unit(WIDE, [left, short]),
        from_unit(WIDE, [1 - right, 1 - long]),
    )
    space = {
        name: (corners[0][name], corners[1][name], "log") for name in WIDE
    }
    searches["random"].append(
        so_far([run(p) for p in random_search(space, 49, rng)])
    )
    coarse = evaluated(random_search(space, 24, rng))
    inside = evaluated(
        random_search(coarse_to_fine(coarse, space, 6), 25, rng)
    )
    searches["coarse to fine"].append(
        so_far([loss for _, loss in coarse + inside])
    )
    searches["Bayesian"].append(so_far(bayesian_search(space, 49, rng)))
    for n, losses in grids.items():
        losses.append(min(run(p) for p in grid(space, n)))
searches = {name: np.array(curves) for name, curves in searches.items()}
dots = {
    f"grid of {n} x {n}": (n * n, np.mean(losses))
    for n, losses in grids.items()
}
plots.side_by_side(searches, dots)

# %%
early = {name: curves[:, 24] for name, curves in searches.items()} | {
    "grid": np.array(grids[5])
}
final = {name: curves[:, -1] for name, curves in searches.items()} | {
    "grid": np.array(grids[7])
}
for name, losses in final.items():
    ahead = np.mean(losses < final["random"])
    told = "" if name == "random" else f", ahead of random in {ahead:.0%}"
    print(
        f"{name:<15} mean after 25 runs {early[name].mean():.3f}, "
        f"after 49 {losses.mean():.3f}{told}"
    )

# %%
claim(
    "coarse to fine beats one pass for equal cost, on average",
    final["random"].mean() - final["coarse to fine"].mean(),
    above=0,
    form=".3f",
)
claim(
    "coarse to fine is ahead in over 55 % of the repetitions",
    np.mean(final["coarse to fine"] < final["random"]),
    above=0.55,
    form=".0%",
)
claim(
    "Bayesian search is the best of the four on average",
    min(final[name].mean() for name in final if name != "Bayesian")
    - final["Bayesian"].mean(),
    above=0,
    form=".3f",
)
claim(
    "with 25 runs it is ahead of what random search finds with 49",
    final["random"].mean() - early["Bayesian"].mean(),
    above=0,
    form=".3f",
)
claim(
    "where both matter, the 7 x 7 grid is at most 0.02 worse than 49 "
    "random points",
    final["grid"].mean() - final["random"].mean(),
    below=0.02,
    form=".3f",
)

# %% [markdown]
# Be fair to all of them. Coarse to fine gains a little, not a lot. The 7 x 7 grid keeps up: with two parameters that both matter
# it wastes nothing. The 5 x 5 grid does not: with so few lines it depends on where they fall. And with six parameters, of which two
# matter, seven values of each would take $7^6$ runs, over a hundred thousand. Bayesian search wins *per run*, but its runs come one
# after the other. On fifty machines, random search is done after one run's time.
#
# Which is also the question of how you work. With one machine and long runs you nurse one model, and change its settings as you
# watch (Ng's *panda*); with many machines you start many runs and take the best (*caviar*).

# %% [markdown]
# ## Settings go stale
#
# The search is done, the network runs. Months later the pictures come from a weaker camera, at a quarter of the contrast. The
# network is trained anew on the new pictures, of course, but with the old settings. Do they still fit?


# %%
def fainter(X):
    return 0.25 * X


line = np.geomspace(0.01, 10, 25)
cameras = {"old camera": lambda X: X, "new camera": fainter}
drift = {
    name: np.array(
        [
            momentum_losses(line, [10] * 25, seed=seed, change=change)
            for seed in range(5)
        ]
    )
    for name, change in cameras.items()
}
plots.drifted(line, drift)
old, new = drift.values()
chosen = {
    name: int(np.argmin(losses.mean(axis=0)))
    for name, losses in drift.items()
}
for name, i in chosen.items():
    print(
        f"{name}: best learning rate {line[i]:.1f}, "
        f"dev loss {drift[name].mean(axis=0)[i]:.2f}"
    )
stale, tuned = new[:, chosen["old camera"]], new[:, chosen["new camera"]]
print(
    f"new camera with the old rate: {stale.mean():.2f}, lost on each seed: "
    f"{(stale - tuned).round(2)}"
)
claim(
    "after the data have drifted a new search finds a better learning "
    "rate, on each of 5 seeds",
    stale > tuned,
    equal=5,
)
claim(
    "after the drift the best learning rate is a larger one",
    line[chosen["new camera"]] / line[chosen["old camera"]],
    above=1,
    form=".1f",
)

# %% [markdown]
# The inputs are smaller, so the gradients are, and the learning rate should be larger. (Normalized inputs, as in lesson 06,
# would have spared you this one.) So test the settings again when data, network or machine change; Ng suggests every few months
# anyway.

# %% [markdown]
# ## The same in Keras
#
# The same search on a Keras model: four random points, and for each of them 30 steps of the whole training set, from the same
# weights as ours. Keras' learning rate for momentum is ours times $1 - \beta$, as in lesson 12.

# %%
import keras

from nnutils.training import fit

space = {"lr": (0.03, 1.0, "log"), "window": (2.0, 50.0, "log")}
points = random_search(space, 4, np.random.default_rng(5))
start = dense_network([64, 32, 32, 10], rng=0)
weights = [
    array for layer in start.layers[::2] for array in (layer.W, layer.b)
]
layers = [
    keras.layers.Dense(n, activation, dtype="float64")
    for n, activation in [(32, "relu"), (32, "relu"), (10, None)]
]
model = keras.Sequential([keras.Input((64,), dtype="float64"), *layers])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def in_keras(lr, window):
    beta = 1 - 1 / window
    model.set_weights(weights)
    sgd = keras.optimizers.SGD(lr * (1 - beta), momentum=beta)
    model.compile(sgd, loss, jit_compile=False)
    for _ in range(30):
        model.train_on_batch(*train)
    return float(loss(dev[1], model(dev[0])))


def in_ours(lr, window):
    network, optimizer = start.copy(), Momentum(lr, beta=1 - 1 / window)
    fit(network, *train, optimizer, epochs=30, measure=False)
    return network.evaluate(*dev)[0]


# %%
pairs = np.array([(in_ours(**point), in_keras(**point)) for point in points])
for point, (ours, theirs) in zip(points, pairs, strict=True):
    print(
        f"lr {point['lr']:.2f}, window {point['window']:4.1f}: "
        f"ours {ours:.3f}, Keras {theirs:.3f}"
    )
claim(
    "Keras finds the same losses, to 1e-4",
    np.abs(pairs[:, 0] - pairs[:, 1]).max(),
    below=1e-4,
)
claim(
    "with Keras' losses the search chooses the same point",
    int(pairs[:, 1].argmin()),
    equal=int(pairs[:, 0].argmin()),
)

# %% [markdown]
# KerasTuner and Optuna are ready-made searches: you name the space, they choose the points, in the ways that you have
# just written. A log scale is `sampling="log"` in the one and `log=True` in the other.
#
# ## Random against grid
#
# The explorer has a loss of two parameters. $x$ matters, and $y$ as much as you say. Things to try:
#
# - Leave $y$ without effect and move the best $x$ along. When is the grid lucky, and when is it not?
# - Draw other random points. How much does random search depend on luck?
# - Let $y$ matter as much as $x$. Who is ahead now?

# %%
from nnutils.lessons.hyperparameter_search.explorer import random_against_grid

random_against_grid()

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
which_scale

# %% tags=["quiz"]
why_random

# %% tags=["quiz"]
beta_step

# %% tags=["quiz"]
what_ei_weighs

# %% tags=["quiz"]
panda_or_caviar

# %% [markdown]
# ## Papers to read
#
# - J. Bergstra and Y. Bengio (2012), *Random search for hyper-parameter optimization*, JMLR 13. Why random beats a grid when few
#   parameters matter; its first figure is your first experiment.
# - D. R. Jones, M. Schonlau and W. J. Welch (1998), *Efficient global optimization of expensive black-box functions*,
#   Journal of Global Optimization 13. Expected improvement, with the derivation.
# - J. Snoek, H. Larochelle and R. P. Adams (2012), *Practical Bayesian optimization of machine learning algorithms*, NeurIPS.
#   Gaussian processes put to work on networks.
# - C. E. Rasmussen and C. K. I. Williams (2006), *Gaussian processes for machine learning*, MIT Press. Chapter 2 holds the
#   algorithm behind the model that you used.
# - L. Li, K. Jamieson, G. DeSalvo, A. Rostamizadeh and A. Talwalkar (2018), *Hyperband*, JMLR 18. Stop bad runs early, and spend
#   the time on the good ones.

# %% [markdown]
# ## What you can do now
#
# You can draw every hyperparameter on its own scale, and you know which 25 runs to make: not a grid, unless there are few parameters
# and all of them matter. You have seen coarse to fine gain a little over one pass, and a model that chooses the next run find
# more with about half of the runs. And you will search again when the data have changed.
#
# Next: [lesson 18](18_transfer_learning.ipynb) starts from weights that somebody else has trained.
