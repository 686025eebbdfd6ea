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
# The negative gradient points straight downhill. And yet gradient descent makes little progress in a long, narrow valley. An
# optimiser can do better if it remembers the gradients that it has seen. What should it remember, and what is that worth on real data?
#
# **Takes** about 90 minutes · **Before this** lessons 10 (mini-batches) and 11 (exponentially weighted averages)
#
# **You will**
# - write gradient descent and momentum, predict at which learning rates momentum is stable, and map them,
# - derive the heart of Adam from one property, then write RMSProp and Adam,
# - find three faults of an Adam from its curves, and repair them,
# - race the four fairly, measure both sides of a dispute about Adam, and translate between this course, Keras and PyTorch.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.averages import ewma, ewma_bias_corrected
from nnutils.data import digits
from nnutils.lessons.momentum_rmsprop_adam import plots
from nnutils.lessons.momentum_rmsprop_adam.given import (
    epochs_to,
    faulty_adam,
    fit_lines,
    inside,
    library_adam,
    symptoms,
    train_many,
    unique_features,
)
from nnutils.network import dense_network
from nnutils.optimizers import SGD, Adam, Momentum, RMSProp

# %% [markdown]
# ## The long valley
#
# Plain gradient descent takes a step against the gradient, and the learning rate $\alpha$ says how long it is:
#
# $$w \leftarrow w - \alpha\, g$$
#
# **Your task.** Write this step. Return the new parameters and leave the old ones as they are. Refuse a gradient of another shape: NumPy would
# combine a `(3,)` and a `(3, 1)` into a `(3, 3)`, without an error.

# %% tags=["exercise"]
sgd_update

# %% [markdown]
# Now a landscape with only two parameters, so that you can look at it: a valley that is 100 times as curved across as along. Its
# **condition number** (lesson 06) is 100.
#
# $$J(w) = \tfrac12\left(w_0^2 + 100\, w_1^2\right), \qquad g = (w_0,\; 100\, w_1)$$
#
# `walk` follows an update from a start. It gives the update the number of the step, `t`, and averages that begin at 0.
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


def descent(lr):
    return lambda w, g, t: [sgd_update(w, g, lr)]


# %%
start = np.array([-9.0, 0.6])
descents = {
    f"lr = {lr}": walk(descent(lr), valley_slope, start)
    for lr in (0.002, 0.018, 0.0201)
}
plots.paths(
    "Small rates are slow along the floor, large ones diverge across",
    valley,
    descents,
)
for name, path in descents.items():
    print(
        f"{name:<12} cost {valley(path[0]):.1f} → "
        f"{valley(path[-1]):.1f} after 60 steps"
    )

# %% [markdown]
# On the left the steps are safe, and there is almost no progress along the valley. In the middle the learning rate is nearly as large as
# it can be; most of the movement is from wall to wall and back. On the right it is a little larger still, and the walk
# diverges. **The steep direction limits the learning rate, so progress in the flat direction is slow.**

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
    above=valley(start),
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
# ### At which rates is it stable?
#
# Before you run it, guess.

# %% tags=["predict"]
momentum_limit


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
plots.paths("Momentum damps the zigzag, allows longer steps", valley, walks)
across = [np.abs(np.diff(path[:, 1])).sum() for path in walks.values()]
for (name, path), way in zip(walks.items(), across, strict=True):
    print(f"{name:<29} way across {way:4.1f}, cost {valley(path[-1]):.3f}")
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
# So momentum does not win by better steps at the same learning rate. It wins because a larger learning rate is stable.
#
# How large? In a direction of curvature $\lambda$ the gradient is $\lambda w$. Put $v = (w_{t-1} - w_t)/\alpha$ into the update, and momentum becomes a
# recurrence of $w$ alone:
#
# $$w_{t+1} = \big(1 + \beta - (1 - \beta)\,\alpha\lambda\big)\, w_t - \beta\, w_{t-1}$$
#
# Its solutions are sums of $r^t$, where $r^2 = (1 + \beta - (1-\beta)\alpha\lambda)\, r - \beta$. Each direction shrinks if both roots are smaller
# than 1 in size, which gives the **stable region**:
#
# $$\alpha < \frac{2}{\lambda}\cdot\frac{1 + \beta}{1 - \beta}$$
#
# The product of the roots is $\beta$. As soon as they are complex, the walk swings, and each has the size $\sqrt\beta$: *all swinging directions shrink at one
# speed, whatever their curvature*. The fastest setting lets the steepest and the flattest direction just begin to swing. Then a step
# leaves the share $\sqrt\beta = (\sqrt\kappa - 1)/(\sqrt\kappa + 1)$ of the distance. Gradient descent at its best leaves $(\kappa - 1)/(\kappa + 1)$.
#
# That is the theory. Now the map, made of many walks of your function. The colour is the factor by which the distance to the minimum shrinks in a step.


