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
# # Hyperparameter search
#
# A learning rate, a number of units, a batch size: somebody has to choose these **hyperparameters**, and every try costs a training run.
# You can afford 40 runs. Which 40 should they be? And when one of them comes out best, is it good, or was it lucky?
#
# **Takes** about 90 minutes · **Before this** lessons 01 (dev sets), 11 and 12 (momentum, Adam)
#
# **You will**
# - draw each hyperparameter on its scale, and compare a grid with random points,
# - see how lucky the winner of a search is, and repair a search that reports its luck,
# - stop bad runs early, and let a model choose the next run,
# - compare all of these with one seed a run, and design a search of 40 runs.

# %%
import math

import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.lessons.hyperparameter_search import plots
from nnutils.lessons.hyperparameter_search.given import (
    LossMap,
    Training,
    adam_losses,
    batch_losses,
    curves,
    middle_of_good,
    one_run,
    share_explained,
    sobol_points,
    width_losses,
)
from nnutils.search import from_unit, rbf_kernel, to_unit

# %% [markdown]
# ## What is worth searching
#
# Ng's order, by experience: **first** the learning rate; **second** momentum's $\beta$, the number of hidden units and the mini-batch size; **third** the number of
# layers and how the rate falls; Adam's $\beta_1$, $\beta_2$, $\varepsilon$ hardly ever.
#
# Google's *Deep Learning Tuning Playbook* sorts them by your question. What you want to know about is a **scientific** hyperparameter: does a
# third layer help? What must be tuned anew for each of its values, so that the comparison is fair, is a **nuisance** hyperparameter, and the learning rate nearly always is one. All others are **fixed** for
# now, and the conclusion holds for these values only. For its authors the batch size decides the speed of training, and is not tuned for a better dev loss; and all four numbers of Adam can matter.
#
# ## The right scale
#
# Draw a learning rate uniformly between 0.0001 and 1, and nine of ten draws lie between 0.1 and 1. What differs from one try to the next should be
# the *factor*, so let the exponent be uniform: of many draws, every decade then gets the same share.
#
# **Your task.** Derive the function that does so, from a $u$ that is uniform in $[0, 1)$. You get $u$, so that you need no generator here.

# %% tags=["exercise"]
log_uniform

# %%
u = np.random.default_rng(0).uniform(size=5000)
draws = {
    "linear": 1e-4 + (1 - 1e-4) * u,
    "your log_uniform": log_uniform(1e-4, 1, u),
}
for name, values in draws.items():
    counts = np.histogram(values, [1e-4, 1e-3, 1e-2, 1e-1, 1])[0]
    print(f"{name:<17} share of each decade: {(counts / 5000).round(2)}")

# %% [markdown]
# ### The scale of a beta
#
# The $\beta$ of an average lies between 0.9 and 0.999, say. A log scale does not help, for these two numbers are
# nearly equal. But what they *do* is not: an average looks back about $1 / (1 - \beta)$ steps, its **window**.

# %%
windows = {beta: 1 / (1 - beta) for beta in (0.9, 0.9005, 0.999, 0.9995)}
for beta, window in windows.items():
    print(f"beta {beta:<6} looks back {window:7.2f} steps")
claim(
    "from 0.9 to 0.9005 the window hardly changes, by under 1 %",
    windows[0.9005] / windows[0.9] - 1,
    below=0.01,
    form=".1%",
)
claim(
    "from 0.999 to 0.9995 it doubles",
    windows[0.9995] / windows[0.999],
    between=(1.999999, 2.000001),
    form=".6f",
)

# %% [markdown]
# **Your task.** Find out yourself what must be uniform, so that a window from 10 to 20 is as likely as one from 100 to 200, and draw a
# $\beta$ in this way. Your function above helps.

# %% tags=["exercise"]
sample_beta

# %%
betas = {"linear": 0.9 + 0.0999 * u, "yours": sample_beta(0.9, 0.9999, u)}
for name, values in betas.items():
    share = np.mean(1 / (1 - values) > 100)
    print(f"{name:<7} {share:.0%} of the windows are over 100 steps")

# %% [markdown]
# ## Random points, or a grid
#
# A **space** says for each hyperparameter from where to where, and on which scale. Two plain ways to look for a good place in it:
# random points, or a grid, with every combination of a few values.
#
# **Your task.** Draw $n$ random points, each value by itself along its scale: a list of dicts, one a point.

# %% tags=["exercise"]
random_search

# %% [markdown]
# **Your task.** And the grid: $n$ values of each parameter, evenly spaced along its scale, both ends included, in all combinations.

# %% tags=["exercise"]
grid

