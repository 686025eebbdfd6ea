"""The class report: its numbers on a class made by hand, its HTML, and what it does with hostile names."""

import itertools
import json
import random
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from coursekit.grading import words
from coursekit.grading.adjust import Adjustments, Decision
from coursekit.grading.pages.baselines import Baselines
from coursekit.grading.pages.chosen import Chosen
from coursekit.grading.pages.class_figures import Histogram, figures_of, to_teach_again, totals
from coursekit.grading.pages.class_report import Run, read_class
from coursekit.grading.pages.handed_in import Cell
from coursekit.grading.pages.page import ENVIRONMENT
from coursekit.grading.policy import Policy
from coursekit.grading.result import STATUSES, Item, Mark, Result
from nnutils.checks.catalogue import exercises_of, find_exercise, find_question
from nnutils.checks.run import Failure

from .paged import COPY, OTHER, class_of, pages
from .paged import result as made_result
from .well_formed import faults, text

FORWARD, MASK, QUESTION = "dropout_forward", "dropout_mask", "the_same_in_keras"
UNSCALED = find_exercise(FORWARD).mistakes[0]
EVIL = "</td><script>alert(1)</script>\u202e&\ud800"


def _item(name, status, points, most=2, **more):
    kind = "question" if name == QUESTION else "exercise"
    return Item(name, kind, status, points, most, **more)


def _forward(i):
    """Of ten: five forgot to scale, one raises, one did not begin, three are right."""
    if i < 5:
        told = f"2 of 6 cases are right, the others are not. {UNSCALED.sentence}"
        return _item(
            FORWARD,
            "partly right",
            0.67,
            mistake=UNSCALED.name,
            sentence=told,
            cases=(True, True) + (False,) * 4,
        )
    if i == 5:
        return _item(
            FORWARD, "failed", 0.0, sentence="It raises NameError: name 'x' is not defined (line 2: `x`)."
        )
    return _item(FORWARD, "not attempted", 0.0) if i == 6 else _item(FORWARD, "passed", 2.0)


def _result(i, student=None):
    answer = find_question(QUESTION).answer
    chosen = "a" if i < 4 else answer
    status = "passed" if chosen == answer else "failed"
    items = (
        _forward(i),
        _item(QUESTION, status, float(status == "passed"), 1, chosen=chosen, sentence="why"),
    )
    name = student or f"s{i}"
    return Result(
        name,
        "dropout",
        f"{name}/04_dropout.ipynb",
        str(i),
        items,
        sandbox=("limits", "hooks"),
        cpu=0.1,
        seconds=0.2,
    )


@pytest.fixture
def results():
    return [_result(i) for i in range(10)]


def _marks(results):
    return [Mark(result, result.points, result.max) for result in results]


@pytest.fixture
def report(tmp_path):
    def write(results, left_out=(), elapsed=75.0):
        file = tmp_path / "report.html"
        made = read_class(_marks(results), iter(results))
        made.left_out, made.elapsed = left_out, elapsed
        made.write(file)
        return file.read_text(encoding="utf-8")

    return write


def test_figures_of_a_class_made_by_hand(results):
    (lesson,) = figures_of(_marks(results))
    forward, question = lesson.items
    assert forward.statuses == {"passed": 3, "partly right": 5, "failed": 1, "not attempted": 1}
    assert forward.attempted == 9 and forward.mean == pytest.approx((5 * 0.67 + 3 * 2) / 10)
    first, second = lesson.mistakes
    assert (first.sentence, first.students, first.percent, first.known) == (UNSCALED.sentence, 5, 56, True)
    assert (second.sentence, second.students, second.known) == ("It raises NameError.", 1, False)
    assert question.chosen == {"a": 4, find_question(QUESTION).answer: 6}
    assert [mistake.students for mistake in to_teach_again([lesson])] == [5]
    reached = totals(_marks(results))
    assert reached["s9"].share == 1.0 and reached["s6"].share == pytest.approx(1 / 3)


