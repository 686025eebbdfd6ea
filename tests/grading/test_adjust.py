"""`--adjust`: what a person decides counts after every run, and is told; files that were changed by hand are kept."""

from decimal import Decimal

import pytest

from coursekit import cli
from coursekit.grading.adjust import Adjustments
from coursekit.grading.csvfile import read_table
from coursekit.grading.intake.roster import read_roster
from coursekit.grading.outputs.shared import lines
from coursekit.grading.outputs.table import with_missing
from coursekit.grading.policy import Policy, policy_of
from coursekit.grading.written import keep_changed, note_written

from .made import options, result, table

HEAD = "student,lesson,item,points,reason,who"
SURE = '"unclear, sorry",Kim Lee'


@pytest.fixture
def decided(tmp_path):
    """The policy with a table of decisions."""

    def of(*rows, roster=None):
        return policy_of(options("--adjust", str(table(tmp_path / "adjust.csv", HEAD, *rows))), roster)

    return of


def items(policy, student="ann"):
    mark = policy.mark(result(student))
    return {item.name: (item.points, item.status) for item in mark.result.items}, mark


def test_items_are_set_added_to_taken_from_and_left_out(decided):
    name, *_ = before = [item.name for item in result("ann").items]
    most = {item.name: item.max for item in result("ann").items}
    for cell, points in (("0", 0.0), ("full", float(most[name])), ("9", float(most[name])), ("minus 9", 0.0)):
        found, mark = items(decided(f"ann,00,{name},{cell},{SURE}"))
        assert found[name][0] == points
        assert found[name][1] == ("passed" if points == most[name] else "failed")
        assert "Kim Lee decided so" in lines(mark)[before.index(name)]
        assert "unclear, sorry" in lines(mark)[before.index(name)]
    found, mark = items(decided(f"ann,00,{name},out,{SURE}"))
    assert found[name] == (None, "not graded")
    assert mark.max == sum(most.values()) - most[name]


def test_everybody_gets_it_in_one_line_and_one_of_them_more(decided):
    name = result("ann").items[0].name
    policy = decided(f"everybody,00,{name},0,{SURE}", f"ann,00,{name},plus 0.5,{SURE}")
    assert items(policy, "bob")[0][name][0] == 0
    assert items(policy, "ann")[0][name] == (0.5, "partly right")


def test_a_total_is_the_last_word_after_lateness(decided):
    policy = decided(f'ann,00,total,"2,5",{SURE}', f"bob,00,,plus 1,{SURE}")
    (_, ann), (_, bob), (_, eve) = (items(policy, who) for who in ("ann", "bob", "eve"))
    earned = sum(Decimal(str(item.points)) for item in eve.result.items)
    assert (ann.points, bob.points, eve.points) == (2.5, float(earned + 1), float(earned))
    assert ann.adjusted.startswith("Kim Lee decided so, before it was ")
    assert any("unclear, sorry" in line for line in lines(ann))
    assert eve.adjusted == ""


def test_a_spreadsheets_plus_sign_is_understood_as_written_in_words(decided):
    for cell in ("plus 1", "Plus 1", "+1", "plus 1.0"):
        assert items(decided(f"ann,00,total,{cell},{SURE}"))[1].points == items(decided())[1].points + 1


def test_who_handed_in_nothing_can_be_given_points_too(decided, tmp_path):
    roster = read_roster(table(tmp_path / "r.csv", "login,name", "ann,Ann Smith", "bob,Bob"))
    policy = decided(f"Bob,00,total,3,{SURE}", roster=roster)
    marks = with_missing([policy.mark(result("ann"))], roster, {}, policy.adjustments)
    assert {mark.student: mark.points for mark in marks}["bob"] == 3


