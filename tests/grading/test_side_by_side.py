"""Pairs side by side, in one class and across terms, and the pages of code to which the class report leads."""

import json
import re
import shutil

import pytest

from coursekit.grading.earlier import BadComparison, files_of, read_terms
from coursekit.grading.log import Log
from coursekit.grading.pages.handed_in import HandedIn, handed_out
from coursekit.grading.pages.side_by_side import compared
from coursekit.grading.pages.similarity import Pair, Work
from coursekit.grading.result import Result

from .made import zipped
from .paged import BACK, COPY, MINE, OTHER, OTHERS, RENAMED, class_of, pages, result
from .well_formed import faults, text

REPORT, ANONYMOUS = "report.html", "report-anonymous.html"


def _rows(tmp_path, left, right, exercise="dropout_mask"):
    (one, path), (other, second) = (
        result(tmp_path / "in", who, [cell]) for who, cell in (("ann", left), ("bob", right))
    )
    works = [Work("dropout", each.file, each.sha256, (exercise,)) for each in (one, other)]
    files = HandedIn({one.sha256: path, other.sha256: second})
    (found,) = compared(Pair("ann", "bob", 9.0, (), works=((works[0], works[1]),)), files, files)
    return found, [(row.kind, row.left, row.right) for row in found.rows]


def test_lines_are_told_apart(tmp_path):
    _, rows = _rows(tmp_path, MINE, RENAMED.replace("    return", "    print(1)\n    return"))
    head, remark = "def dropout_mask(u, keep_prob):", "    # the survivors stand in for the fallen"
    assert rows == [
        ("given", head, head),
        ("renamed", "    kept = u * 3 < keep_prob * 3", "    alive = u * 3 < keep_prob * 3"),
        ("same", remark, remark),
        ("other", None, "    print(1)"),
        ("renamed", "    return kept", "    return alive"),
    ]


def test_what_the_course_has_itself_tells_nothing(tmp_path):
    stub = next(source for source in handed_out("dropout") if source.startswith("def dropout_mask("))
    body = stub[: stub.rindex("raise")] + "return u < keep_prob"
    found, rows = _rows(tmp_path, body, body)
    assert {kind for kind, *_ in rows} == {"given"} and (found.agree, found.own) == (0, 0)


def test_a_docstring_that_was_handed_out_tells_nothing(tmp_path):
    """Although it holds words that are variables of the course's own and not of the students'."""
    stub = next(source for source in handed_out("dropout") if source.startswith("def dropout_layer("))
    head, docstring, body = stub.split('"""')
    assert "out" in docstring.split() and "out = " in body
    own = f'{head}"""{docstring}"""\n    return layer(x, W, b)'
    found, rows = _rows(tmp_path, own, own, "dropout_layer")
    assert [left for kind, left, _ in rows if kind != "given"] == ["    return layer(x, W, b)"]
    assert (found.agree, found.own) == (1, 1)


def test_helpers_are_shown_and_a_huge_answer_is_cut(tmp_path):
    helper = "def chosen(v, p):\n    return v * 5 < p * 5\n"
    cell = helper + "def dropout_mask(u, keep_prob):\n    return chosen(u, keep_prob)"
    found, rows = _rows(tmp_path, cell, cell)
    assert ("same", "    return v * 5 < p * 5", "    return v * 5 < p * 5") in rows and not found.cut
    long = "def dropout_mask(u, keep_prob):\n" + "    u = u + 1\n" * 2_000 + "    return u"
    found, rows = _rows(tmp_path, long, long.replace("+ 1", "+ 2"))
    assert found.cut and len(rows) <= 500


@pytest.fixture
def people():
    return {"ann": COPY, "bob": [RENAMED, BACK], **OTHERS}


def _class(tmp_path, people, **words):
    results, files = class_of(tmp_path / "in", people)
    out = tmp_path / "out"
    made = pages(out, results, files, [(student, f"Name of {student}") for student in people], **words)
    return out, made, (out / REPORT).read_text(encoding="utf-8")


