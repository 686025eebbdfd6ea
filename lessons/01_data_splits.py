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
# # Train, dev and test sets
#
# Every decision in this course is taken by a number that is measured on data. Which data may
# decide what? And how do you cut a data set, so that you can trust the number?
#
# **Takes** about 75 minutes · **Before this** lesson 00
#
# **You will**
# - cut a data set by size, at random, by class and by group, with functions of your own,
# - see four splits that lie, and measure by how much each does,
# - work out how many dev examples a comparison of two models needs.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import digits
from nnutils.lessons.data_splits import plots
from nnutils.lessons.data_splits.explorer import dev_set_size
from nnutils.network import dense_network
from nnutils.optimizers import Adam
from nnutils.training import fit

# %% [markdown]
# ## Three sets, three jobs
#
# A network that is asked about the examples it has learned from may simply remember them. So
# the data are cut into parts, and each part has one job.
#
# - The **training set** is what the weights are fitted to.
# - The **dev set** (for *development*; also called validation set) decides: which network,
#   which learning rate, when to stop. The weights never see it.
# - The **test set** says at the end how good the chosen network is. It decides nothing.

# %%
X, y = digits()
first = [np.flatnonzero(y == digit)[:10] for digit in (3, 8)]
plots.picture_rows(
    {"a three": X[first[0]], "an eight": X[first[1]]},
    "The data: digits of 8 x 8 pixels",
)
each = np.bincount(y)
print(f"{len(y)} digits with {X.shape[1]} pixels each")
print(f"{each.min()} to {each.max()} of each class")

# %% [markdown]
# The first thing to settle is how many examples each part gets. Shares such as 60 %, 20 % and
# 20 % hardly ever give whole numbers, and no example may be lost or used twice:
#
# $$m_k = \lfloor f_k \, m \rfloor \quad (k \ge 2), \qquad m_1 = m - \sum_{k \ge 2} m_k$$
#
# **Your task.** Return the sizes of the parts. Round every part down but the first, the
# training set, which takes what is left.

# %% tags=["exercise"]
split_sizes

# %%
for fractions in [(0.7, 0.3), (0.6, 0.2, 0.2), (0.98, 0.01, 0.01)]:
    print(
        f"{len(y)} digits cut {fractions}: "
        f"{tuple(split_sizes(len(y), fractions))}"
    )

# %% [markdown]
# ## How large a share?
#
# As long as data sets were small, people cut them 70/30 (train and test), or 60/20/20 with a dev
# set. The dev set's job is to tell which of two networks is better. How many examples that takes does
# not depend on how many you have: about 10 000 do for most purposes (you will see why below). So
# of a million examples 1 % is enough, and the network can learn from the other 98 %.
#
# $$f_\text{dev} = f_\text{test} = \min\left(0.2,\; \frac{10\,000}{m}\right)$$
#
# **Your task.** Return the three shares for a data set of `m` examples.

# %% tags=["exercise"]
recommend_fractions

# %%
plots.shares_by_size(recommend_fractions)
for m in (1_797, 100_000, 1_000_000):
    train, dev, test = recommend_fractions(m)
    print(
        f"{m:9,} examples: train {train:.0%}, dev {dev:.0%}, test {test:.0%}"
    )

# %% [markdown]
# ## Shuffle before you cut
#
# Data seldom come in random order. They are sorted by label, by date, by the machine that
# recorded them. Cut such a file as it is, and training and dev set hold different things. One random
# order of all rows, the *same* order for `X` and for `y`, mends that.
#
# **Your task.** Draw one permutation of the rows with `rng`, cut it by your `split_sizes`, and return a
# list of pairs `(X, y)`.

# %% tags=["exercise"]
shuffle_split


# %% [markdown]
# Here are the digits as a careful archivist would store them: all zeros first, then all
# ones, and so on. They are cut twice, once as they lie and once by your function.

# %%
by_label = np.argsort(y, kind="stable")
X_sorted, y_sorted = X[by_label], y[by_label]
m_train, m_dev = split_sizes(len(y), (0.8, 0.2))


def as_they_lie():
    return [
        (X_sorted[:m_train], y_sorted[:m_train]),
        (X_sorted[m_train:], y_sorted[m_train:]),
    ]


