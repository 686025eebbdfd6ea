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
# A network with little data learns them by heart. You can stop it before that, or show it more than you have: pictures
# that are changed, or mixed. How much does each of these bring, what must be true for that, and when does it harm?
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
# Ten networks learn from 300 digits each. A share of the labels is drawn at random, as if somebody had been in a
# hurry. The dev labels are right. Each run has its own digits, first weights and order. `train` trains them
# side by side and measures them after each epoch.

# %%
X, y = digits()
seeds = range(10)


def sample(seed, hurried):
    """300 digits with this share of random labels; 500 for dev."""
    rng = np.random.default_rng(seed)
    chosen, dev = np.split(rng.permutation(len(y))[:800], [300])
    guessed = rng.random(300) < hurried
    labels = np.where(guessed, rng.integers(0, 10, size=300), y[chosen])
    return Data(X[chosen], np.eye(10)[labels], X[dev], y[dev], rng)


def stops(runs, patience=10):
    return [early_stopping_epoch(d, patience, 0.0) for d in runs.dev_loss]


def gain(runs):
    """Points of dev accuracy that stopping gains, for each run."""
    kept = runs.at(stops(runs)).dev_accuracy
    return 100 * (kept - runs.dev_accuracy[:, -1])


hurried = train([sample(seed, 0.2) for seed in seeds], epochs=100)
claim(
    "with a fifth of the labels random, stopping gains over 5 points of dev "
    "accuracy, mean of 10 runs",
    gain(hurried).mean(),
    above=5,
)

# %% tags=["predict"]
stopping_gains

# %%
careful = train([sample(seed, 0.0) for seed in seeds], epochs=100)
guess = measured("stopping_gains", gain(careful).mean())
both = {"labels all right": careful, "a fifth random": hurried}
plots.stops(both, {name: stops(runs) for name, runs in both.items()}, guess)
claim(
    "with right labels, stopping changes dev accuracy by less than a point, "
    "mean of 10 runs",
    gain(careful).mean(),
    between=(-1, 1),
)

# %% [markdown]
# The network first learns what the digits have in common, then the random labels, one by one. A stop keeps it from the
# second. **Where labels are right and classes are clear, there is little to keep it from**: the dev loss
# hardly rises, and early stopping saves time and nothing else.

# %% [markdown]
# ## A ridge without a penalty
#
# It is said that early stopping is like L2. Look at a cost with a minimum at $w^*$, in a direction in which its second
# derivative, the **curvature**, is $h$: $J = \frac12 h\,(w - w^*)^2$. Add L2 with strength $\lambda$, and the minimum
# moves to $\frac{h}{h + \lambda}\,w^*$ (lesson 03): flat directions are given up, steep ones are kept.
#
# **Your task.** Now without a penalty: gradient descent starts at $w = 0$ and is stopped after some steps. Derive which share of
# $w^*$ it has reached in each direction. You find the formula nowhere in this lesson; pencil and paper will do.

# %% tags=["exercise"]
shrinkage

# %% [markdown]
# A linear model shows whether it is the same. It has 64 pixels, 100 digits with a fifth of random labels, and a squared error: a
# cost with one curvature in each of 64 directions. Early stopping after $t$ steps at rate $\alpha$ stands beside ridge regression
# with $\lambda = 1 / (\alpha t)$.


# %%
def linear_task(seed):
    """Curvatures, the minimum in their directions, dev inputs, targets."""
    rng = np.random.default_rng(seed)
    chosen, dev = np.split(rng.permutation(len(y))[:1100], [100])
    guessed = rng.random(100) < 0.2
    labels = np.where(guessed, rng.integers(0, 10, size=100), y[chosen])
    A, T = X[chosen] - X[chosen].mean(axis=0), np.eye(10)[labels]
    h, V = np.linalg.eigh(A.T @ A / 100)
    h = np.where(h > 1e-10 * h[-1], h, 0)  # pixels that are always white
    slope = V.T @ A.T @ (T - T.mean(axis=0)) / 100
    minimum = np.where(h > 0, 1 / np.where(h > 0, h, 1), 0)[:, None] * slope
    B = (X[dev] - X[chosen].mean(axis=0)) @ V
    return h, minimum, B, np.eye(10)[y[dev]] - T.mean(axis=0), A @ V, T


