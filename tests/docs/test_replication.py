"""docs/replication.md is what its data give."""

from pathlib import Path

from coursekit.authoring import replication

ROOT = Path(__file__).parents[2]


def test_the_page_is_what_the_data_give():
    page = (ROOT / replication.PAGE).read_text(encoding="utf-8")
    assert page == replication.page(replication.load(ROOT)), "python3 course.py replicate --keep"


def test_only_sets_count_on_which_no_author_chose_anything():
    assert all(min(lesson.sets) >= replication.FIRST for lesson in replication.load(ROOT).values())
