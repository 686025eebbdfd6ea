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
# One column of your data is in millimetres, another in square millimetres, a third is a fraction. Why does gradient descent care about
# units at all? And what must you do about it, on training, dev and test set, and for the patient who comes tomorrow?
#
# **Takes** about 90 minutes · **Before this** lessons 01 (data splits) and 02
#
# **You will**
# - standardize data with the training set's statistics, constant features included,
# - measure the valley that gradient descent walks in by one number, the condition number, and see the steps follow it,
# - derive whitening, which takes away correlation too, and see why nobody whitens pictures,
# - repair a service that gives a patient other answers in other company.

# %%
import numpy as np
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.data import breast_cancer, digits
from nnutils.lessons.input_normalization import plots
from nnutils.lessons.input_normalization.explorer import (
    valley_before_and_after,
)
from nnutils.lessons.input_normalization.given import (
    at_best_rate,
    in_company,
    race,
    shares_above,
)
from nnutils.network import dense_network
from nnutils.optimizers import SGD, Adam
from nnutils.splits import shuffle_split
from nnutils.training import fit

# %% [markdown]
# ## Thirty scales
#
# The data are measurements of cell nuclei from breast tumours, such as their radius, area and smoothness. The
# question is whether the tumour is benign.

# %%
data = breast_cancer()
X, y = data.X, data.y
print(f"{X.shape[0]} patients, {X.shape[1]} features")
for name in ("mean radius", "mean texture", "mean area", "mean smoothness"):
    column = X[:, data.feature_names.index(name)]
    print(f"{name:<16} mean {column.mean():7.2f}, std {column.std():7.3f}")
spread = X.std(axis=0)
times = spread.max() / spread.min()
print(f"the largest std is {times:,.0f} times the smallest")

# %% [markdown]
# To **standardize** is to give every feature mean 0 and standard deviation 1. First measure both, feature by feature, over the $m$ examples:
#
# $$\mu_j = \frac1m \sum_i x_{ij} \qquad \sigma_j = \sqrt{\frac1m \sum_i (x_{ij} - \mu_j)^2}$$
#
# A feature that never changes has $\sigma_j = 0$, and 0 divided by 0 is not a number. Such a feature carries no information; let its $\sigma_j$ be 1.
# Rounding can make its std tiny instead of 0, so ask whether its largest and its smallest value are equal.
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
def standardized(X):
    return standardize(X, *fit_standardizer(X))


Z = standardized(X)
plots.scales(X[:, :10], Z[:, :10], data.feature_names[:10])
with_constant = np.column_stack([X[:, :2], np.full(len(X), 0.1)])
third = standardized(with_constant)[:, 2]
print(f"a constant feature becomes {np.abs(third).max():.1f}")

# %% [markdown]
# The figure shows the first ten features. On the right all have one scale, but not one form: area reaches further to the right
# than to the left. It is **skewed**; we come back to it.
#
# ## The shape of the valley
#
# Take the simplest model, $\hat y = X\theta$, with the squared error. Its cost is a bowl, and the matrix of its second derivatives
# says how sharply it curves in each direction:
#
# $$J(\theta) = \frac{1}{2m} \lVert X\theta - y \rVert^2 \qquad H = \frac1m X^\top X$$
#
# The eigenvalues of $H$ are the curvatures along the axes of the bowl. (They are called $\lambda$, too, and have nothing to do with the strength
# of a penalty.) The ratio of the largest to the smallest is the **condition number**. If it is 1, the bowl is round. If it is 100, the bowl is a valley,
# ten times as long as wide.
#
# $$\kappa = \frac{\lambda_\text{max}}{\lambda_\text{min}}$$
#
# **Your task.** Return it for the data as they are given, without centring them.

# %% tags=["exercise"]
condition_number

# %% [markdown]
# Look again at radius and texture in the list above, then guess.

# %% tags=["predict"]
what_rounds_it


# %%
def pair(*names):
    return X[:, [data.feature_names.index(name) for name in names]]


texture = pair("mean radius", "mean texture")
smooth = pair("mean radius", "mean smoothness")
before = {"radius, texture": texture, "radius, smoothness": smooth}
plots.valleys(before, {name: standardized(P) for name, P in before.items()})
for name, P in before.items():
    centre, scale = fit_standardizer(P)
    ways = {"as it is": P, "scaled": P / scale, "centred": P - centre}
    ways["both"] = standardized(P)
    told = [f"{way} {condition_number(Q):,.1f}" for way, Q in ways.items()]
    print(f"{name}:\n  {', '.join(told)}")

