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
# Before a step downhill you can look at all of your examples, at a single one, or at something between. The more you look at, the better you
# know the direction, and the longer it takes. How many examples should one step look at? One number answers this, and you can measure it.
#
# **Takes** about 90 minutes · **Before this** lessons 00, 01 and 06
#
# **You will**
# - train one model with any batch size, from one example to all of them,
# - derive the batch size up to which more examples buy fewer steps, predict it and measure it,
# - adapt the learning rate to the batch size, and make large batches out of small ones,
# - see when the noise of the steps dies out by itself, and what it has to do with local minima.

# %%
import time

import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.data import digits
from nnutils.lessons.minibatch_gradient_descent import plots
from nnutils.lessons.minibatch_gradient_descent.explorer import batch_path
from nnutils.lessons.minibatch_gradient_descent.given import (
    Digits,
    Wells,
    descend_on_the_clock,
    ends,
    steps_to_goal,
    stream_costs,
    tuned_rate,
)
from nnutils.losses import softmax_cross_entropy
from nnutils.network import dense_network
from nnutils.optimizers import SGD, Adam
from nnutils.splits import shuffle_split

# %% [markdown]
# ## One pass, many steps
#
# The model of this lesson is the smallest that can read digits: one layer and a softmax. It has a matrix of parameters θ, a cost, and the
# gradient of the cost. The pixels are centred, as in lesson 06.


# %%
def training_set(seed, centred=True):
    """Four fifths of the digits. The last column, of ones, is the bias."""
    parts = shuffle_split(*digits(), (0.8, 0.2), np.random.default_rng(seed))
    pixels, labels = parts[0]
    if centred:
        pixels = pixels - pixels.mean(axis=0)
    ones = np.ones(len(pixels))
    return np.column_stack([pixels / pixels.std(), ones]), labels


X, y = training_set(0)
m = len(X)


def cost(theta, X, y):
    return softmax_cross_entropy(X @ theta, y)[0]


def grad(theta, X, y):
    return X.T @ softmax_cross_entropy(X @ theta, y)[1]


start = np.zeros((X.shape[1], 10))
print(f"{m} digits to train on, {start.size} parameters")
print(f"cost at the start {cost(start, X, y):.2f}")

# %% [markdown]
# The cost is a mean over the $m$ examples, and so is its gradient. A **mini-batch** is a small set of $B$ examples, and its gradient is an estimate of
# the true one:
#
# $$J(\theta) = \frac1m \sum_{i=1}^m \ell_i(\theta), \qquad\qquad \theta \leftarrow \theta - \alpha\, \frac1B \sum_{i \in \text{batch}} \nabla \ell_i(\theta)$$
#
# Shuffle the data, cut them into mini-batches, and make a step on each. One pass over the data is called an **epoch**. Where $m$ is no
# multiple of $B$, the last mini-batch of an epoch is smaller.
#
# **Your task.** Cut `X` and `y` into mini-batches in random order. Every example belongs to exactly one of them.

# %% tags=["exercise"]
minibatches

# %% [markdown]
# **Your task.** Gradient descent with a step on every mini-batch, and fresh mini-batches in every epoch.

# %% tags=["exercise"]
minibatch_gd


# %% [markdown]
# Two batch sizes have names of their own. With all examples, $B = m$, it is **batch** gradient descent: an epoch is one step. With one
# example, $B = 1$, it is **stochastic** gradient descent, SGD. (Today people say SGD for any $B$.)


# %%
def batch_gd(cost, grad, theta, X, y, lr, epochs):
    """All examples at every step; their order does not matter."""
    rng = np.random.default_rng(0)
    return minibatch_gd(cost, grad, theta, X, y, lr, epochs, len(X), rng)


def sgd(cost, grad, theta, X, y, lr, epochs, rng):
    """One example at every step."""
    return minibatch_gd(cost, grad, theta, X, y, lr, epochs, 1, rng)


whole = batch_gd(cost, grad, start, X, y, 0.2, 100)[1]
runs = [
    minibatch_gd(
        cost, grad, start, X, y, 0.2, 6, 32, np.random.default_rng(seed)
    )[1]
    for seed in range(5)
]
steps = len(runs[0]) // 6
plots.by_epoch(whole[:7], runs[0], steps)

