# ruff: noqa: E501  (a cell on a line)
import json
import os
import shutil
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from coursekit.grading.intake import layouts
from coursekit.grading.intake.collect import collect
from coursekit.grading.intake.roster import read_roster
from coursekit.grading.intake.topics import topic_named, topic_numbered
from coursekit.grading.reading.notebook import MAX_BYTES, Unreadable, code_cells

from .made import table, zipped


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
    assert (topic_named(stem) or topic_numbered(stem)) == topic


@pytest.mark.parametrize(
    ("name", "source", "topic"),
    [
        ("11.ipynb", "def adam_update(w):", "momentum_rmsprop_adam"),  # its number in the first edition
        ("12.ipynb", "def adam_update(w):", "momentum_rmsprop_adam"),
        ("lesson 18.ipynb", "def temperature(logits, y):", "capstone"),
        ("11.ipynb", "", "exponentially_weighted_averages"),
        ("11_momentum_rmsprop_adam.ipynb", "def ewma(theta):", "momentum_rmsprop_adam"),
    ],
)
def test_a_copy_with_an_old_number_is_known_by_what_it_holds(tmp_path, name, source, topic):
    folder = tmp_path / "in" / "ann"
    folder.mkdir(parents=True)
    (folder / name).write_text(json.dumps({"cells": [{"cell_type": "code", "source": [source]}]}))
    assert [one.topic for one in collect(tmp_path / "in", tmp_path / "out").submissions] == [topic]


def test_folders_of_students(tmp_path):
    _touch(
        tmp_path,
        "ann/00_start_here.ipynb",
        "ann/late/04_dropout (1).ipynb",
        "bob/00_start_here.ipynb",
        ".git/x.ipynb",
    )
    _touch(tmp_path, "ann/.ipynb_checkpoints/00_start_here-checkpoint.ipynb", "ann/nnutils-progress.json")
    found = collect(tmp_path, tmp_path.parent / "unpacked")
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
    found = collect(tmp_path / asked, tmp_path.parent / "unpacked")
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
    found = collect(tmp_path, tmp_path.parent / "unpacked")
    assert [one.path.name for one in found.submissions] == ["04_dropout.ipynb"]
    assert sorted(found.left_out) == [
        "ann/00_start_here.ipynb: left out, it is a link or no plain file",
        "ann/01_data_splits.ipynb: left out, it is a link or no plain file",
        "ann/diary.ipynb: left out, its name names no lesson of the course, and the file is no notebook",
        "ann: left out what is no notebook: a.csv, cat.png",
        "eve: left out what is no notebook of a lesson: readme.txt (the file is no notebook)",
        "loose.ipynb: left out, it does not lie in a student's folder",
    ]


