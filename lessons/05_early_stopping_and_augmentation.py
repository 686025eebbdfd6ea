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
# A network with little data learns it by heart. L2 and dropout hold the weights back. Here are two remedies of another kind:
# stop before it has learned too much, and show it more pictures than you have. What does each of them cost, and when does it do harm?
#
# **Takes** about 80 minutes · **Before this** lessons 02 (bias and variance) and 03 (L2)
#
# **You will**
# - write early stopping, with patience, and see what it does to the weights,
# - measure why it is said to mix two jobs that L2 keeps apart,
# - write three changes of a picture, and find the strength at which they help, and the one that harms,
# - write fractional max pooling, a random way to make pictures smaller.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import digits, photo
from nnutils.lessons.early_stopping_and_augmentation import plots
from nnutils.lessons.early_stopping_and_augmentation.explorer import (
    augmentation_gallery,
)
from nnutils.network import dense_network
from nnutils.optimizers import Adam
from nnutils.training import fit

# %% [markdown]
# ## Stop in time
#
# Take 300 digits, and let a fifth of the labels be drawn at random, as if they came from somebody in a hurry. The dev set's labels are right.
# First the network learns what the digits have in common. Then it learns the wrong labels, one by one.

# %%
X, y = digits()


def sample(seed):
    """300 digits to train on, a fifth of them with a random
    label; 500 for dev."""
    rng = np.random.default_rng(seed)
    train, dev = np.split(rng.permutation(len(y))[:800], [300])
    hurried = rng.random(300) < 0.2
    labels = np.where(hurried, rng.integers(0, 10, size=300), y[train])
    return (X[train], labels), (X[dev], y[dev])


def norm(network):
    return np.sqrt(sum(np.sum(W**2) for W in network.weights))


def run(seed, l2=0.0):
    """The record of 160 epochs, and the norm of the weights after
    each of them."""
    network, norms = dense_network([64, 64, 10], rng=seed, l2=l2), []
    train, dev = sample(seed)
    settings = {"epochs": 160, "batch_size": 32, "rng": seed, "dev": dev}
    watch = [lambda network, _: norms.append(norm(network))]
    return fit(
        network, *train, Adam(0.003), **settings, callbacks=watch
    ), norms


# %%
free = [run(seed) for seed in range(5)]
history, _ = free[0]
best = int(np.argmin(history.dev_loss))
for epoch in (0, best, 159):
    print(
        f"epoch {epoch:>3}: training loss {history.loss[epoch]:.2f}, "
        f"dev loss {history.dev_loss[epoch]:.2f}, "
        f"dev accuracy {history.dev_accuracy[epoch]:.0%}"
    )

# %% [markdown]
# **Early stopping** watches the dev loss and keeps the weights of the best epoch. It cannot know the future: is a
# worse epoch the turning point, or bad luck? So it waits for a number of epochs, its **patience**, and only
# then gives up. With a second number, `min_delta`, tiny improvements do not count. With $D_t$ the dev loss after epoch $t$
# and $D_\text{best}$ the last one that counted,
#
# $$\text{epoch } t \text{ is better} \iff D_t < D_\text{best} - \texttt{min\_delta}$$
#
# **Your task.** Given the dev losses in order, return the epoch whose weights are kept. Look at nothing that
# comes after the stop: in reality it would not exist.

# %% tags=["exercise"]
early_stopping_epoch

# %%
kept = {p: early_stopping_epoch(history.dev_loss, p, 0.0) for p in (1, 3, 10)}
plots.stops(history.loss, history.dev_loss, kept)
for patience in kept:
    found = [
        h.dev_loss[early_stopping_epoch(h.dev_loss, patience, 0.0)]
        for h, _ in free
    ]
    print(
        f"patience {patience:>2}: keeps epoch {kept[patience]} here; "
        f"dev loss {np.mean(found):.2f}, mean of five runs"
    )

# %% [markdown]
# A patience of 1 takes the first stumble for the end. A long patience costs little but computing time, since training goes back to the
# best weights that it has seen; ten epochs or so are usual.
#
# Now five runs, each stopped by your function with a patience of 10, against the same runs trained to the end.

