"""Where Keras is not installed, the cells that need it say so, and the others run."""

import json
import pickle
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from IPython.core.interactiveshell import InteractiveShell

import nnutils
from nnutils.checks import absent, check, objections
from nnutils.checks.catalogue import exercises_of, lessons
from nnutils.checks.errors import CheckFailed
from nnutils.checks.released import exercises_from, without_answers

ROOT = Path(__file__).parents[2]
HIDE = """
from importlib.machinery import PathFinder

find = PathFinder.find_spec
PathFinder.find_spec = lambda name, *more: None if name in ("keras", "tensorflow") else find(name, *more)
"""
RUN = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": sys.argv[2]}}).execute()
nbformat.write(notebook, sys.argv[3])
"""


@pytest.fixture
def notebook(monkeypatch):
    """Run cells as a notebook without Keras does: what each printed; None where it raised an error."""
    shell = InteractiveShell()
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(absent.importlib.util, "find_spec", lambda name: None)
    absent.goes_on_without_keras()
    absent.goes_on_without_keras()
    assert sum(isinstance(known, absent.WithoutKeras) for known in shell.ast_transformers) == 1

    def run(capsys, *cells):
        printed = []
        for cell in cells:
            result = shell.run_cell(cell)
            printed.append(capsys.readouterr().out.strip() if result.success else None)
        return printed

    return run


def test_a_cell_that_imports_keras_and_those_that_build_on_it_are_left_out(notebook, capsys):
    assert notebook(
        capsys,
        "import keras\nmodel = keras.Sequential()",
        "losses = model.fit()\nprint(losses)",
        "def mean(x):\n    return sum(x) / len(x)",
        "print(mean(losses))",
        "print(mean([1, 3]))",
        "losses = [1, 2]",
        "print(losses)",
    ) == [absent.SAID, absent.SAID, "", absent.SAID, "2.0", "", "[1, 2]"]


@pytest.mark.parametrize(
    "cell",
    [
        "from keras import layers as parts",
        "if True:\n    import tensorflow as parts",
        "with open('x') as parts:\n    from keras.layers import Dense",
    ],
)
def test_each_way_to_import_it(notebook, capsys, cell):
    assert notebook(capsys, cell, "print(parts)") == [absent.SAID, absent.SAID]


def test_a_function_that_would_import_it_later_is_defined(notebook, capsys):
    assert notebook(capsys, "def build():\n    import keras", "print(callable(build))") == ["", "True"]


def test_what_else_such_a_cell_imports_is_imported(notebook, capsys):
    assert notebook(
        capsys, "import keras\nimport math\nx = math.pi", "print(math.floor(3.5))", "print(x)"
    ) == [
        absent.SAID,
        "3",
        absent.SAID,
    ]


CHECKED = (
    "from nnutils.checks import absent, check\ncheck = absent.of_this_install(check)",
    "def freeze(model):\n    return model.layers",
    "freeze = check(freeze)",
    "frozen = freeze(None)",
    "print(frozen)",
    "def mean(x):\n    return sum(x) / len(x)\nprint(mean([1, 3]))",
    "def freeze(model):\n    return model",
    "freeze = check(freeze)",
)
UNCHECKED = absent.UNCHECKED.format(name="freeze")


def test_an_answer_that_makes_a_keras_model_is_not_checked_and_the_notebook_goes_on(notebook, capsys):
    printed = notebook(capsys, *CHECKED)
    said = f"○ {UNCHECKED}"
    assert printed == ["", "", said, absent.SAID, absent.SAID, "2.0", "", said]


def test_so_it_is_in_a_released_course(notebook, capsys, tmp_path, monkeypatch):
    (whole,) = (item for item in exercises_of("transfer_learning") if item.name == "freeze")
    file = tmp_path / "transfer_learning.key"
    file.write_bytes(pickle.dumps({"exercises": {"freeze": without_answers(whole)}, "questions": {}}))
    released = exercises_from(file, "nnutils.lessons.transfer_learning.exercises.freeze")
    assert released["freeze"].answer_key is not None
    monkeypatch.setattr(objections, "find_exercise", lambda name: released[name])
    assert notebook(capsys, *CHECKED)[2:4] == [f"○ {UNCHECKED}", absent.SAID]


def test_the_exercises_with_keras_are_known():
    found = {item.name for topic in lessons() for item in exercises_of(topic) if item.needs_keras}
    assert found == {"build_transfer_model", "freeze", "unfreeze", "fine_tune", "adapt", "build_autoencoder"}


def test_all_others_are_checked_as_ever(monkeypatch):
    asked = []
    monkeypatch.setattr(absent.importlib.util, "find_spec", lambda name: None)
    checks = absent.of_this_install(asked.append)

    def ewma(theta, beta):
        return theta

    for thing in (ewma, "freeze", 3, len, lambda x: x):
        checks(thing)
    assert asked[:4] == [ewma, "freeze", 3, len] and len(asked) == 5


def test_nbgrader_does_not_call_it_valid(monkeypatch, capsys):
    monkeypatch.setattr(absent.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")

    def freeze(model):
        return model

    with pytest.raises(CheckFailed, match="full install"):
        absent.of_this_install(check)(freeze)
    with pytest.raises(ModuleNotFoundError, match="needs Keras"):
        absent.NeedsKeras(exercises_of("transfer_learning")[0])()


def test_where_keras_is_installed_nothing_is_done(monkeypatch):
    assert nnutils.check is check
    shell = SimpleNamespace(ast_transformers=[], user_ns={})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    absent.goes_on_without_keras()
    assert shell.ast_transformers == []


def test_a_lesson_with_a_keras_part_runs_to_its_end_without_keras(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(HIDE, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("NNUTILS_RECORD", "off")
    lesson = next((ROOT / "notebooks").glob("11_*.ipynb"))
    ran = tmp_path / "ran.ipynb"
    subprocess.run([sys.executable, "-c", RUN, str(lesson), str(tmp_path), str(ran)], check=True)
    cells = [
        cell for cell in json.loads(ran.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"
    ]
    left_out = [
        cell for cell in cells if any(absent.SAID in "".join(out.get("text", [])) for out in cell["outputs"])
    ]
    assert left_out and all("keras" in "".join(cell["source"]) for cell in left_out[:1])
    assert not any(out["output_type"] == "error" for cell in cells for out in cell["outputs"])
    assert cells[-1]["execution_count"] == len(cells)