def test_what_is_left_out_for_one_counts_for_who_handed_in_nothing(decided, tmp_path):
    """The maximum of somebody absent is that of the class, also where the first student has another one."""
    roster = read_roster(table(tmp_path / "r.csv", "login,name", "ann,Ann", "bob,Bob", "eve,Eve"))
    policy = decided(f"ann,00,feature_means,out,{SURE}", roster=roster)
    marks = with_missing([policy.mark(result(who)) for who in ("ann", "bob")], roster)
    assert {mark.student: mark.max for mark in marks} == {"ann": 2, "bob": 3, "eve": 3}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f"ann,00,total,full,{SURE}", "'full' is no change of points: write 2, plus 1, minus 0.5$"),
        (f"ann,00,total,much,{SURE}", "'much' is no change of points"),
        (f"ann,00,total,,{SURE}", "'' is no change of points"),
        (f"ann,00,adam_update,1,{SURE}", "lesson start_here has no exercise or question 'adam_update'"),
        (f"ann,77,total,1,{SURE}", "77"),
        ("ann,00,total,1,,Kim", "the column 'reason' is empty: say who decided, and why"),
        ("ann,00,total,1,unclear,", "the column 'who' is empty"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_before_anything_is_graded(decided, row, why):
    with pytest.raises(ValueError, match=rf"adjust\.csv, line 2: .*{why}"):
        decided(row)


def test_a_row_that_stands_twice_is_refused(decided):
    with pytest.raises(ValueError, match=r"adjust\.csv, line 3: line 2 is about the same: keep one"):
        decided(f"ann,00,total,1,{SURE}", f"ann,00,,2,{SURE}")


def test_all_rows_that_are_wrong_are_told_at_once(decided):
    with pytest.raises(ValueError, match=r"line 2: .*\n.*line 4: ") as error:
        decided(f"ann,77,total,1,{SURE}", f"ann,00,total,1,{SURE}", "ann,00,feature_means,much,why,Kim")
    assert len(str(error.value).splitlines()) == 2


def test_a_decision_about_nobody_gets_a_line(decided):
    policy = decided(f"zoe,00,total,1,{SURE}", f"everybody,00,total,plus 1,{SURE}")
    (line,) = policy.adjustments.unmatched(["ann"])
    assert line.endswith("adjust.csv, line 2: nothing was handed in by 'zoe'")


def test_without_decisions_nothing_changes():
    assert Adjustments().items(result("ann")) == result("ann")
    assert Policy().mark(result("ann")).adjusted == ""


# What was written before


def test_a_file_that_was_changed_by_hand_is_kept_and_told(tmp_path):
    file = tmp_path / "grades.csv"
    file.write_text("1", encoding="utf-8")
    assert keep_changed(tmp_path) == note_written(tmp_path, [file]) == keep_changed(tmp_path) == []
    for kept in ("grades.changed.csv", "grades.changed-2.csv"):
        file.write_text("17", encoding="utf-8")
        (line,) = keep_changed(tmp_path)
        assert f"kept as {kept} and written anew" in line and "--adjust" in line
        assert (tmp_path / kept).read_text(encoding="utf-8") == "17" and not file.exists()


def test_an_output_that_is_not_written_again_is_moved_away(tmp_path):
    grades, canvas = tmp_path / "grades.csv", tmp_path / "canvas.csv"
    for file in (grades, canvas):
        file.write_text("1", encoding="utf-8")
    assert note_written(tmp_path, [grades, canvas]) == []
    assert note_written(tmp_path, [grades]) == [
        "canvas.csv is of an earlier run and was not written now: it is in old/"
    ]
    assert (tmp_path / "old/canvas.csv").exists() and not canvas.exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"../x": "1"}', '{"/etc/passwd": "1", "a": 3}'])
def test_a_list_that_somebody_spoiled_moves_nothing(tmp_path, text):
    (tmp_path.parent / "x").touch()
    (tmp_path / "written.json").write_text(text, encoding="utf-8")
    assert keep_changed(tmp_path) == note_written(tmp_path, []) == []
    assert (tmp_path.parent / "x").exists()


def test_grade_tells_a_decision_in_the_table_and_on_the_page(tmp_path, submit, capsys):
    """The whole command, three times: the decision stays, and an edit by hand is noticed."""
    submit("ann/00_start_here.ipynb", "def feature_means(X):\n    return X.sum()")
    adjust = table(tmp_path / "adjust.csv", HEAD, f"ann,00,feature_means,full,{SURE}")
    out = tmp_path / "out"
    words = ["grade", str(tmp_path / "submissions"), "--out", str(out), "--adjust", str(adjust)]
    for _ in range(2):
        assert cli.main(words) == 0
        grades = read_table(out / "grades.csv")
        (row,) = (row for _, row in grades.rows)
        assert row[grades.needed("start_here.feature_means")] == "1"
        page = next((out / "feedback").glob("*.html")).read_text(encoding="utf-8")
        assert "Kim Lee decided so" in page
    assert "changed by hand" not in capsys.readouterr().err
    (out / "grades.csv").write_text("17", encoding="utf-8")
    assert cli.main(words) == 0
    assert "grades.csv was changed by hand" in capsys.readouterr().err
    assert (out / "grades.changed.csv").read_text(encoding="utf-8") == "17"
