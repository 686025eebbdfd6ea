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
# A backward pass with a bug does not crash. It trains, a little worse than it should, and you look for the cause everywhere
# else. How do you know that a gradient is right, when the code that computes it is all you have?
#
# **Takes** about 75 minutes · **Before this** lessons 03 (the L2 penalty), 04 (dropout) and 07
#
# **You will**
# - compute a gradient without any backward pass, by differences,
# - find out how small the nudge may be, and why not smaller,
# - check the backward pass of a network, parameter by parameter, and find a planted bug,
# - see three situations in which a check misleads.

# %%
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.activations import tanh
from nnutils.data import digits
from nnutils.lessons.gradient_checking import plots
from nnutils.network import dense_network

X, y = digits()
X = (X - X.mean()) / X.std()
print(f"{len(X)} digits, {X.shape[1]} pixels")

# %% [markdown]
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
# The true slope is 3. With a tenth of $\varepsilon$, the one-sided error falls to about a tenth, the two-sided one to a hundredth. By symmetry, what
# bends the curve on one side is taken back on the other:
#
# $$f(w \pm \varepsilon) = f \pm \varepsilon f' + \tfrac12 \varepsilon^2 f'' \pm \tfrac16 \varepsilon^3 f''' + \dots \quad\Rightarrow\quad \frac{f(w+\varepsilon) - f(w-\varepsilon)}{2\varepsilon} = f' + \tfrac16 \varepsilon^2 f''' + \dots$$
#
# With many parameters, nudge one at a time.
#
# **Your task.** Return the gradient of `f` by two-sided differences. `theta` may have any shape, and may hold whole numbers.

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
# ## How close is close?
#
# Two gradients that differ by 0.001: is that much? It depends on how large they are. So divide by their size:
#
# $$\frac{\lVert a - b \rVert}{\lVert a \rVert + \lVert b \rVert}$$
#
# This is 0 for equal gradients and 1 for opposite ones, whatever the unit of the cost. As a rule, for float64 and
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
# ## All parameters in one vector
#
# A network has many arrays, but `f` wants one `theta`. So put all of them into one vector, and take them out again where the
# cost is computed.
#
# **Your task.** First into one vector, row by row, one array after the other.

# %% tags=["exercise"]
flatten

# %% [markdown]
# **Your task.** And back: the arrays with the given shapes. A scalar has the shape `()` and takes one number.

# %% tags=["exercise"]
unflatten

# %% [markdown]
# Here is a small network with one hidden layer as a function of one vector. It uses your `unflatten`, and nothing in it is special to real
# numbers; that will be of use in a moment.

# %%
Xs, ys = X[:40, 20:40], y[:40]  # 40 digits, the middle rows
SHAPES = [(20, 6), (6,), (6, 10), (10,)]


def cost(theta):
    W1, b1, W2, b2 = unflatten(theta, SHAPES)
    z2 = np.tanh(Xs @ W1 + b1) @ W2 + b2
    log_sum = np.log(np.exp(z2).sum(axis=1))
    return np.mean(log_sum - z2[np.arange(len(ys)), ys])


def backward(theta):
    """The gradient of cost: what backpropagation makes of it."""
    W1, b1, W2, b2 = unflatten(theta, SHAPES)
    a1, slope = tanh(Xs @ W1 + b1)
    p = np.exp(a1 @ W2 + b2)
    dz2 = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[ys]) / len(ys)
    dz1 = dz2 @ W2.T * slope
    return flatten([Xs.T @ dz1, dz1.sum(axis=0), a1.T @ dz2, dz2.sum(axis=0)])


rng = np.random.default_rng(0)
theta = flatten([rng.normal(0, 0.3, shape) for shape in SHAPES])
error = relative_error(backward(theta), numerical_gradient(cost, theta, 1e-5))
print(f"{theta.size} parameters, cost {cost(theta):.3f}")
print(f"the two gradients agree to 7 digits: {error < 1e-7}")

# %% [markdown]
# ## The U curve
#
# If a small $\varepsilon$ is good, is a smaller one better? Try all sizes, from 1 to $10^{-14}$, with both kinds of difference. There is a
# third way, too: step into the *complex* plane. For a function that accepts complex numbers,
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
    nudges, u, "Too large bends, too small rounds: a U, or no U at all"
)
for name in ("one-sided", "two-sided"):
    print(f"{name}: best nudge about {nudges[np.argmin(u[name])]:.0e}")
print(
    "complex step: at the smallest nudge below 1e-14, "
    f"{u['complex step'][-1] < 1e-14}"
)


# %%
def power(name, larger, smaller):
    """The error goes with eps to this power, between two nudges 10^-larger
    and 10^-smaller."""
    return np.log10(u[name][larger] / u[name][smaller]) / (smaller - larger)


