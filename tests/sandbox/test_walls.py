"""The walls that the operating system holds: what is built, what is told where they cannot be had, what the filter decides."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.sandbox import kernel, landlock, runner, seccomp, walls
from coursekit.sandbox.confine import Confinement
from coursekit.sandbox.hosts import Process
from coursekit.sandbox.self_test import PYTHON
from coursekit.sandbox.setup import Limits

ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(not kernel.KNOWN, reason="the walls are for Linux on x86-64 and 64-bit ARM")
BUILD = """
import os, sys
from coursekit.sandbox import walls
from coursekit.sandbox.setup import Limits
walls.LEVELS = tuple(sys.argv[1:])
built = walls.build(Limits(), os.getcwd())
print(built.level, *built.held, sep=",", flush=True)
"""


def _build(folder: Path, *levels: str, before: str = "") -> list[str]:
    environment = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", f"{before}\n{BUILD}", *levels]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=True)
    return done.stdout.strip().split(",")


@linux
def test_name_spaces_hold_all_walls(tmp_path):
    level, *held = _build(tmp_path, "namespaces", "none")
    if level == "none":
        pytest.skip("this machine allows no namespaces")
    assert {*walls.NEEDED} <= {*held}


@linux
def test_filters_alone_hold_all_walls(tmp_path):
    level, *held = _build(tmp_path, "filters alone", "none")
    if "files" not in held:
        pytest.skip("this kernel has no Landlock")
    assert level == "filters alone" and {*walls.NEEDED, "system calls"} <= {*held}


@linux
def test_signals_through_a_pipe_are_refused_without_the_help_of_landlock(tmp_path):
    """Landlock keeps signals in from its version 6 on; before, it is the filter's task, and the self-test tries it."""
    old = "from coursekit.sandbox import landlock, seccomp; landlock.SCOPES = 0; "
    _, *held = _build(tmp_path, "filters alone", "none", before=old)
    if "files" not in held:
        pytest.skip("this kernel has no Landlock")
    assert "processes" in held
    _, *held = _build(
        tmp_path, "filters alone", "none", before=f"{old}seccomp.SIGNALS = dict.fromkeys(seccomp.SIGNALS, ())"
    )
    assert "processes" not in held


LINKED = """
import os, site, sys, sysconfig
old = next(place for place in sys.path if place.endswith("site-packages"))
new, whole = os.path.join(os.path.dirname(os.getcwd()), "lib", "site-packages"), {whole}
os.makedirs(new)
for name in os.listdir(old):
    if not name.startswith("numpy"):
        continue  # the child needs no other
    if whole or not os.path.isdir(os.path.join(old, name)):
        os.symlink(os.path.join(old, name), os.path.join(new, name))
        continue
    for folder, _, files in os.walk(os.path.join(old, name)):
        inside = os.path.join(new, os.path.relpath(folder, old))
        os.makedirs(inside)
        for file in files:
            os.symlink(os.path.join(folder, file), os.path.join(inside, file))
path = sysconfig.get_path
sysconfig.get_path = lambda name: path(name).replace(os.path.dirname(old), os.path.dirname(new))
site.getsitepackages = lambda: [new]
sys.path[:] = [new if place == old else place for place in sys.path]
sys.prefix = os.path.dirname(os.path.dirname(new))
"""


@linux
@pytest.mark.parametrize("whole", [True, False], ids=["folders", "files"])
def test_packages_that_are_links_are_found_behind_the_walls(tmp_path, whole):
    """As uv's link mode and Nix make them: a list of files that leaves them out leaves Python without NumPy."""
    (tmp_path / "root").mkdir()
    level, *held = _build(
        tmp_path / "root", "namespaces", "filters alone", "none", before=LINKED.format(whole=whole)
    )
    if level == "none" and "files" not in _build(tmp_path, "filters alone", "none"):
        pytest.skip("this machine has no walls")
    assert {*walls.NEEDED} <= {*held}


@linux
def test_the_walls_that_can_be_kept_are_kept(tmp_path):
    """Where Python cannot live behind a list of files, network, processes, rights and system calls are refused all the same."""
    blind = "from coursekit.sandbox import walls; walls.python_places = lambda: []; "
    level, *held = _build(tmp_path, *walls.LEVELS, before=blind)
    if level == "none":
        pytest.skip("this machine has no walls")
    assert level == "system calls alone"
    assert {"network", "processes", "rights", "system calls"} <= {*held} and "files" not in held


@linux
def test_the_self_test_tells_what_does_not_hold(tmp_path):
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


ALL = [*walls.NEEDED, PYTHON]
LEVELS = {  # what a self-test says of each level → which is taken
    "the first that holds all": ({"namespaces": ALL, "filters alone": ALL}, "namespaces"),
    "the next one that does": ({"namespaces": [], "filters alone": ALL}, "filters alone"),
    "the one that holds most": (
        {"namespaces": ["files", PYTHON], "system calls alone": ["network", "processes", PYTHON]},
        "system calls alone",
    ),
    "none without Python": ({"namespaces": [*walls.NEEDED], "filters alone": [*walls.NEEDED]}, "none"),
}


