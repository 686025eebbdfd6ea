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
# # Optimisers of today
#
# Lesson 12 ended with a problem. Adam divides each parameter's step by the size of that parameter's own gradients, and that helps in a valley which lies
# along the axes. If the valley is turned, this does not help. What do newer optimisers add, and does one of them help in the turned valley?
#
# **Takes** about 90 minutes · **Before this** lesson 12 (momentum, RMSProp and Adam)
#
# **You will**
# - write seven updates, from Nesterov's momentum to Lion and Muon, and say what each of them adds to those you know,
# - derive how to make a matrix orthogonal, and see what that brings in a turned valley,
# - repair a training with AdamW in which the decay is applied in the wrong place,
# - race ten optimisers, and find out which result holds on new seeds, and what it costs.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils import optimizers as library
from nnutils.data import digits
from nnutils.lessons.more_optimizers import plots
from nnutils.lessons.more_optimizers.explorer import great_race
from nnutils.lessons.more_optimizers.given import (
    decay_map,
    errors_on_texts,
    follow,
    steps_from_saddle,
    steps_to_fit,
)
from nnutils.network import dense_network

# %% [markdown]
# ## Nesterov's momentum: the gradient at the point ahead
#
# Momentum overshoots: it arrives at the bottom with speed, and learns only then that the gradient has turned. But before the step we already know where the velocity
# will carry us: to $w + \beta v$. So ask for the gradient *there*.
#
# $$v \leftarrow \beta\, v - \alpha\, \nabla J(w + \beta v) \qquad\qquad w \leftarrow w + v$$
#
# This is **Nesterov's momentum** in the form of Sutskever et al. (2013). The learning rate stands inside $v$, and $v$ points downhill. (Lesson 12's momentum kept an average, with a share $1-\beta$ of $g$, so
# its learning rate was larger by the factor $1 / (1-\beta)$.)
#
# **Your task.** Write the step. It gets no gradient but the function `grad`, which it may ask at any point.

# %% tags=["exercise"]
nesterov_update

# %% [markdown]
# To compare, here are updates that you know, all in one form: a function of the point `w`, of `grad`, which
# gives the gradient at any point, of the number `t` of the step, and of what the update remembers. RMSProp's average is corrected here.


# %%
def descent(lr):
    return lambda w, grad, t: [w - lr * grad(w)]


def momentum(lr, beta=0.9):
    def update(w, grad, t, v):
        v = beta * v - lr * grad(w)
        return w + v, v

    return update


def nesterov(lr, beta=0.9):
    return lambda w, grad, t, v: nesterov_update(w, grad, v, lr, beta)


def rmsprop(lr, beta=0.99):
    def update(w, grad, t, s):
        g = grad(w)
        s = beta * s + (1 - beta) * g**2
        return w - lr * g / (np.sqrt(s / (1 - beta**t)) + 1e-8), s

    return update


def adam(lr, beta1=0.9, beta2=0.999):
    def update(w, grad, t, m, v):
        g = grad(w)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        root = np.sqrt(v / (1 - beta2**t)) + 1e-8
        return w - lr * m / (1 - beta1**t) / root, m, v

    return update


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
# point where the gradient is taken differs. Then, for a direction of steepness 1, the largest learning rate that is stable.


# %%
def rolls(make, beta, steps=200):
    path = walk(make(0.1, beta), lambda w: w, np.array([-8.0]), 1, steps)
    return path[:, 0]


def largest_stable(make):
    rates = np.arange(0.05, 5, 0.1)
    with np.errstate(all="ignore"):  # those beyond the limit end in inf
        path = walk(make(rates), lambda w: w, np.ones(rates.shape), 1, 400)
    return rates[np.abs(path[-1]) < 1].max()


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
limits = {name: largest_stable(make) for name, make in pair.items()}
claim(
    "Nesterov overshoots less than momentum at every beta from 0.8 on, by "
    "a third at least",
    (overshoots["Nesterov"][1:] / overshoots["momentum"][1:]).max(),
    below=0.67,
    form=".2f",
)
claim(
    "the look ahead costs stability: Nesterov's limit is under half of "
    "momentum's",
    limits["Nesterov"] / limits["momentum"],
    below=0.5,
    form=".2f",
)

# %% [markdown]
# Nesterov's own paper (1983) has no velocity. It has two sequences of points: a gradient step from $y$ to the next $x$, and from there a jump along the
# last move, to the next $y$. His factor $\beta_k$ grows from step to step, so that convex problems are solved at the best possible speed. Sutskever et al. wrote the jump as a velocity,
# with values of $\beta$ of their own. With a fixed $\beta$ both are one method.


# %%
def points_of_1983(lr, beta, grad, start, steps):
    """Nesterov's sequence x, with a fixed beta."""
    x = y = start
    path = [x]
    for _ in range(steps):
        before, x = x, y - lr * grad(y)
        y = x + beta * (x - before)
        path.append(x)
    return np.array(path)


def valley_slope(w):
    return w * [1, 100]


