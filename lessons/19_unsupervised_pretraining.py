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
# # Unsupervised pretraining
#
# Labels cost money, pictures hardly any. You have 1400 digits, and somebody has labelled 50 of them. Can a network learn
# something useful from the others first? When is it worth the trouble, and when is it not?
#
# **Takes** about 60 minutes · **Before this** lessons 07, 18
#
# **You will**
# - build an autoencoder, and turn its encoder into a classifier,
# - make labels out of nothing, by turning pictures, and measure what the features that this gives are worth,
# - pretrain a deep network layer by layer, and measure over 5 seeds what it brings with 50 labels and with all of them.

# %%
import keras  # after nnutils, which keeps TensorFlow quiet
import numpy as np

from nnutils import check, claim, hint, quiz, solution
from nnutils.data import digits
from nnutils.lessons.unsupervised_pretraining import plots
from nnutils.network import dense_network
from nnutils.optimizers import Adam
from nnutils.quick import quick
from nnutils.training import fit

# %% [markdown]
# ## A network that gives back what it gets
#
# An **autoencoder** has two parts. The encoder turns the input $x$ into a few numbers, the **codes** $h$; the decoder makes
# $\hat x$ out of them, which should be $x$ again. For inputs between 0 and 1:
#
# $$h = \sigma(x W_1 + b_1), \qquad \hat x = \sigma(h W_2 + b_2), \qquad
# L = -\sum_j \big[x_j \log \hat x_j + (1 - x_j) \log (1 - \hat x_j)\big]$$
#
# The target is the input itself, so no labels are needed. With fewer codes than inputs, the network has to find out what matters.
#
# **Your task.** Build such a network in Keras and compile it. (Keras takes the mean over the pixels instead of the sum.)

# %% tags=["exercise"]
build_autoencoder

# %% [markdown]
# Train yours on 1400 digits, with 16 codes for 64 pixels. The other digits, which it never saw, show what it has learned.
# (`quick` is the one of lesson 18: the same model, trained faster.)

# %%
X, y = digits()
order = np.random.default_rng(0).permutation(len(y))
pool, test = order[:1400], order[1400:]

keras.utils.set_random_seed(0)
autoencoder = quick(build_autoencoder(64, 16))
autoencoder.compile(
    keras.optimizers.Adam(0.01), "binary_crossentropy", jit_compile=False
)
autoencoder.fit(X[pool], X[pool], batch_size=64, epochs=40)
returned = np.asarray(autoencoder(X[test]))

plots.picture_rows(
    {"input": X[test][:10], "given back": returned[:10]},
    "Sixteen numbers are enough to give back a digit, a little blurred",
)
error = np.mean((returned - X[test]) ** 2)
mean_digit_error = np.mean((X[pool].mean(axis=0) - X[test]) ** 2)
print(
    f"mean squared error {error:.3f}; always giving the mean digit: "
    f"{mean_digit_error:.3f}"
)
claim(
    "on new digits the error is under half of that of the mean digit",
    error / mean_digit_error,
    below=0.5,
    form=".1f",
)

# %% [markdown]
# ## From encoder to classifier
#
# The codes say what matters in a digit, and a classifier wants to know just that. So throw the decoder away, put a new
# softmax layer on the codes, and train all of it with the few labels.
#
# **Your task.** Make a classifier from an autoencoder. As in lesson 18, the autoencoder must stay as it is, so copy its
# layers with their weights. Every layer but the last belongs to the encoder, however many there are.

# %% tags=["exercise"]
reuse_encoder

# %%
before = autoencoder.get_weights()
classifier = quick(reuse_encoder(autoencoder, 10))
same_start = np.array_equal(classifier.get_weights()[0], before[0])
classifier.compile(
    keras.optimizers.Adam(0.01),
    "sparse_categorical_crossentropy",
    jit_compile=False,
)
classifier.fit(X[pool[:50]], y[pool[:50]], batch_size=50, epochs=100)
read = np.mean(np.asarray(classifier(X[test])).argmax(axis=1) == y[test])
print(f"starts with the encoder's weights: {same_start}")
print(f"after 50 labels it reads {read:.0%} of the new digits")
claim(
    "training the classifier leaves the autoencoder as it was, bit for bit",
    [*map(np.array_equal, before, autoencoder.get_weights())],
    equal=len(before),
)

