"""Names of students and files: as they are kept, as they are printed, and as names of files."""

from __future__ import annotations

import hashlib
import unicodedata


def spelled(name: str) -> str:
    """A name as it is kept: an accent is part of its letter (NFC), and a byte that is not UTF-8 is written as \\udc.. ."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "backslashreplace").decode("utf-8"))


def printable(text: str) -> str:
    """A text without characters that control a terminal or break a line."""
    return "".join(char if char.isprintable() else "?" for char in text)


def safe_name(text: str) -> str:
    """A text that can name a file on any system: no separators, no control characters, not hidden, not too long."""
    text = unicodedata.normalize("NFC", text)
    plain = "".join(char if char.isprintable() and char not in '<>:"/\\|?*' else "_" for char in text)
    stem, dot, ending = plain.strip().rstrip(". ").rpartition(".")
    short = f"{_cut(stem, 170)}{dot}{ending}" if len(ending) < 9 else _cut(f"{stem}{dot}{ending}", 180)
    return f"_{short}" if not short or short.startswith(".") else short


def page_name(student: str) -> str:
    """The name of a student's files. Where it differs from the student's own name, a digest keeps it unique."""
    safe = safe_name(student)
    if safe == student:
        return student
    return f"{safe}-{hashlib.sha256(student.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _cut(text: str, size: int) -> str:
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
