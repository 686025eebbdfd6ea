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
# # More optimisers: Nesterov, AdaGrad, AdaMax and Nadam
#
# Every library offers a dozen optimisers, and their names say nothing. Most of them are one idea away from those that
# you have written. Which idea is it, what does it bring, and what does it cost?
#
# **Takes** about 70 minutes · **Before this** lesson 12 (momentum, RMSProp and Adam)
#
# **You will**
# - make momentum look ahead, and measure how much less it overshoots,
# - give rare features larger steps, and see the price: steps that die out,
# - write Adam's two relatives, AdaMax and Nadam,
# - race all eight, on landscapes and on digits, and find your own weights in Keras.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.batches import minibatches
from nnutils.data import digits
from nnutils.figures.paths import paths
from nnutils.lessons.more_optimizers import plots
from nnutils.lessons.more_optimizers.explorer import great_race
from nnutils.network import Network, dense_network

# %% [markdown]
# ## Look before you step
#
# Momentum overshoots: it arrives at the bottom with speed and learns only afterwards that the slope has turned.
# Nesterov (1983) noticed that it need not be so late. Before the step, we know already where the velocity is about to
# carry us: to $w + \beta v$. So ask for the gradient *there*.
#
# $$v \leftarrow \beta\, v - \alpha\, \nabla J(w + \beta v) \qquad\qquad w \leftarrow w + v$$
#
# Note the convention, which is that of the paper and of Keras: the learning rate stands inside $v$, and $v$ points downhill. Lesson
# 12's momentum kept an average, $(1-\beta)\,g$; its learning rate was larger by the factor $1 / (1-\beta)$.
#
# **Your task.** Write the step. It gets no gradient but the function `grad`, which it may ask at any point.

# %% tags=["exercise"]
nesterov_update

# %% [markdown]
# To compare, here are the updates that you know from lesson 12, in the same form: a function of the point `w`, of `grad`, which
# gives the gradient at any point, of `t`, and of what the update remembers.


# %%
def descent(lr):
    return lambda w, grad, t: [w - lr * grad(w)]


def momentum(lr, beta=0.9):
    def update(w, grad, t, v):
        v = beta * v - lr * grad(w)
        return w + v, v

    return update


def rmsprop(lr, beta=0.99):
    def update(w, grad, t, s):
        g = grad(w)
        s = beta * s + (1 - beta) * g**2
        return w - lr * g / (np.sqrt(s) + 1e-8), s

    return update


def adam(lr, beta1=0.9, beta2=0.999):
    def update(w, grad, t, m, v):
        g = grad(w)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        root = np.sqrt(v / (1 - beta2**t)) + 1e-8
        return w - lr * m / (1 - beta1**t) / root, m, v

    return update


# %%
def walk(update, grad, start, averages=0, steps=60):
    """The points of the walk: (steps + 1, ...). averages: how many arrays the
    update remembers."""
    w, state, path = start, [np.zeros(start.shape)] * averages, [start]
    for t in range(1, steps + 1):
        w, *state = update(w, grad, t, *state)
        path.append(w)
    return np.array(path)


# %% [markdown]
# First the plain bowl $J = \frac12 w^2$, whose gradient is $w$ itself, started at $-8$. Same learning rate, same $\beta$; only the
# point where the gradient is taken differs.


# %%
def nesterov(lr, beta=0.9):
    return lambda w, grad, t, v: nesterov_update(w, grad, v, lr, beta)


def rolls(make, beta, steps=200):
    path = walk(make(0.1, beta), lambda w: w, np.array([-8.0]), 1, steps)
    return path[:, 0]


betas = (0.5, 0.8, 0.9, 0.95, 0.99)
pair = {"momentum": momentum, "Nesterov": nesterov}
overshoots = {
    name: np.array(
        [max(100 * rolls(make, beta).max() / 8, 0) for beta in betas]
    )
    for name, make in pair.items()
}
plots.swings(
    {name: rolls(pair[name], 0.9)[:61] for name in pair}, overshoots, betas
)
for name, percent in overshoots.items():
    told = ", ".join(
        f"{beta}: {p:.0f} %" for beta, p in zip(betas, percent, strict=True)
    )
    print(f"{name:<9} overshoots by beta: {told}")
claim(
    "Nesterov overshoots less than momentum at every beta from 0.8 on, by "
    "a third at least",
    (overshoots["Nesterov"][1:] / overshoots["momentum"][1:]).max(),
    below=0.67,
    form=".2f",
)