def test_the_report_leads_to_both_answers(tmp_path, people):
    out, made, report = _class(tmp_path, people)
    assert made.failed == [] and faults(report, out) == []
    assert "Name of ann ann" in text(report) and "Name of bob bob" in text(report)
    (link,) = re.findall(r'href="(alike/[^"]+)"', report)
    page = (out / link).read_text(encoding="utf-8")
    assert faults(page, out / "alike") == []
    said = text(page)
    assert (
        "Name of ann (ann) and Name of bob (bob)" in said
        and "alive = u * 3" in said
        and "kept = u * 3" in said
    )
    assert 'class="renamed"' in page and 'class="same"' in page
    for student in people:
        assert f'href="feedback/{student}.html"' in report and f'href="code/{student}.html"' in report
    assert {file.name for file in (out / "code").iterdir()} == {f"{student}.html" for student in people}


def test_a_page_of_code_holds_what_the_student_wrote(tmp_path):
    given = sorted(handed_out("dropout"))
    out, _, _ = _class(tmp_path, {"ann": [given[0], MINE, given[1]], "bob": given[:2]})
    page = (out / "code" / "ann.html").read_text(encoding="utf-8")
    assert faults(page, out / "code") == []
    assert "code cell 2 dropout_mask ✘ failed 0 of 1" in text(page) and "kept = u * 3" in text(page)
    assert "code cell 1" not in page and "code cell 3" not in page
    assert "Nothing differs from what was handed out." in (out / "code" / "bob.html").read_text(
        encoding="utf-8"
    )


def test_where_no_code_is_at_hand_nothing_leads_to_it(tmp_path, people):
    results, _ = class_of(tmp_path / "in", people)
    out = tmp_path / "out"
    pages(out, results, {})
    report = (out / REPORT).read_text(encoding="utf-8")
    assert not (out / "code").exists() and not (out / "alike").exists() and faults(report, out) == []
    assert (
        "The code of both is not at hand here. The files are ann/04_dropout.ipynb and bob/04_dropout.ipynb."
        in text(report)
    )


# Earlier terms


