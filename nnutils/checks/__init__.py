"""What a student calls: check, hint, solution, case, progress, quiz and claim."""

from nnutils.checks.check import case, check
from nnutils.checks.claim import ClaimFailed, claim
from nnutils.checks.errors import CheckFailed
from nnutils.checks.help import hint, progress, solution
from nnutils.checks.quiz import quiz

__all__ = ["CheckFailed", "ClaimFailed", "case", "check", "claim", "hint", "progress", "quiz", "solution"]
