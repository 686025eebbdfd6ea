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
# Two networks read digits. On 100 digits that they have not seen, one of them is right more often. Which one do you ship, and
# which accuracy do you promise?
#
# **Takes** about 90 minutes · **Before this** lesson 00
#
# **You will**
# - cut data by size, at random, by class, by group, by time and into folds, with functions of your own,
# - measure by how much five common splits mislead, and repair a pipeline that leaks,
# - work out how many dev examples a comparison of two networks needs.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, quiz, solution
from nnutils.data import digits
from nnutils.lessons.data_splits import plots
from nnutils.lessons.data_splits.explorer import dev_set_size
from nnutils.lessons.data_splits.given import (
    by_telephone,
    coin_toss_study,
    photographed,
    score_as_received,
    shifted,
    trained,
)

X, y = digits()
rng = np.random.default_rng(0)
order = rng.permutation(len(y))
train, dev = order[:700], order[700:800]
for name, hidden in {"A": 24, "B": 64}.items():
    network = trained(X[train], y[train], rng, hidden)
    score = network.accuracy(X[dev], y[dev])
    print(f"network {name}, {hidden} hidden units: {score:.0%} of 100 right")

# %% [markdown]
# `trained` is given: it makes a network of one hidden layer and trains it, always in the same way. To answer, you need to know two
# things. Do these 100 digits show what users will send? And is the difference more than luck?
#
# ## Three sets, three jobs
#
# - The **training set** is what the weights are fitted to.
# - The **dev set** (for *development*; also **validation set**) decides: which network, which learning rate, when to stop.
# - The **test set** says at the end how good the chosen network is. It decides nothing.
#
# Shares such as 60 %, 20 % and 20 % of $m$ examples are seldom whole numbers, and no example may be lost or used twice. Part
# $k$ gets the share $f_k$:
#
# $$m_k = \lfloor f_k \, m \rfloor \quad (k \ge 2), \qquad m_1 = m - \sum_{k \ge 2} m_k$$
#
# **Your task.** Return the sizes of the parts.

# %% tags=["exercise"]
split_sizes

# %% [markdown]
# ## Five splits that mislead
#
# ### 1. In the order of the file
#
# Files are often sorted: by label, by date, by the machine that recorded them. Cut such a file as it is, and dev holds other things
# than train. The cure is one random order of all rows, the *same* for `X` and `y`.
#
# **Your task.** Shuffle, cut, and return the pairs `(X, y)`.

# %% tags=["exercise"]
shuffle_split

# %% [markdown]
# Sort the digits by label, and cut them with and without your shuffle:


# %%
def scores(train, dev, rng):
    network = trained(*train, rng)
    return network.accuracy(*train), network.accuracy(*dev)


by_label = np.argsort(y)
X_file, y_file = X[by_label], y[by_label]
cut = split_sizes(len(y), (0.8, 0.2))[0]
runs = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    as_it_is = (X_file[:cut], y_file[:cut]), (X_file[cut:], y_file[cut:])
    mixed = shuffle_split(X_file, y_file, (0.8, 0.2), rng)
    runs.append([scores(*as_it_is, rng), scores(*mixed, rng)])
in_order, mixed = np.mean(runs, axis=0)
claim(
    "cut in order of the labels: under 5 % right on dev, mean of 5 runs",
    in_order[1],
    below=0.05,
    form=".1%",
)
claim(
    "on train the same networks are right in over 95 %",
    in_order[0],
    above=0.95,
    form=".1%",
)
claim(
    "shuffled first: over 90 % right on dev, mean of 5 runs",
    mixed[1],
    above=0.90,
    form=".1%",
)

# %% [markdown]
# ### 2. A rare class, left to chance
#
# A shuffle gives each class its share *on average*. With 30 examples of a class, chance decides how many are in dev, and a measured
# error of that class is worth little. A **stratified split** shuffles and cuts each class by itself, by the formula above with the
# number of that class's examples in place of $m$.
#
# **Your task.** Return the *indices* of each part, so that they can cut `X` and `y` alike.

