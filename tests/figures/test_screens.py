"""Figures on fine screens and in dark themes: twice the pixels at the same size, and enough contrast on every ground."""

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnutils.figures import style

WHITE = np.ones(3)
TEXT = ("#000000", style.GREY)
LINES = (*style.COLOURS, style.FAINT, style.STYLE["axes.edgecolor"])


def colour(text):
    return np.array([int(text[k : k + 2], 16) for k in (1, 3, 5)]) / 255


def contrast(one, other):
    """https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio"""
    linear = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in (one, other)]
    dark, light = sorted(c @ [0.2126, 0.7152, 0.0722] for c in linear)
    return (light + 0.05) / (dark + 0.05)


def invert(c, share):
    return c * (1 - 2 * share) + share


def hue_rotate(c, degrees):
    a = np.deg2rad(degrees)
    grey = np.array([[0.213, 0.715, 0.072]] * 3)
    cosine = np.eye(3) - grey
    sine = np.array([[-0.213, -0.715, 0.928], [0.143, 0.140, -0.283], [-0.787, 0.715, 0.072]])
    return (grey + np.cos(a) * cosine + np.sin(a) * sine) @ c


def filtered(c, css):
    """A colour behind a CSS filter. The formulas: https://www.w3.org/TR/filter-effects-1/#ShorthandEquivalents"""
    for name, value in re.findall(r"([\w-]+)\(([\d.]+)", css):
        steps = {"invert": invert, "hue-rotate": hue_rotate, "brightness": np.multiply}
        c = np.clip(steps[name](c, float(value)), 0, 1)
    return c


@pytest.mark.parametrize("css", ["", style.TURNED, style.DIMMED])
def test_text_and_lines_stand_out_from_the_ground_in_each_theme(css):
    ground = filtered(WHITE, css)
    for names, least in ((TEXT, 4.5), (LINES, 3)):
        ratios = {name: contrast(filtered(colour(name), css), ground) for name in names}
        assert min(ratios.values()) >= least, ratios


def test_a_turned_ground_is_as_dark_as_the_page_and_colours_keep_their_hue():
    page = colour("#111111")  # --jp-layout-color0 of JupyterLab's dark theme
    assert contrast(filtered(WHITE, style.TURNED), page) < 1.02
    for name in style.COLOURS[:-1]:
        before, after = colour(name), filtered(colour(name), style.TURNED)
        assert before.argmax() == after.argmax() and before.argmin() == after.argmin(), name


@style.styled
def lines():
    figure, axes = style.panels()
    style.curves(axes, [1, 2, 3], {"a": [1, 2, 3], "b": [3, 1, 2]})
    return figure


def png_of(picture):
    html = picture._repr_html_()
    return html, Image.open(io.BytesIO(base64.b64decode(re.search(r'base64,([^"]+)"', html)[1])))


def test_a_figure_has_twice_the_pixels_at_the_same_size():
    html, image = png_of(style.Picture(lines(), "some lines"))
    width = int(re.search(r' width="(\d+)"', html)[1])
    assert image.mode == "P" and image.width in (2 * width, 2 * width + 1)
    assert abs(width - 9 * 80) < 30  # inches, pixels of a page: as wide as the text of a notebook


def test_few_colours_look_like_all():
    figure, raw = lines(), io.BytesIO()
    figure.savefig(raw, format="png", dpi=160)
    few = Image.open(io.BytesIO(style.few_colours(raw.getvalue()))).convert("RGB")
    apart = np.abs(np.asarray(few, int) - np.asarray(Image.open(raw).convert("RGB"), int)).max(axis=2)
    assert few.getpixel((0, 0)) == (255, 255, 255)
    assert np.mean(apart > 16) < 0.001 and len(style.few_colours(raw.getvalue())) < len(raw.getvalue()) / 1.5


@style.styled
def shades(kind):
    figure, axes = style.panels()
    values = np.arange(16.0).reshape(4, 4)
    getattr(axes, kind)(values)
    return figure


@pytest.mark.parametrize(
    "kind, are", [("imshow", True), ("pcolormesh", True), ("contourf", True), ("contour", False), ("plot", False)]
)  # fmt: skip
def test_photos_and_shades_are_not_turned(kind, are):
    figure = shades(kind)
    assert style.has_shades(figure) == are
    html, _ = png_of(style.Picture(figure, "values"))
    assert (style.DIMMED in html, style.TURNED in html) == (are, not are)


def test_the_site_does_the_same_as_a_notebook():
    css = (Path(__file__).parents[2] / "coursekit/site/static/site.css").read_text(encoding="utf-8")
    for shown, rule in ((False, style.TURNED), (True, style.DIMMED)):
        assert f'html[data-theme="dark"] img.{style.class_of(shown)} {{ filter: {rule}; }}' in css
