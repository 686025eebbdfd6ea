"""The files in a folder or a zip. Zips in it are opened one level deep, and nothing is unpacked outside the given folder."""

from __future__ import annotations

import errno
import itertools
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

from coursekit.grading.intake.names import safe_name

MAX_FILE = 20 << 20  # bytes of one notebook, unpacked
MAX_INNER = 200 << 20  # of a zip in the zip
MAX_STUDENT = 100 << 20  # of everything that is unpacked for one student
MAX_TOTAL = 20 << 30  # of everything that is unpacked
MAX_RATIO = 200  # of a zip's size to what it takes in the zip around it, above SMALL; deflate reaches 1032
SMALL = 1 << 20
HEADER = 30  # bytes before each entry's name and content, at least
MAX_FILES = 200_000, 2_000  # in the zip, in a zip in it
NOTEBOOKS = (".ipynb", ".py")
WRONG = (
    ".html",
    ".htm",
    ".pdf",
    ".docx",
    ".doc",
    ".odt",
    ".rtf",
    ".txt",
    ".md",
    ".json",
)  # handed in instead of one
WANTED = ("timestamp.txt", "submission_metadata.yml")
HIDDEN = ("__MACOSX", "__pycache__")
BROKEN = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, zlib.error, lzma.LZMAError)
FULL = (errno.ENOSPC, errno.EDQUOT)
NOT_PLAIN = "it is a link or no plain file"
Parts = tuple[str, ...]


class BadArchive(OSError):
    """The zip cannot be opened, or must not be opened."""


class NoRoom(Exception):
    """The submissions cannot be unpacked here: the disk is full, or the class is too large. No student's fault."""


@dataclass(frozen=True)
class FoundFile:
    """One file: its place below the source, and where it can be read; None where it was not unpacked."""

    parts: Parts
    path: Path | None
    modified: datetime | None = None  # of a file in a student's own archive: when that archive was changed
    trouble: str | None = None  # why it is left out
    packed: bool = False  # it was in an archive that a student made

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
    """All files, the folders that may belong to a student, and a message for everything odd."""

    files: list[FoundFile] = field(default_factory=list)
    folders: set[Parts] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    of_nbgrader: bool = False  # it is nbgrader's folder `submitted`, with nbgrader's own time stamps
    name: str = ""  # of the folder that held all of this, where there was one
    clones: set[str] = field(default_factory=set)  # folders at the top that are git repositories
    unpacked: Counter[Parts] = field(default_factory=Counter)  # bytes of each student's place; in all at ()


def listing(source: Path, unpacked: Path | None) -> Listing:
    """The files in a folder or a zip, or a notebook alone; the content of zips is written below `unpacked`.

    Raises
    ------
    NotADirectoryError: it is none of them. BadArchive: the zip cannot be opened. NoRoom: the disk is full.
    """
    unpacker = _Unpacker(unpacked)
    if source.is_dir():
        unpacker.add_folder(source)
    elif source.is_file() and source.suffix.lower() in NOTEBOOKS:
        modified = datetime.fromtimestamp(source.stat().st_mtime).astimezone()
        unpacker.found.files.append(FoundFile((source.name,), source, modified))
    elif source.is_file() and zipfile.is_zipfile(source):
        unpacker.open(source, (), None)
    else:
        is_none = "is not a folder, not a zip and not a notebook" if source.exists() else "does not exist"
        raise NotADirectoryError(f"{source} {is_none}")
    return unpacker.found


