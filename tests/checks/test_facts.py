import ast
import functools
import glob
import importlib.util
import inspect
import json
import shutil
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest

import nnutils.optimizers
from nnutils.checks import facts
from nnutils.checks.catalogue import find_exercise
from nnutils.checks.facts import beside, is_stub, notebook_globals_read, ready_made

STUBS = {
    "bare": 'def f(x): "doc"',
    "passing": "def f(x): pass",
    "dots": "def f(x): ...",
    "returning": "def f(x): return",
    "returning_none": 'def f(x):\n    "doc"\n    return None',
    "raising": 'def f(x):\n    "doc"\n    # YOUR CODE HERE\n    raise NotImplementedError()',
    "raising_class": "def f(x): raise NotImplementedError",
    "raising_words": 'def f(x): raise NotImplementedError("to do")',
    "lambda": "f = lambda x: None",
}
ANSWERS = {
    "number": "def f(x): return 0",
    "argument": "def f(x): return x",
    "false": "def f(x): return False",
    "empty": "def f(x): return []",
    "sum": 'def f(x):\n    "doc"\n    return x + 1',
    "assigns": "def f(x): y = x",
    "loop": "def f(x):\n    for _ in x: pass",
    "other_error": "def f(x): raise ValueError",
    "half": "def f(x):\n    if x > 0: return x\n    raise NotImplementedError",
    "generator": "def f(x): yield",
}


def cell(source, **names):
    """The function f of a notebook's cell."""
    names |= {"__name__": "__main__", "np": np}
    exec(source, names)
    return names["f"]


@pytest.mark.parametrize("name", STUBS)
def test_stub(name):
    assert is_stub(cell(STUBS[name]))


@pytest.mark.parametrize("name", ANSWERS)
def test_no_stub(name):
    assert not is_stub(cell(ANSWERS[name]))


def test_what_has_no_code_is_no_stub():
    assert not is_stub(len)
    assert not is_stub(functools.partial(max, 1))


SCRIPT = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("facts", sys.argv[1])
facts = importlib.util.module_from_spec(spec); spec.loader.exec_module(facts)
def cell(source, **names):
    names["__name__"] = "__main__"
    exec(source, names)
    return names["f"]