# %% tags=["exercise"]
stratified_split

# %% [markdown]
# Keep 30 of the eights, and cut 300 times. A fifth of 30 is 6. How many eights are in dev?

# %%
eights = np.flatnonzero(y == 8)
labels = y[np.setdiff1d(np.arange(len(y)), eights[30:])]
plain, strata = [], []
for seed in range(300):
    rng = np.random.default_rng(seed)
    _, dev = shuffle_split(labels, labels, (0.8, 0.2), rng)
    plain.append(np.sum(dev[1] == 8))
    _, dev = stratified_split(labels, (0.8, 0.2), rng)
    strata.append(np.sum(labels[dev] == 8))
print(f"eights in dev: shuffled {min(plain)} to {max(plain)}, stratified "
      f"{min(strata)} to {max(strata)}")  # fmt: skip
claim(
    "stratified: the class's share, give or take one, in all 300 splits",
    np.abs(np.array(strata) - 6) <= 1,
    at_least=300,
)
claim(
    "shuffled: the standard deviation of the count is over 1.5",
    np.std(plain),
    above=1.5,
)

# %% [markdown]
# ### 3. Examples that belong together, torn apart
#
# Four X-rays of one patient, ten sentences of one speaker, eight photographs of one sheet: they are alike in ways that have nothing to
# do with the label. If some are in train and others in dev, the network may recognize the patient instead of the disease. Anything
# that lets dev say something to the training is called **data leakage**; this kind is **group leakage**. The cure is to split the
# groups.
#
# **Your task.** Keep all examples of a group in one part.

# %% tags=["exercise"]
group_split

# %% [markdown]
# Here is what the next experiments do to the digits: photograph a sheet eight times, look through a telephone, and use a scanner whose
# glass slips to the side as time goes by.

# %%
rng = np.random.default_rng(0)
rows = {
    "scans": X[:8],
    "one sheet": photographed(np.tile(X[0], (8, 1)), rng),
    "telephone": by_telephone(X[:8], rng),
    "slipping": shifted(X[:8], np.linspace(0, 2.5, 8)),
}
plots.picture_rows(rows, "The digits, seen in four ways")

# %% [markdown]
# The study: 100 sheets with one digit each, 8 photographs of every sheet. Does dev say how well *new* sheets are read?

# %%
runs = []
for seed in range(20):
    rng = np.random.default_rng(seed)
    sheets, new = np.split(rng.permutation(len(y)), [100])
    sheet = np.repeat(sheets, 8)
    pictures, labels = photographed(X[sheet], rng), y[sheet]
    new_sheets = photographed(X[new], rng), y[new]
    torn = np.split(rng.permutation(800), [560])
    kept = group_split(sheet, (0.7, 0.3), rng)
    for train, dev in (torn, kept):
        network = trained(pictures[train], labels[train], rng)
        on_dev = network.accuracy(pictures[dev], labels[dev])
        runs.append([on_dev, network.accuracy(*new_sheets)])
runs = np.reshape(runs, (20, 2, 2))  # (runs, ways, dev and new sheets)
plots.runs_compared(
    {
        way: {"dev": runs[:, i, 0], "new sheets": runs[:, i, 1]}
        for i, way in enumerate(["pictures shuffled", "sheets kept whole"])
    },
    "Group leakage: a promise that new sheets do not keep",
    "how the photographs were cut",
)
too_much = 100 * (runs[..., 0] - runs[..., 1])
claim(
    "pictures shuffled: dev promises at least 6 points too much, mean of 20",
    too_much[:, 0].mean(),
    at_least=6,
)
claim(
    "sheets kept whole: dev is right to within 4 points, mean of 20 runs",
    abs(too_much[:, 1].mean()),
    below=4,
)
torn, whole = too_much.std(axis=0)
claim(
    "the price: kept whole, dev errs by a spread that is over 1.3 times as "
    "wide (30 sheets, not 240 examples)",
    whole / torn,
    above=1.3,
)

