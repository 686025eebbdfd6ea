"""A strict look at a page's HTML: nesting, ids, links, labels, tables."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

VOID = {"meta", "wbr", "br", "hr", "img"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        have = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in have:
            self.ids.append(str(have["id"]))
        if tag == "a":
            self.links.append(str(have["href"]))
        if tag == "h1" or tag == "h2" or tag == "h3":
            self.headings.append(int(tag[1]))
        if (
            tag == "svg"
            and not (have.get("role") == "img" and have.get("aria-label"))
            and have.get("aria-hidden") != "true"
        ):
            self.faults.append("an svg without a label")
        if tag == "th" and have.get("scope") not in ("col", "row"):
            self.faults.append("a th without a scope")
        if tag in ("script", "iframe", "object", "embed", "form", "link") or any(
            name.startswith("on") for name in have
        ):
            self.faults.append(f"<{tag}> does not belong here")
        if "src" in have or (tag != "a" and "href" in have):
            self.faults.append("something is loaded")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


def faults(html: str, folder: Path | None = None) -> list[str]:
    """What is wrong with a page. Its links lead to places in it and, if it lies in `folder`, to files there."""
    page = _read(html)
    found = [*page.faults, *(f"<{tag}> is not closed" for tag in page.open)]
    found += ["an id is used twice"] if len({*page.ids}) < len(page.ids) else []
    found += [f"{one} leads nowhere" for one in page.links if not _leads(one, page.ids, folder)]
    steps = zip([0, *page.headings], page.headings, strict=False)
    found += ["a level of headings is left out"] if any(b > a + 1 for a, b in steps) else []
    found += ["a table has no caption"] if html.count("<table") != html.count("<caption") else []
    found += ["the page may load things"] if "default-src 'none'" not in html else []
    return found


def _leads(link: str, ids: list[str], folder: Path | None) -> bool:
    if link.startswith("#"):
        return link[1:] in ids
    return folder is not None and (folder / unquote(link.partition("#")[0])).is_file()


def text(html: str) -> str:
    """What a page says, spaces made one."""
    return " ".join("".join(_read(html).text).split())


def _read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page
