"""Exercise minibatches: cut the examples into mini-batches at random."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.checks.orders import neighbours_stay, rotated
from nnutils.lessons.minibatch_gradient_descent.exercises.shared import cut, distinct_rows


@exercise(
    points=3,
    minutes=7,
    hints=(
        "Two things: put all examples into a random order, X and y alike, and then cut that into pieces.",
        "Draw one order with rng.permutation(len(X)). The pieces start at 0, batch_size, 2 * batch_size, ...: "
        "range(0, len(X), batch_size). A slice that reaches over the end is cut off at the end by itself.",
        "for start in range(0, len(X), batch_size): rows = order[start : start + batch_size]; append (X[rows], y[rows]).",
    ),
)
def minibatches(X, y, batch_size, rng):
    """Cut the examples into mini-batches at random.

    X: (m, n), one example a row; y: (m,). batch_size: a whole number.
    rng: a np.random.Generator, from which the order of the examples is drawn.
    Returns a list of pairs (X, y) of batch_size examples each;
    the last one holds the rest, and is smaller where m is no multiple of
    batch_size. Every example is in exactly one of them, beside its own y.
    """
    order = rng.permutation(len(X))
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        batches.append((X[rows], y[rows]))
    return batches


@minibatches.cases
def _(rng):
    for X, batch_size in (
        (rng.normal(size=(41, 3)), 16),  # a rest above half a batch
        (rng.normal(size=(36, 2)), 9),  # none
        (distinct_rows(rng, 17, 3), 4),  # a rest below half a batch
        (rng.normal(size=(11, 2)), 16),
        (rng.normal(size=(14, 1)), 1),
    ):
        y = rng.permutation(100)[: len(X)]
        yield X, y, batch_size, np.random.default_rng(rng.integers(2**32))


def _batch_sizes(a):
    m, size = len(a["y"]), a["batch_size"]
    return [min(size, m - start) for start in range(0, m, size)]


def _places(values, among):
    """Where each of the values, numbers or rows, stands among the distinct ones."""
    where = {key: place for place, key in enumerate(_keys(among))}
    return [where[key] for key in _keys(values)]


def _keys(values):
    return [tuple(value) if isinstance(value, list) else value for value in np.asarray(values).tolist()]


def _joined(result):
    """X and y of all batches."""
    return np.concatenate([X for X, _ in result]), np.concatenate([y for _, y in result])


def _kept_blocks(a, result):
    """Whether the batches are the blocks of the unshuffled data, in whatever order, where chance next to never makes them so."""
    starts = range(0, len(a["y"]), a["batch_size"])
    blocks = {tuple(range(i, min(i + a["batch_size"], len(a["y"])))) for i in starts}
    several = 1 < len(blocks) < len(a["y"])
    return several and {tuple(sorted(_places(y, a["y"]))) for _, y in result} <= blocks


def _in_given_order(a, result):
    """Whether X or y is as it was given, while there are several batches."""
    X, y = _joined(result)
    same = np.array_equal(y, a["y"]) or np.array_equal(X, a["X"])
    return len(_batch_sizes(a)) > 1 and same


@minibatches.judge
def _(a, result):
    wanted = _batch_sizes(a)
    if any(len(pair) != 2 for pair in result) or any(np.ndim(y) != 1 for _, y in result):
        return "the result should be a list of pairs (X, y)"
    if any(np.shape(X) != (len(y), a["X"].shape[1]) for X, y in result):
        return f"the X of a batch should have the shape (size, {a['X'].shape[1]}), and as many rows as its y"
    sizes = [len(y) for _, y in result]
    if sizes != wanted:
        return f"the batches should hold {wanted} examples, yours hold {sizes}"
    X, y = _joined(result)
    try:
        rows, labels = _places(X, a["X"]), _places(y, a["y"])
    except KeyError:
        return "a batch holds a row that is no row of X, or a y that is none"
    if len(set(rows)) < len(rows):
        return "an example is used twice, and another never"
    if rows != labels:
        return "an example stands beside the y of another one"
    if _kept_blocks(a, result) or _in_given_order(a, result):
        return "the batches are pieces of the data as they came: shuffle the examples before you cut"
    if neighbours_stay(rows) or (len(wanted) > 1 and rotated(rows)):
        return "most examples have the same neighbours as before: draw a permutation of all of them from rng"
    return None


def _taken(X, y, rows):
    return [(X[batch], y[batch]) for batch in rows]


def _pairs_apart(a, result):
    X, y = _joined(result)
    return _places(X, a["X"]) != _places(y, a["y"])


@minibatches.mistake(
    "The batches are right, but nothing is shuffled: in sorted data a batch would see one class only. Draw an order from rng first.",
    symptom=lambda a, r: (
        1 < a["batch_size"] < len(a["y"])
        and np.array_equal(_joined(r)[0], a["X"])
        and np.array_equal(_joined(r)[1], a["y"])
    ),
)
def not_shuffled(X, y, batch_size, rng):
    return _taken(X, y, cut(np.arange(len(X)), batch_size))


@minibatches.mistake(
    "You shuffled X and left y as it was, so that examples stand beside the y of others. Use one order for both.",
    symptom=lambda a, r: _pairs_apart(a, r) and np.array_equal(_joined(r)[1], a["y"]),
)
def only_X_shuffled(X, y, batch_size, rng):
    return [
        (X[rows], y[own]) for rows, own in _two_orders(rng.permutation(len(X)), np.arange(len(X)), batch_size)
    ]


def _two_orders(first, second, batch_size):
    return zip(cut(first, batch_size), cut(second, batch_size), strict=True)


@minibatches.mistake(
    "X and y are shuffled each in an order of its own, so that the pairs are torn apart. Draw one order and use it for both.",
    symptom=lambda a, r: _pairs_apart(a, r) and not np.array_equal(_joined(r)[1], a["y"]),
)
def two_orders(X, y, batch_size, rng):
    orders = _two_orders(rng.permutation(len(X)), rng.permutation(len(X)), batch_size)
    return [(X[rows], y[own]) for rows, own in orders]


@minibatches.mistake(
    "The last batch is missing, even where it is a full one. Often because the loop ends at len(X) - batch_size, or at one batch "
    "less. Let the starts go on to len(X).",
    symptom=lambda a, r: (
        len(a["y"]) % a["batch_size"] == 0 and [len(y) for _, y in r] == _batch_sizes(a)[:-1]
    ),
)
def last_batch_missing(X, y, batch_size, rng):
    return _taken(X, y, cut(rng.permutation(len(X)), batch_size)[:-1])


@minibatches.mistake(
    "The examples that do not fill a whole batch are left out. Give them a last, smaller batch.",
    symptom=lambda a, r: len(a["y"]) % a["batch_size"] > 0 and [len(y) for _, y in r] == _batch_sizes(a)[:-1],
)
def rest_dropped(X, y, batch_size, rng):
    full = len(X) // batch_size * batch_size
    return _taken(X, y, cut(rng.permutation(len(X))[:full], batch_size))


@minibatches.mistake(
    "The last batch is as large as the others, so that something in it comes twice or is no example. Leave it smaller.",
    symptom=lambda a, r: (
        len(a["y"]) % a["batch_size"] > 0
        and [len(y) for _, y in r] == [a["batch_size"]] * len(_batch_sizes(a))
    ),
)
def rest_filled_up(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    return _taken(X, y, cut(np.resize(order, -(-len(X) // batch_size) * batch_size), batch_size))


@minibatches.mistake(
    "Some examples come twice and some never. Often because every batch is drawn from all examples: draw one order and cut that.",
    symptom=lambda a, r: (
        [len(y) for _, y in r] == _batch_sizes(a)
        and len({*_places(_joined(r)[1], a["y"])}) < len(a["y"])
        and not _pairs_apart(a, r)
    ),
)
def drawn_anew(X, y, batch_size, rng):
    return _taken(X, y, [rng.choice(len(X), size, replace=False) for _, size in _numbered(X, batch_size)])


def _numbered(X, batch_size):
    return [(start, min(batch_size, len(X) - start)) for start in range(0, len(X), batch_size)]


@minibatches.mistake(
    "You made batch_size batches. batch_size is how many examples one of them holds.",
    symptom=lambda a, r: len(r) == a["batch_size"] != len(_batch_sizes(a)),
)
def as_many_batches(X, y, batch_size, rng):
    return _taken(X, y, np.array_split(rng.permutation(len(X)), batch_size))


@minibatches.mistake(
    "The number of batches is right, but you made them equally large. All hold batch_size examples, and the last one the rest.",
    symptom=lambda a, r: (
        len(r) == len(_batch_sizes(a))
        and [len(y) for _, y in r] != _batch_sizes(a)
        and np.ptp([len(y) for _, y in r]) == 1
    ),
)
def evened_out(X, y, batch_size, rng):
    return _taken(X, y, np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size)))


@minibatches.mistake(
    "You cut the data as they came and shuffled inside the batches, or the batches themselves. The same examples then always meet: "
    "shuffle all examples first.",
    symptom=lambda a, r: (
        _kept_blocks(a, r)
        and not _pairs_apart(a, r)
        and _places(_joined(r)[1], a["y"]) != [*range(len(a["y"]))]
    ),
)
def shuffled_inside(X, y, batch_size, rng):
    return _taken(X, y, [rng.permutation(rows) for rows in cut(np.arange(len(X)), batch_size)])


@minibatches.mistake(
    "These are batches of X alone. A batch is a pair: (X[rows], y[rows]).",
    symptom=lambda a, r: (
        all(np.ndim(part) == 2 for part in r if not isinstance(part, list | tuple))
        and not any(isinstance(part, list | tuple) for part in r)
    ),
)
def without_y(X, y, batch_size, rng):
    return [X[rows] for rows in cut(rng.permutation(len(X)), batch_size)]


@minibatches.mistake(
    "These are two lists, one of all the X and one of all the y. Return one list of pairs: (X[rows], y[rows]) for each batch.",
    symptom=lambda a, r: (
        len(r) == 2
        and all(
            isinstance(part, list | tuple) and np.ndim(part[0]) == d
            for part, d in zip(r, (2, 1), strict=True)
        )
    ),
)
def two_lists(X, y, batch_size, rng):
    pieces = cut(rng.permutation(len(X)), batch_size)
    return [X[rows] for rows in pieces], [y[rows] for rows in pieces]


@minibatches.mistake(
    "The y of a batch has two axes. y is a vector here, (m,), and so is its part in a batch: y[rows].",
    symptom=lambda a, r: all(np.ndim(y) == 2 for _, y in r),
)
def y_as_a_column(X, y, batch_size, rng):
    return [(X[rows], y[rows][:, None]) for rows in cut(rng.permutation(len(X)), batch_size)]


@minibatches.mistake(
    "y has one axis and is indexed with two. Often because the examples are taken for columns, as in Ng's course. "
    "Here each is a row of X and an entry of y: X[rows], y[rows]."
)
def examples_as_columns(X, y, batch_size, rng):
    order = rng.permutation(X.shape[1])
    X, y = X[:, order], y[:, order]
    return [(X[:, i : i + batch_size], y[:, i : i + batch_size]) for i in range(0, X.shape[1], batch_size)]


@minibatches.variant
def shuffle_then_slice(X, y, batch_size, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    X, y = X[order], y[order]
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@minibatches.variant
def by_splitting(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(X)))
    cuts = np.arange(batch_size, len(X), batch_size)
    return list(zip(np.split(X[order], cuts), np.split(y[order], cuts), strict=True))


@minibatches.variant
def from_a_generator(X, y, batch_size, rng):
    def batches(left):
        while left:
            rows, left = left[:batch_size], left[batch_size:]
            yield X[rows], y[rows]

    return list(batches(rng.permutation(len(X)).tolist()))
