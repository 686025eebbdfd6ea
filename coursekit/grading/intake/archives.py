"""The files below a folder or in a zip, zips among them opened once; what is unpacked can land nowhere else."""

from __future__ import annotations

import errno
import lzma
import os
import stat
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from coursekit.grading.intake import members
from coursekit.grading.intake.members import MAX_FILE, MAX_INNER, decoded, escapes, objection, pieces, time
from coursekit.grading.intake.names import safe_name

MAX_FILES = 200_000, 2_000  # in the zip, in a zip within
WANTED = ("timestamp.txt", "submission_metadata.yml")
HIDDEN = ("__MACOSX", "__pycache__")
BROKEN = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, zlib.error, lzma.LZMAError)


FULL = (errno.ENOSPC, errno.EDQUOT)
Parts = tuple[str, ...]


class BadArchive(OSError):
    """The zip cannot be opened, or is not to be opened."""


class NoRoom(Exception):
    """What was handed in cannot be unpacked here: the disk is full, or the class is too large. No student's fault."""


@dataclass(frozen=True)
class Found:
    """One file: its place below the source, and where it can be read; None where it was not unpacked."""

    parts: Parts
    path: Path | None
    modified: datetime | None = None  # of what a student's own archive holds, when that archive was changed
    trouble: str | None = None  # why it is left out
    packed: bool = False  # it lay in an archive that a student made

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
    folders: set[Parts] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    of_nbgrader: bool = False  # it is a course's `submitted`, where the time stamps are nbgrader's own
    unpacked: Counter[Parts] = field(default_factory=Counter)  # bytes of each place, and in all at ()


def listing(source: Path, unpacked: Path | None) -> Listing:
    """What a folder or a zip holds; what lies in a zip is written below `unpacked`.

    Raises
    ------
    NotADirectoryError: it is neither a folder nor a zip. BadArchive: the zip cannot be opened. NoRoom: the disk is full.
    """
    found = Listing()
    if source.is_dir():
        _walk(source, _Unpacking(unpacked, found))
    elif source.is_file() and zipfile.is_zipfile(source):
        _Unpacking(unpacked, found).open(source, (), None)
    else:
        raise NotADirectoryError(f"{source} is not a folder and not a zip")
    return found


def hidden(name: str) -> bool:
    """Whether a file or folder of this name is never part of a submission."""
    return name.startswith(".") or name in HIDDEN


def _walk(root: Path, into: _Unpacking) -> None:
    """The files below a folder; links to folders are not followed, except those that the folder itself holds."""
    found, files = into.found, list[tuple[Path, Parts]]()
    for top in sorted(path for path in root.iterdir() if not hidden(path.name)):
        if not top.is_dir():
            files.append((top, (top.name,)))
            continue
        found.folders.add((top.name,))
        for folder, names, inside in os.walk(top, followlinks=False):
            names[:] = sorted(name for name in names if not hidden(name))
            below = (top.name, *Path(folder).relative_to(top).parts)
            found.folders.update({(*below, name) for name in names if len(below) == 1})
            files += [(Path(folder, name), (*below, name)) for name in sorted(inside) if not hidden(name)]
    into.level = _level(parts for _, parts in files)
    for path, parts in files:
        into.take(path, parts)


def _level(files: Iterable[Parts]) -> int:
    """How many leading parts of a file's place tell whose it is: those that all files share, and one more."""
    folders = [parts[:-1] for parts in files]
    differ = (i for i, pieces in enumerate(zip(*folders, strict=False)) if len({*pieces}) > 1)
    shared = next(differ, min(map(len, folders), default=0))
    return shared + 1 + any(parts[shared : shared + 1] == ("submitted",) for parts in folders)


