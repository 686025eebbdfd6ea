"""The child's side of the sandbox, served in a thread of the test: what a request gets for an answer, and in which order."""

import socket
import threading
import warnings

import numpy as np
import pytest

from coursekit.sandbox import child, hooks
from coursekit.sandbox.codec import CodecError, Opaque, encode
from coursekit.sandbox.confine import Confinement
from coursekit.sandbox.decode import receive
from coursekit.sandbox.setup import Limits


class NoConfinement(Confinement):
    """It confines nothing, says so, and remembers what it was to keep."""

    def enter(self, keep):
        self.kept = keep
        return ["nothing"]


class Served:
    """The runner's end of a socket whose other end is served in a thread."""

    def __init__(self, **options):
        self.socket, theirs = socket.socketpair()
        self.socket.settimeout(60)
        self.confinement, self.descriptor = NoConfinement(Limits()), theirs.fileno()
        self._thread = threading.Thread(target=self._serve, args=(theirs,), kwargs=options, daemon=True)
        self._thread.start()
        self.layers = self.receive()

    def _serve(self, theirs, **options):
        with theirs:
            child.serve(theirs, self.confinement, **options)

    def receive(self):
        return receive(self.socket.recv, result=True)[0]

    def ask(self, source, *cases, name="f", allows=(), part=None, line=1):
        """The replies to a program of one statement: the head, then one a case."""
        program = [("code cell 1", line, source)]
        request = {"program": program, "name": name, "cases": list(cases), "allows": allows, "part": part}
        self.socket.sendall(encode(request))
        head = self.receive()
        return [head, *(self.receive() for _ in cases if head["failure"] is None)]

    def close(self):
        self.socket.close()
        self._thread.join(60)
        assert not self._thread.is_alive(), "it serves although the other end has closed"


@pytest.fixture
def serve():
    """Begin to serve, without hooks unless they are asked for: they could not be taken away again."""
    begun = []

    def start(hooked=False, **options):
        begun.append(Served(hooked=hooked, **options))
        return begun[-1]

    yield start
    for served in begun:
        served.close()


def test_it_says_what_holds_and_ends_when_the_other_end_closes(serve):
    served = serve()
    assert served.layers == ["nothing"]
    assert served.confinement.kept == served.descriptor
    served.close()


def test_a_program_tells_its_callables_and_then_a_run_for_each_case(serve):
    source = "import math\nlimit = 3\ndef f(x, k): return x * k, limit\ndef g(): pass"
    head, first, second = serve().ask(source, {"x": np.arange(3.0), "k": 2}, {"x": np.ones(1), "k": 0.5})
    assert head == {"failure": None, "callables": ["f", "g"]}
    assert first.result[0].tolist() == [0, 2, 4] and first.result[1] == 3
    assert second.result[0].tolist() == [0.5] and second.failure is None


def test_programs_share_no_names_and_the_next_request_is_answered(serve):
    served = serve()
    served.ask("kept = 1\ndef f(): return 1")
    head, run = served.ask("def f(): return 'kept' in globals(), __name__", {})
    assert run.result == (False, "__main__") and head["callables"] == ["f"]


def test_a_statement_that_fails_is_told_with_its_line_and_runs_no_case(serve):
    served = serve()
    (head,) = served.ask("def f(x): return x\n\n1 / 0  # here", {"x": 1}, {"x": 2}, line=7)
    assert head["failure"].kind == "ZeroDivisionError" and "f" in head["callables"]
    assert head["failure"].lines == ((9, "1 / 0  # here"),)
    _, run = served.ask("def f(x): return -x", {"x": 1})  # and nothing of it is left in the channel
    assert run.result == -1


def test_statements_that_end_python_are_failures(serve):
    served = serve()
    assert served.ask("raise SystemExit(3)")[0]["failure"].kind == "SystemExit"
    assert served.ask("def f(: pass")[0]["failure"].kind == "SyntaxError"