start = np.array([-9.0, 0.6])
by_points = points_of_1983(0.01, 0.9, valley_slope, start, 60)
by_velocity = walk(nesterov(0.01), valley_slope, start, 1)
claim(
    "points of 1983 and velocity of 2013: the largest difference in 60 steps",
    np.abs(by_points - by_velocity).max(),
    below=1e-9,
)

# %% [markdown]
# ## AdaGrad: divide by all gradients so far
#
# Some features are rare: a word that stands in one text of a thousand, a pixel that is nearly always white. Their weights
# get a gradient only sometimes, and then it should count. **AdaGrad** (Duchi, Hazan & Singer 2011) adds up the squares
# of all gradients that a parameter has ever seen, and divides by the root:
#
# $$s \leftarrow s + g^2 \qquad\qquad w \leftarrow w - \alpha\, \frac{g}{\sqrt{s} + \varepsilon}$$
#
# RMSProp came later, and averages where AdaGrad adds.
#
# **Your task.** Write AdaGrad's step, element by element. Return the parameters and the sum.

# %% tags=["exercise"]
adagrad_update

# %% [markdown]
# **Where it helps.** Take a language of 300 words; the $k$-th word stands in a text with probability
# $0.5 / k^{0.8}$, a rough picture of real texts. Each word has a hidden weight, and the sum over a text's words
# decides, with some noise, whether a reader likes it. One pass over 2 000 texts, then 2 000 new ones. Each method takes the rate that was best on six other sets of texts.
# The control: texts of equal length, with all words equally frequent.


# %%
def adagrad(lr, eps=1e-8):
    return lambda w, grad, t, s: adagrad_update(w, grad(w), s, lr, eps)


contestants = {
    "gradient descent": (descent, 0, (0.3, 1, 3, 10)),
    "AdaGrad": (adagrad, 1, (0.1, 0.3, 1, 3, 10)),
    "RMSProp": (rmsprop, 1, (0.01, 0.03, 0.1, 0.3)),
    "Adam": (adam, 2, (0.01, 0.03, 0.1, 0.3)),
}
texts = {"rare words": {}, "all equally frequent": {}}
for kind, of_kind in texts.items():
    rare = kind == "rare words"
    for name, (make, averages, rates) in contestants.items():
        tried = [
            [
                errors_on_texts(make, averages, lr, seed, rare)
                for seed in range(30, 36)
            ]
            for lr in rates
        ]
        lr = rates[int(np.mean(tried, axis=1).argmin())]
        of_kind[name] = np.array(
            [
                errors_on_texts(make, averages, lr, seed, rare)
                for seed in range(20)
            ]
        )
        print(f"{kind:<20} {name:<16} rate {lr:<4} tried {rates}")

# %% [markdown]
# **Where it harms.** A sum of squares can only grow. Where gradients keep their size, $s$ grows like $t$, so the step shrinks like $1/\sqrt t$. Now let a model of 20 weights learn
# online, from ten new examples at each step, and after a while change the weights that make the labels. We count the steps until the model's
# direction is within 27 degrees of the new one. Each method takes the rate with the fewest errors in the first 100 steps of other streams.

# %% tags=["predict"]
after_a_long_time


# %%
changes, waits = (1000, 4000, 16_000), {}
for name in ("AdaGrad", "RMSProp"):
    make, averages, _ = contestants[name]
    rates = (
        (0.03, 0.1, 0.3, 1) if name == "AdaGrad" else (0.003, 0.01, 0.03, 0.1)
    )
    before = [
        np.mean(
            [
                follow(make, averages, lr, 100, s, most=1)[1]
                for s in range(30, 34)
            ]
        )
        for lr in rates
    ]
    lr = rates[int(np.argmin(before))]
    print(f"{name:<8} rate {lr} of {rates}")
    waits[name] = np.array(
        [follow(make, averages, lr, change, 0)[0] for change in changes]
    )
plots.rare_and_late(texts, changes, waits)

# %%
measured("after_a_long_time", round(waits["AdaGrad"][-1]))
saved = {
    kind: {
        name: np.mean(of_kind["gradient descent"] - of_kind[name])
        for name in of_kind
    }
    for kind, of_kind in texts.items()
}
claim(
    "rare words: AdaGrad saves over 0.8 points of errors (mean of 20 sets)",
    saved["rare words"]["AdaGrad"],
    above=0.8,
    form=".1f",
)
claim(
    "so does Adam, which divides too: over 0.5 points",
    saved["rare words"]["Adam"],
    above=0.5,
    form=".1f",
)
claim(
    "words that are equally frequent: both save over 0.6 points less",
    min(
        saved["rare words"][name] - saved["all equally frequent"][name]
        for name in ("AdaGrad", "Adam")
    ),
    above=0.6,
    form=".1f",
)
claim(
    "a change after 16 000 steps and not after 1 000: AdaGrad needs over "
    "2.5 times the steps",
    waits["AdaGrad"][-1] / waits["AdaGrad"][0],
    above=2.5,
    form=".1f",
)
claim(
    "RMSProp, which forgets, needs less than 1.6 times the steps",
    waits["RMSProp"][-1] / waits["RMSProp"][0],
    below=1.6,
    form=".1f",
)

