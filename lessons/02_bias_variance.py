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
# # Bias and variance
#
# Your network makes too many errors. Should you collect more data, take a larger network, or hold it back with
# regularization? Each of the three can cost weeks, and on a given day most of them are useless. Two measured
# numbers tell you which one to try.
#
# **Takes** about 70 minutes · **Before this** lesson 01
#
# **You will**
# - read bias and variance from the errors on train and dev, and know what to do next,
# - take the error of a model apart into bias, variance and noise, and see that they add up,
# - draw learning curves of real networks, and tell from them what more data would bring.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import digits, moons
from nnutils.lessons.bias_variance import plots
from nnutils.lessons.bias_variance.explorer import trade_off
from nnutils.network import dense_network
from nnutils.optimizers import Adam
from nnutils.training import fit

# %% [markdown]
# ## Two numbers
#
# The first number is the error on the training set, the second the error on the dev set. Both are shares of
# examples that come out wrong:
#
# $$\text{error rate} = \frac{1}{m} \sum_{i=1}^{m} \big[\, \hat y_i \ne y_i \,\big]$$
#
# The bracket is 1 where the prediction is wrong, else 0. Labels are names: a 9 that is read as a 4 is not "worse by
# five", it is wrong once.
#
# **Your task.** Return the share of wrong predictions.

# %% tags=["exercise"]
error_rate

# %% [markdown]
# Three networks learn the same two moons. One in ten labels has been flipped at random, so not even the best possible
# predictor gets below an error of 10 %: this lowest error is called the **Bayes error**. The first network has no hidden
# units, the second has a few and some regularization, the third has two wide layers and is trained for long.


# %%
def flipped_moons(m, seed, flipped=0.1):
    X, y = moons(m, noise=0.1, rng=seed)
    flip = np.random.default_rng(seed).random(m) < flipped
    return X, np.where(flip, 1 - y, y)


X, y = flipped_moons(200, seed=0)
X_dev, y_dev = flipped_moons(5000, seed=1)


def trained(hidden, l2=0.0, lr=0.01, epochs=400):
    network = dense_network([2, *hidden, 1], loss="sigmoid", rng=0, l2=l2)
    fit(
        network,
        X,
        y,
        Adam(lr=lr),
        epochs=epochs,
        batch_size=None,
        measure=False,
    )
    return network


networks = {
    "no hidden unit: too stiff": trained([]),
    "16 hidden units, regularized": trained([16], l2=0.1),
    "two wide layers: too supple": trained([128, 128], lr=0.003, epochs=800),
}
plots.boundaries(networks, X, y)
errors = {}
for name, network in networks.items():
    pairs = (y, network.predict(X)), (y_dev, network.predict(X_dev))
    errors[name] = [error_rate(*pair) for pair in pairs]
    print(
        f"{name:<30} train {errors[name][0]:.0%}, dev {errors[name][1]:.0%}"
    )

# %% [markdown]
# The first one misses the shape of the moons. It is wrong in the same way on train and dev, and other data would not help it: that is
# **bias**, also called underfitting. The third one is wrong on fewer training labels than were flipped: it has bent its way around
# most of those. They are accidents of this training set, so the boundary is wrong elsewhere: that is **variance**, or overfitting.

# %% [markdown]
# ## Compared with what?
#
# Is a training error of 11 % high? Not here, where 10 % is the best that anyone can reach. So you compare
# neighbours in a row of three numbers, and never with zero:
#
# $$\underbrace{\text{train error} - \text{Bayes error}}_{\text{bias}} \qquad
# \underbrace{\text{dev error} - \text{train error}}_{\text{variance}}$$
#
# The Bayes error is seldom known. Where people are good at the task, as with pictures and speech, the error of a careful
# human serves as an estimate.
#
# **Your task.** Return the diagnosis in words. A difference counts as high when it is larger than `gap`. Mind that both
# can be high at once, or none.

# %% tags=["exercise"]
diagnose

# %% [markdown]
# Ask your function about the three networks above, first with the true Bayes error of 10 %, then with the thoughtless comparison
# with zero.

# %%
for name, pair in errors.items():
    right = diagnose(*pair, 0.10, gap=0.03)
    thoughtless = diagnose(*pair, 0.0, gap=0.03)
    print(f"{name:<30} {right:<28} (against zero: {thoughtless})")