def dev_loss(task, share):
    _, minimum, B, target, *_ = task
    return ((B @ (share[:, None] * minimum) - target) ** 2).sum(axis=1).mean()


steps = np.unique(np.geomspace(1, 30000, 50).astype(int))
tasks = [linear_task(seed) for seed in seeds]
paths = {
    "early stopping": lambda h, t: shrinkage(h / h[-1], 1.0, int(t)),
    "ridge": lambda h, t: h / (h + h[-1] / t),
}
losses = {
    name: np.mean(
        [[dev_loss(one, path(one[0], t)) for t in steps] for one in tasks],
        axis=0,
    )
    for name, path in paths.items()
}
h = np.geomspace(1e-5, 1, 200)
shown = {t: tuple(path(h, t) for path in paths.values()) for t in (10, 1000)}
plots.ridge_and_stopping(h, shown, steps, losses)

# %%
h, minimum, _, _, A, T = tasks[0]
W = np.zeros((64, 10))
for _ in range(100):
    W -= A.T @ (A @ W - (T - T.mean(axis=0))) / 100 / h[-1]
off = np.abs(W - shrinkage(h / h[-1], 1.0, 100)[:, None] * minimum).max()
claim("100 real steps end where your formula says", off, below=1e-8)
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
)

# %% [markdown]
# Two curves, not one, but the same idea: **a stop gives up flat directions, as a ridge does**. Flat directions are those
# in which the data say little, and noise much.

# %% [markdown]
# ## One run, and one knob for two jobs
#
# Ng names a gain and an objection. The gain: a *single* run passes small, medium and large weights, while L2 needs a
# run for each $\lambda$. The objection: training has two jobs, **fit $J$** and **do not overfit**, and one knob now turns both.
# Here are the hurried runs again, beside four values of $\lambda$.

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
)
claim(
    "the best lambda (chosen on 5 runs) and the stop are within 3 points "
    "on dev, mean of the other 5",
    (ends[best] - 100 * at_stop.dev_accuracy)[5:].mean(),
    between=(-3, 3),
)
claim(
    "but at the stop, the loss is over 4 times what it would fall to, "
    "mean of 10 runs",
    (at_stop.loss / end.loss).mean(),
    above=4,
)
claim(
    "and three times the learning rate moves the kept epoch to less than "
    "0.75 of it, medians of 10 runs",
    np.median(stops(fast)) / np.median(kept),
    below=0.75,
)

# %% [markdown]
# Turn the learning rate, and you must find the stop anew; $\lambda$ belongs to a $J$ that you may minimise for as long as you like.
# And see the norms: L2 ends *below* the norm that the first weights had. A network does not start at $w = 0$, as the
# formula above does, so **stopping keeps it near its start, and L2 near 0**. Accuracies may agree all the same.

# %% [markdown]
# ## More pictures from those that you have
#
# More data are the best remedy for variance. If there are none to be had, make some: a flower in a mirror is a flower.
# **Augmentation** shows the network each picture slightly changed, in another way in each epoch, with its label. You tell it what
# does *not* matter. So you must know: a cat looks left or right, but is hardly ever met upside down, so photographs are mirrored
# left to right, not top to bottom. Digits are not mirrored at all.
#
# **Your task.** Mirror the chosen images, left to right.

# %% tags=["exercise"]
horizontal_flip

# %% [markdown]
# Next, move what is in the picture. Put a frame of zeros around it, and cut a window of the old size out of
# the result. (For digits 0 is white paper.) Real programs draw the offsets; yours gets them, so that it can be tested.
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
plots.pictures(rows, "As they are, and each changed in three ways")

# %% [markdown]
# There is more of the kind. **Rotation** and **distortion** (Simard and others 2003) bend the strokes of digits. **Cutout** covers
# a random square, so that no single detail decides. **RandAugment** draws two changes or so from a list for each picture, all with one
# common strength: two numbers to choose instead of thirty.
#
# **Explore.** The label never changes. Turn the six. Then make every change of the flower as strong as you can
# while you would still give it the label.

# %%
augmentation_gallery()

