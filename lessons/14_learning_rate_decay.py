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
# # Learning rate decay
#
# A large learning rate gets near the minimum quickly and never settles there. A small one gets much closer, but needs very long to
# arrive. So why use one number for the whole run? How should the rate change, and how much does that help?
#
# **Takes** about 90 minutes · **Before this** lessons 10 (mini-batches), 11 (averages) and 12 (momentum, Adam)
#
# **You will**
# - derive how high above the minimum a constant rate stays, and how far the weights can get with a falling one,
# - write seven tools: schedules with and without a known end, and the range test that finds the first rate,
# - repair a training whose schedule is asked in the wrong units,
# - compare thirteen schedules at equal length, and find out which part of each does the work.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.averages import ewma_bias_corrected, weight_average
from nnutils.data import digits
from nnutils.lessons.learning_rate_decay import plots
from nnutils.lessons.learning_rate_decay.explorer import schedule_designer
from nnutils.lessons.learning_rate_decay.given import (
    Entry,
    heights,
    side_by_side,
)
from nnutils.network import dense_network
from nnutils.optimizers import Adam, Momentum
from nnutils.splits import shuffle_split
from nnutils.training import fit, fit_many

# %% [markdown]
# ## Why a constant rate hovers
#
# The gradient of a mini-batch is the true gradient plus noise. Near the minimum the true gradient is almost 0, but the noise is
# not, and the learning rate is what it was. So the weights never come to rest: the cost **hovers** above its least value. How high?
#
# Take the simplest case, a bowl $J(w) = \frac12 \lambda w^2$ with the **curvature** $\lambda$ (lesson 06). Its gradient $\lambda w$ is seen with noise of standard deviation
# $\sigma$, drawn anew in each step:
#
# $$w \leftarrow w - \alpha\, (\lambda w + \sigma n), \qquad n \text{ with mean 0 and variance 1}$$

# %% tags=["predict"]
how_much_higher

# %% [markdown]
# **Your task.** Derive the mean cost after very many steps. Ask what one step does to the mean of $w^2$. When the walk hovers, a step
# does not change this mean any more.

# %% tags=["exercise"]
hover_height

# %% [markdown]
# Now 1000 walks at once from $w = 5$, with three constant rates, and with one that falls.


# %%
def mean_costs(rate_of, steps=800, walks=1000):
    rng, w, costs = np.random.default_rng(0), np.full(walks, 5.0), []
    for t in range(steps):
        costs.append(np.mean(w**2 / 2))
        w = w - rate_of(t) * (w + rng.normal(0, 1, size=walks))
    return np.array(costs)


constant = (0.5, 0.1, 0.02)
costs = {f"constant {lr}": mean_costs(lambda t, lr=lr: lr) for lr in constant}
costs["0.5 / (1 + t / 4)"] = mean_costs(lambda t: 0.5 / (1 + t / 4))
derived = np.array([hover_height(lr, 1, 1) for lr in constant])
plots.hovering(costs, derived)
ends = np.array([cost[-300:].mean() for cost in costs.values()])
measured("how_much_higher", round(ends[0] / ends[1], 1))

# %%
claim(
    "three rates hover at the heights that you derived, within 10 %",
    np.abs(ends[:3] / derived - 1).max(),
    below=0.1,
    form=".1%",
)
claim(
    "the falling rate ends below half of the lowest of them",
    ends[3] / ends[:3].min(),
    below=0.5,
    form=".2f",
)

# %% [markdown]
# For small rates the height is in proportion to the rate, and to the variance of the noise. So a larger batch lowers it, too: some raise the batch size
# instead of lowering the rate (S. Smith et al. 2018). Close to $\alpha \lambda = 2$, where descent diverges, it grows beyond all bounds. Of the constant rates, the smallest one gets lowest, but it needs very long. The falling rate is fast at first, and ends lowest of all.
#
# Real data have other noise and many curvatures. Does the rule hold there? Softmax regression on 400 digits with a penalty, so that the least cost
# is not 0 (lesson 10 showed that a network which fits every example does *not* hover: then no gradient is left). Its least cost is known from plain descent.

