"""GitHub Classroom: `gh classroom clone student-repos` of each assignment, the roster, and `gh classroom assignment-grades`.

Folders: cmd/gh-classroom/clone/student-repos/student-repos.go of github.com/github/gh-classroom; grades:
cmd/gh-classroom/assignment-grades/assignment_grades.go there. The roster's columns are those of its download.
"""

from __future__ import annotations

from pathlib import Path

from coursekit.grading.intake.topics import file_name
from coursekit.grading.rehearsal.classroom import Classroom
from coursekit.grading.rehearsal.people import Student
from coursekit.grading.rehearsal.platforms import Download, table

ROSTER = ("identifier", "github_username", "github_id", "name")
GRADES = (
    "assignment_name", "assignment_url", "starter_code_url", "github_username", "roster_identifier", "student_repository_name",
    "student_repository_url", "submission_timestamp", "points_awarded", "points_available",
)  # fmt: skip


def write(class_: Classroom, folder: Path) -> list[Download]:
    """A folder of clones and a table of grades for each lesson, and classroom_roster.csv."""
    people = ([one.email, user(one), 583_231 + one.number, one.name] for one in class_.students)
    roster = table(folder / "classroom_roster.csv", [ROSTER, *people])
    names = {student.number: student.email for student in class_.students}
    found = []
    for topic in class_.topics:
        slug = file_name(topic).replace("_", "-")
        clones, rows = folder / f"{slug}-submissions", list[list[object]]()
        for work in class_.of(topic):
            one = work.student
            clone, repository = clones / f"{slug}-{user(one)}", f"dl101/{slug}-{user(one)}"
            (clone / ".git").mkdir(parents=True)
            (clone / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
            (clone / "README.md").write_text(f"# {slug}\n", encoding="utf-8")
            (clone / work.file).write_bytes(work.content)
            url, moment = f"https://github.com/{repository}", f"{work.submitted:%Y-%m-%d %H:%M:%S UTC}"
            rows.append([slug, "", "", user(one), one.email, repository.partition("/")[2], url, moment, 0, 0])
        grades = table(folder / f"{slug}-grades.csv", [GRADES, *rows])
        options = ("--roster", str(roster), "--times", str(grades))
        found.append(Download(clones, (topic,), options, names, knows_times=True))
    return found


def user(student: Student) -> str:
    """The name that the student has on GitHub."""
    return f"octo-{student.login}"
