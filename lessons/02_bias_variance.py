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
# Your network makes too many errors. Should you buy more labels, take a larger network, or train it longer? Each of
# these costs money or weeks, and on a given day most of them are useless. Which one should you pay for? At the end of this lesson you
# spend a budget on tasks that you have never seen. All that you know of each is four error rates.
#
# **Takes** about 90 minutes · **Before this** lesson 01
#
# **You will**
# - read from train and dev what is wrong, and know what helps against it,
# - take the error of networks apart into bias, variance and noise,
# - draw learning curves, repair one, and predict from them what more data would bring,
# - see a model get worse and then better again as it grows, and say why.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.data import digits, moons
from nnutils.diagnosis import diagnose, error_rate, next_step
from nnutils.lessons.bias_variance import plots
from nnutils.lessons.bias_variance.explorer import trade_off
from nnutils.lessons.bias_variance.given import KINDS, situation, try_plan
from nnutils.network import dense_network
from nnutils.optimizers import Adam
from nnutils.training import fit

# %% [markdown]
# ## Two gaps
#
# The **error rate** is the share of examples that come out wrong. You measure it on train and on dev, and compare with a third number: the
# **Bayes error**, the lowest error that any predictor can reach. It is above 0 where labels are wrong or inputs do not tell enough.
#
# $$\underbrace{\text{train error} - \text{Bayes error}}_{\textbf{avoidable bias}} \qquad
# \underbrace{\text{dev error} - \text{train error}}_{\textbf{generalization gap}}$$
#
# Ng calls the two simply *bias* and *variance*. The Bayes error is seldom known. The error of a careful human is an
# **upper bound** of it: what one human can do is possible, and a network may do better.
#
# Here are two moons. Fifteen labels in a hundred are flipped at random, so the Bayes error is 15 %. The moons hardly overlap. Three networks learn them from 100 examples.
# One training set may be luck, so each network is trained on 20 sets that are drawn anew.


# %%
SETS = 20
BAYES = 0.15


def flipped_moons(m, seed):
    """m points, their labels with flips, and the labels without."""
    rng = np.random.default_rng(seed)
    X, y = moons(m, noise=0.1, rng=rng)
    return X, np.where(rng.random(m) < BAYES, 1 - y, y), y


def trained(hidden, l2, X, y, seed):
    sizes = [2, hidden, 1] if hidden else [2, 1]
    network = dense_network(sizes, loss="sigmoid", rng=seed, l2=l2)
    fit(network, X, y, Adam(lr=0.02), epochs=1000, measure=False)
    return network


X_dev, y_dev, clean_dev = flipped_moons(4000, seed=[1, 0])


def redrawn(hidden, l2, seeds=range(SETS)):
    """A network for each seed, on a training set of its own: errors on
    train and dev, (runs, 2), and the probabilities on dev, (runs, 4000)."""
    errors, outputs = [], []
    for seed in seeds:
        X, y, _ = flipped_moons(100, seed=[2, seed])
        network = trained(hidden, l2, X, y, seed)
        outputs.append(network.predict_proba(X_dev))
        pairs = (y, network.predict(X)), (y_dev, outputs[-1] > 0.5)
        errors.append([error_rate(*pair) for pair in pairs])
    return np.array(errors), np.array(outputs)


setups = {"no hidden unit": (0, 0.0), "128 units": (128, 0.0),
          "128 units, penalty": (128, 0.3)}  # fmt: skip
X, y, _ = flipped_moons(100, seed=[2, 0])
plots.boundaries(
    {name: trained(*setup, X, y, 0) for name, setup in setups.items()}, X, y
)
runs = {name: redrawn(*setup) for name, setup in setups.items()}

# %% [markdown]
# The penalty on large weights is the subject of lesson 03; for now it is a way to make boundaries smoother. The first network cannot
# bend. The second one bends around single flipped labels. `diagnose(train, dev, bayes, gap)` is given: a difference
# counts as high when it is larger than `gap`.

# %%
diagnoses = []
for name, (errors, _) in runs.items():
    train, dev = errors.mean(axis=0)
    diagnoses.append(diagnose(train, dev, BAYES, gap=0.05))
    print(f"{name:<19} train {train:3.0%}, dev {dev:.0%}: {diagnoses[-1]}")
    against_zero = diagnose(train, dev, 0.0, gap=0.05)
    print(f"{'':<19} against zero: {against_zero}")