# %%
X, y = digits()


def sets(seed):
    """Training and dev set, 70 and 30 %."""
    return shuffle_split(X, y, (0.7, 0.3), np.random.default_rng(seed))


above = []
for seed in range(3):
    (X_train, y_train), _ = sets(seed)
    above.append(heights((X_train[:400], y_train[:400]), (0.1, 0.2), seed))
print("heights:", np.mean(above, axis=0).round(4))
claim(
    "on digits, twice the rate hovers about twice as high, mean of 3 seeds",
    np.mean([two / one for one, two in above]),
    between=(1.4, 2.8),
    form=".1f",
)

# %% [markdown]
# ## Three schedules that fall
#
# **Exponential decay** takes the same share away in each period of $k$ epochs. Smoothly, or as a **staircase** in which only whole periods count:
#
# $$\alpha = \alpha_0 \cdot \text{base}^{\,\text{epoch} / k} \qquad\qquad \alpha = \alpha_0 \cdot \text{base}^{\,\lfloor \text{epoch} / k \rfloor}$$
#
# For example, base $0.1$ and $k = 20$: ten times smaller every 20 epochs.
#
# **Your task.** Return the rate of an epoch, in both ways.

# %% tags=["exercise"]
exponential_decay

# %% [markdown]
# **Power decay** falls ever more slowly. With $c = 1$ it is **inverse time decay**, often written $\alpha_0 / (1 + \text{rate} \cdot \text{epoch})$; with $c = \frac12$
# it falls as $1/\sqrt{t}$, as much theory asks.
#
# $$\alpha = \frac{\alpha_0}{(1 + \text{step} / s)^{\,c}}$$
#
# **Your task.** Return the rate of a step.

# %% tags=["exercise"]
power_decay

# %% [markdown]
# **Piecewise constant** is what people did by hand, and many papers still do: 0.1 up to here, then 0.01, then 0.001. It needs boundaries
# $b_1 < b_2 < \dots$ and one value more than boundaries. At a boundary itself the earlier value still holds, as in Keras.
#
# **Your task.** Return the value that holds at a step.

# %% tags=["exercise"]
piecewise_constant

# %% [markdown]
# ## How far can the weights get?
#
# A falling rate settles. But it can also stop before it has reached the minimum. Suppose that no gradient is longer than 1, because it is clipped (lesson 09).

# %% tags=["predict"]
how_far

# %% [markdown]
# **Your task.** Derive how far from their start the weights can get, for any schedule.

# %% tags=["exercise"]
reach

# %% [markdown]
# The slope $J = |w|$ has a gradient of length 1 everywhere. The walk below begins 15 away from its minimum.


# %%
falling = {
    "exponential": lambda t: exponential_decay(0.1, 0.99, t),
    "power, c = 1": lambda t: power_decay(0.1, t, 100, 1),
    "power, c = 0.5": lambda t: power_decay(0.1, t, 100, 0.5),
}


def distances(rate_of, start=15.0, steps=800):
    w, seen = start, []
    for t in range(steps):
        seen.append(abs(w))
        w = w - rate_of(t) * np.sign(w)
    return np.array(seen)


left = {name: distances(rate_of) for name, rate_of in falling.items()}
plots.distances(left)
print("reach in           1 000     100 000 steps     sum of squares")
for name, rate_of in falling.items():
    short, far = reach(rate_of, 1000), reach(rate_of, 100_000)
    squares = reach(lambda t, f=rate_of: f(t) ** 2, 100_000)
    print(f"{name:<15} {short:8.1f} {far:11.1f} {squares:24.2f}")

# %%
farthest = reach(falling["exponential"], 100_000)
measured("how_far", round(farthest, 1))
claim(
    "the exponential rate never gets farther than 0.1 / (1 - 0.99)",
    farthest,
    between=(9.99, 10.01),
)
claim(
    "so this walk stops about 5 before the minimum",
    left["exponential"][-1],
    between=(4.9, 5.1),
)
claim(
    "the two powers arrive: both are nearer than 0.1 at the end",
    max(left[name][-1] for name in [*falling][1:]),
    below=0.1,
    form=".3f",
)

