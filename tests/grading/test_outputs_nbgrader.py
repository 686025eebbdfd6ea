"""nbgrader's gradebook: what is in the file, and, where nbgrader is installed, what its own API reads."""

import contextlib
import importlib.util
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from coursekit import cli
from coursekit.grading.intake.roster import read_roster
from coursekit.grading.log import key_of
from coursekit.grading.outputs import BadOutput, nbgrader
from coursekit.grading.outputs.nbgrader_folders import write_folders
from coursekit.grading.outputs.table import with_missing
from coursekit.grading.policy import Course, Policy, place_of
from coursekit.grading.result import Item, Mark
from coursekit.grading.rules import parse_late

from .conftest import notebook
from .made import mark, result, table

needs_nbgrader = pytest.mark.skipif(
    not importlib.util.find_spec("nbgrader"), reason="nbgrader is not installed: pip install nbgrader==0.9.6"
)
ROOT = Path(__file__).parents[2]
RIGHT = "import numpy as np\ndef feature_means(X):\n    return np.mean(X, axis=0)"
DUE = datetime(2026, 12, 1, 22, 0, tzinfo=UTC)
MODEL = Item("feature_means", "exercise", "not graded", None, 1)


@pytest.fixture
def book(tmp_path):
    """A gradebook of a small class: ann is late, bob has extra credit, cem handed in nothing, dan's was not read."""
    rows = (
        "login,name,email,ID,extension_days",
        'ann,"van der Smith, Ann Lee",a@x,1,1',
        "bob,Bob,,2,",
        "cem,Cem Öz,,3,",
        "dan,Dan,,4,",
    )
    roster = read_roster(table(tmp_path / "r.csv", *rows))
    extra = frozenset({("dropout", "what_is_a_row")})
    policy = Policy({"": DUE}, parse_late("50%/day"), extra, extensions={("ann", ""): timedelta(days=1)})
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
    assert _all(file, "SELECT * FROM student")[0] == ("ann", "Ann Lee", "van der Smith", "a@x", "1")
    assert _all(file, "SELECT first_name, last_name FROM student WHERE id = 'cem'") == [("", "Cem Öz")]
    question = "SELECT name, locked, source LIKE '%feature_means%' FROM source_cell WHERE source <> '' ORDER BY name LIMIT 2"
    sources = _all(file, question)
    assert sources == [("feature_means-answer", 0, 1), ("feature_means-check", 1, 1)]


def test_what_a_person_gave_is_kept_and_the_rest_is_written_anew(book):
    file, marks = book
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE grade SET manual_score = 0.25 WHERE auto_score = 0.5")
        database.execute("UPDATE grade SET manual_score = 1, needs_manual_grade = 0 WHERE needs_manual_grade")
        database.execute(
            "UPDATE comment SET manual_comment = 'well done' WHERE auto_comment LIKE '%damaged%'"
        )
        database.execute("INSERT INTO assignment VALUES ('mine', 'essay', NULL, 'default_course')")
        database.execute("INSERT INTO student VALUES ('zoe', 'Zoe', 'Zed', NULL, NULL)")
        database.commit()
    by_hand = _all(file, "SELECT count(*) FROM grade WHERE manual_score IS NOT NULL")[0][0] + 1
    sizes = "SELECT (SELECT count(*) FROM grade), (SELECT count(*) FROM comment), (SELECT count(*) FROM base_cell)"
    before, said = _all(file, sizes), []
    nbgrader.write(file, marks, Course(), said.append)
    assert said == [
        f"gradebook.db: {by_hand} grades or comments given by hand are kept; they are in no other file"
    ]
    assert _all(file, sizes) == before and _all(file, "PRAGMA foreign_key_check") == []
    assert _all(file, "SELECT count(*) FROM grade WHERE needs_manual_grade") == [(0,)]
    assert _all(file, "SELECT manual_comment FROM comment WHERE auto_comment = 'The file is damaged.'") == [
        ("well done",)
    ]
    nbgrader.write(file, [mark("ann", 1.0)], Course())  # another run, of one lesson alone
    assert {name for (name,) in _all(file, "SELECT name FROM assignment")} == {
        "00_start_here",
        "04_dropout",
        "essay",
    }
    assert _all(file, "SELECT first_name, last_name FROM student WHERE id IN ('ann', 'zoe') ORDER BY id") == [
        ("Ann Lee", "van der Smith"), ("Zoe", "Zed"),
    ]  # fmt: skip


