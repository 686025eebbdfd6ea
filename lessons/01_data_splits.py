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
# Two networks read digits, and one is right on more of 100 dev digits. Which one do you ship, and which accuracy do you promise?
#
# **Takes** about 90 minutes · **Before this** lesson 00
#
# **You will**
# - cut data by size, at random, by class, by group, by time and into folds,
# - measure how far five common splits mislead, and repair a pipeline that leaks,
# - work out how many dev examples a comparison needs.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, quiz, solution
from nnutils.data import digits
from nnutils.lessons.data_splits import given, plots
from nnutils.lessons.data_splits.explorer import dev_set_size
from nnutils.lessons.data_splits.given import scores, trained

X, y = digits()
units = {"A": 24, "B": 64}


def pick(rows):
    return X[rows], y[rows]


rng = np.random.default_rng(0)
train, dev = np.split(rng.permutation(len(y))[:800], [700])
for name, hidden in units.items():
    _, on_dev = scores(rng, pick(train), pick(dev), hidden=hidden)
    print(f"network {name}, {hidden} hidden units: {on_dev:.0%} of 100 right")

# %% [markdown]
# `scores` is given: it trains a network with one hidden layer on the first pair `(X, y)` and returns its accuracy on this and on each
# further pair. Do these 100 digits show what users will send? And is the difference more than luck?
#
# ## Three sets, three jobs
#
# - The **training set** is what the weights are fitted to.
# - The **dev set** (for *development*; also **validation set**) decides: which network, which learning rate, when to stop.
# - The **test set** says at the end how good the chosen network is. It decides nothing.
#
# No example may be lost or used twice. Part $k$ of $m$ examples gets the share $f_k$:
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
# Files are often sorted by label, by date, by machine. Cut such a file as it is, and dev holds other things than train. The cure is
# one random order of all rows, the *same* for `X` and `y`. To cut an array into parts of given sizes, use
# `np.split(order, np.cumsum(sizes)[:-1])`.
#
# **Your task.** Shuffle, cut, and return the pairs `(X, y)`.

# %% tags=["exercise"]
shuffle_split

# %% [markdown]
# Cut the digits, sorted by label, with and without your shuffle:

# %%
file = pick(np.argsort(y, kind="stable"))  # all zeros, then all ones, ...
cut = split_sizes(len(y), (0.8, 0.2))[0]
as_it_is = [(file[0][:cut], file[1][:cut]), (file[0][cut:], file[1][cut:])]
runs = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    mixed = shuffle_split(*file, (0.8, 0.2), rng)
    runs.append([scores(rng, *as_it_is), scores(rng, *mixed)])
in_order, mixed = 100 * np.mean(runs, axis=0)
claim(
    "cut in the file's order, mean of 5: train over 95 %",
    in_order[0],
    above=95,
    form=".1f",
)
claim(
    "cut in the file's order, mean of 5: dev under 5 %",
    in_order[1],
    below=5,
    form=".1f",
)
claim(
    "shuffled first, mean of 5: dev over 90 %", mixed[1], above=90, form=".1f"
)

# %% [markdown]
# ### 2. A rare class, left to chance
#
# A shuffle gives each class its share *on average*. Of a rare class, chance decides how much is in dev. A **stratified
# split** shuffles and cuts each class by itself; $m$ in the formula above is then the number of its examples.
#
# **Your task.** Return the *indices* of each part, so that they can cut `X` and `y` alike.

# %% tags=["exercise"]
stratified_split

# %% [markdown]
# Keep 30 of the eights, and cut 300 times. A fifth of 30 is 6.

# %%
eights = np.flatnonzero(y == 8)
labels = y[np.setdiff1d(np.arange(len(y)), eights[30:])]
plain, strata = np.zeros(300), np.zeros(300)
for seed in range(300):
    rng = np.random.default_rng(seed)
    _, (_, dev) = shuffle_split(labels, labels, (0.8, 0.2), rng)
    plain[seed] = np.sum(dev == 8)
    _, dev = stratified_split(labels, (0.8, 0.2), rng)
    strata[seed] = np.sum(labels[dev] == 8)
print(f"shuffled: {plain.min():.0f} to {plain.max():.0f} eights in dev")
claim("shuffled: a standard deviation of over 1.5", plain.std(), above=1.5)
claim(
    "stratified: 5 to 7 in each of 300 splits",
    abs(strata - 6) <= 1,
    at_least=300,
)

