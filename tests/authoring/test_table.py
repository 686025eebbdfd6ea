"""`python3 course.py table`: what is measured, where it is written, and what is over its budget."""

import argparse
import json

import pytest

from coursekit.authoring import replication, table
from coursekit.authoring.lesson import lessons
from coursekit.authoring.replication import Claim, Replicated
from nnutils.checks.catalogue import exercises_of, predictions_of, questions_of

README = f"# A course\n\nBefore.\n\n{table.START}\nan old table\n{table.END}\n\nAfter.\n"
HUNGRY = """# %% [markdown]
# # {title}

# %%
import time

numbers = b"x" * 250_000_000
while time.process_time() < 3:
    pass
"""


@pytest.fixture
def root(tmp_path):
    """A course of two lessons, of which nothing was measured."""
    for folder in ("lessons", "docs"):
        (tmp_path / folder).mkdir()
    for name, title in (("00_start_here", "Start here"), ("04_dropout", "Dropout")):
        (tmp_path / "lessons" / f"{name}.py").write_text(HUNGRY.format(title=title), encoding="utf-8")
    (tmp_path / "README.md").write_text(README, encoding="utf-8")
    return tmp_path


def run(root, *words):
    parser = argparse.ArgumentParser()
    table.add_arguments(parser)
    return table.run(parser.parse_args([*words, "--root", str(root)]))


def stored(root):
    return json.loads((root / "docs" / "measured.json").read_text(encoding="utf-8"))


def row(root, title):
    lines = (root / "README.md").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if title in line).strip("| ").split(" | ")


def test_time_and_memory_of_the_kernel_are_measured(root):
    numbers = table.measure(lessons(root, ["0"])[0])
    assert 3 <= numbers["cpu_seconds"] < 30
    assert 250 <= numbers["peak_mb"] < 1000


def test_what_was_measured_is_kept_and_the_readme_has_the_table(root, monkeypatch, capsys):
    found = {"00_start_here": (5.43, 655), "04_dropout": (11.86, 722)}
    monkeypatch.setattr(
        table,
        "measure",
        lambda lesson: dict(zip(("cpu_seconds", "peak_mb"), found[lesson.name], strict=True)),
    )
    assert run(root, "4") == 0
    assert stored(root) == {"04_dropout": {"cpu_seconds": 11.86, "peak_mb": 722}}
    assert run(root) == 0
    assert list(stored(root)) == [*found]
    assert capsys.readouterr().out.splitlines()[-1] == "every lesson is within its budget"
    exercises = exercises_of("dropout")
    mistakes = sum(len(exercise.mistakes) for exercise in exercises)
    others = [len(predictions_of("dropout")), len(questions_of("dropout"))]
    counts = [len(exercises), mistakes, *others]
    link = "[Dropout](notebooks/04_dropout.ipynb)"
    assert row(root, "[Dropout]") == ["04", link, *map(str, counts), "not measured"]
    both = len(exercises) + len(exercises_of("start_here"))
    assert row(root, "**all**")[:2] == ["**all**", str(both)]
    assert row(root, "**all**")[-1] == "0 of 0"
    text = (root / "README.md").read_text(encoding="utf-8")
    assert text.startswith(README.partition(table.START)[0]) and text.endswith("\n\nAfter.\n")
    assert "an old table" not in text


def test_claims_that_hold_too_rarely_are_not_counted(root):
    claims = {
        "often": Claim("", "", "1" * 19 + "0", [1] * 20),
        "rarely": Claim("", "", "1" * 18 + "00", [1] * 20),
    }
    replication.write(root, {"04_dropout": Replicated("", [*range(20, 40)], [""] * 20, {}, claims)})
    assert run(root, "--keep") == 0
    assert row(root, "[Dropout]")[-1] == "1 of 2"
    assert row(root, "**all**")[-1] == "1 of 2"


def test_keep_writes_the_table_anew_and_forgets_lessons_that_are_gone(root, monkeypatch):
    monkeypatch.setattr(table, "measure", None)
    numbers = {"cpu_seconds": 5.0, "peak_mb": 600}
    text = json.dumps({"00_start_here": numbers, "99_gone": numbers})
    (root / "docs" / "measured.json").write_text(text, encoding="utf-8")
    assert run(root, "--keep") == 0
    assert stored(root) == {"00_start_here": numbers}
    assert [row(root, name)[0] for name in ("[Start here]", "[Dropout]")] == ["00", "04"]


@pytest.mark.parametrize(
    "name, seconds, megabytes, sentence",
    [
        ("04_dropout", 40.0, 1200, None),
        ("04_dropout", 40.1, 700, "04_dropout is over its budget of 40 s and 1200 MB"),
        ("04_dropout", 10.0, 1201, "04_dropout is over its budget of 40 s and 1200 MB"),
        ("18_transfer_learning", 90.0, 700, None),
        ("18_transfer_learning", 90.1, 700, "18_transfer_learning is over its budget of 90 s"),
    ],
)
def test_a_lesson_over_its_budget_is_told(name, seconds, megabytes, sentence):
    lines = table.over_budget({name: {"cpu_seconds": seconds, "peak_mb": megabytes}})
    assert len(lines) == (sentence is not None)
    assert all(line.startswith(sentence) for line in lines)


def test_all_lessons_together_have_a_budget(root, capsys):
    measured = {f"{number:02d}_x": {"cpu_seconds": 39.0, "peak_mb": 600} for number in range(19)}
    assert table.over_budget(measured) == ["all lessons take 741 s, over 700 s"]
    text = json.dumps({"00_start_here": {"cpu_seconds": 701.0, "peak_mb": 600}})
    (root / "docs" / "measured.json").write_text(text, encoding="utf-8")
    assert run(root, "--keep") == 1
    assert "all lessons take 701 s, over 700 s" in capsys.readouterr().out


def test_an_unknown_lesson_is_told(root, capsys):
    assert run(root, "7") == 2
    assert "there is no lesson '7'; there are 00_start_here, 04_dropout" in capsys.readouterr().err
