"""What is handed in to be taken for something else: somebody else's work, an earlier time, many tries, a full disk."""

import csv
import errno
import io
import itertools
import os
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest

from coursekit import cli
from coursekit.grading.intake import archives
from coursekit.grading.intake.archives import NoRoom, listing
from coursekit.grading.intake.collect import collect
from coursekit.grading.intake.roster import read_roster
from nnutils.checks.catalogue import questions_of

from .conftest import notebook
from .made import table, zipped

RIGHT = "import numpy as np\ndef feature_means(X):\n    return np.mean(X, axis=0)"
WRONG = "def feature_means(X):\n    return X[0] * 1.5"


@pytest.fixture
def grade(tmp_path, capsys):
    """Grade what lies in tmp_path/in or in a zip: exit code, student → points, what was said."""

    def run(*options, source="in", out="out"):
        words = ["grade", tmp_path / source, "--out", tmp_path / out, "--jobs", "1", *options]
        code = cli.main([str(word) for word in words])
        file, rows = tmp_path / out / "grades.csv", {}
        if file.exists():
            with file.open(encoding="utf-8-sig", newline="") as text:
                rows = {row["student"]: row for row in csv.DictReader(text)}
        return code, {name: float(row["points"]) for name, row in rows.items()}, capsys.readouterr().err

    return run


@pytest.fixture
def roster(tmp_path):
    rows = (
        "Student,ID,SIS Login ID,Identifier",
        '"Smith, Ann",101,ann,Participant 999',
        '"Mal, Eve",555,eve,Participant 4711',
    )
    return table(tmp_path / "roster.csv", *rows)


def _write(place: Path, *cells: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(notebook(*cells), encoding="utf-8")
    return place


def _students(source, *rows, **options):
    people = read_roster(table(source.parent / "r.csv", *rows)) if rows else None
    found = collect(source, source.parent / "unpacked", people, **options)
    return found, [submission.student for submission in found.submissions]


# Many tries


def test_a_quiz_cannot_be_answered_in_every_way(grade, tmp_path):
    """Sixteen copies, one with each pair of letters: one is graded, and it is the first by its name, which is wrong."""
    first, second = questions_of("start_here")
    letters = [
        sorted(dict(one.lettered()), key=lambda letter, one=one: letter == one.answer)
        for one in (first, second)
    ]
    for i, (a, b) in enumerate(itertools.product(*letters)):
        _write(
            tmp_path / "in" / "eve" / f"00_start_here ({i:02d}).ipynb",
            RIGHT,
            f'{first.name} = "{a}"\n{second.name} = "{b}"',
        )
    code, points, said = grade()
    assert (code, points) == (0, {"eve": 1.0})
    assert (
        "16 notebooks of this lesson were handed in; only `00_start_here (00).ipynb` is graded: its name comes first"
        in said
    )
    assert len((tmp_path / "out" / "log.jsonl").read_text().splitlines()) == 1


def test_two_thousand_copies_cost_the_time_of_one(grade, tmp_path):
    endless = notebook("def feature_means(X):\n    while True: pass")
    inner = zipped(io.BytesIO(), {f"00_start_here ({i}).ipynb": endless for i in range(1999)}).getvalue()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "eve.zip").write_bytes(inner)
    code, points, _ = grade("--time-limit", "1")
    assert (code, points) == (0, {"eve": 0.0})
    assert len((tmp_path / "out" / "log.jsonl").read_text().splitlines()) == 1


def test_of_a_thousand_notebooks_without_a_lesson_few_are_looked_into(tmp_path, monkeypatch):
    looked = []
    monkeypatch.setattr("coursekit.grading.intake.place.topic_within", lambda path: looked.append(path))
    content = {f"x{i}.ipynb": "{}" for i in range(1000)}
    zipped(tmp_path / "eve.zip", content)
    (tmp_path / "in").mkdir()
    (tmp_path / "eve.zip").rename(tmp_path / "in" / "eve.zip")
    found = collect(tmp_path / "in", tmp_path / "unpacked")
    assert len(looked) == 100 and not found.submissions


@pytest.mark.parametrize("order", [1, -1])
def test_the_last_of_canvas_uploads_counts(tmp_path, order):
    names = [f"evemal_555_{upload}_00_start_here{mark}.ipynb" for upload, mark in ((9001, ""), (9002, "-1"))]
    found, _ = _students(zipped(tmp_path / "in.zip", dict.fromkeys(names[::order], "{}")))
    assert [submission.path.name for submission in found.submissions] == [names[1]]
    assert "it is the last that was handed in" in found.submissions[0].note