# %% [markdown]
# ### 3. Examples that belong together, torn apart
#
# Four X-rays of one patient, or eight photographs of one sheet, are alike in ways that have nothing to do with the label. With some in train
# and others in dev, the network may recognize the patient instead of the disease. Where information from dev reaches training, that
# is **data leakage**; this kind is **group leakage**. The cure: split the groups.
#
# **Your task.** Keep all examples of a group in one part.

# %% tags=["exercise"]
group_split

# %% [markdown]
# A study has 100 sheets with one digit each, and 8 noisy photographs of every sheet. Does dev say how well *new* sheets are read?
# (The first figure also shows the pictures of the next sections.)

# %%
rng = np.random.default_rng(0)
rows = {
    "scans": X[:8],
    "one sheet": given.photographed(np.tile(X[0], (8, 1)), rng),
    "telephone": given.by_telephone(X[:8], rng),
    "slipping": given.shifted(X[:8], np.linspace(0, 2.5, 8)),
}
plots.picture_rows(rows, "The digits of this lesson, seen in four ways")

runs = np.zeros((40, 2, 2))  # (runs, ways to cut, dev and new sheets)
for seed in range(40):
    rng = np.random.default_rng(seed)
    sheets, new = np.split(rng.permutation(len(y)), [100])
    sheet = np.repeat(sheets, 8)
    photos = given.photographed(X[sheet], rng)
    new_sheets = given.photographed(X[new], rng), y[new]
    torn = np.split(rng.permutation(800), [560])
    whole = group_split(sheet, (0.7, 0.3), rng)
    for i, parts in enumerate([torn, whole]):
        train, dev = [(photos[part], y[sheet[part]]) for part in parts]
        runs[seed, i] = scores(rng, train, dev, new_sheets)[1:]
ways = ["pictures shuffled", "sheets kept whole"]
plots.parts_compared(
    runs,
    ways,
    ["dev", "new sheets"],
    "how the photographs were cut",
    "Group leakage: a promise that new sheets do not keep",
)
torn, whole = 100 * (runs[..., 0] - runs[..., 1]).T
claim(
    "pictures shuffled: dev is over 6 points too good, mean of 40",
    torn.mean(),
    above=6,
    form=".1f",
)
claim(
    "sheets kept whole: right to within 4 points, mean of 40",
    abs(whole.mean()),
    below=4,
    form=".1f",
)
torn, whole = runs[..., 0].std(axis=0)
claim(
    "sheets kept whole: dev scores spread over 1.2 times as wide, 40 runs",
    whole / torn,
    above=1.2,
)

# %% [markdown]
# The spread grows because dev is smaller than it looks: 240 photographs, but 30 sheets.
#
# ### 4. The future, mixed into the past
#
# Prices, users and machines change, and a model is asked about what comes *after* its training. A shuffle lets it see that future: another
# leak.
#
# **Your task.** Cut by time: the oldest examples train.

# %% tags=["exercise"]
time_split

# %% [markdown]
# For a year, the glass of a scanner slips to the side. Four fifths of the year are known. From them, dev is cut at random or by time. Then
# the network learns from all of them and meets the last fifth. The control is a scanner that stays.

# %%
when = np.linspace(0, 1, len(y))
known, later = np.split(np.arange(len(y)), [int(0.8 * len(y))])
runs = np.zeros((10, 2, 3))  # (runs, scanners, ways to cut)
for seed in range(10):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(y))
    for i, pixels in enumerate([2.5, 0]):
        scans = given.shifted(X[order], pixels * when)
        scans += rng.normal(0, 0.1, scans.shape)
        at_random = np.split(rng.permutation(known), [int(0.8 * len(known))])
        by_time = time_split(when[known], (0.8, 0.2))
        for j, parts in enumerate([at_random, by_time, (known, later)]):
            pairs = [(scans[part], y[order[part]]) for part in parts]
            runs[seed, i, j] = scores(rng, *pairs)[1]
ways = ["dev, cut at random", "dev, cut by time", "the last fifth"]
plots.parts_compared(
    runs,
    ["scanner slips", "scanner stays"],
    ways,
    "two scanners",
    "Where the world changes, only the cut by time tells",
)
off = 100 * (runs[..., :2] - runs[..., 2:]).mean(axis=0)
claim(
    "slipping, cut at random: over 10 points too good, mean of 10",
    off[0, 0],
    above=10,
    form=".1f",
)
claim(
    "slipping, cut by time: right to within 6 points, mean of 10",
    abs(off[0, 1]),
    below=6,
    form=".1f",
)
claim(
    "staying, cut at random: right to within 3 points, mean of 10",
    abs(off[1, 0]),
    below=3,
    form=".1f",
)

