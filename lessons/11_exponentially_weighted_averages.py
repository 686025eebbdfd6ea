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
# # Exponentially weighted averages
#
# A series jumps up and down from day to day, and you want to know where it is heading. You may keep
# one single number from one day to the next. How much of the past can one number hold, and how much of it
# should it hold?
#
# **Takes** about 90 minutes · **Before this** lesson 10 (mini-batches)
#
# **You will**
# - write the average that the optimisers of the next lessons are built from, and derive what each past value weighs in it,
# - mend its start at 0, also where values are missing, and repair code that corrects what was corrected before,
# - derive how long its memory is, and measure where the rule of thumb for it fails,
# - average the weights of a network, and compare that with a falling learning rate.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.data import share_prices, temperatures
from nnutils.lessons.exponentially_weighted_averages import plots
from nnutils.lessons.exponentially_weighted_averages.explorer import memory
from nnutils.lessons.exponentially_weighted_averages.given import (
    digit_sets,
    errors_with,
    weights_of,
)
from nnutils.network import Network, dense_network

# %% [markdown]
# ## A noisy year
#
# Here is the mean temperature of every day of one year. It is made by a formula: a smooth season, plus weather that changes
# from day to day. So the true season is known, and you can compare with it later.

# %%
year = temperatures(rng=0)
days = np.arange(1, 366)
plots.averages(days, year, {}, "The mean temperature of each day of a year")
print(f"{len(year)} days between {year.min():.1f} and {year.max():.1f} °C")
print(
    "from one day to the next it changes by "
    f"{np.std(np.diff(year)):.1f} °C, typically"
)

# %% [markdown]
# To see the season you would average. A plain average of the last ten days needs the last ten days.
# The **exponentially weighted average** needs one number, $v$. Each day, keep a share $\beta$ of what you have, and mix in the new
# value with the rest:
#
# $$v_0 = 0, \qquad v_t = \beta\, v_{t-1} + (1 - \beta)\, \theta_t .$$
#
# With $\beta = 0.9$, nine tenths of yesterday's average stay, and one tenth is today's temperature $\theta_t$. After that, today's
# value is not stored. Only its part of $v$ remains.
#
# **Your task.** Return the whole series $v_1, \dots, v_T$. It starts with $v_0 = 0$, which is not part of it.

# %% tags=["exercise"]
ewma

# %%
curves = {f"β = {beta}": ewma(year, beta) for beta in (0.5, 0.9, 0.98)}
plots.averages(
    days,
    year,
    curves,
    "The larger β, the smoother the average, and the later",
)
for name, v in curves.items():
    daily = np.std(np.diff(v[100:]))
    print(
        f"{name:<8}  moves {daily:.2f} °C a day, "
        f"in summer it reaches {v.max():.1f} °C"
    )

# %% [markdown]
# The figure shows three things. A larger β is *smoother*. It is also *later*: the curve for 0.98 is at its highest
# weeks after the dots. And something is wrong with all of them at the left edge. The smoothness is
# printed above; the delay needs a measurement of its own.
#
# The mean of 200 such years is the season, because the weather cancels. By how many days must the season
# be shifted to look like its own average?

# %%
season = np.mean([temperatures(rng=seed) for seed in range(200)], axis=0)


def days_late(v, since=150):
    """The shift of the season that comes nearest to its average v,
    after the start."""
    shifted = [season[since - k : len(season) - k] for k in range(80)]
    return int(
        np.argmin([np.mean((v[since:] - one) ** 2) for one in shifted])
    )


late = {beta: days_late(ewma(season, beta)) for beta in (0.5, 0.9, 0.98)}
for beta, k in late.items():
    print(f"β = {beta:<4}  days late: {k:2d}")

# %%
moves = [np.std(np.diff(v[100:])) for v in curves.values()]
claim(
    "a larger β is smoother: each of these halves the daily changes, or more",
    min(moves[0] / moves[1], moves[1] / moves[2]),
    above=2,
    form=".1f",
)
claim(
    "a larger β is later: 0.9 is later than 0.5 by over 5 days",
    late[0.9] - late[0.5],
    above=5,
)
claim(
    "0.98 is later than 0.9 by over 20 days", late[0.98] - late[0.9], above=20
)

