"""The benchmark's machinery: it measures what it says, needs no library that is not there, and the page is what was measured.
No test here depends on how fast the machine is."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from coursekit import cli
from nnutils.benchmarking import contenders, figures, measure, report, run, timing
from nnutils.benchmarking.workloads import KEEP_PROB, L2, PLAIN, REGULARIZED, Workload
from nnutils.optimizers import Adam

ROOT = Path(__file__).parents[2]
TINY = Workload("tiny", (4, 5, 3), 8)
MARKS = {
    "machine",
    "goals",
    "ratios",
    "regularized",
    "times",
    "jobs",
    "parts",
    "batch",
    "width",
    "two threads",
}


def test_every_contender_takes_its_turn_once_a_round_and_is_compared_within_it(monkeypatch):
    order = []
    clock = iter(np.cumsum(np.tile([0.0, 3.0, 0.0, 6.0], 100)))  # a takes 3 s for 3 steps, b 6 s for 2
    monkeypatch.setattr(timing, "calibrate", lambda call, seconds: 1)
    monkeypatch.setattr(timing.time, "process_time", lambda: next(clock))
    calls = {"a": (lambda: order.append("a"), 1), "b": (lambda: order.append("b"), 2)}
    rows = timing.interleave(calls, rounds=4)
    assert order == ["a", "a", "a", "a", "b"] * 4  # one to warm up and three; b's call is two steps already
    assert rows["a"]["median"] == pytest.approx(1e6) and rows["b"]["median"] == pytest.approx(3e6)
    assert (rows["a"]["ratio"], rows["b"]["ratio"]) == pytest.approx((1, 3))


def test_a_turn_repeats_until_it_is_long_enough(monkeypatch):
    monkeypatch.setattr(timing, "turn", lambda call, repeats, steps: (250.0, 250.0))
    assert timing.calibrate(lambda: None, 0.005) == 20
    assert timing.calibrate(lambda: None, 1e-6) == 1


def test_the_spread_is_median_and_quartiles():
    assert timing.spread([1, 2, 3, 4, 100]) == {"median": 3, "low": 2, "high": 4}
    assert timing.spread([7.0]) == {"median": 7, "low": 7, "high": 7}


@pytest.mark.parametrize("sizes", [(4, 6, 5, 3), (2, 5, 3, 1)])
def test_the_textbook_version_computes_what_nnutils_computes(sizes):
    work = Workload("", sizes, 16)
    module = contenders.load(ROOT / "benchmarks" / "textbook.py")
    state, network, (X, y) = module.initialize(work.weights()), work.network(), work.data()
    for own, W in zip(network.weights, work.weights(), strict=True):
        own[...] = W
    optimizer = Adam(0.01)
    for _ in range(5):
        cost = network.loss_and_grad(X, y)
        optimizer.update(network.theta, network.grad)
        assert module.step(state, X, y, lr=0.01) == pytest.approx(cost, rel=1e-4)
    np.testing.assert_allclose(state["params"]["W2"], network.weights[1], rtol=1e-3, atol=1e-5)


def test_the_textbook_version_has_the_same_batch_norm_and_l2():
    work = Workload("", (4, 6, 5, 3), 16, regularized=True)
    module = contenders.load(ROOT / "benchmarks" / "textbook.py")
    state, network, (X, y) = module.initialize(work.weights(), True), work.network(), work.data()
    for own, W in zip(network.weights, work.weights(), strict=True):
        own[...] = W
    network.layers = [layer for layer in network.layers if not hasattr(layer, "keep_prob")]
    network._bind()
    assert module.step(state, X, y, lr=0.01, l2=L2) == pytest.approx(network.loss_and_grad(X, y), rel=1e-4)
    Adam(0.01).update(network.theta, network.grad)
    np.testing.assert_allclose(state["params"]["W1"], network.weights[0], rtol=2e-2, atol=1e-4)
    assert np.isfinite(module.step(state, X, y, lr=0.01, keep_prob=KEEP_PROB, l2=L2))


def test_the_bare_products_are_those_of_a_step(monkeypatch):
    shapes, matmul = [], np.matmul
    monkeypatch.setattr(
        np, "matmul", lambda a, b, out: shapes.append((a.shape, b.shape)) or matmul(a, b, out=out)
    )
    contenders.products(Workload("", (4, 5, 3), 8))[0]()
    assert shapes == [
        ((8, 4), (4, 5)),
        ((8, 5), (5, 3)),
        ((5, 8), (8, 3)),
        ((8, 3), (3, 5)),
        ((4, 8), (8, 5)),
    ]


@pytest.mark.parametrize("work", [TINY, Workload("", (2, 5, 3, 1), 8, regularized=True, full_batch=True)])
@pytest.mark.parametrize("name", ["bare products", "nnutils", "nnutils fit", "textbook NumPy"])
def test_our_contenders_run_in_float32(name, work):
    call, steps = measure.CONTENDERS[name](work)
    call()
    assert steps == (20 if name.endswith("fit") and not work.full_batch else 1)
    assert work.data()[0].dtype == work.network().theta.dtype == np.float32


def test_what_is_not_installed_gets_a_row(monkeypatch):
    def missing(work):
        raise ImportError("no such library")

    monkeypatch.setitem(measure.CONTENDERS, "jax jit", missing)
    works = (TINY, Workload("tiny, regularized", (4, 5, 3), 8, True))
    names = ["bare products", "nnutils", "jax jit", "scikit-learn partial_fit"]
    table = measure.steps(works, 2, names)
    assert list(table["tiny"]) == names and table["tiny"]["jax jit"] == "not installed"
    assert table["tiny, regularized"]["scikit-learn partial_fit"] == "no batch norm, no dropout"
    assert (
        table["tiny"]["nnutils"]["low"]
        <= table["tiny"]["nnutils"]["median"]
        <= table["tiny"]["nnutils"]["high"]
    )


def stored():
    return run.load(ROOT / "docs" / "speed.json")


def test_the_page_is_what_was_measured():
    page = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
    assert report.fill(page, report.blocks(stored())) == page
    assert (
        all(f"<!-- bench: {name} -->\n" in page for name in MARKS) and set(report.blocks(stored())) == MARKS
    )


def test_a_changed_number_changes_the_page():
    page, other = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8"), stored()
    other["1"]["steps"][PLAIN[0].name]["nnutils"]["ratio"] += 1
    assert report.fill(page, report.blocks(other)) != page


def test_the_stored_measurement_is_whole():
    one = stored()["1"]
    assert list(one["steps"]) == [work.name for work in PLAIN + REGULARIZED]
    assert all(list(rows) == list(measure.CONTENDERS) for rows in one["steps"].values())
    assert one["machine"]["threads"] == 1 and one["machine"]["cpu"] and "numpy" in one["machine"]["libraries"]


def test_goals_say_no_where_a_peer_is_faster():
    one = {"steps": {PLAIN[0].name: {name: {"median": 10.0, "ratio": 3.0} for name in measure.CONTENDERS}}}
    assert report.goals(one).count("| yes |") == 3
    one["steps"][PLAIN[0].name]["Keras fit"]["ratio"] = 1.5
    assert "over the best peer, Keras fit | 2.00x | 1x | **no** |" in report.goals(one)


def test_the_pictures_are_drawn_from_the_measurement(tmp_path):
    paths = figures.draw(stored()["1"], tmp_path)
    assert [path.name for path in paths] == ["speed_parts.svg", "speed_batch.svg", "speed_width.svg"]
    assert all("<svg" in path.read_text(encoding="utf-8") for path in paths)


def test_keep_prints_what_is_stored(capsys):
    assert cli.main(["bench", "--keep"]) == 0
    assert "over the bare products" in capsys.readouterr().out


def test_nothing_to_print_is_2(tmp_path, capsys):
    assert cli.main(["bench", "--keep", "--out", str(tmp_path / "none.json")]) == 2
    assert cli.main(["bench", "--quick", "--write-docs"]) == 2
    assert "leave out --quick" in capsys.readouterr().err


def test_each_number_of_threads_has_a_process_with_its_environment(monkeypatch):
    seen = []

    def fake(command, env, **settings):
        seen.append((command[-1], env["OMP_NUM_THREADS"], env["OPENBLAS_NUM_THREADS"]))
        return argparse.Namespace(stdout=json.dumps({"steps": {}, "value": 1.23456789}))

    monkeypatch.setattr(run.subprocess, "run", fake)
    assert run.measure(quick=False, two_threads=True)["2"]["value"] == 1.235
    assert seen == [("whole", "1", "1"), ("whole", "2", "2")]
