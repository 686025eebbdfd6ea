"""Exercise successive_halving: many short runs, and longer ones for those that do well."""

import math

import numpy as np

from nnutils.checks.exercise import exercise
from nnutils.lessons.hyperparameter_search.given import Training


@exercise(
    kind="write",
    points=5,
    minutes=8,
    hints=(
        "Count the rounds first, with a loop that multiplies by eta. Keep each config together with its state: a list of pairs does it.",
        "Steps of a config in a round: budget // rounds // (how many configs are left). Train all, remember loss and state of each, and choose by the loss.",
        "order = sorted(range(len(alive)), key=lambda i: losses[i])[: max(1, len(alive) // eta)] gives the best ones, and sorted(order) puts them back in their order. The winner is the first of the last round's order.",
    ),
)
def successive_halving(train, configs, budget, eta):
    """Search by short runs first, and go on with those that do best.

    train: a function; train(config, steps, state) goes on training by
    `steps` steps and returns (loss, state). For a new run state is
    None; later it is what train returned last for this config.
    configs: a list of n settings, of any kind, all different.
    budget: a whole number, how many steps may be made in all.
    eta: a whole number, 2 or more.
    The number of rounds is the least r, 1 or more, for which eta to the
    power r is at least n. Each round gets the same share of the budget,
    and shares it equally among its configs; what does not divide is
    not spent, and there is at least a step for each. After a round with
    c configs the c / eta (rounded down, but at least 1) with the lowest
    loss go on, where they stopped. Of equal losses the earlier config
    goes first.
    Returns (rounds, winner): a list with the list of configs that each
    round trained, in any order, and the config that is best in the last.
    """
    n_rounds = 1
    while eta**n_rounds < len(configs):
        n_rounds += 1
    alive, rounds = [(config, None) for config in configs], []
    for _ in range(n_rounds):
        rounds.append([config for config, _ in alive])
        steps = budget // n_rounds // len(alive)
        losses = []
        for i, (config, state) in enumerate(alive):
            loss, state = train(config, steps, state)
            losses.append(loss)
            alive[i] = (config, state)
        order = sorted(range(len(alive)), key=lambda i: losses[i])
        kept = order[: max(1, len(alive) // eta)]
        winner = alive[kept[0]][0]
        alive = [alive[i] for i in sorted(kept)]
    return rounds, winner


@successive_halving.judge
def _(a, result):
    rounds, winner = successive_halving(**a)
    if not isinstance(result, list | tuple) or len(result) != 2:
        return "the result should be two things: the list of rounds, and the winner"
    got = result[0]
    if not isinstance(got, list | tuple) or not all(
        isinstance(one, list | tuple | np.ndarray) for one in got
    ):
        return "the first result should be a list of lists, the configs of each round"
    if len(got) != len(rounds):
        return f"there should be {len(rounds)} rounds, yours are {len(got)}"
    for number, (ours, theirs) in enumerate(zip(rounds, got, strict=True), start=1):
        if len(theirs) != len(ours):
            return f"round {number} should train {len(ours)} configs, yours trains {len(theirs)}"
        if sorted(map(str, theirs)) != sorted(map(str, ours)):
            return f"round {number} should train {_listed(ours)}, yours trains {_listed(theirs)}"
    return None if str(result[1]) == str(winner) else f"the winner should be {winner}, yours is {result[1]}"


def _listed(configs):
    return ", ".join(sorted(map(str, configs))[:9]) + (" and others" if len(configs) > 9 else "")


def _search(
    train, configs, budget, eta, *, rounds=None, steps=None, keep=None, sign=1, anew=False, late=False
):
    """The right search, for the mistakes to spoil: the rounds, and the results of the last one, the best first."""
    n, r = len(configs), 1
    while eta**r < n:
        r += 1
    r = rounds or r
    alive, history, results = [(i, c, None) for i, c in enumerate(configs)], [], []
    for number in range(r):
        history.append([config for _, config, _ in alive])
        each = steps(budget, r, len(alive), number) if steps else budget // r // len(alive)
        results = []
        for i, config, state in alive:
            loss, state = train(config, max(1, each), None if anew else state)
            results.append((sign * loss, -i if late else i, config, state))
        results.sort(key=lambda one: one[:2])
        count = max(1, keep(len(alive)) if keep else len(alive) // eta)
        alive = sorted(
            ((abs(i), config, state) for _, i, config, state in results[:count]), key=lambda one: one[0]
        )
    return history, results


def _answer(*arguments, **changes):
    history, results = _search(*arguments, **changes)
    return history, results[0][2]


@successive_halving.mistake("The configs with the highest loss go on. A low loss is good.")
def keeps_the_worst(train, configs, budget, eta):
    return _answer(train, configs, budget, eta, sign=-1)


@successive_halving.mistake(
    "In later rounds a config has only made the steps of that round. Often because it begins anew: give train the state that it returned last."
)
def begins_anew(train, configs, budget, eta):
    return _answer(train, configs, budget, eta, anew=True)


@successive_halving.mistake(
    "Each round spends the whole budget. The budget is for all rounds together: a round gets its share of it."
)
def whole_budget_each_round(train, configs, budget, eta):
    return _answer(train, configs, budget, eta, steps=lambda b, r, c, _: b // c)


@successive_halving.mistake(
    "Each config gets the same number of steps in every round. A round has the same share whoever is left, so the steps of a config grow."
)
def same_steps_always(train, configs, budget, eta):
    return _answer(train, configs, budget, eta, steps=lambda b, r, c, _: b // r // len(configs))


@successive_halving.mistake("Half of the configs go on, whatever eta is. It should be one in eta.")
def always_half(train, configs, budget, eta):
    return _answer(train, configs, budget, eta, keep=lambda c: c // 2)


@successive_halving.mistake("One in eta is dropped, and the others stay. It should be one in eta that stays.")
def drops_one_of_eta(train, configs, budget, eta):
    return _answer(train, configs, budget, eta, keep=lambda c: c - c // eta)


@successive_halving.mistake("How many go on is rounded up. Round down.")
def keeps_rounded_up(train, configs, budget, eta):
    return _answer(train, configs, budget, eta, keep=lambda c: -(-c // eta))


@successive_halving.mistake(
    "One round is missing. The rounds are as many as it takes to bring eta to a power of at least n."
)
def one_round_less(train, configs, budget, eta):
    return _answer(train, configs, budget, eta, rounds=max(1, _rounds(len(configs), eta) - 1))


@successive_halving.mistake(
    "There is one round too many: the powers of eta are counted until they are at least n, not above it."
)
def one_round_more(train, configs, budget, eta):
    return _answer(train, configs, budget, eta, rounds=_rounds(len(configs) + 1, eta))


@successive_halving.mistake(
    "There is a round too many where n is a power of eta. Often because the rounds come from logarithms, which are not exact: "
    "log(125) / log(5) is a little over 3. Count in whole numbers."
)
def rounds_by_logarithms(train, configs, budget, eta):
    return _answer(
        train, configs, budget, eta, rounds=max(1, math.ceil(math.log(len(configs)) / math.log(eta)))
    )


@successive_halving.mistake("Of equal losses the later config goes first. It should be the earlier one.")
def later_of_equals(train, configs, budget, eta):
    return _answer(train, configs, budget, eta, late=True)


@successive_halving.mistake(
    "Configs go on in the order of the list, whatever their loss. Choose those with the lowest loss."
)
def the_first_go_on(train, configs, budget, eta):
    r, alive, history, losses = _rounds(len(configs), eta), [(c, None) for c in configs], [], []
    for _ in range(r):
        history.append([config for config, _ in alive])
        steps = budget // r // len(alive)
        done = [train(config, steps, state) for config, state in alive]
        losses = [loss for loss, _ in done]
        alive = [(c, s) for (c, _), (_, s) in zip(alive, done, strict=True)][: max(1, len(alive) // eta)]
    return history, history[-1][int(np.argmin(losses))]


@successive_halving.mistake(
    "The winner is the first config of the last round, not the best one. Take the one with the lowest loss."
)
def first_of_the_last(train, configs, budget, eta):
    history, _ = _search(train, configs, budget, eta)
    return history, history[-1][0]


@successive_halving.mistake(
    "The winner has the lowest loss of all rounds. A run can become worse again when it goes on: take the best of the last round."
)
def best_of_all_rounds(train, configs, budget, eta):
    told = []

    def listening(config, steps, state):
        loss, state = train(config, steps, state)
        told.append((loss, config))
        return loss, state

    history, _ = _search(listening, configs, budget, eta)
    return history, min(told, key=lambda pair: pair[0])[1]


@successive_halving.mistake("You return the winner alone. Return the list of rounds, and the winner.")
def winner_alone(train, configs, budget, eta):
    return _answer(train, configs, budget, eta)[1]


@successive_halving.mistake("In the place of the winner stands its loss. Return its config.")
def loss_of_the_winner(train, configs, budget, eta):
    history, results = _search(train, configs, budget, eta)
    return history, results[0][0]


@successive_halving.mistake(
    "For each round there is the number of its configs. Return the configs themselves, a list for each round."
)
def counts_of_rounds(train, configs, budget, eta):
    history, results = _search(train, configs, budget, eta)
    return [len(one) for one in history], results[0][2]


def _rounds(n, eta):
    r = 1
    while eta**r < n:
        r += 1
    return r


@successive_halving.cases
def _(rng):
    """Searches that come out otherwise with every mistake but those that make no difference at their size."""
    searches = _searches(rng)
    while not any(_plain(begins_anew(*case)) != _plain(same_steps_always(*case)) for case in searches):
        searches = _searches(rng)
    yield from searches
    equal = {name: np.full(40, 1.0) for name in ("d", "b", "a", "c")}
    yield Training(equal), [*equal], 24, 2
    yield Training({"alone": np.linspace(2, 1, 30)}), ["alone"], 20, 4


def _searches(rng):
    no_ties = {"later_of_equals", "rounds_by_logarithms"}
    return [
        _sharp(lambda: _search_case(rng, 9, 73, 3, overfit=0.08), no_ties | {"keeps_rounded_up"}),
        _sharp(
            lambda: _search_case(rng, 11, 150, 2),
            no_ties | {"one_round_more", "always_half", "first_of_the_last", "best_of_all_rounds"},
        ),
        _sharp(lambda: _search_case(rng, 20, 220, 3), no_ties | {"one_round_more", "best_of_all_rounds"}),
        _sharp(lambda: _power_of_eta(rng), {"later_of_equals", "keeps_rounded_up", "best_of_all_rounds"}),
    ]


def _sharp(draw, harmless):
    while True:
        case = draw()
        right = _plain(successive_halving.reference(*case))
        wrong = (one for one in successive_halving.mistakes if one.name not in harmless)
        if all(_plain(one.function(*case)) != right for one in wrong):
            return case


def _plain(answer):
    """An answer without the order within its rounds."""
    rounds, winner = answer if isinstance(answer, tuple) else ([], answer)
    return [sorted(map(str, one)) if isinstance(one, list) else one for one in rounds], str(winner)


def _search_case(rng, n, budget, eta, overfit=0.0):
    """Curves that cross: some begin low and learn slowly, and with `overfit` some become worse again."""
    speed = rng.uniform(0.2, 3, size=(n, 1))
    steps = np.arange(1, budget + 1) * n / budget
    losses = rng.uniform(0.2, 1, size=(n, 1)) + rng.uniform(0.3, 2, size=(n, 1)) * np.exp(-speed * steps / 4)
    losses += 0.05 * rng.normal(size=losses.shape) + overfit * rng.uniform(0, 1, size=(n, 1)) * steps
    curves = dict(zip([f"run {i}" for i in rng.permutation(n)], losses, strict=True))
    return Training(curves), [*curves], budget, eta


def _power_of_eta(rng):
    """As many configs as a power of eta whose logarithms do not divide exactly."""
    curves = {f"run {i}": 3 - rng.uniform(0, 1, size=400).cumsum() / 50 for i in range(125)}
    return Training(curves), [*curves], 3 * 125, 5


@successive_halving.variant
def with_a_dict_of_states(train, configs, budget, eta):
    n, rounds, power = len(configs), 1, eta
    while power < n:
        power, rounds = power * eta, rounds + 1
    states, left, history = {}, list(range(n)), []
    for _ in range(rounds):
        history.append([configs[i] for i in left])
        steps = budget // (rounds * len(left))
        losses = {}
        for i in left:
            losses[i], states[i] = train(configs[i], steps, states.get(i))
        left = sorted(left, key=lambda i: (losses[i], i))[: max(1, len(left) // eta)]
    return history, configs[left[0]]


@successive_halving.variant
def by_taking_the_best_out(train, configs, budget, eta):
    rounds = next(r for r in range(1, len(configs) + 2) if eta**r >= len(configs))
    left, history = [[config, None] for config in configs], []
    for _ in range(rounds):
        history += [[config for config, _ in left]]
        losses = []
        for run in left:
            loss, run[1] = train(run[0], budget // rounds // len(left), run[1])
            losses += [loss]
        kept, count = [], max(1, len(left) // eta)
        while len(kept) < count:
            best = losses.index(min(losses))
            kept.append(left.pop(best))
            losses.pop(best)
        left = kept
    return (tuple(history), left[0][0])