# %% [markdown]
# ### 4. The future, mixed into the past
#
# Prices, users and machines change. A model is always asked about examples that come *after* those it has learned. A shuffle lets it
# look into that future, also a form of leakage.
#
# **Your task.** Cut by time: the oldest examples train.

# %% tags=["exercise"]
time_split

# %% [markdown]
# The scanner slips for a year. Four fifths of the year are known; a dev set is cut from them at random, or by time. Then the network
# learns from all that is known and meets the last fifth. The control is a scanner that stays where it is.

# %%
when = np.linspace(0, 1, len(y))
known, next_ones = np.split(np.arange(len(y)), [int(0.8 * len(y))])
runs = np.empty((10, 2, 3))  # (runs, scanners, random, time and truth)
for seed in range(10):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(y))
    for i, pixels in enumerate([2.5, 0.0]):
        pictures = shifted(X[order], pixels * when)
        pictures += rng.normal(0, 0.1, pictures.shape)
        cuts = [
            np.split(rng.permutation(known), [int(0.8 * len(known))]),
            time_split(when[known], (0.8, 0.2)),
            (known, next_ones),
        ]
        for j, (train, dev) in enumerate(cuts):
            network = trained(pictures[train], y[order][train], rng)
            runs[seed, i, j] = network.accuracy(pictures[dev], y[order][dev])
names = ["dev, cut at random", "dev, cut by time", "the last fifth"]
plots.runs_compared(
    {
        scanner: {name: runs[:, i, j] for j, name in enumerate(names)}
        for i, scanner in enumerate(["scanner slips", "scanner stays"])
    },
    "Where the world changes, only the cut by time tells",
    "two scanners, ten runs of each",
)
off = 100 * (runs[..., :2] - runs[..., 2:]).mean(axis=0)
claim(
    "slipping: the random cut promises over 10 points too much, mean of 10",
    off[0, 0],
    above=10,
)
claim(
    "slipping: the cut by time is right to within 6 points, mean of 10",
    abs(off[0, 1]),
    below=6,
)
claim(
    "staying: the random cut is right to within 3 points, mean of 10",
    abs(off[1, 0]),
    below=3,
)

# %% [markdown]
# ### 5. Dev that is not what you will meet
#
# You have many clean scans, and few pictures of telephones, which the users will send. Dev and test are your target: both must hold
# *telephone* pictures. Train may hold other data, too. But then a large dev error has two possible causes: **variance** (the
# network fails on new examples of any kind) or **data mismatch** (it fails on the other kind). A **train-dev set** tells
# which: new examples *of the kind that the network was trained on*.

# %%
runs = np.empty((10, 3, 3))  # (runs, networks, train, train-dev and dev)
for seed in range(10):
    rng = np.random.default_rng(seed)
    train, train_dev, dev = np.split(rng.permutation(len(y)), [1000, 1400])
    phone = by_telephone(X, rng)
    half = X.copy()
    half[::2] = phone[::2]
    few = trained(phone[train[:40]], y[train[:40]], rng, batch_size=8,
                  epochs=150)  # fmt: skip
    networks = [
        (few, phone, train[:40]),
        (trained(X[train], y[train], rng), X, train),
        (trained(half[train], y[train], rng), half, train),
    ]
    for i, (network, kind, learned) in enumerate(networks):
        sets = (kind, learned), (kind, train_dev), (phone, dev)
        runs[seed, i] = [network.accuracy(of[s], y[s]) for of, s in sets]
