"""Figures: none is shown without an alternative text, and the text says what is drawn."""

import matplotlib
import numpy as np
import pytest

from nnutils.figures import alt, style


@pytest.fixture
def shown(monkeypatch):
    pictures = []
    monkeypatch.setattr(style, "display", pictures.append)
    return pictures


@style.styled
def rising():
    figure, axes = style.panels()
    axes.plot([1, 2, 3])
    style.label(axes, "It rises", "step", "cost $J$")
    return figure


def test_a_figure_needs_a_text(shown):
    for text in ("", "it rises", "a b c d"):
        with pytest.raises(ValueError, match="5 words or more"):
            style.show(rising(), text)
    assert shown == []


def test_a_figure_that_is_not_shown_is_unknown_to_pyplot():
    from matplotlib import pyplot

    rising()
    assert pyplot.get_fignums() == []


def test_the_text_is_in_the_image_behind_titles_and_labels(shown):
    style.show(rising(), 'the cost goes from 1 to 3 & is "high"')
    (picture,) = shown
    html = picture._repr_html_()
    assert html.startswith(
        '<img alt="It rises: cost J against step. The cost goes from 1 to 3 &amp; is &quot;high&quot;."'
    )
    assert 'src="data:image/png;base64,iVBOR' in html
    assert "\n" not in html
    assert repr(picture) == "<Figure size 720x288 with 1 Axes>"


def test_the_style_is_left_behind(shown):
    before = dict(matplotlib.rcParams)
    style.show(rising(), "the cost goes from 1 to 3")
    assert dict(matplotlib.rcParams) == before


@style.styled
def test_headings_name_titles_and_labels_once_and_skip_bare_panels():
    figure, axes = style.panels(1, 4)
    figure.suptitle("Which wins?")
    for axis, title, y in zip(axes, ("A", "B", "C"), ("cost", "", r"$\sqrt{s}$"), strict=False):
        style.label(axis, title, "step", y)
    assert alt.headings(figure) == "Which wins? A: cost against step. B. C: root s against step."


@pytest.mark.parametrize(
    "values, x, said",
    [
        ([3, 2, 1], None, "from 3 to 1"),
        ([3, 1, 2], None, "from 3 to 2, lowest 1 at 2"),
        ([0, 5, -1, 1], [10, 20, 30, 40], "from 0 to 1, lowest -1 at 30, highest 5 at 20"),
        ([1, 0.9999, 2], None, "from 1 to 2"),  # a dip that nobody sees
        ([np.nan, 1, 12345, np.nan], None, "from 1 to 12345"),
        ([1, 1.0001, 1, 0.9999, 1], None, "from 1 to 1"),
        ([1, np.inf], None, "from 1 to inf"),
        ([np.nan], None, "without a value"),
        ([1, 0, 1], np.array(["2020-01-01", "2020-01-02", "2020-01-03"], "M8[D]"), "from 1 to 1, lowest 0 at 2020-01-02"),
    ],
)  # fmt: skip
def test_a_curve_is_told_by_its_ends_and_its_turns(values, x, said):
    assert alt.trend(values, x) == said


def test_names_with_numbers():
    assert (
        alt.trends({"train": [2, 1], "dev": [2, 0, 1]}, first=0)
        == "train from 2 to 1; dev from 2 to 1, lowest 0 at 1"
    )
    assert alt.amounts({"a": 0.12345, "b": [1, 2]}, " %") == "a 0.123 % and b 1.5 %"
    assert alt.spans({"a": [3, 1, 2]}) == "a from 1 to 3"
    assert alt.gallery({"threes": np.zeros((4, 64))}) == "rows of pictures: threes, 4 pictures"
    assert alt.gallery({"": np.zeros((1, 64))}) == "rows of pictures: 1 picture"
