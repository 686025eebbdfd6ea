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
# # Mini-batch gradient descent
#
# Before a step downhill you can look at all of your examples, or at a single one, or at something between. The more you look at,
# the better you know the direction, and the longer it takes. How many examples should one step look at?
#
# **Takes** about 75 minutes · **Before this** lessons 00 and 01
#
# **You will**
# - train one model in three ways: on all the data, on one example and on a mini-batch at each step,
# - measure how noisy a step is, what it costs, and how the two change with the batch size,
# - see why the noise does not go away by itself, and what makes it go.

# %%
import time

import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import digits
from nnutils.lessons.minibatch_gradient_descent import plots
from nnutils.lessons.minibatch_gradient_descent.explorer import batch_path
from nnutils.losses import softmax_cross_entropy
from nnutils.splits import shuffle_split

# %% [markdown]
# ## All the data at each step
#
# The model of this lesson is the smallest that can read digits: one layer and a softmax. It has a matrix of parameters θ,
# a cost, and the gradient of the cost. All ways of training below get these two functions and nothing else.

# %%
pixels, labels = digits()
# the column of ones is the bias
examples = np.column_stack([pixels, np.ones(len(pixels))])
(X, y), (X_dev, y_dev) = shuffle_split(
    examples, labels, (0.8, 0.2), np.random.default_rng(0)
)


def cost(theta, X, y):
    return softmax_cross_entropy(X @ theta, y)[0]


def grad(theta, X, y):
    return X.T @ softmax_cross_entropy(X @ theta, y)[1]


start = np.zeros((X.shape[1], 10))
print(
    f"{len(X)} digits to train on, {start.size} parameters, "
    f"cost {cost(start, X, y):.2f}"
)

# %% [markdown]
# *Batch* gradient descent looks at everything before each step. The cost is a mean over the examples, and so is its gradient:
#
# $$J(\theta) = \frac1m \sum_{i=1}^m \ell_i(\theta), \qquad \theta \leftarrow \theta - \alpha\, \nabla J(\theta)$$
#
# One pass over the data is called an *epoch*. Here an epoch is one step.
#
# **Your task.** Repeat `epochs` times: note the cost, then make a step. Return the last θ and the list of costs. Leave the
# θ that you are given as it is.

# %% tags=["exercise"]
batch_gd

# %%
theta, batch_costs = batch_gd(cost, grad, start, X, y, lr=1.0, epochs=100)
plots.costs(batch_costs, "With all the data, every step goes down", "step")
print(
    f"cost {batch_costs[0]:.2f} at the first step, "
    f"{batch_costs[-1]:.2f} at step 100"
)
print(
    "steps after which the cost was higher: "
    f"{np.sum(np.diff(batch_costs) > 0)}"
)
claim(
    "in batch mode the cost falls at every step",
    np.diff(batch_costs) < 0,
    equal=len(batch_costs) - 1,
)

# %% [markdown]
# If it does not fall in batch mode, the learning rate is too large or the gradient is wrong. No other way of training gives
# so clear a sign.
#
# ## One example at each step
#
# The other end: *stochastic* gradient descent, SGD. Take one example, compute its gradient alone, and make a step at once:
#
# $$\theta \leftarrow \theta - \alpha\, \nabla \ell_i(\theta), \qquad i \text{ in random order}$$
#
# A single example is a poor guide. But an epoch is now $m$ steps instead of one.
#
# **Your task.** In each epoch draw a new order of the examples and go through it. The functions want rows:
# `X[i : i + 1]` is example $i$ as a batch of one. Note the cost of just this example before its step.

# %% tags=["exercise"]
sgd

# %%
theta, sgd_costs = sgd(
    cost, grad, start, X, y, 0.05, 1, np.random.default_rng(0)
)
plots.costs(
    sgd_costs, "With one example, each step has a cost of its own", "step"
)
higher = np.mean(np.diff(sgd_costs) > 0)
print(f"after {higher:.0%} of the steps the cost was higher than before")
now = cost(theta, X, y)
print(f"cost of all the data after one epoch: {now:.2f}")
print(
    "epochs that batch mode needed for that, above: "
    f"{np.sum(np.array(batch_costs) > now)}"
)