# %%
stops = [
    early_stopping_epoch(history.dev_loss, 10, 0.0) for history, _ in free
]
norms = np.array([norms for _, norms in free])
accuracy = np.array([history.dev_accuracy for history, _ in free])
plots.norms(norms, stops)
runs = np.arange(5)
print(f"epochs kept in five runs: {min(stops)} to {max(stops)}")
for name, epoch in {"kept": stops, "the last": [159] * 5}.items():
    print(
        f"{name:<9} norm {norms[runs, epoch].mean():.0f}, "
        f"dev {accuracy[runs, epoch].mean():.0%}"
    )

# %%
claim(
    "stopping early returns weights of less than 70 % of the norm, "
    "in each of 5 runs",
    (norms[runs, stops] < 0.7 * norms[:, -1]).all(),
)
claim(
    "and a dev accuracy over 3 points higher, in each of 5 runs",
    (accuracy[runs, stops] - accuracy[:, -1] > 0.03).all(),
)

# %% [markdown]
# So this is regularization without a penalty. The weights begin small and grow; whoever stops early gets small ones, much
# as with L2. And all norms from the first to the last are tried in a *single* run, while each $\lambda$ needs a run of its own.

# %% [markdown]
# ## One knob, two jobs
#
# What is there to be said against it? Training has two jobs: **fit $J$**, and **do not overfit**. You
# would like a separate knob for each. The optimiser and its learning rate serve the first. L2 serves the second: add the
# penalty, and then minimise *that* $J$ for as long as you like.
#
# $$J = \frac1m \sum_i \mathcal{L}(\hat y_i, y_i) + \frac{\lambda}{2m} \sum w^2$$
#
# Early stopping does the second job by not finishing the first. Look at both jobs, with and without the penalty.

# %%
penalized = [run(seed, l2=0.5) for seed in range(5)]
both = {"no penalty": free, "L2, lambda 0.5": penalized}
J = {name: np.array([h.loss for h, _ in five]) for name, five in both.items()}
dev = {
    name: np.array([h.dev_accuracy for h, _ in five])
    for name, five in both.items()
}
plots.two_jobs(J, dev, np.mean(stops))
unfinished = {name: J[name][runs, stops] / J[name][:, -1] for name in both}
# from the epochs before 80 to the last ones, means of 20 epochs each
drift = {
    name: a[:, 140:].mean(axis=1) - a[:, 60:80].mean(axis=1)
    for name, a in dev.items()
}
for name in both:
    print(
        f"{name:<15} J at the stop is {unfinished[name].mean():.1f} times "
        "that at the end; "
        f"twice as long: dev {100 * drift[name].mean():+.1f} points"
    )

# %%
claim(
    "stopped early, J is over 5 times what it would fall to, "
    "in each of 5 runs",
    (unfinished["no penalty"] > 5).all(),
)
claim(
    "with L2 you may train twice as long: dev moves by less than 1.5 points "
    "in each of 5 runs",
    (np.abs(drift["L2, lambda 0.5"]) < 0.015).all(),
)
claim(
    "and in the end L2 is as good on dev as early stopping, "
    "or better: mean of 5 runs",
    dev["L2, lambda 0.5"][:, -1].mean() > accuracy[runs, stops].mean(),
)

# %% [markdown]
# That is the objection, measured. Without a penalty the *moment* of the stop decides, and whatever changes the speed of
# training, such as the learning rate, moves that moment: turn one knob, and you must find the other anew. With L2 the length of the
# training hardly matters. The price is the search for $\lambda$. In practice both are in use, often together.

# %% [markdown]
# ## More data from the data that you have
#
# The best remedy for variance is more data. If there are none to be had, make some: a flower in a mirror is a
# flower. **Augmentation** shows the network each picture slightly changed, in another way in each epoch, with
# the label that it had. You tell the network what does *not* matter.
#
# **Your task.** Mirror every image, left to right. The axes are (image, row, column), and perhaps colour.

# %% tags=["exercise"]
horizontal_flip


# %%
def small(name):
    """A photograph of 40 x 40 pixels."""
    square = photo(name)[20:420, 120:520]
    return square.reshape(40, 10, 40, 10, 3).mean(axis=(1, 3))