def shuffled(seed):
    return shuffle_split(
        X_sorted, y_sorted, (0.8, 0.2), np.random.default_rng(seed)
    )


splits = {
    "Cut as they lie: dev holds other digits": as_they_lie(),
    "Shuffled: dev holds the same": shuffled(0),
}
plots.class_counts(
    {name: (train[1], dev[1]) for name, (train, dev) in splits.items()}
)
for (train, dev), name in zip(
    splits.values(), ["as they lie", "shuffled"], strict=True
):
    digits_there = [
        " ".join(map(str, np.unique(part[1]))) for part in (train, dev)
    ]
    print(
        f"{name:<12} training holds {digits_there[0]}; "
        f"dev holds {digits_there[1]}"
    )

# %% [markdown]
# Now train a small network on each, five times with different seeds, and ask both parts. The network is the
# same throughout this lesson: 64 pixels, 32 hidden units, 10 digits.


# %%
def trained(X, y, seed):
    network = dense_network([64, 32, 10], rng=seed)
    fit(network, X, y, Adam(lr=0.003), epochs=15, batch_size=64, rng=seed)
    return network


def accuracies(train, dev, seed):
    network = trained(*train, seed)
    return network.accuracy(*train), network.accuracy(*dev)


sorted_runs = np.array(
    [accuracies(*as_they_lie(), seed) for seed in range(5)]
)
shuffled_runs = np.array(
    [accuracies(*shuffled(seed), seed) for seed in range(5)]
)
plots.runs_compared(
    {
        "as they lie": {"train": sorted_runs[:, 0], "dev": sorted_runs[:, 1]},
        "shuffled": {
            "train": shuffled_runs[:, 0],
            "dev": shuffled_runs[:, 1],
        },
    },
    "Nobody can read a digit that was never shown",
    "how the sorted digits were cut",
)
for name, runs in {
    "as they lie": sorted_runs,
    "shuffled": shuffled_runs,
}.items():
    on_train, on_dev = runs.mean(axis=0)
    print(
        f"{name:<12} train {on_train:.0%}, dev {on_dev:.0%} (mean of 5 runs)"
    )

# %%
claim(
    "cut as they lie: train over 95 %, dev below 5 %, in each of 5 runs",
    (sorted_runs[:, 0] > 0.95).all() and (sorted_runs[:, 1] < 0.05).all(),
)
claim(
    "shuffled first: dev over 90 % in each of 5 runs",
    (shuffled_runs[:, 1] > 0.90).all(),
)

# %% [markdown]
# The order matters for a second reason: if time is the order (prices, machines that wear out), the future
# is what you will be asked about. Then a random order would let the network peep into it, and the cut belongs between past and
# future. A shuffle is right where tomorrow's examples come from the same pot as today's.

# %% [markdown]
# ## Every class its share
#
# A shuffle gives each class its share *on average*. A rare class needs more: with 30 examples of it, chance
# decides whether the dev set holds two of them or ten, and its measured error is worth little. A *stratified* split shuffles
# and cuts each class by itself. For each class $c$ with $m_c$ examples
#
# $$m_{c,k} = \lfloor f_k \, m_c \rfloor \quad (k \ge 2), \qquad m_{c,1} = m_c - \sum_{k \ge 2} m_{c,k}$$
#
# **Your task.** Return one array of *indices* a part (so that they can cut `X` and `y` alike). Within each
# class, the examples are drawn at random with `rng`, in the numbers that `split_sizes` gives for the class.

# %% tags=["exercise"]
stratified_split

# %% [markdown]
# Keep only 30 of the eights, and split 300 times, with a plain shuffle and with your function. How many eights get into the
# dev set?

# %%
eights = np.flatnonzero(y == 8)
# every digit, but only 30 eights
rare = np.setdiff1d(np.arange(len(y)), eights[30:])
fractions = (0.8, 0.2)


def eights_in_dev(split):
    return np.array(
        [
            np.sum(split(np.random.default_rng(seed)) == 8)
            for seed in range(300)
        ]
    )


