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
# # Very deep networks
#
# A network of five layers learns to read digits in seconds. Give it 40 layers, and it learns hardly anything. A deeper network can compute all
# that the shallow one computes, so why does training not find it? And what do networks of 100 layers have that ours has not?
#
# **Takes** about 90 minutes · **Before this** lessons 07 (initialization), 12 (Adam), 14 (warm-up) and 15 (batch norm)
#
# **You will**
# - write a residual block, and derive its gradient and the size of its branch,
# - repair the backward pass of a small pre-norm network,
# - measure four designs at 5 to 80 layers,
# - find out who needs a warm-up, and what blocks that are left out at random are good for,
# - make 40 layers learn within a budget.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.activations import selu
from nnutils.layers import Dense, LayerNorm, ReLU, Residual
from nnutils.lessons.very_deep_networks import plots
from nnutils.lessons.very_deep_networks.explorer import deep_signals
from nnutils.lessons.very_deep_networks.given import (
    OfTheUnits,
    Rectified,
    arriving,
    choose_and_report,
    deep,
    digits_for,
    logistic,
    post_or_pre,
    train,
    try_recipe,
)

# %% [markdown]
# ## Deeper is worse
#
# `deep(L, seed)` is a **plain** network: a dense layer of 16 units, then $L$ blocks of ReLU and a dense layer of 16 units, then ReLU and the output. He's weights,
# Adam, 80 steps on 32 digits each. Four learning rates are tried on two splits. The one with the best *training* accuracy is used on four other
# splits, which are reported. Each run has its own split, start and order.

# %%
DEPTHS = (5, 10, 20, 40, 80)
CHOOSE, REPORT = digits_for((50, 51)), digits_for((0, 1, 2, 3))


def best_of_four(build, seed, rates=(0.002, 0.006, 0.02, 0.06)):
    """Chosen on two splits, reported on four: (rate, runs)."""
    return choose_and_report(build, CHOOSE, REPORT, 80, seed, rates)


def row(name, runs):
    print(
        f"{name:<26} training set {runs.train.mean():4.0%}, "
        f"new digits {runs.dev.mean():4.0%}"
    )


# %% tags=["predict"]
plain_depth

# %%
high = (0.01, 0.03, 0.1, 0.3)  # a model without depth bears more
baselines = {
    "logistic regression": best_of_four(logistic, 1, high),
    "one hidden layer": best_of_four(lambda seed: deep(0, seed), 3, high),
}
plain = {L: best_of_four(lambda seed, L=L: deep(L, seed), L) for L in DEPTHS}
for name, (_, runs) in baselines.items():
    row(name, runs)
for L in (5, 40):
    row(f"{L} plain layers", plain[L][1])
measured("plain_depth", round(100 * plain[40][1].train.mean()))

# %%
claim(
    "5 plain layers: accuracy on the training set",
    plain[5][1].train.mean(),
    above=0.7,
    form=".0%",
)
claim(
    "40 plain layers: accuracy on the training set, best of four rates",
    plain[40][1].train.mean(),
    below=0.5,
    form=".0%",
)
claim(
    "logistic regression reads over 90 % of new digits",
    baselines["logistic regression"][1].dev.mean(),
    above=0.9,
    form=".0%",
)

# %% [markdown]
# This is no overfitting: the accuracy is low on the *training* set. He et al. (2016) saw it in networks for images: one of 56 layers had a
# larger training error than one of 20. Yet there are weights with which 40 layers do what 5 do: let the other 35 hand on what they get. They are not
# found. (Their networks had batch norm, and their gradients were healthy. In our plain one signal and gradient get lost, too, as you saw in lesson 07.)
#
# Note the first two lines. On such small data depth does not pay at all. We ask how depth can be *trained*; where it
# pays, on large sets of pictures and texts, is another question. So logistic regression stays in every table.
#
# ## A shortcut
#
# If a layer should be able to hand on its input, make this what it does from the start. A **residual block** adds to its input what its **branch** $F$, one
# layer or a few, makes of it. The way around the branch is called **shortcut**, or **skip connection**:
#
# $$x_{l+1} = x_l + s\, F_l(x_l)$$
#
# With $F = 0$ the block is the identity. The branch learns only what should be different, the residual. The **branch scale** $s$ is 1 in the
# first residual networks; soon you will choose it.
#
# **Your task.** Write the block. Mind what NumPy does if the branch returns one column.