# %% [markdown]
# Is that much for 50 labels? You cannot know without a rival that starts from random weights. Each measurement below has one.
#
# ## Labels that cost nothing
#
# Giving back the input is one **pretext task**: a task whose labels come with the data. Another is to turn each picture by
# 0, 1, 2 or 3 quarter turns and to ask by how many. Whoever can tell knows what an upright digit looks like.
#
# **Your task.** Return all four turns of all pictures, and the number of quarter turns of each.

# %% tags=["exercise"]
auxiliary_labels

# %%
turned_X, turns = auxiliary_labels(X[pool].reshape(-1, 8, 8))
turned_test, turns_test = auxiliary_labels(X[test].reshape(-1, 8, 8))
plots.picture_rows(
    {f"turned {k} times": turned_X[turns == k][:8] for k in range(4)},
    "The number of turns is a label that nobody had to write",
)
turn_reader = dense_network([64, 64, 4], rng=0)
flat = turned_X.reshape(-1, 64)
fit(
    turn_reader,
    flat,
    turns,
    Adam(0.003),
    epochs=20,
    batch_size=64,
    measure=False,
)
turns_read = turn_reader.accuracy(turned_test.reshape(-1, 64), turns_test)
print(f"{len(turns)} labelled pictures from {len(pool)} without labels")
print(f"turns read right on new digits: {turns_read:.0%} (guessing: 25%)")
claim(
    "the turn of over 85 % of new digits is read",
    turns_read,
    above=0.85,
    form=".0%",
)

# %% [markdown]
# It can tell. But the turns are not what you want to know. So keep its hidden layer, as you kept the encoder, and ask for the
# digits with 50 labels, in two ways:
#
# - the layer stays **frozen**, and a softmax layer learns on top of it (a *linear probe*). The rival is a frozen layer with random weights;
# - the layer is **trained** with the head. The rival is the same network from random weights.


# %%
SEEDS = range(100, 105)


def draw(seed):
    """Which digits are for training, and which for the test."""
    order = np.random.default_rng(seed).permutation(len(y))
    return order[:1400], order[1400:]


def layer_that_reads_turns(seed):
    turned, turns = auxiliary_labels(X[draw(seed)[0]].reshape(-1, 8, 8))
    network = dense_network([64, 64, 4], rng=seed)
    flat = turned.reshape(-1, 64)
    fit(
        network,
        flat,
        turns,
        Adam(0.003),
        epochs=20,
        batch_size=64,
        measure=False,
    )
    return network.weights[0], network.biases[0]


def probe_and_tuned(seed, layer=None):
    """Test accuracies with 50 labels: the first layer frozen, and trained."""
    (pool, test), settings = (
        draw(seed),
        {"epochs": 150, "batch_size": 50, "rng": seed},
    )
    network = dense_network([64, 64, 10], rng=seed)
    if layer is not None:
        network.weights[0][:], network.biases[0][:] = layer
    features = np.maximum(X @ network.weights[0] + network.biases[0], 0)
    head = dense_network([64, 10], rng=seed)
    for model, inputs in ((head, features), (network, X)):
        few = pool[:50]
        fit(
            model, inputs[few], y[few], Adam(0.003), measure=False, **settings
        )
    return head.accuracy(features[test], y[test]), network.accuracy(
        X[test], y[test]
    )


# %%
random = np.array([probe_and_tuned(seed) for seed in SEEDS])
turned = np.array(
    [probe_and_tuned(s, layer_that_reads_turns(s)) for s in SEEDS]
)
ways = ("frozen (linear probe)", "trained")
plots.runs_compared(
    {
        way: {
            "random weights": random[:, i],
            "weights that read turns": turned[:, i],
        }
        for i, way in enumerate(ways)
    },
    "Features that read turns help a frozen layer, and not a trained one",
    "the first layer, with 50 labels (points: 5 seeds)",
)
for way, a, b in zip(ways, 100 * random.T, 100 * turned.T, strict=True):
    print(
        f"{way:<22} random {a.mean():.0f} %, from turns {b.mean():.0f} %, "
        f"gain {(b - a).mean():+.1f} points, "
        f"ahead in {(b > a).sum()} of 5 seeds"
    )

# %%
probe_gain, tuned_gain = 100 * (turned - random).mean(axis=0)
claim(
    "frozen, the features from turns beat random ones by over 1 point",
    probe_gain / 100,
    above=0.01,
    form=".1%",
)
claim(
    "trained, the pretext task gains nothing: less than 1 point",
    tuned_gain / 100,
    below=0.01,
    form=".1%",
)
claim(
    "training the layer on 50 labels beats freezing what the turns taught, "
    "by over 3 points",
    (random[:, 1] - turned[:, 0]).mean(),
    above=0.03,
    form=".0%",
)