# %%
centred = texture - texture.mean(axis=0)
scaled = texture / texture.std(axis=0)
enough = [condition_number(P) < 3 for P in (centred, scaled)]
measured("what_rounds_it", "a" if enough[0] else "b" if enough[1] else "c")
claim(
    "radius and texture: centring alone makes kappa smaller than 3",
    condition_number(centred),
    below=3,
)
claim(
    "radius and texture: scaling alone leaves kappa above 50",
    condition_number(scaled),
    above=50,
)
claim(
    "standardized, the worse of the two pairs has a kappa below 2",
    max(condition_number(standardized(P)) for P in (texture, smooth)),
    below=2,
)

# %% [markdown]
# Radius and texture have nearly one scale. But their *means* are large, so the two columns are nearly parallel: the error grows fast if both weights
# grow together, and slowly if one grows and the other shrinks. Centring mends that. The other pair also differs in scale, and needs both.
#
# ## What gradient descent makes of it
#
# Along an axis with curvature $\lambda$, a step multiplies the distance to the minimum by $1 - \alpha\lambda$. That diverges once $\alpha > 2/\lambda$,
# so the steepest axis sets the limit. Along the flattest axis, a step of that size takes away only a share of about $1/\kappa$, so the
# number of steps grows with $\kappa$:
#
# $$\alpha < \frac{2}{\lambda_\text{max}}, \qquad\qquad \text{steps} \approx \kappa \cdot \text{const}$$
#
# **Your task.** Run gradient descent from $\theta = 0$ with the gradient $\frac1m X^\top (X\theta - y)$. Return how many updates it makes until the norm
# of the gradient is below `tol`.

# %% tags=["exercise"]
gd_steps

# %% [markdown]
# Now an experiment. Take the standardized radius and smoothness, and stretch the second feature, up to 20 times, as if it came in other units.
# Each time, find the largest learning rate that converges (by halving an interval), and compare it with the limit of the formula. Then
# count the steps at half the limit and at 0.9 times the limit.


# %%
def largest_stable(P, target, low=0.002, high=4.0):
    """The largest learning rate that converges within 5000 steps."""
    for _ in range(11):
        middle = np.sqrt(low * high)
        with np.errstate(all="ignore"):  # too large a rate ends in inf
            arrived = gd_steps(P, target, middle, 1e-2, 5000) < 5000
        low, high = (middle, high) if arrived else (low, middle)
    return low


def limit(P):
    return 2 / np.linalg.eigvalsh(P.T @ P / len(P))[-1]


benign = np.where(y == 1, 1.0, -1.0)
target = benign - benign.mean()
stretched = [standardized(smooth) * [1, c] for c in (1.5, 2, 3, 5, 10, 20)]
kappas = [condition_number(P) for P in stretched]
predicted = np.array([limit(P) for P in stretched])
limits = np.array([largest_stable(P, target) for P in stretched])
steps = {
    f"{share} times the limit": [
        gd_steps(P, target, share * limit(P), 1e-4, 20_000) for P in stretched
    ]
    for share in (0.5, 0.9)
}
plots.limits_and_steps(kappas, limits, predicted, steps)

# %%
ratio = np.array(steps["0.5 times the limit"]) / kappas
claim(
    "the largest stable rate is 2 over the largest eigenvalue, to within 3 %",
    np.abs(limits / predicted - 1).max(),
    below=0.03,
    form=".1%",
)
claim(
    "the steps follow the condition number: the largest ratio of the two "
    "is less than 4/3 of the smallest",
    ratio.max() / ratio.min(),
    below=4 / 3,
    form=".2f",
)

# %% [markdown]
# Close to the limit the steep axis swings from side to side, so in nearly round bowls the larger rate takes more steps. In a long
# valley it takes fewer.
#
# ## A network on real data
#
# A network is no bowl, but its first layer meets the same inputs. Large inputs also drive its units into their flat ends, where the gradient
# is nearly 0. To tell the two reasons apart, we train two models: one with a hidden layer of 16 tanh units, and one without a hidden layer, which has no
# flat ends. Nine learning rates, five runs for each.


