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
# # Transfer learning
#
# You have 50 labelled pictures for a new task, and somebody has thousands for a task that is like it. What of
# the network that learned from the thousands can you take over, and how much is that worth to you?
#
# **Takes** about 75 minutes · **Before this** lessons 01, 02, 12 · Keras, from here on
#
# **You will**
# - put a new head on a network that has learned another task, without harming that network,
# - freeze and unfreeze layers, count what is left to learn, and fine-tune in phases,
# - measure over 5 seeds what transfer brings with 50 to 400 labels, and where it brings little or does harm.

# %%
import keras  # after nnutils, which keeps TensorFlow quiet
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import digits, imagenet_base
from nnutils.lessons.transfer_learning import plots
from nnutils.network import dense_network
from nnutils.quick import quick

# %% [markdown]
# ## Two tasks
#
# The **old task** is to read 0, 1, 2, 3, 4. For it there are labels in plenty. The **new task** is to read 5, 6, 7, 8, 9,
# and labels are few. To make it worth the trouble, the digits are photographed by a shaky hand in bad light: each picture is
# moved by up to one pixel in both directions, and noise is added.

# %%
X, y = digits(np.float32)
images = X.reshape(-1, 8, 8, 1)


def photographed(images, rng):
    padded = np.pad(images, [(0, 0), (1, 1), (1, 1), (0, 0)])
    shifts = rng.integers(0, 3, size=(len(images), 2))
    moved = [
        one[r : r + 8, c : c + 8]
        for one, (r, c) in zip(padded, shifts, strict=True)
    ]
    noisy = np.array(moved) + rng.normal(0, 0.25, images.shape)
    return np.clip(noisy, 0, 1).astype(np.float32)


def two_tasks(rng, photograph=photographed):
    """Training and dev set of the old task,
    and all pictures of the new one."""
    train, dev = np.split(rng.permutation(np.flatnonzero(y < 5)), [750])
    many = np.repeat(train, 6)  # six photographs of each
    old, old_dev = (photograph(images[i], rng) for i in (many, dev))
    # classes 0 to 4 again
    new = photograph(images[y >= 5], rng), y[y >= 5] - 5
    return (old, y[many]), (old_dev, y[dev]), new


tasks = two_tasks(np.random.default_rng(0))
(old_X, old_y), (old_dev_X, old_dev_y), (new_X, new_y) = tasks
plots.picture_rows(
    {"old task": old_X[::6][:10], "new task": new_X[:10]},
    "Two tasks with much in common",
)
print(
    f"old task: {len(old_y)} labelled photographs of {len(old_y) // 6} digits"
)
print(f"new task: {len(new_y)} pictures, of which few will have a label")

# %% [markdown]
# A small convolutional network learns the old task. Each unit of a **convolution** looks at a patch of 3 by 3 pixels, with
# the same weights everywhere in the picture, and so gives a smaller picture, its **feature map**. What such a unit finds, an edge or a stroke, is of use for any digit. The last
# layer, the **head**, turns what was found into the probabilities of the five old classes.


# %%
def conv_network():
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.Conv2D(32, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(5, activation="softmax"),
        ]
    )


def train(model, X, y, lr, epochs):
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.Adam(lr), loss, jit_compile=False)
    model.fit(X, y, batch_size=64, epochs=epochs, verbose=0)
    return model


def accuracy(model, X, y):
    return float(np.mean(np.asarray(model(X)).argmax(axis=1) == y))


keras.utils.set_random_seed(0)
base = train(conv_network(), old_X, old_y, lr=0.002, epochs=8)
base_accuracy = accuracy(base, old_dev_X, old_dev_y)
print(f"the base reads {base_accuracy:.0%} of the old task's dev pictures")

# %% [markdown]
# It has never seen a 5 or a 7. Show it one of each all the same, and look at what units of its first convolution make of them.

