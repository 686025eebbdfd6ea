"""predict keeps a guess before a run and measured shows it beside what came out."""

import json

import pytest

from nnutils import measured, predict
from nnutils.checks import catalogue, record
from nnutils.checks.errors import UnknownName
from nnutils.checks.prediction import BadGuess, choice, number, order, prediction

PEAK = prediction("Where is the peak?", number(low=1, unit="features"))
FIRST = prediction("Who is first?", order("momentum", "Adam"))
SHAPE = prediction("Which picture?", choice("falls", "rises"))


@pytest.fixture(autouse=True)
def asked(tmp_path, monkeypatch):
    predictions = {"peak": PEAK, "first": FIRST, "shape": SHAPE}
    for name, item in predictions.items():
        item.name = name
    monkeypatch.setattr(catalogue, "_all_predictions", lambda: predictions)
    monkeypatch.setenv("NNUTILS_RECORD", str(tmp_path / "progress.json"))


@pytest.mark.parametrize(
    "name, guess, kept, told",
    [
        ("peak", 300, 300.0, "300 features"),
        ("first", ("adam ", "Momentum"), ["Adam", "momentum"], "Adam, momentum"),
        ("shape", " B", "b", "b (rises)"),
    ],
)
def test_a_guess_is_kept_and_shown_beside_the_measurement(name, guess, kept, told, capsys):
    predict(name, guess)
    assert capsys.readouterr().out == f"◇ {name}: {told} is noted\n"
    assert record.entry(name) == {"guess": kept, "status": "guessed"}
    assert measured(name, guess) == kept
    assert capsys.readouterr().out == f"◇ {name}: measured {told}; your guess was {told}\n"


@pytest.mark.parametrize("guess", [None, ...])
def test_without_a_guess_the_notebook_goes_on(guess, capsys):
    predict("peak", guess)
    assert measured("peak", 320) is None
    said = capsys.readouterr().out
    assert "○ peak: no guess yet" in said and "◇ peak: measured 320 features; you made no guess" in said


@pytest.mark.parametrize(
    "name, guess, sentence",
    [
        ("peak", 0, "Write a number of features, 1 or more."), ("peak", "300", "Write a number"),
        ("peak", True, "Write a number"),
        ("peak", float("nan"), "Write a number"), ("peak", [1, 2], "Write a number"), ("peak", float("inf"), "Write a number"),
        ("first", ["Adam"], "Write a list that has 'momentum' and 'Adam', each once."), ("first", "Adam", "Write a list"),
        ("first", ["Adam", "Adam"], "Write a list"), ("first", [1, 2], "Write a list"),
        ("shape", "c", 'Write "a" or "b".'), ("shape", 1, "Write"),
    ],
)  # fmt: skip
def test_a_guess_of_another_form_is_told_and_not_kept(name, guess, sentence, capsys):
    predict(name, guess)
    assert sentence in capsys.readouterr().out
    assert record.entry(name) == {}


def test_after_the_measurement_the_first_guess_stays(capsys):
    predict("peak", 100)
    predict("peak", 200)
    assert measured("peak", 320) == 200
    predict("peak", 320)
    assert "your first guess stays: 200 features" in capsys.readouterr().out
    assert measured("peak", 320) == 200


def test_a_first_guess_after_a_run_of_all_cells_counts():
    measured("peak", 320)
    predict("peak", 100)
    assert measured("peak", 320) == 100


@pytest.mark.parametrize("kept", ["many", None, {"a": 1}, -5])
def test_a_guess_that_an_editor_damaged_is_none(kept):
    record.path().write_text(json.dumps({"peak": {"guess": kept}}), encoding="utf-8")
    assert measured("peak", 320) is None


def test_a_measurement_has_the_form_of_its_guess():
    with pytest.raises(BadGuess):
        measured("shape", "c")


def test_names_are_known():
    for call in (predict, measured):
        with pytest.raises(UnknownName, match="Did you mean 'peak'"):
            call("peek", 1)


@pytest.mark.parametrize("options", [(), ("a",), ("a", "a"), tuple("abcdefghi")])
def test_options_are_two_to_eight_and_different(options):
    with pytest.raises(ValueError, match="2 to 8 different"):
        choice(*options)
