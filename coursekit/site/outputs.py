"""What a cell of a built notebook has printed and drawn, as Markdown of the site; nothing is executed."""

from __future__ import annotations

import base64
import html
import re
from typing import Any

from coursekit.site.items import claims, measured_line
from coursekit.site.markup import code

PICTURE = re.compile(r'<img alt="(?P<alt>[^"]*)"[^>]*src="data:image/png;base64,(?P<data>[^"]+)"')
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
        return picture(base64.b64decode(found["data"]), html.unescape(found["alt"]), pictures, stem)
    text = data.get("text/plain", "")
    return measured_line(text) if text.startswith("◇ ") else code(text, "text", "output")


def picture(png: bytes, alt: str, pictures: dict[str, bytes], stem: str) -> str:
    """A figure, with what it shows in words behind a click for those who see it, too."""
    name = f"{stem}-{len(pictures) + 1}.png"
    pictures[name] = png
    return f"```{{image}} pictures/{name}\n:alt: {' '.join(alt.split())}\n:class: figure\n```"
