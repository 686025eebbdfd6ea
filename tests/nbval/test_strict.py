"""The validation itself is tested: notebooks with a fault each must fail, in the cell that has it."""

import copy
import functools
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output, writes

from coursekit.authoring.execute import execute

ROOT = Path(__file__).parents[2]
HTML = "from IPython.display import HTML, display\ndisplay(HTML('<b>{}</b>'))"
SHOW = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
FIGURE = (
    "from nnutils.figures.style import panels, show\n"
    "figure, axes = panels()\nshow(figure, 'a frame and nothing in it')"
)
WIDGET = "import ipywidgets\nipywidgets.IntSlider(3)"
SWALLOWED = "import ipywidgets\nipywidgets.interact(lambda a: 1 / 0, a=(1, 3))"
STDERR = "import os, sys\nprint(os.getpid(), file=sys.stderr)"
NAMES = ["OMP_NUM_THREADS", "NNUTILS_RECORD", "KERAS_BACKEND", "PYTHONHASHSEED", "COLUMNS"]
ENVIRONMENT = f"import os\nprint([os.environ.get(name) for name in {NAMES}])\nprint(os.environ['MPLBACKEND'])"
VALUES = "['1', 'off', 'tensorflow', '0', None]\nmodule://matplotlib_inline.backend_inline\n"
DEAD = "import os\nprint('last words', flush=True)\nos._exit(1)"
KILLED = "import os, signal\nos.kill(os.getpid(), getattr(signal, 'SIGKILL', signal.SIGTERM))"


def executed(*more):
    """A notebook as the build leaves it; `more` are stored cells put after it."""
    notebook = copy.deepcopy(_executed())
    for cell in stored(*more).cells:
        notebook.cells.append(cell)
    return notebook


@functools.cache
def _executed():
    sources = ["a = 1\na", "print(a)", HTML.format(1), WIDGET, f"{SHOW}\n{STDERR}"]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    return execute(notebook)


def stored(*cells):
    """A notebook that claims to have printed something; a cell is its source and what it printed."""
    made = []
    for number, (source, text) in enumerate(cells, start=1):
        outputs = [new_output("stream", name="stdout", text=text)] if text else []
        made.append(new_code_cell(source, execution_count=number, outputs=outputs))
    return new_notebook(cells=made)


def tagged(tag, share=1, of=1):
    """A notebook of `of` right cells, `share` of which are tagged."""
    notebook = stored(*[("print(1)", "1\n")] * of)
    for cell in notebook.cells[:share]:
        cell.metadata["tags"] = [tag]
    return notebook


def moved():
    """Numbers that moved: by what they may in cells 0 to 2, further in the others."""
    notebook = stored(
        ("print('loss 0.123')", "loss 0.124\n"),
        ("print('right: 91 %')", "right: 92 %\n"),
        ("print('chaos 0.400 ± 5 %')", "chaos 0.415 ± 5 %\n"),
        ("print('loss 0.123')", "loss 0.125\n"),
        ("print('right: 91 %')", "right: 93 %\n"),
        ("print('chaos 0.400 ± 5 %')", "chaos 0.430 ± 5 %\n"),
        ("print('12 steps')", "13 steps\n"),
        ("print('good fit: 0.5')", "high bias: 0.5\n"),
        ("print('✔ it falls by 0.5')", "✔ it falls by 0.6\n"),
    )
    for number in (2, 5):
        notebook.cells[number].metadata["tags"] = ["moves-5%"]
    return notebook


def moves(text, tag):
    """A cell that prints the text and says by its tag how far its numbers may move."""
    notebook = stored((f"print('{text}')", f"{text}\n"))
    notebook.cells[0].metadata["tags"] = [tag]
    return notebook


def not_run(*sources):
    return new_notebook(cells=[new_code_cell(source) for source in sources])


def right():
    """What may differ does: the pictures, stderr, an ignored output."""
    notebook = executed((ENVIRONMENT, VALUES), ("print(1)", ""), (FIGURE, ""))
    data = {
        "text/plain": "<Figure size 720x288 with 1 Axes>",
        "text/html": '<img alt="another" src="data:,A">',
    }
    notebook.cells[7].outputs = [new_output("display_data", data=data)]
    assert "image/png" in notebook.cells[4].outputs[0].data
    notebook.cells[4].outputs[0].data["image/png"] = "AAAA"
    notebook.cells[6].metadata["tags"] = ["nbval-ignore-output"]
    return notebook


def faulty():
    """What may not differ does, but in the cells 0 and 3."""
    more = [("print(0.123)", "0.125\n"), ("b = 1", "1\n"), ("print(1)", ""), (SWALLOWED, "")]
    notebook = executed(*more)
    notebook.cells[1].outputs[0].text = "2\n"
    notebook.cells[2].outputs[0].data["text/html"] = "<b>2</b>"
    notebook.cells[4].outputs = []
    return notebook


def gap():
    notebook = stored(("print(1)", "1\n"), ("print(2)", "2\n"))
    notebook.cells[1].execution_count = 3
    return notebook


