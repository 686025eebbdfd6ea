"""Exercises of lesson 04: dropout in training and at test time, and three of its relatives."""

import numpy as np

from nnutils.checks.exercise import exercise, question, right, wrong
from nnutils.givens.dropout import NoisyNetwork, NoisyReading

NUMBER = 4
MINUTES = 90


def _spread(rng, *shape):
    """Uniform draws in random places, one in each n-th of [0, 1): so few that are still spread evenly."""
    n = int(np.prod(shape))
    return (rng.permutation(n) + rng.random(n)).reshape(shape) / n


def _mask(rng, keep_prob, *shape):
    return _spread(rng, *shape) < keep_prob


@exercise(
    points=1,
    minutes=4,
    hints=(
        "A draw u is uniform between 0 and 1. With which probability is it below .8?",
        "u lies below keep_prob with probability keep_prob: those are the units to keep.",
        "Compare the whole array at once, u < keep_prob. The comparison is the mask.",
    ),
)
def dropout_mask(u, keep_prob):
    """The mask of dropout: which units are kept.

    u: array of any shape, one uniform draw from [0, 1) for every unit of every example.
    keep_prob: the probability to keep a unit, above 0 and at most 1.
    Returns a boolean array of u's shape: True where the unit is kept, which is where u is
    smaller than keep_prob. Source: Srivastava et al. 2014.
    """
    return u < keep_prob


@dropout_mask.cases
def _(rng):
    yield _spread(rng, 4, 3), 0.8
    yield _spread(rng, 2, 7), 0.3
    yield 0.6 * _spread(rng, 11), 0.8
    yield _spread(rng, 2, 3, 4), 0.9
    yield _spread(rng, 3, 2), 1.0


@dropout_mask.mistake(
    "This mask is True where a unit is dropped. It should be True where the unit is kept: u below keep_prob."
)
def true_where_dropped(u, keep_prob):
    return u >= keep_prob


@dropout_mask.mistake(
    "You compare with 1 - keep_prob, which is what Keras calls the rate. "
    "Here keep_prob is the probability to keep: compare with keep_prob itself."
)
def compared_with_the_rate(u, keep_prob):
    return u < 1 - keep_prob


@dropout_mask.mistake(
    "These are the right units, written as numbers. Return the comparison itself: an array of True and False."
)
def mask_of_numbers(u, keep_prob):
    return (u < keep_prob).astype(float)


@dropout_mask.mistake(
    "This mask is divided by keep_prob already. That is the next step: "
    "the mask only says True or False, and dropout_forward divides."
)
def mask_already_scaled(u, keep_prob):
    return (u < keep_prob) / keep_prob


@dropout_mask.mistake(
    "You use the first row's mask for every example. Each example has a thinned network of its own: "
    "compare every entry of u."
)
def one_mask_for_the_batch(u, keep_prob):
    return np.broadcast_to(u[:1] < keep_prob, u.shape).copy()


@dropout_mask.mistake(
    "You keep a fixed number of units, those with the smallest draws. In dropout every unit decides for "
    "itself: kept if its own u is below keep_prob, whatever the others do."
)
def fixed_number_of_units(u, keep_prob):
    rank = u.ravel().argsort().argsort().reshape(u.shape)
    return rank < round(keep_prob * u.size)


@dropout_mask.mistake("This cuts at one half. The unit is kept where u is below keep_prob.")
def cut_at_one_half(u, keep_prob):
    return u < 0.5


@dropout_mask.variant
def by_where(u, keep_prob):
    return np.where(u >= keep_prob, False, True)


@dropout_mask.variant
def entry_by_entry(u, keep_prob):
    mask = np.zeros(u.shape, bool)
    for place in np.ndindex(u.shape):
        mask[place] = u[place] <= keep_prob
    return mask


@dropout_mask.variant
def by_sign(u, keep_prob):
    return np.ceil(keep_prob - u).astype(bool)


@exercise(
    points=2,
    minutes=6,
    hints=(
        "Two things happen to a unit: it may become zero, and if it does not, it grows.",
        "A boolean mask times an array is the array with zeros where the mask is False. "
        "A unit survives in a share keep_prob of all draws: which factor makes up for the rest?",
        "Multiply a by the mask and divide the product by keep_prob.",
    ),
)
def dropout_forward(a, mask, keep_prob):
    """Inverted dropout, in training.

    a: activations of any shape; mask: booleans of the same shape, True where a unit is
    kept; keep_prob: the probability with which mask was drawn, above 0 and at most 1.
    Returns an array of a's shape: 0 where a unit is dropped, and where it is kept so much
    larger than a that the expected value over all masks is a. With keep_prob = .8 that
    is a / .8. Source: Srivastava et al. 2014.
    """
    return a * mask / keep_prob