# %% [markdown]
# ### 5. Dev that is not what you will meet
#
# You have many scans and few pictures of telephones, which is what users will send. Dev and test are your target: *both* must hold
# telephone pictures. Train may hold other data, too. But then a low score on dev has two possible causes: **variance** (the network
# fails on new examples of any kind) or **data mismatch** (it fails on the other kind). A **train-dev set** tells which: new
# examples *of the kind that it was trained on*.

# %%
runs = np.zeros((10, 3, 3))  # (runs, networks, parts)
for seed in range(10):
    rng = np.random.default_rng(seed)
    train, train_dev, dev = np.split(rng.permutation(len(y)), [1000, 1400])
    phone = given.by_telephone(X, rng)
    mixed = X.copy()  # one picture in 25 is from a telephone
    for part in (train[:40], train_dev[:16]):
        mixed[part] = phone[part]
    sources = [(phone, train[:40]), (X, train), (mixed, train)]
    for i, (source, learned) in enumerate(sources):
        parts = [(source, learned), (source, train_dev), (phone, dev)]
        pairs = [(pictures[part], y[part]) for pictures, part in parts]
        few = {"epochs": 150, "batch_size": 8} if i == 0 else {"epochs": 30}
        runs[seed, i] = scores(rng, *pairs, **few)
sources = ["40 telephone pictures", "1000 scans", "the 40 and 960 scans"]
plots.parts_compared(
    runs,
    sources,
    ["train", "train-dev", "dev (telephone)"],
    "train holds",
    "Train-dev tells variance (left) from mismatch (middle)",
)
few, scans, mixed = 100 * runs.mean(axis=0)
claim(
    "40 pictures: train-dev is over 20 points below train, mean of 10",
    few[0] - few[1],
    above=20,
    form=".1f",
)
claim(
    "40 pictures: dev is within 5 points of train-dev",
    abs(few[1] - few[2]),
    below=5,
    form=".1f",
)
claim(
    "1000 scans: train-dev is within 5 points of train, mean of 10",
    abs(scans[0] - scans[1]),
    below=5,
    form=".1f",
)
claim(
    "1000 scans: dev is over 30 points below train-dev",
    scans[1] - scans[2],
    above=30,
    form=".1f",
)
claim(
    "the 40 and 960 scans: over 8 points better on dev than both others",
    mixed[2] - max(few[2], scans[2]),
    above=8,
    form=".1f",
)

# %% [markdown]
# Left: train-dev is as low as dev. Middle: train-dev is high, dev is not, and a dev set of *scans* would have found nothing wrong. Right: with the same
# 40 telephone pictures, other data in train help, though mismatch is left.
#
# ### Find three leaks
#
# A pipeline for a study of patients reports a remarkable accuracy. It standardizes 200 features, keeps 10 of them, and decides by the nearer class mean. Dev is one
# example of each of 40 patients; each patient has four. As a test, give it data with nothing to find: a coin decides each patient's label.

# %% tags=["predict"]
leaky_accuracy

# %% [markdown]
# **Your task.** Repair the pipeline. The docstring says what it should do.

# %% tags=["exercise"]
honest_score

# %% [markdown]
# With your function, two leaks can be made outside of it. Call every example a patient of its own, and patients are torn. Choose the
# features before the pipeline starts, and all labels choose.

# %%
accuracy = np.zeros((20, 5))
for seed in range(20):
    rng = np.random.default_rng(seed)
    features, labels, patients, dev = given.study_of_nothing(rng)
    chosen = given.chosen_by_all(features, labels, 10)
    alone = np.arange(len(labels))
    accuracy[seed] = [
        honest_score(features, labels, patients, dev, 10)[0],
        honest_score(features, labels, alone, dev, 10)[0],
        honest_score(chosen, labels, patients, dev, 10)[0],
        honest_score(chosen, labels, alone, dev, 10)[0],
        given.as_received(features, labels, patients, dev, 10)[0],
    ]
