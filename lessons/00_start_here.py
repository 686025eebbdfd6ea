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
# # Start here
#
# The same network, on the same data, can learn nothing at all or read nearly every digit. What lies between
# the two is the subject of this course: not new architectures, but the craft of training the one you have.
#
# **Takes** about 15 minutes · **Before this** nothing but Python and a little calculus
#
# **You will** see what good training is worth, try every tool of the course on a toy exercise, and find your way
# through the lessons.

# %%
import numpy as np

from nnutils import case, check, claim, hint, progress, quiz, solution
from nnutils.data import digits
from nnutils.environment import check_environment
from nnutils.lessons.start_here.plots import mean_pictures, recipes
from nnutils.network import dense_network
from nnutils.optimizers import SGD, Adam
from nnutils.splits import shuffle_split
from nnutils.training import fit

# %% [markdown]
# ## Is everything here?
#
# Run a cell with **Shift + Enter**. The next one looks at your machine. If a line says ✘, do what the last line says.

# %%
ready = check_environment()

# %% [markdown]
# ## What training well is worth
#
# Here are small pictures of handwritten digits. A part of them is set aside as a *dev set*: the network never
# trains on it, so it shows how well the network reads digits that it has not seen.

# %%
X, y = digits()
train, dev = shuffle_split(X, y, (0.8, 0.2), np.random.default_rng(0))
print(
    f"{len(train[0])} pictures of {X.shape[1]} pixels to train on, "
    f"{len(dev[0])} in the dev set"
)

# %% [markdown]
# Four times the same layers: three hidden ones of 64 units each, 30 passes over the data (*epochs*), the same random
# seeds. Only the training differs, and the last network has *batch norm* between its layers as well. Do not worry about
# the names yet; each of them has a lesson.


# %%
def trained(optimizer, batch_size, **settings):
    network = dense_network([64, 64, 64, 64, 10], rng=1, **settings)
    return fit(
        network,
        *train,
        optimizer,
        epochs=30,
        batch_size=batch_size,
        rng=2,
        dev=dev,
    )


histories = {
    "tiny initial weights, all data at each step": trained(
        SGD(lr=0.1), None, init=0.01
    ),
    "He initialization": trained(SGD(lr=0.1), None, init="he"),
    "He initialization, mini-batches": trained(SGD(lr=0.1), 32, init="he"),
    "He, mini-batches, batch norm, Adam": trained(
        Adam(lr=0.003), 32, init="he", batch_norm=True
    ),
}
recipes(histories)
for name, history in histories.items():
    first = 100 * history.dev_accuracy[0]
    last = 100 * history.dev_accuracy[-1]
    print(f"{name:<45} {first:3.0f} % after 1 epoch, {last:3.0f} % after 30")

# %% [markdown]
# The first network is not too small and its data are not too few, or the third could not read them. It is started badly:
# with weights that tiny, next to no gradient reaches its first layers (lesson 07 measures it). This course takes such
# failures apart, one cause at a time.
#
# A sentence that a lesson proves is marked like this. If the numbers above did not bear it out, the cell would be an error.

# %%
accuracy = [history.dev_accuracy[-1] for history in histories.values()]
claim(
    "training alone takes the same network from guessing to over 95 % "
    "of unseen digits",
    # the third: the very same layers
    accuracy[0] < 0.2 and accuracy[2] > 0.95,
)

# %% [markdown]
# ## How an exercise works
#
# An exercise is a function that you complete. Below it stands a cell that checks it. There are four things that a check
# can say:
#
# - `○` you have not answered yet,
# - `✘` something is wrong, and which mistake it is, as far as it can be recognised,
# - `✔` passed,
# - `●` noted: whether it is right is looked at when your instructor grades your work.
#
# Where your answer does not work yet, the cells below use the course's own, so that the notebook goes on. If your
# instructor keeps the answers, such a cell stops instead, and names the exercise that it needs.
#
# **Your task.** `X` holds one example a row and one feature a column. Return the mean of each feature. Replace the two lines
# under the docstring, run the cell, and run the check below it. Try a wrong answer first, say `X.mean()`, to see
# what the check makes of it.

# %% tags=["exercise"]
feature_means

