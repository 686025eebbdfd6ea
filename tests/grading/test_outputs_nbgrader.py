"""nbgrader's gradebook: what is in the file, and, where nbgrader is installed, what its own API reads."""

import contextlib
import importlib.util
import os
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coursekit.grading.intake.roster import read_roster
from coursekit.grading.outputs import BadOutput, nbgrader
from coursekit.grading.outputs.table import with_missing
from coursekit.grading.policy import Course, Policy, place_of
from coursekit.grading.result import Item, Mark
from coursekit.grading.rules import parse_late

from .made import mark, result, table

needs_nbgrader = pytest.mark.skipif(
    not importlib.util.find_spec("nbgrader"), reason="nbgrader is not installed: pip install nbgrader==0.9.6"
)
DUE = datetime(2026, 12, 1, 22, 0, tzinfo=UTC)
MODEL = Item("feature_means", "exercise", "not graded", None, 1)


@pytest.fixture
def book(tmp_path):
    """A gradebook of a small class: ann is late, bob has extra credit, cem handed in nothing, dan's was not read."""
    rows = (
        "login,name,email,ID,extension_days",
        "ann,Ann Lee Smith,a@x,1,1",
        "bob,Bob,,2,",
        "cem,Cem Öz,,3,",
        "dan,Dan,,4,",
    )
    roster = read_roster(table(tmp_path / "r.csv", *rows))
    extra = frozenset({("dropout", "what_is_a_row")})
    policy = Policy({"": DUE}, parse_late("50%/day"), extra, {("ann", ""): timedelta(days=1)})
    results = [
        result("ann", submitted="2026-12-02T23:30:00+01:00"),
        result("bob", submitted="2026-12-01T10:00:00Z", items=(MODEL, *result().items[1:])),
        result(
            "bob",
            lesson="dropout",
            items=(*result().items[:1], Item("what_is_a_row", "question", "passed", 1.0, 1)),
        ),
        result("dan", 0.0, problem="the file is damaged"),
    ]
    marks = with_missing(policy.marks(lambda: sorted(results, key=place_of)), roster)
    (file,) = nbgrader.write(tmp_path / "gradebook.db", marks, Course(roster, policy))
    return file, marks


def _all(file, question):
    with contextlib.closing(sqlite3.connect(file)) as database:
        return database.execute(question).fetchall()


def test_the_file_is_whole(book):
    file, _ = book
    assert _all(file, "PRAGMA integrity_check") == [("ok",)] and _all(file, "PRAGMA foreign_key_check") == []
    assert _all(file, "SELECT version_num FROM alembic_version") == [("e43177bfe90b",)]
    assert _all(file, "SELECT name, duedate FROM assignment ORDER BY name") == [
        ("00_start_here", "2026-12-01 22:00:00.000000"),
        ("04_dropout", "2026-12-01 22:00:00.000000"),
    ]
    assert _all(file, "SELECT * FROM student")[0] == ("ann", "Ann Lee", "Smith", "a@x", "1")
    question = "SELECT name, locked, source LIKE '%feature_means%' FROM source_cell WHERE source <> '' ORDER BY name LIMIT 2"
    sources = _all(file, question)
    assert sources == [("feature_means-answer", 0, 1), ("feature_means-check", 1, 1)]


def test_what_would_be_lost_is_not_replaced(book, tmp_path):
    file, marks = book
    nbgrader.write(file, marks, Course())  # again, the same
    with pytest.raises(BadOutput, match="holds 04_dropout, which is not among these marks"):
        nbgrader.write(file, [mark("ann")], Course())
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE grade SET manual_score = 1 WHERE id = (SELECT min(id) FROM grade)")
        database.commit()
    before = file.read_bytes()
    with pytest.raises(BadOutput, match="1 grades or comments given by hand"):
        nbgrader.write(file, marks, Course())
    assert file.read_bytes() == before and not list(tmp_path.glob(".*"))
    for content in (b"hello " * 99, b""):
        (tmp_path / "x.db").write_bytes(content)
        with pytest.raises(BadOutput, match="is no gradebook of nbgrader"):
            nbgrader.write(tmp_path / "x.db", marks, Course())


def test_a_full_disk_is_said_and_the_old_file_stays(book, monkeypatch):
    file, marks = book
    before = file.read_bytes()
    monkeypatch.setattr(nbgrader, "FAST", "PRAGMA max_page_count = 3;")
    with pytest.raises(BadOutput, match=r"gradebook\.db cannot be written: database or disk is full"):
        nbgrader.write(file, marks, Course())
    assert file.read_bytes() == before and not list(file.parent.glob(".*"))


