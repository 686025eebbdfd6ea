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
# # Clinic: trainings that fail
#
# A program with an ordinary bug stops with an error. A training with a bug runs to its end, and its result is poor. Nothing tells you whether the data are wrong,
# the loss, the learning rate or the evaluation. How do you find out, without trying changes at random?
#
# **Takes** about 90 minutes · **Before this** lessons 01 (splits), 03, 04, 06 to 08, 14 (rates that fall) and 15 (batch normalization)
#
# **You will**
# - write three **probes**: short measurements, each of one part of a training,
# - see what eight faults look like, which of them look alike, and which probe tells them apart,
# - examine trainings that you do not know, and name what is wrong with them,
# - repair three programs with ten faults, and derive how often luck alone looks like a repair.

# %%
import numpy as np

from nnutils import check, claim, hint, measured, predict, quiz, solution
from nnutils.data import digits
from nnutils.lessons.clinic import plots
from nnutils.lessons.clinic.given import (
    FAULTS,
    FORMS,
    HEALTHY,
    fit_baseline,
    fit_with_norm,
    program,
    sick_train,
)
from nnutils.probes import (
    activation_report,
    class_share,
    constant_loss,
    cross_entropy,
    gradient_flow,
    label_agreement,
)

# %% [markdown]
# ## The patient
#
# All trainings of this lesson are versions of one program: 300 digits, two hidden layers of 64 ReLU units with batch norm or dropout, mini-batches of 30,
# 15 epochs of plain gradient descent at a rate that falls by a tenth an epoch, and a small L2 penalty. `program()` is healthy. `program("rate", seed=3)` has a fault.
#
# What you can ask of a program `p`:
#
# | write | and get |
# |---|---|
# | `p.X`, `p.y`, `p.X_dev`, `p.y_dev` | the examples as the network gets them |
# | `p.X_new`, `p.y_new` | examples that came in later, from use |
# | `p.log` | what it reported: `"cost"` of each step; accuracy on `"train"`, `"dev"`, `"new"` after each epoch |
# | `run = p.begin(times=1)` | begin anew, with the rate multiplied by `times` |
# | `run.step(X, y)` | one update on this batch; returns the cost before it |
# | `run.epoch()` | one pass over the training examples, in batches of 30 |
# | `run.cost(X, y)`, `run.gradient(X, y)` | cost and gradient of a batch, without an update |
# | `run.probabilities(X)`, `run.accuracy(X, y)` | what the program says when it evaluates |
# | `run.weights()`, `run.activations(X)` | a list with an array for each layer, for each hidden layer |
#
# First of all a **baseline**: what does a method reach that has few places for a bug? The simplest one always names the most frequent class. The next one is logistic regression,
# a network without a hidden layer. A network far below it is broken, whatever its own curve looks like.


# %%
def final(log):
    """The last accuracy on train, dev and new."""
    return {part: log[part][-1] for part in ("train", "dev", "new")}


healthy = [program(seed=seed) for seed in range(5)]
reached = np.mean([final(p.log)["new"] for p in healthy])
frequent = np.mean(
    [np.mean(p.y_new == np.bincount(p.y).argmax()) for p in healthy]
)
linear = np.mean([fit_baseline(p.X, p.y, p.X_new, p.y_new) for p in healthy])
print(
    f"new examples: frequent class {frequent:.0%}, "
    f"logistic regression {linear:.0%}, the program {reached:.0%}"
)
claim(
    "logistic regression is right on over 80 % of new digits",
    linear,
    above=0.8,
    form=".0%",
)
claim(
    "the healthy program is at most 5 points behind it",
    100 * (linear - reached),
    at_most=5,
    form=".0f",
)