# %%
def factor(lr, beta, steps=300):
    """By what a step multiplies the distance, from the largest distances
    in the second and in the last third of a walk."""
    w, v, distances = start, np.zeros(2), []
    for _ in range(steps):
        w, v = momentum_update(w, valley_slope(w), v, lr, beta)
        distances.append(np.hypot(*w))
        if not 1e-9 < distances[-1] < 1e6:
            break
    third = max(1, len(distances) // 3)
    middle, last = distances[-2 * third : -third], distances[-third:]
    return (max(last) / max(middle or [np.hypot(*start)])) ** (1 / third)


def largest_stable(beta):
    low, high = 0.001, 4.0
    for _ in range(12):
        middle = np.sqrt(low * high)
        stable = factor(middle, beta) < 1
        low, high = (middle, high) if stable else (low, middle)
    return low


def limit(beta):
    return 2 / 100 * (1 + beta) / (1 - beta)


root = (10 - 1) / (10 + 1)  # the root of kappa is 10
best_beta = root**2
best_rate = 4 / (10 + 1) ** 2 / (1 - best_beta)
rates, betas = np.geomspace(0.005, 1.5, 30), np.linspace(0, 0.96, 25)
factors = np.array([[factor(lr, beta) for beta in betas] for lr in rates])
limits = {beta: largest_stable(beta) for beta in (0, 0.5, 0.9, 0.95)}
guess = measured("momentum_limit", round(limits[0.9], 2))
plots.stable_region(
    rates, betas, factors, (best_rate, best_beta), limit(betas), guess
)

# %%
print(f"predicted best: lr {best_rate:.2f}, beta {best_beta:.2f}")
fastest = np.unravel_index(factors.argmin(), factors.shape)
claim(
    "the largest stable rates at four beta are the predicted ones, to 2 %",
    max(abs(found / limit(beta) - 1) for beta, found in limits.items()),
    below=0.02,
    form=".1%",
)
claim(
    "the fastest setting of the map has a beta within 0.1 of the predicted",
    abs(betas[fastest[1]] - best_beta),
    below=0.1,
    form=".2f",
)
claim(
    "its factor per step is the root of the best beta, to 5 %: ratio",
    factors.min() / root,
    between=(0.95, 1.05),
    form=".2f",
)

# %% [markdown]
# So the number of steps grows with $\kappa$ for gradient descent and with $\sqrt\kappa$ for momentum, both at their best settings. Check it on three valleys:
# how many steps until the cost has fallen to a ten-thousandth?


# %%
def steps_to(costs, target):
    """The step from which on the costs stay below the target."""
    last = np.flatnonzero(~(costs < target))[-1]
    return int(last) + 1 if last < len(costs) - 1 else np.inf


def best_of_both(kappa):
    """Steps of gradient descent and of momentum, at their best."""
    ends = np.array([1, kappa])
    far = np.array([-9.0, 9 / np.sqrt(kappa)])
    shrink = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    lr = 4 / (np.sqrt(kappa) + 1) ** 2 / (1 - shrink**2)
    both = descent(2 / (1 + kappa)), momentum(lr, shrink**2)
    counts = []
    for averages, update in enumerate(both):
        path = walk(update, lambda w: w * ends, far, averages, steps=1000)
        costs = 0.5 * (ends * path**2).sum(axis=1)
        counts.append(steps_to(costs, 1e-4 * costs[0]))
    return counts


table = {kappa: best_of_both(kappa) for kappa in (25, 100, 400)}
for kappa, (plain, rolling) in table.items():
    print(f"kappa {kappa:3}: gradient descent {plain:3}, momentum {rolling}")
claim(
    "kappa 4 times as large: gradient descent needs about 4 times the steps",
    table[400][0] / table[100][0],
    between=(3.5, 4.5),
)
claim(
    "kappa 4 times as large: momentum needs about twice the steps",
    table[400][1] / table[100][1],
    between=(1.7, 2.5),
)

# %% [markdown]
# In a network nobody knows $\kappa$; the usual compromise is $\beta = 0.9$. A $\beta$ near 1 has a disadvantage. An average with $\beta$ looks back about
# $1/(1-\beta)$ steps. It notices a change of sign about as late. Here is a plain bowl, $J = \frac12 w^2$, started at $-8$.

# %%
rolls = {
    f"beta = {beta}": walk(
        momentum(0.2, beta), lambda w: w, np.array([-8.0]), 1, steps=120
    )[:, 0]
    for beta in (0.5, 0.9, 0.99)
}
plots.ringing(rolls)
overshoots = {name: 100 * path.max() / 8 for name, path in rolls.items()}
for name, overshoot in overshoots.items():
    print(f"{name:<11} overshoots by {overshoot:2.0f} % of the way")
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
# ## A step of one length
#
# Momentum still has one learning rate for all directions. Try the opposite: let *every coordinate* move by exactly $\alpha$, whatever its gradient.
#
# $$w \leftarrow w - \alpha\, \text{sign}(g)$$
#
# This **sign step** does not care how steep a direction is, or in which unit the cost is measured. But it forgets too much. Take a parameter that is at its
# minimum, with noisy gradients: 9 of 10 batches say $+1$, one says $-9$. Their mean is 0. But the sign step only counts how many say plus, so the parameter moves away.
#
# So do not divide each gradient by its own size. Divide it by the size that is usual for this parameter: its unit. What should such a unit be? Ask for a property:
# measured in it, the gradients so far have mean square 1, and recent ones count more.
#
# **Your task.** Derive the unit, and return the steps. No formula is given here. Begin with one parameter and write the property down.

# %% tags=["exercise"]
adam_from_property

# %%
noisy = np.where(np.random.default_rng(4).random((1000, 50)) < 0.9, 1.0, -9.0)
drifts = {
    beta: np.mean(adam_from_property(noisy, 1.0, beta))
    for beta in (0.0, 0.5, 0.9, 0.99)
}
for beta, drift in drifts.items():
    print(f"beta {beta:<4} mean step {drift:+.2f} lr")
sizes = np.array([0.001, 1.0, 50.0])
equal = adam_from_property(np.tile(sizes, (20, 1)), 0.1, 0.99)
claim(
    "the sign step (beta 0) walks away by over half a step each time",
    -drifts[0.0],
    above=0.5,
    form=".2f",
)
claim(
    "with a long memory (beta 0.99) less than a tenth of that is left (mean "
    "of 50 parameters)",
    abs(drifts[0.99] / drifts[0.0]),
    below=0.1,
    form=".3f",
)
claim(
    "gradients of 0.001, 1 and 50 that keep their size make steps of length "
    "lr from the first one on",
    np.abs(np.abs(equal) / 0.1 - 1).max(),
    below=1e-6,
)

# %% [markdown]
# You have derived more than half of Adam. In practice the unit is not computed from all gradients anew; it is kept as a state.
#
# ## RMSProp
#
# **RMSProp** (Tieleman & Hinton 2012) is the simplest form of this: an average of squares, and its root: the *root mean square*.
#
# $$s \leftarrow \beta\, s + (1 - \beta)\, g^2 \qquad\qquad w \leftarrow w - \alpha\, \frac{g}{\sqrt{s} + \varepsilon}$$
#
# Squares, roots and quotients are taken element by element. The small $\varepsilon$ prevents a division by 0 where a
# gradient has always been 0, as it is for a pixel that is white in all pictures.
#
# **Your task.** Write the RMSProp step. Mind where $\varepsilon$ stands: outside the root.

# %% tags=["exercise"]
rmsprop_update


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
# floor is slow again. Real networks lie between: their parameters differ in scale, which
# RMSProp repairs, and they act on each other, which it cannot see. Lesson 13 has an optimiser that can.
#
# ## Adam: both averages, corrected
#
# **Adam** (Kingma & Ba 2015) keeps both averages: momentum's, now called $m$, and RMSProp's, now called $v$.
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad\qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$
#
# Your derived steps had the length $\alpha$ from the first one on. RMSProp's first step in the valley was ten times as long, because its average starts at 0 and has no
# correction. Now there are two such averages.

# %% tags=["predict"]
first_step

# %%
ones = np.ones(5000)
lengths = {
    "as they are": ewma(ones, 0.9) / np.sqrt(ewma(ones, 0.999)),
    "only m corrected": ewma_bias_corrected(ones, 0.9)
    / np.sqrt(ewma(ones, 0.999)),
    "both corrected": ewma_bias_corrected(ones, 0.9)
    / np.sqrt(ewma_bias_corrected(ones, 0.999)),
}
plots.step_lengths(lengths)
measured("first_step", round(lengths["as they are"][0], 2))
for name, length in lengths.items():
    print(
        f"{name:<16} first step {length[0]:5.2f} lr, "
        f"longest {length.max():5.2f}, last {length[-1]:.2f}"
    )

# %% [markdown]
# The remedy is the one that you derived: weights that sum to 1. An average that started at 0 has weights that sum to $1 - \beta^t$, so divide by that.
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat v = \frac{v}{1 - \beta_2^t} \qquad\qquad w \leftarrow w - \alpha\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# The averages themselves go on uncorrected: the correction is made anew at each step. Here the usual settings are
# $\beta_1 = 0.9$, $\beta_2 = 0.999$, $\varepsilon = 10^{-8}$ and $\alpha = 0.001$.
#
# **Your task.** Write Adam's step, with its edges. It gets both averages and `t`, the number of this step, counted from 1. Two slips are common:
# $\varepsilon$ inside the root, as some lecture slides print it, and corrected averages that leak into the state.

# %% tags=["exercise"]
adam_update


# %% [markdown]
# The first step has the length of the learning rate in every coordinate,
# whatever the gradient. And a cost in other units, say 1000 times larger, gives the same path.


# %%
def adam(lr, beta1=0.9, beta2=0.999):
    return lambda w, g, t, m, v: adam_update(
        w, g, m, v, t, lr, beta1, beta2, 1e-8
    )


plain = walk(adam(0.3), valley_slope, start, averages=2)
larger = walk(adam(0.3), lambda w: 1000 * valley_slope(w), start, averages=2)
print(f"first step with lr = 0.3: {np.abs(plain[1] - plain[0]).round(4)}")
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
# ### An Adam with three faults
#
# A network has several arrays of parameters, so an optimiser loops over them. The code of the next exercise does that, and it runs. Look at what it does, beside
# the Adam of `nnutils`: with three arrays and a constant gradient; in a bowl; and in the same bowl with a cost that is a millionth as large.

# %%
before = {
    "as it should be": symptoms(library_adam),
    "the code below": symptoms(faulty_adam),
}
plots.symptoms(before)

# %% [markdown]
# Each panel points at one fault. A curve of the loss would only say "it trains badly". Questions as simple as these three say where to look.
#
# **Your task.** Repair the code.

# %% tags=["exercise"]
adam_on_arrays

# %%
after = symptoms(adam_on_arrays)
firsts = after["first steps"][0]
print(f"first steps of the three arrays: {firsts.round(2)} lr")
claim(
    "repaired: all arrays begin with a step of length lr, to 1 %",
    np.abs(firsts - 1).max(),
    below=0.01,
)
claim(
    "the faulty Adam overshoots at least twice as far as the repaired one",
    symptoms(faulty_adam)["bowl"].max() / after["bowl"].max(),
    above=2,
    form=".1f",
)
claim(
    "repaired: in the small unit the walk differs by less than 0.2",
    np.abs(after["small unit"] - after["bowl"]).max(),
    below=0.2,
)
claim(
    "the faulty Adam is still over 4 away there, of 8",
    -symptoms(faulty_adam)["small unit"].max(),
    above=4,
    form=".1f",
)

# %% [markdown]
# ## Four test functions
#
# Now all four of your updates side by side, on four functions, which we call *grounds*: in the valley, straight and turned, on a **saddle** (flat at 0, uphill in one direction,
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


# name: how to make the update from a learning rate,
# and how many averages it keeps
FOUR = {
    "gradient descent": (descent, 0),
    "momentum": (momentum, 1),
    "RMSProp": (rmsprop, 1),
    "Adam": (adam, 2),
}

# %% [markdown]
# Rules make a race fair. Each update tries the same 21 learning rates, from 0.001 to 10, and its best one counts, which must not lie at an end of the list.
# **A rate is out if it first throws the cost up**, by more than a quarter above that of the start. And we count the steps until the cost *stays* below a target.
# Without these rules RMSProp "wins" the valley in a few
# steps, at the largest rate of all: its long first step throws $w$ far up the walls, and the huge gradient found there makes $s$ a good guess of the
# curvatures. A network would diverge there.
#
# Each walk has 100 starts at once, and its cost is their mean. In the noisy bowl, the mean cost of the last 100 of 300 steps counts.

# %%
RATES = np.geomspace(0.001, 10, 21)
# all around the bowl
rounds = np.random.default_rng(3).normal(size=(100, 2)) * 2
floors = rounds * [3, 0.3]  # along the valley
# above the lowest cost
TARGETS = {"valley": 1, "turned valley": 1, "saddle": 0.05}


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
    if costs.max() > 1.25 * costs[0]:
        return np.inf
    if ground not in TARGETS:
        return costs[-100:].mean()
    return steps_to(costs, TARGETS[ground])


# %%
best, ends = {}, []
for ground in grounds():
    best[ground] = {}
    for name in FOUR:
        scores = [score(ground, costs_on(ground, name, lr)) for lr in RATES]
        place = int(np.argmin(scores))
        best[ground][name] = scores[place], RATES[place]
        ends.append(inside(place, len(RATES)))
print("steps at the best rate (in the noisy bowl the cost)")
print(" " * 13, "".join(f"{name:>16}" for name in FOUR))
for ground, of_four in best.items():
    told = [f"{value:.3g} at {lr:.2g}" for value, lr in of_four.values()]
    print(f"{ground:<13}", "".join(f"{text:>16}" for text in told))
thrown = costs_on("valley", "RMSProp", 10)
stays = "stays" if np.isfinite(steps_to(thrown, 1)) else "does not stay"
print(
    f"without the rules: RMSProp at lr 10 rises to {thrown.max():.0e},\n"
    f"is below 1 after {np.argmax(thrown < 1)} steps, and {stays} there"
)

# %%
plots.race(
    {
        ground: {
            name: costs_on(ground, name, lr)[:151]
            for name, (_, lr) in of_four.items()
        }
        for ground, of_four in best.items()
    }
)
scores = {
    ground: {name: value for name, (value, _) in of_four.items()}
    for ground, of_four in best.items()
}
chosen = {
    name: [best[ground][name][1] for ground in TARGETS] for name in FOUR
}
spread = {name: max(lrs) / min(lrs) for name, lrs in chosen.items()}
behind = {
    name: max(
        scores[ground][name] / min(scores[ground].values())
        for ground in TARGETS
    )
    for name in FOUR
}

# %%
straight, slanted = scores["valley"], scores["turned valley"]
claim(
    "of 16 best rates none lies at an end of the list",
    np.array(ends),
    equal=16,
)
claim(
    "without the rule, RMSProp's cost first rises over 1000 times",
    thrown.max() / thrown[0],
    above=1000,
    form=".0e",
)
claim(
    "the turn makes no difference to momentum: ratio of the steps",
    slanted["momentum"] / straight["momentum"],
    between=(0.9, 1.1),
    form=".2f",
)
claim(
    "but Adam needs over 1.2 times the steps",
    slanted["Adam"] / straight["Adam"],
    above=1.2,
    form=".2f",
)
claim(
    "turned, each of the others needs over 1.15 times the steps of momentum",
    min(slanted[name] for name in FOUR if name != "momentum")
    / slanted["momentum"],
    above=1.15,
    form=".2f",
)
claim(
    "in both valleys momentum and Adam need under 2/3 of the steps of "
    "gradient descent",
    max(
        s[name] / s["gradient descent"]
        for s in (straight, slanted)
        for name in ("momentum", "Adam")
    ),
    below=2 / 3,
    form=".2f",
)
claim(
    "in the turned valley RMSProp is slower than gradient descent: ratio of "
    "the steps",
    slanted["RMSProp"] / slanted["gradient descent"],
    above=1.1,
    form=".2f",
)
claim(
    "in the straight valley RMSProp needs under 4/5 of the steps",
    straight["RMSProp"] / straight["gradient descent"],
    below=0.8,
    form=".2f",
)
claim(
    "started next to a saddle point, the two that divide by the gradient's "
    "size need under half the steps of the others",
    max(scores["saddle"][name] for name in ("RMSProp", "Adam"))
    / min(
        scores["saddle"][name] for name in ("gradient descent", "momentum")
    ),
    below=0.5,
    form=".2f",
)
claim(
    "in the noisy bowl no memory halves the cost that gradient descent "
    "gets to",
    min(scores["noisy bowl"].values())
    / scores["noisy bowl"]["gradient descent"],
    above=0.5,
    form=".2f",
)
claim(
    "on no ground without noise does Adam need over 2.5 times the steps of "
    "the fastest",
    behind["Adam"],
    at_most=2.5,
    form=".1f",
)
claim(
    "each of the other three needs over 2.5 times the steps on some ground",
    np.array([behind[name] > 2.5 for name in list(FOUR)[:3]]),
    equal=3,
)
claim(
    "Adam's best rates on the grounds without noise lie closer together than "
    "those of gradient descent: ratio of the two spreads",
    spread["Adam"] / spread["gradient descent"],
    below=0.5,
    form=".2f",
)

# %% [markdown]
# No update is the fastest everywhere. Along an axis Adam is about as fast as momentum. Momentum does not notice the turn, Adam does, and RMSProp falls behind plain descent. On the saddle the gradients are tiny. They do not slow down an update that divides by their size. (The start was put there on purpose; lesson 13 starts at random.)
# In the noisy bowl none gets much lower than the others: what helps there is a learning rate that falls (lesson 14).
#
# On most of these grounds another one is faster than Adam. But on its worst ground it is less far behind than each of the others on theirs. Its best rates lie close together, because its steps have about the length $\alpha$ by themselves.
#
# ## Four updates learn to read digits
#
# Now 3 466 parameters instead of two: 600 digits for training, the rest for testing. To train many networks at once, we use the optimisers of
# `nnutils`, which are your updates, written to be fast. Each of the four tries rates on 4 seeds, then races with its best on 12 others. A seed means initial weights and an order of batches of its
# own. What counts is the epoch in which the training loss is below 0.1 first.

# %%
X, y = digits()
order = np.random.default_rng(20).permutation(len(X))
train, test = ((X[rows], y[rows]) for rows in (order[:600], order[600:]))
target = 0.1
octave = 2.0 ** (np.arange(-7, 5) / 2)  # 12 rates, from 1/11 to 4 times
CONTESTANTS = {
    "gradient descent": (SGD, [{"lr": 0.5 * k} for k in octave]),
    "momentum": (Momentum, [{"lr": 1.5 * k} for k in octave]),
    "RMSProp": (
        RMSProp,
        [{"lr": 0.008 * k, "beta": 0.99} for k in octave],
    ),
    "Adam": (Adam, [{"lr": 0.03 * k} for k in octave]),
}
TRIALS, SEEDS = range(100, 104), range(12)

# %%
tried, races, tuning, ends = {}, {}, {}, []
for name, (make, settings) in CONTESTANTS.items():
    tried[name] = train_many(make, settings, TRIALS, train, test)
    epochs = epochs_to(tried[name][0], target).mean(axis=1)
    place = int(np.argmin(epochs))
    tuning[name] = [setting["lr"] for setting in settings], epochs
    ends.append(inside(place, len(settings)))
    races[name] = train_many(make, [settings[place]], SEEDS, train, test)[0][
        0
    ]
needed = {name: epochs_to(runs, target) for name, runs in races.items()}
plots.digits_race(tuning, races, target)
for name, epochs in needed.items():
    print(
        f"{name:<17} {epochs.mean():4.1f} epochs "
        f"({epochs.min()} to {epochs.max()})"
    )

# %%
mean_epochs = {name: epochs.mean() for name, epochs in needed.items()}
claim(
    "on digits, too, no best rate lies at an end of its list",
    np.array(ends),
    equal=4,
)
claim(
    "Adam needs under 3/4 of the epochs of gradient descent (means of 12)",
    mean_epochs["Adam"] / mean_epochs["gradient descent"],
    below=0.75,
    form=".2f",
)
claim(
    "momentum needs under 4/5 of them",
    mean_epochs["momentum"] / mean_epochs["gradient descent"],
    below=0.8,
    form=".2f",
)
claim(
    "RMSProp needs over 1.5 epochs more than Adam",
    mean_epochs["RMSProp"] - mean_epochs["Adam"],
    above=1.5,
    form=".1f",
)
claim(
    "Adam and momentum lie within 4 epochs of each other",
    abs(mean_epochs["Adam"] - mean_epochs["momentum"]),
    below=4,
    form=".1f",
)

# %% [markdown]
# Each curve on the left has a lowest point: with a smaller rate training is slow, with a much larger one it fails. So "Adam's rate needs no tuning", as one sometimes reads, is too much: its curve has
# two steep sides, too. What Adam has is a usual first try: 0.001 in Keras, somewhat more for networks as small as this one. Andrew Ng's advice is to tune $\alpha$ and to leave
# $\beta_1$, $\beta_2$ and $\varepsilon$ as they are. Is it right here? Change one at a time.

# %%
usual = {"lr": 0.03, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
changes = {
    "usual": {},
    "lr / 8": {"lr": 0.03 / 8},
    "lr * 8": {"lr": 0.03 * 8},
    "beta1 = 0.8": {"beta1": 0.8},
    "beta1 = 0.95": {"beta1": 0.95},
    "beta2 = 0.95": {"beta2": 0.95},
    "beta2 = 0.9999": {"beta2": 0.9999},
    "eps = 1e-10": {"eps": 1e-10},
    "eps = 1e-6": {"eps": 1e-6},
}
changed = [usual | change for change in changes.values()]
losses, _ = train_many(Adam, changed, range(6), train, test)
epochs = dict(
    zip(changes, epochs_to(losses, target).mean(axis=1), strict=True)
)
for name, count in epochs.items():
    print(f"{name:<15} {count:4.1f} epochs")
claim(
    "a rate 8 times as small or as large costs over 5 epochs",
    min(epochs["lr / 8"], epochs["lr * 8"]) - epochs["usual"],
    above=5,
    form=".1f",
)
claim(
    "each of the other six changes costs less than 3",
    max(list(epochs.values())[3:]) - epochs["usual"],
    below=3,
    form=".1f",
)

# %% [markdown]
# It is right. In other tasks people do change them: large language models are often trained with $\beta_2 = 0.95$ (Brown et al. 2020), which forgets a burst of large gradients sooner.
#
# ## Fast, but good on new examples?
#
# So far we counted epochs of *training* loss. Wilson et al. (2017) tuned rates and found that gradient descent and momentum were better than adaptive updates **on new data**. They also built a problem where the difference is
# extreme. A linear model has far more weights than examples. Feature 0 is the label itself. Features 1 and 2 are always 1. All other features belong to one
# training example alone. Most training labels are $+1$, and half of the new ones.

# %% tags=["predict"]
what_mends_it

# %%
EPSILONS = [1e-8, 1e-6, 1e-4, 1e-2, 1.0, 100.0]
SHARES = (0.02, 0.06, 0.2)
by_momentum = [{"lr": lr} for lr in (0.1, 0.3, 1.0, 3.0)]
by_adam = [
    {"lr": share * (eps + 0.1), "eps": eps}
    for eps in EPSILONS
    for share in SHARES
]
other_memory = [{"lr": 0.01, "beta2": beta} for beta in (0.9, 0.99, 0.9999)]
found = {"momentum": [], "Adam": [], "beta2": []}
for seed in range(5):
    data = unique_features(60, np.random.default_rng(seed))
    for name, make, settings in (
        ("momentum", Momentum, by_momentum),
        ("Adam", Adam, by_adam),
        ("beta2", Adam, other_memory),
    ):
        found[name].append(fit_lines(make, settings, data))
cost, error = {}, {}
for name, runs in found.items():
    cost[name], error[name] = np.mean(runs, axis=0)
by_eps = error["Adam"].reshape(len(EPSILONS), len(SHARES))
usual_eps, large_eps = by_eps[0], by_eps[-2:]
for eps, errors in zip(EPSILONS, by_eps, strict=True):
    print(f"eps {eps:<6g} error on new examples {errors.round(0)} %")

# %%
mends = [usual_eps.min() < 5, error["beta2"].min() < 5, large_eps.max() < 5]
measured("what_mends_it", "abcd"[mends.index(True) if any(mends) else 3])
claim(
    "all settings fit the training examples: the largest cost",
    max(np.max(costs) for costs in cost.values()),
    below=0.01,
)
claim(
    "momentum is right on all new examples, at each of 4 rates",
    error["momentum"].max(),
    below=1,
    form=".0f",
)
claim(
    "Adam with its usual eps is wrong on over 40 %, at each of 3 rates",
    usual_eps.min(),
    above=40,
    form=".0f",
)
claim(
    "another beta2 does not help: the lowest error",
    error["beta2"].min(),
    above=40,
    form=".0f",
)
claim(
    "Adam with an eps of 1 or more is right on all",
    large_eps.max(),
    below=1,
    form=".0f",
)

# %% [markdown]
# Why? Adam gives every weight steps of one length, so the two constant features get as much weight as the one that knows the answer. Together they are stronger than it, and
# every new example is called $+1$. Gradient descent spreads its weights in
# proportion to the gradients. But with a large $\varepsilon$ nothing is scaled any more, and Adam becomes momentum, with the rate $\alpha/\varepsilon$.
#
# That is the argument of Choi et al. (2019): an update that contains another one as a special case cannot be worse, **if all its settings are tuned**. They tuned $\varepsilon$, too, and on their tasks Adam was never
# behind momentum. Which update was best in earlier papers depended on what had been tuned. So give each method the same number of trials on digits: 12 rates for momentum, 12 rates for Adam, and 4 rates with 3
# $\varepsilon$, from Adam's usual one to one with which it is momentum. The setting with the lowest test error on four seeds is reported on twelve others.

# %%
with_eps = [
    {"lr": share * (2 * eps + 0.02), "eps": eps}
    for eps in (1e-8, 0.01, 1.0)
    for share in (0.15, 0.5, 1.5, 5)
]
tried["Adam, eps tuned"] = train_many(Adam, with_eps, TRIALS, train, test)
plans = {name: CONTESTANTS[name] for name in ("momentum", "Adam")}
plans["Adam, eps tuned"] = Adam, with_eps
new, ends = {}, []
for name, (make, settings) in plans.items():
    place = int(tried[name][1].mean(axis=1).argmin())
    best_setting = settings[place]
    count = 4 if "eps" in name else 12  # rates
    ends.append(inside(place % count, count))
    new[name] = train_many(make, [best_setting], SEEDS, train, test)[1][0]
    shown = ", ".join(f"{k} {v:.2g}" for k, v in best_setting.items())
    print(f"{name:<16} {new[name].mean():.1f} % wrong at {shown}")
plots.new_examples(EPSILONS, by_eps, error["momentum"].max(), new)
means = [np.mean(runs) for runs in new.values()]
claim(
    "none of the three best rates lies at an end of its list",
    np.array(ends),
    equal=3,
)
claim(
    "on digits the three test errors lie within 2 points",
    max(means) - min(means),
    below=2,
    form=".1f",
)
claim(
    "with eps tuned, Adam is at most 1.5 points behind momentum",
    means[2] - means[0],
    at_most=1.5,
    form=".1f",
)

# %% [markdown]
# Both sides are right about what they measured. There are problems on which Adam's scaling leads to a worse solution, and a fair comparison tunes both equally. In practice transformers are
# mostly trained with a relative of Adam (lesson 13), and picture networks often with momentum.
#
# ## The same in Keras
#
# The formulas are the same everywhere, but the conventions are not. $\varepsilon$ is the one of this lesson, $\varepsilon'$ the number
# that you give to Keras:
#
# | method | this course | Keras | PyTorch |
# |---|---|---|---|
# | momentum | $v = \beta v + (1-\beta) g$, step $\alpha v$ | $v = \beta v - \alpha g$, step $-v$ | $v = \beta v + g$, step $\alpha v$ |
# | RMSProp | $\sqrt{s} + \varepsilon$ | $\sqrt{s + \varepsilon'}$, with $\varepsilon' = 10^{-7}$ | $\sqrt{s} + \varepsilon$, with $\beta = 0.99$ |
# | Adam | $\sqrt{\hat v} + \varepsilon$ | $\sqrt{v} + \varepsilon'$ before the correction, $\varepsilon' = \varepsilon\sqrt{1-\beta_2^t}$ | as here |
#
# Many texts write momentum as $m = \beta m + \alpha g$ and subtract $m$; that is Keras' form with the other sign. In these classic forms the rate is ours times $1 - \beta$, so the
# stable region reads $\alpha < 2(1 + \beta)/\lambda$: at most twice the rate of gradient descent, each step adding to those before.
#
# For Adam, Keras needs an $\varepsilon'$ that changes with $t$. For RMSprop no $\varepsilon'$ matches exactly; both are made so small here that they only prevent 0 / 0. With that, 100 steps from the
# same weights, each on the first 600 digits:

# %%
import keras
from keras import optimizers as of_keras

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
        momentum(0.1), 1, keras_walk(of_keras.SGD(0.1, momentum=0.9))
    ),
    "SGD": difference(
        momentum(0.1),
        1,
        keras_walk(of_keras.SGD(0.1 * (1 - 0.9), momentum=0.9)),
    ),
    "RMSprop": difference(
        rmsprop(0.001, eps=1e-15),
        1,
        keras_walk(of_keras.RMSprop(0.001, rho=0.99, epsilon=1e-30)),
    ),
    "Adam": difference(
        adam(0.001), 2, keras_walk(of_keras.Adam(0.001), adam_eps=1e-8)
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
# - On the saddle, start at $w_1 = 0$ exactly, then at 0.1. Which of them leave the saddle only with this push?
# - In the noisy bowl, raise the second learning rate. What happens at the end of the curves?

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
beta_near_one

# %% tags=["quiz"]
large_eps

# %% tags=["quiz"]
which_weights

# %% [markdown]
# ## Papers to read
#
# - Polyak (1964), *Some methods of speeding up the convergence of iteration methods*, USSR Computational Mathematics and Mathematical Physics,
#   [doi:10.1016/0041-5553(64)90137-5](https://doi.org/10.1016/0041-5553%2864%2990137-5). The heavy ball: where momentum comes from, with the proof
#   of what it gains in a valley.
# - Goh (2017), *Why momentum really works*, Distill, [doi:10.23915/distill.00006](https://doi.org/10.23915/distill.00006). The same with pictures
#   to move; the best hour on momentum.
# - Tieleman & Hinton (2012), *Lecture 6.5: rmsprop*, Coursera. RMSProp was never a paper, only this slide.
# - Kingma & Ba (2015), *Adam: a method for stochastic optimization*, ICLR, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980). Algorithm 1 is your
#   exercise; section 3 is the bias correction.
# - Wilson et al. (2017), *The marginal value of adaptive gradient methods in machine learning*, NeurIPS,
#   [arXiv:1705.08292](https://arxiv.org/abs/1705.08292). Section 3.3 is the problem with the unique features.
# - Choi et al. (2019), *On empirical comparisons of optimizers for deep learning*, [arXiv:1910.05446](https://arxiv.org/abs/1910.05446). What
#   changes when everything is tuned.
# - Brown et al. (2020), *Language models are few-shot learners*, NeurIPS, [arXiv:2005.14165](https://arxiv.org/abs/2005.14165). Appendix B has
#   Adam's settings for GPT-3.

# %% [markdown]
# ## What you can do now
#
# An optimiser should remember which way the gradients agree (momentum) and how large they usually are (RMSProp); Adam does both, corrected.
# You have derived its unit, written and repaired it, mapped where momentum is stable, and measured that no update is the fastest on every ground, that on digits momentum and Adam are both well ahead of plain descent, and
# that the result on new data depends on what was tuned. Next: [lesson 13](13_more_optimizers.ipynb), the optimisers of today.