@dataclass
class _Unpacking:
    """Puts files into a listing, and what lies in zips below `folder`."""

    folder: Path | None
    found: Listing
    level: int = 1

    def take(self, path: Path, parts: Parts) -> None:
        """A file as it lies in a folder."""
        about = path.lstat()
        when = datetime.fromtimestamp(about.st_mtime).astimezone()
        if not stat.S_ISREG(about.st_mode):
            self.refuse(parts, "it is a link or no plain file")
        elif path.suffix.lower() == ".zip":
            self._inner(path, Found(parts, path, when))
        else:
            self.found.files.append(Found(parts, path, when))

    def refuse(self, parts: Parts, why: str) -> None:
        self.found.files.append(Found(parts, None, trouble=why))

    def open(self, archive: Path, prefix: Parts, outer: Found | None) -> None:
        """Everything in a zip, as if it were a folder called `prefix`; a student's own zip is the file `outer`."""
        if self.folder is None:
            raise BadArchive("it is a zip, and no folder to unpack it was given")
        self.folder.mkdir(parents=True, exist_ok=True)
        most = MAX_FILES[outer is not None]
        try:
            with zipfile.ZipFile(archive) as opened:
                inside = opened.infolist()
                if len(inside) > most:
                    raise BadArchive(f"the zip holds {len(inside)} files, more than {most}")
                if members.overlap(inside):
                    raise BadArchive("the zip lists the same content several times, as a zip bomb does")
                if outer is None:
                    self.level = _level(_parts(decoded(one)) for one in inside if not one.is_dir())
                seen: set[str] = set()
                for member in inside:
                    self._member(opened, member, prefix, outer, seen)
        except BadArchive:
            raise
        except BROKEN as error:
            raise BadArchive(f"the zip is damaged ({error})") from None

    def _member(
        self,
        opened: zipfile.ZipFile,
        member: zipfile.ZipInfo,
        prefix: Parts,
        outer: Found | None,
        seen: set[str],
    ) -> None:
        name = decoded(member)
        inside = _parts(name)
        if escapes(name):
            self.found.lines.append(
                f"{'/'.join([*prefix, name])}: left out, its place lies outside of the zip"
            )
            return
        if not inside or any(hidden(piece) for piece in inside):
            return
        parts = (*prefix, *map(safe_name, inside))
        deepest = len(parts) if member.is_dir() else len(parts) - 1
        self.found.folders.update(parts[: i + 1] for i in range(min(deepest, 2)))
        if member.is_dir():
            return
        if (shown := "/".join(parts)).casefold() in seen:
            self.found.lines.append(f"{shown}: stands in the zip twice, or in other case; each is looked at")
        seen.add(shown.casefold())
        why = objection(member, self.found.unpacked[parts[: self.level]], outer is not None)
        if why:
            self.refuse(parts, why)
        elif parts[-1].lower().endswith(".zip"):
            self._nested(opened, member, parts, outer)
        else:
            self._plain(opened, member, parts, outer)

    def _plain(
        self, opened: zipfile.ZipFile, member: zipfile.ZipInfo, parts: Parts, outer: Found | None
    ) -> None:
        wanted = parts[-1].lower().endswith((".ipynb", ".py")) or parts[-1] in WANTED
        try:
            path = self._write(opened, member, parts, parts[: self.level]) if wanted else None
        except BROKEN as error:
            self.refuse(parts, f"it cannot be unpacked ({error})")
        else:
            when = outer.modified if outer else time(member)
            self.found.files.append(Found(parts, path, when, packed=outer is not None))

    def _nested(
        self, opened: zipfile.ZipFile, member: zipfile.ZipInfo, parts: Parts, outer: Found | None
    ) -> None:
        if outer:
            self.refuse(parts, "a zip in a zip in a zip is not opened")
            return
        try:
            path = self._write(opened, member, parts, (), MAX_INNER)
        except BROKEN as error:
            self.refuse(parts, f"it cannot be unpacked ({error})")
            return
        self._inner(path, Found(parts, path, time(member)))
        self.found.unpacked[()] -= path.stat().st_size
        path.unlink()

    def _inner(self, path: Path, outer: Found) -> None:
        """Open a zip that somebody handed in."""
        try:
            self.open(path, outer.parts, outer)
        except BadArchive as error:
            self.refuse(outer.parts, str(error))

    def _write(
        self,
        opened: zipfile.ZipFile,
        member: zipfile.ZipInfo,
        parts: Parts,
        place: Parts,
        most: int = MAX_FILE,
    ) -> Path:
        """Unpack one file into a folder of its own, so that no name meets another; its bytes count for `place`.

        Raises
        ------
        NoRoom: the disk is full, or the class's limit is reached.
        """
        try:
            path = Path(tempfile.mkdtemp(prefix="", dir=self.folder), parts[-1])
            try:
                with opened.open(member) as source, path.open("xb") as target:
                    for piece in pieces(source, most):
                        self._count(place, target.write(piece))
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        except OSError as error:
            if error.errno in FULL:
                raise NoRoom(
                    f"{self.folder}: {error.strerror}; set TMPDIR to a folder with more room"
                ) from None
            raise
        return path

    def _count(self, place: Parts, size: int) -> None:
        self.found.unpacked.update({place: size, (): size})
        if self.found.unpacked[()] > members.MAX_TOTAL:
            most = members.MAX_TOTAL >> 30
            raise NoRoom(f"the submissions unpack to more than {most} GB: grade them in several parts")


def _parts(name: str) -> Parts:
    return tuple(piece for piece in name.replace("\\", "/").split("/") if piece not in ("", "."))