# %%
claim(
    "against the Bayes error, the three are high bias, "
    "good fit, high variance",
    [diagnose(*pair, 0.10, 0.03) for pair in errors.values()]
    == ["high bias", "good fit", "high variance"],
)
claim(
    "compared with zero, the good fit is taken for high bias",
    diagnose(*errors["16 hidden units, regularized"], 0.0, 0.03)
    == "high bias",
)

# %% [markdown]
# ## The basic recipe
#
# The two faults have different cures, and one comes before the other.
#
# 1. **High bias?** Then the network cannot even fit what it is shown. Take a larger network (or train longer, or
#    change the architecture), until it can. More data are no help.
# 2. **High variance?** Then it fits, but it does not carry over. Get more data, or regularize (lessons 03 to 05).
# 3. **Neither?** Done. Measure once on the test set.
#
# After each step, measure and ask again.
#
# **Your task.** Turn the recipe into a function. The docstring lists the four strings that it may return.

# %% tags=["exercise"]
next_step

# %% [markdown]
# Now follow the recipe on real digits. The start: 2 hidden units and 150 training examples. A careful reader errs in
# perhaps 1 % of such pictures; differences of up to 4 points do not worry us. Each network is trained five times, on
# other examples and from other weights.

# %%
X, y = digits()


def network_for(hidden, l2=0.0, steps=800, seed=0):
    """A function fit(X, y) that trains a network and returns its predict."""

    def fit_network(X, y):
        network = dense_network(
            [64, hidden, 10], activation="tanh", rng=seed, l2=l2
        )
        size = min(32, len(y))
        # as many steps for any number of digits
        epochs = int(np.ceil(steps * size / len(y)))
        fit(
            network,
            X,
            y,
            Adam(lr=0.005),
            epochs=epochs,
            batch_size=size,
            measure=False,
        )
        return network.predict

    return fit_network


def train_and_dev(hidden, m, seed):
    order = np.random.default_rng(seed).permutation(len(y))
    train, dev = order[:m], order[1200:]
    predict = network_for(hidden, seed=seed)(X[train], y[train])
    return [error_rate(y[part], predict(X[part])) for part in (train, dev)]


# %%
setups = {"2 units, 150 digits": (2, 150), "64 units, 150 digits": (64, 150),
          "64 units, 1200 digits": (64, 1200)}  # fmt: skip
steps = {
    name: np.array([train_and_dev(*setup, seed) for seed in range(5)])
    for name, setup in setups.items()
}
plots.recipe(steps, bayes_error=0.01)
for name, runs in steps.items():
    train, dev = runs.mean(axis=0)
    found = diagnose(train, dev, bayes_error=0.01, gap=0.04)
    print(
        f"{name:<22} train {train:4.0%}, dev {dev:4.0%}: "
        f"{found} -> {next_step(found)}"
    )

# %%
a, b, c = steps.values()  # each (5 runs, train and dev)
claim(
    "a larger network moves bias: the training error falls by over 10 points "
    "in each of 5 runs",
    (a[:, 0] - b[:, 0] > 0.10).all(),
)
gap_before, gap_after = (np.mean(runs[:, 1] - runs[:, 0]) for runs in (b, c))
claim(
    "more data move variance: the gap of dev and train falls to less than "
    "half (mean of 5 runs)",
    gap_after < 0.5 * gap_before,
)

# %% [markdown]
# Had you bought the data for the network with 2 units instead, most of its error would have stayed. The learning curves
# below show it.

# %% [markdown]
# ## Where the words come from
#
# Why *bias* and *variance*? Imagine that you could repeat everything: draw another training set, fit again, and
# again. At a point $x$ the predictions $f_1, f_2, \dots$ scatter around their mean $\bar f$. The true value is $f$, and
# what is measured there is $y = f + \text{noise}$. Then the expected squared error has three parts:
#
# $$\mathrm{E}\,(y - f_r)^2 = \underbrace{(\bar f - f)^2}_{\text{bias}^2}
# + \underbrace{\mathrm{E}\,(f_r - \bar f)^2}_{\text{variance}} + \underbrace{\sigma^2}_{\text{noise}}$$
#
# Bias is what remains wrong on average. Variance is how much a single run depends on the accidents of its training set.
# The noise is the Bayes error of this task. Here are three ways to learn a curve, each fitted to 400 noisy data sets (30 of the
# fits are drawn): polynomials of degree 1, 5 and 12.

# %%
places = np.linspace(-0.95, 0.95, 50)  # where the fits are compared
NOISE = 0.5