counts = {
    "shuffled": eights_in_dev(
        lambda rng: shuffle_split(X[rare], y[rare], fractions, rng)[1][1]
    ),
    "stratified": eights_in_dev(
        lambda rng: y[rare][stratified_split(y[rare], fractions, rng)[1]]
    ),
}
plots.counts_of_rare_class(counts, wanted=0.2 * 30)
for name, count in counts.items():
    low, high, spread = count.min(), count.max(), count.std()
    print(
        f"{name:<10} {low} to {high} eights in dev, "
        f"standard deviation {spread:.1f}"
    )

# %%
claim(
    "a stratified dev set holds the rare class's share in each of 300 "
    "splits, give or take one",
    (np.abs(counts["stratified"] - 6) <= 1).all(),
)
claim(
    "after a plain shuffle, some dev sets hold 2 of them or fewer and "
    "others 10 or more",
    counts["shuffled"].min() <= 2 and counts["shuffled"].max() >= 10,
)

# %% [markdown]
# ## What belongs together stays together
#
# Four X-rays of one patient, ten sentences of one speaker, six photographs of one sheet of paper: they are
# alike in ways that have nothing to do with the question. If some are in training and others in dev, the network may
# recognise the patient instead of the disease. The dev score is splendid, and the next patient is a surprise.
#
# The cure: split the *groups*. All examples of a group go to the same part.
#
# **Your task.** `groups` names the group of each example. Shuffle and cut the list of groups, and return for each part the
# indices of all examples whose group is in it.

# %% tags=["exercise"]
group_split

# %% [markdown]
# A small study: 100 sheets of paper, one digit on each, and 8 noisy photographs of every sheet. What you want to know is
# how well the network will read *new* sheets. Here you can find out, because the other digits serve as new sheets.


# %%
def photographed(X, rng):
    light = rng.uniform(0.6, 1.0, size=(len(X), 1))
    return np.clip(light * X + rng.normal(0, 0.25, X.shape), 0, 1)


rng = np.random.default_rng(0)
sheet = X[0]
photographs = photographed(np.tile(sheet, (8, 1)), rng)
others = photographed(X[1:9], rng)
plots.picture_rows(
    {"one sheet": photographs, "eight sheets": others},
    "Photographs of one sheet are more alike than those of eight sheets",
)
for name, some in {"one sheet": photographs, "eight sheets": others}.items():
    apart = np.linalg.norm(np.diff(some, axis=0), axis=1)
    print(
        f"{name:<12} a photograph and the next are {apart.mean():.1f} apart"
    )


# %%
def study(seed):
    rng = np.random.default_rng(seed)
    sheets, new = np.split(rng.permutation(len(y)), [100])
    group = np.repeat(sheets, 8)
    pictures, labels = photographed(X[group], rng), y[group]
    new_sheets = photographed(X[new], rng), y[new]
    ways = {
        # 70 % of them
        "pictures shuffled": np.split(rng.permutation(800), [560]),
        "sheets kept together": group_split(group, (0.7, 0.3), rng),
    }
    for train, dev in ways.values():
        network = trained(pictures[train], labels[train], seed)
        yield (
            network.accuracy(pictures[dev], labels[dev]),
            network.accuracy(*new_sheets),
        )


# (runs, ways, dev and new)
runs = np.array([list(study(seed)) for seed in range(10)])
plots.runs_compared(
    {
        name: {
            "what dev promises": runs[:, i, 0],
            "what new sheets bring": runs[:, i, 1],
        }
        for i, name in enumerate(
            ["pictures shuffled", "sheets kept together"]
        )
    },
    "A torn group makes a promise that is not kept",
    "how the photographs were cut",
)
gap = runs[..., 0] - runs[..., 1]
for i, name in enumerate(["pictures shuffled", "sheets kept together"]):
    on_dev, on_new = runs[:, i].mean(axis=0)
    off = 100 * abs(gap[:, i].mean())
    print(
        f"{name:<21} dev {on_dev:.0%}, new sheets {on_new:.0%}: "
        f"{off:.0f} points off"
    )