# %% [markdown]
# How much it helps depends on the steepness. The steeper the walls, the more the gradient changes between here and the point
# ahead, and the stronger the brake. In lesson 12's valley, which is 100 times as steep across as along, take $\alpha = 0.01$: the learning
# rate times the steepness across is then just 1, and the whole zigzag is gone.


# %%
def valley(w):
    return 0.5 * (w[..., 0] ** 2 + 100 * w[..., 1] ** 2)


def valley_slope(w):
    return w * [1, 100]


start = np.array([-9.0, 0.6])
walks = {
    name: walk(make(0.01), valley_slope, start, averages=1)
    for name, make in pair.items()
}
paths(
    "Same learning rate, same beta: the look ahead damps the zigzag",
    valley,
    walks,
)
for name, path in walks.items():
    way = np.abs(np.diff(path[:, 1])).sum()
    beyond = path[:, 0].max()
    print(
        f"{name:<9} walks {way:.1f} across, "
        f"and {beyond:.1f} beyond the minimum along"
    )

# %% [markdown]
# The brake has a limit: with steps that are too long, the point ahead lies on the opposite wall, and the
# answer from there is larger each time. Here is the largest stable learning rate of both, for a direction of steepness 1.


# %%
def largest_stable(make):
    rates = np.arange(0.05, 5, 0.1)
    with np.errstate(all="ignore"):  # those beyond the limit end in inf
        path = walk(make(rates), lambda w: w, np.ones(rates.shape), 1, 400)
        ends = path[-1]
    return rates[np.abs(ends) < 1].max()


limits = {name: largest_stable(make) for name, make in pair.items()}
for name, limit in limits.items():
    print(f"{name:<9} is stable up to a learning rate of {limit:.2f}")
claim(
    "the look ahead costs stability: Nesterov's limit is under half of "
    "momentum's",
    limits["Nesterov"] / limits["momentum"],
    below=0.5,
    form=".2f",
)

# %% [markdown]
# ## AdaGrad: never forget
#
# Some features are rare: a word that stands in one text of a thousand, a pixel that is nearly always white. Their weights
# get a gradient now and then, and when they do, it should count. **AdaGrad** (Duchi, Hazan & Singer 2011) adds up the squares
# of all gradients that a parameter has ever seen, and divides by the root:
#
# $$s \leftarrow s + g^2 \qquad\qquad w \leftarrow w - \alpha\, \frac{g}{\sqrt{s} + \varepsilon}$$
#
# It came before RMSProp, which differs in one thing only: RMSProp averages where AdaGrad adds.
#
# **Your task.** Write AdaGrad's step, element by element. Return the parameters and the sum.

# %% tags=["exercise"]
adagrad_update

# %% [markdown]
# Your function on digits. The network is a single layer, so that each weight belongs to one pixel. After five epochs, what
# learning rate, $\alpha / (\sqrt{s} + \varepsilon)$, has each pixel got? Three pixels are white in all digits and are left out.

# %%
X, y = digits()
network = dense_network([64, 10], rng=0)


def slope_on(network, X, y):
    """The gradient of the loss on these examples,
    as a function of the weights."""

    def slope(w):
        network.theta[:] = w
        network.loss_and_grad(X, y)
        return network.grad.copy()

    return slope


w = network.theta.copy()
s = np.zeros(network.theta.shape)
rng = np.random.default_rng(0)
for _ in range(5):
    for X_batch, y_batch in minibatches(X, y, 128, rng):
        g = slope_on(network, X_batch, y_batch)(w)
        w, s = adagrad_update(w, g, s, lr=0.1, eps=1e-8)

share = (X > 0).mean(axis=0)  # how often each pixel has ink
rate = np.median(0.1 / (np.sqrt(s[:640].reshape(64, 10)) + 1e-8), axis=1)
plots.rates_of_pixels(share, np.where(share > 0, rate, np.nan))

# %%
rare, common = (share > 0) & (share < 0.05), share > 0.5
ratio = np.median(rate[rare]) / np.median(rate[common])
print(
    f"{rare.sum()} pixels have ink in under 5 % of the digits, "
    f"{common.sum()} in over half"
)
print(f"median rate of the common ones: {np.median(rate[common]):.1f}")
print(f"median rate of the rare ones: over 100 times as large, {ratio > 100}")
claim(
    "a rare feature gets larger steps: every rare pixel's rate is above "
    "every common one's",
    rate[rare].min() / rate[common].max(),
    above=1,
    form=".2f",
)