def test_the_page_says_it(results, report):
    html = report(results, ["zoe/diary.ipynb: its name names no lesson"])
    said = text(html)
    assert faults(html) == []
    for told in (
        "56 %",
        "dropout_forward: 5 of 9 students",
        "Forward: what is left has to grow",
        UNSCALED.sentence,
        "10 notebooks in 1 min 15 s",
        "a) Dropout(0.9): 4",
        "zoe/diary.ipynb: its name names no lesson",
        "No pair stands out",
        "limits, hooks",
    ):
        assert told in said, told
    assert "passed 3, partly right 5, failed 1, not attempted 1" in html  # of the bar, for who cannot see it
    assert "50 to 60 %" in html


def test_what_needs_a_person(results, report):
    lost = replace(
        results[0].items[0],
        lost="it ended its process (exit code 0)",
    )
    results[0] = replace(results[0], items=(lost,), notes=("code cell 3 is no Python (line 1)",))
    results[1] = replace(results[1], problem="the file is damaged: it holds no JSON")
    results[2] = replace(
        results[2], items=(_item("dropout_mask", "not graded", None, sentence="It returns a model."),)
    )
    results[3] = replace(results[3], sandbox=("limits",))
    results += [_result(7, "Ann "), _result(8, "ann"), _result(9, "be\u200bn")]
    run = Run()
    assert [*run.watch(iter(results))] == results
    found = {(finding.kind, finding.where) for finding in run.findings}
    assert found == {
        ("answer was lost", "s0/04_dropout.ipynb"),
        ("noted", "s0/04_dropout.ipynb"),
        ("could not be graded", "s1/04_dropout.ipynb"),
        ("less of a sandbox", "s3/04_dropout.ipynb"),
        ("odd name", "Ann "),
        ("odd name", "be\u200bn"),
    }
    said = text(report(results))
    assert "It returns a model." in said and "it was graded without hooks" in said
    assert "1 notebook could not be read" in said


def test_copies_are_shown(report, results):
    prints = {
        exercise.name: [4 * n for n in range(i * 100, i * 100 + 30)]
        for i, exercise in enumerate(exercises_of("dropout"))
    }
    results = [
        replace(result, prints={name: [n + 4000 * i for n in some] for name, some in prints.items()})
        for i, result in enumerate(results)
    ]
    results[4] = replace(results[4], prints=results[3].prints)
    said = text(report(results))
    assert (
        "Students Evidence" in said
        and "s3 s4They share" in said
        and "1 pair" in said
        and "The code of both is not at hand here. The files are s3/04_dropout.ipynb and s4/04_dropout.ipynb."
        in said
        and "unusual fragments of code" in said
        and "no proof" in said
    )


def test_hostile_names_and_sentences_are_text(results, report):
    results[5] = replace(
        results[5],
        student=EVIL,
        file=f"{EVIL}/x.ipynb",
        notes=(EVIL,),
        items=(
            _item(FORWARD, "failed", 0.0, sentence=EVIL, lost=EVIL),
            _item(EVIL, "failed", 0.0, mistake=EVIL),
        ),
    )
    html = report(results, [EVIL])
    assert faults(html) == [] and "<script" not in html and "\u202e" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("count", [0, 1])
def test_an_empty_or_tiny_class(report, results, count):
    html = report(results[:count])
    assert faults(html) == [] and "Class report" in html


def test_a_lesson_and_an_exercise_that_the_course_no_longer_has(report, results):
    old = replace(
        results[0], lesson="astrology", items=(_item("horoscope", "failed", 0.0, mistake="wrong_star"),)
    )
    html = report([old])
    assert faults(html) == [] and "wrong star" in text(html)


def test_the_same_class_gives_the_same_bytes(results, report):
    assert report(results) == report(results)


def test_a_long_list_is_cut(report, results):
    many = [replace(_result(i % 10, f"p{i}"), notes=("odd",)) for i in range(250)]
    said = text(report(many))
    assert "250 things in what was handed in, of which 200 are shown" in said