# %%
claim(
    "with torn groups, dev promises at least 5 points too much "
    "in each of 10 runs",
    (gap[:, 0] > 0.05).all(),
)
claim(
    "with groups kept together, dev is right to within 5 points on average",
    abs(gap[:, 1].mean()) < 0.05,
)
torn, whole = 100 * runs[:, :, 0].std(axis=0)
print(
    f"spread of the dev score: {torn:.0f} points torn, "
    f"{whole:.0f} kept together"
)
claim(
    "kept together, the dev score spreads over 1.5 times as much",
    whole > 1.5 * torn,
)

# %% [markdown]
# Look at the points as well as at the bars. The honest dev set spreads much more from run to run, although it holds
# as many pictures: they come from 30 sheets, and that is closer to 30 examples than to 240.

# %% [markdown]
# ## Dev and test look like what you will meet
#
# The dev set is the target that you aim at. If it holds other things than the network will meet, you hit the wrong target,
# however large the set is. Say you have clean scans in plenty, and the network is meant for telephones: blurred,
# grey, a little noisy.


# %%
def by_telephone(X, rng):
    image = X.reshape(-1, 8, 8)
    shifts = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)]
    blurred = np.mean(
        [np.roll(image, shift, axis=(1, 2)) for shift in shifts], axis=0
    )
    grey = 0.25 + 0.5 * blurred.reshape(len(X), -1)
    return np.clip(grey + rng.normal(0, 0.05, X.shape), 0, 1)


telephone = by_telephone(X[:8], np.random.default_rng(0))
plots.picture_rows(
    {"scans": X[:8], "telephone": telephone},
    "The same digits, from two sources",
)
print(
    f"mean pixel: scans {X[:8].mean():.2f}, telephone {telephone.mean():.2f}"
)

# %% [markdown]
# Two candidates: A has learned from scans. B has learned from the same digits for as long, but has seen every
# other one through a telephone. Which one do you ship? Ask two dev sets, one of scans and one of telephone pictures.

# %%
rows = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    train, dev = shuffle_split(X, y, (0.7, 0.3), rng)
    mixed = train[0].copy()
    mixed[::2] = by_telephone(mixed[::2], rng)
    a, b = trained(*train, seed), trained(mixed, train[1], seed)
    telephone_dev = by_telephone(dev[0], rng), dev[1]
    rows.append(
        [
            [a.accuracy(*part), b.accuracy(*part)]
            for part in (dev, telephone_dev)
        ]
    )
runs = np.array(rows)  # (runs, dev sets, candidates)
plots.runs_compared(
    {
        name: {
            "A: scans only": runs[:, i, 0],
            "B: scans and telephone": runs[:, i, 1],
        }
        for i, name in enumerate(["scans", "telephone pictures"])
    },
    "Two dev sets choose two different networks",
    "what the candidates were measured on",
)
for i, name in enumerate(["scans", "telephone pictures"]):
    on_a, on_b = runs[:, i].mean(axis=0)
    wins = np.sum(runs[:, i, 0] > runs[:, i, 1])
    print(
        f"dev set of {name:<18} A {on_a:.0%}, B {on_b:.0%}; "
        f"A wins {wins} of 5"
    )

# %%
claim(
    "a dev set of scans never sees that A fails on telephones: "
    "it gives A over 90 %",
    (runs[:, 0, 0] > 0.9).all(),
)
claim(
    "on telephone pictures B is ahead by over 20 points, in each of 5 runs",
    (runs[:, 1, 1] - runs[:, 1, 0] > 0.2).all(),
)

# %% [markdown]
# ## How many dev examples?
#
# A measured error is a share: of $n$ dev examples, how many came out wrong. Each example is a coin that shows *wrong* with
# probability $p$, the true error. One toss has variance $p(1-p)$, and the mean of $n$ tosses has
# an $n$-th of it. The typical distance between measured and true error, the **standard error**, is
#
# $$\text{SE} = \sqrt{\frac{p\,(1-p)}{n}}$$
#
# **Your task.** Return it.

# %% tags=["exercise"]
dev_standard_error

# %% [markdown]
# First, does the formula hold for a real network? Train one, draw dev sets of 50 digits from those
# that it has not seen, thousands of times, and compare the spread of the measured errors with your function.

