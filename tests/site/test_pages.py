"""What stands on the pages of a built site: every link leads somewhere, and nothing of a lesson is lost."""

import html
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from coursekit.authoring.lesson import lessons
from coursekit.site.api import _key, formulas_of
from coursekit.site.build import sphinx
from coursekit.site.crawl import broken
from coursekit.site.explorers import Frames, explorer_of
from coursekit.site.glossary import text_of
from coursekit.site.lesson_page import LessonPage
from coursekit.site.links import outside_code
from coursekit.site.pages import GUIDES, KNOWLEDGE
from nnutils.checks.catalogue import exercises_of, predictions_of, questions_of
from tests.site.conftest import LESSONS, ROOT

CHOSEN = lessons(ROOT, LESSONS)
each_lesson = pytest.mark.parametrize("lesson", CHOSEN, ids=lambda lesson: lesson.name)


def page(site, path):
    return (site / path).read_text(encoding="utf-8")


def test_the_build_complains_about_nothing(built):
    assert built[1] == []


def test_pages_have_names_of_their_own(site):
    titles = [re.search("<title>(.*?)</title>", path.read_text("utf-8"))[1] for path in site.rglob("*.html")]
    assert len({*titles}) == len(titles)
    assert "04 Dropout &#8212; Improving deep neural networks" in titles
    assert "Improving deep neural networks" in titles
    assert "Author name not set" not in page(site, "index.html")
    assert "docs/students.md" not in re.sub(r"<[^>]+>", "", page(site, "index.html"))


def test_links_that_lead_nowhere_are_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<p id="here"></p><a href="#here">1</a><a href="b.html#there">2</a><a href="c.html">3</a>'
        '<script src="https://cdn.example.org/x.js"></script><a href="https://example.org">4</a><img src="no.png">'
    )
    (tmp_path / "b.html").write_text('<a href="a.html#here">back</a>')
    found = "\n".join(broken(tmp_path))
    assert [
        word for word in ("b.html#there", "c.html", "cdn.example.org", "no.png") if word not in found
    ] == []
    assert len(found.splitlines()) == 4


def test_every_guide_is_there(site):
    start = page(site, "index.html")
    for name in [*GUIDES, *KNOWLEDGE]:
        assert f'href="docs/{name}.html"' in start
    for path in ("glossary.html", "references.html", "api/index.html", "search.html", "lessons/numbers.html"):
        assert (site / path).is_file() and path in start


@each_lesson
def test_start_page_lists_the_lesson_with_its_question(site, lesson):
    row = re.search(
        rf"<tr[^>]*>(?:(?!</tr>).)*lessons/{lesson.name}.html.*?</tr>", page(site, "index.html"), re.DOTALL
    )
    assert row and "?" in row[0] and str(len(exercises_of(lesson.topic))) in row[0]


@each_lesson
def test_every_task_stands_there_with_its_hints_and_reasons(site, lesson):
    text = html.unescape(re.sub(r"</?code>", "`", page(site, f"lessons/{lesson.name}.html")))
    for exercise in exercises_of(lesson.topic):
        assert f'id="exercise-{exercise.name}"' in text
        sentences = [*exercise.hints, *(fault.sentence for fault in exercise.faults)]
        assert [sentence for sentence in sentences if sentence not in text] == []
    for question in questions_of(lesson.topic):
        assert f'id="question-{question.name}"' in text
        assert [option.reason for option in question.options if option.reason not in text] == []
    for prediction in predictions_of(lesson.topic):
        assert (
            f'id="prediction-{prediction.name}"' in text and f'href="#prediction-{prediction.name}"' in text
        )


@each_lesson
def test_every_picture_has_its_words(site, lesson):
    text = page(site, f"lessons/{lesson.name}.html")
    outputs = [
        output for cell in nbformat.read(lesson.solution, 4).cells for output in cell.get("outputs", [])
    ]
    drawn = [
        found[1]
        for output in outputs
        if (found := re.match(r'<img alt="([^"]*)"', str(output.get("data", {}).get("text/html"))))
    ]
    shown = [html.unescape(alt) for alt in re.findall(r'<img alt="([^"]*)"', text)]
    explorer = 'class="explorer"' in text
    assert explorer == (explorer_of(lesson.topic) is not None)
    assert len(drawn) > 0
    assert (
        len([alt for alt in drawn if " ".join(html.unescape(alt).split()) in shown]) == len(drawn) - explorer
    )
    assert "" not in shown