# %%
def sets(seed, features=slice(None)):
    """Training and dev set, 70 and 30 %."""
    rng = np.random.default_rng(seed)
    return shuffle_split(X[:, features], y, (0.7, 0.3), rng)


def scaled_alike(train, dev):
    """Both standardized, with the training set's statistics."""
    statistics = fit_standardizer(train[0])
    return [
        (standardize(P, *statistics), labels) for P, labels in (train, dev)
    ]


def trained(train, optimizer, hidden, seed, epochs=30):
    sizes = [train[0].shape[1], *hidden, 1 + train[1].max()]
    network = dense_network(sizes, activation="tanh", rng=seed)
    settings = {"epochs": epochs, "batch_size": 32, "measure": False}
    with np.errstate(all="ignore"):  # some rates are far too large
        fit(network, *train, optimizer, rng=seed, **settings)
    return network


def dev_accuracy(scale, hidden, optimizer, seed):
    train, dev = scale(*sets(seed))
    return trained(train, optimizer, hidden, seed).accuracy(*dev)


# %%
rates = [10.0**k for k in range(-6, 3)]
ways = {"as measured": lambda *parts: parts, "standardized": scaled_alike}
models = {"16 hidden units": [16], "no hidden layer": []}


def accuracies(way, model, optimizer, rates):
    """Dev accuracies, (rates, 5 seeds)."""
    settings = ways[way], models[model]
    return np.array(
        [
            [dev_accuracy(*settings, optimizer(lr), s) for s in range(5)]
            for lr in rates
        ]
    )


found = {
    (way, model): accuracies(way, model, SGD, rates)
    for way in ways
    for model in models
}
plots.learning_rates(rates, found)
best = {key: runs.mean(axis=1).max() for key, runs in found.items()}
by_adam = accuracies("as measured", "16 hidden units", Adam, rates[2:7])
adam = by_adam.mean(axis=1).max()

# %%
claim(
    "standardized, 16 hidden units reach over 95 % at the best rate",
    best["standardized", "16 hidden units"],
    above=0.95,
    form=".1%",
)
claim(
    "as measured, no rate of gradient descent brings them to 85 %",
    best["as measured", "16 hidden units"],
    below=0.85,
    form=".0%",
)
claim(
    "as measured, Adam's best rate stays over 5 points behind",
    best["standardized", "16 hidden units"] - adam,
    above=0.05,
    form=".0%",
)
claim(
    "without a hidden layer, scaling alone is worth over 5 points",
    best["standardized", "no hidden layer"]
    - best["as measured", "no hidden layer"],
    above=0.05,
    form=".0%",
)


def in_flat_ends(way):
    """Share of tanh values beyond 0.99 in size, at the best rate."""
    lr, shares = (
        rates[found[way, "16 hidden units"].mean(axis=1).argmax()],
        [],
    )
    for seed in range(5):
        train, (B, _) = ways[way](*sets(seed))
        network = trained(train, SGD(lr), [16], seed)
        hidden = np.tanh(B @ network.weights[0] + network.biases[0])
        shares.append(np.mean(np.abs(hidden) > 0.99))
    return np.mean(shares)


for way in ways:
    print(f"{way}, hidden values in the flat ends: {in_flat_ends(way):.0%}")

# %% [markdown]
# The model without a hidden layer suffers from the valley alone. The network suffers more: nearly all values of its units lie in the flat ends, and no learning
# rate of gradient descent helps. Adam (lesson 12) helps a little.
#
# ## What scaling leaves: correlation
#
# Back to the bowl, now with all 30 features. Radius, perimeter and area say nearly the same, so their columns are nearly parallel,
# whatever their scale. Standardizing takes away scale and mean. It cannot take away **correlation**. What can is
# a map that mixes the features. It is called **whitening**:
#
# $$x \mapsto (x - \mu)\, W \quad\text{so that the new features have covariance } I$$
#
# The identity $I$ says two things: each new feature has variance 1, and no two of them are correlated.
#
# **Your task.** Find such a $W$. No formula is given: begin with the covariance of $(X - \mu) W$, and ask what $W$ must do along each axis of
# the data. `np.linalg.eigh` gives these axes.

# %% tags=["exercise"]
whiten