# %% [markdown]
# Robbins and Monro (1951) studied noisy steps towards one unknown number. Two conditions go back to them under which such steps arrive, and which are used for noisy gradients, too: $\sum \alpha_t = \infty$, so that they can reach
# the minimum from every start, and $\sum \alpha_t^2 < \infty$, so that the noise dies out. Exponential decay violates the first. The power $c = \frac12$
# violates the second, if only just, and still settles here. The power $c = 1$ keeps both.
#
# ## A schedule that watches the dev loss
#
# These schedules are fixed before the run. The next one watches the dev loss (**performance scheduling**). As long as it improves, keep the rate. When it has not improved
# for some epochs (the **patience**), multiply the rate by a factor. This is a program, not a formula:
#
# - after each epoch, compare its loss with the best so far; if it is below, the count of epochs without improvement
#   is 0 again, else it grows by 1,
# - when the count reaches the patience, cut the rate, *from the next epoch on*, and start the count again. The best loss stays.
#
# PyTorch's `ReduceLROnPlateau` cuts one epoch later, when the count *exceeds* the patience; Keras' cuts as here.
#
# **Your task.** Given the losses of all epochs, return the list of rates during each of them.

# %% tags=["exercise"]
reduce_on_plateau

# %% [markdown]
# ## When the end is known
#
# Most runs of today have a fixed length. Then the rate can end at 0 just when the run ends. The simplest schedule is a straight line,
# $\alpha_\text{max} (1 - t/T)$. The most common one is a **cosine** (Loshchilov and Hutter 2017), behind a linear **warm-up** of $S$ steps:
#
# $$\alpha_t = \alpha_\text{max} \frac{t + 1}{S} \quad (t < S)$$
#
# $$\alpha_t = \alpha_\text{min} + \frac{\alpha_\text{max} - \alpha_\text{min}}{2} \left(1 + \cos \pi \frac{t - S}{T - S}\right) \quad (S \le t \le T)$$
#
# **Your task.** Return the rate of a step. After step $T$ it stays at $\alpha_\text{min}$. `warmup=0` must work, too: it is the cosine without a rise.

# %% tags=["exercise"]
warmup_cosine

# %% [markdown]
# **1cycle** (Smith 2018) rises for about half of the run. Its cycle takes the first $C = (1 - \text{tail}) \cdot T$ steps. In it, the rate goes in a straight line from a low value
# $\alpha_\text{low} = \text{start} \cdot \alpha_\text{max}$ up to $\alpha_\text{max}$ and back again. In the tail, it goes from there to 0:
#
# $$\alpha_t = \alpha_\text{low} + (\alpha_\text{max} - \alpha_\text{low}) \left(1 - \left|\frac{2t}{C} - 1\right|\right) \quad (t \le C)$$
#
# $$\alpha_t = \alpha_\text{low} \frac{T - t}{T - C} \quad (t > C)$$
#
# Smith begins at about a tenth of the top and lets the momentum go the other way: from 0.95 down to 0.85 in the middle, and up again.
# With `start=0` and `tail=0` the rest is a **triangle**, which many call one-cycle.
#
# **Your task.** Return the rate of a step.

# %% tags=["exercise"]
one_cycle

# %%
EPOCHS, BATCH = 8, 16
PER_EPOCH = int(np.ceil(len(sets(0)[0][1]) / BATCH))  # steps
STEPS = EPOCHS * PER_EPOCH


def momentum_of_cycle(t):
    cycle = 0.9 * STEPS
    return 0.95 - 0.10 * one_cycle(min(t, cycle), cycle, 1)