# %% [markdown]
# So the rare words make the difference: where all are equally frequent, division saves next to nothing.
#
# If the change comes four times as late, AdaGrad needs about twice as many steps: the root of $t$. For a convex problem that stays as it is, such as the texts, falling steps are what theory asks for. For a world that changes,
# or a network, an average is the safer choice. On rare words Adam, which averages, is nearly as good.
#
# ### Do saddles stop gradient descent?
#
# A **saddle** is flat in the middle, uphill in one direction and downhill in the other, as $J = \frac32 x^2 - \frac12 y^2 + \frac1{400} y^4$ is at $(0, 0)$. Dauphin et al. (2014) argue that in large networks saddle points are far more frequent than poor local minima. A tiny gradient makes a tiny step for gradient descent, while an
# update that divides by the gradient's size takes a step as long as any other. So does gradient descent get stuck at saddles? We start Adam and gradient descent a millionth away from one, then at random places, then beside it with a little noise in each
# gradient. We count the steps until a tenth of the height is left. Each takes its best rate of nine, chosen on other starts.

# %% tags=["predict"]
from_anywhere


# %%
around = np.random.default_rng(4).normal(size=(2, 200, 2))
places = {
    "beside the saddle": (1e-6, 0.0),
    "at random": (3.0, 0.0),
    "beside it, with noise": (1e-6, 0.3),
}
out_of = {}
for name, (size, noise) in places.items():
    out_of[name] = {}
    for method, make, averages in (
        ("gradient descent", descent, 0),
        ("Adam", adam, 2),
    ):
        tried, again = (
            steps_from_saddle(make, averages, size * starts, noise, seed)
            for seed, starts in enumerate(around)
        )
        out_of[name][method] = again[int(tried.argmin())]
plots.saddles(out_of)

# %%
times = {
    name: of["gradient descent"] / of["Adam"] for name, of in out_of.items()
}
measured("from_anywhere", round(times["at random"], 1))
claim(
    "beside a saddle gradient descent takes over 3 times Adam's steps",
    times["beside the saddle"],
    above=3,
    form=".1f",
)
claim(
    "from random starts it takes less than 1.5 times as many",
    times["at random"],
    below=1.5,
    form=".1f",
)
claim(
    "with noise in the gradients it leaves the saddle in less than 3/4 of "
    "the steps",
    out_of["beside it, with noise"]["gradient descent"]
    / out_of["beside the saddle"]["gradient descent"],
    below=0.75,
    form=".2f",
)

# %% [markdown]
# So saddles are frequent, but here the wait is an effect of the start. In theory gradient descent from a random start almost never ends at a saddle (Lee et al. 2016), but many saddles can make it very slow (Du et al. 2017). With a little noise it leaves them quickly (Jin et al. 2017).
#
# ## AdaMax and Nadam: two relatives of Adam
#
# The paper that brought Adam has a second algorithm. Where Adam divides by the root of an average of squares, **AdaMax** (Kingma & Ba
# 2015) divides by the largest recent gradient: in each step the old maximum is multiplied by $\beta_2$. A maximum that starts at 0 is right from the first gradient on, so only $m$ needs the correction.
#
# $$m \leftarrow \beta_1 m + (1-\beta_1)\, g \qquad u \leftarrow \max(\beta_2\, u,\; |g|)$$
#
# $$w \leftarrow w - \frac{\alpha}{1-\beta_1^t}\, \frac{m}{u + \varepsilon}$$
#
# **Your task.** Write AdaMax's step, and return the parameters, $m$ and $u$.

# %% tags=["exercise"]
adamax_update

# %% [markdown]
# **Nadam** (Dozat 2016) is Adam with a look ahead. It needs no gradient at another point: it uses the average that the *next* step would start from, and mixes the present gradient in once
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

# %% [markdown]
# What do they change? Three tests: a gradient that becomes 100 times as large at step 300, a single gradient that is 100 times as large, and the plain bowl.


# %%
def adamax(lr):
    return lambda w, grad, t, m, u: adamax_update(
        w, grad(w), m, u, t, lr, 0.9, 0.999, 1e-8
    )


def nadam(lr):
    return lambda w, grad, t, m, v: nadam_update(
        w, grad(w), m, v, t, lr, 0.9, 0.999, 1e-8
    )


def step_sizes(make, gradients):
    given = iter(gradients)
    path = walk(make(1.0), lambda w: next(given), np.zeros(1), 2, 600)
    return np.abs(np.diff(path[:, 0]))


jump = np.where(np.arange(600) < 300, 0.01, 1.0)
spike = np.where(np.arange(600) == 300, 100.0, 1.0)
longest = {
    name: step_sizes(make, jump).max()
    for name, make in (("Adam", adam), ("AdaMax", adamax))
}
beyond = {
    name: walk(make(1.0), lambda w: w, np.array([-8.0]), 2, 200).max()
    for name, make in (("Adam", adam), ("Nadam", nadam))
}
claim(
    "after the jump AdaMax's longest step is the learning rate",
    longest["AdaMax"],
    below=1.01,
    form=".2f",
)
claim(
    "Adam's is over twice as long",
    longest["Adam"],
    above=2,
    form=".1f",
)
claim(
    "100 steps after a spike AdaMax's steps are less than half of Adam's",
    step_sizes(adamax, spike)[400] / step_sizes(adam, spike)[400],
    below=0.5,
    form=".2f",
)
claim(
    "in the plain bowl Nadam overshoots less than 0.9 times as far as Adam",
    beyond["Nadam"] / beyond["Adam"],
    below=0.9,
    form=".2f",
)