# %% [markdown]
# The picture is a mess, and yet the last lines say that it works. Each cost is that of another example, an easy or a
# hard one. One pass over the data brought what took batch mode dozens of passes.
#
# ## Something between
#
# A *mini-batch* is a handful of examples, say 32. Shuffle the data, cut them into pieces of $B$ examples, and make a step on
# each piece:
#
# $$\theta \leftarrow \theta - \alpha\, \frac1B \sum_{i \in \text{batch}} \nabla \ell_i(\theta)$$
#
# $B = m$ is batch mode and $B = 1$ is SGD. Where $m$ is no multiple of $B$ the last mini-batch is smaller.
#
# **Your task.** Cut `X` and `y` into mini-batches in random order. Every example belongs to exactly one of them.

# %% tags=["exercise"]
minibatches

# %%
batches = minibatches(X, y, 32, np.random.default_rng(0))
first, last = len(batches[0][1]), len(batches[-1][1])
print(
    f"{len(batches)} mini-batches: the first of {first}, the last of {last}"
)
print(f"labels in the first one: {np.sort(batches[0][1])}")

# %% [markdown]
# Every mini-batch is a small sample of all classes. That is what the shuffling is for: the first piece of a sorted file would
# hold zeros only.
#
# **Your task.** How many steps do `epochs` passes make? Learning rate schedules and progress bars need this number, and it
# is easily wrong by one an epoch.

# %% tags=["exercise"]
num_steps

# %%
for B in (1, 32, 64, len(X)):
    print(f"B = {B:4d}: {num_steps(len(X), B, 10):6,d} steps in 10 epochs")

# %% [markdown]
# **Your task.** Now put the two together: gradient descent with a step on every mini-batch, and fresh mini-batches in
# every epoch.

# %% tags=["exercise"]
minibatch_gd

# %%
theta, mini_costs = minibatch_gd(
    cost, grad, start, X, y, 1.0, 10, 32, np.random.default_rng(0)
)
steps = num_steps(len(X), 32, 1)
plots.by_epoch(batch_costs[:11], mini_costs, steps)
epoch_means = np.reshape(mini_costs, (10, steps)).mean(axis=1)
print(
    f"the cost was higher after {np.mean(np.diff(mini_costs) > 0):.0%} of "
    "the steps"
)
print(
    "mean over each epoch:", " ".join(f"{mean:.2f}" for mean in epoch_means)
)

# %% [markdown]
# Both ways start at the same place with the same learning rate. Look at the thin line, the cost of each mini-batch: it goes up nearly as
# often as down. Its mean over an epoch, the circles, falls. To be sure that this is not luck, repeat it with five seeds.

# %%
runs = [
    minibatch_gd(
        cost, grad, start, X, y, 1.0, 10, 32, np.random.default_rng(seed)
    )[1]
    for seed in range(5)
]
rises = [np.mean(np.diff(costs) > 0) for costs in runs]
means = np.array(
    [np.reshape(costs, (10, steps)).mean(axis=1) for costs in runs]
)
print(
    "steps that went up, five seeds:",
    " ".join(f"{share:.0%}" for share in rises),
)
claim(
    "from one mini-batch to the next the cost rises in over a third of the "
    "steps",
    min(rises),
    above=1 / 3,
    form=".0%",
)
claim(
    "over the first six epochs its mean falls each time, for all five seeds",
    np.all(np.diff(means[:, :6]) < 0, axis=1),
    equal=5,
)

# %% [markdown]
# ## The path
#
# With two parameters you can watch the steps. Below is a line in two features, fitted to 200 noisy
# examples. Grey lines join points of equal cost, and the star is the minimum. A step is made by your
# `batch_gd`, on one mini-batch at a time.

# %%
rng = np.random.default_rng(1)
inputs = rng.normal(size=(200, 2)) * [1, 0.5]
targets = inputs @ [1.0, -0.5] + rng.normal(0, 0.7, size=200)
minimum = np.linalg.lstsq(inputs, targets, rcond=None)[0]
corner = minimum + np.array([-1.5, 1.5])  # where all runs start