def test_the_last_by_nbgraders_time_counts(tmp_path):
    for place, when in (
        ("ps1", "2026-05-02 10:00:00 UTC"),
        ("ps1-again", "2026-05-03 10:00:00 UTC"),
        ("a", "2026-05-01 10:00:00 UTC"),
    ):
        _write(tmp_path / "submitted" / "eve" / place / "00_start_here.ipynb", place)
        (tmp_path / "submitted" / "eve" / place / "timestamp.txt").write_text(when)
    found, _ = _students(tmp_path / "submitted")
    assert [submission.path.parent.name for submission in found.submissions] == ["ps1-again"]
    assert found.submissions[0].submitted == "2026-05-03T10:00:00+00:00"


# Somebody else's name


def test_a_moodle_file_that_is_named_like_another_students_place(grade, tmp_path, roster):
    """The student chose the part after `file_`."""
    name = "Eve Mal_4711_assignsubmission_file_foo-Ann Smith_999_assignsubmission_file_00_start_here.ipynb"
    zipped(tmp_path / "in.zip", {name: notebook(RIGHT)})
    assert grade("--roster", roster, source="in.zip")[1] == {"eve": 1.0, "ann": 0.0}
    code, points, _ = grade(source="in.zip", out="without")
    assert (code, points) == (0, {"Eve Mal": 1.0})


@pytest.mark.parametrize("name", ["X-Ann Smith", "Ann Smith", "ann", "101", "Smith Ann"])
def test_a_moodle_name_that_was_chosen_means_nobody_else(tmp_path, name):
    """Eve calls herself so. Her number is on the roster, or at least the numbers of this assignment are."""
    rows = (
        "ID,login,name,Identifier",
        "101,ann,Ann Smith,Participant 999",
        "102,bob,Bob,Participant 998",
        "555,eve,Eve Mal,Participant 4711",
    )
    content = {
        f"{name}_4711_assignsubmission_file/00_start_here.ipynb": "{}",
        "Bob_998_assignsubmission_file/00_start_here.ipynb": "{}",
    }
    source = zipped(tmp_path / "in.zip", content)
    assert sorted(_students(source, *rows)[1]) == ["bob", "eve"]
    found, students = _students(source, *rows[:3])  # Eve is not on it
    assert {*students} == {"bob", f"{name} (not on the roster)" if name == "ann" else name}
    assert any("not on the roster" in line for line in found.notes)


def test_a_group_of_moodles_is_known_by_the_roster_alone(tmp_path):
    content = {"Group A-Bo van der Berg_12_assignsubmission_file/00_start_here.ipynb": "{}"}
    source = zipped(tmp_path / "in.zip", content)
    assert _students(source, "login,name,group", "bo,Bo van der Berg,Group A")[1] == ["bo"]
    assert _students(source, "login,name,group", "bo,Bo van der Berg,Group B")[1] == [
        "Group A-Bo van der Berg"
    ]


def test_two_of_one_name_in_one_lesson_are_neither_taken_for_the_one_on_the_roster(tmp_path):
    """The roster has the numbers of another assignment, so names decide; here they cannot."""
    content = {
        f"{who}_assignsubmission_file/00_start_here.ipynb": "{}"
        for who in ("Ann Smith_31", "Smith Ann_32", "Bob_33")
    }
    content["Bob_77_assignsubmission_file/04_dropout.ipynb"] = "{}"  # another assignment, in the same folder
    rows = ("login,name,Identifier", "ann,Ann Smith,Participant 1", "bob,Bob,Participant 2")
    found, students = _students(zipped(tmp_path / "in.zip", content), *rows)
    assert sorted(students) == ["Ann Smith (31)", "Smith Ann (32)", "bob", "bob"]
    assert sum("not the only one who could be ann" in line for line in found.notes) == 2


CANVAS = "eve_101_9001_555_777_00_start_here.ipynb"


def test_a_canvas_name_with_another_students_number_in_it(grade, tmp_path, roster):
    zipped(tmp_path / "in.zip", {CANVAS: notebook(RIGHT)})
    export = table(tmp_path / "export.csv", "Student,ID,SIS Login ID,Section,Lesson 00 (77)", "    Points Possible,,,,7",
                   '"Smith, Ann",101,ann,A,', '"Mal, Eve",555,eve,A,')  # fmt: skip
    _, points, said = grade("--roster", roster, "--canvas", export, source="in.zip")
    assert points["ann"] == 0 and f"{CANVAS}: not on the roster; graded under this name" in said
    code, points, said = grade("--canvas", export, source="in.zip", out="without")
    assert points == {CANVAS: 1.0} and "not in export.csv" in said
    assert (
        code == 0
        and ",3"
        not in (tmp_path / "without" / "canvas.csv").read_text().partition("Possible")[2].partition("\n")[2]
    )