# %%
claim(
    "in batch mode the cost falls at every step",
    np.diff(whole) < 0,
    equal=len(whole) - 1,
)
claim(
    "from one mini-batch to the next the cost rises in over a third of the "
    "steps",
    min(np.mean(np.diff(costs) > 0) for costs in runs),
    above=1 / 3,
    form=".0%",
)
means = np.array([np.reshape(c, (6, steps)).mean(axis=1) for c in runs])
claim(
    "over the first three epochs its mean falls each time, for all 5 seeds",
    np.all(np.diff(means[:, :3]) < 0, axis=1),
    equal=5,
)

# %% [markdown]
# Both begin at the same place with the same learning rate. In batch mode the cost must fall at each step: if it does not,
# the learning rate is too large or the gradient is wrong. The cost of mini-batches goes up and down, because each batch has other examples, easy or hard ones.
# Look at its mean over an epoch.
#
# That mean is easily computed wrongly. **Repair** the loop below. It trains a linear model and keeps a log. It runs, its costs
# fall, and several things in it are wrong.

# %% tags=["exercise"]
train_epochs

# %% [markdown]
# ## How noisy is a step?
#
# Take one θ, and the gradients of many mini-batches. They scatter around their mean $\bar g$. The **noise** is their typical distance from it:
#
# $$\text{noise} = \sqrt{\frac1S \sum_{s=1}^{S} \lVert g_s - \bar g \rVert^2}$$
#
# A mean of $B$ independent numbers has a variance $B$ times smaller, so the noise should fall as $1/\sqrt B$. (In a batch no example comes twice. That
# makes the noise smaller by another factor, $\sqrt{(m - B)/(m - 1)}$. It matters for large $B$ only; at $B = m$ there is no noise.)
#
# **Your task.** The gradients are the rows of `grads`. Return the noise as one number.

# %% tags=["exercise"]
gradient_noise


# %%
def gradients(theta, batch_size, X=X, y=y):
    """Gradients of over 300 mini-batches at one theta, one a row."""
    rng, rows = np.random.default_rng(1), []
    while len(rows) < 300:
        for Xb, yb in minibatches(X, y, batch_size, rng):
            if len(yb) == batch_size:
                rows.append(grad(theta, Xb, yb).ravel())
    return np.array(rows)


def until(goal, X=X, y=y):
    """The theta at which batch mode first has a cost below the goal."""
    theta = start
    while cost(theta, X, y) > goal:
        theta = batch_gd(cost, grad, theta, X, y, 0.1, 1)[0]
    return theta


GOAL = 0.1
trained = until(GOAL)
noise_sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256]
noises = {
    name: np.array([gradient_noise(gradients(at, B)) for B in noise_sizes])
    for name, at in (("at the start", start), ("after training", trained))
}
plots.noise(noise_sizes, noises, m)
left = np.sqrt((m - np.array(noise_sizes)) / (m - 1))
law = left / np.sqrt(noise_sizes)
claim(
    "gradient noise follows the law: the largest deviation",
    max(np.abs(n / n[0] / law - 1).max() for n in noises.values()),
    below=0.1,
    form=".0%",
)

# %% [markdown]
# For half the noise you need four times as many examples. Whether that is worth it depends on how large the noise is, compared with
# the gradient itself.
#
# ## How large a batch still pays?
#
# Think of the two extremes. If a step is nearly all noise, one step on two examples is worth two steps on one: with twice the batch you can step twice as far, and need half the
# steps. If a step has hardly any noise, more examples tell you what you know already, and you need as many steps as before. Somewhere between lies
# the batch size at which noise and signal are equal. It is called the **noise scale** (McCandlish et al., 2018).
#
# **Your task.** You have the gradients of mini-batches of *one* size. Find the batch size at which the *squared* noise equals the squared length of
# the mean gradient. Use that the noise falls as $1/\sqrt B$. No formula is given.

# %% tags=["exercise"]
noise_scale

# %%
half_way = np.sqrt(cost(start, X, y) * GOAL)
scales = {}
for name, goal in (
    ("at the start", np.inf),
    ("half way", half_way),
    ("at the goal", GOAL),
):
    theta = until(goal)
    scales[name] = noise_scale(gradients(theta, 16), 16)
    print(
        f"{name:<13} cost {cost(theta, X, y):4.2f}: noise scale "
        f"{scales[name]:,.0f}"
    )
