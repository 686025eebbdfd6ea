"""Two readers of one answer: `check` in a real kernel and the grader say the same of every form in which it is written."""

from __future__ import annotations

import json
import re

import pytest
from jupyter_client.manager import start_new_kernel

from coursekit.grading.grade_notebook import Grader
from coursekit.grading.reading.extract import extract

from .forms import DIFFERENT, FORMS, TOLD

RIGHT, WRONG = "X.mean(axis=0)", "X.sum(axis=0) * 3"
GIVEN = "import numpy as np\nfrom nnutils import check"
CHECK = "feature_means = check(feature_means)"
SHOWN = "grading shows nothing and passes over it; a function should only return its result."
WARNED = {
    "display inside": "display",
    "display imported": "clear_output, display",
    "plot inside": "plt",
    "progress bar": "tqdm",
    "magic in the function": "a magic or a shell line",
    "shell in the function": "a magic or a shell line",
}
SIGNS = {"✔": "passed", "✘": "failed", "○": "not attempted"}


RUN = """
def verdicts(file, given, check):  # imports are inside, because each form begins with an empty namespace
    import json
    from IPython.utils.capture import capture_output

    shell, found = get_ipython(), {}
    rows = json.load(open(file, encoding="utf-8"))
    for key, cells in rows.items():
        for name in [word for word in shell.user_ns if word not in shell.user_ns_hidden]:
            del shell.user_ns[name]
        with capture_output():
            for cell in (given, *cells):
                shell.run_cell(cell)
        with capture_output() as said:
            error = shell.run_cell(check).error_in_exec
        shown = [output.data.get("text/plain", "") for output in said.outputs]
        found[key] = "\\n".join([said.stdout, *shown, f"error {error!r}" if error else ""])
    with open(file, "w", encoding="utf-8") as out:
        json.dump(found, out)

verdicts(FILE, GIVEN, CHECK)
"""


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What `check` says of every form in a real kernel, which is begun anew for each: "form expression" → text."""
    folder = tmp_path_factory.mktemp("notebook")
    tables = {**FORMS, **{name: row[0] for name, row in (TOLD | DIFFERENT).items()}}
    rows = {
        f"{name} {expression}": [cell for cell in filled(cells, expression) if isinstance(cell, str)]
        for name, cells in tables.items()
        for expression in (RIGHT, *([WRONG] if name not in DIFFERENT else []))
    }
    file = folder / "rows.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    manager, client = start_new_kernel(cwd=str(folder))
    try:
        code = (
            RUN.replace("FILE", repr(str(file))).replace("GIVEN", repr(GIVEN)).replace("CHECK", repr(CHECK))
        )
        client.execute_interactive(code, timeout=900, allow_stdin=False, output_hook=lambda _: None)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return json.loads(file.read_text(encoding="utf-8"))


def checked(notebooks: dict[str, str], name: str, expression: str) -> tuple[str, str]:
    """The status that `check` gives in the kernel, and its text."""
    said = notebooks[f"{name} {expression}"]
    sign = re.search("[✔✘○]", said)
    return (SIGNS[sign[0]] if sign else "error"), said


def filled(cells: list, expression: str) -> list:
    """The cells of a form with an expression in the place of EXPR."""
    return [
        (cell[0], cell[1].replace("EXPR", expression))
        if isinstance(cell, tuple)
        else cell.replace("EXPR", expression)
        for cell in cells
    ]


def graded(runner, cells: list) -> tuple[str, str]:
    """The status that the grader gives to the answer, and its sentence."""
    code = [GIVEN, *(cell for cell in cells if isinstance(cell, str)), CHECK]
    notebook = extract(code, [cell for cell in cells if isinstance(cell, tuple)])
    items, _ = Grader(runner).grade_notebook(notebook, "start_here", "ann")
    item = next(item for item in items if item.name == "feature_means")
    return ("failed" if item.status == "partly right" else item.status), item.sentence


def test_the_table_is_long_enough():
    assert len({*FORMS}) + len({*TOLD}) >= 80 and all(why for *_, why in DIFFERENT.values())


@pytest.mark.parametrize("name", FORMS)
def test_a_right_and_a_wrong_answer_of_every_form(notebooks, runner, name):
    for expression, status in ((RIGHT, "passed"), (WRONG, "failed")):
        cells = filled(FORMS[name], expression)
        (here, said), (there, sentence) = checked(notebooks, name, expression), graded(runner, cells)
        assert (here, there) == (status, status), (said, sentence)


@pytest.mark.parametrize("name", WARNED)
def test_both_warn_of_what_an_answer_does_beside_its_result(notebooks, runner, name):
    here, said = checked(notebooks, name, RIGHT)
    there, sentence = graded(runner, filled(FORMS[name], RIGHT))
    assert (here, there) == ("passed", "passed")
    assert sentence == f"It uses {WARNED[name]}: {SHOWN}" and sentence in said


def test_nothing_else_is_warned_of(notebooks, runner):
    """What grading refuses is told in the notebook already; all other forms come without a warning."""
    for name in ("file inside", "threads inside"):
        assert "so it fails there" in checked(notebooks, name, RIGHT)[1]
    for name in FORMS.keys() - WARNED.keys():
        assert "It uses" not in checked(notebooks, name, RIGHT)[1], name


@pytest.mark.parametrize("name", TOLD)
def test_what_is_no_function_is_told_in_the_same_words(notebooks, runner, name):
    cells, words = TOLD[name]
    for expression in (RIGHT, WRONG):
        here, said = checked(notebooks, name, expression)
        there, sentence = graded(runner, filled(cells, expression))
        wrong = expression == WRONG and "leans" in words  # leaning is told of a right result alone
        assert (here, there) == ("failed", "failed"), (said, sentence)
        assert wrong or words in said
        assert words.casefold() in sentence.casefold()


@pytest.mark.parametrize("name", DIFFERENT)
def test_where_the_readers_differ_it_is_known_why(notebooks, runner, name):
    cells, notebook, grader, words, _ = DIFFERENT[name]
    here, said = checked(notebooks, name, RIGHT)
    there, sentence = graded(runner, filled(cells, RIGHT))
    assert (here, there) == (notebook, grader), (said, sentence)
    assert words.casefold() in sentence.casefold()
