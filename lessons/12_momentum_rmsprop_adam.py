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
# # Momentum, RMSProp and Adam
#
# The gradient points straight downhill, and yet whoever follows it through a long, narrow valley hardly gets on. The way out
# is to remember. What should an optimiser remember of the gradients that it has seen, and what is that worth on real data?
#
# **Takes** about 75 minutes · **Before this** lessons 10 (mini-batches) and 11 (exponentially weighted averages)
#
# **You will**
# - see why one learning rate cannot serve a steep and a flat direction at once,
# - write four updates: gradient descent, momentum, RMSProp, and Adam, which joins the two,
# - find out where each of them helps, and where it does not,
# - translate between the conventions of this course, of Keras and of PyTorch.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.averages import ewma, ewma_bias_corrected
from nnutils.batches import minibatches
from nnutils.data import digits
from nnutils.lessons.momentum_rmsprop_adam import plots
from nnutils.network import dense_network

# %% [markdown]
# ## The long valley
#
# Plain gradient descent takes a step against the gradient, and the learning rate $\alpha$ says how long it is:
#
# $$w \leftarrow w - \alpha\, g$$
#
# **Your task.** Write this step. Give back the new parameters and leave the old ones as they are.

# %% tags=["exercise"]
sgd_update

# %% [markdown]
# Now a landscape with only two parameters, so that you can look at it: a valley that is 100 times as steep across as along.
#
# $$J(w) = \tfrac12\left(w_0^2 + 100\, w_1^2\right), \qquad g = (w_0,\; 100\, w_1)$$
#
# `walk` follows an update from a start. It hands over the number of the step, `t`, and averages that begin at 0.
# You will need both soon.


# %%
def valley(w):
    return 0.5 * (w[..., 0] ** 2 + 100 * w[..., 1] ** 2)


def valley_slope(w):
    return w * [1, 100]


def walk(update, slope, start, averages=0, steps=60):
    """The points of the walk: (steps + 1, ...)."""
    w, state, path = start, [np.zeros(start.shape)] * averages, [start]
    for t in range(1, steps + 1):
        w, *state = update(w, slope(w), t, *state)
        path.append(w)
    return np.array(path)


# %%
start = np.array([-9.0, 0.6])
descents = {
    f"lr = {lr}": walk(
        lambda w, g, t, lr=lr: [sgd_update(w, g, lr)], valley_slope, start
    )
    for lr in (0.002, 0.018, 0.0201)
}
plots.paths(
    "The steep walls limit the learning rate, the flat floor needs it",
    valley,
    descents,
)
for name, path in descents.items():
    print(
        f"{name:<12} cost {valley(path[0]):.1f} → "
        f"{valley(path[-1]):.1f} after 60 steps"
    )

# %% [markdown]
# On the left the steps are safe, and next to nothing happens along the valley. In the middle the learning rate is as large as
# it can well be; most of the walking goes to and fro between the walls. On the right it is a little larger still, and
# the walls win. **The steep direction sets the limit, and the flat direction pays for it.**

# %%
costs = [valley(path[-1]) for path in descents.values()]
claim(
    "at the larger of the two stable rates there is progress: the cost is "
    "below 40",
    costs[1],
    below=40,
    form=".0f",
)
claim(
    "a slightly larger learning rate turns progress into divergence",
    costs[2],
    above=40,
    form=".0f",
)

# %% [markdown]
# ## Momentum: average the gradients
#
# Look at the gradients along that zigzag. Across the valley they change sign at every step. Along it, they agree.
# So take an exponentially weighted average of them, the one of lesson 11, here with $\beta = 0.9$.

# %%
zigzag = descents["lr = 0.018"]
gradients = valley_slope(zigzag[:25])
averages = ewma(gradients, beta=0.9)
plots.averaged_gradients(gradients, averages)
size = np.abs(gradients).mean(axis=0)
average_size = np.abs(averages).mean(axis=0)
print(f"across: gradient {size[1]:5.2f}, average {average_size[1]:5.2f}")
print(f"along:  gradient {size[0]:5.2f}, average {average_size[0]:5.2f}")

