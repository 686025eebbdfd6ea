"""Reading a stranger's code is linear, has an end, and imports nothing that the stranger chose."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time

import pytest

from coursekit.grading import words
from coursekit.grading.engine import local
from coursekit.grading.engine.local import Workers
from coursekit.grading.engine.task import Settings, Task
from coursekit.grading.reading import cells
from coursekit.grading.reading import extract as reading
from coursekit.grading.reading.answers import answer_of
from coursekit.grading.reading.extract import Clock, extract
from coursekit.grading.reading.fingerprint import fingerprints
from coursekit.grading.reading.notebook import Unreadable
from coursekit.grading.reading.stand_ins import kind_of
from nnutils.checks import facts
from nnutils.checks.catalogue import find_exercise


def many(count: int, names: int = 15) -> list[str]:
    """A notebook of one-line functions, each of which names others; the answer names them all."""
    lines = []
    for i in range(count):
        used = " + ".join(f"f{(i * 7 + j) % count}(x)" for j in range(names))
        lines.append(f"def f{i}(x): return {used}")
    answer = "def feature_means(X):\n    return " + " + ".join(f"f{i}(X)" for i in range(count))
    return ["\n".join(lines[i : i + 100]) for i in range(0, count, 100)] + [answer]


def forget() -> None:
    """Nothing is known of the code from before."""
    facts.names_in.cache_clear()
    reading._kept.cache_clear()


def seconds(count: int) -> float:
    """CPU seconds of reading such a notebook and of all that is asked of its answer without a run; the best of three."""
    found = []
    for _ in range(3):
        forget()
        begun = time.process_time()
        answer = answer_of(extract(many(count)), find_exercise("feature_means"))
        assert answer.objection() is None and answer.notebook_globals_read([]) == []
        assert len(answer.program) == count + 1
        found.append(time.process_time() - begun)
    return min(found)


def test_four_times_the_functions_take_about_four_times_as_long():
    assert seconds(800) < 8 * seconds(200)


def test_a_notebook_of_classes_and_constants_is_linear_too():
    def notebook(count: int) -> float:
        lines = [
            f"C{i} = {i}\nclass K{i}:\n    def go(self): return K{(i + 1) % count}, C{i}"
            for i in range(count)
        ]
        answer = "def feature_means(X):\n    return K0().go()"
        forget()
        begun = time.process_time()
        found = answer_of(extract([*lines, answer]), find_exercise("feature_means"))
        assert found.objection() is None and len(found.program) == 2 * count + 1
        return time.process_time() - begun

    assert min(notebook(800) for _ in range(3)) < 8 * min(notebook(200) for _ in range(3))


def test_a_cell_of_many_magics_costs_itself():
    heavy = "!ls\n" * 300 + "x = '" + "a" * 40_000 + "'"
    assert len(heavy) > cells.MOST_WORK / 300
    begun = time.process_time()
    notebook = extract([heavy, "y = 1"])
    assert [*notebook.bindings] == ["y"] and notebook.broken == ["code cell 1 is no Python"]
    assert time.process_time() - begun < 20
    assert "x" in extract(["!ls\n" * 100 + "x = 1"]).bindings


def test_reading_has_a_clock():
    with pytest.raises(Unreadable, match="takes more than 0 s"):
        extract(["x = 1"], clock=Clock(0.0))
    notebook = extract(["def half(x): return x", "def feature_means(X): return half(X)"])
    notebook.clock.seconds = 0.0
    with pytest.raises(Unreadable, match="generated code"):
        answer_of(notebook, find_exercise("feature_means"))


def test_the_clock_counts_reading_alone():
    clock = Clock(1000.0)
    with clock:
        pass
    used, until = clock.used, time.thread_time() + 0.05
    while time.thread_time() < until:
        pass
    with clock:
        clock.look()
    assert clock.used - used < 0.04


class Late:
    """A worker that never answers."""

    asked = 0

    closed = False

    def __init__(self, *_: object) -> None:
        self.missing: list[str] = []

    def ask(self, task: Task) -> None:
        Late.asked += 1
        raise local.WorkerLost("its worker did not come back", late=True)

    def close(self) -> None: ...


def test_a_notebook_that_ran_out_of_time_is_not_tried_twice(monkeypatch):
    monkeypatch.setattr(local, "WorkerConnection", Late)
    with Workers(Settings(), 1) as workers:
        results = list(workers.grade([Task("ann", "start_here", "ann/x.ipynb", "0", "x.ipynb")]))
    assert Late.asked == 1 and "did not come back" in results[0].problem


READ = """
import sys
from coursekit.grading.reading.answers import answer_of
from coursekit.grading.reading.extract import extract
from nnutils.checks.catalogue import find_exercise, lessons
find_exercise("feature_means")
before = {*sys.modules}
for line in (
    "from coursekit.grading.model_judge import anything as g", "from nnutils.lessons.dropout.plots import anything as g",
    "from nnutils.quick import anything as g",
    "from coursekit.authoring.build import anything as g", "import nnutils.quick as g", "from nnutils import quick as g",
    "from keras import layers as g", "from antigravity import geohash as g", "try:\\n    import this as g\\nexcept E:\\n    pass",
):
    answer = answer_of(extract([line, "def feature_means(X): return g(X)"]), find_exercise("feature_means"))
    answer.objection(), answer.notebook_globals_read(["g"])
