"""predict and measured: a guess before a run, and what the run showed."""

from __future__ import annotations

from typing import Any

from nnutils.checks import record
from nnutils.checks.catalogue import find_prediction
from nnutils.checks.nbgrader import stderr_to_stdout
from nnutils.checks.prediction import BadGuess, Guess, Prediction
from nnutils.checks.view import show
from nnutils.words import capital


def predict(name: str, guess: Any = None) -> None:
    """Keep the guess for the prediction called `name`. Without one the notebook goes on, too.

    A guess that was kept before the measurement was seen stays, whatever is guessed afterwards.

    Raises
    ------
    UnknownName: there is no such prediction.
    """
    asked = find_prediction(name)
    if guess is None or guess is ...:
        show(
            "not attempted",
            f"{name}: no guess yet",
            ["A wrong guess costs no points, and you remember a surprise."],
        )
        return
    try:
        read = asked.form.read(guess)
    except BadGuess as error:
        show("failed", f"{name}: {guess!r} is not a possible answer", [capital(f"{error}.")])
        return
    with stderr_to_stdout():
        record.update(name, lambda entry: _note(entry, read))
    kept = _kept(asked)
    if kept is None or kept == read:
        show("guess", f"{name}: {asked.form.told(read)} is noted")
    else:
        first = f"You have seen the measurement; your first guess stays: {asked.form.told(kept)}."
        show("guess", f"{name}: {asked.form.told(read)}", [first])


def measured(name: str, value: Any) -> Guess | None:
    """Show what was measured beside the guess for the prediction called `name`; returns the guess, or None without one.

    Raises
    ------
    UnknownName: there is no such prediction.
    BadGuess: the value does not have the form that the prediction asks for.
    """
    asked = find_prediction(name)
    truth, guess = asked.form.read(value), _kept(asked)
    with stderr_to_stdout():
        record.update(name, lambda entry: entry.update(measured=truth))
    yours = "you made no guess" if guess is None else f"your guess was {asked.form.told(guess)}"
    show("guess", f"{name}: measured {asked.form.told(truth)}; {yours}")
    return guess


def _note(entry: dict[str, Any], guess: Guess) -> None:
    """Keep a guess, but not in the place of one that was made before the measurement."""
    if "measured" not in entry or "guess" not in entry:
        entry.update(guess=guess, status="guessed")


def _kept(asked: Prediction) -> Guess | None:
    """The guess in the record, which a student's editor may have changed."""
    try:
        return asked.form.read(record.entry(asked.name).get("guess"))
    except BadGuess:
        return None
