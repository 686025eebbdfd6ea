"""Answers that work on the child's own machinery, or return what is not what it seems. Each has the points that it must get."""
# ruff: noqa: E501  (a cell on a line)

import textwrap

import pytest

from coursekit.sandbox import kernel

HONEST = "import numpy as np\ndef feature_means(X):\n    return X.mean(axis=0)"
FRAMES = "import sys; f = sys._getframe(); frames = [f]\n    while f.f_back: f = f.f_back; frames.append(f)\n    at = {k: v for f in frames for k, v in f.f_locals.items()}\n    "
ENCODE = (
    "Run = sys.modules['nnutils.checks.run'].Run\n    e = sys.modules['coursekit.sandbox.codec'].encode\n    "
)
TRICKS = {  # name → (body, points of 1): the answer is wrong unless the trick makes it right
    "finds the cases in frames": (FRAMES + "return at['request']['cases'][0]['X'][0] * 0", 0),
    "empties the cases": (FRAMES + "at['cases'][:] = []", 0),
    "changes the cases": (FRAMES + "at['cases'][:] = [{'X': np.zeros((1, 2))}] * 4; return X[0] * 1.5", 0),
    "looks for the expected": (FRAMES + "return at['expected']", 0),
    "forges all frames": (FRAMES + ENCODE + "[at['channel'].sendall(e(Run(np.zeros(3)))) for _ in range(4)]", 0),
    "forges frames and one too many": (FRAMES + ENCODE + "[at['channel'].sendall(e(Run(np.zeros(3)))) for _ in range(9)]; return X[0] * 2", 0),
    "forges right frames": (FRAMES + ENCODE + "[at['channel'].sendall(e(Run(c['X'].mean(axis=0)))) for c in at['request']['cases']]; import os; os._exit(0)", 1),
    "forges a verdict": (FRAMES + ENCODE + "at['channel'].sendall(e({'status': 'passed', 'points': 1, 'cases': [True] * 4}))", 0),
    "forges how it was lost": (FRAMES + ENCODE + "at['channel'].sendall(e(Run(failure=sys.modules['nnutils.checks.run'].Failure('TimeLimit', 'full marks'))))", 0),
    "forges arguments": (FRAMES + ENCODE + "at['channel'].sendall(e(Run(X.mean(axis=0), None, ('<b>',), ('<i>',))))", 0),
    "forges half a frame": (FRAMES + "at['channel'].sendall(b'\\x10\\0\\0\\0' + bytes(8) + b'[')", 0),
    "reads the next request": (FRAMES + "return at['channel'].recv(1)", 0),
    "closes its channel": (FRAMES + "at['channel'].close()", 0),
    "patches the encoder": ("import sys; c = sys.modules['coursekit.sandbox.child']; c.encode = lambda *a, **k: b''", 0),
    "patches the runs": ("import sys; c = sys.modules['coursekit.sandbox.child']; c.run_case = lambda f, a, p: c.Run(0)", 0),
    "patches the record": ("import sys; c = sys.modules['coursekit.sandbox.child']; c.Run.__init__ = lambda *a, **k: None", 0),
    "patches the sandbox": ("import sys; s = sys.modules['coursekit.sandbox.hooks']; s._is_refused = lambda *a: False; s.REFUSED = (); import socket; socket.socket()", 0),
    "patches isinstance": ("import builtins; builtins.isinstance = lambda *a: True; open('/etc/passwd'); return X.mean(axis=0)", 0),
    "patches str and any": ("import builtins; builtins.any = builtins.str = lambda *a: ''; open('/etc/passwd'); return X.mean(axis=0)", 0),
    "traces": ("import sys; sys.settrace(lambda f, e, a: f.f_locals.clear() or None); sys.setprofile(lambda *a: None); return X[0] * 2", 0),
    "an alarm": ("import signal; signal.setitimer(signal.ITIMER_REAL, .001)\n    while True: pass", 0),
    "at the end": ("import atexit; atexit.register(print); sys = __import__('sys'); sys.excepthook = sys.unraisablehook = print; raise ValueError", 0),
    "another hook": ("import sys; sys.addaudithook(lambda *a: 1 / 0); return X[0] * 2", 0),
    "a sleeping thread": ("import threading, time; t = threading.Thread(target=time.sleep, args=(60,)); t.start(); return X[0] * 2", 0),
    "a class that lies": ("class A(np.ndarray):\n        __class__ = property(lambda self: float)\n        __array_finalize__ = None\n    return np.ones(X.shape[1] + 1).view(A)", 0),
    "an array that says another": ("class A:\n        def __array__(self, *a, **k): return X.mean(axis=0)\n    return A()", 0),
    "an array with other bytes": ("class A(np.ndarray):\n        def tobytes(self, *a): return bytes(8 * self.size)\n    return (X.mean(axis=0) * 2 + 1).view(A)", 0),
    "a pickle in a result": ("class A:\n        def __reduce__(self): return __import__('os').system, ('true',)\n    return A()", 0),
    "a length without end": ("class A(list):\n        __len__ = lambda self: 2**62\n        __iter__ = lambda self: iter(int, 1)\n    return A()", 0),
    "an iterator without end": ("import itertools; return itertools.count()", 0),
    "a float that changes": ("class F(float):\n        def hex(self): return 'x'\n        def __float__(self): return 0.0\n    return [F(1)] * X.shape[1]", 0),
    "a string that lies": ("class S(str):\n        __eq__ = lambda *a: True\n        __hash__ = str.__hash__\n    return S('x')", 0),
    "a dict that lies": ("class D(dict):\n        def items(self): return iter(lambda: (1, 2), 3)\n    return D(a=1)", 0),
    "an object array of itself": ("a = np.empty(1, object); a[0] = a; return a", 0),
    "a record": ("return np.zeros(3, [('a', float), ('b', 'O')])", 0),
    "metadata": ("return np.zeros(X.shape[1], np.dtype(float, metadata={'<b>': 1}))", 0),
    "a date": ("return np.array(['2020-01-01'] * X.shape[1], 'M8[D]')", 0),
    "bytes": ("return X.mean(axis=0).tobytes()", 0),
    "a terabyte of one number": ("return np.broadcast_to(0.0, 10**12)", 0),
    "a terabyte of strides": ("return np.lib.stride_tricks.as_strided(np.zeros(1), (10**6, 10**6), (0, 0))", 0),
    "a terabyte of nothing": ("return np.empty((0, 10**6, 10**6))", 0),
    "a range without end": ("return range(10**18)", 0),
    "keys that collide": ("return {i * (2**61 - 1): 0 for i in range(1, 20001)}", 0),
    "a list of one list": ("a = [0.0] * 10**5; return [a] * 10**4", 0),
    "its own verdict": ("import sys; return sys.modules['nnutils.checks.run'].Run(X.mean(axis=0))", 0),
    "its own failure": ("import sys; return sys.modules['nnutils.checks.run'].Failure('TimeLimit', 'x')", 0),
    "the generator of all": ("return np.random.default_rng(0)", 0),
    "a masked array": ("return np.ma.masked_all(X.shape[1])", 0),
    "a subclass, and right": ("return X.mean(axis=0).view(np.matrix)", 0),
    "a list of the right numbers": ("return X.mean(axis=0).tolist()", 0),
    "a row that repeats itself, and right": ("return np.broadcast_to(X.mean(axis=0), (5, X.shape[1]))[3]", 1),
    "backwards in memory, and right": ("return X.mean(axis=0)[::-1].copy()[::-1]", 1),
    "big-endian, and right": ("return X.mean(axis=0).astype('>f8')", 1),
}  # fmt: skip
ERRORS = {
    "a text that raises": "class E(Exception):\n    def __str__(self): raise self",
    "a text that is none": "class E(Exception):\n    def __str__(self): return 5",
    "a text without end": "class E(Exception):\n    def __str__(self): return 'x' * 10**7",
    "a loop in a text": "class E(Exception):\n    def __str__(self):\n        while True: pass",
    "a name that is none": "class M(type):\n    __name__ = property(lambda self: 5)\nclass E(Exception, metaclass=M): pass",
    "a module that is none": "class E(Exception):\n    __module__ = 5",
    "a traceback that lies": "class E(Exception):\n    __traceback__ = property(lambda self: 5)",
    "a class that lies": "class E(Exception):\n    __class__ = property(lambda self: int)",
    "HTML": "E = type('<img src=x onerror=alert(1)>', (NameError,), {'__str__': lambda self: '<script>alert(1)</script>'})",
    "a terminal's orders": "E = type('E\\x1b[2J\\x9b0m\\r\\n', (NameError,), {'__str__': lambda self: '\\x1b]0;x\\x07\\x00\\u202e\\ud800'})",
    "a formula": "E = type('=HYPERLINK(\"x\")', (NameError,), {'__str__': lambda self: '=cmd|calc!A0'})",
    "a format": "E = type('{0.__class__}%s%n', (NameError,), {'__str__': lambda self: '{self}%(x)s'})",
    "praise": "class TimeLimit(Exception):\n    def __str__(self): return 'full marks'\nE = TimeLimit",
}  # fmt: skip


