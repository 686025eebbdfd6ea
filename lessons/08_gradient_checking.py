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
# # Gradient checking
#
# A backward pass with a bug does not crash. The network trains, a little worse than it should, and you look for the cause in
# other places. How do you know that a gradient is right, when the code that computes it is all you have?
#
# **Takes** about 90 minutes · **Before this** lessons 03 (the L2 penalty), 04 (dropout) and 07
#
# **You will**
# - compute a gradient without any backward pass, by differences, and find out how small the nudge may be,
# - derive a check that needs as few evaluations of the cost for ten million parameters as for ten,
# - see four situations in which a check misleads,
# - test a program before you train it,
# - repair a backward pass with three faults, led by your own checker.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.activations import tanh
from nnutils.data import digits
from nnutils.lessons.gradient_checking import plots
from nnutils.lessons.gradient_checking.given import (
    five_programs,
    flatten,
    suspect_gradient,
    unflatten,
)
from nnutils.network import dense_network

X, y = digits()
X = (X - X.mean()) / X.std()
print(f"{len(X)} digits, {X.shape[1]} pixels")

# %% [markdown]
# ## A training that looks right
#
# Somebody has written the gradient of a network with one hidden layer of 16 tanh units. The cost is the mean cross-entropy of 200 digits plus an
# L2 penalty. `suspect_gradient` has three faults. You will see its code at the end. First train with it.

# %% tags=["predict"]
will_it_train

# %%
LAM = 0.2


def small_cost(params, X, y, lam):
    W1, b1, W2, b2 = params
    z2 = np.tanh(X @ W1 + b1) @ W2 + b2
    log_sum = np.log(np.exp(z2).sum(axis=1))
    loss = np.mean(log_sum - z2[np.arange(len(y)), y])
    return loss + lam / (2 * len(y)) * (np.sum(W1**2) + np.sum(W2**2))