# %% [markdown]
# Does it help? Take texts of rare and common words. There are 300 words; the $k$-th one stands in a text with probability
# $0.5 / k^{0.8}$, a rough picture of real texts, where a few words are everywhere and most are rare. Each word has a hidden weight, and the sum over a text's words
# decides, with some luck, whether a reader likes it. One pass over 2 000 texts, 2 000 others to measure. Gradient
# descent and AdaGrad try the same learning rates, and each of them counts with its best one.


# %%
def texts(seed, m=4000, words=300):
    rng = np.random.default_rng(seed)
    X = (
        rng.random((m, words)) < 0.5 / np.arange(1, words + 1) ** 0.8
    ).astype(float)
    liked = rng.random(m) < 1 / (
        1 + np.exp(-X @ rng.normal(0, 2, size=words))
    )
    return X, liked


def adagrad(lr, eps=1e-8):
    return lambda w, grad, t, s: adagrad_update(w, grad(w), s, lr, eps)


def error_after_one_pass(make, averages, lr, seed):
    X, liked = texts(seed)
    model = dense_network([300, 1], loss="sigmoid")
    rng = np.random.default_rng(seed)
    w = np.zeros(model.theta.shape)
    state = [np.zeros(model.theta.shape)] * averages
    for X_batch, y_batch in minibatches(X[:2000], liked[:2000], 10, rng):
        w, *state = make(lr)(w, slope_on(model, X_batch, y_batch), 1, *state)
    model.theta[:] = w
    return 100 * (1 - model.accuracy(X[2000:], liked[2000:]))


# %%
def five_errors(make, averages):
    """Percent of errors for five sets of texts, at the learning rate that is
    best on average."""
    return min(
        (
            [
                error_after_one_pass(make, averages, lr, seed)
                for seed in range(5)
            ]
            for lr in (0.3, 1, 3, 10)
        ),
        key=np.mean,
    )


errors = {}
for name, make, averages in [
    ("gradient descent", descent, 0),
    ("AdaGrad", adagrad, 1),
]:
    errors[name] = np.array(five_errors(make, averages))
    print(
        f"{name:<17} {errors[name].mean():.1f} % errors, "
        "mean of 5 sets of texts"
    )
saved = errors["gradient descent"] - errors["AdaGrad"]
print(f"AdaGrad saves {saved.min():.1f} to {saved.max():.1f} points")
claim(
    "with rare words AdaGrad makes fewer errors, on each of 5 sets",
    saved > 0,
    equal=5,
)

# %% [markdown]
# ### The price
#
# A sum of squares can only grow. Look at a gradient that is always 1, and at the rates in a network of two hidden
# layers that learns to read digits.


# %%
def median_rates(make, seed=0, epochs=40):
    """The median of lr / (sqrt(s) + eps) over the network's weights,
    after each epoch."""
    network = dense_network(
        [64, 32, 32, 10], activation="tanh", init="glorot", rng=seed
    )
    w = network.theta.copy()
    s = 0 * network.theta
    rng = np.random.default_rng(seed)
    rates, lr = [], {adagrad: 0.1, rmsprop: 0.01}[make]
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, 128, rng):
            w, s = make(lr)(w, slope_on(network, X_batch, y_batch), 1, s)
        rates.append(np.median(lr / (np.sqrt(s) + 1e-8)))
    return np.array(rates)


two = {"AdaGrad": adagrad, "RMSProp": rmsprop}
steps = {
    name: -np.diff(walk(make(1.0), np.ones_like, np.zeros(1), 1, 1000)[:, 0])
    for name, make in two.items()
}
rates = {name: median_rates(make) for name, make in two.items()}
plots.dying_steps(steps, rates)
for name in two:
    print(
        f"{name}: step 1000 is {steps[name][-1]:.2f} lr; "
        "rate in the network "
        f"{'falls' if rates[name][-1] < rates[name][0] else 'rises'}"
    )

