"""Letters and digits drawn in many fonts: images that need no download, as hard to read as one asks for."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnutils.data.dataset import Dataset

FONTS = (  # they come with matplotlib; the first ones are the plainest
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "cmss10", "DejaVuSerif", "STIXGeneral", "cmr10", "DejaVuSansMono-Bold",
    "DejaVuSerif-Bold", "STIXGeneralBol", "cmb10", "cmtt10", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique",
    "DejaVuSansMono-Oblique", "DejaVuSansMono-BoldOblique", "DejaVuSerif-Italic", "DejaVuSerif-BoldItalic",
    "STIXGeneralItalic", "STIXGeneralBolIta",
)  # fmt: skip
CANVAS, INSIDE = 64, 48  # pixels: a character is drawn large and made small at the end
KEPT = 8  # drawn sets that stay in memory


def drawn_characters(
    m: int = 2000,
    characters: str = "ABCDEFGHIJ",
    difficulty: float = 0.5,
    size: int = 16,
    rng: int = 0,
    dtype: DTypeLike = np.float64,
) -> Dataset:
    """Pictures of characters, size x size grey pixels in [0, 1]: X (m, size * size), y the place in `characters`.

    difficulty: 0 is one upright font on black. Up to 1 rise the number of fonts, rotation (to ±30 degrees), shear, shift, stroke
    width, a background with a gradient, the share of negatives (to a half) and noise. rng: a seed. The classes are equally
    frequent. 2 000 pictures take about 2 s; the same set is drawn once a process.

    Raises
    ------
    ValueError: fewer pictures than classes, fewer than two classes or one twice, or a difficulty outside [0, 1].
    ImportError: matplotlib is not there.
    """
    if not 0 <= difficulty <= 1:
        raise ValueError(f"difficulty is from 0 to 1, not {difficulty}")
    if len({*characters}) != len(characters) or not 2 <= len(characters) <= m:
        raise ValueError(
            f"{m} pictures of {characters!r}: take two different characters or more, and a picture for each"
        )
    X, y = _drawn(m, characters, float(difficulty), size, rng)
    names = tuple(f"pixel {row},{column}" for row in range(size) for column in range(size))
    text = f"drawn characters, {size} x {size} pixels, difficulty {difficulty:g}"
    return Dataset(X.astype(dtype), y.copy(), names, tuple(characters), text)


@functools.lru_cache(maxsize=KEPT)
def _drawn(
    m: int, characters: str, difficulty: float, size: int, seed: int
) -> tuple[NDArray, NDArray[np.intp]]:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(m) % len(characters))
    fonts = FONTS[: max(1, round(difficulty * len(FONTS)))]
    pictures = [
        _picture(characters[label], fonts[rng.integers(len(fonts))], difficulty, size, rng) for label in y
    ]
    return np.stack(pictures).reshape(m, -1), y


def _picture(character: str, font: str, difficulty: float, size: int, rng: np.random.Generator) -> NDArray:
    """One character, (size, size): drawn, rotated and shifted, sheared and stretched, made small, laid on a background."""
    from PIL import Image, ImageDraw

    spread = difficulty * rng.uniform(-1, 1, size=8)  # of what turns, moves and stretches it
    image = Image.new("L", (CANVAS, CANVAS))
    ImageDraw.Draw(image).text(
        (CANVAS / 2, CANVAS / 2), character, fill=255, font=_font(font, int(34 + 6 * spread[0])), anchor="mm",
        stroke_width=int(abs(3 * spread[1])),
    )  # fmt: skip
    image = image.rotate(30 * spread[2], translate=(6 * spread[3], 6 * spread[4]))
    shear, across, down = 0.35 * spread[5], 1 + 0.2 * spread[6], 1 + 0.2 * spread[7]
    middle = CANVAS / 2
    affine = (across, shear, middle * (1 - across - shear), 0, down, middle * (1 - down))
    image = image.transform(image.size, Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)
    edge = (CANVAS - INSIDE) // 2
    small = image.crop((edge, edge, CANVAS - edge, CANVAS - edge)).resize((size, size), Image.Resampling.BOX)
    ink = np.asarray(small, dtype=np.float64) / 255
    rows, columns = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    tilt = rng.uniform(-0.2, 0.2, size=2)
    ground = difficulty * np.clip(rng.uniform(0, 0.5) + tilt[0] * rows + tilt[1] * columns, 0, 1)
    grey = ink + (1 - ink) * ground
    if rng.random() < difficulty / 2:
        grey = 1 - grey
    return np.clip(grey + 0.1 * difficulty * rng.normal(size=grey.shape), 0, 1)


@functools.cache
def _font(name: str, height: int) -> Any:
    try:
        from PIL import ImageFont
    except ImportError as error:
        raise ImportError("the fonts come with matplotlib: run 'python3 course.py setup'") from error
    return ImageFont.truetype(str(_fonts() / f"{name}.ttf"), height)


@functools.cache
def _fonts() -> Path:
    """The folder of matplotlib's fonts. It is not imported, if possible: that needs a folder to write in."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or not found.origin:
        raise ImportError("the fonts come with matplotlib: run 'python3 course.py setup'")
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    if not folder.is_dir():
        import matplotlib

        folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    return folder
