"""docs/platforms: every command of a page is run on a class that was made for its platform, and prints what stands there.

What stands below `$ cat FILE` is written into that file first. `rehearse` runs in tests/grading/test_rehearse.py, `release` and
`autograder` in tests/authoring.
"""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from coursekit import cli
from coursekit.grading.rehearsal.platforms import NAMES
from coursekit.grading.rehearsal.rehearse import make
from coursekit.sandbox import kernel

PAGES = Path(__file__).parents[2] / "docs" / "platforms"
PLATFORMS = {"google_classroom": "google"}  # page → platform, where it is called otherwise
ELSEWHERE = ("rehearse", "release", "autograder")
STUDENTS, LESSON = 8, "dropout"  # as the pages say
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GAP = "…"
every_page = pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.stem)


def commands(page):
    """Each command of a page, with the lines that stand below it."""
    found = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8").replace("\\\n", " ")):
        for line in block.splitlines() if block.startswith("$ ") else ():
            if line.startswith("$ "):
                found.append((line[2:].split(), line[2:], []))
            else:
                found[-1][2].append(line)
    return found


def test_each_platform_has_a_page():
    pages = {PLATFORMS.get(page.stem, page.stem) for page in PAGES.glob("*.md")}
    assert pages == {*NAMES} - {"folder", "nbgrader"}


@every_page
def test_the_commands_of_a_page_print_what_stands_there(page, tmp_path, monkeypatch, capfd):
    make(STUDENTS, [LESSON], PLATFORMS.get(page.stem, page.stem), tmp_path)
    for file in (tmp_path / "downloads").iterdir():
        shutil.move(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    capfd.readouterr()
    verbs = set()
    for words, command, expected in commands(page):
        if words[0] == "cat":
            (tmp_path / words[1]).write_text("\n".join([*expected, ""]), encoding="utf-8")
            continue
        if words[0] == "head":
            said = (tmp_path / words[2]).read_text(encoding="utf-8-sig").splitlines()
            assert said[: -int(words[1])] == expected, f"{page.name} shows other lines of {words[2]}"
            continue
        assert words[:2] == ["python3", "course.py"], command
        if words[2] in ELSEWHERE:
            continue
        verbs.add(words[2])
        walls = [] if kernel.KNOWN else ["--sandbox", "off"]
        assert cli.main([*shlex.split(command)[2:], *walls]) in (0, 1)
        told = capfd.readouterr()
        said = [*told.out.splitlines(), *re.split(r"[\r\n]", told.err)]
        gone = [line for line in expected if line != GAP and line not in said]
        assert gone == [], f"{page.name}: `{command}` prints other lines now: write them there"
    assert "grade" in verbs
