"""All pages of the site, as Markdown for Sphinx: lessons, guides, library, glossary, references, and the page to start from."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring import table
from coursekit.authoring.lesson import Lesson
from coursekit.authoring.table import title
from coursekit.site import api, explorers, glossary
from coursekit.site.lesson_page import LessonPage
from coursekit.site.links import Places, sections
from coursekit.site.live.build import address_of
from coursekit.site.markup import boxed
from coursekit.site.references import references
from nnutils.checks.catalogue import exercises_of, predictions_of
from nnutils.checks.catalogue import lessons as modules
from nnutils.files import write_whole

GUIDES = {  # page → its title in the list at the left
    "students": "For students",
    "instructors": "For instructors",
    "nbgrader": "With nbgrader",
    "platforms/canvas": "With Canvas",
    "platforms/moodle": "With Moodle",
    "platforms/gradescope": "With Gradescope",
    "platforms/blackboard": "With Blackboard",
    "platforms/brightspace": "With Brightspace",
    "platforms/google_classroom": "With Google Classroom",
    "platforms/github": "With GitHub",
    "maintainers": "For maintainers",
}
KNOWLEDGE = {
    "notation": "Notation",
    "conventions": "Conventions",
    "topics": "Topics",
    "replication": "Replication",
    "speed": "Speed",
    "architecture": "Architecture",
}
OTHERS = {"CONTRIBUTING.md": "Contributing", "coursekit/sandbox/README.md": "Threat model of the sandbox"}
ORIENTATION = "What is training well worth?"  # the question of the lesson that holds the map of all others


@dataclass(frozen=True)
class Site:
    """The sources of a site: of which checkout and lessons, where they are written, and where the repository can be read.

    live: whether the lessons open in the browser, too.
    """

    root: Path
    lessons: Sequence[Lesson]
    folder: Path
    cache: Path
    source: str = ""
    live: bool = False

    def places(self) -> Places:
        """Where the files of the repository are on the site."""
        docs = {f"docs/{name}.md": f"docs/{name}.md" for name in [*GUIDES, *KNOWLEDGE]}
        pages = {"README.md": "index.md", **docs, **{name: name for name in OTHERS}}
        pages = {path: page for path, page in pages.items() if (self.root / path).exists()}
        for lesson in self.lessons:
            for path in (
                f"lessons/{lesson.name}.py",
                f"lessons/{lesson.name}.ipynb",
                f"notebooks/{lesson.name}.ipynb",
            ):
                pages[path] = f"lessons/{lesson.name}.md"
        titles = {f"docs/{name}.md": words for name, words in (GUIDES | KNOWLEDGE).items()}
        return Places(pages, self.source, titles | OTHERS)

    def write(self) -> None:
        """Write all sources anew."""
        shutil.rmtree(self.folder, ignore_errors=True)
        places = self.places()
        self._lessons(places)
        for path, page in places.pages.items():
            if path != "README.md" and path.endswith(".md"):
                text = (self.root / path).read_text(encoding="utf-8")
                self._page(page, places.rewrite(text, path))
        self._page("index.md", places.rewrite(self._start(), "README.md"))
        self._page("lessons/numbers.md", self._numbers(places))
        self._page("references.md", references(self.lessons))
        for page, text in api.pages(api.formulas_of(self.lessons)).items():
            self._page(page, text)
        for picture in places.pictures:
            self._bytes(picture, (self.root / picture).read_bytes())

    def _page(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / path, text)

    def _bytes(self, path: str, content: bytes) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(content)

    def _lessons(self, places: Places) -> None:
        terms = glossary.terms_of(self.lessons)
        for lesson in self.lessons:
            frames, done = explorers.frames(lesson.topic, self.cache), set[str]()

            def change(text: str, lesson: Lesson = lesson, done: set[str] = done) -> str:
                return places.rewrite(glossary.marked(text, lesson, terms, done), f"lessons/{lesson.name}.py")

            page = LessonPage(lesson, frames, change, address_of(lesson) if self.live else "")
            self._page(f"lessons/{lesson.name}.md", page.text())
            for name, png in page.pictures.items():
                self._bytes(f"lessons/pictures/{name}", png)
            for name in frames.files if frames else []:
                self._bytes(
                    f"_static/explorers/{name}",
                    (explorers.folder_of(lesson.topic, self.cache) / name).read_bytes(),
                )
        self._page("glossary.md", glossary.glossary(terms))

    def _start(self) -> str:
        """The README as the first page, with a shorter table of lessons, and the lists of all pages."""
        text = (self.root / "README.md").read_text(encoding="utf-8")
        parts = list(sections(text))
        intro = parts[0][1]
        below = [f"## {heading}\n\n{content}" for heading, content in parts[1:] if table.START not in content]
        lists = [
            _toctree("Lessons", [f"{title_of(lesson)} <lessons/{lesson.name}>" for lesson in self.lessons]),
            _toctree("Guides", [f"{words} <docs/{name}>" for name, words in GUIDES.items()]),
            _toctree("To look up", ["glossary", "references", "api/index", *self._looked_up()]),
        ]
        head, _, rest = intro.partition("\n\n")
        first, _, rest = rest.partition("\n\n")
        listed = ["## The lessons", boxed(self._table(), "start-table")]
        return "\n\n".join([head, first, self._doors(), rest, *listed, *below, *lists]) + "\n"

    def _doors(self) -> str:
        """Links to where most readers want to go."""
        doors = {
            f"notebooks/{self.lessons[0].name}.ipynb": "Begin with the first lesson",
            "docs/students.md": "For students",
            "docs/instructors.md": "For instructors",
        }
        lines = [f"- [{words}]({path})" for path, words in doors.items()]
        if self.live:
            lines.insert(0, f'- <a href="{address_of(self.lessons[0])}">Begin here, in this browser</a>')
            lines[1] = lines[1].replace("Begin with", "Read")
        return boxed("\n".join(lines), "doors")

    def _looked_up(self) -> list[str]:
        docs = [f"{words} <docs/{name}>" for name, words in KNOWLEDGE.items()]
        others = [f"{words} <{name.removesuffix('.md')}>" for name, words in OTHERS.items()]
        return [*docs, "The lessons in numbers <lessons/numbers>", *others]

    def _table(self) -> str:
        questions = questions_of(self.root)
        rows = [
            "| no. | lesson | its question | minutes | exercises | predictions |",
            "|---|---|---|---:|---:|---:|",
        ]
        for lesson in self.lessons:
            counts = [
                modules()[lesson.topic].MINUTES,
                len(exercises_of(lesson.topic)),
                len(predictions_of(lesson.topic)),
            ]
            link = f"[{title(lesson)}](notebooks/{lesson.name}.ipynb)"
            question = questions.get(lesson.name, ORIENTATION)
            rows.append(f"| {lesson.name[:2]} | {link} | {question} | {' | '.join(map(str, counts))} |")
        return "\n".join(rows)

    def _numbers(self, places: Places) -> str:
        """The README's own section of lessons."""
        text = (self.root / "README.md").read_text(encoding="utf-8")
        section = next((content for _, content in sections(text) if table.START in content), "")
        here = Places({**places.pages, "README.md": "lessons/numbers.md"}, places.source)
        return f"# The lessons in numbers\n\n{boxed(here.rewrite(section, 'README.md'), 'wide')}\n"


def title_of(lesson: Lesson) -> str:
    """A lesson's number and title, as the list at the left shows it."""
    return f"{lesson.name[:2]} {title(lesson)}"


def questions_of(root: Path) -> dict[str, str]:
    """The question of each lesson, of the map in the first one."""
    first = next(iter(sorted((root / "lessons").glob("00_*.py"))), None)
    text = first.read_text(encoding="utf-8") if first else ""
    return dict(re.findall(r"^# \| \[[^\]]+\]\((\w+)\.ipynb\) \| ([^|]+?) \|", text, re.MULTILINE))


def _toctree(caption: str, entries: Sequence[str]) -> str:
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *entries, "```"])