repaired, torn, by_all, two, received = 100 * accuracy.mean(axis=0)
guess = measured("leaky_accuracy", round(received))
names = [
    "repaired",
    "patients\ntorn",
    "features\nchosen by all",
    "these two",
    "as received\n(all three)",
]
plots.leaks_compared(dict(zip(names, accuracy.T, strict=True)), 0.5, guess)
claim(
    "repaired: within 6 points of 50 %, mean of 20 studies",
    abs(repaired - 50),
    below=6,
    form=".1f",
)
claim("patients torn: over 60 %, mean of 20", torn, above=60, form=".1f")
claim(
    "features chosen by all: over 60 %, mean of 20",
    by_all,
    above=60,
    form=".1f",
)
claim(
    "the third leak, the scale, changes under 3 points here",
    abs(received - two),
    below=3,
    form=".1f",
)

# %% [markdown]
# The third leak is not seen here, since a scale knows no label. It is a leak all the same. So put *every* step that computes something from data
# inside the pipeline, and give it the training rows alone.
#
# ## How much is luck?
#
# Another dev set of the same size would measure another accuracy. How far does a measured error typically lie from the true one?
#
# **Your task.** Derive this **standard error**. Each of $n$ examples is a coin that shows *wrong* with the probability `error`.

# %% tags=["exercise"]
dev_standard_error

# %% [markdown]
# ### The same data, five times
#
# Of 200 examples, an 80/20 cut leaves 40 to measure on. In **$k$-fold cross-validation** the data are cut into $k$ **folds**. Each
# one is dev once, while a fresh network learns from the others; the score is the mean of $k$ scores, and costs $k$ trainings. Folds can be
# stratified, and must keep groups whole. If it also chooses settings, you need a test set, or an outer loop (**nested
# cross-validation**).
#
# **Your task.** Return the $k$ splits.

# %% tags=["exercise"]
kfold_indices

# %% tags=["predict"]
five_folds

# %% [markdown]
# Thirty sets of 200 digits; all other digits tell the true accuracy:

# %%
off = np.zeros((30, 5))  # (data sets, folds): measured minus true accuracy
for seed in range(30):
    rng = np.random.default_rng(seed)
    ours, others = np.split(rng.permutation(len(y)), [200])
    for fold, (train, dev) in enumerate(kfold_indices(200, 5, rng)):
        pairs = pick(ours[train]), pick(ours[dev]), pick(others)
        _, on_dev, true = scores(rng, *pairs, epochs=30, batch_size=20)
        off[seed, fold] = on_dev - true
one, five = (np.sqrt(np.mean(d**2)) for d in (off, off.mean(axis=1)))
guess = measured("five_folds", round(one / five, 1))
plots.distances_to_truth(
    {"one 80/20 cut": off[:, 0], "mean of 5 folds": off.mean(axis=1)}, guess
)
claim(
    "mean of 5 folds: over 1.5 times closer to the truth than one cut",
    one / five,
    above=1.5,
)
formula = dev_standard_error(0.1, 40)
claim(
    "one cut of 40: as far off as your formula says, within 20 %",
    one / formula,
    between=(0.8, 1.2),
)

# %% [markdown]
# Five folds measure on all 200 examples. Five independent dev sets would come $\sqrt 5$ times closer.
#
# ### Two networks, one dev set
#
# A and B are measured on the same digits, and a digit that is hard for A is often hard for B. What both get wrong cancels in the
# *difference* of their errors.

# %% tags=["predict"]
paired_variance

# %% [markdown]
# **Your task.** Derive the standard error of that difference from what both networks did on each example. Think of
# one example first: which values can the difference take there?

# %% tags=["exercise"]
paired_standard_error

# %%
wrong, shares = {"A": [], "B": []}, []
for seed in range(10):
    rng = np.random.default_rng(seed)
    train, pool = np.split(rng.permutation(len(y)), [700])
    for name, hidden in units.items():
        network = trained(*pick(train), rng, hidden)
        wrong[name].append(network.predict(X[pool]) != y[pool])
    a, b = wrong["A"][-1], wrong["B"][-1]
    apart = [dev_standard_error(w.mean(), len(pool)) for w in (a, b)]
    shares.append((paired_standard_error(a, b) / np.hypot(*apart)) ** 2)
measured("paired_variance", round(100 * np.mean(shares)))