first, second = power("one-sided", 2, 5), power("two-sided", 1, 3)
print(
    f"the error falls with eps to the power {first:.2f} one-sided, "
    f"{second:.2f} two-sided"
)
claim("one-sided errors fall as eps", first, between=(0.9, 1.1), form=".1f")
claim(
    "two-sided errors fall as eps squared",
    second,
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
# On the right of the U, the formula is wrong: the curve bends within $\varepsilon$. On the left, the computer is: it knows
# about 16 digits of $f$. Subtract two values that agree in 14 of them and two digits are left. The best
# two-sided $\varepsilon$ lies near $10^{-5}$, and that is the one to take. The complex step subtracts nothing, so nothing is lost, but
# hardly any real code accepts complex numbers: no `max`, no absolute value, no comparison.
#
# **Explore.** What moves the left arm of the U, what the right one? Which nudge would you take in float32?

# %%
from nnutils.lessons.gradient_checking.explorer import u_curve

u_curve()

# %% [markdown]
# ## The check
#
# Now you have all the parts.
#
# **Your task.** Return the relative error between what `grad` claims at `theta` and what differences of `f` say, with
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
print(f"{start.size} parameters")
for name, error in found.items():
    print(
        f"{name:<24} relative error "
        + ("below 1e-7" if error < 1e-7 else f"{error:.4f}")
    )

# %%
claim("the library's gradient passes", found["as it is"], below=1e-7)
claim(
    "every slip is at least 1000 times above the level of a pass",
    min(error for name, error in found.items() if name != "as it is"),
    above=1e-4,
    form=".4f",
)

# %% [markdown]
# ## Find the bug
#
# Here is a backward pass with a bug. The cost is the mean cross-entropy with an L2 penalty, of lesson 03. Does the bug keep it from
# training?

# %%
LAM = 0.5


def buggy_cost(W1, b1, W2, b2):
    z2 = np.tanh(Xs @ W1 + b1) @ W2 + b2
    log_sum = np.log(np.exp(z2).sum(axis=1))
    loss = np.mean(log_sum - z2[np.arange(len(ys)), ys])
    return loss + LAM / (2 * len(ys)) * (np.sum(W1**2) + np.sum(W2**2))


def buggy_backward(W1, b1, W2, b2):
    m = len(ys)
    a1 = np.tanh(Xs @ W1 + b1)
    p = np.exp(a1 @ W2 + b2)
    dz2 = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[ys]) / m
    dW2, db2 = a1.T @ dz2 + LAM / m * W2, dz2.sum(axis=0)
    dz1 = dz2 @ W2.T * (1 - a1**2)
    dW1, db1 = Xs.T @ dz1 + LAM / (2 * m) * W1, dz1.sum(axis=0)
    return dW1, db1, dW2, db2


params = unflatten(theta, SHAPES)
trained = params
for _ in range(200):
    steps = zip(trained, buggy_backward(*trained), strict=True)
    trained = [value - 0.5 * step for value, step in steps]
before, after = buggy_cost(*params), buggy_cost(*trained)
print(f"200 steps with the buggy gradient: cost {before:.2f} → {after:.2f}")
claim(
    "with the bug the cost falls by more than half all the same",
    after / before,
    below=0.5,
    form=".2f",
)

# %% [markdown]
# Nothing looks wrong. You may read the code, but let the check do the work first: apply it to each parameter by itself.


# %%
def check_one(k):
    """The check of one parameter; the others stay as they are."""

    def f(value):
        return buggy_cost(*params[:k], value, *params[k + 1 :])

    def grad(value):
        return buggy_backward(*params[:k], value, *params[k + 1 :])[k]

    return gradient_check(f, grad, params[k])


by_parameter = {
    name: check_one(k) for k, name in enumerate(["W1", "b1", "W2", "b2"])
}
plots.errors_of_checks(by_parameter, "Which parameter's gradient is wrong?")
for name, error in by_parameter.items():
    print(
        f"{name} relative error "
        + ("below 1e-7" if error < 1e-7 else f"{error:.4f}")
    )

# %% [markdown]
# **Your task.** Return the name of the bug. The names to choose from are in the docstring. Before you look at the code: which of them
# would spoil more than one of the four numbers?

# %% tags=["exercise"]
find_bug

# %%
claim(
    "the check points at one parameter of four",
    by_parameter["W1"],
    above=1e-4,
    form=".4f",
)
claim(
    "the gradients by the other three parameters pass",
    max(by_parameter[name] for name in ("b1", "W2", "b2")),
    below=1e-7,
)

# %% [markdown]
# That is why you check array by array as soon as the whole fails. A bug has a place, and everything behind it on the way back is
# spoiled, too. Here $b_1$ passes, so what reaches the first layer is right, and only what $W_1$ adds by itself can be wrong.
#
# ## When a check misleads: dropout
#
# A check compares two costs that differ by a nudge. With dropout on they differ by their masks as well, and that is far more. The
# remedy is to hold the masks: every call then draws from a generator with the same seed.

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


# %%
with_dropout = {
    "masks drawn anew": [dropout_check(False) for _ in range(5)],
    "masks held": [dropout_check(True)],
}
plots.errors_of_checks(
    with_dropout, "A right gradient fails if the masks change under it"
)
anew = min(with_dropout["masks drawn anew"])
held = with_dropout["masks held"][0]
print(f"masks drawn anew: smallest of 5 relative errors {anew:.2f}")
print(f"masks held: relative error below 1e-7, {held < 1e-7}")
claim(
    "with dropout on, a right gradient fails every time",
    anew,
    above=0.5,
    form=".1f",
)
claim("with held masks a right gradient passes", held, below=1e-7)