@dropout_forward.cases
def _(rng):
    yield rng.normal(size=(4, 3)), _mask(rng, 0.8, 4, 3), 0.8
    yield rng.normal(size=(2, 7)), _mask(rng, 0.3, 2, 7), 0.3
    yield rng.integers(1, 9, size=(3, 5)), _mask(rng, 0.7, 3, 5), 0.7
    yield rng.normal(size=(2, 3, 4)), _mask(rng, 0.9, 2, 3, 4), 0.9
    yield rng.normal(size=(1, 3)), np.array([[True, False, True]]), 0.6
    yield rng.normal(size=4), np.ones(4, bool), 1.0


@dropout_forward.mistake(
    "You dropped the units and did not scale the others. On average the activations are too small now: "
    "divide by keep_prob."
)
def forward_not_scaled(a, mask, keep_prob):
    return a * mask


@dropout_forward.mistake(
    "You multiplied by keep_prob. The units that are left have to stand in for the dropped ones, so they "
    "grow: "
    "divide by keep_prob."
)
def forward_multiplied(a, mask, keep_prob):
    return a * mask * keep_prob


@dropout_forward.mistake(
    "You divided by 1 - keep_prob, the share that is dropped. A unit is kept with probability keep_prob: "
    "divide by that."
)
def forward_over_the_rate(a, mask, keep_prob):
    return a * mask / (1 - keep_prob)


@dropout_forward.mistake(
    "You dropped the units that the mask keeps. The mask is True where a unit is kept: multiply by the "
    "mask itself."
)
def forward_drops_the_kept(a, mask, keep_prob):
    return a * ~mask / keep_prob


@dropout_forward.mistake(
    "You divided by the share of units that this one mask happens to keep. Divide by keep_prob: "
    "the expected value is over all masks."
)
def forward_over_the_share(a, mask, keep_prob):
    return a * mask / mask.mean()


@dropout_forward.mistake("Every unit is scaled and none is dropped. Multiply by the mask, too.")
def forward_without_mask(a, mask, keep_prob):
    return a / keep_prob


@dropout_forward.mistake(
    "You return only the units that are kept, so the shape is lost. A dropped unit stays in its place as a 0."
)
def forward_cuts_out(a, mask, keep_prob):
    return a[mask] / keep_prob


@dropout_forward.mistake(
    "The numbers are right, but a itself has changed: a *= and a[...] = write into the caller's array. "
    "Compute a new one."
)
def forward_in_place(a, mask, keep_prob):
    a *= mask
    return a / keep_prob


def _masked_otherwise(arguments, result):
    kept = result != 0
    by_mask = (kept == arguments["mask"]).all() or (kept != arguments["mask"]).all()
    scaled = arguments["a"] / arguments["keep_prob"]
    return np.allclose(result, scaled * kept) and kept.any() and not kept.all() and not by_mask


@dropout_forward.mistake(
    "You drew a mask of your own. Use the one in the argument: the backward pass needs the same mask again.",
    symptom=_masked_otherwise,
)
def forward_own_mask(a, mask, keep_prob):
    return a * (np.random.default_rng(7).random(a.shape) < keep_prob) / keep_prob


@dropout_forward.variant
def forward_by_where(a, mask, keep_prob):
    return np.where(mask, a / keep_prob, 0)


@dropout_forward.variant
def forward_on_a_copy(a, mask, keep_prob):
    out = np.array(a, float)
    out[~mask] = 0
    out /= keep_prob
    return out


@dropout_forward.variant
def forward_scaled_mask(a, mask, keep_prob):
    return np.einsum("i,i->i", a.ravel(), mask.ravel() * (1 / keep_prob)).reshape(a.shape)


@exercise(
    points=1,
    minutes=4,
    hints=(
        "The forward pass multiplies every unit by a number. What is the derivative of c * a with respect "
        "to a?",
        "That number is 0 for a dropped unit and 1 / keep_prob for a kept one. "
        "The chain rule multiplies the derivative from above by it.",
        "It is the forward pass's own formula, with da in the place of a.",
    ),
)
def dropout_backward(da, mask, keep_prob):
    """The derivative of the loss, taken back through inverted dropout.

    da: derivative of the loss with respect to dropout's OUTPUT, of any shape;
    mask: the very mask of the forward pass, booleans of the same shape;
    keep_prob: that of the forward pass.
    Returns the derivative with respect to dropout's INPUT a, an array of da's shape: by the
    chain rule da times the derivative of dropout_forward(a, mask, keep_prob), unit by unit.
    Source: Srivastava et al. 2014.
    """
    return da * mask / keep_prob


