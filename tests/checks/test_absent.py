"""Where Keras is not installed, the cells that need it say so, and the others run."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from IPython.core.interactiveshell import InteractiveShell

from nnutils.checks import absent

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


def test_where_keras_is_installed_nothing_is_done(monkeypatch):
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