# %% [markdown]
# So the pretext task taught the layer something about digits, but less than 50 labels teach it. Reading turns of these small, upright
# pictures is perhaps too easy to need much. With large networks and millions of photographs, Gidaris et al. (2018) found more in
# it. The rule: a pretext task that is solved well is no proof of useful features. Measure on the task that you want.

# %% [markdown]
# ## Layer by layer
#
# In 2006 deep networks had sigmoid units and small random weights, and gradient descent made little of them: the gradient of
# the lower layers all but vanished (lesson 07). **Greedy layer-wise pretraining** was the way out. Train an autoencoder on the
# inputs, keep its encoder; train a second one on its codes, keep that encoder; and so on:
#
# $$h^{[0]} = x, \qquad h^{[l]} = \sigma\big(h^{[l-1]} W^{[l]} + b^{[l]}\big), \qquad
# (W^{[l]}, b^{[l]}) \text{ from an autoencoder of } h^{[l-1]}$$
#
# **Your task.** Write that loop. `train_layer(H, n_units)` trains one autoencoder and gives you its encoder.

# %% tags=["exercise"]
pretrain_layers

# %% [markdown]
# Now the measurement. A network of three hidden layers with 32 sigmoid units each starts once from random weights and once from
# what your `pretrain_layers` made of 1400 digits. Then both learn from labels: from 50, or from all 1400. As the autoencoders
# are small and many, they are trained by the course's own network here; the decoder is linear and the loss the squared error.
# Widths and learning rates were chosen on other seeds than the 5 that count here.


# %%
SIZES = [32, 32, 32]


def train_layer(H, n_units):
    sizes = [H.shape[1], n_units, H.shape[1]]
    network = dense_network(
        sizes, activation="sigmoid", loss="mse", rng=n_units
    )
    fit(network, H, H, Adam(0.003), epochs=40, batch_size=64, measure=False)
    return network.weights[0], network.biases[0]


def accuracy(seed, n_labels, epochs, activation="sigmoid", pretrained=()):
    pool, test = draw(seed)
    labelled = pool[:n_labels]
    network = dense_network([64, *SIZES, 10], activation=activation, rng=seed)
    for k, (W, b) in enumerate(pretrained):
        network.weights[k][:], network.biases[k][:] = W, b
    labels = X[labelled], y[labelled]
    adam = Adam(0.003)
    fit(
        network,
        *labels,
        adam,
        epochs=epochs,
        batch_size=50,
        rng=seed,
        measure=False,
    )
    return network.accuracy(X[test], y[test])


# %%
stacks = {
    seed: pretrain_layers(X[draw(seed)[0]], SIZES, train_layer)
    for seed in SEEDS
}
results = {}
for name, n_labels, epochs in [
    ("50 labels", 50, 150),
    ("all 1400 labels", 1400, 100),
]:
    results[name] = {
        "from random weights": [accuracy(s, n_labels, epochs) for s in SEEDS],
        "pretrained": [
            accuracy(s, n_labels, epochs, pretrained=stacks[s]) for s in SEEDS
        ],
    }
plots.runs_compared(
    results,
    "With few labels pretraining helps on average, with all of them no more",
    "labels (points: 5 seeds)",
)
gains = {}
for name, of in results.items():
    scratch, pretrained = (100 * np.array(runs) for runs in of.values())
    gains[name] = pretrained - scratch
    print(
        f"{name:<16} random {scratch.mean():.0f} %, "
        f"pretrained {pretrained.mean():.0f} %, "
        f"gain {gains[name].mean():+.0f} points, "
        f"ahead in {(gains[name] > 0).sum()} of 5"
    )

# %%
claim(
    "with 50 labels pretraining gains over 2 points on average of 5 seeds",
    gains["50 labels"].mean() / 100,
    above=0.02,
    form=".0%",
)
claim(
    "with 50 labels pretraining is ahead in at least 3 of the 5 seeds",
    gains["50 labels"] > 0,
    at_least=3,
)
claim(
    "with all labels it gains less than 2 points on average",
    abs(gains["all 1400 labels"].mean()) / 100,
    below=0.02,
    form=".0%",
)

# %% [markdown]
# With all labels the gain is gone: they seem to say everything that the pictures alone could. With few, it depends on the
# seed, too: look at the points. Five seeds show a tendency here, not a law.
#
# And there is a rival. Since 2010 or so, better activations and initial weights (lessons 07 and 09) cure the same illness. Here is the
# same network, with the same He initialization, with ELU instead of sigmoid and without any unlabelled digit.

