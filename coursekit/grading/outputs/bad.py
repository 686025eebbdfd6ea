"""What goes wrong with an output."""


class BadOutput(ValueError):
    """A file cannot be written as asked; the message says why and what to do."""