def test_what_is_no_gradebook_is_refused(book, tmp_path):
    file, marks = book
    for content in (b"hello " * 99, b""):
        (tmp_path / "x.db").write_bytes(content)
        with pytest.raises(BadOutput, match="is no gradebook of nbgrader"):
            nbgrader.write(tmp_path / "x.db", marks, Course())
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '724cde206c17'")
        database.commit()
    before = file.read_bytes()
    with pytest.raises(BadOutput, match="another version than nbgrader 0"):
        nbgrader.write(file, marks, Course())
    assert file.read_bytes() == before and not list(tmp_path.glob(".*"))


def test_a_full_disk_is_said_and_the_old_file_stays(book, monkeypatch):
    file, _ = book
    before = file.read_bytes()
    monkeypatch.setattr(nbgrader, "FAST", "PRAGMA max_page_count = 3;")
    with pytest.raises(BadOutput, match=r"gradebook\.db cannot be written: database or disk is full"):
        nbgrader.write(file, [mark(f"student {i}") for i in range(99)], Course())
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
    assert problem == "The file is damaged."


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


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """nbgrader's course folder after a run of `grade`: a right answer, a damaged file, a script, a notebook without metadata."""
    folder = tmp_path_factory.mktemp("nbgrader")
    own = json.loads((ROOT / "notebooks/00_start_here.ipynb").read_text(encoding="utf-8"))
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in own["cells"]]
    own["cells"][ids.index("feature_means-answer")] |= {
        "source": RIGHT,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "<script>alert(1)</script>"}],
    }
    files = {
        "ann/00_start_here.ipynb": json.dumps(own),
        "bob/00_start_here.ipynb": '{"cells": [',
        "cem/00_start_here.py": f"# %%\n{RIGHT}\n",
        "dan/00_start_here.ipynb": notebook(RIGHT),
    }
    for name, content in files.items():
        (folder / "in" / name).parent.mkdir(parents=True)
        (folder / "in" / name).write_text(content)
    table(folder / "times.csv", "student,lesson,submitted", "ann,0,2026-12-01T23:30:00+01:00")
    (folder / "course.toml").write_text('times = "times.csv"\n')
    words = ["grade", folder / "in", "--out", folder / "out", "--jobs", "1"]
    words += [
        "--nbgrader",
        folder / "course/gradebook.db",
        "--deadline",
        "2026-12-01T00:00+01:00",
        "--late",
        "50%/day",
    ]
    assert cli.main([str(word) for word in words]) == 1  # one is damaged
    return folder / "course"


def test_the_folders_hold_what_was_handed_in_and_what_is_looked_at(graded):
    for name, ending in {"ann": ".ipynb", "bob": ".ipynb", "cem": ".py", "dan": ".ipynb"}.items():
        stamp = ["timestamp.txt"] if name == "ann" else []
        own, seen = (graded / part / name / "00_start_here" for part in ("submitted", "autograded"))
        assert sorted(path.name for path in own.iterdir()) == [f"00_start_here{ending}", *stamp]
        assert sorted(path.name for path in seen.iterdir()) == ["00_start_here.ipynb", *stamp]
        shown = json.loads((seen / "00_start_here.ipynb").read_text(encoding="utf-8"))
        ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in shown["cells"] if cell["metadata"]]
        assert len(ids) == len({*ids}) == 12  # each cell of the gradebook once
        text = "\n".join("".join(cell["source"]) for cell in shown["cells"])
        assert "<script>" not in json.dumps(shown)
        assert (RIGHT in text) == (name != "bob") and ("could not be read" in text) == (name == "bob")
        assert ("were added for the grades" in text) == (name != "ann")
    stamp = graded / "autograded/ann/00_start_here/timestamp.txt"
    assert stamp.read_text() == "2026-12-01 22:30:00.000000 UTC"


