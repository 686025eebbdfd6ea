"""What a student calls: check, hint, solution, case, progress, review, quiz, predict, measured and claim.

How `check(adam_update)` reaches a verdict, each step in the module of its name:

    check       finds the exercise in the catalogue by the function's name
    objections  refuses what is no plain function, takes other arguments or calls a ready answer (facts reads its bytecode)
    exercise    draws the cases from the exercise's seed
    run         calls the function on copies of each case's arguments; draws notes where its random numbers come from
    expected    says what is wrong with each run: compare and form find the difference from the reference's, or a judge looks
    diagnose    finds the known mistake that does the same
    verdict     puts it in words
    record      keeps it in the progress file
    view        shows it

The grader takes the same steps in several processes: the run in a sandbox, the others outside. A released course has no
reference: `released` makes exercises of stored results, and only grading asks their judges. Models and built_input hold the
inputs of cases with Keras models; sent and rebuilt turn such a model into data and back.
"""

from nnutils.checks.check import case, check
from nnutils.checks.claim import ClaimFailed, claim
from nnutils.checks.errors import CheckFailed
from nnutils.checks.help import hint, solution
from nnutils.checks.predict import measured, predict
from nnutils.checks.progress import progress
from nnutils.checks.quiz import quiz
from nnutils.checks.review import review

__all__ = [
    "CheckFailed",
    "ClaimFailed",
    "case",
    "check",
    "claim",
    "hint",
    "measured",
    "predict",
    "progress",
    "quiz",
    "review",
    "solution",
]