# %%
claim(
    "AdaGrad's steps die out like 1 / sqrt(t)",
    steps["AdaGrad"][999] * 1000**0.5,
    between=(0.99999, 1.00001),
    form=".5f",
)
claim(
    "RMSProp's do not: they go on at the learning rate",
    steps["RMSProp"][-1],
    above=0.99,
    form=".2f",
)
claim(
    "on digits AdaGrad's median rate falls in every epoch",
    np.diff(rates["AdaGrad"]) < 0,
    equal=len(rates["AdaGrad"]) - 1,
)
claim(
    "on digits RMSProp's median rate ends above its start",
    rates["RMSProp"][-1] / rates["RMSProp"][0],
    above=1,
    form=".1f",
)

# %% [markdown]
# For a convex problem, such as the texts above, falling steps are what theory asks for. In a deep network the valley of interest
# may lie far from the start, and AdaGrad can be out of steam before it gets there. RMSProp was made to repair just this.
#
# ## AdaMax: the largest instead of the average
#
# The paper that brought Adam has a second algorithm. Where Adam divides by the root of an average of squares, **AdaMax** (Kingma & Ba
# 2015, section 7.1) divides by the largest gradient of late. "Of late" means that the maximum fades by $\beta_2$ each step:
#
# $$m \leftarrow \beta_1 m + (1-\beta_1)\, g \qquad u \leftarrow \max(\beta_2\, u,\; |g|) \qquad
# w \leftarrow w - \frac{\alpha}{1-\beta_1^t}\, \frac{m}{u + \varepsilon}$$
#
# A maximum that starts at 0 is right from the first gradient on, so only $m$ needs the correction.
#
# **Your task.** Write AdaMax's step, and return the parameters, $m$ and $u$.

# %% tags=["exercise"]
adamax_update

# %% [markdown]
# What is it good for? Suppose the gradient has been small for a long time and grows a hundredfold at step 300. And suppose it
# has one single spike.


# %%
def adamax(lr, beta1=0.9, beta2=0.999):
    return lambda w, grad, t, m, u: adamax_update(
        w, grad(w), m, u, t, lr, beta1, beta2, 1e-8
    )


def step_sizes(make, gradients):
    given = iter(gradients)
    path = walk(
        make(1.0), lambda w: next(given), np.zeros(1), 2, len(gradients)
    )
    return np.abs(np.diff(path[:, 0]))


jump = np.where(np.arange(600) < 300, 0.01, 1.0)
spike = np.where(np.arange(600) == 300, 100.0, 1.0)
taken = {"Adam": step_sizes(adam, jump), "AdaMax": step_sizes(adamax, jump)}
plots.after_a_shock(jump, taken, slice(270, 400))
after = {
    "Adam": step_sizes(adam, spike)[400],
    "AdaMax": step_sizes(adamax, spike)[400],
}
for name, sizes in taken.items():
    print(
        f"{name:<6} when the gradient grows 100-fold: "
        f"longest step {sizes.max():.1f} lr"
    )
    print(f"{name:<6} 100 steps after a spike: step {after[name]:.2f} lr")

# %%
claim(
    "AdaMax never steps further than the learning rate",
    taken["AdaMax"].max(),
    below=1.01,
    form=".2f",
)
claim(
    "Adam does, by more than a factor 2",
    taken["Adam"].max(),
    above=2,
    form=".1f",
)
claim(
    "but a single spike slows AdaMax down for longer",
    after["AdaMax"] / after["Adam"],
    below=0.5,
    form=".2f",
)

# %% [markdown]
# So AdaMax is the cautious one: no surprise throws it far, but it takes one outlier at its word for hundreds of steps.
#
# ## Nadam: Adam looks ahead
#
# Adam contains momentum. Momentum can look ahead. **Nadam** (Dozat 2016) puts the two together, and it does so without
# asking for the gradient at another point: it uses the average that the *next* step would start from, and mixes the present gradient in once
# more.
#
# $$\bar m = \frac{\beta_1\, m}{1-\beta_1^{t+1}} + \frac{(1-\beta_1)\, g}{1-\beta_1^{t}} \qquad\qquad
# w \leftarrow w - \alpha\, \frac{\bar m}{\sqrt{\hat v} + \varepsilon}$$
#
# Here $m$ and $v$ are Adam's, updated first; $\hat v = v / (1-\beta_2^t)$ as in Adam.
#
# **Your task.** Write Nadam's step. Mind the two different exponents: the mixed average belongs to step $t + 1$, the gradient to $t$.

# %% tags=["exercise"]
nadam_update