# %% [markdown]
# So 300 digits do not need a hidden layer. That is worth knowing before you spend a day on one.
#
# ## An order of looking
#
# Faults early in the chain hide those behind them, and cheap questions should come before expensive ones. So look in the order in which the data flow:
#
# 1. **Inputs and labels**, by eye and by number.
# 2. **Baselines**, as above.
# 3. **Before the first step**: the cost, the activations, and whether the evaluation gives the same answer twice.
# 4. **A few examples**: can they be learned by heart?
# 5. **The steps**: how far does each one move the weights, and do other rates do better?
# 6. **The whole run**: its curves, and dev against new examples.
#
# Karpathy's *recipe* (2019) is a list of this kind. Change one thing at a time, and keep a note of what you expected.
#
# ## Look at the data
#
# The picture shows the inputs of four programs, one example a row, sorted by class.

# %%
shown = {
    "healthy": program(seed=1),
    "inputs": program("inputs", seed=1, norm=False),
    "leak": program("leak", seed=1, form=1),
    "labels": program("labels", seed=1),
}
plots.inputs({name: (p.X, p.y) for name, p in shown.items()})

# %% [markdown]
# The second shows four features of another size: somebody has mixed millimetres with metres. In the third, the four marked features change with the class and do nothing else: together they are the answer. In
# use nobody will know it. Only the last one needs a second look: it is as colourful as the first, but the classes make no stripes.
#
# Eyes are good for ten examples. For thousands, let a program look.
#
# **Your task.** Report what is odd about inputs. A usual size, against which each feature is compared, is the *median* of the standard deviations, since a single huge feature moves a mean.

# %% tags=["exercise"]
input_report

# %% [markdown]
# Two more probes are given, in `nnutils.probes`. `label_agreement(X, y)` asks how often the nearest other example has the same label. `class_share(X, y)` gives for each feature the share of its variance that lies
# between the classes. It is 1 for a feature that is a function of the label.

# %%
for name, p in shown.items():
    odd = input_report(p.X, p.X_dev)
    print(
        f"{name:<8} scale {odd['scale']}, "
        f"label agreement {label_agreement(p.X, p.y):.0%}, "
        f"largest class share {class_share(p.X, p.y).max():.2f}"
    )
copied = program("leak", seed=1)  # the other form of a leak
print(f"copies in dev: {len(input_report(copied.X, copied.X_dev)['copies'])}")
claim(
    "shifted labels agree with their neighbours in under 30 %",
    label_agreement(shown["labels"].X, shown["labels"].y),
    below=0.3,
    form=".0%",
)
claim(
    "and right ones in over 80 %",
    label_agreement(shown["healthy"].X, shown["healthy"].y),
    above=0.8,
    form=".0%",
)
claim(
    "no pixel of the healthy program gives away the class: the largest share",
    class_share(shown["healthy"].X, shown["healthy"].y).max(),
    below=0.9,
    form=".2f",
)

# %% [markdown]
# ## Before the first step
#
# With small first weights a network gives all $k$ classes about the same probability, so a mean cross-entropy begins at $\ln k$ (lesson 08), here 2.3.

# %% tags=["predict"]
cost_of_the_sum

# %%
starts = {
    "healthy": program(),
    "softmax twice": program("loss"),
    "sum for mean": program("loss", form=1),
    "penalty with the wrong sign": program("loss", form=2),
    "penalty not divided by m": program("decay"),
    "first weights too large": program("start", form=1),
}
first_costs = {}
for name, p in starts.items():
    run = p.begin()
    batch = p.X[:30], p.y[:30]
    first_costs[name] = run.cost(*batch)
    own = cross_entropy(run.probabilities(p.X), p.y)
    told = f"{own:4.1f}" if own < 100 else "over 100"
    print(
        f"{name:<28} cost {first_costs[name]:6.1f}, cross-entropy {told}"
        if own < 100
        else f"{name:<28} cost and cross-entropy over 100"
    )
measured("cost_of_the_sum", round(first_costs["sum for mean"]))
claim(
    "the healthy program begins within 0.5 of the loss of a constant answer",
    abs(first_costs["healthy"] - constant_loss(starts["healthy"].y)),
    below=0.5,
    form=".1f",
)
claim(
    "so does the one with softmax twice",
    abs(first_costs["softmax twice"] - constant_loss(starts["healthy"].y)),
    below=0.5,
    form=".1f",
)
claim(
    "the sum of 30 begins near 30 ln 10: ratio",
    first_costs["sum for mean"] / (30 * np.log(10)),
    between=(0.9, 1.2),
    form=".1f",
)

