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
# **Takes** about 50 minutes · **Before this** lesson 00
#
# **You will**
# - write the average that every optimiser from the next lesson on is built from,
# - see what each past value weighs in it, and mend its cold start,
# - choose its one knob, β, from the length of memory that you want, and measure what a wrong choice costs.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import share_prices, temperatures
from nnutils.lessons.exponentially_weighted_averages import plots
from nnutils.lessons.exponentially_weighted_averages.explorer import memory

# %% [markdown]
# ## A noisy year
#
# Here is the mean temperature of every day of one year. It is drawn from a formula, a smooth season plus weather that takes
# a few days to forget itself, so that there is a truth to compare with later.

# %%
year = temperatures(rng=0)
days = np.arange(1, 366)
plots.averages(days, year, {}, "Somewhere in these dots there is a season")
print(f"{len(year)} days between {year.min():.1f} and {year.max():.1f} °C")
print(
    "from one day to the next it changes by "
    f"{np.std(np.diff(year)):.1f} °C, typically"
)

# %% [markdown]
# To see the season you would average. A plain average of the last ten days needs the last ten days.
# There is a way to make do with one number $v$: each day, keep a share $\beta$ of what you have and mix in the new
# value with the rest,
#
# $$v_0 = 0, \qquad v_t = \beta\, v_{t-1} + (1 - \beta)\, \theta_t .$$
#
# With $\beta = 0.9$, nine tenths of yesterday's average stay, and one tenth is today's temperature $\theta_t$. Then today is
# forgotten, except for its trace in $v$.
#
# **Your task.** Return the whole series $v_1, \dots, v_T$. Start with $v_0 = 0$, which is not part of it.

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
# Three things meet in this figure. A larger β is *smoother*. It is also *later*: the curve for 0.98 is at its highest
# weeks after the dots. And something is wrong with all of them at the left edge. The smoothness is
# printed above; the delay needs a measurement of its own.
#
# Average 200 drawn years and the weather cancels out, which leaves the season. Then ask by how many days the season must
# be shifted to look like its own average.

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
# Put the formula for $v_{t-1}$ into the one for $v_t$, then the one for $v_{t-2}$ into that, and so on:
#
# $$v_t = (1-\beta)\,\theta_t + (1-\beta)\,\beta\,\theta_{t-1} + (1-\beta)\,\beta^2\,\theta_{t-2} + \dots
# = \sum_{k=0}^{t-1} (1-\beta)\,\beta^k\,\theta_{t-k}$$
#
# So it is an average with weights, and a weight fades *exponentially* with the age $k$ of its value. No day
# is ever forgotten altogether; it only counts less and less.
#
# **Your task.** Return the weights of the last $t$ values, the newest first.

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
# Weights and series are two views of one thing, so they must agree. Compare the last day of the year:

# %%
newest_first = year[::-1]
print(f"by the weights {ewma_weights(0.9, 365) @ newest_first:.4f} °C")
print(f"by the series  {ewma(year, 0.9)[-1]:.4f} °C")

# %% [markdown]
# ## The cold start
#
# A proper average has weights that sum to 1. The sums printed above are less than 1, most of all for $\beta = 0.98$. The
# sum is a geometric series:
#
# $$\sum_{k=0}^{t-1} (1-\beta)\,\beta^k = 1 - \beta^t$$
#
# The missing part, $\beta^t$, is the share of $v_0 = 0$, a number that nobody measured.

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
# The cure follows at once. Divide by what the weights sum to:
#
# $$\hat v_t = \frac{v_t}{1 - \beta^t}$$
#
# For small $t$ the divisor is small and lifts $\hat v_t$ to where it belongs. Later it is 1, and nothing
# changes. This is the *bias correction*, which you will meet again inside Adam.
#
# **Your task.** Return the whole corrected series. Use your `ewma`; $t$ counts from 1.

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

# %%
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
# ## How long is its memory?
#
# Strictly, it holds all days. In practice a day that weighs a fraction of today's can be left out of the account. For
# $\beta$ near 1,
#
# $$\beta^{\,1/(1-\beta)} \approx \frac{1}{e} \approx 0.37 ,$$
#
# so after $1/(1-\beta)$ days a share has faded to about a third. That number is called the *effective window*. It is
# a rule of thumb, and a useful one: it turns β, which is hard to picture, into a number of days.
#
# **Your task.** Two short ones, each the other turned round: the window of a β, and the β for a window.

# %% tags=["exercise"]
effective_window

# %% tags=["exercise"]
beta_for_window

# %%
plots.fading((0.5, 0.9, 0.98))
for n in (2, 10, 50, 1000):
    beta = beta_for_window(n)
    print(
        f"window {effective_window(beta):4.0f}: β = {beta:.3f}, "
        f"and βⁿ = {beta**n:.4f}"
    )
print(f"1/e = {np.exp(-1):.4f}")

