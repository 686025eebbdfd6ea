"""Exercise init_std: the standard deviation of a layer's initial weights."""

import numpy as np

from nnutils.checks.exercise import exercise, raises

# init_std ----------------------------------------------------------------------------------------------------


@exercise(
    points=2,
    minutes=5,
    hints=(
        "Each of the three is the root of a variance. Which of them knows fan_out?",
        "The variances are 2 / fan_in, 2 / (fan_in + fan_out) and 1 / fan_in.",
        'For "he" return np.sqrt(2 / fan_in), for "glorot" and "lecun" their own; after that raise ValueError.',
    ),
)
def init_std(fan_in, fan_out, scheme):
    """The standard deviation of a layer's initial weights.

    fan_in, fan_out: how many inputs and outputs the layer has.
    scheme: "he" (He et al. 2015), "glorot" (Glorot & Bengio 2010) or
    "lecun" (LeCun et al. 1998).
    Returns a float. Any other scheme is a ValueError.
    """
    if scheme == "he":
        return np.sqrt(2 / fan_in)
    if scheme == "glorot":
        return np.sqrt(2 / (fan_in + fan_out))
    if scheme == "lecun":
        return np.sqrt(1 / fan_in)
    raise ValueError(f"unknown scheme {scheme!r}")


def _fans(rng):
    """Numbers of inputs and outputs, very different."""
    return int(rng.integers(10, 60)), int(rng.integers(100, 400))


@init_std.cases
def _(rng):
    narrow, wide = _fans(rng)
    yield narrow, wide, "he"
    yield narrow, wide, "glorot"
    yield narrow, wide, "lecun"
    yield wide, narrow, "glorot"
    yield wide, narrow, "he"
    yield wide, 1, "lecun"
    yield raises(ValueError, narrow, wide, "other")


def _variance(fan_in, fan_out, scheme):
    known = {"he": 2 / fan_in, "glorot": 2 / (fan_in + fan_out), "lecun": 1 / fan_in}
    if scheme not in known:
        raise ValueError(scheme)
    return known[scheme]


def _told_by_its_numbers(sentence):
    """A mistake of init_std that is told by its numbers, whatever comes of a scheme that is not known."""

    def add(wrong):
        def shows(a, r):
            mine, right = np.array(wrong(*a.values())), init_std(*a.values())
            return np.isclose(r, mine, 1e-6, 0) and not np.isclose(r, right, 1e-6, 0)

        return init_std.mistake(sentence, symptom=shows)(wrong)

    return add


@_told_by_its_numbers("These are the variances. The standard deviation is the root of it.")
def the_variance(fan_in, fan_out, scheme):
    return _variance(fan_in, fan_out, scheme)


@_told_by_its_numbers(
    "fan_in and fan_out are exchanged. A sum z runs over the inputs, so fan_in decides how large it gets."
)
def with_fan_out(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_out, fan_in, scheme))


@_told_by_its_numbers(
    "He's numbers lack the 2: ReLU sets half of the signal to zero, and the 2 makes up for it. "
    "Without it this is LeCun's scheme."
)
def he_without_two(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, "lecun" if scheme == "he" else scheme))


@_told_by_its_numbers(
    "Glorot's numbers lack the 2: the variance is 1 over the MEAN of fan_in and fan_out, 2 / (fan_in + fan_out)."
)
def glorot_without_two(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme) / (2 if scheme == "glorot" else 1))


@_told_by_its_numbers(
    "Glorot's numbers are the limit sqrt(6 / (fan_in + fan_out)) of uniform draws. "
    "Their standard deviation is the limit divided by the root of 3."
)
def limit_of_uniform(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme) * (3 if scheme == "glorot" else 1))


@_told_by_its_numbers(
    "Glorot's numbers have the denominator fan_in * fan_out. Add the fans: 2 / (fan_in + fan_out)."
)
def product_of_fans(fan_in, fan_out, scheme):
    return np.sqrt(2 / (fan_in * fan_out) if scheme == "glorot" else _variance(fan_in, fan_out, scheme))


@_told_by_its_numbers("The root covers the numerator alone. It belongs over the whole fraction.")
def root_of_the_two(fan_in, fan_out, scheme):
    variance = _variance(fan_in, fan_out, scheme)
    return variance / np.sqrt(1 if scheme == "lecun" else 2)


@_told_by_its_numbers("This is He's standard deviation for every scheme. Look at `scheme`.")
def always_he(fan_in, fan_out, scheme):
    return np.sqrt(2 / fan_in)


@init_std.mistake(
    'Any scheme that is neither "he" nor "glorot" gets LeCun\'s number, a misspelled one, too. Ask for "lecun" by name and raise '
    "a ValueError for everything else."
)
def any_other_is_lecun(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme if scheme in ("he", "glorot") else "lecun"))


@init_std.mistake(
    "For a scheme that it does not know it returns None, and the error shows up far away. Raise a ValueError at the end."
)
def none_for_any_other(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme)) if scheme in ("he", "glorot", "lecun") else None


@_told_by_its_numbers(
    "Glorot's numbers are 1 over the root of fan_in. Some courses call that Xavier; Glorot's variance is "
    "2 / (fan_in + fan_out)."
)
def glorot_by_fan_in(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, "lecun" if scheme == "glorot" else scheme))


@_told_by_its_numbers("All of them come out as 0: 2 // fan_in is rounded down. Fractions need /.")
def rounded_to_zero(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme) // 1)


@_told_by_its_numbers("This is Glorot's standard deviation for every scheme. Look at `scheme`.")
def always_glorot(fan_in, fan_out, scheme):
    return np.sqrt(2 / (fan_in + fan_out))


@_told_by_its_numbers(
    "He's numbers are the limit sqrt(6 / fan_in) of uniform draws. Their standard deviation is the limit divided by the "
    "root of 3."
)
def limit_of_he(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, scheme) * (3 if scheme == "he" else 1))


@_told_by_its_numbers(
    "He's numbers have the mean of fan_in and fan_out in the denominator. He's variance is 2 / fan_in."
)
def he_by_both_fans(fan_in, fan_out, scheme):
    return np.sqrt(4 / (fan_in + fan_out) if scheme == "he" else _variance(fan_in, fan_out, scheme))


@_told_by_its_numbers("The numbers of He and LeCun are exchanged: the 2 belongs to ReLU, which is He's.")
def he_and_lecun_exchanged(fan_in, fan_out, scheme):
    return np.sqrt(_variance(fan_in, fan_out, {"he": "lecun", "lecun": "he"}.get(scheme, scheme)))


@init_std.mistake(
    "A scheme that it does not know ends in a KeyError, the table's own. Ask whether it is in the table, and raise a "
    "ValueError where it is not."
)
def key_error(fan_in, fan_out, scheme):
    return {"he": 2 / fan_in, "glorot": 2 / (fan_in + fan_out), "lecun": 1 / fan_in}[scheme] ** 0.5


@init_std.variant
def from_a_table(fan_in, fan_out, scheme):
    table = {"he": (2, fan_in), "glorot": (2, fan_in + fan_out), "lecun": (1, fan_in)}
    if scheme not in table:
        raise ValueError(scheme)
    above, below = table[scheme]
    return (above / below) ** 0.5


@init_std.variant
def by_matching(fan_in, fan_out, scheme):
    match scheme:
        case "lecun":
            return float(fan_in) ** -0.5
        case "he":
            return 1 / np.sqrt(fan_in / 2)
        case "glorot":
            return 1 / np.sqrt(np.mean([fan_in, fan_out]))
    raise ValueError("he, glorot or lecun")
