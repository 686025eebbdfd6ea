"""One lesson's section of the class report: its exercises, its mistakes, its questions."""

from __future__ import annotations

from collections.abc import Sequence

from coursekit.grading.pages import charts
from coursekit.grading.pages.class_figures import ItemFigures, LessonFigures, Made
from coursekit.grading.pages.page import (
    CLASSES,
    SIGNS,
    asked,
    code,
    count,
    marked,
    safe,
    section_of,
    table,
    title_of,
)
from coursekit.grading.result import number
from nnutils.checks.catalogue import find_question
from nnutils.checks.errors import UnknownName
from nnutils.checks.exercise import Option

SHOWN = 12  # mistakes of a lesson
FIGURES_STYLE = """
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: 0; margin: .6rem 0; font-size: .9rem; }
.legend svg { display: inline-block; vertical-align: -.12em; margin-right: .4em; }
.how { width: 45%; min-width: 9rem; } .who { width: 22%; min-width: 6.5rem; }
.options { margin: 0; padding-left: 1.1rem; } .options li { margin: .1rem 0; }
@media (max-width: 34rem) { .how { min-width: 7.5rem; } }
"""


def lesson_section(one: LessonFigures) -> str:
    """A lesson: how its exercises and questions went, and what was wrong, what most students made first."""
    exercises = [item for item in one.items if item.kind == "exercise"]
    questions = [item for item in one.items if item.kind == "question"]
    parts = [
        f'<section id="l-{safe(one.lesson)}">\n<h2>{safe(title_of(one.lesson))}</h2>',
        _points(one),
        _items("Exercises", exercises),
        _mistakes(one.mistakes),
        _questions(questions),
        "</section>",
    ]
    return "\n".join(filter(None, parts))


def _points(one: LessonFigures) -> str:
    points, n, most = sorted(one.points), len(one.points), one.max
    middle = (points[(n - 1) // 2] + points[n // 2]) / 2
    unread = (
        f" {count(one.unread, 'notebook')} could not be read: 0 points, and not among the counts below."
        if one.unread
        else ""
    )
    told = f"of {most} points the mean is {sum(points) / n:.1f}, the median {number(middle) or '0'}"
    return f"<p>{count(n, 'student')}; {told}.{unread}</p>"


def _items(caption: str, items: Sequence[ItemFigures]) -> str:
    """A stacked bar an exercise."""
    if not items:
        return ""
    kinds = [one for one in SIGNS if any(item.statuses[one] for item in items)]
    rows = (_row(item) for item in items)
    text = table(
        f"{caption}: how many students got each how far", ("Exercise", "Students", ">Mean points"), rows
    )
    return f"<h3>{caption}</h3>\n{_legend(kinds)}\n{text}"


def _row(item: ItemFigures) -> str:
    parts = [charts.Part(one, CLASSES[one], sign, item.statuses[one]) for one, sign in SIGNS.items()]
    bar = charts.stacked(parts, item.name)
    what = f'<div class="quiet">{marked(asked(item.sample))}</div>'
    points = f"{item.mean:.2f} of {item.max}" if item.graded else "–"
    return f'<tr><th scope="row">{code(item.name)}{what}</th><td class="how">{bar}</td><td class="number">{points}</td></tr>'


def _legend(kinds: Sequence[str]) -> str:
    patch = '<svg width="14" height="14" aria-hidden="true"><rect class="b-{}" width="14" height="14"/></svg>'
    entries = "".join(f"<li>{patch.format(CLASSES[one])}{SIGNS[one]} {one}</li>" for one in kinds)
    return f'<ul class="legend" aria-label="Colours">{entries}</ul>'


def _mistakes(made: Sequence[Made]) -> str:
    if not made:
        return ""
    shown = [one for one in made if one.students > 1][:SHOWN] or list(made[:SHOWN])
    rest = sum(one.students for one in made) - sum(one.students for one in shown)
    more = f'<p class="quiet">And {count(rest, "more wrong answer")} of other kinds.</p>' if rest else ""
    caption = "What was wrong, and how many of those who attempted the exercise"
    text = table(caption, ("What", "Exercise", "Students"), (_mistake(one) for one in shown))
    return f"<h3>Mistakes</h3>\n{text}\n{more}"


def _mistake(made: Made) -> str:
    own = made.figures
    section = section_of(own.lesson, own.name)
    place = f'<div class="quiet">section “{safe(section)}”</div>' if section else ""
    told = f"{made.percent} % ({made.students} of {own.attempted})"
    bar = charts.share(made.students, own.attempted, told, "failed" if made.known else "ungraded")
    kind = "" if made.known else '<div class="quiet">no known mistake</div>'
    where = f"<td>{code(own.name)}{place}</td>"
    return f'<tr><th scope="row" class="plain">{marked(made.sentence)}{kind}</th>{where}<td class="who">{told}{bar}</td></tr>'


def _questions(items: Sequence[ItemFigures]) -> str:
    """A bar a question, and the wrong options that were chosen."""
    if not items:
        return ""
    caption = "Questions: how many students answered each rightly, and which wrong options were chosen"
    text = table(caption, ("Question", "Students", "Wrong options chosen"), (_question(one) for one in items))
    return f"<h3>Questions</h3>\n{text}"


def _question(item: ItemFigures) -> str:
    parts = [charts.Part(one, CLASSES[one], sign, item.statuses[one]) for one, sign in SIGNS.items()]
    options = _options(item.name)
    wrong = [
        (n, letter) for letter, n in item.chosen.items() if letter in options and not options[letter].right
    ]
    lines = [
        f"{letter}) {options[letter].text}: {n}"
        for n, letter in sorted(wrong, key=lambda one: (-one[0], one[1]))
    ]
    lines += [f"{text.strip('.')}: {n}" for text, n in sorted(item.other.items())]
    told = "".join(f"<li>{marked(line)}</li>" for line in lines)
    chosen = f'<ul class="options">{told}</ul>' if told else "–"
    right = next(
        (f"Right: {letter}) {option.text}" for letter, option in options.items() if option.right), ""
    )
    name = f'<th scope="row" class="plain">{marked(asked(item.sample)) or code(item.name)}'
    name += f'<div class="quiet">{marked(right)}</div></th>'
    return f'<tr>{name}<td class="who">{charts.stacked(parts, item.name)}</td><td>{chosen}</td></tr>'


def _options(name: str) -> dict[str, Option]:
    try:
        return dict(find_question(name).lettered())
    except UnknownName:
        return {}
