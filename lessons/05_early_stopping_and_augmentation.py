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
# # Early stopping and augmentation
#
# A network that has little data learns them by heart. You can stop it before that, or show it more than you have: pictures
# that are changed, or mixed. How much does each of these bring, on which data, and when does it harm?
#
# **Takes** about 90 minutes · **Before this** lessons 02 (bias and variance) and 03 (L2)
#
# **You will**
# - write early stopping, and find out which data it helps,
# - derive why it acts like L2, and measure where the two differ,
# - write changes of pictures and of labels, and measure each beside its rivals,
# - repair a training set, and choose the changes for pictures from the field.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.data import digits, photo
from nnutils.lessons.early_stopping_and_augmentation import plots
from nnutils.lessons.early_stopping_and_augmentation.explorer import (
    augmentation_gallery,
)
from nnutils.lessons.early_stopping_and_augmentation.given import (
    Data,
    bowl,
    framed_digits,
    measured_sheets,
    photographed,
    train,
    try_policy,
)

# %% [markdown]
# ## Stop in time
#
# **Early stopping** watches the dev loss and keeps the weights of the best epoch. It cannot know the future: is a
# worse epoch the turning point, or bad luck? So it waits for a number of epochs, its **patience**, and then gives up.
# A second number, `min_delta`, says what is too small to count. With $D_t$ the dev loss after epoch $t$
# and $D_\text{best}$ the last one that counted,
#
# $$\text{epoch } t \text{ is better} \iff D_t < D_\text{best} - \texttt{min\_delta}$$
#
# **Your task.** Given the dev losses in order, return the epoch whose weights are kept. Look at nothing that
# comes after the stop: in reality it would not exist.

# %% tags=["exercise"]
early_stopping_epoch

# %% [markdown]
# Ten networks learn from 300 digits each, with a share of random labels, as from somebody in a hurry. The dev labels are right.
# Each run has its own digits, first weights and order. `train` trains all ten and measures them after each epoch.

# %%
X, y = digits()
seeds = range(10)


def sample(seed, hurried, m=300):
    """m digits with this share of random labels; 500 for dev."""
    rng = np.random.default_rng(seed)
    chosen, dev = np.split(rng.permutation(len(y))[: m + 500], [m])
    guessed = rng.random(m) < hurried
    labels = np.where(guessed, rng.integers(0, 10, size=m), y[chosen])
    return Data(X[chosen], np.eye(10)[labels], X[dev], y[dev], rng)


def stops(runs, patience=10):
    return [early_stopping_epoch(d, patience, 0.0) for d in runs.dev_loss]


def gain(runs):
    """Points of dev accuracy that stopping gains, for each run."""
    kept = runs.at(stops(runs)).dev_accuracy
    return 100 * (kept - runs.dev_accuracy[:, -1])


hurried = train([sample(seed, 0.2) for seed in seeds], epochs=100)
claim(
    "with a fifth of the labels random, stopping gains over 4 points of dev "
    "accuracy, mean of 10 runs",
    gain(hurried).mean(),
    above=4,
    form=".1f",
)

# %% tags=["predict"]
stopping_gains

# %%
careful = train([sample(seed, 0.0) for seed in seeds], epochs=100)
guess = measured("stopping_gains", round(gain(careful).mean()))
both = {"labels all right": careful, "a fifth random": hurried}
plots.stops(both, {name: stops(runs) for name, runs in both.items()}, guess)
claim(
    "with right labels, stopping changes dev accuracy by less than a point, "
    "mean of 10 runs",
    gain(careful).mean(),
    between=(-1, 1),
    form=".1f",
)

# %% [markdown]
# The network first learns what the digits have in common, then the random labels. A stop keeps it from the
# second. **Where labels are right and classes are clear, there is little to keep it from**: the dev loss
# hardly rises, and early stopping saves time and nothing else.

# %% [markdown]
# ## A ridge without a penalty
#
# Is early stopping like L2? Look at a cost with its minimum at $w^*$, in a direction with the second derivative, the **curvature**,
# $h$: $J = \frac12 h\,(w - w^*)^2$. Add L2 with strength $\lambda$, and the minimum
# moves to $\frac{h}{h + \lambda}\,w^*$ (lesson 03): flat directions are given up, steep ones are kept.
#
# **Your task.** Now without a penalty: gradient descent starts at $w = 0$ and is stopped after some steps. Derive which share of
# $w^*$ it has reached in each direction. You find the formula nowhere in this lesson; pencil and paper will do.