# %% [markdown]
# ## AdamW: decay outside the averages
#
# In lesson 03 two things were the same: a penalty $\frac{\lambda}{2} \lVert w \rVert^2$, whose gradient is $\lambda w$, and **weight decay**, which shrinks each weight by a factor in each step. With Adam they are not the same.
# If $\lambda w$ is a part of $g$, it goes through the averages and is divided by $\sqrt{\hat v}$. A weight with large gradients then hardly decays. **AdamW** (Loshchilov & Hutter 2019) keeps the decay out of the averages, that is,
# **decoupled**:
#
# $$w \leftarrow w - \alpha \Big( \frac{\hat m}{\sqrt{\hat v} + \varepsilon} + \lambda\, w \Big)$$
#
# Here $m$ and $v$ see the gradient of the loss alone. We write it as Keras and PyTorch do. In the paper the decay is multiplied by the schedule's factor and not by $\alpha$, so its $\lambda$ is ours times $\alpha$.
#
# **Your task.** Write AdamW's step.

# %% tags=["exercise"]
adamw_update

# %% [markdown]
# Now watch the decay alone. Each weight starts at 1, and its gradients are pure noise of some size: nothing is to be learned, and a weight should fade. We take the mean of 40 weights for each size.


# %%
def fades(sizes, l2, weight_decay, unit=1.0, steps=400):
    """The share of the weights that is left, (sizes, 40). unit: of the
    cost."""
    rng = np.random.default_rng(5)
    w = np.ones((len(sizes), 40))
    m = v = np.zeros(w.shape)
    for t in range(1, steps + 1):
        g = np.reshape(sizes, (-1, 1)) * rng.normal(size=w.shape) + l2 * w
        w, m, v = adamw_update(
            w, unit * g, m, v, t, 0.003, 0.9, 0.999, 1e-12, weight_decay
        )
    return w


sizes = np.geomspace(0.01, 100, 9)
left = {
    "L2 in Adam": fades(sizes, 1.0, 0.0).mean(axis=1),
    "AdamW": fades(sizes, 0.0, 1.0).mean(axis=1),
}
plots.what_decays(sizes, left)

# %%
claim(
    "L2 in Adam: what is left differs by over 60 points over all sizes",
    100 * np.ptp(left["L2 in Adam"]),
    above=60,
    form=".1f",
)
claim(
    "of weights with gradients of 100 it leaves over 90 %",
    left["L2 in Adam"][-1],
    above=0.9,
    form=".0%",
)
claim(
    "AdamW: what is left differs by less than 8 points over all sizes",
    100 * np.ptp(left["AdamW"]),
    below=8,
    form=".1f",
)
claim(
    "AdamW with the cost in units of a thousandth: the largest change of w",
    np.abs(fades(sizes, 0.0, 1.0) - fades(sizes, 0.0, 1.0, 1000)).max(),
    below=1e-6,
)

# %% [markdown]
# Adam does not see in which units the cost is measured, and AdamW keeps this property for the decay. Now digits: 200 training examples with some wrong labels, so that decay is needed. One map has the
# learning rates and the $\lambda$ of L2 inside Adam, the other the learning rates and AdamW's decay. Errors are means of three splits.

# %%
X, y = digits()
rates = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
decays = {
    "L2 in Adam": (0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3),
    "AdamW": (0, 0.03, 0.1, 0.3, 1, 3, 10),
}
each = {
    way: np.array(
        [decay_map(way, rates, decays[way], seed, X, y) for seed in range(3)]
    )
    for way in decays
}
errors = {way: tables.mean(axis=0) for way, tables in each.items()}
plots.maps(rates, decays, errors)

# %%
best = {
    way: decays[way][table.min(axis=0).argmin()]
    for way, table in errors.items()
}
at_rate = {way: 100 * table[3] for way, table in errors.items()}
print(f"best decay: {best}")
claim(
    "at rate 0.01 decay saves over 5 points of errors, in either way",
    min(row[0] - row.min() for row in at_rate.values()),
    above=5,
    form=".1f",
)
claim(
    "the best cells of the two maps differ by less than 2.5 points",
    100 * abs(errors["AdamW"].min() - errors["L2 in Adam"].min()),
    below=2.5,
    form=".1f",
)
claim(
    "AdamW's best decay is over 10 times that of L2 in Adam",
    best["AdamW"] / best["L2 in Adam"],
    above=10,
)