def truth(x):
    return np.sin(4 * x + 0.8) + 0.5 * x


def fits(degree, n, runs=400):
    """(runs, 50): polynomials that were fitted to n noisy values,
    each run with noise of its own."""
    x, rng = np.linspace(-1, 1, n), np.random.default_rng(n)
    values = truth(x) + NOISE * rng.normal(size=(runs, n))
    polynomials = np.polynomial.legendre.legfit(x, values.T, degree)
    return np.polynomial.legendre.legval(places, polynomials)


x = np.linspace(-1, 1, 20)
one_set = x, truth(x) + NOISE * np.random.default_rng(20).normal(size=20)
plots.many_fits(
    places, truth(places), {d: fits(d, 20) for d in (1, 5, 12)}, one_set
)
for degree in (1, 5, 12):
    middle = fits(degree, 20)[:, 25]
    away = middle.mean() - truth(places[25])
    print(
        f"degree {degree:>2}, in the middle: mean {away:+.2f} from the "
        f"truth, spread {middle.std():.2f}"
    )

# %% [markdown]
# The stiff line is wrong in the same way every time. The polynomial of degree 12 is right on average, and far off in most single runs.
#
# **Your task.** `predictions` holds one run a row. Return bias² and variance, both averaged over the points.

# %% tags=["exercise"]
bias_variance

# %% [markdown]
# Use it on each degree. The test of the formula: measure the error of all the fits on *fresh* noisy values, and see whether
# bias², variance and noise add up to it.

# %%
degrees = list(range(13))
parts = np.array([bias_variance(fits(d, 20), truth(places)) for d in degrees])
rng = np.random.default_rng(7)
fresh = truth(places) + NOISE * rng.normal(size=(400, 50))
measured = np.array([np.mean((fresh - fits(d, 20)) ** 2) for d in degrees])
plots.decomposition(degrees, parts[:, 0], parts[:, 1], NOISE**2, measured)
for d in (1, 3, 5, 8, 12):
    print(
        f"degree {d:>2}: bias² {parts[d, 0]:.3f} + variance "
        f"{parts[d, 1]:.3f} + noise {NOISE**2:.3f}"
        f" = {parts[d].sum() + NOISE**2:.3f}, measured {measured[d]:.3f}"
    )

# %%
total = parts.sum(axis=1) + NOISE**2
claim(
    "bias² + variance + noise is within 5 % of the measured error, "
    "for every degree",
    (np.abs(total / measured - 1) < 0.05).all(),
)
best = int(measured.argmin())
claim(
    "the classic trade-off: up to the best degree bias² falls with every "
    "step to below a tenth",
    (np.diff(parts[: best + 1, 0]) < 0).all()
    and parts[best, 0] < 0.1 * parts[1, 0],
)
claim(
    "and variance rises with every degree, "
    "so that the error is lowest in between",
    (np.diff(parts[:, 1]) > 0).all() and 2 < best < 10,
)

# %% [markdown]
# Now give them more data. Which of the two parts moves?

# %%
sizes = [20, 40, 80, 160, 320]
by_size = {
    d: np.array([bias_variance(fits(d, n), truth(places)) for n in sizes])
    for d in (1, 3, 12)
}
plots.parts_by_size(sizes, {d: by_size[d] for d in (1, 3)})
for d, values in by_size.items():
    (b20, v20), (b320, v320) = values[0], values[-1]
    print(
        f"degree {d:>2}, from 20 to 320 examples: "
        f"bias² {b20:.3f} to {b320:.3f}, "
        f"variance {v20:.3f} to {v320:.3f}"
    )

# %%
claim(
    "16 times the data leave less than a tenth of the variance, "
    "for each of the three degrees",
    all(values[-1, 1] < 0.1 * values[0, 1] for values in by_size.values()),
)
claim(
    "bias² stays within a third of what it was, for degrees 1 and 3",
    all(
        abs(by_size[d][-1, 0] / by_size[d][0, 0] - 1) < 1 / 3 for d in (1, 3)
    ),
)

# %% [markdown]
# **Explore.** Find the best degree. Then raise the noise, and find it again: is it higher or lower? Then take many more
# examples. Which curve on the right never moves, whatever you do to noise and size?

# %%
trade_off()