# %% [markdown]
# What alternates cancels; what agrees remains. That is the whole idea of **momentum** (Polyak 1964): walk along the average
# $v$ of the gradients instead of the gradient itself.
#
# $$v \leftarrow \beta\, v + (1 - \beta)\, g \qquad\qquad w \leftarrow w - \alpha\, v$$
#
# The name comes from a ball that rolls downhill: $v$ is its velocity, the gradient accelerates it, and $\beta$ is what
# friction leaves of the velocity at each step.
#
# **Your task.** Write the momentum step. It gets the average so far, `v`, and gives back the new parameters and the new average.

# %% tags=["exercise"]
momentum_update


# %% [markdown]
# Your function, in the same valley from the same start. First with the same learning rate as before, then with one that gradient
# descent could never bear.


# %%
def momentum(lr, beta=0.9):
    return lambda w, g, t, v: momentum_update(w, g, v, lr, beta)


walks = {
    "gradient descent, lr = 0.018": zigzag,
    "momentum, lr = 0.018": walk(
        momentum(0.018), valley_slope, start, averages=1
    ),
    "momentum, lr = 0.1": walk(
        momentum(0.1), valley_slope, start, averages=1
    ),
}
plots.paths("Momentum damps the zigzag and bears longer steps", valley, walks)
for name, path in walks.items():
    turns = np.sum(np.diff(np.sign(path[:, 1])) != 0)
    print(
        f"{name:<29} crosses the valley floor {turns} times, "
        f"cost {valley(path[-1]):.3f}"
    )

# %%
across = [np.abs(np.diff(path[:, 1])).sum() for path in walks.values()]
print(
    f"way walked across the valley: {across[0]:.1f} without momentum, "
    f"{across[1]:.1f} with it"
)
claim(
    "momentum damps the zigzag at the same learning rate, to less than 3/4",
    across[1] / across[0],
    below=0.75,
    form=".2f",
)
claim(
    "momentum bears a learning rate 5 times as large, and is further after "
    "60 steps: the cost is under a tenth",
    valley(walks["momentum, lr = 0.1"][-1]) / valley(zigzag[-1]),
    below=0.1,
    form=".3f",
)

# %% [markdown]
# So momentum does not win by taking better steps at the same learning rate. It wins because, with the zigzag damped, a larger
# learning rate is stable, and the larger learning rate is what gets you along the valley.
#
# ### How much memory?
#
# An average with $\beta$ looks back about $1/(1-\beta)$ steps. That is also how long it takes to notice that the gradient has
# turned round. Here is a plain bowl, $J = \frac12 w^2$, started at $-8$.

# %%
rolls = {
    f"beta = {beta}": walk(
        momentum(0.2, beta), lambda w: w, np.array([-8.0]), 1, steps=120
    )[:, 0]
    for beta in (0.5, 0.9, 0.99)
}
plots.ringing(rolls)
overshoots = {name: 100 * path.max() / 8 for name, path in rolls.items()}
for name, path in rolls.items():
    left = np.abs(path[-20:]).max()
    print(
        f"{name:<11} overshoots by {overshoots[name]:2.0f} % of the way, "
        f"at the end {left:.2f} away"
    )
claim(
    "momentum with beta near 1 overshoots by over half of the way",
    overshoots["beta = 0.99"],
    above=50,
    form=".0f",
)
claim(
    "momentum with beta near 1 rings: in the last 60 steps it is still "
    "over 1 away",
    np.abs(rolls["beta = 0.99"][-60:]).max(),
    above=1,
    form=".1f",
)

# %% [markdown]
# With 0.99 the ball rolls far up the other side, comes back, and keeps swinging. With 0.5 it forgets before it can gain much.
# The usual compromise is 0.9.
#
# ## RMSProp: give every direction its own step
#
# Momentum still has one learning rate for both directions. **RMSProp** (Tieleman & Hinton 2012) divides the gradient by its usual
# size, separately for every parameter. The usual size is the root of an average of squares, hence the name: *root mean square*.
#
# $$s \leftarrow \beta\, s + (1 - \beta)\, g^2 \qquad\qquad w \leftarrow w - \alpha\, \frac{g}{\sqrt{s} + \varepsilon}$$
#
# Squares, roots and quotients are taken element by element. The small $\varepsilon$ prevents a division by 0 where a
# gradient has always been 0, as it is for a pixel that is white in all pictures.
#
# **Your task.** Write the RMSProp step. Mind where $\varepsilon$ stands: outside the root.

