"""The pages as people meet them: in a window, on a phone, in the dark and on paper, with no rule of axe broken."""

import contextlib
from dataclasses import replace
from decimal import Decimal

import pytest

from coursekit.grading.adjust import Adjustments, Decision
from coursekit.grading.result import Item
from nnutils.checks.catalogue import find_exercise

from .paged import BACK, COPY, OTHERS, RENAMED, class_of, pages

pytestmark = pytest.mark.browser
LONG = "Maximiliane-Alexandrina Wolkenstein-Trostburg von und zu Hohenberg"
PAGES = ("report.html", "report-anonymous.html", "feedback/ann.html", "code/ann.html", "alike/01.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The pages of a class in which there is something of every kind."""
    work = tmp_path_factory.mktemp("pages")
    mistake = find_exercise("dropout_forward").mistakes[0]
    wrong = {"mistake": mistake.name, "sentence": mistake.sentence, "cases": (True,) * 3 + (False,) * 24}
    items = [
        Item("dropout_mask", "exercise", "passed", 1.0, 1),
        Item("dropout_forward", "exercise", "partly right", 0.67, 2, **wrong),
        Item("dropout_backward", "exercise", "not attempted", 0.0, 1),
        Item("dropout_layer", "exercise", "not graded", None, 3, "It returns a model."),
        Item("the_same_in_keras", "question", "failed", 0.0, 1, "Why.", chosen="a"),
    ]
    login = "a.very.long.login.of.somebody@students.university-of-somewhere.example"
    works = {"ann": [*COPY, f"print('{'x' * 300}')"], login: [RENAMED, BACK], **OTHERS}
    results, files = class_of(work / "in", works, items=items)
    name = f"ann/{'verylongnameofsomebody' * 3}_70092_880039_04_dropout.ipynb"  # as Canvas makes them
    results[0] = replace(results[0], file=name, notes=("code cell 3 is no Python (line 1)", "x" * 200))
    made = Decision("ann", "dropout", "total", Decimal(3), "", "an unclear question", "Kim Lee", "")
    people = [("ann", LONG), (login, "Bo"), *((name, f"Name {name}") for name in OTHERS), ("zoe", "Zoë")]
    left_out = ["zoe/" + "y" * 150 + ".ipynb: its name names no lesson"]
    done = pages(work / "out", results, files, people, Adjustments((made,)), left_out=left_out)
    assert done.failed == []
    return work / "out"


@pytest.fixture
def visit(chromium, folder):
    """A function that opens a page, with everything unfolded."""
    with contextlib.ExitStack() as opened:

        def opens(name, width=1280, theme="light"):
            context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
            opened.callback(context.close)
            page = context.new_page()
            page.goto((folder / name).as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
            return page

        yield opens


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_it(visit, name, width, theme):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(name, width, theme)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"][:200] for node in rule["nodes"]][:3]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = """() => [...document.querySelectorAll('main *:not(.hidden)')].filter(e => !e.closest('svg')
        && getComputedStyle(e).display !== 'inline' && e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML.slice(0, 99))"""
    assert page.evaluate(wide) == []  # no table is wider than its place


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_paper(visit, name):
    page = visit(name, width=718)  # A4 within its margins
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    right = (
        "Math.max(...[...document.querySelectorAll('td, th')].map(e => e.getBoundingClientRect().right), 0)"
    )
    assert page.evaluate(right) <= 718


def test_the_evidence_is_seen_first(visit):
    cells = visit("report.html").locator("#alike thead th").all_inner_texts()
    assert cells == ["Bits", "Students", "Evidence"]


def test_links_lead_from_page_to_page(visit):
    page = visit("report.html")
    page.get_by_role("link", name="Code side by side").click()
    assert "Two answers side by side" in page.title()
    page.get_by_role("link", name="The class report").click()
    assert page.title() == "Class report"
    page.locator("#human").get_by_role("link", name="code").first.click()
    page.get_by_role("link", name="The feedback on it").click()
    assert page.title() == "Feedback for Bo"
