"""docs/instructors.md: what stands below a command is what it prints, on two small classes that are made here.

tests/grading holds the others: test_rehearse.py that of `rehearse`, and test_course_file.py that of course.toml.
"""

import json
import os
import re
import shlex
import zipfile
from pathlib import Path

import pytest

from coursekit import cli
from coursekit.grading.intake.topics import lesson_called
from coursekit.sandbox import kernel
from nnutils.checks.catalogue import exercises_of, predictions_of, questions_of

from .test_platforms import GAP, commands

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "instructors.md"
TERM = "/home/kim/term"  # the folder of the examples
PROGRESS = re.compile(r"notebook/s\]|s/notebook\]|^\s*$")
WALLS = [] if kernel.KNOWN else ["--sandbox", "off"]
LOOP = "def classic_dropout_predict(a, keep_prob):\n    while True:\n        pass"
HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,00_start_here (77),04_dropout (78)"
PEOPLE = (
    ("Byron, Ada", 101, "abyron"), ("Smith, Ann", 102, "asmith"), ("Özcem, Cem", 103, "coz"), ("Poe, Dan", 104, "dpoe"),
    ("Lind, Eve", 105, "elind"), ("Gone, Gil", 107, "ggone"),
)  # fmt: skip


def shown(beginning, place=0):
    """The command of the guide that begins so, without the words before its verb, and the lines below it."""
    every = [
        (text, lines)
        for _, text, lines in commands(GUIDE)
        if text.startswith(f"python3 course.py {beginning}")
    ]
    text, lines = every[place]
    return shlex.split(text)[2:], [line for line in lines if line != GAP]


@pytest.fixture
def prints(tmp_path, monkeypatch, capfd):
    """Run a command in the folder of the examples; all that it prints but its progress bar."""
    monkeypatch.chdir(tmp_path)

    def run(words, code):
        capfd.readouterr()
        assert cli.main(words) == code
        told = capfd.readouterr()
        lines = re.split(r"[\r\n]", (told.err + told.out).replace(str(tmp_path), TERM))
        return [line for line in lines if not PROGRESS.search(line)]

    return run


@pytest.mark.parametrize("verb", ["release", "autograder"])
def test_what_is_handed_out(prints, verb):
    words, lines = shown(verb)
    assert prints(words, 0) == lines


def test_the_grader_is_tried(prints):
    words, lines = shown("self-test")
    told = prints([*words[: words.index("--lessons") + 1], "00"], 0)
    assert told[-3] == lines[0]


def test_what_a_push_shows_has_the_numbers_of_the_lessons():
    rows = re.findall(r"^\S  (\d\d) [\w ]+?  +(\d+ of .*)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == 2
    for number, counts in rows:
        topic = lesson_called(number)
        items = [*exercises_of(topic), *questions_of(topic)]
        sizes = [len(exercises_of(topic)), len(questions_of(topic)), len(predictions_of(topic))]
        assert [int(most) for most in re.findall(r"of (\d+)", counts)] == [
            *sizes,
            sum(item.points for item in items),
        ]


def _lesson(name, *more, **changed):
    """A solution as somebody hands it in, with further cells."""
    notebook = json.loads((ROOT / "solutions" / f"{name}.ipynb").read_text(encoding="utf-8"))
    notebook["cells"] += [
        {
            "cell_type": "code",
            "metadata": {},
            "source": cell,
            "outputs": [],
            "execution_count": None,
            "id": f"x{i}",
        }
        for i, cell in enumerate(more)
    ]
    return json.dumps(notebook | changed)


def _class(folder, name, files, possible):
    """A download of Canvas', and its gradebook."""
    with zipfile.ZipFile(folder / name, "w") as archive:
        for member, content in files.items():
            archive.writestr(member, content)
    rows = [f'"{who}",{number},2026{number},{login},Monday,,' for who, number, login in PEOPLE]
    lines = [HEAD, f"    Points Possible,,,,,{possible},23.00", *rows, ""]
    (folder / "gradebook.csv").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def term(tmp_path):
    """A class in which one is late, one hands in a damaged file, and one a loop that never ends."""
    files = {
        "byronada_101_9001_00_start_here.ipynb": _lesson("00_start_here"),
        "byronada_101_9002_04_dropout.ipynb": _lesson("04_dropout"),
        "özcemcem_103_9005_00_start_here.ipynb": '{"cells": [}]}',
        "poedan_LATE_104_9007_00_start_here.ipynb": _lesson("00_start_here", 'what_failed = "a"'),
        "lindeve_105_9010_04_dropout.ipynb": _lesson("04_dropout", LOOP),
    }
    _class(tmp_path, "submissions.zip", files, "6")
    (tmp_path / "times.csv").write_text("student,lesson,submitted\ndpoe,00,2026-12-02T08:00+01:00\n")
    rules = 'timezone = "Europe/Berlin"\nlate = "10%/day,marked=20%"\ntimes = "times.csv"\nextra = ["start_here.what_failed"]\n'
    (tmp_path / "course.toml").write_text(rules + '[deadlines]\nall = "2026-12-01 23:59"\n')


def test_a_class_is_graded(prints, tmp_path, monkeypatch, term):
    (secret,) = [text for words, text, _ in commands(GUIDE) if words[0] == "export"]
    name, value = shlex.split(secret)[1].split("=")
    monkeypatch.setenv(name, value)
    words, lines = shown("grade submissions.zip")
    said = prints([*words, *WALLS], 1)
    assert sorted(said) == sorted(lines)

    text = GUIDE.read_text(encoding="utf-8")
    (table,) = re.findall(r"```\n(student,lesson,points,max,…,.*?)```", text, re.DOTALL)
    head, *rows = table.splitlines()
    written = (tmp_path / "graded" / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    first, last = head.split(",…,")
    assert written[0].startswith(first) and written[0].endswith(f",name,section,{last}")
    for row in rows:
        first, last = row.split(",…,")
        assert [
            line for line in written if line.startswith(f"{first},") and line.endswith(f",Monday,{last}")
        ], row

    again = prints([*words, *WALLS], 1)
    (kept,) = re.findall(r"^\d+ of \d+ notebooks of .* before\): .*$", text, re.MULTILINE)
    assert again[-1] == kept
    more, lines = shown("grade …")
    said = prints([*words, *WALLS, *more[more.index("--regrade") :]], 0)
    assert [line for line in lines if line not in said] == []


def test_odd_files_are_told(prints, tmp_path):
    r_kernel = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    nested = tmp_path / "homework.zip"
    with zipfile.ZipFile(nested, "w") as archive:
        archive.writestr("00_start_here.ipynb", _lesson("00_start_here"))
        archive.writestr("../../evil.ipynb", "{}")
    one = _lesson("00_start_here")
    files = {
        "byronada_101_9001_00_start_here.ipynb": one,
        "smithann_102_9002_00_start_here.ipynb": one,
        "smithann_102_9003_00_start_here-1.ipynb": one,
        "özcemcem_103_9004_homework.zip": nested.read_bytes(),
        "lindeve_105_9005_00_start_here.ipynb": _lesson("00_start_here", metadata=r_kernel),
        "whomay_106_9006_00_start_here.ipynb": one[: len(one) // 2],
    }
    os.unlink(nested)
    _class(tmp_path, "canvas.zip", files, "30")
    (tmp_path / "course.toml").write_text('timezone = "Europe/Berlin"\n')
    words, lines = shown("grade canvas.zip")
    said = prints([*words, *WALLS], 1)
    assert sorted(said) == sorted(lines)