# %%
def whitened(X):
    mean, W = whiten(X)
    return (X - mean) @ W


for name, P in {
    "as measured": X,
    "scaled only": X / X.std(axis=0),
    "standardized": Z,
    "whitened": whitened(X),
}.items():
    tol = 1e-3 * np.linalg.norm(P.T @ target / len(P))
    count = gd_steps(P, target, limit(P) / 2, tol, 5000)
    told = f"{count}" if count < 5000 else "over 5000"
    print(f"{name:<13} kappa {condition_number(P):10.3g}, steps: {told}")
claim(
    "whitened, the condition number of all 30 features is 1",
    condition_number(whitened(X)),
    between=(1, 1.001),
)
claim(
    "and gradient descent needs one step",
    gd_steps(whitened(X), target, 1.0, 1e-3, 5000),
    equal=1,
)

# %% [markdown]
# **Can an optimiser do the same?** Two that you will meet in lesson 12 are said to help in long valleys. *Momentum* averages the last gradients. *Adam* does so too, and also divides the
# step of each weight by the size of that weight's own gradients; we try this *rescaling* alone as well. To see what each can do, we compare three forms of the same 30 features:
#
# - **standardized**: all scales are 1, so the valley comes from correlation alone. It lies across the weights.
# - **turned**: the same data, turned so that the axes of the valley lie along the weights. Now nothing is correlated, and the same valley comes
#   from scale alone.
# - **whitened**: no valley.
#
# Each method gets the learning rate that was first most often on three other splits. We count its steps until the cost, counted from its minimum, has fallen to a thousandth.

# %% tags=["predict"]
who_notices


# %%
def three_forms(seed):
    """Training set in three forms: name → (inputs, target)."""
    inputs, labels = sets(seed)[0]
    inputs = standardized(inputs)
    axes = np.linalg.eigh(inputs.T @ inputs)[1]
    target = np.where(labels == 1, 1.0, -1.0) - np.mean(2.0 * labels - 1)
    return {
        "standardized": (inputs, target),
        "turned": (inputs @ axes, target),
        "whitened": (whitened(inputs), target),
    }


tried = [three_forms(seed) for seed in (10, 11, 12)]
splits = [three_forms(seed) for seed in range(6)]
methods = ("gradient descent", "momentum", "rescaling", "Adam")
race_steps = {method: {} for method in methods}
for method in methods:
    for form in splits[0]:
        chosen_on = [forms[form] for forms in tried]
        runs = [forms[form] for forms in splits]
        race_steps[method][form], _ = race(method, chosen_on, runs)
plots.steps_of_methods(race_steps)
median = {
    method: {form: np.median(runs) for form, runs in of.items()}
    for method, of in race_steps.items()
}

# %%
gain = {m: of["standardized"] / of["turned"] for m, of in median.items()}
lettered = {"a": "gradient descent", "b": "momentum", "c": "Adam"}
helped = "".join(k for k, method in lettered.items() if gain[method] > 2)
measured("who_notices", {"": "e", "abc": "d"}.get(helped, helped))
claim(
    "turned, gradient descent and momentum need as many steps as before",
    max(gain["gradient descent"], gain["momentum"]),
    between=(0.99, 1.01),
)
claim(
    "turned, rescaling alone is over 20 times as fast as before",
    gain["rescaling"],
    above=20,
)
claim(
    "standardized, it is no faster than gradient descent: ratio of steps",
    median["rescaling"]["standardized"]
    / median["gradient descent"]["standardized"],
    above=0.9,
)
claim(
    "standardized, momentum is over 10 times as fast as gradient descent",
    median["gradient descent"]["standardized"]
    / median["momentum"]["standardized"],
    above=10,
)
claim(
    "turned, Adam is over 5 times as fast as before",
    gain["Adam"],
    above=5,
)

# %% [markdown]
# So three things are to be told apart. **Momentum** shortens every long valley, whatever its cause: its steps go with $\sqrt\kappa$ instead of $\kappa$ (lesson 12).
# **Rescaling** each weight cures a valley that comes from scales, as standardizing does, and does nothing for one that lies across the weights. **Adam** is both in one: rescaling, and
# some momentum. None of them takes correlation away. **Whitening** does. Optimisers that come near to it keep a whole matrix for the weights of a layer, instead of one number for each
# weight: Newton's method, K-FAC, Shampoo, and in spirit Muon (lesson 13).
#
# **Explore.** Two features, as they are, standardized, and whitened. First move the means alone, then the scale
# alone, then the correlation. Which picture notices which?

