"""`course.py autograder`: what is in the zip, and what an answer in the container could read of it."""

import json
import zipfile

import pytest

from coursekit import cli
from coursekit.authoring.autograder import IMPORTED, autograder
from coursekit.grading.engine.task import Settings
from nnutils.checks.catalogue import exercises_of

RULES = {"topic": "dropout"}


@pytest.fixture(scope="module")
def files():
    return autograder("dropout", RULES)


def test_the_zip_holds_one_lesson_and_the_grader(files, tmp_path, capsys):
    assert cli.main(["autograder", "4", "--out", str(tmp_path), "--seed-secret", "s"]) == 0
    said = capsys.readouterr().out
    assert "autograder.zip: 04_dropout, 23 points" in said and "container" not in said
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        rules = json.loads(archive.read("rules.json"))
    assert set(modes) == set(files) and rules["topic"] == "dropout" and rules["secret"] == "s"
    assert modes["run_autograder"] == modes["setup.sh"] == 0o755 and modes["rules.json"] == 0o644
    lessons = {name.split("/")[3] for name in files if name.startswith("course/nnutils/lessons/")}
    assert lessons == {"__init__.py", "dropout"}
    assert not [name for name in files if "authoring" in name or "solutions" in name or "site/" in name]


def test_no_answer_is_readable_for_the_user_who_runs_answers(files):
    """setup.sh takes the rights of others from what hidden.txt lists: where there is no other wall, this one stands."""
    hidden = files["hidden.txt"].decode().split("\n")
    for exercise in exercises_of("dropout"):
        answer = f"def {exercise.name}(".encode()
        holding = [name for name, content in files.items() if "/lessons/" in name and answer in content]
        assert holding and {*holding} <= {*hidden}, exercise.name
    assert {"rules.json", "course/nnutils/lessons/dropout/questions.py"} <= {*hidden}
    assert "course/nnutils/lessons/dropout/given.py" not in hidden
    grader = {name for name in files if name.startswith("course/coursekit/") and name.endswith(".py")}
    assert grader and grader <= {*hidden}


def test_the_lock_is_cut_to_what_the_grader_imports(files):
    lines = files["requirements.txt"].decode().splitlines()
    names = {line.split("==")[0] for line in lines}
    assert {"numpy", "scikit-learn", "scipy", "matplotlib", *IMPORTED} <= names
    assert not names & {
        "tensorflow",
        "tensorflow-cpu",
        "keras",
        "jupyterlab",
        "pytest",
        "nbclient",
        "jupytext",
    }
    keras = autograder("transfer_learning", RULES)["requirements.txt"].decode()
    assert "tensorflow-cpu==" in keras and "keras==" in keras and "jupyterlab==" not in keras


def test_the_rules_of_the_course_hold_in_the_zip(tmp_path, capsys):
    """Of a course.toml only what concerns the lesson, since the zip knows no other; and an option goes before it."""
    file = tmp_path / "course.toml"
    text = 'timezone = "+01:00"\nlate = "10%/day"\nextra = ["what_failed", "dropout_penalty"]\n'
    text += 'leave_out = ["classic_dropout_predict", "00.what_is_a_row"]\n[points]\ndropout_mask = 4\n'
    file.write_text(text + '[deadlines]\nall = "2026-12-01 23:59"\n', encoding="utf-8")
    words = ["autograder", "4", "--config", str(file), "--out", str(tmp_path), "--late", "5%/day"]
    assert cli.main(words) == 0
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        rules = json.loads(archive.read("rules.json"))
    assert rules["extra"] == ["dropout_penalty"] and rules["late"] == "5%/day"
    assert rules["points"] == {"dropout_mask": 4, "classic_dropout_predict": 0}
    assert rules["deadline"] == "2026-12-01T23:59:00+01:00"
    worth = {exercise.name: exercise.points for exercise in exercises_of("dropout")}
    most = 23 + 3 - worth["classic_dropout_predict"] - worth["dropout_penalty"]
    assert f"04_dropout, {most} points" in capsys.readouterr().out
    (tmp_path / "days.csv").write_text("student,days\nann,3\n", encoding="utf-8")
    more = 'memory_limit = 1300\nlate = "10%/day"\ntimezone = "Asia/Seoul"\ntime_limit = 5\nextensions = "days.csv"\n'
    file.write_text(more, encoding="utf-8")
    words[words.index("--late") :] = ["--deadline", "2026-12-03 23:59"]
    assert cli.main(words) == 0
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        rules = json.loads(archive.read("rules.json"))
    assert (rules["late"], rules["deadline"]) == ("10%/day", "2026-12-03T23:59:00+09:00")
    assert rules["options"][:2] == ["--time-limit", "5"]
    said = capsys.readouterr().out
    assert "not in the zip: extensions. Enter these in Gradescope." in said and rules["memory"] == 1300
    assert "An answer may take 1300 MB: give the container at least 2 GB of memory" in said
    file.write_text("zumba = 1", encoding="utf-8")
    assert cli.main(words) == 2 and "there is no such rule" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["99"], "there is no lesson '99'"),
        (["04", "--late", "a lot"], "is no penalty for lateness"),
        (["04", "--deadline", "2026-12-01T23:59+01:00"], "--deadline needs --late"),
        (["04", "--late", "1%/day", "--deadline", "today"], "'today' is no time"),
    ],
)
def test_wrong_words_are_refused_before_anything_is_written(tmp_path, capsys, words, said):
    assert cli.main(["autograder", *words, "--out", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err and not [*tmp_path.iterdir()]


def test_limits_fit_the_container(tmp_path):
    """768 MB and 10 minutes at half a processor, as docs/troubleshooting.md of gradescope/autograder_samples says."""
    cli.main(["autograder", "04", "--out", str(tmp_path)])
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        rules = json.loads(archive.read("rules.json"))
    options = rules["options"]
    assert rules["memory"] == 512
    assert float(options[options.index("--time-limit") + 1]) <= Settings.seconds
