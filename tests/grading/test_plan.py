"""What of an earlier run still holds."""

from pathlib import Path

import pytest

from coursekit.grading import models
from coursekit.grading.engine import plan
from coursekit.grading.engine.task import Settings
from coursekit.grading.intake.collect import Submission
from coursekit.grading.result import Item, Result
from coursekit.grading.versions import versions_of

KEY = ("ann", "transfer_learning", "ann/16_transfer_learning.ipynb", "ab")


@pytest.mark.parametrize(("reason", "again"), [(None, ("freeze",)), ("It needs keras", ())])
def test_what_could_not_be_graded_is_tried_again_where_it_can_be_now(monkeypatch, reason, again):
    monkeypatch.setattr(models, "unavailable", lambda: reason)
    settings = Settings(10.0, 1 << 30, None, "best", "answers")
    versions = versions_of("transfer_learning")
    items = tuple(
        Item(name, "exercise", "not graded" if name == "freeze" else "passed", None if name == "freeze" else 1, 1, version=one)
        for name, one in versions.items()
    )  # fmt: skip
    old = Result(*KEY, items=items, settings=settings.digest)
    step = plan._Rules(settings, ()).step(Submission("ann", "transfer_learning", Path(KEY[2])), KEY, old)
    assert step.again == again and (step.kind == plan.CARRIED) == (not again)