# %% tags=["exercise"]
residual_forward

# %% [markdown]
# The shortcut matters even more on the way back.
#
# **Your task.** Derive the gradient by the block's input. No formula is given.

# %% tags=["exercise"]
residual_backward

# %% [markdown]
# ## Forty blocks in a row
#
# Now put 40 blocks in a row. A branch with He's weights returns as much mean square as it gets.

# %% tags=["predict"]
after_forty

# %% [markdown]
# **Your task.** Derive the scale of the branches for a network of $L$ blocks from the property in the contract.

# %% tags=["exercise"]
branch_scale

# %% [markdown]
# Another way to tame the branches is a norm. In [lesson 15](15_batch_normalization.ipynb) you met layer norm: each example is normalized by its own units. In a
# **pre-norm** block the norm is the branch's first layer, so the branch returns mean square 1 however large $x$ has become. The shortcut does not
# pass the norm:
#
# $$x_{l+1} = x_l + s\, F_l(\mathrm{norm}(x_l))$$
#
# The transformers of today are built of such blocks. (In a **post-norm** block the norm stands behind the sum. We come to it.)
#
# **Your task.** Write the pre-norm block.

# %% tags=["exercise"]
pre_norm_block

# %% [markdown]
# Your blocks, 40 in a row, 64 units, five networks at their random start. The right figure asks about SELU (lesson 09), which is made to keep mean 0 and variance 1 from layer to layer.


# %%
def selu_branch(W):
    return lambda x: selu(x)[0] @ W


def through(block, std, branch, networks=5, blocks=40):
    """The mean square behind each block, geometric mean over networks."""
    logs = []
    for seed in range(networks):
        rng = np.random.default_rng(seed)
        x, squares = rng.normal(size=(100, 64)), [1.0]
        for _ in range(blocks):
            x = block(x, branch(rng.normal(0, std, size=(64, 64))))
            squares.append(np.mean(x**2))
        logs.append(np.log(squares))
    return np.exp(np.mean(logs, axis=0))


small, he, lecun = branch_scale(40), np.sqrt(2 / 64), np.sqrt(1 / 64)
ways = {
    "plain": lambda x, branch: branch(x),
    "shortcut": lambda x, branch: residual_forward(x, branch, 1.0),
    "shortcut, your scale": lambda x, branch: residual_forward(
        x, branch, small
    ),
    "shortcut, pre-norm": lambda x, branch: pre_norm_block(
        x, OfTheUnits(), branch, 1.0
    ),
}
relu_signals = {
    name: through(block, he, Rectified) for name, block in ways.items()
}
selu_signals = {
    name: through(ways[name], lecun, selu_branch)
    for name in ("plain", "shortcut", "shortcut, your scale")
}
guess = measured("after_forty", relu_signals["shortcut"][-1])
plots.signals(relu_signals, selu_signals, guess)

# %%
doublings = np.log2(relu_signals["shortcut"][-1])
claim(
    "a bare shortcut: doublings of the mean square in 40 blocks",
    doublings,
    between=(35, 45),
    form=".0f",
)
claim(
    "with your scale the mean square grows by about e",
    relu_signals["shortcut, your scale"][-1],
    between=(2, 4),
    form=".1f",
)
claim(
    "pre-norm: it grows by about 1 in each block, to 41",
    relu_signals["shortcut, pre-norm"][-1],
    between=(30, 55),
    form=".0f",
)
claim(
    "SELU alone keeps its mean square near 1",
    selu_signals["plain"][-1],
    between=(0.4, 2.5),
    form=".1f",
)
claim(
    "SELU with a shortcut: powers of ten that it grows in 40 blocks",
    np.log10(selu_signals["shortcut"][-1]),
    above=4,
    form=".0f",
)