scale = scales["half way"]
claim(
    "from the start to the goal the noise scale grows over 20 times",
    scales["at the goal"] / scales["at the start"],
    above=20,
    form=".0f",
)

# %% [markdown]
# It grows because the gradient shrinks faster than its noise: large batches help more late in training than early. For the whole way to the goal, a
# cost of 0.1, we take the scale half way, where the cost is as many times below the start as it is above the goal.
#
# Now the experiment. Count the steps to the goal for eight batch sizes. Each gets its own learning rate, chosen on three other splits: it is doubled
# and halved until both neighbours are worse. A rate at which the cost first grows to three times its start is not allowed (`inf`; so is
# one that takes over twice the steps of the best). Four splits are reported.

# %% tags=["predict"]
critical_batch


# %%
def several(seeds, centred=True):
    sets = [training_set(seed, centred) for seed in seeds]
    one_hot = [np.eye(10)[labels] for _, labels in sets]
    inputs = np.stack([inputs for inputs, _ in sets])
    return Digits(inputs, np.stack(one_hot))


def tuned(sets, batch_size, goal, lr):
    """The best rate on these sets, and the steps with each one tried."""

    def steps(lr, most):
        optimizer = SGD(lr)
        found = steps_to_goal(sets, optimizer, batch_size, goal, most, seed=1)
        return found.mean()

    return tuned_rate(steps, lr)


others, reported = several((10, 11, 12)), several((0, 1, 2, 3))
sizes = [1, 4, 16, 64, 128, 256, 512, m]
rate, needed, lr = {}, {}, 4.0
for B in reversed(sizes):
    lr, tried = tuned(others, B, GOAL, lr)
    rate[B] = lr
    needed[B] = steps_to_goal(reported, SGD(lr), B, GOAL, 9000, seed=0)
    told = [f"{tried[r]:.0f} at {r:g}" for r in (lr / 2, lr, 2 * lr)]
    print(f"B = {B:4d}, steps at three rates: {', '.join(told)}")

# %%
table = np.array([needed[B] for B in sizes])
mean_steps = table.mean(axis=1)
critical = np.exp(
    np.interp(-np.log(2 * mean_steps[-1]), -np.log(mean_steps), np.log(sizes))
)
guess = measured("critical_batch", round(critical))
plots.critical(sizes, table, [rate[B] for B in sizes], scale, guess)
claim(
    "the critical batch size, over the noise scale half way",
    critical / scale,
    between=(0.4, 2.5),
)
claim(
    "from B = 1 to 16 the steps fall about as much as the batch grows",
    mean_steps[0] / mean_steps[2],
    between=(10, 25),
    form=".0f",
)
claim(
    "from B = 512 to all the data they fall by less than a third",
    mean_steps[-1] / mean_steps[-2],
    above=2 / 3,
    form=".2f",
)
claim(
    "from B = 1 to 16 the best rate grows about as much, not by its root",
    rate[16] / rate[1],
    between=(7, 40),
    form=".0f",
)

# %% [markdown]
# The dashed curves are drawn from *your* number $\mathcal B$, the noise scale half way, and from the run with all the data, $S$ steps at rate $\alpha$:
#
# $$\text{steps} \approx S\,\Bigl(1 + \frac{\mathcal B}{B}\Bigr) \qquad\qquad \text{best rate} \approx \frac{\alpha}{1 + \mathcal B / B}$$
#
# Far below $\mathcal B$ is the region of **perfect scaling**: twice the batch, half the steps. Far above it are **diminishing returns**. Between them lies the
# **critical batch size**. Take the number as an order of magnitude. It is right for a cost whose valley is about round. The same digits
# without centring have a long valley (lesson 06), and there it is wrong. (The goal is a cost of 0.3 here, for both: the long valley takes many steps.)


# %%
goal, over_critical = 0.3, {}
for centred in (True, False):
    sets, lr, few = several((10, 11, 12), centred), 2.0, {}
    for B in (m, 16):
        lr, tried = tuned(sets, B, goal, lr)
        few[B] = tried[lr]
    critical = 16 * (few[16] / few[m] - 1)  # from the formula above
    R, labels = training_set(0, centred)
    theta = until(np.sqrt(cost(start, R, labels) * goal), R, labels)
    noise = noise_scale(gradients(theta, 16, R, labels), 16)
    over_critical[centred] = noise / critical
    name = "centred" if centred else "not centred"
    print(
        f"{name:<12} noise scale {noise:3.0f}, critical batch {critical:3.0f}"
    )
