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
# A large learning rate gets you near the minimum quickly and never lets you settle there; a small one settles, but
# takes for ever to arrive. Why choose one number for the whole run? How should the rate change, and what is that worth?
#
# **Takes** about 70 minutes · **Before this** lessons 10 (mini-batches) and 12 (momentum)
#
# **You will**
# - see why a constant rate hovers above the minimum, and how far,
# - write five schedules that are fixed beforehand, and one that watches the dev loss,
# - plot the rates that a run really used, which are not always those that one had in mind,
# - measure on digits what a schedule saves, and run your schedules in Keras.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import digits
from nnutils.lessons.learning_rate_decay import plots
from nnutils.lessons.learning_rate_decay.explorer import schedule_designer
from nnutils.network import dense_network
from nnutils.optimizers import Momentum
from nnutils.training import fit, fit_many

# %% [markdown]
# ## Why a constant rate hovers
#
# The gradient of a mini-batch is the true gradient plus noise. Near the minimum the true gradient is almost 0, the noise is not, and
# the step stays as long as ever: the walk is kicked about. A smaller rate makes smaller kicks. So let the rate fall, at first
# quickly, then more and more slowly:
#
# $$\alpha_{\text{epoch}} = \frac{\alpha_0}{1 + \text{rate} \cdot \text{epoch}}$$
#
# This is **inverse time decay**. Robbins and Monro (1951) proved that rates like these get all the way to the minimum: they shrink
# to 0, so the kicks die out, but slowly enough that their sum is infinite, so no minimum is out of reach.
#
# **Your task.** Return the learning rate of an epoch, counted from 0.

# %% tags=["exercise"]
inverse_time_decay

# %% [markdown]
# The bowl $J = \frac12 w^2$, whose gradient $w$ is seen through noise of standard deviation 1. Here are 500 walks at once from
# $w = 5$, first with three constant rates, then with your decay.


# %%
def mean_costs(rate_of, steps=300, walks=500):
    rng, w, costs = np.random.default_rng(0), np.full(walks, 5.0), []
    for t in range(steps):
        costs.append(np.mean(w**2 / 2))
        w = w - rate_of(t) * (w + rng.normal(0, 1, size=walks))
    return np.array(costs)


costs = {
    f"constant {lr}": mean_costs(lambda t, lr=lr: lr)
    for lr in (0.5, 0.1, 0.02)
}
costs["decay from 0.5"] = mean_costs(
    lambda t: inverse_time_decay(0.5, 0.25, t)
)
plots.hovering(costs)
ends = {name: cost[-100:].mean() for name, cost in costs.items()}
for name, end in ends.items():
    print(
        f"{name:<14} after 20 steps {costs[name][20]:.3f}, "
        f"mean of the last 100 {end:.4f}"
    )

# %%
claim(
    "a constant rate hovers at a level that grows with the rate: 0.5 at "
    "over 3 times that of 0.1",
    ends["constant 0.5"] / ends["constant 0.1"],
    above=3,
    form=".1f",
)
claim(
    "the constant rate 0.1 hovers at over twice the level of 0.02",
    ends["constant 0.1"] / ends["constant 0.02"],
    above=2,
    form=".1f",
)
claim(
    "the decayed rate settles below all three, under 3/4 of the lowest",
    ends["decay from 0.5"]
    / min(end for name, end in ends.items() if name.startswith("constant")),
    below=0.75,
    form=".2f",
)

# %% [markdown]
# At a constant rate the cost hovers at a height that is roughly proportional to the rate. The smallest one gets lowest, but
# look how long it takes. The decayed walk begins with the fastest and ends below the lowest.
#
# ## Three more ways down
#
# **Exponential decay** takes the same share away every epoch, so the logarithm of the rate is a straight line:
#
# $$\alpha_{\text{epoch}} = \alpha_0 \cdot \text{base}^{\,\text{epoch}}$$
#
# **Your task.** Return the rate of an epoch.

# %% tags=["exercise"]
exponential_decay