# %%
first_layer = keras.Sequential([keras.Input((8, 8, 1)), base.layers[0]])
seen = np.array([new_X[new_y == k][0] for k in (0, 2)])  # a five and a seven
maps = np.asarray(first_layer(seen))
strongest = np.argsort(maps.std(axis=(0, 1, 2)))[-7:]
plots.feature_maps(
    seen[..., 0],
    maps[..., strongest],
    "The first layer responds to strokes of digits that it never saw "
    "(yellow: strongly)",
)
alive = np.mean(maps.max(axis=(0, 1, 2)) > 0)
print(
    f"{alive:.0%} of the first layer's units respond to these two new digits"
)

# %% [markdown]
# ## A new head
#
# So keep all layers but the head, and put a new head on top. There is one trap. A Keras model does not own its layers: hand the
# base's layers to a second model, and both models train the same weights. To leave the base alone, make layers of the same
# kind with `clone_model`, and give them the base's weights:
#
# $$\theta_\text{new} = (\theta_1, \dots, \theta_{L-1}, \text{ a random head}), \qquad \theta_\text{base} \text{ stays.}$$
#
# **Your task.** Build the new model from the base. Leave the head out, and put a softmax layer for `n_classes` classes in its place.

# %% tags=["exercise"]
build_transfer_model

# %% [markdown]
# Does that protect the base? Train a model of yours on 200 pictures of the new task, all layers of it, and ask the base about
# old digits afterwards. Beside it, the same with shared layers (on a second copy of the base, since it will be spoilt).

# %%
keras.utils.set_random_seed(1)
before = base.get_weights()
train(
    build_transfer_model(base, 5),
    new_X[:200],
    new_y[:200],
    lr=0.002,
    epochs=15,
)
protected = [*map(np.array_equal, before, base.get_weights())]
after_clone = accuracy(base, old_dev_X, old_dev_y)

victim = keras.models.clone_model(base)
victim.set_weights(before)
new_head = keras.layers.Dense(5, activation="softmax")
shared = keras.Sequential(
    [keras.Input((8, 8, 1)), *victim.layers[:-1], new_head]
)
train(shared, new_X[:200], new_y[:200], lr=0.002, epochs=15)
after_sharing = accuracy(victim, old_dev_X, old_dev_y)
print(f"share right in the old task, before   {base_accuracy:.1f}")
print(f"... after training a clone            {after_clone:.1f}")
print(f"... after training its layers         {after_sharing:.1f}")

# %%
claim(
    "clone_model and set_weights protect the base, bit for bit",
    protected,
    equal=len(before),
)
claim(
    "training shared layers costs the base 5 points or more at its own task",
    base_accuracy - after_sharing,
    above=0.05,
    form=".0%",
)

# %% [markdown]
# ## Freeze
#
# The new head starts at random. Its first gradients say little about the layers below it, and with few labels there is
# little to correct the harm. So at first let the head alone learn. A layer whose flag `trainable` is `False` is **frozen**: the
# optimiser is not even told of its weights.
#
# $$\theta_l \leftarrow \theta_l - \alpha \, g_l \;\text{ for the head only}, \qquad \theta_l \leftarrow \theta_l \;\text{ for all the others}$$
#
# **Your task.** Freeze all layers of the model but the last, and make sure that the last is trainable.

# %% tags=["exercise"]
freeze

# %% [markdown]
# The next function is its counterpart: it makes the upper layers trainable again. Which ones? Layers near the input find
# edges, which every task can use; layers near the output are about the old classes. So unfreeze from above.
#
# **Your task.** Make the layers from index `from_layer` on trainable, and leave those before it as they are.

# %% tags=["exercise"]
unfreeze

# %% [markdown]
# ## How much is left to learn?
#
# The number of parameters that training may change says how much there is to be learned from your few labels. Kernels and biases
# count, of every layer that is not frozen.
#
# **Your task.** Count them. `model.trainable_weights` is the list of arrays that Keras hands to the optimiser.

# %% tags=["exercise"]
trainable_parameters


