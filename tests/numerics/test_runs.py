"""The log of runs: a budget, a prediction before each run, a file that goes on after a restart."""

import json

import numpy as np
import pytest

from nnutils.runs import BudgetSpent, RunLog


def half(settings, seed):
    return 0.5


def log_of(scores, **kwargs):
    log = RunLog(**kwargs)
    for seed, score in enumerate(scores):
        log.run(lambda settings, seed, score=score: score, {"lr": 0.1 * seed}, seed, 0.5, "a guess")
    return log


def test_a_run_gets_its_settings_and_seed_and_is_kept():
    got = []

    def train(settings, seed):
        got.append((settings, seed))
        return np.float32(0.75)

    log = RunLog(budget=3)
    assert log.run(train, {"lr": 0.1, "hidden": (4, 2)}, 7, 0.6, " it is wide ") == 0.75
    assert got == [({"lr": 0.1, "hidden": (4, 2)}, 7)] and log.left == 2
    (run,) = log.runs
    assert (run.expected, run.because, run.seed) == (0.6, "it is wide", 7)


@pytest.mark.parametrize(
    ("expected", "because", "word"),
    [
        (None, "why", "expected"),
        (np.nan, "why", "expected"),
        (True, "why", "expected"),
        (0.5, " ", "because"),
        (0.5, 3, "because"),
    ],
)
def test_no_run_without_a_prediction(expected, because, word):
    log = RunLog()
    with pytest.raises(ValueError, match=f"predict first: {word}"):
        log.run(lambda settings, seed: pytest.fail("it was trained"), {}, 0, expected, because)
    assert log.left == 40


def test_beyond_the_budget_nothing_is_trained():
    log = log_of([0.1, 0.2], budget=2)
    with pytest.raises(BudgetSpent, match="the budget of 2 runs is spent"):
        log.run(lambda settings, seed: pytest.fail("it was trained"), {"lr": 9}, 0, 0.5, "one more")
    assert log.left == 0


def test_a_repeated_run_costs_nothing_and_is_not_trained():
    log = RunLog(budget=1)
    log.run(half, {"hidden": (4, 2), "lr": 0.1}, 0, 0.5, "first")
    again = {"lr": np.float64(0.1), "hidden": [4, 2]}
    assert (
        log.run(lambda settings, seed: pytest.fail("it was trained"), again, np.int64(0), 0.9, "again") == 0.5
    )
    assert len(log.runs) == 1 and log.runs[0].expected == 0.5


def test_a_log_goes_on_after_a_restart(tmp_path):
    file = tmp_path / "runs.json"
    log_of([0.1, 0.2], file=file, budget=3)
    log = RunLog(file, budget=3)
    assert log.left == 1 and [run.score for run in log.runs] == [0.1, 0.2]
    other = RunLog(file, budget=3)
    other.run(half, {}, 5, 0.5, "from another notebook")
    with pytest.raises(BudgetSpent):
        log.run(half, {}, 6, 0.5, "one too many")


def test_runs_that_another_notebook_made_during_a_run_are_kept(tmp_path):
    file = tmp_path / "runs.json"

    def train(settings, seed):
        RunLog(file).run(half, {"other": 1}, 0, 0.5, "meanwhile")
        return 0.7

    RunLog(file).run(train, {}, 0, 0.5, "first")
    assert [run.score for run in RunLog(file).runs] == [0.5, 0.7]


def test_a_log_that_was_not_run_writes_nothing(tmp_path):
    RunLog(tmp_path / "runs.json")
    assert not [*tmp_path.iterdir()]


def test_a_training_that_fails_is_not_kept(tmp_path):
    log = RunLog(tmp_path / "runs.json", budget=1)
    with pytest.raises(ZeroDivisionError):
        log.run(lambda settings, seed: 1 / 0, {}, 0, 0.5, "a slip")
    assert log.left == 1


@pytest.mark.parametrize("text", ["", "[]", '{"budget": 3}', '{"budget": 3, "runs": [{"seed": 1}]}'])
def test_another_file_is_refused_and_left_alone(tmp_path, text):
    file = tmp_path / "notes.json"
    file.write_text(text)
    with pytest.raises(ValueError, match="no log of runs"):
        RunLog(file, budget=3)
    assert file.read_text() == text


def test_the_budget_cannot_grow(tmp_path):
    log_of([0.1], file=tmp_path / "runs.json", budget=3)
    with pytest.raises(ValueError, match="a budget of 3 runs"):
        RunLog(tmp_path / "runs.json", budget=300)


@pytest.mark.parametrize("settings", [{"f": half}, {"f": {1, 2}}, {"seed": object()}])
def test_settings_that_a_file_cannot_keep_are_refused(settings):
    with pytest.raises(ValueError, match="settings are names"):
        RunLog().run(half, settings, 0, 0.5, "why")


def test_a_diverged_run_counts_and_comes_last(tmp_path):
    log = log_of([np.nan, 0.2, 0.9], file=tmp_path / "runs.json")
    assert log.left == 37 and np.isnan(RunLog(tmp_path / "runs.json").runs[0].score)
    assert [line.split()[0] for line in log.table(best=3).splitlines()[-3:]] == ["3", "2", "1"]


def test_the_table_shows_what_differs():
    log = RunLog(budget=5)
    for lr in (0.1, 0.2):
        log.run(lambda settings, seed: settings["lr"], {"hidden": (8, 4), "lr": lr}, 3, 0.5, "why")
    count, shared, _, first, _ = log.table().splitlines()
    assert count == "2 of 5 runs made" and shared == "all: hidden 8-4"
    assert first.split() == ["1", "3", "0.50", "0.10", "lr", "0.1"]
    assert log.surprise() == pytest.approx(0.35)


def test_the_file_is_plain(tmp_path):
    log_of([0.1], file=tmp_path / "runs.json")
    (run,) = json.loads((tmp_path / "runs.json").read_text())["runs"]
    assert run == {"settings": {"lr": 0.0}, "seed": 0, "expected": 0.5, "because": "a guess", "score": 0.1}
