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
# # Normalizing the inputs
#
# One column of your data is in millimetres, another in square micrometres, a third a fraction. The network is to find out by itself what
# matters. Why does gradient descent care about units at all, and what must you do about it, on training, dev and test set?
#
# **Takes** about 60 minutes · **Before this** lessons 01 (data splits) and 02
#
# **You will**
# - standardize data with the training set's statistics, constant features included,
# - measure the valley that gradient descent walks in, by one number, the condition number,
# - see the learning rate and the number of steps follow that number,
# - see what goes wrong when a test set is scaled by itself.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import breast_cancer
from nnutils.lessons.input_normalization import plots
from nnutils.lessons.input_normalization.explorer import (
    valley_before_and_after,
)
from nnutils.network import dense_network
from nnutils.optimizers import SGD
from nnutils.splits import shuffle_split
from nnutils.training import fit

# %% [markdown]
# ## Thirty scales
#
# The data are measurements of cell nuclei from breast tumours, with features such as radius, area and smoothness. The
# question is whether the tumour is benign.

# %%
data = breast_cancer()
X, y = data.X, data.y
spread = X.std(axis=0)
print(f"{X.shape[0]} tumours, {X.shape[1]} features")
for name in (
    "mean area",
    "mean radius",
    "mean smoothness",
    "fractal dimension error",
):
    column = X[:, data.feature_names.index(name)]
    print(
        f"{name:<24} mean {column.mean():8.3f}, "
        f"standard deviation {column.std():8.3f}"
    )
print(
    "largest over smallest standard deviation: "
    f"{spread.max() / spread.min():,.0f}"
)

# %% [markdown]
# **Standardizing** gives every feature mean 0 and standard deviation 1. First measure both, feature by feature, over the $m$ examples:
#
# $$\mu_j = \frac1m \sum_i x_{ij} \qquad \sigma_j = \sqrt{\frac1m \sum_i (x_{ij} - \mu_j)^2}$$
#
# A feature that never changes has $\sigma_j = 0$, and 0 divided by 0 is not a number. It carries no information; let its $\sigma_j$ be 1.
# Rounding can make a constant's std tiny instead of 0, so ask whether the feature's largest and smallest values are equal.
#
# **Your task.** Return the mean and the std of every feature.

# %% tags=["exercise"]
fit_standardizer

# %% [markdown]
# Then use them, on any set:
#
# $$\tilde x_{ij} = \frac{x_{ij} - \mu_j}{\sigma_j}$$
#
# **Your task.** Return the standardized examples. Mean and std are arguments, because they come from the training set, even if `X` does not.

# %% tags=["exercise"]
standardize

# %%
mean, std = fit_standardizer(X)
Z = standardize(X, mean, std)
plots.scales(X, Z)
print(f"means after: at most {np.abs(Z.mean(axis=0)).max():.4f} from 0")
print(
    "standard deviations after: "
    f"at most {np.abs(Z.std(axis=0) - 1).max():.4f} from 1"
)
with_constant = np.column_stack([X[:, :2], np.full(len(X), 0.1)])
constant = standardize(with_constant, *fit_standardizer(with_constant))[:, 2]
print(f"a constant feature becomes {np.abs(constant).max():.4f}")

# %% [markdown]
# ## The shape of the valley
#
# Take the simplest model, $\hat y = X\theta$, with the squared error. Its cost is a bowl, and the matrix of its second derivatives
# says how sharply it curves in each direction:
#
# $$J(\theta) = \frac{1}{2m} \lVert X\theta - y \rVert^2 \qquad H = \frac1m X^\top X$$
#
# The eigenvalues of $H$ are the curvatures along the axes of the bowl. (They are called $\lambda$, too, and have nothing to do with the strength
# of a penalty.) The ratio of the largest to the smallest is the **condition number**: 1 is a round bowl, 100 is a valley ten times as long as wide.
#
# $$\kappa = \frac{\lambda_\text{max}}{\lambda_\text{min}}$$
#
# **Your task.** Return it for the data as they are given, without centring them.

# %% tags=["exercise"]
condition_number


# %%
def pair(*names):
    return X[:, [data.feature_names.index(name) for name in names]]


def standardized(X):
    return standardize(X, *fit_standardizer(X))


texture = pair("mean radius", "mean texture")
smooth = pair("mean radius", "mean smoothness")
before = {"radius, texture": texture, "radius, smoothness": smooth}
plots.valleys(before, {name: standardized(P) for name, P in before.items()})
for name, P in before.items():
    centre, scale = fit_standardizer(P)
    one_way = {"as it is": P, "scaled": P / scale, "centred": P - centre}
    ways = one_way | {"both": standardized(P)}
    told = ", ".join(
        f"{way} {condition_number(Q):,.1f}" for way, Q in ways.items()
    )
    print(f"{name:<19} {told}")