claim(
    "without centring the noise scale is over twice the critical batch",
    over_critical[False],
    above=2,
    form=".1f",
)

# %% [markdown]
# ## The rate follows the batch
#
# The right picture shows a rule. Far below the critical batch the best rate is proportional to $B$. This is **linear scaling** (Goyal et al., 2017): $k$ steps
# on $B$ examples each, at nearly the same θ, do what one step on $kB$ examples does at $k$ times the rate. For Adam (lesson 12) another rule is used, $\sqrt k$ times the
# rate, **root scaling**. Adam divides the gradient by its usual size. Where the gradient is mostly noise,
# this size is $\sqrt k$ times smaller for $kB$ examples, so Adam's steps already reach $\sqrt k$ times as far. Another factor $\sqrt k$ in the rate makes it $k$.
#
# We test both rules with both optimisers, on a stream of new examples of a linear model with noisy targets. From $B = 4$ we go to 64 with the same
# rate, with 4 times the rate (root) and with 16 times the rate (linear). Which one keeps the curve, *per example*?

# %%
examples = [64 * k for k in range(1, 385)]
ways = {
    "B = 4": (4, 1),
    "B = 64, same rate": (64, 1),
    "B = 64, root": (64, 4),
    "B = 64, linear": (64, 16),
}
scaled = {
    kind.__name__: {
        way: stream_costs(kind(lr * factor), B, examples, seed=0)
        for way, (B, factor) in ways.items()
    }
    for kind, lr in ((SGD, 0.01), (Adam, 0.004))
}
plots.rules(examples, scaled)
level = {
    (kind, way): costs[192:].mean() / of["B = 4"][192:].mean()
    for kind, of in scaled.items()
    for way, costs in of.items()
}
claim(
    "SGD with linear scaling ends at the level of B = 4",
    level["SGD", "B = 64, linear"],
    between=(0.75, 1.33),
    form=".2f",
)
claim(
    "and with root scaling at less than half of it, but later",
    level["SGD", "B = 64, root"],
    below=0.5,
    form=".2f",
)
claim(
    "Adam with root scaling ends near the level of B = 4",
    level["Adam", "B = 64, root"],
    between=(0.5, 1.5),
    form=".2f",
)
claim(
    "and with linear scaling at over twice that level",
    level["Adam", "B = 64, linear"],
    above=2,
    form=".2f",
)

# %% [markdown]
# For SGD linear scaling keeps the whole curve. For Adam root scaling keeps the level at the end, where the gradient is mostly noise; on the way
# down it is slower. Linear scaling holds up to about the critical batch: in the figure before, SGD's best rate hardly grows for larger batches.
#
# ## What a step costs
#
# So far we counted steps. A processor works on many numbers at once, and Python does its own work once for each step, however large the batch is. So a step on 64 examples does not take 64 times as
# long as a step on one, and $B = 1$ throws the speed of *vectorised* computing away. Here are the same runs against the examples that they see,
# and against the time that they take. (The times are your machine's, and differ from run to run.)


# %% tags=["nbval-ignore-output"]
def microseconds(batch_size, rounds=5):
    """Time of a gradient per example: the least of some rounds."""
    Xb, yb, times = X[:batch_size], y[:batch_size], []
    for _ in range(rounds):
        began = time.process_time()
        for _ in range(50):
            grad(start, Xb, yb)
        times.append(time.process_time() - began)
    return 1e6 * min(times) / 50 / batch_size


clock = {
    B: descend_on_the_clock(
        cost, grad, start, X, y, rate[B], B, GOAL, np.random.default_rng(0)
    )
    for B in (1, 16, 128, m)
}
plots.race(clock, GOAL)
seconds = {B: run[1][-1] for B, run in clock.items()}
for B, took in seconds.items():
    print(f"B = {B:4d}: {1000 * took:6.1f} ms of work to the goal")
