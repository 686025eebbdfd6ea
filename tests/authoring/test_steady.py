"""`python3 course.py steady` finds chaos, lets what is steady pass, and says what it did."""

import argparse

import numpy as np
import pytest

from coursekit.authoring import steady
from coursekit.authoring.build import solution_text
from coursekit.authoring.jitter import jittered
from coursekit.authoring.lesson import Lesson

LESSON = """# %% [markdown]
# # Two maps

# %%
import numpy as np

from nnutils.optimizers import SGD


# %%
def iterate(rate):
    theta, optimizer = np.array([0.4]), SGD(lr=1.0)
    for _ in range(100):
        optimizer.update(theta, theta - rate * theta * (1 - theta))
    return theta[0]


print(f"settles at {iterate(2.5):.3f} after 100 steps")

# %%
print(f"never settles: {iterate(3.9):.3f}")

# %% tags=["nbval-ignore-output"]
print(f"never settles: {iterate(3.95):.3f}")
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course of one lesson, built."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "lessons").mkdir()
    (folder / "solutions").mkdir()
    source = folder / "lessons" / "00_maps.py"
    source.write_text(LESSON, encoding="utf-8")
    (folder / "solutions" / "00_maps.ipynb").write_text(solution_text(Lesson(source)), encoding="utf-8")
    return folder


def options(root, **given):
    defaults = {"lessons": [], "runs": "jitter-1", "since": None, "all": False, "jobs": 1, "root": root}
    return argparse.Namespace(**defaults | given)


def test_jitter_finds_the_chaotic_cell_alone(root, capsys):
    assert steady.run(options(root)) == 1
    out = capsys.readouterr().out
    assert "00_maps cell 2, jitter-1" in out
    assert "cell 1," not in out and "cell 3," not in out
    assert "1 run of 1 lesson: 1 line moved further than allowed" in out
    assert "cells compared: 1 exactly, 2 within a unit, 0 within a stated share, 1 not at all" in out


def test_what_raises_is_told(root):
    lesson = Lesson(root / "lessons" / "00_maps.py")
    file = root / "solutions" / "00_maps.ipynb"
    text = file.read_text(encoding="utf-8")
    try:
        file.write_text(text.replace("iterate(2.5):.3f", "1 / 0:.3f"), encoding="utf-8")
        moved = [line for line in steady.moved_in(lesson, "plain") if line.cell == 1]
    finally:
        file.write_text(text, encoding="utf-8")
    assert [line.movement.printed for line in moved] == ["ZeroDivisionError: division by zero"]


def test_stale_solution_and_unknown_names_are_refused(root, capsys, tmp_path):
    assert steady.run(options(root, runs="pentium")) == 2
    assert steady.run(options(root, lessons=["7"])) == 2
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "00_maps.py").write_text(LESSON, encoding="utf-8")
    assert steady.run(options(tmp_path)) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("there is no run pentium")
    assert said[1].startswith("there is no lesson '7'")
    assert said[2] == "stale, build first: 00_maps"


def test_where_nothing_moved_the_command_ends_well(root, capsys):
    assert steady.run(options(root, runs="")) == 0
    assert "0 runs of 1 lesson: 0 lines moved further than allowed" in capsys.readouterr().out


def test_processor_runs_are_left_out_where_it_cannot_do_them(monkeypatch, capsys):
    monkeypatch.setattr(steady, "processor_flags", lambda: {"sse4_2", "avx2"})
    assert steady._runs("nehalem,haswell,skylakex,jitter-4") == ["nehalem", "haswell", "jitter-4"]
    assert "skylakex" in capsys.readouterr().err


def test_jitter_changes_floats_in_their_last_digits_only():
    rng = np.random.default_rng(0)
    value = (np.ones(50), [np.ones(50, np.float32)], np.arange(3), np.array([True]), 0.9, "text")
    double, (single,), *rest = jittered(value, rng)
    assert 1e-14 < np.abs(double - 1).max() < 1e-12
    assert single.dtype == np.float32
    assert 1e-8 < np.abs(single - 1).max() < 1e-6
    for before, after in zip(value[2:], rest, strict=True):
        assert np.array_equal(before, after)