# %%
claim(
    "contours become nearly round: kappa over 50 and over 100 000 "
    "before, below 2 after",
    condition_number(texture) > 50
    and condition_number(smooth) > 100_000
    and max(condition_number(standardized(P)) for P in (texture, smooth)) < 2,
)
claim(
    "radius and texture have nearly one scale: "
    "their long valley comes from the means",
    condition_number(texture - texture.mean(axis=0)) < 3,
)

# %% [markdown]
# Look at the first two panels. Radius and texture have standard deviations of about the same size, so scaling alone does next to nothing for them. But their *means*
# are large, so both columns are nearly parallel: the error grows fast if both weights move together, and slowly if one makes up for the
# other. Centring mends that. The other pair also differs in scale by a factor of hundreds, and needs both.
#
# ## What gradient descent makes of it
#
# Along an axis with curvature $\lambda$, a step multiplies the distance to the minimum by $1 - \alpha\lambda$. That diverges once $\alpha > 2/\lambda$,
# so the steepest axis sets the limit. Along the flattest axis, a step of that size takes away only a share of about $1/\kappa$, so the
# number of steps grows with $\kappa$:
#
# $$\alpha < \frac{2}{\lambda_\text{max}}, \qquad\qquad \text{steps} \approx \kappa \cdot \text{const}$$
#
# **Your task.** Run gradient descent from $\theta = 0$ and return how many updates it makes until the norm of the gradient
# $\frac1m X^\top (X\theta - y)$ is below `tol`.

# %% tags=["exercise"]
gd_steps

# %% [markdown]
# Now an experiment. Take the standardized radius and smoothness, and stretch the second step by step, up to 20 times, as if it came in other units.
# Each time, find the largest learning rate that converges (by halving an interval), and compare it with the limit of the formula.


# %%
def largest_stable(P, target, low=0.002, high=4.0):
    """The largest learning rate that gets down to a small gradient
    within 5000 steps."""
    for _ in range(11):
        middle = np.sqrt(low * high)
        with np.errstate(all="ignore"):  # too large a rate ends in inf
            arrived = gd_steps(P, target, middle, 1e-2, 5000) < 5000
        low, high = (middle, high) if arrived else (low, middle)
    return low


benign = np.where(y == 1, 1.0, -1.0)
target = benign - benign.mean()
stretched = [standardized(smooth) * [1, c] for c in (1.5, 2, 3, 5, 10, 20)]
kappas = [condition_number(P) for P in stretched]
limits = np.array([largest_stable(P, target) for P in stretched])
predicted = np.array(
    [2 / np.linalg.eigvalsh(P.T @ P / len(P))[-1] for P in stretched]
)

# %% [markdown]
# Then count the steps, at half the limit and at 0.9 times the limit.


# %%
def steps_at(share):
    runs = zip(stretched, predicted, strict=True)
    return [
        gd_steps(P, target, share * limit, 1e-4, 20_000) for P, limit in runs
    ]


steps = {
    "half the limit": steps_at(0.5),
    "0.9 times the limit": steps_at(0.9),
}
plots.limits_and_steps(kappas, limits, predicted, steps)
for kappa, limit, count in zip(
    kappas, limits, steps["half the limit"], strict=True
):
    print(
        f"kappa {kappa:6.1f}: largest stable rate {limit:.3f}, "
        f"then {count} steps"
    )

# %%
ratio = np.array(steps["half the limit"]) / kappas
claim(
    "the largest stable learning rate is 2 over the largest "
    "eigenvalue, to within 3 %",
    np.abs(limits / predicted - 1).max() < 0.03,
)
claim(
    "the steps follow the condition number: "
    "their ratio varies by less than a third",
    ratio.max() / ratio.min() < 4 / 3,
)

# %% [markdown]
# Close to the limit the steep axis swings from side to side, so for nearly round bowls the larger rate takes more steps. In a long
# valley it is the better one. And with all the features at once?

# %%
full = {"as measured": X, "scaled only": X / std, "standardized": Z}
for name, P in full.items():
    limit = 2 / np.linalg.eigvalsh(P.T @ P / len(P))[-1]
    # a thousandth of the first gradient
    tol = 1e-3 * np.linalg.norm(P.T @ target / len(P))
    count = gd_steps(P, target, limit / 2, tol, 5000)
    told = f"{count} steps" if count < 5000 else "not there after 5000 steps"
    print(
        f"all 30 features, {name:<12}: largest stable rate "
        f"{limit:.7f}, {told}"
    )

# %% [markdown]
# Even standardized, thirty features leave a long valley: radius, perimeter and area say nearly the same. Standardizing takes away scale and mean. It cannot take away
# **correlation**; for that, there are optimisers that remember (lesson 12).
#
# **Explore.** On the left two features as they are, on the right standardized. First move the means alone, then the scale
# alone, then the correlation. Which of them does the right side notice?