# %% [markdown]
# ## Learning curves
#
# A network cannot be trained 400 times on 400 data sets; you have one. But you can train on the first 50 examples of it, on
# the first 100, and so on, and watch both errors. That is a **learning curve**, and it answers the question whether more
# data would help *before* you buy them.
#
# **Your task.** `fit(X, y)` trains a model and returns its `predict`. Shuffle the examples once, train on the first $n$ of them
# for each $n$ in `sizes`, and measure on these $n$ and on the dev set: all that stands after the first `max(sizes)`. You
# have `error_rate` for it.

# %% tags=["exercise"]
learning_curve

# %%
sizes = [50, 100, 200, 400, 800, 1200]


def one_run(hidden, seed):
    fit_network = network_for(hidden, seed=seed)
    rng = np.random.default_rng(seed)
    return learning_curve(fit_network, X, y, sizes, rng)


small, large = (
    np.array([one_run(hidden, s) for s in range(5)]) for hidden in (2, 64)
)
plots.learning_curves(
    sizes,
    {
        "2 units: the curves meet, too high": small,
        "64 units: the gap closes": large,
    },
)
for hidden, runs in {2: small, 64: large}.items():
    for i in (0, -1):
        train, dev = runs.mean(axis=0)[:, i]
        print(
            f"{hidden:>2} units, {sizes[i]:>4} digits: "
            f"train {train:3.0%}, dev {dev:3.0%}"
        )

# %% [markdown]
# As more digits come in, the training error of the small network *rises* towards dev: there is no room for all of them. Where
# the curves have met, further data change nothing. The large network fits whatever comes; its dev error
# keeps falling, and the gap says how much there is left to win. (Bands: from the lowest to the highest of five runs.)

# %%
train, dev = small.mean(axis=0)
claim(
    "2 units: train and dev end within 6 points of each other, "
    "both above 35 % (mean of 5 runs)",
    dev[-1] - train[-1] < 0.06 and min(train[-1], dev[-1]) > 0.35,
)
train, dev = large.mean(axis=0)
claim(
    "64 units: train stays below 1 %, dev falls to less than a third "
    "(mean of 5 runs)",
    train.max() < 0.01 and dev[-1] < dev[0] / 3,
)

# %% [markdown]
# ## A trade-off no longer
#
# With one dial, such as the degree, bias and variance are a trade-off: less of one is more of the other. Networks have two dials. Size
# takes away bias, and regularization, which adds a penalty on large weights to the cost (next lesson), holds variance
# down. To see it, make the task hard: 300 digits, of which three in ten carry a random label. The dev labels are clean.

# %%
widths = [4, 8, 16, 32, 64, 256]


def with_wrong_labels(hidden, l2, seed):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(y))
    train, dev = order[:300], order[1200:]
    noisy = np.where(
        rng.random(300) < 0.3, rng.integers(0, 10, 300), y[train]
    )
    predict = network_for(hidden, l2, seed=seed)(X[train], noisy)
    on_train = error_rate(noisy, predict(X[train]))
    return on_train, error_rate(y[dev], predict(X[dev]))


by_width = {
    name: np.array(
        [
            np.transpose([with_wrong_labels(h, l2, s) for h in widths])
            for s in range(5)
        ]
    )
    for name, l2 in (("no penalty", 0.0), ("with L2", 1.0))
}
plots.errors_by_width(widths, by_width)
for name, runs in by_width.items():
    dev = runs[:, 1].mean(axis=0)
    print(
        f"{name:<10} dev: "
        + ", ".join(
            f"{h} units {e:.0%}" for h, e in zip(widths, dev, strict=True)
        )
    )

# %%
free, held = (runs[:, 1].mean(axis=0) for runs in by_width.values())
claim(
    "without penalty, dev error falls and then rises again, "
    "by over 5 points (mean of 5 runs)",
    free[3:].max() - free.min() > 0.05 and free.argmin() in (1, 2, 3),
)
claim(
    "with L2, the widest network is within 4 points of the best one "
    "(mean of 5 runs)",
    held[-1] - held.min() < 0.04,
)
claim(
    "from 16 units on, L2 takes over 6 points off the dev error at every "
    "width (mean of 5 runs)",
    (free[2:] - held[2:] > 0.06).all(),
)

# %% [markdown]
# That is why the recipe never says "smaller network". If a network is regularized well, making it larger costs time and little
# else. Look at the training error, too: with L2 it is *higher*, because the wrong labels are no longer learned by heart.

