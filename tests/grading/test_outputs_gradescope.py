"""Gradescope's results.json."""

import json

from coursekit.grading.outputs import gradescope
from coursekit.grading.result import Item, Mark

from .made import mark, result

KEYS = {
    "score",
    "output",
    "output_format",
    "visibility",
    "stdout_visibility",
    "execution_time",
    "tests",
    "extra_data",
}
TEST = {"name", "number", "score", "max_score", "status", "output", "output_format", "visibility"}


def test_a_document_for_each_mark(tmp_path):
    files = gradescope.write(tmp_path / "g", [mark("ann", 0.5), mark("Zoë", lesson="dropout")])
    places = [file.relative_to(tmp_path / "g").as_posix() for file in files]
    assert places == ["00_start_here/ann/results.json", "04_dropout/Zoë/results.json"]
    told = json.loads(files[0].read_text(encoding="utf-8"))
    assert set(told) == KEYS and told["score"] == 0.5 and told["stdout_visibility"] == "hidden"
    assert [(one["name"], one["score"], one["max_score"], one["status"]) for one in told["tests"]] == [
        ("feature_means", 0.5, 1, "failed"),
        ("what_is_a_row", 0.0, 1, "failed"),
        ("what_failed", 0.0, 1, "failed"),
    ]
    assert all(set(one) == TEST for one in told["tests"])


def test_the_rules_hold_in_the_score_and_are_said(tmp_path):
    late = Mark(
        result(), 0.8, 2, "2 days late: 20 % off", "what_failed is extra credit: 0 of 1", ("what_failed",)
    )
    told = gradescope.results(late)
    assert (
        told["score"] == 0.8
        and told["output"] == "2 days late: 20 % off\nwhat_failed is extra credit: 0 of 1"
    )
    assert [one["max_score"] for one in told["tests"]] == [1, 1, 0]


def test_what_was_not_graded_has_no_maximum():
    model = Item("model", "exercise", "not graded", None, 3, "It returns a model.\x1b[31m")
    told = gradescope.results(mark(items=(model,)))
    assert (
        told["tests"][0]["max_score"] == 0
        and told["tests"][0]["output"] == "model: not graded, – of 3. It returns a model. [31m"
    )