@pytest.mark.parametrize("name", LEVELS)
def test_which_level_is_taken(monkeypatch, name):
    found, wanted = LEVELS[name]
    monkeypatch.setattr(kernel, "KNOWN", True)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(walls, "_tested", lambda level, *_: found.get(level, []))
    monkeypatch.setattr(walls, "_built", lambda level, limits, root: Confinement(limits, level))
    built = walls.build(Limits(), "/nowhere")
    assert built.level == wanted
    assert built.held == [wall for wall in found.get(wanted, []) if wall != PYTHON]


def test_walls_that_cannot_be_built_a_second_time_are_not_claimed(monkeypatch):
    monkeypatch.setattr(kernel, "KNOWN", True)
    monkeypatch.setattr(walls, "_tested", lambda level, *_: ALL)
    monkeypatch.setattr(walls, "_built", lambda level, limits, root: Confinement(limits))
    built = walls.build(Limits(), "/nowhere")
    assert (built.level, built.held) == ("none", [])


def test_no_system_but_linux_tries_what_only_linux_has(monkeypatch):
    tried = []
    monkeypatch.setattr(kernel, "KNOWN", False)
    monkeypatch.setattr(walls, "_tested", lambda level, *_: tried.append(level) or [PYTHON])
    assert walls.build(Limits(), "/nowhere").level == "none" and tried == ["none"]


def test_on_a_mac_without_python_in_its_sandbox_the_host_is_told(monkeypatch):
    monkeypatch.setattr(kernel, "KNOWN", False)
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(walls, "_tested", lambda level, *_: [])
    with pytest.raises(SystemExit, match="no Python inside sandbox-exec"):
        walls.build(Limits(), "/nowhere")


@pytest.mark.parametrize(
    "level, entered, listed, expected",
    [
        ("namespaces", True, True, ("namespaces", True)),
        ("namespaces", False, True, ("none", False)),
        ("filters alone", None, True, ("filters alone", True)),
        ("filters alone", None, False, ("filters alone", False)),
        ("system calls alone", None, True, ("system calls alone", False)),
        ("none", None, True, ("none", False)),
    ],
)
def test_of_what_a_level_is_built(monkeypatch, level, entered, listed, expected):
    def enter(root, places):
        assert entered is not None, "only namespaces are entered"
        return entered

    def ruleset(places):
        if not listed:
            raise OSError("no Landlock")
        return "a ruleset"

    monkeypatch.setattr(walls.namespaces, "enter", enter)
    monkeypatch.setattr(landlock, "Ruleset", ruleset)
    monkeypatch.setattr(seccomp, "steps", lambda machine: ["a step"])
    built = walls._built(level, Limits(), "/nowhere")
    assert (built.level, built.ruleset == "a ruleset") == expected
    assert built.filter == ([] if built.level == "none" else ["a step"])


CALLS = {  # name → numbers on x86-64 and 64-bit ARM, first argument or first two, whether it is allowed
    "read": ((0, 63), 3, True), "openat": ((257, 56), -100, True), "mmap": ((9, 222), 0, True), "sendto": ((44, 206), 5, True),
    "a thread": ((56, 220), 0x3D0F00, True), "fork by clone": ((56, 220), 17, False), "clone3": ((435, 435), 0, False),
    "execve": ((59, 221), 0, False), "socket": ((41, 198), 2, False), "ptrace": ((101, 117), 0, False),
    "unshare": ((272, 97), 0, False),
    "kill": ((62, 129), 77, False), "a signal to itself": ((234, 131), 77, True), "a signal to another": ((234, 131), 1, False),
    "its own limits": ((302, 261), 0, True), "another's limits": ((302, 261), 1, False), "io_uring": ((425, 425), 0, False),
    "a file's flags": ((72, 25), (3, 4), True), "a copy of a descriptor": ((72, 25), (3, 1030), True),
    "an owner": ((72, 25), (3, 8), False), "an owner by its kind": ((72, 25), (3, 15), False),
    "a signal of its choice": ((72, 25), (3, 10), False), "how much there is to read": ((16, 29), (3, 0x541B), True),
    "an owner by ioctl": ((16, 29), (3, 0x8901), False), "a socket's owner": ((16, 29), (3, 0x8902), False),
    "signals by ioctl": ((16, 29), (3, 0x5452), False), "the mounts": ((458, 458), 0, False), "a mount": ((457, 457), 0, False),
    "a later call": ((900, 900), 0, False), "another numbering": ((0x40000000, 0x40000000), 0, False),
}  # fmt: skip


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("name", CALLS)
def test_what_the_filter_allows(monkeypatch, machine, name):
    numbers, given, allowed = CALLS[name]
    first, second = given if isinstance(given, tuple) else (given, 0)
    calls = {"x86_64": (56, 435, 302, 234, 72, 16), "aarch64": (220, 435, 261, 131, 25, 29)}[machine]
    words = ("CLONE", "CLONE3", "PRLIMIT", "TGKILL", "FCNTL", "IOCTL")
    for word, number in zip(words, calls, strict=True):
        monkeypatch.setattr(seccomp, word, number)
    number = numbers[machine == "aarch64"]
    data = {
        seccomp.ARCH: seccomp.ARCHITECTURE[machine],
        seccomp.NUMBER: number,
        seccomp.FIRST_ARGUMENT: first & 0xFFFFFFFF,
        seccomp.SECOND_ARGUMENT: second & 0xFFFFFFFF,
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
