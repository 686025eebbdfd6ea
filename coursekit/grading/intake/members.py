"""One file of a zip: its name, its time, and whether it may be unpacked."""

from __future__ import annotations

import itertools
import stat
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO

MAX_FILE = 20 << 20  # bytes of one notebook, unpacked
MAX_INNER = 200 << 20  # of a zip within
MAX_STUDENT = 100 << 20  # of all that one student's place or archive unpacks to
MAX_TOTAL = 20 << 30  # of everything that is unpacked
MAX_RATIO = 200  # of a file's size to what it takes in the zip, above SMALL; deflate reaches 1032
SMALL = 1 << 20
HEADER = 30  # bytes before each entry's name and content, at least


def objection(member: zipfile.ZipInfo, unpacked: int, packed: bool) -> str | None:
    """Why a file in a zip is not unpacked, or None; `unpacked` are its student's bytes so far, `packed`: it is their own zip."""
    kind = stat.S_IFMT(member.external_attr >> 16) if member.create_system == 3 else 0
    inner = member.filename.lower().endswith(".zip") and not packed
    most = MAX_INNER if inner else MAX_FILE
    if kind not in (0, stat.S_IFREG):
        return "it is a link or no plain file"
    if member.flag_bits & 1:
        return "it is encrypted"
    if member.file_size > most:
        return f"it has {member.file_size >> 20} MB, more than {most >> 20} MB"
    if member.file_size > max(SMALL, MAX_RATIO * member.compress_size):
        return f"it unpacks to more than {MAX_RATIO} times its size, as a zip bomb does"
    if not inner and unpacked + member.file_size > MAX_STUDENT:
        return f"with it, this student's files unpack to more than {MAX_STUDENT >> 20} MB"
    return None


def overlap(members: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether two entries of a zip share bytes of it: one content, listed several times, could fill a disk."""
    ordered = sorted(members, key=lambda one: one.header_offset)
    return any(
        one.header_offset + HEADER + one.compress_size > after.header_offset
        for one, after in itertools.pairwise(ordered)
    )


def pieces(source: IO[bytes], most: int) -> Iterator[bytes]:
    """What a file holds, piece by piece, whatever its header said of its size."""
    left = most
    while piece := source.read(1 << 20):
        left -= len(piece)
        if left < 0:
            raise ValueError(f"it unpacks to more than {most >> 20} MB")
        yield piece


def decoded(member: zipfile.ZipInfo) -> str:
    """A member's name; where the zip does not say its encoding, UTF-8 if it is that, else cp437 as the format has it."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def escapes(name: str) -> bool:
    """Whether a name leads out of the folder that a zip is unpacked into, on any system."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/")


def time(member: zipfile.ZipInfo) -> datetime | None:
    """When a file was changed, as the zip has it."""
    try:
        return datetime(*member.date_time).astimezone()  # a zip's times have no zone: taken as this machine's
    except (ValueError, OverflowError, OSError):
        return None