# %% tags=["exercise"]
shrinkage

# %% [markdown]
# A linear model shows whether it is the same: 64 pixels, 100 digits with a fifth of random labels, and a squared error, so the
# cost has one curvature in each of 64 directions. The largest is 1, and the rate is 1. A stop after $t$ steps stands beside ridge
# regression with $\lambda = 1 / t$.

# %%
steps = np.unique(np.geomspace(1, 30000, 50).astype(int))
bowls = [bowl(sample(seed, 0.2, m=100)) for seed in seeds]
paths = {
    "early stopping": lambda h, t: shrinkage(h, 1.0, int(t)),
    "ridge": lambda h, t: h / (h + 1 / t),
}
losses = {
    name: np.mean(
        [
            [one.dev_loss(path(one.curvatures, t)) for t in steps]
            for one in bowls
        ],
        axis=0,
    )
    for name, path in paths.items()
}
h = np.geomspace(1e-5, 1, 200)
shown = {t: tuple(path(h, t) for path in paths.values()) for t in (10, 1000)}
plots.ridge_and_stopping(h, shown, steps, losses)
first = bowls[0]
formula = shrinkage(first.curvatures, 1.0, 100)[:, None] * first.minimum
claim(
    "100 real steps end where your formula says",
    np.abs(first.descended(100) - formula).max(),
    below=1e-8,
)
stopped, ridge = (values.min() for values in losses.values())
claim(
    "the best stop and the best ridge have the same dev loss within 5 %, "
    "mean of 10 tasks",
    stopped / ridge,
    between=(0.95, 1.05),
    form=".2f",
)
claim(
    "while descent to the end has over 1.5 times that loss",
    losses["early stopping"][-1] / ridge,
    above=1.5,
    form=".1f",
)

# %% [markdown]
# Two curves, not one, but the same idea: **a stop gives up flat directions, as a ridge does**. Flat directions are those
# in which the data say little, and noise much.

# %% [markdown]
# ## One run, and one knob for two jobs
#
# Andrew Ng names a gain and an objection. The gain: a *single* run passes small, medium and large weights, while L2 needs a
# run for each $\lambda$. The objection: training has two jobs, **fit $J$** and **do not overfit**, and stopping mixes them. L2
# is for the second alone, as **orthogonalization** wants it (lesson 02).

# %%
lams = 1, 3, 10, 30
penalized = {
    lam: train([sample(s, 0.2) for s in seeds], epochs=100, l2=lam)
    for lam in lams
}
fast = train([sample(s, 0.2) for s in seeds], epochs=50, lr=0.009)
kept = stops(hurried)
plots.norms(hurried, kept, penalized)
at_stop, end = hurried.at(kept), hurried.at([99] * 10)
ends = np.array([100 * penalized[lam].dev_accuracy[:, -1] for lam in lams])
best = ends[:, :5].mean(axis=1).argmax()  # chosen on five runs

# %%
claim(
    "the stop keeps weights of less than 80 % of the last norm, "
    "mean of 10 runs",
    (at_stop.norm / end.norm).mean(),
    below=0.8,
    form=".2f",
)
claim(
    "the best lambda (chosen on 5 runs) and the stop are within 4 points "
    "on dev, mean of the other 5",
    (ends[best] - 100 * at_stop.dev_accuracy)[5:].mean(),
    between=(-4, 4),
    form=".1f",
)
claim(
    "with that lambda, the last norm is less than 80 % of the first one, "
    "mean of 10 runs",
    penalized[lams[best]].norm[:, -1].mean() / hurried.norm[:, 0].mean(),
    below=0.8,
    form=".2f",
)
late = 100 * penalized[lams[best]].dev_accuracy
claim(
    "and its last 10 epochs are within 1.5 points of those before epoch 50 "
    "on dev, mean of 10 runs",
    (late[:, 90:] - late[:, 40:50]).mean(),
    between=(-1.5, 1.5),
    form=".1f",
)
claim(
    "at the stop, the loss is over 4 times what it would fall to, "
    "mean of 10 runs",
    (at_stop.loss / end.loss).mean(),
    above=4,
    form=".1f",
)
claim(
    "and three times the learning rate moves the kept epoch to less than "
    "0.75 of it, medians of 10 runs",
    np.median(stops(fast)) / np.median(kept),
    below=0.75,
    form=".2f",
)

