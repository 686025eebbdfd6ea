"""What a student sees of a verdict, a hint and a solution: the text, and in a notebook the card beside it."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import IPython
import pytest

from nnutils.checks import check, hint, quiz, record, solution, view
from nnutils.checks.exercise import AnswerKey
from nnutils.checks.verdict import Verdict


@pytest.fixture
def displayed(monkeypatch):
    """What is displayed, as in a notebook: IPython says that a kernel runs, and hands on what it is to display."""
    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: shown.append(data))
    return shown


class Card(HTMLParser):
    """A card as a browser reads it: its lines, what is set as code, what a screen reader leaves out, and its tags."""

    def __init__(self, html):
        super().__init__()
        self.lines, self.code, self.unread, self.tags, self.open = [""], [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.open.append((tag, dict(attributes)))
        self.tags.append(self.open[-1])
        if tag == "div" and self.lines[-1]:
            self.lines.append("")

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag, "a tag is closed that was not opened last"

    def handle_data(self, text):
        tag, attributes = self.open[-1]
        self.lines[-1] += text
        if tag == "code":
            self.code.append(text)
        if attributes.get("aria-hidden") == "true":
            self.unread.append(text)


def card_of(data):
    """The one displayed card, whose lines must be those of the text beside it."""
    (data,) = data
    card = Card(data["text/html"])
    assert not card.open, "a tag is left open"
    assert card.lines == [line.strip() for line in data["text/plain"].splitlines()]
    return card


def colour_of(card):
    return card.tags[0][1]["style"].partition("solid ")[2].partition(";")[0]


def right(x, k):
    return x * k, float((x * k).sum())


def twice(x, k):
    return x * k * k, float((x * k * k).sum())


right.__name__ = twice.__name__ = "scaled"


def test_the_red_card_of_a_failed_verdict(toy, displayed):
    check(twice)
    card = card_of(displayed)
    headline, *details, last = card.lines
    assert headline == "✘ scaled: You multiplied twice."
    assert details[0].startswith("double[0, 0] should be") and "double[0, 0]" in card.code
    assert last == 'The notebook goes on with the course\'s own scaled. For a hint: hint("scaled")'
    assert 'hint("scaled")' in card.code
    assert card.unread == ["✘"]  # a screen reader says the words and not the sign
    assert card.tags[0][1]["role"] == "status"  # and says them as soon as they are there
    assert colour_of(card) == "#D55E00"


def test_the_card_of_a_pass(toy, displayed):
    check(right)
    card = card_of(displayed)
    assert card.lines == ["✔ scaled: passed", "2 points, 3 cases"]
    assert colour_of(card) == "#0072B2"


def test_the_card_of_a_stub_tells_what_happens_next(toy, displayed):
    def scaled(x, k):
        raise NotImplementedError

    check(scaled)
    card = card_of(displayed)
    assert card.lines[0] == "○ scaled: not attempted yet"
    assert "The notebook goes on with the course's own scaled" in card.lines[-1]
    assert colour_of(card) == "#999999"


def test_each_status_has_a_sign_and_a_colour_of_its_own():
    assert view.SIGNS.keys() == view.COLOURS.keys()
    assert len({*view.SIGNS.values()}) == len({*view.COLOURS.values()}) == len(view.SIGNS)


def test_what_an_answer_says_is_shown_and_never_becomes_part_of_the_page(toy, displayed):
    def scaled(x, k):
        raise ValueError("<script>alert('x & y')</script> <b>")

    check(scaled)
    card = card_of(displayed)
    assert "<script>alert('x & y')</script> <b>" in card.lines[0]
    assert {tag for tag, _ in card.tags} <= {"div", "span", "strong", "code"}


def test_where_the_answers_are_withheld_it_says_that_cells_stop(toy, capsys):
    toy.answer_key, toy.hints = AnswerKey([], [], {}), ()
    view.show_verdict(toy, Verdict("failed", "it is wrong", ("one detail",)))
    assert capsys.readouterr().out.splitlines() == [
        "✘ scaled: it is wrong",
        "  one detail",
        "  Cells that call scaled stop until it is right.",
    ]


def test_what_is_deferred_tells_its_points_and_details(toy, displayed):
    view.show_verdict(toy, Verdict("deferred", "it is looked at when it is graded", ("a detail",)))
    card = card_of(displayed)
    assert card.lines == ["● scaled: it is looked at when it is graded", "2 points", "a detail"]
    assert colour_of(card) == "#56B4E9"


def test_hint_cards_open_one_by_one(toy, displayed):
    hint("scaled")
    card = card_of(displayed)
    assert card.lines == ["? scaled: hint 1 of 3", "1. a nudge", '(2 more: call hint("scaled") again)']
    assert card.code == ['hint("scaled")'] and colour_of(card) == "#009E73"
    displayed.clear()
    hint("scaled")
    assert card_of(displayed).lines[1:] == ["1. a nudge", "2. more", '(1 more: call hint("scaled") again)']
    displayed.clear()
    hint("scaled")
    card = card_of(displayed)
    assert card.lines[3:] == ["3. nearly all", '(that was the last; solution("scaled") is open now)']
    assert card.code == ['solution("scaled")']


def test_the_last_hint_promises_no_solution_that_the_instructor_keeps(toy, displayed):
    toy.answer_key = AnswerKey([], [], {})
    for _ in range(3):
        hint("scaled")
    assert card_of(displayed[-1:]).lines[-1] == "(that was the last)"


def test_without_hints_hint_says_so_and_opens_none(toy, displayed):
    toy.hints = ()
    hint("scaled")
    assert card_of(displayed).lines == ["? scaled: there are no hints in the course that you were given"]
    assert record.entry("scaled") == {}


@pytest.mark.parametrize("hints, more", [(("a nudge",), ['For a hint: hint("scaled")']), ((), [])])
def test_a_solution_that_the_instructor_keeps_is_not_printed(toy, displayed, capsys, hints, more):
    toy.answer_key, toy.hints = AnswerKey([], [], {}), hints
    record.note_verdict(toy, Verdict("passed", "passed"))  # which opens a solution that there is
    solution("scaled")
    assert card_of(displayed).lines == ["? scaled: your instructor keeps the solution", *more]
    assert capsys.readouterr().out == ""


def test_a_solution_that_is_not_open_tells_how_many_hints_are_left(toy, displayed):
    hint("scaled")
    displayed.clear()
    solution("scaled")
    assert card_of(displayed).lines == [
        "? scaled: the solution opens after a pass or the last hint",
        '2 hints are left: hint("scaled")',
    ]


def test_quizzes_have_cards_too(asked, displayed):
    quiz("which", "a")
    card = card_of(displayed)
    assert card.lines == ["✘ which: a is not it", "not this"] and colour_of(card) == "#D55E00"


@pytest.mark.parametrize("shell", [None, SimpleNamespace()], ids=["Python", "IPython in a terminal"])
def test_outside_a_notebook_there_is_text_alone(toy, monkeypatch, capsys, shell):
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setattr(IPython.display, "display", lambda *_, **__: pytest.fail("a card in a terminal"))
    check(right)
    assert capsys.readouterr().out.splitlines()[0].startswith("✔ scaled")


def luminance(colour):
    """The relative luminance of #RRGGBB as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("status", view.SIGNS)
def test_a_sign_stands_out_from_its_colour_in_each_theme(status):
    style = re.search(r"background:(#\w{6});color:(#\w{6})", view.card(status, "text"))
    light, dark = sorted(map(luminance, style.groups()), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