# %% [markdown]
# Now train for a few epochs with three settings of the flags, and look at how far the weights of each layer move.


# %%
def largest_changes(model, before):
    pairs = zip(
        before, [layer.get_weights() for layer in model.layers], strict=True
    )
    return [
        max(np.abs(new - old).max() for old, new in zip(*pair, strict=True))
        for pair in pairs
        if pair[0]
    ]


def weights_by_layer(model):
    return [layer.get_weights() for layer in model.layers]


settings = {
    "head alone": 3,
    "from the second convolution": 1,
    "all layers": 0,
}
moved = {}
for name, from_layer in settings.items():
    model = unfreeze(freeze(build_transfer_model(base, 5)), from_layer)
    before = weights_by_layer(model)
    train(model, new_X[:100], new_y[:100], lr=0.005, epochs=5)
    moved[name] = largest_changes(model, before)
    print(f"{name:<28} {trainable_parameters(model):5} parameters to learn")
plots.movements(
    moved,
    ["convolution 1", "convolution 2", "head"],
    "What is frozen does not move",
)

# %%
claim(
    "frozen layers do not move, bit for bit",
    max(moved["head alone"][:2]),
    at_most=0,
)
claim(
    "layers that are not frozen do",
    min(*moved["all layers"], moved["head alone"][2]),
    above=0,
    form=".2f",
)

# %% [markdown]
# ### The flag counts when you compile
#
# Keras builds the training step once, when you first fit after compiling. A flag that is set later changes nothing, and Keras
# does not say so. Here the head has been trained, then everything is unfrozen, and training goes on: at once, and after compiling again.

# %%
keras.utils.set_random_seed(2)
model = train(
    freeze(build_transfer_model(base, 5)),
    new_X[:100],
    new_y[:100],
    lr=0.005,
    epochs=1,
)
unfreeze(model, 0)
before = weights_by_layer(model)
model.fit(new_X[:100], new_y[:100], epochs=2, verbose=0)
at_once = largest_changes(model, before)
train(model, new_X[:100], new_y[:100], lr=0.005, epochs=2)
compiled = largest_changes(model, before)
print(
    f"first convolution, flag True, not compiled: moved by {at_once[0]:.2f}"
)
print(
    f"first convolution, flag True, compiled:     moved by {compiled[0]:.2f}"
)
claim(
    "an unfrozen layer stays frozen until the model is compiled again",
    at_once[0],
    at_most=0,
)
claim(
    "compiled again, the unfrozen layer moves",
    compiled[0],
    above=0,
    form=".2f",
)

# %% [markdown]
# ## Fine-tune
#
# The usual recipe has two **phases**: first the head alone; then some or all of the layers below it, at a lower learning
# rate, so that they are adjusted and not overrun. A phase is written `(from_layer, lr, epochs)`.
#
# **Your task.** Go through the phases. In each, set the flags, compile with a new optimiser, fit, and keep what `fit` returns.

# %% tags=["exercise"]
fine_tune

# %% [markdown]
# ## What is it worth?
#
# Now the question at the top. Three ways, with 50, 100, 200 and 400 labels:
#
# - **from scratch**: the same architecture, random weights, all layers trained;
# - **frozen**: the base's convolutions, a new head, the head alone trained;
# - **fine-tuned**: the frozen one, then all layers at a third of that rate. Both phases together are as long as the training from scratch.
#
# Each of 5 seeds has photographs, a base, labelled pictures and initial weights of its own. The noise and all settings
# were chosen on other seeds, the noise because it left a lead to be seen; these 5 had no say in it.
#
# That makes many short trainings, and Keras would spend most of the time on building the graph of a step after each `compile`. So the course gives you
# `quick(model, rng)`: the same layers, the same steps, but one graph for all models of a kind. Your `fine_tune` does not notice.

# %%
SIZES, SEEDS = (50, 100, 200, 400), range(100, 105)