# %% [markdown]
# The first number is what the program says, the second is computed from its probabilities alone, without its loss. **A program's report is a claim, too**: compute it again, in another way. If the two differ, look
# at loss and penalty. If both are far too high, look at the first weights.
#
# Softmax twice is not seen here. The next probe sees it.
#
# ## A few examples
#
# Every network with enough weights can learn twenty examples by heart. If it cannot, no amount of data or time will help. One trap: where the data are sorted by class, the first twenty
# examples have one label, and any constant answer fits them. So take a few of *each class*.
#
# **Your task.** Count the updates that a training needs for this.

# %% tags=["exercise"]
overfit_batch

# %%
FACTORS = (1 / 30, 1 / 5, 1, 5, 30)


def learned(p):
    """The updates for two examples a class, at each factor of the rate."""
    return [
        overfit_batch(p.begin(times).step, p.X, p.y, 2, 200, 1.0)
        for times in FACTORS
    ]


for name in ("healthy", "softmax twice"):
    print(f"{name:<14} updates at five rates: {learned(starts[name])}")
claim(
    "the healthy program learns twenty examples in under 100 updates",
    learned(starts["healthy"])[2],
    between=(0, 100),
)
claim(
    "with softmax twice they are learned at none of five rates",
    np.array([found < 0 for found in learned(starts["softmax twice"])]),
    equal=5,
)

# %% [markdown]
# After a second softmax no probability exceeds $e/(e + 9) = 0.23$, so the loss stays above 1.46, whatever the weights are.
#
# ## Steps
#
# A step of the right size is small beside the weights, but not 0. A rough rule of Stanford's course CS231n says a thousandth; here it is several times that. The **update-to-weight ratio** of an array $W$ is
#
# $$\frac{\lVert W_{\text{after}} - W_{\text{before}} \rVert}{\lVert W_{\text{before}} \rVert}, \qquad \lVert W \rVert = \sqrt{\textstyle\sum W_{ij}^2}$$
#
# **Your task.** Return this ratio for each array.

# %% tags=["exercise"]
update_ratios


# %%
def median_ratio(run, p, first=0):
    """The median ratio over the layers, of one step."""
    before = run.weights()
    run.step(p.X[first : first + 30], p.y[first : first + 30])
    return np.median(update_ratios(before, run.weights()))


def two_ratios(p):
    """At the first step, and after 60 steps."""
    run = p.begin()
    early = median_ratio(run, p)
    for _ in range(6):
        run.epoch()
    return early, median_ratio(run, p)


walks = {
    "healthy": program(),
    "rate 100 times too low": program("rate", form=1),
    "rate 60 times too high": program("rate", norm=True),
    "a rate that falls at each step": program("decay", form=1),
}
ratios = {name: two_ratios(p) for name, p in walks.items()}
for name, (early, late) in ratios.items():
    print(f"{name:<31} first 10^{np.log10(early):.0f}, ", end="")
    print(f"after 60 steps {late / early:.2f} of it")
claim(
    "the healthy first ratio lies between 1/500 and 1/20",
    ratios["healthy"][0],
    between=(0.002, 0.05),
)
claim(
    "a rate that falls at each step and not at each epoch has stopped: "
    "under a fiftieth is left",
    ratios["a rate that falls at each step"][1]
    / ratios["a rate that falls at each step"][0],
    below=0.02,
)

# %% [markdown]
# A tiny ratio says that the steps are small. It does not say that the *rate* is to blame: the gradient may be small as well. So try other rates, **up and down**.

# %% tags=["predict"]
which_one_wakes

