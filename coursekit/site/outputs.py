"""What a cell of a built notebook has printed and drawn, as Markdown of the site; nothing is executed."""

from __future__ import annotations

import base64
import html
import re
from typing import Any

from coursekit.site.items import claims, measured_line
from coursekit.site.markup import code
from nnutils.figures.style import class_of

PICTURE = re.compile(
    r'<img alt="(?P<alt>[^"]*)"(?: class="(?P<kind>[^"]*)" width="(?P<width>\d+)")?[^>]*'
    r'src="data:image/png;base64,(?P<data>[^"]+)"'
)
OF_ONE_MACHINE = "nbval-ignore-output"  # the tag of a cell whose output is another one on each machine


def shown(cell: Any, pictures: dict[str, bytes], stem: str) -> list[str]:
    """The outputs of a code cell. Pictures are added to `pictures` by the name of their file, which begins with `stem`."""
    parts = list[str]()
    for output in cell.outputs:
        if output.output_type == "stream":
            listed, printed = claims(output.text) if output.name == "stdout" else ("", output.text)
            parts += [code(printed, "text", "output")] * bool(printed.strip()) + [listed] * bool(listed)
        elif output.output_type in ("display_data", "execute_result"):
            parts.append(_displayed(output.data, pictures, stem))
    if OF_ONE_MACHINE in cell.metadata.get("tags", []) and parts:
        parts.append('<p class="worth">Measured on one machine; on yours the times differ.</p>')
    return parts


def _displayed(data: Any, pictures: dict[str, bytes], stem: str) -> str:
    """A picture with its alternative text, else what it says as text."""
    found = PICTURE.search(data.get("text/html", ""))
    if found:
        return picture(found, pictures, stem)
    text = data.get("text/plain", "")
    return measured_line(text) if text.startswith("◇ ") else code(text, "text", "output")


def picture(found: re.Match[str], pictures: dict[str, bytes], stem: str) -> str:
    """A figure with its alternative text, as wide as in a notebook; its class says what a dark theme does to it."""
    name, alt = f"{stem}-{len(pictures) + 1}.png", " ".join(html.unescape(found["alt"]).split())
    pictures[name] = base64.b64decode(found["data"])
    size = (
        f":width: {found['width']}px\n" if found["width"] else ""
    )  # other notebooks' pictures: as large as they are
    kind = found["kind"] or class_of(shades=True)
    return f"```{{image}} pictures/{name}\n:alt: {alt}\n{size}:class: figure {kind}\n```"