claim(
    "against the Bayes error the three are",
    diagnoses,
    equal=["high bias", "high variance", "good fit"],
)
claim(
    "the wide network's training error lies under the Bayes error: "
    "its avoidable bias is negative (sets out of 20)",
    runs["128 units"][0][:, 0] < BAYES,
    at_least=17,
)

# %% [markdown]
# A negative avoidable bias says that the network has learned flips by heart. Compared with zero, even the good fit looks bad.
#
# ## The basic recipe
#
# | what is high | what helps |
# |---|---|
# | avoidable bias | a larger network; longer training; another **optimiser**; another **architecture** |
# | generalization gap | more data; **regularization** (lessons 03 to 05); another architecture |
# | neither | measure once on the test set, and stop |
#
# Both can be high at once. Then bias comes first, because a network that cannot fit what it is shown has no use for more of it. After each step, measure and ask again. Two more
# questions belong to the recipe. **Error analysis**: look at a hundred errors, and count their kinds before you pay for a
# cure. **Data mismatch**: if train comes from another source than dev, the gap may be that (the train-dev set of lesson 01 tells).
# It is best to have one tool for each job, so that the cure of one fault does not change the other. This is **orthogonalization**. `next_step` is the table as a function.

# %% [markdown]
# ## Where the words come from
#
# Imagine that you could repeat everything: draw other data, fit again, and again. At a point $x$ the predictions $f_1, f_2, \dots$ of
# the runs scatter around their mean $\bar f$. The true value is $f$, and what is measured there is $y = f + \text{noise}$, with the variance
# $\sigma^2$. Then the expected squared error has three parts (Geman et al. 1992):
#
# $$\mathrm{E}\,(y - f_r)^2 = \underbrace{(\bar f - f)^2}_{\text{bias}^2}
# + \underbrace{\mathrm{E}\,(f_r - \bar f)^2}_{\text{variance}} + \underbrace{\sigma^2}_{\text{noise}}$$
#
# **Statistical bias** is what remains wrong on average. **Statistical variance** is how much one run depends on the data that it happened to get.
# Here polynomials of three degrees are fitted to 400 noisy data sets each. The places $x$ stay, the noise is drawn anew.

# %%
places = np.linspace(-0.95, 0.95, 50)  # where the fits are compared
NOISE = 0.5


def truth(x):
    return np.sin(4 * x + 0.8) + 0.5 * x


def fits(degree, n=20, runs=400):
    """(runs, 50): polynomials fitted to n values, with noise of their own."""
    x, rng = np.linspace(-1, 1, n), np.random.default_rng([4, n])
    values = truth(x) + NOISE * rng.normal(size=(runs, n))
    polynomials = np.polynomial.legendre.legfit(x, values.T, degree)
    return np.polynomial.legendre.legval(places, polynomials)


x = np.linspace(-1, 1, 20)
one_set = x, truth(x) + NOISE * np.random.default_rng(20).normal(size=20)
plots.many_fits(
    places, truth(places), {d: fits(d) for d in (1, 5, 12)}, one_set
)

# %% [markdown]
# **Your task.** `predictions` holds one run a row. Return bias² and variance, both averaged over the points.

# %% tags=["exercise"]
bias_variance

# %%
parts = np.array([bias_variance(fits(d), truth(places)) for d in range(13)])
rng = np.random.default_rng(7)
fresh = truth(places) + NOISE * rng.normal(size=(400, 50))
squared = np.array([np.mean((fresh - fits(d)) ** 2) for d in range(13)])
for d in (1, 3, 5, 12):
    print(
        f"degree {d:>2}: bias² {parts[d, 0]:.2f} + variance {parts[d, 1]:.2f}"
        f" + noise {NOISE**2:.2f}, measured {squared[d]:.2f}"
    )
claim(
    "the largest difference of the three parts from the measured error, "
    "over 13 degrees",
    np.abs((parts.sum(axis=1) + NOISE**2) / squared - 1).max(),
    below=0.05,
    form=".0%",
)
claim(
    "the old trade-off: the error is lowest at a degree in the middle",
    int(squared.argmin()),
    between=(3, 9),
)