# %% [markdown]
# ## What is in $v$
#
# $v_t$ was made of $v_{t-1}$, which was made of $v_{t-2}$, and so on. So in the end it is a sum of all past values, each with a weight of its own:
#
# $$v_t = w_0\, \theta_t + w_1\, \theta_{t-1} + w_2\, \theta_{t-2} + \dots$$
#
# **Your task.** Find the weights, and return those of the last $t$ values, the newest first. No formula is given: put the formula of $v$ into itself.

# %% tags=["exercise"]
ewma_weights

# %%
plots.weights(
    {f"β = {beta}": ewma_weights(beta, 41) for beta in (0.5, 0.9, 0.98)}
)
for beta in (0.5, 0.9, 0.98):
    w = ewma_weights(beta, 41)
    print(
        f"β = {beta:<4}  newest {w[0]:.3f}, 40 days old {w[-1]:.4f}, "
        f"sum {w.sum():.3f}"
    )

# %% [markdown]
# The weight of a value falls *exponentially* with its age. That is where the name comes from. No day is forgotten completely; it only counts less and less.
#
# Weights and series are two views of one thing, so they must agree. Compare the last day of the year:

# %%
newest_first = year[::-1]
print(f"by the weights {ewma_weights(0.9, 365) @ newest_first:.4f} °C")
print(f"by the series  {ewma(year, 0.9)[-1]:.4f} °C")

# %% [markdown]
# ## The start at 0
#
# A proper average has weights that sum to 1. The sums printed above are less than 1, most of all for $\beta = 0.98$. What is missing is the
# share of $v_0 = 0$, a number that nobody measured. Each day multiplies that share by $\beta$, so that after $t$ days it is $\beta^t$.

# %%
sums = {
    (beta, t): ewma_weights(beta, t).sum()
    for beta in (0.5, 0.9, 0.98)
    for t in (1, 10, 100)
}
for (beta, t), total in sums.items():
    print(
        f"β = {beta:<4} t = {t:3d}: the sum is {total:.4f}, "
        f"1 - βᵗ is {1 - beta**t:.4f}"
    )
claim(
    "the weights sum to 1 - βᵗ",
    max(abs(total - (1 - beta**t)) for (beta, t), total in sums.items()),
    below=1e-12,
)

# %% [markdown]
# So divide by the sum of the weights:
#
# $$\hat v_t = \frac{v_t}{1 - \beta^t}$$
#
# For small $t$ the divisor is small, and $\hat v_t$ is much larger than $v_t$. Later the divisor is nearly 1, and the correction
# changes almost nothing. This is the **bias correction**.
#
# Real instruments fail sometimes. A day without a value is NaN in the series. Nothing can be mixed in on such a day, so $v$ stays. And what about $t$?
#
# **Your task.** Return the whole corrected series, one result for each day, also where a value is missing. The result of such a day is the one of the day before.

# %% tags=["exercise"]
ewma_bias_corrected

# %%
plain, corrected = ewma(year, 0.98), ewma_bias_corrected(year, 0.98)
plots.cold_start(
    days[:200], year[:200], plain[:200], corrected[:200], beta=0.98
)
for t in (1, 10, 50, 200):
    print(
        f"day {t:3d}: v is {plain[t - 1]:5.2f} °C, "
        f"corrected {corrected[t - 1]:5.2f} °C"
    )
fails = np.random.default_rng(1).random(len(year)) < 1 / 3
fails[0] = False
patchy = np.where(fails, np.nan, year)
whole = ewma_bias_corrected(year, 0.9)
apart = {
    "left out": ewma_bias_corrected(patchy, 0.9) - whole,
    "counted as 0": ewma_bias_corrected(np.nan_to_num(patchy), 0.9) - whole,
}
typical = {way: np.sqrt(np.mean(d**2)) for way, d in apart.items()}

# %%
claim(
    "a third of the days left out: typically less than 1.5 °C off",
    typical["left out"],
    below=1.5,
    form=".1f",
)
claim(
    "such a day counted as 0: over twice as far off",
    typical["counted as 0"] / typical["left out"],
    above=2,
    form=".1f",
)
claim(
    "the corrected average of one day is that day",
    abs(corrected[0] - year[0]),
    below=1e-9,
)
claim(
    "uncorrected, day 1 is 50 times too small",
    corrected[0] / plain[0],
    between=(49.9995, 50.0005),
    form=".4f",
)
claim(
    "uncorrected, day 200 is still over 1 % too small",
    corrected[199] / plain[199] - 1,
    above=0.01,
    form=".1%",
)