# %% [markdown]
# **Stuck?** Open a new cell with **Esc**, then **B**, and ask. `hint("feature_means")` opens one hint at a time,
# from a nudge to nearly the answer. `solution("feature_means")` opens after the last hint, or when you have passed, unless your
# instructor keeps the solutions. Reading a solution is no defeat; close it and write it yourself.

# %%
hint("feature_means")

# %%
solution("feature_means")

# %% [markdown]
# A check runs your function on several small cases. When it names a case, you can get the arguments and look for yourself:

# %%
arguments = case("feature_means", 1)
print(arguments["X"].round(2))
print(feature_means(**arguments).round(2))

# %% [markdown]
# What follows an exercise uses your function. A pixel is a feature, so here it finds the mean picture of every digit.
# The three, in numbers:

# %%
means = [feature_means(X[y == digit]) for digit in range(10)]
mean_pictures(means)
print(means[3].reshape(8, 8).round(1))

# %% [markdown]
# ## A quiz
#
# Each lesson ends with a few questions. Write the letter of your answer and run both cells. Every option has a reason
# that is worth reading.

# %% tags=["quiz"]
what_is_a_row

# %% tags=["quiz"]
what_failed

# %% [markdown]
# ## How far you are
#
# `progress()` shows all lessons; with a lesson's name it shows that one. What you have done is kept in the file
# `nnutils-progress.json` beside the notebooks. Nothing leaves your machine.

# %%
progress("start_here")

# %% [markdown]
# ## The map
#
# The lessons build on each other in this order. Each says what it takes and which lessons it needs.
#
# | lesson | its question | minutes |
# |---|---|---|
# | [01 Train, dev and test sets](01_data_splits.ipynb) | Which data may decide what? | 75 |
# | [02 Bias and variance](02_bias_variance.ipynb) | What is wrong with this network, and what helps? | 70 |
# | [03 L2, L1 and other penalties on weights](03_l2_regularization.ipynb) | What does a penalty on the weights do, and why does it help? | 90 |
# | [04 Dropout](04_dropout.ipynb) | Why does a network get better when half of it is switched off? | 90 |
# | [05 Early stopping and augmentation](05_early_stopping_and_augmentation.ipynb) | When to stop, and how to make more of few images? | 80 |
# | [06 Normalizing the inputs](06_input_normalization.ipynb) | Why do features of different scale slow training down? | 60 |
# | [07 Initialization](07_initialization.ipynb) | With which weights does a deep network have to begin? | 90 |
# | [08 Gradient checking](08_gradient_checking.ipynb) | Is this gradient right? | 75 |
# | [10 Mini-batch gradient descent](10_minibatch_gradient_descent.ipynb) | How many examples make a good step? | 75 |
# | [11 Exponentially weighted averages](11_exponentially_weighted_averages.ipynb) | How do you follow a noisy series without storing it? | 50 |
# | [12 Momentum, RMSProp and Adam](12_momentum_rmsprop_adam.ipynb) | How does an optimiser get through a long, narrow valley? | 75 |
# | [13 More optimisers: Nesterov, AdaGrad, AdaMax and Nadam](13_more_optimizers.ipynb) | What do the relatives of Adam do better, and where? | 70 |
# | [14 Learning rate decay](14_learning_rate_decay.ipynb) | How should the learning rate change while a network learns? | 70 |
# | [15 Batch normalization](15_batch_normalization.ipynb) | Why does a network train better when its layers are normalized? | 90 |
# | [17 Hyperparameter search](17_hyperparameter_search.ipynb) | Which settings are worth trying, and how do you search them? | 90 |
# | [18 Transfer learning](18_transfer_learning.ipynb) | How do you reuse what another network has learned? | 75 |
# | [19 Unsupervised pretraining](19_unsupervised_pretraining.ipynb) | What can be learned from examples without labels? | 60 |
# | [21 Capstone](21_capstone.ipynb) | How does it all come together in a network of 20 layers? | 90 |
#
# ## What you can do now
#
# You can run a lesson, answer an exercise, ask for a hint, and read a check. You have seen that the way of training
# alone decides whether this network learns. Go on with [lesson 01](01_data_splits.ipynb).
