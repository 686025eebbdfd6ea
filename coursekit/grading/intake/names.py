"""Names of people: as file names, as Canvas squashes them, and for comparing."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def spelled(name: str) -> str:
    """A name as it is kept: an accent is part of its letter (NFC), and bytes that are no UTF-8 are written as \\udc.. ."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "backslashreplace").decode("utf-8"))


def printable(text: str) -> str:
    """A text without what would steer a terminal or break a line."""
    return "".join(char if char.isprintable() else "?" for char in text)


def safe_name(text: str) -> str:
    """A text that may be a file's name anywhere: no separators, no control characters, not hidden, not too long."""
    text = unicodedata.normalize("NFC", text)
    plain = "".join(char if char.isprintable() and char not in '<>:"/\\|?*' else "_" for char in text)
    stem, dot, ending = plain.strip().rstrip(". ").rpartition(".")
    short = f"{_cut(stem, 170)}{dot}{ending}" if len(ending) < 9 else _cut(f"{stem}{dot}{ending}", 180)
    return f"_{short}" if not short or short.startswith(".") else short


def page_name(student: str) -> str:
    """The name of a student's files. Where that cannot be the student's own, a digest keeps it from being another's."""
    safe = safe_name(student)
    if safe == student:
        return student
    return f"{safe}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def squashed(name: str) -> str:
    """A name as Canvas puts it into file names: lower case, letters, digits and underscores alone."""
    return re.sub(r"\W", "", unicodedata.normalize("NFC", name).lower())


def _cut(text: str, size: int) -> str:
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")


def turned(name: str) -> str:
    """ "Smith, Ann" → "Ann Smith"."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name


def comparable(kind: str, value: str) -> str:
    """An id or a name for comparing: case does not count, nor does the order of a name's words."""
    if kind == "squashed":
        return squashed(value)
    return " ".join(sorted(_words(value))) if kind == "name" else spelled(value).strip().casefold()


def turns(name: str) -> set[str]:
    """The ways to squash a name whose family name may stand first: ann maria smith, smith ann maria."""
    words = [word for word in (squashed(one) for one in name.split()) if word]
    return {"".join([*words[i:], *words[:i]]) for i in range(len(words))}


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", name).casefold())