@pytest.fixture
def gradebook(book, monkeypatch):
    """nbgrader's own Gradebook, opened on the file."""
    from nbgrader.api import Gradebook

    monkeypatch.setenv(
        "PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )  # it runs alembic
    with Gradebook(f"sqlite:///{book[0]}") as opened:
        yield opened


@needs_nbgrader
def test_nbgrader_reads_the_same_scores(gradebook):
    ann, bob, dropout, dan = (
        gradebook.find_submission(assignment, student)
        for assignment, student in (
            ("00_start_here", "ann"),
            ("00_start_here", "bob"),
            ("04_dropout", "bob"),
            ("00_start_here", "dan"),
        )
    )
    assert (ann.score, ann.max_score, ann.late_submission_penalty) == (1.0, 3.0, 0.5)
    assert ann.total_seconds_late == 1800 and ann.timestamp == datetime(2026, 12, 2, 22, 30)
    assert (bob.score, bob.needs_manual_grade, ann.needs_manual_grade) == (0.0, True, False)
    assert (dropout.score, dropout.max_score) == (2.0, 1.0)  # 1 of 1, and 1 that is extra
    assert (dan.score, dan.late_submission_penalty) == (0.0, 0.0)
    assert gradebook.find_student("cem").score == 0.0 and gradebook.find_student("cem").submissions == []


@needs_nbgrader
def test_nbgrader_finds_every_cell_grade_and_comment(gradebook, book):
    for one in (one for one in book[1] if one.result.file):
        name = {"start_here": "00_start_here", "dropout": "04_dropout"}[one.lesson]
        for item in one.result.items:
            grade = gradebook.find_grade(f"{item.name}-check", name, name, one.student)
            assert grade.score == (item.points or 0.0) and grade.needs_manual_grade == (item.points is None)
            comment = gradebook.find_comment(f"{item.name}-answer", name, name, one.student).comment
            assert comment == (item.sentence or None) or one.result.problem
    problem = gradebook.find_comment("feature_means-answer", "00_start_here", "00_start_here", "dan").comment
    assert problem == "the file is damaged."


@needs_nbgrader
def test_nbgrader_sums_up_exports_and_goes_on_with_the_file(gradebook):
    assert {one["name"]: one["num_submissions"] for one in (a.to_dict() for a in gradebook.assignments)} == {
        "00_start_here": 3,
        "04_dropout": 1,
    }
    assert len(gradebook.student_dicts()) == 4 and len(gradebook.submission_dicts("00_start_here")) == 3
    assert len(gradebook.notebook_submission_dicts("00_start_here", "00_start_here")) == 3
    grade = gradebook.find_grade("feature_means-check", "00_start_here", "00_start_here", "bob")
    grade.manual_score, grade.needs_manual_grade = 1.0, False
    gradebook.db.commit()
    assert gradebook.find_submission("00_start_here", "bob").score == 1.0
    gradebook.update_or_create_submission("04_dropout", "cem")
    assert gradebook.find_submission_notebook("04_dropout", "04_dropout", "cem").score == 0.0


@needs_nbgrader
def test_the_tables_are_those_that_nbgrader_makes(book, tmp_path):
    from nbgrader.api import Base
    from sqlalchemy import create_engine

    Base.metadata.create_all(create_engine(f"sqlite:///{tmp_path}/own.db"))
    names = [
        name for (name,) in _all(tmp_path / "own.db", "SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    for name in names:
        both = [
            _all(file, f"SELECT name, type, \"notnull\" FROM pragma_table_info('{name}')")
            for file in (tmp_path / "own.db", book[0])
        ]
        assert both[0] == both[1], name


@needs_nbgrader
def test_the_migration_is_nbgraders_last(monkeypatch):
    from nbgrader.api import get_alembic_version

    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert get_alembic_version() == nbgrader.VERSION


def test_late_marks_are_raw_scores_with_a_penalty(tmp_path):
    late = Mark(result("ann", 0.75), 0.38, 3, "1 day late: 50 % off")
    (file,) = nbgrader.write(tmp_path / "g.db", [late], Course())
    assert _all(file, "SELECT sum(auto_score) FROM grade") == [(0.75,)]
    assert _all(file, "SELECT late_submission_penalty FROM submitted_notebook") == [(0.37,)]


@needs_nbgrader
def test_formgraders_own_view_shows_the_class(book, tmp_path, monkeypatch):
    """NbGraderAPI is what formgrader's pages ask; it looks for the notebooks in nbgrader's folders, too."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    places = {"source/.": None, "submitted/ann": "2026-12-02 22:30:00.000000 UTC"}
    places["autograded/ann"] = places["submitted/ann"]
    for place, time in places.items():
        folder = tmp_path / place / "00_start_here"
        folder.mkdir(parents=True)
        (folder / "00_start_here.ipynb").write_text(
            '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
        )
        if time:
            (folder / "timestamp.txt").write_text(time)
    config = Config(CourseDirectory={"root": str(tmp_path)})
    api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    assignment = api.get_assignment("00_start_here")
    assert (assignment["max_score"], assignment["num_submissions"]) == (3.0, 1)
    ann = next(one for one in api.get_submissions("00_start_here") if one["student"] == "ann")
    assert (ann["autograded"], ann["score"], ann["needs_manual_grade"]) == (True, 1.0, False)
    assert {one["id"] for one in api.get_students()} >= {"ann", "bob", "cem", "dan"}
    assert len(api.get_notebook_submissions("00_start_here", "00_start_here")) >= 1
