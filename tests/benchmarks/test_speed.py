"""The benchmark's machinery: it measures what it says, needs no library that is not there, and the page is what was measured.
No test here depends on how fast the machine is."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.speed import __main__ as command
from benchmarks.speed import contenders, jobs, measure, page, pictures, textbook, timing
from benchmarks.speed.contenders import KEEP_PROB, L2, PLAIN, REGULARIZED, Workload
from benchmarks.speed.timing import Row
from nnutils import optimizers
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
    "optimizers",
}


def test_every_contender_takes_its_turn_once_a_round_and_is_compared_within_it(monkeypatch):
    order = []
    clock = iter(np.cumsum(np.tile([0.0, 3.0, 0.0, 6.0], 100)))  # a takes 3 s for 3 steps, b 6 s for 2
    monkeypatch.setattr(timing, "repeats_of", lambda call, seconds, clock: 1)
    calls = {"a": (lambda: order.append("a"), 1), "b": (lambda: order.append("b"), 2)}
    rows = timing.interleave(calls, rounds=4, ours="b", clock=lambda: next(clock))
    assert order == ["a", "a", "a", "a", "b"] * 4  # one to warm up and three; b's call is two steps already
    assert rows["a"].median == pytest.approx(1e6) and rows["b"].median == pytest.approx(3e6)
    assert (rows["a"].ratio, rows["b"].ratio) == pytest.approx((1, 3))
    assert (rows["a"].lead, rows["b"].lead) == pytest.approx((3, 1))


def test_ratios_are_taken_pair_by_pair(monkeypatch):
    """Both slow down together, so the ratio of each pair is 2, but the ratio of b's median to a's best is not."""
    monkeypatch.setattr(timing, "repeats_of", lambda call, seconds, clock: 1)
    turns = iter([1.0, 2.0, 10.0, 20.0, 4.0, 8.0])
    monkeypatch.setattr(timing, "measure", lambda call, repeats, clock: next(turns))
    rows = timing.interleave({"a": (lambda: None, 2), "b": (lambda: None, 2)}, rounds=3)
    assert rows["b"].ratio == 2 and rows["b"].lead == 0.5


def test_a_turn_repeats_until_it_is_long_enough(monkeypatch):
    monkeypatch.setattr(timing, "measure", lambda call, repeats, clock: 250.0)
    assert timing.repeats_of(lambda: None, 0.005, None) == 20
    assert timing.repeats_of(lambda: None, 1e-6, None) == 1


def test_the_spread_is_median_and_quartiles():
    assert timing.spread([1, 2, 3, 4, 100]) == (3, 2, 4)
    assert timing.spread([7.0]) == (7, 7, 7)


@pytest.mark.parametrize("sizes", [(4, 6, 5, 3), (2, 5, 3, 1)])
def test_the_textbook_version_computes_what_nnutils_computes(sizes):
    work = Workload("", sizes, 16)
    state, network, (X, y) = textbook.initialize(work.weights()), work.network(), work.data()
    for own, W in zip(network.weights, work.weights(), strict=True):
        own[...] = W
    optimizer = Adam(0.01)
    for _ in range(5):
        cost = network.loss_and_grad(X, y)
        optimizer.update(network.theta, network.grad)
        assert textbook.step(state, X, y, lr=0.01) == pytest.approx(cost, rel=1e-4)
    np.testing.assert_allclose(state["params"]["W2"], network.weights[1], rtol=1e-3, atol=1e-5)


def test_the_textbook_version_has_the_same_batch_norm_and_l2():
    work = Workload("", (4, 6, 5, 3), 16, regularized=True)
    state, network, (X, y) = textbook.initialize(work.weights(), True), work.network(), work.data()
    for own, W in zip(network.weights, work.weights(), strict=True):
        own[...] = W
    network.layers = [layer for layer in network.layers if not hasattr(layer, "keep_prob")]
    network._bind()
    assert textbook.step(state, X, y, lr=0.01, l2=L2) == pytest.approx(network.loss_and_grad(X, y), rel=1e-4)
    Adam(0.01).update(network.theta, network.grad)
    np.testing.assert_allclose(state["params"]["W1"], network.weights[0], rtol=2e-2, atol=1e-4)
    assert np.isfinite(textbook.step(state, X, y, lr=0.01, keep_prob=KEEP_PROB, l2=L2))


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


def test_each_optimiser_of_the_library_has_a_row():
    rows = measure.optimizers(TINY, 2)
    words = " ".join(rows)
    kinds = set(optimizers.__all__) - {"Optimizer", "newton_schulz", "orthogonalize"}
    assert all(kind in words for kind in kinds) and rows["SGD"].ratio == 1
    assert "| Lion |" in page.updates({"tiny": rows}) and page.updates(None) == page.MISSING


def test_what_is_not_installed_gets_a_row(monkeypatch):
    def missing(work):
        raise ImportError("no such library")

    monkeypatch.setitem(measure.CONTENDERS, "jax jit", missing)
    works = (TINY, Workload("tiny, regularized", (4, 5, 3), 8, True))
    names = ["bare products", "nnutils", "jax jit", "scikit-learn partial_fit"]
    table = measure.steps(works, 2, names)
    assert list(table["tiny"]) == names and table["tiny"]["jax jit"] == "not installed"
    assert table["tiny, regularized"]["scikit-learn partial_fit"] == "no batch norm, no dropout"
    assert table["tiny"]["nnutils"].low <= table["tiny"]["nnutils"].median <= table["tiny"]["nnutils"].high
    assert table["tiny"]["nnutils"].lead == 1 and table["tiny"]["bare products"].ratio == 1


def test_a_job_is_a_ratio_within_one_run(monkeypatch):
    monkeypatch.setattr(timing, "repeats_of", lambda call, seconds, clock: 1)
    monkeypatch.setattr(timing, "measure", lambda call, repeats, clock: call())
    assert jobs.speedup((lambda: 3.0, 6), (lambda: 8.0, 2), 6) == (8, "x", "at least", 6, "")


def test_the_checks_of_a_lesson_are_timed_but_for_its_design(monkeypatch, capsys):
    monkeypatch.setattr(jobs, "lessons", lambda: ["start_here"])
    assert command.main(["--checks"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said[1:-2]] == ["feature_means", "joined_mean", "nearest_mean"]
    assert all(float(number) > 0 for line in said[1:-2] for number in line.split()[1:])
    assert all("the limit is" in line for line in said[-2:])


def stored():
    return command.load(ROOT / "docs" / "speed.json")


def test_the_page_is_what_was_measured():
    text = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
    assert page.fill(text, page.blocks(stored())) == text
    assert all(f"<!-- bench: {name} -->\n" in text for name in MARKS) and set(page.blocks(stored())) == MARKS


def test_a_changed_number_changes_the_page():
    text, other = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8"), stored()
    next(iter(other.values()))["steps"][PLAIN[0].name]["nnutils"][3] += 1
    assert page.fill(text, page.blocks(other)) != text


def test_the_stored_measurement_is_whole_and_no_limit_is_a_time():
    for name, run in stored().items():
        if name == page.TWO:
            continue
        assert list(run["steps"]) == [work.name for work in PLAIN + REGULARIZED]
        assert all(list(rows) == list(measure.CONTENDERS) for rows in run["steps"].values())
        assert run["machine"]["cpu"] and "numpy" in run["machine"]["libraries"]
        assert all(unit == "x" for _, unit, _, limit, _ in run["jobs"].values() if limit is not None)


def test_the_page_shows_more_than_one_kernel():
    kernels = stored().keys() - {page.TWO}
    text = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
    assert len(kernels) > 1 and all(f"| {kernel}: over the bare products |" in text for kernel in kernels)


def test_the_page_says_where_nnutils_is_ahead_of_every_peer_with_every_kernel():
    """The sentence in docs/speed.md below "Goals": the small networks, and the large one with batch norm up to batch 256."""
    lines = page.goals({name: run for name, run in stored().items() if name != page.TWO}).splitlines()
    ahead = [
        line.split(": over")[0][2:] for line in lines if "best peer" in line and line.endswith("| yes |")
    ]
    assert ahead == [work.name for work in (*PLAIN[:2], *REGULARIZED[:4])]


def kernel(**leads):
    """A run in which nnutils takes 0.9 times as long as every contender but these; `bare` are the bare products."""
    leads = {"bare products": leads.pop("bare", 3.0), **leads}
    rows = {name: Row(10.0, 9.0, 11.0, 1.0, leads.get(name, 0.9)) for name in measure.CONTENDERS}
    return {"steps": {PLAIN[0].name: rows}}


def test_goals_say_no_where_a_peer_is_faster_with_any_kernel():
    assert page.goals({"a": kernel(), "b": kernel()}).count("| yes |") == 3
    text = page.goals({"a": kernel(), "b": kernel(**{"Keras fit": 2.0})})
    assert "over the best peer | 0.90 x (" in text and "| 2.00 x (Keras fit) | at most 1 x | **no** |" in text
    text = page.goals({"a": kernel(), "b": kernel(bare=4.0)})
    assert "over the bare products | 3.00 x | 4.00 x | at most 3.5 x | **no** |" in text


def test_jobs_say_no_where_a_limit_is_missed_with_any_kernel():
    def run(faster, slower):
        return {
            "jobs": {"fast": (faster, "x", "at least", 6, "`f`"), "slow": (slower, "x", "at most", 4, "")}
        }

    assert page.jobs({"a": run(8.0, 2.0), "b": run(7.0, 3.0)}).count("| yes |") == 2
    text = page.jobs({"a": run(8.0, 2.0), "b": run(5.0, 5.0)})
    assert "| fast | 8.00 x (`f`) | 5.00 x (`f`) | at least 6 x | **no** |" in text
    assert "| slow | 2.00 x | 5.00 x | at most 4 x | **no** |" in text


def test_the_pictures_are_drawn_from_the_measurement(tmp_path):
    paths = pictures.draw(next(iter(stored().values())), tmp_path)
    assert [path.name for path in paths] == ["speed_parts.svg", "speed_batch.svg", "speed_width.svg"]
    assert all("<svg" in path.read_text(encoding="utf-8") for path in paths)


def test_keep_prints_what_is_stored(capsys):
    assert command.main(["--keep"]) == 0
    assert "over the bare products" in capsys.readouterr().out


def test_nothing_to_print_is_2(tmp_path, capsys):
    assert command.main(["--keep", "--out", str(tmp_path / "none.json")]) == 2
    assert command.main(["--quick", "--write-docs"]) == 2
    assert "leave out --quick" in capsys.readouterr().err


def test_each_kernel_and_number_of_threads_has_a_process_with_its_environment(monkeypatch):
    seen, names = [], ("OPENBLAS_CORETYPE", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

    def fake(words, env, **settings):
        if words[1] == "-c":  # asks which kernel runs; this processor does not have every one
            code = -4 * (env["OPENBLAS_CORETYPE"] == "SkylakeX")
            return argparse.Namespace(returncode=code, stdout="Haswell Nehalem")
        seen.append((*words[-2:], *(env[name] for name in names)))
        return argparse.Namespace(stdout=json.dumps({"steps": {}}))

    monkeypatch.setattr(command.subprocess, "run", fake)
    monkeypatch.setenv("OPENBLAS_L2_SIZE", "512")
    options = command.parser().parse_args(["--kernels", "SkylakeX", "Haswell", "Nehalem", "--two-threads"])
    assert list(command.measure(options)) == ["Haswell", "Nehalem", "two threads"]
    assert seen == [
        ("whole", "9", "Haswell", "1", "1"),
        ("kernel", "9", "Nehalem", "1", "1"),
        ("quick", "9", "Haswell", "2", "2"),
    ]
    assert "OPENBLAS_L2_SIZE" not in command.environment("Haswell", 1)


def test_the_file_has_a_line_for_each_row_and_four_digits():
    text = command.dumped({"a": {"steps": {"x": {"y": [1.23456789, 123456.7, "1.23456"]}, "z": {}}}})
    assert text.splitlines()[3] == '"x": {"y": [1.235, 123500.0, "1.23456"]},'
    assert json.loads(text) == {"a": {"steps": {"x": {"y": [1.235, 123500.0, "1.23456"]}, "z": {}}}}