# %%
def nadam(lr, beta1=0.9, beta2=0.999):
    return lambda w, grad, t, m, v: nadam_update(
        w, grad(w), m, v, t, lr, beta1, beta2, 1e-8
    )


start_1d, rates_1d = np.array([-8.0]), (0.5, 1.0, 2.0)
farthest = {
    name: np.array(
        [
            100 * walk(make(lr), lambda w: w, start_1d, 2, 200).max() / 8
            for lr in rates_1d
        ]
    )
    for name, make in {"Adam": adam, "Nadam": nadam}.items()
}
for name, percent in farthest.items():
    told = ", ".join(
        f"lr {lr}: {p:.0f} %" for lr, p in zip(rates_1d, percent, strict=True)
    )
    print(f"{name:<6} overshoots in the plain bowl by {told}")
claim(
    "Nadam overshoots less than Adam at each of these rates",
    (farthest["Nadam"] / farthest["Adam"]).max(),
    below=0.9,
    form=".2f",
)

# %% [markdown]
# The look ahead does for Adam what it does for momentum, if less: Adam's steps have about one length, so there is less speed to brake.
#
# ## All eight, on four grounds
#
# Lesson 12's race once more, with the new ones. Everyone tries the same 41 learning rates from 0.001 to 10 (all at once: they stand
# along an axis of their own, in front), and counts with the best. On the first three grounds what counts is the number of steps until the cost, the mean
# of 40 starts, is first below a target; in the noisy bowl, the mean cost of the last 100 of 300 steps.

# %%
# name: how to make the update from a learning rate,
# and how many arrays it remembers
EIGHT = {
    "gradient descent": (descent, 0),
    "momentum": (momentum, 1),
    "Nesterov": (nesterov, 1),
    "AdaGrad": (adagrad, 1),
    "RMSProp": (rmsprop, 1),
    "Adam": (adam, 2),
    "AdaMax": (adamax, 2),
    "Nadam": (nadam, 2),
}
RATES = np.geomspace(0.001, 10, 41)

# %%
# w @ turn is w, rotated by 45 degrees
turn = np.array([[1, 1], [-1, 1]]) / np.sqrt(2)
# all around the middle
rounds = np.random.default_rng(3).normal(size=(40, 2)) * 2


def saddle(w):
    return (
        1.5 * w[..., 0] ** 2
        - 0.5 * w[..., 1] ** 2
        + 0.25 * w[..., 1] ** 4
        + 0.25
    )


def saddle_slope(w):
    return np.stack([3 * w[..., 0], w[..., 1] ** 3 - w[..., 1]], axis=-1)


def noisy_slope(seed):
    rng = np.random.default_rng(seed)
    return lambda w: w * [1, 4] + rng.normal(0, 3, size=w.shape[-2:])


def grounds():
    """Cost (its minimum is 0), gradient, starts, target;
    the noise is the same for all."""
    return {
        "valley": (valley, valley_slope, rounds * [3, 0.3], 0.01),
        "turned valley": (
            lambda w: valley(w @ turn.T),
            lambda w: valley_slope(w @ turn.T) @ turn,
            rounds * [3, 0.3] @ turn,
            0.01,
        ),
        "saddle": (saddle, saddle_slope, rounds * 1e-6, 0.05),
        "noisy bowl": (
            lambda w: (w**2 * [0.5, 2]).sum(-1),
            noisy_slope(1),
            rounds,
            None,
        ),
    }


# %%
def costs_on(ground, name):
    """The mean cost after each step for each of the learning
    rates: (steps + 1, rates)."""
    cost, slope, starts, _ = grounds()[ground]
    make, averages = EIGHT[name]
    starts = np.broadcast_to(starts, (len(RATES), *starts.shape))
    with np.errstate(all="ignore"):  # some of the learning rates diverge
        path = walk(
            make(RATES[:, None, None]), slope, starts, averages, steps=300
        )
        return np.fmin(cost(path).mean(axis=2), 1e99)


def steps_to(costs, target):
    """The first step with a cost below the target, column by column;
    inf if there is none."""
    below = costs < target
    return np.where(below.any(axis=0), below.argmax(axis=0), np.inf)


