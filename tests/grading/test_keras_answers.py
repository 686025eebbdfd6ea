"""Answers that return Keras models: right, wrong and hostile ones. An attack gets nothing, and nothing of the course."""
# ruff: noqa: E501  (an attack on a line)

import dataclasses
import importlib.util
import inspect
import textwrap

import pytest

from coursekit.grading import models
from coursekit.grading.grade_notebook import Grader
from coursekit.grading.models import keras_runner
from coursekit.grading.words import SAID_NOTHING
from coursekit.sandbox.runner import Runner
from coursekit.sandbox.setup import Limits
from nnutils.checks.catalogue import find_exercise
from nnutils.checks.check import examine
from nnutils.checks.faults import plain_source

needs_keras = pytest.mark.skipif(
    bool(models.unavailable()), reason=models.unavailable() or "Keras can be used here"
)
TOPIC = "transfer_learning"
HONEST = "def unfreeze(model, from_layer):\n    for layer in model.layers[from_layer:]: layer.trainable = True\n    return model"
RIGHT = "for layer in model.layers[:-1]: layer.trainable = False\n    model.layers[-1].trainable = True"
FRAMES = "import sys; f = sys._getframe(); frames = [f]\n    while f.f_back: f = f.f_back; frames.append(f)\n    at = {k: v for f in frames for k, v in f.f_locals.items()}\n    e = sys.modules['coursekit.sandbox.codec'].encode; Run = sys.modules['nnutils.checks.run'].Run\n    "
VERDICT = "{'status': 'passed', 'headline': '', 'details': (), 'mistake': None, 'cases': (True,) * 3, 'sentence': ''}"
MODULE = "import sys; m = sys.modules['nnutils.{}']; "
SENT = (
    MODULE.format("checks.sent")
    + "one = m.SentModel('Sequential', {}, [], [], [], True, None); sys.modules['nnutils.checks.run'].sent = lambda *a: one; return 1"
)
LAMBDA = '{"module": "keras", "class_name": "Sequential", "config": {"layers": [{"module": "keras.layers", "class_name": "Lambda", "config": {"function": {"class_name": "__lambda__", "config": {"code": ""}}}}]}}'
ATTACKS = {  # name → body of an answer that is wrong
    "ends its process": "import os; os._exit(0)",
    "ends it with a crash": "import os; os.abort()",
    "forges frames beforehand": FRAMES + "[at['channel'].sendall(e(Run(model), opaque=True)) for _ in range(3)]; at['channel'].sendall(e(" + VERDICT + ")); return model",
    "forges a verdict alone": FRAMES + "at['channel'].sendall(e(" + VERDICT + ")); return model",
    "forges half a frame": FRAMES + "at['channel'].sendall(b'\\x10\\0\\0\\0' + bytes(8) + b'['); return model",
    "closes its channel": FRAMES + "at['channel'].close(); return model",
    "empties the cases": FRAMES + "at['cases'].clear(); at['cases'] += [1] * 9; return model",
    "changes its request": FRAMES + "at['request'].update(name='zeros', cases=[]); return model",
    "reads the exercises": "raise NameError(open({file!r}).read())",
    "reads them through the kernel": "import tensorflow as tf; raise NameError(tf.io.read_file({file!r}).numpy().decode()[:99])",
    "imports them": "import importlib; return importlib.import_module('.'.join(['nnutils', 'lessons', 'transfer_learning', 'exercises'])).freeze(model)",
    "reads them when it is judged": "class R:\n        @property\n        def __class__(self): raise NameError(open({file!r}).read())\n    return R()",
    "reaches the network": "import socket; socket.create_connection(('127.0.0.1', 80))",
    "starts a program": "import os; os.system('true')",
    "writes a file": "model.save_weights('/tmp/x.weights.h5'); return model",
    "patches a property of Keras": "import keras; keras.Layer.trainable = property(lambda self: False, lambda self, flag: None); return model",
    "patches a method of Keras": "import keras; keras.Model.get_weights = keras.Layer.get_weights = lambda self: []; return model",
    "patches NumPy": "import numpy as np; np.array_equal = np.allclose = lambda *a, **k: True; return model",
    "patches the judge": MODULE.format("checks.expected") + "m._verdict_of_judge = lambda *a: None; return model",
    "patches the code of the judge": MODULE.format("checks.expected") + "m._verdict_of_judge.__code__ = (lambda *a: None).__code__; return model",
    "patches what judges look with": MODULE.format("checks.models") + "m.flags_of = lambda model: [False] * (len(model.layers) - 1) + [True]; return model",
    "patches the reply": "import sys; m = sys.modules['coursekit.grading.model_judge']; m.reply = lambda *a: 1; return model",
    "patches what is sent": MODULE.format("checks.run") + "m.sent = lambda value, held: 1; return model",
    "sends a description of its own": SENT.format("'{}'"),
    "sends a Lambda": SENT.format(repr(LAMBDA)),
    "sends a module's name": SENT.format(repr(LAMBDA.replace("keras.layers", "os").replace("Lambda", "system"))),
    "sends what is deep": SENT.format("'[' * 10**5"),
    "sends what is long": SENT.format("'x' * 10**6"),
    "sends markup for a name": SENT.format("''").replace("'Sequential'", "'<b>`' + chr(27) + '[2J' * 99"),
    "sends settings that are none": SENT.format("''").replace("None)", "5)"),
    "patches isinstance": "import builtins; builtins.isinstance = lambda *a: True; return model",
    "is equal to everything": "import keras\n    class Liar(keras.Sequential):\n        layers = property(lambda self: Every())\n        __eq__ = lambda *a: True\n        __hash__ = None\n    class Every(list):\n        __eq__ = __ge__ = lambda *a: True\n    return Liar()",
    "has weights of its own kind": "import keras\n    class V(keras.Variable):\n        def numpy(self): return model.get_weights()[0]\n    model.layers[0].x = V([1.0]); return model",
    "is of a class that lies": "class L:\n        __class__ = property(lambda self: type(model))\n        layers, trainable, trainable_weights, _flatten_layers = [], True, [], lambda self: []\n    return L()",
    "has a method of its own": "model._flatten_layers = lambda *a, **k: iter(()); return model",
    "is huge": "import keras; return keras.Sequential([keras.Input((10**5,)), keras.layers.Dense(10**5)])",
    "takes all memory": "import numpy as np; x = [np.ones(10**8) for _ in range(100)]; return model",
    "leaves a thread": "import threading, time; threading.Thread(target=time.sleep, args=(600,)).start(); return model",
    "leaves a thread that forges": FRAMES + "import threading\n    def later():\n        while True: at['channel'].sendall(e(" + VERDICT + "))\n    threading.Thread(target=later, daemon=True).start(); return model",
    "starts threads without end": "import threading, time\n    while True: threading.Thread(target=time.sleep, args=(600,)).start()",
    "traces": "import sys, threading; sys.settrace(lambda f, e, a: f.f_locals.clear()); threading.setprofile(print); return model",
    "raises from its text": "class E(Exception):\n        def __str__(self): raise self\n    raise E",
    "never stops raising": "class M:\n        def __getattr__(self, name): raise RecursionError\n    return M()",
    "returns the judge's words": "return 'passed'",
    "returns ten thousand models": "return [model] * 10**4",
}  # fmt: skip
WAITS = {"starts threads without end"}  # for one that has no memory to begin
LOOPS = {
    "loops": "while True: pass",
    "loops when it is judged": "class L:\n        @property\n        def __class__(self):\n            while True: pass\n    return L()",
}  # fmt: skip