# %% [markdown]
# ## Who corrects, and who does not
#
# In plain smoothing the correction is seldom used: one waits until the start is over. An optimiser cannot wait: it uses
# its first averages for its first steps. *Momentum* (lesson 12) steps along an average of the gradients. Uncorrected, its first steps are too short, which does little harm. *RMSProp* divides the
# gradient by the root of an average of its square. *Adam* divides one average by the root of another. In these two a start at 0 has another effect.

# %% tags=["predict"]
first_ratio

# %%
gradient = np.ones(1000)  # the same in each step, as is its square
slow = np.sqrt(ewma(gradient**2, 0.999))
slow_corrected = np.sqrt(ewma_bias_corrected(gradient**2, 0.999))
step_lengths = {
    "momentum, β = 0.9": ewma(gradient, 0.9),
    "RMSProp, β = 0.9": gradient / np.sqrt(ewma(gradient**2, 0.9)),
    "Adam, uncorrected": ewma(gradient, 0.9) / slow,
    "Adam": ewma_bias_corrected(gradient, 0.9) / slow_corrected,
}
plots.first_steps(step_lengths)
too_long = step_lengths["Adam, uncorrected"]
measured("first_ratio", too_long[0])

# %%
claim(
    "Adam's ratio, uncorrected, begins over 3 times too long",
    too_long[0],
    above=3,
    form=".1f",
)
claim(
    "and grows: it is over 6 times too long",
    too_long.max(),
    above=6,
    form=".1f",
)
claim(
    "corrected, it is 1 in each of 1000 steps",
    np.abs(step_lengths["Adam"] - 1).max(),
    below=1e-9,
)

# %% [markdown]
# Both averages are too small at first, but not by the same factor. The slower one is smaller by more, and it is the divisor. So Adam corrects. The table says who corrects, by the source code:
#
# | an average of | begins at | corrected? |
# |---|---|---|
# | anything, plain smoothing | 0 | seldom: one waits |
# | gradients, in momentum | 0 | no |
# | gradients and squares, in Adam (paper, Keras, PyTorch) | 0 | **yes** |
# | squares, in RMSProp (Keras, PyTorch) | 0 | no |
# | squares, in RMSProp (TensorFlow 1) | 1 | no |
# | means and variances, in batch norm (Keras, PyTorch) | 0 and 1 | no |
# | weights (Keras' `use_ema`, PyTorch's `AveragedModel` with `get_ema_multi_avg_fn`) | the weights at the first update | no |
# | weights (TensorFlow's `ExponentialMovingAverage` with `num_updates`) | the first weights | no, but it forgets faster at first |
#
# You will meet the last two again below.
#
# ## A watch for spikes
#
# Large trainings are watched: a loss far above its average so far is a **spike**, often from a broken batch, which one would leave out. The
# watch must work from the first steps on, so it needs the correction.
#
# **Your task.** The code below has several faults. The worst one is common: the corrected average is kept as the state. Repair it, so that it does what its docstring says.

# %% tags=["exercise"]
watch_losses

# %%
steps = np.arange(400)
rng = np.random.default_rng(0)
losses = (0.3 + 2 * np.exp(-steps / 80)) * rng.uniform(0.7, 1.3, size=400)
broken = [6, 130, 131, 300]
losses[broken] *= 10
averages, spikes = watch_losses(losses, 0.97, 2.5)
late_start = ewma(losses, 0.97)[:-1]  # without the correction
alarms = losses[1:] > 2.5 * late_start
print(f"broken batches {broken}, found {np.flatnonzero(spikes).tolist()}")
claim(
    "the watch finds the broken batches and nothing else",
    np.flatnonzero(spikes).tolist(),
    equal=broken,
)
claim(
    "uncorrected, at least 4 of the first 30 losses look like spikes",
    alarms[:30].sum(),
    at_least=4,
)

# %% [markdown]
# ## How long is its memory?
#
# Strictly, it holds all values. In practice a value counts as old when its weight has fallen to a certain fraction of the newest one's. The usual fraction is
# $1/e \approx 0.37$, and the usual rule of thumb for the time until then, the **effective window**, is
#
# $$\frac{1}{1 - \beta}$$
#
# It turns β, which is hard to picture, into a number of steps: 2 for 0.5, 10 for 0.9, 50 for 0.98. How good is it?

