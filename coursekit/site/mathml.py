"""A Sphinx extension: formulas as MathML, which every browser draws by itself, without a script or a font of others."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
JOINER = "&#8288;"  # a word joiner: no line begins with the comma or the full stop behind a formula


def drawn(node: Any, display: str) -> str:
    """The formula of a node as MathML. One that cannot be read is shown as it is written, and the build complains."""
    latex = node.astext()
    try:
        return convert(latex, display=display)
    except Exception as error:  # the library has a class of its own for each fault, and lets others through
        LOGGER.warning("the formula %s cannot be read (%s)", latex, type(error).__name__, location=node)
        return f"<code>{escape(latex)}</code>"


def inline(self: Any, node: nodes.math) -> None:
    """A formula in a line of text."""
    following = node.next_node(descend=False, siblings=True)
    joined = isinstance(following, nodes.Text) and following[:1] in set(".,;:?!)")
    self.body.append(drawn(node, "inline") + JOINER * joined)
    raise nodes.SkipNode


def block(self: Any, node: nodes.math_block) -> None:
    """A formula on lines of its own; on a narrow screen it scrolls in itself."""
    self.body.append(f'<div class="formula">{drawn(node, "block")}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