# %%
flat = {
    "rate too low": ("rate", 1),
    "inputs too small": ("inputs", 2),
    "weights too small": ("start", 0),
}
woken, costs_at_end = {}, {}
for name, (fault, form) in flat.items():
    patients = [program(fault, seed, form, norm=False) for seed in range(5)]
    counts = np.array([learned(p) for p in patients]) >= 0
    woken[name] = counts.sum(axis=0)
    costs_at_end[name] = np.mean([p.log["cost"][-10:] for p in patients])
    flow = gradient_flow(
        patients[0].begin().gradient(patients[0].X, patients[0].y)
    )
    rms = activation_report(patients[0].begin().activations(patients[0].X))
    print(
        f"{name}: cost at the end {costs_at_end[name]:.1f}\n"
        f"  learned at five rates in {woken[name]} of 5 seeds\n"
        f"  activations {rms[0]['rms']:.3f} and {rms[1]['rms']:.3f}\n"
        f"  gradient of the first layer {flow[0]:.3f} of the last one's"
    )
at_thirty = {name: count[-1] >= 3 for name, count in woken.items()}
pattern = tuple(at_thirty.values())
measured(
    "which_one_wakes",
    {(1, 0, 0): "a", (1, 1, 0): "b", (1, 0, 1): "c"}.get(pattern, "d"),
)
claim(
    "all three look alike: their costs end within 0.2 of each other",
    max(costs_at_end.values()) - min(costs_at_end.values()),
    below=0.2,
    form=".1f",
)
claim(
    "at 30 times the rate, the one with the low rate learns in 5 of 5 seeds",
    woken["rate too low"][-1],
    equal=5,
)
claim(
    "the other two together learn in at most 1 of 10",
    woken["inputs too small"][-1] + woken["weights too small"][-1],
    at_most=1,
)

# %% [markdown]
# The three costs end at the same height. At 30 times the rate only the first program learns. But look at the other rates: the small weights learn at 5 times theirs, so a higher rate that helps is no proof that the rate was wrong.
# The small inputs learn at none of the five. Activations, layer by layer, tell the three apart before any training (lesson 07).
#
# ## The atlas
#
# Now all eight, one form of each: four inputs in other units, labels one row too late, the answer among the inputs, first weights too small, softmax twice, a rate that
# is too high, a rate that falls at each step, and dropout that is left on in evaluation. Over whole runs: medians of five seeds, each beside the healthy program with the same data and the same start.

# %% tags=["predict"]
seen_in_the_cost

# %%
ATLAS = [
    ("inputs", 0),
    ("labels", 0),
    ("leak", 1),
    ("start", 0),
    ("loss", 0),
    ("rate", 0),
    ("decay", 1),
    ("mode", 1),
]


def ends_of(fault, form):
    logs = [program(fault, seed, form, norm=False).log for seed in range(5)]
    costs = [log["cost"].reshape(15, -1).mean(axis=1) for log in logs]
    ends = [final(log) for log in logs]
    return {
        "cost": np.array(costs),
        "dev": np.array([end["dev"] for end in ends]),
        "new": np.array([end["new"] for end in ends]),
    }


usual = ends_of("", 0)
runs = {f"{name}: {FORMS[name][k]}": ends_of(name, k) for name, k in ATLAS}
plots.atlas(runs, usual)

# %%
last = {
    name: np.median(log["cost"][:, -1]) / np.median(usual["cost"][:, -1])
    for name, log in runs.items()
}
unseen = [name.partition(":")[0] for name, x in last.items() if 0.5 < x < 2]
measured("seen_in_the_cost", len(runs) - len(unseen))
leak, mode = runs["leak: the answer is in X"], runs["mode: dropout left on"]
claim(
    "the cost curve does not show these two",
    unseen,
    equal=["leak", "mode"],
)
claim(
    "the leak makes dev better than new examples by over 4 points",
    100 * np.mean(leak["dev"] - leak["new"]),
    above=4,
    form=".0f",
)
claim(
    "in the healthy program it is at most 4 points better",
    100 * np.mean(usual["dev"] - usual["new"]),
    at_most=4,
    form=".0f",
)
claim(
    "dropout in evaluation costs over 1 point on new examples",
    100 * np.mean(usual["new"] - mode["new"]),
    above=1,
    form=".0f",
)

