"""docs/replication.md is what its data give, and says of each claim of a lesson in how many sets of seeds it held."""

from pathlib import Path

import pytest

from coursekit.authoring import replication
from coursekit.authoring.lesson import lessons
from coursekit.authoring.replicate import cells_of, sentences_of
from coursekit.authoring.rules.kinds import FIRST_EDITION

ROOT = Path(__file__).parents[2]
FEWEST = 20
LESSONS = [lesson for lesson in lessons(ROOT) if lesson.topic not in FIRST_EDITION]


def test_the_page_is_what_the_data_give():
    page = (ROOT / replication.PAGE).read_text(encoding="utf-8")
    assert page == replication.page(replication.load(ROOT)), "python3 course.py replicate --keep"


@pytest.mark.skipif(not LESSONS, reason="all lessons are still of the first edition")
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_each_claim_was_measured_on_twenty_sets(lesson):
    kept = replication.load(ROOT).get(lesson.name)
    assert kept is not None and len(kept.sets) >= FEWEST, f"python3 course.py replicate {lesson.name[:2]}"
    assert {*sentences_of(cells_of(lesson))} <= {*kept.claims}


def test_only_sets_count_on_which_no_author_chose_anything():
    assert all(min(lesson.sets) >= replication.FIRST for lesson in replication.load(ROOT).values())
