# ruff: noqa: E501  (a cell on a line)
import time

import pytest

from nnutils.checks.catalogue import find_exercise
from nnutils.grading.answers import answer_of
from nnutils.grading.extract import extract


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
    assert [one.source for one in extract([source]).bindings["text"]] == ["text = '''\n%time\n!ls\n'''"]


def test_magics_are_dropped_line_by_line():
    notebook = extract(["%matplotlib inline\nif 1:\n    !ls\nfiles = !ls\nx = %time 5\nnp.mean?\n?x\ny = 2"])
    assert list(notebook.bindings) == ["y"] and not notebook.broken


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
    ]
    assert extract(cells).answers == {"why": "b", "how": "d", "who": "a"}


def test_long_hostile_lines_are_read_in_no_time():
    begun = time.process_time()
    lines = [
        " " * 150_000 + "x",
        "a" * 150_000 + "!",
        "a, " * 50_000 + "!",
        "x = 1;" * 30_000,
        "%" * 150_000,
        "a" * 190_000 + "?(",
    ]
    extract([line + "\n(" for line in lines] + lines)
    assert time.process_time() - begun < 20