print(f"B = 1 takes {seconds[1] / seconds[128]:.0f} times as long as B = 128")
price = {B: microseconds(B) for B in (60, 64, 70, 250, 256, 260)}
for B, spent in price.items():
    print(f"B = {B:3d}: {spent:.2f} microseconds an example")

# %%
claim(
    "with all the data it takes over 3 times as many examples as with 128",
    mean_steps[-1] * m / (mean_steps[sizes.index(128)] * 128),
    above=3,
    form=".1f",
)

# %% [markdown]
# On the left the curves up to the critical batch size lie close together, and batch mode falls behind. On the right $B = 1$ falls behind. What people advise, and what
# we can say about it:
#
# - **"Below 2 000 examples the whole set, else 64 to 512"** (Ng, a rule of practice). Our set has fewer than 2 000. With the whole set the training reaches the goal, and you need not choose $B$. It takes
#   several times the examples, which costs little here.
# - **"As large as the machine can take"** (the *Deep Learning Tuning Playbook*, practice). On processors made for such work a step on many examples takes hardly longer than
#   on one. Then you pay for steps, and up to the critical batch each doubling nearly halves them. Choose the batch size for speed: with all
#   other settings tuned again, it hardly changes how good the result is (Shallue et al., 2019).
# - **"Powers of two."** A habit that comes from the sizes of memory and processors. The last lines above show the time of sizes next to 64 and 256.
# - **"It must fit into memory."** True: the backward pass needs what the forward pass computed, for every example of the batch. So memory grows with $B$.
#
# And if the batch that you want does not fit? Send parts of it through the network, one after the other, and keep a running total of their gradients. Make one step at the end.
# This is **gradient accumulation**. It saves memory, and no time.
#
# **Your task.** Each part gives the mean gradient of its examples. Make the mean gradient of all of them.

# %% tags=["exercise"]
accumulate


# %%
def network_gradient(network, rows):
    network.loss_and_grad(X[rows, :-1], y[rows])
    return network.grad.copy()


parts = np.split(np.arange(250), [64, 128, 192])  # the last one has 58
part_sizes = [len(rows) for rows in parts]
off = {}
for norm in (False, True):
    net = dense_network(
        [64, 32, 10], batch_norm=norm, dtype=np.float64, rng=0
    )
    large = network_gradient(net, np.arange(250))
    small = [network_gradient(net, rows) for rows in parts]
    difference = accumulate(small, part_sizes) - large
    off[norm] = np.linalg.norm(difference) / np.linalg.norm(large)
claim(
    "four parts accumulated give the gradient of the large batch",
    off[False],
    below=1e-9,
)
claim(
    "with batch norm they do not: relative difference",
    off[True],
    above=0.04,
    form=".0%",
)

# %% [markdown]
# **Batch norm** (lesson 15) uses the mean and the standard deviation of the batch, so an example's gradient depends on the others in its batch.
#
# ## When does SGD come to rest?
#
# Batch mode comes to rest at the minimum (it **converges**), because the gradient is zero there. The gradient of a single example is not zero there, *unless the model fits that
# example*. So it depends on the data.

# %% tags=["predict"]
who_settles