@each_lesson
def test_what_only_a_notebook_needs_is_left_out(site, lesson):
    text = re.sub(r"<[^>]+>", "", page(site, f"lessons/{lesson.name}.html"))
    for noise in (
        "BEGIN SOLUTION",
        "HIDDEN TESTS",
        "assert_passed",
        "no guess yet",
        "you made no guess",
        "your guess:",
    ):
        assert noise not in text
    assert ": passed" not in text or lesson.number == 0  # lesson 00 shows what a check says


@each_lesson
def test_every_formula_is_mathml(site, lesson):
    text = page(site, f"lessons/{lesson.name}.html")
    formulas = []
    outside_code(
        text_of(lesson), lambda part: formulas.extend(re.findall(r"\$\$(.+?)\$\$", part, re.DOTALL)) or part
    )
    assert text.count('<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">') == len(formulas)
    body = re.sub(r"<(pre|code|script).*?</\1>", "", text, flags=re.DOTALL)
    assert not re.search(r"\\(frac|sum|alpha|text)\b|\$\$", re.sub(r"<[^>]+>", "", body))


def test_a_formula_that_cannot_be_read_is_shown_and_complained_of(tmp_path):
    (tmp_path / "index.md").write_text("# Title\n\nHere $\\frac{a}{$ and $\\alpha$.\n")
    complaints = sphinx(tmp_path, tmp_path / "out")
    assert len(complaints) == 1 and "cannot be read" in complaints[0] and "index.md:3" in complaints[0]
    text = page(tmp_path, "out/index.html")
    assert r"<code>\frac{a}{</code>" in text and "<math" in text


def test_no_line_begins_with_the_full_stop_behind_a_formula(tmp_path):
    (tmp_path / "index.md").write_text("# Title\n\nIt is $a$. Then $b$ and *$c$*, then.\n")
    assert sphinx(tmp_path, tmp_path / "out") == []
    text = page(tmp_path, "out/index.html")
    assert text.count("\N{WORD JOINER}") + text.count("&#8288;") == 1


def test_a_link_of_the_text_that_leads_nowhere_is_complained_of(tmp_path):
    (tmp_path / "index.md").write_text("# Title\n\n[a](#nowhere) and [b](other.md)\n")
    complaints = "\n".join(sphinx(tmp_path, tmp_path / "out"))
    assert "nowhere" in complaints and "other.md" in complaints


@pytest.mark.parametrize("before", ["", "import numpy as np\nfrom nnutils.x import some_explorer\n\n"])
def test_an_explorer_may_be_imported_where_it_is_called(before):
    frames = Frames(
        "some_explorer", "Title", "try", "notice", "k", 0, ["1"], ["one"], ["a.png"], "", (720, 300)
    )
    page = LessonPage(CHOSEN[0], frames, str)
    assert 'type="range"' in "".join(page._code(new_code_cell(f"{before}some_explorer()")))
    assert "code-block" in "".join(page._code(new_code_cell(f"{before}some_explorer(1)")))


def test_terms_lead_to_their_place(site):
    entries = re.findall(
        r'<strong>([^<]+)</strong> · <a href="([^"#]+)#(term-[\w-]+)"', page(site, "glossary.html")
    )
    found = {words: (path, anchor) for words, path, anchor in entries}
    assert found["Inverted dropout"] == ("lessons/04_dropout.html", "term-inverted-dropout")
    assert found["Double descent"][0] == "lessons/02_bias_variance.html"
    assert "Your task" not in found and len(found) > 20
    for path, anchor in found.values():
        assert page(site, path).count(f'id="{anchor}"') == 1


def test_library_has_signatures_and_formulas(site):
    text = page(site, "api/dropout.html")
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))
    assert "dropout_forward(a: ArrayLike, mask: ArrayLike, keep_prob: float) -> Array" in plain
    assert "the expected value is a (Srivastava et al. 2014)" in plain
    assert "lessons/04_dropout.html#exercise-dropout_forward" in text and "<math" in text


def test_a_class_has_the_formulas_of_its_exercise():
    by_name = formulas_of(lessons(ROOT, ["12"]))
    lesson, task, formulas = by_name[_key("Adam")]
    assert (lesson.number, task) == (12, "adam_update") and formulas


def test_papers_of_each_lesson(site):
    text = page(site, "references.html")
    assert "a simple way to prevent neural" in text and "lessons/04_dropout.html" in text