# %% [markdown]
# **Power decay** has a dial for how quickly it falls, the power $c$. With $c = 1$ it is inverse time decay at rate $1/s$, with
# $c = 0.5$ the $1/\sqrt{t}$ of much theory.
#
# $$\alpha_{\text{step}} = \frac{\alpha_0}{(1 + \text{step} / s)^{\,c}}$$
#
# **Your task.** Return the rate of a step. Steps here are updates, not epochs; the formula does not care which.

# %% tags=["exercise"]
power_decay

# %% [markdown]
# **Piecewise constant** is what people did by hand, and many papers still do: 0.1 up to here, then 0.01, then 0.001. With boundaries
# $b_1 < b_2 < \dots$ and one value more than boundaries:
#
# $$\alpha_{\text{step}} = \text{value}_k, \qquad k = \text{the number of boundaries that lie below the step}$$
#
# **Your task.** Return the value that is in force at a step. At a boundary itself the earlier value still holds.

# %% tags=["exercise"]
piecewise_constant

# %%
epochs = range(31)
four = {
    "inverse time": [inverse_time_decay(1.0, 0.2, epoch) for epoch in epochs],
    "exponential": [exponential_decay(1.0, 0.85, epoch) for epoch in epochs],
    "power, c = 0.5": [power_decay(1.0, epoch, 5, 0.5) for epoch in epochs],
    "piecewise": [
        piecewise_constant([10, 20], [1.0, 0.3, 0.1], epoch)
        for epoch in epochs
    ],
}
plots.schedules(four)
for name, rates in four.items():
    print(
        f"{name:<15} epoch 0: {rates[0]:.2f}, epoch 10: {rates[10]:.2f}, "
        f"epoch 30: {rates[30]:.3f}"
    )

# %% [markdown]
# ## Digits, and the rates that were really used
#
# The digits, two hidden layers, momentum, batches of 16. Twenty networks with initial weights of their own learn side by side. A
# schedule can be asked once an epoch or once a step, and this is the place where it goes wrong most often: a
# decay meant for epochs that is asked at every step has used up nearly all of the rate before the first epoch is over. So do not trust
# your intentions. The run keeps the rate of every step; plot that.

# %%
X, y = digits()
order = np.random.default_rng(0).permutation(len(y))
train = (X[order[:1300]], y[order[:1300]])
dev = (X[order[1300:]], y[order[1300:]])
STEPS = int(np.ceil(1300 / 16))  # in an epoch


def run(schedule, epochs=30, by="epoch", seeds=20, callbacks=()):
    networks = [
        dense_network([64, 32, 32, 10], rng=seed) for seed in range(seeds)
    ]
    settings = {
        "schedule": schedule,
        "schedule_by": by,
        "dev": dev,
        "measure": False,
    }
    settings |= {"epochs": epochs, "batch_size": 16, "callbacks": callbacks}
    return fit_many(networks, *train, Momentum(), **settings)


def decay(number):
    return inverse_time_decay(0.7, 0.2, number)


runs = {
    "constant": run(lambda epoch: 0.7),
    "decay by epoch": run(decay),
    "the same, asked by step": run(decay, by="step"),
}
losses = {name: np.array(history.loss).T for name, history in runs.items()}
plots.rates_and_losses(
    {name: history.step_lrs for name, history in runs.items()}, losses
)
for name, history in runs.items():
    first, last = history.step_lrs[STEPS], history.step_lrs[-1]
    print(
        f"{name:<24} rate after one epoch {first:.3f}, at the end {last:.4f}"
    )

# %%
late = {name: loss[:, -10:].mean(axis=1) for name, loss in losses.items()}
for name, loss in losses.items():
    print(
        f"{name:<24} training loss, epochs 4 to 8: {loss[:, 3:8].mean():.2f}"
    )
for name in ("decay by epoch", "the same, asked by step"):
    print(
        f"{name:<24} training loss, last 10 epochs: {late[name].mean():.3f}"
    )
claim(
    "on digits the decayed rate ends at under a third of the constant "
    "one's loss, mean of 20 seeds",
    late["decay by epoch"].mean() / late["constant"].mean(),
    below=1 / 3,
    form=".2f",
)
claim(
    "asked by step, the decay has lost over 90 % of its rate after one epoch",
    1 - runs["the same, asked by step"].step_lrs[STEPS] / 0.7,
    above=0.9,
    form=".0%",
)