# %% tags=["predict"]
rule_off

# %% [markdown]
# **Your task.** Derive the exact number of steps after which a weight has fallen to $1/e$. It need not be whole.

# %% tags=["exercise"]
window

# %%
betas = np.linspace(0.4, 0.999, 600)
exact = np.array([window(beta) for beta in betas])
too_long_by = 1 / (1 - betas) / exact - 1
off = betas[np.abs(too_long_by - 0.1).argmin()]
guess = measured("rule_off", round(off, 3))
plots.rule_of_thumb(betas, exact, off, guess)
for beta in (0.5, 0.9, 0.98, 0.999):
    rule = 1 / (1 - beta)
    print(
        f"β = {beta:<5}: rule {rule:6.1f}, exact {window(beta):6.1f}, "
        f"off by {rule / window(beta) - 1:5.1%}"
    )

# %%
claim(
    "the rule of thumb is 10 % too long at β = 0.824",
    off,
    between=(0.8235, 0.8245),
    form=".4f",
)
claim(
    "at 0.9 it is off by less than 6 %",
    1 / (1 - 0.9) / window(0.9) - 1,
    below=0.06,
    form=".1%",
)
claim(
    "at 0.999 by less than 0.1 %",
    1 / (1 - 0.999) / window(0.999) - 1,
    below=0.001,
    form=".2%",
)

# %% [markdown]
# Look at the last two lines, too. From 0.98 to 0.999 β changes by only 2 %, and the window becomes 20 times as long.
# What matters is $1 - \beta$.
#
# ## One number against a window
#
# A plain average over a window must remember the whole window, to take out the value that leaves it. What do you lose if
# you keep one number instead? Compare the two on pure noise, for smoothness, and on a straight ramp, for the delay.

# %% tags=["predict"]
same_noise


# %%
def plain_window(theta, n):
    """The mean of the last n values, from the n-th day on."""
    return np.convolve(theta, np.ones(n) / n, mode="valid")


noise, ramp = np.random.default_rng(0).normal(size=20_000), np.arange(500.0)
smoothers = {
    "plain window of 10": lambda theta: plain_window(theta, 10),
    "plain window of 19": lambda theta: plain_window(theta, 19),
    "average with β = 0.9": lambda theta: ewma_bias_corrected(theta, 0.9),
}
noise_left = {
    name: np.std(smooth(noise)) for name, smooth in smoothers.items()
}
delay = {
    name: ramp[-1] - smooth(ramp)[-1] for name, smooth in smoothers.items()
}
for name in smoothers:
    left, late_by = noise_left[name], delay[name]
    print(
        f"{name:<20}  {left:.2f} of the noise is left, "
        f"{late_by:.1f} days late"
    )
wanted = noise_left["average with β = 0.9"]
left = [np.std(plain_window(noise, n)) for n in range(1, 41)]
nearest = 1 + np.abs(np.array(left) - wanted).argmin()
measured("same_noise", nearest)
claim(
    "a plain mean needs nearly twice 10 values for as little noise",
    nearest,
    between=(17, 21),
)

# %% [markdown]
# In noise and in delay, the average with the effective window $n$ is like a plain window of $2n - 1$ values. Each value that is older
# than $n$ days has a small weight, but together they still weigh about a third. The variance of a weighted mean of pure noise is the sum of the squared weights, here
#
# $$\frac{1-\beta}{1+\beta} = \frac{1}{2n-1} \qquad \text{with } \beta = 1 - \tfrac1n .$$
#
# The difference is in what must be stored.

# %%
jump = np.where(np.arange(120) < 60, 0.0, 5.0) + noise[:120]
late_window = np.concatenate([np.full(18, np.nan), plain_window(jump, 19)])
plots.after_a_jump(
    jump,
    {
        "plain window of 19": late_window,
        "β = 0.9": ewma_bias_corrected(jump, 0.9),
    },
)
weights = 1_000_000
for name, kept in [("plain window of 19", 19), ("average with β = 0.9", 1)]:
    print(
        f"{name:<22} of {weights:,} gradients: "
        f"{kept * weights * 8 / 1e6:4.0f} MB"
    )