@dropout_backward.cases
def _(rng):
    yield rng.normal(size=(3, 4)), _mask(rng, 0.8, 3, 4), 0.8
    yield rng.normal(size=(7, 2)), _mask(rng, 0.3, 7, 2), 0.3
    yield rng.integers(1, 9, size=(5, 3)) * 1.0, _mask(rng, 0.7, 5, 3), 0.7
    yield rng.normal(size=(3, 2, 4)), _mask(rng, 0.9, 3, 2, 4), 0.9
    yield rng.normal(size=5), np.ones(5, bool), 1.0


@dropout_backward.variant
def backward_in_two_steps(da, mask, keep_prob):
    dA = da * mask
    dA /= keep_prob
    return dA


@dropout_backward.mistake(
    "The derivative passes where it should, but it is not scaled. The forward pass divides by keep_prob, "
    "so its derivative does, too."
)
def backward_not_scaled(da, mask, keep_prob):
    return da * mask


@dropout_backward.mistake(
    "You scaled and did not mask. A unit that was dropped had no share in the loss: its derivative is 0."
)
def backward_not_masked(da, mask, keep_prob):
    return da / keep_prob


@dropout_backward.mistake(
    "You passed da on unchanged. The output was a * mask / keep_prob, so a change of a reaches the loss "
    "through that factor."
)
def backward_unchanged(da, mask, keep_prob):
    return np.array(da, float)


@dropout_backward.mistake(
    "You undid the forward pass: multiplied where it divides. The derivative of c * a is c, not 1 / c: "
    "divide by keep_prob here as well."
)
def backward_undone(da, mask, keep_prob):
    return da * mask * keep_prob


@dropout_backward.mistake(
    "The factor 1 / keep_prob is in there twice. The chain rule multiplies da by the factor of the forward "
    "pass once."
)
def backward_scaled_twice(da, mask, keep_prob):
    return da * mask / keep_prob**2


@dropout_backward.mistake(
    "The derivative passes through the dropped units and stops at the kept ones. The mask is True where a "
    "unit "
    "is kept."
)
def backward_through_the_dropped(da, mask, keep_prob):
    return da * ~mask / keep_prob


@dropout_backward.mistake(
    "The numbers are right, but da itself has changed: da *= and da[...] = write into the caller's array. "
    "Compute a new one."
)
def backward_in_place(da, mask, keep_prob):
    da[~mask] = 0
    return da / keep_prob


@dropout_backward.variant
def backward_is_forward(da, mask, keep_prob):
    return dropout_forward(da, mask, keep_prob)


@dropout_backward.variant
def backward_by_where(da, mask, keep_prob):
    return np.where(mask, da, 0.0) * (1 / keep_prob)


@dropout_backward.variant
def backward_entry_by_entry(da, mask, keep_prob):
    d = np.zeros(da.shape)
    for place in zip(*np.nonzero(mask), strict=True):
        d[place] = da[place] / keep_prob
    return d


@exercise(
    points=1,
    minutes=4,
    hints=(
        "In training a unit was there in a share keep_prob of the steps, and 0 in the others. "
        "What did the next layer see on average?",
        "The average is keep_prob * a + (1 - keep_prob) * 0. At test time nothing is random any more.",
        "Multiply a by keep_prob.",
    ),
)
def classic_dropout_predict(a, keep_prob):
    """The test-time step of classic dropout, which does NOT scale the kept units in training.

    a: activations at test time, with all units present, of any shape; keep_prob: the
    probability to keep a unit in training. Returns an array of a's shape: what the next
    layer saw on average in training, the mean over all masks of a * mask. Nothing is
    dropped and nothing is drawn. Source: Hinton et al. 2012.
    """
    return a * keep_prob


@classic_dropout_predict.cases
def _(rng):
    yield rng.normal(size=(4, 3)), 0.8
    yield rng.normal(size=(2, 5)), 0.3
    yield rng.integers(2, 9, size=(3, 2)), 0.7  # 1 would be cut down to 0
    yield rng.normal(size=6), 0.9
    yield rng.normal(size=(1, 1)), 0.6


@classic_dropout_predict.mistake(
    "You return a as it is. That is the test-time step of inverted dropout; here the scaling was left out in "
    "training, so it is due now."
)
def predict_unscaled(a, keep_prob):
    return np.array(a, float)


@classic_dropout_predict.mistake(
    "You divided by keep_prob. In training units were missing, now all are there, so the sum is too large: "
    "multiply by keep_prob."
)
def predict_divided(a, keep_prob):
    return a / keep_prob


@classic_dropout_predict.mistake(
    "You multiplied by 1 - keep_prob, the share that was dropped. The average is over the share that was "
    "kept."
)
def predict_by_the_rate(a, keep_prob):
    return a * (1 - keep_prob)


