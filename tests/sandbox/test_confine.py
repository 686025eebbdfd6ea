"""What a child gives up, and in which order. Nothing is given up here: the calls are noted down, or made in another process."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from coursekit.sandbox import confine
from coursekit.sandbox.confine import NOBODY, Confinement
from coursekit.sandbox.setup import Limits

resource = pytest.importorskip("resource", reason="this system has neither limits nor users without rights")
ROOT = Path(__file__).parents[2]
LIMITS = Limits(seconds=2.0, memory=600 << 20, threads=3)


@pytest.fixture
def calls(monkeypatch):
    """The calls of functions that are replaced by `calls.replace`, in their order."""

    class Calls(list):
        def replace(self, target, *names, result=None):
            for name in names:
                monkeypatch.setattr(target, name, self._noting(name, result), raising=False)

        def _noting(self, name, result):
            def note(*arguments):
                self.append((name, *arguments))
                return result

            return note

        @property
        def names(self):
            return [name for name, *_ in self]

    return Calls()


@pytest.fixture
def around(calls):
    """All that `enter` calls, replaced."""
    calls.replace(os, "setsid")
    calls.replace(confine, "_close_all_but")
    calls.replace(confine, "_limit", result="limits")
    calls.replace(confine, "_drop_rights", result=["nobody"])
    calls.replace(confine.kernel, "prctl", "drop_capabilities", "forget")
    calls.replace(confine.seccomp, "install")
    return calls


OWN = ["setsid", "_close_all_but", "_limit", "_drop_rights"]


def test_without_walls_a_child_has_a_session_limits_and_no_rights(around):
    assert Confinement(LIMITS).enter(9) == ["session", "limits", "nobody"]
    assert around.names == [*OWN, "forget"]
    assert around[1:4] == [("_close_all_but", 9), ("_limit", LIMITS), ("_drop_rights", 3)]


def test_walls_are_built_from_the_inside_and_the_filter_last(around):
    """The filter forbids the calls that build the other walls; and no program may be trusted before it stands."""
    ruleset = SimpleNamespace(descriptor=11)
    around.replace(ruleset, "enforce")
    walls = Confinement(LIMITS, "filters alone", ["files", "network"], ruleset, filter=[("a step",)])
    assert walls.enter(9) == ["session", "limits", "nobody", "files", "network"]
    assert around.names == [*OWN, "prctl", "drop_capabilities", "enforce", "install", "forget"]
    assert ("_close_all_but", 9, 11) in around  # Landlock's rules are needed for a moment more
    assert ("prctl", confine.kernel.NO_NEW_PRIVS, 1) in around
    assert ("install", [("a step",)], os.getpid()) in around


def test_a_child_that_leads_a_session_already_goes_on(around, monkeypatch):
    def refuse():
        raise PermissionError

    monkeypatch.setattr(os, "setsid", refuse)
    assert "limits" in Confinement(LIMITS).enter(9)


@pytest.fixture
def limited(calls, monkeypatch):
    """The limits that are set for a user: name → (soft, hard)."""

    def limit(user):
        calls.replace(resource, "setrlimit")
        monkeypatch.setattr(os, "geteuid", lambda: user)
        assert confine._limit(LIMITS) == "limits"
        return {what: value for _, what, value in calls}

    return limit


def test_time_memory_and_files_are_limited_and_for_ever(limited):
    found = limited(user=1000)
    assert found[resource.RLIMIT_CPU] == (LIMITS.cpu,) * 2  # the hard limit, too: it cannot be raised again
    assert found[resource.RLIMIT_AS] == (600 << 20,) * 2
    assert found[resource.RLIMIT_FSIZE] == (0, 0) and found[resource.RLIMIT_CORE] == (0, 0)
    assert found[resource.RLIMIT_NPROC] == (3, 3)


def test_the_processes_of_root_are_limited_when_it_is_root_no_more(limited):
    assert resource.RLIMIT_NPROC not in limited(user=0)


def test_a_limit_that_the_system_does_not_know_is_told(monkeypatch):
    def refuse(what, value):
        if what == resource.RLIMIT_AS:
            raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert confine._limit(LIMITS) == "some limits"


@pytest.fixture
def rights(calls, monkeypatch):
    """What is called to drop the rights of a user."""

    def drop(user, readable):
        monkeypatch.setattr(os, "geteuid", lambda: user)
        monkeypatch.setattr(confine, "_nobody_can_read", lambda: readable)
        calls.replace(os, "setgroups", "setresgid", "setresuid")
        calls.replace(resource, "setrlimit")
        return confine._drop_rights(3), calls

    return drop


def test_root_becomes_nobody_and_its_user_goes_last(rights):
    held, calls = rights(user=0, readable=True)
    assert held == ["nobody"]
    assert [*calls] == [
        ("setgroups", []),
        ("setresgid", *[NOBODY] * 3),
        ("setrlimit", resource.RLIMIT_NPROC, (3, 3)),  # which the next call does not take back
        ("setresuid", *[NOBODY] * 3),
    ]


@pytest.mark.parametrize("user, readable", [(1000, True), (0, False)])
def test_others_stay_who_they_are(rights, user, readable):
    assert rights(user, readable) == ([], [])


def test_where_there_is_one_user_only_nothing_is_claimed(rights, monkeypatch):
    def refuse(groups):
        raise PermissionError

    rights(user=0, readable=True)
    monkeypatch.setattr(os, "setgroups", refuse)
    assert confine._drop_rights(3) == []


@pytest.mark.parametrize("mode, readable", [(0o644, True), (0o640, False)])
def test_nobody_must_be_able_to_read_every_listed_file(monkeypatch, tmp_path, mode, readable):
    file = tmp_path / "listed.py"
    file.touch()
    file.chmod(mode)
    everybodys = os.path.abspath(os.sep)
    monkeypatch.setattr(confine, "sys", SimpleNamespace(prefix=everybodys, base_prefix=everybodys))
    monkeypatch.setattr(confine, "np", SimpleNamespace(__file__=everybodys))
    monkeypatch.setattr(confine, "NNUTILS", everybodys)
    monkeypatch.setattr(confine, "FILES", (file,))
    assert confine._nobody_can_read() is readable


CLOSE = """
import os, sys
from coursekit.sandbox.confine import _close_all_but
keep = os.open(sys.argv[1], os.O_WRONLY)
others = [os.open(os.devnull, os.O_RDWR) for _ in range(20)]
more = os.dup2(keep, 40)
_close_all_but(keep, more)
print("said")
assert sys.stdin.read() == ""
def is_open(number):
    try:
        return os.fstat(number) is not None
    except OSError:
        return False
os.write(more, repr(([n for n in range(4096) if is_open(n)], [keep, more])).encode())
"""


def test_no_descriptor_is_left_but_those_to_keep(tmp_path):
    told = tmp_path / "told"
    told.touch()
    command = [sys.executable, "-c", CLOSE, str(told)]
    done = subprocess.run(command, input="no input", capture_output=True, text=True, cwd=ROOT, timeout=60)
    left, kept = eval(told.read_text())
    assert left == [0, 1, 2, *kept]
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
