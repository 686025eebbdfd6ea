"""A list of the files that a process may open from now on, held by the kernel (Landlock; Linux from 5.13 on).

https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from coursekit.sandbox import kernel

WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
RIGHTS = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15, 5: 1 << 16}  # version → the first right that it does not know
TCP, SCOPES = 0b11, 0b11  # to bind and connect; abstract sockets and signals beyond this process's own circle


class _Rules(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("files", "network", "scopes")]


class _Below(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("rights", ctypes.c_uint64), ("parent", ctypes.c_int32)]


class Ruleset:
    """Reading what is in `places` but not in `hidden`, and both reading and writing the devices.

    Raises
    ------
    OSError: the kernel has no Landlock, or it is switched off.
    """

    def __init__(self, places: Iterable[Path], hidden: Iterable[Path], devices: Iterable[Path]) -> None:
        self.version = kernel.call("landlock_create_ruleset", None, ctypes.c_size_t(0), 1)
        known = RIGHTS[max(version for version in RIGHTS if version <= self.version)] - 1
        rules = _Rules(known, TCP if self.version >= 4 else 0, SCOPES if self.version >= 6 else 0)
        size = 24 if self.version >= 6 else 16 if self.version >= 4 else 8
        self._rules = kernel.call("landlock_create_ruleset", ctypes.byref(rules), ctypes.c_size_t(size), 0)
        for place, whole in parts(places, set(hidden)):
            rights = READ_FILE | READ_DIR if whole else READ_DIR
            self._allow(place, rights if place.is_dir() else READ_FILE)
        for device in devices:
            self._allow(device, (READ_FILE | WRITE_FILE | TRUNCATE) & known)

    def enforce(self) -> None:
        """Hold this process, and all that it starts, to the rules. Needs `no_new_privs`."""
        self._allow(
            Path("/proc/self/cmdline"), READ_FILE
        )  # TensorFlow ends the process where it cannot ask this
        kernel.call("landlock_restrict_self", self._rules, 0)
        os.close(self._rules)

    @property
    def descriptor(self) -> int:
        return self._rules

    def _allow(self, place: Path, rights: int) -> None:
        try:
            parent = os.open(place, os.O_PATH | os.O_CLOEXEC)
        except OSError:  # it is not there
            return
        try:
            rule = _Below(rights, parent)
            kernel.call("landlock_add_rule", self._rules, 1, ctypes.byref(rule), 0)
        finally:
            os.close(parent)


def parts(places: Iterable[Path], hidden: set[Path]) -> Iterator[tuple[Path, bool]]:
    """The places, taken apart where something in them is hidden; and whether a place may be read as a whole."""
    for place in places:
        if place in hidden:
            continue
        apart = any(place in one.parents for one in hidden)
        yield place, not apart
        if apart:
            yield from parts(sorted(place.iterdir()), hidden)
