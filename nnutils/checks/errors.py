"""The errors of the checks."""


class CheckFailed(AssertionError):
    """A missing or wrong answer, raised only where `NNUTILS_CHECK=strict` is set."""


class UnknownName(LookupError):
    """No exercise or quiz question has this name."""