# %% [markdown]
# On this small task AdamW is not better. Each way has a good cell, and the good decays are very different numbers. In both ways the gain at the best learning rate is small: here decay mainly makes larger rates usable. Loshchilov & Hutter report that in their image tasks AdamW's best cells were better, and that their form of the decay could be tuned apart from the rate. What holds everywhere
# is the first figure: AdamW does what it says to every weight, whatever its gradients. It is the usual choice for transformers, with a decay of 0.01 to 0.1.
#
# **Your task.** The loop below trains with AdamW and a schedule of learning rates. It runs, and it has several faults. Repair it, so that it does what its docstring says.

# %% tags=["exercise"]
decayed_training

# %% [markdown]
# ## Lion: the sign of a momentum
#
# A gradient that is divided by its own size is its sign. **Lion** (Chen et al. 2023) was found by a program that searched among many update rules. It takes the sign of a momentum:
#
# $$w \leftarrow w - \alpha \big( \operatorname{sign}(\beta_1 m + (1-\beta_1)\, g) + \lambda w \big)$$
#
# $$\text{then} \qquad m \leftarrow \beta_2 m + (1-\beta_2)\, g$$
#
# Two betas make two mixtures: one for the step, in which the present gradient counts more (usual: $\beta_1 = 0.9$), and one to keep ($\beta_2 = 0.99$). The sign moves every parameter by $\alpha$, so $\alpha$ is chosen three to ten times smaller than Adam's, and $\lambda$ larger by as much.
# Lion keeps one array, Adam two. That matters if the parameters fill the memory.
#
# **Your task.** Write Lion's step.

# %% tags=["exercise"]
lion_update

# %% [markdown]
# ## Muon: an orthogonal step
#
# RMSProp, Adam and Lion look at each parameter by itself. So they cannot adapt to a turned valley: its directions are mixtures of parameters. But the weights of a layer form a matrix, and a matrix has axes of its
# own. Applied to a vector, it turns it, stretches it along perpendicular axes, and turns it again. The stretches are the **singular values**. A gradient matrix $G$ has a few large ones, in steep directions, and many small ones.
#
# Adam's idea was: in each entry a step of about the same length. The new idea is: *in each direction* a step of the same length. So replace $G$ by the matrix that turns as $G$ does and stretches nothing. Such a matrix is **orthogonal** (or has
# perpendicular columns or rows of length 1, if it is not square).
#
# **Your task.** Find the orthogonal matrix that is nearest to $M$. No formula is given: the docstring says which property it has.

# %% tags=["exercise"]
orthogonalize

# %% [markdown]
# **Muon** (Jordan et al. 2024) is momentum, made orthogonal. Its name says so: *momentum orthogonalized by Newton and Schulz*.
#
# $$M \leftarrow \beta M + G \qquad\qquad W \leftarrow W - \alpha\, O(M)$$
#
# $O(M)$ is what you have just derived. Muon is for weight matrices. Biases, and in language models the embeddings and the output layer, too, are left to Adam.
#
# **Your task.** Write Muon's step for one matrix.

# %% tags=["exercise"]
muon_update

# %% [markdown]
# ### The turned valley
#
# Now the question of this lesson. The cost of a layer without activation is $J(W) = \frac12 \operatorname{tr}\, (W - W^*)^\top A\, (W - W^*)$, where $A$ comes from its inputs. We take matrices $W$ of 6 × 8, and an $A$ whose steepest direction is 100 times as
# steep as the flattest. There are three valleys of the same form. In the first one these directions lie **along the axes**. In the second the **inputs are turned**, that is, correlated, as the inputs of a layer always are. In the third **all 48 weights are turned** together, in a way that knows of no rows and columns.
#
# To see what each kind of division does by itself, all methods go without momentum. We count steps until a tenth of the way is left. Each method takes the rate that was best on eight other valleys,
# of twelve from 0.005 to 1 (gradient descent of four below and above its limit of 0.02). Rates at which the cost rises above the start are forbidden.

# %% tags=["predict"]
who_is_not_turned


# %%
def valley(kind, seed):
    """(H, the minimum): the 48 weights' matrix of curvatures."""
    rng = np.random.default_rng(seed)
    minimum = np.random.default_rng(seed + 100).normal(size=48)
    turn = np.eye(48)
    if kind == "inputs turned":
        turn = np.kron(np.linalg.qr(rng.normal(size=(6, 6)))[0], np.eye(8))
    elif kind == "all weights turned":
        turn = np.linalg.qr(rng.normal(size=(48, 48)))[0]
    curvature = np.repeat(np.geomspace(1, 100, 6), 8)
    return turn * curvature @ turn.T, turn @ minimum


def steps_down(update, lr, ground, most=300):
    H, minimum = ground
    W, state = np.zeros((6, 8)), np.zeros((6, 8))
    first = minimum @ H @ minimum
    for step in range(most):
        away = W.ravel() - minimum
        slope = H @ away
        if away @ slope > 1.001 * first:
            return most
        if np.linalg.norm(away) < 0.1 * np.linalg.norm(minimum):
            return step
        W, state = update(W, slope.reshape(6, 8), state, lr, step + 1)
    return most