def _chart(name, *arguments):
    return getattr(ENVIRONMENT.get_template("charts.html").module, name)(*arguments)


def test_stacked_bars_fill_the_width():
    rng = random.Random(1)
    for _ in range(20):
        statuses = Counter({status: rng.randrange(4) for status in STATUSES[:4]})
        bar = _chart("stacked", statuses, "x")
        widths = [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)%"', bar)]
        assert sum(widths) == pytest.approx(100 if statuses.total() else 0, abs=0.1)
        assert len(widths) == sum(number > 0 for number in statuses.values())


def test_the_histogram_counts_all_and_marks_the_median(report):
    points = Histogram([0.0, 0.1, 0.3, 0.7, 0.7, 1.0, 1.0, 1.2])
    chart = _chart("histogram", points, "share", "students")
    assert chart.count('class="bar') == 5 and "Median 70 %" in chart
    assert "0 to 10 %: 1; 10 to 20 %: 1; 30 to 40 %: 1; 70 to 80 %: 2; 90 to 100 %: 3" in chart
    assert '<line class="median"' in chart and '<line class="median"' not in report([])


@pytest.mark.parametrize("most", [1, 2, 3, 7, 12, 39, 100, 985])
def test_ticks_are_round_and_reach_the_top(most):
    ticks = Histogram([0.5] * most).ticks
    assert ticks[0] == 0 and ticks[-1] >= most and 2 <= len(ticks) <= 6 and len({*ticks}) == len(ticks)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_has_contrast_and_bars_stand_out(mode, report):
    style = report([]).partition("<style>")[2].partition("</style>")[0]
    light, dark, *_ = (
        dict(re.findall(r"--(\w+): (#\w+)", block)) for block in style.split("prefers-color-scheme: dark")
    )
    own = dark if mode == "dark" else light
    for text_, ground in itertools.product(("ink", "quiet", "good", "bad"), ("paper", "soft")):
        assert _contrast(own[text_], own[ground]) >= 4.5, (mode, text_, ground)
    fills = dict(re.findall(r"\.b-(\w+)[^{]*{ fill: (#\w+)", style))
    assert _contrast(fills["passed"], light["paper"]) >= 3 and _contrast("#1f78bd", dark["paper"]) >= 3
    for kind, ink in {
        "passed": "#fff",
        "failed": "#fff",
        "partly": "#1b1c20",
        "not": "#1b1c20",
        "ungraded": "#1b1c20",
    }.items():
        assert f".t-{kind}" in style and _contrast(fills[kind], ink) >= 4.5, kind


def _contrast(color, other):
    """The ratio that WCAG 2 defines, 1 to 21."""
    bright = sorted(_luminance(each) for each in (color, other))
    return (bright[1] + 0.05) / (bright[0] + 0.05)


def _luminance(color):
    digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_most_students_did_comes_first():
    first, second, third = (mistake.name for mistake in find_exercise(MASK).mistakes[:3])
    made = [first] + [second] * 4 + [third] * 2
    marks = [
        _marks([replace(_result(i), items=(_item(MASK, "failed", 0.0, mistake=name),))])[0]
        for i, name in enumerate(made)
    ]
    (lesson,) = figures_of(marks)
    assert [mistake.students for mistake in lesson.mistakes] == [4, 2, 1]
    assert [mistake.percent for mistake in to_teach_again([lesson])] == [
        57,
        29,
    ]  # what one student did is not a matter of the class


def test_sentences_that_differ_in_a_detail_are_counted_together(results):
    """What the grader itself says of two answers, each with names of its own."""
    unknown = "name {0!r} is not defined".format
    raised = [words.told(Failure("NameError", unknown(name), ((2, name),))) for name in "xy"]
    for sentences in (raised, [words.globals_read(["x"]), words.globals_read(["y", "z"])]):
        items = [_item(MASK, "failed", 0.0, sentence=sentence) for sentence in sentences]
        answers = [replace(result, items=(item,)) for result, item in zip(results, items, strict=False)]
        (lesson,) = figures_of(_marks(answers))
        assert [mistake.students for mistake in lesson.mistakes] == [2]