# %% tags=["exercise"]
rmsprop_update

# %% [markdown]
# In the valley, the gradient across is far larger than the gradient along. What becomes of the steps?


# %%
def rmsprop(lr, beta=0.99, eps=1e-8):
    return lambda w, g, t, s: rmsprop_update(w, g, s, lr, beta, eps)


scaled = walk(rmsprop(0.1), valley_slope, start, averages=1, steps=120)
ratios = []
for name, path in {"gradient descent": zigzag, "RMSProp": scaled}.items():
    along, across = np.abs(np.diff(path[:61], axis=0)).max(axis=0)
    ratios.append(across / along)
    print(
        f"{name:<16} largest step along {along:.2f}, across {across:.2f}, "
        f"ratio {ratios[-1]:.1f}"
    )
claim(
    "gradient descent's largest step across is over 5 times that along",
    ratios[0],
    above=5,
    form=".1f",
)
claim("RMSProp equalises the axes", ratios[1], between=(0.9, 1.1), form=".2f")

# %% [markdown]
# RMSProp knows nothing of the valley's shape, only how large each coordinate's gradients have been. So one thing matters to
# it that does not matter to momentum: how the valley lies. Turn it by 45 degrees, so that neither axis runs along it.

# %%
# w @ turn is w, rotated by 45 degrees
turn = np.array([[1, 1], [-1, 1]]) / np.sqrt(2)


def turned(w):
    return valley(w @ turn.T)


def turned_slope(w):
    return valley_slope(w @ turn.T) @ turn


def steps_to(costs, target):
    below = costs < target
    return int(np.argmax(below)) if below.any() else np.inf


slanted = walk(
    rmsprop(0.1), turned_slope, start @ turn, averages=1, steps=120
)
named = {
    "RMSProp, the valley along an axis": scaled,
    "RMSProp, the valley turned": slanted,
}
plots.turned_paths([valley, turned], named)
straight_steps = steps_to(valley(scaled), 1)
turned_steps = steps_to(turned(slanted), 1)
print(
    f"steps to cost 1: {straight_steps} along an axis, "
    f"{turned_steps} in the turned valley"
)
claim(
    "in the turned valley RMSProp loses its advantage: it needs over twice "
    "the steps",
    turned_steps / straight_steps,
    above=2,
    form=".1f",
)

# %% [markdown]
# In the turned valley both coordinates see the same large gradients, there is nothing to equalise, and the walk along the
# floor is slow again. Real networks lie somewhere between: their parameters differ much in scale, which
# RMSProp repairs, and they also act on each other, which it cannot see.

# %% [markdown]
# ## Adam: both, and an honest start
#
# **Adam** (Kingma & Ba 2015) keeps both averages: momentum's, now called $m$, and RMSProp's, now called $v$.
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad\qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$
#
# Did you notice RMSProp's first step? It was ten times its learning rate. Averages that start at 0 are too small at first, as you
# saw in lesson 11, and dividing by a root that is too small makes a step that is too long. Here is
# the same for Adam's usual $\beta_1 = 0.9$, $\beta_2 = 0.999$ and a gradient that is always 1.

# %%
ones = np.ones(5000)
lengths = {
    "as they are": ewma(ones, 0.9) / np.sqrt(ewma(ones, 0.999)),
    "both corrected": ewma_bias_corrected(ones, 0.9)
    / np.sqrt(ewma_bias_corrected(ones, 0.999)),
}
plots.step_lengths(lengths)
for name, length in lengths.items():
    print(
        f"{name:<15} first step {length[0]:.2f} lr, "
        f"longest {length.max():.2f}, last {length[-1]:.2f}"
    )