# %% [markdown]
# Change the learning rate, and you must find the stop again; with $\lambda$ you may minimise $J$ for as long as you like.
# And see the norms. A network does not start at $w = 0$, as the linear model above does. **Stopping keeps it near its start, L2
# near 0.** The accuracies agree all the same.

# %% [markdown]
# ## More pictures from those that you have
#
# More data are the best remedy for variance. If you cannot get them, make some. **Augmentation** shows the network each picture
# slightly changed, in another way in each epoch, with its label. You tell it what does *not* matter. A cat looks left or right, but
# is hardly ever met upside down: photographs are mirrored left to right, not top to bottom. Digits are not mirrored at all.
#
# **Your task.** Mirror the chosen images, left to right.

# %% tags=["exercise"]
horizontal_flip

# %% [markdown]
# Next, move what is in the picture. Put a frame of zeros around it (for digits 0 is white paper), and cut a window of the old size
# out of the result. The offsets are drawn elsewhere.
#
# **Your task.** Pad every image, then cut it at its own offset.

# %% tags=["exercise"]
random_crop

# %% [markdown]
# The third change is one of light, **colour jitter**. Contrast $c$ stretches the distance of the pixels from the picture's own
# mean $\bar x$, then brightness $b$ is added:
#
# $$x' = \text{clip}\left(c\,(x - \bar x) + \bar x + b,\; 0,\; 1\right)$$
#
# **Your task.** Write it. The mean is one number for each image.

# %% tags=["exercise"]
color_jitter

# %%
blocks = photo("flower.jpg")[20:420, 120:520].reshape(40, 10, 40, 10, 3)
flower = blocks.mean(axis=(1, 3))[None]
three = X[3].reshape(1, 8, 8)
rows = {
    "flower": [
        flower[0],
        horizontal_flip(flower, np.array([True]))[0],
        color_jitter(flower, 0.1, 0.4)[0],
        color_jitter(flower, 0, 2)[0],
    ],
    "three": [
        random_crop(three, 1, np.array([offset]))[0]
        for offset in ([1, 1], [0, 1], [2, 0], [1, 2])
    ],
}
captions = "as it is", "mirrored", "pale", "harsh", "as it is", *["moved"] * 3
plots.pictures(rows, "Labels that do not change", captions=captions)

# %% [markdown]
# **Rotation** and **distortion** (Simard and others 2003) turn and bend the strokes of digits. **Cutout** covers a random square, so
# that no single detail decides. **RandAugment** draws a few changes from a list for each picture, all of one common strength: two
# numbers to choose instead of two for each change.
#
# **Explore.** The label never changes. Turn the six. Then make every change of the flower as strong as you can
# while you would still give it the label.

# %%
augmentation_gallery()

# %% [markdown]
# ## A hundred digits
#
# Now 100 digits. In each epoch a share of them is shifted by a pixel, anew. Which share is good, and for how long must you
# train to know? One change is *false*, for comparison: it turns half of the digits upside down.

# %% tags=["predict"]
shifts_are_worth


# %%
def shifts(rows):
    """Nine versions of each digit: (9, m, 64). Number 4 is unchanged."""
    images = rows.reshape(-1, 8, 8)
    offsets = [(r, c) for r in range(3) for c in range(3)]
    moved = [
        random_crop(images, 1, np.tile(offset, (len(images), 1)))
        for offset in offsets
    ]
    return np.stack(moved).reshape(9, -1, 64)


def few(seed, versions, m=100):
    rng = np.random.default_rng(seed)
    chosen, dev = np.split(rng.permutation(len(y))[: m + 1000], [m])
    known = versions(X[chosen]), np.eye(10)[y[chosen]]
    return Data(*known, X[dev], y[dev], rng)


def dev_curve(versions, chances, m=100, epochs=800):
    """Mean dev accuracy in per cent, after every 25 epochs."""
    runs = train(
        [few(seed, versions, m) for seed in seeds],
        chances=chances,
        epochs=epochs,
        lr=0.005,
        batch_size=50,
        every=25,
    )
    return 100 * runs.dev_accuracy.mean(axis=0)


