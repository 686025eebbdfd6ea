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
# **Takes** about 25 minutes · **Before this** Python with a little NumPy, and a little calculus
#
# **You will** see what good training is worth, try one exercise of each kind, learn how to go on tomorrow, and find your way
# through the lessons.

# %%
import numpy as np

from nnutils import (
    case,
    check,
    claim,
    hint,
    measured,
    predict,
    progress,
    quiz,
    solution,
)
from nnutils.data import digits
from nnutils.doctor import check_environment
from nnutils.lessons.start_here.given import try_recipe
from nnutils.lessons.start_here.plots import digits_in_a_row, ways_to_train
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
# The data are small pictures of handwritten digits. A part of them is set aside as a **dev set**: the network never
# trains on it, so it shows how well the network reads digits that it has not seen.

# %%
X, y = digits()
train, dev = shuffle_split(X, y, (0.8, 0.2), np.random.default_rng(0))
print(
    f"{len(train[0])} pictures of {X.shape[1]} pixels to train on, "
    f"{len(dev[0])} in the dev set"
)
first_of_each = [X[y == digit][0] for digit in range(10)]
digits_in_a_row(first_of_each, "A picture of each digit")

# %% [markdown]
# We train one network of three hidden layers in four ways, each with the same number of updates. Two things differ. The
# weights start *tiny*, or of a size that fits the layers (*He initialization*). The steps are plain *gradient descent*, or *Adam*, which chooses the size of
# each weight's step by itself. Do not worry about the names; each of them has a lesson. Every way is tried three times:
# a line is the mean of the three, a band goes from the lowest to the highest.


# %%
def accuracy_while_training(start, optimizer, seed):
    """Train, and tell how much of the dev set is read after each epoch."""
    train, dev = shuffle_split(X, y, (0.8, 0.2), np.random.default_rng(seed))
    network = dense_network([64, 64, 64, 64, 10], init=start, rng=seed)
    settings = {"epochs": 30, "batch_size": 32, "rng": seed}
    history = fit(network, *train, optimizer, dev=dev, **settings)
    return history.dev_accuracy


ways = {
    ("tiny weights", "gradient descent"): (0.01, lambda: SGD(0.1)),
    ("tiny weights", "Adam"): (0.01, lambda: Adam(0.003)),
    ("He initialization", "gradient descent"): ("he", lambda: SGD(0.1)),
    ("He initialization", "Adam"): ("he", lambda: Adam(0.003)),
}
accuracies = {
    way: np.array(
        [accuracy_while_training(start, new(), seed) for seed in range(3)]
    )
    for way, (start, new) in ways.items()
}
updates = int(np.ceil(len(train[0]) / 32)) * np.arange(1, 31)
ways_to_train(updates, accuracies)
at_the_end = {way: runs[:, -1].mean() for way, runs in accuracies.items()}
print(f"after {updates[-1]} updates")
for (start, steps), value in at_the_end.items():
    print(f"{start + ', ' + steps:<36} reads {value:4.0%}")

# %% [markdown]
# With tiny weights, gradient descent still guesses at the end. The network is not too small and its data are not too few: the same one reads
# nearly all digits if it starts well. From tiny weights next to no gradient reaches its first layers (lesson 07 measures that).
# Adam is a second way out: its steps have a size of their own, even there (lesson 12). This course takes such
# failures apart, one cause at a time.
#
# A sentence that a lesson proves is marked like this. If the numbers above did not bear it out, the cell would be an error.

# %%
claim(
    "with tiny weights, gradient descent still guesses: it reads less than "
    "20 % of the dev set",
    at_the_end["tiny weights", "gradient descent"],
    below=0.2,
    form=".0%",
)
claim(
    "with He initialization it reads over 95 %, after as many updates",
    at_the_end["He initialization", "gradient descent"],
    above=0.95,
    form=".0%",
)
claim(
    "with tiny weights, Adam reads over 50 %",
    at_the_end["tiny weights", "Adam"],
    above=0.5,
    form=".0%",
)