# %%
valley_before_and_after()

# %% [markdown]
# ## Why nobody whitens pictures
#
# If whitening makes every valley round, why is it not done always? Look at what it does to data with 64 features, small pictures of digits. Many
# directions of such data hardly vary. Whitening gives all of them variance 1, so it **amplifies** whatever is there, and in the flattest directions that is noise.
#
# We train on 400 digits: with pixels as stored, from 0 to 255; divided by 255; standardized pixel by pixel; and whitened. The control is whitening with 0.01
# added to each variance, so that no direction is amplified more than ten times. Each way has its own learning rate, chosen on other splits.

# %% tags=["predict"]
who_bears_noise

# %%
pictures, digit = digits()  # from 0 to 1


def digit_sets(seed):
    """400 training digits, 600 for dev, and dev with noise of 5 %.
    Pixels that hold ink in fewer than 2 training digits are left out."""
    rng = np.random.default_rng(seed)
    parts = (400 / 1797, 600 / 1797, 797 / 1797)
    (A, a), (B, b), _ = shuffle_split(pictures, digit, parts, rng)
    inked = (A > 0).sum(axis=0) >= 2
    A, B = A[:, inked], B[:, inked]
    return A, a, B, b, B + 0.05 * rng.normal(size=B.shape)


def scalings(A):
    """The five ways, each fitted on the training pictures A."""
    statistics = fit_standardizer(A)
    mean, W = whiten(A)
    variances, axes = np.linalg.eigh(np.cov(A.T, bias=True))
    return {
        "0 to 255": lambda P: 255 * P,
        "divided": lambda P: P,
        "standardized": lambda P: standardize(P, *statistics),
        "whitened": lambda P: (P - mean) @ W,
        "whitened + 0.01": lambda P: (
            (P - mean) @ (axes / np.sqrt(variances + 0.01))
        ),
    }


def clean_and_noisy(way, lr, seed):
    A, a, B, b, noisy = digit_sets(seed)
    scale = scalings(A)[way]
    network = trained((scale(A), a), SGD(lr), [64], seed, epochs=40)
    return network.accuracy(scale(B), b), network.accuracy(scale(noisy), b)


# %%
on_digits = {}
for way in scalings(digit_sets(0)[0]):
    rates = (
        [1e-4, 1e-3, 0.01, 0.1] if way == "0 to 255" else [0.03, 0.3, 3, 30]
    )
    lr, on_digits[way] = at_best_rate(
        lambda lr, seed, way=way: clean_and_noisy(way, lr, seed),
        rates,
        chosen_on=(10, 11),
        seeds=range(4),
    )
    print(f"{way:<16} rate {lr}, tried {rates}")
plots.runs_compared(
    {
        way: {"clean": runs[:, 0], "with noise": runs[:, 1]}
        for way, runs in on_digits.items()
    },
    "A little noise is amplified by standardizing pixels, more by whitening",
    "how the pixels are scaled",
)

# %%
lost = {
    way: 100 * (runs[:, 0] - runs[:, 1]).mean()
    for way, runs in on_digits.items()
}
measured(
    "who_bears_noise",
    sorted(("divided", "standardized", "whitened"), key=lost.get),
)
claim(
    "divided by 255, noise costs less than 3 points",
    lost["divided"],
    below=3,
    form=".1f",
)
claim(
    "standardized pixel by pixel, it costs over 5 points",
    lost["standardized"],
    above=5,
    form=".1f",
)
claim(
    "whitened, it costs over 15 points",
    lost["whitened"],
    above=15,
    form=".1f",
)
claim(
    "where no direction is amplified more than ten times, whitening loses "
    "less than 5 points",
    lost["whitened + 0.01"],
    below=5,
    form=".1f",
)