@pytest.fixture(scope="module")
def runner():
    with Runner(Limits(seconds=5.0, memory=600 << 20)) as runner:
        yield runner


def _assert_honest_is_exact(items):
    honest = items["unfreeze"]
    assert (honest.points, honest.status, honest.lost, honest.cases) == (1, "passed", None, (True,) * 4)


def _attacked(mark, body):
    items = mark(f"def freeze(model):\n    {body}", HONEST, topic=TOPIC)
    _assert_honest_is_exact(items)
    return items["freeze"]


@pytest.fixture
def short_limit(mark, runner, monkeypatch):
    """Answers are ended after 6 s. What is graded before lets Keras come up within the whole limit."""
    assert mark(HONEST, topic=TOPIC)["unfreeze"].points == 1
    larger = keras_runner(runner)
    monkeypatch.setattr(larger, "limits", dataclasses.replace(larger.limits, seconds=6.0))


@needs_keras
@pytest.mark.parametrize("name", ATTACKS)
def test_attack_earns_nothing(mark, name, request):
    if name in WAITS:
        request.getfixturevalue("short_limit")
    item = _attacked(
        mark,
        ATTACKS[name].replace("{file!r}", repr(inspect.getsourcefile(find_exercise("freeze").reference))),
    )
    assert (item.points, item.status) == (0, "failed"), item
    assert item.sentence.isprintable() and len(item.sentence) < 600
    assert (
        "It calls" not in item.sentence and "leans on" not in item.sentence
    )  # it was run, and not only refused for what it calls
    assert "layer in model" not in item.sentence and "Exercise freeze" not in item.sentence, (
        "the answer got out"
    )


@needs_keras
@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_ended(mark, short_limit, name):
    item = _attacked(mark, LOOPS[name])
    assert item.points == 0 and "within 6 s" in item.sentence