@pytest.mark.parametrize(
    ("file", "student"),
    [
        (CANVAS, "eve"),  # her name in Canvas is eve_101_9001
        ("eve_101_555_777_00_start_here.ipynb", None),
        ("smithann_101_9001_2026_04_dropout.ipynb", "ann"),
        ("smithann_LATE_101_9001_2026_04_dropout.ipynb", "ann"),
        ("smithann_101_9001_04_dropout.ipynb", "ann"),
        ("anyname_101_9001_04_dropout.ipynb", "ann"),
        ("smithann_777_9001_04_dropout.ipynb", None),  # the name of another number
    ],
)
def test_a_canvas_number_before_a_name(tmp_path, file, student):
    rows = ("Student,ID,SIS Login ID", '"Smith, Ann",101,ann', "eve_101_9001,555,eve", '"Li, Bo",12,bo')
    found, students = _students(zipped(tmp_path / "in.zip", {file: "{}"}), *rows)
    if student:
        assert students == [student]
    else:
        assert not {"ann", "eve"} & {*students} and any("not on the roster" in line for line in found.notes)


def test_without_a_roster_canvas_number_alone_decides(grade, tmp_path):
    """Two students have one name; only the number tells whose row of the gradebook it is."""
    zipped(
        tmp_path / "in.zip",
        {
            "nguyễnvănan_9012_70001_00_start_here.ipynb": notebook(RIGHT),
            "nguyễnvănan_9013_70002_00_start_here.ipynb": notebook(WRONG),
        },
    )
    export = table(tmp_path / "export.csv", "Student,ID,SIS Login ID,Section,Lesson 00 (77)", "    Points Possible,,,,7",
                   '"Nguyễn, Văn An",9012,a,A,', '"Nguyễn, Văn An",9013,b,A,')  # fmt: skip
    _, _, said = grade("--canvas", export, source="in.zip")
    with (tmp_path / "out" / "canvas.csv").open(encoding="utf-8", newline="") as text:
        assert {row["ID"]: row["Lesson 00 (77)"] for row in csv.DictReader(text)} == {
            "": "7",
            "9012": "1",
            "9013": "0",
        }
    assert "not in export.csv" not in said


def test_a_folder_that_only_ends_like_a_number_is_nobody_elses(tmp_path):
    people = read_roster(
        table(tmp_path / "r.csv", "Student,ID,SIS Login ID", '"Smith, Ann",101,ann', '"Mal, Eve",555,eve')
    )
    assert people.find_graded("evemal_101", None) is None
    assert people.find_graded("evemal_555", None).student == "eve"
    assert people.find_graded("nickname_555", None).student == "eve"


def test_one_name_in_two_ways_to_write_an_accent_is_one_student(grade, tmp_path):
    composed, apart = (unicodedata.normalize(form, "José") for form in ("NFC", "NFD"))
    assert composed != apart
    _write(tmp_path / "in" / apart / "00_start_here.ipynb", RIGHT)
    people = table(tmp_path / "r.csv", "student,name", f"{composed},José Ibarra")
    code, points, said = grade("--roster", people)
    assert (code, points) == (0, {composed: 1.0}) and "not on the roster" not in said
    people = table(tmp_path / "r2.csv", "student,name", f"{apart},José Ibarra")
    assert grade("--roster", people, out="apart")[1] == {composed: 1.0}
    _write(tmp_path / "in" / composed / "00_start_here.ipynb", WRONG)
    found, students = _students(tmp_path / "in")
    assert students == [composed] and "2 notebooks of this lesson" in found.submissions[0].note


# An earlier time


