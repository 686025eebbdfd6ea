"""Files that are written whole: who reads one sees the old content or the new one, never a part."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A path in the same folder to write to. It takes the file's place at the end; after an error the file stays as it was.

    Raises
    ------
    OSError: the folder cannot be made or written to.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    try:
        yield part
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)


def write_whole(file: Path, content: str | bytes) -> Path:
    """Write a text (as UTF-8, lines ending in \\n) or bytes, as `replacing` does. Returns the file."""
    with replacing(file) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
    return file