# %% [markdown]
# ## Five kinds of tasks
#
# | kind | what you get | what you do |
# |---|---|---|
# | **Exercise** | an idea and its formula | write it as a function |
# | **Derive** | what the answer must be able to do, and no formula | find the formula |
# | **Repair** | code that runs and is wrong | find the faults |
# | **Predict** | a question before a run | guess; it never costs or gives points |
# | **Design** | a goal and a budget | choose; points are given for what it reaches on data that you do not see |
#
# Here is one of each, in small. Together they answer a question: how well can digits be read *without* a network? Whoever trains a network should know
# that number first. It is a **baseline**.
#
# ### Exercise
#
# `X` holds one example a row and one feature a column. A pixel is a feature. The mean of feature $j$ over $m$ examples is
#
# $$\mu_j = \frac1m \sum_{i=1}^m x_{ij}$$
#
# **Your task.** Return the mean of each feature. Replace the line under the docstring, run the cell, and run the check below it. Try a wrong answer first, say `return X.mean()`, to see
# what the check makes of it.

# %% tags=["exercise"]
feature_means

# %% [markdown]
# A check says one of four things:
#
# - `○` you have not answered yet,
# - `✘` something is wrong, and which mistake it is, as far as it can be recognised,
# - `✔` passed,
# - `●` noted: whether it is right is looked at when your instructor grades your work.
#
# Where your answer does not work yet, the cells below use the course's own, so that the notebook goes on. (If your
# instructor keeps the answers, such a cell stops, and names the exercise that it needs.)
#
# **Stuck?** Open a new cell with **Esc**, then **B**, and run `hint("feature_means")` in it. Each call opens one hint more. After the last one, or when you have
# passed, `solution("feature_means")` shows the course's answer, unless your instructor keeps it.
#
# A check runs your function on several small **cases**. When it names a case, you can get its arguments and look for yourself:

# %%
arguments = case("feature_means", 1)
print(arguments["X"].round(2))
print(feature_means(**arguments).round(2))

# %% [markdown]
# What follows an exercise uses your function. Here it finds the mean picture of each digit in the training set.

# %%
pictures, labels = train
means = np.array([feature_means(pictures[labels == k]) for k in range(10)])
digits_in_a_row(means, "The mean of all pictures of a digit still shows it")

# %% [markdown]
# ### Derive
#
# New pictures come, and of the old ones only the mean and the number are left. What is the mean of all, old and new?
#
# **Your task.** Return it. No formula is given. What must be true: it is the mean of all examples, as if they had never been apart.

# %% tags=["exercise"]
joined_mean

# %%
old, new = pictures[:1000], pictures[1000:]
joined = joined_mean(
    feature_means(old), len(old), feature_means(new), len(new)
)
claim(
    "joined from two parts, the mean is that of all pictures: the largest "
    "difference",
    np.abs(joined - feature_means(pictures)).max(),
    below=1e-9,
)

# %% [markdown]
# ### Repair
#
# A picture can be read by comparing it with the ten mean pictures: the nearest one wins.
#
# **Your task.** The code below runs, but it has two faults. Find both. The docstring says what the code should do.

# %% tags=["exercise"]
nearest_mean

# %% [markdown]
# ### Predict
#
# Write your guess and run both cells. It is kept, and shown beside what is measured.

# %% tags=["predict"]
read_by_the_means

# %%
read = np.mean(nearest_mean(dev[0], means) == dev[1])
guess = measured("read_by_the_means", round(100 * read))
claim(
    "the nearest mean reads between 80 and 95 % of the dev set",
    read,
    between=(0.8, 0.95),
    form=".0%",
)

# %% [markdown]
# So that is the baseline: a network that reads fewer digits than this is not worth its training.
#
# ### Design
#
# Back to the network that was trained in four ways. Now the budget is **100 updates** of 32 pictures, by gradient descent. You choose the start, and the **learning
# rate**, which is the length of the steps. Here is what three plain designs reach: tiny weights, a small rate, and a large rate. Each is a mean over six trainings.

# %%
designs = {
    "tiny weights": {"start": "tiny", "lr": 0.2},
    "a small rate": {"start": "he", "lr": 0.005},
    "a large rate": {"start": "he", "lr": 1},
}
for name, design in designs.items():
    reached = np.mean([try_recipe(design, seed) for seed in range(6)])
    print(f"{name:<13} {design!s:<30} about {10 * round(10 * reached)} %")

# %% [markdown]
# **Your task.** Return a recipe. It gets 1 point at **60 %** and 2 points at **85 %**, as a mean over 12 trainings with new splits, new first weights and new orders. The check says what your
# recipe reaches in this notebook; at grading it is tried on other seeds. Try a rate, look, and try another one.

# %% tags=["exercise"]
recipe