def three_ways(seed, sizes, network=conv_network, photograph=photographed):
    """Dev accuracy of the three ways for each number of
    labels: (sizes, 3)."""
    rng = np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    old, _, (new_X, new_y) = two_tasks(rng, photograph)
    base = train(quick(network(), rng), *old, lr=0.002, epochs=8)
    head, order = len(base.layers) - 1, rng.permutation(len(new_y))
    dev = new_X[order[400:]], new_y[order[400:]]
    results = []
    for n in sizes:
        data = new_X[order[:n]], new_y[order[:n]]
        scratch, _ = fine_tune(quick(network(), rng), data, [(0, 0.003, 25)])
        model = quick(build_transfer_model(base, 5), rng)
        frozen = accuracy(
            fine_tune(model, data, [(head, 0.003, 20)])[0], *dev
        )
        tuned, _ = fine_tune(model, data, [(0, 0.001, 5)])
        results.append(
            [accuracy(scratch, *dev), frozen, accuracy(tuned, *dev)]
        )
    return results


runs = np.array([three_ways(seed, SIZES) for seed in SEEDS]).swapaxes(0, 1)
ways = ["from scratch", "frozen", "fine-tuned"]
plots.accuracy_by_labels(
    SIZES, {way: runs[..., i] for i, way in enumerate(ways)}
)
lead = 100 * (runs[..., 2] - runs[..., 0])  # (sizes, seeds)
for n, means, ahead in zip(SIZES, 100 * runs.mean(axis=1), lead, strict=True):
    print(
        f"{n:3} labels: from scratch {means[0]:.0f} %, "
        f"frozen {means[1]:.0f} %, "
        f"fine-tuned {means[2]:.0f} %: ahead by {ahead.mean():.0f} "
        "percentage points, "
        f"in {(ahead > 0).sum()} of 5 seeds"
    )

# %%
shrinking = lead.mean(axis=1)
print("guessing among five classes reads 20 %")
claim(
    "with 50 labels transfer wins by over 3 points, mean of 5 seeds",
    shrinking[0] / 100,
    above=0.03,
    form=".0%",
)
claim(
    "with 100 labels transfer wins by over 2 points",
    shrinking[1] / 100,
    above=0.02,
    form=".0%",
)
claim(
    "with 200 labels the lead is less than two thirds of that with 50",
    shrinking[2] / shrinking[0],
    below=2 / 3,
    form=".1f",
)
claim(
    "with 400 labels the lead is less than half of that with 50",
    shrinking[3] / shrinking[0],
    below=1 / 2,
    form=".1f",
)

# %% [markdown]
# Two hundred labels leave little of the lead, and with 400 the network from scratch has caught up. Read the figure sideways, too:
# pick an accuracy and see how many labels each way needs for it. That is what the base saves you. And look at frozen against
# fine-tuned: nearly the whole gain is there before any of the old layers has moved. Fine-tuning is a thing to try and to measure,
# not a thing that must help.
#
# ## Where it brings little
#
# Why photographs, and not the digits as they are? Because on clean digits there was little to show. Measure that as
# well: the same experiment, with 50 labels, and pictures that are neither moved nor noisy.


# %%
def as_it_is(images, rng):
    return images


clean = np.array(
    [three_ways(seed, (50,), photograph=as_it_is)[0] for seed in SEEDS]
)
clean_lead = 100 * (clean[:, 2] - clean[:, 0]).mean()
print(
    f"clean digits, 50 labels: from scratch {clean[:, 0].mean():.0%}, "
    f"fine-tuned {clean[:, 2].mean():.0%}: ahead by {clean_lead:.0f} "
    "percentage points"
)
claim(
    "on clean digits the lead with 50 labels is under two thirds of that "
    "on photographs",
    clean_lead / shrinking[0],
    below=2 / 3,
    form=".1f",
)