photos = np.stack([small("flower.jpg"), small("china.jpg")])
pairs = np.stack([photos, horizontal_flip(photos)], axis=1).reshape(
    4, 40, 40, 3
)
plots.pictures({"": pairs}, "A flower in a mirror is a flower")
changed = np.abs(horizontal_flip(photos) - photos).mean()
print(
    f"{photos.shape[0]} photographs of {photos.shape[1]} x "
    f"{photos.shape[2]} pixels"
)
print(
    f"mirrored, a pixel has changed by {changed:.2f} on average, "
    "and no label has"
)

# %% [markdown]
# The next change moves what is in the picture. Put a frame of zeros around it, and cut a window of the old size out of
# the result, at a random place. (For digits 0 is white paper.)
#
# **Your task.** Pad every image by `pad` zeros on each side, then cut it at its own offset. The
# offsets are given, so that your function draws nothing.

# %% tags=["exercise"]
random_crop

# %%
images = X.reshape(-1, 8, 8)
offsets = np.array([[1, 1], [0, 1], [2, 1], [1, 0], [1, 2], [0, 0], [2, 2]])
cropped = random_crop(np.repeat(images[3:4], 7, axis=0), 1, offsets)
plots.pictures({"": cropped}, "One three and six of its shifts by a pixel")
ink = cropped.sum(axis=(1, 2))
print(
    f"ink in the picture: {ink[0]:.0f} as it is, "
    f"{ink.min():.0f} to {ink.max():.0f} shifted"
)

# %% [markdown]
# The third change is one of light. Brightness $b$ is added to every pixel. Contrast $c$ stretches the distance of
# the pixels from the picture's own mean $\bar x$. What leaves the range from 0 to 1 is cut off:
#
# $$x' = \text{clip}\left(c\,(x - \bar x) + \bar x + b,\; 0,\; 1\right)$$
#
# **Your task.** Write it. The mean is one number for each image, over all of its pixels and colours.

# %% tags=["exercise"]
color_jitter

# %%
light = {
    "as it is": (0, 1),
    "darker": (-0.3, 1),
    "pale": (0.1, 0.4),
    "harsh": (0, 2),
}
lit = [color_jitter(photos[:1], *settings)[0] for settings in light.values()]
plots.pictures({"": np.stack(lit)}, "The same flower: " + ", ".join(light))
for name, flower in zip(light, lit, strict=True):
    print(
        f"{name:<9} mean {flower.mean():.2f}, "
        f"standard deviation {flower.std():.2f}"
    )

# %% [markdown]
# ## A hundred digits
#
# Now a network that has only 100 digits to learn from, ten or so of each. A change is a function of the images and an `rng`, and draws
# anew in each epoch. Here are some, made of your functions:


# %%
def as_they_are(images, rng):
    return images


def shifted(images, rng):
    return random_crop(images, 1, rng.integers(0, 3, size=(len(images), 2)))


def mirrored(images, rng):
    return horizontal_flip(images)


def upside_down(images, rng):
    # left and right, then top and bottom
    return horizontal_flip(images)[:, ::-1]


def in_other_light(images, rng):
    return color_jitter(images, rng.uniform(-0.2, 0.2), rng.uniform(0.5, 1.5))


def some(change, share):
    """Change this share of the images, others in each epoch."""

    def change_some(images, rng):
        chosen = rng.random(len(images)) < share
        return np.where(chosen[:, None, None], change(images, rng), images)

    return change_some


# %% [markdown]
# The network sees the digits changed, in each epoch in another way. The rest of the data are the dev set, and tell what came of it.


# %%
def trained(change, seed, epochs=200):
    """A network that has seen 100 digits, changed anew in each epoch,
    and the digits left for dev."""
    rng = np.random.default_rng(seed)
    train, dev = np.split(rng.permutation(len(y)), [100])
    network, adam = dense_network([64, 128, 10], rng=seed), Adam(0.005)
    for _ in range(epochs):
        X_new = change(images[train], rng).reshape(100, 64)
        fit(
            network,
            X_new,
            y[train],
            adam,
            epochs=1,
            batch_size=50,
            rng=rng,
            measure=False,
        )
    return network, dev


def accuracy_on(network, dev, change=as_they_are):
    X_dev = change(images[dev], np.random.default_rng(0)).reshape(
        len(dev), 64
    )
    return network.accuracy(X_dev, y[dev])


# %% [markdown]
# How much should be changed? The digits of this set are neatly centred, and a pixel is an eighth of the picture. So the *share* of pictures that are shifted
# goes from none to all. There are two dev sets: the digits as they are, and the same ones, each shifted at random, as from a careless scanner.