def line_cost(theta, X, y):
    return np.mean((X @ theta - y) ** 2) / 2


def line_grad(theta, X, y):
    return X.T @ (X @ theta - y) / len(X)


def path(batch_size, steps, lr=0.2):
    """Where each step leads, as long as there are steps left."""
    rng, points = np.random.default_rng(3), [corner]
    while len(points) <= steps:
        for Xb, yb in minibatches(inputs, targets, batch_size, rng):
            points.append(
                batch_gd(line_cost, line_grad, points[-1], Xb, yb, lr, 1)[0]
            )
    return np.array(points[: steps + 1])


walks = {f"100 steps with B = {B}": path(B, 100) for B in (200, 16, 1)}
plots.paths(lambda theta: line_cost(theta, inputs, targets), minimum, walks)
for (name, walk), B in zip(walks.items(), (200, 16, 1), strict=True):
    length = np.linalg.norm(np.diff(walk, axis=0), axis=1).sum()
    away = np.linalg.norm(walk[-30:] - minimum, axis=1).mean()
    print(f"{name:<23} saw {100 * B:6,d} examples, path {length:4.1f} long")
    print(f"{'':<23} in its last 30 steps it is {away:.2f} from the minimum")

# %% [markdown]
# All three get near the minimum in as many steps. The first path is smooth and calm. The last is rough and goes on
# wandering around, but look at how few examples it has seen.
#
# ## How noisy is a step?
#
# Take one θ, and many mini-batches. Each gives a gradient $g$, and they scatter around their mean $\bar g$. The noise
# is the typical distance:
#
# $$\text{noise} = \sqrt{\frac1S \sum_{s=1}^{S} \lVert g_s - \bar g \rVert^2}$$
#
# A mean of $B$ independent numbers has a variance $B$ times smaller, so the noise should fall as $1/\sqrt B$.
#
# **Your task.** The gradients are the rows of `grads`. Return the noise as one number.

# %% tags=["exercise"]
gradient_noise


# %%
def gradients(theta, batch_size, at_least=300):
    """The gradients of mini-batches of this size at one theta, one a row."""
    rng, rows = np.random.default_rng(1), []
    while len(rows) < at_least:
        for Xb, yb in minibatches(X, y, batch_size, rng):
            if len(yb) == batch_size:
                rows.append(grad(theta, Xb, yb).ravel())
    return np.array(rows)


sizes = [1, 2, 4, 8, 16, 32, 64, 128]
noises = {
    name: np.array([gradient_noise(gradients(where, B)) for B in sizes])
    for name, where in (("at the start", start), ("after training", theta))
}
plots.noise(sizes, noises)
slopes = {
    name: np.polyfit(np.log(sizes), np.log(n), 1)[0]
    for name, n in noises.items()
}
for name, n in noises.items():
    print(
        f"{name:<14} B = 1: {n[0]:.2f}, B = 32: {n[5]:.2f}, "
        f"slope {slopes[name]:.2f}"
    )
claim(
    "gradient noise falls as one over the root of the batch size",
    max(abs(slope + 0.5) for slope in slopes.values()),
    below=0.05,
    form=".2f",
)

# %% [markdown]
# This is a law of diminishing returns: for half the noise you pay with four times the examples. It is why the best batch is
# seldom the largest.
#
# ## What does a step cost?
#
# If a step on 64 examples took 64 times as long as a step on one, the smallest batch would win. It does not: a processor works
# on many numbers at once, and Python's own work is paid once a step. Measure how many examples a second
# your machine handles. (These times are your machine's, and differ from run to run.)


# %% tags=["nbval-ignore-output"]
def examples_per_second(batch_size, seconds=0.05):
    """How many examples go through grad in a second of work,
    in batches of this size."""
    batches = minibatches(X, y, batch_size, np.random.default_rng(0))[:50]
    seen, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        for Xb, yb in batches:
            grad(start, Xb, yb)
            seen += len(yb)
    return seen / (time.process_time() - began)


speed_sizes = [1, 4, 16, 64, 256, 1024]
rates = [examples_per_second(B) for B in speed_sizes]
plots.speed(speed_sizes, rates)
for B, rate in zip(speed_sizes, rates, strict=True):
    print(f"B = {B:4d}: {rate:12,.0f} examples a second")