def some(share):
    """The chance of each version: the unchanged one has the rest."""
    return np.full(9, share / 9) + (1 - share) * (np.arange(9) == 4)


curves = {
    "nothing changed": dev_curve(shifts, some(0)),
    "a fifth shifted": dev_curve(shifts, some(0.2)),
    "all shifted": dev_curve(shifts, some(1)),
    "half upside down": dev_curve(
        lambda rows: np.stack([rows, rows[:, ::-1]]), [0.5, 0.5]
    ),
}
sizes = 100, 125, 150, 200
more = [dev_curve(shifts, some(0), m, 100)[-1] for m in sizes]

# %%
plain, fifth, every, upside_down = curves.values()
end = slice(-8, None)  # epochs 625 to 800
reached = fifth[end].mean()
worth = 5 * round(np.interp(reached, more, sizes) / 5)
guess = measured("shifts_are_worth", worth)
epochs = np.arange(25, 825, 25)
plots.hundred_digits(epochs, curves, sizes, more, reached, worth, guess)
claim(
    "after 50 epochs, to shift all costs over 2 points, mean of 10 runs",
    every[1] - plain[1],
    below=-2,
    form=".1f",
)
claim(
    "after 800, it costs less than 2 points, mean of 10 runs",
    (every - plain)[end].mean(),
    above=-2,
    form=".1f",
)
claim(
    "to shift a fifth gains over half a point then, mean of 10 runs",
    (fifth - plain)[end].mean(),
    above=0.5,
    form=".1f",
)
claim(
    "shifted copies of 100 digits are worth less than 80 new digits",
    worth - 100,
    below=80,
)
claim(
    "the false change still costs over a point after 800 epochs, "
    "mean of 10 runs",
    (upside_down - plain)[end].mean(),
    below=-1,
    form=".1f",
)

# %% [markdown]
# **At equal epochs strong augmentation looks harmful; at its plateau that is gone.** Changed pictures are harder, and each one
# is seen less often. So compare strengths when nothing moves any more. A false change does not recover. And copies are no new data: another hundred digits bring more than shifts of the first
# hundred. (A convolution treats all places of a picture alike, so shifts bring it less than these dense layers.)

# %% [markdown]
# ## Stop, or keep the best checkpoint?
#
# With 600 digits, all shifted anew, little can be learned by heart. What is left is mostly the noise of the steps, and a falling learning rate
# (lesson 14) takes it away at the *end*. Patience does not know that. The alternative is to fix the number of epochs, to save the
# weights after each, and to keep the **best checkpoint** afterwards. Dev digits are shifted here, too.


# %%
def moved(seed):
    rng = np.random.default_rng(seed)
    chosen, dev = np.split(rng.permutation(len(y))[:1100], [600])
    place = rng.integers(9, size=500), np.arange(500)
    labels = np.eye(10)[y[chosen]]
    return Data(shifts(X[chosen]), labels, shifts(X[dev])[place], y[dev], rng)


schedules = {
    "constant rate": lambda epoch: 0.02,
    "falling rate": lambda epoch: 0.01 * (1 + np.cos(np.pi * epoch / 60)),
}
noisy = {
    name: train(
        [moved(seed) for seed in seeds],
        epochs=60,
        batch_size=20,
        schedule=schedule,
    )
    for name, schedule in schedules.items()
}
given_up = {name: stops(runs, patience=5) for name, runs in noisy.items()}
saved = {name: runs.dev_loss.argmin(axis=1) for name, runs in noisy.items()}
plots.falling(noisy, given_up, saved)


# %%
def points(name, epochs):
    return 100 * noisy[name].at(epochs[name]).dev_accuracy.mean()


top = points("falling rate", saved)
last = 100 * noisy["falling rate"].dev_accuracy[:, -1].mean()
claim(
    "with a falling rate, even the last weights, chosen by nobody, are over "
    "a point better than what patience keeps, mean of 10 runs",
    last - points("falling rate", given_up),
    above=1,
    form=".1f",
)
claim(
    "and the best checkpoint is within a point of them, mean of 10 runs",
    top - last,
    between=(-1, 1),
    form=".1f",
)
claim(
    "at a constant rate, the best checkpoint is over half a point worse, "
    "mean of 10 runs",
    top - points("constant rate", saved),
    above=0.5,
    form=".1f",
)