# %% [markdown]
# A higher degree lowers the bias and raises the variance. This is the **bias-variance trade-off**, the old reason to keep models small.
#
# **Explore.** Find the best degree. Double the noise, and find it again. Then take many more examples. Which curve on the right hardly
# moves, whatever noise and size are? More data do not cure bias.

# %%
trade_off()

# %% [markdown]
# ## One way, cut in two places
#
# You now have two meanings of the same words. How do they fit together? For networks that classify, the average of
# many models is their **majority vote**. The way from the Bayes error to the dev error can be cut at the error of this vote (statistics), or at the training
# error (Ng). The first needs many training sets. The second needs one: that is why you use it.

# %%
cuts = {}
for name, (errors, outputs) in runs.items():
    train, dev = errors.mean(axis=0)
    vote = error_rate(y_dev, np.mean(outputs > 0.5, axis=0) > 0.5)
    cuts[name] = {"train": train, "vote": vote, "dev": dev}
    print(
        f"{name:<18} avoidable bias {train - BAYES:+.0%}, gap "
        f"{dev - train:.0%}; vote {vote - BAYES:+.0%}, rest {dev - vote:.0%}"
    )
plots.two_cuts(cuts, BAYES)
flat, wide, held = cuts.values()
claim(
    "the majority vote of wide networks removes over half of the excess "
    "error of one of them",
    (wide["dev"] - wide["vote"]) / (wide["dev"] - BAYES),
    above=0.5,
    form=".0%",
)
claim(
    "the vote of networks without hidden units removes less than a quarter "
    "of theirs",
    (flat["dev"] - flat["vote"]) / (flat["dev"] - BAYES),
    below=0.25,
    form=".0%",
)

# %% [markdown]
# Without hidden units the two cuts are nearly in one place: both words mean the same. The wide network differs. It has learned most flips
# of its own training set by heart, so its training error is too low: it is **optimistic**. There the avoidable bias is smaller than the statistical bias,
# and the gap holds the variance and this optimism together. What helps stays the same.
#
# With error rates the parts do not simply add up (Domingos 2000). Call the share of predictions that differ from the vote the variance. Where the vote is
# right, it costs. Where the vote is wrong, it helps: of two classes the other one is right. So vote plus variance is too much.

# %%
outputs = runs["128 units"][1] > 0.5
vote = outputs.mean(axis=0) > 0.5
differs, wrong = outputs != vote, vote != y_dev
costs, helps = np.mean(differs & ~wrong), np.mean(differs & wrong)
print(
    f"128 units: vote {wrong.mean():.1%} + costs {costs:.1%} - helps "
    f"{helps:.1%} = {wrong.mean() + costs - helps:.1%}, "
    f"dev error {wide['dev']:.1%}"
)
claim(
    "vote error and variance together exceed the dev error by (points)",
    100 * (wrong.mean() + differs.mean() - wide["dev"]),
    above=1,
)

# %% [markdown]
# Squared errors of the probabilities do add up. You will use that below.
#
# ## Learning curves
#
# You have one training set. But you can train on its first 50 examples, its first 100, and so on, and watch both errors: a
# **learning curve**. It tells you whether more data would help *before* you buy them.
#
# **Your task.** Draw a learning curve. `fit(X, y)` trains a model and returns its `predict`. Shuffle once, train on the first $n$ for each $n$ in
# `sizes`, and measure on these $n$ and on a dev set that stays the same. You may use `error_rate`.

# %% tags=["exercise"]
learning_curve

# %% tags=["predict"]
training_error_of_two_units

# %%
X, y = digits()
sizes = [50, 100, 200, 400, 800, 1200]
RATES = {0: 0.03, 2: 0.02, 64: 0.005}  # good on other seeds


def network_for(hidden, seed, steps=600):
    """A function fit(X, y): trains with equally many steps for any size."""

    def fit_network(X, y):
        sizes = [64, hidden, 10] if hidden else [64, 10]
        network = dense_network(sizes, activation="tanh", rng=seed)
        size = min(32, len(y))
        epochs = int(np.ceil(steps * size / len(y)))
        fit(network, X, y, Adam(lr=RATES[hidden]), epochs=epochs,
            batch_size=size, rng=seed, measure=False)  # fmt: skip
        return network.predict

    return fit_network