claim(
    "batches of 64 handle more than 5 times as many examples a second as "
    "single ones",
    rates[3] / rates[0],
    above=5,
    form=".1f",
)
claim(
    "and batches of 1024 about as many as batches of 64, or more",
    rates[5] / rates[3],
    above=0.8,
    form=".1f",
)

# %% [markdown]
# $B = 1$ throws the speed of *vectorised* computing away. Along the dashed line more examples cost next to nothing;
# where the curve bends, the machine is busy, and a larger batch only takes longer.
#
# ## How many passes?
#
# Small batches make poor use of the machine, large ones make few steps. So count first: how many passes over the data does it take to
# bring the cost of all training digits below 0.3? Each batch size gets the learning rate that was best among the few that were tried.


# %%
def passes(batch_size, lr, seed, goal=0.3):
    """Epochs until the cost of all the data is below the goal."""
    rng, theta = np.random.default_rng(seed), start
    for epoch in range(1, 1000):
        theta, _ = minibatch_gd(
            cost, grad, theta, X, y, lr, 1, batch_size, rng
        )
        if cost(theta, X, y) < goal:
            return epoch


tried = {1: 0.1, 32: 3.0, len(X): 6.0}
needed = {
    B: [passes(B, lr, seed) for seed in range(5)] for B, lr in tried.items()
}
for B, epochs in needed.items():
    per_pass = num_steps(len(X), B, 1)
    print(
        f"B = {B:4d}: {np.mean(epochs):4.1f} passes of {per_pass:4d} "
        "steps, five seeds"
    )
claim(
    "to the same cost, B = 32 needs less than a fifth of the passes of "
    "batch mode",
    max(needed[32]) / min(needed[len(X)]),
    below=1 / 5,
    form=".2f",
)

# %% [markdown]
# Now bring both sides together: passes, times the examples of a pass, over the examples that your machine handles in a second.

# %% tags=["nbval-ignore-output"]
work = {}
for B, epochs in needed.items():
    work[B] = np.mean(epochs) * len(X) / examples_per_second(B)
    print(
        f"B = {B:4d}: {1000 * work[B]:5.1f} ms of work until the "
        "cost is below 0.3"
    )
claim(
    "the middle gets there with less than half the work of B = 1",
    work[32] / work[1],
    below=1 / 2,
    form=".1f",
)

# %% [markdown]
# Look which of the three is the cheapest on your machine: usually the middle, which wastes neither the machine nor the examples. On a
# million examples this decides the matter. On a small set it does not: below about 2 000 examples a whole pass is a blink, and batch
# mode is fine. See how far it gets here, on five splits of the data.

# %%
accuracy, longest = {"batch mode": [], "mini-batches": []}, 0.0
for seed in range(5):
    train, dev = shuffle_split(
        examples, labels, (0.8, 0.2), np.random.default_rng(seed)
    )
    began = time.process_time()
    whole, _ = batch_gd(cost, grad, start, *train, 3.0, 200)
    longest = max(longest, time.process_time() - began)
    parts, _ = minibatch_gd(
        cost, grad, start, *train, 1.0, 10, 32, np.random.default_rng(seed)
    )
    for name, theta in (("batch mode", whole), ("mini-batches", parts)):
        accuracy[name].append(
            np.mean((dev[0] @ theta).argmax(axis=1) == dev[1])
        )
for name, values in accuracy.items():
    print(
        f"{name:<13} {100 * np.mean(values):.1f} % of the dev set "
        "right, five splits"
    )
gap = np.mean(accuracy["mini-batches"]) - np.mean(accuracy["batch mode"])
claim(
    "on so few examples batch mode is as good, or within 1 % of it",
    gap,
    below=0.01,
    form=".1%",
)

# %% tags=["nbval-ignore-output"]
claim(
    "and its 200 passes take less than 2 seconds of work",
    longest,
    below=2,
    form=".1f",
)