# %%
rng = np.random.default_rng(1)
train, pool = shuffle_split(X, y, (0.4, 0.6), rng)
wrong = trained(*train, 1).predict(pool[0]) != pool[1]
measured = rng.choice(wrong, size=(5000, 50)).mean(axis=1)
predicted = dev_standard_error(wrong.mean(), 50)
print(f"true error on the pool {wrong.mean():.3f}")
print(
    f"dev sets of 50 measure errors from {measured.min():.2f} to "
    f"{measured.max():.2f}"
)
print(
    f"their spread is {measured.std():.3f}, "
    f"the standard error {predicted:.3f}"
)
claim(
    "the formula is within 5 % of the measured spread",
    abs(measured.std() / predicted - 1) < 0.05,
)

# %% [markdown]
# Now two networks, one with a true error of 10 %, the other of 11 %. Each dev set measures both. Does the better one come out ahead?

# %%
rng = np.random.default_rng(2)
better, worse = 0.10, 0.11
draws = {
    n: (
        rng.binomial(n, better, 20_000) / n,
        rng.binomial(n, worse, 20_000) / n,
    )
    for n in (100, 10_000)
}
plots.measured_errors(draws, (better, worse))
chance = {}
for n, (one, other) in draws.items():
    # a coin decides a tie
    chance[n] = np.mean(one < other) + np.mean(one == other) / 2
    se = dev_standard_error(better, n)
    print(
        f"n = {n:>5}: standard error {100 * se:.1f} points, "
        f"the better wins in {chance[n]:.0%}"
    )

# %%
claim(
    "100 dev examples do not tell a difference of 1 % apart: "
    "it is little more than a coin",
    chance[100] < 0.65,
)
claim(
    "10 000 dev examples tell it apart: the better one wins in over 95 %",
    chance[10_000] > 0.95,
)

# %% [markdown]
# So that is where the 10 000 come from: they resolve differences of about one percentage point. If you fight for a tenth of a point,
# as those do who rank advertisements, you need a hundred times as many. If the two networks are measured on the *same*
# dev examples, they tend to fail on the same ones, and somewhat fewer will do.
#
# **Explore.** Find the dev set size for which the better network wins in 95 % of the cases. Then halve the
# difference: how much larger must $n$ become? Then let the true error fall: does a better network need more examples, or fewer?

# %%
dev_set_size()

# %% [markdown]
# ## The test set decides nothing
#
# Each measured error is the true one plus luck. Choose the best of many, and you choose the luckiest: the winner's score is too
# good. That is no harm as long as you only need a winner; it is why the dev set's number is not the one to report. Here
# every candidate has the same true error of 10 %, so *all* that the winner is ahead by is luck.

# %%
rng = np.random.default_rng(3)
candidates = [1, 2, 5, 10, 20, 50, 100, 200]
scores = {
    n: rng.binomial(n, 0.10, size=(2000, 200)) / n
    for n in (100, 1000, 10_000)
}
chosen = {
    n: [s[:, :k].min(axis=1).mean() for k in candidates]
    for n, s in scores.items()
}
plots.chosen_scores(candidates, chosen, 0.10)
fresh = rng.binomial(1000, 0.10, size=2000) / 1000
for n, errors in chosen.items():
    too_good = (0.10 - errors[-1]) / dev_standard_error(0.10, n)
    print(
        f"n = {n:>5}: the best of 200 scores {errors[-1]:.1%}, "
        f"{too_good:.1f} standard errors off"
    )
print(f"the chosen one on 1000 fresh examples: {fresh.mean():.1%}")

# %%
claim(
    "the best of 200 equal models, chosen on 1000 examples, "
    "looks over 2 points too good",
    chosen[1000][-1] < 0.08,
)
claim(
    "on fresh examples the same model shows its true error again",
    abs(fresh.mean() - 0.10) < 0.002,
)

# %% [markdown]
# The same happens to a test set, once it is used to choose. Then it is a second dev set, and nothing is left to tell you the truth.
# If you need no unbiased number at the end, you may do without a test set; many teams then say "test set" for
# what is a dev set.