# %%
shares = [0, 0.1, 0.2, 0.4, 0.7, 1]
grid = [
    [trained(some(shifted, share), seed) for share in shares]
    for seed in range(5)
]
neat = np.array([[accuracy_on(*pair) for pair in row] for row in grid])
careless = np.array(
    [[accuracy_on(*pair, shifted) for pair in row] for row in grid]
)
plots.strength(shares, {"Neat dev set": neat, "Careless dev set": careless})
for i, share in enumerate(shares):
    print(
        f"{share:>4.0%} shifted: dev as it is {neat[:, i].mean():.1%}, "
        f"shifted dev {careless[:, i].mean():.0%}"
    )

# %%
gain = neat[:, 2] - neat[:, 0]
print(
    f"a fifth shifted: {100 * gain.mean():+.1f} points, "
    f"{100 * gain.min():+.1f} to {100 * gain.max():+.1f} in five runs"
)
claim(
    "with 100 digits, to shift a fifth of them raises dev "
    "accuracy, mean of 5 runs",
    gain.mean() > 0.005,
)
claim(
    "to shift all of them loses that gain again, mean of 5 runs",
    neat[:, -1].mean() < neat[:, 0].mean() < neat[:, 2].mean(),
)
claim(
    "where dev digits come shifted, it gains over 25 points "
    "in each of 5 runs",
    (careless[:, 2] - careless[:, 0] > 0.25).all(),
)

# %% [markdown]
# Read both pictures together. On neat digits the gain is modest, and to shift every digit loses it again: the network is then
# trained for cases that never come. On careless ones the gain is enormous. **Augmentation is knowledge about what the network will meet**, put in by
# you. How strong it should be is one more hyperparameter, for the dev set to decide.
#
# The same with light. And with two changes that say something false: most digits in a mirror are none any more, and a six
# upside down is a nine.

# %%
changes = {
    "as they are": as_they_are,
    "other light": in_other_light,
    "mirrored": some(mirrored, 0.5),
    "upside down": some(upside_down, 0.5),
}
networks = {
    name: [trained(change, seed) for seed in range(5)]
    for name, change in changes.items()
}

# %% [markdown]
# Three questions to each network: all digits, the sixes and nines alone, and all digits in one pale light.


# %%
def pale(images, rng):
    return color_jitter(images, 0.2, 0.5)


def asked(network, dev):
    six_or_nine = dev[np.isin(y[dev], [6, 9])]
    in_pale_light = accuracy_on(network, dev, pale)
    return (
        accuracy_on(network, dev),
        accuracy_on(network, six_or_nine),
        in_pale_light,
    )


questions = "all digits", "sixes and nines", "all, in pale light"
results = {
    name: dict(
        zip(
            questions,
            np.array([asked(*pair) for pair in pairs]).T,
            strict=True,
        )
    )
    for name, pairs in networks.items()
}
plots.runs_compared(
    results,
    "What is true helps or does nothing, what is false hurts",
    "pictures in training",
)
for name, result in results.items():
    told = ", ".join(
        f"{dev} {accuracy.mean():.0%}" for dev, accuracy in result.items()
    )
    print(f"{name:<12} {told}")

# %%
plain, other_light, mirror, turned = results.values()
claim(
    "a flip that changes the label hurts: sixes and nines lose over 4 "
    "points, mean of 5 runs",
    plain["sixes and nines"].mean() - turned["sixes and nines"].mean() > 0.04,
)
claim(
    "mirrored digits cost accuracy in each of 5 runs",
    (mirror["all digits"] < plain["all digits"]).all(),
)
claim(
    "who has seen other light reads over 20 points more in pale "
    "light, mean of 5 runs",
    np.mean(other_light["all, in pale light"] - plain["all, in pale light"])
    > 0.2,
)

# %% [markdown]
# **Explore.** Each control is one kind of change, and the label never changes with it. Turn the six. Then take the flower, and make every
# change as strong as you can while you would still give it the label: that is about what you may ask of a network.

# %%
augmentation_gallery()