# %% [markdown]
# The variances of $x$ and of an uncorrelated branch add up: a bare shortcut doubles the mean square in each block. With pre-norm each block adds the same
# amount, so growth is linear, and a late block changes its large $x$ by little. That is a branch scale which comes by itself. (De and
# Smith (2020) explain with it what batch norm does for residual networks.)
#
# **Skips and SELU do not go together:** SELU keeps the variance of a plain stack. Add a shortcut, and what it guarantees is gone.
# It is the sum that does it, as with ReLU, and with your scale the growth is small again. But then SELU is not needed.
#
# On the way back your `residual_backward` meets the same sum. In the explorer you see both directions.
#
# **Try** 80 blocks without a shortcut; then with a bare one; then a branch scale of 0.11, or a norm.
# **Notice** that signal and gradient both grow without norm and scale, and that the plain network depends most on its seed.

# %%
deep_signals()

# %% [markdown]
# Backward passes of such networks are easily written wrongly, and a network with a wrong gradient often still learns a little. **Repair** the one below. Its norm is
# **RMS norm** (lesson 15): it divides by the root mean square and subtracts no mean.

# %% tags=["exercise"]
residual_gradients

# %% [markdown]
# ## Four designs, 5 to 80 layers
#
# `nnutils.layers` has `Residual`, `LayerNorm` and `RMSNorm`, which compute what you have written:

# %%
library = Residual([LayerNorm(1e-3), ReLU(), Dense(8)], scale=0.3).build(8)
x = np.random.default_rng(0).normal(1, 3, size=(5, 8))
yours = pre_norm_block(
    x, OfTheUnits(1e-3), Rectified(library.branch[2].W), 0.3
)
claim(
    "the library's block returns what yours does: largest difference",
    np.abs(library.forward(x) - yours).max(),
    below=1e-9,
    form=".0e",
)

# %% [markdown]
# The four designs differ in two things, shortcut and batch norm, so each is the control of another. Both designs with a shortcut use your branch scale.
# Where there is a norm, each block begins with it. All have the same layers, steps, splits and rates to choose from.

# %% tags=["predict"]
who_learns

# %%
designs = {
    "plain": lambda L: {},
    "batch norm": lambda L: {"norm": "batch"},
    "shortcut": lambda L: {"shortcut": True, "scale": branch_scale(L)},
    "shortcut + norm": lambda L: {
        "shortcut": True,
        "norm": "batch",
        "scale": branch_scale(L),
    },
}
found = {"plain": plain}
for name in list(designs)[1:]:
    found[name] = {
        L: best_of_four(
            lambda seed, L=L, name=name: deep(L, seed, **designs[name](L)), L
        )
        for L in DEPTHS
    }
accuracy = {
    name: np.array([of[L][1].train for L in DEPTHS])
    for name, of in found.items()
}
gradients = {
    name: np.array(
        [
            [
                arriving(
                    deep(L, run, **settings(L)), REPORT.X[run, :200], run
                )
                for run in range(4)
            ]
            for L in DEPTHS
        ]
    )
    for name, settings in designs.items()
}

# %%
for name in ("shortcut", "shortcut + norm"):
    row(f"80 layers, {name}", found[name][80][1])
row("logistic regression", baselines["logistic regression"][1])
learned = tuple(name for name, of in accuracy.items() if of[3].mean() > 0.8)
answers = {("shortcut + norm",): "a", ("shortcut", "shortcut + norm"): "b"}
answers |= {("batch norm", "shortcut + norm"): "c", (): "e"}
answers[("batch norm", "shortcut", "shortcut + norm")] = "d"
measured("who_learns", answers[learned])
base = baselines["logistic regression"][1].train.mean()
plots.depth(DEPTHS, gradients, accuracy, base)

