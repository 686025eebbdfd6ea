"""The zygote's loop of requests, and what its fork does, in the test's own process: other programs stand for its children."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from coursekit.sandbox import zygote
from coursekit.sandbox.confine import Confinement
from coursekit.sandbox.setup import REPORT, USED, Limits, Setup

pytest.importorskip("resource", reason="a zygote needs fork")
WAITS = "import sys; print(flush=True); sys.stdin.read()"


class Loop:
    """A zygote's loop in a thread. `child` starts the program that the next fork returns."""

    def __init__(self, monkeypatch):
        self.control, theirs = socket.socketpair()
        self.control.settimeout(60)
        self.children, self.served, self.collected = [], [], []
        monkeypatch.setattr(zygote, "from_arguments", lambda: (theirs, Setup(Limits(), walls=False)))
        monkeypatch.setattr(zygote, "become_reaper", lambda: None)  # orphans of the tests are not its own
        monkeypatch.setattr(zygote, "end_descendants", lambda: self.collected.append("descendants"))
        monkeypatch.setattr(
            zygote,
            "gc",
            SimpleNamespace(**{name: self._note(name) for name in ("collect", "freeze", "disable")}),
        )
        monkeypatch.setattr(zygote.os, "fork", lambda: self.children[-1].pid)
        self._thread = threading.Thread(target=self._main, args=(theirs,), daemon=True)
        self._thread.start()

    def _main(self, theirs):
        with theirs:
            zygote.main()

    def _note(self, name):
        return lambda: self.collected.append(name)

    def fork(self, source):
        child = subprocess.Popen([sys.executable, "-c", source], stdin=-1, stdout=-1, start_new_session=True)
        self.children.append(child)
        child.stdout.readline()  # it has started
        mine, theirs = socket.socketpair()
        with mine, theirs:
            socket.send_fds(self.control, [b"F"], [theirs.fileno()])
            assert int.from_bytes(self.control.recv(4), "little") == child.pid
            mine.settimeout(60)
            theirs.close()
            assert mine.recv(1) == b"", "the zygote keeps the child's end open"
        return child

    def ask(self, word, kind):
        self.control.sendall(word)
        return kind.unpack(self.control.recv(kind.size))

    def close(self):
        self.control.close()
        self._thread.join(60)
        assert not self._thread.is_alive()
        for child in self.children:
            child.stdin.close()
            child.stdout.close()
            child.returncode = 0  # the loop has waited for it


@pytest.fixture
def loop(monkeypatch):
    loop = Loop(monkeypatch)
    yield loop
    loop.close()


def is_there(process):
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_before_the_first_fork_its_memory_is_put_out_of_the_collectors_way(loop):
    assert loop.ask(b"U", USED) == (-1.0,)  # there is no child
    assert loop.collected == ["collect", "freeze", "disable"]


def test_a_child_that_has_ended_is_reported_with_its_exit_code(loop):
    child = loop.fork("print(flush=True); raise SystemExit(5)")
    status, cpu = loop.ask(b"R", REPORT)
    assert os.waitstatus_to_exitcode(status) == 5 and cpu > 0
    assert not is_there(child)


def test_a_child_that_does_not_end_is_ended_after_a_moment_and_with_it_what_it_started(loop):
    child = loop.fork(WAITS)
    begun = time.monotonic()
    status, _ = loop.ask(b"R", REPORT)
    assert time.monotonic() - begun >= 0.5
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    assert loop.collected[-1] == "descendants" and not is_there(child)


def test_it_ends_a_child_at_once_where_that_is_asked_for(loop, monkeypatch):
    waits = lambda _: pytest.fail("it waits for the child")  # noqa: E731
    monkeypatch.setattr(zygote, "time", SimpleNamespace(monotonic=time.monotonic, sleep=waits))
    child = loop.fork(WAITS)
    assert os.waitstatus_to_exitcode(loop.ask(b"K", REPORT)[0]) == -signal.SIGKILL
    assert not is_there(child)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what another process has used")
def test_it_tells_what_its_child_has_used(loop):
    loop.fork("while __import__('time').process_time() < 0.3: pass\nprint(flush=True); input()")
    assert 0.3 <= loop.ask(b"U", USED)[0] < 30
    loop.ask(b"K", REPORT)
    assert loop.ask(b"U", USED) == (-1.0,)


def test_when_the_grader_is_gone_the_child_is_ended(loop):
    child = loop.fork(WAITS)
    loop.close()
    assert not is_there(child) and loop.collected[-1] == "descendants"


@pytest.mark.parametrize("walls", [True, False])
def test_each_child_gets_the_walls_and_the_service(monkeypatch, walls):
    control, theirs = socket.socketpair()
    setup, built, given = Setup(Limits(), walls, service="toy_service"), Confinement(Limits(), "some"), []
    monkeypatch.setitem(sys.modules, "toy_service", SimpleNamespace(reply=len))
    monkeypatch.setattr(zygote, "from_arguments", lambda: (theirs, setup))
    monkeypatch.setattr(zygote, "build", lambda limits, root: built)
    monkeypatch.setattr(zygote, "become_reaper", lambda: None)
    monkeypatch.setattr(zygote, "gc", SimpleNamespace(collect=int, freeze=int, disable=int))
    monkeypatch.setattr(
        zygote, "_fork", lambda control, number, *rest: given.append(rest) or os.close(number) or 0
    )
    for _ in range(2):
        socket.send_fds(control, [b"F"], [control.fileno()])
    control.shutdown(socket.SHUT_WR)
    with control, theirs:
        zygote.main()
    assert given == [(built if walls else Confinement(Limits()), setup, len)] * 2


class Exited(BaseException):
    """What `os._exit` does here."""


@pytest.fixture
def forked(monkeypatch):
    """A function: the exit code of a forked child that serves so, and what it was given."""

    def fork(serve, reply=None):
        def leave(code):
            raise Exited(code)

        monkeypatch.setattr(zygote.os, "fork", lambda: 0)
        monkeypatch.setattr(zygote.os, "_exit", leave)
        monkeypatch.setattr(zygote, "serve", serve)
        control, _ = socket.socketpair()
        mine, theirs = socket.socketpair()
        confinement = Confinement(Limits())
        with mine, pytest.raises(Exited) as ended:
            zygote._fork(control, theirs.detach(), confinement, Setup(Limits(), hooks=False), reply)
        assert control.fileno() == -1, "the child could ask the zygote"
        return ended.value.args[0], confinement

    return fork


def test_a_forked_child_serves_on_its_socket_and_ends(forked):
    served = []

    def serve(channel, *rest):
        served.extend(rest)
        channel.close()

    code, confinement = forked(serve, reply=len)
    assert code == 0 and served == [confinement, False, len]


def test_a_forked_child_that_cannot_serve_ends_all_the_same(forked):
    def serve(channel, *_):
        channel.close()
        raise MemoryError

    assert forked(serve)[0] == 70