# %% [markdown]
# Read the panels like an atlas of diseases: most of them are seen, but few have a curve of their own. A flat line at $\ln 10$, a slow fall, a run that explodes: each has several causes.
# And two, the leak and the wrong mode, leave the curve of training about as it is. Among these numbers the leak shows only in use, where nobody draws curves.
#
# ## The table of probes
#
# Which probe tells which fault? `chart` takes all of them of one program; "no rate of 3 learns" tries three rates. You may use it later.


# %%
def chart(p):
    """All probes of one program, as numbers."""
    odd, run = input_report(p.X, p.X_dev), p.begin()
    together = run.probabilities(p.X[:30])
    alone = [run.probabilities(p.X[i : i + 1]) for i in range(30)]
    layer = activation_report(run.activations(p.X))[-1]
    cost, own = run.cost(p.X, p.y), cross_entropy(together, p.y[:30])
    tried = [
        overfit_batch(p.begin(times).step, p.X, p.y, 2, 200, 1.0)
        for times in (1 / 30, 1, 30)
    ]
    early, late = two_ratios(p)
    return {
        "odd scale": len(odd["scale"]),
        "size of X": np.sqrt(np.mean(p.X**2)),
        "copies": len(odd["copies"]),
        "class share": class_share(p.X, p.y).max(),
        "labels agree": label_agreement(p.X, p.y),
        "alone differs": np.abs(together - np.concatenate(alone)).max(),
        "layer size": layer["rms"],
        "units differ": layer["differ"],
        "own loss": own,
        "cost": cost,
        "no rate of 3 learns": float(max(tried) < 0),
        "first ratio": early,
        "late ratio": late / early,
    }


SEEDS = range(10, 15)
normal = {
    key: [chart(program(seed=seed))[key] for seed in range(8)]
    for key in ("layer size", "units differ", "first ratio", "late ratio")
}
for key, values in normal.items():
    print(f"healthy {key:<12} {min(values):.2g} to {max(values):.2g}")

# %% [markdown]
# From eight healthy programs you get the usual ranges. An alarm should ring well outside of them, so that a healthy program seldom rings it:

# %%
LIMITS = {  # from, to: outside rings an alarm
    "odd scale": (0, 0),
    "size of X": (0.1, 10),
    "copies": (0, 0),
    "class share": (0, 0.95),
    "labels agree": (0.75, 1),
    "alone differs": (0, 1e-6),
    "layer size": (0.1, 10),
    "units differ": (0.1, 10),
    "own loss": (1, 5),
    "cost": (1, 5),
    "no rate of 3 learns": (0, 0),
    "first ratio": (0.002, 0.05),
    "late ratio": (0.02, 10),
}


def alarms(p):
    numbers = chart(p)
    with np.errstate(invalid="ignore"):
        return np.array(
            [not (a <= numbers[key] <= b) for key, (a, b) in LIMITS.items()]
        )


kinds = [(HEALTHY, 0)] + [
    (name, k) for name in FAULTS for k in range(len(FORMS[name]))
]
counts = np.array(
    [
        np.sum(
            [
                alarms(program("" if name == HEALTHY else name, seed, k))
                for seed in SEEDS
            ],
            axis=0,
        )
        for name, k in kinds
    ]
)
plots.table(
    [HEALTHY] + [f"{name}: {FORMS[name][k]}" for name, k in kinds[1:]],
    [key.replace(" ", "\n") for key in LIMITS],
    counts,
    len(SEEDS),
)
claim(
    "each of the 19 forms rings some alarm in all 5 seeds",
    np.array([count.max() == len(SEEDS) for count in counts[1:]]),
    equal=19,
)
claim("the healthy program rings none", int(counts[0].sum()), equal=0)

# %% [markdown]
# One fault rings several alarms, and one alarm has several causes. That is why the order counts: huge inputs spoil the first cost, the ratios and the activations as well, but they are named by the probe that comes first.
#
# ## Patients that you do not know
#
# **Your task.** Write `examine(patient)`, which names what is wrong with a program. Grading hands it 18 programs that nobody has seen: two of each of the eight kinds, in any of their forms,
# and two healthy ones. The score is the share that is named rightly; 0.6, 0.75 and 0.9 earn a third of the points each. Whoever always says the same name gets 0.11; the final cost alone, or the log alone, gets about 0.4.
#
# Use the probes in the order of looking, and stop at the first alarm.