# %% [markdown]
# The remedy is lesson 11's: an average that started at 0 has weights that sum to $1 - \beta^t$ only, so divide by that.
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad\qquad w \leftarrow w - \alpha\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# The averages themselves go on uncorrected: the correction is made anew at each step, from the uncorrected ones.
#
# **Your task.** Write Adam's step. It gets both averages and `t`, the number of this step, counted from 1. It gives back the
# parameters and both averages. Two slips are common: $\varepsilon$ inside the root, and corrected averages that leak into the state.

# %% tags=["exercise"]
adam_update


# %% [markdown]
# Two things about Adam's steps that are worth knowing. The first step has the length of the learning rate in every coordinate,
# whatever the gradient. And a cost that is measured in other units, say 1000 times larger, gives the same path.


# %%
def adam(lr, beta1=0.9, beta2=0.999):
    return lambda w, g, t, m, v: adam_update(
        w, g, m, v, t, lr, beta1, beta2, 1e-8
    )


plain = walk(adam(0.3), valley_slope, start, averages=2)
larger = walk(adam(0.3), lambda w: 1000 * valley_slope(w), start, averages=2)
print(f"first step with lr = 0.3: {np.abs(plain[1] - plain[0]).round(4)}")
print(
    "cost 1000 times as large: paths differ by "
    f"{np.abs(plain - larger).max():.4f} at most"
)
claim(
    "Adam's first step is as long as the learning rate",
    np.abs(np.abs(plain[1] - plain[0]) - 0.3).max(),
    below=1e-6,
)
claim(
    "Adam's path does not depend on the unit of the cost",
    np.abs(plain - larger).max(),
    below=1e-4,
)

# %% [markdown]
# ## Four grounds
#
# Now all four of your updates side by side: in the valley, straight and turned, on a **saddle** (flat at 0, uphill in one direction,
# downhill in the other), and in a **noisy bowl**, whose gradients are as unreliable as those of small mini-batches.


# %%
def saddle(w):
    return 1.5 * w[..., 0] ** 2 - 0.5 * w[..., 1] ** 2 + 0.25 * w[..., 1] ** 4


def saddle_slope(w):
    return np.stack([3 * w[..., 0], w[..., 1] ** 3 - w[..., 1]], axis=-1)


def bowl(w):
    return 0.5 * (w[..., 0] ** 2 + 4 * w[..., 1] ** 2)


def noisy_slope(seed):
    rng = np.random.default_rng(seed)
    return lambda w: w * [1, 4] + rng.normal(0, 3, size=w.shape)


def descent(lr):
    return lambda w, g, t: [sgd_update(w, g, lr)]


# name: how to make the update from a learning rate,
# and how many averages it keeps
FOUR = {
    "gradient descent": (descent, 0),
    "momentum": (momentum, 1),
    "RMSProp": (rmsprop, 1),
    "Adam": (adam, 2),
}

# %% [markdown]
# A race is fair only if every runner may choose its shoes: each update tries the same 17 learning rates, from 0.001 to 10, and
# its best one counts. Each walk has 100 starts at once, and its cost is their mean. On the first three grounds count the steps
# until the cost is down at a target; in the noisy bowl, the mean cost of the last 100 of 300 steps. The target of the turned valley
# is higher than that of the valley: closer to the minimum RMSProp's steps are chaotic, and it would be luck how many it needs.

# %%
RATES = np.geomspace(0.001, 10, 17)
# all around the bowl
rounds = np.random.default_rng(3).normal(size=(100, 2)) * 2
floors = rounds * [3, 0.3]  # along the valley
# above the lowest cost
TARGETS = {"valley": 0.01, "turned valley": 0.2, "saddle": 0.05}


def grounds():
    """Cost, gradient, starts and lowest cost of each ground;
    the same noise for everyone."""
    return {
        "valley": (valley, valley_slope, floors, 0),
        "turned valley": (turned, turned_slope, floors @ turn, 0),
        # next to the saddle point
        "saddle": (saddle, saddle_slope, rounds * 1e-6, -0.25),
        "noisy bowl": (bowl, noisy_slope(1), rounds, 0),
    }


