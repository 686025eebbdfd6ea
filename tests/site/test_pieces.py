"""The pieces of which pages are made."""

import ipywidgets as widgets
import pytest

from coursekit.authoring.lesson import Lesson, lessons
from coursekit.site import api, items
from coursekit.site.build import add_arguments, is_built, run
from coursekit.site.explorers import frames, main_control, said, states
from coursekit.site.glossary import glossary, is_term, marked, terms_of
from coursekit.site.links import Places, quoted, sections
from coursekit.site.markup import code, words
from nnutils.figures.explorer import choice, log_slider, slider, whole_slider
from tests.site.conftest import ROOT

PLACES = {
    "docs/a.md": "docs/a.md",
    "docs/b.md": "docs/b.md",
    "lessons/04_x.py": "lessons/04_x.md",
    "README.md": "index.md",
}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[b](b.md)", "[b](b.md)"),
        ("[b](b.md#to-do)", "[b](b.md#to-do)"),
        ("[here](#to-do)", "[here](#to-do)"),
        ("[four](../lessons/04_x.py)", "[four](../lessons/04_x.md)"),
        ("[start](../README.md)", "[start](../index.md)"),
        ("[code](../course.py)", "code"),
        ("[far](https://example.org/x)", "[far](https://example.org/x)"),
        ("![p](images/p.png)", "![p](images/p.png)"),
        ("`[b](../course.py)`", "`[b](../course.py)`"),
        ("```\nf[b](../course.py)\n```", "```\nf[b](../course.py)\n```"),
    ],
)
def test_links_hold_on_the_site(written, told):
    assert Places(PLACES).rewrite(written, "docs/a.md") == told


def test_with_an_address_links_to_code_lead_there():
    places = Places(PLACES, "https://example.org/blob/main")
    assert (
        places.rewrite("[code](../course.py)", "docs/a.md")
        == "[code](https://example.org/blob/main/course.py)"
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[b.md](b.md#x)", "[Letters](b.md#x)"),
        ("[the b](b.md)", "[the b](b.md)"),
        ("[../README.md](../README.md)", "[../README.md](../index.md)"),
    ],
)
def test_a_link_that_is_called_as_its_file_gets_the_name_of_the_page(written, told):
    assert Places(PLACES, titles={"docs/b.md": "Letters"}).rewrite(written, "docs/a.md") == told


def test_a_page_tells_which_pictures_it_shows():
    places = Places(PLACES)
    places.rewrite("![p](images/p.png) ![q](../q.svg)", "docs/a.md")
    assert places.pictures == {"docs/images/p.png", "q.svg"}


def test_a_quotation_links_to_nothing_in_the_course():
    assert quoted("see [lesson 05](05_x.ipynb) and [x](https://doi.org/10.1000/x)") == (
        "see lesson 05 and [x](https://doi.org/10.1000/x)"
    )


def test_sections_know_code():
    text = "# A\nintro\n## One\n```\n## no heading\n```\n## Two\nend"
    assert [*sections(text)] == [("", "# A\nintro"), ("One", "```\n## no heading\n```"), ("Two", "end")]


def test_an_answer_is_taken_apart():
    source = 'def f(x):\n    """Doc."""\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION'
    given, right = items.taken_apart(source, repair=False)
    assert given == 'def f(x):\n    """Doc."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
    assert right == 'def f(x):\n    """Doc."""\n    return 2 * x'


def test_a_repair_is_taken_apart():
    source = "def f(x):\n    return x\n\n\n### BEGIN SOLUTION\ndef f(x):\n    return 2 * x\n### END SOLUTION"
    assert items.taken_apart(source, repair=True) == (
        "def f(x):\n    return x",
        "def f(x):\n    return 2 * x",
    )


def test_claims_become_a_list_and_the_rest_stays():
    listed, rest = items.claims(
        "epoch 1\n✔ a < b, in\n  two lines\n  measured 0.5, needed below 1\n✔ c\n  measured 2, needed 2\nend\n"
    )
    assert listed.count("<li>") == 2 and rest == "epoch 1\nend"
    assert 'a &lt; b, in two lines <span class="worth">measured 0.5 · needed below 1</span>' in listed


def test_a_measured_prediction_links_to_its_question():
    line = items.measured_line("◇ peak: measured 300 features; you made no guess")
    assert "300 features" in line and 'href="#prediction-peak"' in line


def test_words_are_escaped():
    assert words("`a < b` and *c* < d") == "<code>a &lt; b</code> and *c* &lt; d"
    assert code("a = '```'").startswith("````{code-block} python")


@pytest.mark.parametrize(
    ("control", "ends"),
    [
        (whole_slider("k", 3, 0, 12), (0, 12)),
        (slider("x", 0.7, 0.1, 1.0, 0.1), (0.1, 1.0)),
        (log_slider("n", 100, 1, 5), (10, 1e5)),
        (log_slider("eps", 0.15, -2, 0, 0.05), (0.01, 1)),
        (choice("c", [("one", 1), ("two", 2), ("three", 3)], 2), (1, 3)),
    ],
)
def test_states_go_from_end_to_end_and_hold_the_start(control, ends):
    chosen = states(control)
    assert chosen[0] == pytest.approx(ends[0]) and chosen[-1] == pytest.approx(ends[1])
    assert control.value in chosen and len(chosen) <= 12
    assert chosen == sorted(chosen) and len(set(chosen)) == len(chosen)
    for value in chosen:
        control.value = value
        assert control.value == pytest.approx(value)