def _has_zeros(arguments, result):
    """Some units are 0 and the others carry one and the same factor: a mask was drawn."""
    kept = result != 0
    ratio = (result / arguments["a"])[kept]
    return kept.any() and not kept.all() and np.allclose(ratio, ratio[0])


@classic_dropout_predict.mistake(
    "You dropped units at test time. Now all of them are there, and the answer should be the same each time: "
    "scale them by keep_prob.",
    symptom=_has_zeros,
)
def predict_still_drops(a, keep_prob):
    return a * (np.random.default_rng(7).random(a.shape) < keep_prob)


@classic_dropout_predict.mistake(
    "You cut the result down to whole numbers, because a holds whole numbers. Let the product be floats."
)
def predict_cut_down(a, keep_prob):
    return (a * keep_prob).astype(a.dtype)


@classic_dropout_predict.mistake(
    "You changed a itself: a *= keep_prob writes into the caller's array (and fails if it holds whole "
    "numbers). "
    "Compute a new one."
)
def predict_in_place(a, keep_prob):
    a *= keep_prob
    return a


@classic_dropout_predict.variant
def predict_as_mean(a, keep_prob):
    return keep_prob * a + (1 - keep_prob) * np.zeros_like(a)


@classic_dropout_predict.variant
def predict_less_the_dropped(a, keep_prob):
    return a - (1 - keep_prob) * a


@exercise(
    points=2,
    minutes=6,
    hints=(
        "Dropout sets units to 0; DropConnect sets single weights to 0. Which array does the mask fit?",
        "The mask has W's shape. Treat W as dropout_forward treats a; then it is an ordinary dense layer.",
        "x @ (W * mask / keep_prob) + b.",
    ),
)
def dropconnect_forward(x, W, b, mask, keep_prob):
    """A dense layer with DropConnect, in training: weights are dropped instead of units.

    x: (m, n_in); W: (n_in, n_out); b: (n_out,); mask: (n_in, n_out) booleans, True where a
    weight is kept, the same for all m examples;
    keep_prob: the probability to keep a weight.
    Returns z: (m, n_out), the layer's output before the activation. Dropped weights count
    as 0, the kept ones are scaled as in inverted dropout, and the bias is left alone.
    Source: Wan et al. 2013 (with a mask for each example).
    """
    return x @ (W * mask / keep_prob) + b


@dropconnect_forward.cases
def _(rng):
    def layer(m, n_in, n_out, keep_prob):
        return rng.normal(size=(m, n_in)), rng.normal(size=(n_in, n_out)), rng.normal(size=n_out), keep_prob

    for m, n_in, n_out, keep_prob in ((4, 3, 7, 0.8), (2, 7, 3, 0.3), (1, 4, 2, 0.6), (3, 1, 5, 0.7)):
        x, W, b, keep_prob = layer(m, n_in, n_out, keep_prob)
        yield x, W, b, _mask(rng, keep_prob, n_in, n_out), keep_prob
    x, W = rng.integers(1, 5, size=(2, 3)), rng.integers(1, 9, size=(3, 4))
    yield x, W, rng.integers(1, 9, size=4), _mask(rng, 0.9, 3, 4), 0.9


@dropconnect_forward.mistake(
    "The weights that are left are not scaled. On average x @ W is too small now: divide by keep_prob."
)
def connect_not_scaled(x, W, b, mask, keep_prob):
    return x @ (W * mask) + b


@dropconnect_forward.mistake(
    "You multiplied by keep_prob. The weights that are left stand in for the dropped ones: divide by "
    "keep_prob."
)
def connect_multiplied(x, W, b, mask, keep_prob):
    return x @ (W * mask * keep_prob) + b


@dropconnect_forward.mistake(
    "You scaled the bias, too. Only the product with the masked weights is divided by keep_prob; "
    "b is added after that."
)
def connect_scales_the_bias(x, W, b, mask, keep_prob):
    return (x @ (W * mask) + b) / keep_prob


@dropconnect_forward.mistake("The bias is missing: add b to every row.")
def connect_without_bias(x, W, b, mask, keep_prob):
    return x @ (W * mask / keep_prob)


@dropconnect_forward.mistake(
    "You used the first row of the mask on the outputs: whole units are dropped, which is dropout. "
    "DropConnect masks single weights: the mask multiplies W, entry by entry."
)
def connect_drops_outputs(x, W, b, mask, keep_prob):
    return x @ W * mask[0] / keep_prob + b


@dropconnect_forward.mistake(
    "You used the first column of the mask on the inputs: whole inputs are dropped, which is dropout. "
    "DropConnect masks single weights: the mask multiplies W, entry by entry."
)
def connect_drops_inputs(x, W, b, mask, keep_prob):
    return (x * mask[:, 0] / keep_prob) @ W + b


