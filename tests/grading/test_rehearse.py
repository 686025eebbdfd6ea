"""`course.py rehearse`: a class whose truth is known, as each platform hands it out, and what the grader says of it."""

import csv
import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from coursekit import cli
from coursekit.grading.intake.collect import collect
from coursekit.grading.intake.roster import read_roster
from coursekit.grading.intake.topics import item_names
from coursekit.grading.reading.extract import extract
from coursekit.grading.reading.notebook import Unreadable, code_cells
from coursekit.grading.rehearsal import rehearse
from coursekit.grading.rehearsal.answers import answers
from coursekit.grading.rehearsal.classroom import classroom
from coursekit.grading.rehearsal.compare import compare
from coursekit.grading.rehearsal.habits import copied, in_own_hand, with_helper
from coursekit.grading.rehearsal.notebooks import BROKEN, ODD, PLAIN, filled
from coursekit.grading.rehearsal.platforms import NAMES, writer
from coursekit.sandbox import kernel
from nnutils.checks.catalogue import exercises_of, questions_of

WALLS = () if kernel.KNOWN else ("--sandbox", "off")
SMALL = 8
GUIDE = (Path(__file__).parents[2] / "docs" / "instructors.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def small():
    return classroom(SMALL, ["dropout"])


@pytest.fixture(scope="module")
def whole():
    """A class in which every form of notebook is handed in."""
    return classroom(30, ["start_here"])


@pytest.fixture
def rng():
    return random.Random(0)


@pytest.fixture
def run(tmp_path, capsys):
    def rehearsed(*words, out="rehearsal"):
        code = cli.main(["rehearse", "--out", str(tmp_path / out), *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return rehearsed


@pytest.mark.parametrize("platform", ["canvas", "moodle"])
def test_every_verdict_on_a_class_agrees_with_the_truth(run, tmp_path, small, platform, monkeypatch):
    monkeypatch.setenv("NNUTILS_SEED_SECRET", "with other cases the truth would be another one")
    code, out, _ = run("--platform", platform, "--lessons", "4", "--students", str(SMALL), *WALLS)
    assert code == 0 and "✘" not in out
    items = len(item_names("dropout"))
    read = [work for work in small.works if work.readable]
    verdicts = items * len(read) + SMALL - len(read)
    marks = SMALL
    assert f"{verdicts + marks} of {verdicts + marks} agree with the truth: {verdicts} verdicts" in out
    assert "Copies: 1 of 1 are among the 1 pair in the report." in out
    (example,) = re.findall(
        r"^\$ (python3 course.py rehearse --platform canvas .*?)^```", GUIDE, re.MULTILINE | re.DOTALL
    )
    if platform == "canvas":
        assert [line for line in example.splitlines()[1:] if line not in (*out.splitlines(), "…")] == []
    with (tmp_path / "rehearsal" / "truth.csv").open(encoding="utf-8-sig", newline="") as file:
        truth = [*csv.DictReader(file)]
    assert [row["login"] for row in truth] == [work.student.login for work in small.works]

    # the same results beside another truth
    first = next(work for work in small.works if work.readable)
    wrong = replace(first.answers[0], points=9.0, status="passed", mistake=None)
    other = replace(first, answers=(wrong, *first.answers[1:]))
    changed = replace(small, works=tuple(other if work is first else work for work in small.works))
    (download,) = writer(platform)(changed, tmp_path / "again")
    found = compare(changed, download, tmp_path / "rehearsal" / "graded")
    who = f"{first.student.name} ({first.student.login}), 04_dropout"
    assert f"{who}: {wrong.name} got " in found.differences[0]
    assert found.differences[0].endswith("expected 9 points (passed)")
    assert len(found.differences) == 3  # the points, the mark, the platform's file


@pytest.mark.parametrize("platform", NAMES)
def test_what_a_platform_hands_out_is_read_as_the_student_handed_it_in(platform, whole, tmp_path):
    """The forms were written from the platforms' own words, and not from the grader's patterns."""
    (download,) = writer(platform)(whole, tmp_path / "downloads")
    words = download.options
    roster = read_roster(Path(words[words.index("--roster") + 1]))
    times_in_names = download.knows_times and not {"--times", "--moodle"} & {*words}
    found = collect(download.submissions, tmp_path / "unpacked", roster)
    read = {submission.student: submission for submission in found.submissions}
    clear = [work for work in whole.works if work.student.number not in download.unclear]
    assert len(clear) > len(whole.works) // 2
    for work in clear:
        submission = read[download.names[work.student.number]]
        assert submission.path.read_bytes() == work.content
        assert submission.submitted or not times_in_names


def test_the_same_arguments_make_the_same_class(small):
    again = classroom(SMALL, ["dropout"])
    assert again == small
    assert classroom(SMALL, ["dropout"], seed=1) != small


def test_a_class_has_all_that_an_instructor_will_meet():
    made = classroom(30, ["start_here", "dropout"])
    said = " ".join(remark for work in made.works for remark in work.remarks)
    wanted = [*(form.words for form in (*ODD, *BROKEN)), "late", "handed in again", "copied from"]
    assert [words for words in wanted if words not in said] == []
    assert {work.student for work in made.works} < {*made.students}  # somebody hands in nothing
    assert len({student.name for student in made.students}) < len(made.students)


@pytest.mark.parametrize("form", [PLAIN, *ODD, *BROKEN], ids=lambda form: form.words or "plain")
def test_every_answer_is_found_in_whatever_form(form, tmp_path, rng):
    given = answers("dropout", 1.0, rng)
    name, content = form.save(filled("dropout", given, rng), "04_dropout")
    file = tmp_path / name
    file.write_bytes(content)
    if not form.readable:
        with pytest.raises(Unreadable):
            code_cells(file)
        return
    found = extract(code_cells(file))
    assert [one.name for one in exercises_of("dropout") if len(found.definitions(one.name)) != 1] == []
    letters = {question.name: question.answer for question in questions_of("dropout")}
    assert {name: found.answers[name] for name in letters} == letters


def test_what_is_called_4_mb_has_4_mb(rng):
    form = next(form for form in ODD if "4 MB" in form.words)
    _, content = form.save(filled("dropout", [], rng), "04_dropout")
    (stream,) = [cell for cell in json.loads(content)["cells"] if len(str(cell.get("outputs"))) > 1 << 20]
    assert len("".join(stream["outputs"][0]["text"])) > 4_000_000


@pytest.mark.parametrize("change", [in_own_hand, copied, lambda text, rng: with_helper(text, "own_helper")])
def test_a_habit_changes_no_result(change, rng):
    source = (
        "SCALE = 2\n\n"
        "def f(x, k=3):\n"
        "    total = 0\n"
        "    for i, v in enumerate(x):\n"
        "        total += v * SCALE\n"
        "    rows = [v + total for v in x if v != k]\n"
        "    def inner(k):\n"
        "        return k + total\n"
        "    return [inner(v) for v in rows] + [(lambda v: v * total)(k)]"
    )
    changed = change(source, rng)
    before, after = {}, {}
    exec(source, before)
    exec(changed, after)
    assert after["f"]([1, 2, 3]) == before["f"]([1, 2, 3])
    assert changed != source and "def f(x, k=3)" in changed


def test_only_a_new_folder_is_written_to(run, tmp_path):
    (tmp_path / "rehearsal").mkdir()
    (tmp_path / "rehearsal" / "mine.txt").write_text("keep")
    code, _, err = run()
    assert code == 2 and "is not empty: choose a new folder" in err
    assert [file.name for file in (tmp_path / "rehearsal").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--lessons", "99"), "there is no lesson '99'"),
        (("--students", "3"), "a class has 4 to 1000 students"),
    ],
)
def test_wrong_usage_ends_before_anything_is_made(run, tmp_path, words, said):
    code, _, err = run(*words)
    assert code == 2 and said in err
    assert not (tmp_path / "rehearsal").exists()


def test_a_wrong_number_of_workers_ends_before_anything_is_made(run, tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        run("--jobs", "-1")
    assert "'-1' is no whole number from 1 to 1024" in capsys.readouterr().err
    assert not (tmp_path / "rehearsal").exists()


def test_a_run_that_cannot_grade_says_so(run, monkeypatch):
    monkeypatch.setattr(rehearse.grade, "run", lambda options: 3)
    code, _, _ = run("--students", "4", "--lessons", "0")
    assert code == 3