@pytest.fixture
def old(tmp_path):
    """Last year's folder of results, and its submissions."""
    results, _ = class_of(tmp_path / "old-in", {"zoe": COPY, "ann": COPY, "max": [OTHER]})
    folder = tmp_path / "graded-2025"
    folder.mkdir()
    with Log(folder / "log.jsonl") as log:
        for one in results:
            log.append(one)
    (folder / "grades.csv").write_text("student,name\nzoe,Zoë Old\nmax,Max\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("code", [None, "folder", "zip"])
def test_a_pair_across_terms(tmp_path, old, code):
    compare = [str(old / "log.jsonl")]
    if code == "folder":
        compare.append(str(tmp_path / "old-in"))
    if code == "zip":
        files = {f"zoe/{file.name}": file.read_text() for file in (tmp_path / "old-in").iterdir()}
        compare.append(str(zipped(tmp_path / "old.zip", files)))
    terms = read_terms(compare, tmp_path / "out")
    assert [(term.name, term.names) for term in terms] == [("graded-2025", {"zoe": "Zoë Old", "max": "Max"})]
    works = {"ann": COPY, **OTHERS}
    out, made, report = _class(tmp_path, works, terms=terms, compare_with=compare)
    said = text(report)
    assert made.failed == [] and faults(report, out) == []
    assert "Zoë Old (zoe) in graded-2025" in said and "1 pair" in said  # ann is not compared with herself
    if code:
        page = (out / "alike" / "01.html").read_text(encoding="utf-8")
        assert (
            "Name of ann (ann) and Zoë Old (zoe) in graded-2025" in text(page) and "backwards we go" in page
        )
    else:
        assert "The code of graded-2025 is not at hand here." in said and not (out / "alike").exists()


def test_a_zip_that_cannot_be_opened_is_said_and_stops_nothing(tmp_path, old):
    (tmp_path / "old.zip").write_text("no zip")
    compare = [str(old / "log.jsonl"), str(tmp_path / "old.zip")]
    terms = read_terms(compare, tmp_path / "out")
    out, made, _ = _class(tmp_path, {"ann": COPY, "bob": [OTHER]}, terms=terms, compare_with=compare)
    assert len(made.failed) == 1 and "its code is not shown" in made.failed[0] and (out / REPORT).is_file()
    assert files_of(compare, tmp_path / "x")[0] == {}


def test_what_cannot_be_compared_with_is_refused_before_anything_is_graded(tmp_path, old):
    (tmp_path / "empty.jsonl").write_text("{}\n")
    (tmp_path / "folder").mkdir()
    for paths, why in (
        ([tmp_path / "gone.jsonl"], "there is no such file"),
        ([tmp_path / "empty.jsonl"], "holds no result with an answer"),
        ([old / "log.jsonl"], "the log of the class itself"),
        ([tmp_path / "folder"], "name the log.jsonl of that term, too"),
    ):
        with pytest.raises(BadComparison, match=why):
            read_terms([str(path) for path in paths], old)
    assert [term.name for term in read_terms([str(old)], tmp_path)] == ["graded-2025"]
    assert read_terms([], tmp_path) == []


def test_two_terms_in_folders_of_one_name_stay_two(tmp_path, old):
    second = tmp_path / "2024" / old.name
    second.parent.mkdir()
    shutil.copytree(old, second)
    names = [term.name for term in read_terms([str(old), str(second)], tmp_path)]
    assert names == [old.name, str(second.resolve())]


def test_the_command_compares_and_writes_no_code_into_the_log(tmp_path, old, submit, capsys):
    from coursekit import cli

    for student, cells in {"ann": COPY, "bob": [RENAMED, BACK]}.items():
        submit(f"{student}/04_dropout.ipynb", *cells)
    words = [
        "grade",
        str(tmp_path / "submissions"),
        "--out",
        str(tmp_path / "out"),
        "--sandbox",
        "off",
    ]
    assert cli.main([*words, "--jobs", "1", "--compare-with", str(old / "log.jsonl")]) == 0
    log = (tmp_path / "out" / "log.jsonl").read_text(encoding="utf-8")
    assert "survivors" not in log and "kept" not in log and "alive" not in log
    assert "survivors" in (tmp_path / "out" / "code" / "ann.html").read_text(encoding="utf-8")
    assert "in graded-2025" in text((tmp_path / "out" / REPORT).read_text(encoding="utf-8"))
    capsys.readouterr()
    # without bob: his pages of the first run are moved away
    for file in (tmp_path / "submissions" / "bob").iterdir():
        file.unlink()
    assert cli.main(words) == 0
    said = capsys.readouterr().err
    out = tmp_path / "out"
    for name in ("feedback/bob.html", "code/bob.html"):
        assert not (out / name).exists() and (out / "old" / name).is_file(), name
        assert f"{name} is of an earlier run and was not written now: it is in old/" in said
    assert {*json.loads((out / "written.json").read_text())} >= {REPORT, ANONYMOUS, "feedback/ann.html"}
    assert cli.main([*words, "--compare-with", str(tmp_path / "gone.jsonl")]) == 2
    assert "there is no such file" in capsys.readouterr().err


def test_a_file_that_is_gone_or_damaged_is_not_shown(tmp_path):
    one, path = result(tmp_path, "ann", [MINE])
    assert HandedIn({}).cells(one) is None and HandedIn({one.sha256: path + "x"}).cells(one) is None
    (tmp_path / "bad.ipynb").write_text("{")
    assert HandedIn({one.sha256: tmp_path / "bad.ipynb"}).cells(one) is None
    assert HandedIn({"": path}).cells(Result("ann", "dropout", "x", "", ())) is None
    assert OTHER not in [cell.source for cell in HandedIn({one.sha256: path}).cells(one)]