# %%
valley_before_and_after()

# %% [markdown]
# ## A network on real data
#
# A network is no bowl, but its first layer meets the same inputs, and large ones also drive its units into their flat ends.
# One hidden layer of 16 tanh units, 30 epochs of mini-batches, and each learning rate gets five runs.


# %%
def sets(seed):
    """Training and dev set as measured, and both standardized with the
    training set's statistics."""
    train, dev = shuffle_split(X, y, (0.7, 0.3), np.random.default_rng(seed))
    statistics = fit_standardizer(train[0])
    scaled = [
        (standardize(part, *statistics), labels)
        for part, labels in (train, dev)
    ]
    return {"as measured": (train, dev), "standardized": scaled}


def trained(train, seed, lr=0.1):
    network = dense_network([30, 16, 2], activation="tanh", rng=seed)
    fit(
        network,
        *train,
        SGD(lr),
        epochs=30,
        batch_size=32,
        rng=seed,
        measure=False,
    )
    return network


def dev_accuracy(way, lr, seed):
    train, dev = sets(seed)[way]
    return trained(train, seed, lr).accuracy(*dev)


# %%
rates = [0.0001, 0.001, 0.01, 0.1, 1.0]
accuracies = {
    way: np.array(
        [[dev_accuracy(way, lr, seed) for seed in range(5)] for lr in rates]
    )
    for way in ("as measured", "standardized")
}
plots.learning_rates(rates, accuracies)
by_rate = zip(rates, accuracies["standardized"].mean(axis=1), strict=True)
print("standardized:", ", ".join(f"{lr:g}: {a:.0%}" for lr, a in by_rate))
low, high = np.round(
    np.sort(accuracies["as measured"].mean(axis=1))[[0, -1]], 1
)
print(
    f"as measured:  about {low:.0%} to {high:.0%}, whatever the learning rate"
)
always = np.mean(
    [np.mean(sets(seed)["as measured"][1][1]) for seed in range(5)]
)
print(f"who always says benign is right in {always:.0%}")

# %%
raw, scaled = (runs.mean(axis=1) for runs in accuracies.values())
claim(
    "standardized, some learning rate gives over 95 % on dev; as measured, "
    "none gets to 85 %",
    scaled.max() > 0.95 and raw.max() < 0.85,
)
claim(
    "standardized, learning rates from 0.01 to 1 all give over 93 %",
    scaled[2:].min() > 0.93,
)

# %% [markdown]
# ## Whose statistics?
#
# Training inputs are scaled by training statistics. And a dev set? By **the same numbers**. They are a part of the model, as its
# weights are. It is tempting to fit a standardizer to the dev or test set as well, since it looks tidy. But then the scaled values of one patient depend on who else is in
# the set: information leaks from example to example.
#
# Watch four patients, each in 40 batches of 10, together with nine others drawn at random.

# %%
train, dev = sets(0)["as measured"]
statistics = fit_standardizer(train[0])
network = trained(sets(0)["standardized"][0], 0)
rng = np.random.default_rng(0)
chosen = [
    np.flatnonzero(dev[1] == label)[k] for label in (0, 1) for k in (0, 1)
]


def probabilities(patient, statistics_of):
    """The patient's probability of benign, in 40 batches of 10."""
    answers = []
    for _ in range(40):
        others = rng.choice(
            np.delete(np.arange(len(dev[0])), patient), 9, replace=False
        )
        batch = dev[0][[patient, *others]]
        scaled = standardize(batch, *statistics_of(batch))
        answers.append(network.predict_proba(scaled)[0, 1])
    return answers


# %%
by_training = "the training set's statistics"
by_batch = "those of its own batch"
ways = {by_training: lambda batch: statistics, by_batch: fit_standardizer}
answers = {
    name: np.array([probabilities(patient, way) for patient in chosen])
    for name, way in ways.items()
}
diagnoses = [
    f"{i + 1} ({data.class_names[dev[1][p]]})" for i, p in enumerate(chosen)
]
plots.predictions(answers, diagnoses)
ranges = {
    name: np.ptp(values, axis=1).max() for name, values in answers.items()
}
for name, width in ranges.items():
    print(
        f"with {name:<30} one patient's probability varies by "
        f"up to {width:.2f}"
    )

# %%
claim(
    "by training statistics a patient's prediction is the "
    "same in any company",
    ranges[by_training] < 1e-9,
)
claim(
    "by statistics of the batch it depends on the others, "
    "by over 0.5 for one of the four",
    ranges[by_batch] > 0.5,
)

# %% [markdown]
# Now a clinic that sends you the severe cases only: a test set of malignant tumours. And one patient alone.