@needs_keras
def test_nothing_of_the_exercise_is_there_while_the_answer_runs(mark):
    look = "import linecache, sys; raise NameError(str([m for m in [*sys.modules, *linecache.cache] if 'exercises' in m]))"
    assert "NameError: []" in _attacked(mark, look).sentence


FAKE = """
    import sys, types, linecache
    real = sys.modules["nnutils.checks.models"]; fake = types.ModuleType("nnutils.checks.models")
    vars(fake).update(vars(real)); fake.wrong_with_new_head = {}
    sys.modules["nnutils.checks.models"] = fake
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])"""
SPY = """lambda *a: (
        f"the new model's output should have the shape (None, {linecache.getline([name for name in linecache.cache if 'transfer_learning' in name][0], 60)[:40]}), yours has "
        + next(entry for entry in linecache.cache.values() if 'clone_model' in ''.join(entry[2]))[2][60][:40]
    )"""
REPLACED = {"a judge that says nothing": "lambda *a: None", "a judge that tells the source": SPY}


@needs_keras
@pytest.mark.parametrize("name", REPLACED)
def test_a_replaced_module_earns_and_tells_nothing(mark, name):
    body = f"def build_transfer_model(base, n_classes):\n    {FAKE.format(REPLACED[name]).strip()}"
    items = mark("import keras", body, HONEST, topic=TOPIC)
    item = items["build_transfer_model"]
    assert (item.points, item.cases) == (0, (False,) * 3)
    assert not any(word in item.sentence for word in ("clone_model", "set_weights", "copy", "Dense", "def "))
    _assert_honest_is_exact(items)


@needs_keras
def test_a_name_that_an_answer_chose_is_cut_and_tells_no_lent_answer(mark):
    """Beside an answer that calls a lent one, the source of that one could stand in a name."""
    liar = "def {0}:\n    return type('N' + 'the_source_' * 9, (), {{}})()"
    items = mark(liar.format("unfreeze(model, from_layer)"), topic=TOPIC)
    assert "a Nthe_source_" in items["unfreeze"].sentence and len(items["unfreeze"].sentence) < 120
    lent = liar.format("fine_tune(model, data, phases)").replace("return", "freeze\n    return")
    items = mark("def freeze(model):\n    return 0", lent, topic=TOPIC)
    assert "the_source_" not in items["fine_tune"].sentence
    assert SAID_NOTHING.capitalize()[1:] in items["fine_tune"].sentence


@needs_keras
def test_results_that_are_numbers_are_compared(mark):
    right = plain_source(find_exercise("adapt").reference)
    assert mark("import keras", right, topic=TOPIC)["adapt"].points == 3
    item = mark("def adapt(model, X, y, lr):\n    return model", topic=TOPIC)["adapt"]
    assert item.points == 0 and "another kind of thing" in item.sentence


BUILD = """
def build_transfer_model(base, n_classes):
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    model = keras.Sequential([keras.Input(base.input_shape[1:]), *copy.layers[:-1], keras.layers.Dense(n_classes)])
    {}
    return model
"""
OUT = {  # what is put on the scores → points of 3, and a word of the sentence
    "Keras' own layer": ("model.add(keras.layers.Softmax())", 3, ""),
    "an activation": ("model.add(keras.layers.Activation('softmax'))", 3, ""),
    "an operation": ("model = keras.Model(model.inputs, keras.ops.softmax(model.outputs[0]))", 3, ""),
    "a Lambda layer": ("model.add(keras.layers.Lambda(lambda z: keras.ops.softmax(z)))", 0, "`Lambda`"),
    "a layer of one's own": ("model.add(Soft())", 0, "`Soft`"),
    "a function of one's own": ("model.add(keras.layers.Activation(soft))", 0, "activation"),
    "a layer that hides": ("model.add(Hides())", 0, ""),
    "a layer that says nothing of itself": ("model.add(Silent())", 0, "Keras' own layers"),
    "noise": ("model.add(keras.layers.Softmax()); model.add(keras.layers.GaussianNoise(0.1))", 0, "noise"),
}  # fmt: skip
LAYERS = """
import keras
def soft(z): return keras.ops.softmax(z)
class Soft(keras.layers.Layer):
    def call(self, z): return keras.ops.softmax(z)
class Hides(Soft):
    def get_weights(self): return []
    weights = property(lambda self: [])
class Silent(Soft):
    def get_config(self): raise NotImplementedError
"""


@needs_keras
@pytest.mark.parametrize("name", OUT)
def test_a_model_is_judged_by_what_it_computes(mark, name):
    out, points, word = OUT[name]
    items = mark(LAYERS, BUILD.format(out), HONEST, topic=TOPIC)
    item = items["build_transfer_model"]
    assert item.points == points and word in item.sentence, item
    _assert_honest_is_exact(items)


