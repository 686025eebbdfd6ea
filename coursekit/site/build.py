"""`python3 course.py site`: build the course as a static site, from notebooks that are built; nothing of them is executed."""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat

from coursekit.authoring.lesson import Lesson, add_lessons, lessons
from coursekit.site.crawl import broken
from coursekit.site.explorers import frames
from coursekit.site.lesson_page import role_of
from coursekit.site.live.build import FOLDER, build_live, check_runtime
from coursekit.site.live.runtime import Runtime, Unfit, usual_place
from coursekit.site.pages import Site
from nnutils.checks.catalogue import exercises_of, questions_of
from nnutils.checks.errors import UnknownName
from nnutils.files import write_whole
from nnutils.words import counted

STATIC = Path(__file__).parent / "static"
INDEX = "searchindex.js"  # each site has it
THEME = {
    "home_page_in_toc": True,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "navbar_persistent": [],  # the search stands at the left
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "article_header_end": ["search-button.html", "theme-switcher.html", "toggle-secondary-sidebar.html"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "footer_content_items": "",  # author and copyright are not known here
}
TITLE = "Improving deep neural networks"
MENDED = {  # what the theme writes → what stands there instead
    '<th class="head"><p></p></th>': "<td></td>",  # the corner of a table is no heading where it is empty
    f"<title>{TITLE} &#8212; {TITLE}</title>": f"<title>{TITLE}</title>",
    # Without a stored choice the page has the theme of the system from its first line on.
    'localStorage.getItem("mode") || ""': 'localStorage.getItem("mode") || "auto"',
    'localStorage.getItem("theme") || ""': 'localStorage.getItem("theme") || '
    '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")',
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python3 course.py site`."""
    add_lessons(parser)
    add = parser.add_argument
    add("--out", type=Path, metavar="DIR", help="where the site goes (default: build/site)")
    source = "where the files of this repository can be read, as https://example.org/course/blob/main; links to code lead there"
    add("--source", default="", metavar="URL", help=source)
    add(
        "--live",
        action="store_true",
        help="add the course in a browser, and to each lesson a button that opens it there",
    )
    place = "where Pyodide, the Python in a browser, is copied from: an address or a folder (default: the one of JupyterLite)"
    add("--pyodide", default="", metavar="PLACE", help=place)


def run(options: argparse.Namespace) -> int:
    """Build; returns the exit code: 0 done, 1 a lesson is not built or a page has a fault, 2 no such lesson or Pyodide."""
    began = time.monotonic()
    try:
        chosen = lessons(options.root, options.lessons)
    except UnknownName as error:
        print(error, file=sys.stderr)
        return 2
    unbuilt = [lesson.name for lesson in chosen if not is_built(lesson)]
    if unbuilt:
        print(
            f"not built as they stand: {', '.join(unbuilt)}. Run `python3 course.py build` first",
            file=sys.stderr,
        )
        return 1
    if options.pyodide and not options.live:
        print("--pyodide says where the runtime of --live comes from: add --live", file=sys.stderr)
        return 2
    out = (options.out or options.root / "build" / "site").resolve()
    if not is_free(out):
        print(
            f"{out} holds other things than a site, and would be written anew: name a new folder",
            file=sys.stderr,
        )
        return 2
    work = options.root / "build" / "site-work"
    try:
        runtime = Runtime.at(options.pyodide or usual_place()) if options.live else None
        faults = build(options.root, chosen, out, work, options.source.rstrip("/"), options.jobs, runtime)
    except Unfit as error:
        print(error, file=sys.stderr)
        return 2
    print(*faults, sep="\n", end="\n" * bool(faults))
    print(
        f"{counted(len(chosen), 'lesson')} in {out}, {time.monotonic() - began:.0f} s. Open {out / 'index.html'}"
    )
    return bool(faults)


def is_free(out: Path) -> bool:
    """Whether a site may be written there: nothing is there, or an empty folder, or an earlier site."""
    return not out.exists() or (out.is_dir() and ((out / INDEX).exists() or not any(out.iterdir())))


def is_built(lesson: Lesson) -> bool:
    """Whether the lesson has a solution, with the exercises and questions that it has now."""
    if not lesson.solution.exists():
        return False
    roles = map(role_of, nbformat.read(lesson.solution, as_version=4).cells)
    tasks = {exercise.name for exercise in exercises_of(lesson.topic)}
    tasks |= {question.name for question in questions_of(lesson.topic)}
    return {name for role, name in roles if role == "answer"} == tasks


def build(
    root: Path,
    chosen: Sequence[Lesson],
    out: Path,
    work: Path,
    source: str = "",
    jobs: int = 2,
    runtime: Runtime | None = None,
) -> list[str]:
    """Build the site of some lessons into a folder, which is written anew. Returns a sentence for each fault of a page.

    work: a folder for what comes between; pictures of explorers that are drawn there are not drawn again.
    runtime: the Pyodide of the course in a browser; without one the site has no such course. Raises Unfit if it does not fit.
    A site that is there stays until the new one is whole.
    """
    if runtime is not None:
        check_runtime(runtime)
    cache, topics = work / "explorers", [lesson.topic for lesson in chosen]
    with ProcessPoolExecutor(min(jobs, len(topics) or 1)) as pool:
        list(pool.map(frames, topics, [cache] * len(topics)))
    Site(root, chosen, work / "sources", cache, source, live=runtime is not None).write()
    fresh = out.with_name(f"{out.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        faults = sphinx(work / "sources", fresh)
        if runtime is not None:
            build_live(root, chosen, fresh, work, runtime)
        faults += broken(fresh, apart=FOLDER)
        shutil.rmtree(out, ignore_errors=True)
        fresh.rename(out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return faults


def sphinx(sources: Path, out: Path) -> list[str]:
    """Make HTML of a folder of Markdown. Returns what Sphinx complains about."""
    from sphinx.application import Sphinx  # here, since only this verb needs it, and the tools may be absent
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    settings = {
        "project": TITLE,
        "extensions": ["myst_parser", "coursekit.site.mathml"],
        "myst_enable_extensions": ["dollarmath", "amsmath", "deflist"],
        "myst_heading_anchors": 4,
        "myst_links_external_new_tab": False,
        "html_math_renderer": "mathml",
        "html_theme": "sphinx_book_theme",
        "html_theme_options": THEME,
        "html_title": TITLE,
        "html_favicon": str(STATIC / "favicon.svg"),
        "html_static_path": [
            str(STATIC),
            *([str(sources / "_static")] if (sources / "_static").exists() else []),
        ],
        "html_sidebars": {"**": ["search-button-field.html", "sbt-sidebar-nav.html"]},
        "html_css_files": ["site.css"],
        "html_js_files": [("site.js", {"defer": "defer"})],
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_sphinx": False,
        "html_show_copyright": False,
        "html_use_index": False,
        "html_domain_indices": False,
        "language": "en",
        "exclude_patterns": ["_static"],
    }
    warnings = io.StringIO()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            str(sources), None, str(out), str(sources.parent / "doctrees"), "html",
            confoverrides=settings, status=None, warning=warnings, freshenv=True,
        )  # fmt: skip
        app.build()
    for needless in [*out.rglob("*.map"), *out.glob("_static/*.html")]:  # the theme's own sources
        needless.unlink()
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for written, instead in MENDED.items():
            text = text.replace(written, instead)
        write_whole(page, text)
    return [line for line in warnings.getvalue().splitlines() if line.strip()]
