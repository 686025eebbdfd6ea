"""The bundle where students have it: installed by pip into an environment without the course, and unpacked."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from coursekit import cli
from coursekit.grading.paste import CannotPaste, cells_of
from nnutils import cli as student
from nnutils.checks.catalogue import exercises_of, questions_of
from tests.conftest import pip_install

LESSONS = {"00": "start_here", "04": "dropout", "12": "momentum_rmsprop_adam"}
NAMES = ("00_start_here", "04_dropout", "12_momentum_rmsprop_adam")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """course.zip."""
    folder = tmp_path_factory.mktemp("release")
    assert cli.main(["release", "--out", str(folder), "--lessons", *LESSONS]) == 0
    return folder / "course.zip"


@pytest.fixture(scope="module")
def installed(bundle, tmp_path_factory):
    """Run Python where `pip install course.zip` was done, and of this repository nothing can be imported."""
    site, home = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("home")
    pip_install(site, bundle, "--no-deps", "--no-build-isolation")
    others = tmp_path_factory.mktemp("others")  # NumPy and its kin without the nnutils that is tested here
    for path in Path(sys.modules["numpy"].__file__).parents[1].iterdir():
        if "nnutils" not in path.name and path.suffix not in (".pth", ".egg-link"):
            (others / path.name).symlink_to(path)

    def run(*words):
        environment = {
            "PYTHONPATH": f"{site}{os.pathsep}{others}",
            "NNUTILS_RECORD": "off",
            "OMP_NUM_THREADS": "1",
        }
        command = [sys.executable, "-S", "-P", *words]  # -S: no site-packages but those two
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr

    run.site, run.home = site, home
    return run


def test_all_files_of_the_package_are_installed(bundle, installed):
    with zipfile.ZipFile(bundle) as archive:
        packed = {
            name.removeprefix("course/") for name in archive.namelist() if name.startswith("course/nnutils/")
        }
    files = (path for path in (installed.site / "nnutils").rglob("*") if path.is_file())
    there = {path.relative_to(installed.site).as_posix() for path in files if "__pycache__" not in path.parts}
    assert there == packed
    code, said = installed("-c", "import nnutils; print(nnutils.__file__)")
    assert (code, Path(said.strip()).parent) == (0, installed.site / "nnutils")


CHECKS = """
import json, sys
from nnutils import check, quiz
for name, source in json.loads(sys.stdin.read() if len(sys.argv) < 2 else open(sys.argv[1]).read()):
    world = {"__name__": "__main__"}
    for cell in source:
        exec(cell, world)
    print("==", name)
    check(world[name])