def costs_on(ground, name, lr):
    cost, slope, starts, lowest = grounds()[ground]
    make, averages = FOUR[name]
    with np.errstate(all="ignore"):  # some of the learning rates diverge
        path = walk(make(lr), slope, starts, averages, steps=300)
        return np.fmin(cost(path).mean(axis=1) - lowest, 1e99)


def score(ground, costs):
    return (
        steps_to(costs, TARGETS[ground])
        if ground in TARGETS
        else costs[-100:].mean()
    )


# %%
best = {
    ground: {
        name: min(
            (score(ground, costs_on(ground, name, lr)), lr) for lr in RATES
        )
        for name in FOUR
    }
    for ground in grounds()
}
print(" " * 13, "".join(f"{name:>20}" for name in FOUR))
for ground, of_four in best.items():
    told = [f"{value:.3g} at lr {lr:.2g}" for value, lr in of_four.values()]
    print(f"{ground:<13}", "".join(f"{text:>20}" for text in told))

# %%
plots.race(
    {
        ground: {
            name: costs_on(ground, name, lr)[:101]
            for name, (_, lr) in of_four.items()
        }
        for ground, of_four in best.items()
    }
)
scores = {
    ground: [value for value, _ in of_four.values()]
    for ground, of_four in best.items()
}

# %%
claim(
    "in the turned valley momentum needs under half the steps of gradient "
    "descent",
    scores["turned valley"][1] / scores["turned valley"][0],
    below=0.5,
    form=".2f",
)
claim(
    "next to a saddle point, dividing by the gradient's size gets you away "
    "sooner",
    max(scores["saddle"][2:]) / min(scores["saddle"][:2]),
    below=1,
    form=".2f",
)
claim(
    "on all three without noise Adam needs under half the steps of "
    "gradient descent",
    max(scores[ground][3] / scores[ground][0] for ground in TARGETS),
    below=0.5,
    form=".2f",
)
claim(
    "in the noisy bowl no memory halves the cost that gradient descent "
    "gets to",
    min(scores["noisy bowl"]) / scores["noisy bowl"][0],
    above=0.5,
    form=".2f",
)

# %% [markdown]
# Nobody wins everywhere. Where the valley lies along an axis, RMSProp needs a handful of steps, because its $s$ makes that valley round
# (the peak in the figure is its first step, ten times its learning rate, far up the walls); turned, it loses that, and momentum is
# ahead. On the saddle the gradients are tiny, and an update that divides by their size does not
# mind. In the noisy bowl none of the four gets much lower than the others: what helps there is a learning rate that falls, which is lesson 14.
#
# Adam is seldom the first, but it comes through everywhere, and on the three grounds without noise its best learning rates lie closer
# together than anyone else's. That is its reputation in a sentence.

# %% [markdown]
# ## Four updates learn to read digits
#
# Now 3 466 parameters instead of two. The loop below is all that training needs, and the step in it is yours: a network gives the
# loss and its gradient, your update makes new parameters.

# %%
X, y = digits()


def train(update, averages, seed, epochs=15):
    """The mean loss of each epoch. seed: for the initial weights and the
    order of the examples."""
    network = dense_network(
        [64, 32, 32, 10], activation="tanh", init="glorot", rng=seed
    )
    rng, t, losses = np.random.default_rng(seed), 0, []
    state = [np.zeros(network.theta.shape)] * averages
    for _ in range(epochs):
        batch_losses = []
        for X_batch, y_batch in minibatches(X, y, 128, rng):
            t += 1
            batch_losses.append(network.loss_and_grad(X_batch, y_batch))
            network.theta[:], *state = update(
                network.theta, network.grad, t, *state
            )
        losses.append(np.mean(batch_losses))
    return np.array(losses)


print(
    f"{len(X)} digits, {dense_network([64, 32, 32, 10]).theta.size} "
    "parameters"
)

# %% [markdown]
# Each update chooses its learning rate on two seeds. Then it races on five other seeds. What counts is the number of epochs until
# the loss is at 0.1 (15 if it is not there by then).