CELLS = '"cells": [{"cell_type": "code", "source": "x"}]'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"), (b"{", "is cut off"), (b"\xff\xfe\x00", "is in UTF-16"), (b"[" * 10**5, "holds no JSON"), (b"9" * 5000, "holds no JSON"),
        (b"[1]", "is no notebook"), (b"{}", "is no notebook"), (b'{"nbformat": "4"}', "is no notebook"), (b'{"nbformat": 3}', "format 3"),
        (b'{"nbformat": 4}', "no list of cells"), (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
        (b'{"nbformat": 4, "cells": [' + b"1," * 6000 + b"1]}", "6001 cells"), (b"\x89PNG", "is a picture"),
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
    with pytest.raises(Unreadable, match="20 MB"):
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


def _collected(tmp_path, content, roster=None, **options):
    """What is found in a zip: (student, topic, file's name, time), and all lines."""
    found = collect(zipped(tmp_path / "in.zip", content), tmp_path / "unpacked", roster, **options)
    rows = [(one.student, one.topic, one.path.name, one.submitted) for one in found.submissions]
    return rows, found.left_out + found.notes


HW = "Homework 4_{}_attempt_2026-11-30-18-02-11"


def test_blackboard_download(tmp_path, roster):
    """A flat zip; the text file of each attempt tells the name, and where an id with an underscore begins."""
    content = {
        f"{HW.format('asmith')}_04_dropout.ipynb": "{}",
        f"{HW.format('asmith')}.txt": "Name: Ann Smith (asmith)\nAssignment: Homework 4\n",
        f"{HW.format('b_b')}_04_dropout.ipynb": "{}",
        f"{HW.format('b_b')}.txt": "Name: Bo van der Berg (b_b)\n",
        f"{HW.format('s3')}_x_coz_attempt_2026-11-01-00-00-00_04_dropout.ipynb": "{}",
        "Huiswerk 4_s4_poging_2026-11-30-18-02-11_1_2_04_dropout.ipynb": "{}",
    }
    rows, lines = _collected(tmp_path, content, zone=ZoneInfo("Asia/Seoul"))
    assert [row[0] for row in rows] == ["asmith", "b_b", "s3", "s4"] and not lines
    assert {row[3] for row in rows} == {"2026-11-30T18:02:11+09:00"}
    rows, _ = _collected(tmp_path, content, roster, zone=UTC)
    assert [row[0] for row in rows] == ["asmith", "bberg", "s3", "s4"]


@pytest.mark.parametrize("join", ["/", " - "])
def test_brightspace_download(tmp_path, roster, join):
    who = ["57-9 - Ann Smith - Nov 30, 2026 602 PM", "58-9 - Bo van der Berg - Nov 30, 2026 1259 AM"]
    who += ["59-9 - Al Po - 30 novembre 2026 1802", "60-9 - Al Po - sometime 2026"]
    content = {f"HW 4/{name}{join}04_dropout.ipynb": "{}" for name in who} | {"HW 4/index.html": "<html>"}
    rows, lines = _collected(tmp_path, content, zone=UTC)
    assert [row[0] for row in rows] == ["Ann Smith", "Bo van der Berg", "Al Po_59", "Al Po_60"] and not lines
    times = ["2026-11-30T18:02:00+00:00", "2026-11-30T00:59:00+00:00", "2026-11-30T18:02:00+00:00", None]
    assert [row[3] for row in rows] == times
    rows, lines = _collected(tmp_path, content, roster)
    assert [row[0] for row in rows][:2] == ["asmith", "bberg"] and "this machine's" in "".join(lines)


def test_the_last_attempt_counts_on_blackboard(tmp_path):
    attempts = [f"HW_s1_attempt_2026-11-{day}-08-00-00_04_dropout.ipynb" for day in (28, 30, 29)]
    rows, lines = _collected(tmp_path, dict.fromkeys(attempts, "{}"), zone=UTC)
    assert len(rows) == 1 and rows[0][3].startswith("2026-11-30") and "it is the last" in lines[-1]


def test_a_clone_of_github_classroom(tmp_path):
    folders = ["homework-4-ann", "homework-4-kim-a", "homework-4-kim-b"]
    for parent in ("homework-4-submissions", "clones"):
        for name in folders:
            _touch(tmp_path / parent, f"{name}/.git/config", f"{name}/04_dropout.ipynb", f"{name}/README.md")
    for parent in ("homework-4-submissions", "clones"):
        found = collect(tmp_path / parent)
        assert found.students == ["ann", "kim-a", "kim-b"] and not found.left_out
    people = table(
        tmp_path / "classroom_roster.csv", "identifier,github_username,github_id,name", "s1,kim-a,7,Kim Ah"
    )
    found = collect(tmp_path / "clones", roster=read_roster(people))
    assert found.students == ["ann", "kim-b", "s1"]


def test_google_classrooms_folder(tmp_path, roster):
    content = {"HW 4/Ann Smith - 04_dropout.ipynb": "{}", "HW 4/Cem Öz - Copy of 04_dropout.ipynb": "{}"}
    content |= {"HW 4/dropout_mine.ipynb": "{}"}
    rows, lines = _collected(tmp_path, content)
    assert [row[0] for row in rows] == ["Ann Smith", "Cem Öz", "mine"]
    assert lines == [
        "1 notebook without a folder for each student: graded as the work of mine, as their names say"
    ]
    assert [row[0] for row in _collected(tmp_path, content, roster)[0]] == ["asmith", "coz", "mine"]


def test_a_renamed_file_of_google_classroom_keeps_its_student(tmp_path):
    names = ("Ann Smith - 04_dropout.ipynb", "Cem Öz - 04_dropout.ipynb", "Seán O'Brien - Untitled5.ipynb")
    rows, _ = _collected(tmp_path, {f"HW 4/{name}": "{}" for name in names})
    assert [row[0] for row in rows] == ["Ann Smith", "Cem Öz", "Seán O'Brien"]


def test_gradescopes_container(tmp_path, roster):
    _touch(tmp_path, "submission/04_dropout.ipynb", "submission/data/x.csv")
    people = [
        {"email": "ann@x.org", "id": 1, "name": "Ann Smith"},
        {"email": "bo@x.org", "id": 2, "name": "Bo"},
    ]
    about = {"created_at": "2018-07-01T14:22:32.365935-07:00", "users": people}
    (tmp_path / "submission_metadata.json").write_text(json.dumps(about))
    found = collect(tmp_path / "submission")
    assert [(one.student, one.submitted) for one in found.submissions] == [
        ("ann@x.org", about["created_at"]),
        ("bo@x.org", about["created_at"]),
    ]
    assert collect(tmp_path / "submission", roster=roster).students == ["asmith", "bberg"]
    (tmp_path / "submission_metadata.json").write_text("{")
    found = collect(tmp_path / "submission")
    assert (
        found.students == ["submission"]
        and "submission_metadata.json: it cannot be read" in found.left_out[0]
    )


def test_notebooks_side_by_side(tmp_path, roster):
    """Several of one lesson are several students; else it is one student's folder, as in an office hour."""
    _touch(tmp_path, "class/ann_04_dropout.ipynb", "class/04_dropout-bo.ipynb", "class/dropout (1).ipynb")
    _touch(tmp_path, "zoe/00_start_here.ipynb", "zoe/04_dropout final.ipynb", "zoe/coz_01_data_splits.ipynb")
    assert collect(tmp_path / "class").students == ["ann", "bo", "dropout (1)"]
    found = collect(tmp_path / "zoe")
    assert found.students == ["zoe"] and len(found.submissions) == 3
    assert found.notes == [
        "3 notebooks without a folder for each student: graded as the work of one student, zoe"
    ]
    assert collect(tmp_path / "zoe", roster=roster).students == ["coz", "zoe"]
    one = collect(tmp_path / "zoe" / "00_start_here.ipynb")
    assert [(row.student, row.topic) for row in one.submissions] == [("zoe", "start_here")]


@pytest.fixture
def roster(tmp_path):
    return read_roster(
        table(
            tmp_path / "roster.csv",
            "Student,ID,SIS Login ID,Email,Section",
            '"Smith, Ann",101,asmith,ann@x.org,A',
            '"van der Berg, Bo",102,bberg,bo@x.org,Group A',
            '"Öz, Cem",103,coz,cem@x.org,B',
        )
    )


CANVAS = {
    "smithann_101_9001_00_start_here.ipynb": "{}",
    "smithann_101_9002_04_dropout-1.ipynb": "{}",
    "vanderbergbo_LATE_102_9003_04_dropout (1).ipynb": "{}",
    "özcem_103_9004_notes.pdf": "x",
    "poedan_104_9005_dropout-2.ipynb": "{}",
}


def test_canvas_download(tmp_path, roster):
    rows, lines = _collected(tmp_path, CANVAS)
    assert [row[:2] for row in rows] == [
        ("poedan_104", "dropout"),
        ("smithann_101", "start_here"),
        ("smithann_101", "dropout"),
        ("vanderbergbo_102", "dropout"),
    ]
    assert {row[3] for row in rows} == {None} and rows[3][2].startswith("vanderbergbo_LATE_102_")
    assert lines == [
        "özcem_103: left out what is no notebook of a lesson: özcem_103_9004_notes.pdf"
        " (the file is damaged: it holds no JSON)",
    ]
    rows, lines = _collected(tmp_path, CANVAS, roster)
    assert [row[0] for row in rows] == ["poedan_104", "asmith", "asmith", "bberg"]
    assert lines[-1] == "poedan_104: not on the roster; graded under this name"


def test_canvas_download_without_names_and_with_a_students_zip(tmp_path):
    inner = zipped(tmp_path / "inner.zip", {"hw/04_dropout.ipynb": "{}"}).read_bytes()
    rows, _ = _collected(
        tmp_path,
        {
            "anon_x7Yz1_55_04_dropout.ipynb": "{}",
            "LATE_anon_Qq2_56_04_dropout.ipynb": "{}",
            "poedan_104_57_hw.zip": inner,
        },
    )
    assert [row[0] for row in rows] == ["anon_Qq2", "anon_x7Yz1", "poedan_104"]
    assert layouts.CANVAS.fullmatch("LATE_anon_Qq2_56_04_dropout.ipynb")["late"]


def test_canvas_names_without_an_id_on_the_roster(tmp_path):
    """A roster without Canvas' ids: the squashed name tells who it is, where it is one person's alone."""
    people = read_roster(
        table(tmp_path / "r.csv", "login,name", "as,Ann Smith", "bo,Bo van der Berg", "x,Al Po", "y,Al Po")
    )
    rows, lines = _collected(
        tmp_path,
        {
            "smithann_1_9_04_dropout.ipynb": "{}",
            "vanderbergbo_2_9_04_dropout.ipynb": "{}",
            "poal_3_9_04_dropout.ipynb": "{}",
        },
        people,
    )
    assert {row[0] for row in rows} == {"as", "bo", "poal_3"} and "poal_3: not on the roster" in lines[0]


@pytest.mark.parametrize("wrapper", ["", "Course-HW 4-1234/"])
@pytest.mark.parametrize("shape", ["{}_assignsubmission_file/04_dropout.ipynb", "{}_assignsubmission_file_/04_dropout.ipynb",
                                   "{}_assignsubmission_file_04_dropout.ipynb"])  # fmt: skip
def test_moodle_download(tmp_path, roster, shape, wrapper):
    who = ["Ann Smith_4711", "Group A-Bo van der Berg_4712", "Al Po_4713", "Al Po_4714"]
    content = {wrapper + shape.format(name): "{}" for name in who}
    content[f"{wrapper}Zoe Y_4715_assignsubmission_onlinetext/onlinetext.html"] = "<p>"
    rows, lines = _collected(tmp_path, content)
    students = ["Al Po_4713", "Al Po_4714", "Ann Smith", "Group A-Bo van der Berg"]
    assert [row[0] for row in rows] == [*students, "Zoe Y"]  # who handed in something that is no notebook
    assert {row[1] for row in rows} == {"dropout"} and not lines
    rows, _ = _collected(tmp_path, content, roster)
    assert [row[0] for row in rows][2:] == ["asmith", "bberg", "Zoe Y"]


GRADESCOPE = """
submission_11:
  :submitters:
  - :name: Ann Smith
    :sid: '101'
    :email: ann@x.org
  :created_at: 2026-04-26 17:34:00.861687000 Z
  :results:
    score: 2.0
    output: |-
      many: {lines
  :history:
  - :created_at: 2026-04-25 17:34:00 Z
submission_12:
  :submitters:
  - :name: Bo van der Berg
    :sid:
    :email: bo@x.org
  - :name: Dan/../Poe
    :sid:
    :email:
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 1
submission_13:
  :submitters: []
"""


@pytest.mark.parametrize("wrapper", ["", "assignment_5_export/"])
def test_gradescope_download(tmp_path, roster, wrapper):
    content = {f"{wrapper}submission_{i}/04_dropout.ipynb": "{}" for i in (11, 12, 13)}
    content[f"{wrapper}submission_metadata.yml"] = GRADESCOPE
    rows, lines = _collected(tmp_path, content, use_mtime=True)
    assert [(row[0], row[3]) for row in rows] == [
        ("101", "2026-04-26T17:34:00.861687+00:00"),
        ("bo@x.org", None),
        ("Dan_.._Poe", None),
    ]
    assert lines == ["submission_13: left out, Gradescope names nobody who handed it in"]
    rows, _ = _collected(tmp_path, content, roster)
    assert [row[0] for row in rows] == ["asmith", "bberg", "Dan_.._Poe"]


@pytest.mark.parametrize(
    "text", ["[1, 2", "- a", "\x00", "!!python/object/apply:os.system ['touch evil']", "a: &a [*a]"]
)
def test_metadata_that_is_none(tmp_path, text):
    content = {"submission_11/04_dropout.ipynb": "{}", "submission_metadata.yml": text}
    rows, _ = _collected(tmp_path, content)
    assert rows[0][0] == "submission_11" and not (tmp_path / "evil").exists()


@pytest.mark.parametrize("prefix", ["", "in/", "submissions/"])
def test_a_zip_of_students_folders(tmp_path, prefix):
    rows, lines = _collected(tmp_path, {f"{prefix}ann/04_dropout.ipynb": "{}", f"{prefix}bob/": ""})
    assert [row[0] for row in rows] == ["ann"] and lines == ["bob: no notebook of a lesson"]


def test_a_zip_with_one_student_alone_is_no_wrapper(tmp_path):
    rows, _ = _collected(tmp_path, {"ann/ps1/04_dropout.ipynb": "{}"})
    assert [row[0] for row in rows] == ["ann"]


def test_a_zip_of_nbgraders_course(tmp_path):
    content = {"source/ps1/04_dropout.ipynb": "{}", "submitted/ann/ps1/04_dropout.ipynb": "{}"}
    content["submitted/ann/ps1/timestamp.txt"] = "2026-02-02 15:58:23.948203 America/Los_Angeles\n"
    rows, lines = _collected(tmp_path, content)
    assert rows == [("ann", "dropout", "04_dropout.ipynb", "2026-02-02T15:58:23.948203-08:00")] and not lines


def test_a_files_own_time_is_believed_only_when_asked(tmp_path):
    _touch(tmp_path, "in/ann/04_dropout.ipynb")
    os.utime(tmp_path / "in/ann/04_dropout.ipynb", (1.7e9, 1.7e9))
    times = [collect(tmp_path / "in", use_mtime=use).submissions[0].submitted for use in (False, True)]
    assert times[0] is None and datetime.fromisoformat(times[1]).timestamp() == 1.7e9
    for name in ("smithann_101_9001_04_dropout.ipynb", "Ann_1_assignsubmission_file/04_dropout.ipynb"):
        assert _collected(tmp_path, {name: "{}"}, use_mtime=True)[0][0][3] is None  # the time of the download


def test_a_name_that_tells_nothing_is_no_loss_where_the_exercises_tell(tmp_path):
    cells = json.dumps({"cells": [{"source": "def feature_means(X):\n    return 1"}]})
    rows, lines = _collected(tmp_path, {"ann/final version.ipynb": cells, "ann/diary.ipynb": "{}"})
    assert [row[1] for row in rows] == ["start_here"]
    assert lines == [
        "ann/diary.ipynb: left out, its name names no lesson of the course, and the file is no notebook"
    ]


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}}, "R"),
        ({"language_info": {"codemirror_mode": {"name": "julia"}, "name": "julia"}}, "julia"),
        ({"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}, None),
        ({"language_info": {"codemirror_mode": {"name": "ipython", "version": 3}, "name": "python"}}, None),
        ({}, None),
    ],
)
def test_a_kernel_of_another_language_gets_a_line(tmp_path, metadata, language):
    cells = [{"cell_type": "code", "source": '{"kernelspec": {"language": "R"}}'}]
    rows, lines = _collected(
        tmp_path, {"ann/04_dropout.ipynb": json.dumps({"cells": cells, "metadata": metadata})}
    )
    assert len(rows) == 1
    expected = f"ann/04_dropout.ipynb: its kernel is for {language}, not for Python"
    assert lines == ([expected] if language else [])