# %%
costs = {
    ground: {name: costs_on(ground, name) for name in EIGHT}
    for ground in grounds()
}
needed = {
    ground: {
        name: steps_to(costs[ground][name], grounds()[ground][3]).min()
        for name in EIGHT
    }
    for ground in ("valley", "turned valley", "saddle")
}
plots.finishing_order(needed, most=300)
noisy = {
    name: c[-100:].mean(axis=0).min()
    for name, c in costs["noisy bowl"].items()
}
print(
    "steps to the target (inf: not in 300); in the noisy bowl the cost of "
    "the last 100 steps"
)
print(" " * 16, "".join(f"{ground:>15}" for ground in costs))
for name in EIGHT:
    told = [f"{steps[name]:.0f}" for steps in needed.values()] + [
        f"{noisy[name]:.2f}"
    ]
    print(f"{name:<16}", "".join(f"{text:>15}" for text in told))

# %%
claim(
    "in both valleys Nesterov needs fewer steps than momentum",
    max(
        needed[ground]["Nesterov"] / needed[ground]["momentum"]
        for ground in ("valley", "turned valley")
    ),
    below=0.8,
    form=".2f",
)
claim(
    "in both valleys Nadam needs fewer steps than Adam",
    max(
        needed[ground]["Nadam"] / needed[ground]["Adam"]
        for ground in ("valley", "turned valley")
    ),
    below=0.9,
    form=".2f",
)
claim(
    "AdaGrad is among the two fastest along an axis",
    sorted(needed["valley"].values()).index(needed["valley"]["AdaGrad"]) + 1,
    at_most=2,
)
claim(
    "AdaGrad never arrives in the turned valley",
    needed["turned valley"]["AdaGrad"],
    equal=np.inf,
)

# %% [markdown]
# Read the picture as ideas rather than as names. Those that divide by the gradient's size win where the axes are what differs; turned, they
# lose that. Those that remember a direction do not care how the valley lies. A look ahead improves whoever remembers a direction. In the noisy
# bowl all eight are close together: what helps there is lesson 14.
#
# ### At the saddle
#
# A saddle is flat in the middle, uphill in one direction and downhill in the other. All walks start about a millionth away from it. Here
# are the walks of four, each at its best learning rate below 0.5: with a larger one gradient descent may diverge in the steep direction.

# %%
four = ("gradient descent", "momentum", "AdaGrad", "Adam")
calm = RATES < 0.5
at_saddle = {}
for name in four:
    runs = costs["saddle"][name][:, calm]
    at_saddle[name] = runs[:61, steps_to(runs, 0.05).argmin()]
plots.leaving_the_saddle(at_saddle)
for name, cost in at_saddle.items():
    print(f"{name:<17} cost above the minimum after 10 steps: {cost[10]:.3f}")
claim(
    "at a saddle gradient descent stalls: 10 steps win it less than 1 % of "
    "the way down",
    1 - at_saddle["gradient descent"][10] / at_saddle["gradient descent"][0],
    below=0.01,
    form=".1%",
)
dividing = ("AdaGrad", "RMSProp", "Adam", "AdaMax", "Nadam")
claim(
    "the five that divide by the gradient's size are at the target in 10 "
    "steps",
    [needed["saddle"][name] < 10 for name in dividing],
    equal=5,
)
claim(
    "no other update is there in 10 steps",
    [needed["saddle"][name] < 10 for name in EIGHT if name not in dividing],
    equal=0,
)

# %% [markdown]
# A tiny gradient makes a tiny step for gradient descent, and each step can only multiply the distance by a constant. Divided by
# its own size, a tiny gradient makes a step as long as any other. In large networks saddle points are far more frequent
# than poor local minima (Dauphin et al. 2014), so this matters.
#
# ## Press play
#
# The explorer runs all eight from one start, each at the learning rate that suits it best there. Things to try:
#
# - Press play in the turned valley. Who zigzags, who glides, who gives up on the way?
# - Make all learning rates three times as large. Who bears it, and who is thrown out?
# - Set $\beta$ to 0.99. Who swings, and who of them swings less?

# %%
great_race()

# %% [markdown]
# ## Eight updates learn to read digits
#
# The network of lesson 12, with 3 466 weights. Five networks with initial weights of their own learn side by side, from the same batches.
# Each update first chooses its learning rate on two other networks. What counts is the number of epochs until the loss on all digits is
# below 0.1 (16 if it is not there after 15).