def rescaled(W, G, s, lr, t):  # Adam with beta1 = 0
    s = 0.999 * s + 0.001 * G**2
    return W - lr * G / (np.sqrt(s / (1 - 0.999**t)) + 1e-8), s


plain = {
    "gradient descent": lambda W, G, s, lr, t: (W - lr * G, s),
    "rescaling, as in Adam": rescaled,
    "sign, as in Lion": lambda W, G, m, lr, t: lion_update(
        W, G, m, lr, 0.0, 0.0, 0.0
    ),
    "orthogonal, as in Muon": lambda W, G, M, lr, t: muon_update(
        W, G, M, lr, 0.0
    ),
}
kinds = ("along the axes", "inputs turned", "all weights turned")
trial = {
    kind: [valley(kind, seed) for seed in range(20, 28)] for kind in kinds
}
grounds = {kind: [valley(kind, seed) for seed in range(8)] for kind in kinds}
down = {method: {} for method in plain}
for method, update in plain.items():
    tried = np.array([0.01, 0.015, 0.019, 0.025])  # the limit is 2 / 100
    if method != "gradient descent":
        tried = np.geomspace(0.005, 1, 12)
    for kind in kinds:
        means = [
            np.mean([steps_down(update, lr, one) for one in trial[kind]])
            for lr in tried
        ]
        lr = tried[int(np.argmin(means))]
        down[method][kind] = np.array(
            [steps_down(update, lr, one) for one in grounds[kind]]
        )
        print(f"{method:<23} {kind:<19} rate {lr:.3f}")
plots.turned(down)

# %%
middle = {
    method: {kind: np.median(counts) for kind, counts in of.items()}
    for method, of in down.items()
}
times = {
    method: of["inputs turned"] / of["along the axes"]
    for method, of in middle.items()
}
lettered = dict(zip("abc", list(plain)[1:], strict=True))
same = [k for k, name in lettered.items() if 0.8 < times[name] < 1.25]
measured("who_is_not_turned", same[0] if same else "d")
rescaling, orthogonal = (middle[method] for method in [*plain][1::2])
claim(
    "inputs turned, rescaling needs over 3 times as many steps",
    times["rescaling, as in Adam"],
    above=3,
    form=".1f",
)
claim(
    "inputs turned, the orthogonal step needs as many as before",
    times["orthogonal, as in Muon"],
    between=(0.98, 1.02),
    form=".2f",
)
claim(
    "that is less than half of rescaling's steps",
    orthogonal["inputs turned"] / rescaling["inputs turned"],
    below=0.5,
    form=".2f",
)
claim(
    "along the axes, rescaling is ahead of it",
    rescaling["along the axes"] / orthogonal["along the axes"],
    below=1,
    form=".2f",
)
claim(
    "all weights turned, the orthogonal step needs over 5 times as many",
    orthogonal["all weights turned"] / orthogonal["along the axes"],
    above=5,
    form=".1f",
)

# %% [markdown]
# This is the answer: if the inputs turn, $G$ turns, its singular vectors turn with it, and so does the step. The same holds for turned outputs. If the valley happens to lie along the axes, Adam's kind of division is still better. And the third valley
# shows the limit: Muon knows the axes of a matrix, and no others. A turn that mixes the weights in any way is beyond it, too. Correlated inputs are the turn that layers really meet.
#
# ### Orthogonal without a decomposition
#
# A singular value decomposition is slow. The **Newton-Schulz iteration** needs none: divide $M$ by its length, then repeat $X \leftarrow aX + bXX^\top X + c(XX^\top)^2X$. Each step keeps the singular vectors and maps every
# singular value $\sigma$ to $a\sigma + b\sigma^3 + c\sigma^5$. With $(1.5, -0.5, 0)$ all of them come to 1. Jordan et al. chose other numbers, which lift small values much faster and never settle.

# %%
M = np.random.default_rng(6).normal(size=(64, 32)) * np.geomspace(1, 0.03, 32)
coefficients = {
    "a, b, c = 1.5, -0.5, 0": (1.5, -0.5, 0.0),
    "a, b, c = 3.44, -4.78, 2.03, as in Muon": (3.4445, -4.7750, 2.0315),
}
after = {
    name: {
        steps: np.linalg.svd(
            library.newton_schulz(M, steps, numbers), compute_uv=False
        )
        for steps in (0, 2, 5)
    }
    for name, numbers in coefficients.items()
}
plots.singular_values(after)
converging, tuned = (of[5] for of in after.values())
claim(
    "five tuned steps bring the smallest singular value above 0.5",
    tuned.min(),
    above=0.5,
    form=".2f",
)
claim(
    "and the largest no higher than 1.3",
    tuned.max(),
    at_most=1.3,
    form=".2f",
)
claim(
    "five steps that converge leave the smallest below 0.4",
    converging.min(),
    below=0.4,
    form=".2f",
)

# %% [markdown]
# ## Explore
#
# The explorer runs two optimisers from one start, each at the learning rate that suits it best there. Things to try:
#
# - Press play in the turned valley. Does the look ahead help? Replace Adam by momentum, then by AdaGrad.
# - Make all learning rates three times as large. Which optimiser diverges?
# - Set $\beta$ to 0.99. Which of the two swings less?