# %% [markdown]
# You have just gone round the circle in which all of this work is done: **idea, code, experiment**, and from what the experiment shows, the next idea. Nobody knows the right settings of a new problem
# beforehand. What one can learn is to go round quickly, and to see what an experiment says. That is what the lessons are for.
#
# ## Tomorrow: how to go on
#
# What you wrote is saved with the notebook (**Ctrl + S**). What you *ran* is not: after a break, or a restart, Python knows none of your variables and functions, and says `NameError`. So:
#
# 1. open the notebook and click the cell at which you want to go on;
# 2. choose **Run → Run All Above Selected Cell** in the menu, and wait until no cell shows `[*]`;
# 3. go on.
#
# If something behaves strangely, choose **Kernel → Restart Kernel**, and do the same. If a cell never ends, press the square in the toolbar. To begin a lesson anew, close it and write in a terminal
# `python3 course.py reset 00`, with the lesson's number: your own notebook is kept beside the new one.
#
# `progress()` shows how far you are in all lessons, and what is next; with a lesson's number it shows that one. It is kept in the file
# `nnutils-progress.json` beside the notebooks. Nothing leaves your machine. Some days after a lesson, `review()` asks you what you still know of it.

# %%
progress("start_here")

# %% [markdown]
# ## Quiz
#
# Each lesson ends with a few questions. Write the letter of your answer and run both cells. Every option has a reason
# that is worth reading.

# %% tags=["quiz"]
what_is_a_row

# %% tags=["quiz"]
what_failed

# %% [markdown]
# ## The map
#
# The lessons build on each other in this order. Each says what it takes and which lessons it needs.
#
# | lesson | its question | minutes |
# |---|---|---|
# | [01 Train, dev and test sets](01_data_splits.ipynb) | Which data may decide what? | 90 |
# | [02 Bias and variance](02_bias_variance.ipynb) | What is wrong with this network, and what helps? | 90 |
# | [03 L2, L1 and other penalties on weights](03_l2_regularization.ipynb) | What does a penalty on the weights do, and why does it help? | 90 |
# | [04 Dropout](04_dropout.ipynb) | Why does a network get better when half of it is switched off? | 90 |
# | [05 Early stopping and augmentation](05_early_stopping_and_augmentation.ipynb) | When to stop, and how to make more of few images? | 90 |
# | [06 Normalizing the inputs](06_input_normalization.ipynb) | Why do features of different scale slow training down? | 90 |
# | [07 Initialization](07_initialization.ipynb) | With which weights does a deep network have to begin? | 90 |
# | [08 Gradient checking](08_gradient_checking.ipynb) | Is this gradient right? | 90 |
# | [09 Activations and clipping](09_activations_and_clipping.ipynb) | Which activation lets a gradient through, and what if one is too long? | 90 |
# | [10 Mini-batch gradient descent](10_minibatch_gradient_descent.ipynb) | How many examples make a good step? | 90 |
# | [11 Exponentially weighted averages](11_exponentially_weighted_averages.ipynb) | How do you follow a noisy series without storing it? | 90 |
# | [12 Momentum, RMSProp and Adam](12_momentum_rmsprop_adam.ipynb) | How does an optimiser get through a long, narrow valley? | 90 |
# | [13 Optimisers of today](13_more_optimizers.ipynb) | What do the relatives of Adam do better, and where? | 90 |
# | [14 Learning rate decay](14_learning_rate_decay.ipynb) | How should the learning rate change while a network learns? | 90 |
# | [15 Batch normalization](15_batch_normalization.ipynb) | Why does a network train better when its layers are normalized? | 90 |
# | [16 Very deep networks](16_very_deep_networks.ipynb) | What lets a network of 40 layers or more learn? | 90 |
# | [17 Hyperparameter search](17_hyperparameter_search.ipynb) | Which settings are worth trying, and how do you search them? | 90 |
# | [18 Transfer learning](18_transfer_learning.ipynb) | How do you reuse what another network has learned? | 90 |
# | [19 Unsupervised pretraining](19_unsupervised_pretraining.ipynb) | What can be learned from examples without labels? | 90 |
# | [20 Clinic: trainings that fail](20_clinic.ipynb) | What is wrong with a training that runs and disappoints? | 90 |
# | [21 Capstone: a project from the data to the report](21_capstone.ipynb) | Which recipe do you choose, and how sure may it be? | 90 |
#
# ## What you can do now
#
# You can run a lesson, answer the five kinds of tasks, read a check, ask for a hint, and go on tomorrow. You have seen that the way of training
# alone decides whether this network learns. Go on with [lesson 01](01_data_splits.ipynb).