# %% tags=["exercise"]
examine

# %%
ward = [
    (
        name,
        program(
            "" if name == HEALTHY else name,
            seed,
            seed % len(FORMS.get(name, [name])),
        ),
    )
    for name in (*FAULTS, HEALTHY)
    for seed in range(200, 204)
]
named = [examine(p) for _, p in ward]
right = [name == told for (name, _), told in zip(ward, named, strict=True)]
for (name, _), told in zip(ward, named, strict=True):
    if told != name:
        print(f"{name} was called {told}")
claim(
    "of 36 programs with fresh seeds, at least 32 are named rightly",
    np.array(right),
    at_least=32,
)

# %% [markdown]
# ## Three programs to repair
#
# A name is not a repair. Three programs follow, with ten faults. Each runs. Read the complaint first, guess which kinds it can be, and only then the code.
#
# **Complaint 1.** "My dev score is higher than it should be, and my training is slow. When I look at ten training pictures, most labels are nonsense."

# %% tags=["exercise"]
prepare

# %% [markdown]
# **Complaint 2.** "The cost begins far too high. It jumps at the first steps, and then nothing moves any more. With a larger penalty my weights get *larger*." What it reaches on digits is drawn below, beside your repair.

# %% tags=["exercise"]
train

# %% [markdown]
# **Complaint 3.** "Dev is as good as train, to the last digit. And the same picture gets another probability when I evaluate it with other pictures."

# %% tags=["exercise"]
evaluate

# %%
X, y = digits()
order = np.random.default_rng(3).permutation(len(y))[:600]
X_train, y_train, X_dev, y_dev = prepare(X, y, order, 300)
net = fit_with_norm(X_train, y_train)
parts = {"train": (X_train, y_train), "dev": (X_dev, y_dev)}
by_batch = {size: evaluate(net, parts, size) for size in (1, 30, 300)}
told = by_batch[30]
print(f"train {told['train'][1]:.0%}, dev {told['dev'][1]:.0%}")
claim(
    "the repaired evaluation says the same in batches of 1, 30 and 300",
    max(abs(by_batch[size]["dev"][0] - told["dev"][0]) for size in (1, 300)),
    below=1e-9,
)

# %% [markdown]
# ## Is it healed? Prove it
#
# After a repair the score rises by a point. Was it the repair, or luck? Two rules: use **fresh seeds**, which you did not look at while you searched, and **pairs**: sick and repaired with the same data, start and order (lesson 01).
# Then count on how many seeds the repaired one is better.
#
# **Your task.** Derive how probable such a count is if the repair does nothing. No formula is given here.

# %% tags=["exercise"]
by_luck


# %%
def digits_of(seed):
    """Two parts of 300 digits each, and the draws of the first weights."""
    rng = np.random.default_rng([seed, 7])
    parts = prepare(X, y, rng.permutation(len(y))[:600], 300)
    return *parts, rng.normal(size=(64, 32)), rng.normal(size=(32, 10))


def trained(how, seed, turned=1):
    """The accuracy on new digits. turned=-1: the examples in reverse."""
    A, a, B, b, U1, U2 = digits_of(seed)
    A, T = A[::turned], np.eye(10)[a[::turned]]
    W1, W2, _ = how(A, T, U1, U2, 0.2, 0.9, 1.0, 30, 10)
    return np.mean((np.maximum(B @ W1, 0) @ W2).argmax(axis=1) == b)


def last_new(fault, form):
    return np.array(
        [final(program(fault, s, form, norm=False).log)["new"] for s in FRESH]
    )