@dropconnect_forward.mistake(
    "You dropped the weights that the mask keeps. The mask is True where a weight is kept."
)
def connect_drops_the_kept(x, W, b, mask, keep_prob):
    return x @ (W * ~mask / keep_prob) + b


@dropconnect_forward.mistake(
    "The numbers are right, but W itself has changed: W *= and W[...] = write into the layer's weights, and "
    "those that were dropped are lost for good. Compute a new array."
)
def connect_in_place(x, W, b, mask, keep_prob):
    W *= mask
    return x @ W / keep_prob + b


@dropconnect_forward.variant
def connect_product_scaled(x, W, b, mask, keep_prob):
    return x @ np.where(mask, W, 0) / keep_prob + b


@dropconnect_forward.variant
def connect_einsum(x, W, b, mask, keep_prob):
    return np.einsum("mi,ij,ij->mj", x, W, mask.astype(float)) / keep_prob + b


@dropconnect_forward.variant
def connect_unit_by_unit(x, W, b, mask, keep_prob):
    z = np.zeros((len(x), W.shape[1]))
    for j in range(W.shape[1]):
        kept = mask[:, j]
        z[:, j] = x[:, kept] @ W[kept, j] / keep_prob + b[j]
    return z


@exercise(
    points=2,
    minutes=8,
    returns=("mean", "std"),
    hints=(
        "Every call forward(x, rng) is one thinned network's answer. Collect n_samples of them.",
        "Stack the answers along a new first axis; then take the mean and the standard deviation over "
        "that axis.",
        "samples = np.array([forward(x, rng) for _ in range(n_samples)]), then mean and std with axis=0.",
    ),
)
def mc_dropout_predict(forward, x, n_samples, rng):
    """Monte Carlo dropout: mean and spread of many predictions, made with dropout left on.

    forward: a function, forward(x, rng) is one prediction with dropout on, different at
    each call; its shape is any, often (m, n_classes).
    x: the inputs, handed on to forward as they are. n_samples: how often to call forward;
    rng: the random generator, handed to forward at each call.
    Returns (mean, std): two arrays of a prediction's shape, over the samples for each
    entry; std is sqrt(1/n_samples * sum (sample - mean)^2). Source: Gal & Ghahramani 2016.
    """
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.std(axis=0)


@mc_dropout_predict.cases
def _(rng):
    def network(n_x, n_h, n_y):
        return NoisyNetwork(rng.normal(size=(n_x, n_h)), rng.normal(size=(n_h, n_y)), 0.5)

    yield network(3, 6, 2), rng.normal(size=(4, 3)), 5, _generator(rng)
    yield network(2, 5, 3), rng.normal(size=(1, 2)), 3, _generator(rng)
    yield NoisyReading(2.0), rng.normal(size=4), 7, _generator(rng)
    yield NoisyReading(0.5), rng.integers(1, 9, size=(3, 2)), 24, _generator(rng)
    yield network(2, 4, 2), rng.normal(size=(3, 2)), 1, _generator(rng)


def _generator(rng):
    return np.random.default_rng(rng.integers(2**32))