# %% [markdown]
# Now train: small networks that read digits, Adam, four epochs. The learning rate and Adam's $\varepsilon$ are searched, 25 runs each way.


# %%
def column(points, name):
    return np.array([point[name] for point in points])


space = {"lr": (1e-4, 1.0, "log"), "eps": (1e-10, 1e-5, "log")}
points = {
    "grid": sorted(grid(space, 5), key=lambda p: (p["lr"], p["eps"])),
    "random": random_search(space, 25, np.random.default_rng(0)),
}
places = {
    name: np.stack([column(some, "lr"), column(some, "eps")], axis=1)
    for name, some in points.items()
}
found = {name: adam_losses(*at.T, seed=0) for name, at in places.items()}
plots.two_searches(places, found)
by_rate = found["grid"].reshape(5, 5)  # (learning rates, epsilons)
print(
    f"of the rates the losses differ by {np.ptp(by_rate, axis=0).max():.1f}"
)
best_rate = by_rate.min(axis=1).argmin()
print(f"of epsilon at the best rate by {np.ptp(by_rate[best_rate]):.2f}")

# %% [markdown]
# Next to the learning rate $\varepsilon$ hardly matters. So a column of the grid is nearly one run, made five times: **a grid spends its runs on
# what does not matter** (Bergstra and Bengio 2012).
#
# Is that luck? Measure the loss along a fine line of rates, look it up from there, and repeat the
# search 300 times, with other ends of the range. A grid without points at its ends is the fair rival.

# %%
fine = np.geomspace(1e-4, 1, 41)
line = np.mean(
    [adam_losses(fine, np.full(41, 1e-8), seed) for seed in range(4)], axis=0
)
best = {"grid": [], "centred grid": [], "random": []}
for seed in range(300):
    rng = np.random.default_rng(seed)
    low = log_uniform(1e-4, 1e-3, rng.random())
    high = log_uniform(0.1, 1, rng.random())
    space = {"lr": (low, high, "log"), "eps": (1e-10, 1e-5, "log")}
    tried = {
        "grid": column(grid(space, 5), "lr"),
        "centred grid": log_uniform(low, high, (np.arange(5) + 0.5) / 5),
        "random": column(random_search(space, 25, rng), "lr"),
    }
    for name, lr in tried.items():
        best[name].append(np.interp(np.log(lr), np.log(fine), line).min())
best = {name: np.array(losses) for name, losses in best.items()}
for name in ("grid", "centred grid"):
    ahead = np.mean(best["random"] < best[name])
    print(f"random points are ahead of the {name} in {ahead:.0%}")
claim(
    "where one parameter matters, 25 random points beat the grid in over "
    "65 % of the pairs",
    np.mean(best["random"] < best["grid"]),
    above=0.65,
    form=".0%",
)
claim(
    "they beat the centred grid in over 60 % of the pairs, too",
    np.mean(best["random"] < best["centred grid"]),
    above=0.6,
    form=".0%",
)

# %% tags=["predict"]
points_for_the_best

# %%
rng = np.random.default_rng(0)
share = {}
for n in range(1, 121):  # a good point has a rank below 0.05
    share[n] = np.mean(rng.random((4000, n)).min(axis=1) < 0.05)
enough = math.ceil(math.log(0.05) / math.log(0.95))
measured("points_for_the_best", enough)
claim(
    "that many points hit the best 5 % in about 95 % of 4000 searches",
    share[enough],
    between=(0.93, 0.97),
    form=".2f",
)

# %% [markdown]
# All $n$ points miss with probability $0.95^n$, and $0.95^{59} < 0.05$. The number of hyperparameters does not occur. But in many of them the best 5 % may
# still be far from the best. **Quasi-random points** (a Sobol sequence, `scipy.stats.qmc`) are spread more evenly than random ones, and can be
# extended like them; the playbook begins with these.
#
# ## Layers, units and batch size, too
#
# Now five dimensions. A whole number is drawn as a real one and rounded *down*: if you rounded to the nearest, the two ends would
# get half of their share. A choice, as a batch size of 8, 16, ... or 128, is drawn as its number in the list. A sixth number, the **dummy**, is drawn and used
# for nothing. Each of 160 runs has a seed of its own, for split, start and order.
#
# How much does a hyperparameter **explain**? Put the runs into six groups by its value: its share is the variance between the groups' means over that of all
# runs. The dummy's share is chance.

# %%
WIDE = {
    "lr": (0.01, 10.0, "log"),
    "window": (1.0, 40.0, "log"),
    "units": (8.0, 129.0, "log"),
    "layers": (1.0, 4.0, "linear"),
    "batch": (3.0, 8.0, "linear"),
    "dummy": (0.0, 1.0, "linear"),
}