# %% [markdown]
# ## Fractional max pooling
#
# Networks for images make them smaller on the way, mostly by **max pooling**: of each square of 2 x 2 pixels the largest remains.
# That halves the size at once. Graham (2014) asked for less haste: from 8 pixels to 5, say, which is a factor
# $\alpha = n_\text{in} / n_\text{out}$ between 1 and 2. Then some regions must be 1 pixel wide and others 2, and *which* is drawn at random:
#
# $$e_i = \lceil \alpha\,(i + u) \rceil - \lceil \alpha\, u \rceil, \qquad i = 0, \dots, n_\text{out}, \qquad u \in [0, 1)$$
#
# **Your task.** Return the edges. Any rule will do that goes from 0 to `n_in` in steps of the floor or the ceiling of $\alpha$, and that depends on `u`.

# %% tags=["exercise"]
fractional_pool_edges

# %%
for u in (0.1, 0.5, 0.9):
    edges = fractional_pool_edges(8, 5, u)
    print(
        f"u = {u}: edges {[int(e) for e in edges]}, "
        f"widths {[int(w) for w in np.diff(edges)]}"
    )

# %% [markdown]
# Edges for the rows and edges for the columns cut the image into rectangles.
#
# **Your task.** Of each rectangle, return the largest pixel. A region ends before its right edge: the next
# one begins there.

# %% tags=["exercise"]
fractional_max_pool


# %%
def random_edges(rng):
    return [fractional_pool_edges(8, 5, u) for u in rng.random(2)]


rng = np.random.default_rng(5)
edges = [random_edges(rng) for _ in range(4)]
pooled = [fractional_max_pool(images[3], *pair) for pair in edges]
plots.regions(images[3], edges, pooled)
apart = np.abs(pooled[0] - pooled[1]).mean()
print(f"8 x 8 pixels become {pooled[0].shape[0]} x {pooled[0].shape[1]}")
print(f"the first two results differ by {apart:.2f} a pixel, on average")

# %% [markdown]
# So pooling has become a source of augmentation: each draw is a slightly distorted copy. It serves at test time as well. Pool a
# digit in a dozen ways, ask the network about each, and average its answers.


# %%
def pool(images, rng):
    edges = random_edges(rng)
    return np.array(
        [fractional_max_pool(image, *edges).ravel() for image in images]
    )


def one_and_many(seed, draws=12):
    """Dev accuracy of one pooling (mean over the draws),
    and of the averaged answers to all of them."""
    rng = np.random.default_rng(seed)
    train, dev = np.split(rng.permutation(len(y))[:500], [100])
    X_pooled = np.concatenate(
        [pool(images[train], rng) for _ in range(draws)]
    )
    network = dense_network([25, 128, 10], rng=seed)
    settings = {"epochs": 30, "rng": seed}
    fit(
        network,
        X_pooled,
        np.tile(y[train], draws),
        Adam(0.005),
        batch_size=50,
        **settings,
    )
    answers = [
        network.predict_proba(pool(images[dev], rng)) for _ in range(draws)
    ]
    answers = np.array(answers)  # (draws, dev examples, classes)
    one = (answers.argmax(axis=2) == y[dev]).mean()
    return one, (answers.mean(axis=0).argmax(axis=1) == y[dev]).mean()


# %%
one, many = np.array([one_and_many(seed) for seed in range(5)]).T
print(
    f"one pooling {one.mean():.0%}, the mean of 12 poolings "
    f"{many.mean():.0%} (5 runs)"
)
claim(
    "the mean of 12 poolings beats one, by over 2 points in each run",
    (many - one > 0.02).all(),
)

# %% [markdown]
# Averaging over changed copies of a *test* picture works with flips and crops, too, and is known as test-time augmentation. It costs a
# dozen predictions instead of one. Do not expect more of it here: a digit of 25 pixels is a poor digit, and with all 64 the networks of
# the last section were better. In Graham's deep networks, pooling is needed anyway, and the gentle and random kind beat the usual one.

# %% [markdown]
# ## The same in Keras
#
# `EarlyStopping` counts as you do: better means below best minus `min_delta`, and it stops after `patience` epochs without. Two of its defaults
# are traps: `patience=0`, and `restore_best_weights=False`, which leaves you with the *last* weights. The image layers draw for themselves, and
# change something only while training.

# %%
import keras
from keras import layers