# %% [markdown]
# ## A hundred digits
#
# Ten networks with 100 digits each. In each epoch a share of them is shifted by a pixel, anew. How large a share is good, and for how
# long must one train to know? One change is *false*, for comparison: it turns half of the digits upside down.

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
worth = np.interp(fifth[-1], more, sizes)
guess = measured("shifts_are_worth", round(worth))
epochs = np.arange(25, 825, 25)
plots.hundred_digits(epochs, curves, sizes, more, worth, guess)
claim(
    "after 50 epochs, to shift all costs over 2 points, mean of 10 runs",
    every[1] - plain[1],
    below=-2,
)
claim(
    "after 800, it costs less than a point, mean of 10 runs",
    every[-1] - plain[-1],
    above=-1,
)
claim(
    "to shift a fifth gains over half a point then, mean of 10 runs",
    fifth[-1] - plain[-1],
    above=0.5,
)
claim(
    "shifted copies of 100 digits are worth less than 80 new digits",
    worth - 100,
    below=80,
)
claim(
    "the false change still costs over a point after 800 epochs, "
    "mean of 10 runs",
    upside_down[-1] - plain[-1],
    below=-1,
)

# %% [markdown]
# **At equal epochs strong augmentation looks harmful; at its plateau that is gone.** Changed pictures are harder, and
# each one comes by less often. So compare strengths when nothing moves any more. A false change does not recover. And copies
# are no new data: another hundred digits bring more than all shifts of the first hundred.

# %% [markdown]
# ## Stop, or keep the best checkpoint?
#
# With 600 digits, all shifted anew, nothing can be learned by heart. What is left is the noise of the steps, and a falling learning rate
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
claim(
    "with a falling rate, the best checkpoint is over a point better than "
    "what patience keeps, mean of 10 runs",
    top - points("falling rate", given_up),
    above=1,
)
claim(
    "and over half a point better than the best checkpoint at a constant "
    "rate, mean of 10 runs",
    top - points("constant rate", saved),
    above=0.5,
)

# %% [markdown]
# So stop where overfitting is the enemy; where it is noise, let the rate fall and choose afterwards. That is the usual way today.

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
)
claim(
    "but it ends over a point below plain training that is stopped, "
    "mean of 10 runs",
    (stopped["plain"] - ends["mixup"]).mean(),
    above=1,
)
claim(
    "stopped as well, it is no worse than plain stopping, mean of 10 runs",
    lead("a fifth random", "stopped", "mixup"),
    above=0,
)
claim(
    "with right labels, smoothing gains over half a point at the end, "
    "mean of 10 runs",
    lead("labels all right", "at the end", "smoothed"),
    above=0.5,
)

# %% [markdown]
# Both help where nothing else does, and neither replaces the stop: a network that trains for long enough still learns random labels. Here
# mixup is for random labels and smoothing for right ones; on other data that may be different, so measure.

# %% [markdown]
# ## Find the faults
#
# A colleague writes the changed copies of a training set once and for all. The code runs, training works, and something is wrong
# in several places. Two of the faults are those most often made with augmentation.
#
# **Your task.** Read what the function should do. Repair what it does.

# %% tags=["exercise"]
augmented_sets

# %% [markdown]
# ## Pictures from the field
#
# You have 200 labelled digits, scanned neatly. In the field, sheets are photographed: turned, off the middle, on grey paper. Somebody has
# measured twenty of these photographs and written down how each one differs from its scan.

# %%
images, _ = framed_digits()
facts = measured_sheets(1, np.random.default_rng(5))
rows = {"scan": images[:10], "field": photographed(images[:20], *facts)[:10]}
plots.pictures(rows, "Ten scans, and how the field shows them", height=0.85)
names = "turn", "right", "down", "light"
for name, values in zip(names, facts, strict=True):
    print(f"{name:<5}", *(f"{value:g}" for value in values))

# %% [markdown]
# **Your task.** Return a policy: from which range each kind of change is drawn in training. Your function gets twenty
# measurements, and at grading it gets those of other fields. The budget is fixed: 200 labels, 60 epochs, and a network of 64 units. Each
# of two fields is tried in 3 runs, with 1 000 field pictures each, and the mean accuracy counts. Of 4 points you get a third for
# each of 0.65, 0.70 and 0.73. No augmentation reaches about 0.16, everything at full strength 0.13, a little of
# everything 0.25. With `try_policy(policy, seed, *facts)` you can try a policy here.