@dataclass
class _Unpacker:
    """Adds files to a listing, and unpacks the content of zips below `folder`."""

    folder: Path | None
    found: Listing = field(default_factory=Listing)
    level: int = 1  # how many leading parts of a file's place tell whose it is

    def add_folder(self, root: Path) -> None:
        """The files below a folder; links to folders are not followed, except those that the folder itself holds."""
        files = list[tuple[Path, Parts]]()
        for top in sorted(path for path in root.iterdir() if not _is_hidden(path.name)):
            if not top.is_dir():
                files.append((top, (top.name,)))
                continue
            self.found.folders.add((top.name,))
            self.found.clones |= {top.name} if (top / ".git").exists() else set()
            for folder, names, inside in os.walk(top, followlinks=False):
                names[:] = sorted(name for name in names if not _is_hidden(name))
                below = (top.name, *Path(folder).relative_to(top).parts)
                self.found.folders |= {(*below, name) for name in names if len(below) == 1}
                visible = (name for name in sorted(inside) if not _is_hidden(name))
                files += [(Path(folder, name), (*below, name)) for name in visible]
        self.level = _level(parts for _, parts in files)
        for path, parts in files:
            about = path.lstat()
            file = FoundFile(parts, path, datetime.fromtimestamp(about.st_mtime).astimezone())
            if not stat.S_ISREG(about.st_mode):
                self.refuse(parts, NOT_PLAIN)
            elif file.suffix == ".zip":
                self.open_inner(path, file)
            else:
                self.found.files.append(file)

    def refuse(self, parts: Parts, why: str) -> None:
        self.found.files.append(FoundFile(parts, None, trouble=why))

    def open_inner(self, path: Path, outer: FoundFile) -> None:
        """Add the content of a zip that a student made, as `outer` names it."""
        try:
            self.open(path, outer.parts, outer)
        except BadArchive as error:
            self.refuse(outer.parts, str(error))

    def open(self, path: Path, prefix: Parts, outer: FoundFile | None) -> None:
        """Add the content of a zip, as if it were a folder called `prefix`; `outer` is the zip if a student made it."""
        if self.folder is None:
            raise BadArchive("it is a zip, and no folder to unpack it was given")
        self.folder.mkdir(parents=True, exist_ok=True)
        most = MAX_FILES[outer is not None]
        try:
            with zipfile.ZipFile(path) as archive:
                members = archive.infolist()
                if len(members) > most:
                    raise BadArchive(f"the zip holds {len(members)} files, more than {most}")
                if _overlap(members):
                    raise BadArchive("the zip lists the same content several times, as a zip bomb does")
                if outer is None:
                    self.level = _level(_parts(_name(member)) for member in members if not member.is_dir())
                seen = set[str]()
                for member in members:
                    if parts := self._file(member, prefix, seen):
                        self._add(archive, member, parts, outer)
        except BROKEN as error:
            known = isinstance(error, BadArchive)
            raise BadArchive(str(error) if known else f"the zip is damaged ({error})") from None

    def _file(self, member: zipfile.ZipInfo, prefix: Parts, seen: set[str]) -> Parts:
        """The place of a file in a zip; empty for a folder, which is noted, and for what is not to be unpacked."""
        name = _name(member)
        inside = _parts(name)
        if _escapes(name):
            place = "/".join([*prefix, name])
            self.found.lines.append(f"{place}: left out, its place lies outside of the zip")
        if not inside or _escapes(name) or any(map(_is_hidden, inside)):
            return ()
        parts = (*prefix, *map(safe_name, inside))
        self.found.folders |= {parts[:i] for i in range(1, min(len(parts) + member.is_dir(), 3))}
        if member.is_dir():
            return ()
        if (shown := "/".join(parts)).casefold() in seen:
            self.found.lines.append(f"{shown}: stands in the zip twice, or in other case; each is looked at")
        seen.add(shown.casefold())
        return parts

    def _add(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, parts: Parts, outer: FoundFile | None
    ) -> None:
        """Unpack a file of a zip, or say why not; open it, if it is a zip itself."""
        owner, name, packed = parts[: self.level], parts[-1], outer is not None
        if why := _objection(member, self.found.unpacked[owner], packed):
            return self.refuse(parts, why)
        try:
            if name.lower().endswith(".zip"):
                path = self._write(archive, member, name, (), MAX_INNER)
                self.open_inner(path, FoundFile(parts, path, _modified(member)))
                self.found.unpacked[()] -= path.stat().st_size
                path.unlink()
                return None
            wanted = name.lower().endswith((*NOTEBOOKS, *WRONG)) or name in WANTED
            written = self._write(archive, member, name, owner, MAX_FILE) if wanted else None
        except BROKEN as error:
            return self.refuse(parts, f"it cannot be unpacked ({error})")
        when = outer.modified if outer else _modified(member)
        self.found.files.append(FoundFile(parts, written, when, packed=packed))

    def _write(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, owner: Parts, most: int
    ) -> Path:
        """Unpack one file into a folder of its own, so that no two names meet; its bytes count for `owner`.

        Raises
        ------
        NoRoom: the disk is full, or the limit of the class is reached.
        """
        path, unpacked = None, self.found.unpacked
        try:
            path = Path(tempfile.mkdtemp(prefix="", dir=self.folder), name)
            with archive.open(member) as source, path.open("xb") as target:
                while piece := source.read(1 << 20):  # whatever the header says about the size
                    if target.tell() + len(piece) > most:
                        raise ValueError(f"it unpacks to more than {most >> 20} MB")
                    unpacked.update(
                        {owner: target.write(piece), (): len(piece)}
                    )  # once, where the owner is ()
                    if unpacked[()] > MAX_TOTAL:
                        limit = f"the submissions unpack to more than {MAX_TOTAL >> 30} GB"
                        raise NoRoom(f"{limit}: grade them in several parts")
        except BaseException as error:
            if path:
                path.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno in FULL:
                room = f"{self.folder}: {error.strerror}; set TMPDIR to a folder with more room"
                raise NoRoom(room) from None
            raise
        return path