kinds = ["40 telephone pictures", "1000 scans", "500 of each kind"]
plots.runs_compared(
    {
        kind: {
            name: runs[:, i, j]
            for j, name in enumerate(["train", "train-dev", "dev"])
        }
        for i, kind in enumerate(kinds)
    },
    "Train-dev tells variance (left) from mismatch (middle)",
    "what the network has learned from",
)
right = 100 * runs.mean(axis=0)
claim(
    "40 telephone pictures: train-dev is over 20 points below train, "
    "mean of 10 (variance)",
    right[0, 0] - right[0, 1],
    above=20,
)
claim(
    "40 telephone pictures: dev is within 5 points of train-dev",
    abs(right[0, 2] - right[0, 1]),
    below=5,
)
claim(
    "1000 scans: train-dev is within 5 points of train, mean of 10",
    right[1, 0] - right[1, 1],
    below=5,
)
claim(
    "1000 scans: dev is over 30 points below train-dev (mismatch)",
    right[1, 1] - right[1, 2],
    above=30,
)
claim(
    "500 of each kind: on dev over 10 points better than either",
    right[2, 2] - max(right[0, 2], right[1, 2]),
    above=10,
)

# %% [markdown]
# On the left, train-dev is bad already: variance. In the middle, train-dev is fine and dev is not: mismatch. A dev set of *scans* would
# have called the network in the middle the best of the three.
#
# ### Find three leaks
#
# A pipeline for a study of patients came with a remarkable accuracy. It standardizes 200 features, keeps 10, and classifies by the nearer
# class mean. The dev set is one example of each of 40 patients. To test the pipeline, take data in which there is
# nothing to find: the label of each patient is a coin toss.

# %% tags=["predict"]
leaky_accuracy

# %% [markdown]
# **Your task.** Repair the pipeline. The docstring says what it should do.

# %% tags=["exercise"]
honest_score

# %% [markdown]
# With your function, single leaks can be made outside of it. If every example is called a patient of its own, the patients are torn
# apart. If features are chosen before the pipeline starts, all labels help to choose.

# %%
accuracy = {"repaired": [], "patients\ntorn": [], "features chosen\nby all": [],
            "both": [], "as received\n(all three)": []}  # fmt: skip
for seed in range(20):
    rng = np.random.default_rng(seed)
    X_study, labels, patients, dev = coin_toss_study(rng)
    ones, zeros = X_study[labels == 1], X_study[labels == 0]
    apart = abs(ones.mean(axis=0) - zeros.mean(axis=0)) / X_study.std(axis=0)
    chosen = X_study[:, np.argsort(-apart)[:10]]
    alone = np.arange(len(labels))
    ways = [(honest_score, X_study, patients), (honest_score, X_study, alone),
            (honest_score, chosen, patients), (honest_score, chosen, alone),
            (score_as_received, X_study, patients)]  # fmt: skip
    for name, (score, features, groups) in zip(accuracy, ways, strict=True):
        accuracy[name].append(score(features, labels, groups, dev, 10)[0])
honest, torn, by_all, both, received = [
    100 * np.mean(runs) for runs in accuracy.values()
]
guess = measured("leaky_accuracy", round(received))
plots.leaks_compared(accuracy, 0.5, guess)
claim(
    "repaired: within 6 points of a coin toss, mean of 20 studies",
    abs(honest - 50),
    below=6,
)
claim("patients torn: over 60 % right by chance", torn, above=60)
claim("features chosen by all labels: over 60 %", by_all, above=60)
claim(
    "the third leak, the scale, changes less than 3 points here",
    abs(received - both),
    below=3,
)

# %% [markdown]
# The third leak is not seen here: a scale knows no label. It is a leak all the same, and costs where dev differs from train. So
# put *every* step that computes something of data inside the pipeline, and give it training rows alone.
#
# ## How much is luck?
#
# Now the second question. A dev set is a sample. With another one of the same size you would measure another error. How far does a measured
# error typically lie from the true one?
#
# **Your task.** Derive this **standard error**. Each of $n$ examples is a coin that shows *wrong* with the probability `error`.

# %% tags=["exercise"]
dev_standard_error

# %% [markdown]
# ### The same data, five times
#
# With 200 examples, an 80/20 cut leaves 40 to measure on. In **$k$-fold cross-validation** the data are cut into $k$ **folds**. Each
# fold is dev once, while a fresh network learns from the others; the score is the mean of the $k$ scores. It costs $k$
# trainings. If you also choose settings by it, the winner flatters again, and needs an outer loop (**nested**
# cross-validation) or a test set. Folds can be stratified, and must keep groups whole.
#
# **Your task.** Return the $k$ splits.

