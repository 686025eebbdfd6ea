"""The rules of a course: how they are written, what they cost, and what is said of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from coursekit.grading.intake.roster import read_roster
from coursekit.grading.intake.timesheets import Due
from coursekit.grading.policy import Course, Policy, policy_of
from coursekit.grading.rules import LateRule, duration, parse_late, parse_length, parse_time, zone_called

from .made import options, result, table

DUE = datetime(2026, 12, 1, 22, 59, tzinfo=UTC)


@pytest.fixture
def rules():
    """The policy of a command line and of what course.toml says."""

    def of(*words, roster=None, **said):
        return policy_of(options(*words, **said), roster)

    return of


def _late(**length):
    return (DUE + timedelta(**length)).isoformat()


@pytest.mark.parametrize(
    ("rule", "late", "points", "words"),
    [
        ("10%/day", {"seconds": 0}, 1.0, ""),
        ("10%/day", {"hours": -30}, 1.0, ""),
        ("10%/day", {"seconds": 1}, 0.9, "1 minute late, which counts as 1 day: 10 % off"),
        ("10%/day", {"hours": 24}, 0.9, "1 day late: 10 % off"),
        ("10%/day", {"hours": 24, "seconds": 1}, 0.8, "1 day 1 minute late, which counts as 2 days: 20 % off"),
        ("10%/day,max=50%", {"days": 9}, 0.5, "9 days late: 50 % off, the most that lateness costs"),
        ("10% per day , max = 50%, grace=15min", {"minutes": 15}, 1.0,
         "15 minutes late: within the grace of 15 minutes, nothing off"),
        ("10%/day,grace=15min", {"minutes": 16}, 0.9, "16 minutes late, which counts as 1 day: 10 % off"),
        ("2.5%/hour", {"hours": 3}, 0.93, "3 hours late: 7.5 % off"),
        ("1%/minute", {"minutes": 1}, 0.99, "1 minute late: 1 % off"),
        ("1%/minute", {"days": 700}, 0.0,
         "700 days late, which counts as 1008000 minutes: 100 % off, the most that lateness costs"),
        ("100%/day", {"days": 1}, 0.0, "1 day late: 100 % off"),
        ("30%/week", {"days": 8}, 0.4, "8 days late, which counts as 2 weeks: 60 % off"),
        ("40%/day", {"days": 100}, 0.0, "100 days late: 100 % off, the most that lateness costs"),
        ("10%", {"seconds": 1}, 0.9, "1 minute late: 10 % off"),
        ("10%", {"days": 30}, 0.9, "30 days late: 10 % off"),
        ("10%,grace=1h", {"minutes": 60}, 1.0, "1 hour late: within the grace of 1 hour, nothing off"),
        (None, {"days": 1, "hours": 2, "minutes": 3}, 1.0, "1 day 2 hours late: nothing off"),
    ],
)  # fmt: skip
def test_what_lateness_costs(rule, late, points, words):
    one = Policy({"": DUE}, parse_late(rule) if rule else None).mark(result(submitted=_late(**late)))
    assert (one.points, one.max, one.late) == (points, 3, words)


@pytest.mark.parametrize(
    ("earned", "percent", "points"),
    [(0.25, 10, 0.23), (0.33, 50, 0.17), (0.05, 50, 0.03), (0.35, 10, 0.32), (1.0, 33, 0.67)],
)
def test_points_are_rounded_to_two_decimals_and_a_half_goes_up(earned, percent, points):
    rule = LateRule(percent, "day")
    assert (
        Policy({"": DUE}, parse_late(f"{rule.percent}%/day"))
        .mark(result(points=earned, submitted=_late(hours=1)))
        .points
        == points
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("10", "'10' is no penalty"), ("10%/day,marked=101%", "more than 100"), ("10%/day,marked=x", "neither max"),
        ("ten%/day", "is no penalty"), ("", "is no penalty"),
        ("-5%/day", "is no penalty"), ("10%/year", "is no penalty"), ("10%/day,most=5%", "neither max"),
        ("10%/day,max=50", "neither max"), ("101%/day", "more than 100"), ("10%/day,max=300%", "more than 100"),
        ("10%/day,grace=soon", "no length of time"), ("10%/day,", "neither max"),
    ],
)  # fmt: skip
def test_a_penalty_that_makes_no_sense(text, why):
    with pytest.raises(ValueError, match=why) as error:
        parse_late(text)
    assert "write it like" in str(error.value)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("15min", 15),
        ("2h", 120),
        ("2 hours", 120),
        ("1day 12h", 2160),
        ("1w", 10080),
        ("1.5h", 90),
        ("90 m", 90),
    ],
)
def test_lengths_of_time(text, minutes):
    assert parse_length(text) == timedelta(minutes=minutes)
    assert (
        duration(timedelta(minutes=0)) == "0 minutes"
        and duration(timedelta(days=2, hours=1)) == "2 days 1 hour"
    )


@pytest.mark.parametrize("text", ["2026-12-01", "2026-12-01T23:59", "tomorrow", "", "01.12.2026 12:00"])
def test_a_time_needs_a_zone(text):
    with pytest.raises(ValueError, match=r"2026-12-01T23:59\+01:00"):
        parse_time(text)


def test_a_time_zone_for_times_that_name_none():
    seoul, fixed = zone_called("Asia/Seoul"), zone_called("+09:00")
    assert parse_time("2026-12-01 23:59", seoul) == parse_time("2026-12-01T23:59", fixed)
    assert parse_time("2026-12-01 23:59", fixed) == parse_time("2026-12-01T14:59Z")
    assert parse_time("2026-12-01T14:59Z", seoul) == parse_time("2026-12-01T14:59Z")
    berlin = zone_called("Europe/Berlin")
    hours = [parse_time(f"2026-{month}-01 12:00", berlin).utcoffset() for month in ("07", "12")]
    assert hours == [timedelta(hours=2), timedelta(hours=1)]
    with pytest.raises(ValueError, match=r"has no time of day: write it like 2026-12-01T23:59$"):
        parse_time("2026-12-01", seoul)
    for name, why in {"Asia/Soul": "did you mean 'Asia/Seoul'", "seoul": "did you mean 'Asia/Seoul'", "../etc": "like",
                      "": "Asia/Seoul", "+99:00": "no time zone"}.items():  # fmt: skip
        with pytest.raises(ValueError, match=why):
            zone_called(name)


def test_deadlines_for_all_and_for_one(rules):
    due = ("--deadline", "2026-12-01T23:59+01:00", "--deadline", "4=2026-12-02T00:00Z")
    one = rules(*due)
    assert one.deadline("ann", "start_here") == DUE
    assert one.deadline("ann", "dropout") == datetime(2026, 12, 2, tzinfo=UTC)
    assert len(one.deadlines) == 2
    with pytest.raises(ValueError, match="a rule for lateness needs a deadline"):
        rules("--late", "10%/day")
    for text in ("=2026-12-02T00:00Z", "zumba=2026-12-02T00:00Z"):
        with pytest.raises(ValueError, match="there is no lesson"):
            rules("--deadline", text)


def test_extensions_from_the_roster_and_from_a_table(rules, tmp_path):
    roster = read_roster(
        table(tmp_path / "r.csv", "login,name,extension_days", "ann,Ann Smith,2", "bob,Bob,")
    )
    file = table(tmp_path / "e.csv", "student,days,lesson", "Ann Smith,5,dropout", "bob,1,")
    due = ("--deadline", "2026-12-01T22:59Z", "--late", "10%/day")
    one = rules(*due, extensions=file, roster=roster)
    assert [one.extension("ann", topic).days for topic in ("start_here", "dropout")] == [2, 5]
    assert one.extension("bob", "dropout").days == 1
    assert one.mark(result("ann", submitted=_late(days=2))).late == ""
    late = one.mark(result("ann", submitted=_late(days=3)))
    assert (late.points, late.late) == (0.9, "1 day late, after an extension of 2 days: 10 % off")
    nobody = table(tmp_path / "n.csv", "student,days", "zoe,5")
    with pytest.raises(ValueError, match=r"n\.csv, line 2: 'zoe' is nobody on the roster"):
        rules(*due, extensions=nobody, roster=roster)
    for days in ("x", "-2", ""):
        with pytest.raises(ValueError, match=r"d\.csv, line 2: .* is no number of days"):
            rules(*due, extensions=table(tmp_path / "d.csv", "student,days", f"zoe,{days}"))


def test_a_row_that_stands_twice_is_refused(rules, tmp_path):
    due = ("--deadline", "2026-12-01T22:59Z")
    roster = read_roster(table(tmp_path / "r.csv", "login,name", "ann,Ann Smith"))
    twice = table(
        tmp_path / "t.csv",
        "student,lesson,submitted",
        f"ann,00,{_late(hours=1)}",
        f"ANN,04,{_late(hours=1)}",
        f"Ann Smith,0,{_late(hours=2)}",
    )
    with pytest.raises(ValueError, match=r"t\.csv, line 4: 'Ann Smith' stands in line 2, too"):
        rules(*due, times=[str(twice)], roster=roster)
    days = table(tmp_path / "e.csv", "student,days", "ann,1", "bob,2", "ann,1")
    with pytest.raises(ValueError, match=r"e\.csv, line 4: 'ann' stands in line 2, too"):
        rules(*due, extensions=days)


def test_a_row_about_nobody_gets_a_line(rules, tmp_path):
    """With a roster it is refused; without one it is known only after the submissions were looked at."""
    times = table(
        tmp_path / "t.csv",
        "student,lesson,submitted",
        f"ann,00,{_late(hours=1)}",
        f"ann2,00,{_late(hours=1)}",
    )
    days = table(tmp_path / "e.csv", "student,days", "bob,1", f"Jose{chr(0x301)},1")
    one = rules("--deadline", "2026-12-01T22:59Z", times=[str(times)], extensions=days)
    assert Course(None, one).unmatched(["ann", "José"]) == [
        f"{days}, line 2: nothing was handed in by 'bob'",
        f"{times}, line 3: nothing was handed in by 'ann2'",
    ]


CANVAS = {"file": "poedan_104/poedan_104_9_00_start_here.ipynb"}
LATE = {"file": "poedan_104/poedan_LATE_104_9_00_start_here.ipynb"}


def test_an_unknown_time_is_never_late_and_the_student_is_told_nothing_of_it():
    due = Policy({"": DUE}, parse_late("10%/day"))
    one = due.mark(result())
    assert (one.points, one.late) == (1, "")
    canvas = due.mark(result(**LATE))
    assert canvas.points == 1 and canvas.late == "late, as Canvas says; by how much is not known: nothing off"
    assert Policy().mark(result(**LATE)).late == ""


@pytest.mark.parametrize("rule", ["20%", "10%/day,marked=20%"])
def test_what_canvas_marks_as_late_costs_what_the_rule_says(rules, rule):
    one = rules("--late", rule)
    assert [one.mark(result(**file)).points for file in (LATE, CANVAS)] == [0.8, 1.0]
    assert one.mark(result(**LATE)).late == "late, as Canvas says: 20 % off"
    known = rules("--late", rule, "--deadline", DUE.isoformat()).mark(
        result(submitted=_late(hours=-1), **LATE)
    )
    assert (known.points, known.late) == (
        1,
        "",
    )  # the course's own deadline, and a time: the mark says nothing more


def test_canvas_mark_does_not_know_of_the_extensions_of_the_course():
    """By how much somebody is late is not known then, so nothing is taken off, and the staff are told."""
    one = Policy({"": DUE}, parse_late("10%/day,marked=20%"), extensions={("ann", ""): timedelta(days=3)})
    marked = one.mark(result(**LATE))
    assert marked.points == 1 and marked.late.endswith(
        "does not know of the extension of 3 days: nothing off"
    )
    assert one.without_effect([result(**LATE), result(**CANVAS)]).startswith(
        "The late rules had no effect on 1 of 2 notebooks"
    )
    assert replace(one, extensions={("bob", ""): timedelta(days=3)}).mark(result(**LATE)).points == 0.8


def test_late_rules_without_effect_are_said_once_and_loudly(rules):
    due = ("--deadline", DUE.isoformat(), "--late", "10%/day")
    some = [result(), result(**LATE), result(**CANVAS)]
    said = rules(*due).without_effect(some)
    assert said.startswith("THE LATE RULES HAD NO EFFECT on 3 of 3 notebooks") and "\n" not in said
    said = rules(*due).without_effect([*some, result(submitted=_late(hours=1))])
    assert said.startswith("The late rules had no effect on 3 of 4 notebooks")
    assert rules("--late", "20%").without_effect([result(**LATE), result(**CANVAS)]) == ""
    assert rules().without_effect(some) == ""
    of_another_lesson = rules("--deadline", f"04={DUE.isoformat()}", "--late", "10%/day")
    assert of_another_lesson.without_effect(some) == ""


def test_the_platforms_own_deadlines(rules):
    """They count where the course names none, and where the platform gave one student more time."""
    platform = {
        ("ann", "start_here"): Due(DUE),
        ("bob", "start_here"): Due(DUE + timedelta(days=3), own=True),
    }
    none = replace(rules("--late", "10%"), due=platform)
    assert [none.mark(result(who, submitted=_late(days=2))).points for who in ("ann", "bob", "eve")] == [
        0.9,
        1,
        1,
    ]
    earlier = rules("--late", "10%", "--deadline", (DUE - timedelta(days=1)).isoformat())
    named = replace(earlier, due=platform)
    assert named.deadline("ann", "start_here") == DUE - timedelta(days=1)
    assert named.deadline("bob", "start_here") == DUE + timedelta(days=3)


def test_times_that_are_told_are_believed(rules, tmp_path):
    file = table(tmp_path / "t.csv", "student,lesson,submitted", f"ann,00,{_late(hours=30)}")
    one = rules("--deadline", DUE.isoformat(), "--late", "10%/day", times=[str(file)]).mark(
        result(submitted=_late(hours=-1))
    )
    assert (one.points, one.late, one.result.submitted) == (
        0.8,
        "1 day 6 hours late, which counts as 2 days: 20 % off",
        _late(hours=30),
    )


def test_extra_credit_counts_in_the_points_alone(rules):
    one = rules(extra=["feature_means"]).mark(result(points=0.5))
    assert (one.points, one.max, one.extra_items) == (0.5, 2, ("feature_means",))
    assert one.extra == "feature_means is extra credit: 0.5 of 1"
    assert rules(extra=["00.what_is_a_row"]).mark(result()).max == 2
    for name, why in {
        "feature_mean": "did you mean 'feature_means'",
        "zumba.x": "no lesson 'zumba'",
        "dropout.feature_means": "no exercise",
    }.items():
        with pytest.raises(ValueError, match=why):
            rules(extra=[name])


def test_marks_are_made_anew_at_each_pass_and_hold_nothing():
    passes = []

    def results():
        passes.append(1)
        yield result("ann", 1.0)
        yield result("ann", lesson="dropout")
        yield result("bob", problem="@damaged")

    marks = Policy().marks(results)
    assert passes == [] and [*marks] == [*marks] == [*Policy().marks(results)] and len(passes) == 3
    assert [(one.student, one.lesson) for one in marks] == [
        ("ann", "start_here"),
        ("ann", "dropout"),
        ("bob", "start_here"),
    ]
