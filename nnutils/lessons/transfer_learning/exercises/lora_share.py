"""Exercise lora_share: which share of a model's numbers a training with adapters may change."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    points=2,
    minutes=5,
    hints=(
        "Count two things: what training may change, and all weights that the model had before the adapters came.",
        "A layer with rank 0 has no adapter: it stays frozen. Of a layer with an adapter neither W nor b changes, only A and B. Of the head, W and b change.",
        "For a layer below the head with W of shape (n_in, n_out): r * (n_in + n_out) may change. The head adds all its numbers, W.size + b.size. Divide by the sum of W.size + b.size over all layers.",
    ),
)
def lora_share(layers, ranks):
    """The share of a model's numbers that a training with adapters
    may change.

    layers: list of (W, b), W (n_in, n_out), b (n_out,); the last one is
    the head. ranks: for each layer below the head the rank of its
    adapter, 0 for none. W and b of these layers are frozen.
    The head has no adapter: its W and b are trained.
    Returns a float: how many numbers are trained, divided by how many
    the layers hold without any adapter.
    """
    trained = sum(array.size for array in layers[-1])
    total = trained
    for (W, b), r in zip(layers[:-1], ranks, strict=True):
        trained += r * sum(W.shape)
        total += W.size + b.size
    return trained / total


@lora_share.cases
def _(rng):
    for sizes, ranks in (
        ((12, 9, 7, 4), (2, 1)),
        ((20, 11, 3), (3,)),
        ((8, 9, 10, 5), (0, 4)),
        ((6, 5, 2), (0,)),
    ):
        shapes = zip(sizes[:-1], sizes[1:], strict=True)
        yield [(rng.normal(size=shape), rng.normal(size=shape[1])) for shape in shapes], ranks


def _share(
    layers, ranks, head=True, biases=True, head_bias=True, in_total=False, frozen=False, only_in=False
):
    trained = head * (layers[-1][0].size + head_bias * layers[-1][1].size)
    extra = 0
    for (W, b), r in zip(layers, ranks, strict=False):
        extra += r * (W.shape[0] if only_in else sum(W.shape)) + frozen * b.size
    total = sum(W.size + biases * b.size for W, b in layers)
    return (trained + extra) / (total + in_total * extra)


@lora_share.mistake("The head is missing among what is trained. It has no adapter: its W and b learn.")
def without_the_head(layers, ranks):
    return _share(layers, ranks, head=False)


@lora_share.mistake("Biases are missing in the number by which you divide. They belong to the model, too.")
def kernels_only(layers, ranks):
    return _share(layers, ranks, biases=False)


@lora_share.mistake("The head's bias is missing among what is trained.")
def head_without_bias(layers, ranks):
    return _share(layers, ranks, head_bias=False)


@lora_share.mistake("You divide by all numbers with the adapters. Divide by those of the layers alone.")
def adapters_in_the_total(layers, ranks):
    return _share(layers, ranks, in_total=True)


@lora_share.mistake("The biases of adapted layers are counted as trained. They are frozen.")
def biases_trained(layers, ranks):
    return _share(layers, ranks, frozen=True)


@lora_share.mistake(
    "Each adapter has two matrices: A has a row for each input, B a column for each output. One is missing."
)
def one_matrix(layers, ranks):
    return _share(layers, ranks, only_in=True)


@lora_share.variant
def by_sums(layers, ranks):
    adapters = sum(r * (W.shape[0] + W.shape[1]) for (W, _), r in zip(layers, ranks, strict=False))
    return (adapters + sum(np.size(a) for a in layers[-1])) / sum(np.size(a) for pair in layers for a in pair)


@lora_share.variant
def by_building_them(layers, ranks):
    trained = [*layers[-1]]
    for (W, _), r in zip(layers[:-1], ranks, strict=True):
        trained += [np.zeros((W.shape[0], r)), np.zeros((r, W.shape[1]))]
    return float(sum(a.size for a in trained) / sum(W.size + b.size for W, b in layers))