def test_what_lies_there_already_is_not_lost(tmp_path):
    root, said = tmp_path / "course", []
    for text in ("x = 1", "x = 2", "x = 2"):
        (tmp_path / "a.ipynb").write_text(notebook(text))
        one = mark("dan")
        write_folders(root, [one], {key_of(one.result): tmp_path / "a.ipynb"}, said.append)
    folder = root / "submitted/dan/00_start_here"
    assert "x = 1" in (folder / "00_start_here.1.earlier").read_text() and len([*folder.iterdir()]) == 2
    collected = folder / "00_start_here.ipynb"  # as nbgrader's own `collect` puts it there
    before = collected.stat().st_mtime_ns
    write_folders(root, [one], {key_of(one.result): collected}, said.append)
    assert collected.stat().st_mtime_ns == before and said == []
    odd = mark("a/../b")
    write_folders(root, [odd], {key_of(odd.result): collected}, said.append)
    assert said == ["a/../b: this name cannot be a folder of nbgrader's; formgrader shows no notebook"]


@needs_nbgrader
def test_formgrader_and_generate_feedback_show_the_class(graded, monkeypatch):
    """NbGraderAPI is what formgrader's pages ask, and what its button for feedback calls."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    config = Config(CourseDirectory={"root": str(graded)})
    api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    (graded / "source/00_start_here").mkdir(parents=True)
    assignment = api.get_assignment("00_start_here")
    assert (assignment["max_score"], assignment["num_submissions"]) == (7.0, 4)
    submissions = {one["student"]: one for one in api.get_submissions("00_start_here")}
    assert {name: (one["autograded"], one["score"]) for name, one in submissions.items()} == {
        "ann": (True, 1.0), "bob": (True, 0.0), "cem": (True, 1.0), "dan": (True, 1.0),
    }  # fmt: skip
    assert len(api.get_notebook_submissions("00_start_here", "00_start_here")) == 4
    assert api.generate_feedback("00_start_here", force=True)["success"]
    page = (graded / "feedback/ann/00_start_here/00_start_here.html").read_text(encoding="utf-8")
    assert (
        "(Score: 0.5 / 7.0)" in page and "feature_means" in page
    )  # nbgrader itself takes its late penalty off
    assert "cut off" in (graded / "feedback/bob/00_start_here/00_start_here.html").read_text(encoding="utf-8")


@pytest.fixture
def formgrader(graded, tmp_path):
    """The address of a Jupyter server with formgrader, for the course folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        "--no-browser",
        "--allow-root",
        "--IdentityProvider.token=",
    ]
    command += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    command += [f"--ServerApp.port={address.rpartition(':')[2]}", f"--ServerApp.root_dir={graded}"]
    command += [f"--CourseDirectory.root={graded}"]
    given = {"JUPYTER_CONFIG_DIR": str(tmp_path), "HOME": str(tmp_path)}
    given |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | given, cwd=graded)
    try:
        for _ in range(480):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/api", timeout=2):
                break
            assert process.poll() is None, (tmp_path / "log").read_text()[-2000:]
            time.sleep(0.25)
        yield f"{address}/formgrader"
    finally:
        process.terminate()
        process.wait(30)


@needs_nbgrader
@pytest.mark.browser
@pytest.mark.slow
def test_formgrader_in_a_browser_shows_submissions_scores_and_comments(chromium, formgrader):
    page = chromium.new_page()
    page.set_default_timeout(60_000)

    def open_notebook_of(student):
        """By its link, as a person would; formgrader then asks for scores and comments, and shows them as placeholders."""
        page.goto(f"{formgrader}/manage_students/{student}/00_start_here")
        page.locator("a[href*='/formgrader/submissions/']").first.click()
        page.wait_for_function("document.querySelector('input.score')?.placeholder")

    page.goto(f"{formgrader}/manage_submissions/00_start_here")
    row = page.locator("tr").filter(has=page.get_by_text("ann", exact=True)).inner_text()
    assert "2026-12-01 22:30:00 UTC" in row and "graded" in row and "1 / 7" in row
    open_notebook_of("bob")
    assert page.locator("input.score").first.get_attribute("placeholder") == "0"
    told = "The file is cut off: it ends in the middle of the notebook."
    page.locator(f"textarea.comment[placeholder='{told}']").first.wait_for()
    open_notebook_of("ann")
    assert page.locator("input.score").count() == 6
    assert page.locator("input.score").first.get_attribute("placeholder") == "1"
    assert page.get_by_text("return np.mean(X, axis=0)").count()
    page.close()