# %%
elu = 100 * np.array([accuracy(s, 50, 150, activation="elu") for s in SEEDS])
pretrained = 100 * np.array(results["50 labels"]["pretrained"])
print(
    f"50 labels: pretrained sigmoid {pretrained.mean():.0f} %, "
    f"ELU {elu.mean():.0f} %"
)
print(f"ELU is ahead in {(elu > pretrained).sum()} of 5 seeds")
claim(
    "ELU from random weights beats the pretrained sigmoids by over 2 "
    "points, mean of 5 seeds",
    (elu.mean() - pretrained.mean()) / 100,
    above=0.02,
    form=".0%",
)

# %% [markdown]
# Put plainly: on a network of this size, pretraining repairs what sigmoids spoil, and a good activation repairs more without any
# pretraining. Nobody trains an autoencoder layer by layer any more. So try the modern network first, then one that has learned a related
# task (lesson 18). Pretrain by yourself where labels are few, no relative is to be had, and unlabelled examples are plenty.

# %% [markdown]
# ## The same in Keras
#
# What your `pretrain_layers` made fits into Keras as it is: weights are `(n_in, n_out)` in both. Build the stack with a decoder
# on top, and your `reuse_encoder` does the rest. The codes of both must agree, up to Keras' single precision.

# %%
Dense = keras.layers.Dense
stack = keras.Sequential(
    [keras.Input((64,))]
    + [Dense(n, activation="sigmoid") for n in SIZES]
    + [Dense(64, activation="sigmoid")]
)
for layer, (W, b) in zip(stack.layers, stacks[100], strict=False):
    layer.set_weights([W, b])
deep_classifier = reuse_encoder(stack, 10)

ours = dense_network([64, *SIZES, 10], activation="sigmoid", rng=0)
for k, (W, b) in enumerate(
    [*stacks[100], deep_classifier.layers[-1].get_weights()]
):
    ours.weights[k][:], ours.biases[k][:] = W, b
apart = np.abs(
    np.asarray(deep_classifier(X[test])) - ours.predict_proba(X[test])
).max()
print(
    f"largest difference of a probability under 0.0001: {bool(apart < 1e-4)}"
)
claim(
    "Keras' classifier computes what the course's network does",
    apart,
    below=1e-4,
)

# %% [markdown]
# ## What stands in for the autoencoder today
#
# Layers one by one are history; the pattern is not. It is the same as with your turns: solve a task whose labels are free, throw
# the head away, keep the body. What changed is the scale: where the unlabelled data are a good part of the internet and the
# labelled ones a few thousand, this is how almost every large model begins. On 1400 digits you cannot see that, and did not.
#
# - A **masked language model** guesses words that were hidden in plain text. Its body then classifies, translates, answers.
# - The **discriminator** of a generative adversarial network (GAN) learns to tell real pictures from made ones; its lower layers know what real ones look like.
# - **Contrastive** methods ask which two views belong to the same picture.
# - **Masked autoencoders** hide most of a picture and fill it in.

# %% [markdown]
# ## Quiz

# %% tags=["quiz"]
who_gives_the_labels

# %% tags=["quiz"]
when_to_pretrain

# %% tags=["quiz"]
a_pretext_that_fails

# %% tags=["quiz"]
what_stands_in

# %% [markdown]
# ## Papers to read
#
# - Hinton & Salakhutdinov (2006), *Reducing the dimensionality of data with neural networks*, Science. Deep autoencoders,
#   trained layer by layer.
# - Bengio, Lamblin, Popovici & Larochelle (2007), *Greedy layer-wise training of deep networks*, NeurIPS. Your last exercise.
# - Erhan et al. (2010), *Why does unsupervised pre-training help deep learning?*, JMLR. Many runs, and two explanations weighed.
# - Gidaris, Singh & Komodakis (2018), *Unsupervised representation learning by predicting image rotations*, ICLR. The free labels.
# - Devlin et al. (2019), *BERT*, NAACL. The same idea for text, and what came of it.

# %% [markdown]
# ## What you can do now
#
# A network can learn without labels: from its own inputs, or from a pretext task. You have pretrained a deep sigmoid network on
# digits, and measured that it helps on average with 50 labels and no longer with all of them. You have also seen that a better activation
# helps more here, and that features from a pretext task can be better than random ones and still not be worth keeping. So you
# know what to try first, and what to measure.
#
# Next: [lesson 21](21_capstone.ipynb), where all of the course comes together.
