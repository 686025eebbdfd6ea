"""Small pieces of Markdown and HTML that the site's pages are made of."""

from __future__ import annotations

import html
import re


def words(text: str) -> str:
    """A sentence of an exercise as HTML: what stands between backticks is code, all else is as it is written."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def code(source: str, language: str = "python", kind: str = "") -> str:
    """A block of code; `kind` is a class of its style."""
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", source)), default=0))
    return (
        f"{ticks}{{code-block}} {language}\n"
        + f":class: {kind}\n" * bool(kind)
        + f"\n{source.rstrip()}\n{ticks}"
    )


def folded(summary: str, content: str, kind: str) -> str:
    """Markdown that is seen after a click or the enter key, and needs no script for that."""
    return f'<details class="{kind}">\n<summary>{summary}</summary>\n\n{content}\n\n</details>'


def boxed(content: str, kind: str, identity: str = "") -> str:
    """Markdown in a frame."""
    named = f' id="{identity}"' if identity else ""
    return f'<div class="{kind}"{named}>\n\n{content}\n\n</div>'


def slug(text: str) -> str:
    """A name for an address: small letters, digits and hyphens."""
    return "-".join(re.findall(r"[^\W_]+", text.casefold()))
