"""The notebook that a student hands in: the copy that was handed out, with answers in it, saved by one program or another."""

from __future__ import annotations

import copy
import functools
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.grading.intake.topics import file_name
from coursekit.grading.rehearsal.answers import Answer
from coursekit.grading.rehearsal.habits import with_helper
from nnutils.checks.catalogue import predictions_of
from nnutils.checks.prediction import Choice, Number, Order

ROOT = Path(__file__).parents[3]
OUTPUT = 4 << 20  # characters of the notebook that prints too much
Notebook = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """A way in which a notebook can be handed in. Where it is not `readable`, it earns nothing, and that is said."""

    words: str
    save: Callable[[Notebook, str], tuple[str, bytes]]  # notebook, name of the lesson → file name, content
    readable: bool = True


def filled(topic: str, answers: Sequence[Answer], rng: random.Random) -> Notebook:
    """The student's copy of a lesson with these answers, and with a guess for each prediction."""
    notebook = copy.deepcopy(_handed_out(file_name(topic)))
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]}
    for answer in answers:
        if not answer.empty:
            cells[f"{answer.name}-answer"]["source"] = answer.source.splitlines(keepends=True)
    guesses = {asked.name: _guess(asked.form, rng) for asked in predictions_of(topic)}
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        for name, guess in guesses.items():
            if cell["cell_type"] == "code" and f"{name} = None" in source:
                cell["source"] = source.replace(f"{name} = None", f"{name} = {guess!r}").splitlines(
                    keepends=True
                )
    return notebook


def plain(notebook: Notebook, name: str) -> tuple[str, bytes]:
    """As JupyterLab saves it."""
    return f"{name}.ipynb", json.dumps(notebook, ensure_ascii=False, indent=1).encode()


def _untitled(notebook: Notebook, name: str) -> tuple[str, bytes]:
    return "Untitled5.ipynb", plain(notebook, name)[1]


def _browser_copy(notebook: Notebook, name: str) -> tuple[str, bytes]:
    return f"{name} (1).ipynb", plain(notebook, name)[1]


def _colab(notebook: Notebook, name: str) -> tuple[str, bytes]:
    for i, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {"id": f"cell{i:08d}"}
        cell.pop("id", None)
        if cell["cell_type"] == "code":
            cell["execution_count"] = None
    python = {"name": "python3", "display_name": "Python 3"}
    colab = {"provenance": [], "toc_visible": True}
    notebook["metadata"] = {"colab": colab, "kernelspec": python, "language_info": {"name": "python"}}
    notebook["nbformat_minor"] = 0
    return plain(notebook, name)


def _vs_code(notebook: Notebook, name: str) -> tuple[str, bytes]:
    for i, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {"vscode": {"languageId": "python"}} if cell["cell_type"] == "code" else {}
        cell.pop("id", None)
        if cell["cell_type"] == "code":
            cell["execution_count"] = i + 1
    python = {"display_name": ".venv", "language": "python", "name": "python3"}
    notebook["metadata"] = {"kernelspec": python, "language_info": {"name": "python", "version": "3.12.3"}}
    notebook["nbformat_minor"] = 2
    return plain(notebook, name)


def _magics(notebook: Notebook, name: str) -> tuple[str, bytes]:
    notebook["cells"].insert(0, _code("!pip install -q numpy\n%matplotlib inline"))
    for cell in _answered_functions(notebook, name):
        cell["source"] = ["%%time\n", *cell["source"]]
    return plain(notebook, name)


def _helpers(notebook: Notebook, name: str) -> tuple[str, bytes]:
    for i, cell in enumerate(_answered_functions(notebook, name)):
        source = "".join(cell["source"])
        cell["source"] = with_helper(source, f"as_it_is_{i}").splitlines(keepends=True)
    notebook["cells"].append(
        _code("# some tries of my own\nimport numpy as np\nprint(np.arange(3) @ np.arange(3))")
    )
    return plain(notebook, name)


def _prints(notebook: Notebook, name: str) -> tuple[str, bytes]:
    line = "step 0: 0.123456789 0.987654321 0.555555555\n"
    cell = _code("for step in range(90_000):\n    print(step)")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [line] * (OUTPUT // len(line))}]
    notebook["cells"].insert(2, cell)
    return plain(notebook, name)


def _answers_alone(notebook: Notebook, name: str) -> tuple[str, bytes]:
    kept = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    notebook["cells"] = [_code("import numpy as np"), *kept]
    return plain(notebook, name)


def _script(notebook: Notebook, name: str) -> tuple[str, bytes]:
    parts = [
        "# ---\n# jupyter:\n#   jupytext:\n#     text_representation:\n#       format_name: percent\n# ---\n"
    ]
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            parts.append(f"# %%\n{source}\n")
        else:
            parts.append("# %% [markdown]\n" + "".join(f"# {line}\n" for line in source.splitlines()))
    return f"{name}.py", "\n".join(parts).encode()


def _cut_off(notebook: Notebook, name: str) -> tuple[str, bytes]:
    file, content = plain(notebook, name)
    return file, content[: len(content) * 2 // 3]


def _web_page(notebook: Notebook, name: str) -> tuple[str, bytes]:
    return (
        f"{name}.ipynb",
        b"<!DOCTYPE html>\n<html><head><title>JupyterLab</title></head><body></body></html>\n",
    )


def _empty(notebook: Notebook, name: str) -> tuple[str, bytes]:
    return f"{name}.ipynb", b""


PLAIN = Form("", plain)
ODD = (
    Form("called Untitled5.ipynb", _untitled),
    Form("saved by Colab", _colab),
    Form("magics and shell lines", _magics),
    Form("prints 4 MB", _prints),
    Form("helper functions", _helpers),
    Form("saved by VS Code", _vs_code),
    Form("the answers alone", _answers_alone),
    Form("a percent script", _script),
    Form("a browser's second copy", _browser_copy),
)
BROKEN = (
    Form("cut off", _cut_off, readable=False),
    Form("a web page", _web_page, readable=False),
    Form("empty", _empty, readable=False),
)


@functools.cache
def _handed_out(name: str) -> Notebook:
    file = ROOT / "notebooks" / f"{name}.ipynb"
    return dict(json.loads(file.read_text(encoding="utf-8")))


def _guess(form: object, rng: random.Random) -> object:
    if isinstance(form, Number):
        low, high = max(form.low, 0.0), min(form.high, 100.0)
        return round(rng.uniform(low, max(low, high)), 1)
    if isinstance(form, Order):
        return rng.sample(form.names, len(form.names))
    assert isinstance(form, Choice)
    return "abcdefgh"[rng.randrange(len(form.options))]


def _answered_functions(notebook: Notebook, name: str) -> list[dict[str, Any]]:
    """The cells in which the student wrote a function, those left out that are as they were handed out."""
    before = ["".join(cell["source"]) for cell in _handed_out(name)["cells"]]
    cells = (cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution"))
    sources = ((cell, "".join(cell["source"])) for cell in cells)
    return [cell for cell, source in sources if "def " in source and source not in before]


def _code(source: str) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": lines}
