"""Download a file once, check it, and keep it. If that fails, say why in a sentence.

Nothing is downloaded unless the environment variable `NNUTILS_DOWNLOAD=1` is set. Files are kept in `~/.cache/nnutils`, or in the
folder in `NNUTILS_CACHE`. `NNUTILS_MIRROR` is an address from which to get the same files, by their names alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import urllib.request
from pathlib import Path

from nnutils.files import replacing

SWITCH, CACHE, MIRROR = "NNUTILS_DOWNLOAD", "NNUTILS_CACHE", "NNUTILS_MIRROR"
TIMEOUT, PIECE = 20, 1 << 20  # seconds without an answer, bytes read at a time


class NotAvailable(RuntimeError):
    """A file is not here and could not be downloaded. The message says why, in a sentence."""


def allowed() -> bool:
    """Whether the switch is on."""
    return os.environ.get(SWITCH, "") not in ("", "0", "off", "no")


def fetch(url: str, digest: str | None = None, name: str | None = None) -> Path:
    """The path of the kept file. Downloads it if it is not there yet.

    digest: the file's SHA-256 or MD5 in hex (the length tells which). A file with another digest is not kept.

    Raises
    ------
    NotAvailable: the switch is off, the network does not answer, or the digest differs.
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
        with replacing(kept) as part:
            with urllib.request.urlopen(source, timeout=TIMEOUT) as answer, part.open("wb") as file:
                shutil.copyfileobj(answer, file, PIECE)
            if not _is_right(part, digest):
                raise NotAvailable(f"what {source} gave is not the file expected (its checksum differs)")
    except OSError as error:  # also a URLError and a TimeoutError
        raise NotAvailable(f"{source} could not be fetched ({getattr(error, 'reason', error)})") from error
    return kept


def _is_right(path: Path, digest: str | None) -> bool:
    if digest is None:
        return True
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256" if len(digest) == 64 else "md5").hexdigest() == digest