# %% tags=["exercise"]
kfold_indices

# %% tags=["predict"]
five_folds

# %% [markdown]
# Thirty sets of 200 digits. The other digits tell the true accuracy.

# %%
off = np.empty((30, 5))  # (data sets, folds): measured minus true accuracy
for seed in range(30):
    rng = np.random.default_rng(seed)
    have, others = np.split(rng.permutation(len(y)), [200])
    for fold, (train, dev) in enumerate(kfold_indices(200, 5, rng)):
        network = trained(X[have[train]], y[have[train]], rng, batch_size=20,
                          epochs=30)  # fmt: skip
        true = network.accuracy(X[others], y[others])
        on_dev = network.accuracy(X[have[dev]], y[have[dev]])
        off[seed, fold] = on_dev - true
one, five = (np.sqrt(np.mean(d**2)) for d in (off, off.mean(axis=1)))
guess = measured("five_folds", round(one / five, 1))
plots.distances_to_truth(
    {"one 80/20 cut": off[:, 0], "mean of 5 folds": off.mean(axis=1)}, guess
)
claim(
    "the mean of 5 folds is over 1.5 times closer to the truth",
    one / five,
    above=1.5,
)
formula = dev_standard_error(0.1, 40)
claim(
    "one cut misses by what your formula says for 40 examples and 10 % "
    "error, within 20 %",
    one / formula,
    between=(0.8, 1.2),
)

# %% [markdown]
# The folds share no dev example, so five of them measure on all 200. Five independent dev sets would come $\sqrt 5$ times closer.
#
# ### Two networks, one dev set
#
# To compare A and B, look at the *difference* of their errors. Both are measured on the same digits, and a digit that is hard for A is
# often hard for B. What they get wrong together cancels in the difference.

# %% tags=["predict"]
paired_variance

# %% [markdown]
# **Your task.** Derive the standard error of that difference from what both networks did on each example. Think of
# one example first: which values can the difference take there?

# %% tags=["exercise"]
paired_standard_error

# %%
wrong = {"A": [], "B": []}
ratios = []
for seed in range(10):
    rng = np.random.default_rng(seed)
    train, pool = np.split(rng.permutation(len(y)), [700])
    for name, hidden in {"A": 24, "B": 64}.items():
        network = trained(X[train], y[train], rng, hidden)
        wrong[name].append(network.predict(X[pool]) != y[pool])
    a, b = wrong["A"][-1], wrong["B"][-1]
    separate = np.hypot(
        *(dev_standard_error(w.mean(), len(w)) for w in (a, b))
    )
    ratios.append((paired_standard_error(a, b) / separate) ** 2)
guess = measured("paired_variance", round(100 * np.mean(ratios)))

a, b = (np.concatenate(wrong[name]) for name in "AB")
rng = np.random.default_rng(0)
first, second = rng.integers(len(a), size=(2, 4000, 200))
draws = {
    "two dev sets of 200": a[first].mean(axis=1) - b[second].mean(axis=1),
    "one dev set of 200": a[first].mean(axis=1) - b[first].mean(axis=1),
}
plots.measured_differences(draws, a.mean() - b.mean(), 200)
claim(
    "paired, the variance is between a quarter and a half, mean of 10 splits",
    np.mean(ratios),
    between=(0.25, 0.5),
)
one_set = draws["one dev set of 200"].std()
claim(
    "your formula is within 5 % of the spread over 4000 dev sets",
    paired_standard_error(a, b) * np.sqrt(len(a) / 200) / one_set,
    between=(0.95, 1.05),
)

# %% [markdown]
# About a third of the variance: the same certainty from a third of the examples. The test of this kind for two classifiers is
# **McNemar's test**: it compares on how many examples *only A* and *only B* is wrong. Examples that both get right, or both wrong, say
# nothing.
#
# ### How many examples, then?
#
# A difference counts as seen when it is larger than 1.96 standard errors: luck alone goes that far in 5 % of the cases. Let both
# networks have about the same error rate, and let their errors have the correlation $\rho$ (0 for two separate dev sets).
#
# **Your task.** Derive how many examples a difference needs.