stubs, answers = json.loads(sys.argv[2])
nested = "import keras\\ndef f(x):\\n    def g(): return [keras.ops.sum(y) + lam for y in x]\\n    return g()"
inside = "def f(x):\\n    from keras import ops\\n    return ops.sum(x)"
sys.modules["keras"] = type(sys)("keras")
print(json.dumps([
    [facts.is_stub(cell(source)) for source in stubs], [facts.is_stub(cell(source)) for source in answers],
    facts.notebook_globals_read(cell(nested, lam=1.0)), facts.ready_made(cell(nested), "f"), facts.ready_made(cell(inside), "f"),
]))
"""


def other_pythons():
    """Pythons that the course serves, as far as this machine has them."""
    named = [shutil.which(f"python3.{minor}") for minor in (11, 12, 13)]
    kept = [glob.glob(str(Path.home() / f".pyenv/versions/3.{minor}.*/bin/python")) for minor in (11, 12, 13)]
    found = {sys.executable, *filter(None, named), *(path for paths in kept for path in paths)}
    return sorted(
        path for path in found if "shims" not in path
    )  # a shim may stand for a Python that is not there


@pytest.mark.parametrize("python", other_pythons(), ids=lambda path: Path(path).parts[-3])
def test_bytecode_of_every_served_python(python):
    texts = json.dumps([[*STUBS.values()], [*ANSWERS.values()]])
    run = subprocess.run([python, "-c", SCRIPT, facts.__file__, texts], capture_output=True, text=True)
    stubs, answers, leaned, copied, imported = json.loads(run.stdout)
    assert all(stubs)
    assert not any(answers)
    assert (leaned, copied, imported) == (["lam"], "keras", "keras")


def test_facts_need_no_package():
    names = [node for node in ast.walk(ast.parse(inspect.getsource(facts))) if isinstance(node, ast.Import)]
    assert {alias.name for node in names for alias in node.names} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    "source, names",
    [
        ("def f(x): return x * lam", ["lam"]),
        ("def f(x): return np.dot(x, W) + b", ["W", "b"]),
        ("def f(x): return X @ x + X2", ["X", "X2"]),
        ("def f(x): return [lam for _ in x]", ["lam"]),
        ("def f(x):\n    def g(): return lam\n    return g()", ["lam"]),
        ("def f(x): return (lambda: lam)()", ["lam"]),
        ("def g(x): return x * lam\ndef f(x): return g(x)", ["lam"]),
        ("class G:\n    def h(self): return lam\ndef f(x): return G().h()", ["lam"]),
        ("def f(x): return rng.random()", ["rng"]),
        ("def f(x): return x * EPS", []),
        ("def f(x): return x * LEARNING_RATE", []),
        ("def f(x): return np.sum(x) + len(x)", []),
        ("def f(lam): return lam", []),
        ("def f(x):\n    lam = 2\n    return x * lam", []),
        ("def g(x): return x\ndef f(x): return g(x)", []),
        ("def mean(x): return x * lam\ndef f(x): return x.mean()", []),
        ("def f(x): return missing", []),
        ("def f(x): return f(x - 1) if x else 0", []),
    ],
)
def test_leaned_on(source, names):
    given = {"lam": 0.7, "W": np.eye(2), "b": np.ones(2), "X": np.eye(2), "X2": np.eye(2), "EPS": 1e-8}
    given |= {"LEARNING_RATE": 0.1, "rng": np.random.default_rng(1)}
    assert notebook_globals_read(cell(source, **given)) == names


ERRSTATE = '@np.errstate(divide="ignore")\n'


@pytest.mark.parametrize("decorator", ["", ERRSTATE, "@staticmethod\n", f"@staticmethod\n{ERRSTATE}"])
def test_a_decorator_of_a_library_changes_nothing(decorator):
    for source in (
        f"{decorator}def f(x): return {{}}",
        f"{decorator}def g(x): return {{}}\ndef f(x): return g(x)",
    ):
        assert notebook_globals_read(cell(source.format("x"))) == []
        assert notebook_globals_read(cell(source.format("lam * x"), lam=0.7)) == ["lam"]
        own = cell(source.format("Adam(x)"), Adam=nnutils.optimizers.Adam)
        assert ready_made(own, "f") == "nnutils.optimizers.elementwise.Adam"


def test_leaning_is_of_functions():
    assert notebook_globals_read(len) == []
    assert notebook_globals_read(np.vectorize(abs)) == []


WRAP = "def wrap(g):\n    def inner(*a): return g(*a)\n    return inner\n"
PARTIAL = "import functools\nstep = functools.partial(Adam)\ndef f(x): return step(x)"
METHOD = "class G:\n    @staticmethod\n    def h(x): return Adam()\ndef f(x): return G.h(x)"


@pytest.mark.parametrize(
    "source, path",
    [
        (
            "from nnutils.optimizers import Adam\ndef f(x): return Adam()",
            "nnutils.optimizers.elementwise.Adam",
        ),
        (
            "from nnutils.optimizers import Adam as mine\ndef f(x): return mine()",
            "nnutils.optimizers.elementwise.Adam",
        ),
        ("import nnutils.optimizers\ndef f(x): return nnutils.optimizers.Adam()", "nnutils"),
        ("import nnutils.optimizers as o\ndef f(x): return o.Adam()", "nnutils.optimizers"),
        ("mine = Adam\ndef f(x): return mine()", "nnutils.optimizers.elementwise.Adam"),
        ("def f(x):\n    import nnutils.optimizers\n    return 1", "nnutils.optimizers"),
        ("def f(x):\n    from nnutils import optimizers\n    return 1", "nnutils"),
        ("def f(x):\n    def g():\n        import keras\n        return keras\n    return g()", "keras"),
        ("def g(x): return Adam()\ndef f(x): return g(x)", "nnutils.optimizers.elementwise.Adam"),
        ("def g(x):\n    import scipy.stats\n    return 1\ndef f(x): return g(x)", "scipy.stats"),
        ('import importlib\ndef f(x): return importlib.import_module("sklearn.utils")', "sklearn.utils"),
        ('def f(x):\n    from importlib import import_module as get\n    return get("keras")', "keras"),
        ('from importlib import import_module as get\ndef f(x): return get("keras")', "keras"),
        ('get = __import__\ndef g(): return get("scipy.stats")\ndef f(x): return g()', "scipy.stats"),
        ('def f(x): return __import__("torch")', "torch"),
        ('def f(x): return (lambda: __import__("torch"))()', "torch"),
        (METHOD, "nnutils.optimizers.elementwise.Adam"),
        ('import importlib\ndef f(x): return importlib.import_module("math").sqrt(x)', None),
        ('def f(x): return "keras" + x', None),
        ('import importlib\ndef f(x): return importlib.import_module("math").sqrt(x @ W)', None),
        (PARTIAL, "nnutils.optimizers.elementwise.Adam"),
        ("def f(x): return feature_means(x)", "the course's own feature_means"),
        ("other = feature_means\ndef f(x): return other(x)", "the course's own feature_means"),
        ("def f(x): return x.mean(axis=0)", None),
        ("def f(x): return np.mean(x, axis=0)", None),
        ("def Adam(): return 1\ndef f(x): return Adam()", None),
        ("def f(x): return x.Adam()", None),
        ("def f(x):\n    import math\n    return math.sqrt(x)", None),
        ("def f(x: Adam) -> Adam:\n    y: Adam = x\n    return y", None),
        ("def f(x, kind=np.float32, name=Adam.__name__): return x", None),
        ("def f(x, step=Adam): return step(x)", "nnutils.optimizers.elementwise.Adam"),
        ("def f(x, *, step=Adam): return step(x)", "nnutils.optimizers.elementwise.Adam"),
        (
            "def make(step):\n    def f(x): return step(x)\n    return f\nf = make(Adam)",
            "nnutils.optimizers.elementwise.Adam",
        ),
        (f"{WRAP}@wrap\ndef f(x): return Adam(x)", "nnutils.optimizers.elementwise.Adam"),
        (f"{WRAP}@wrap\ndef f(x): return x.mean(axis=0)", None),
        (
            "import functools\n@functools.cache\ndef g(x): return Adam(x)\ndef f(x): return g(x)",
            "nnutils.optimizers.elementwise.Adam",
        ),
        ("class G(Adam): pass\ndef f(x): return G(x)", "nnutils.optimizers.elementwise.Adam"),
        ("class G(dict): pass\ndef f(x): return G(x)", None),
        ("from scipy.special import expit\ndef f(x): return expit(x)", "scipy.special.expit"),
        ("from numpy import exp\ndef f(x): return exp(x)", None),
    ],
)
def test_ready_made(source, path):
    names = {"Adam": nnutils.optimizers.Adam, "feature_means": find_exercise("feature_means"), "W": np.eye(2)}
    assert ready_made(cell(source, **names), "feature_means") == path


def test_other_exercises_may_be_called():
    function = cell("def f(x): return feature_means(x)", feature_means=find_exercise("feature_means"))
    assert ready_made(function, "another") is None
    assert ready_made(function, "another", earlier={"feature_means"}) is None
    assert ready_made(function, "another", earlier={"a_third"}) == "the course's own feature_means"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def f(x):\n    display(x)\n    return x", (["display"], [])),
        ("import matplotlib.pyplot as plt\ndef g(x): plt.plot(x)\ndef f(x): return g(x)", (["plt"], [])),
        ("def f(x):\n    import matplotlib.pyplot as plt\n    return x", (["matplotlib"], [])),
        ("def f(x):\n    with open('a') as a: return a", ([], ["open"])),
        ("def f(x): return input()", ([], ["input"])),
        ("from threading import Thread\ndef f(x): Thread()", ([], ["Thread"])),
        ("def open(x): return x\ndef f(x): return open(x)", ([], [])),
        ("def f(x):\n    print(x)\n    return np.mean(x)", ([], [])),
    ],
)
def test_what_is_done_beside_the_result(source, said):
    assert beside(cell(source)) == said


@pytest.mark.parametrize(
    "allows, path",
    [((), "keras.layers"), (("keras",), None), (("keras.layers",), None), (("keras.ops",), "keras.layers")],
)
def test_what_an_exercise_allows(allows, path):
    keras = types.ModuleType("keras.layers")
    assert ready_made(cell("def f(x): return layers.Dense(x)", layers=keras), "f", allows) == path


def test_facts_load_from_the_file_alone():
    spec = importlib.util.spec_from_file_location("facts_alone", facts.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.is_stub(cell(STUBS["raising"]))