def one_run(hidden, seed):
    rng = np.random.default_rng([5, seed])
    return learning_curve(network_for(hidden, seed), X, y, sizes, rng)


none, two, large = (
    np.array([one_run(hidden, seed) for seed in range(5)])
    for hidden in (0, 2, 64)
)
curves = {
    "2 units: they meet": two,
    "no hidden unit": none,
    "64 units, to 400 digits": large[:, :, :4],
}
plots.learning_curves(sizes, curves)
rise = two[:, 0, -1].mean() - two[:, 0, 0].mean()
answer = "c" if rise > 0.05 else "a" if rise < -0.05 else "b"
guess = measured("training_error_of_two_units", answer)

# %%
for name, curve in {"2 units": two, "no hidden unit": none}.items():
    train, dev = curve.mean(axis=0)
    print(
        f"{name:<14} 50 digits: train {train[0]:.0%}, dev {dev[0]:.0%}; "
        f"1200 digits: train {train[-1]:.0%}, dev {dev[-1]:.0%}"
    )
claim(
    "2 units: the training error rises from 50 to 1200 digits "
    "(points, mean of 5 runs)",
    100 * rise,
    above=10,
)
train, dev = two.mean(axis=0)
claim(
    "2 units: with 1200 digits the gap is nearly closed "
    "(points, mean of 5 runs)",
    100 * (dev[-1] - train[-1]),
    below=8,
)

# %% [markdown]
# Two units can learn 50 digits by heart, and not 1200. The training error rises until it meets dev, and there the statistical bias shows. From then on more
# data change nothing. The other two have next to no training error, and their gaps close as data come in. (Bands: lowest to highest of five runs.)
#
# In Keras, `fit` prints a training accuracy that is a mean over the epoch, taken while the weights still move, and with dropout on. Before you
# diagnose, measure train and dev with `evaluate`, both at the same weights.
#
# **Your task: repair.** A colleague averages learning curves over several runs. The code below runs, its curves look splendid, and they are wrong: among other things, models see their
# dev set. Find every fault. The docstring says what the code should do.

# %% tags=["exercise"]
mean_curve

# %% [markdown]
# ## What will more data bring?
#
# In many tasks the dev error falls as a **power law** over a wide range (Hestness et al. 2017):
#
# $$\text{error} \approx \frac{a}{n^{b}}$$
#
# **Your task: derive.** Find $a$ and $b$ from measured errors. No formula is given. Ask what the law looks like after you take logarithms of both sides, and
# take the $a$ and $b$ whose logarithms have the least squared distance.

# %% tags=["exercise"]
fit_power_law

# %% [markdown]
# The network with 64 units was drawn up to 400 digits. Its errors at 800 and 1200 digits are known, but not to you.

# %% tags=["predict"]
error_at_1200

# %%
dev = large[:, 1].mean(axis=0)
law = fit_power_law(np.array(sizes[:4]), dev[:4])
foreseen = law[0] / sizes[-1] ** law[1]
straight = dev[3] + (dev[3] - dev[2]) / 200 * 800  # the line to 1200
guess = measured("error_at_1200", round(100 * dev[-1], 1))
plots.extrapolation(sizes, dev, 4, law, guess)
print(
    f"the law of 50 to 400 digits: {foreseen:.1%} at 1200, measured "
    f"{dev[-1]:.1%}, straight line: {straight:.0%}"
)
claim(
    "foreseen error over measured error at 1200 digits",
    foreseen / dev[-1],
    between=(0.5, 1.3),
)
claim(
    "a straight line through the last two points promises an error below 0",
    straight,
    below=0,
    form=".0%",
)

# %% [markdown]
# Four cheap points tell roughly what three times the data bring. The law is a little too optimistic here. A power law falls for ever, and no error falls below the
# Bayes error: far out, every real curve becomes flat.
#
# ## Double descent
#
# What happens at the end of the old trade-off, where a model can fit everything? Take 300 digits. Three in ten labels are replaced by random ones. The model is linear, on random features:
# $\max(0, x W + b)$, where $W$ and $b$ are drawn once and never trained. With more features it can do more. Once there are as many features as examples, it can
# fit all labels, and beyond that in many ways. Then it takes the weights with the **minimum norm**. Or it is held back by a **ridge** $\rho$, which is L2 for linear models:
#
# $$W = (F^\top F + \rho I)^{-1} F^\top Y$$
#
# **Your task.** Return the minimum-norm least-squares weights where the ridge is 0, else the ridge solution.

