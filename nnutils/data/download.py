"""Fetch a file once, check it, and keep it; say in one sentence why it could not be had.

Nothing is fetched unless the switch `NNUTILS_DOWNLOAD=1` is set in the environment. Files are kept in `~/.cache/nnutils`, or
in the folder that `NNUTILS_CACHE` names. `NNUTILS_MIRROR` names an address that holds the same files by their plain names.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

SWITCH, CACHE, MIRROR = "NNUTILS_DOWNLOAD", "NNUTILS_CACHE", "NNUTILS_MIRROR"
TIMEOUT, PIECE = 20, 1 << 20  # seconds without an answer, bytes


class NotAvailable(RuntimeError):
    """A file is not here and could not be fetched; the message says why, in a sentence."""


def allowed() -> bool:
    """Whether the switch is on."""
    return os.environ.get(SWITCH, "") not in ("", "0", "off", "no")


def fetch(url: str, digest: str | None = None, name: str | None = None) -> Path:
    """The path of a file that is kept, after fetching it if need be.

    digest: the file's SHA-256 or MD5 in hex, by its length; a file that differs is not kept.

    Raises
    ------
    NotAvailable: the switch is off, the network does not answer, or the file is not the one expected.
    """
    name = name or url.rpartition("/")[2]
    kept = Path(os.environ.get(CACHE) or Path.home() / ".cache" / "nnutils") / name
    if kept.exists() and _is_right(kept, digest):
        return kept
    if not allowed():
        raise NotAvailable(f"downloads are switched off ({SWITCH}=1 switches them on)")
    mirror = os.environ.get(MIRROR)
    source = f"{mirror.rstrip('/')}/{name}" if mirror else url
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, kept, digest)
    except (urllib.error.URLError, OSError, TimeoutError) as error:
        raise NotAvailable(f"{source} could not be fetched ({getattr(error, 'reason', error)})") from error
    return kept


def _copy(source: str, kept: Path, digest: str | None) -> None:
    """Fetch into a neighbour and move it into place, so that a broken download leaves nothing behind."""
    handle, part = tempfile.mkstemp(dir=kept.parent, prefix=f".{kept.name}-")
    try:
        with os.fdopen(handle, "wb") as file, urllib.request.urlopen(source, timeout=TIMEOUT) as answer:
            while piece := answer.read(PIECE):
                file.write(piece)
        if not _is_right(Path(part), digest):
            raise NotAvailable(f"what {source} gave is not the file expected (its checksum differs)")
        os.replace(part, kept)
    finally:
        Path(part).unlink(missing_ok=True)


def _is_right(path: Path, digest: str | None) -> bool:
    if digest is None:
        return True
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256" if len(digest) == 64 else "md5").hexdigest() == digest
