"""The errors of the checks."""


class CheckFailed(AssertionError):
    """A missing or wrong answer, raised only where nbgrader grades or validates a notebook."""


class NotSolved(NotImplementedError):
    """An answer is needed that is not there yet, in a released course, which holds no answers to go on with."""


class UnknownName(LookupError):
    """No exercise or quiz question has this name."""