known_end = {
    "line": lambda t: 1 - t / STEPS,
    "warm-up, cosine": lambda t: warmup_cosine(t, STEPS // 10, STEPS, 1),
    "triangle": lambda t: one_cycle(t, STEPS, 1),
    "1cycle": lambda t: one_cycle(t, STEPS, 1, start=0.1, tail=0.1),
}
no_end = {
    "exponential": lambda e: exponential_decay(1, 0.4, e, 5),
    "staircase": lambda e: exponential_decay(1, 0.4, e, 5, staircase=True),
    "inverse time": lambda e: power_decay(1, e, 5, 1),
    "power, c = 0.5": lambda e: power_decay(1, e, 5, 0.5),
    "by hand": lambda e: piecewise_constant([10, 20], [1, 0.3, 0.1], e),
}
epochs = np.arange(0, 30, 0.1)
plots.schedules(
    epochs,
    {name: [f(e) for e in epochs] for name, f in no_end.items()},
    {name: [f(t) for t in range(STEPS)] for name, f in known_end.items()},
    [momentum_of_cycle(t) for t in range(STEPS)],
)

# %% [markdown]
# ## By epoch, or by step?
#
# A schedule can be asked for its rate once an epoch or once a step, and its numbers can be counted in epochs or in steps. This is where it goes wrong most
# often, and nothing fails: the loss falls, only more slowly.
#
# **Your task.** A colleague's training runs, and the rates are not those of the docstring. Four things are wrong. Repair it.

# %% tags=["exercise"]
scheduled_descent

# %% [markdown]
# Two such mistakes, or slips, on digits: a triangle that is asked once an epoch, and a decay for epochs that is asked once a step. The network has two hidden
# layers of 32, momentum, and batches of 16. Five seeds, each with its own start. `fit` keeps the rate of every step.


# %%
def run(schedule, by):
    networks = [dense_network([64, 32, 32, 10], rng=s) for s in range(5)]
    settings = {"epochs": EPOCHS, "batch_size": BATCH, "measure": False}
    settings |= {"schedule": schedule, "schedule_by": by}
    return fit_many(networks, *sets(0)[0], Momentum(), **settings)


runs = {
    "triangle, by step": run(lambda t: one_cycle(t, STEPS, 0.4), "step"),
    "triangle, by epoch": run(lambda e: one_cycle(e, EPOCHS, 0.4), "epoch"),
    "decay, by epoch": run(lambda e: power_decay(0.4, e, 5, 1), "epoch"),
    "decay, by step": run(lambda t: power_decay(0.4, t, 5, 1), "step"),
}
losses = {name: np.array(history.loss).T for name, history in runs.items()}
plots.rates_and_losses(
    {name: history.step_lrs for name, history in runs.items()}, losses
)
final = {name: loss[:, -1].mean() for name, loss in losses.items()}

# %%
claim(
    "asked by epoch, the triangle spends the whole first epoch at the rate 0",
    max(runs["triangle, by epoch"].step_lrs[:PER_EPOCH]),
    equal=0.0,
)
claim(
    "asked by step, the decay has lost over 90 % of its rate in one epoch",
    1 - runs["decay, by step"].step_lrs[PER_EPOCH] / 0.4,
    above=0.9,
    form=".0%",
)
claim(
    "this slip leaves over twice the training loss, mean of 5 seeds",
    final["decay, by step"] / final["decay, by epoch"],
    above=2,
    form=".1f",
)

# %% [markdown]
# The right panel alone does not tell what is wrong: a network that is too small could have such a loss, too. The left panel
# shows it at once. **Plot the rates that were really used.**
#
# ## Which rate to begin with?
#
# Every schedule needs a first or largest rate. The **range test** (Smith 2017) finds its size in about a hundred steps: begin with a tiny rate, and multiply it in
# each step. (Smith's rate rises in a straight line; later tools multiply it, and so do we.) At first nothing happens, then the loss falls, then it rises or explodes. Near the lowest loss it is too late; a tenth of that rate is a common choice.
#
# **Your task.** Write it. The loss of one batch is noisy, so smooth the losses first (lesson 11). Stop where the smoothed loss is no longer finite, or above
# four times its lowest value until then.

# %% tags=["exercise"]
suggest_lr

# %% [markdown]
# Three tasks, one test: the network of before with momentum, the same one with Adam, and twenty hidden layers with Adam.


# %%
tested = np.geomspace(1e-4, 10, 100)


def range_test(seed, optimizer, hidden=(32, 32), activation="relu"):
    """The losses of 100 steps with rising rates."""
    sizes = [64, *hidden, 10]
    network = dense_network(sizes, activation=activation, rng=seed)
    settings = {"batch_size": BATCH, "rng": seed, "measure": False}
    settings |= {
        "schedule": lambda t: tested[min(t, 99)],
        "schedule_by": "step",
    }
    with np.errstate(all="ignore"):  # it ends in inf
        history = fit(
            network, *sets(seed)[0], optimizer, epochs=2, **settings
        )
    return np.array(history.step_losses[:100])


DEEP = {"hidden": (32,) * 20, "activation": "elu"}
tests = {
    "momentum, 2 hidden layers": [
        range_test(s, Momentum()) for s in range(12)
    ],
    "Adam, 2 hidden layers": [range_test(s, Adam()) for s in range(12)],
    "Adam, 20 hidden layers": [
        range_test(s, Adam(), **DEEP) for s in range(4)
    ],
}
suggested = {
    name: np.array([suggest_lr(tested, losses, 0.9) for losses in seeds])
    for name, seeds in tests.items()
}
middle = {name: np.median(rates) for name, rates in suggested.items()}
plots.range_tests(
    tested,
    {name: ewma_bias_corrected(t[0], 0.9) for name, t in tests.items()},
    {name: rates[0] for name, rates in suggested.items()},
)

# %%
shallow, adam, deep = middle.values()
claim(
    "momentum bears a rate over 5 times that of Adam, medians of the tests",
    shallow / adam,
    above=5,
    form=".0f",
)
claim(
    "with Adam, twenty layers bear less than a third of what two bear",
    deep / adam,
    below=1 / 3,
    form=".2f",
)

# %% [markdown]
# ## Thirteen schedules at equal length
#
# Now the comparison. All ways get the same 8 epochs of the same network. Each seed has its own split, start and order. For each way, five top
# rates (the largest rate of the schedule) are tried on four seeds; with the best one, twenty other seeds decide. So no way has a longer run or a better choice of its rate.
#
# The controls are there: a **line** and a **cosine** without a rise; 1cycle with constant momentum; and **inverse time** twice, as it is, and so fast that it
# ends at 1 % of its top. One more way keeps its rate constant and averages its *weights*, with `weight_average` of lesson 11.

# %% tags=["predict"]
what_the_rise_brings

# %%
shares = {
    "constant": lambda t: 1,
    "inverse time": lambda t: power_decay(1, t / PER_EPOCH, 5, 1),
    "inverse time to 1 %": lambda t: power_decay(1, t, STEPS / 99, 1),
    "exponential to 1 %": lambda t: exponential_decay(1, 0.01, t, STEPS),
    "by hand: 1, 0.1, 0.01": lambda t: piecewise_constant(
        [STEPS / 2, 3 * STEPS / 4], [1, 0.1, 0.01], t
    ),
    "line, no rise": known_end["line"],
    "cosine, no rise": lambda t: warmup_cosine(t, 0, STEPS, 1),
    "warm-up, cosine": known_end["warm-up, cosine"],
    "triangle": known_end["triangle"],
    "1cycle, constant momentum": known_end["1cycle"],
}
knows_the_end = [*[*shares][2:], "1cycle"]


def by_plateau(seen):
    """The share in the coming epoch. It does not depend on the loss of that
    epoch, so any number may stand for it."""
    return reduce_on_plateau([*seen, 0.0], 1, 0.3, 2)[-1]


def averaged(average, weights, step):
    return weight_average(average, weights, 0.99, step)


ways = {name: Entry(share=share) for name, share in shares.items()}
ways["1cycle"] = Entry(share=known_end["1cycle"], beta=momentum_of_cycle)
ways["plateau"] = Entry(watch=by_plateau)
ways["constant, weights averaged"] = Entry(average=averaged)


def compare(tops, seed, epochs=EPOCHS):
    """The dev losses at the end: name → one for each of its tops."""
    settings = {"epochs": epochs, "batch_size": BATCH}
    chosen = {name: ways[name] for name in tops}
    done = side_by_side(
        chosen, tops, sets(seed), seed, Momentum(), **settings
    )
    return {name: runs.loss for name, runs in done.items()}


# %% tags=["nbval-ignore-output"]
tops = dict.fromkeys(ways, (0.1, 0.2, 0.4, 0.8, 1.6))
tops["constant"] = (0.05, 0.1, 0.2, 0.4, 0.8)
tops["inverse time to 1 %"] = (0.8, 1.6, 3.2, 6.4, 12.8)
tried = [compare(tops, seed) for seed in range(100, 104)]
best = {}
for name in ways:
    means = np.mean([losses[name] for losses in tried], axis=0)
    best[name] = [tops[name][int(np.argmin(means))]]
    told = " ".join(
        f"{top:g}: {loss:.2f}"
        for top, loss in zip(tops[name], means, strict=True)
    )
    print(f"{name:<26} {told}")

# %%
final = [compare(best, seed) for seed in range(20)]
found = {
    name: np.array([losses[name][0] for losses in final]) for name in ways
}
plots.contest(found, knows_the_end)
mean = {name: losses.mean() for name, losses in found.items()}
times_line = {
    name: loss / mean["line, no rise"] for name, loss in mean.items()
}
rise = times_line["triangle"]
told = "a" if rise < 0.8 else "b" if rise < 1.25 else "c"
measured("what_the_rise_brings", told)

# %%
claim(
    "the best constant rate: over 1.08 times the loss of the line",
    times_line["constant"],
    above=1.08,
    form=".2f",
)
claim(
    "the rise brings nothing here: triangle, compared with the line",
    rise,
    between=(0.8, 1.25),
    form=".2f",
)
claim(
    "nor does a warm-up: cosine with one, compared with cosine without",
    mean["warm-up, cosine"] / mean["cosine, no rise"],
    between=(0.8, 1.25),
    form=".2f",
)
claim(
    "nor the cycle of the momentum: 1cycle with it, compared with without",
    mean["1cycle"] / mean["1cycle, constant momentum"],
    between=(0.8, 1.25),
    form=".2f",
)
claim(
    "to end low is not enough: inverse time to 1 %, over 1.05 times the line",
    times_line["inverse time to 1 %"],
    above=1.05,
    form=".2f",
)
claim(
    "an end at 0 brings little: inverse time, which knows no end, compared "
    "with the line",
    times_line["inverse time"],
    between=(0.9, 1.3),
    form=".2f",
)
claim(
    "plateau is no better than the line: over 0.95 times its loss",
    times_line["plateau"],
    above=0.95,
    form=".2f",
)
claim(
    "averaged weights: below 0.9 times the loss of the constant rate",
    mean["constant, weights averaged"] / mean["constant"],
    below=0.9,
    form=".2f",
)
claim(
    "averaged weights: below 1.15 times the loss of the line",
    times_line["constant, weights averaged"],
    below=1.15,
    form=".2f",
)

# %% [markdown]
# Read the figure from the bottom. All ways that fall to 0 at a known end are about equal: line, cosine, triangle, 1cycle. What they share is the fall, so
# the fall does the work, and **the rise does nothing here**. If you had compared only the triangle with the constant rate, you could have believed
# that the rise helps. To end at 0 brings little beyond a fall: plain inverse time, which knows no end, comes close to the line. And a low
# end is not enough: inverse time to 1 % spends nearly all of its steps at small rates.

# %%
print("share of the top:    mean  last step")
for name in (
    "line, no rise",
    "inverse time",
    "exponential to 1 %",
    "inverse time to 1 %",
):
    share, last = reach(shares[name], STEPS) / STEPS, shares[name](STEPS - 1)
    print(f"{name:<20} {share:4.0%} {last:10.1%}")

# %% [markdown]
# **Plateau** needs no plan, but it has a disadvantage: it must wait before each cut, and a noisy dev loss can cut too early. It is no better than the line, although it alone has
# used the dev set on which all are measured. And if the dev loss rises because the network overfits, a smaller rate does not cure that.
#
# **Averaged weights** (Polyak and Juditsky 1992) are the surprise. The noise is averaged away, while the rate stays large. You need not know the end: you can
# stop at any time, while a line that is stopped half-way has not settled yet. The next cell measures this, and also what a constant rate reaches that
# nobody has searched for: the one of the range test.

# %%
pair = ("line, no rise", "constant, weights averaged")
stopped = [
    compare(dict.fromkeys(pair, (0.4,)), seed, epochs=EPOCHS // 2)
    for seed in range(12)
]
line, average = (np.mean([runs[name] for runs in stopped]) for name in pair)
rates = suggested["momentum, 2 hidden layers"]
untuned = [
    compare({"constant": (rate,)}, seed)["constant"]
    for seed, rate in enumerate(rates)
]
claim(
    "stopped half-way, both with the top 0.4: averaged weights below 0.95 "
    "times the loss of the unfinished line",
    average / line,
    below=0.95,
    form=".2f",
)
claim(
    "the constant rate from each seed's own range test: below 1.4 times "
    "the loss of the best constant rate",
    np.mean(untuned) / found["constant"][:12].mean(),
    below=1.4,
    form=".2f",
)

# %% [markdown]
# ## When a rise is needed
#
# So is a warm-up useless? It is in most recipes for large models. A rise makes sense where the **top rate is too large for a fresh network**. For our small
# network it is not. Take twenty hidden layers of 32 (ELU, Adam), with no help from normalization. Its control is the same with two hidden layers.
# Both run with a cosine, with and without a warm-up of a third of the run.

# %%
deep_tops = (0.001, 0.0025, 0.005, 0.01)
total = 6 * int(np.ceil(len(sets(0)[0][1]) / 32))
rises = {
    "no rise": Entry(share=lambda t: warmup_cosine(t, 0, total, 1)),
    "warm-up": Entry(share=lambda t: warmup_cosine(t, total // 3, total, 1)),
}


def dev_accuracies(depth):
    """name → dev accuracies (5 seeds, tops)"""
    settings = {"epochs": 6, "batch_size": 32, "hidden": (32,) * depth}
    tops = dict.fromkeys(rises, deep_tops)
    done = [
        side_by_side(
            rises, tops, sets(s), s, Adam(), activation="elu", **settings
        )
        for s in range(5)
    ]
    return {n: np.array([runs[n].accuracy for runs in done]) for n in rises}


depths = {
    f"{depth} hidden layers": dev_accuracies(depth) for depth in (20, 2)
}
plots.rise_or_not(deep_tops, depths)
gain = {
    name: 100 * (runs["warm-up"] - runs["no rise"]).mean(axis=0)
    for name, runs in depths.items()
}
twenty = depths["20 hidden layers"]
ahead = twenty["warm-up"] - twenty["no rise"]
clearly = np.sum(ahead[:, -1] > 0.04)
at_best = {
    way: 100 * runs.mean(axis=0).max()
    for way, runs in depths["20 hidden layers"].items()
}

# %%
claim(
    "20 hidden layers, the top 0.01: seeds of 5 in which the warm-up is over "
    "4 points ahead",
    "3 or more" if clearly >= 3 else str(clearly),
    equal="3 or more",
)
claim(
    "2 hidden layers: points that the warm-up changes at any top",
    np.abs(gain["2 hidden layers"]).max(),
    below=2,
    form=".1f",
)
claim(
    "20 hidden layers, each way at its best top: the warm-up does not lose",
    at_best["warm-up"] - at_best["no rise"],
    above=-1,
    form=".1f",
)

# %% [markdown]
# In the deep network, the warm-up makes a top rate usable that would do harm without it. If each way has its own best top, the difference is small. So here a warm-up
# gives above all **tolerance**: a rate that is somewhat too large does not ruin the run. That is very useful when a run is expensive and nobody
# can search for its rate. Lesson 15 shows what makes large rates safe in deep networks from the start: normalization.
#
# Two more forms are common today. **Warm restarts** (SGDR) repeat the cosine several times. **Warm-up, stable, decay** stays at the top for most of the run and falls to nearly 0 in
# the last tenth or fifth: the end need not be known until then.
#
# ## Design a schedule
#
# The explorer runs gradient descent in a noisy bowl with the schedule that you design, beside the constant rate. Things to try:
#
# - Lower the share of the rate that is left at the end. When does it stop helping, and why?
# - Set the noise to 0. What is a decay good for then?
# - Take a largest rate above 0.2, which diverges in this bowl if it stays. Which schedules recover?

# %%
schedule_designer()

# %% [markdown]
# ## The same in Keras and PyTorch
#
# | this lesson | Keras | PyTorch |
# |---|---|---|
# | exponential, staircase | `ExponentialDecay(lr0, decay_steps, base, staircase)` | `ExponentialLR`, `StepLR` |
# | power, $c = 1$ | `InverseTimeDecay(lr0, s, 1)` | `LambdaLR` |
# | piecewise | `PiecewiseConstantDecay` | `MultiStepLR` |
# | plateau | `ReduceLROnPlateau` with `min_delta=0` | `ReduceLROnPlateau` with `patience - 1` and `threshold=0` |
# | warm-up, cosine | `CosineDecay(first rate, T - S, warmup_target=lr_max, warmup_steps=S)` | `SequentialLR` of `LinearLR`, `CosineAnnealingLR` |
# | 1cycle | a `LearningRateSchedule` of your own | `OneCycleLR`: a rise of 30 % and cosines by default; it moves the momentum, too |
#
# Keras asks a schedule object by *step*, and the callback `LearningRateScheduler` by *epoch*. PyTorch's schedules are in `torch.optim.lr_scheduler`; there it depends on where you call `scheduler.step()`.
# And mind the **unit**: here momentum averages the gradients. In Keras and PyTorch it adds them up, so with momentum 0.9 our rate 0.4 is 0.04 there. For the same
# reason a cycle of the momentum changes the length of their steps; in our form it does not.

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
why_it_hovers

# %% tags=["quiz"]
which_one_gets_there

# %% tags=["quiz"]
when_to_cut

# %% tags=["quiz"]
what_one_cycle_needed

# %% [markdown]
# ## Papers to read
#
# - Robbins & Monro (1951), *A stochastic approximation method*, Annals of Mathematical Statistics,
#   [doi:10.1214/aoms/1177729586](https://doi.org/10.1214/aoms/1177729586). The two conditions on the rates; the beginning of stochastic gradient
#   descent.
# - Senior, Heigold, Ranzato & Yang (2013), *An empirical study of learning rates in deep neural networks for speech recognition*, ICASSP. Power,
#   exponential and others compared on one large task.
# - L. Smith (2017), *Cyclical learning rates for training neural networks*, WACV, [arXiv:1506.01186](https://arxiv.org/abs/1506.01186). The range
#   test.
# - S. Smith, Kindermans, Ying & Le (2018), *Don't decay the learning rate, increase the batch size*, ICLR,
#   [arXiv:1711.00489](https://arxiv.org/abs/1711.00489).
# - L. Smith (2018), *A disciplined approach to neural network hyper-parameters: part 1*, [arXiv:1803.09820](https://arxiv.org/abs/1803.09820).
#   1cycle, with the momentum.
# - Loshchilov & Hutter (2017), *SGDR: stochastic gradient descent with warm restarts*, ICLR, [arXiv:1608.03983](https://arxiv.org/abs/1608.03983).
#   The cosine.
# - Polyak & Juditsky (1992), *Acceleration of stochastic approximation by averaging*, SIAM Journal on Control and Optimization,
#   [doi:10.1137/0330046](https://doi.org/10.1137/0330046). Averaged weights.
# - Goyal et al. (2017), *Accurate, large minibatch SGD: training ImageNet in 1 hour*, [arXiv:1706.02677](https://arxiv.org/abs/1706.02677). Warm-up
#   for large batches.

# %% [markdown]
# ## What you can do now
#
# A constant rate hovers at a height that you can compute, so the rate should be large while the minimum is far and small at the end. You have
# written seven tools, repaired a schedule that was asked in the wrong units, and found by controls what does the work: the fall, or
# averaged weights without one. The rise helps where the top rate is too large for a fresh network. And you plot the rate that a run really used.
# Next: [lesson 15](15_batch_normalization.ipynb).