# %% tags=["exercise"]
min_norm_fit

# %% tags=["predict"]
peak

# %%
features = [10, 30, 100, 200, 250, 300, 350, 400, 600, 1000]
RIDGES = (0.01, 0.1, 1.0, 10.0, 100.0)


def task(seed, wrong=0.3):
    """300 digits with wrong labels; dev; and 1000 random features of both."""
    rng = np.random.default_rng([3, seed])
    order = rng.permutation(len(y))
    train, dev = order[:300], order[1200:]
    drawn = rng.integers(0, 10, 300)
    labels = np.where(rng.random(300) < wrong, drawn, y[train])
    W, b = rng.normal(size=(64, 1000)), rng.normal(size=1000)
    F = np.maximum(0, X @ W + b)
    return labels, F[train], y[dev], F[dev], X[train], X[dev]


def score(F, labels, F_dev, y_dev, ridge):
    """(dev error, norm of the weights) of a linear model on F."""
    scale = np.sqrt(F.shape[1])  # so that a ridge means the same for all
    W = min_norm_fit(F / scale, np.eye(10)[labels] - 0.1, ridge)
    y_hat = (F_dev / scale @ W).argmax(axis=1)
    return error_rate(y_dev, y_hat), np.linalg.norm(W)


def descent(seed, ridge, wrong=0.3):
    labels, F, y_dev, F_dev, *_ = task(seed, wrong)
    found = []
    for n in features:
        found.append(score(F[:, :n], labels, F_dev[:, :n], y_dev, ridge))
    return found


def on_pixels(seed, ridge):
    """Dev error of the linear model without random features."""
    labels, _, y_dev, _, X_train, X_dev = task(seed)
    return score(X_train, labels, X_dev, y_dev, ridge)[0]


def on_all(seed, ridge):
    labels, F, y_dev, F_dev, *_ = task(seed)
    return score(F, labels, F_dev, y_dev, ridge)[0]


# %% [markdown]
# The strength of the ridge is chosen on three other draws of the task, for the random features and for the 64 pixels alone.

# %%
chosen = {}
for name, model in {"1000 features": on_all, "64 pixels": on_pixels}.items():
    tried = [np.mean([model(s, r) for s in (100, 101, 102)]) for r in RIDGES]
    chosen[name] = RIDGES[int(np.argmin(tried))]
    shown = ", ".join(
        f"{r:g} {e:.0%}" for r, e in zip(RIDGES, tried, strict=True)
    )
    print(f"{name:<13} dev error by ridge: {shown}")

ridge = chosen["1000 features"]
kinds = {"wrong labels": (0.0, 0.3), "right labels": (0.0, 0.0),
         "wrong labels, ridge": (ridge, 0.3)}  # fmt: skip
found = {
    name: np.array([descent(seed, *kind) for seed in range(5)])
    for name, kind in kinds.items()
}  # each (5 runs, features, error and norm)
errors = {name: values[..., 0] for name, values in found.items()}
norms = {name: values[..., 1] for name, values in found.items()}
pixels = np.mean([on_pixels(s, chosen["64 pixels"]) for s in range(5)])
free, clean, held = (e.mean(axis=0) for e in errors.values())
top = features[int(free.argmax())]
guess = measured("peak", top)
plots.double_descent(features, errors, norms, 300, pixels, guess)

# %%
for name, error in errors.items():
    at = dict(zip(features, error.mean(axis=0), strict=True))
    print(
        f"{name:<20} "
        + ", ".join(f"{n}: {at[n]:.0%}" for n in (30, 100, 300, 1000))
    )
claim("the dev error is largest at (features)", top, between=(250, 350))
claim(
    "from the peak to 1000 features the dev error falls by (points)",
    100 * (free.max() - free[-1]),
    above=20,
)
claim(
    "right labels: 1000 features beat the best number below 300 (points)",
    100 * (clean[:5].min() - clean[-1]),
    above=1,
)
claim(
    "with the ridge 1000 features beat every smaller model without one, "
    "and the pixels (points)",
    100 * (min(free.min(), pixels) - held[-1]),
    above=0.5,
)