claim(
    "one number is as smooth as a plain window that keeps 19",
    noise_left["average with β = 0.9"] / noise_left["plain window of 19"],
    between=(0.95, 1.05),
    form=".2f",
)
claim(
    "one number is as late as that window, to 0.01 days",
    abs(delay["average with β = 0.9"] - delay["plain window of 19"]),
    below=0.01,
    form=".2f",
)

# %% [markdown]
# One difference remains, and the figure shows it. The plain window reaches the new level after 19 days, and then
# holds nothing of the old one. The exponential average moves faster at first, and needs longer for the rest.
#
# ## How much should it forget?
#
# You cannot have smooth and early at once, so there must be a best β for a given series. Here the truth is known: it is the season.
# Take five noisy years and measure how far the average is from the season, for windows from 1 to 100 days.

# %%
windows = np.geomspace(1, 100, 25)


def distance(theta, n, since=60):
    """The root of the mean squared distance from the season,
    after the start."""
    v = ewma_bias_corrected(theta, 1 - 1 / n)
    return np.sqrt(np.mean((v - season)[since:] ** 2))


years = [temperatures(rng=seed) for seed in range(5)]
errors = np.array([[distance(theta, n) for n in windows] for theta in years])
plots.trade_off(windows, errors)
best = windows[errors.mean(axis=0).argmin()]
three = np.array(
    [[distance(theta, n) for n in (2, 10, 50)] for theta in years]
)
print(f"the best of these windows is about {best:.0f} days")
for n, error in zip((2, 10, 50), three.mean(axis=0), strict=True):
    print(
        f"window {n:2d}, β = {1 - 1 / n:<4}: {error:.1f} °C away, five years"
    )

# %%
claim(
    "in each of five years β = 0.9 comes nearer than 0.5 and 0.98",
    three[:, 1] < np.minimum(three[:, 0], three[:, 2]),
    equal=5,
)

# %% [markdown]
# To the left of the best window most of the error is noise, to the right most of it is delay. Where the best one lies depends on the
# series: a faster season needs a shorter memory, and noisier weather a longer one.
#
# ## Real share prices
#
# These are the closing prices of one company's share, as they come with matplotlib. There is no known
# truth behind them.

# %%
dates, prices = share_prices()
averaged = {
    f"β = {beta}": ewma_bias_corrected(prices, beta)
    for beta in (0.5, 0.9, 0.98)
}
plots.averages(
    dates,
    prices,
    averaged,
    "Share prices: here, too, the smoother average is later",
    "date",
    "price (US dollars)",
)
print(f"{len(prices)} days from {dates[0]} to {dates[-1]}")


# %% [markdown]
# Can such a curve forecast tomorrow's price? Measure it: take the average up to today as a forecast
# for tomorrow, and compare with the simplest forecast there is, today's price.


# %%
def miss(forecast):
    """How far a forecast made each day is from the next day's
    price, typically."""
    return np.sqrt(np.mean((forecast[:-1] - prices[1:]) ** 2))


print(f"today's price: {miss(prices):5.1f} $ off")
for name, v in averaged.items():
    print(f"{name:<12} : {miss(v):5.1f} $ off")
claim(
    "of tomorrow's price today's price knows more than any of the averages",
    miss(prices) / min(miss(v) for v in averaged.values()),
    below=1,
    form=".2f",
)

# %% [markdown]
# An average says where a series has been. It helps where noise hides a level that moves slowly, as weather hides the
# season. The daily changes of a share are not such noise: most of them stay. The gradient of a mini-batch is of the first
# kind, noise around a direction that changes slowly. So the next lesson averages gradients. Here we average what they lead to.
#
# ## Averaged weights
#
# At a constant learning rate gradient descent on mini-batches does not settle where the data cannot be fitted (lesson 10): its weights move around a good place, pushed by the noise of
# each batch. So keep an average $\bar\theta$ of the weights beside the training, and use it in their place afterwards. This does not change the training.
#
# The start is a problem here, too, but another one. The average begins at the *first weights*, which are random and bad, and with
# $\beta = 0.999$ it takes thousands of steps to forget them. TensorFlow's remedy is to forget faster at first:
#
# $$\bar\theta \leftarrow s\, \bar\theta + (1 - s)\, \theta, \qquad s = \min\Big(\beta,\; \frac{1 + t}{10 + t}\Big)$$
#
# where $t$ counts the steps before this one, from 0. At first $s$ is small. After $t$ steps the window $1/(1 - s)$ is $(10 + t)/9$, about a ninth of the training so far, until β takes over.
#
# **Your task.** Write one step of this average.