# %% [markdown]
# The control names the cause: it is whitening all the same, with the large factors left out. Standardizing single pixels has the same fault in small, because pixels near the border
# hardly vary. So the usual way for pictures is one scale for all pixels, known before any data are seen: **divide by 255**, or subtract one mean and divide by one std for each
# *colour*. A network that somebody else has trained needs the scaling that it was trained with (lesson 18).
#
# ## Skewed features and wrong entries
#
# Mean and standard deviation are not the only pair. Common ones are smallest value and range (**min-max scaling**), and median and interquartile range (**robust scaling**).
# Positive and skewed features, as sizes and prices, are often better as **logarithms** first. We try all on the ten features whose names end in "error", the most skewed ones, without a
# hidden layer. Then we do it again after someone has typed one wrong entry into each training column, 1 000 times too large.

# %%
scales = {
    "mean, std": (lambda P: P, fit_standardizer),
    "min, range": (
        lambda P: P,
        lambda A: (A.min(axis=0), np.ptp(A, axis=0)),
    ),
    "median, IQR": (
        lambda P: P,
        lambda A: (
            np.median(A, axis=0),
            np.subtract(*np.percentile(A, [75, 25], axis=0)),
        ),
    ),
    "log, mean, std": (lambda P: np.log(P + 0.001), fit_standardizer),
}


def accuracy_of(way, wrong_entries, lr, seed):
    (A, a), (B, b) = sets(seed, slice(10, 20))
    if wrong_entries:
        A = A.copy()
        rows = np.random.default_rng(seed).integers(len(A), size=10)
        A[rows, range(10)] *= 1000
    change, measure = scales[way]
    A, B = change(A), change(B)
    centre, width = measure(A)
    network = trained(((A - centre) / width, a), SGD(lr), [], seed)
    return network.accuracy((B - centre) / width, b)


# %%
skewed = {way: {} for way in scales}
for way in scales:
    for case, wrong in (("as measured", False), ("wrong entries", True)):
        lr, skewed[way][case] = at_best_rate(
            lambda lr, seed, way=way, wrong=wrong: accuracy_of(
                way, wrong, lr, seed
            ),
            [0.001, 0.01, 0.1, 1, 10, 100],
            chosen_on=(10, 11),
            seeds=range(10),
        )
plots.runs_compared(
    skewed, "Wrong entries spoil every scaling but the logarithm", "scaled by"
)
mean = {
    way: {case: 100 * runs.mean() for case, runs in of.items()}
    for way, of in skewed.items()
}
farthest = {
    "mean, std": np.abs(standardized(X[:, 10:20])).max(),
    "log, mean, std": np.abs(standardized(np.log(X[:, 10:20] + 0.001))).max(),
}
claim(
    "on these features the largest value lies over 10 stds from the mean",
    farthest["mean, std"],
    above=10,
)
claim(
    "of the logarithms none lies as far as 6 stds from the mean",
    farthest["log, mean, std"],
    below=6,
)
spoiled = 100 * skewed["mean, std"]["wrong entries"]
claim(
    "ten wrong entries cost mean and std over 10 points in 7 of 10 runs",
    spoiled < mean["mean, std"]["as measured"] - 10,
    at_least=7,
)
claim(
    "they cost the logarithm less than 5 points",
    mean["log, mean, std"]["as measured"]
    - mean["log, mean, std"]["wrong entries"],
    below=5,
    form=".1f",
)

# %% [markdown]
# As measured, the ways differ by a few points. One huge entry makes the std of its feature huge, and all true values nearly equal. Robust statistics do not notice it, but the entry itself
# stays, with a gradient as large as itself. The logarithm brings it near the others. Look at your data before you choose.
#
# ## When scaling does not matter
#
# "Always standardize, it never harms" is nearly right. It changes nothing for learners that do not measure distances or take steps: a decision tree, or least squares that is
# solved exactly. (With a solver that takes steps, scale the targets of a regression, too.) It may harm where the scale carries meaning, as with pixels. And to centre a table that is mostly zeros, such as one-hot columns, fills it with numbers and makes it slow.


# %%
def solved(A, a, B, b):
    """Accuracy of least squares with a bias, solved exactly."""
    A, B = (np.column_stack([P, np.ones(len(P))]) for P in (A, B))
    theta = np.linalg.lstsq(A, 2.0 * a - 1, rcond=1e-14)[0]
    return np.mean((B @ theta > 0) == b)