# %% [markdown]
# This is **double descent** (Belkin et al. 2019). Where features and examples are equally many, there is one way to fit all labels, wrong ones included,
# and it takes enormous weights. The right panel shows it: the norm has its peak at the same place. With more features there are many ways, and the smallest
# one is tame. Wrong labels make the peak high, but it is there without them. The ridge forbids large weights, and the peak is gone.
#
# Two things to remember. A larger model is not always worse, even with no penalty: with right labels the largest one is the best. And a good penalty makes the question harmless.
#
# ## Size and penalty
#
# The old trade-off has one setting, the size. Networks have two: size takes away bias, and a penalty keeps the variance low. So the recipe does not say *smaller network*. Is
# that true? It has to be shown on a task that needs hidden units, beside small networks and none at all. The moons are such a task. First the strength
# of the penalty is tried on five other training sets. Above and below, 0.3 is used.

# %%
strengths = (0.03, 0.1, 0.3, 1.0, 3.0)
tried = [
    redrawn(128, l2, range(100, 105))[0][:, 1].mean() for l2 in strengths
]
shown = ", ".join(
    f"{s:g} {e:.1%}" for s, e in zip(strengths, tried, strict=True)
)
print(f"128 units, dev error by penalty\n{shown}")

# %%
units = [0, 2, 4, 8, 16, 128]
probability = np.where(clean_dev == 1, 1 - BAYES, BAYES)  # the truth
table, rates = {}, {}
for name, l2 in {"No penalty": 0.0, "Penalty": 0.3}.items():
    sweep = [redrawn(h, l2, range(12)) for h in units]
    rates[name] = np.array([errors[:, 1].mean() for errors, _ in sweep])
    found = [bias_variance(outputs, probability) for _, outputs in sweep]
    total = [np.mean((y_dev - outputs) ** 2) for _, outputs in sweep]
    table[name] = np.column_stack([found, total])
noise = np.mean((y_dev - probability) ** 2)
plots.widths(units, table, noise, rates)
print("dev error by hidden units")
for name, error in rates.items():
    shown = ", ".join(
        f"{h}: {e:.0%}" for h, e in zip(units, error, strict=True)
    )
    print(f"{name:<10} {shown}")

# %%
free, held = rates.values()
off = [
    np.abs((v[:, :2].sum(axis=1) + noise) / v[:, 2] - 1)
    for v in table.values()
]
claim(
    "bias², variance and noise add up to the measured squared error: "
    "largest difference of 12 networks",
    np.max(off),
    below=0.05,
    form=".1%",
)
claim(
    "variance of 128 units without the penalty, over that with it",
    table["No penalty"][-1, 1] / table["Penalty"][-1, 1],
    above=3,
)
claim(
    "large with penalty beats the best smaller network without (points)",
    100 * (free[1:-1].min() - held[-1]),
    above=0.7,
)
claim(
    "and it beats no hidden unit, with or without penalty (points)",
    100 * (min(free[0], held[0]) - held[-1]),
    above=3,
)

# %% [markdown]
# Without a penalty the old trade-off is there: bias falls with the width, variance rises. With it, variance stays low, and the large network is the best. If
# a penalty is chosen well, width costs computing time and little else. This holds where hidden units are needed: where a linear model is enough, a penalty can make the
# large network nearly linear (lesson 03 measures it), and the linear model is cheaper.
#
# ## Spend a budget
#
# Now you decide. A network with 100 labels, 4 units and 200 epochs (an epoch here is one step on all labels) was trained on a task. You get its training error halfway and at the end, its dev
# error, and the Bayes error. What do you buy with a budget of 1000? Each of the three has a fee of 300 if you raise it at all, and a price: a label 1,
# a unit 20, an epoch 0.8. A wider network is trained at a smaller rate, lr · √(4/units), so that its outputs do not move too fast.
#
# **Your task: design.** Write the plan as a function of the four errors. The score is the share by which the error of the next network is lower than that of the first, measured with right
# labels: 0 is no gain, 1 is perfect. At grading it is the mean over twelve fresh tasks, two seeds each; **0.56, 0.61 and 0.66** earn a third of the points each.
# Plain plans, the same for every task, reach none of them: *all on labels*, *all on units*, *all on epochs*, *half on units, half on epochs*,
# *a little of each*. The next cell tells what each of them reaches.

