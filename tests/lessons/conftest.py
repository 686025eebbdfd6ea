"""What the tests of the lessons share."""

import pytest

from nnutils.figures import style


@pytest.fixture
def drawn(monkeypatch):
    """A function that returns the axes of the figure that was shown last."""
    pictures = []
    monkeypatch.setattr(style, "display", pictures.append)
    return lambda: pictures[-1].figure.axes
