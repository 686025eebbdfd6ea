"""Exercise fair_scoreboard: a comparison of recipes that is to be repaired."""

import numpy as np

from nnutils.checks.exercise import exercise


@exercise(
    kind="repair",
    points=4,
    minutes=11,
    hints=(
        "Take case('fair_scoreboard', 0), with two recipes. On paper: which epoch is the one at the budget for each of them, and which "
        "rate is the best of each?",
        "Four questions: do all recipes get the same number of updates? Does each get its own rate? Do the seeds that choose the rate "
        "also report? Is what is reported a mean?",
        "The epoch is budget // updates of this recipe, minus 1. Each recipe's rate is chosen anew, from its first `tuning` seeds. "
        "The other seeds report, by their mean.",
    ),
)
def fair_scoreboard(accuracies, updates, budget, tuning):
    """What each recipe reaches in a fair comparison.

    accuracies: for each recipe an array (rates, seeds, epochs), the dev
    accuracy after each epoch. updates: for each recipe the number of
    updates in one epoch. budget: how many updates each recipe may make; it
    is measured at its last epoch that ends within them. tuning: how many
    seeds, the first ones, are used to choose a recipe's learning rate, the
    one with the highest mean. The other seeds are for the report.
    Returns an array (recipes, 3): the place of the rate, and of the
    reported accuracies the mean and the standard error (ddof 1).
    """
    rows = []
    for scores, per_epoch in zip(accuracies, updates, strict=True):
        last = budget // per_epoch - 1
        chosen_on = scores[:, :tuning, last]
        rate = np.argmax(chosen_on.mean(axis=1))
        reported = scores[rate, tuning:, last]
        error = reported.std(ddof=1) / np.sqrt(len(reported))
        rows.append((rate, reported.mean(), error))
    return np.array(rows)


fair_scoreboard.fault(
    "one_rate_for_all",
    "All recipes run at the rate that is best for the first one. The others lose by a rate that does not suit them.",
    right="rate = np.argmax(chosen_on.mean(axis=1))",
    wrong="rate = rows[0][0] if rows else np.argmax(chosen_on.mean(axis=1))",
)
fair_scoreboard.fault(
    "best_seed_reported",
    "What is reported is the luckiest seed. Its score is above what the recipe reaches on average.",
    right="rows.append((rate, reported.mean(), error))",
    wrong="rows.append((rate, reported.max(), error))",
)
fair_scoreboard.fault(
    "chosen_where_reported",
    "The rate is chosen on the seeds that are reported. A rate that was lucky there wins, and its luck is reported as skill.",
    right="chosen_on = scores[:, :tuning, last]",
    wrong="chosen_on = scores[:, tuning:, last]",
)
fair_scoreboard.fault(
    "unequal_updates",
    "Each recipe is measured after its last epoch. Those with small batches, or more epochs, have made more updates than others.",
    right="last = budget // per_epoch - 1",
    wrong="last = scores.shape[-1] - 1",
)


@fair_scoreboard.cases
def _(rng):
    for tuning, recipes in ((2, 2), (3, 3), (1, 2)):
        yield _results(rng, tuning, recipes)


def _results(rng, tuning, recipes):
    """Recipes whose best rates differ, from each other and between the seeds that tune and those that report."""
    updates = [[6, 20, 12], [10, 7, 25]][recipes % 2][:recipes]
    budget, accuracies = 65, []
    for i, per_epoch in enumerate(updates):
        last = budget // per_epoch - 1
        scores = rng.uniform(0.3, 0.5, size=(4, tuning + 4, last + 3 + i))
        tuned, lucky = [(0, 2), (1, 3), (2, 0)][i]
        scores[tuned, :tuning] += 0.3  # best where rates are chosen
        scores[lucky, tuning:] += 0.4  # best where they are reported
        wild, late = sorted({0, 1, 2, 3} - {tuned, lucky})
        if tuning > 1:  # the best of all on one seed that tunes, but not on their mean
            scores[wild, 0] += 0.6
            scores[wild, 1:tuning] -= 0.3
        scores[late, :tuning, -1] += 0.6  # best after the last epoch, which is beyond the budget
        accuracies.append(np.round(scores, 3))
    return accuracies, updates, budget, tuning


def _board(
    accuracies, updates, budget, tuning, ddof=1, root=True, at=None, epoch=-1, chosen_at=None, best=np.mean
):
    rows = []
    for scores, per_epoch in zip(accuracies, updates, strict=True):
        last = budget // per_epoch + epoch
        rate = np.argmax(best(scores[:, :tuning, chosen_at or last], axis=1))
        reported = scores[rate, tuning:, last] if at is None else scores[rate, at, last]
        error = reported.std(ddof=ddof) / (np.sqrt(len(reported)) if root else 1)
        rows.append((rate, reported.mean(), error))
    return np.array(rows)


@fair_scoreboard.mistake(
    "The third column is the spread of single seeds. The standard error of their mean is smaller by the root of their number."
)
def spread_of_seeds(accuracies, updates, budget, tuning):
    return _board(accuracies, updates, budget, tuning, root=False)


@fair_scoreboard.mistake(
    "The standard deviation divides by the number of seeds. With ddof 1 it divides by one less."
)
def ddof_zero(accuracies, updates, budget, tuning):
    return _board(accuracies, updates, budget, tuning, ddof=0)


@fair_scoreboard.mistake(
    "The report is a mean over all seeds, also over those that chose the rate: their luck is in it."
)
def all_seeds_report(accuracies, updates, budget, tuning):
    return _board(accuracies, updates, budget, tuning, at=slice(None))


@fair_scoreboard.mistake(
    "The rate is chosen after the last epoch, beyond the budget. Choose it where the budget ends, as you measure there."
)
def chosen_after_the_last_epoch(accuracies, updates, budget, tuning):
    return _board(accuracies, updates, budget, tuning, chosen_at=-1)


@fair_scoreboard.mistake(
    "The rate is chosen by the luckiest of the seeds that tune. Choose the one with the highest mean over them."
)
def chosen_by_the_best_seed(accuracies, updates, budget, tuning):
    return _board(accuracies, updates, budget, tuning, best=np.max)


@fair_scoreboard.mistake(
    "It is measured one epoch too late: the first epoch ends after as many updates as an epoch has, and its place is 0."
)
def an_epoch_too_late(accuracies, updates, budget, tuning):
    return _board(accuracies, updates, budget, tuning, epoch=0)


@fair_scoreboard.variant
def with_a_loop_over_rates(accuracies, updates, budget, tuning):
    table = np.zeros((len(accuracies), 3))
    for i, scores in enumerate(accuracies):
        epochs = int(np.floor(budget / updates[i]))
        best, rate = -1.0, 0
        for r in range(scores.shape[0]):
            mean = sum(scores[r, s, epochs - 1] for s in range(tuning)) / tuning
            if mean > best:
                best, rate = mean, r
        fresh = [scores[rate, s, epochs - 1] for s in range(tuning, scores.shape[1])]
        table[i] = rate, np.mean(fresh), np.sqrt(np.var(fresh, ddof=1) / len(fresh))
    return table


@fair_scoreboard.variant
def in_slices(accuracies, updates, budget, tuning):
    at_budget = [s[..., : budget // u][..., -1] for s, u in zip(accuracies, updates, strict=True)]
    rates = [s[:, :tuning].sum(axis=1).argmax() for s in at_budget]
    fresh = [s[r, tuning:] for s, r in zip(at_budget, rates, strict=True)]
    errors = [np.std(f, ddof=1) * len(f) ** -0.5 for f in fresh]
    return np.column_stack([rates, [f.mean() for f in fresh], errors])