# %% tags=["exercise"]
examples_needed

# %%
print("at 10 % error    two dev sets    one dev set (correlation 0.65)")
for points in (5, 2, 1, 0.1):
    n, paired = (examples_needed(points / 100, 0.1, r) for r in (0, 0.65))
    print(f"{points:>6} points {n:>15,} {paired:>14,}")
print()
usual = [(1000, (0.7, 0.3)), (10_000, (0.6, 0.2, 0.2)),
         (1_000_000, (0.98, 0.01, 0.01))]  # fmt: skip
for m, fractions in usual:
    n = split_sizes(m, fractions)[1]
    seen = 196 * np.sqrt(2 * (1 - 0.65)) * dev_standard_error(0.1, n)
    shares = " / ".join(f"{share:.0%}" for share in fractions)
    print(f"{m:>9,} cut {shares:<14} dev {n:>6,}: sees {seen:.1f} points")

# %% [markdown]
# For small data people cut 70/30 (train and test) or 60/20/20. The number of dev examples that you *need* does not grow with the
# data, so of a million 1 % is enough, and 98 % can train. The common rule of 10 000 dev examples, for one point, is for two
# separate dev sets.
#
# At this $n$ a true difference is seen in half of the dev sets: it is as often measured too small as too large. For 80 %, take 2.80 in
# place of 1.96, about twice the examples. Now the question of the beginning, with A and B as they were measured on all ten splits:

# %%
difference, error = a.mean() - b.mean(), (a.mean() + b.mean()) / 2
correlation = np.corrcoef(a, b)[0, 1]
n = examples_needed(difference, error, correlation)
print(f"B is {100 * difference:.0f} points better; the correlation of the "
      f"errors is {correlation:.1f}")  # fmt: skip
share = {}
for name, size in {"100 digits": 100, "as needed": n, "twice": 2 * n}.items():
    seen = []
    for digits_drawn in rng.integers(len(a), size=(1000, size)):
        of_a, of_b = a[digits_drawn], b[digits_drawn]
        measured_gap = of_a.mean() - of_b.mean()
        seen.append(measured_gap > 1.96 * paired_standard_error(of_a, of_b))
    share[name] = np.mean(seen)
claim("100 digits: seen in fewer than 40 % of dev sets",
      share["100 digits"], below=0.4, form=".0%")  # fmt: skip
claim("with examples_needed: seen in about half", share["as needed"],
      between=(0.4, 0.62), form=".0%")  # fmt: skip
claim("with twice as many: seen in over 70 %", share["twice"],
      above=0.7, form=".0%")  # fmt: skip

# %% [markdown]
# So 100 digits could not answer. B is better, and it takes a few hundred digits, the same for both, to see it.
#
# **Explore.** How large must $n$ be for the better one to win in 95 % of the dev sets? Halve the difference. Then raise the correlation.

# %%
dev_set_size()

# %% [markdown]
# ### The luckiest of many
#
# Choose the best of many networks on dev, and you choose partly for luck: the winner's score is too good (the **winner's curse**). Here
# are 30 networks with widths and learning rates of their own. They are chosen on one dev set for all, or, as a control, each on a dev set of its
# own, so that they cannot fail together.

