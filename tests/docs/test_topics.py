"""docs/topics.md: each topic stands in the lesson that its row names, in the words that the row quotes."""

import functools
import re
from pathlib import Path

import pytest

from coursekit.authoring.lesson import Lesson, lessons
from coursekit.authoring.replicate import cells_of, sentences_of
from nnutils.checks.catalogue import exercises_of

ROOT = Path(__file__).parents[2]
ROW = re.compile(
    r"\| (?P<topic>[^|]+) \| \[(?P<number>\d\d)\]\(\.\./lessons/(?P<name>\w+)\.py\) \| (?P<where>[^|]+) \|"
)
ITEM = re.compile(r'claim "(?P<claim>[^"]+)"|exercise `(?P<exercise>\w+)`|"(?P<text>[^"]+)"')
SEAM = re.compile(r'"\s*\n\s*f?"')  # between the parts of a string that is written over several lines
LINES = (ROOT / "docs" / "topics.md").read_text(encoding="utf-8").splitlines()
ROWS = [line for line in LINES if line.startswith("|")][2:]


@pytest.fixture(scope="module", autouse=True)
def forget():
    yield
    words_of.cache_clear()
    claims_of.cache_clear()


def plain(text):
    """Words with one space between them, without the signs of comments and of markup."""
    return " ".join(
        re.sub(r"^\s*#( |$)", "", text, flags=re.MULTILINE).replace("*", "").replace("`", "").split()
    )


@functools.cache
def words_of(name):
    """All that a lesson says: its source, and the questions, exercises and figures of its package."""
    folder = ROOT / "nnutils" / "lessons" / name.partition("_")[2]
    files = [ROOT / "lessons" / f"{name}.py", *sorted(folder.rglob("*.py"))]
    return "\n".join(plain(SEAM.sub("", file.read_text(encoding="utf-8"))) for file in files)


@functools.cache
def claims_of(name):
    return sentences_of(cells_of(Lesson(ROOT / "lessons" / f"{name}.py")))


def missing(row):
    """What a row says that is not so."""
    fields = ROW.fullmatch(row)
    if not fields or ITEM.sub("", fields["where"]).replace(";", "").strip():
        return ["a row is a topic, a linked lesson, and words, exercises and claims in quotation marks"]
    name, found = fields["name"], []
    if not name.startswith(fields["number"]):
        found.append(f"{fields['number']} is not the number of {name}")
    for item in ITEM.finditer(fields["where"]):
        claim, exercise, text = item["claim"], item["exercise"], item["text"]
        if claim and claim not in claims_of(name):
            found.append(f"{name} makes no such claim: {claim}")
        if exercise and exercise not in {one.name for one in exercises_of(name.partition("_")[2])}:
            found.append(f"{name} has no exercise {exercise}")
        if text and plain(text) not in words_of(name):
            found.append(f"{name} does not say: {text}")
    return found


def test_each_row_says_what_its_lesson_says():
    assert [line for row in ROWS for line in missing(row)] == []


def test_each_lesson_has_a_row_and_the_rows_are_in_order():
    names = [fields["name"] for row in ROWS if (fields := ROW.fullmatch(row))]
    assert names == sorted(names)
    assert {*names} == {lesson.name for lesson in lessons(ROOT)}


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ('"no lesson says this"', "does not say"),
        ("exercise `adam_update`", "has no exercise adam_update"),
        ('claim "the earth is flat"', "makes no such claim"),
        ("somewhere in it", "a row is a topic"),
        ('"Overview" and more', "a row is a topic"),
    ],
)
def test_a_row_that_is_not_true_is_seen(where, sentence):
    (said,) = missing(f"| overview | [00](../lessons/00_start_here.py) | {where} |")
    assert sentence in said


def test_a_row_with_another_lessons_number_is_seen():
    (said,) = missing("| overview | [01](../lessons/00_start_here.py) | exercise `feature_means` |")
    assert said == "01 is not the number of 00_start_here"
