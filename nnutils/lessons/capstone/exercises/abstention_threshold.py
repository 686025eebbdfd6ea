"""Exercise abstention_threshold: from which confidence on a network may answer alone."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="derive",
    points=3,
    minutes=9,
    hints=(
        "Try confidence = [.9, .8, .7, .6], correct = [True, False, True, True] and risk = 0.3 on paper. What is the share of "
        "wrong answers with each of the four thresholds? It need not rise from one to the next.",
        "Only the confidences that occur need to be tried as thresholds. Equal ones are answered together. The lowest threshold "
        "that keeps the risk answers most.",
        "For each value of np.unique(confidence), the lowest first: given = confidence >= value; return the value if "
        "np.mean(~correct[given]) <= risk. After the loop return np.inf.",
    ),
)
def abstention_threshold(confidence, correct, risk):
    """The threshold of a network that hands what it is not sure of to a
    person: it answers an example if confidence >= threshold.

    confidence: (n,), how sure it is of each example's answer.
    correct: (n,) booleans, whether that answer is right.
    risk: the share of wrong answers that is allowed among those given.
    Returns a float: of the n confidences, the one with which as many
    examples as possible are answered and the risk is kept; np.inf if there
    is none, so that nothing is answered.
    """
    for threshold in np.unique(confidence):
        given = confidence >= threshold
        if np.mean(~correct[given]) <= risk:
            return float(threshold)
    return np.inf


@abstention_threshold.cases
def _(rng):
    yield np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, True]), 0.3
    yield (
        np.array([0.9, 0.8, 0.7, 0.6, 0.5]),
        np.array([True, True, True, False, False]),
        0.25,
    )  # just at the risk
    yield (
        np.array([0.9, 0.7, 0.7, 0.7, 0.5]),
        np.array([True, True, False, False, False]),
        0.4,
    )  # equal ones together
    yield np.array([0.95, 0.6, 0.5]), np.array([False, True, False]), 0.2  # nothing can be answered
    yield np.array([0.8, 0.6, 0.9, 0.7]), np.array([True, True, True, True]), 0.0  # everything can
    # Right and wrong from the surest answer down; letters that stand together have one confidence.
    yield *_answers(rng, "1 1 0 1 1 1 0 1 0 0 0"), 0.3
    yield *_answers(rng, "1 0 1 1 1 1 0 1 1 0 0 1 0 0"), 0.22
    yield *_answers(rng, "11 1 10 111 1 0 1 01 1 1 100 0 0"), 0.2


def _answers(rng, pattern):
    """Confidences from 0.86 to 0.99, in any order, and whether the answers are right, as the pattern says."""
    groups = pattern.split()
    levels = 0.99 - 0.13 * (np.arange(len(groups)) + rng.uniform(0.2, 0.8, len(groups))) / len(groups)
    confidence = np.repeat(np.round(levels, 4), [len(group) for group in groups])
    correct = np.array([letter == "1" for group in groups for letter in group])
    order = rng.permutation(len(confidence))
    return confidence[order], correct[order]


def _thresholds(confidence, correct, kept):
    """Of the confidences, those with which `kept(given)` holds."""
    return [t for t in np.unique(confidence) if kept(confidence >= t)]


@abstention_threshold.mistake(
    "From the surest example downwards, it stops at the first threshold that breaks the risk. The share of wrong answers may "
    "fall again further down: look at all thresholds."
)
def stops_at_the_first(confidence, correct, risk):
    found = np.inf
    for threshold in np.unique(confidence)[::-1]:
        if np.mean(~correct[confidence >= threshold]) > risk:
            return found
        found = float(threshold)
    return found


@abstention_threshold.mistake(
    "From the surest example downwards, it stops at the first example with which the risk is broken. The share of wrong answers "
    "may fall again further down, and examples of equal confidence are answered together: look at all thresholds."
)
def stops_at_the_first_example(confidence, correct, risk):
    found, wrong = np.inf, 0
    for given, i in enumerate(np.argsort(-confidence, kind="stable"), start=1):
        wrong += not correct[i]
        if wrong > risk * given:
            break
        found = float(confidence[i])
    return found


@abstention_threshold.mistake(
    "The wrong answers are divided by all n examples. The risk is their share among the answers that are given."
)
def share_of_all(confidence, correct, risk):
    kept = _thresholds(confidence, correct, lambda given: np.sum(~correct[given]) <= risk * len(correct))
    return float(kept[0]) if kept else np.inf


@abstention_threshold.mistake(
    "An example whose confidence is the threshold itself is not counted as answered. It is: the rule is >=."
)
def strictly_above(confidence, correct, risk):
    for threshold in np.unique(confidence):
        given = confidence > threshold
        if given.any() and np.mean(~correct[given]) <= risk:
            return float(threshold)
    return np.inf


@abstention_threshold.mistake(
    "A share of wrong answers that is just the risk is refused. It is allowed: at most the risk."
)
def risk_is_not_allowed(confidence, correct, risk):
    kept = _thresholds(confidence, correct, lambda given: np.mean(~correct[given]) < risk)
    return float(kept[0]) if kept else np.inf


@abstention_threshold.mistake(
    "The risk is kept, but more examples could be answered: of all thresholds that keep it, take the lowest one."
)
def highest_threshold(confidence, correct, risk):
    kept = _thresholds(confidence, correct, lambda given: np.mean(~correct[given]) <= risk)
    return float(kept[-1]) if kept else np.inf


@abstention_threshold.mistake(
    "Examples of equal confidence are parted: some are counted as answered and some not. A threshold cannot part them."
)
def parts_equal_ones(confidence, correct, risk):
    order = np.lexsort((~correct, -confidence))
    shares = np.cumsum(~correct[order]) / np.arange(1, len(order) + 1)
    kept = np.flatnonzero(shares <= risk)
    return float(confidence[order][kept[-1]]) if len(kept) else np.inf


@abstention_threshold.mistake(
    "The confidence is believed: 1 minus its mean is taken for the share of wrong answers. Count what `correct` says."
)
def believes_the_confidence(confidence, correct, risk):
    kept = _thresholds(confidence, correct, lambda given: 1 - confidence[given].mean() <= risk)
    return float(kept[0]) if kept else np.inf


@abstention_threshold.mistake(
    "Where no threshold keeps the risk, the highest confidence is returned, and its example is answered. Return np.inf there."
)
def answers_at_least_one(confidence, correct, risk):
    kept = _thresholds(confidence, correct, lambda given: np.mean(~correct[given]) <= risk)
    return float(kept[0]) if kept else float(confidence.max())


@abstention_threshold.mistake("This is the share of examples that are answered. Return the threshold.")
def coverage(confidence, correct, risk):
    kept = _thresholds(confidence, correct, lambda given: np.mean(~correct[given]) <= risk)
    return float(np.mean(confidence >= kept[0])) if kept else 0.0


@abstention_threshold.variant
def by_running_counts(confidence, correct, risk):
    order = np.argsort(-confidence, kind="stable")
    c, wrong = confidence[order], np.cumsum(~correct[order])
    last_of_equal = np.append(c[1:] != c[:-1], True)
    kept = np.flatnonzero(last_of_equal & (wrong <= risk * np.arange(1, len(c) + 1) + 1e-12))
    return c[kept[-1]] if len(kept) else float("inf")


@abstention_threshold.variant
def pair_by_pair(confidence, correct, risk):
    best, most = float("inf"), 0
    for threshold in confidence.tolist():
        given = [ok for c, ok in zip(confidence, correct, strict=True) if c >= threshold]
        if sum(not ok for ok in given) / len(given) <= risk and len(given) > most:
            best, most = threshold, len(given)
    return best
