"""The names of what platforms let you download, a pattern for each, and how to read the times in them.

Supported: folders of students, nbgrader, Canvas, Moodle, Gradescope (export and container), Blackboard, Brightspace,
GitHub Classroom, Google Classroom, notebooks side by side, one notebook.

- Canvas (lib/content_zipper.rb of instructure/canvas-lms): smithann_LATE_101_9001_04_dropout.ipynb: the name in lower case
  without spaces, the user, the file. Anonymous: LATE_anon_x7Yz1_9001_04_dropout.ipynb.
- Moodle (mod/assign/classes/downloader.php): Ann Smith_4711_assignsubmission_file/04_dropout.ipynb, or all of it one name.
- Gradescope: submission_11/04_dropout.ipynb and submission_metadata.yml in an export; in its container a folder, and beside
  it submission_metadata.json (https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/).
- Blackboard Learn (test_bbcleanup.py of github.com/kwurst/bb-file-cleanup):
  Homework 4_s00001_attempt_2026-11-30-18-02-11_04_dropout.ipynb, and for each attempt the same up to the time with .txt,
  whose first line is "Name: Ann Smith (s00001)". The word "attempt" is in the language of the course.
- Brightspace (scripts and tests of its users; its documentation does not say it):
  57006-96739 - Ann Smith - Nov 30, 2026 602 PM/04_dropout.ipynb, or all of it one name. The first number is the student's.
- GitHub Classroom (cmd/gh-classroom/clone/student-repos/student-repos.go of github.com/github/gh-classroom):
  homework-4-submissions/homework-4-asmith/04_dropout.ipynb.
- Google Classroom (not confirmed by its documentation): files side by side in the assignment's folder of Drive; a copy that
  Classroom made for a student is called Ann Smith - 04_dropout.ipynb.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

CANVAS = re.compile(
    r"(?:(?P<name>(?!LATE_).+?)_)??(?P<late>LATE_)?(?P<user>\d+|anon_\w+?)_(?P<file>\d+)_(?P<original>.+)",
    re.DOTALL,
)
# Where a file's own name begins so, its first numbers may be the ids.
TWO_READINGS = re.compile(r"\d{3,}_|\d+_\d+_")
READING = re.compile(r"(?:^|_)(?=(?P<user>\d+)_\d+_)")
MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<user>\d+)_assignsubmission_(?P<kind>[a-z]+)_?(?P<original>.*)", re.DOTALL
)
ONLINE_TEXT = "onlinetext"  # the kind of what a student typed into Moodle's editor
GRADESCOPE = re.compile(r"submission_\d+")
GRADESCOPE_METADATA = "submission_metadata.yml"  # in the export
CONTAINER_METADATA = "submission_metadata.json"  # beside the folder, in the container
# Of several readings the first one holds: what comes before it is not the student's to choose.
BLACKBOARD = re.compile(
    r"(?P<assignment>.+?)_(?P<user>[^_]+)_(?P<word>[^\W\d_]+)_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<original>.+)|\.txt)",
    re.DOTALL,
)
BLACKBOARD_NAME = re.compile(r"Name:\s*(?P<name>.+?)\s*\((?P<user>[^()]+)\)\s*")  # first line of the .txt
BRIGHTSPACE = re.compile(
    r"(?P<user>\d+)-(?P<folder>\d+) - (?P<name>.+?) - (?P<time>[^-]*\d{4}[^-]*?)(?: - (?P<original>.+))?",
    re.DOTALL,
)
GITHUB = re.compile(r"(?P<assignment>.+)-submissions")  # the folder with a clone for each student
GOOGLE = re.compile(r"(?P<name>[^\d_][^_]*?) - (?P<original>.+)", re.DOTALL)

BLACKBOARD_TIME = "%Y-%m-%d-%H-%M-%S"
MONTHS = (  # how the months begin in English, German, French, Spanish, Italian, Portuguese and Dutch
    "jan|ene|gen", "feb|fev|fév", "mar|mär|maa|mrt", "apr|abr|avr", "may|mai|mag|mei", "jun|juin|giu", "jul|juil|lug",
    "aug|aoû|ago", "sep|set", "oct|okt|ott|out", "nov", "dec|déc|dez|dic",
)  # fmt: skip
MONTH = re.compile("|".join(rf"(?P<m{i}>\b(?:{names})[^\W\d_]*)" for i, names in enumerate(MONTHS, 1)))
YEAR_FIRST = re.compile(r"(?P<year>\d{4})\D{1,3}?(?P<month>\d{1,2})\D{1,3}?(?P<day>\d{1,2})(?!\d)")
YEAR, DAY = re.compile(r"(?<!\d)20\d\d(?!\d)"), re.compile(r"(?<!\d)\d{1,2}(?!\d)")
CLOCK = re.compile(  # at the end: 6:02 PM, 602 PM, 18:02, 18.02 Uhr, 18h02, 오후 6:02
    r"(?<!\d)(?P<before>오전|오후|上午|下午|午前|午後)?\s*(?P<hour>\d{1,2}?)[:.h]?(?P<minute>\d\d)(?:[:.](?P<second>\d\d))?\s*"
    r"(?P<after>[ap]\.?\s?m\.?|uhr|h)?$"
)
HALVES = "ap오上下午"  # how a half of the day begins


def time_in(text: str, zone: tzinfo | None, form: str | None = None) -> datetime | None:
    """The moment that a platform writes without a zone, such as Monday, 30 November 2026, 6:02 PM; None where it is in doubt.

    The month has to be a word, or the year first; else `form` says how it is written, as `datetime.strptime` takes it.
    `zone` is the platform's; None is this machine's.
    """
    try:
        moment = datetime.strptime(text.strip(), form) if form else _moment(" ".join(text.casefold().split()))
        return moment and (moment.replace(tzinfo=zone) if zone else moment.astimezone())
    except (ValueError, OverflowError, OSError):
        return None


def _moment(text: str) -> datetime | None:
    """A date and a time of day; None where one of them is missing or could mean two things."""
    clock = CLOCK.search(text)
    if not clock:
        return None
    date, half = text[: clock.start()], clock["before"] or clock["after"] or ""
    hour, second = int(clock["hour"]), int(clock["second"] or 0)
    if half and half[0] in HALVES:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half[0] == "p" or half in ("오후", "下午", "午後"))
    if first := YEAR_FIRST.search(date):
        year, month, day = (int(first[part]) for part in ("year", "month", "day"))
    else:
        named, years, days = [*MONTH.finditer(date)], YEAR.findall(date), DAY.findall(date)
        if not named or len(years) != 1 or len(days) != 1:
            return None
        month = int(str(named[-1].lastgroup)[1:])  # the last: mardi, martes and maandag begin as months do
        year, day = int(years[0]), int(days[0])
    return datetime(year, month, day, hour, int(clock["minute"]), second)