# People, decisions, and the report that names nobody


def _decision(student, item, points, word=""):
    return Decision(
        student, "dropout", item, points, word, "an unclear question", "Kim Lee", "adjust.csv, line 2"
    )


def test_a_decision_is_told_and_does_not_hide_what_the_class_did(tmp_path):
    results, files = class_of(
        tmp_path / "in", {student: [OTHER, f"x = '{student}'"] for student in ("ann", "bob", "cy")}
    )
    made = Adjustments((_decision("everybody", MASK, None, "full"), _decision("bob", "total", Decimal(3))))
    out = tmp_path / "out"
    pages(out, results, files, [("ann", "Ann Bee"), ("bob", "Bob Cee")], made)
    said = text((out / "report.html").read_text(encoding="utf-8"))
    assert "everybodyLesson 04: Dropoutdropout_maskfull an unclear questionKim Lee" in said
    assert "the whole lesson 3an unclear question" in said
    assert "3 of 9 (a person decided)" in said and "9 of 9" in said
    (lesson,) = read_class(_adjusted(results, made), results, made.decisions).lessons
    assert lesson.of_item[MASK].statuses == {"failed": 3}  # as it was graded
    assert [*lesson.points] == [9, 3, 9]  # as a person decided
    page = text((out / "feedback" / "bob.html").read_text(encoding="utf-8"))
    assert (
        "3 of 9 points. Your answers earned 9; Kim Lee decided so, before it was 9: an unclear question."
        in page
    )


def _adjusted(results, made):
    return Policy(adjustments=made).marks(lambda: iter(results))


def test_a_file_is_counted_once_among_what_a_person_should_look_at(tmp_path):
    lost = replace(_result(0), notes=("one thing", "another thing"))
    report = read_class(_marks([lost]), [lost])
    report.left_out = [
        "u1/x.py: left out, no notebook",
        "u1: no notebook of a lesson",
        "u2: left out, a text",
    ]
    assert report.to_look_at == 3  # s0's notebook, u1's file, u2


def test_the_time_of_a_run_that_went_on_is_not_shared_among_all(tmp_path):
    report = read_class(_marks([_result(0), _result(1)]), [_result(0), _result(1)])
    report.elapsed, report.before = 3.0, 1
    report.write(tmp_path / "report.html")
    assert "1 now, 1 before" in text((tmp_path / "report.html").read_text(encoding="utf-8"))


SECRETS = ("Quixa", "Wozny", "u-4711", "secretive")


def test_the_report_for_the_class_names_nobody(tmp_path):
    odd = [
        _item(FORWARD, "failed", 0.0, sentence="It raises secretive_error of Quixa."),
        _item(QUESTION, "failed", 0.0, 1, sentence='"Quixa\'s" is none of the options.'),
    ]
    recipe = "def recipe():\n    return {'start': 'u-4711', 'lr': 0.1}"
    works = {f"u-4711-{number}": [*COPY, recipe] for number in "12"}
    results, files = class_of(tmp_path / "in", works, items=odd, notes=("secretive",))
    made = Adjustments((_decision("u-4711-1", "total", Decimal(1)),))
    people = [("u-4711-1", "Quixa One"), ("u-4711-2", "Wozny Two"), ("u-4711-3", "Quixa Three")]
    out, unread = tmp_path / "out", {"u-4711-3": ["secretive"]}
    pages(out, results, files, people, made, unread, left_out=["Quixa: secretive"])
    named, plain = (
        (out / name).read_text(encoding="utf-8") for name in ("report.html", "report-anonymous.html")
    )
    assert faults(plain) == []  # no link leads out of the page
    for secret in SECRETS:
        assert secret in named and secret not in plain, secret
    for heading in (
        "Alike",
        "For a person to look at",
        "Students</h2>",
        "Time and sandbox",
        "teaching staff",
    ):
        assert heading in named and heading not in plain, heading
    assert "What to teach again" in plain and "What was written is none of the options" in text(named)
    assert "And 2 more wrong answers of other kinds." in text(plain)


