# ruff: noqa: E501  (a cell on a line)
import os

import pytest

from nnutils.grading.collect import collect, topic_of
from nnutils.grading.notebook import MAX_BYTES, Unreadable, code_cells

LESSONS = {"start_here": 0, "data_splits": 1, "dropout": 4, "more_optimizers": 12}


@pytest.mark.parametrize(
    ("stem", "topic"),
    [
        ("00_start_here", "start_here"), ("00_start_here (1)", "start_here"), ("04_dropout-Copy1", "dropout"), ("04_dropout (2)-Copy1", "dropout"),
        ("dropout", "dropout"), ("04", "dropout"), ("4 my answers", "dropout"), ("lesson 04", "dropout"), ("Dropout_ann", "dropout"),
        ("01-data-splits", "data_splits"), ("ann_smith_12_more_optimizers_late", "more_optimizers"), ("07_dropout", "dropout"),
        ("2024_homework", None), ("99_else", None), ("notes", None), ("dropouts", None), ("dropout_and_start_here", None),
    ],
)  # fmt: skip
def test_lesson_follows_from_the_file_name(stem, topic):
    assert topic_of(stem, LESSONS) == topic


def test_folders_of_students(tmp_path):
    _touch(
        tmp_path,
        "ann/00_start_here.ipynb",
        "ann/late/04_dropout (1).ipynb",
        "bob/00_start_here.ipynb",
        ".git/x.ipynb",
    )
    _touch(tmp_path, "ann/.ipynb_checkpoints/00_start_here-checkpoint.ipynb", "ann/nnutils-progress.json")
    found = collect(tmp_path, LESSONS)
    assert [(one.student, one.topic) for one in found.submissions] == [
        ("ann", "start_here"),
        ("ann", "dropout"),
        ("bob", "start_here"),
    ]
    assert found.students == ["ann", "bob"] and found.left_out == []


@pytest.mark.parametrize("asked", ["course", "course/submitted"])
def test_nbgraders_folders(tmp_path, asked):
    _touch(
        tmp_path,
        "course/submitted/ann/ps1/04_dropout.ipynb",
        "course/submitted/ann/ps1/timestamp.txt",
        "course/source/ps1/04_dropout.ipynb",
    )
    found = collect(tmp_path / asked, LESSONS)
    assert [(one.student, one.topic) for one in found.submissions] == [
        ("ann", "dropout")
    ] and not found.left_out


def test_everything_else_gets_a_line(tmp_path):
    _touch(
        tmp_path,
        "loose.ipynb",
        "ann/04_dropout.ipynb",
        "ann/diary.ipynb",
        "ann/cat.png",
        "ann/a.csv",
        "eve/readme.txt",
    )
    (tmp_path / "ann" / "00_start_here.ipynb").symlink_to(tmp_path / "loose.ipynb")
    os.mkfifo(tmp_path / "ann" / "01_data_splits.ipynb")
    (tmp_path / "eve" / "link").symlink_to(tmp_path / "ann")
    found = collect(tmp_path, LESSONS)
    assert [one.path.name for one in found.submissions] == ["04_dropout.ipynb"]
    assert sorted(found.left_out) == [
        "ann/00_start_here.ipynb: left out, it is a link or no plain file",
        "ann/01_data_splits.ipynb: left out, it is a link or no plain file",
        "ann/diary.ipynb: left out, its name names no lesson of the course",
        "ann: left out what is no notebook: a.csv, cat.png",
        "eve: left out what is no notebook: readme.txt",
        "eve: no notebook of a lesson",
        "loose.ipynb: left out, it does not lie in a student's folder",
    ]


CELLS = '"cells": [{"cell_type": "code", "source": "x"}]'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"), (b"{", "holds no JSON"), (b"\xff\xfe\x00", "holds no JSON"), (b"[" * 10**5, "holds no JSON"), (b"9" * 5000, "holds no JSON"),
        (b"[1]", "is no notebook"), (b"{}", "is no notebook"), (b'{"nbformat": "4"}', "is no notebook"), (b'{"nbformat": 3}', "format 3"),
        (b'{"nbformat": 4}', "no list of cells"), (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
        (b'{"nbformat": 4, "cells": [' + b"1," * 6000 + b"1]}", "6001 cells"), (b"\x89PNG", "holds no JSON"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_refused(tmp_path, content, why):
    file = tmp_path / "x.ipynb"
    file.write_bytes(content)
    with pytest.raises(Unreadable, match=why):
        code_cells(file)


def test_huge_file_is_not_even_read(tmp_path):
    file = tmp_path / "x.ipynb"
    with file.open("wb") as sparse:
        sparse.truncate(MAX_BYTES + 1)
    with pytest.raises(Unreadable, match="50 MB"):
        code_cells(file)


def test_odd_cells_are_passed_over(tmp_path):
    file = tmp_path / "x.ipynb"
    odd = '"a", {}, {"cell_type": "code"}, {"cell_type": "code", "source": 5}, {"cell_type": "code", "source": ["a\\n", 3, "b"]}, {"cell_type": "raw"}'
    file.write_bytes(b"\xef\xbb\xbf" + f'{{"nbformat": 4, "cells": [{odd}]}}'.encode())
    assert code_cells(file) == ["", "", "a\nb"]


def _touch(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("{}")