@pytest.mark.parametrize("where", ["bob", "zip", "submitted"])
def test_a_time_stamp_of_the_students_own_is_not_believed(grade, tmp_path, where):
    """Both handed in late, and the second one put a time stamp beside the notebook."""
    early = "2026-01-01 08:00:00 UTC"
    files = [_write(tmp_path / "in" / "ann" / "00_start_here.ipynb", RIGHT)]
    if where == "zip":
        (tmp_path / "in" / "bob").mkdir()
        files.append(
            zipped(
                tmp_path / "in" / "bob" / "hw.zip",
                {"00_start_here.ipynb": notebook(RIGHT), "timestamp.txt": early},
            )
        )
    else:
        inside = "submitted/bob/ps1" if where == "submitted" else "."
        files.append(_write(tmp_path / "in" / "bob" / inside / "00_start_here.ipynb", RIGHT))
        (files[-1].parent / "timestamp.txt").write_text(early)
    for file in files:
        os.utime(file, (1_790_000_000, 1_790_000_000))  # September 2026
    (tmp_path / "course.toml").write_text("file_times = true")
    rules = ("--deadline", "2026-06-01T00:00Z", "--late", "50%/day,max=50%")
    assert grade(*rules)[1] == {"ann": 0.5, "bob": 0.5}


def test_a_time_in_a_students_zip_is_not_believed_either(grade, tmp_path):
    """The times of a zip's files are written by whoever made it: the zip's own time counts."""
    (tmp_path / "in" / "bob").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "in" / "bob" / "hw.zip", "w") as made:
        made.writestr(zipfile.ZipInfo("00_start_here.ipynb", (2026, 1, 1, 8, 0, 0)), notebook(RIGHT))
    os.utime(tmp_path / "in" / "bob" / "hw.zip", (1_790_000_000, 1_790_000_000))
    (tmp_path / "course.toml").write_text("file_times = true")
    rules = ("--deadline", "2026-06-01T00:00Z", "--late", "50%/day,max=50%")
    assert grade(*rules)[1] == {"bob": 0.5}


# A full disk


def test_one_students_archive_cannot_take_the_place_of_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_STUDENT", 3000)
    big = zipped(io.BytesIO(), {f"{i}/00_start_here.ipynb": os.urandom(400) for i in range(50)}).getvalue()
    plain = {"mallory.zip": big, "zoe/00_start_here.ipynb": "{}"}
    wrapped = {"HW 4/mallory/hw.zip": big, "HW 4/zoe/00_start_here.ipynb": "{}"}
    for source in (zipped(tmp_path / "all.zip", plain), zipped(tmp_path / "wrapped.zip", wrapped)):
        found = listing(source, tmp_path / "unpacked" / source.stem)
        assert found.unpacked[()] <= 3000 + 2
        assert [file.name for file in found.files if "zoe" in file.parts and file.path] == [
            "00_start_here.ipynb"
        ]
        refused = [file.trouble for file in found.files if file.trouble]
        assert len(refused) == 43 and "this student's files unpack to more than" in refused[0]
    found, students = _students(tmp_path / "all.zip")
    assert (
        students == ["mallory", "zoe"] and len(found.left_out) == 6
    )  # five lines, and how many more there are


def test_many_places_of_one_archive_share_its_limit(tmp_path, monkeypatch):
    """Neither folders in an archive nor several archives of one student make the limit larger."""
    monkeypatch.setattr(archives, "MAX_STUDENT", 1000)
    content = {
        f"ann/{i}.zip": zipped(io.BytesIO(), {"a/00.ipynb": os.urandom(400)}).getvalue() for i in range(5)
    }
    content["bob/00.ipynb"] = "{}"
    found = listing(zipped(tmp_path / "in.zip", content), tmp_path / "unpacked")
    assert sum(bool(file.path) for file in found.files) == 3
    for name, data in content.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    found = listing(tmp_path / "in", tmp_path / "unpacked2")
    assert sum(bool(file.path) for file in found.files) == 3


def _listed_often(times: int, shift: int = 0) -> bytes:
    """A zip whose directory names one content many times."""
    data = zipped(io.BytesIO(), {"00_start_here.ipynb": os.urandom(9000)}).getvalue()
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entries = b""
    for i in range(times):
        entry = bytearray(data[at:end])
        entry[42:46] = struct.pack("<I", i * shift)
        entries += bytes(entry)
    tail = bytearray(data[end:])
    tail[8:12], tail[12:16] = struct.pack("<HH", times, times), struct.pack("<I", len(entries))
    return data[:at] + entries + bytes(tail)


@pytest.mark.parametrize("shift", [0, 10], ids=["at one place", "overlapping"])
def test_one_content_that_is_listed_many_times_is_refused(grade, tmp_path, shift):
    (tmp_path / "in" / "mallory").mkdir(parents=True)
    (tmp_path / "in" / "mallory" / "hw.zip").write_bytes(_listed_often(60, shift))
    _write(tmp_path / "in" / "zoe" / "00_start_here.ipynb", RIGHT)
    code, points, said = grade()
    assert (code, points) == (0, {"zoe": 1.0})
    assert (
        "mallory/hw.zip: left out, the zip lists the same content several times, as a zip bomb does" in said
    )
    assert zipfile.is_zipfile(tmp_path / "in" / "mallory" / "hw.zip") and listing(
        zipped(tmp_path / "x.zip", {"a/b.txt": ""}), tmp_path
    )