# %% [markdown]
# Upright, centred and clean, a digit is so easy that a network from scratch needs few labels. Transfer pays where your own
# labels leave much unlearned *and* the old task has taught it: here, what a stroke looks like under noise, wherever it is.
#
# ## Dense layers travel less well
#
# Was it luck that the base was convolutional? Take a base of two dense layers, train it on the old task in the same way, freeze
# them, and give it a new head. A dense unit has a weight for every pixel: what it finds is a whole shape in one place.


# %%
def dense_base_network():
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(5, activation="softmax"),
        ]
    )


keras.utils.set_random_seed(0)
dense_base = train(
    quick(dense_base_network()), old_X, old_y, lr=0.002, epochs=8
)
dense_accuracy = accuracy(dense_base, old_dev_X, old_dev_y)
print(
    f"old task: convolutions {base_accuracy:.0%}, "
    f"dense layers {dense_accuracy:.0%}"
)

# %%
dense = np.array(
    [three_ways(seed, (50,), dense_base_network)[0] for seed in SEEDS]
)
settings = {
    "convolutions": runs[0],
    "dense layers": dense,
    "convolutions,\nclean digits": clean,
}
plots.runs_compared(
    {
        name: {way: of[:, i] for i, way in enumerate(ways)}
        for name, of in settings.items()
    },
    "With 50 labels it depends on what is reused, and for what",
    "what the base is made of",
)
gains = {
    name: 100 * (of[:, 1] - of[:, 0]).mean() for name, of in settings.items()
}
for name in ("convolutions", "dense layers"):
    print(
        f"{name:<13} frozen against from scratch: "
        f"{gains[name]:+.0f} percentage points (mean of 5)"
    )
claim(
    "with 50 labels, reusing dense layers helps less than convolutions, by "
    "over 10 points",
    (gains["convolutions"] - gains["dense layers"]) / 100,
    above=0.1,
    form=".0%",
)
claim(
    "frozen dense layers do harm: over 5 points",
    gains["dense layers"] / 100,
    below=-0.05,
    form=".0%",
)

# %% [markdown]
# At the old task the dense base is only a little behind. Yet on the new task its frozen layers do worse than the same layers
# trained from random weights: they seem to have kept what tells 0 to 4 apart, and little else. This is one pair of small networks; Yosinski et al.
# (2014) measured in a large one, layer by layer, how features turn from general to specific on the way up.

# %% [markdown]
# ## The same in NumPy
#
# A frozen layer is a fixed function. So run the pictures through the base *once*, keep the **features**, and what is left is one
# softmax layer, which needs no Keras:
#
# $$\hat y = \text{softmax}(\phi(x)\, W + b), \qquad \phi \text{ fixed}$$
#
# Both start from the same head and take 30 steps of gradient descent on the same 100 pictures. Keras' kernel has our
# shape `(n_in, n_out)`, and its cross-entropy is a mean over the batch, as ours is; nothing has to be mapped.

# %%
keras.utils.set_random_seed(3)
model = freeze(build_transfer_model(base, 5))
body = keras.Sequential([keras.Input((8, 8, 1)), *model.layers[:-1]])
features = np.asarray(body(new_X[:100]), dtype=float)

head = dense_network([features.shape[1], 5], rng=0)
head.weights[0][:], head.biases[0][:] = model.layers[-1].get_weights()
for _ in range(30):
    head.loss_and_grad(features, new_y[:100])
    head.theta -= 0.05 * head.grad

model.compile(
    keras.optimizers.SGD(0.05),
    "sparse_categorical_crossentropy",
    jit_compile=False,
)
model.fit(new_X[:100], new_y[:100], batch_size=100, epochs=30, verbose=0)
apart = np.abs(model.layers[-1].get_weights()[0] - head.weights[0]).max()
print(f"{features.shape[1]} features for each picture")
print(f"largest difference of a weight below 0.0001: {apart < 1e-4}")
claim(
    "a head in NumPy on frozen features learns Keras' weights to 1e-4",
    apart,
    below=1e-4,
)