# %% tags=["exercise"]
augmentation_policy

# %%
fields = [
    measured_sheets(side, np.random.default_rng(seed))
    for seed in range(3)
    for side in (-1, 1)
]
matched = [try_policy(augmentation_policy(*f), 0, *f) for f in fields]
nothing = [try_policy({}, 0, *f) for f in fields]
claim(
    "a policy made from the measurements reads over 40 points more of the "
    "field than none, mean of 6 fields",
    100 * (np.mean(matched) - np.mean(nothing)),
    above=40,
)

# %% [markdown]
# **Augmentation is knowledge about what the network will meet.** Too little of it misses the field; too much spends the
# 60 epochs on pictures that never come.

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
# `EarlyStopping` counts as you do. Two of its defaults are traps: `patience=0`, and `restore_best_weights=False`, which leaves you
# with the *last* weights. `RandomFlip`, `RandomTranslation`, `RandomRotation` and `RandomContrast` are layers that draw for themselves, and change something
# only in training. `MixUp` and `RandAugment` are layers, too; smoothing is an argument of `CategoricalCrossentropy`.

# %%
import keras
from keras import layers

keras.utils.set_random_seed(0)
stopper = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
model = keras.Sequential(
    [
        layers.Input((64,)),
        layers.Dense(64, activation="relu"),
        layers.Dense(10),
    ]
)
smoothing = keras.losses.CategoricalCrossentropy(
    from_logits=True, label_smoothing=0.1
)
model.compile(keras.optimizers.Adam(0.02), smoothing)
data = sample(0, 0.2)
dev_labels = np.eye(10)[data.y_dev]
record = model.fit(
    data.X,
    data.Y,
    validation_data=(data.X_dev, dev_labels),
    epochs=60,
    batch_size=60,
    callbacks=[stopper],
    verbose=0,
).history
ours = early_stopping_epoch(record["val_loss"], 5, 0.0)
claim(
    "Keras keeps the epoch that your function keeps",
    stopper.best_epoch - ours,
    equal=0,
)
logits = model.predict(data.X_dev, verbose=0)
log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
loss = -(smooth_labels(dev_labels, 0.1) * log_p).sum(axis=1).mean()
claim(
    "its restored weights have the dev loss of that epoch, by your "
    "smoothed labels",
    abs(loss - record["val_loss"][ours]),
    below=1e-3,
)

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
why_two_jobs

# %% tags=["quiz"]
what_patience_does

# %% tags=["quiz"]
which_flip_hurts

# %% tags=["quiz"]
stronger_and_worse

# %% [markdown]
# ## Papers to read
#
# - L. Prechelt (1998), *Early stopping, but when?*, in Neural Networks: Tricks of the Trade. Fourteen rules for the stop: what patience costs and brings.
# - C. M. Bishop (1995), *Regularization and complexity control in feed-forward networks*, ICANN. Your `shrinkage`, and what becomes of it in a network.
# - P. Y. Simard, D. Steinkraus and J. C. Platt (2003), *Best practices for convolutional neural networks applied to visual document analysis*, ICDAR. Distorted digits.
# - H. Zhang, M. Cisse, Y. N. Dauphin and D. Lopez-Paz (2018), *mixup: beyond empirical risk minimization*, ICLR. Four lines of code, and random labels in section 3.4.
# - C. Szegedy and others (2016), *Rethinking the Inception architecture for computer vision*, CVPR. Label smoothing is section 7.
# - E. D. Cubuk and others (2020), *RandAugment: practical automated data augmentation with a reduced search space*, NeurIPS. Two numbers to choose.
# - V. Godbole and others (2023), *Deep Learning Tuning Playbook*. Checkpoints chosen afterwards, and how long to train.
# - B. Graham (2014), *Fractional max-pooling*, arXiv 1412.6071.

# %% [markdown]
# ## What you can do now
#
# You stop training where labels are not to be trusted, and know that with right ones it gains little. You have derived that a stop is nearly a
# ridge, and seen that it turns with the learning rate. You compare augmentations at their plateau, match them to what a network will meet, and leave dev alone.
# Next: [lesson 06](06_input_normalization.ipynb) makes training itself faster, by the scale of the inputs.