def settings(point):
    whole = {key: int(point[key]) for key in ("units", "layers", "batch")}
    whole["batch"] = 2 ** whole["batch"]
    return {"lr": point["lr"], "window": point["window"], **whole}


points = random_search(WIDE, 160, np.random.default_rng(3))
losses = np.array(
    [one_run(**settings(p), seed=i) for i, p in enumerate(points)]
)
height = np.log(np.minimum(losses, 2.3))  # 2.3 is that of a guess
values = {name: np.floor(column(points, name)) for name in WIDE}
for name in ("lr", "window", "units", "dummy"):
    values[name] = column(points, name)
good = (values["lr"] > 0.1) & (values["lr"] < 1.5)
explained = {
    "all runs": {n: share_explained(v, height) for n, v in values.items()},
    "rates from 0.1 to 1.5": {
        n: share_explained(v[good], height[good]) for n, v in values.items()
    },
}
plots.shares(explained)

# %%
overall, inside = explained.values()
others = [v for name, v in overall.items() if name != "lr"]
claim(
    "over three decades the learning rate explains at least 1.5 times as "
    "much as any other",
    overall["lr"] / max(others),
    above=1.5,
    form=".1f",
)
claim(
    "the dummy explains less than a third of that",
    overall["dummy"] / overall["lr"],
    below=1 / 3,
    form=".2f",
)
next_one = max(v for name, v in inside.items() if name != "lr")
claim(
    "among good rates its lead over the next one shrinks by over a quarter",
    inside["lr"] / next_one / (overall["lr"] / max(others)),
    below=0.75,
    form=".2f",
)

# %% [markdown]
# So Ng's order holds here for someone who knows nothing: the rate comes first. But an order
# of importance belongs to the ranges that you search. Once the rate is about right it leads by less, and others, as the units and the batch size, count, too.
#
# ### The best runs once more

# %% tags=["predict"]
winner_again

# %%
top = np.argsort(losses)[:5]
fresh = np.array(
    [
        [one_run(**settings(points[i]), seed=1000 + s) for s in range(6)]
        for i in top
    ]
)
plots.again(losses[top], fresh)
for i, runs in zip(top, fresh, strict=True):
    s = settings(points[i])
    print(
        f"{s['layers']} x {s['units']:3}, batch {s['batch']:3}, "
        f"lr {s['lr']:.2f}: "
        f"{losses[i]:.2f}, again {runs.mean():.2f}"
    )
ratio = fresh.mean() / losses[top].mean()
letter = "abc"[np.searchsorted([0.95, 1.05], ratio)]
measured("winner_again", letter)
claim(
    "again on fresh seeds, the five best are over 10 % worse",
    ratio - 1,
    above=0.1,
    form=".0%",
)

# %% [markdown]
# The best of many noisy runs is good *and* lucky: the **winner's curse** of [lesson 01](01_data_splits.ipynb).
#
# **Your task.** The function below should search with one seed a run, train the best few again on fresh seeds, choose by these, and report a
# loss that chose nothing. It runs, and has four faults. Repair it.

# %% tags=["exercise"]
search_report

# %% [markdown]
# ## Batch size: better, or only faster?
#
# Is a batch of 8 better than one of 64? Here the batch size is the scientific question, and the learning rate the nuisance.

# %%
rates = 2.0 ** np.arange(-7, 4)
plans = {
    "batch 8, 8 epochs": (8, 8),
    "batch 64, 8 epochs": (64, 8),
    "batch 64, 32 epochs": (64, 32),
    "batch 8, 32 epochs": (8, 32),
}
tuning, report = {}, {}
for name, (batch, epochs) in plans.items():
    runs = [batch_losses(rates, batch, epochs, seed) for seed in range(7)]
    tuning[name] = np.mean(runs[:3], axis=0)
    report[name] = np.mean(runs[3:], axis=0)
plots.batch_sizes(rates, report)
chosen = {name: int(mean.argmin()) for name, mean in tuning.items()}
own = {name: report[name][i] for name, i in chosen.items()}
small, large, long, _ = plans
for name, loss in own.items():
    print(f"{name:<20} own rate {rates[chosen[name]]:.2f}: {loss:.2f}")
