"""Hostile names, sentences, file names, settings and code on every page that the grader writes: nothing is unescaped."""

from decimal import Decimal

import pytest

from coursekit.grading.adjust import Adjustments, Decision
from coursekit.grading.earlier import Term
from coursekit.grading.log import Log
from coursekit.grading.result import Item

from .paged import BACK, COPY, OTHERS, RENAMED, class_of, pages
from .well_formed import faults

EVIL = "</td></pre><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}\u202e&\"'`<b>`"
PLACES = ("report.html", "report-anonymous.html", "feedback", "code", "alike")


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """All pages of a class in which every text that somebody outside of the course writes is hostile."""
    work = tmp_path_factory.mktemp("hostile")
    text = f'"""{EVIL}"""'.replace("\\", "")
    remark = f"# {EVIL} and more of it"
    code = [f"def recipe():\n    return {{{EVIL!r}: 1, 'lr': {EVIL[:30]!r}}}", f"{text}\n{remark}"]
    copies = [[cell.replace("# ", f"# {EVIL} ") for cell in own] + code for own in (COPY, [RENAMED, BACK])]
    students = [f"{EVIL}1", f"{EVIL}2"]
    items = [
        Item(name, "exercise", status, points, 2, EVIL, EVIL, lost=EVIL, chosen=chosen, reached=0.5)
        for name, status, points, chosen in (
            ("dropout_mask", "failed", 0.0, ""),
            ("recipe", "partly right", 1.0, ""),
            (EVIL, "not graded", None, ""),
            ("the_same_in_keras", "failed", 0.0, EVIL),
        )
    ]
    more = {"items": items, "notes": (EVIL,), "guesses": {EVIL: EVIL, "passes_until_ahead": EVIL}}
    results, files = class_of(work / "in", dict(zip(students, copies, strict=True)), **more)
    others, paths = class_of(work / "in", OTHERS)
    results, files = sorted([*results, *others], key=lambda one: one.student), files | paths
    old, _ = class_of(work / "old", {f"{EVIL}3": copies[0]})
    with Log(work / "log.jsonl") as log:
        log.append(old[0])
    made = Adjustments((Decision(students[0], "dropout", "total", Decimal(1), "", EVIL, EVIL, EVIL),))
    people = [(students[0], f"{EVIL} Ann"), (students[1], f"{EVIL} Bob"), (f"{EVIL}4", EVIL)]
    done = pages(
        work / "out", results, files, people, made, {f"{EVIL}5": [EVIL], students[0]: [EVIL]},
        left_out=[EVIL], terms=[Term(EVIL, work / "log.jsonl", {f"{EVIL}3": EVIL})],
    )  # fmt: skip
    assert done.failed == []
    return work / "out"


@pytest.mark.parametrize("place", PLACES)
def test_hostile_text_stays_text(out, place):
    files = [out / place] if place.endswith(".html") else sorted((out / place).iterdir())
    bodies = []
    for file in files:
        html = file.read_text(encoding="utf-8")
        assert faults(html, file.parent) == [], (
            file.name
        )  # no script, nothing loaded, no attribute that runs something
        assert "\u202e" not in html and "<script" not in html and "<img" not in html and "<b>`" not in html
        bodies.append(html.partition("<body>")[2])
    # it was there to be escaped, and no template took it for its own
    assert any("&lt;script&gt;alert(1)" in body and "{{ 7 * 7 }}" in body for body in bodies)