def test_designs_are_shown_beside_thresholds_and_plain_designs(tmp_path):
    scores = (0.9, 0.7, 0.2)
    recipe = find_exercise("recipe")
    results, files = [], {}
    for i, score in enumerate(scores):
        item = Item("recipe", "exercise", "passed", 2.0, 2, cases=(score > 0.6, score > 0.85), reached=score)
        cells = [f"def recipe():\n    plan = dict(start='he')\n    plan['lr'] = 0.{i + 1}\n    return plan"]
        one, path = made_result(tmp_path / "in", f"s{i}", cells, lesson="start_here", items=[item])
        results.append(one)
        files[one.sha256] = path
    pages(tmp_path / "out", results, files)
    plain = Baselines(tmp_path / "out").of("recipe")
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    said = text(html)
    assert "0.6 was reached by 2 students, 0.85 was reached by 1." in said
    assert "from 0.200 to 0.900, median 0.700" in said
    for name, score in plain.items():
        assert f"“{name}” {score:.3f}" in said and score < recipe.thresholds[0]
    assert "lr0.1 (1), 0.2 (1), 0.3 (1)" in said and "start'he' (3)" in said
    assert html.count("no known mistake") == 0
    kept = json.loads((tmp_path / "out" / "baselines.json").read_text())
    assert [*kept.values()] == [plain]
    (tmp_path / "out" / "baselines.json").write_text("{")
    assert Baselines(tmp_path / "out").kept == {}


@pytest.mark.parametrize(
    "source, found",
    [
        ("return {'lr': 0.1, 'start': 'he'}", {("lr", "0.1"), ("start", "'he'")}),
        ("return dict(hidden=(64, 32), rate=-1)", {("hidden", "(64, 32)"), ("rate", "-1")}),
        ("plan = {}\n    plan['lr'] = 1e-3\n    return plan", {("lr", "0.001")}),
        ("return {'lr': 1 / 5, **other, 3: 4}", set()),
        ("return {'lr': '" + "x" * 100 + "'}", set()),
        ("return {'lr': " + "-" * 5_000 + "1}", set()),
    ],
)
def test_settings_are_read_from_the_code_and_nothing_is_run(source, found):
    item = Item("recipe", "exercise", "passed", 2.0, 2)
    chosen = Chosen()
    chosen.add([Cell(1, f"def recipe():\n    {source}", (item,), False)])
    assert {(name, value) for name, values in chosen.settings["recipe"].items() for value in values} == found
    assert chosen.students["recipe"] == bool(found)
    chosen.add([Cell(1, "def recipe(:", (item,), False)])
    assert chosen.lines("recipe", discreet=True) == []


def test_settings_that_could_tell_who_wrote_them_are_left_out_where_the_class_sees_them():
    item, chosen = Item("recipe", "exercise", "passed", 2.0, 2), Chosen()
    for start, rate in (("he", 0.1), ("he", 0.1), ("Quixa", 4711), ("Quixa", 0.1)):
        text = f"def recipe():\n    return {{'start': {start!r}, 'lr': {rate}, 'Wozny': 1}}"
        chosen.add([Cell(1, text, (item,), False)])
    assert chosen.lines("recipe", discreet=True) == [
        ("lr", "0.1 (3) and 1 more"),
        ("start", "'he' (2) and 1 more"),
    ]
    assert ("start", "'Quixa' (2), 'he' (2)") in chosen.lines("recipe")


def test_a_warning_stands_first_and_not_on_the_page_for_the_class(results, tmp_path):
    report = read_class(_marks(results), results)
    report.warning = "THE LATE RULES HAD NO EFFECT on 1 of 1 notebooks"
    pages = []
    for anonymous in (False, True):
        report.write(tmp_path / "r.html", anonymous)
        pages.append((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert report.warning in pages[0] and report.warning not in pages[1]
