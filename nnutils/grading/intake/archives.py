"""The files below a folder or in a zip, zips among them opened once; what is unpacked can land nowhere else."""

from __future__ import annotations

import lzma
import os
import stat
import tempfile
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nnutils.grading.intake.members import MAX_FILE, MAX_INNER, decoded, escapes, objection, pieces, time
from nnutils.grading.intake.names import safe_name

MAX_FILES = 200_000, 2_000  # in the zip, in a zip within
WANTED = ("timestamp.txt", "submission_metadata.yml")
HIDDEN = ("__MACOSX", "__pycache__")
BROKEN = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, zlib.error, lzma.LZMAError)


class BadArchive(OSError):
    """The zip cannot be opened, or is not to be opened."""


@dataclass(frozen=True)
class Found:
    """One file: its place below the source, and where it can be read; None where it was not unpacked."""

    parts: tuple[str, ...]
    path: Path | None
    modified: datetime | None = None
    trouble: str | None = None  # why it is left out

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()

    @property
    def shown(self) -> str:
        return "/".join(self.parts)


@dataclass
class Listing:
    """All files, the folders that may belong to a student, and a line for what is odd."""

    files: list[Found] = field(default_factory=list)
    folders: set[tuple[str, ...]] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    unpacked: int = 0  # bytes


def listing(source: Path, unpacked: Path | None) -> Listing:
    """What a folder or a zip holds; what lies in a zip is written below `unpacked`.

    Raises
    ------
    NotADirectoryError: it is neither a folder nor a zip. BadArchive: the zip cannot be opened.
    """
    found = Listing()
    if source.is_dir():
        _walk(source, _Unpacking(unpacked, found))
    elif source.is_file() and zipfile.is_zipfile(source):
        _Unpacking(unpacked, found).open(source, (), 0)
    else:
        raise NotADirectoryError(f"{source} is not a folder and not a zip")
    return found


def hidden(name: str) -> bool:
    """Whether a file or folder of this name is never part of a submission."""
    return name.startswith(".") or name in HIDDEN


def _walk(root: Path, into: _Unpacking) -> None:
    """The files below a folder; links to folders are not followed, except those that the folder itself holds."""
    found = into.found
    for top in sorted(path for path in root.iterdir() if not hidden(path.name)):
        if not top.is_dir():
            into.take(top, (top.name,))
            continue
        found.folders.add((top.name,))
        for folder, names, files in os.walk(top, followlinks=False):
            names[:] = sorted(name for name in names if not hidden(name))
            below = (top.name, *Path(folder).relative_to(top).parts)
            found.folders.update({(*below, name) for name in names if len(below) == 1})
            for name in sorted(files):
                if not hidden(name):
                    into.take(Path(folder, name), (*below, name))


@dataclass
class _Unpacking:
    """Puts files into a listing, and what lies in zips below `folder`."""

    folder: Path | None
    found: Listing

    def take(self, path: Path, parts: tuple[str, ...]) -> None:
        """A file as it lies in a folder."""
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode):
            self.refuse(parts, "it is a link or no plain file")
        elif path.suffix.lower() == ".zip":
            self._inner(path, parts)
        else:
            self.found.files.append(Found(parts, path, datetime.fromtimestamp(about.st_mtime).astimezone()))

    def refuse(self, parts: tuple[str, ...], why: str) -> None:
        self.found.files.append(Found(parts, None, trouble=why))

    def open(self, archive: Path, prefix: tuple[str, ...], depth: int) -> None:
        """Everything in a zip, as if it were a folder called `prefix`."""
        if self.folder is None:
            raise BadArchive("it is a zip, and no folder to unpack it was given")
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with zipfile.ZipFile(archive) as opened:
                members = opened.infolist()
                if len(members) > MAX_FILES[depth]:
                    raise BadArchive(f"the zip holds {len(members)} files, more than {MAX_FILES[depth]}")
                seen: set[str] = set()
                for member in members:
                    self._member(opened, member, prefix, depth, seen)
        except BadArchive:
            raise
        except BROKEN as error:
            raise BadArchive(f"the zip is damaged ({error})") from None

    def _member(
        self,
        opened: zipfile.ZipFile,
        member: zipfile.ZipInfo,
        prefix: tuple[str, ...],
        depth: int,
        seen: set[str],
    ) -> None:
        name = decoded(member)
        inside = [piece for piece in name.replace("\\", "/").split("/") if piece not in ("", ".")]
        if escapes(name):
            self.found.lines.append(
                f"{'/'.join([*prefix, name])}: left out, its place lies outside of the zip"
            )
            return
        if not inside or any(hidden(piece) for piece in inside):
            return
        parts = (*prefix, *(safe_name(piece) for piece in inside))
        deepest = len(parts) if member.is_dir() else len(parts) - 1
        self.found.folders.update(parts[: i + 1] for i in range(min(deepest, 2)))
        if member.is_dir():
            return
        if (shown := "/".join(parts)).casefold() in seen:
            self.found.lines.append(f"{shown}: stands in the zip twice, or in other case; each is looked at")
        seen.add(shown.casefold())
        why = objection(member, self.found.unpacked, depth)
        if why:
            self.refuse(parts, why)
        elif Path(shown).suffix.lower() == ".zip":
            self._nested(opened, member, parts, depth)
        else:
            self._plain(opened, member, parts)

    def _plain(self, opened: zipfile.ZipFile, member: zipfile.ZipInfo, parts: tuple[str, ...]) -> None:
        wanted = parts[-1].lower().endswith((".ipynb", ".py")) or parts[-1] in WANTED
        try:
            path = self._write(opened, member, parts[-1], MAX_FILE) if wanted else None
        except BROKEN as error:
            self.refuse(parts, f"it cannot be unpacked ({error})")
        else:
            self.found.files.append(Found(parts, path, time(member)))

    def _nested(
        self, opened: zipfile.ZipFile, member: zipfile.ZipInfo, parts: tuple[str, ...], depth: int
    ) -> None:
        if depth:
            self.refuse(parts, "a zip in a zip in a zip is not opened")
            return
        try:
            path = self._write(opened, member, parts[-1], MAX_INNER)
        except BROKEN as error:
            self.refuse(parts, f"it cannot be unpacked ({error})")
            return
        self._inner(path, parts)
        path.unlink()

    def _inner(self, path: Path, parts: tuple[str, ...]) -> None:
        """Open a zip that somebody handed in."""
        try:
            self.open(path, parts, 1)
        except BadArchive as error:
            self.refuse(parts, str(error))

    def _write(self, opened: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, most: int) -> Path:
        """Unpack one file into a folder of its own, so that no name meets another; never more than `most` bytes."""
        path = Path(tempfile.mkdtemp(prefix="", dir=self.folder), name)
        try:
            with opened.open(member) as source, path.open("xb") as target:
                for piece in pieces(source, most):
                    self.found.unpacked += target.write(piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path