print(sorted({*sys.modules} - before))
"""


def test_no_import_of_a_notebook_is_made_by_the_grader():
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(READ)], capture_output=True, text=True, check=True
    )
    new = run.stdout.strip()
    assert new == "[]", new


@pytest.mark.parametrize(
    ("module", "name", "kind"),
    [
        ("nnutils", "check", "code"), ("nnutils", "optimizers", "module"), ("nnutils.optimizers", "Adam", "code"),
        ("nnutils.checks.record", "FILE", "data"), ("nnutils.checks", "check", "code"),
        ("nnutils.optimizers.base", "np", "module"),
        ("coursekit.grading.rules", "MINUTES", "unknown"), ("nnutils.no_such", "x", "unknown"), ("os", "environ", "unknown"),
    ],
)  # fmt: skip
def test_what_the_course_binds_is_looked_up(module, name, kind):
    assert kind_of(module, name) == kind


LONG_NUMBER, DEEP = "0x" + "f" * 6_000, "a" + ".b" * 600
UNWRITABLE = {  # Python reads it, and cannot write it down again
    "number in a condition": [
        f"if {LONG_NUMBER} > 3:\n    def feature_means(X):\n        return X.mean(axis=0)"
    ],
    "number as a default": [f"def feature_means(X, a={LONG_NUMBER}):\n    return X.mean(axis=0)"],
    "number's attribute": [f"feature_means = ({LONG_NUMBER}).real"],
    "deep condition": [f"if {DEEP}:\n    def feature_means(X):\n        return X.mean(axis=0)"],
    "deep alias": [f"feature_means = {DEEP}"],
    "deep call": [f"feature_means = {DEEP}()"],
    "deep body": ["def feature_means(X):\n    return X.mean(axis=0) + " + "+".join("0" * 1_000)],
    "deep helper": [f"half = {DEEP}", "def feature_means(X):\n    return half(X)"],
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_what_cannot_be_written_down_again_costs_its_exercise_alone(mark, name):
    other = "def nearest_mean(X, means):\n    return ((X[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)"
    items = mark(*UNWRITABLE[name], other)
    assert (items["feature_means"].status, items["feature_means"].sentence) == ("failed", words.TOO_DEEP)
    assert items["nearest_mean"].status == "passed"
    fingerprints(extract(UNWRITABLE[name]), "start_here")  # ends


def test_a_program_that_is_too_long_to_send_is_wrong_and_not_left_out_of_the_marks(mark):
    names = [f"H{i}" for i in range(1_900)]
    text = f"if 'x{'x' * 10_000}' > 'a':\n" + "".join(f"    {name} = 1\n" for name in names)
    answer = f"def feature_means(X):\n    return X.mean(axis=0), {', '.join(names)}"
    begun = time.process_time()
    item = mark(text, answer)["feature_means"]
    assert (item.status, item.points) == ("failed", 0) and "longer than" in item.sentence
    assert time.process_time() - begun < 10


def test_a_sentence_that_lists_a_thousand_names_is_cut(mark):
    names = [f"h{i}" for i in range(1_000)]
    reads = mark(
        "\n".join(f"{name} = 1" for name in names),
        f"def feature_means(X):\n    return X, {', '.join(names)}",
    )
    takes = mark(f"def feature_means({', '.join(names)}):\n    return 1")
    for item in (reads["feature_means"], takes["feature_means"]):
        assert item.status == "failed" and len(item.sentence) < 1_100 and item.sentence.endswith("…"), item