def _assert_honest_is_exact(mark):
    honest = mark(HONEST, student="ben")["feature_means"]
    assert (honest.points, honest.status, honest.lost, honest.cases) == (1, "passed", None, (True,) * 4)


@pytest.mark.parametrize("name", TRICKS)
def test_trick_gets_exactly_its_points(mark, name):
    if name.startswith("patches") and "open" in TRICKS[name][0] and not kernel.KNOWN:
        pytest.skip("it takes Python's words away, and this system has no walls behind them")
    body, points = TRICKS[name]
    item = mark(f"import numpy as np\ndef feature_means(X):\n    {body}")["feature_means"]
    assert item.points == points, item
    assert "It calls" not in item.sentence  # it was run, and not only refused for what it calls
    assert item.sentence.isprintable() and "<b>" not in item.sentence
    _assert_honest_is_exact(mark)


@pytest.mark.parametrize("name", ERRORS)
def test_errors_are_told_in_plain_text(mark, name):
    cells = ["import numpy as np", ERRORS[name], "def feature_means(X):\n    raise E('x')"]
    item = mark(*cells)["feature_means"]
    assert (item.points, item.status) == (0, "failed"), item
    assert item.sentence.isprintable() and len(item.sentence) < 1000
    _assert_honest_is_exact(mark)


def test_what_a_thread_does_later_earns_nothing(mark):
    late = """
        import sys, threading, time
        import numpy as np
        def feature_means(X):
            f = sys._getframe()
            while "channel" not in f.f_locals: f = f.f_back
            channel, e = f.f_locals["channel"], sys.modules["coursekit.sandbox.codec"].encode
            r = sys.modules["nnutils.checks.run"].Run
            def later():
                while True: time.sleep(.001); channel.sendall(e(r(np.zeros(3))))
            threading.Thread(target=later).start()
            return X[0] * 1.5
    """
    assert mark(textwrap.dedent(late))["feature_means"].points == 0
    _assert_honest_is_exact(mark)


@pytest.mark.parametrize("student", ["../ann", "ann\0", "=1+1", "<b>", "a" * 300, "\u202enna", "ann "])
def test_a_name_is_only_a_name(mark, student):
    assert mark(HONEST, student=student, secret="s")["feature_means"].points == 1
