"""What of an earlier run still holds."""

import hashlib

import pytest

from coursekit.grading import models
from coursekit.grading.engine import plan
from coursekit.grading.engine.task import Settings
from coursekit.grading.intake.collect import Submission
from coursekit.grading.log import Log
from coursekit.grading.result import Item, Result
from coursekit.grading.versions import versions_of


@pytest.mark.parametrize(("reason", "again"), [(None, ("freeze",)), ("It needs keras", ())])
def test_what_could_not_be_graded_is_tried_again_where_it_can_be_now(monkeypatch, tmp_path, reason, again):
    monkeypatch.setattr(models, "unavailable", lambda: reason)
    settings = Settings(10.0, 1 << 30, None, "best")
    versions = versions_of("transfer_learning")
    items = tuple(
        Item(name, "exercise", "not graded" if name == "freeze" else "passed", None if name == "freeze" else 1, 1, version=one)
        for name, one in versions.items()
    )  # fmt: skip
    path = tmp_path / "18_transfer_learning.ipynb"
    path.write_bytes(b"{}")
    key = ("ann", "transfer_learning", f"ann/{path.name}", hashlib.sha256(b"{}").hexdigest())
    with Log(tmp_path / "log.jsonl") as log:
        log.append(Result(*key, items=items, settings=settings.digest))
        (step,) = plan.plan([Submission("ann", "transfer_learning", path)], log, settings)
    assert step.again == again and (step.kind == plan.CARRIED) == (not again)
