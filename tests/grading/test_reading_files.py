"""What a file is, told in one line: to the instructor, and on the student's own page."""

from __future__ import annotations

import gzip
import json

import pytest

from coursekit import cli
from coursekit.grading.intake.collect import collect
from coursekit.grading.reading.extract import HERE, extract
from coursekit.grading.reading.instead import found_instead
from coursekit.grading.reading.notebook import Unreadable, sources_of
from nnutils.checks.catalogue import find_exercise

from .conftest import notebook
from .made import zipped

ANSWER = "def feature_means(X):\n    return X.mean(axis=0)"
GOOD = notebook("import numpy as np", ANSWER)
SCRIPT = f"""# ---
# jupyter: {{}}
# ---

# %% [markdown]
# # A title

# %%
import numpy as np

# %% tags=["x"]
# %time
{ANSWER}

# %%
what_is_a_row = "b"
"""
KOREAN = GOOD.replace("import numpy", "# 평균을 구한다\\nimport numpy").encode("cp949")
FRENCH = GOOD.replace("import numpy", "# la moyenne, très générale\\nimport numpy").encode("cp1252")
CONFLICT = GOOD.replace(
    '"nbformat"', '\n<<<<<<< HEAD\n "a": 1,\n=======\n "a": 2,\n>>>>>>> other\n"nbformat"', 1
)
ODD = {
    "UTF-16": (GOOD.encode("utf-16"), "is in UTF-16"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), "is in UTF-16"),
    "cp949": (KOREAN, "EUC-KR"),
    "cp1252": (FRENCH, "cp1252"),
    "git conflict": (CONFLICT.encode(), "git's conflict markers"),
    "gzip": (gzip.compress(GOOD.encode()), "gzip"),
    "zip": (b"PK\x03\x04abc", "is a zip"),
    "pdf": (b"%PDF-1.7", "is a PDF"),
    "html": (b"<!DOCTYPE html><html>", "an HTML page"),
    "cut off": (GOOD.encode()[:-30], "is cut off"),
    "cut off in a text": (GOOD.encode()[: GOOD.index("axis")], "is cut off"),
    "script": (SCRIPT.encode(), "a Python script"),
    "git lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:1", "git's pointer"),
    "nbformat true": (b'{"nbformat": true}', "is no notebook"),
    "binary": (bytes(range(128, 256)) * 4, "is damaged"),
    "blank": (b" \n ", "is empty"),
}


@pytest.mark.parametrize("name", ODD)
def test_each_kind_of_file_is_told_for_what_it_is(name):
    content, words = ODD[name]
    with pytest.raises(Unreadable, match=words):
        sources_of(content, "00_start_here.ipynb")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
def test_what_is_right_is_read(codec):
    assert sources_of(GOOD.encode(codec)).code == ["import numpy as np", ANSWER]


def test_a_percent_script_is_a_notebook():
    found = sources_of(SCRIPT.encode(), "00_start_here.py")
    assert [source.strip() for source in found.code[1:]] == [
        "import numpy as np", f"# %time\n{ANSWER}", 'what_is_a_row = "b"',
    ]  # fmt: skip
    assert [kind for kind, _ in found.texts] == ["markdown"]
    korean = f"# -*- coding: cp949 -*-\n# 평균\n{ANSWER}".encode("cp949")
    assert "평균" in sources_of(korean, "00.py").code[0]
    with pytest.raises(Unreadable, match="EUC-KR"):
        sources_of(korean.partition(b"\n")[2], "00.py")