# %% [markdown]
# So stop where overfitting is the enemy. Where it is noise, let the rate fall, and choose afterwards: that is the usual way today.

# %% [markdown]
# ## Labels that are not certain
#
# **Mixup** (Zhang and others 2018) changes labels along with pictures. Each example is mixed with a partner, whose place is in
# `order`:
#
# $$\tilde x_i = \lambda x_i + (1 - \lambda)\, x_{\text{order}_i}, \qquad \tilde y_i = \lambda y_i + (1 - \lambda)\, y_{\text{order}_i}$$
#
# A label is a row of probabilities, so a picture may be 70 % three and 30 % eight.
#
# **Your task.** Mix examples and labels. $\lambda$ is drawn elsewhere.

# %% tags=["exercise"]
mixup

# %% [markdown]
# **Label smoothing** leaves the pictures alone. A label keeps $1 - \varepsilon$ of itself, and all $k$ classes share the rest:
# $\tilde y = (1 - \varepsilon)\, y + \varepsilon / k$. No network can reach a probability of 1, and it need not try for ever.
#
# **Your task.** Smooth the rows.

# %% tags=["exercise"]
smooth_labels


# %%
def mixed(X, Y, rng):
    return mixup(X, Y, rng.random(), rng.permutation(len(X)))


def smoothed(seed, share):
    data = sample(seed, share)
    Y = smooth_labels(data.Y, 0.1)
    return Data(data.X, Y, data.X_dev, data.y_dev, data.rng)


results = {}
for name, share in {"labels all right": 0, "a fifth random": 0.2}.items():
    runs = {
        "plain": both[name],
        "smoothed": train([smoothed(s, share) for s in seeds], epochs=100),
        "mixup": train(
            [sample(s, share) for s in seeds], epochs=100, change=mixed
        ),
        "no hidden\nlayer": train(
            [sample(s, share) for s in seeds], epochs=100, hidden=0
        ),
    }
    results[name] = {
        "at the end": {
            way: 100 * run.dev_accuracy[:, -1] for way, run in runs.items()
        },
        "stopped": {
            way: 100 * run.at(stops(run)).dev_accuracy
            for way, run in runs.items()
        },
    }
plots.softer(results)


# %%
def lead(labels, when, way):
    of = results[labels][when]
    return (of[way] - of["plain"]).mean()


ends, stopped = results["a fifth random"].values()
claim(
    "with random labels, mixup gains over 1.5 points at the end, "
    "mean of 10 runs",
    lead("a fifth random", "at the end", "mixup"),
    above=1.5,
    form=".1f",
)
claim(
    "but it ends over a point below plain training that is stopped, "
    "mean of 10 runs",
    (stopped["plain"] - ends["mixup"]).mean(),
    above=1,
    form=".1f",
)
claim(
    "stopped as well, it is no worse than plain stopping, mean of 10 runs",
    lead("a fifth random", "stopped", "mixup"),
    above=0,
    form=".1f",
)
claim(
    "with right labels, smoothing gains over 0.3 points at the end, "
    "mean of 10 runs",
    lead("labels all right", "at the end", "smoothed"),
    above=0.3,
    form=".1f",
)
claim(
    "without a hidden layer, the stop ends within 3 points of the plain "
    "network's with random labels, mean of 10 runs",
    lead("a fifth random", "stopped", "no hidden\nlayer"),
    between=(-3, 3),
    form=".1f",
)
claim(
    "and over half a point below it with right ones, mean of 10 runs",
    lead("labels all right", "stopped", "no hidden\nlayer"),
    below=-0.5,
    form=".1f",
)

# %% [markdown]
# Neither replaces the stop: a network that trains for long enough still learns random labels. Here
# mixup helps most with random labels and smoothing with right ones. On other data that may differ: measure, and do not forget the
# **plain baseline**. With many random labels, a model without a hidden layer is as good as the stopped network, as it is too weak to
# learn them by heart. With right labels, that costs accuracy.

# %% [markdown]
# ## Find the faults
#
# A colleague makes changed copies of a training set before training. The code runs, the network learns, and yet something is wrong
# in several places.
#
# **Your task.** Read what the function should do. Repair what it does.

# %% tags=["exercise"]
augmented_sets

# %% [markdown]
# ## Pictures from the field
#
# You have 200 labelled digits from a scanner. In the field, sheets are photographed: turned, off the middle, on grey paper. Somebody has
# measured for twenty of these photographs how each one differs from its scan.