# %%
def line(seed, examples, features, truth, noise):
    """Inputs and targets of a line."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(examples, features))
    targets = truth * inputs.sum(axis=1)
    return inputs, targets + noise * rng.normal(size=examples)


def line_cost(theta, X, y):
    return np.mean((X @ theta - y) ** 2) / 2


def line_grad(theta, X, y):
    return X.T @ (X @ theta - y) / len(X)


def above_minimum(data, plan, epochs=60):
    """The cost above its minimum after each epoch, mean of 8 seeds."""
    runs = []
    for seed in range(8):
        D = line(seed, *data)
        best = line_cost(np.linalg.lstsq(*D)[0], *D)
        rng, theta = np.random.default_rng(seed), np.zeros(D[0].shape[1])
        for epoch in range(epochs):
            theta, _ = minibatch_gd(
                line_cost, line_grad, theta, *D, plan(epoch), 1, 4, rng
            )
            runs.append(line_cost(theta, *D) - best)
    return np.reshape(runs, (8, epochs)).mean(axis=0)


noisy, exact, many = (100, 2, 1.0, 0.7), (100, 2, 1.0, 0), (20, 200, 0, 1.0)
cases = {
    "(1) noisy targets": (noisy, lambda epoch: 0.05),
    "(2) exact targets": (exact, lambda epoch: 0.05),
    "(3) noise, 200 features": (many, lambda epoch: 0.01),
    "(4) noisy, falling rate": (noisy, lambda epoch: 0.05 / (1 + epoch)),
}
rest = {name: above_minimum(*case) for name, case in cases.items()}
plots.settling(rest)

# %%
one, two, three, four = rest.values()
settled = [k for k, of in enumerate(rest.values(), 1) if of[-1] < 1e-9]
options = [[4], [2, 4], [2, 3], [2, 3, 4], [1, 2, 3, 4]]
measured("who_settles", "abcde"[options.index(settled)])
claim(
    "(1) hovers: the last 20 epochs are as high as the 20 before",
    one[40:].mean() / one[20:40].mean(),
    between=(0.5, 2),
    form=".2f",
)
claim(
    "(2) and (3) settle, below a billionth",
    max(two[-1], three[-1]),
    below=1e-9,
)
claim(
    "(4) comes closer than (1), to less than half",
    four[-20:].mean() / one[-20:].mean(),
    below=0.5,
    form=".2f",
)

# %% [markdown]
# At a constant rate SGD **hovers** *where the data cannot be fitted*, at a height that grows with the rate (lesson 14) and with the noise. There a falling rate helps, or a
# batch that grows. Where the model fits every example, as in (2) and (3), the noise goes away with the errors, and SGD settles at a constant rate (Ma, Bassily and Belkin,
# 2018). A large network that can fit its whole training set is in this second case.
#
# ## Local and global minima
#
# You may read two sentences: *"full-batch descent surely ends in a local minimum"*, and *"SGD may find the global minimum"*. Are they true?
#
# **The first one.** If a smooth cost has a lower bound and the rate is small enough, the cost falls at each step and the gradient goes to zero. Nothing more is certain. The end
# may be a **saddle**, a minimum along one axis and a maximum along another. There may be no end at all: a softmax that can tell all classes of its training set
# apart has no minimum, and its weights grow without bound. Here is a cost with a saddle at $x = y = 0$, between two minima at $y = \pm 1$.


# %%
def walk(points, noise, rng, lr=0.1, steps=400):
    """Descent on x^2 / 2 + (y^2 - 1)^2 / 4. points: (runs, 2)."""
    for _ in range(steps):
        x, y = points.T
        slope = np.column_stack([x, y**3 - y])
        slope = slope + noise * rng.normal(size=slope.shape)
        points = points - lr * slope
    return points


rng = np.random.default_rng(0)
anywhere = rng.normal(size=(200, 2))
ridge = anywhere * [1, 0]
claim(
    "from the ridge y = 0, runs without noise that end at the saddle",
    np.abs(walk(ridge, 0, rng)).max(axis=1) < 1e-6,
    equal=200,
)
claim(
    "from anywhere else, runs without noise that end at a minimum",
    np.abs(np.abs(walk(anywhere, 0, rng)) - [0, 1]).max(axis=1) < 1e-6,
    at_least=198,
)
claim(
    "from the ridge, runs with a little noise that leave the saddle",
    np.abs(walk(ridge, 0.1, rng)[:, 1]) > 0.5,
    at_least=198,
)

# %% [markdown]
# So "surely" is wrong. But from a random start descent almost never ends at such a saddle (Lee et al., 2016). The minimum where it ends may still be a
# poor, local one.
#
# **The second one.** Noise can carry a run over a hill. Does it lead to the global minimum? In the next cost each of 64 examples tilts the landscape to one side or the other; the tilts
# sum to zero. The rate is constant for four fifths of a run, then a tenth of that.

# %% tags=["predict"]
which_minimum

# %%
lands = {
    "A: global is wide": Wells(depth=(1.0, 0.7), width=(0.9, 0.35)),
    "B: global is narrow": Wells(depth=(0.7, 1.0), width=(0.9, 0.25)),
}
line_x = np.linspace(-3, 3, 301)
batch_sizes = (64, 4, 1)
shares = {}
for name, land in lands.items():
    hill = land.hill()
    is_right = land.cost(1.5) < land.cost(-1.5)  # the global minimum
    runs = [ends(land, B, seed=0) for B in batch_sizes]
    places = [runs[0][0], *(end for _, end in runs)]
    shares[name] = np.array([np.mean((p > hill) == is_right) for p in places])
plots.wells(
    line_x,
    {name: land.cost(line_x) for name, land in lands.items()},
    batch_sizes,
    shares,
)

# %%
wide, narrow = shares.values()
found = (wide[-1] > 0.85, narrow[-1] > 0.85)
measured(
    "which_minimum",
    {(1, 0): "a", (0, 1): "b", (1, 1): "c", (0, 0): "d"}[found],
)
claim(
    "batch mode ends where it began: the share at the global minimum "
    "changes by less than two points",
    max(abs(wide[1] - wide[0]), abs(narrow[1] - narrow[0])),
    below=0.02,
    form=".3f",
)
claim(
    "with B = 4 it changes by less than ten points",
    max(abs(wide[2] - wide[0]), abs(narrow[2] - narrow[0])),
    below=0.1,
    form=".3f",
)
claim(
    "A: with B = 1 over 85 % end at the wide, global minimum",
    wide[-1],
    above=0.85,
    form=".0%",
)
claim(
    "B: with B = 1 under 30 % end at the narrow, global minimum",
    narrow[-1],
    below=0.3,
    form=".0%",
)

# %% [markdown]
# So SGD *may* find the global minimum, but it may also *leave* it. Here the noise leads to the **wide** minimum. With batches of 4 the noise is too weak for both.
#
# In a model with many parameters the noise is not equally strong in all directions: it is **anisotropic**. For the digits, take the gradients of single examples after
# training. How much of their noise lies in the 10 strongest of 650 directions (10/650, if all were equal), and how much does the cost curve there?

# %%
G = gradients(trained, 1)
_, spread, axes = np.linalg.svd(G - G.mean(axis=0), full_matrices=False)
strong = np.sum(spread[:10] ** 2) / np.sum(spread**2)


def curvature(direction, h=1e-3):
    step = h * direction.reshape(start.shape)
    up, down = (grad(trained + sign * step, X, y) for sign in (1, -1))
    return np.sum((up - down) / (2 * h) * direction.reshape(start.shape))


rng = np.random.default_rng(0)
anyhow = rng.normal(size=(30, start.size))
anyhow /= np.linalg.norm(anyhow, axis=1, keepdims=True)
along = np.mean([curvature(axis) for axis in axes[:10]])
average = np.mean([curvature(direction) for direction in anyhow])
claim(
    "the 10 strongest of 650 directions hold over a quarter of the noise",
    strong,
    above=1 / 4,
    form=".0%",
)
claim(
    "along them the cost curves over 3 times as much as on average",
    along / average,
    above=3,
    form=".1f",
)

# %% [markdown]
# So SGD is noisiest where the valley is steep.
#
# ## Online learning
#
# There is one more use for single examples. Where data arrive one by one and the world changes, a model can go on learning: it makes a step on each example, and need not keep it. This is **online learning**. In
# the stream below the truth changes half way. One model was fitted to the first half and then left alone; the other makes one SGD step for every new example.

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
claim(
    "after the change the model that learns on is better: ratio of errors",
    alone[600:].mean() / online[600:].mean(),
    above=5,
    form=".0f",
)

# %% [markdown]
# ## Design: a loss within a budget
#
# Now use all of it. A linear model with 20 features learns from a stream of new examples. Its inputs have a mean squared length of 1, and the largest curvature of its cost is 1/8. A
# step on $B$ examples costs $B$, plus a **fee** that stands for the overhead of a step. You have a budget of 4 000. You are told the fee, the noise in the targets, and the goal: the
# cost above its minimum that is to be reached. It is 1 at the start. A rate above about $2 / (\frac18 + \frac1B)$ makes the steps run away.
#
# **Your task.** Return a plan: phases of some steps, each with a batch size and a rate. There are four kinds of situation, with and without a fee, with and without noise. The score is the share of trainings on
# hidden data that reach their goal. There are points for a score of 0.65, more for 0.75, and all for 0.85. The baselines stay below the first of these: "one example at a time" solves a
# quarter, "batches of 32 at a constant rate" and "a falling rate whatever the situation" about a half.

# %% tags=["exercise"]
training_plan

# %% [markdown]
# ## Explore
#
# A bowl in two parameters, with all the controls. The line is one run, and the dots are the ends of 30 runs.
#
# **Try** a batch size of 1, 8 and 128 at the same learning rate. Then take $B = 1$ and let the rate fall.
# **Notice** that the cloud of ends shrinks as the batch grows or the rate falls; and that with $B = 128$, which is all the data, there is no cloud,
# but after a few epochs the run has not yet reached the minimum.

# %%
batch_path()

# %% [markdown]
# ## The same in Keras
#
# In Keras the batch size is an argument of `fit`, 32 by default. `fit` shuffles unless you say `shuffle=False`, and the last batch of an epoch is smaller, as
# here. So without shuffling, an epoch should be your repaired loop with the examples in the order of the data.

# %%
import keras

model = keras.Sequential(
    [
        keras.Input((X.shape[1],)),
        keras.layers.Dense(10, use_bias=False, kernel_initializer="zeros"),
    ]
)
model.compile(
    keras.optimizers.SGD(learning_rate=0.2),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
model.fit(X, y, batch_size=32, epochs=1, shuffle=False, verbose=0)
ours = [start]
for at in range(0, m, 32):
    rows = slice(at, at + 32)
    ours.append(batch_gd(cost, grad, ours[-1], X[rows], y[rows], 0.2, 1)[0])
theirs = np.asarray(model.get_weights()[0])
claim(
    "after an epoch the weights of Keras are ours to 1e-5",
    np.abs(theirs - ours[-1]).max(),
    below=1e-5,
)
claim(
    "without the last, smaller batch ours are others",
    np.abs(theirs - ours[-2]).max(),
    above=1e-3,
    form=".3f",
)

# %% [markdown]
# PyTorch leaves the batches to a `DataLoader`: there `shuffle` is off unless you ask for it, and `drop_last=True` leaves the smaller batch
# out. Both can accumulate. In PyTorch gradients are added until you call `zero_grad`, so divide the loss by the number of parts. An optimiser of Keras takes
# `gradient_accumulation_steps`, and averages. Both are right for parts of equal size only; your `accumulate` weighs each part by its size.
#
# ## Quiz

# %% tags=["quiz"]
cost_went_up

# %% tags=["quiz"]
twice_the_batch

# %% tags=["quiz"]
still_moving

# %% tags=["quiz"]
how_large

# %% [markdown]
# ## Papers to read
#
# - H. Robbins and S. Monro (1951), *A stochastic approximation method*, Annals of Mathematical Statistics 22(3),
#   [doi:10.1214/aoms/1177729586](https://doi.org/10.1214/aoms/1177729586). Where it began, with the conditions on a falling learning rate under
#   which noisy steps settle.
# - S. McCandlish, J. Kaplan, D. Amodei and the OpenAI Dota Team (2018), *An empirical model of large-batch training*,
#   [arXiv:1812.06162](https://arxiv.org/abs/1812.06162). The noise scale, and both formulas of this lesson.
# - P. Goyal et al. (2017), *Accurate, large minibatch SGD: training ImageNet in 1 hour*, [arXiv:1706.02677](https://arxiv.org/abs/1706.02677).
#   Linear scaling and warm-up.
# - C. J. Shallue et al. (2019), *Measuring the effects of data parallelism on neural network training*, JMLR 20,
#   [arXiv:1811.03600](https://arxiv.org/abs/1811.03600). Steps against batch size, all rates tuned.
# - S. Ma, R. Bassily and M. Belkin (2018), *The power of interpolation*, ICML, [arXiv:1712.06559](https://arxiv.org/abs/1712.06559). Why SGD
#   settles where the data can be fitted.
# - J. D. Lee, M. Simchowitz, M. I. Jordan and B. Recht (2016), *Gradient descent only converges to minimizers*, COLT,
#   [arXiv:1602.04915](https://arxiv.org/abs/1602.04915). Saddles are avoided from a random start.
#
# ## What you can do now
#
# How many examples should a step look at? Up to about the noise scale, twice as many save nearly half of the steps; far beyond it they save hardly any. You can estimate that number from a few hundred gradients, let the
# rate follow the batch, build a large batch from small ones, and say when a falling rate must take away the noise that is left.
#
# Next: [lesson 11](11_exponentially_weighted_averages.ipynb) follows a value that changes under such noise, and keeps only one number for it.