# %%
plain = {
    "all on labels": (800, 4, 200),
    "all on units": (100, 39, 200),
    "all on epochs": (100, 4, 1075),
    "half on units, half on epochs": (100, 14, 450),
    "a little of each": (133, 5, 241),
}
rng = np.random.default_rng(11)
tasks = [situation(kind, 0.07, rng) for kind in 4 * KINDS]


def share(plan):
    """The mean score of a plan, a function of the four errors."""
    return np.mean(
        [
            try_plan(plan(*told), 2 * number + run, *told)
            for number, told in enumerate(tasks)
            for run in range(2)
        ]
    )


reached = {}
for name, numbers in plain.items():
    fixed = dict(zip(("labels", "units", "epochs"), numbers, strict=True))
    reached[name] = share(lambda *told, fixed=fixed: fixed)
    print(f"{name:<30} {reached[name]:.2f}")
claim(
    "the best plan that is the same for every task",
    max(reached.values()),
    below=0.56,
)

# %% tags=["exercise"]
spend_budget

# %%
print("halfway train  dev  Bayes labels units epochs  diagnosis")
for told in tasks[:3]:
    halfway, train, dev, bayes = told
    bought = [spend_budget(*told)[k] for k in ("labels", "units", "epochs")]
    print(
        f"{halfway:7.0%}{train:6.0%}{dev:5.0%}{bayes:7.0%}",
        "{:6}{:6}{:7} ".format(*bought),
        diagnose(*told[1:], gap=0.05),
    )
print(f"your plan: {share(spend_budget):.2f}")
print(f"the recipe says of high bias:\n{next_step('high bias')}")

# %% [markdown]
# The recipe alone does not tell a small network from one that was stopped too soon: both have high bias. A fourth number does.
#
# ## Quiz

# %% tags=["quiz"]
which_baseline

# %% tags=["quiz"]
who_gains_from_data

# %% tags=["quiz"]
below_the_bayes_error

# %% tags=["quiz"]
where_the_peak_moves

# %% [markdown]
# ## Papers to read
#
# - S. Geman, E. Bienenstock and R. Doursat (1992), *Neural networks and the bias/variance dilemma*, Neural Computation 4,
#   [doi:10.1162/neco.1992.4.1.1](https://doi.org/10.1162/neco.1992.4.1.1). The decomposition that you have measured, and why it was thought to
#   limit large networks.
# - P. Domingos (2000), *A unified bias-variance decomposition and its applications*, ICML. What bias and variance mean where the
#   error is a count of wrong labels and not a square.
# - M. Belkin, D. Hsu, S. Ma and S. Mandal (2019), *Reconciling modern machine-learning practice and the classical bias-variance trade-off*, PNAS
#   116, [doi:10.1073/pnas.1903070116](https://doi.org/10.1073/pnas.1903070116). Random features and double descent, as in your experiment.
# - P. Nakkiran and others (2020), *Deep double descent: where bigger models and more data hurt*, ICLR,
#   [arXiv:1912.02292](https://arxiv.org/abs/1912.02292). The same in deep networks, over width, over epochs and over data.
# - P. Nakkiran, P. Venkat, S. Kakade and T. Ma (2021), *Optimal regularization can mitigate double descent*, ICLR,
#   [arXiv:2003.01897](https://arxiv.org/abs/2003.01897). Why the right ridge leaves no peak.
# - J. Hestness and others (2017), *Deep learning scaling is predictable, empirically*, [arXiv:1712.00409](https://arxiv.org/abs/1712.00409).
#   Learning curves over many orders of magnitude, and how far they can be extended.
# - A. Ng (2018), *Machine learning yearning*. Avoidable bias, error analysis and learning curves, in short chapters.

# %% [markdown]
# ## What you can do now
#
# Your question was what to pay for. You compare train with the Bayes error and dev with train, in this order, and ask whether training had ended. You know
# what these gaps share with statistical bias and variance, and where they differ. You have predicted an error that you had not measured, and seen a
# peak come and go. And you have spent a budget by measured numbers, where no plain plan was good enough.
#
# Next: [lesson 03](03_l2_regularization.ipynb) builds the penalty.