RIGHT = [
    ("solutions", "right", right),
    ("notebooks", "right", lambda: not_run("print(1)", ENVIRONMENT)),
]
WRONG = [  # folder, name, notebook, the cells that must fail
    ("solutions", "faulty", faulty, [1, 2, 4, 5, 6, 7, 8]),
    ("solutions", "moved", moved, [3, 4, 5, 6, 7, 8]),
    ("solutions", "exits", lambda: stored(("a = 1", ""), (DEAD, "last words\n"), ("a", "")), [1, 2]),
    ("solutions", "killed", lambda: stored((KILLED, "")), [0]),
    ("notebooks", "raises", lambda: not_run("a = 1", "1 / 0", "a"), [1]),
]
RULES_KEPT = [
    ("solutions", "moves", lambda: moves("0.5 ± 5 %", "moves-5%")),
    ("solutions", "few_ignored", lambda: tagged("nbval-ignore-output", 2, 20)),
    ("notebooks", "not_run", lambda: not_run("print(1)", "print(2)")),
]
RULES_BROKEN = [
    ("solutions", "moves_too_far", lambda: moves("0.5 ± 20 %", "moves-20%")),
    ("solutions", "moves_in_silence", lambda: moves("0.5", "moves-5%")),
    ("solutions", "not_run", lambda: not_run("print(1)")),
    ("solutions", "out_of_order", gap),
    ("solutions", "empty", not_run),
    ("solutions", "ignored", lambda: tagged("nbval-ignore-output", 2, 10)),
    ("solutions", "many_ignored", lambda: tagged("nbval-ignore-output", 4, 60)),
    ("solutions", "skipped", lambda: tagged("nbval-skip")),
    ("solutions", "raises", lambda: tagged("raises-exception")),
    ("solutions", "nbval_raises", lambda: tagged("nbval-raises-exception")),
    ("solutions", "comment", lambda: stored(("# NBVAL_IGNORE_OUTPUT\nprint(1)", "2\n"))),
    ("notebooks", "skips", lambda: tagged("nbval-skip")),
    ("notebooks", "not_json", lambda: "{"),
]


def validate(root, notebooks, *options):
    """One pytest run over notebooks: the outcome of every test, and the report."""
    shutil.copy(ROOT / "conftest.py", root)
    (root / "pytest.ini").touch()
    for folder, name, make, *_ in [*notebooks, ("elsewhere", "data", lambda: not_run("1 / 0"))]:
        (root / folder).mkdir(exist_ok=True)
        notebook = make()
        text = notebook if isinstance(notebook, str) else writes(notebook)
        (root / folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "-p",
        "no:cacheprovider",
        "--junitxml=report.xml",
        *options,
    ]
    run = subprocess.run([*command, "."], cwd=root, capture_output=True, text=True, timeout=300)
    return outcomes(root / "report.xml"), run.stdout + run.stderr


def outcomes(report):
    """(folder, name) → the names of its tests that failed, and of all of them with their seconds."""
    found = {}
    for case in ET.parse(report).iter("testcase"):
        *_, folder, name, _ = case.get("classname").split(".")
        failed, every = found.setdefault((folder, name), (set(), {}))
        every[case.get("name")] = float(case.get("time"))
        if case.find("failure") is not None or case.find("error") is not None:
            failed.add(case.get("name"))
    return found


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """What became of the cells. In parallel, as in the course's own test."""
    options = ("-k", "Cell", "--nbval-cell-timeout=30", "-n", "2", "--dist", "loadfile", "--color=no")
    return validate(tmp_path_factory.mktemp("cells"), [*RIGHT, *WRONG], *options)


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """What became of the rules, which need no kernel."""
    return validate(
        tmp_path_factory.mktemp("rules"), [*RULES_KEPT, *RULES_BROKEN], "-k", "rules", "-p", "no:xdist"
    )


def names(notebooks):
    return [one[:2] for one in notebooks]


@pytest.mark.parametrize("folder, name", names(RIGHT))
def test_right_notebook_passes(cells, folder, name):
    failed, every = cells[0][folder, name]
    assert every and not failed, cells[1]


@pytest.mark.parametrize("folder, name, wrong", [(one[0], one[1], one[3]) for one in WRONG])
def test_fails_in_the_cell_with_the_fault(cells, folder, name, wrong):
    failed, _ = cells[0][folder, name]
    assert failed == {f"Cell {number}" for number in wrong}, cells[1]


def test_dead_kernel_is_told_and_at_once(cells):
    assert cells[1].count("The kernel died in this cell") >= 2  # where CI is set, the summary repeats them
    assert (
        cells[0]["solutions", "exits"][1]["Cell 1"] < 20
    )  # seconds; nbval alone waits for the cell's whole time
    assert cells[0]["solutions", "killed"][1]["Cell 0"] < 60  # its kernel's start included


def test_a_cell_that_never_ends_fails_after_its_time(tmp_path):
    endless = ("solutions", "endless", lambda: stored(("import time\ntime.sleep(1000)", "")))
    options = ("-k", "Cell", "--nbval-cell-timeout=3", "-p", "no:xdist", "--color=no")
    found, report = validate(tmp_path, [endless], *options)
    assert found["solutions", "endless"][0] == {"Cell 0"} and "Timeout of 3 seconds exceeded" in report, (
        report
    )


@pytest.mark.parametrize("folder, name", names(RULES_KEPT))
def test_rules_are_kept(rules, folder, name):
    failed, every = rules[0][folder, name]
    assert not failed and {*every} == {"rules"}, rules[1]


@pytest.mark.parametrize("folder, name", names(RULES_BROKEN))
def test_rules_are_broken(rules, folder, name):
    assert rules[0][folder, name][0] == {"rules"}, rules[1]


def test_notebooks_elsewhere_are_left_alone(cells, rules):
    assert ("elsewhere", "data") not in cells[0] | rules[0]