def _objection(member: zipfile.ZipInfo, unpacked: int, packed: bool) -> str | None:
    """Why a file is not unpacked, or None; `unpacked` are its student's bytes so far, `packed`: it is in a student's zip."""
    kind = stat.S_IFMT(member.external_attr >> 16) if member.create_system == 3 else 0
    is_zip = member.filename.lower().endswith(".zip")
    most = MAX_INNER if is_zip and not packed else MAX_FILE
    if kind not in (0, stat.S_IFREG):
        return NOT_PLAIN
    if member.flag_bits & 1:
        return "it is encrypted"
    if member.file_size > most:
        return f"it has {member.file_size >> 20} MB, more than {most >> 20} MB"
    if is_zip and member.file_size > max(SMALL, MAX_RATIO * member.compress_size):
        return f"it unpacks to more than {MAX_RATIO} times its size, as a zip bomb does"
    if most == MAX_FILE and unpacked + member.file_size > MAX_STUDENT:
        return f"with it, this student's files unpack to more than {MAX_STUDENT >> 20} MB"
    return "a zip in a zip in a zip is not opened" if is_zip and packed else None


def _is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is never part of a submission."""
    return name.startswith(".") or name in HIDDEN


def _level(files: Iterable[Parts]) -> int:
    """How many leading parts of a file's place tell whose it is: those that all files share, and the next one."""
    folders = [parts[:-1] for parts in files]
    differ = (i for i, names in enumerate(zip(*folders, strict=False)) if len({*names}) > 1)
    shared = next(differ, min(map(len, folders), default=0))
    return shared + 1 + any(parts[shared : shared + 1] == ("submitted",) for parts in folders)


def _overlap(members: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether two entries of a zip share bytes: the same content, listed several times, could fill a disk."""
    ordered = sorted(members, key=lambda member: member.header_offset)
    return any(
        member.header_offset + HEADER + member.compress_size > after.header_offset
        for member, after in itertools.pairwise(ordered)
    )


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name; where the zip does not say its encoding, UTF-8 if it is that, else cp437 as the format has it."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def _parts(name: str) -> Parts:
    return tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))


def _escapes(name: str) -> bool:
    """Whether a name leads out of the folder that a zip is unpacked into, on any system."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/")


def _modified(member: zipfile.ZipInfo) -> datetime | None:
    """When a file was changed, as the zip has it; its times have no zone and are taken as this machine's."""
    try:
        return datetime(*member.date_time).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