# %% tags=["exercise"]
weight_average

# %% tags=["predict"]
errors_saved

# %% [markdown]
# The control is what is usually done against the noise: a rate that falls to 0 in a straight line. To see the effect of the start, we keep two slow averages, with and without this remedy. All curves are means of six runs, each with its
# own split, labels, first weights and order.


# %%
def on_the_way(seed, lr=0.3, steps=1500, every=50):
    """Dev errors (%) every 50 steps: one row for each, one column for
    the last weights and for each average."""
    train, dev = digit_sets(seed, wrong=0.2)
    network = dense_network([64, 32, 10], rng=seed)
    quick = slow = from_first = network.theta.copy()
    found = []
    for t, theta in enumerate(
        weights_of(network, train, lr, steps, rng=seed)
    ):
        quick = weight_average(quick, theta, 0.99, t)
        slow = weight_average(slow, theta, 0.999, t)
        from_first = 0.999 * from_first + 0.001 * theta
        if (t + 1) % every == 0:
            kept = (theta, quick, slow, from_first)
            found.append([errors_with(network, w, dev) for w in kept])
    falls = dense_network([64, 32, 10], rng=seed)
    path = weights_of(falls, train, lr, steps, falling=True, rng=seed)
    control = [
        errors_with(falls, theta, dev)
        for t, theta in enumerate(path)
        if (t + 1) % every == 0
    ]
    return np.column_stack([found, control])


way = np.mean([on_the_way(seed) for seed in range(6)], axis=0)
last, quick, slow, from_first, control = way.T
plots.on_the_way(
    50 * np.arange(1, 31),
    {
        "last weights": last,
        "average, β = 0.99": quick,
        "falling rate": control,
    },
    {
        "β = 0.999, forgets faster at first": slow,
        "β = 0.999, from the first weights": from_first,
    },
)

# %%
measured("errors_saved", round(100 * (1 - quick[-1] / last[-1])))
claim(
    "averaging the weights takes away over 2 points of errors",
    last[-1] - quick[-1],
    above=2,
    form=".1f",
)
claim(
    "what the falling rate reaches differs from that by less than 2 points",
    abs(control[-1] - quick[-1]),
    below=2,
    form=".1f",
)
claim(
    "β = 0.999 from the first weights: over twice the errors at step 500",
    from_first[9] / slow[9],
    above=2,
    form=".1f",
)

# %% [markdown]
# So here averaging is as good as a falling rate. It needs no schedule, and you may stop at any step. At the end the two slow averages hardly differ. Before that, one of them was useless for hundreds of steps. But was the rate simply too large? And is it the noise? Try six rates,
# with every fifth label drawn at random and with all labels right. Another way is the plain mean of the weights over the second half of the steps, the idea of **stochastic weight averaging**.
# All rates of a run are trained side by side, as a stack of networks on the same batches.

# %%
RATES = [0.01, 0.03, 0.1, 0.3, 0.6, 1.0]
RIGHT = "Right labels: at their best, all are alike"
WRONG = "A fifth at random: averages allow large rates"
WAYS = (
    "last weights",
    "average, β = 0.99",
    "mean of 2nd half",
    "falling rate",
)