def test_a_value_is_said_as_its_control_shows_it():
    assert said(slider("x", 0.7, 0.1, 1.0, 0.1, readout_format=".1f")) == "0.7"
    assert said(whole_slider("k", 3, 0, 12)) == "3"
    assert said(choice("c", [("one", 1), ("two", 2)], 2)) == "two"


def test_the_main_control_is_the_first_number():
    controls = {
        "data": choice("data", ["a", "b"], "a"),
        "k": whole_slider("k", 3, 0, 12),
        "n": whole_slider("n", 3, 0, 12),
    }
    assert main_control("some_topic", controls) == "k"
    assert main_control("some_topic", {"data": controls["data"]}) == "data"


def test_states_that_are_kept_are_not_drawn_again(tmp_path, monkeypatch):
    first = frames("bias_variance", tmp_path)
    monkeypatch.setattr("coursekit.site.explorers._drawn", None)
    assert frames("bias_variance", tmp_path) == first and len(set(first.summaries)) == len(first.values)
    assert isinstance(widgets.IntSlider(), widgets.Widget) and first.values[first.start] == "3"


@pytest.mark.parametrize(
    "words", ["Your task.", "Takes", "60 %", "You will", "a sentence of more than five words"]
)
def test_not_all_that_is_bold_is_a_term(words):
    assert not is_term(words)


def test_a_term_is_quoted_with_what_it_points_to(tmp_path):
    lesson = Lesson(tmp_path / "lessons" / "01_colours.py")
    lesson.source.parent.mkdir()
    lesson.source.write_text(
        "# %% [markdown]\n# # Colours\n#\n# Mix red and\n# yellow. Then it is **orange**. It is warm, and it is no primary "
        "colour.\n#\n"
        "# A **hue** is given as\n#\n# $$h = 2$$\n#\n# **Your task.** Take **orange**.\n\n# %%\nx = '**no term**'\n"
    )
    terms = terms_of([lesson])
    assert [(term.words, term.sentence) for term in terms] == [
        ("orange", "Mix red and yellow. Then it is **orange**. It is warm, and it is no primary colour."),
        ("hue", "A **hue** is given as\n\n$$h = 2$$"),
    ]
    page, done = "Then it is **orange**, and **orange** again. **Try** it.", set()
    assert marked(page, lesson, terms, done) == (
        'Then it is <span id="term-orange"></span>**orange**, and **orange** again. **Try** it.'
    )
    assert "**Orange** · <a href" in glossary(terms) and glossary(terms).index("Hue") < glossary(terms).index(
        "Orange"
    )


def test_a_term_belongs_to_the_lesson_that_has_it_in_its_title(tmp_path):
    made = []
    for name, title in (("01_first", "Start"), ("02_second", "Momentum and more"), ("03_third", "Later")):
        lesson = Lesson(tmp_path / "lessons" / f"{name}.py")
        lesson.source.parent.mkdir(exist_ok=True)
        lesson.source.write_text(
            f"# %% [markdown]\n# # {title}\n#\n# The word **momentum** stands in this sentence of ten words.\n"
        )
        made.append(lesson)
    assert [term.lesson.name for term in terms_of(made)] == ["02_second"]
    assert [term.lesson.name for term in terms_of([made[0], made[2]])] == ["01_first"]


def test_signatures_are_short_or_wrapped():
    def short(a: "int", b: "float" = 0.5) -> "float": ...
    def long(
        a_long_name: "int", another_long_name: "float", a_third_long_name: "str" = "words"
    ) -> "float": ...

    assert api.signature("short", short) == "short(a: int, b: float = 0.5) -> float"
    assert api.signature("long", long).splitlines()[0] == "long("


def test_a_docstring_keeps_the_lines_of_arguments():
    made = api.prose(
        "What it\ndoes.\n\nX: the `inputs`.\nReturns a < b.\n\nRaises\n------\nValueError: never."
    )
    assert made.split("\n\n")[:2] == [
        "<p>What it does.</p>",
        "<p>X: the <code>inputs</code>.<br>Returns a &lt; b.</p>",
    ]
    assert "<strong>Raises</strong>" in made


@pytest.mark.parametrize(
    ("named", "code_of_exit", "told"), [("99", 2, "99"), ("04", 1, "python3 course.py build")]
)
def test_the_verb_says_what_is_missing(named, code_of_exit, told, tmp_path, capsys):
    import argparse

    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "04_dropout.py").write_text("")
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert run(parser.parse_args([named, "--root", str(tmp_path)])) == code_of_exit
    assert told in capsys.readouterr().err


def test_a_solution_of_other_tasks_is_not_taken(tmp_path):
    lesson = lessons(ROOT, ["04"])[0]
    assert is_built(lesson)
    other = Lesson(tmp_path / "lessons" / "02_bias_variance.py")
    other.solution.parent.mkdir()
    other.solution.write_bytes(lesson.solution.read_bytes())
    assert not is_built(other)
