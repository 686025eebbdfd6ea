"""A class is graded without walls only where somebody says so."""

import pytest

from coursekit.grading.engine.task import Settings
from coursekit.grading.engine.worker import GradingSession
from coursekit.sandbox import runner, walls
from coursekit.sandbox.hosts import Process


def test_a_class_is_not_graded_with_nothing_but_python_in_the_way(monkeypatch):
    monkeypatch.setattr(runner, "Zygote", Process)
    with pytest.raises(walls.SandboxMissing, match=r"(?s)files: .*What helps: .*say --sandbox off"):
        GradingSession(Settings(seconds=2))
    with GradingSession(Settings(seconds=2, sandbox="off")) as session:
        assert "files" not in session.runner.probe()
    walls.demand_one(["network"])
