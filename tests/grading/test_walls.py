"""The walls that the operating system holds: what is built, what is told where they cannot be had, what the filter decides."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnutils.grading.sandbox import kernel, landlock, runner, seccomp, walls
from nnutils.grading.sandbox.hosts import Process
from nnutils.grading.sandbox.lock import Limits

ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(not kernel.KNOWN, reason="the walls are for Linux on x86-64 and 64-bit ARM")
BUILD = """
import os, sys
from nnutils.grading.sandbox import walls
from nnutils.grading.sandbox.lock import Limits, Lock
walls.LEVELS = tuple(sys.argv[1:])
built = walls.build(os.getcwd(), lambda walls, keep: Lock(Limits(), walls).close(keep))
print(built.level, *built.held, sep=",", flush=True)
"""


def _build(folder: Path, *levels: str) -> list[str]:
    environment = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", BUILD, *levels]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=True)
    return done.stdout.strip().split(",")


@linux
def test_name_spaces_hold_all_walls(tmp_path):
    level, *held = _build(tmp_path, "name spaces", "none")
    if level == "none":
        pytest.skip("this machine allows no name spaces")
    assert {*walls.NEEDED} <= {*held}


@linux
def test_filters_alone_hold_all_walls(tmp_path):
    level, *held = _build(tmp_path, "filters alone", "none")
    if "files" not in held:
        pytest.skip("this kernel has no Landlock")
    assert level == "filters alone" and {*walls.NEEDED, "system calls"} <= {*held}


@linux
def test_a_scout_tells_what_does_not_hold(tmp_path):
    level, *held = _build(tmp_path, "none")
    assert level == "none" and not {"files", "network", "processes", "system calls"} & {*held}


def test_required_is_refused_in_words_where_there_are_no_walls(monkeypatch):
    monkeypatch.setattr(runner, "Zygote", Process)
    with pytest.raises(walls.SandboxMissing) as caught:
        runner.Runner(Limits(seconds=2), sandbox="required")
    message = str(caught.value)
    assert "files: an answer that breaks out of Python can read" in message and "network: " in message
    assert walls.REMEDIES.get(sys.platform, "virtual machine") in message


def test_best_goes_on_without_walls_and_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(runner, "Zygote", Process)
    with runner.Runner(Limits(seconds=2)) as best:
        assert "hooks" in best.probe() and "files" not in best.layers
        assert any(line.startswith("files: ") for line in best.missing)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork there are no walls to leave out")
def test_off_leaves_the_walls_out():
    with runner.Runner(Limits(seconds=2), sandbox="off") as off:
        assert not {"files", "network", "system calls"} & {*off.probe()} and "hooks" in off.layers


def test_another_word_is_refused():
    with pytest.raises(ValueError, match="choose one of best, required, off"):
        runner.Runner(Limits(), sandbox="maybe")


def test_missing_is_told_the_gravest_first():
    assert [line.partition(":")[0] for line in walls.missing(["rights", "network"])] == [
        "files",
        "processes",
        "system calls",
        "limits",
    ]
    with pytest.raises(walls.SandboxMissing, match="What helps: "):
        walls.require(["files", "network", "processes", "rights"])
    walls.require([*walls.NEEDED, "limits"])


CALLS = {  # name → numbers on x86-64 and 64-bit ARM, first argument, whether it is allowed
    "read": ((0, 63), 3, True), "openat": ((257, 56), -100, True), "mmap": ((9, 222), 0, True), "sendto": ((44, 206), 5, True),
    "a thread": ((56, 220), 0x3D0F00, True), "fork by clone": ((56, 220), 17, False), "clone3": ((435, 435), 0, False),
    "execve": ((59, 221), 0, False), "socket": ((41, 198), 2, False), "ptrace": ((101, 117), 0, False),
    "unshare": ((272, 97), 0, False),
    "kill": ((62, 129), 77, False), "a signal to itself": ((234, 131), 77, True), "a signal to another": ((234, 131), 1, False),
    "its own limits": ((302, 261), 0, True), "another's limits": ((302, 261), 1, False), "io_uring": ((425, 425), 0, False),
    "a later call": ((900, 900), 0, False), "another numbering": ((0x40000000, 0x40000000), 0, False),
}  # fmt: skip


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("name", CALLS)
def test_what_the_filter_allows(monkeypatch, machine, name):
    numbers, argument, allowed = CALLS[name]
    calls = {"x86_64": (56, 435, 302, 234), "aarch64": (220, 435, 261, 131)}[machine]
    for word, number in zip(("CLONE", "CLONE3", "PRLIMIT", "TGKILL"), calls, strict=True):
        monkeypatch.setattr(seccomp, word, number)
    number = numbers[machine == "aarch64"]
    data = {
        seccomp.ARCH: seccomp.ARCHITECTURE[machine],
        seccomp.NUMBER: number,
        seccomp.FIRST_ARGUMENT: argument & 0xFFFFFFFF,
    }
    assert (_filtered(seccomp.steps(machine), data, own=77) == seccomp.ALLOW) is allowed
    assert _filtered(seccomp.steps(machine), data | {seccomp.ARCH: 1}, own=77) == seccomp.UNKNOWN


def _filtered(program: list[seccomp.Step], data: dict[int, int], own: int) -> int:
    """What the kernel's machine makes of a call."""
    tests = {
        seccomp.EQUAL: lambda a, k: a == k,
        seccomp.GREATER: lambda a, k: a > k,
        seccomp.ANY_BIT: lambda a, k: bool(a & k),
    }
    at = value = 0
    while True:
        code, if_true, if_false, constant = program[at]
        constant = own if constant == seccomp.OWN else constant
        if code == seccomp.RETURN:
            return constant
        if code == seccomp.LOAD:
            value = data[constant]
        else:
            at += if_true if tests[code](value, constant) else if_false
        at += 1


def test_places_are_taken_apart_around_what_is_hidden(tmp_path):
    for name in ("a/answers", "a/b", "c"):
        (tmp_path / name).mkdir(parents=True)
    found = dict(landlock.parts([tmp_path / "a", tmp_path / "c"], {tmp_path / "a" / "answers"}))
    assert {place.name: whole for place, whole in found.items()} == {"a": False, "b": True, "c": True}