# %% [markdown]
# ## The same in Keras
#
# `fit` takes a share for validation by itself: `validation_split=0.2`. It cuts the rows as they lie, *before* it shuffles
# what is left, and takes the **last** ones. (Its rounding is the other way about as well: the training part is
# rounded down.) On the sorted digits that is your unshuffled split again.

# %%
import keras


def keras_model():
    keras.utils.set_random_seed(1)
    layers = [
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
    model = keras.Sequential([keras.layers.Input((64,)), *layers])
    adam = keras.optimizers.Adam(0.003)
    model.compile(
        adam, "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


settings = {"epochs": 15, "batch_size": 64, "verbose": 0}
model = keras_model()
split = model.fit(
    X_sorted, y_sorted, validation_split=0.2, **settings
).history
cut = int(0.8 * len(y))
loss, _ = model.evaluate(X_sorted[cut:], y_sorted[cut:], verbose=0)
train, dev = shuffled(0)
ready = keras_model().fit(*train, validation_data=dev, **settings).history
print(f"rows held out: Keras the last {len(y) - cut}, split_sizes {m_dev}")
rows = {
    "validation_split, sorted rows": (
        split["accuracy"][-1],
        split["val_accuracy"][-1],
    ),
    "ours, as they lie": sorted_runs[0],
    "validation_data, your split": (
        ready["accuracy"][-1],
        ready["val_accuracy"][-1],
    ),
    "ours, shuffled": shuffled_runs[0],
}
for name, (on_train, on_dev) in rows.items():
    print(f"{name:<30} train {on_train:.0%}, dev {on_dev:.0%}")

# %%
claim(
    "Keras holds out the last rows as they lie: "
    "its loss is that of these rows",
    abs(loss - split["val_loss"][-1]) < 1e-3,
)
claim(
    "validation_split fails on sorted labels as ours does",
    split["val_accuracy"][-1] < 0.05,
)
claim(
    "with your split as validation_data, Keras is above 90 %",
    ready["val_accuracy"][-1] > 0.90,
)

# %% [markdown]
# So with Keras: shuffle first, or hand over `validation_data`. In scikit-learn, the ready-made versions of what you have written are
# `train_test_split` (with `stratify=y` for classes) and `GroupShuffleSplit`.
#
# ## Quiz

# %% tags=["quiz"]
where_the_test_set_stops

# %% tags=["quiz"]
how_many_dev_examples

# %% tags=["quiz"]
why_the_accuracy_is_zero

# %% tags=["quiz"]
which_split_for_x_rays

# %% tags=["quiz"]
what_the_dev_set_should_hold

# %% [markdown]
# ## Papers to read
#
# - S. Kapoor and A. Narayanan (2023), *Leakage and the reproducibility crisis in machine-learning-based science*, Patterns 4.
#   Hundreds of papers whose splits leaked, field by field, and what kinds of leaks there are.
# - B. Recht, R. Roelofs, L. Schmidt and V. Shankar (2019), *Do ImageNet classifiers generalize to ImageNet?*, ICML.
#   New test sets were drawn for two famous ones: what ten years of choosing by the old ones had done, and what it had not.
# - C. Dwork, V. Feldman, M. Hardt, T. Pitassi, O. Reingold and A. Roth (2015), *The reusable holdout: preserving validity in
#   adaptive data analysis*, Science 349. How a held-out set can be asked again and again without wearing out.
# - T. G. Dietterich (1998), *Approximate statistical tests for comparing supervised classification learning algorithms*,
#   Neural Computation 10. Comparing two classifiers on the same examples, done properly.
# - R. Kohavi (1995), *A study of cross-validation and bootstrap for accuracy estimation and model selection*, IJCAI. What to
#   do when the set is too small to be cut; on stratification, too.

# %% [markdown]
# ## What you can do now
#
# You can say which data decide what: training fits, dev chooses, test reports. You shuffle before you cut, keep classes in
# proportion and groups whole, because you have seen dev fall to nearly nothing, and promise too much, without. You know that 10 000 dev examples resolve
# one point of error where 100 are little more than a coin, and that a chosen score flatters.
#
# Next: [lesson 02](02_bias_variance.ipynb) asks what the numbers on train and dev tell you to do.
