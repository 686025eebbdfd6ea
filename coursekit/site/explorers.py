"""An explorer without a kernel: its main control moves through pictures that were drawn before."""

from __future__ import annotations

import html
import importlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from coursekit.authoring import digest
from nnutils.figures.explorer import Explorer
from nnutils.figures.style import PIXELS, class_of, few_colours, has_shades
from nnutils.files import write_whole
from nnutils.words import sentence

STATES = 11  # at most so many
MAIN = {
    "momentum_rmsprop_adam": "lr",
    "transfer_learning": "n",
}  # where it is not the first control that is a number


@dataclass(frozen=True)
class Frames:
    """What a page needs of an explorer: its words, its control, and a picture and a summary for each value."""

    name: str  # of the class, by which the lesson calls it
    title: str
    try_this: str
    notice: str
    control: str
    start: int
    values: list[str]
    summaries: list[str]
    files: list[str]
    fixed: str  # the other controls and their values
    size: tuple[int, int]  # in pixels of the page
    shades: bool = False  # see `figures.style.has_shades`


def explorer_of(topic: str) -> type[Explorer] | None:
    """The explorer of a lesson, if it has one."""
    try:
        module = importlib.import_module(f"nnutils.lessons.{topic}.explorer")
    except ModuleNotFoundError:
        return None
    own = (item for item in vars(module).values() if getattr(item, "__module__", "") == module.__name__)
    return next((item for item in own if isinstance(item, type) and issubclass(item, Explorer)), None)


def frames(topic: str, cache: Path) -> Frames | None:
    """The explorer of a lesson, drawn; from `cache` if its code and all that it imports are as they were.

    None: the lesson has no explorer.
    """
    folder = folder_of(topic, cache)
    if (folder / "frames.json").exists():
        kept = json.loads((folder / "frames.json").read_text(encoding="utf-8"))
        return Frames(**{**kept, "size": tuple(kept["size"])}) if kept else None
    folder.mkdir(parents=True, exist_ok=True)
    found = _drawn(topic, folder)
    write_whole(folder / "frames.json", json.dumps(vars(found) if found else None))
    return found


def folder_of(topic: str, cache: Path) -> Path:
    """Where the pictures of `frames` are."""
    own = Path(__file__).read_text(encoding="utf-8")
    return cache / f"{topic}-{digest.of_modules({f'nnutils.lessons.{topic}.explorer'}, digest.of_code(own))}"


def _drawn(topic: str, folder: Path) -> Frames | None:
    kind = explorer_of(topic)
    if kind is None:
        return None
    explorer = kind()
    name = main_control(topic, explorer.controls)
    control, before = explorer.controls[name], explorer.controls[name].value
    values = states(control)
    summaries, files, told = list[str](), list[str](), list[str]()
    width = height = 0
    for k, value in enumerate(values):
        control.value = value
        explorer.refresh()  # raises an error that a control's callback only shows
        summaries.append(explorer.summary)
        png = few_colours(explorer.png)
        width, height = Image.open(io.BytesIO(png)).size
        files.append(f"{topic}-{k}.png")
        (folder / files[-1]).write_bytes(png)
        told.append(said(control))
    control.value = before
    others = [f"{other.description} {said(other)}" for key, other in explorer.controls.items() if key != name]
    words = (explorer.title, explorer.try_this, explorer.notice, control.description)
    start = values.index(before)
    size, shades = (width // PIXELS, height // PIXELS), has_shades(explorer.figure)
    return Frames(kind.__name__, *words, start, told, summaries, files, "; ".join(others), size, shades)


def main_control(topic: str, controls: dict[str, Any]) -> str:
    """The name of the control that moves on the page: the first that is a number, or the first of all."""
    numbers = [name for name, control in controls.items() if not hasattr(control, "options")]
    named = MAIN.get(topic, "")
    return named if named in controls else next(iter([*numbers, *controls]))


def states(control: Any) -> list[Any]:
    """Values of a control from end to end, at most STATES of them and one more; its value now is one of them."""
    every = list(_values(control))
    places = np.unique(np.linspace(0, len(every) - 1, min(STATES, len(every))).round().astype(int))
    chosen = [every[place] for place in places]
    if control.value not in chosen:
        nearest = min(range(len(every)), key=lambda k: abs(_ratio(control, every[k])))
        chosen = sorted({*places.tolist(), nearest})
        return [control.value if place == nearest else every[place] for place in chosen]
    return chosen


def _values(control: Any) -> Iterator[Any]:
    if hasattr(control, "options"):
        yield from (option[1] if isinstance(option, tuple) else option for option in control.options)
        return
    number = round((control.max - control.min) / control.step)
    for k in range(number + 1):
        place = control.min + k * control.step
        yield control.base**place if hasattr(control, "base") else type(control.value)(round(place, 10))


def _ratio(control: Any, value: Any) -> float:
    """How far a value is from the control's own: in steps, or of a logarithmic one in orders of magnitude."""
    return np.log(value / control.value) if hasattr(control, "base") else value - control.value


def said(control: Any) -> str:
    """A control's value as its read-out shows it."""
    if hasattr(control, "options"):
        option = control.options[control.index]
        return str(option[0] if isinstance(option, tuple) else option)
    form = getattr(control, "readout_format", "") or "g"
    return format(control.value, form).removesuffix(".") if form != "d" else str(control.value)


def widget(frames: Frames, folder: str) -> str:
    """The HTML of an explorer: a slider, its value in words, the picture, and the summary, which is read out when it changes."""
    alts = [f"{sentence(frames.title)} {summary}" for summary in frames.summaries]
    rows = zip(
        frames.values, [f"{folder}/{name}" for name in frames.files], frames.summaries, alts, strict=True
    )
    data = json.dumps([dict(zip(("value", "src", "words", "alt"), row, strict=True)) for row in rows])
    escape, at, own = html.escape, frames.start, f"explorer-{frames.name}"
    others = f" The other controls stay where they begin: {escape(frames.fixed)}." if frames.fixed else ""
    return (
        f'<div class="explorer" id="{own}" data-frames="{escape(data)}">'
        f'<p class="explorer-head"><strong>{escape(frames.title)}</strong></p>'
        f"<p><strong>Move</strong> the slider, also with the arrow keys.{others}</p>"
        f"<p><strong>Notice</strong> {escape(frames.notice)}</p>"
        f'<div class="explorer-control"><label for="{own}-control">{escape(frames.control)}</label>'
        f'<input type="range" id="{own}-control" min="0" max="{len(frames.values) - 1}" step="1" value="{at}" '
        f'aria-valuetext="{escape(frames.values[at])}" aria-describedby="{own}-words">'
        f'<output for="{own}-control">{escape(frames.values[at])}</output></div>'
        f'<img src="{folder}/{frames.files[at]}" alt="{escape(alts[at])}" class="{class_of(frames.shades)}" '
        f'width="{frames.size[0]}" height="{frames.size[1]}">'
        f'<p role="status" aria-live="polite" id="{own}-words">{escape(frames.summaries[at])}</p></div>'
    )
