"""Exercise search_report: a search that is chosen and reported, with faults to repair."""

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.hyperparameter_search.given import Runs


@exercise(
    kind="repair",
    points=4,
    minutes=6,
    returns=("winner", "reported"),
    hints=(
        "For each number that run returns ask: may it choose, or may it be reported? For each seed ask: which runs share it, and may they?",
        "The training loss may choose nothing. What has chosen the winner is too good as a report. And a seed that was used in the first round may not be used again.",
        "Follow one call of run at a time: its seed, and the place in the triple of what is taken from it. Compare each with the docstring.",
    ),
)
def search_report(run, configs, seeds, keep):
    """A search with one run a config, the best again on fresh seeds.

    run: a function; run(config, seed) trains a network and returns its
    (train loss, dev loss, test loss).
    configs: a list of n settings. seeds: a list of more than n different
    whole numbers. The first n are for the first round, in which config
    number i is trained once, with seed number i. The others are fresh.
    keep: how many configs go on, those of lowest dev loss.
    In the second round each of these is trained with every fresh seed,
    and the one with the lowest mean dev loss of this round wins.
    Returns (winner, reported): its number in configs, and its mean test
    loss over the fresh seeds.
    """
    n = len(configs)
    starts = zip(configs, seeds[:n], strict=True)
    first = [run(config, seed)[1] for config, seed in starts]
    best = sorted(range(n), key=lambda i: first[i])[:keep]
    fresh = seeds[n:]
    again = {i: [run(configs[i], seed) for seed in fresh] for i in best}
    winner = min(best, key=lambda i: np.mean([dev for _, dev, _ in again[i]]))
    return winner, float(np.mean([test for _, _, test in again[winner]]))


search_report.fault(
    "one_seed_for_all",
    "All configs of the first round are trained with one and the same seed: its luck chooses, and nobody sees it.",
    right="seeds[:n], strict",
    wrong="seeds[:1] * n, strict",
)
search_report.fault(
    "chosen_by_training",
    "Who goes on is chosen by the training loss. That prefers settings that overfit.",
    right="run(config, seed)[1]",
    wrong="run(config, seed)[0]",
)
search_report.fault(
    "winner_of_the_first_round",
    "The second round decides nothing: the winner is who was best in the first, by one lucky run.",
    right="min(best, key=lambda i: np.mean([dev for _, dev, _ in again[i]]))",
    wrong="best[0]",
)
search_report.fault(
    "reports_what_chose",
    "The report is the dev loss, by which the winner was chosen. So it is too low.",
    right="[test for _, _, test in again[winner]]",
    wrong="[dev for _, dev, _ in again[winner]]",
)


@search_report.cases
def _(rng):
    """Tables on which no combination of the faults comes to the right result, and no two of them to the same ones."""
    functions = [search_report.reference, *(one.function for one in search_report.mistakes)]
    while True:
        cases = [_sharp(rng, *size) for size in ((6, 3, 3), (8, 4, 4), (5, 2, 3), (7, 3, 4), (9, 5, 5))]
        told = [str([_plain(function(*case)) for case in cases]) for function in functions]
        if len({*told}) == len(told):
            yield from cases
            return


def _sharp(rng, n, fresh, keep):
    while True:
        case = _table(rng, n, fresh, keep)
        right = _plain(search_report.reference(*case))
        if all(_plain(one.function(*case)) != right for one in search_report.mistakes):
            return case


def _plain(answer):
    winner, reported = answer
    return int(winner), round(float(reported), 9)


def _table(rng, n, fresh, keep):
    configs = [f"config {i}" for i in rng.permutation(n)]
    seeds = rng.permutation(100)[: n + fresh].tolist()
    table = {
        config: {seed: tuple(rng.uniform(0.1, 1, size=3).tolist()) for seed in seeds} for config in configs
    }
    return Runs(table), configs, seeds, keep


def _rounds(run, configs, seeds, keep):
    """The best numbers of the first round, and their runs in the second."""
    n = len(configs)
    first = [run(config, seed)[1] for config, seed in zip(configs, seeds[:n], strict=True)]
    best = [int(i) for i in np.argsort(first)[:keep]]
    return first, best, {i: np.array([run(configs[i], seed) for seed in seeds[n:]]) for i in best}


def _searched(run, configs, seeds, keep, first_by=1, winner_by=1, fresh=None, place=False):
    """The right search, for the mistakes to spoil. first_by, winner_by: which of the three losses chooses."""
    n = len(configs)
    first = [run(config, seed)[first_by] for config, seed in zip(configs, seeds[:n], strict=True)]
    best = [int(i) for i in np.argsort(first)[:keep]]
    again = [np.mean([run(configs[i], seed) for seed in fresh or seeds[n:]], axis=0) for i in best]
    winner = int(np.argmin([losses[winner_by] for losses in again]))
    return winner if place else best[winner], float(again[winner][2])


@search_report.mistake(
    "The winner is chosen by the test loss, which is also reported. So the report is too low: choose by the dev loss."
)
def winner_by_test(run, configs, seeds, keep):
    return _searched(run, configs, seeds, keep, winner_by=2)


@search_report.mistake(
    "Who goes on is chosen by the test loss. It may choose nothing, or it cannot be reported: choose by the dev loss."
)
def first_by_test(run, configs, seeds, keep):
    return _searched(run, configs, seeds, keep, first_by=2)


@search_report.mistake(
    "The second round also uses the seeds of the first, with which some were lucky. Only the seeds after the first n are fresh."
)
def all_seeds_again(run, configs, seeds, keep):
    return _searched(run, configs, seeds, keep, fresh=seeds)


@search_report.mistake("The winner's number counts among those that went on. Return its number in configs.")
def place_among_the_kept(run, configs, seeds, keep):
    return _searched(run, configs, seeds, keep, place=True)


@search_report.variant
def with_arrays(run, configs, seeds, keep):
    _, best, again = _rounds(run, configs, seeds, keep)
    means = np.array([again[i].mean(axis=0) for i in best])
    place = int(means[:, 1].argmin())
    return best[place], means[place, 2]


@search_report.variant
def with_pairs(run, configs, seeds, keep):
    n, pairs = len(configs), []
    for i in range(n):
        pairs.append((run(configs[i], seeds[i])[1], i))
    means = []
    for _, i in sorted(pairs)[:keep]:
        runs = [run(configs[i], seed) for seed in seeds[n:]]
        means.append((sum(r[1] for r in runs) / len(runs), i, sum(r[2] for r in runs) / len(runs)))
    _, winner, reported = min(means)
    return winner, reported
