"""Exercise adapt: a fine-tuning in two phases that is to be repaired."""

from nnutils.checks.exercise import exercise
from nnutils.checks.lazy import keras
from nnutils.checks.models import seed_from
from nnutils.lessons.transfer_learning.exercises.shared import OURS
from nnutils.lessons.transfer_learning.given import Trainee


@exercise(
    kind="repair",
    points=3,
    minutes=8,
    allows=OURS,
    hints=(
        "Write down for each phase what the docstring promises: which layers learn, at which rate, and what happens to batch normalization. Then read the code phase by phase.",
        "When does Keras look at the flags? Which layers does the second phase make trainable, and which of them should stay as they are? Which rate does the optimizer of the second phase get?",
        "The second phase needs a compile of its own, with SGD(lr / 10), after the flags are set; and each layer's flag there is not isinstance(layer, keras.layers.BatchNormalization).",
    ),
)
def adapt(model, X, y, lr):
    """Train a new head, then adapt the layers below it.

    model: a keras.Sequential with a new softmax head; there may be
    batch normalization before the head. X, y: the new examples.
    Phase 1: the last layer alone learns, at the rate lr.
    Phase 2: every layer learns but batch normalization, at a tenth
    of that rate. Batch normalization keeps its averages, its gamma
    and its beta in both phases. Each phase is 4 epochs of SGD
    on all examples at once. Returns model.get_weights().
    """
    loss = "sparse_categorical_crossentropy"
    for layer in model.layers:
        layer.trainable = layer is model.layers[-1]
    model.compile(keras.optimizers.SGD(lr), loss)
    model.fit(X, y, batch_size=len(y), epochs=4, verbose=0)
    rate = lr / 10
    for layer in model.layers:
        norm = isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = not norm
    model.compile(keras.optimizers.SGD(rate), loss)
    model.fit(X, y, batch_size=len(y), epochs=4, verbose=0)
    return model.get_weights()


adapt.fault(
    "old_step",
    "In phase 2 the layers below the head do not move: Keras still takes the training step that it built for phase 1.",
    right="model.compile(keras.optimizers.SGD(rate), loss)",
    wrong="model.optimizer.learning_rate = rate",
)
adapt.fault(
    "norm_learns",
    "In phase 2 batch normalization uses the statistics of the few new examples and moves its averages towards them.",
    right="layer.trainable = not norm",
    wrong="layer.trainable = layer.built",
)
adapt.fault(
    "rate_of_the_head",
    "Phase 2 goes on at the rate of the head: its steps are ten times longer than they should be.",
    right="rate = lr / 10",
    wrong="rate = lr",
)


@adapt.cases
def _(rng):
    for sizes, normalized, lr in (((4, 6, 5, 3), True, 0.3), ((3, 4, 2), False, 0.2), ((3, 5, 4), True, 0.5)):
        X = rng.normal(size=(12, sizes[0])).astype("float32")
        yield (
            Trainee(sizes, seed_from(rng), normalized=normalized, optimizer="SGD"),
            X,
            rng.integers(sizes[-1], size=12),
            lr,
        )


def _phases(model, X, y, lr, first=False, epochs=4, again=False):
    loss, normal = "sparse_categorical_crossentropy", keras.layers.BatchNormalization
    for number, rate in enumerate((lr, lr / 10)):
        for layer in model.layers[:-1]:
            layer.trainable = bool((number or first) and not isinstance(layer, normal))
        model.layers[-1].trainable = not (number and again)
        model.compile(keras.optimizers.SGD(rate), loss)
        model.fit(X, y, batch_size=len(y), epochs=epochs, verbose=0)
    return model.get_weights()


@adapt.mistake("The layers below the head learn in phase 1, too. There the head alone should.")
def all_in_both(model, X, y, lr):
    return _phases(model, X, y, lr, first=True)


@adapt.mistake("In phase 2 the head is frozen. It should learn there, too, with the layers below it.")
def head_frozen_again(model, X, y, lr):
    return _phases(model, X, y, lr, again=True)


@adapt.mistake("Each phase has one epoch. It should have four.")
def one_epoch(model, X, y, lr):
    return _phases(model, X, y, lr, epochs=1)


@adapt.variant
def in_a_loop(model, X, y, lr):
    return _phases(model, X, y, lr)


@adapt.variant
def by_kind_of_layer(model, X, y, lr):
    *below, head = model.layers
    for layer in below:
        layer.trainable = False
    head.trainable = True
    for rate in (lr, 0.1 * lr):
        model.compile(
            optimizer=keras.optimizers.SGD(learning_rate=rate), loss="sparse_categorical_crossentropy"
        )
        model.fit(X, y, epochs=4, batch_size=len(X), verbose=0)
        for layer in below:
            layer.trainable = layer.__class__.__name__ != "BatchNormalization"
    return [*model.get_weights()]