# %%
def accuracies_of_a_clinic(seed):
    """On all of dev and on its malignant tumours: by training statistics,
    and by its own."""
    (X_train, _), (X_dev, y_dev) = sets(seed)["as measured"]
    network = trained(sets(seed)["standardized"][0], seed)
    for part in (y_dev >= 0, y_dev == 0):
        sent, labels = X_dev[part], y_dev[part]
        for source in (X_train, sent):
            yield network.accuracy(
                standardize(sent, *fit_standardizer(source)), labels
            )


# %%
runs = np.array([list(accuracies_of_a_clinic(seed)) for seed in range(5)])
runs = runs.reshape(5, 2, 2)  # (runs, what was sent, whose statistics)
sent = ["all of dev", "malignant only"]
plots.runs_compared(
    {
        name: {"training statistics": runs[:, i, 0], "its own": runs[:, i, 1]}
        for i, name in enumerate(sent)
    },
    "Scaled by itself, a test set of severe cases looks like any other",
    "what was sent",
)
for i, name in enumerate(sent):
    by_train, by_own = runs[:, i].mean(axis=0)
    print(
        f"{name:<15} training statistics {by_train:.0%}, its own {by_own:.0%}"
    )
one = dev[0][:1]
alone = standardize(one, *fit_standardizer(one))
print(
    "one patient, scaled alone: all features become "
    f"{np.abs(alone).max():.0f}"
)
claim(
    "a test set of one kind, scaled by itself, "
    "loses over 15 points in each of 5 runs",
    (runs[:, 1, 0] - runs[:, 1, 1] > 0.15).all(),
)

# %% [markdown]
# Where dev is a large sample of the same kind as training, both ways give nearly the same, which is why the mistake goes unnoticed. It shows
# as soon as the test set is small, or different. The rule is short: **fit on the training set, then transform everything**, and in
# cross-validation fit anew in each fold.

# %% [markdown]
# ## The same in Keras
#
# Keras has it as a layer, `Normalization`: `adapt` measures, calling the layer transforms. The statistics become weights of the model, which is where
# they belong. It computes in single precision, and it treats a constant feature in its own way: it divides by $10^{-7}$ at least, not by 1.

# %%
import keras

layer = keras.layers.Normalization()
layer.adapt(train[0])
ours = standardize(dev[0], *statistics)
apart = np.abs(np.array(layer(dev[0])) - ours).max()
print(
    f"Keras and ours on dev: values up to {np.abs(ours).max():.0f}, "
    f"apart by {apart:.4f}"
)

constant = np.column_stack([train[0][:, 0], np.full(len(train[0]), 0.5)])
new = np.array([[14.0, 0.501]])  # the constant has changed a little
layer = keras.layers.Normalization()
layer.adapt(constant)
in_keras = float(np.array(layer(new))[0, 1])
in_ours = standardize(new, *fit_standardizer(constant))[0, 1]
print(
    f"a constant 0.5 that becomes 0.501: ours {in_ours:.3f}, "
    f"Keras {in_keras:,.0f}"
)

# %%
claim("Keras' Normalization agrees with yours to 0.001", apart < 1e-3)
claim(
    "a constant feature that changes later explodes in Keras, "
    "and stays small in ours",
    in_keras > 1000 and abs(in_ours) < 0.01,
)

# %% [markdown]
# So drop constant features before you use that layer. In scikit-learn the same is `StandardScaler`, whose convention for constants is ours.
#
# ## Quiz

# %% tags=["quiz"]
which_statistics

# %% tags=["quiz"]
why_it_is_slow

# %% tags=["quiz"]
what_centring_does

# %% tags=["quiz"]
when_it_is_harmless

# %% [markdown]
# ## Papers to read
#
# - Y. LeCun, I. Kanter and S. A. Solla (1991), *Eigenvalues of covariance matrices: application to neural-network learning*, Physical Review Letters 66.
#   The valley of this lesson, worked out: why centring removes the largest eigenvalue.
# - Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller (1998), *Efficient BackProp*, in Neural Networks: Tricks of the Trade. Section 4.3 is on normalizing inputs; the rest is worth as much.
# - S. Kaufman, S. Rosset, C. Perlich and O. Stitelman (2012), *Leakage in data mining: formulation, detection, and avoidance*, ACM TKDD 6. How test data creep into training, and how to keep them out.
# - W. N. Street, W. H. Wolberg and O. L. Mangasarian (1993), *Nuclear feature extraction for breast tumor diagnosis*, IS&T/SPIE. Where these 30 features come from.

# %% [markdown]
# ## What you can do now
#
# Gradient descent cares about units because the steepest direction limits the learning rate and the flattest one pays; you have seen the steps grow in proportion to the
# condition number, and both fall when means and scales are taken out. You fit on the training set and transform everything with it, for you have
# seen a test set that was scaled by itself go wrong. Next: [lesson 07](07_initialization.ipynb), the scale of the weights.