# %% [markdown]
# ## The same in Keras
#
# Keras reports accuracies: the error rate is 1 minus it. One thing to know before you diagnose: the training accuracy
# that `fit` prints is a running mean *during* the epoch, while the weights still move, and `val_accuracy` is measured after it.
# `evaluate` measures both at the same weights. Here is the network of 64 units, ours and Keras', from the same initial weights, on
# the same batches.

# %%
import keras

order = np.random.default_rng(0).permutation(len(y))
train, dev = order[:1200], order[1200:]
ours = dense_network([64, 64, 10], activation="tanh", rng=0)
hidden = keras.layers.Dense(64, activation="tanh")
output = keras.layers.Dense(10, activation="softmax")
model = keras.Sequential([keras.layers.Input((64,)), hidden, output])
adam = keras.optimizers.Adam(0.005, epsilon=1e-8)
model.compile(adam, "sparse_categorical_crossentropy", metrics=["accuracy"])
model.set_weights(list(ours.get_params().values()))
by_keras = {
    "validation_data": (X[dev], y[dev]),
    "shuffle": False,
    "verbose": 0,
}
history = model.fit(
    X[train], y[train], batch_size=32, epochs=1, **by_keras
).history

# %% [markdown]
# Now ours, on the same batches. Then the error rates on train and dev: ours, Keras' by `evaluate`, and Keras' as `fit` reported them.

# %%
adam = Adam(lr=0.005)
for start in range(0, 1200, 32):
    ours.loss_and_grad(
        X[train][start : start + 32], y[train][start : start + 32]
    )
    adam.update(ours.theta, ours.grad)
mine = [error_rate(y[part], ours.predict(X[part])) for part in (train, dev)]
theirs = [
    1 - model.evaluate(X[part], y[part], verbose=0)[1]
    for part in (train, dev)
]
reported = [1 - history[name][0] for name in ("accuracy", "val_accuracy")]
rows = {
    "ours, after one epoch": mine,
    "Keras, evaluate": theirs,
    "Keras, fit": reported,
}
for name, (on_train, on_dev) in rows.items():
    print(f"{name:<22} train {on_train:.2f}, dev {on_dev:.2f}")

# %%
claim(
    "from the same weights and batches, error rates agree to "
    "within one point",
    np.allclose(mine, theirs, atol=0.01),
)
claim(
    "the running mean makes train look over 10 points worse than it "
    "is after the epoch",
    reported[0] - theirs[0] > 0.10,
)

# %% [markdown]
# Diagnose from the last line, and you would see a dev set that is far easier than the training set. Later in training the
# running mean lags less; with dropout or augmentation on, it stays pessimistic to the end.
#
# ## Quiz

# %% tags=["quiz"]
which_baseline

# %% tags=["quiz"]
who_gains_from_data

# %% tags=["quiz"]
what_averaging_does

# %% tags=["quiz"]
read_the_curve

# %% tags=["quiz"]
what_a_larger_network_costs

# %% [markdown]
# ## Papers to read
#
# - S. Geman, E. Bienenstock and R. Doursat (1992), *Neural networks and the bias/variance dilemma*, Neural Computation 4.
#   The decomposition that you have measured, and why it was thought to doom large networks.
# - P. Domingos (2000), *A unified bias-variance decomposition and its applications*, ICML. What bias and variance mean where the
#   error is a count of wrong labels and not a square.
# - M. Belkin, D. Hsu, S. Ma and S. Mandal (2019), *Reconciling modern machine-learning practice and the classical bias-variance
#   trade-off*, PNAS 116. Past the point where a model fits all its data, the dev error may fall again: double descent.
# - P. Nakkiran, G. Kaplun, Y. Bansal, T. Yang, B. Barak and I. Sutskever (2020), *Deep double descent: where bigger models
#   and more data hurt*, ICLR. The same in deep networks, strongest where labels are wrong, as in your last experiment.
# - J. Hestness and others (2017), *Deep learning scaling is predictable, empirically*, arXiv:1712.00409. Learning curves over
#   many orders of magnitude, and how far they can be extended.

# %% [markdown]
# ## What you can do now
#
# Your question was which of three cures to try. You compare train with the best possible error, and dev with train: the first
# difference asks for a larger network, the second for more data or regularization, in this order. You have seen that the parts
# add up to the measured error, that data leave the bias where it is, and that a penalty makes large networks harmless.
#
# Next: [lesson 03](03_l2_regularization.ipynb) builds that penalty.
