"""The site as a reader meets it: in a window, on a phone, in the dark, by keyboard, and with nothing but the site's own files."""

import os
import re

import pytest

pytestmark = pytest.mark.browser
LESSON = "lessons/04_dropout.html"
GUIDES = ("docs/notation.html", "docs/maintainers.html", "docs/replication.html", "lessons/numbers.html")
PAGES = (
    *(
        "index.html",
        LESSON,
        "lessons/02_bias_variance.html",
        "glossary.html",
        "references.html",
        "api/optimizers.html",
    ),
    *GUIDES,
)
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def test_nothing_is_asked_from_elsewhere(visit, address):
    asked = []
    for path in (*PAGES, "search.html?q=dropout"):
        visit(path, watch=asked).wait_for_load_state("networkidle")
    assert len(asked) > len(PAGES)
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def test_search_finds_a_lesson(visit):
    page = visit("search.html?q=inverted+dropout")
    page.wait_for_selector("#search-results li a")
    assert any(
        "04_dropout" in link.get_attribute("href") for link in page.locator("#search-results li a").all()
    )
    page.wait_for_selector("#search-results .context")
    assert "Dark" not in " ".join(page.locator("#search-results .context").all_inner_texts())


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_does_not_scroll_sideways(visit, path):
    page = visit(path, width=400)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    outside = """() => [...document.querySelectorAll('.bd-article *')].filter(e => {
        const box = e.getBoundingClientRect();
        for (let p = e.parentElement; p && !p.matches('.bd-article'); p = p.parentElement)
            if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(p).overflowX)) return false;
        return box.width && box.right > 401 && !['auto', 'scroll'].includes(getComputedStyle(e).overflowX);
    }).map(e => e.outerHTML.slice(0, 80))"""
    assert page.evaluate(outside) == []


def test_hints_and_answers_are_folded_and_open_by_keyboard(visit):
    page = visit(LESSON)
    box = page.locator("#exercise-dropout_mask")
    answer = box.locator("details.answer")
    assert [row.inner_text() for row in box.locator("summary").all()] == [
        "Hint 1 of 3",
        "Hint 2 of 3",
        "Hint 3 of 3",
        "Answer",
    ]
    assert box.get_by_text("def dropout_mask").first.is_visible()
    assert not answer.get_by_text("return", exact=True).is_visible()
    answer.locator("summary").focus()
    page.keyboard.press("Enter")
    assert answer.get_by_text("return", exact=True).is_visible()
    assert page.locator("details[open]").count() == 1


@pytest.mark.parametrize("path", [LESSON, "lessons/02_bias_variance.html"])
def test_the_explorer_moves_by_keyboard(visit, path):
    page = visit(path)
    slider, picture = page.locator(".explorer input[type=range]"), page.locator(".explorer img")
    words, value = page.locator(".explorer [role=status]"), page.locator(".explorer output")

    def now():
        assert slider.get_attribute("aria-valuetext") == value.inner_text()
        assert words.inner_text() in picture.get_attribute("alt")
        return picture.get_attribute("src"), words.inner_text(), value.inner_text()

    slider.focus()
    page.keyboard.press("Home")
    seen = [now()]
    for _ in range(int(slider.get_attribute("max"))):
        page.keyboard.press("ArrowRight")
        seen.append(now())
        page.wait_for_function("document.querySelector('.explorer img').complete")
        assert picture.evaluate("e => e.naturalWidth") >= 1200, "crisp on a fine screen"
    assert 6 <= len(seen) <= 12
    pictures, told, values = (len(set(column)) for column in zip(*seen, strict=True))
    assert (pictures, values) == (len(seen), len(seen)) and told > len(seen) / 2, (
        "two pictures may be told in the same words"
    )
    assert page.locator(f"label[for='{slider.get_attribute('id')}']").inner_text()


def test_the_browser_complains_about_nothing(chromium, address):
    context, said = chromium.new_context(color_scheme="dark"), []
    context.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
    page = context.new_page()
    for path in (LESSON, "index.html", "search.html?q=dropout"):
        page.goto(f"{address}/{path}")
        page.wait_for_load_state("networkidle")
    context.close()
    assert said == []


def test_both_themes(visit):
    light, dark = visit(LESSON).evaluate(BACKGROUND), visit(LESSON, theme="dark").evaluate(BACKGROUND)
    brightness = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in (light, dark)]
    assert brightness[0] > 700 and brightness[1] < 150


def test_formulas_are_drawn(visit):
    page = visit(LESSON)
    sizes = page.evaluate("[...document.querySelectorAll('math')].map(e => e.getBoundingClientRect().height)")
    folded = page.locator("details math").count()
    assert len(sizes) > 25 and sum(size == 0 for size in sizes) <= folded


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_read_it(visit, address, site, theme, width):
    """Some pages, or each one: once a week, see docs/maintainers.md."""
    from axe_playwright_python.sync_playwright import Axe

    few = (
        [LESSON, "index.html"]
        if width == 400
        else [LESSON, "index.html", "api/optimizers.html", "glossary.html"]
    )
    every = [
        str(file.relative_to(site)) for file in sorted(site.rglob("*.html")) if "_static" not in file.parts
    ]
    found, page = [], visit("index.html", width=width, theme=theme)
    for path in every if os.environ.get("NNUTILS_PAGES") == "all" else few:
        page.goto(f"{address}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
        for rule in Axe().run(page).response["violations"]:
            found += [f"{path}: {rule['id']}: {node['html'][:200]}" for node in rule["nodes"]][:3]
    assert found == []
