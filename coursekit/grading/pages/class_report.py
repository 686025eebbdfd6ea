"""The class report: one page for the teaching staff: what the class got right, what it misunderstood, what to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from coursekit.grading.pages import charts
from coursekit.grading.pages.attention import Matter, Run, watched
from coursekit.grading.pages.class_figures import LessonFigures, Made, figures_of, shares, to_teach_again
from coursekit.grading.pages.class_lesson import FIGURES_STYLE, lesson_section
from coursekit.grading.pages.page import code, count, marked, safe, section_of, table, title_of, write_page
from coursekit.grading.pages.similarity import Pair, pairs
from coursekit.grading.result import Mark, Result

MOST = 200  # rows of a table; the log holds all
ALIKE = """<p>Work that is more alike than chance makes it. The comparison leaves out what was handed out and what the
course's own answers have, looks through renamed variables and changed layout, and counts what is rare in this class. It is a
reason to open both files and no proof: the two may have learned together, or from the same
page. It does not say who was first.</p>"""
BITS = """<p class="quiet">Bits measure the evidence: what one in eight of the class has is worth 3, what one in a thousand has is
worth 10. Exercises add up, and what the two solved differently is taken off.</p>"""
STYLE = (
    charts.STYLE
    + FIGURES_STYLE
    + """
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .7rem; margin: 1.2rem 0; }
.cards div { background: var(--soft); border-radius: 6px; padding: .7rem .9rem; }
.cards dt { color: var(--quiet); font-size: .9rem; } .cards dd { margin: 0; font-size: 1.5rem; font-weight: 650; }
.cards .small { display: block; font-size: .85rem; font-weight: 400; color: var(--quiet); }
td.where { min-width: 11rem; }
.again { list-style: none; padding: 0; } .again li { display: grid; grid-template-columns: 5.2rem 1fr; gap: 0 1rem;
  padding: .8rem 0; border-bottom: 1px solid var(--line); }