at_its_rate = report[large][chosen[small]]
print(f"{large:<20} at the rate of batch 8: {at_its_rate:.2f}")
claim(
    "at the rate of batch 8, batch 64 is over a quarter worse",
    at_its_rate / own[small],
    above=1.25,
    form=".2f",
)
claim(
    "the middle of the good rates of batch 64 is over twice that of batch 8",
    middle_of_good(rates, report[large])
    / middle_of_good(rates, report[small]),
    above=2,
    form=".0f",
)
claim(
    "with its own rate and half as many steps as batch 8 it is at most 10 % "
    "worse",
    own[long] / own[small],
    below=1.1,
    form=".2f",
)

# %% [markdown]
# The rates were chosen on three seeds, and the losses are those of four others. Good rates are those whose loss is within 1.5 times the lowest, and their middle is taken on a log scale. At the rate of the small batch the large one is far behind. With a rate of its own
# the larger batch comes nearer, and with enough steps it is about as good: 4 times the epochs, yet half the steps. With 32 epochs
# the small batch gains little more. So here the batch size is mainly a matter of speed (Shallue et al. 2019 measured the same on large networks).
#
# ## A slanted valley
#
# In Keras and PyTorch momentum adds up gradients, where this course averages them: a step of theirs is $1 / (1 - \beta)$ times ours. So with their rate a long window needs a small
# rate. Here is the whole map, from 12 runs at each of 130 places: three splits, four starts each.

# %%
rates, windows = 2.0 ** np.arange(-7, 3), 2.0 ** (np.arange(13) / 2)
BOX = {"lr": (2.0**-7, 4.0, "log"), "window": (1.0, 64.0, "log")}
bank = np.array(
    [
        [curves(rates, windows, [7, s], 5 * s + j) for j in range(4)]
        for s in range(3)
    ]
)  # (splits, starts, epochs, windows, rates)
final = bank[:, :, -1]
truth = LossMap(final.mean(axis=(0, 1)), BOX)


def one_by_one(window, loss_of):
    """First the best rate for this window, then the best window for it."""
    lr = min(offered, key=lambda lr: loss_of(lr, window))
    return min(loss_of(lr, w) for w in windows)


def in_keras(lr, window):
    return truth({"lr": lr, "window": window})


def averaged(lr, window):  # our rate is Keras' rate times the window
    inside = BOX["lr"][0] <= lr / window <= BOX["lr"][1]
    return in_keras(lr / window, window) if inside else np.inf


offered = np.geomspace(2.0**-4, 4, 37)
lowest = truth.losses.min()
ends = {
    "our rate": np.array([one_by_one(w, averaged) for w in windows]) / lowest
}
offered = np.geomspace(2.0**-7, 4, 55)
ends["Keras' rate"] = (
    np.array([one_by_one(w, in_keras) for w in windows]) / lowest
)
plots.valley(rates, windows, truth.losses, ends)
claim(
    "with Keras' rate the worst of 13 starts ends over 10 % above the best",
    ends["Keras' rate"].max() - 1,
    above=0.1,
    form=".0%",
)
claim(
    "with Keras' rate at least 7 of the 13 starts end within 10 % of it",
    ends["Keras' rate"] < 1.1,
    at_least=7,
)
claim(
    "on the mean of all starts our rate ends nearer to the best, by over "
    "2 points",
    100 * (ends["Keras' rate"].mean() - ends["our rate"].mean()),
    above=2,
    form=".0f",
)

# %% [markdown]
# Searching **one after the other** is good from most starts and bad from a few, where the rate was tuned for an unusual window. In coordinates in which
# the two depend less on each other, there is less to lose. So choose coordinates that fit the problem.
#
# ## From coarse to fine
#
# Spend half of the runs on the whole space. See where the best few lie, draw a box around them, and spend the other half inside.
#
# **Your task.** From the results so far, return the smallest space that holds the best `keep` of them.

# %% tags=["exercise"]
coarse_to_fine

# %% [markdown]
# The danger: a box around a few lucky points may leave the best place outside, and nothing tells you.
#
# ## Stop the bad ones early
#
# Most random settings are bad, and most bad ones look bad after one epoch. **Successive halving** (Jamieson and Talwalkar 2016) trains many of them
# briefly, keeps the best $1/\eta$, and gives each round the same budget, so that those that are left train longer and longer. They
# go on where they stopped. With 27 settings and $\eta = 3$ there are three rounds:
# 27 runs, then 9, then 3.
#
# **Your task.** Write it. `train` can be resumed: it takes a state and returns the next one.

# %% tags=["exercise"]
successive_halving

# %% [markdown]
# The trainings are those of the map, whose losses were kept after each of 13 epochs. A search draws 27 places, each with one of three starts; the winner is judged by its mean over
# all runs on the other two splits. One search costs 81 epochs. Its rivals: six full runs, for 78 epochs; the same 27 runs, all cut off after 3 epochs; the
# same search with its cuts made blindly; and all 27 to the end, for 351.

