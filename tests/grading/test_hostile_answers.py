"""Answers that misbehave cost themselves and nothing else."""
# ruff: noqa: E501  (a cell on a line)

import pytest

NUMPY = "import numpy as np"
HONEST = """
    def feature_means(X):
        return X.mean(axis=0)
"""
ANSWERS = {  # name → (cells, points of 1, words of the sentence)
    "honest": ([NUMPY, HONEST], 1, ""),
    "with numpy": ([NUMPY, "def feature_means(X):\n    return np.mean(X, axis=0)"], 1, ""),
    "wrong": ([NUMPY, "def feature_means(X):\n    return X[0] * 1.5"], 0, "does not hold the right values"),
    "partly right": ([NUMPY, "def feature_means(X):\n    return X.mean(axis=0) + (len(X) == 1)"], 0.75, "3 of 4 cases are right"),
    "a mistake": ([NUMPY, "def feature_means(X):\n    return X.sum(axis=0)"], 0.25, "sum of every feature"),
    "stub": (["def feature_means(X):\n    '''doc'''\n    # YOUR CODE HERE\n    raise NotImplementedError()"], 0, ""),
    "absent": ([NUMPY], 0, "defines no function"),
    "another shape": (["def feature_means(X):\n    return X.mean(axis=0)[:1]"], 0, "another shape"),
    "loops": (["def feature_means(X):\n    while True:\n        pass"], 0, "did not come back within 2 s"),
    "sleeps": (["import time\ndef feature_means(X):\n    time.sleep(60)"], 0, "did not come back"),
    "loops in the last case": (
        ["def feature_means(X):\n    while len(X) == 1:\n        pass\n    return X.mean(axis=0)"],
        0.75,
        "did not come back",
    ),
    "loops at the top": (["while True: pass", HONEST], 1, ""),
    "loops in a constant": (["SUM = sum(iter(int, 1))\ndef feature_means(X):\n    return SUM"], 0, "did not come back"),
    "endless generator": (["def feature_means(X):\n    while True:\n        yield 1.0"], 0, ""),
    "_exit": (["import os\ndef feature_means(X):\n    os._exit(3)"], 0, "ended its process (exit code 3)"),
    "_exit with 0": (["import os\ndef feature_means(X):\n    os._exit(0)"], 0, "ended its process (exit code 0)"),
    "sys.exit": (["import sys\ndef feature_means(X):\n    sys.exit()"], 0, "raises SystemExit"),
    "aborts": (["import os\ndef feature_means(X):\n    os.abort()"], 0, "signal SIGABRT"),
    "kills itself": (["import signal\ndef feature_means(X):\n    signal.raise_signal(9)"], 0, "signal SIGKILL"),
    "30 GB": ([NUMPY, "def feature_means(X):\n    return np.ones(4 * 10**9)"], 0, "MemoryError"),
    "30 GB of a list": (["def feature_means(X):\n    return [0] * 4 * 10**9"], 0, "raises MemoryError"),
    "raises": (["def feature_means(X):\n    return X / None"], 0, "raises TypeError (line 2: `return X / None`)"),
    "raises at import": (["LIMIT = 1 / 0", "def feature_means(X):\n    return X.mean(axis=LIMIT)"], 0, "raises ZeroDivisionError"),
    "missing module": (["import no_such_thing", "def feature_means(X):\n    return no_such_thing.f(X)"], 0, "No module named"),
    "unneeded module": (["import no_such_thing", HONEST], 1, ""),
    "unneeded error": (["1 / 0", "raise SystemExit", HONEST], 1, ""),
    "syntax error elsewhere": (["def f(:\n  pass", HONEST], 1, ""),
    "syntax error in it": (["def feature_means(X):\n    return X.mean(axis=0"], 0, "code cell 1, which is no Python"),
    "100 MB of output": (
        ["def feature_means(X):\n    for _ in range(100):\n        print('x' * 10**6)\n    return X.mean(axis=0)"],
        1,
        "",
    ),
    "warnings": (["import warnings\ndef feature_means(X):\n    warnings.warn('oh')\n    return X.mean(axis=0)"], 1, ""),
    "input": (["def feature_means(X):\n    input('?')\n    return X.mean(axis=0)"], 0, "EOFError"),
    "equal to everything": (
        ["class Any:\n    __eq__ = lambda a, b: True\n    def __getattr__(self, name):\n        return self\ndef feature_means(X):\n    return Any()"],
        0,
        "is no array",
    ),
    "array equal to everything": (
        ["import numpy as np\nclass Any(np.ndarray):\n    def __eq__(a, b): return True\n    __sub__ = __rsub__ = lambda a, b: 0\n"
         "def feature_means(X):\n    return X[0].astype(float).view(Any)"],
        0,
        "is no array",
    ),
    "changes its argument": (
        ["def feature_means(X):\n    mean = X.mean(axis=0)\n    X *= 0\n    return mean"], 0, "changed in place",
    ),
    "recursion": (
        ["import numpy as np\ndef feature_means(X, i=0):\n    return np.array([] if i == X.shape[1] else [X[:, i].mean(), *feature_means(X, i + 1)])"], 1, "",
    ),
    "endless recursion": (["def feature_means(X):\n    return feature_means(X)"], 0, "RecursionError"),
    "deep recursion": (
        ["import sys\ndef feature_means(X):\n    sys.setrecursionlimit(10**9)\n    f = lambda n: f(n + 1) + max([n], key=lambda _: f(n + 1))\n    return f(0)"],
        0,
        "",
    ),
    "generator": (["def feature_means(X):\n    for x in X.T:\n        yield x.mean()"], 0, "makes it a generator"),
    "list in itself": (["def feature_means(X):\n    a = []\n    a.append(a)\n    return a"], 0, ""),
    "deep list": (["def feature_means(X):\n    a = 0\n    for _ in range(10**5):\n        a = [a]\n    return a"], 0, ""),
    "huge result": (["import numpy as np\ndef feature_means(X):\n    return np.zeros(10**7)"], 0, "too much to send"),
    "long list": (["def feature_means(X):\n    return [0.0] * 10**6"], 0, "too much to send"),
    "huge number": (["def feature_means(X):\n    return [10**20000] * X.shape[1]"], 0, ""),
    "not a number": (["def feature_means(X):\n    return X.mean(axis=0) * float('nan')"], 0, "nan where a number belongs"),
    "an iterator": (["def feature_means(X):\n    return map(float, X.mean(axis=0))"], 0, "one by one"),
    "a function": (["def feature_means(X):\n    return print"], 0, "is no array"),
    "an open file": (["def feature_means(X):\n    return open(0)"], 0, ""),
    "a string of surrogates": (["def feature_means(X):\n    raise NameError('\\ud800<script>')"], 0, "NameError"),
    "class with a wild name": (
        ["def feature_means(X):\n    raise type('<img src=x onerror=alert(1)>', (Exception,), {})()"], 0, "raises <img",
    ),
    "base exception": (["class Out(BaseException): pass\ndef feature_means(X):\n    raise Out"], 0, "raises Out"),
    "magics": (
        ["%matplotlib inline\n!pip install x\nimport numpy as np\nhelp?\nfiles = !ls", "%%time\ndef feature_means(X):\n    return np.mean(X, 0)"],
        1,
        "",
    ),
    "magic in a function": (["def feature_means(X):\n    %time m = X.mean(axis=0)\n    return X.mean(axis=0)"], 1, ""),
    "helper in another cell": (
        [NUMPY, "def feature_means(X):\n    return total(X) / COUNT(X)", "COUNT = len\ndef total(X):\n    return np.sum(X, axis=0)"], 1, "",
    ),
    "copied cells": ([HONEST, HONEST, "feature_means = check(feature_means)", "feature_means = check(feature_means)"], 1, ""),
    "stub below the answer": ([HONEST, "def feature_means(X):\n    raise NotImplementedError()"], 1, ""),
    "reordered cells": (["feature_means = check(feature_means)", HONEST, NUMPY], 1, ""),
    "rebound": ([HONEST, "feature_means = 7"], 1, ""),
    "last answer counts": (["def feature_means(X):\n    return 0", HONEST], 1, ""),
    "check as a decorator": (["from nnutils import check\n@check\ndef feature_means(X):\n    return X.mean(axis=0)"], 1, ""),
    "wrong signature": (["def feature_means(X, y):\n    return X.mean(axis=0)"], 0, "should take the arguments (X)"),
    "leans on a variable": (
        ["import numpy as np\nweights = np.ones(3)", "def feature_means(X):\n    weights\n    return X.mean(axis=0)"],
        0,
        "leans on the notebook's variable weights",
    ),
    "uses a constant": (["AXIS = 0", "def feature_means(X):\n    return X.mean(axis=AXIS)"], 1, ""),
    "uses a callable": (
        ["import numpy as np\nmean = np.vectorize(np.mean, signature='(n)->()')", "def feature_means(X):\n    return mean(X.T)"], 1, "",
    ),
    "a ready answer": (["from sklearn.preprocessing import StandardScaler as S\ndef feature_means(X):\n    return S().fit(X).mean_"], 0, "t calls sklearn"),
    "a ready answer by another name": (
        ["from sklearn.preprocessing import StandardScaler\nS = StandardScaler", "def feature_means(X):\n    return S().fit(X).mean_"],
        0,
        "t calls sklearn",
    ),
    "the course's own": (["from nnutils.lessons.start_here.exercises import feature_means"], 0, "course's own version"),
    "the course's own by another name": (
        ["from nnutils.lessons.start_here.exercises import feature_means as f\ndef feature_means(X):\n    return f(X)"], 0, "course's own",
    ),
    "huge source": (["x = [" + "1," * 90_000 + "]", HONEST], 1, ""),
    "endless source": (["X = 1;" * 4_000, "def feature_means(x):\n    return X"], 0, "more than 2000"),
    "deep source": (["x = " + "-" * 100_000 + "1", "y = " + "(" * 90 + ")" * 90, HONEST], 1, ""),
    "null bytes": (["x = '\0'", HONEST], 1, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_answer_gets_exactly_its_points(mark, name):
    cells, points, words = ANSWERS[name]
    item = mark(*cells)["feature_means"]
    assert item.points == points, item
    assert words in item.sentence
    assert not any(sign in item.sentence for sign in ("should be", "yours is"))  # no expected value
    honest = mark(NUMPY, HONEST)["feature_means"]
    assert (honest.points, honest.status) == (1, "passed")


ATTACKS = {  # what would be the right answer if the attack succeeded
    "imports the answer": "from importlib import import_module as i; return i('nnutils.lessons.start_here.exer' + 'cises').feature_means(X)",
    "asks the catalogue": "import sys; return sys.modules['nnutils.checks.catalogue'].find_exercise('feature_means')(X)",
    "reads the answer": "import sys; p = sys.modules['nnutils'].__path__[0]; d = {}; "
    "exec(open(p + '/lessons/start_here/exercises/feature_means.py').read(), d); return d['feature_means'](X)",
    "lists the solutions": "import os, sys; p = sys.modules['nnutils'].__path__[0]; return os.listdir(p + '/../solutions') and X.mean(axis=0)",
    "another's work": "import os; return os.listdir('/tmp') and X.mean(axis=0)",
    "a library by another way": "import importlib; importlib.import_module('skl' + 'earn'); return X.mean(axis=0)",
    "the numerics by another way": "__import__('nnutils.net' + 'work'); return X.mean(axis=0)",
    "reads /etc/passwd": "return open('/etc/passwd').read() and X.mean(axis=0)",
    "reads memory": "return open('/proc/self/mem', 'rb') and X.mean(axis=0)",
    "writes a file": "open('left-behind', 'w').write('x'); return X.mean(axis=0)",
    "writes into the course": "import nnutils; open(nnutils.__path__[0] + '/x', 'a'); return X.mean(axis=0)",
    "forks": "import os; os.fork(); return X.mean(axis=0)",
    "fork bomb": "import os\n    while True: os.fork()",
    "starts a shell": "import os; os.system('true'); return X.mean(axis=0)",
    "starts a program": "import subprocess; subprocess.run(['true']); return X.mean(axis=0)",
    "leaves a process": "import subprocess; subprocess.Popen(['sleep', '60'], start_new_session=True); return X.mean(axis=0)",
    "kills its parent": "import os; os.kill(os.getppid(), 9); return X.mean(axis=0)",
    "connects": "import socket; socket.create_connection(('127.0.0.1', 9)); return X.mean(axis=0)",
    "listens": "import socket; socket.socket().bind(('', 0)); return X.mean(axis=0)",
    "calls C": "import ctypes; ctypes.CDLL(None).getpid(); return X.mean(axis=0)",
    "raises its limits": "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1)); return X.mean(axis=0)",
    "looks through memory": "import gc; gc.get_objects(); return X.mean(axis=0)",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_fails(mark, name):
    item = mark(f"def feature_means(X):\n    {ATTACKS[name]}")["feature_means"]
    assert (item.points, item.status) == (0, "failed"), item
    assert any(word in item.sentence for word in ("Error", "UnknownName", "ended its process", "calls")), item
    assert mark(HONEST)["feature_means"].points == 1


TRICKS = {  # what changes nothing: the comparison is elsewhere
    "patches numpy": "np.allclose = np.array_equal = np.testing.assert_allclose = lambda *a, **k: True; np.abs = lambda x: 0 * x",
    "patches builtins": "import builtins; builtins.all = lambda x: True; builtins.sum = len; builtins.isinstance = lambda a, b: True",
    "patches the checks": "import sys; c = sys.modules['nnutils.checks.compare']; c.difference = c.agree = c.identical = lambda *a, **k: None",
    "patches the verdict": "import sys; v = sys.modules['nnutils.checks.verdict']; v.compare_with_expected = lambda *a: v.Verdict('passed', '', cases=(True,) * 4)",
    "patches the runner": "import sys; r = sys.modules['nnutils.checks.run']; r.run_case = lambda f, a: r.Run(0)",
    "sets a strict environment": "import os; os.environ['NBGRADER_EXECUTION'] = 'validate'; np.seterr(all='raise'); np.set_printoptions(precision=0)",
    "closes everything": "import os\n    for n in range(100):\n        try: os.close(n)\n        except OSError: pass",
    "forges frames": "import os, struct\n    for n in range(3, 100):\n        try: os.write(n, struct.pack('<IQ', 4, 0) + b'true')\n        except OSError: pass",
    "forges a long frame": "import os\n    for n in range(3, 100):\n        try: os.write(n, b'\\xff' * 12)\n        except OSError: pass",
    "forges a deep frame": "import os, struct\n    t = b'[' * 100000\n    for n in range(3, 100):\n"
    "        try: os.write(n, struct.pack('<IQ', len(t), 0) + t)\n        except OSError: pass",
    "forges a pickle": "import os, struct\n    t = b'cos\\nsystem\\n(S\"true\"\\ntR.'\n    for n in range(3, 100):\n"
    "        try: os.write(n, struct.pack('<IQ', len(t), 0) + t)\n        except OSError: pass",
}  # fmt: skip


@pytest.mark.parametrize("name", TRICKS)
def test_trick_earns_nothing(mark, name):
    item = mark(f"import numpy as np\ndef feature_means(X):\n    {TRICKS[name]}\n    return X[0] * 1.5")[
        "feature_means"
    ]
    assert (item.points, item.status) == (0, "failed"), item
    assert mark(HONEST)["feature_means"].points == 1


def test_environment_holds_nothing(mark, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "x")
    asks = "import os\ndef feature_means(X):\n    return X.mean(axis=0) if 'SECRET_TOKEN' not in os.environ and 'HOME' not in os.environ else 0"
    assert mark(asks)["feature_means"].points == 1


def test_message_of_an_error_tells_no_inputs(mark):
    item = mark("def feature_means(X):\n    raise ValueError(X.tolist())")["feature_means"]
    assert item.sentence == "It raises ValueError (line 2: `raise ValueError(X.tolist())`)."


def test_own_thread_does_not_hold_up_the_next(mark):
    thread = "import threading\ndef feature_means(X):\n    threading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start()\n    return X.mean(axis=0)"
    mark(thread)
    assert mark(HONEST)["feature_means"].points == 1


FORGED = """
    f = __import__("sys")._getframe()
    while "channel" not in f.f_locals: f = f.f_back
    m = f.f_globals
    f.f_locals["channel"].sendall(m["encode"](m["Run"](failure=m["Failure"]("{}", "full marks 7.25"))))
"""


@pytest.mark.parametrize("kind", ["Unreadable", "TooLarge", "TimeLimit", "ProcessEnded"])
def test_no_failure_is_told_in_the_words_of_the_answer(mark, kind):
    """The grader's own failures are told word for word: an error with such a name, or a forged one, must not be."""
    raised = f"class {kind}(Exception): pass\ndef feature_means(X):\n    told = 'full marks 7.25'\n    raise {kind}(told)"
    forged = f"def feature_means(X):{FORGED.format(kind)}"
    for answer in (raised, forged):
        item = mark(answer)["feature_means"]
        assert item.status == "failed" and "marks 7.25" not in f"{item.sentence} {item.lost}", item