# %% [markdown]
# The constant rate's late losses are not printed: by then single kicks decide them, and another processor, which rounds
# otherwise, gets other kicks. That they stay far above the decayed ones does not depend on it.
#
# The third run shows what the slip costs. Its loss falls all the time and could be that of a network which is too small; only the left
# picture shows at a glance what is wrong.
#
# One caution. The hovering is due to noise, and a network that fits every single example has no noise left: there
# all gradients are 0. Does a small constant rate get this network that far?

# %%
gentle = np.array(run(lambda epoch: 0.2).loss).T[:, -10:].mean(axis=1)
print(f"constant 0.2: training loss, last 10 epochs: {gentle.mean():.3f}")
claim(
    "a small constant rate does better here: below half of 0.7's loss, "
    "mean of 20 seeds",
    gentle.mean() / late["constant"].mean(),
    below=0.5,
    form=".2f",
)

# %% [markdown]
# Nearly as far as the decay. So where the training set can be fitted exactly, a decay gains little over a constant rate that
# happens to be right. It earns its keep where you want the speed of the large rate, and wherever the data cannot be fitted
# exactly, which is nearly always when there are many.
#
# ## Let the run decide
#
# All of these are fixed before the run starts. The last one watches: as long as the dev loss improves, keep the rate; when it has not
# improved for some epochs (the **patience**), multiply the rate by a factor. This one is a program rather than a formula:
#
# - after each epoch, compare its loss with the best so far; if it is below, the count of epochs without improvement
#   starts again at 0, else it grows by 1,
# - when the count reaches the patience, cut the rate, *from the next epoch on*, and start the count again. The best loss stays.
#
# **Your task.** Given the losses of all epochs, return the list of rates that were in force during each of them.

# %% tags=["exercise"]
reduce_on_plateau

# %% [markdown]
# In a run, the losses come one by one. The rate of the coming epoch is the last one of your list once one more loss, no matter
# which, is appended: a rate never depends on the loss of its own epoch.

# %%
seen = []


def watch(network, history):
    seen[:] = history.dev_loss


def by_plateau(epoch):
    return reduce_on_plateau([*seen, 0.0], 0.7, 0.3, 3)[-1]


network = dense_network([64, 32, 32, 10], rng=0)
settings = {
    "schedule": by_plateau,
    "callbacks": [watch],
    "dev": dev,
    "rng": 1,
}
history = fit(
    network, *train, Momentum(), epochs=30, batch_size=16, **settings
)
plots.plateau(history.dev_loss, history.lr)
print(
    f"cut more than once in 30 epochs: {np.sum(np.diff(history.lr) < 0) > 1}"
)
claim(
    "the rates that the run used are those that you compute from its "
    "losses afterwards",
    np.abs(
        np.subtract(
            history.lr, reduce_on_plateau(history.dev_loss, 0.7, 0.3, 3)
        )
    ).max(),
    below=1e-9,
)

# %% [markdown]
# It needs no plan, but it has a price: the rate is cut only after `patience` epochs have been wasted, a noisy dev loss can cut it by
# accident, and once the run has settled it goes on cutting, which does no harm any more and no good (libraries have a lower
# limit). Note also what it cannot do. When a dev loss rises because the network overfits, a smaller rate slows that down and
# does not cure it.
#
# ## First up, then down
#
# So far the rate only fell. **One-cycle** (Smith 2018) first lets it *rise* from 0, and then fall to 0 again:
#
# $$\alpha_{\text{step}} = \alpha_{\max} \cdot \frac{\min(\text{step},\; \text{total} - \text{step})}{\text{total} / 2}$$
#
# The rise is a warm-up. A rate that would throw a fresh network about is safe later, when the weights have left the steep
# places. The fall settles them.
#
# **Your task.** Return the rate of a step.

# %% tags=["exercise"]
one_cycle

# %% [markdown]
# Which schedule gets to a dev loss of 0.1 in the fewest epochs? For a constant or a falling rate, count the epochs until it is there.
# One-cycle needs to know its end beforehand, so run it with 3, 4, ... 8 epochs, and count the shortest run that ends below the target.
# Every schedule tries 0.1, 0.2, 0.4 and 0.7 as its largest rate, and counts with the best of them. First the counting:


# %%
TARGET, LARGEST = 0.1, (0.1, 0.2, 0.4, 0.7)


def first_epoch(rate_of):
    """For each seed the first epoch below the target;
    21 if there is none in 20."""

    def all_there(network, history):
        return (np.min(history.dev_loss, axis=0) < TARGET).all()

    below = (
        np.array(run(rate_of, 20, seeds=5, callbacks=[all_there]).dev_loss)
        < TARGET
    )
    return np.where(below.any(axis=0), below.argmax(axis=0) + 1, 21)


def shortest_cycle(lr):
    """For each seed the shortest of the runs that ends below the target;
    9 if none does."""
    shortest = np.full(5, 9)
    for n in range(3, 9):
        cycle = run(
            lambda step, n=n: one_cycle(step, n * STEPS, lr),
            n,
            "step",
            seeds=5,
        )
        below = cycle.dev_loss[-1] < TARGET
        shortest = np.where(below, np.minimum(shortest, n), shortest)
        if (shortest < 9).all():
            break
    return shortest


# %% [markdown]
# Then the contest.

# %%
tried = {
    "constant": lambda lr: first_epoch(lambda epoch: lr),
    "inverse time": lambda lr: first_epoch(
        lambda e: inverse_time_decay(lr, 0.2, e)
    ),
    "exponential": lambda lr: first_epoch(
        lambda e: exponential_decay(lr, 0.85, e)
    ),
    "one-cycle": shortest_cycle,
}
needed = {}
for name, count in tried.items():
    results = [count(lr) for lr in LARGEST]
    best = int(np.argmin([epochs.mean() for epochs in results]))
    needed[name] = results[best]
    print(
        f"{name:<13} best with {LARGEST[best]}: epochs {needed[name]}, "
        f"mean {needed[name].mean():.1f}"
    )
plots.epochs_to_target(needed, TARGET)

# %%
saved = needed["constant"] - needed["one-cycle"]
print(
    f"one-cycle saves {saved.mean():.1f} of "
    f"{needed['constant'].mean():.1f} epochs, "
    "mean of 5 seeds"
)
claim(
    "one-cycle reaches the dev loss in fewer epochs than the best constant "
    "rate, by over 1",
    needed["constant"].mean() - needed["one-cycle"].mean(),
    above=1,
    form=".1f",
)
claim(
    "and in fewer than the better of the two decays, by over half an epoch",
    min(needed[name].mean() for name in ("inverse time", "exponential"))
    - needed["one-cycle"].mean(),
    above=0.5,
    form=".1f",
)

# %% [markdown]
# Look at the rates that won. The best constant rate is a compromise between speed and settling. The schedules need none: they
# bear a larger one, because it does not last. One-cycle spends it in the middle, when the weights are past the steep start. What
# it asks for in return: you must say beforehand how long the run will be, and a run that is broken off early has not settled.
#
# ## Design one
#
# The explorer runs gradient descent in a noisy bowl with the schedule that you design, beside the constant rate. Things to try:
#
# - Lower the share of the rate that is left at the end. When does it stop helping, and why?
# - Set the noise to 0. What is a decay good for then?
# - Take a largest rate above 0.2, which diverges in this bowl if it is kept up. Which schedules get over it?

# %%
schedule_designer()

# %% [markdown]
# ## The same in Keras
#
# | this lesson | Keras |
# |---|---|
# | inverse time | `InverseTimeDecay(lr0, decay_steps=1, decay_rate=rate)` |
# | exponential | `ExponentialDecay(lr0, decay_steps=1, decay_rate=base)` |
# | power, $c = 1$ | `InverseTimeDecay(lr0, decay_steps=s, decay_rate=1)` |
# | piecewise | `PiecewiseConstantDecay(boundaries, values)` |
# | plateau | callback `ReduceLROnPlateau(factor, patience, min_delta=0)` |
# | any other | callback `LearningRateScheduler(f)`, with `f(epoch)` yours |
#
# Keras asks a schedule by *step*; so to decay by epoch, `decay_steps` is the number of steps in an epoch. Callbacks are asked by epoch.