# %%
flat = final.reshape(3, 4, -1)
found = {
    name: []
    for name in (
        "halving",
        "6 full runs",
        "27 short",
        "blind cuts",
        "27 full",
    )
}
for seed in range(150):
    rng = np.random.default_rng(seed)
    s, places = seed % 3, rng.choice(130, 27, replace=False).tolist()
    starts = rng.integers(3, size=27)
    seen = bank[s, starts].reshape(27, 13, 130)[range(27), :, places]
    fresh = np.delete(flat, s, axis=0).mean(axis=(0, 1))
    rounds, winner = successive_halving(
        Training(dict(zip(places, seen, strict=True))), places, 81, 3
    )
    blind = rng.permutation(27)[:3]
    winners = {
        "halving": winner,
        "6 full runs": places[seen[:6, -1].argmin()],
        "27 short": places[seen[:, 2].argmin()],
        "blind cuts": places[blind[seen[blind, -1].argmin()]],
        "27 full": places[seen[:, -1].argmin()],
    }
    for name, place in winners.items():
        found[name].append(fresh[place])
    if seed == 0:
        ended = [sum(p in one for one in rounds) - 1 for p in places]
        paths = [
            (e, curve[: (1, 4, 13)[e]])
            for e, curve in zip(ended, seen, strict=True)
        ]
found = {name: np.array(losses) for name, losses in found.items()}
costs = dict(zip(found, (81, 78, 81, 81, 351), strict=True))
plots.halving(paths, {n: (costs[n], v.mean()) for n, v in found.items()})
for name, v in found.items():
    print(f"{name:<12} {costs[name]:3} epochs, winner {v.mean():.2f}")

# %%
claim(
    "halving finds a lower loss than full runs of this cost, mean of 150",
    found["6 full runs"].mean() / found["halving"].mean(),
    above=1,
    form=".1f",
)
claim(
    "it is not the number of runs alone: all cut off early are worse",
    found["27 short"].mean() / found["halving"].mean(),
    above=1,
    form=".1f",
)
claim(
    "it comes within 20 % of all 27 full runs, which cost 4 times as much",
    found["halving"].mean() / found["27 full"].mean(),
    below=1.2,
    form=".1f",
)

# %% [markdown]
# **Hyperband** runs several such searches, some with fewer and longer runs, for the case that early losses mislead; **ASHA** is halving without waiting, for many machines.
#
# ## Let a model choose
#
# **Bayesian search** keeps all that it has seen: a model says for every untried place what loss $\mu$ to expect and how unsure it is, $\sigma$. The usual
# model is a **Gaussian process**. It says that values at places close together are alike. Their covariance, the **kernel**, is $\exp(-d^2 / 2\ell^2)$ at distance $d$.
# With $K$ the covariances of the measured places, $\mathbf{k}$ those with a new place, and noise of variance $s^2$ in the measurements $\mathbf{y}$:
#
# $$\mu = \mathbf{k}^\top (K + s^2 I)^{-1} \mathbf{y}, \qquad \sigma^2 = 1 - \mathbf{k}^\top (K + s^2 I)^{-1} \mathbf{k}$$
#
# So $\mu$ is a weighted sum of what was measured, and $\sigma^2$ is what the measurements leave of the variance 1.
#
# **Your task.** Write it for many new places at once, in about four lines.

# %% tags=["exercise"]
gp_posterior

# %% [markdown]
# Where next? Not just where $\mu$ is lowest: you may know that place already. What counts is how far the loss $f$ of a new run may fall below the best so far,
# $f^*$. A worse run costs nothing, as the best remains. The **expected improvement** is the mean of $\max(f^* - f, 0)$, where $f$ is normal with mean $\mu$ and standard deviation $\sigma$.
#
# **Your task.** Derive it, and write it. You need the density $\varphi$ of the standard normal distribution, and its distribution function,
# $\Phi(z) = (1 + \text{erf}(z / \sqrt 2)) / 2$ with `math.erf`.

# %% tags=["exercise"]
expected_improvement

# %% [markdown]
# Along one line of the map, with the window at 8: four runs have been made, with a seed each. The model sees logarithms of losses: a fall from 0.4 to 0.2 counts as much as one from 2 to 1.


# %%
def model(tried, heights, places, noise=0.05, length=0.25):
    """Mean and std at the places, from heights brought to mean 0, std 1."""
    centre, spread = np.mean(heights), np.std(heights) + 1e-9
    mean, std = gp_posterior(
        rbf_kernel(tried, tried, length),
        rbf_kernel(tried, places, length),
        (np.array(heights) - centre) / spread,
        noise,
    )
    return centre + spread * mean, spread * std