def errors_of_ways(seed, wrong, steps=1500):
    """Dev errors (%): (4 ways, 6 rates)."""
    train, dev = digit_sets(seed, wrong)
    lr = np.array(2 * RATES)[:, None]  # constant, then falling
    falling = np.arange(12)[:, None] >= 6
    networks = [dense_network([64, 32, 10], rng=seed) for _ in lr]
    stack = Network.stack(networks)
    average, total = stack.theta.copy(), 0
    path = weights_of(stack, train, lr, steps, falling, rng=seed)
    for t, theta in enumerate(path):
        average = weight_average(average, theta, 0.99, t)
        if t >= steps // 2:
            total = total + theta
    mean = total / (steps - steps // 2)
    kept = (stack.theta, average, mean)
    last, quick, half = (errors_with(stack, w, dev) for w in kept)
    return [last[:6], quick[:6], half[:6], last[6:]]


found = {
    labels: np.array([errors_of_ways(seed, wrong) for seed in range(9)])
    for labels, wrong in ((RIGHT, 0), (WRONG, 0.2))
}
plots.errors_by_rate(
    RATES,
    {
        labels: dict(zip(WAYS, runs.mean(axis=0), strict=True))
        for labels, runs in found.items()
    },
)

# %%
at_own_rate = {}  # chosen on three runs, reported on the six others
for labels, runs in found.items():
    best = runs[:3].mean(axis=0).argmin(axis=1)
    at_own_rate[labels] = runs[3:].mean(axis=0)[np.arange(4), best]
    print(labels.split(":")[0])
    for way, rate, errors in zip(
        WAYS, np.array(RATES)[best], at_own_rate[labels], strict=True
    ):
        print(f"  {way:<18} best rate {rate:<4}: {errors:4.1f} % errors")
clean, noisy = (runs.mean(axis=0) for runs in found.values())
claim(
    "with right labels, averaging at rate 0.3 is worth less than 1 point",
    clean[0, 3] - clean[1, 3],
    below=1,
    form=".1f",
)
claim(
    "rates 0.03 to 0.3: the last weights' errors differ by over 2.5 points",
    np.ptp(noisy[0, 1:4]),
    above=2.5,
    form=".1f",
)
claim(
    "those of the average by less than 2",
    np.ptp(noisy[1, 1:4]),
    below=2,
    form=".1f",
)
last, quick, half, control = at_own_rate[WRONG]
claim(
    "each at its best rate: the gain is less than half of that at 0.3",
    (last - quick) / (noisy[0, 3] - noisy[1, 3]),
    below=0.5,
    form=".2f",
)
claim(
    "plain mean and falling rate, at their best: within 2 points of it",
    max(abs(half - quick), abs(control - quick)),
    below=2,
    form=".1f",
)

# %% [markdown]
# At rate 1 the training breaks down; those points lie above the figure. The control shows that noise is the reason: where all labels are right the training settles by itself, and there is almost no noise to average. And a smaller rate gives you most of the gain, too;
# with averaging you need not look for it. At the smallest rate, where the training is still on its way, old weights are worse weights: the plain mean and the falling rate are late.
#
# Many published models, most diffusion models among them, are averages of this kind. They cost a copy of the weights. One warning: the running statistics of batch norm (lesson 15) belong to the
# weights they were measured with. With averaged weights, average these, too, or measure them again (PyTorch's `update_bn`).
#
# ## Explore
#
# **Try** a window of 2, 10 and 100 days on each of the three series. Then switch the correction of the start on and off.
# **Notice** how noise turns into delay as the window grows; that after the jump the average has gone two thirds of the
# way when one window has passed; and that an uncorrected start costs a few windows.

# %%
memory()

# %% [markdown]
# ## The same in Keras
#
# Keras has no function for this average, but it runs inside several of its parts. `BatchNormalization` keeps a running mean of the
# batches it has seen, and the share of the old value is called `momentum`: it is your `ewma`, from
# 0, without the correction. Feed a layer 30 batches and compare.

# %%
import keras

keras.utils.set_random_seed(0)
batches = np.random.default_rng(1).normal(10, 2, size=(30, 16, 1))
layer = keras.layers.BatchNormalization(momentum=0.9)
running = []
for batch in batches:
    layer(batch, training=True)
    running.append(float(layer.moving_mean[0]))
ours = ewma(batches.mean(axis=(1, 2)), 0.9)
for t in (1, 10, 30):
    print(
        f"after {t:2d} batches: Keras {running[t - 1]:5.2f}, "
        f"ours {ours[t - 1]:5.2f}"
    )
claim(
    "Keras' running mean is our ewma to 1e-5",
    np.abs(running / ours - 1).max(),
    below=1e-5,
)

# %% [markdown]
# The mean of these numbers is 10, and after 10 batches the running mean of the layer is still less than 7. This is the start at 0 again, in a
# tool that people use every day. Its default is 0.99, a window of 100 batches, so it needs a few hundred of them.
#
# Any Keras optimiser can also average the *weights* (`use_ema=True`, `ema_momentum` is β). Its average begins at the weights after the first step. With your
# `ewma`, that is the average of the distances from them:
#
# $$w_1 + \text{ewma}(w - w_1)$$

# %%
w = keras.Variable([4.0])
optimizer = keras.optimizers.SGD(
    learning_rate=0.3, use_ema=True, ema_momentum=0.9
)
noise, path = np.random.default_rng(2).normal(size=100), []
for error in noise:
    gradient = w + error  # of w²/2, with noise: the minimum is at 0
    optimizer.apply([gradient], [w])
    path.append(float(w[0]))
# puts the average in the place of the weights
optimizer.finalize_variable_values([w])
path = np.array(path)
ours = path[0] + ewma(path - path[0], 0.9)
still, calm = np.std(path[50:]), np.std(ours[50:])
print(
    f"in its last 50 steps the weight wanders by {still:.2f}, "
    f"its average by {calm:.2f}"
)
print(f"the average at the end: Keras {float(w[0]):.4f}, ours {ours[-1]:.4f}")
claim(
    "Keras' average of the weights is our ewma to 1e-5",
    abs(float(w[0]) - ours[-1]),
    below=1e-5,
)

# %% [markdown]
# And the first step of an optimiser shows whether it corrects. At rate 0.1 it should have the length 0.1, whatever the gradient.


# %%
def first_step(optimizer, gradient):
    w = keras.Variable([0.0])
    optimizer.apply([keras.ops.convert_to_tensor([gradient])], [w])
    return -float(w[0]) / 0.1


adam = first_step(keras.optimizers.Adam(learning_rate=0.1), 2.0)
rmsprop = first_step(keras.optimizers.RMSprop(learning_rate=0.1), 2.0)
print(f"first step, 1 is right: Adam {adam:.2f}, RMSprop {rmsprop:.2f}")
claim(
    "Keras' Adam corrects: its first step is right to 0.1 %",
    abs(adam - 1),
    below=0.001,
    form=".1%",
)
claim(
    "Keras' RMSprop does not: its first step is as long as yours above",
    rmsprop / step_lengths["RMSProp, β = 0.9"][0],
    between=(0.999, 1.001),
    form=".3f",
)

# %% [markdown]
# Another library may mean the opposite by the same word: in PyTorch's batch norm `momentum` is the share of the *new* value, so
# its 0.1 is Keras' 0.9. In this course β always multiplies the old value.
#
# ## Quiz

# %% tags=["quiz"]
too_low_at_first

# %% tags=["quiz"]
ten_days_after_a_jump

# %% tags=["quiz"]
from_98_to_99

# %% tags=["quiz"]
a_long_memory_of_weights

# %% [markdown]
# ## Papers to read
#
# - S. W. Roberts (1959), *Control chart tests based on geometric moving averages*, Technometrics 1(3),
#   [doi:10.1080/00401706.1959.10489860](https://doi.org/10.1080/00401706.1959.10489860). The average, its weights and its noise, from a time when
#   people computed it by hand.
# - E. S. Gardner (1985), *Exponential smoothing: the state of the art*, Journal of Forecasting 4(1),
#   [doi:10.1002/for.3980040103](https://doi.org/10.1002/for.3980040103). What grew out of it: averages that also follow a trend and a season.
# - D. P. Kingma and J. Ba (2015), *Adam: a method for stochastic optimization*, ICLR, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980). Section 3
#   derives the bias correction in half a page.
# - B. T. Polyak and A. B. Juditsky (1992), *Acceleration of stochastic approximation by averaging*, SIAM Journal on Control and Optimization 30(4),
#   [doi:10.1137/0330046](https://doi.org/10.1137/0330046). Why it helps to average the weights of a noisy descent.
# - P. Izmailov, D. Podoprikhin, T. Garipov, D. Vetrov and A. G. Wilson (2018), *Averaging weights leads to wider optima and better generalization*,
#   UAI, [arXiv:1803.05407](https://arxiv.org/abs/1803.05407). The plain mean of the last part of a training.
#
# ## What you can do now
#
# You can follow a noisy series with one number, say what every past value weighs in it, and start it without a bias, also where values are missing.
# By the rule of thumb one number holds $1/(1-\beta)$ values; you have derived the exact number. In noise and delay the average is like a plain window of nearly twice that length.
# How much it should hold is a compromise: on the five years a window of about ten days came nearer to the season than 2 or 50. You can average
# the weights of a network, and know what that replaces: a falling rate, or a smaller one.
#
# Next: [lesson 12](12_momentum_rmsprop_adam.ipynb) lets this average choose the steps of an optimiser.
