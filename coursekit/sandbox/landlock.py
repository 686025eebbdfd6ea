"""A list of the files that a process may open from now on, which the kernel holds it to (Landlock; Linux from 5.13 on).

https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from coursekit.sandbox import kernel
from coursekit.sandbox.places import DEVICES, FILES, HIDDEN, NNUTILS

WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
RIGHTS = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15, 5: 1 << 16}  # version → the first right that it does not know
TCP, SCOPES = 0b11, 0b11  # to bind and connect; abstract sockets, and signals to processes outside


class Ruleset:
    """Allows reading the listed files of the course and `places`, and writing to the devices.

    Raises
    ------
    OSError: the kernel has no Landlock, or it is switched off.
    """

    def __init__(self, places: Iterable[Path]) -> None:
        version = kernel.call("landlock_create_ruleset", None, ctypes.c_size_t(0), 1)
        known = RIGHTS[max(first for first in RIGHTS if first <= version)] - 1
        handled = [known, *[TCP] * (version >= 4), *[SCOPES] * (version >= 6)]  # the kernel's struct grew
        rules = struct.pack(f"{len(handled)}Q", *handled)
        self.descriptor = kernel.call("landlock_create_ruleset", rules, ctypes.c_size_t(len(rules)), 0)
        for place, whole in parts((Path(os.path.realpath(place)) for place in places), {*HIDDEN}):
            self._allow(place, READ_DIR | READ_FILE if whole else READ_DIR)
        self._allow(NNUTILS, READ_DIR)  # imports list folders; the names in them are no secret
        for file in FILES:
            self._allow(file, READ_FILE)
        for device in DEVICES:
            self._allow(device, (READ_FILE | WRITE_FILE | TRUNCATE) & known)

    def enforce(self) -> None:
        """Hold this process, and all that it starts, to the rules. Needs `no_new_privs`."""
        self._allow(Path("/proc/self/cmdline"), READ_FILE)  # without it TensorFlow ends the process
        kernel.call("landlock_restrict_self", self.descriptor, 0)
        os.close(self.descriptor)

    def _allow(self, place: Path, rights: int) -> None:
        try:
            parent = os.open(place, os.O_PATH | os.O_CLOEXEC)
        except OSError:  # it is not there
            return
        try:
            rule = struct.pack("=Qi", rights if place.is_dir() else rights & ~READ_DIR, parent)
            kernel.call("landlock_add_rule", self.descriptor, 1, rule, 0)
        finally:
            os.close(parent)


def parts(places: Iterable[Path], hidden: set[Path]) -> Iterator[tuple[Path, bool]]:
    """The places, each with whether it may be read as a whole; one that contains something hidden is followed by its parts."""
    for place in places:
        if place in hidden:
            continue
        whole = not any(place in path.parents for path in hidden)
        yield place, whole
        if not whole:
            yield from parts(sorted(place.iterdir()), hidden)