# %% [markdown]
# ## It keeps wandering
#
# Batch mode stops by itself: at the minimum the gradient is zero. SGD does not, because the gradient of a single example is not
# zero there. With a constant learning rate it hovers at a distance, for ever. Two things make it settle: a smaller rate,
# and better still one that falls as the epochs pass.


# %%
def distances(rate, seed, epochs=60):
    """How far SGD is from the minimum after each epoch,
    at the rate rate(epoch)."""
    rng, theta, away = np.random.default_rng(seed), corner, []
    for epoch in range(epochs):
        theta, _ = sgd(
            line_cost, line_grad, theta, inputs, targets, rate(epoch), 1, rng
        )
        away.append(np.linalg.norm(theta - minimum))
    return away


plans = {
    "lr = 0.1": lambda epoch: 0.1,
    "lr = 0.02": lambda epoch: 0.02,
    "lr = 0.1 / (1 + epoch)": lambda epoch: 0.1 / (1 + epoch),
}
away = {
    name: np.array([distances(rate, seed) for seed in range(5)])
    for name, rate in plans.items()
}
plots.wandering({name: values.mean(axis=0) for name, values in away.items()})
ends = {name: values[:, -20:].mean() for name, values in away.items()}
for name, end in ends.items():
    print(
        f"{name:<22} last 20 epochs: {end:.3f} from the minimum, "
        "mean of five seeds"
    )

# %%
hover = away["lr = 0.1"]
claim(
    "at a constant rate the last 20 epochs are as far as the 20 before, or "
    "within 25 %",
    hover[:, 40:].mean() / hover[:, 20:40].mean(),
    above=0.75,
    form=".2f",
)
claim(
    "a smaller rate hovers closer, to less than half the distance",
    ends["lr = 0.1"] / ends["lr = 0.02"],
    above=2,
    form=".1f",
)
claim(
    "a falling rate comes closer still, by as much again",
    ends["lr = 0.02"] / ends["lr = 0.1 / (1 + epoch)"],
    above=2,
    form=".1f",
)

# %% [markdown]
# How a learning rate should fall is the subject of lesson 14.
#
# ## Choosing, and learning on
#
# - **Up to about 2 000 examples:** batch mode.
# - **Otherwise** a mini-batch of 32 to 512. People take powers of two, a habit that comes from the sizes of memory and processors. Whether
#   it helps on your machine is a thing to measure, and you have the function for it above.
# - **It must fit into memory.** The backward pass needs what the forward pass computed, for every example of the batch.

# %%
# what one example leaves behind in a network of these widths
units = 784 + 512 + 256 + 10
for B in (32, 512, 60_000):
    print(
        f"B = {B:6,d}: {B * units * 8 / 1e6:6.1f} MB of "
        "activations in float64"
    )

# %% [markdown]
# There is one more use for single examples. Where data arrive one by one and the world changes, a model can go on learning
# from each of them, and forget it. This is *online learning*. In the stream below the truth changes half way. One model was fitted
# to the first half and then left alone; the other makes one SGD step for every new example.

# %%
rng = np.random.default_rng(5)
stream = rng.normal(size=(800, 2))
truth = np.where(np.arange(800)[:, None] < 400, [1.0, -0.5], [-1.0, 0.5])
answers = np.sum(stream * truth, axis=1) + rng.normal(0, 0.3, size=800)
fixed = np.linalg.lstsq(stream[:400], answers[:400], rcond=None)[0]
theta, online = np.zeros(2), []
for i in range(800):
    one = stream[i : i + 1], answers[i : i + 1]
    # asked first, then told
    online.append(np.sum((one[0] @ theta - one[1]) ** 2))
    theta, _ = sgd(line_cost, line_grad, theta, *one, 0.05, 1, rng)
alone, online = (stream @ fixed - answers) ** 2, np.array(online)
plots.stream({"fitted once": alone, "online, SGD": online}, change=400)
for name, errors in (("fitted once", alone), ("online", online)):
    before, after = errors[200:400].mean(), errors[600:].mean()
    print(
        f"{name:<12} error {before:.2f} before the change, "
        f"{after:.2f} long after"
    )
claim(
    "after the change the model that learns on is far better",
    alone[600:].mean() / online[600:].mean(),
    above=5,
    form=".0f",
)