FRESH = range(500, 512)
pairs = {
    "train, repaired": [
        np.array([trained(how, seed) for seed in FRESH])
        for how in (sick_train, train)
    ],
    "dropout switched off": [last_new("mode", 1), last_new("", 0)],
    "a placebo: another order": [
        np.array([trained(train, seed, turned) for seed in FRESH])
        for turned in (1, -1)
    ],
}
plots.proof(pairs)
luck = {}
for name, (before, after) in pairs.items():
    better, worse = np.sum(after > before), np.sum(after < before)
    luck[name] = by_luck(int(better), int(worse))
    print(
        f"{name:<25} better on {better}, worse on {worse}, "
        f"by luck {luck[name]:.4f}"
    )
claim(
    "the repaired training is better on at least 11 of 12 fresh seeds",
    np.array(pairs["train, repaired"][1] > pairs["train, repaired"][0]),
    at_least=11,
)
claim(
    "so is the evaluation without dropout, on at least 9",
    np.array(
        pairs["dropout switched off"][1] > pairs["dropout switched off"][0]
    ),
    at_least=9,
)
claim(
    "luck explains neither: the larger of the two probabilities",
    max(luck["train, repaired"], luck["dropout switched off"]),
    below=0.05,
)
gains = {
    name: 100 * np.mean(after - before)
    for name, (before, after) in pairs.items()
}
claim(
    "the repaired training gains over 3 points, mean of 12 seeds",
    gains["train, repaired"],
    above=3,
    form=".0f",
)
claim(
    "the placebo changes the mean by less than 1 point",
    abs(gains["a placebo: another order"]),
    below=1,
    form=".0f",
)

# %% [markdown]
# The placebo only turns the order of the examples round. On single seeds it moves the score up or down, too, and who looks at one good seed calls it a success. `by_luck` is the **sign test**. It assumes nothing about the size of the differences. With 5 seeds, even 5 of 5 leave 3 %. And of 100 placebos, up to five fall below 5 %, on average: so fix the number of seeds before you run them, and say how much was gained, not only that something was.
#
# A small probability says that *something* changed. It does not say that you have found the last fault: a repaired program goes through the whole examination again.
#
# ## The same in Keras
#
# The probes are the same; these are the places where such faults hide. `model(x, training=True)` evaluates in the wrong mode, `model.predict(x)` does not. A softmax layer together with `from_logits=True` is softmax twice (Keras on TensorFlow notices it, warns, and takes one). `loss.reduction="sum"` is the sum for the
# mean. `kernel_regularizer` is not divided by the number of examples. A schedule as `LearningRateSchedule` is asked by step, a `LearningRateScheduler` callback by epoch. `validation_split` takes the *last* rows, which is bad if they are
# sorted. Begin with `model.evaluate` before any training, and `model.fit` on twenty examples.
#
# ## Quiz

# %% tags=["quiz"]
first_look

# %% tags=["quiz"]
few_examples

# %% tags=["quiz"]
too_good

# %% tags=["quiz"]
proof

# %% [markdown]
# ## Papers to read
#
# - Karpathy (2019), *A recipe for training neural networks*, a [post](https://karpathy.github.io/2019/04/25/recipe/). Six stages from looking at the data to the last percent; read it before each new project.
# - Godbole, Dahl, Gilmer, Shallue and Nado (2023), *Deep learning tuning playbook*, [Google Research](https://github.com/google-research/tuning_playbook). What to do when nothing is broken any more: how to tune in steps from which you learn.
# - Kapoor and Narayanan (2023), *Leakage and the reproducibility crisis in machine-learning-based science*, Patterns,
#   [doi:10.1016/j.patter.2023.100804](https://doi.org/10.1016/j.patter.2023.100804). Eight kinds of leaks, found in hundreds of published papers.
# - Bengio (2012), *Practical recommendations for gradient-based training of deep architectures*, in Neural Networks: Tricks of the Trade,
#   [arXiv:1206.5533](https://arxiv.org/abs/1206.5533). Has a section on debugging and analysis.

# %% [markdown]
# ## What you can do now
#
# You look in an order: data, baseline, first cost, a few examples, steps, whole run. You have written the probes, and measured which fault each of them sees and which faults look alike in the cost. You have named faults of unknown programs, repaired
# three, and can say how often luck alone would look like such a repair. Next: [lesson 21](21_capstone.ipynb), where all of the course comes together.