"""


def checked(installed, answers):
    """The first line that is said of each answer: pairs of a name and the cells."""
    (installed.home / "answers.json").write_text(json.dumps(answers))
    code, said = installed("-c", CHECKS, "answers.json")
    assert code == 0, said
    return [part.partition("\n")[2].partition("\n")[0] for part in said.split("== ")[1:]]


def test_every_check_accepts_the_right_answer(installed):
    exercises = [one for topic in LESSONS.values() for one in exercises_of(topic)]
    said = checked(installed, [(one.name, cells_of(one.reference, one.name)) for one in exercises])
    words = {True: "● {}: it runs; whether it is right is looked at when it is graded", False: "✔ {}: passed"}
    wanted = [words[one.judged].format(one.name) for one in exercises]
    designs = [number for number, one in enumerate(exercises) if one.kind == "design"]
    for number in designs:  # a bundle can try a design, and says what it reaches
        wanted[number] = f"● {exercises[number].name}: it reaches "
        said[number] = said[number][: len(wanted[number])]
    assert said == wanted and designs
    assert len(exercises) >= 10


def test_every_check_names_the_known_mistakes(installed):
    exercises = [one for topic in LESSONS.values() for one in exercises_of(topic) if not one.judged]
    answers, expected = [], []
    for one in exercises:
        for mistake in one.mistakes:
            try:
                answers.append((one.name, cells_of(mistake.function, one.name)))
            except CannotPaste:
                continue
            told = (
                "○ {}: not attempted yet"
                if one.unchanged(mistake.function)
                else f"✘ {{}}: {mistake.sentence}"
            )
            expected.append(told.format(one.name).replace("`", ""))
    assert checked(installed, answers) == expected and len(expected) > 50


def test_other_words_work_there(installed):
    question = questions_of("dropout")[0].name
    lines = [
        "from nnutils import *",
        "for _ in range(3): hint('dropout_mask')",
        "print(sorted(case('dropout_mask')))",
        f"quiz({question!r}, 'b')",
        "progress()",
        "solution('dropout_mask')",
    ]
    code, said = installed("-c", "\n".join(lines))
    assert code == 0, said
    found = re.findall(r"hint (\d) of (\d)", said)
    assert found == [("1", "2"), ("2", "2"), ("2", "2")] and "keep_prob" in said
    assert f"● {question}: b is noted" in said and "your instructor keeps the solution" in said
    assert [topic for topic in LESSONS.values() if topic.replace("_", " ") not in said] == []
    assert "Next: " in said


def test_its_command_offers_what_is_there(installed):
    code, said = installed("-m", "nnutils.cli", "--help")
    assert code == 0 and re.findall(r"^    (\S+)", said, re.MULTILINE) == [*student.VERBS]
    code, said = installed("-m", "nnutils.cli", "grade", "x")
    assert code == 2 and "invalid choice: 'grade'" in said


def test_a_lesson_is_begun_anew(bundle, installed):
    with zipfile.ZipFile(bundle) as archive:
        wanted = archive.read("course/notebooks/04_dropout.ipynb")
    file, kept = installed.home / "04_dropout.ipynb", installed.home / "04_dropout.mine-1.ipynb"
    assert installed("-m", "nnutils.cli", "reset", "4") == (0, "04_dropout.ipynb is new\n")
    assert file.read_bytes() == wanted
    file.write_text("spoilt")
    code, said = installed("-m", "nnutils.cli", "reset", "dropout")
    assert (code, said) == (0, "04_dropout.ipynb is new; what you had is kept as 04_dropout.mine-1.ipynb\n")
    assert file.read_bytes() == wanted and kept.read_text() == "spoilt"
    code, said = installed("-m", "nnutils.cli", "reset", "05")
    assert (code, said) == (2, f"there is no lesson '05'; there are {', '.join(NAMES)}\n")


@pytest.fixture
def unpacked(bundle, tmp_path):
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "course"


def test_unpacked_the_notebooks_lie_beside_the_package(unpacked):
    file = unpacked / "notebooks" / "12_momentum_rmsprop_adam.ipynb"
    wanted = file.read_bytes()
    file.write_text("spoilt")
    code = f"import sys; sys.path.insert(0, {str(unpacked)!r})\nfrom nnutils import cli\nsys.exit(cli.main(['reset', '12']))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=unpacked.parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert file.read_bytes() == wanted and file.with_name(f"{file.stem}.mine-1.ipynb").read_text() == "spoilt"


def test_a_new_bundle_is_taken_over_and_the_answers_stay(unpacked, bundle):
    file = unpacked / "notebooks" / "04_dropout.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell.get("id") == "dropout_mask-answer")
    cell["source"] = "def dropout_mask(u, keep_prob):\n    return u < keep_prob"
    (handed_out,) = (unpacked / "nnutils").rglob(file.name)
    handed_out.write_text(
        handed_out.read_text(encoding="utf-8").replace("Dropout", "Drop-out"), encoding="utf-8"
    )
    file.write_text(json.dumps(notebook), encoding="utf-8")
    (unpacked / "docs" / "students.md").write_text("old", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(unpacked)!r})\nfrom nnutils import cli\n"
    code += f"sys.exit(cli.main(['update', {str(bundle)!r}]))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=unpacked.parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Your answers were taken over: dropout_mask" in done.stdout
    assert "return u < keep_prob" in file.read_text(encoding="utf-8")
    assert "# For students" in (unpacked / "docs" / "students.md").read_text(encoding="utf-8")


def test_its_pages_speak_of_what_is_in_it(unpacked):
    help_page = subprocess.run(
        [sys.executable, "course.py"], cwd=unpacked, capture_output=True, text=True
    ).stdout
    assert re.findall(r"^  (\w+) ", help_page, re.MULTILINE) == ["lab", *student.VERBS, "setup"]
    students = (unpacked / "docs" / "students.md").read_text(encoding="utf-8")
    assert "whole course" not in students and "## If your instructor gave you the course" in students
    assert "goes on" not in students and "`●`" in students
    pages = [*unpacked.glob("*.md"), *(unpacked / "docs").glob("*.md"), unpacked / "course.py"]
    verbs = "|".join(verb for verb in cli.VERBS if verb not in student.VERBS)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(rf"(course\.py|nnutils) ({verbs}|test)\b", text), page.name
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
        assert [link for link in links if not (page.parent / link).exists()] == []


def test_without_hints_none_is_offered(tmp_path):
    assert cli.main(["release", "--out", str(tmp_path), "--lessons", "00", "--hints", "0"]) == 0
    shutil.unpack_archive(tmp_path / "course.zip", tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'course')!r})\nfrom nnutils import *\n"
        "hint('feature_means'); solution('feature_means')\ndef feature_means(X): return X\ncheck(feature_means)"
    )
    environment = os.environ | {"NNUTILS_RECORD": "off"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert "feature_means: there are no hints in the course that you were given" in done.stdout
    assert "hint(" not in done.stdout and "✘ feature_means" in done.stdout