# %% [markdown]
# ## Explore
#
# A bowl of the same kind, with all the controls. The line is one run, and the dots are the ends of 30 runs.
#
# **Try** a batch size of 1, 8 and 128 at the same learning rate. Then take $B = 1$ and let the rate fall.
# **Notice** that the cloud of ends shrinks as the batch grows or the rate falls; and that with $B = 128$, which is all the data,
# there is no cloud, and after a few epochs no arrival, either.

# %%
batch_path()

# %% [markdown]
# ## The same in Keras
#
# In Keras the batch size is an argument of `fit`, 32 if you say nothing, and the last batch of an epoch is smaller, as here. It shuffles
# unless told not to. So without shuffling it should go through the very steps of your function. Its name
# for an update is *iteration*, and its cost of a batch is the mean over the batch, as ours.

# %%
import keras

model = keras.Sequential(
    [
        keras.Input((X.shape[1],)),
        keras.layers.Dense(10, use_bias=False, kernel_initializer="zeros"),
    ]
)
model.compile(
    keras.optimizers.SGD(learning_rate=0.5),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
model.fit(X, y, batch_size=32, epochs=1, shuffle=False, verbose=0)

ours = {"all batches": start, "without the last": start}
for at in range(0, len(X), 32):
    Xb, yb = X[at : at + 32], y[at : at + 32]
    ours["all batches"], _ = batch_gd(
        cost, grad, ours["all batches"], Xb, yb, 0.5, 1
    )
    if len(yb) == 32:
        ours["without the last"] = ours["all batches"]
print(
    f"steps: Keras {int(model.optimizer.iterations)}, "
    f"ours {num_steps(len(X), 32, 1)}"
)
print(f"last batch: {len(yb)} examples")
theirs = np.asarray(model.get_weights()[0])
differences = {
    name: np.abs(theirs - theta).max() for name, theta in ours.items()
}
for name, difference in differences.items():
    print(f"{name:<17} largest difference of a weight: {difference:.4f}")

# %%
claim(
    "Keras makes as many steps in an epoch",
    int(model.optimizer.iterations),
    equal=num_steps(len(X), 32, 1),
)
claim(
    "after an epoch its weights are ours to 1e-5, if the last, smaller "
    "batch counts",
    differences["all batches"],
    below=1e-5,
)
claim(
    "without the smaller batch the weights are others",
    differences["without the last"],
    above=1e-3,
    form=".3f",
)

# %% [markdown]
# PyTorch leaves the batches to a `DataLoader`: there `shuffle` is off unless you ask for it, and `drop_last=True` leaves the
# smaller batch out.
#
# ## Quiz

# %% tags=["quiz"]
cost_went_up

# %% tags=["quiz"]
four_times_the_batch

# %% tags=["quiz"]
still_moving

# %% tags=["quiz"]
which_mode

# %% tags=["quiz"]
how_large

# %% [markdown]
# ## Papers to read
#
# - H. Robbins and S. Monro (1951), *A stochastic approximation method*, Annals of Mathematical Statistics 22(3). Where it began, with the
#   conditions on a falling learning rate under which noisy steps settle.
# - L. Bottou, F. E. Curtis and J. Nocedal (2018), *Optimization methods for large-scale machine learning*, SIAM Review 60(2). The theory of
#   this lesson, well told: why SGD is a good deal, and how noise is brought down.
# - D. Masters and C. Luschi (2018), *Revisiting small batch training for deep neural networks*, arXiv:1804.07612. Batches of 2 to 32, tried
#   on many networks.
# - S. McCandlish, J. Kaplan and D. Amodei (2018), *An empirical model of large-batch training*, arXiv:1812.06162. The noise of the gradient,
#   measured as you did, tells how large a batch still pays.
#
# ## What you can do now
#
# You can train a model on all data, on one example and on mini-batches, and say what each costs. A step should look at as many examples as the machine
# handles at nearly the price of one: fewer waste its speed, more buy little, because the noise falls with the root only.
# What noise is left, a falling learning rate takes away.
#
# Next: [lesson 11](11_exponentially_weighted_averages.ipynb) follows what is moving under such noise, with a single number.