LINE = {"lr": BOX["lr"]}
x = np.linspace(0, 1, 200)[:, None]
at = np.array([from_unit(LINE, one)["lr"] for one in x])
tried = np.array([[0.05], [0.35], [0.6], [0.95]])
maps = [LossMap(final[0, j], BOX) for j in range(3)]
lr_tried = [from_unit(LINE, one)["lr"] for one in tried]
heights = [
    math.log(maps[i % 3]({"lr": lr, "window": 8}))
    for i, lr in enumerate(lr_tried)
]
mean, std = model(tried, heights, x)
gain = expected_improvement(mean, std, min(heights))
actual = [math.log(truth({"lr": lr, "window": 8})) for lr in at]
plots.surrogate(at, mean, std, gain, (lr_tried, heights), actual)

# %% [markdown]
# The whole loop: six random runs; then the model is fitted, 200 random places are rated, and the one that promises most is run. Under noise the lowest *measured* loss is
# lucky, so there the best so far, and the winner, is the run of which the *model* expects most.


# %%
def bayesian(space, n, rng, run, noise):
    tried = list(rng.uniform(size=(6, len(space))))
    heights = [math.log(run(from_unit(space, u))) for u in tried]
    while True:
        at = np.array(tried)
        smooth = np.array(heights)
        if noise > 0.01:
            smooth = model(at, heights, at, noise)[0]
        if len(tried) == n:
            return from_unit(space, tried[int(smooth.argmin())])
        places = rng.uniform(size=(200, len(space)))
        gain = expected_improvement(
            *model(at, heights, places, noise), smooth.min()
        )
        tried.append(places[np.argmax(gain)])
        heights.append(math.log(run(from_unit(space, tried[-1]))))


def lowest_of(points, run):
    return min(points, key=run)  # asks once for each


