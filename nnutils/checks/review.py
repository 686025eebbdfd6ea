"""review: questions and mistakes of finished lessons, asked again after 1, 2, 4, 8 and 16 days (Leitner's boxes).

Leitner, *So lernt man lernen* (1972): what is known moves to the next box, which is asked half as often; what is not
known goes back to the first one. The boxes stand in the progress file.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass

from nnutils.checks import record
from nnutils.checks.catalogue import exercises_of, lessons, questions_of
from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.faults import plain_source
from nnutils.checks.quiz import letter_of
from nnutils.checks.view import show
from nnutils.words import counted

DAYS = (1, 2, 4, 8, 16)  # until what a box holds is asked again
BOXES = "(review)"  # the entry of the progress file; no exercise has such a name
OPTIONS = 3  # of a question on a mistake


@dataclass(frozen=True)
class Card:
    """What is asked, what can be chosen from, and a reason for each option; `right` is the place of the right one."""

    name: str
    text: list[str]
    options: list[str]
    reasons: list[str]
    right: int


def review(answer: str | None = None) -> None:
    """Ask a question of a lesson that you have finished, or take your answer to it, as in review("b").

    A question is on what a quiz asked, or on a mistake that you once made. What you know is asked again later each time,
    what you did not know tomorrow. Nothing is asked unless you call this.
    """
    kept, cards = record.entry(BOXES), {card.name: card for card in _cards()}
    day = datetime.date.today().toordinal()
    asked = cards.get(str(kept.get("asked")))
    if answer is not None and asked:
        _take(asked, answer, day)
        return
    due = {name: _box(kept, name)[1] for name in cards}
    waiting = [name for name in sorted(due, key=due.__getitem__) if due[name] <= day]
    if not cards:
        show("hint", "review: finish a lesson first, then its questions are asked again here")
    elif not waiting:
        days = min(due.values()) - day
        show("hint", f"review: nothing is due today; the next question comes in {counted(days, 'day')}")
    else:
        card = cards[waiting[0]]
        record.update(BOXES, lambda entry: entry.update(asked=card.name))
        letters = [f"{letter}: {option}" for letter, option in zip("abcdefgh", card.options, strict=False)]
        show(
            "hint", f"review, {len(waiting)} due today", [*card.text, *letters, 'Answer as in `review("a")`.']
        )


def _take(card: Card, answer: str, day: int) -> None:
    letters = "abcdefgh"[: len(card.options)]
    place = letters.find(letter_of(answer)) if letter_of(answer) in list(letters) else None
    if place is None:
        show("not attempted", f'review: write one of "{letters[0]}" to "{letters[-1]}"', card.text)
        return
    known = place == card.right
    box = min(_box(record.entry(BOXES), card.name)[0] + 1, len(DAYS)) if known else 1

    def change(entry: dict[str, object]) -> None:
        boxes = entry.get("boxes")
        entry["boxes"] = {**(boxes if isinstance(boxes, dict) else {}), card.name: [box, day + DAYS[box - 1]]}
        entry.pop("asked", None)

    record.update(BOXES, change)
    again = f"Asked again in {counted(DAYS[box - 1], 'day')}. Go on: `review()`"
    if known:
        show("passed", f"review: {letters[place]} is right", [card.reasons[place], again])
    else:
        right = f"{letters[card.right]}: {card.options[card.right]}"
        show("failed", f"review: {letters[place]} is not it", [card.reasons[place], right, again])


def _box(entry: dict[str, object], name: str) -> tuple[int, int]:
    """The box of a card and the day on which it is due; box 0 and day 0 for one that was never asked."""
    boxes = entry.get("boxes")
    kept = boxes.get(name) if isinstance(boxes, dict) else None
    if isinstance(kept, list) and len(kept) == 2 and all(isinstance(number, int) for number in kept):
        return kept[0], kept[1]
    return 0, 0


def _cards() -> Iterator[Card]:
    """The cards of the finished lessons: those whose exercises are all passed."""
    done = record.load()
    for topic in lessons():
        exercises = exercises_of(topic)
        if not all(done.get(item.name, {}).get("status") in record.DONE for item in exercises):
            continue
        for question in questions_of(topic):
            if "tries" in done.get(question.name, {}) and not question.withheld:
                yield _of_question(question)
        for exercise in exercises:
            met = done[exercise.name].get("mistakes")
            yield from _of_mistakes(exercise, met if isinstance(met, list) else [])


def _of_question(question: Question) -> Card:
    options = question.options
    return Card(
        question.name,
        question.text.splitlines(),
        [option.text for option in options],
        [option.reason for option in options],
        next(place for place, option in enumerate(options) if option.right),
    )


def _of_mistakes(exercise: Exercise, met: list[str]) -> Iterator[Card]:
    """For each mistake that was made: its code, and which sentence belongs to it. A released course has no such code."""
    if exercise.answer_key is not None:
        return
    plain = {mistake.name: mistake for mistake in exercise.mistakes if not mistake.faults}
    for name in [name for name in met if name in plain]:
        others = sorted({item.sentence for item in plain.values()} - {plain[name].sentence})
        if len(others) < OPTIONS - 1:
            continue
        shuffled = random.Random(f"{exercise.name} {name}")
        options = [plain[name].sentence, *shuffled.sample(others, OPTIONS - 1)]
        shuffled.shuffle(options)
        code = plain_source(plain[name].function).rstrip().splitlines()
        text = [
            f"You once answered {exercise.name} like this. What is wrong?",
            *map(_code, code),
        ]
        right = options.index(plain[name].sentence)
        reasons = ["That is said of another mistake."] * OPTIONS
        reasons[right] = f'Right. The right code: `solution("{exercise.name}")`'
        yield Card(f"{exercise.name}.{name}", text, options, reasons, right)


def _code(line: str) -> str:
    """A line of code as a message shows it: its indentation in spaces that HTML keeps."""
    text = line.lstrip()
    return f"`{chr(0xA0) * (len(line) - len(text))}{text}`" if text else ""
