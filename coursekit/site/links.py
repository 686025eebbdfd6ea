"""Links of the repository's Markdown, turned into links of the site, of its public source, or into plain text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

CODE = re.compile(
    r"(^ {0,3}(?:```|~~~).*?^ {0,3}(?:```|~~~)\s*?$|``[^`]+``|`[^`]+`)", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]+)\)")


@dataclass(frozen=True)
class Places:
    """Where each file of the repository is found on the site.

    pages: a file's path in the repository → its page's path in the site's sources. source: the address below which the
    repository's files can be read, or nothing if they cannot. titles: a file's path → what the site calls its page; it
    takes the place of a link's words where they are just the path.
    """

    pages: dict[str, str]
    source: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    pictures: set[str] = field(
        default_factory=set
    )  # the files of the repository that pages show, found on the way

    def rewrite(self, text: str, path: str) -> str:
        """The Markdown of a file, given by its path in the repository, with links that hold on its page."""
        return outside_code(text, lambda part: LINK.sub(lambda link: self._link(link, path), part))

    def _link(self, link: re.Match[str], path: str) -> str:
        mark, words, target = link.groups()
        if re.match(r"[a-z]+:", target):
            return link[0]
        name, _, anchor = target.partition("#")
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name else path
        here = posixpath.dirname(self.pages[path])
        if mark:
            self.pictures.add(file)
            return f"![{words}]({posixpath.relpath(file, here)})"
        if file in self.pages:
            page = posixpath.relpath(self.pages[file], here)
            words = self.titles.get(file, words) if words == name else words
            return f"[{words}]({page}{'#' * bool(anchor)}{anchor})" if name else f"[{words}](#{anchor})"
        return f"[{words}]({self.source}/{file})" if self.source else words


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The Markdown with all that is no code changed."""
    parts = CODE.split(text)
    return "".join(part if k % 2 else change(part) for k, part in enumerate(parts))


def quoted(text: str) -> str:
    """The Markdown of a lesson as another page quotes it: links into the course are plain text."""
    return outside_code(
        text, lambda part: LINK.sub(lambda link: link[0] if ":" in link[3] else link[2], part)
    )


def sections(text: str) -> Iterator[tuple[str, str]]:
    """The headings of the second level and what stands below each; what stands above the first one has the heading ''."""
    heading, lines, fenced = "", list[str](), False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced:
            yield heading, "\n".join(lines).strip()
            heading, lines = line.removeprefix("## ").strip(), []
        else:
            lines.append(line)
    yield heading, "\n".join(lines).strip()