# %%
def train(name, rates, seeds, epochs=15):
    """The loss of each epoch, (networks, epochs). rates,
    seeds: one a network."""
    make, averages = EIGHT[name]
    networks = Network.stack(
        [
            dense_network(
                [64, 32, 32, 10], activation="tanh", init="glorot", rng=seed
            )
            for seed in seeds
        ]
    )
    update = make(np.array(rates)[:, None])
    rng = np.random.default_rng(0)
    t = 0
    losses = []
    w = networks.theta.copy()
    state = [np.zeros(networks.theta.shape)] * averages
    for _ in range(epochs):
        for X_batch, y_batch in minibatches(X, y, 128, rng):
            t += 1
            w, *state = update(
                w, slope_on(networks, X_batch, y_batch), t, *state
            )
        networks.theta[:] = w
        losses.append(networks.loss(X, y))
    return np.array(losses).T


# %%
def epochs_to(losses, target=0.1):
    return np.minimum(steps_to(losses.T, target) + 1, 16)


GRIDS = dict.fromkeys(
    ("RMSProp", "Adam", "AdaMax", "Nadam"), (0.003, 0.01, 0.03, 0.1)
)
GRIDS |= dict.fromkeys(("momentum", "Nesterov"), (0.03, 0.1, 0.3, 1))
GRIDS |= {
    "gradient descent": (0.1, 0.3, 1, 3),
    "AdaGrad": (0.01, 0.03, 0.1, 0.3),
}
epochs_needed = {}
for name in EIGHT:
    tuning = epochs_to(train(name, np.repeat(GRIDS[name], 2), [10, 11] * 4))
    best = GRIDS[name][tuning.reshape(4, 2).mean(axis=1).argmin()]
    epochs_needed[name] = epochs_to(train(name, [best] * 5, range(5)))
    told = " ".join(f"{epochs:.0f}" for epochs in epochs_needed[name])
    print(
        f"{name:<17} best lr {best:<5} epochs {told:<15} mean "
        f"{epochs_needed[name].mean():.1f}"
    )
plots.epochs_of_seeds(epochs_needed, 0.1)

# %%
mean = {name: epochs.mean() for name, epochs in epochs_needed.items()}
claim(
    "each of the seven needs fewer epochs than gradient descent, by over 1 "
    "as the mean of 5 seeds",
    mean["gradient descent"]
    - max(mean[name] for name in EIGHT if name != "gradient descent"),
    above=1,
    form=".1f",
)
claim(
    "Adam and its two relatives are ahead of the other five",
    min(
        mean[name]
        for name in EIGHT
        if name not in ("Adam", "AdaMax", "Nadam")
    )
    - max(mean[name] for name in ("Adam", "AdaMax", "Nadam")),
    above=0,
    form=".1f",
)

# %% [markdown]
# Adam and its relatives lie close together: on average no more than an epoch apart. That is the usual finding, also in large comparisons
# (Schmidt et al. 2021): the choice among good optimisers matters less than the choice of the learning rate. So start with Adam or
# Nadam. Think of AdaGrad when features are sparse, and of momentum with a look ahead when you can afford to tune.
#
# ## The same in Keras
#
# All four exist in Keras, with conventions of their own:
#
# | | in Keras | how to map it |
# |---|---|---|
# | Nesterov | `SGD(lr, momentum=beta, nesterov=True)` | Keras stores the point ahead: compare with $w + \beta v$ |
# | AdaGrad | `Adagrad(lr)`: $s$ starts at 0.1, $\sqrt{s + \varepsilon}$ | `initial_accumulator_value=0`, both $\varepsilon$ tiny |
# | AdaMax | `Adamax(lr)` | the same, with the same $\varepsilon$ |
# | Nadam | `Nadam(lr)`: $\beta_1$ grows, $\beta_1 (1 - \frac12\, 0.96^t)$ | compare where it has grown up, from $t = 10\,000$ on |
#
# 100 steps from the same weights, each on the first 600 digits:

# %%
import keras
from keras.optimizers import SGD, Adagrad, Adamax, Nadam

model = dense_network([64, 32, 10], activation="tanh", init="glorot", rng=0)
first_weights, slope = model.theta.copy(), slope_on(model, X[:600], y[:600])
LATE = 10_000  # 0.96**10000 is 0: by then Keras' beta1 is constant


def keras_walk(optimizer, late=False, steps=100):
    w = keras.Variable(first_weights, dtype="float64")
    optimizer.build([w])
    if late:
        optimizer.iterations.assign(LATE)
        # the product of that many factors below 0.9
        optimizer._u_product.assign(0.0)
    for _ in range(steps):
        optimizer.apply([keras.ops.convert_to_tensor(slope(w.numpy()))], [w])
    return w.numpy()