# %%
means = {
    name: dict(zip(DEPTHS, of.mean(axis=1), strict=True))
    for name, of in accuracy.items()
}
claim(
    "shortcut + norm: the lowest accuracy of the five depths",
    min(means["shortcut + norm"].values()),
    above=0.85,
    form=".0%",
)
claim(
    "shortcut and your scale, no norm: the lowest of the five depths",
    min(means["shortcut"].values()),
    above=0.8,
    form=".0%",
)
claim(
    "batch norm without shortcut: accuracy at 40 layers",
    means["batch norm"][40],
    below=0.5,
    form=".0%",
)
inside = [
    0.002 < found[name][L][0] < 0.06
    for name in ("shortcut", "shortcut + norm")
    for L in DEPTHS
]
claim(
    "with a shortcut, the best rate is mostly not at the end of those tried",
    inside,
    at_least=6,
)
middle = {name: np.log10(of).mean(axis=1) for name, of in gradients.items()}
claim(
    "batch norm alone: powers of ten that the gradient grows in 80 layers",
    middle["batch norm"][-1],
    above=4,
    form=".0f",
)
claim(
    "plain: powers of ten that it shrinks in 80 layers",
    -middle["plain"][-1],
    above=0.5,
    form=".1f",
)
claim(
    "both with a shortcut: the most by which it changes, at any depth "
    "(powers of ten)",
    max(
        np.abs(middle["shortcut"]).max(),
        np.abs(middle["shortcut + norm"]).max(),
    ),
    below=0.5,
    form=".1f",
)
claim(
    "80 layers, shortcut + norm, against logistic regression on new digits "
    "(points)",
    100
    * (
        found["shortcut + norm"][80][1].dev.mean()
        - baselines["logistic regression"][1].dev.mean()
    ),
    between=(-6, 4),
    form=".0f",
)

# %% [markdown]
# Batch norm alone does not do it. It keeps the signal, but its gradient grows by a factor from layer to layer; Yang et al. (2019)
# derive it. With the shortcut alone, at your scale, 80 layers learn. Norm and shortcut together do best.
# And compared with logistic regression, 80 layers bring nothing: see the last lines above the figure.
#
# ## Begin as the identity
#
# Three ways to make the branches small at the start, at 40 layers without a norm. Your scale, as above. A **zero gain**: each branch ends with a
# trained factor that starts at 0 (ReZero, Bachlechner et al. 2021; SkipInit, De and Smith 2020). **Zero weights**: the last layer of each branch
# starts at 0; Fixup (Zhang et al. 2019) does this, and more. The two zero starts and the bare shortcut choose from five rates, the four of above and a smaller one.

# %%
FIVE = (0.0006, 0.002, 0.006, 0.02, 0.06)
starts = {"bare shortcut": {}}
starts["zero gain"] = {"begin": "zero gain"}
starts["zero weights"] = {"begin": "zero weights"}
begun = {
    name: best_of_four(
        lambda seed, how=how: deep(40, seed, shortcut=True, **how),
        7,
        FIVE,
    )
    for name, how in starts.items()
}
begun["your scale"] = found["shortcut"][40]
begun["your scale + norm"] = found["shortcut + norm"][40]
for name, (_, runs) in {**begun, **baselines}.items():
    row(name, runs)

# %%
read = {name: runs.train.mean() for name, (_, runs) in begun.items()}
claim(
    "a bare shortcut at 40 layers: accuracy on the training set",
    read["bare shortcut"],
    below=0.5,
    form=".0%",
)
claim(
    "begun with zero gain",
    read["zero gain"],
    above=0.85,
    form=".0%",
)
claim(
    "begun with zero weights",
    read["zero weights"],
    above=0.7,
    form=".0%",
)