# all ten splits together, and dev sets of 200 drawn from them
a, b = np.concatenate(wrong["A"]), np.concatenate(wrong["B"])
one, other = np.random.default_rng(0).integers(len(a), size=(2, 4000, 200))
draws = {
    "two dev sets": a[one].mean(axis=1) - b[other].mean(axis=1),
    "one dev set": a[one].mean(axis=1) - b[one].mean(axis=1),
}
plots.measured_differences(draws, a.mean() - b.mean(), 200)
claim(
    "one dev set: a quarter to a half of the variance, mean of 10 splits",
    np.mean(shares),
    between=(0.25, 0.5),
)
formula = paired_standard_error(a, b) * np.sqrt(len(a) / 200)
claim(
    "your formula is within 5 % of the spread over 4000 dev sets",
    draws["one dev set"].std() / formula,
    between=(0.95, 1.05),
)

# %% [markdown]
# Little more than a third of the variance: the same certainty from little more than a third of the examples. **McNemar's test** asks the same question: it compares
# how often *only A* and *only B* is wrong.
#
# ### How many examples, then?
#
# A difference counts as seen when it is over 1.96 standard errors: luck alone goes that far, up or down, in 5 % of the cases. Let both networks have
# about the same error, and let their errors have the correlation $\rho$ (0 for two separate dev sets).
#
# **Your task.** Derive how many examples a difference needs.

# %% tags=["exercise"]
examples_needed

# %%
print("points apart    two dev sets    one dev set (10 % error, rho 0.65)")
for points in (5, 2, 1, 0.1):
    n, paired = (examples_needed(points / 100, 0.1, r) for r in (0, 0.65))
    print(f"{points:>12} {n:>15,} {paired:>14,}")
usual = {
    1000: (0.7, 0.3),
    10_000: (0.6, 0.2, 0.2),
    1_000_000: (0.98, 0.01, 0.01),
}
for m, fractions in usual.items():
    n = split_sizes(m, fractions)[1]
    seen = 196 * np.sqrt(2 * (1 - 0.65)) * dev_standard_error(0.1, n)
    cut = " / ".join(f"{fraction:.0%}" for fraction in fractions)
    print(f"{m:,} cut {cut}: {n:,} to compare on, for {seen:.1f} points")

# %% [markdown]
# People cut small data 70/30 (train, test) or 60/20/20. But the number of examples that dev *needs* does not grow with the data: of a million,
# 1 % is enough. It grows as the difference gets smaller. Ng (2018) writes that 10 000 dev examples have a good chance of showing a difference of 0.1 points.
# In your table they show half a point.
#
# With this $n$ a true difference is seen in half of the dev sets, since it is measured too small as often as too large. For 80 %, take 2.80 instead
# of 1.96: about twice the examples. Now A and B, with all ten splits together as the truth:

# %%
difference, error = a.mean() - b.mean(), (a.mean() + b.mean()) / 2
n = examples_needed(difference, error, np.corrcoef(a, b)[0, 1])
seen = {}
for size in (100, n, 2 * n):
    sets = np.random.default_rng(1).integers(len(a), size=(1000, size))
    seen[size] = np.array(
        [
            a[s].mean() - b[s].mean()
            > 1.96 * paired_standard_error(a[s], b[s])
            for s in sets
        ]
    )
print(f"B is {100 * difference:.0f} points better")
claim(
    "100 digits see the difference in under 40 % of 1000 dev sets",
    seen[100],
    below=400,
)
claim(
    "examples_needed see the difference in about half of 1000 dev sets",
    seen[n],
    between=(400, 620),
)
claim("twice as many see the difference in over 70 %", seen[2 * n], above=700)

# %% [markdown]
# So 100 digits could not answer the question. B is better, and the same few hundred digits for both show it.
#
# **Explore.** How large must $n$ be for the better one to win in 95 % of the dev sets? Halve the difference. Then raise the correlation.

# %%
dev_set_size()

# %% [markdown]
# ### The luckiest of many
#
# Choose the best of many networks on dev, and you choose partly for luck: the **winner's curse**. Here are 30 networks of different widths and learning
# rates. They are chosen on one dev set for all, or, as a control, each on a dev set of its own, so that they cannot be lucky together.

# %%
many = [1, 2, 5, 10, 20, 30]
gaps = np.zeros((3, 3, len(many)))  # (splits, ways, number of networks)
better = []
for seed in range(3):
    rng = np.random.default_rng(seed)
    train, pool = np.split(rng.permutation(len(y)), [700])
    wrong = given.many_networks(rng, pick(train), pick(pool), 30)
    true = wrong.mean(axis=1)
    own = rng.integers(len(pool), size=(30, 1000, 100))
    test = rng.integers(len(pool), size=(1000, 100))
    for j, k in enumerate(many):
        one_set = np.broadcast_to(own[0], (k, 1000, 100))
        best, score = given.winner(wrong[:k], one_set)
        lucky, lucky_score = given.winner(wrong[:k], own[:k])
        on_test = wrong[best[:, None], test].mean(axis=1)
        gaps[seed, :, j] = [
            np.mean(true[lucky] - lucky_score),
            np.mean(true[best] - score),
            np.mean(true[best] - on_test),
        ]
    better.append(100 * np.mean(true[lucky] - true[best]))