def two_rounds(space, n, rng, run):
    first = [(p, run(p)) for p in random_search(space, n // 2, rng)]
    smaller = coarse_to_fine(first, space, keep=5)
    second = [(p, run(p)) for p in random_search(smaller, n - n // 2, rng)]
    return min(first + second, key=lambda result: result[1])[0]


# %% [markdown]
# ## The contest
#
# Each search gets 36 runs. Nobody knows the right box, so each of 60 repetitions gets another one, the same for all. First the runs are **exact**: the map itself
# answers, as if each run were the mean of 12. Then they are exact on **one split**: the mean of its three starts answers, and the winner is judged on
# the other splits. At last each has one seed, one of the three starts.

# %%
N = 36
SEARCHES = {
    "random": lambda b, rng, run, _: lowest_of(random_search(b, N, rng), run),
    "Sobol": lambda b, rng, run, _: lowest_of(
        sobol_points(b, N, int(rng.integers(10**6))), run
    ),
    "grid": lambda b, rng, run, _: lowest_of(grid(b, 6), run),
    "coarse to fine": lambda b, rng, run, _: two_rounds(b, N, rng, run),
    "Bayesian": lambda b, rng, run, noise: bayesian(b, N, rng, run, noise),
}
KINDS = ("exact", "exact, on one split", "one seed, on one split")
above = {kind: {name: [] for name in SEARCHES} for kind in KINDS}
for seed in range(60):
    rng = np.random.default_rng(seed)
    low, high = rng.uniform(0, 0.15, size=(2, 2))
    corners = from_unit(BOX, low), from_unit(BOX, 1 - high)
    box = {key: (*[c[key] for c in corners], "log") for key in BOX}
    s = seed % 3
    own = [LossMap(final[s, j], BOX) for j in range(3)]
    middle = LossMap(final[s].mean(axis=0), BOX)
    fresh = LossMap(np.delete(final, s, axis=0).mean(axis=(0, 1)), BOX)

    def real(point, own=own, rng=rng):
        return own[rng.integers(3)](point)

    for name, search in SEARCHES.items():
        best = fresh.losses.min()
        found = (
            truth(search(box, rng, truth, 1e-3)) / lowest,
            fresh(search(box, rng, middle, 1e-3)) / best,
            fresh(search(box, rng, real, 0.05)) / best,
        )
        for kind, ratio in zip(KINDS, found, strict=True):
            above[kind][name].append(ratio - 1)
above = {
    kind: {name: 100 * np.array(v) for name, v in found.items()}
    for kind, found in above.items()
}
plots.contest(
    {
        kind: {n: (v.mean(), v.std() / 60**0.5) for n, v in found.items()}
        for kind, found in above.items()
    }
)
exact, on_one_split, real_runs = (
    np.array([v.mean() for v in above[kind].values()]) for kind in KINDS
)
leads = [
    np.mean(found["Bayesian"] < found["random"]) for found in above.values()
]
print("Bayesian, share ahead of random:", *(f"{s:.1f}" for s in leads))

# %%
claim(
    "with exact runs Bayesian search is ahead of random search in over half "
    "of the pairs",
    leads[0],
    above=0.5,
    form=".1f",
)
claim(
    "on one split each of the five searches ends farther off, with exact "
    "runs, too",
    np.array(on_one_split > exact),
    equal=5,
)
claim(
    "with a seed for each run even the best search ends farther off than "
    "Bayesian search does with exact runs",
    real_runs.min() - exact[list(SEARCHES).index("Bayesian")],
    above=0,
    form=".0f",
)

# %% [markdown]
# With exact runs the model is ahead of random points. But runs on one split find what suits that split: that alone puts each of the five farther off. What the
# seeds add is less clear. Together they cost more than the choice of the method gains. The 6 × 6 grid keeps up, for both parameters matter; with six parameters of which
# two matter it would take $6^6$ runs. So first repeat the best few on other splits; the method comes after that.
#
# The methods differ in **time**, too. On 36 machines random points are done after one run's time, coarse to fine after two, and Bayesian search,
# which waits for each result, after 31. That is also how you work: with one machine and long runs you watch one model and change its settings on the way (Ng's *panda*); with many machines
# you start many runs and take the best (*caviar*).
#
# ## Design: a search of 40 runs
#
# Four unknown hyperparameters, and a budget of 400 epochs: 40 full runs of 10. You are told two things about the task: the noise between seeds, and how much the order
# after one epoch says about the end. A policy is a list of stages. Each draws new points around those that are still in the search, brings all to some number of
# epochs and seeds, and keeps the best.
#
# **Your task.** Return a policy for what you are told. There are four kinds of situations: noise of about 0.05 or 0.4, and an early order that tells nearly all or little. The score is how far the chosen
# settings come from random ones (0) to the best ones (1), on hidden tasks. There are points for a score of 0.86, more for 0.89, and all for 0.915. Plain policies
# stay below the first of these: 40 random points with a run each, plain successive halving, a grid of 16 points.

# %% tags=["exercise"]
search_policy

# %% [markdown]
# ## Settings go stale
#
# Months later the pictures come from a weaker camera, at a tenth of the contrast. The
# network is trained anew, but with the old learning rate. Does that still fit?

# %%
line = 2.0 ** np.arange(-4, 6)
cameras = {"old camera": 1.0, "new camera": 0.1}
drift = {
    name: np.array(
        [
            curves(line / 10, np.array([10.0]), seed, seed, light=light)[
                -1, 0
            ]
            for seed in range(8)
        ]
    )
    for name, light in cameras.items()
}
plots.drifted(line, {name: losses[3:] for name, losses in drift.items()})
chosen = {n: int(v[:3].mean(axis=0).argmin()) for n, v in drift.items()}
stale, tuned = (drift["new camera"][3:, chosen[name]] for name in cameras)
for name in cameras:
    print(f"{name}: best learning rate {line[chosen[name]]:.2f}")
claim(
    "with the new camera a rate that was chosen anew is better than the old "
    "one, on each of 5 fresh seeds",
    stale > tuned,
    equal=5,
)
claim(
    "after the change the best learning rate is a larger one",
    line[chosen["new camera"]] / line[chosen["old camera"]],
    above=1,
    form=".0f",
)

# %% [markdown]
# Smaller inputs give smaller gradients, so the rate should be larger. So test the settings
# again when data, network or machine change, and, as Ng suggests, every few months anyway.
#
# ## Search small, train large
#
# A search on a large network is too expensive. Can you search on a narrow one, and use its learning rate for the wide one?

# %% tags=["predict"]
rate_of_the_wide

# %% [markdown]
# The usual start and one rate for all is called the **standard parametrization**. **muP** (Yang et al. 2022) changes this for Adam, relative to the narrow network: all weight matrices but the
# first get a rate in proportion to 1 / width, and the last one begins smaller, too. The reason: Adam moves each weight by about the rate, whatever its gradient. At a unit
# the moves of all its weights add up, so in a wide layer each must move less.

# %%
rates, widths = 2.0 ** np.arange(-11, -1.5), (16, 64, 256)
by_width, middle = {}, {}
for name, scaled in {"Standard": False, "muP": True}.items():
    by_width[name] = {
        width: np.mean(
            [width_losses(rates, width, s, scaled) for s in range(3)], axis=0
        )
        for width in widths
    }
    middle[name] = {
        width: middle_of_good(rates, mean)
        for width, mean in by_width[name].items()
    }
plots.widths(rates, by_width, middle)
for name, found in middle.items():
    told = ", ".join(f"{w}: {rate:.3f}" for w, rate in found.items())
    print(f"{name:<8} middle of the good rates at width {told}")
moved = {name: found[256] / found[16] for name, found in middle.items()}
letter = "abcd"[
    [1.25, 0.8, 0.5, 0].index(
        next(b for b in (1.25, 0.8, 0.5, 0) if moved["Standard"] > b)
    )
]
measured("rate_of_the_wide", letter)
claim(
    "from width 16 to 256 the middle of the good rates falls to under 0.4",
    moved["Standard"],
    below=0.4,
    form=".2f",
)
claim(
    "with muP it does not fall, and moves by less than a factor of three",
    moved["muP"],
    between=(0.8, 3),
    form=".2f",
)

# %% [markdown]
# The bars at the bottom show the middle of the good rates. With muP the rate of the narrow network can be used for the wide one. The loss need not be lower.
#
# ## In Keras and Optuna
#
# A log scale is `sampling="log"` in KerasTuner and `log=True` in Optuna:
#
# ```python
# def objective(trial):  # Optuna
#     lr = trial.suggest_float("lr", 1e-4, 1.0, log=True)
#     layers = trial.suggest_int("layers", 1, 3)
#     return dev_loss(lr, layers)
# ```
#
# Know what they do if you say nothing. Optuna's default is **TPE**, no Gaussian process: after ten random runs it models where good runs lie and where the others
# do, and draws where the ratio of the two densities is high. Up to version 4 it models each parameter by itself, since version 5 all together. If your function reports losses on the way and asks, it is told to stop where its best loss so far is
# above the median of the earlier runs at that step. Its `GPSampler` is the relative of yours. KerasTuner has random search, Hyperband, and `BayesianOptimization`: a Gaussian process,
# and not expected improvement but a confidence bound. For a loss it takes the place where $\mu - 2.6\,\sigma$ is lowest.
#
# ## Random against grid
#
# $x$ matters, and $y$ as much as you say. **Try** to leave $y$ without effect and move the best $x$ along; draw other random points; then let $y$ matter as much as $x$.

# %%
from nnutils.lessons.hyperparameter_search.explorer import random_against_grid

random_against_grid()

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
which_scale

# %% tags=["quiz"]
why_random

# %% tags=["quiz"]
panda_or_caviar

# %% tags=["quiz"]
what_to_report

# %% [markdown]
# ## Papers to read
#
# - J. Bergstra and Y. Bengio (2012), *Random search for hyper-parameter optimization*, [JMLR 13](https://www.jmlr.org/papers/v13/bergstra12a.html).
# - D. R. Jones, M. Schonlau and W. J. Welch (1998), *Efficient global optimization of expensive black-box functions*, Journal of Global
#   Optimization 13, [doi:10.1023/A:1008306431147](https://doi.org/10.1023/A:1008306431147). Expected improvement.
# - K. Jamieson and A. Talwalkar (2016), *Non-stochastic best arm identification and hyperparameter optimization*, AISTATS,
#   [arXiv:1502.07943](https://arxiv.org/abs/1502.07943).
# - L. Li, K. Jamieson, G. DeSalvo, A. Rostamizadeh and A. Talwalkar (2018), *Hyperband: a novel bandit-based approach to hyperparameter
#   optimization*, JMLR 18, [arXiv:1603.06560](https://arxiv.org/abs/1603.06560).
# - C. J. Shallue et al. (2019), *Measuring the effects of data parallelism on neural network training*, JMLR 20,
#   [arXiv:1811.03600](https://arxiv.org/abs/1811.03600).
# - G. Yang et al. (2022), *Tensor Programs V: tuning large neural networks via zero-shot hyperparameter transfer*,
#   [arXiv:2203.03466](https://arxiv.org/abs/2203.03466). The rate that stays.
# - V. Godbole, G. E. Dahl, J. Gilmer, C. J. Shallue and Z. Nado (2023), *Deep Learning Tuning Playbook*, [github.com/google-research/tuning_playbook](https://github.com/google-research/tuning_playbook).
#
# ## What you can do now
#
# You can draw each hyperparameter on its scale, stop bad runs early, and let a model choose the next one. With one seed a run the noise is larger than what separates the methods; a winner is lucky, and you can report it honestly. And you will search again when the data have changed.
#
# Next: [lesson 18](18_transfer_learning.ipynb) starts from weights that somebody else has trained.
