"""Exercise serve: a service that standardizes new patients is repaired."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=4,
    minutes=10,
    hints=(
        "Take one call apart: case('serve', 1) has its arguments. Ask of each line which patients it looks at, and in which order the columns stand after it.",
        "A batch of one patient, a batch of severe cases and a column that never changed in training each show a different fault. So does an order of columns that is more than an exchange of two.",
        "Only rows with in_train may count. A std is 1 where the training rows are constant. For each name of names, look up its place in new_names. The batch is standardized with the statistics of training.",
    ),
)
def serve(study, in_train, names, new, new_names):
    """What the network gets for the patients that arrive together.

    study: (m, n_x), all patients of the study, columns in the order of
    names. in_train: (m,) bools, True for the patients that the network was
    trained on; the others are the dev set.
    new: (k, n_x), a batch of new patients, k may be 1. Its columns are in
    the order of new_names, a list of the same names in another order.
    Returns (k, n_x), columns in the order of names, standardized as the
    training set was: what a patient gets depends neither on the dev set nor
    on the others in the batch. The std of a feature that is constant in the
    training set is 1.
    """
    known = study[in_train]
    mean = known.mean(axis=0)
    std = np.where(np.ptp(known, axis=0) == 0, 1.0, known.std(axis=0))
    columns = [new_names.index(name) for name in names]
    ordered = new[:, columns]
    return (ordered - mean) / std


serve.fault(
    "dev_counts",
    "The dev set takes part in the statistics. So it is no longer new to the model, and the numbers are not those of training.",
    right="known = study[in_train]",
    wrong="known = study",
)
serve.fault(
    "own_statistics",
    "A patient gets other numbers in other company: each batch is moved by a statistic of its own. "
    "A patient who comes alone gets nothing but zeros.",
    right="return (ordered - mean) / std",
    wrong="return (ordered - ordered.mean(axis=0)) / std",
)
serve.fault(
    "constant_explodes",
    "A feature that never changed in training gets millions as soon as it changes a little: its std is close to 0, not 1.",
    right="std = np.where(np.ptp(known, axis=0) == 0, 1.0, known.std(axis=0))",
    wrong="std = np.maximum(known.std(axis=0), 1e-8)",
)
serve.fault(
    "columns_mixed_up",
    "Columns land in the places of other features, except where the new order only exchanges pairs. Follow one name from its "
    "place in the batch to its place in the result.",
    right="columns = [new_names.index(name) for name in names]",
    wrong="columns = [names.index(name) for name in new_names]",
)

NAMES = ["radius", "texture", "area", "room"]  # the temperature of the room may be constant


@serve.cases
def _(rng):
    for constant, size, turn in (("", 5, 1), ("room", 1, 3), ("area", 4, 2)):
        centre, scale = rng.uniform(2, 9, 4), rng.uniform(0.5, 4, 4)
        study = centre + scale * rng.normal(size=(9, 4))
        in_train = np.arange(9) < 6
        new = centre + scale * (rng.normal(size=(size, 4)) + 1)
        if constant:
            column = NAMES.index(constant)
            # constant in training alone, or in all of the study
            # six times 0.1 have a mean that is rounded, and so a std that is not quite 0
            study[: 6 if constant == "room" else 9, column] = 0.1
            new[:, column] = 0.1 + rng.uniform(0.2, 0.4, size)
        order = rng.permutation(9)
        mixed = [*range(turn, 4), *range(turn)] if turn != 2 else [1, 2, 0, 3]
        new_names = [NAMES[place] for place in mixed]
        yield study[order], in_train[order], list(NAMES), new, new_names


def _fixed(study, in_train, names, new, new_names, ddof=0, ordered=None, known=None):
    known = study[in_train] if known is None else known
    ordered = new[:, [new_names.index(name) for name in names]] if ordered is None else ordered
    std = np.where(known.max(axis=0) == known.min(axis=0), 1.0, known.std(axis=0, ddof=ddof))
    return (ordered - known.mean(axis=0)) / std


@serve.mistake("The columns stay in the order of the batch. The network wants them in the order of names.")
def as_they_arrive(study, in_train, names, new, new_names):
    return _fixed(study, in_train, names, new, new_names, ordered=new)


@serve.mistake("The std divides by m - 1. The network was trained with one that divides by m (ddof 0).")
def another_std(study, in_train, names, new, new_names):
    return _fixed(study, in_train, names, new, new_names, ddof=1)


@serve.mistake(
    "The statistics are those of the dev set: in_train is True for the patients of the training set."
)
def of_the_dev_set(study, in_train, names, new, new_names):
    return _fixed(study, in_train, names, new, new_names, known=study[~in_train])


@serve.mistake(
    "The batch takes part in the statistics together with the training set. A patient's numbers still depend on the others."
)
def batch_counts(study, in_train, names, new, new_names):
    ordered = new[:, [new_names.index(name) for name in names]]
    return _fixed(study, in_train, names, new, new_names, known=np.vstack([study[in_train], ordered]))


@serve.mistake(
    "The mean is taken out and the scale is not: divide by the training set's std of each feature."
)
def only_centred(study, in_train, names, new, new_names):
    known = study[in_train]
    return new[:, [new_names.index(name) for name in names]] - known.mean(axis=0)


@serve.mistake(
    "A feature that never changed in training gets numbers beyond 10^12: its std is about 1e-17 and not quite 0, since the mean "
    "of a constant like 0.1 is rounded. Compare the largest training value with the smallest.",
    symptom=lambda a, r: np.abs(r).max() > 1e12,
)
def std_compared_with_zero(study, in_train, names, new, new_names):
    known = study[in_train]
    std = known.std(axis=0)
    ordered = new[:, [new_names.index(name) for name in names]]
    return (ordered - known.mean(axis=0)) / np.where(std == 0, 1.0, std)


@serve.variant
def column_by_column(study, in_train, names, new, new_names):
    columns = []
    for place, name in enumerate(names):
        known = study[in_train, place]
        centred = new[:, new_names.index(name)] - known.mean()
        columns.append(centred if known.max() == known.min() else centred / known.std())
    return np.array(columns).T


@serve.variant
def by_names(study, in_train, names, new, new_names):
    of_batch = dict(zip(new_names, np.transpose(new), strict=True))
    known = np.array([row for row, train in zip(study, in_train, strict=True) if train])
    std = known.std(axis=0)
    std[known.max(axis=0) == known.min(axis=0)] = 1
    return (np.column_stack([of_batch[name] for name in names]) - known.mean(axis=0)) / std