def test_what_is_neither_folder_nor_zip_is_refused(tmp_path):
    (tmp_path / "x.txt").write_text("hello")
    for name, why in {"x.txt": "is not a folder, not a zip", "absent": "absent does not exist"}.items():
        with pytest.raises(NotADirectoryError, match=why):
            collect(tmp_path / name)


@pytest.mark.parametrize("ending", [".zip", ""])
def test_downloads_in_a_folder_are_not_taken_for_students(tmp_path, ending):
    """Nor is one download, beside which the gradebook lies. Where there are others, it may be a student who made it."""
    root = tmp_path / "in"
    for hw in ("hw1", "hw2"):
        names = f"smithann_101_{hw[2]}_04_dropout.ipynb", f"poedan_102_{hw[2]}5_04_dropout.ipynb"
        _touch(root / hw, *names)
        if ending:
            zipped(root / f"{hw}.zip", dict.fromkeys(names, "{}"))
            shutil.rmtree(root / hw)
    _touch(root, "gradebook.csv")
    with pytest.raises(
        NotADirectoryError, match=f"holds 2 downloads .*hw1{ending} and hw2{ending}.*: name one"
    ):
        collect(root, tmp_path)
    _touch(root, "bob/04_dropout.ipynb")
    assert {"bob", "hw1"} < {*collect(root, tmp_path).students}
    shutil.rmtree(root / "bob")
    (root / "hw2.zip").unlink() if ending else shutil.rmtree(root / "hw2")
    with pytest.raises(NotADirectoryError, match="holds 1 download of a platform"):
        collect(root, tmp_path)


def test_a_students_name_that_begins_with_numbers_is_no_platforms(tmp_path):
    for others in ({}, {"bob/04_dropout.ipynb": "{}"}):
        rows, _ = _collected(tmp_path, {"ada/12_34_dropout.ipynb": "{}"} | others)
        assert rows[0][0] == "ada"


def test_students_whose_names_differ_in_case_alone_get_a_line(tmp_path):
    rows, lines = _collected(tmp_path, {"Ann/04_dropout.ipynb": "{}", "ann/04_dropout.ipynb": "{}"})
    assert [row[0] for row in rows] == ["Ann", "ann"]
    assert lines[-1] == "Ann and ann differ only in case: are they one student?"


def test_what_the_roster_passed_over_is_said(tmp_path):
    people = read_roster(table(tmp_path / "r.csv", "login,role", "ann,Student", "x,TA"))
    _, lines = _collected(tmp_path, {"ann/04_dropout.ipynb": "{}"}, people)
    assert len(lines) == 1 and lines[0].endswith("line 3: passed over, the role is ta")
