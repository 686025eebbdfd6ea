# ruff: noqa: E501  (a cell on a line)
import time
from pathlib import Path

import pytest

from coursekit.grading.reading.answers import answer_of
from coursekit.grading.reading.extract import MAX_CELL, MAX_STATEMENTS, extract
from coursekit.grading.reading.notebook import code_cells
from nnutils.checks.catalogue import find_exercise

ROOT = Path(__file__).resolve().parents[2]


def _program(*cells, failed=()):
    answer = answer_of(extract(list(cells)), find_exercise("feature_means"), failed)
    return [source for _, _, source in answer.program]


ANSWER = "def feature_means(X):\n    return "


def test_only_what_the_answer_needs_is_taken():
    cells = [
        "import numpy as np\nimport os",
        "A = 1; B = A + 1\nC = B",
        f"{ANSWER}np.mean(X, B - 2)",
        "B = 2",
        "print(B)",
        "for i in []: B = 3",
    ]
    assert _program(*cells) == ["import numpy as np", "A = 1", "B = A + 1", cells[2], "B = 2"]


def test_names_inside_helpers_classes_decorators_and_defaults_count():
    cells = [
        "import functools\nimport math\nscale = 2\nD = 0\nclass Base: pass\nclass Sum(Base):\n    def of(self, x): return half(x)",
        "def half(x): return math.floor(x) / scale",
        "@functools.cache\ndef wrap(x): return x",
        "@functools.wraps(wrap)\ndef feature_means(X, axis=D):\n    def inner(): return Sum().of(X)\n    return inner()",
    ]
    found = "\n".join(_program(*cells))
    assert all(
        word in found
        for word in (
            "import math",
            "scale = 2",
            "class Base",
            "class Sum",
            "def half",
            "@functools.cache",
            "D = 0",
        )
    )


def test_local_variables_drag_nothing_in():
    assert _program("X = slow()\nmean = slow()", f"{ANSWER}[mean for mean in X.mean(0)]") == [
        f"{ANSWER}[mean for mean in X.mean(0)]"
    ]


def test_attributes_drag_nothing_in():
    assert len(_program("mean = slow()", f"{ANSWER}X.mean(0)")) == 1


def test_lines_keep_their_numbers():
    answer = answer_of(extract(["", f"import os\n\n\n{ANSWER}1"]), find_exercise("feature_means"))
    assert answer.program == (("code cell 2", 4, f"{ANSWER}1"),)


def test_subscript_assignments_belong_to_their_name():
    assert _program("T = {}\nT['a'] = 1\nimport os\nos.environ['x'] = '1'", f"{ANSWER}T")[:2] == [
        "T = {}",
        "T['a'] = 1",
    ]


def test_stars_are_taken_where_a_name_is_unknown():
    assert _program("from numpy import *", f"{ANSWER}mean(X, 0)")[0] == "from numpy import *"
    assert len(_program("from numpy import *", f"{ANSWER}len(X)")) == 1


@pytest.mark.parametrize(
    "cell", ["%%bash\nrm -rf x", "%%writefile f.py\ndef feature_means(X): pass", "%%html\n<b>"]
)
def test_cells_in_other_languages_are_dropped(cell):
    notebook = extract([cell])
    assert not notebook.bindings and not notebook.broken


def test_percent_signs_in_python_stay():
    source = "x = (7\n% 4)\ntext = '''\n%time\n!ls\n'''"
    assert [statement.source for statement in extract([source]).bindings["text"]] == [
        "text = '''\n%time\n!ls\n'''"
    ]


def test_magics_are_read_as_the_kernel_reads_them():
    notebook = extract(["%matplotlib inline\nif 1:\n    !ls\nfiles = !ls\nx = %time 5\nnp.mean?\n?x\ny = 2"])
    assert list(notebook.bindings) == ["files", "x", "y"] and not notebook.broken
    assert notebook.bindings["x"][0].source == "x = 5" and notebook.bindings["y"][0].line == 8


def test_broken_cells_are_named():
    assert extract(["x = 1", "def f(:", "\0"]).broken == [
        "code cell 2 is no Python (line 1)",
        "code cell 3 is no Python",
    ]


def test_quiz_answers_are_found_and_the_last_one_holds():
    cells = [
        "why = None",
        "why = 'a'",
        "quiz('why', why)",
        "why = 'b'  # no, b",
        "how = 'c'",
        "quiz('how', 'd')",
        "nnutils.quiz('who', 'a')",
        "why = None",
        "when = None\nif when is None:\n    when = 'c'",
    ]
    assert extract(cells).answers == {"why": "b", "how": "d", "who": "a", "when": "c"}


LONG = {
    "spaces": " " * 49_000 + "x",
    "shell": "a" * 49_000 + "!",
    "commas": "a, " * 16_000 + "!",
    "statements on a line": "x = 1;" * 800,
    "percents": "%" * 49_000,
    "help": "a" * 49_000 + "?(",
    "brackets": "x = " + "(" * 24_000 + ")" * 24_000,
    "signs": "x = " + "-" * 49_000 + "1",
    "sum": "x = " + "+".join(["a"] * 24_000),
    "attributes": "x = a" + ".b" * 24_000,
    "elifs": "if a:\n  pass\n" + "elif a:\n  pass\n" * 3_000,
    "digits": "x = " + "9" * 49_000,
    "open brackets": "x = (\n" * 8_000,
}


@pytest.mark.parametrize("name", sorted(LONG))
def test_long_hostile_code_is_read_in_no_time_and_costs_its_cell_only(name):
    begun = time.process_time()
    notebook = extract([LONG[name], f"{LONG[name]}\n(", "y = 2"])
    assert [*notebook.bindings][-1] == "y" and time.process_time() - begun < 10
    assert any(line.startswith("code cell 2 is no Python") for line in notebook.broken)


def test_what_is_too_much_is_left_out_and_said():
    long = extract(["x = 1", "y = '" + "a" * MAX_CELL + "'", "z = 3"])
    assert [*long.bindings] == ["x", "z"]
    assert long.broken == ["code cell 2 is left out: it is longer than 50000 characters"]
    heavy = extract([f"x{i} = '{'a' * 40_000}'" for i in range(9)])
    assert [*heavy.bindings] == ["x0", "x1", "x2", "x3"]
    assert heavy.broken == [
        "code cell 5 and all after it are left out: the code is longer than 200000 characters"
    ]
    many = extract(["x = 1\n" * 3_000, "y = 1\n" * 3_000, "z = 1"])
    assert [*many.bindings] == ["x"] and len(many.bindings["x"]) == 3_000
    assert many.broken == ["code cell 2 and all after it are left out: there are more than 5000 statements"]


def test_not_every_cell_of_a_thousand_bad_ones_is_named():
    broken = extract(["f("] * 1_000).broken
    assert len(broken) == 21 and broken[-1] == "and 980 more cells are left out"


def test_nothing_that_is_handed_out_is_near_these_bounds():
    for file in sorted((ROOT / "solutions").glob("*.ipynb")):
        cells = code_cells(file)
        notebook = extract(["\n".join(cells)])  # all of a lesson in one cell
        assert not notebook.broken and sum(map(len, notebook.bindings.values())) < MAX_STATEMENTS / 5