names = [
    "chosen on dev sets of their own",
    "chosen on one dev set",
    "that winner on a test set",
]
gaps = 100 * gaps.mean(axis=0)
plots.optimism(many, dict(zip(names, gaps, strict=True)))
claim(
    "the best of 30 on one dev set: over 1 point too good",
    gaps[1, -1],
    above=1,
    form=".1f",
)
claim(
    "the best of 30 on dev sets of their own: over 1.4 times as much",
    gaps[0, -1] / gaps[1, -1],
    above=1.4,
)
claim(
    "the winner on a test set: right to within 0.4 points",
    abs(gaps[2, -1]),
    below=0.4,
    form=".1f",
)
claim(
    "one dev set also chooses the truly better network",
    np.mean(better),
    above=0,
    form=".1f",
)

# %% [markdown]
# Networks that fail together are lucky together, so luck decides less. This is one reason why years of choosing on ImageNet's test set did little
# harm (Recht et al., Mania et al.). Still, the accuracy to promise is that on the test set. If you need no such number, you may do without a
# test set; many teams then call their dev set "test set".
#
# ## The same in Keras
#
# `fit(validation_split=0.2)` takes the *last* rows, before it shuffles: split number 1. Shuffle first, or pass
# `validation_data=(X_dev, y_dev)`. scikit-learn has `train_test_split(stratify=y)`, `GroupKFold`, `TimeSeriesSplit`, and `Pipeline`, whose
# steps `cross_val_score` fits anew on the training rows of each fold.
#
# ## Quiz

# %% tags=["quiz"]
why_the_accuracy_is_zero

# %% tags=["quiz"]
is_the_difference_real

# %% tags=["quiz"]
where_the_test_set_stops

# %% [markdown]
# ## Papers to read
#
# - S. Kapoor and A. Narayanan (2023), *Leakage and the reproducibility crisis in machine-learning-based science*, Patterns 4,
#   [doi:10.1016/j.patter.2023.100804](https://doi.org/10.1016/j.patter.2023.100804). Hundreds of papers with leaks, and a list of the kinds.
# - C. Ambroise and G. J. McLachlan (2002), *Selection bias in gene extraction on the basis of microarray gene-expression data*, PNAS 99,
#   [doi:10.1073/pnas.102102699](https://doi.org/10.1073/pnas.102102699). The leak by chosen features, found in published studies.
# - R. Kohavi (1995), *A study of cross-validation and bootstrap for accuracy estimation and model selection*, IJCAI. How many folds, and
#   why stratified.
# - T. G. Dietterich (1998), *Approximate statistical tests for comparing supervised classification learning algorithms*, Neural Computation 10,
#   [doi:10.1162/089976698300017197](https://doi.org/10.1162/089976698300017197). McNemar's test beside others.
# - Y. Bengio and Y. Grandvalet (2004), *No unbiased estimator of the variance of k-fold cross-validation*, [JMLR 5](https://www.jmlr.org/papers/v5/grandvalet04a.html). Why the spread of
#   the folds does not give the standard error of their mean.
# - A. Ng (2018), *Machine learning yearning*. Chapter 7 is on the size of dev and test sets.
# - B. Recht, R. Roelofs, L. Schmidt and V. Shankar (2019), *Do ImageNet classifiers generalize to ImageNet?*, ICML,
#   [arXiv:1902.10811](https://arxiv.org/abs/1902.10811); and H. Mania, J. Miller, L. Schmidt, M. Hardt and B. Recht (2019), *Model similarity
#   mitigates test set overuse*, NeurIPS, [arXiv:1905.12580](https://arxiv.org/abs/1905.12580).
#
# ## What you can do now
#
# You can cut data so that dev shows what users will send, find where a pipeline leaks, say how far a score is luck and how many examples a
# difference needs, and say why two networks belong on the same dev set.
#
# Next: [lesson 02](02_bias_variance.ipynb) asks what the errors on train and dev tell you to do.