# %%
great_race()

# %% [markdown]
# ## Ten optimisers learn to read digits
#
# The network of lesson 12 has 3 466 weights. Ten optimisers, each with its usual betas (Muon with 0.9). Each one first tries five learning rates on four networks, and then trains 16 other networks with the best one. Every
# network has its own initial weights and its own order of batches. What counts is the number of steps until the loss on all digits is below 0.1. AdamW without decay is Adam, so it does not run.

# %% tags=["predict"]
who_is_first

# %%
RACE = {
    "gradient descent": (library.SGD, (0.4, 0.7, 1, 1.4, 2)),
    "momentum": (library.Momentum, (0.6, 1, 2, 4, 8)),
    "Nesterov": (library.Nesterov, (0.1, 0.2, 0.3, 0.5, 0.8)),
    "AdaGrad": (library.AdaGrad, (0.03, 0.06, 0.1, 0.17, 0.3)),
    "RMSProp": (library.RMSProp, (0.005, 0.01, 0.02, 0.04, 0.08)),
    "Adam": (library.Adam, (0.01, 0.02, 0.03, 0.06, 0.1)),
    "AdaMax": (library.AdaMax, (0.02, 0.03, 0.06, 0.1, 0.2)),
    "Nadam": (library.Nadam, (0.01, 0.02, 0.03, 0.06, 0.1)),
    "Lion": (library.Lion, (0.005, 0.01, 0.015, 0.02, 0.04)),
    "Muon": (library.Muon, (0.03, 0.06, 0.1, 0.15, 0.3)),
}


def maker(name):
    kind = RACE[name][0]
    if name == "Muon":
        return lambda matrices, lr: kind(matrices, lr, beta=0.9)
    return lambda matrices, lr: kind(lr)


needed, chosen = {}, {}
for name, (_, rates) in RACE.items():
    tried = steps_to_fit(
        maker(name), np.repeat(rates, 4), [*range(30, 34)] * 5, X, y
    )
    means = np.minimum(tried, 320).reshape(5, 4).mean(axis=1)
    chosen[name] = rates[int(means.argmin())]
    needed[name] = steps_to_fit(
        maker(name), [chosen[name]] * 16, range(16), X, y
    )
    print(f"{name:<17} tried {rates}")
guess = measured(
    "who_is_first",
    sorted(
        ("AdaGrad", "Adam", "momentum", "Muon"),
        key=lambda name: needed[name].mean(),
    ),
)
plots.race(needed, chosen, guess)

# %%
mean = {name: counts.mean() for name, counts in needed.items()}
others = [name for name in mean if name != "Muon"]
claim(
    "Muon needs less than 0.85 of the steps of the best of the others",
    mean["Muon"] / min(mean[name] for name in others),
    below=0.85,
    form=".2f",
)
claim(
    "Nadam and Nesterov are within 15 % of each other",
    mean["Nadam"] / mean["Nesterov"],
    between=(0.85, 1.15),
    form=".2f",
)
claim(
    "Nadam, which looks ahead, is ahead of Adam",
    mean["Nadam"] / mean["Adam"],
    below=0.97,
    form=".2f",
)
claim(
    "Lion, with half of Adam's memory, needs less than 1.3 times its steps",
    mean["Lion"] / mean["Adam"],
    below=1.3,
    form=".2f",
)
claim(
    "AdaGrad gains next to nothing on gradient descent: ratio of steps",
    mean["AdaGrad"] / mean["gradient descent"],
    above=0.8,
    form=".2f",
)
claim(
    "no best rate lies at the end of those that were tried",
    sum(
        chosen[name] in (rates[0], rates[-1])
        for name, (_, rates) in RACE.items()
    ),
    equal=0,
)

# %% [markdown]
# Muon clearly takes the fewest steps. Of the others, those that look ahead are first, and Adam and Lion follow. Their order may change with the task. Schmidt et al. (2021) found that,
# and also that trying several optimisers untuned helps about as much as tuning one.
#
# But a step of Muon costs more. Count multiplications. A gradient takes $3 B n k$ for a matrix of $n \times k$ and a batch of $B$ examples (the first layer $2Bnk$). A step of Newton and Schulz takes $2k^2n + k^3$, if $k$ is the smaller side.


# %%
def extra_work(batch, shapes=((64, 32), (32, 32), (32, 10))):
    """Multiplications of Muon's five steps over those of the gradient."""
    gradient = schulz = 0
    for i, (n, k) in enumerate(shapes):
        gradient += (3 if i else 2) * batch * n * k
        schulz += 5 * (2 * k**2 * n + k**3)
    return schulz / gradient


for batch in (128, len(X)):
    print(
        f"batch of {batch}: Muon adds {extra_work(batch):.0%} to a gradient"
    )
claim(
    "at batches of 128 Muon adds more than the gradient costs",
    extra_work(128),
    above=1,
    form=".2f",
)
claim(
    "at one batch of all digits it adds less than a tenth",
    extra_work(len(X)),
    below=0.1,
    form=".2f",
)
claim(
    "counted in multiplications, Muon is not ahead of Adam at 128",
    mean["Muon"] * (1 + extra_work(128)) / mean["Adam"],
    above=1,
    form=".2f",
)