# %%
claim(
    "0.9¹⁰ is 1/e to within 6 %",
    abs(0.9**10 * np.e - 1),
    below=0.06,
    form=".1%",
)
claim(
    "0.999¹⁰⁰⁰ is 1/e to within 0.1 %",
    abs(0.999**1000 * np.e - 1),
    below=0.001,
    form=".2%",
)

# %% [markdown]
# Read the table from its other end, too. From 0.98 to 0.999 the digits of β hardly move, and the window grows twentyfold.
# What matters is $1 - \beta$.
#
# ## One number against a window
#
# A plain average over a window must remember the whole window, to take out the value that leaves it. What do you lose if
# you keep one number instead? Compare the two on pure noise, for smoothness, and on a straight ramp, for the delay.
# A window of 10 values and an effective window of 10 are not the same thing, as you will see.


# %%
def plain_window(theta, n):
    """The mean of the last n values, from the n-th day on."""
    return np.convolve(theta, np.ones(n) / n, mode="valid")


noise, ramp = np.random.default_rng(0).normal(size=20_000), np.arange(500.0)
beta = beta_for_window(10)
smoothers = {
    "plain window of 10": lambda theta: plain_window(theta, 10),
    "plain window of 19": lambda theta: plain_window(theta, 19),
    f"average with β = {beta}": lambda theta: ewma_bias_corrected(
        theta, beta
    ),
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

# %% [markdown]
# In noise and in delay β with the effective window $n$ matches a plain window of $2n - 1$ values: what is older than $n$ days
# fades, but together it still weighs a third. The variance of a weighted mean of pure noise is the sum of the squared weights, and
#
# $$\sum_{k=0}^{\infty} (1-\beta)^2\, \beta^{2k} = \frac{1-\beta}{1+\beta} = \frac{1}{2n-1} \qquad \text{with } \beta = 1 - \tfrac1n .$$
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
# The figure shows what is left of a difference: the plain window reaches the new level and has forgotten the old one
# after 19 days; the exponential average starts off faster and takes longer over the rest.
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
    v = ewma_bias_corrected(theta, beta_for_window(n))
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
        f"window {n:2d}, β = {beta_for_window(n):<4}: "
        f"{error:.1f} °C away, five years"
    )

# %%
claim(
    "in each of five years β = 0.9 comes nearer to the season than 0.5 and "
    "0.98",
    three[:, 1] < np.minimum(three[:, 0], three[:, 2]),
    equal=5,
)

# %% [markdown]
# To the left of the best window most of the error is noise, to the right most of it is delay. Where the best one lies depends on the
# series: faster seasons want a shorter memory, noisier weather a longer one.
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
    "The same three averages of a share",
    "date",
    "price (US$)",
)
print(f"{len(prices)} days from {dates[0]} to {dates[-1]}")


# %% [markdown]
# It is tempting to read tomorrow's price off such a curve. Measure it: take the average up to today as a forecast
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
# season. A share's daily moves are no such noise: most of them stay. The gradient of a mini-batch is of the first
# kind, noise around a direction that changes slowly. So the next lesson averages gradients.
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
# Keras has no function for this average, but it runs inside two of its parts. `BatchNormalization` keeps a running mean of the
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
# The mean of these numbers is 10, and after 10 batches the layer still believes in less than 7: the cold start, in a
# tool that people use every day. Its default is 0.99, a window of 100 batches, so it needs a few hundred of them.
#
# Any Keras optimiser can also average the *weights* (`use_ema=True`, `ema_momentum` is β). It cures the cold start in another
# way: the average begins at the first value instead of 0. With your function that is the average of the distances from the
# first value, $w_1 + \text{ewma}(w - w_1)$.

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
what_is_stored

# %% tags=["quiz"]
when_correction_ends

# %% [markdown]
# ## Papers to read
#
# - S. W. Roberts (1959), *Control chart tests based on geometric moving averages*, Technometrics 1(3). The average, its weights and its
#   noise, from a time when one number less to write down by hand counted.
# - E. S. Gardner (1985), *Exponential smoothing: the state of the art*, Journal of Forecasting 4(1). What grew out of it: averages that
#   also follow a trend and a season.
# - D. P. Kingma and J. Ba (2015), *Adam: a method for stochastic optimization*, ICLR. Section 3 derives the bias
#   correction in half a page.
# - B. T. Polyak and A. B. Juditsky (1992), *Acceleration of stochastic approximation by averaging*, SIAM Journal on Control and
#   Optimization 30(4). Why averaging the weights of a noisy descent pays off.
#
# ## What you can do now
#
# You can follow a noisy series with one number, say what every past value weighs in it, and start it without a bias.
# One number holds about $1/(1-\beta)$ values, and is as good as a plain window of nearly twice that length.
# How much it should hold is a trade: on the five years a window of about ten days came nearer to the season than 2 or 50.
#
# Next: [lesson 12](12_momentum_rmsprop_adam.ipynb) lets this average choose the steps of an optimiser.