# %%
many = [1, 2, 5, 10, 20, 30]
gaps = np.empty((3, 3, len(many)))  # (splits, ways, number of networks)
better = []
for seed in range(3):
    rng = np.random.default_rng(seed)
    train, pool = np.split(rng.permutation(len(y)), [700])
    wrong = np.array([
        trained(X[train], y[train], rng, int(rng.integers(16, 48)),
                lr=10 ** rng.uniform(-2.8, -2.2)).predict(X[pool]) != y[pool]
        for _ in range(30)
    ])  # fmt: skip
    true = wrong.mean(axis=1)
    one, test = rng.integers(len(pool), size=(2, 1000, 100))
    one_set = wrong[:, one].mean(axis=2)
    own_sets = np.array([w[rng.choice(len(pool), (1000, 100))].mean(axis=1)
                         for w in wrong])  # fmt: skip
    for j, k in enumerate(many):
        best, lucky = (e[:k].argmin(axis=0) for e in (one_set, own_sets))
        on_test = np.mean(
            [wrong[i, t].mean() for i, t in zip(best, test, strict=True)]
        )
        gaps[seed, :, j] = [
            np.mean(true[lucky] - own_sets[:k].min(axis=0)),
            np.mean(true[best] - one_set[:k].min(axis=0)),
            true[best].mean() - on_test,
        ]
    better.append(true[lucky].mean() - true[best].mean())
names = ["chosen on dev sets of their own", "chosen on one dev set",
         "that one, on a test set"]  # fmt: skip
own, shared, test = gaps.mean(axis=0)
plots.optimism(many, dict(zip(names, (own, shared, test), strict=True)))
claim("of 30, chosen on one dev set of 100: over 1 point too good",
      100 * shared[-1], above=1)  # fmt: skip
claim("chosen on dev sets of their own: over 1.4 times as much",
      own[-1] / shared[-1], above=1.4)  # fmt: skip
claim("on a test set the winner is right to within 0.4 points",
      100 * abs(test[-1]), below=0.4)  # fmt: skip
claim("one dev set for all chooses the truly better network, too",
      100 * np.mean(better), above=0)  # fmt: skip

# %% [markdown]
# Networks that fail together are lucky together, so luck decides less among them. This is one reason why ten years of choosing on
# ImageNet's test set did little harm (Recht et al., Mania et al.). But the winner's dev score is not the accuracy to promise: that
# is the one on the test set. If you need no such number, you may do without a test set; many teams then call their dev set "test set".
#
# ## The same in Keras
#
# `fit(validation_split=0.2)` takes the *last* rows, before it shuffles: on a sorted file it is misleading split number 1. Shuffle first, or pass
# `validation_data=(X_dev, y_dev)`. scikit-learn has `train_test_split(stratify=y)`, `StratifiedKFold`, `GroupKFold`, `TimeSeriesSplit`, and
# `Pipeline`, with which `cross_val_score` fits every step anew on the training rows of each fold.
#
# ## Quiz

# %% tags=["quiz"]
why_the_accuracy_is_zero

# %% tags=["quiz"]
is_the_difference_real

# %% tags=["quiz"]
what_the_dev_set_should_hold

# %% tags=["quiz"]
where_the_test_set_stops

# %% [markdown]
# ## Papers to read
#
# - S. Kapoor and A. Narayanan (2023), *Leakage and the reproducibility crisis in machine-learning-based science*, Patterns 4.
#   Hundreds of papers with leaks, and a list of the kinds.
# - C. Ambroise and G. J. McLachlan (2002), *Selection bias in gene extraction on the basis of microarray gene-expression data*, PNAS 99.
#   The leak by chosen features, found in published studies.
# - T. G. Dietterich (1998), *Approximate statistical tests for comparing supervised classification learning algorithms*, Neural
#   Computation 10. McNemar's test beside others.
# - Y. Bengio and Y. Grandvalet (2004), *No unbiased estimator of the variance of k-fold cross-validation*, JMLR 5. Why the spread of
#   five folds says little about their mean.
# - B. Recht, R. Roelofs, L. Schmidt and V. Shankar (2019), *Do ImageNet classifiers generalize to ImageNet?*, ICML; and H. Mania, J. Miller,
#   L. Schmidt, M. Hardt and B. Recht (2019), *Model similarity mitigates test set overuse*, NeurIPS.
#
# ## What you can do now
#
# You can say which data decide what, cut them so that dev shows what users will send, and find where a pipeline leaks. You can say how
# far a score is luck, how many examples a difference needs, and why two networks belong on the same dev set.
#
# Next: [lesson 02](02_bias_variance.ipynb) asks what the errors on train and dev tell you to do.