keras.utils.set_random_seed(0)
stopper = keras.callbacks.EarlyStopping(
    patience=10, restore_best_weights=True
)
hidden = [layers.Dense(64, activation="relu") for _ in range(2)]
output = layers.Dense(10, activation="softmax")
model = keras.Sequential([layers.Input((64,)), *hidden, output])
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
train, dev = sample(0)
record = model.fit(
    *train,
    validation_data=dev,
    epochs=160,
    batch_size=64,
    callbacks=[stopper],
    verbose=0,
).history
ours = early_stopping_epoch(record["val_loss"], 10, 0.0)
restored = model.evaluate(*dev, verbose=0)
beyond = len(record["val_loss"]) - 1 - ours
print(f"Keras trained for {beyond} epochs beyond the one that it kept")
claim(
    "Keras keeps the epoch that your function keeps",
    stopper.best_epoch == ours,
)
claim(
    "and restores its weights",
    abs(restored - record["val_loss"][ours]) < 1e-4,
)

# %%
threes = images[y == 3][:40, :, :, None].astype("float32")
flipped = np.array(
    layers.RandomFlip("horizontal", seed=1)(threes, training=True)
)
unchanged = (flipped == threes).all(axis=(1, 2, 3))
as_ours = (flipped == horizontal_flip(threes)).all(axis=(1, 2, 3))
print(
    f"RandomFlip: {unchanged.sum()} unchanged, "
    f"{as_ours.sum()} as by your function, of 40"
)

contrast = layers.RandomContrast(0.4, value_range=(0, 1), seed=1)
calm = 0.3 + 0.3 * threes  # nothing to clip
stretched = np.array(contrast(calm, training=True))
factors = stretched.std(axis=(1, 2, 3)) / calm.std(axis=(1, 2, 3))
by_ours = [
    color_jitter(x[None], 0, f)[0] for x, f in zip(calm, factors, strict=True)
]
apart = np.abs(by_ours - stretched).max()
print(f"RandomContrast: factors {factors.min():.1f} to {factors.max():.1f}")

# %%
claim(
    "every picture of RandomFlip is the original or your flip",
    (unchanged | as_ours).all(),
)
claim("RandomContrast is your color_jitter with brightness 0", apart < 1e-5)
claim(
    "outside training neither changes anything",
    all(
        (np.array(layer(threes, training=False)) == threes).all()
        for layer in (contrast, layers.RandomFlip())
    ),
)

# %% [markdown]
# Three conventions differ. Keras draws one contrast for each picture and takes the mean for each colour by itself. `RandomCrop` cuts a smaller picture;
# what corresponds to yours is `RandomTranslation` with `fill_mode="constant"`, which also shifts by fractions of a pixel.
# And `RandomBrightness` wants to be told the `value_range`, or it takes pixels from 0 to 255 for granted.
#
# ## Quiz

# %% tags=["quiz"]
why_two_jobs

# %% tags=["quiz"]
what_patience_does

# %% tags=["quiz"]
which_flip_hurts

# %% tags=["quiz"]
why_augment_only_train

# %% [markdown]
# ## Papers to read
#
# - L. Prechelt (1998), *Early stopping, but when?*, in Neural Networks: Tricks of the Trade. Fourteen rules for the stop, compared: what patience costs and brings.
# - C. M. Bishop (1995), *Regularization and complexity control in feed-forward networks*, ICANN. Why stopping early acts like L2, worked out for a quadratic cost.
# - P. Y. Simard, D. Steinkraus and J. C. Platt (2003), *Best practices for convolutional neural networks applied to visual document analysis*, ICDAR.
#   Distorted digits: for years the best result on MNIST, from augmentation.
# - B. Graham (2014), *Fractional max-pooling*, arXiv 1412.6071. Your last two exercises, inside a deep network, with the averaging over draws.
# - C. Shorten and T. M. Khoshgoftaar (2019), *A survey on image data augmentation for deep learning*, Journal of Big Data 6. What else there is.

# %% [markdown]
# ## What you can do now
#
# You stop training by patience and know the price: small weights and a good dev accuracy, but a $J$ that is far from fitted, where L2 lets you finish.
# You have seen a hundred digits gain a little from small shifts and very much where dev is shifted as well, and lose from changes that say something false.
# Next: [lesson 06](06_input_normalization.ipynb) makes training itself faster, by the scale of the inputs.