# %%
target = 0.1
GRIDS = {
    "gradient descent": (0.1, 0.3, 1, 3),
    "momentum": (0.3, 1, 3, 10),
    "RMSProp": (0.001, 0.003, 0.01, 0.03),
    "Adam": (0.003, 0.01, 0.03, 0.1),
}
tuning, races = {}, {}
for name, (make, averages) in FOUR.items():
    tried = [
        [train(make(lr), averages, seed) for seed in (10, 11)]
        for lr in GRIDS[name]
    ]
    epochs = [
        np.mean([min(steps_to(losses, target) + 1, 15) for losses in two])
        for two in tried
    ]
    tuning[name] = (GRIDS[name], epochs)
    best_lr = GRIDS[name][int(np.argmin(epochs))]
    races[name] = np.array(
        [train(make(best_lr), averages, seed) for seed in range(5)]
    )
    needed = [min(steps_to(losses, target) + 1, 15) for losses in races[name]]
    print(
        f"{name:<17} best lr {best_lr:<5} epochs to loss {target} on "
        f"five seeds: {needed}"
    )
plots.digits_race(tuning, races, target)


# %%
def epochs_needed(name):
    return np.array(
        [min(steps_to(losses, target) + 1, 15) for losses in races[name]]
    )


adam_epochs = epochs_needed("Adam")
descent_epochs = epochs_needed("gradient descent")
for name in list(FOUR)[:3]:
    saved = epochs_needed(name) - adam_epochs
    print(
        f"against {name:<17} Adam saves {saved.mean():.1f} epochs "
        f"({saved.min()} to {saved.max()})"
    )
claim(
    "Adam reaches the target loss in fewer epochs than gradient descent, "
    "on each of 5 seeds",
    adam_epochs < descent_epochs,
    equal=5,
)
claim(
    "on average it takes the fewest of the four",
    min(epochs_needed(name).mean() for name in list(FOUR)[:3])
    - adam_epochs.mean(),
    above=0,
    form=".1f",
)

# %% [markdown]
# Read the left picture, too. Every curve is a valley of its own: too small a learning rate crawls, too large a one
# trips. Gradient descent and momentum want rates of 1 and above, the other two a hundredth of that, since a step that is divided by
# the gradient's size has a length of about $\alpha$ by itself. That is why Adam has a usual first try, 0.001 in Keras and somewhat more
# for networks as small as this one, and why gradient descent has no such number.
#
# Be careful with the conclusion. Against momentum the lead is small, and some seeds see none. And Adam is ahead here in *epochs of
# training loss*, on one small network. It says nothing about the error on new data; Wilson et al. (2017) found tuned momentum to be as good or better there on several tasks.

# %% [markdown]
# ## The same in Keras
#
# The formulas are the same everywhere, but the conventions are not. $\varepsilon$ is the one of this lesson, $\varepsilon'$ the number
# that you give to Keras:
#
# | | this course | Keras | PyTorch |
# |---|---|---|---|
# | momentum | $v = \beta v + (1-\beta) g$, step $\alpha v$ | $v = \beta v - \alpha g$, step $-v$ | $v = \beta v + g$, step $\alpha v$ |
# | RMSProp | $\sqrt{s} + \varepsilon$ | $\sqrt{s + \varepsilon'}$, with $\varepsilon' = 10^{-7}$ | $\sqrt{s} + \varepsilon$, with $\beta = 0.99$ |
# | Adam | $\sqrt{\hat v} + \varepsilon$ | $\sqrt{v} + \varepsilon'$ before the correction, $\varepsilon' = \varepsilon\sqrt{1-\beta_2^t}$ | as here |
#
# So Keras' learning rate for momentum is ours times $1 - \beta$, and its Adam needs an $\varepsilon'$ that changes with $t$. For RMSprop
# no $\varepsilon'$ matches exactly; both are made so small here that they only prevent 0 / 0. With that, 100 steps from the
# same weights, each on the first 600 digits:

# %%
import keras
from keras.optimizers import SGD, Adam, RMSprop

model = dense_network([64, 32, 10], activation="tanh", init="glorot", rng=0)
first_weights = model.theta.copy()


def digit_slope(w):
    model.theta[:] = w
    model.loss_and_grad(X[:600], y[:600])
    return model.grad.copy()