learners = {
    "decision tree": lambda A, a, B, b: (
        DecisionTreeClassifier(random_state=0).fit(A, a).score(B, b)
    ),
    "least squares, solved": solved,
    "nearest neighbour": lambda A, a, B, b: (
        KNeighborsClassifier(1).fit(A, a).score(B, b)
    ),
}
changes = {name: [] for name in learners}
for seed in range(10):
    raw = [part for data in sets(seed) for part in data]
    scaled = [part for data in scaled_alike(*sets(seed)) for part in data]
    for name, learn in learners.items():
        changes[name].append(100 * (learn(*scaled) - learn(*raw)))
for name, change in changes.items():
    print(f"{name:<22} changes by {np.mean(change):+.1f} points")
digit_runs = []
for seed in range(10):
    A, a, B, b, _ = digit_sets(seed)
    ways = scalings(A)
    near = [
        KNeighborsClassifier(1).fit(ways[way](A), a).score(ways[way](B), b)
        for way in ("divided", "standardized")
    ]
    digit_runs.append(100 * (near[1] - near[0]))
print(f"the last, on digits    changes by {np.mean(digit_runs):+.1f} points")
claim(
    "tree and solved least squares: the mean change is at most 0.5 points",
    max(abs(np.mean(changes[name])) for name in list(learners)[:2]),
    at_most=0.5,
    form=".1f",
)
claim(
    "nearest neighbours gain over 1 point on the tumours",
    np.mean(changes["nearest neighbour"]),
    above=1,
    form=".1f",
)
claim(
    "and lose over 1 point on the digits, whose scale means something",
    -np.mean(digit_runs),
    above=1,
    form=".1f",
)

# %% [markdown]
# ## Whose statistics?
#
# Training inputs are scaled by training statistics. And a dev set, or a new patient? By **the same numbers**. They are a part of the model, as its
# weights are. It is tempting to fit a standardizer to the new data as well, since that looks tidy. But then the numbers of one patient depend on who else is in
# the batch.

# %% tags=["predict"]
share_that_moves


# %%
def moves(seed, size, whose):
    """How far each dev patient's probability moves in 20 batches."""
    train, (B, _) = sets(seed)
    network = trained(scaled_alike(*sets(seed))[0], SGD(0.1), [16], seed)
    rng, far = np.random.default_rng(seed), []
    for patient in range(len(B)):
        answers = []
        for batch in in_company(B, patient, size - 1, 20, rng):
            known = train[0] if whose == "training set" else batch
            scaled = standardize(batch[:1], *fit_standardizer(known))
            answers.append(network.predict_proba(scaled)[0, 1])
        far.append(np.ptp(answers))
    return np.array(far)


edges = np.linspace(0, 1, 101)
shares = {
    f"batch of {size}" if whose == "batch" else whose: np.mean(
        [shares_above(moves(seed, size, whose), edges) for seed in range(3)],
        axis=0,
    )
    for size, whose in (
        (10, "batch"),
        (30, "batch"),
        (100, "batch"),
        (10, "training set"),
    )
}
moved = shares["batch of 10"][50]
guess = measured("share_that_moves", round(100 * moved))
plots.shares_that_move(edges, shares, 0.5, guess)
claim(
    "by the training set's statistics nobody moves by a point",
    shares["training set"][1],
    equal=0.0,
)
claim(
    "in batches of 10, over a fifth of all patients move by more than "
    "50 points",
    moved,
    above=0.2,
    form=".0%",
)
claim(
    "in batches of 100, fewer than a tenth do",
    shares["batch of 100"][50],
    below=0.1,
    form=".0%",
)

# %% [markdown]
# Large batches of the same kind of patients hide the mistake, and so does a large dev set. It shows when the batch is small, or different: think of a clinic that sends
# severe cases only.


# %%
def severe_cases(seed):
    """Accuracy on the malignant tumours of dev: by training statistics,
    and by their own."""
    train, (B, b) = sets(seed)
    network = trained(scaled_alike(*sets(seed))[0], SGD(0.1), [16], seed)
    sent = B[b == 0]
    return [
        network.accuracy(standardize(sent, *fit_standardizer(P)), b[b == 0])
        for P in (train[0], sent)
    ]


by_training, by_own = np.mean([severe_cases(s) for s in range(5)], axis=0)
print(
    f"severe cases: training statistics {by_training:.0%}, own {by_own:.0%}"
)
claim(
    "severe cases, scaled by themselves, lose over 15 points",
    100 * (by_training - by_own),
    above=15,
    form=".1f",
)