def test_a_full_disk_is_the_graders_fault_and_stops_the_run(grade, tmp_path, monkeypatch):
    zipped(tmp_path / "in.zip", {"ann/00_start_here.ipynb": "{}", "zoe/00_start_here.ipynb": "{}"})

    def full(*words, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(archives.tempfile, "mkdtemp", full)
        with pytest.raises(NoRoom, match=r"No space left.*set TMPDIR"):
            listing(tmp_path / "in.zip", tmp_path / "unpacked")
        code, points, said = grade(source="in.zip")
    assert (code, points) == (1, {}) and "left out" not in said


# Names


def test_a_long_name_costs_nobody_a_page(grade, tmp_path):
    long, odd = "A" * 255, "an\x1b[2Jn\u202e\n"
    for name in (long, odd, "zoe"):
        _write(tmp_path / "in" / name / "00_start_here.ipynb", RIGHT)
    code, points, said = grade()
    assert code == 0 and sorted(points.values()) == [1.0, 1.0, 1.0]
    pages = {file.name for file in (tmp_path / "out" / "feedback").iterdir()}
    assert len(pages) == 3 and "zoe.html" in pages and all(name.isprintable() for name in pages)
    assert (tmp_path / "out" / "report.html").exists()
    text = (tmp_path / "out" / "grades.csv").read_text(encoding="utf-8-sig")
    assert all(line.isprintable() for line in text.splitlines()) and len(text.splitlines()) == 4
    assert "\x1b[2J" not in said


def test_pages_of_names_that_a_file_cannot_bear_are_not_shared():
    from coursekit.grading.intake.names import page_name

    names = ["a:b", "a_b", "a/b", "a?b", "A" * 255, "A" * 254, "ann", "Zoë", "..", ".", "", "x."]
    assert len({page_name(name) for name in names}) == len(names)
    assert page_name("ann") == "ann" and page_name("Zoë") == "Zoë"
    assert all(len(page_name(name).encode()) < 220 and "/" not in page_name(name) for name in names)


def test_a_page_that_cannot_be_written_does_not_stop_the_others(grade, tmp_path):
    for name in ("ann", "bob", "zoe"):
        _write(tmp_path / "in" / name / "00_start_here.ipynb", RIGHT)
    (tmp_path / "out" / "feedback" / "bob.html").mkdir(parents=True)
    code, points, said = grade()
    assert code == 1 and points == {"ann": 1.0, "bob": 1.0, "zoe": 1.0}
    assert (
        "the page of bob was not written" in said and (tmp_path / "out" / "feedback" / "zoe.html").is_file()
    )
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_report_that_cannot_be_written_is_said(grade, tmp_path):
    _write(tmp_path / "in" / "ann" / "00_start_here.ipynb", RIGHT)
    (tmp_path / "out" / "report.html").mkdir(parents=True)
    code, points, said = grade()
    assert (code, points) == (1, {"ann": 1.0}) and "report.html was not written" in said


def test_a_dry_run_tells_names_without_what_steers_a_terminal(tmp_path, capsys):
    _write(tmp_path / "in" / "an\x1b[2Jn" / "00_start_here.ipynb", RIGHT)
    _write(tmp_path / "in" / "bo\x1b[2Jb" / "diary.ipynb", RIGHT)
    assert cli.main(["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--dry-run"]) == 0
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err and "an?[2Jn" in said.out and "bo?[2Jb" in said.out


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX alone")
def test_a_name_that_is_no_utf_8_costs_no_output_and_is_said(grade, tmp_path):
    for name in (b"zo\xeb", b"ann"):
        folder = os.fsencode(tmp_path / "in") + b"/" + name
        os.makedirs(folder)
        with open(folder + b"/00_start_here.ipynb", "w") as file:
            file.write(notebook(RIGHT))
    code, points, said = grade("--nbgrader", tmp_path / "gradebook.db")
    assert code == 0 and points == {"ann": 1.0, "zo\\udceb": 1.0}
    assert (tmp_path / "gradebook.db").exists() and "zo\\udceb: its name is not UTF-8" in said