@needs_keras
@pytest.mark.parametrize("name", OUT)
def test_the_notebook_says_the_same(name):
    import keras

    out, points, word = OUT[name]
    world = {"keras": keras, "__name__": "__main__"}
    exec(LAYERS + BUILD.format(out), world)
    verdict = examine(find_exercise("build_transfer_model"), world["build_transfer_model"])
    assert (verdict.status == "passed") == (points == 3) and (points == 3 or word in verdict.headline)


@needs_keras
def test_partial_credit(mark):
    some = "def freeze(model):\n    flags = [l.trainable for l in model.layers]\n    if not all(flags): return model\n    for l in model.layers[:-1]: l.trainable = False\n    return model"
    item = mark(some, topic=TOPIC)["freeze"]
    assert item.status == "partly right" and item.cases == (True, False, False)
    assert item.sentence.startswith("1 of 3 cases are right") and "layers should be" in item.sentence
    assert item.mistake is None  # "the head alone" is true of one of the two wrong results
    odd = "def freeze(model):\n    model.layers[2].trainable = False\n    return model"
    assert "the layers should be" in mark(odd, topic=TOPIC)["freeze"].sentence.lower()


@needs_keras
def test_leaning_on_the_notebook_is_refused(mark):
    item = mark(
        "last = -1", f"def freeze(model):\n    {RIGHT.replace(':-1', ':last')}\n    return model", topic=TOPIC
    )
    assert item["freeze"].points == 0 and "leans on" in item["freeze"].sentence


@needs_keras
def test_an_earlier_answer_that_is_wrong_is_lent(mark):
    tune = """
        def fine_tune(model, data, phases):
            import keras
            X, y = data
            histories = []
            for from_layer, lr, epochs in phases:
                unfreeze(freeze(model), from_layer)
                model.compile(keras.optimizers.Adam(lr), "sparse_categorical_crossentropy", jit_compile=False)
                histories.append(model.fit(X, y, batch_size=16, epochs=epochs, verbose=0))
            return model, histories
    """
    items = mark("def freeze(model):\n    return 0", HONEST, textwrap.dedent(tune), topic=TOPIC)
    assert (items["freeze"].points, items["fine_tune"].points) == (0, 3), items["fine_tune"]


HARMLESS = """
    import warnings, keras, numpy as np
    keras.utils.set_random_seed(1); np.random.seed(2); np.set_printoptions(precision=2); np.seterr(all="ignore")
    warnings.simplefilter("ignore"); keras.config.disable_interactive_logging(); keras.config.disable_traceback_filtering()
    print(model.summary())
    small = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1), keras.layers.Dropout(0.1)])
    small.compile("adam", "mse", metrics=["mae"], jit_compile=False)
    small.fit(np.ones((4, 2)), np.ones(4), epochs=2, validation_split=0.5, callbacks=[keras.callbacks.EarlyStopping()])
    small.predict(np.ones((4, 2))), small.evaluate(np.ones((4, 2)), np.ones(4))
    """


@needs_keras
def test_whoever_uses_much_of_keras_is_no_attacker(runner):
    cells = [f"def freeze(model):\n    {HARMLESS.strip()}\n    {RIGHT}\n    return model", HONEST]
    items, _ = Grader(runner).grade(cells, TOPIC, "ann")
    found = {item.name: item for item in items}
    assert found["freeze"].points == 1, found["freeze"]
    _assert_honest_is_exact(found)


@needs_keras
def test_where_keras_does_not_come_up_it_is_not_tried_for_ever(monkeypatch):
    tries = []

    def start(self):
        tries.append(1)
        raise OSError("none")

    with Runner(Limits()) as runner:
        monkeypatch.setattr(type(keras_runner(runner)._host), "start", start)
        for _ in range(5):
            items, _ = Grader(runner).grade([HONEST], TOPIC, "ann")
            item = next(item for item in items if item.name == "unfreeze")
            assert (item.status, item.points) == ("not graded", None) and "none" in item.sentence
    assert len(tries) == 2 * models.TRIES  # each is tried twice


@needs_keras
def test_what_it_uses_is_counted(mark, runner):
    before = runner.cpu
    mark(HONEST, topic=TOPIC)
    assert runner.cpu > before
    assert runner.layers and keras_runner(runner).layers == runner.layers


def test_without_keras_nothing_is_graded_and_the_reason_issaid(mark, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "tensorflow" else found(name)
    )
    item = mark(HONEST, topic=TOPIC)["unfreeze"]
    assert (item.status, item.points) == ("not graded", None)
    assert item.sentence == "It needs tensorflow, which the grader's Python does not have."


def test_the_grader_can_be_asked_without_a_model(runner):
    items, _ = Grader(runner).grade([], TOPIC, "ann")
    assert not any(item.points for item in items)