.again .percent { font-size: 1.5rem; font-weight: 650; line-height: 1.2; } .again p { margin: .15rem 0; }
figure { margin: 1rem 0; max-width: 46rem; } figcaption { color: var(--quiet); font-size: .9rem; margin-top: .3rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; }
@media print { nav { display: none; } }
"""
)


def write_report(
    file: Path, marks: Iterable[Mark], results: Iterable[Result], left_out: Sequence[str], elapsed: float
) -> None:
    """Write the class report.

    `marks` are what counts, one for each student and lesson, gone through twice; `results` all notebooks of the run, read
    once; `left_out` what was handed in and is no notebook, a line each; `elapsed` in seconds.
    """
    lessons, reached, run = figures_of(marks), sorted(shares(marks).values()), Run()
    alike = pairs(watched(results, run))
    body = [
        _cards(reached, run, left_out, elapsed),
        _contents(lessons),
        _again(lessons),
        _spread(reached),
        _human(run, left_out),
        *(lesson_section(one) for one in lessons),
        _alike(alike),
        _time(run, elapsed),
    ]
    write_page(file, "Class report", body, STYLE)


def _cards(reached: Sequence[float], run: Run, left_out: Sequence[str], elapsed: float) -> str:
    middle = (reached[(len(reached) - 1) // 2] + reached[len(reached) // 2]) / 2 if reached else 0.0
    mean = sum(reached) / max(1, len(reached))
    files = len({one.where for one in run.matters}) + len(left_out)
    cards = (
        ("Students", str(len(run.students)), count(run.notebooks, "notebook")),
        ("Median", f"{100 * middle:.0f} %", f"of the points; mean {100 * mean:.0f} %"),
        ("To look at", str(files), "files or names, see below"),
        ("Graded in", _clock(elapsed), f"{elapsed / max(1, run.notebooks):.2f} s a notebook"),
    )
    inside = "".join(
        f'<div><dt>{a}</dt><dd>{b} <span class="small">{c}</span></dd></div>' for a, b, c in cards
    )
    return f'<p class="quiet">For the teaching staff: it names students.</p>\n<dl class="cards">{inside}</dl>'


def _contents(lessons: Sequence[LessonFigures]) -> str:
    own = [("again", "What to teach again"), ("human", "For a person to look at")]
    own[1:1] = [("spread", "Points")] if lessons else []
    own += [(f"l-{safe(one.lesson)}", title_of(one.lesson)) for one in lessons]
    own += [("alike", "Alike"), ("time", "Time and sandbox")]
    links = "".join(f'<li><a href="#{place}">{safe(title)}</a></li>' for place, title in own)
    return f'<nav aria-label="On this page"><ul>{links}</ul></nav>'


def _again(lessons: Sequence[LessonFigures]) -> str:
    made = to_teach_again(lessons)
    head = '<section id="again">\n<h2>What to teach again</h2>'
    if not made:
        return f"{head}\n<p>No known mistake was made by more than one student.</p>\n</section>"
    lines = "\n".join(_mistake(one) for one in made)
    why = "The known mistakes that most students made. The percentage is of those who attempted the exercise."
    return f'{head}\n<p class="quiet">{why}</p>\n<ol class="again">\n{lines}\n</ol>\n</section>'


def _mistake(made: Made) -> str:
    own = made.figures
    section = section_of(own.lesson, own.name)
    place = f"{title_of(own.lesson)}, section “{section}”" if section else title_of(own.lesson)
    bar = charts.share(made.students, own.attempted, f"{made.percent} %", "failed")
    return (
        f'<li><div class="percent">{made.percent} %</div><div><p>{marked(made.sentence)}</p>{bar}'
        f'<p class="quiet">{code(own.name)}: {made.students} of {count(own.attempted, "student")}. {safe(place)}.</p>'
        "</div></li>"
    )


def _spread(reached: Sequence[float]) -> str:
    chart = charts.histogram(reached, "share of the points reached, %", "students")
    told = f"{count(len(reached), 'student')}, each over all lessons that they handed in."
    head = '<section id="spread">\n<h2>Points</h2>'
    return f"{head}\n<figure>{chart}<figcaption>{told}</figcaption></figure>\n</section>" if reached else ""


def _human(run: Run, left_out: Sequence[str]) -> str:
    head = '<section id="human">\n<h2>For a person to look at</h2>'
    rows = [_matter(one) for one in run.matters[:MOST]]
    parts = []
    if rows:
        caption = f"{count(len(run.matters), 'thing')} in what was handed in{_cut(run.matters)}"
        parts.append(table(caption, ("File or student", "Kind", "What"), rows, wide=True))
    if run.ungraded:
        rows = [
            f"<tr><th scope='row'>{code(name)}</th><td>{n}</td><td>{marked(why)}</td></tr>"
            for (_, name, why), n in sorted(run.ungraded.items())
        ]
        parts.append(
            table(
                "Exercises that were not graded, in neither the points nor the maximum",
                ("Exercise", "Notebooks", "Why"),
                rows,
            )
        )
    if left_out:
        lines = "".join(f"<li>{safe(line)}</li>" for line in left_out[:MOST])
        told = f"{count(len(left_out), 'thing')} could not be taken for a submission{_cut(left_out)}."
        parts.append(f"<h3>Left out</h3>\n<p>{told}</p>\n<ul>{lines}</ul>")
    return "\n".join([head, *(parts or ["<p>Nothing.</p>"]), "</section>"])


def _matter(one: Matter) -> str:
    return (
        f'<tr><th scope="row">{safe(one.where)}</th><td>{safe(one.kind)}</td><td>{safe(one.what)}</td></tr>'
    )


def _cut(rows: Sequence[object]) -> str:
    return f", of which {MOST} are shown; the log has all" if len(rows) > MOST else ""


def _alike(found: Sequence[Pair]) -> str:
    head = '<section id="alike">\n<h2>Alike</h2>'
    if not found:
        return f"{head}\n<p>No pair stands out.</p>\n{ALIKE}\n</section>"
    rows = [_pair(one) for one in found[:MOST]]
    caption = f"{count(len(found), 'pair')}, the strongest evidence first{_cut(found)}"
    text = table(caption, ("Students", "Evidence", "Most alike in", ">Bits"), rows, wide=True)
    return f"{head}\n{ALIKE}\n{text}\n{BITS}\n</section>"


def _pair(one: Pair) -> str:
    where = ", ".join(code(shared.exercise) for shared in one.shared[:4]) or "–"
    files = f'<div class="quiet">{safe(", ".join(one.files))}</div>'
    names = f'<th scope="row">{safe(one.a)} and {safe(one.b)}</th>'
    told = f"<td>{safe(one.words)}{files}</td>"
    return f'<tr>{names}{told}<td class="where">{where}</td><td class="number">{one.bits:.0f}</td></tr>'


def _time(run: Run, elapsed: float) -> str:
    told = [
        f"{count(run.notebooks, 'notebook')} in {_clock(elapsed)} by the clock; the answers took {run.cpu:.1f} s of CPU."
    ]
    if run.seconds:
        told.append(
            f"Half of the notebooks took less than {run.typical:.2f} s, the slowest {run.slowest[0]:.2f} s ({run.slowest[1]})."
        )
    lines = "".join(f"<p>{safe(line)}</p>" for line in told)
    rows = [
        f'<tr><th scope="row">{safe(", ".join(layers)) or "none"}</th><td class="number">{len(files)}</td></tr>'
        for layers, files in sorted(run.layers.items())
    ]
    sandbox = table("What the sandbox consisted of", ("Layers", ">Notebooks"), rows) if rows else ""
    return f'<section id="time">\n<h2>Time and sandbox</h2>\n{lines}\n{sandbox}\n</section>'


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s" if seconds < 10 else f"{rest} s"