# %% [markdown]
# ## The real thing: ImageNet
#
# In practice the base is a large network that has learned from a million photographs. The function below fetches
# MobileNetV2, a network of that kind, and your own functions do the rest. It is downloaded only where you allow it, with
# `NNUTILS_DOWNLOAD=1` in the environment; otherwise a sentence says so, and the notebook goes on.


# %%
def photos(images, size=96):
    """Digits as the network expects photographs: size x size,
    three channels, -1 to 1."""
    large = keras.ops.image.resize(
        np.repeat(images, 3, axis=-1), (size, size)
    )
    return 2 * np.asarray(large) - 1


imagenet = imagenet_base(size=96)
if imagenet is not None:
    body = keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            imagenet,
            keras.layers.GlobalAveragePooling2D(),
        ]
    )
    # a head to be replaced
    body.add(keras.layers.Dense(5, activation="softmax"))
    some_X, some_y, dev = new_X[:50], new_y[:50], (new_X[400:], new_y[400:])
    model = build_transfer_model(body, 5)
    fine_tune(model, (photos(some_X), some_y), [(2, 0.003, 20)])
    print(
        "frozen MobileNetV2, 50 labels: dev "
        f"{accuracy(model, photos(dev[0]), dev[1]):.0%}"
    )

# %% [markdown]
# A base like this one contains batch normalization (lesson 15). Keras runs a frozen layer of that kind with its stored statistics,
# in training too. When you unfreeze from some layer on, it is common to leave those layers frozen, because the statistics of
# a few small batches are worse than those of a million photographs.

# %% [markdown]
# ## What is a label worth?
#
# Because frozen features are computed once, you can try hundreds of heads in no time. The explorer fits a linear head (by ridge
# regression) on the pixels themselves or on what a layer of your two bases gives, for 10 to 400 labels. Things to try:
#
# - Compare pixels with the second convolution. How many labels does it save you?
# - Compare the pixels with the dense layers of the other base. What do their features lack?
# - Take 10 labels and move the draw. How far can one lucky draw mislead you?

# %%
from nnutils.lessons.transfer_learning.explorer import labels_and_accuracy


def outputs(model, depth):
    body = keras.Sequential([keras.Input((8, 8, 1)), *model.layers[:depth]])
    return np.asarray(body(new_X)).reshape(len(new_X), -1)


labels_and_accuracy(
    {
        "pixels": new_X.reshape(len(new_X), -1),
        "first dense layer": outputs(dense_base, 2),
        "second dense layer": outputs(dense_base, 3),
        "first convolution": outputs(base, 1),
        "second convolution": outputs(base, 2),
    },
    new_y,
)

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
why_clone

# %% tags=["quiz"]
no_recompile

# %% tags=["quiz"]
frozen_or_tuned

# %% tags=["quiz"]
when_lead_shrinks

# %% [markdown]
# ## Papers to read
#
# - Yosinski, Clune, Bengio & Lipson (2014), *How transferable are features in deep neural networks?*, NeurIPS. Layer by layer,
#   what is general and what belongs to one task; the experiment of this lesson, done thoroughly.
# - Donahue et al. (2014), *DeCAF: a deep convolutional activation feature for generic visual recognition*, ICML. Frozen features
#   and a simple head beat what specialists had built by hand.
# - Kornblith, Shlens & Le (2019), *Do better ImageNet models transfer better?*, CVPR. Mostly yes, with the limits of it measured.
# - Raghu, Zhang, Kleinberg & Bengio (2019), *Transfusion: understanding transfer learning for medical imaging*, NeurIPS. A case
#   in which it brings little, and why.

# %% [markdown]
# ## What you can do now
#
# You can take over all but the head of a network, frozen first and fine-tuned after, and leave the original as it was. You have
# measured on photographed digits that this wins clearly with 50 labels and that the lead shrinks as labels are added; that on
# clean digits there is little to win; and that convolutions travelled where dense layers did harm. Next:
# [lesson 19](19_unsupervised_pretraining.ipynb), where not even the old labels are needed.