# %% [markdown]
# The bare shortcut, at the best of the five rates, is the control: it is not the shortcut alone that makes the depth trainable, but the shortcut with *small branches*. A scale and a zero start
# are two ways to get them; a norm in the branch, as you saw above, is a third.
#
# ## Who needs a warm-up?
#
# The first transformers had post-norm blocks, $x_{l+1} = \mathrm{norm}(x_l + F_l(x_l))$, and were trained with a warm-up of the learning rate
# (lesson 14). Xiong et al. (2020) say that pre-norm makes it unnecessary. We try: ten blocks of two dense layers, layer norm, Adam,
# 150 steps, a cosine that falls to 0, with and without a linear rise over the first 45 steps. Five splits, and every rate is shown.

# %% tags=["predict"]
who_needs_warmup

# %%
RATES, STEPS, RISE = (0.003, 0.01, 0.03, 0.1), 150, 45


def cosine(step, rise):
    """The share of the peak rate, from step 0 on."""
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + np.cos(np.pi * (step - rise) / (STEPS - rise)))


lanes = [(rate, run) for rate in RATES for run in range(5)]
five = digits_for((10, 11, 12, 13, 14))
tried = {}
for place in ("post", "pre"):
    for way, rise in (("no warm-up", 0), ("warm-up", RISE)):
        runs = train(
            [post_or_pre(20, 40 + run, place) for _, run in lanes],
            five.of([run for _, run in lanes]),
            [rate for rate, _ in lanes],
            STEPS,
            seed=5,
            share=lambda step, rise=rise: cosine(step, rise),
        )
        tried[place, way] = runs.train.reshape(len(RATES), 5)
gain = {
    place: 100
    * (tried[place, "warm-up"] - tried[place, "no warm-up"])[1:3].mean()
    for place in ("post", "pre")
}
helped = (gain["post"] > 5, gain["pre"] > 5)
answers = {(True, False): "a", (False, True): "b"}
answers |= {(True, True): "c", (False, False): "d"}
measured("who_needs_warmup", answers[helped])
plots.warmup(
    RATES,
    {
        place: {way: tried[place, way] for way in ("no warm-up", "warm-up")}
        for place in ("post", "pre")
    },
)

# %%
claim(
    "post-norm: points that the warm-up brings, mean of rates 0.01 and 0.03",
    gain["post"],
    above=5,
    form=".0f",
)
claim(
    "pre-norm: points that it brings there",
    gain["pre"],
    between=(-5, 5),
    form=".0f",
)
best = {key: of.mean(axis=1).max() for key, of in tried.items()}
claim(
    "pre-norm without warm-up is ahead of post-norm with it, each at its "
    "best rate (points)",
    100 * (best["pre", "no warm-up"] - best["post", "warm-up"]),
    above=0,
    form=".0f",
)

# %% [markdown]
# The same is true here: as a mean over the rates 0.01 and 0.03 the warm-up helps post-norm, and pre-norm needs none. Look what post-norm gains at its best rate. In large models with pre-norm a short warm-up is
# used all the same: it is cheap, and Adam's averages of the first steps are poor. What you have seen holds for 20 narrow layers.
#
# ## Leave blocks out
#
# If a block is nearly the identity, a network can do without it for a step. **Stochastic depth** (Huang et al. 2016) drops each block at random
# in training. Block $l$ of $L$ is kept with probability $p_l$, which falls linearly to $p_L$ at the last one:
#
# $$p_l = 1 - \frac{l}{L} (1 - p_L), \qquad x_{l+1} = x_l + b_l F_l(x_l) \text{ in training},$$
#
# $$x_{l+1} = x_l + p_l F_l(x_l) \text{ at inference,}$$
#
# with $b_l = 1$ where the block is kept and 0 where not, and $l$ counted from 1. It is dropout of whole branches, and is often called
# **DropPath** today.
#
# **Your task.** Write the forward pass of such a network, for training and for inference.

