"""Words for messages: counts, lists, sentences. Everything that is said to a person is put together with these."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence


def counted(number: float, word: str, plural: str = "") -> str:
    """A number with its word: 1 point, 2 points. `plural` is for a word that takes more than an s."""
    figure = f"{number:g}" if isinstance(number, float) else f"{number}"  # a whole number is never rounded
    return f"{figure} {word if number == 1 else plural or word + 's'}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """a; a and b; a, b and c. `last` may be "or"."""
    head, tail = words[:-1], "".join(words[-1:])
    return f"{', '.join(head)} {last} {tail}" if head else tail


def capital(text: str, names: Collection[str] = ()) -> str:
    """The text with a capital first letter, unless its first word is one of `names`, as of variables."""
    first = re.match(r"\w*", text)
    return text if first and first.group() in names else text[:1].upper() + text[1:]


def sentence(text: str, names: Collection[str] = ()) -> str:
    """The text with a capital first letter, as `capital` gives it, and a full stop where it ends without a mark."""
    text = capital(text, names)
    return text if text.endswith((".", "?", "!", "`")) else f"{text}."