# %% [markdown]
# The rule is short: **fit on the training set, then transform everything with it**, and in cross-validation fit anew in each fold.
#
# **Your task.** Below is the code of a service. It runs, and it has several faults. Repair it, so that it does what its docstring says. Its tests found nothing, because the test batch
# was large and came in the usual order.

# %% tags=["exercise"]
serve

# %% [markdown]
# ## The same in Keras
#
# Keras has a layer, `Normalization`: `adapt` measures, calling the layer transforms. The statistics become weights of the model, which is where
# they belong. It computes in single precision, and a constant feature is divided by $10^{-7}$ at least, not by 1. So drop constant features before you use it.
# In scikit-learn the same is `StandardScaler`, whose convention for constants is ours.

# %%
import keras

train, dev = sets(0)
layer = keras.layers.Normalization()
layer.adapt(train[0])
ours = standardize(dev[0], *fit_standardizer(train[0]))
apart = np.abs(np.array(layer(dev[0])) - ours).max()
constant = np.column_stack([train[0][:, 0], np.full(len(train[0]), 0.5)])
new = np.array([[14.0, 0.501]])  # the constant has changed a little
layer = keras.layers.Normalization()
layer.adapt(constant)
in_keras = float(np.array(layer(new))[0, 1])
in_ours = standardize(new, *fit_standardizer(constant))[0, 1]
told = f"ours {in_ours:.3f}, Keras {in_keras:,.0f}"
print(f"a constant 0.5 that becomes 0.501: {told}")
claim("Keras and ours are apart by less than 0.001", apart, below=1e-3)
claim(
    "a constant feature that changes a little exceeds 1000 in Keras",
    in_keras,
    above=1000,
)

# %% [markdown]
# Every recipe of this course begins with inputs of one scale. Layers inside a network drift away from it again; lesson 15, batch normalization, does something about that.
#
# ## Quiz

# %% tags=["quiz"]
which_statistics

# %% tags=["quiz"]
why_it_is_slow

# %% tags=["quiz"]
what_takes_correlation_away

# %% tags=["quiz"]
when_it_is_harmless

# %% [markdown]
# ## Papers to read
#
# - Y. LeCun, I. Kanter and S. A. Solla (1991), *Eigenvalues of covariance matrices: application to neural-network learning*, Physical Review
#   Letters 66, [doi:10.1103/PhysRevLett.66.2396](https://doi.org/10.1103/PhysRevLett.66.2396). The valley of this lesson, worked out: why centring
#   removes the largest eigenvalue.
# - Y. LeCun, L. Bottou, G. B. Orr and K.-R. Müller (1998), *Efficient BackProp*, in Neural Networks: Tricks of the Trade,
#   [doi:10.1007/3-540-49430-8_2](https://doi.org/10.1007/3-540-49430-8_2). Section 4.3 is on normalizing inputs; the rest is worth as much.
# - N. S. Wadia, D. Duckworth, S. S. Schoenholz, E. Dyer and J. Sohl-Dickstein (2021), *Whitening and second order optimization both make
#   information in the dataset unusable during training, and can reduce or prevent generalization*, ICML,
#   [arXiv:2008.07545](https://arxiv.org/abs/2008.07545). What whitening throws away, beside noise.
# - S. Kaufman, S. Rosset, C. Perlich and O. Stitelman (2012), *Leakage in data mining: formulation, detection, and avoidance*, ACM TKDD 6,
#   [doi:10.1145/2382577.2382579](https://doi.org/10.1145/2382577.2382579). How test data creep into training, and how to keep them out.
# - W. N. Street, W. H. Wolberg and O. L. Mangasarian (1993), *Nuclear feature extraction for breast tumor diagnosis*, IS&T/SPIE,
#   [doi:10.1117/12.148698](https://doi.org/10.1117/12.148698). Where these 30 features come from.

# %% [markdown]
# ## What you can do now
#
# Gradient descent cares about units because the steepest direction limits the learning rate and the flattest one pays. You have seen the steps grow in proportion to the
# condition number. Standardizing takes away what means and scales do to it; whitening also takes away correlation, and amplifies noise. You fit on the training set and transform everything
# with it, and have repaired a service that did not. Next: [lesson 07](07_initialization.ipynb), the scale of the weights.