def train(gradient, seed):
    """300 steps on 200 digits: (costs, accuracy on the others)."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(y))
    A, a, B, b = (
        X[order[:200]],
        y[order[:200]],
        X[order[200:]],
        y[order[200:]],
    )
    shapes = [(64, 16), (16,), (16, 10), (10,)]
    params, costs = [rng.normal(0, 0.05, shape) for shape in shapes], []
    for _ in range(300):
        costs.append(small_cost(params, A, a, LAM))
        steps = zip(params, gradient(params, A, a, LAM), strict=True)
        params = [value - 0.1 * step for value, step in steps]
    W1, b1, W2, b2 = params
    named = np.argmax(np.tanh(B @ W1 + b1) @ W2 + b2, axis=1)
    return [*costs, small_cost(params, A, a, LAM)], np.mean(named == b)


suspect = [train(suspect_gradient, seed) for seed in range(5)]
first, last = np.mean([[costs[0], costs[-1]] for costs, _ in suspect], axis=0)
dev = np.mean([accuracy for _, accuracy in suspect])
print(f"means of 5 runs: cost {first:.1f} → {last:.1f}, dev {dev:.0%}")
left = last / first
measured("will_it_train", "a" if left > 1 else "c" if left < 1 / 3 else "b")
claim(
    "with three faults the cost falls to less than a third",
    left,
    below=1 / 3,
    form=".2f",
)

# %% [markdown]
# Nothing looks wrong: the cost falls, and most digits of the dev set are read correctly. You cannot see yet what the faults cost.
#
# ## A slope from two points
#
# A derivative says how much $f$ changes if you nudge $w$. So nudge it. There are two ways: look at one side, or at both.
#
# $$\frac{f(w + \varepsilon) - f(w)}{\varepsilon} \qquad\text{or}\qquad \frac{f(w + \varepsilon) - f(w - \varepsilon)}{2\,\varepsilon}$$


# %%
def cube(w):
    return w**3


plots.secants(cube, slope=3.0, at=1.0, eps=0.4)
for eps in (0.4, 0.04, 0.004):
    one = (cube(1 + eps) - cube(1)) / eps
    two = (cube(1 + eps) - cube(1 - eps)) / (2 * eps)
    print(
        f"eps = {eps:<5} one-sided off by {one - 3:.6f}, "
        f"two-sided by {two - 3:.6f}"
    )

# %% [markdown]
# The true slope is 3. With a tenth of $\varepsilon$, the one-sided error falls to about a tenth, the two-sided one to a hundredth. The
# bend of the curve, $f''$, changes $f$ by the same amount on both sides, so the subtraction removes it:
#
# $$f(w \pm \varepsilon) = f \pm \varepsilon f' + \tfrac12 \varepsilon^2 f'' \pm \tfrac16 \varepsilon^3 f''' + \dots$$
#
# $$\Rightarrow\quad \frac{f(w+\varepsilon) - f(w-\varepsilon)}{2\varepsilon} = f' + \tfrac16 \varepsilon^2 f''' + \dots$$
#
# With many parameters, nudge one at a time: the result is the **numerical gradient**. With $e_i$ for the vector that is 1 at entry $i$ and 0 elsewhere,
#
# $$g_i = \frac{f(\theta + \varepsilon e_i) - f(\theta - \varepsilon e_i)}{2\,\varepsilon}$$
#
# **Your task.** Return this gradient. `theta` may have any shape, and may hold whole numbers.

# %% tags=["exercise"]
numerical_gradient

# %%
w = np.array([[1.0, -2.0], [0.5, 3.0]])
print(
    "by differences\n",
    numerical_gradient(lambda w: np.sum(w**3), w, 1e-5).round(4),
)
print("by the formula 3 w²\n", 3 * w**2)

# %% [markdown]
# ## When are two gradients close enough?
#
# Two gradients that differ by 0.001: is that much? It depends on how large they are. So divide by their size:
#
# $$\frac{\lVert a - b \rVert}{\lVert a \rVert + \lVert b \rVert}$$
#
# This **relative error** is 0 for equal gradients and 1 for opposite ones, whatever the unit of the cost. As a rule, for float64 and
# $\varepsilon = 10^{-5}$: below $10^{-7}$ is right, above $10^{-3}$ is wrong, and in between you look closely.
#
# **Your task.** Return the relative error. Where both are zero, they agree.

# %% tags=["exercise"]
relative_error

# %%
g = np.array([3.0, -1.0, 2.0])
for name, other in {
    "itself": g,
    "1 % more": 1.01 * g,
    "twice": 2 * g,
    "-g": -g,
}.items():
    print(f"g and {name:<9} relative error {relative_error(g, other):.3f}")

# %% [markdown]
# ## The U curve
#
# Here is a smaller network, without a penalty, as a function of one vector. `flatten` puts all arrays into one vector, and `unflatten`
# is the way back. `cost` also works with complex numbers, which we shall use in a moment.

# %%
Xs, ys = X[:40, 20:40], y[:40]  # 40 digits, the middle rows
SHAPES = [(20, 6), (6,), (6, 10), (10,)]


def cost(theta):
    return small_cost(unflatten(theta, SHAPES), Xs, ys, 0.0)


def backward(theta, slope=lambda z: tanh(z)[1]):
    """The gradient of cost: what backpropagation makes of it."""
    W1, b1, W2, b2 = unflatten(theta, SHAPES)
    z1 = Xs @ W1 + b1
    a1 = np.tanh(z1)
    p = np.exp(a1 @ W2 + b2)
    dz2 = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[ys]) / len(ys)
    dz1 = dz2 @ W2.T * slope(z1)
    return flatten([Xs.T @ dz1, dz1.sum(axis=0), a1.T @ dz2, dz2.sum(axis=0)])


rng = np.random.default_rng(0)
theta = flatten([rng.normal(0, 0.3, shape) for shape in SHAPES])
error = relative_error(backward(theta), numerical_gradient(cost, theta, 1e-5))
print(f"{theta.size} parameters, cost {cost(theta):.3f}")
print(f"the two gradients agree to 7 digits: {error < 1e-7}")

# %% [markdown]
# If a small $\varepsilon$ is good, is a smaller one better? Try all sizes, from 1 to $10^{-14}$, with both kinds of difference. There is a
# third way, too, the **complex step**. For a function that accepts complex numbers,
#
# $$f'(w) \approx \frac{\operatorname{Im} f(w + i\varepsilon)}{\varepsilon}$$
#
# which needs no subtraction (Squire & Trapp 1998).

# %%
exact = backward(theta)
nudges = 10.0 ** -np.arange(15)


def one_sided(eps):
    return np.array(
        [
            (cost(theta + eps * e) - cost(theta)) / eps
            for e in np.eye(theta.size)
        ]
    )


def complex_step(eps):
    return np.array(
        [cost(theta + 1j * eps * e).imag / eps for e in np.eye(theta.size)]
    )


ways = {
    "one-sided": one_sided,
    "two-sided": lambda eps: numerical_gradient(cost, theta, eps),
    "complex step": complex_step,
}
u = {
    name: [relative_error(way(eps), exact) for eps in nudges]
    for name, way in ways.items()
}
plots.u_curves(
    nudges, u, "A difference has a best nudge, the complex step has none"
)
for name in ("one-sided", "two-sided"):
    print(f"{name}: best nudge about {nudges[np.argmin(u[name])]:.0e}")


# %%
def power(name, larger, smaller):
    """The error goes with eps to this power, between two nudges 10^-larger
    and 10^-smaller."""
    return np.log10(u[name][larger] / u[name][smaller]) / (smaller - larger)


claim(
    "one-sided errors fall as eps",
    power("one-sided", 2, 5),
    between=(0.9, 1.1),
    form=".1f",
)
claim(
    "two-sided errors fall as eps squared",
    power("two-sided", 1, 3),
    between=(1.9, 2.1),
    form=".1f",
)
claim(
    "both turn up again: at 1e-14 they are over 100 times their best",
    [u[name][-1] > 100 * min(u[name]) for name in ("one-sided", "two-sided")],
    equal=2,
)
claim(
    "the complex step has no U: below 1e-14 at the smallest nudges",
    max(u["complex step"][8:]),
    below=1e-14,
)

# %% [markdown]
# On the right of the U, the error comes from the formula: the curve bends within $\varepsilon$. On the left, it comes from the computer, which keeps
# about 16 digits of $f$. Subtract two values that agree in 14 of them and two digits are left. The best
# two-sided $\varepsilon$ lies near $10^{-5}$, and that is the one to take. ($10^{-7}$, which you will also find in courses, still passes, with a
# hundred times the rounding error.) The complex step subtracts nothing, so nothing is lost. NumPy's functions accept complex numbers,
# but not all steps of a network keep their meaning: a `max` must become `where(z.real > 0, z, 0)`, and an absolute value likewise.
#
# ## In single precision
#
# Networks are mostly trained in **float32**, which keeps about 7 digits. What changes then?

# %% tags=["predict"]
float32_nudge


# %%
def single(theta):
    """The same cost, computed in float32 throughout."""
    params = unflatten(theta.astype(np.float32), SHAPES)
    return float(small_cost(params, Xs.astype(np.float32), ys, np.float32(0)))


nudges = 10.0 ** -np.arange(0, 9, 0.5)
in_single, in_double = (
    [
        relative_error(numerical_gradient(f, theta, eps), exact)
        for eps in nudges
    ]
    for f in (single, cost)
)
best = nudges[np.argmin(in_single)]
guess = measured("float32_nudge", round(np.log10(best), 1))
plots.u_curves(
    nudges,
    {"float64": in_double, "float32": in_single},
    "In float32 even the best nudge misses the threshold",
    None if guess is None else 10.0**guess,
)
claim("in float32 the best nudge is 1e-3 or more", best, at_least=1e-3)
claim(
    "even at its best it misses the threshold: log10 of its error, over -5",
    np.log10(min(in_single)),
    above=-5,
    form=".1f",
)
claim(
    "a nudge of 1e-5 calls a right gradient wrong there: log10 of the error, "
    "over -2",
    np.log10(in_single[10]),
    above=-2,
    form=".1f",
)

# %% [markdown]
# Two errors add up: the rounding error divided by $\varepsilon$, and the error of the formula, which grows as $\varepsilon^2$. The best nudge is about where they are equal,
# near the cube root of the precision. For float64 ($10^{-16}$) that is about $5 \cdot 10^{-6}$, for float32 ($6 \cdot 10^{-8}$) about $4 \cdot 10^{-3}$. So float32 needs a threshold of its
# own, near $10^{-3}$, and finds only large faults. The better way: convert the network and the data to float64 for the check. The code of the
# backward pass is the same.
#
# **Explore.** What moves the left arm of the U, and what moves the right arm?

# %%
from nnutils.lessons.gradient_checking.explorer import u_curve

u_curve()

# %% [markdown]
# ## The check
#
# Now you have both parts.
#
# **Your task.** Return the relative error between what `grad` claims at `theta` and the numerical gradient of `f`, with
# $\varepsilon = 10^{-5}$. Use your two functions.

# %% tags=["exercise"]
gradient_check

# %% [markdown]
# Now a real network of nnutils, with an L2 penalty: first its gradient as it is, then with typical slips in it.

# %%
network = dense_network(
    [64, 5, 10], activation="tanh", init="glorot", rng=0, l2=2.0
)
some = X[:30], y[:30]


def network_cost(theta):
    network.theta[:] = theta
    return network.loss(*some)


def network_grad(theta):
    network.theta[:] = theta
    network.loss_and_grad(*some)
    return network.grad.copy()


# %%
start = network.theta.copy()
entry = int(np.argmax(np.abs(network_grad(start))))
slips = {
    "as it is": lambda g: g,
    "one entry 5 % too large": lambda g: (
        g * (1 + 0.05 * (np.arange(g.size) == entry))
    ),
    "the last bias forgotten": lambda g: g * (np.arange(g.size) < g.size - 1),
    "1/m forgotten": lambda g: g * 30,
    "the sign turned": lambda g: -g,
}
found = {
    name: gradient_check(
        network_cost, lambda t, slip=slip: slip(network_grad(t)), start
    )
    for name, slip in slips.items()
}
plots.errors_of_checks(
    found, "One slip in one of hundreds of numbers is seen"
)
claim("the library's gradient passes", found["as it is"], below=1e-7)
claim(
    "every slip is at least 1000 times above the level of a pass",
    min(error for name, error in found.items() if name != "as it is"),
    above=1e-4,
    form=".4f",
)

# %% [markdown]
# ## A check for large networks
#
# Your check asks for the cost twice for each parameter. That is why it is no part of training: **switch it off for training**. And for a
# network of 81 710 parameters even one check takes 163 420 evaluations. There is a cheaper one. Change all parameters at once, along a direction $v$ of length 1.
# Along this line the cost is a function of one number, and it has a slope, which you can measure with two evaluations. If you know the gradient, you know
# the same slope without measuring.
#
# **Your task.** Derive what the gradient says about the slope along $v$, and compare it with what differences say, for `n` random directions
# $v_1, \dots, v_n$. Every direction must be equally likely: normal draws, divided by their length, have this property.

# %% tags=["exercise"]
directional_check

# %% [markdown]
# Why at random? A direction does not show a fault that is at a right angle to it. A random direction almost never is. But does one wrong entry of many matter?

# %% tags=["predict"]
one_of_many

# %%
large = dense_network([64, 300, 200, 10], activation="tanh", init="glorot")
few = X[:20], y[:20]


def large_cost(theta):
    large.theta[:] = theta
    return large.loss(*few)


large_start = large.theta.copy()
large.loss_and_grad(*few)
large_grad = large.grad.copy()
alive = np.flatnonzero(large_grad)
rng = np.random.default_rng(1)


def one_wrong(g):
    g[rng.choice(alive)] *= 1.05


def last_forgotten(g):
    g[-1] = 0


def five_directions(spoil):
    """The check of a spoiled gradient along five directions."""
    g = large_grad.copy()
    spoil(g)
    return directional_check(large_cost, lambda t: g, large_start, rng, 5)


along = {
    "as it is": [five_directions(lambda g: None) for _ in range(20)],
    "one entry of many 5 % too large": [
        five_directions(one_wrong) for _ in range(20)
    ],
    "the last bias forgotten": [
        five_directions(last_forgotten) for _ in range(20)
    ],
    "1/m forgotten": [
        five_directions(lambda g: np.multiply(g, 20, out=g))
        for _ in range(20)
    ],
}
plots.errors_of_checks(
    along, f"{large_start.size:,} parameters, 10 evaluations a check"
)

# %%
seen = np.array(along["one entry of many 5 % too large"]) > 1e-7
measured("one_of_many", int(seen.sum()))
claim(
    "the right gradient passes each time: below 1e-7",
    max(along["as it is"]),
    below=1e-7,
)
claim(
    "one entry of many, 5 % too large, is above that in 15 of 20 checks",
    seen,
    at_least=15,
)
claim(
    "a forgotten bias is above 1e-5 in 18 of 20 checks",
    np.array(along["the last bias forgotten"]) > 1e-5,
    at_least=18,
)

# %% [markdown]
# The price: it says that something is wrong, not where. So begin with directions. If they fail, nudge single entries of a smaller copy of the network.
# PyTorch's `gradcheck(fast_mode=True)` and JAX's `check_grads` use random directions, too.
#
# ## When a check misleads: a penalty
#
# The penalty belongs to the checked cost, since its gradient can be wrong as well. But how strong is it? Here are two faults. One makes the gradient
# of the data 5 % too large, the other halves the gradient of the penalty. Each is checked with penalties from weak to very strong.

# %%
network.l2 = 0.0
of_data = network_grad(start)
network.l2 = 1.0
of_penalty = network_grad(start) - of_data  # of lambda = 1
strengths = 10.0 ** np.arange(-4, 7)
checks = {
    name: []
    for name in (
        "right",
        "data 5 % too large",
        "penalty halved",
        "data 5 %, output biases alone",
    )
}
for strength in strengths:
    network.l2 = strength
    numerical = numerical_gradient(network_cost, start, 1e-5)
    claimed = {
        "right": of_data + strength * of_penalty,
        "data 5 % too large": 1.05 * of_data + strength * of_penalty,
        "penalty halved": of_data + strength / 2 * of_penalty,
    }
    for name, grad in claimed.items():
        checks[name].append(relative_error(grad, numerical))
    biases = claimed["data 5 % too large"][-10:]
    checks["data 5 %, output biases alone"].append(
        relative_error(biases, numerical[-10:])
    )
plots.errors_over(
    strengths,
    checks,
    "A strong penalty hides one fault, a weak one the other",
    "strength of the penalty",
)

# %%
hidden = checks["data 5 % too large"]
claim(
    "with a weak penalty the fault in the data part is wrong: over 1e-3",
    hidden[0],
    above=1e-3,
    form=".3f",
)
claim(
    "the strongest penalty hides it: below 1e-5",
    hidden[-1],
    below=1e-5,
)
claim(
    "the biases alone show it all the same: over 1e-3",
    min(checks["data 5 %, output biases alone"]),
    above=1e-3,
    form=".3f",
)
claim(
    "the weakest penalty hides the fault in the penalty: below 1e-4",
    checks["penalty halved"][0],
    below=1e-4,
)

# %% [markdown]
# So check **twice**: without the penalty, and with one whose gradient is about as large as that of the data. And look at each array by itself: no penalty acts on the biases.
#
# ## When a check misleads: small weights
#
# Somebody remembers the derivative of tanh as $1 - z^2$ instead of $1 - \tanh^2 z$. For small $z$ that is nearly the same. So what does a check
# at tiny initial weights say, and what does it say once they have grown? (To let them grow as they should, the right gradient trains here.)


# %%
def nearly_right(theta):
    return backward(theta, slope=lambda z: 1 - z**2)


sizes = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
scaled = [size / 0.3 * theta for size in sizes]
slope_checks = {
    name: [gradient_check(cost, grad, t) for t in scaled]
    for name, grad in {
        "right": backward,
        "1 - z² for 1 - tanh² z": nearly_right,
    }.items()
}
plots.errors_over(
    sizes,
    slope_checks,
    "A bug that only large weights show",
    "standard deviation of the weights",
)
learned = scaled[1]
for _ in range(600):
    learned = learned - backward(learned)
control = gradient_check(cost, backward, learned)
print(f"after training the right gradient passes: {control < 1e-7}")
claim(
    "a check at small initial weights passes, bug and all",
    slope_checks["1 - z² for 1 - tanh² z"][1],
    below=1e-7,
)
claim(
    "the same check fails after training, where the weights have grown",
    gradient_check(cost, nearly_right, learned),
    above=1e-3,
    form=".3f",
)

# %% [markdown]
# So check at weights of the size that they will have, and again after some training.
#
# ## When a check misleads: dropout
#
# A check compares two costs that differ by a nudge. With dropout on they differ by their masks as well, and that is far more. The
# remedy is to switch dropout off for the check, or to hold the masks: every call then draws from a generator with the same seed.

# %%
dropout = dense_network(
    [64, 5, 10], activation="tanh", init="glorot", rng=0, keep_prob=0.8
)
dropout_start = dropout.theta.copy()


def dropout_check(hold):
    """hold: whether every call draws the same masks."""

    def seeded(theta):
        dropout.theta[:] = theta
        if hold:
            for layer in dropout.layers:
                layer.rng = np.random.default_rng(1)

    def f(theta):
        seeded(theta)
        return dropout.loss(*some, training=True)

    def grad(theta):
        seeded(theta)
        dropout.loss_and_grad(*some)
        return dropout.grad.copy()

    return gradient_check(f, grad, dropout_start)


anew = min(dropout_check(False) for _ in range(5))
held = dropout_check(True)
print(f"masks drawn anew: smallest of 5 relative errors {anew:.1f}")
claim(
    "with dropout on, a right gradient fails every time",
    anew,
    above=0.5,
    form=".1f",
)
claim("with held masks a right gradient passes", held, below=1e-7)

# %% [markdown]
# ## When a check misleads: a kink
#
# The fourth trap is the corner, or **kink**, of a ReLU at 0. If a nudge carries some $z$ across it, the difference mixes the slopes of both sides, and a right
# gradient looks wrong.


# %%
def sum_of_relus(z):
    return np.sum(np.maximum(z, 0))


# the last one is nearer to the corner than a nudge of 1e-5
z = np.array([2.0, -1.0, 4e-6])
print("gradient             ", (z > 0).astype(float))
for eps in (1e-5, 1e-6):
    print(
        f"differences, {eps:.0e}   ",
        numerical_gradient(sum_of_relus, z, eps).round(2),
    )
smaller = numerical_gradient(sum_of_relus, z, 1e-6)
claim(
    "a nudge that does not reach the corner settles it",
    np.abs(smaller - (z > 0)).max(),
    below=1e-8,
)

# %% [markdown]
# ## Before you train
#
# A right gradient is the gradient of the cost *that you wrote*, and this cost may be the wrong one. Two more checks take a minute, and look at the rest of the program.
#
# - **The cost at the start.** With small weights all $k$ classes get a probability near $1/k$, so the cost must be near $\ln k$, for ten digits
#   $\ln 10 \approx 2.3$.
# - **Twenty examples.** Take twenty examples, switch off penalty and dropout, and train until the cost is near 0. Any network with enough units can
#   learn twenty examples by heart (**overfit** them). If yours cannot, something is broken.
#
# Below are five programs, one as it should be, four with a fault each.

# %% tags=["predict"]
who_sees_it

# %%
rng = np.random.default_rng(2)
order = rng.permutation(len(y))
twenty, others = order[:20], order[20:]
results, curves = {}, {}
for name, program in five_programs(X[twenty], y[twenty], seed=3).items():
    error = directional_check(program.cost, program.grad, program.start, rng)
    curves[name] = program.train(steps=300, lr=0.3)
    accuracy = program.network.accuracy(X[others], y[others])
    results[name] = curves[name][0], error, curves[name][-1], accuracy
    told = "passes" if error < 1e-7 else f"{error:.2f}"
    print(
        f"{name:<33} start {curves[name][0]:.1f}, gradient {told:<6}, "
        f"end {curves[name][-1]:.1f}, dev {accuracy:3.0%}"
    )
plots.costs_over_steps(
    curves,
    "Only softmax twice cannot learn twenty examples by heart",
    np.log(10),
    "ln 10",
)

# %%
starts, errors, ends, right = (
    dict(zip(results, column, strict=True))
    for column in zip(*results.values(), strict=True)
)
odd, twice = "output weights 40 times too large", "softmax twice"
forgotten, mixed = list(results)[2], list(results)[4]
seen_by = {
    "a": abs(starts[twice] - np.log(10)) > 0.5,
    "b": errors[twice] > 1e-7,
    "c": ends[twice] > 1,
}
told = [letter for letter, seen in seen_by.items() if seen]
measured("who_sees_it", told[0] if told else "d")
claim(
    "as it should be, the cost begins within 0.1 of ln 10",
    abs(starts["as it should be"] - np.log(10)),
    below=0.1,
    form=".2f",
)
claim(
    "each of three faults is seen by one check and by no other",
    [
        sum(
            [
                abs(starts[name] - np.log(10)) > 0.5,
                errors[name] > 1e-7,
                ends[name] > 1,
            ]
        )
        == 1
        for name in (odd, forgotten, twice)
    ],
    equal=3,
)
claim(
    "it passes the other four",
    max(error for name, error in errors.items() if name != forgotten),
    below=1e-7,
)
claim(
    "softmax twice cannot get below 1.4",
    ends[twice],
    above=1.4,
    form=".1f",
)
claim(
    "as it should be, twenty examples end below 0.1",
    ends["as it should be"],
    below=0.1,
    form=".2f",
)
claim(
    "wrong labels pass all three checks: they end below 0.5",
    ends[mixed],
    below=0.5,
    form=".2f",
)
claim(
    "what they cost is seen on other digits, over 20 points",
    100 * (right["as it should be"] - right[mixed]),
    above=20,
    form=".0f",
)

# %% [markdown]
# Each of three faults is seen by one check and by no other. After a second softmax the largest possible probability is $e / (e + 9)$, so that the cost stays above
# $\ln(1 + 9/e) \approx 1.46$. And the fourth fault is seen by none: labels of other pictures can be learned by heart, too. Look at a few
# pictures with their labels yourself.
#
# ## Three faults
#
# Back to the suspect. Its code stands below. Let the check do the work before you read: `by_array` checks one array at a time, at weights of a
# size, and with a penalty, that you choose.


# %%
def by_array(gradient, size, lam):
    """The check of W1, b1, W2, b2 by themselves, at weights of this std."""
    rng = np.random.default_rng(4)
    params = [rng.normal(0, size, shape) for shape in SHAPES]

    def check_one(k):
        def at(value):
            return [*params[:k], value, *params[k + 1 :]]

        return gradient_check(
            lambda value: small_cost(at(value), Xs, ys, lam),
            lambda value: gradient(at(value), Xs, ys, lam)[k],
            params[k],
        )

    names = ("W1", "b1", "W2", "b2")
    return {name: check_one(k) for k, name in enumerate(names)}


small = by_array(suspect_gradient, size=0.003, lam=0.0)
plots.errors_of_checks(small, "Small weights, no penalty: one array is wrong")
claim(
    "with small weights and no penalty only b1 is wrong",
    [name for name, error in small.items() if error > 1e-3],
    equal=["b1"],
)

# %% [markdown]
# A bug spoils its own line, and everything that is computed from it on the way back. $W_1$ passes here, so what reaches the first layer is right, and only the
# line of $b_1$ can be wrong. **Look at the component**, then change one thing at a time: larger weights, then a penalty.
#
# **Your task.** Repair the three faults. Write `by_array(network_gradient, size=0.003, lam=0.0)` into a cell of your own below the code, and run it with other sizes (up to 0.5)
# and strengths (such as 1) after each change, before you run `check`.

# %% tags=["exercise"]
network_gradient

# %%
situations = {"large weights": (0.5, 0.0), "penalty": (0.003, 1.0)}
for name, (size, lam) in situations.items():
    before = by_array(suspect_gradient, size, lam)
    wrong = [array for array, error in before.items() if error > 1e-3]
    print(f"{name}: the suspect is wrong in {' and '.join(wrong)}")
after = by_array(network_gradient, 0.5, 1.0)
claim(
    "repaired, all four arrays pass, with large weights and a penalty",
    max(after.values()),
    below=1e-7,
)

# %% [markdown]
# What did the faults cost? The same five trainings with the repaired gradient:

# %%
repaired = [train(network_gradient, seed) for seed in range(5)]
plots.costs_over_steps(
    {
        name: np.mean([costs for costs, _ in runs], axis=0)
        for name, runs in {"suspect": suspect, "repaired": repaired}.items()
    },
    "Only the comparison shows what the faults cost",
    np.log(10),
    "ln 10",
)
dev_repaired = np.mean([accuracy for _, accuracy in repaired])
print(f"dev accuracy: suspect {dev:.1%}, repaired {dev_repaired:.1%}")
claim(
    "with the faults the cost ends over 1.5 times as high",
    last / np.mean([costs[-1] for costs, _ in repaired]),
    above=1.5,
    form=".1f",
)

# %% [markdown]
# ## The same in Keras
#
# Keras computes no gradients itself; with TensorFlow below it, `GradientTape` does. Does it agree with your differences, in double precision?

# %%
import keras
import tensorflow as tf

params = unflatten(theta, SHAPES)
variables = [tf.Variable(p) for p in params]
with tf.GradientTape() as tape:
    W1, b1, W2, b2 = variables
    logits = keras.ops.tanh(Xs @ W1 + b1) @ W2 + b2
    losses = keras.losses.sparse_categorical_crossentropy(
        ys, logits, from_logits=True
    )
    loss = keras.ops.mean(losses)
of_tape = flatten([g.numpy() for g in tape.gradient(loss, variables)])
claim(
    "GradientTape agrees with your numerical gradient",
    relative_error(of_tape, numerical_gradient(cost, theta, 1e-5)),
    below=1e-7,
)
claim(
    "and with the backward pass to 12 digits",
    relative_error(of_tape, backward(theta)),
    below=1e-12,
)

# %% [markdown]
# With automatic differentiation you will seldom write a backward pass. You still need the check for whatever has a gradient of its own: a custom
# layer, a hand-made loss, a formula that you derived on paper.
#
# ## Quiz

# %% tags=["quiz"]
why_two_sides

# %% tags=["quiz"]
why_not_smaller

# %% tags=["quiz"]
small_but_not_tiny

# %% tags=["quiz"]
dropout_on

# %% tags=["quiz"]
how_often

# %% [markdown]
# ## Papers to read
#
# - W. Squire and G. Trapp (1998), *Using complex variables to estimate derivatives of real functions*, SIAM Review 40,
#   [doi:10.1137/S003614459631241X](https://doi.org/10.1137/S003614459631241X). Three pages: the complex step.
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul and J. M. Siskind (2018), *Automatic differentiation in machine learning: a survey*, Journal of
#   Machine Learning Research 18, [arXiv:1502.05767](https://arxiv.org/abs/1502.05767). How numerical, symbolic and automatic differentiation
#   differ.
# - D. E. Rumelhart, G. E. Hinton and R. J. Williams (1986), *Learning representations by back-propagating errors*, Nature 323,
#   [doi:10.1038/323533a0](https://doi.org/10.1038/323533a0). The gradient that you have been checking.
# - Y. Bengio (2012), *Practical recommendations for gradient-based training of deep architectures*, in Neural Networks: Tricks of the Trade,
#   [arXiv:1206.5533](https://arxiv.org/abs/1206.5533). Its section on debugging tells how to use such checks in daily work.

# %% [markdown]
# ## What you can do now
#
# You can tell whether a gradient is right: two-sided differences with a nudge near $10^{-5}$, where the U curve is lowest, and a relative error
# far below $10^{-7}$, in float64. Along a few random directions, the check needs the same number of evaluations for any network. You check with and without the penalty, with dropout off or its masks held,
# and where the weights have grown. Before you train, you look at the cost at the start and let the network learn twenty examples by heart. And array by array, your checker led you to three
# faults of a training that looked right.
#
# Next: [lesson 09](09_activations_and_clipping.ipynb) asks which activation lets a gradient through, and what to do with one that is too long.