# %%
import keras
from keras.optimizers import schedules as theirs

schedules = {
    "inverse time": theirs.InverseTimeDecay(0.2, 1, 0.3),
    "exponential": theirs.ExponentialDecay(0.2, 1, 0.9),
    "power, c = 1": theirs.InverseTimeDecay(0.2, 5, 1.0),
    "piecewise": theirs.PiecewiseConstantDecay([6, 15], [0.2, 0.1, 0.05]),
}
yours = {
    "inverse time": lambda t: inverse_time_decay(0.2, 0.3, t),
    "exponential": lambda t: exponential_decay(0.2, 0.9, t),
    "power, c = 1": lambda t: power_decay(0.2, t, 5, 1),
    "piecewise": lambda t: piecewise_constant([6, 15], [0.2, 0.1, 0.05], t),
}
apart = {
    name: max(
        abs(float(rate_of(t)) - yours[name](t)) for t in range(0, 60, 3)
    )
    for name, rate_of in schedules.items()
}

# %% [markdown]
# Now the callbacks. Keras' plateau is told the dev losses of the run above, epoch by epoch; and your own `one_cycle` drives a Keras
# fit, whose history records the rates that it used.


# %%
def keras_model():
    model = keras.Sequential(
        [keras.Input((64,)), keras.layers.Dense(10, "softmax")]
    )
    model.compile(
        keras.optimizers.SGD(0.7), "sparse_categorical_crossentropy"
    )
    return model


callback = keras.callbacks.ReduceLROnPlateau(
    factor=0.3, patience=3, min_delta=0
)
callback.set_model(model := keras_model())
callback.on_train_begin()
used = []
for epoch, loss in enumerate(history.dev_loss):
    used.append(float(model.optimizer.learning_rate))
    callback.on_epoch_end(epoch, {"val_loss": loss})
apart["plateau"] = np.abs(np.array(used) - history.lr).max()

cycle = keras.callbacks.LearningRateScheduler(
    lambda epoch: one_cycle(epoch, 6, 0.5)
)
fitted = keras_model().fit(
    *train, epochs=6, batch_size=260, callbacks=[cycle], verbose=0
)
ours = [one_cycle(epoch, 6, 0.5) for epoch in range(6)]
apart["one-cycle, in a fit"] = np.abs(
    fitted.history["learning_rate"] - np.array(ours)
).max()

# %%
for name, difference in apart.items():
    told = "under 0.000001" if difference < 1e-6 else f"{difference:.4f}"
    print(f"{name:<20} largest difference of a rate: {told}")
claim(
    "Keras' schedules and yours agree to 1e-6",
    max(apart.values()),
    below=1e-6,
)

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
why_it_hovers

# %% tags=["quiz"]
when_to_cut

# %% tags=["quiz"]
what_a_boundary_does

# %% tags=["quiz"]
how_one_cycle_differs

# %% [markdown]
# ## Papers to read
#
# - Robbins & Monro (1951), *A stochastic approximation method*, Annals of Mathematical Statistics. Why the rate must fall, and how slowly;
#   the beginning of stochastic gradient descent.
# - Senior, Heigold, Ranzato & Yang (2013), *An empirical study of learning rates in deep neural networks for speech recognition*, ICASSP. Power,
#   exponential and others compared on one large task.
# - Smith (2018), *A disciplined approach to neural network hyper-parameters: part 1*, arXiv 1803.09820. One-cycle, and how to find its top.
# - Loshchilov & Hutter (2017), *SGDR: stochastic gradient descent with warm restarts*, ICLR. The cosine that you met in the explorer.
# - Smith, Kindermans, Ying & Le (2018), *Don't decay the learning rate, increase the batch size*, ICLR. Another way to quieten the noise.

# %% [markdown]
# ## What you can do now
#
# The rate should be large while the minimum is far and small once it is near, because the noise of the batches kicks in proportion to it. You have
# written six schedules, measured on twenty seeds that a falling rate ends far below the large constant one it began with, and that one-cycle gets
# to the target in fewer epochs than the best constant rate. And you plot the rate that a run really used. Next: [lesson 15](15_batch_normalization.ipynb).
