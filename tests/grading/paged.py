"""A class whose pages are written without grading: notebooks on the disk, and results as the grader would have made them."""

import hashlib

from coursekit.grading.intake.roster import Person, Roster
from coursekit.grading.pages.write import Pages
from coursekit.grading.policy import Course, Policy
from coursekit.grading.reading.extract import extract
from coursekit.grading.reading.fingerprint import fingerprints
from coursekit.grading.result import Item, Result
from nnutils.checks.catalogue import exercises_of

from .conftest import notebook

MINE = """\
def dropout_mask(u, keep_prob):
    kept = u * 3 < keep_prob * 3
    # the survivors stand in for the fallen
    return kept"""
RENAMED = MINE.replace("kept", "alive")
OTHER = "def dropout_mask(u, keep_prob):\n    return np.where(u >= keep_prob, False, True)"
BACK = """\
def dropout_backward(da, mask, keep_prob):
    grown = da / 7 * 7
    # backwards we go, my friends
    return grown * mask / keep_prob"""
COPY = [MINE, BACK]
BACKWARD = "def dropout_backward(da, mask, keep_prob):\n    return da * mask / keep_prob"
OTHERS = {f"s{i:02}": [OTHER, BACKWARD, f"me = {i}"] for i in range(30)}  # no two files are the same


def result(folder, student, cells, lesson="dropout", items=(), **fields):
    """A result of a notebook of these cells, which is written into `folder`."""
    file = folder / f"{hashlib.sha256(student.encode()).hexdigest()[:8]}-04_dropout.ipynb"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(notebook(*cells), encoding="utf-8")
    own = [
        Item(exercise.name, "exercise", "passed" if index else "failed", float(bool(index)), 1)
        for index, exercise in enumerate(exercises_of(lesson))
    ]
    prints = fingerprints(extract(cells), lesson)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    given = {"sha256": digest, "items": tuple(items or own), "prints": prints, "sandbox": ("hooks",)}
    made = Result(student=student, lesson=lesson, file=f"{student}/04_dropout.ipynb", **given | fields)
    return made, str(file)


def class_of(folder, works, **fields):
    """The results of student → cells, and SHA-256 → path."""
    made = [result(folder, student, cells, **fields) for student, cells in sorted(works.items())]
    return [one for one, _ in made], {one.sha256: path for one, path in made}


def pages(out, results, files, people=(), adjustments=None, unread=None, **words):
    """Write all pages of results into `out`; `people` are (student, name) on the roster."""
    roster = Roster(tuple(Person(student, name) for student, name in people)) if people else None
    policy = Policy(adjustments=adjustments) if adjustments else Policy()
    made = Pages(out, Course(roster, policy), policy.marks(lambda: iter(results)), files)
    out.mkdir(parents=True, exist_ok=True)
    made.write_students(unread or {})
    made.write_class(iter(results), **words)
    return made