# %% tags=["exercise"]
stochastic_depth

# %% [markdown]
# What is it good for? We train 10 blocks of 32 units on 400 digits, once with right labels and once with 40 % of the labels drawn anew. The control: the
# same branches multiplied by $p_l$ and never dropped. (`nnutils` draws for each example, and divides by $p_l$ in training instead.) The rate is
# the best of three (logistic regression: four) on the dev sets of two other splits.

# %%
kinds = {
    "10 blocks": {},
    "scaled by p": {"keep_last": 0.2, "at_random": False},
    "left out by chance": {"keep_last": 0.2},
}
new_digits = {}
for wrong in (0.4, 0.0):
    few = digits_for((60, 61), 400, wrong)
    more = digits_for((20, 21, 22, 23, 24), 400, wrong)

    def on_few(build, rates=(0.001, 0.003, 0.01), few=few, more=more):
        """The accuracy on new digits, at the best rate for new digits."""
        _, runs = choose_and_report(build, few, more, 160, 9, rates, by="dev")
        return runs.dev

    new_digits[wrong] = {
        name: on_few(
            lambda seed, how=how: deep(
                10,
                seed,
                shortcut=True,
                norm="batch",
                scale=branch_scale(10),
                width=32,
                **how,
            )
        )
        for name, how in kinds.items()
        if wrong or name != "scaled by p"
    }
    new_digits[wrong]["logistic regression"] = on_few(
        logistic, (0.001, 0.003, 0.01, 0.03)
    )
for wrong, of in new_digits.items():
    print(f"{wrong:.0%} of the labels drawn anew")
    for name, runs in of.items():
        print(f"  {name:<20} reads {runs.mean():.0%} of new digits")
plots.left_out(new_digits[0.4])

# %%
noisy, clean = (
    {name: 100 * (runs - of["10 blocks"]).mean() for name, runs in of.items()}
    for of in (new_digits[0.4], new_digits[0.0])
)
claim(
    "wrong labels: blocks left out by chance bring over 3 points",
    noisy["left out by chance"],
    above=3,
    form=".0f",
)
claim(
    "branches that are only scaled bring less (points behind)",
    noisy["left out by chance"] - noisy["scaled by p"],
    above=1,
    form=".0f",
)
claim(
    "right labels: they change little (points)",
    clean["left out by chance"],
    between=(-3, 3),
    form=".0f",
)

# %% [markdown]
# It is a regularizer. Where labels are wrong, it helps, and not only because it makes the branches smaller: the same branches, only scaled, bring less. Where labels are right, there is
# little to gain here. And compare with the plain baseline, logistic regression.
#
# ## 40 layers within a budget
#
# **Your task.** Return the settings of a network of 40 layers that is trained on 3 200 examples in all, so each of 1 200 digits is looked at two or three times. You choose
# shortcut, norm, scale and start of the branches, the optimizer, peak rate, warm-up, schedule and batch size. The score is the accuracy on new digits, the mean of
# three splits. 0.70, 0.85 and 0.92 earn a third of the 4 points each. A good network, in ten large steps, reaches none of them. Nor do 40 plain layers, batch norm without shortcuts, and shortcuts without a norm,
# branches at full size. The mean of two splits:

# %%
good = {"optimizer": "adam", "warmup": 0, "schedule": "cosine", "batch": 32}
good |= {"norm": "none", "begin": "random", "scale": 1, "rate": 0.003}
weak = {
    "40 plain layers": good | {"shortcut": False},
    "batch norm without shortcuts": good
    | {"shortcut": False, "norm": "batch", "rate": 0.03},
    "shortcuts without a norm, branches at full size": good
    | {"shortcut": True},
}
for name, recipe in weak.items():
    scores = [try_recipe(recipe, seed) for seed in (1, 2)]
    print(f"{np.mean(scores):.1f} {name}")