# %% [markdown]
# So here the gain in steps is a loss in time. The extra work does not grow with the batch, and the gradient does. Language models are trained on batches of a hundred thousand tokens and more, and there Jordan et al. put the extra work
# below 1 %. A fair comparison gives both numbers, steps and work. And only the training loss of one small network was compared. Why orthogonal steps help in deep networks is still an open question.
#
# ## Who invented what
#
# | method | who | what it adds |
# |---|---|---|
# | momentum | Polyak 1964 | an average direction |
# | Nesterov | Nesterov 1983; as a velocity Sutskever et al. 2013 | a look ahead |
# | AdaGrad | Duchi, Hazan & Singer 2011 (and McMahan & Streeter 2010) | division by all gradients so far |
# | RMSProp | Tieleman & Hinton 2012, a slide | division that forgets |
# | Adam, AdaMax | Kingma & Ba 2015 | both averages, corrected; a maximum |
# | Nadam | Dozat 2016 | Adam with a look ahead |
# | AdamW | Loshchilov & Hutter 2019, known since 2017 | decay outside the averages |
# | Lion | Chen et al. 2023, by a search of programs | the sign; half the memory |
# | Muon | Jordan et al. 2024 | equal steps in all directions of a matrix |
#
# Orthogonal steps are older than Muon: Carlson et al. (2015) used them for Boltzmann machines, Tuddenham et al. (2022) for networks, and **Shampoo** (Gupta, Koren & Singer 2018) takes the same step if it forgets all gradients but the last (Bernstein & Newhouse 2024).
#
# **In libraries.** `keras.optimizers` has all of them, PyTorch all but Lion. Their conventions differ: Keras' `Adagrad` starts $s$ at 0.1, and its `Nadam` and PyTorch's `NAdam` let $\beta_1$ grow. `SGD(nesterov=True)` in both keeps the point ahead, $w + \beta v$, in place of $w$.
# `Muon` in both looks ahead, multiplies the rate by a factor for the form of the matrix, and decays the weights by default. The course's own tests hold your formulas against Keras', with these differences taken out.
#
# ## Quiz

# %% tags=["quiz"]
why_nesterov_overshoots_less

# %% tags=["quiz"]
why_adagrad_stops

# %% tags=["quiz"]
where_decay_goes

# %% tags=["quiz"]
why_muon_does_not_notice

# %% tags=["quiz"]
which_optimizer_today

# %% [markdown]
# ## Papers to read
#
# - Sutskever, Martens, Dahl & Hinton (2013), *On the importance of initialization and momentum in deep learning*, [ICML](https://proceedings.mlr.press/v28/sutskever13.html). Writes Nesterov's
#   method as momentum, as you did, and shows how much it helps in deep networks.
# - Duchi, Hazan & Singer (2011), *Adaptive subgradient methods for online learning and stochastic optimization*, [JMLR 12](https://www.jmlr.org/papers/v12/duchi11a.html). AdaGrad; read at least the introduction on rare features.
# - Loshchilov & Hutter (2019), *Decoupled weight decay regularization*, ICLR, [arXiv:1711.05101](https://arxiv.org/abs/1711.05101). AdamW, and maps
#   of rate and decay like those above.
# - Chen et al. (2023), *Symbolic discovery of optimization algorithms*, NeurIPS, [arXiv:2302.06675](https://arxiv.org/abs/2302.06675). How a
#   program found Lion.
# - Jordan et al. (2024), *Muon: an optimizer for hidden layers in neural networks*, [kellerjordan.github.io/posts/muon](https://kellerjordan.github.io/posts/muon/). A post, no paper; clear, with all numbers.
# - Bernstein & Newhouse (2024), *Old optimizer, new norm: an anthology*, [arXiv:2409.20325](https://arxiv.org/abs/2409.20325). Adam, Shampoo and
#   orthogonal steps as one idea: steepest descent, with another measure of length.
# - Lee, Simchowitz, Jordan & Recht (2016), *Gradient descent only converges to minimizers*, COLT,
#   [arXiv:1602.04915](https://arxiv.org/abs/1602.04915). Why random starts avoid saddles.
# - Schmidt, Schneider & Hennig (2021), *Descending through a crowded valley*, ICML, [arXiv:2007.01547](https://arxiv.org/abs/2007.01547). Fifteen
#   optimisers on eight problems, and no winner.

# %% [markdown]
# ## What you can do now
#
# You can say what each optimiser adds: a look ahead, a sum that never forgets, a decay outside the averages, a sign, an orthogonal step. The turned valley has an answer, as long as it is turned by a layer's inputs or outputs: treat the matrix as a matrix. You have measured that Muon takes the
# fewest steps here, and that on small batches these steps are too expensive. To begin a new project, take AdamW and tune its rate; it is the one that everybody compares with. Next: [lesson
# 14](14_learning_rate_decay.ipynb), a learning rate that falls.