def keras_walk(optimizer, adam_eps=None, steps=100):
    w = keras.Variable(first_weights, dtype="float64")
    for t in range(1, steps + 1):
        if adam_eps is not None:
            optimizer.epsilon = adam_eps * np.sqrt(1 - 0.999**t)
        optimizer.apply(
            [keras.ops.convert_to_tensor(digit_slope(w.numpy()))], [w]
        )
    return w.numpy()


def difference(update, averages, keras_weights):
    ours = walk(update, digit_slope, first_weights, averages, steps=100)[-1]
    return np.abs(ours - keras_weights).max()


# %%
apart = {
    "SGD, not mapped": difference(
        momentum(0.1), 1, keras_walk(SGD(0.1, momentum=0.9))
    ),
    "SGD": difference(
        momentum(0.1), 1, keras_walk(SGD(0.1 * (1 - 0.9), momentum=0.9))
    ),
    "RMSprop": difference(
        rmsprop(0.001, eps=1e-15),
        1,
        keras_walk(RMSprop(0.001, rho=0.99, epsilon=1e-30)),
    ),
    "Adam": difference(
        adam(0.001), 2, keras_walk(Adam(0.001), adam_eps=1e-8)
    ),
}
for name, largest in apart.items():
    told = f"{largest:.2f}" if largest > 1e-5 else "under 0.00001"
    print(
        f"{name:<15} largest difference of a weight after 100 steps: {told}"
    )

# %%
claim(
    "Keras' SGD with momentum gives your weights to 1e-6",
    apart["SGD"],
    below=1e-6,
)
claim(
    "Keras' RMSprop gives your weights to 1e-6",
    apart["RMSprop"],
    below=1e-6,
)
claim(
    "Keras' Adam gives your weights to 1e-5 (it rounds beta2 to single "
    "precision)",
    apart["Adam"],
    below=1e-5,
)
claim(
    "without the factor 1 - beta the weights are different ones",
    apart["SGD, not mapped"],
    above=0.1,
    form=".1f",
)

# %% [markdown]
# ## Race them yourself
#
# The explorer starts all four from one point. Things to try:
#
# - In the valley, raise the first learning rate until gradient descent diverges. How much further can momentum go?
# - On the saddle, start at $w_1 = 0$ exactly, then at 0.1. Who needs the push?
# - In the noisy bowl, raise the second learning rate. What happens at the end of the curves?
# - Set $\beta$ to 0.99 and watch momentum and Adam overshoot.

# %%
from nnutils.lessons.momentum_rmsprop_adam.explorer import optimizer_race

optimizer_race()

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
zigzag_remedy

# %% tags=["quiz"]
turned_valley

# %% tags=["quiz"]
first_step

# %% tags=["quiz"]
scaled_cost

# %% tags=["quiz"]
beta_near_one

# %% tags=["quiz"]
which_weights

# %% [markdown]
# ## Papers to read
#
# - Polyak (1964), *Some methods of speeding up the convergence of iteration methods*, USSR Computational Mathematics and
#   Mathematical Physics. The heavy ball: where momentum comes from, with the proof of what it gains in a valley.
# - Goh (2017), *Why momentum really works*, Distill. The same with pictures to move; the best hour on momentum.
# - Tieleman & Hinton (2012), *Lecture 6.5: rmsprop*, Coursera. RMSProp was never a paper, only this slide.
# - Kingma & Ba (2015), *Adam: a method for stochastic optimization*, ICLR. Algorithm 1 is your exercise; section 3 is the bias correction.
# - Wilson et al. (2017), *The marginal value of adaptive gradient methods in machine learning*, NeurIPS. Why a lower training loss
#   is not the end of the story.

# %% [markdown]
# ## What you can do now
#
# An optimiser should remember which way the gradients agree (momentum) and how large they usually are (RMSProp); Adam does both.
# You have written all four and measured that on digits Adam was ahead of gradient descent on all five seeds and ahead of the others
# on average, that no one wins on every ground, and that your weights are those of Keras. Next: [lesson 13](13_more_optimizers.ipynb), their relatives.
