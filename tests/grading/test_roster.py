"""Rosters as people keep them and as learning platforms export them."""

import codecs

import pytest

from coursekit.grading.csvfile import BadTable, harmless, read_table, write_table
from coursekit.grading.intake.names import safe_name
from coursekit.grading.intake.roster import read_roster

from .made import table

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Lesson 04 (77),Final Score",
    "    Points Possible,,,,,10,(read only)",
    '"Smith, Ann",101,S1,asmith,Morning,3,',
    '"Poe, Dan",102,S2,dpoe,Evening,,',
    '"Student, Test",103,,a9b8c7,Morning,,',
)
MOODLE = (
    "First name,Last name,ID number,Email address",
    "Ann,Smith,S1,ann@x.org",
    "Dan,Poe,S2,dan@x.org",
)
GRADESCOPE = (
    "Name,SID,Email,Role,Sections",
    "Ann Smith,S1,ann@x.org,Student,A",
    "Dan Poe,S2,dan@x.org,Student,B",
    "Prof X,S3,x@x.org,Instructor,",
)


@pytest.mark.parametrize(
    ("rows", "students"),
    [
        (CANVAS, ["asmith", "dpoe"]),
        (MOODLE, ["S1", "S2"]),
        (GRADESCOPE, ["S1", "S2"]),
        (("student,name", "ann,Ann Smith", "dan,Dan Poe"), ["ann", "dan"]),
        (("Email,Name", "ann@x.org,Ann Smith", "dan@x.org,Dan Poe"), ["ann@x.org", "dan@x.org"]),
        (("ID;Full Name;extension_days", "1;Ann Smith;2,5", "2;Dan Poe;"), ["1", "2"]),
        (("login\tname", "ann\tAnn Smith", "", "dan\tDan Poe"), ["ann", "dan"]),
        (("sep=;", "login;name", "ann;Ann Smith", "dan;Dan Poe"), ["ann", "dan"]),
    ],
)
def test_columns_of_all_kinds(tmp_path, rows, students):
    roster = read_roster(table(tmp_path / "r.csv", *rows))
    assert [one.student for one in roster.people] == students
    assert [one.name for one in roster.people] == ["Ann Smith", "Dan Poe"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings(tmp_path, encoding, newline):
    file = table(tmp_path / "r.csv", "login,name", "zoë,Zoë Öztürk", encoding=encoding, newline=newline)
    one = read_roster(file).people[0]
    assert (one.student, one.name) == ("zoë", "Zoë Öztürk")


@pytest.mark.parametrize("encoding", ["cp949", "euc_kr"])
def test_korean_encodings_are_read(tmp_path, encoding):
    file = table(
        tmp_path / "r.csv", "login,이름,name", "kim,김철수,김철수", "lee,이영희,이영희", encoding=encoding
    )
    assert [one.name for one in read_roster(file).people] == ["김철수", "이영희"]
    assert read_table(file).encoding == "euc_kr"


@pytest.mark.parametrize("encoding", ["shift_jis", "gb18030", "big5", "cp1251", "koi8_r"])
def test_another_encoding_is_refused_with_a_line(tmp_path, encoding):
    name = "Анна Иванова" if encoding in ("cp1251", "koi8_r") else "山田太郎"
    file = table(tmp_path / "r.csv", "login,name", f"y,{name}", encoding=encoding)
    with pytest.raises(
        BadTable, match=r"r\.csv is in an encoding that is not known here: save it as CSV in UTF-8"
    ):
        read_roster(file)


def test_staff_is_passed_over_with_a_line(tmp_path):
    roster = read_roster(table(tmp_path / "r.csv", *GRADESCOPE))
    assert len(roster.people) == 2 and roster.lines[0].endswith("line 4: passed over, the role is instructor")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (("login,name", "ann,A", ",B"), "line 3: no 'login'; each student needs one"),
        (("login,name", "ann,A", "bob,B", "Ann,C"), "line 4: 'Ann' stands in line 2, too"),
        (("login,email", "a,x@x", "b,X@x"), "line 3: 'X@x' stands in line 2, too"),
        (("login,extension_days", "a,soon"), "line 2: an extension of 'soon' days"),
        (("login,extension_days", "a,-1"), "line 2: an extension of '-1' days"),
        (("login,extension_days", "a,nan"), "line 2: an extension of 'nan' days"),
        (("colour,size", "a,b"), "no column of ids: expected is one of student, login"),
        (("login,name", "a,b,c"), "line 2: 3 cells, but the header names 2 columns"),
        (("login",), "names no student"),
        ((), "is empty"),
        (("login,name", 'a,"b', "c,d"), "names no student|line"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_line(tmp_path, rows, why):
    if rows and rows[-1] == "c,d":
        assert len(read_roster(table(tmp_path / "r.csv", *rows)).people) == 1  # a name with a line in it
        return
    with pytest.raises(BadTable, match=why):
        read_roster(table(tmp_path / "r.csv", *rows))


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_an_excel_file_is_called_so(tmp_path, start):
    (tmp_path / "r.xlsx").write_bytes(start + bytes(100))
    with pytest.raises(BadTable, match=r"r\.xlsx is an Excel file \(or a zip\): save it as CSV"):
        read_roster(tmp_path / "r.xlsx")


def test_github_classrooms_roster(tmp_path):
    rows = ("identifier,github_username,github_id,name", "s1,kim,7,Kim Ah", "s2,,,Lee Bo")
    roster = read_roster(table(tmp_path / "classroom_roster.csv", *rows))
    assert [one.student for one in roster.people] == ["s1", "s2"]
    assert roster.find([("any", "kim")]).student == "s1"


def test_an_absent_file_is_said(tmp_path):
    with pytest.raises(BadTable, match=r"absent\.csv cannot be read"):
        read_roster(tmp_path / "absent.csv")


def test_a_student_is_found_by_any_id_and_never_by_a_doubtful_one(tmp_path):
    rows = ("login,ID,name", "ann,1,Ann Smith", "2,3,Bo Li", "al1,4,Al Po", "al2,5,Al Po")
    roster = read_roster(table(tmp_path / "r.csv", *rows))
    for text, student in {
        "ANN": "ann",
        "1": "ann",
        "ann smith": "ann",
        "Smith Ann": "ann",
        "2": "2",
        "al1": "al1",
    }.items():
        assert roster.find([("any", text)]).student == student
    for text in ("Al Po", "", "nobody"):
        assert roster.find([("any", text)]) is None
    assert roster.named("ann").name == "Ann Smith" and roster.named("1") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [("ann", "ann"), ("../../etc/x", "_.._.._etc_x"), ("a/b\\c", "a_b_c"), ("", "_"), ("..", "_"), (".hidden", "_.hidden"),
     ("x. ", "x"), ("a\nb\x00", "a_b_"), ("Zoë", "Zoë"), ("x" * 500, "x" * 180), ("y" * 300 + ".ipynb", "y" * 170 + ".ipynb")],
)  # fmt: skip
def test_a_name_becomes_a_files_name(text, name):
    assert safe_name(text) == name


@pytest.mark.parametrize(
    ("text", "written"),
    [("x;=1+1", "x;'=1+1"), ("a,=b", "a,'=b"), ("a\t@b", "a\t'@b"), ('a;"=b', "a;\"'=b"), ("a|+b", "a|'+b"), ("=a;=b", "'=a;'=b"),
     ("a=b; c - d, -e", "a=b; c - d, -e"), ("\rx", "'?x"), ("a\n=b\x1b[2J\u202e", "a?=b?[2J?")],
)  # fmt: skip
def test_no_spreadsheet_finds_a_formula_wherever_it_splits(text, written):
    assert harmless(text) == written


def test_a_written_table_holds_no_formulas_and_is_replaced_whole(tmp_path):
    file = tmp_path / "t.csv"
    rows = [
        ["name", "points"],
        ["=cmd|' /C calc'!A0", "-1"],
        ["+1", "1"],
        ["@x", "1"],
        ["\tx", "1"],
        ["-x", "1"],
        ["a=b", "1"],
    ]
    write_table(file, rows, [0], encoding="utf-8-sig")
    assert file.read_bytes().startswith(codecs.BOM_UTF8)
    first = [line.split(",")[0] for line in file.read_text("utf-8-sig").splitlines()]
    assert first == ["name", "'=cmd|' /C calc'!A0", "'+1", "'@x", "'\tx", "'-x", "a=b"]
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
    with pytest.raises(TypeError):
        write_table(file, [[1, 2], None])
    assert len(read_table(file).rows) == 6  # the old one is still there, whole