@mc_dropout_predict.mistake("The mean is right; the spread is the variance. Take its square root.")
def mc_variance(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.var(axis=0)


@mc_dropout_predict.mistake(
    "You divided by n_samples - 1 (ddof=1). Here the spread is that of the samples at hand: divide by "
    "n_samples."
)
def mc_one_less(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.std(axis=0, ddof=1)


@mc_dropout_predict.mistake(
    "You divided the spread by the root of n_samples. That is how well the mean is known, and it goes to "
    "0 with "
    "more samples; asked is how far the predictions lie apart."
)
def mc_standard_error(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.std(axis=0) / np.sqrt(n_samples)


def _no_spread(arguments, result):
    return arguments["n_samples"] > 1 and not np.any(result[1])


@mc_dropout_predict.mistake(
    "All your samples are the same, so the spread is 0. Call forward anew for every sample, each time "
    "with the "
    "rng from the argument: its next draws are different ones.",
    symptom=_no_spread,
)
def mc_same_sample(forward, x, n_samples, rng):
    samples = np.array([forward(x, np.random.default_rng(0)) for _ in range(n_samples)])
    return samples.mean(axis=0), np.zeros_like(samples[0])


@mc_dropout_predict.mistake(
    "You averaged over everything. Every entry of the prediction has a mean and a spread of its own: "
    "average over the samples only."
)
def mc_over_everything(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(), samples.std()


@mc_dropout_predict.mistake(
    "You averaged each prediction over its last axis, so one number a sample is left. "
    "Average over the samples, which are the first axis of the stack."
)
def mc_over_last_axis(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.mean(axis=-1), samples.std(axis=-1)


@mc_dropout_predict.mistake("You took n_samples + 1 samples. Take n_samples of them.")
def mc_one_too_many(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples + 1)])
    return samples.mean(axis=0), samples.std(axis=0)


@mc_dropout_predict.mistake(
    "You returned the sum of the samples where their mean is asked. Divide it by n_samples."
)
def mc_sum(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.sum(axis=0), samples.std(axis=0)


@mc_dropout_predict.mistake("The two parts are in the wrong order: first the mean, then the spread.")
def mc_swapped(forward, x, n_samples, rng):
    samples = np.array([forward(x, rng) for _ in range(n_samples)])
    return samples.std(axis=0), samples.mean(axis=0)


def _other_draws(arguments, result):
    """Mean and spread as they should be, give or take what other draws may change: six standard errors."""
    forward, x, n = arguments["forward"], arguments["x"], arguments["n_samples"]
    known = isinstance(forward, NoisyReading) and n >= 24  # the true mean is x, the true spread is noise
    near = known and np.abs(result[0] - x) < 6 * forward.noise / np.sqrt(n)
    return np.all(near) and np.all(np.abs(result[1] / forward.noise - 1) < 0.8)


@mc_dropout_predict.mistake(
    "These look like samples that were drawn from another generator. Hand the rng from the argument to "
    "forward, "
    "n_samples times, and make none of your own: only then can somebody repeat your prediction.",
    symptom=_other_draws,
)
def mc_own_generator(forward, x, n_samples, rng):
    own = np.random.default_rng(7)
    samples = np.array([forward(x, own) for _ in range(n_samples)])
    return samples.mean(axis=0), samples.std(axis=0)


@mc_dropout_predict.variant
def mc_running_sums(forward, x, n_samples, rng):
    total, squares = 0, 0
    for _ in range(n_samples):
        sample = forward(x, rng)
        total, squares = total + sample, squares + sample**2
    mean = total / n_samples
    return mean, np.sqrt(np.maximum(squares / n_samples - mean**2, 0))


@mc_dropout_predict.variant
def mc_welford(forward, x, n_samples, rng):
    mean = np.array(forward(x, rng), float)
    spread = np.zeros_like(mean)
    for k in range(2, n_samples + 1):
        sample = forward(x, rng)
        step = sample - mean
        mean = mean + step / k
        spread = spread + step * (sample - mean)
    return [mean, (spread / n_samples) ** 0.5]


LAMBDA, ALPHA = 1.0507009873554805, 1.6732632423543772


def _affine(keep_prob, dropped=-LAMBDA * ALPHA):
    a = 1 / np.sqrt(keep_prob + dropped**2 * keep_prob * (1 - keep_prob))
    return a, -a * dropped * (1 - keep_prob)


@exercise(
    points=3,
    minutes=10,
    # SELU's constants to five digits are good enough, and the cases keep clear of results near 0
    tolerance=2e-4,
    hints=(
        "Three steps: put the value d where a unit is dropped, compute the two numbers A and B, "
        "return A * (...) + B.",
        "np.where(mask, x, d) is x where the mask is True and d elsewhere. A and B are plain numbers, "
        "and B uses A.",
        "d = -lambda * alpha; A = 1 / np.sqrt(keep_prob + d**2 * keep_prob * (1 - keep_prob)); "
        "B = -A * d * (1 - keep_prob).",
    ),
)
def alpha_dropout(x, mask, keep_prob):
    """Alpha dropout, in training: dropout for SELU networks, keeping mean 0 and variance 1.

    x: activations of any shape; keep_prob: q;
    mask: booleans of the same shape, True where a unit is kept.
    A dropped unit becomes d = -lambda alpha, SELU's value far to the left, with
    lambda = 1.0507009873554805 and alpha = 1.6732632423543772. Then everything goes through
    A (...) + B, with A = (q + d^2 q (1 - q))^(-1/2) and B = -A d (1 - q).
    Returns an array of x's shape. Source: Klambauer et al. 2017.
    """
    dropped = -1.0507009873554805 * 1.6732632423543772
    scale = 1 / np.sqrt(keep_prob + dropped**2 * keep_prob * (1 - keep_prob))
    shift = -scale * dropped * (1 - keep_prob)
    return scale * np.where(mask, x, dropped) + shift


@alpha_dropout.cases
def _(rng):
    for shape, q in (((4, 3), 0.8), ((2, 7), 0.3), ((2, 3, 4), 0.95), ((5,), 0.6)):
        yield _clear_of_zero(rng.normal(size=shape), q), _mask(rng, q, *shape), q
    yield rng.integers(3, 9, size=(3, 4)), _mask(rng, 0.7, 3, 4), 0.7
    yield _clear_of_zero(rng.normal(size=(2, 2)), 1.0), np.ones((2, 2), bool), 1.0


def _clear_of_zero(x, keep_prob):
    a, b = _affine(keep_prob)
    return np.where(np.abs(a * x + b) < 0.3, x + 1, x)


@alpha_dropout.mistake(
    "You set the dropped units to 0. In a SELU network a silent unit is not at 0 but at d = -lambda alpha: "
    "put that value there before the correction."
)
def alpha_zeros(x, mask, keep_prob):
    a, b = _affine(keep_prob)
    return a * (x * mask) + b


@alpha_dropout.mistake(
    "The dropped units are right, and the affine correction is missing: mean and variance are no longer 0 "
    "and 1. "
    "Return A (...) + B."
)
def alpha_uncorrected(x, mask, keep_prob):
    return np.where(mask, x, -LAMBDA * ALPHA)


@alpha_dropout.mistake(
    "This is ordinary inverted dropout. It keeps the mean but not the variance; put -lambda alpha where a "
    "unit is "
    "dropped, and correct by A and B."
)
def alpha_inverted(x, mask, keep_prob):
    return x * mask / keep_prob


@alpha_dropout.mistake("B has the wrong sign: B = -A d (1 - q), and as d is negative, B is positive.")
def alpha_shift_sign(x, mask, keep_prob):
    a, b = _affine(keep_prob)
    return a * np.where(mask, x, -LAMBDA * ALPHA) - b


@alpha_dropout.mistake("The root in A is missing: A = (q + d^2 q (1 - q)) to the power of -1/2.")
def alpha_without_root(x, mask, keep_prob):
    d = -LAMBDA * ALPHA
    a = 1 / (keep_prob + d**2 * keep_prob * (1 - keep_prob))
    return a * np.where(mask, x, d) - a * d * (1 - keep_prob)


@alpha_dropout.mistake(
    "The minus in A's exponent is missing: A divides by the root, it does not multiply by it."
)
def alpha_root_upside_down(x, mask, keep_prob):
    d = -LAMBDA * ALPHA
    a = np.sqrt(keep_prob + d**2 * keep_prob * (1 - keep_prob))
    return a * np.where(mask, x, d) - a * d * (1 - keep_prob)


@alpha_dropout.mistake(
    "Lambda is missing: far to the left SELU goes to -lambda alpha, and -alpha is ELU's limit."
)
def alpha_without_lambda(x, mask, keep_prob):
    a, b = _affine(keep_prob, -ALPHA)
    return a * np.where(mask, x, -ALPHA) + b


@alpha_dropout.mistake("A dropped unit gets the value -lambda alpha. The minus is missing.")
def alpha_positive(x, mask, keep_prob):
    a, b = _affine(keep_prob, LAMBDA * ALPHA)
    return a * np.where(mask, x, LAMBDA * ALPHA) + b


@alpha_dropout.mistake(
    "You took 1 - keep_prob for q in A and B. Here q is the probability to KEEP: q = keep_prob."
)
def alpha_rate(x, mask, keep_prob):
    a, b = _affine(1 - keep_prob)
    return a * np.where(mask, x, -LAMBDA * ALPHA) + b


@alpha_dropout.mistake(
    "You corrected the kept units only. A and B are for all of them, the dropped ones too."
)
def alpha_corrects_the_kept(x, mask, keep_prob):
    a, b = _affine(keep_prob)
    return np.where(mask, a * x + b, -LAMBDA * ALPHA)


@alpha_dropout.mistake("You dropped the units that the mask keeps. The mask is True where a unit is kept.")
def alpha_drops_the_kept(x, mask, keep_prob):
    a, b = _affine(keep_prob)
    return a * np.where(mask, -LAMBDA * ALPHA, x) + b


@alpha_dropout.variant
def alpha_by_moments(x, mask, keep_prob):
    d = -1.7580993408473766
    dropped = 1 - keep_prob
    mean = dropped * d  # of a unit with mean 0 and variance 1, after the drop
    variance = keep_prob * 1 + dropped * d**2 - mean**2
    return (x * mask + d * (1 - mask) - mean) / variance**0.5


@alpha_dropout.variant
def alpha_five_digits(x, mask, keep_prob):
    d = -1.0507 * 1.67326
    a = (keep_prob + d * d * keep_prob * (1 - keep_prob)) ** -0.5
    out = np.array(x, float)
    out[~mask] = d
    return a * out - a * d * (1 - keep_prob)


@alpha_dropout.variant
def alpha_entry_by_entry(x, mask, keep_prob):
    a, b = _affine(keep_prob)
    out = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        out[place] = a * (x[place] if mask[place] else -LAMBDA * ALPHA) + b
    return out


why_divide_by_keep_prob = question(
    "You train with `keep_prob = 0.5`, drop units, and forget to divide by `keep_prob`. At test time "
    "dropout is off "
    "and you change nothing else. What happens?",
    wrong(
        "Nothing: the scale of a layer does not matter",
        "The next layer's weights and biases were fitted to inputs of one size. At another size its "
        "output is another.",
    ),
    wrong(
        "The network is right in training and random at test time",
        "Nothing is random at test time: no unit is dropped. But what the layers receive has changed.",
    ),
    right(
        "Each layer receives inputs twice as large, on average, as in training",
        "Half of the units were missing in training and all are there now, so sums double: in every layer "
        "anew.",
    ),
    wrong(
        "The gradient is wrong in training",
        "Without the division forward and backward still fit each other. Training works; the prediction "
        "does not fit it.",
    ),
)

cost_that_jumps = question(
    "You switch dropout on, and the cost J, printed at every step of batch gradient descent, goes up and "
    "down. How do "
    "you find out whether the gradient is right?",
    right(
        "Set keep_prob to 1, see that J falls at every step, then switch dropout on again",
        "With dropout off J is one function, and a step that is small enough lowers it. A bug shows at once.",
    ),
    wrong(
        "Lower the learning rate until J falls at every step",
        "Each step measures J on another thinned network. No learning rate makes that curve smooth.",
    ),
    wrong(
        "Increase keep_prob at the layers with most weights",
        "The curve becomes calmer, but a calmer curve proves nothing about the gradient.",
    ),
    wrong(
        "Nothing: with dropout J says nothing about the gradient, so skip the test",
        "It does say nothing with dropout on. That is why you test with dropout off.",
    ),
)

where_to_drop_most = question(
    "A network has the layer sizes 20, 300, 300, 10, 5: twenty inputs, three hidden layers, five classes. "
    "You may choose "
    "one place for a low `keep_prob`. Which one do you try first?",
    wrong(
        "The 20 inputs",
        "A dropped input is information thrown away. Keep all or nearly all of them.",
    ),
    wrong(
        "The hidden layer of 10 units",
        "It feeds 50 weights: little to overfit with, and half of 10 units may be too few to separate 5 "
        "classes.",
    ),
    wrong(
        "The 5 outputs",
        "A dropped output would be a class that cannot be predicted. Nothing is dropped there.",
    ),
    right(
        "The first hidden layer of 300 units",
        "It feeds the 300 x 300 matrix, by far the most weights: that is where a network overfits most "
        "easily.",
    ),
)

the_same_in_keras = question(
    "Which Keras layer does what `dropout_forward` does with `keep_prob = 0.9`?",
    wrong("Dropout(0.9)", "Keras' rate is the share that is dropped: this keeps a tenth of the units."),
    right("Dropout(0.1)", "rate = 1 - keep_prob, and Keras divides by keep_prob in training as we do."),
    wrong(
        "Dropout(0.1), followed by a multiplication with 0.9 at test time",
        "That multiplication belongs to classic dropout. Keras' layer is the inverted form, with nothing "
        "to do at test time.",
    ),
    wrong(
        "AlphaDropout(0.1)",
        "That one is for SELU networks: a dropped unit becomes -lambda alpha instead of 0.",
    ),
)

what_mc_dropout_costs = question(
    "You replace the usual prediction by `mc_dropout_predict` with 100 samples. What changes for the "
    "network?",
    right(
        "Nothing in training; each prediction costs 100 forward passes and comes with a spread",
        "The weights are the same. You pay at prediction time, and are told where the thinned networks "
        "disagree.",
    ),
    wrong(
        "Training takes 100 times as long",
        "Training is untouched: any network that was trained with dropout will do.",
    ),
    wrong(
        "The network has to be trained again without the division by keep_prob",
        "The samples are made in training mode, with the division, so their scale is the one that was "
        "trained.",
    ),
    wrong(
        "It becomes as accurate as 100 networks trained one by one",
        "The thinned networks share their weights, so they err together more often than separate networks "
        "do.",
    ),
)

dropout_before_batch_norm = question(
    "Dropout stands right before a batch normalization. The network is good in training mode and poor in "
    "inference mode. "
    "What is the likely reason?",
    wrong(
        "Dropout changes the mean of what batch normalization receives",
        "Inverted dropout leaves the mean as it is. Look at the other statistic.",
    ),
    right(
        "The running variance was measured on dropped inputs, and without dropout the variance is smaller",
        "Dropout leaves the mean and raises the variance. At test time it is off, and the stored variance "
        "is too large.",
    ),
    wrong(
        "Batch normalization cancels the zeros, so dropout has no effect",
        "A dropped unit is shifted and scaled with the others; it still carries no information.",
    ),
    wrong(
        "Batch normalization drops units itself",
        "It adds a little noise from the batch's statistics, but it drops nothing.",
    ),
)