# %% [markdown]
# ## When a check misleads: small weights
#
# Somebody remembers the derivative of tanh as $1 - z^2$ instead of $1 - \tanh^2 z$. For small $z$ that is nearly the same. So what does a check
# at tiny initial weights say, and what does it say once they have grown? (To let them grow as they should, the right gradient trains here.)


# %%
def nearly_right(theta):
    W1, b1, W2, b2 = unflatten(theta, SHAPES)
    z1 = Xs @ W1 + b1
    p = np.exp(np.tanh(z1) @ W2 + b2)
    dz2 = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[ys]) / len(ys)
    dz1 = dz2 @ W2.T * (1 - z1**2)  # should be 1 - tanh(z1)**2
    return flatten(
        [Xs.T @ dz1, dz1.sum(axis=0), np.tanh(z1).T @ dz2, dz2.sum(axis=0)]
    )


sizes = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
scaled = [size / 0.3 * theta for size in sizes]
curves = {
    "right": [gradient_check(cost, backward, t) for t in scaled],
    "1 - z² for 1 - tanh² z": [
        gradient_check(cost, nearly_right, t) for t in scaled
    ],
}
plots.growing_weights(sizes, curves)

# %%
learned, checks = scaled[1], {}
for step in range(1, 601):
    learned = learned - backward(learned)  # trains with the right gradient
    if step in (1, 600):
        checks[step] = (
            gradient_check(cost, nearly_right, learned),
            learned.std(),
        )
at_start = curves["1 - z² for 1 - tanh² z"][1]
print(
    f"before training: std {scaled[1].std():.3f}, "
    f"check below 1e-7 {at_start < 1e-7}"
)
for step, (error, std) in checks.items():
    print(
        f"after {step:3d} steps: std {std:.3f}, "
        f"check above 1e-3 {error > 1e-3}"
    )

# %%
claim(
    "a check at small initial weights passes, bug and all",
    at_start,
    below=1e-7,
)
claim(
    "the same check fails after training, where the weights have grown",
    checks[600][0],
    above=1e-3,
    form=".3f",
)

# %% [markdown]
# So check at weights of the size that they will have, and again after some training.
#
# ## When a check misleads: a kink
#
# A third trap is the corner of a ReLU. If a nudge carries some $z$ across it, the difference mixes the slopes of both sides, and a right
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
# And a check is slow: two evaluations for each parameter. Use it on a small network and a few examples, and switch it off for training.
#
# ## The same in Keras
#
# Keras computes no gradients itself; with TensorFlow below it, `GradientTape` does. Nothing needs mapping but the shapes, which are
# the same. Does it agree with your differences, in double precision?

# %%
import keras
import tensorflow as tf

variables = [tf.Variable(p) for p in params]
with tf.GradientTape() as tape:
    W1, b1, W2, b2 = variables
    logits = keras.ops.tanh(Xs @ W1 + b1) @ W2 + b2
    losses = keras.losses.sparse_categorical_crossentropy(
        ys, logits, from_logits=True
    )
    loss = keras.ops.mean(losses)
of_tape = flatten([g.numpy() for g in tape.gradient(loss, variables)])
print(f"cost: Keras {float(loss):.4f}, yours {cost(theta):.4f}")
tape_error = relative_error(of_tape, numerical_gradient(cost, theta, 1e-5))
print(f"tape and your differences agree: {tape_error < 1e-7}")
print(
    "tape and the backward pass agree: "
    f"{relative_error(of_tape, backward(theta)) < 1e-12}"
)
claim(
    "GradientTape agrees with your numerical gradient",
    tape_error,
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
# - W. Squire and G. Trapp (1998), *Using complex variables to estimate derivatives of real functions*, SIAM Review 40. Two pages:
#   the complex step.
# - A. G. Baydin, B. A. Pearlmutter, A. A. Radul and J. M. Siskind (2018), *Automatic differentiation in machine learning: a
#   survey*, Journal of Machine Learning Research 18. What differences, symbols and tapes have to do with each other.
# - D. E. Rumelhart, G. E. Hinton and R. J. Williams (1986), *Learning representations by back-propagating errors*, Nature 323. The
#   gradient that you have been checking.
# - Y. Bengio (2012), *Practical recommendations for gradient-based training of deep architectures*, in Neural Networks: Tricks of the
#   Trade. Its section on debugging tells how to use such checks in daily work.

# %% [markdown]
# ## What you can do now
#
# You can tell whether a gradient is right: two-sided differences with a nudge near $10^{-5}$, where the U curve is lowest, and a relative error
# far below $10^{-7}$. Array by array, the check led you to a single wrong line. You hold the dropout masks while you check, and you check
# where the weights have grown, since you have seen a wrong gradient pass at the start and fail after training.
#
# Next: [lesson 10](10_minibatch_gradient_descent.ipynb) asks how many examples a gradient needs.