# %% tags=["exercise"]
deep_recipe

# %%
scores = [try_recipe(deep_recipe(), seed) for seed in (11, 12)]
claim(
    "40 layers by your recipe, on two other splits",
    np.mean(scores),
    above=0.85,
    form=".2f",
)

# %% [markdown]
# ## The same in Keras
#
# A shortcut needs Keras' functional API: a layer is called on a tensor, and the sum is a layer, too. A pre-norm block with the weights of ours:

# %%
import keras

given = keras.Input((8,), dtype="float64")
inner = keras.layers.LayerNormalization(epsilon=1e-3, dtype="float64")(given)
inner = keras.layers.ReLU(dtype="float64")(inner)
inner = keras.layers.Dense(8, dtype="float64")(inner)
inner = keras.layers.Rescaling(0.3, dtype="float64")(inner)
out = keras.layers.Add(dtype="float64")([given, inner])
model = keras.Model(given, out)
norm, dense = library.branch[0], library.branch[2]
model.set_weights([norm.gamma, norm.beta, dense.W, dense.b])
claim(
    "Keras' block returns what yours does: largest difference",
    np.abs(model.predict(x, verbose=0) - yours).max(),
    below=1e-5,
    form=".0e",
)

# %% [markdown]
# `keras.layers.RMSNormalization` is RMS norm. In PyTorch a block is a `Module` whose `forward` returns `x + self.branch(self.norm(x))`.
#
# ## Quiz

# %% tags=["quiz"]
why_not_overfitting

# %% tags=["quiz"]
other_width

# %% tags=["quiz"]
norm_after_sum

# %% tags=["quiz"]
zero_branch

# %% tags=["quiz"]
where_depth_pays

# %% [markdown]
# ## Papers to read
#
# - He et al. (2016), *Deep residual learning for image recognition*, CVPR, [arXiv:1512.03385](https://arxiv.org/abs/1512.03385). Figure 1 is the
#   training error of 20 and of 56 layers.
# - He et al. (2016), *Identity mappings in deep residual networks*, ECCV, [arXiv:1603.05027](https://arxiv.org/abs/1603.05027). Why the shortcut
#   should be free.
# - Yang et al. (2019), *A mean field theory of batch normalization*, ICLR, [arXiv:1902.08129](https://arxiv.org/abs/1902.08129). Why batch norm
#   alone makes gradients explode.
# - Zhang et al. (2019), *Fixup initialization: residual learning without normalization*, ICLR,
#   [arXiv:1901.09321](https://arxiv.org/abs/1901.09321). Zero weights, and what else it takes.
# - De & Smith (2020), *Batch normalization biases residual blocks towards the identity function in deep networks*, NeurIPS,
#   [arXiv:2002.10444](https://arxiv.org/abs/2002.10444). SkipInit.
# - Bachlechner et al. (2021), *ReZero is all you need: fast convergence at large depth*, UAI, [arXiv:2003.04887](https://arxiv.org/abs/2003.04887).
#   One trained factor a block.
# - Xiong et al. (2020), *On layer normalization in the transformer architecture*, ICML, [arXiv:2002.04745](https://arxiv.org/abs/2002.04745).
#   Pre-norm, post-norm and warm-up.
# - Huang et al. (2016), *Deep networks with stochastic depth*, ECCV, [arXiv:1603.09382](https://arxiv.org/abs/1603.09382). Over 1 200 layers, with
#   blocks left out.

# %% [markdown]
# ## What you can do now
#
# You can build and train a network of 80 layers, and say what it needs: a shortcut that nothing disturbs, and branches that are small at
# the start, by a norm, by your scale or by zeros. You have measured that batch norm alone or a bare shortcut is not enough, that post-norm gains by a
# warm-up and pre-norm does not, and that depth which can be trained need not be useful. Next: [lesson 17](17_hyperparameter_search.ipynb), how to search for all these settings.
