"""What all pages of the grader hold to: nobody can forget to escape a text."""

import re
import tomllib
from pathlib import Path

import pytest

from coursekit.grading.pages import page
from coursekit.grading.pages.page import ENVIRONMENT, write_page

FOLDER = Path(page.__file__).parent


def test_every_expression_of_a_template_is_escaped():
    assert (
        ENVIRONMENT.from_string("<b>{{ text }}</b>").render(text="<i> & '\"")
        == "<b>&lt;i&gt; &amp; &#39;&#34;</b>"
    )


@pytest.mark.parametrize("name", ["code", "marked"])
def test_what_makes_code_escapes_the_rest(name):
    html = ENVIRONMENT.from_string("{{ text|" + name + " }}").render(text="<b>_`<i>`")
    assert "<b>" not in html and "<i>" not in html and "<code>" in html


@pytest.mark.parametrize(
    "file", [*sorted(FOLDER.glob("*.py")), *sorted(FOLDER.glob("templates/*"))], ids=lambda file: file.name
)
def test_nothing_lets_a_text_through_unescaped(file):
    """Neither a template nor a module: no HTML is made but by the templates' own words."""
    ways = r"\|\s*(safe|tojson|xmlattr|urlize)\b|Markup|markupsafe|__html__|autoescape(?!=True)"
    assert not re.search(ways, file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", sorted(FOLDER.glob("templates/*")), ids=lambda file: file.name)
def test_the_templates_are_installed_with_the_package(file):
    project = tomllib.loads((FOLDER.parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["coursekit"]
    assert any(file.match(pattern) for pattern in patterns)


def test_only_the_end_of_a_run_needs_the_pages():
    files = [file for file in FOLDER.parents[1].rglob("*.py") if FOLDER not in file.parents]
    using = [file.stem for file in files if "grading.pages" in file.read_text(encoding="utf-8")]
    assert {*using} == {"finish", "feedback_zips", "compare"}  # the last is of rehearsals


def test_control_characters_and_those_that_turn_the_writing_become_spaces(tmp_path):
    write_page(tmp_path / "a.html", "page.html", "a\x00b\u202ec\ud800d\r\u2028e")
    assert "<h1>a b c d  e</h1>" in (tmp_path / "a.html").read_text(encoding="utf-8")