# %%
images, _ = framed_digits()
facts = measured_sheets(1, np.random.default_rng(5))
field = photographed(images[:20], *facts)
rows = {"scan": images[10:20], "field": field[10:]}
plots.pictures(rows, "Ten scans, and how the field shows them", height=0.85)
names = "turn", "right", "down", "light"
for name, values in zip(names, facts, strict=True):
    for start in (0, 10):
        ten = values[start : start + 10]
        print(f"{name:<5}", *(f"{value:5g}" for value in ten))

# %% [markdown]
# **Your task.** Return a policy: from which range each kind of change is drawn in training. Your function gets twenty
# measurements, and at grading it gets those of other fields. The budget is fixed: 200 labels, 60 epochs, and a network of 64 units. Each
# of two fields is tried in 3 runs, with 1 000 field pictures each, and the mean accuracy counts. Of 4 points you get a third for
# each of 0.65, 0.70 and 0.73. These reach less: *no augmentation*,
# *everything at full strength*, *a little of everything*, *the median of each measurement*, and *from the smallest to the largest of all twenty*.
# The next cell measures them. With `try_policy(policy, seed, *facts)` you can try one of your own.

# %%
fields = [
    measured_sheets(side, np.random.default_rng(seed))
    for seed in range(3)
    for side in (-1, 1)
]
full = {"turn": 180, "right": 4, "down": 4, "light": 0.5}
some_of_it = {"turn": 15, "right": 1, "down": 1, "light": 0.1}


def from_to(low, high):
    """A policy: from which number to which each measurement is drawn."""
    return lambda facts: {
        kind: (low(values), high(values))
        for kind, values in zip(full, facts, strict=True)
    }


def up_to(limits, mirror=0.0):
    """A policy that does not look at the measurements."""
    policy = {kind: (-most, most) for kind, most in limits.items()}
    return lambda facts: policy | {"mirror": mirror}


plain_policies = {
    "no augmentation": lambda facts: {},
    "everything at full strength": up_to(full, mirror=0.5),
    "a little of everything": up_to(some_of_it),
    "the median of each measurement": from_to(np.median, np.median),
    "from the smallest to the largest of all twenty": from_to(np.min, np.max),
}
by_policy = {}
for name, policy in plain_policies.items():
    by_policy[name] = np.mean([try_policy(policy(f), 0, *f) for f in fields])
    print(f"{name:<46} {by_policy[name]:.2f}")
claim(
    "the best of these policies, mean of 6 fields",
    max(by_policy.values()),
    below=0.65,
)

# %% tags=["exercise"]
augmentation_policy

# %%
matched = [try_policy(augmentation_policy(*f), 0, *f) for f in fields]
claim(
    "a policy made from the measurements reads over 40 points more of the "
    "field than none, mean of 6 fields",
    100 * (np.mean(matched) - by_policy["no augmentation"]),
    above=40,
    form=".0f",
)

# %% [markdown]
# **Augmentation is knowledge about what the network will meet.** Too little of it misses the field. Too much spends the
# epochs on pictures that never come. (Where a prediction may cost more, one can change the *test* picture in several ways and average the
# answers: **test-time augmentation**.)

# %% [markdown]
# ## Fractional max pooling
#
# Networks for images make them smaller on the way, mostly by **max pooling**: of each square of 2 x 2 pixels the largest remains.
# Graham (2014) asked for less haste: from 8 pixels to 5, say, a factor $\alpha = n_\text{in} / n_\text{out}$ between 1 and 2.
# Some regions are 1 pixel wide then and others 2, and which is drawn at random. The edges are
#
# $$e_i = \lceil \alpha\,(i + u) \rceil - \lceil \alpha\, u \rceil, \qquad i = 0, \dots, n_\text{out}, \qquad u \in [0, 1)$$
#
# **Your task.** Make the edges of rows and columns, and return the largest pixel of each region.

# %% tags=["exercise"]
fractional_max_pool

# %%
rng = np.random.default_rng(5)
pooled = [
    fractional_max_pool(three[0], (5, 5), rng.random(2)) for _ in range(4)
]
plots.pictures(
    {"three": [three[0], *pooled]},
    "8 x 8 pixels, and four ways to pool them to 5 x 5",
)
others = {tuple(one.ravel()) for one in pooled}
claim("four draws make more than one picture", len(others), above=1)