def test_scripts_are_collected_where_no_notebook_of_the_lesson_is(tmp_path):
    content = {
        "ann/00_start_here.py": SCRIPT, "bob/00_start_here.py": SCRIPT, "bob/00_start_here.ipynb": GOOD,
        "cem/answers.py": SCRIPT, "dan/tool.py": "x = 1",
    }  # fmt: skip
    found = collect(zipped(tmp_path / "in.zip", content), tmp_path / "unpacked")
    taken = [(submission.student, submission.path.name) for submission in found.submissions]
    assert taken == [("ann", "00_start_here.py"), ("bob", "00_start_here.ipynb"), ("cem", "answers.py")]
    assert "bob/00_start_here.py: left out, since the notebook of start_here is there, too" in found.notes
    assert list(found.unread) == ["dan"] and "tool.py" in found.unread["dan"][0]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class in which most files cannot be read: stderr, grades.csv and the pages."""
    root = tmp_path_factory.mktemp("class")
    other = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "import pandas as pd"}]})
    files = {f"{name.replace(' ', '_')}/00_start_here.ipynb": content for name, (content, _) in ODD.items()}
    files |= {
        "good/00_start_here.py": SCRIPT.encode(), "other/00_start_here.ipynb": other.encode(),
        "stray/project.ipynb": other.encode(), "picture/photo.png": b"\x89PNG",
    }  # fmt: skip
    for name, content in files.items():
        (root / "in" / name).parent.mkdir(parents=True)
        (root / "in" / name).write_bytes(content)
    roster = ["student", *sorted({name.split("/")[0] for name in files}), "absent"]
    (root / "roster.csv").write_text("\n".join(roster), encoding="utf-8")
    return root


def test_instructor_and_student_read_the_line(graded, capsys):
    out = graded / "out"
    cli.main(
        [
            "grade",
            str(graded / "in"),
            "--out",
            str(out),
            "--roster",
            str(graded / "roster.csv"),
            "--jobs",
            "1",
        ]
    )
    said = capsys.readouterr().err
    table = (out / "grades.csv").read_text(encoding="utf-8-sig")
    for name, (_, words) in ODD.items():
        page = (out / "feedback" / f"{name.replace(' ', '_')}.html").read_text(encoding="utf-8")
        line = next(line for line in said.splitlines() if line.startswith(f"{name.replace(' ', '_')}/"))
        assert words in line and words.replace("'", "&#39;") in page, (name, line)
    rows = {row.split(",")[0]: row for row in table.splitlines()}
    assert rows["good"].startswith("good,start_here,1,7,")
    assert "nothing was handed in" in rows["absent"]
    assert [name for name, row in rows.items() if "nothing was handed in" in row] == ["absent"]
    for name, words in {"other": "another course", "stray": "another course", "picture": "photo.png"}.items():
        assert words in (out / "feedback" / f"{name}.html").read_text(encoding="utf-8"), name
        assert words in said
    assert "photo.png" in rows["picture"] and "of another course" in rows["stray"]


@pytest.mark.parametrize(
    ("version", "python", "newer"),
    [("3.99.1", (3, 99), True), ("3.11.7", (3, 11), False), (7, None, False), ("x" * 9, None, False)],
)
def test_a_kernel_that_is_newer_than_the_grader_is_told(version, python, newer):
    """Of Python 3.12 are `f"{d["a"]}"` and `def f[T](x: T)`: the kernel shows no error, so the student cannot mend it."""
    content = json.loads(notebook("def feature_means(X): return f(X"))
    sources = sources_of(json.dumps(content | {"metadata": {"language_info": {"version": version}}}).encode())
    book = extract(sources.code, python=sources.python)
    told = found_instead(book, find_exercise("feature_means"))
    assert sources.python == python and "mend the error that it shows" in told
    assert (f"or write it as Python {HERE} reads it" in told) == newer
    assert (f"is no Python {HERE}, with which it is graded" in book.broken[0]) == newer


@pytest.mark.parametrize(
    "metadata", [None, 5, [], {"language_info": 5}, {"language_info": {"version": None}}]
)
def test_odd_metadata_say_nothing(metadata):
    content = json.loads(notebook(ANSWER))
    assert sources_of(json.dumps(content | {"metadata": metadata}).encode()).python is None