def our_walk(update, averages, late=0):
    w, state = first_weights, [np.zeros(first_weights.shape)] * averages
    for t in range(late + 1, late + 101):
        w, *state = update(w, slope, t, *state)
    return w, state[0]


def largest(ours, theirs):
    return np.abs(ours - theirs).max()


# %%
w, v = our_walk(nesterov(0.01), 1)
theirs = keras_walk(SGD(0.01, momentum=0.9, nesterov=True))
tiny = {"initial_accumulator_value": 0.0, "epsilon": 1e-30}
apart = {
    "Nesterov, at w": largest(w, theirs),
    "Nesterov": largest(w + 0.9 * v, theirs),
    "AdaGrad": largest(
        our_walk(adagrad(0.01, 1e-15), 1)[0],
        keras_walk(Adagrad(0.01, **tiny)),
    ),
    "AdaMax": largest(
        our_walk(adamax(0.01), 2)[0], keras_walk(Adamax(0.01, epsilon=1e-8))
    ),
    "Nadam, from t = 1": largest(
        our_walk(nadam(0.001), 2)[0], keras_walk(Nadam(0.001))
    ),
    "Nadam": largest(
        our_walk(nadam(0.001), 2, LATE)[0],
        keras_walk(Nadam(0.001, epsilon=1e-8), late=True),
    ),
}
for name, difference in apart.items():
    told = f"{difference:.3f}" if difference > 1e-5 else "under 0.00001"
    print(
        f"{name:<18} largest difference of a weight after 100 steps: {told}"
    )

# %%
claim(
    "Keras' Nesterov gives your weights to 1e-6",
    apart["Nesterov"],
    below=1e-6,
)
claim(
    "Keras' AdaGrad gives your weights to 1e-6",
    apart["AdaGrad"],
    below=1e-6,
)
claim(
    "Keras' AdaMax gives your weights to 1e-6",
    apart["AdaMax"],
    below=1e-6,
)
claim(
    "Keras' Nadam gives your weights to 1e-5",
    apart["Nadam"],
    below=1e-5,
)
claim(
    "without the mapping the weights are different ones",
    min(apart["Nesterov, at w"], apart["Nadam, from t = 1"]),
    above=1e-3,
    form=".3f",
)

# %% [markdown]
# Nesterov's point deserves a thought. Keras walks from look-ahead point to look-ahead point, because a training loop has the gradient at one
# point only: the one where the weights are. It is the same walk, seen from $\beta v$ further on. At the end of training, when $v$ is
# small, the two agree.
#
# ## Quiz

# %% tags=["quiz"]
why_nesterov_overshoots_less

# %% tags=["quiz"]
why_adagrad_stops

# %% tags=["quiz"]
what_suits_rare_words

# %% tags=["quiz"]
what_adamax_forgets

# %% [markdown]
# ## Papers to read
#
# - Nesterov (1983), *A method for solving the convex programming problem with convergence rate O(1/k²)*, Soviet Mathematics Doklady.
#   The original, a few pages; the look ahead stands there as a sequence of points.
# - Sutskever, Martens, Dahl & Hinton (2013), *On the importance of initialization and momentum in deep learning*, ICML. Writes Nesterov's
#   method as momentum, as you did, and shows what it is worth in deep networks.
# - Duchi, Hazan & Singer (2011), *Adaptive subgradient methods for online learning and stochastic optimization*, Journal of Machine
#   Learning Research. AdaGrad; the introduction on rare features is worth the paper.
# - Dozat (2016), *Incorporating Nesterov momentum into Adam*, ICLR workshop. Four pages, and Nadam's exponents explained.
# - Schmidt, Schneider & Hennig (2021), *Descending through a crowded valley*, ICML. Fifteen optimisers on eight problems, and
#   no winner.

# %% [markdown]
# ## What you can do now
#
# The names stand for four ideas: look ahead (Nesterov, Nadam), divide by the size of the gradient (AdaGrad, RMSProp, AdaMax), forget or
# do not forget, and remember a direction. You have measured that a look ahead overshoots less and costs stability, that AdaGrad serves rare
# features and that its steps die out, and that on digits Adam's family is first and hardly differs within. Next: [lesson
# 14](14_learning_rate_decay.ipynb), a learning rate that falls.
