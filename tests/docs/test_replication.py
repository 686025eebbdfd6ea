"""docs/replication.md is what its data give, and says of each claim of a rewritten lesson in how many sets of seeds it held."""

from pathlib import Path

import pytest

from coursekit.authoring import replication
from coursekit.authoring.lesson import Lesson, lessons
from coursekit.authoring.replicate import cells_of, sentences_of
from coursekit.authoring.replication import Claim, Replicated

ROOT = Path(__file__).parents[2]
FEWEST = 20  # sets of each lesson


def lacking(lesson, data):
    """The claims of a lesson that stand on the page with fewer than 20 sets, or not at all."""
    kept = data.get(lesson.name, Replicated(""))
    claims = kept.claims if len(kept.sets) >= FEWEST else {}
    return [sentence for sentence in sentences_of(cells_of(lesson)) if sentence not in claims]


def test_the_page_is_what_the_data_give():
    page = (ROOT / replication.PAGE).read_text(encoding="utf-8")
    assert page == replication.page(replication.load(ROOT)), "python3 course.py replicate --keep"


def test_each_claim_was_measured_on_twenty_sets():
    data = replication.load(ROOT)
    found = {lesson.name: lacking(lesson, data) for lesson in lessons(ROOT)}
    assert {name: claims for name, claims in found.items() if claims} == {}, "python3 course.py replicate"


@pytest.mark.parametrize(
    ("claims", "sets", "lacks"),
    [
        (["one", "two"], 20, []),
        (["one"], 20, ["two"]),
        (["one", "two"], 19, ["one", "two"]),
        ([], 0, ["one", "two"]),
    ],
)
def test_a_claim_without_twenty_sets_is_seen(tmp_path, claims, sets, lacks):
    source = tmp_path / "00_start_here.py"
    source.write_text(
        "# %%\nclaim('one', 1, above=0)\n\n# %%\nclaim('t' 'wo', 1, above=0)\n", encoding="utf-8"
    )
    kept = Replicated("", sets=[*range(20, 20 + sets)], claims={sentence: Claim("") for sentence in claims})
    assert lacking(Lesson(source), {"00_start_here": kept}) == lacks


def test_only_sets_count_on_which_no_author_chose_anything():
    assert all(min(lesson.sets) >= replication.FIRST for lesson in replication.load(ROOT).values())