# %% [markdown]
# Each draw is a slightly distorted copy, so pooling has become a source of augmentation. It is rarely used: strided convolutions
# and stronger augmentation have taken its place.

# %% [markdown]
# ## The same in Keras
#
# Two defaults of `EarlyStopping` are traps: `patience=0`, and `restore_best_weights=False`, which leaves you with the *last* weights.
# `RandomFlip`, `RandomTranslation`, `RandomRotation`, `RandomContrast`, `MixUp` and `RandAugment` are layers, which change something
# only in training. Smoothing is an argument of the loss.

# %%
import keras
from keras import layers

keras.utils.set_random_seed(0)
stopper = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
hidden = layers.Dense(64, activation="relu")
model = keras.Sequential([layers.Input((64,)), hidden, layers.Dense(10)])
smoothing = keras.losses.CategoricalCrossentropy(True, label_smoothing=0.1)
model.compile(keras.optimizers.Adam(0.02), smoothing)
data = sample(0, 0.2)
record = model.fit(
    data.X,
    data.Y,
    validation_data=(data.X_dev, np.eye(10)[data.y_dev]),
    epochs=60,
    batch_size=60,
    callbacks=[stopper],
    verbose=0,
)
ours = early_stopping_epoch(record.history["val_loss"], 5, 0.0)
claim(
    "epochs between the one that Keras keeps and the one that you keep",
    stopper.best_epoch - ours,
    equal=0,
)
plain_loss = keras.losses.CategoricalCrossentropy(True)
logits, Y_dev = model.predict(data.X_dev, verbose=0), np.eye(10)[data.y_dev]
off = smoothing(Y_dev, logits) - plain_loss(smooth_labels(Y_dev, 0.1), logits)
claim(
    "your smoothed labels give Keras' smoothed loss, up to rounding",
    abs(float(off)),
    below=1e-5,
)

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
why_two_jobs

# %% tags=["quiz"]
what_patience_does

# %% tags=["quiz"]
which_flip_hurts

# %% [markdown]
# ## Papers to read
#
# - L. Prechelt (1998), *Early stopping, but when?*, in Neural Networks: Tricks of the Trade,
#   [doi:10.1007/3-540-49430-8_3](https://doi.org/10.1007/3-540-49430-8_3). Fourteen rules for the stop: what patience costs and brings.
# - C. M. Bishop (1995), *Regularization and complexity control in feed-forward networks*, ICANN. Why stopping early acts like L2, for a quadratic cost.
# - P. Y. Simard, D. Steinkraus and J. C. Platt (2003), *Best practices for convolutional neural networks applied to visual document analysis*,
#   ICDAR, [doi:10.1109/ICDAR.2003.1227801](https://doi.org/10.1109/ICDAR.2003.1227801). Distorted digits.
# - H. Zhang, M. Cisse, Y. N. Dauphin and D. Lopez-Paz (2018), *mixup: beyond empirical risk minimization*, ICLR,
#   [arXiv:1710.09412](https://arxiv.org/abs/1710.09412). Four lines of code, and random labels in section 3.4.
# - C. Szegedy and others (2016), *Rethinking the Inception architecture for computer vision*, CVPR,
#   [arXiv:1512.00567](https://arxiv.org/abs/1512.00567). Label smoothing is section 7.
# - E. D. Cubuk and others (2020), *RandAugment: practical automated data augmentation with a reduced search space*, NeurIPS,
#   [arXiv:1909.13719](https://arxiv.org/abs/1909.13719). Two numbers to choose.
# - V. Godbole and others (2023), [*Deep Learning Tuning Playbook*](https://github.com/google-research/tuning_playbook). Checkpoints chosen afterwards, and how long to train.
# - B. Graham (2014), *Fractional max-pooling*, [arXiv:1412.6071](https://arxiv.org/abs/1412.6071).

# %% [markdown]
# ## What you can do now
#
# You stop training where labels are not to be trusted, and know that with right ones it gains little. You have derived that a stop is nearly a
# ridge, and seen that it turns with the learning rate. You compare augmentations at their plateau, match them to what a network will meet, and leave dev alone.
# Next: [lesson 06](06_input_normalization.ipynb) makes training itself faster, by the scale of the inputs.