def test_a_case_that_fails_costs_no_other_case(serve):
    _, bad, good = serve().ask("def f(x):\n    return 1 / x", {"x": 0}, {"x": 2})
    assert bad.failure.kind == "ZeroDivisionError" and bad.failure.lines == ((2, "return 1 / x"),)
    assert (good.failure, good.result) == (None, 0.5)


def test_the_lines_of_several_statements_of_a_cell_are_all_there(serve):
    served = serve()
    program = [
        ("code cell 2", 5, "def f(x):\n    return g(x)"),
        ("code cell 2", 2, "def g(x):\n    return h(x)"),
    ]
    request = {"program": program, "name": "f", "cases": [{"x": 1}], "allows": (), "part": None}
    served.socket.sendall(encode(request))
    served.receive()
    assert served.receive().failure.lines == ((6, "return g(x)"), (3, "return h(x)"))


def test_what_escapes_from_a_run_is_its_failure(serve, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt("from a thread")

    monkeypatch.setattr(child, "run_case", interrupted)
    _, run = serve().ask("def f(): return 1", {})
    assert (run.failure.kind, run.failure.message) == ("KeyboardInterrupt", "from a thread")


@pytest.mark.parametrize(
    "body, why",
    [
        ("x = []\n    for _ in range(99): x = [x]\n    return x", "nested too deeply to send"),
        ("return dict.fromkeys(range(10**5))", "too much to send"),
        ("return {(1, 2): 3}", "a dict's key is a tuple"),
    ],
)
def test_a_result_that_cannot_be_sent_is_a_failure_with_the_reason(serve, body, why):
    _, run = serve().ask(f"def f():\n    {body}", {})
    assert run.failure.kind == "Unreadable" and run.result is None
    assert run.failure.message.startswith(f"what it returns cannot be taken: {why}")


def test_a_result_that_is_no_data_is_told_by_its_kind(serve):
    _, run = serve().ask("def f(): return f", {})
    assert run.result == Opaque("builtins.function")


def test_a_type_hint_calls_nothing(serve):
    _, run = serve().ask("def f(x: 1 / 0) -> undefined: return x", {"x": 5})
    assert run.result == 5


def test_the_part_that_counts_is_taken(serve):
    _, run = serve().ask("def f(): return 'shown', 'kept back'", {}, part=0)
    assert run.result == "shown"


def test_an_answer_changes_neither_numpys_errors_nor_the_warnings_of_the_next_case(serve):
    source = "import numpy as np, warnings\ndef f(x):\n    warnings.warn('no')\n    warnings.simplefilter('error')\n"
    source += "    before = np.geterr()['divide']; np.seterr(all='raise'); return before"
    before = [*warnings.filters]
    _, first, second = serve().ask(source, {"x": 1}, {"x": 2})
    assert first.failure is second.failure is None
    assert first.result == second.result == "warn"
    assert warnings.filters == before


def test_hooks_are_installed_once_and_for_what_the_first_request_allows(serve, monkeypatch):
    installed = []
    monkeypatch.setattr(hooks, "install", installed.append)
    served = serve(hooked=True)
    assert (
        served.layers == ["nothing", "hooks"] and not installed
    )  # Python itself needs some of what they refuse
    served.ask("def f(): return 1", allows=("scipy",))
    served.ask("def f(): return 1")
    assert installed == [("scipy",)]


def test_a_service_replies_to_requests_without_a_program(serve):
    served = serve(reply=lambda request: {"twice": 2 * request["x"]})
    served.socket.sendall(encode({"x": np.arange(3)}))
    assert served.receive()["twice"].tolist() == [0, 2, 4]
    _, run = served.ask("def f(): return math", {})
    assert run.failure.kind == "NameError"


def test_a_request_that_is_too_long_is_not_read():
    with pytest.raises(CodecError):
        child._next(socket_with(b"\xff" * 64))


def socket_with(data):
    mine, theirs = socket.socketpair()
    with mine:
        mine.sendall(data)
    return theirs
