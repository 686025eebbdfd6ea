"""Ask a built site whether each of its links leads somewhere, and whether it loads anything from elsewhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("link", "href"),
    ("object", "data"),
}
NOT_LOADED = {
    "next",
    "prev",
    "search",
    "index",
    "canonical",
    "author",
}  # relations of a link that a browser only knows


@dataclass
class _Page(HTMLParser):
    """The names of places in a page, where its links lead, and what it loads."""

    names: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {key: value or "" for key, value in attrs}
        self.names |= {named[key] for key in ("id", "name") if key in named}
        for key, value in named.items():
            if (tag, key) in LOADED and not (tag == "link" and named.get("rel") in NOT_LOADED):
                self.loads.append(value)
            elif key == "href":
                self.links.append(value)


def broken(site: Path, apart: str = "") -> list[str]:
    """A sentence for each link of the site that leads nowhere, and for each thing that a page loads from another place.

    apart: a folder of the site whose own pages are not read, because scripts make them.
    """
    files = [path.relative_to(site) for path in sorted(site.rglob("*.html"))]
    pages = {file.as_posix(): _read(site / file) for file in files if not apart or file.parts[0] != apart}
    found = [line for name, page in pages.items() for line in _broken_of(name, page, pages, site)]
    return [*dict.fromkeys(found)]


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _broken_of(name: str, page: _Page, pages: dict[str, _Page], site: Path) -> Iterator[str]:
    for address in page.loads:
        if urlsplit(address).scheme not in ("", "data") or urlsplit(address).netloc:
            yield f"{name} loads {address} from another place"
    for address in [*page.links, *page.loads]:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = (
            posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            if parts.path
            else name
        )
        if target not in pages and not (site / target).is_file():
            yield f"{name} links to {address}, which is not there"
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].names:
            yield f"{name} links to {address}, and there is no such place on that page"
