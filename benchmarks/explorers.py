"""The CPU time of a move of each explorer, beside another commit of this repository.

    python -m benchmarks.explorers COMMIT [--only dropout]        from the root of the repository

A move is what a student waits for: a control gets another value, and picture and summary follow. Each control of each explorer
is moved to both ends, to its middle, and one step up and down from where it begins. The commit is unpacked into a folder;
each explorer is moved in a new process of either version, one after the other, so that both meet the same load.
Works for commits in which explorers stand in nnutils/explorers/, too.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PLACES = ("nnutils/lessons/{}/explorer.py", "nnutils/explorers/{}.py")
NO_EXPLORER = ("base", "landscape", "__init__")


def place_of(root: Path, topic: str) -> str | None:
    """The name of the module with a topic's explorer in a checkout, or None."""
    found = (place.format(topic) for place in PLACES if (root / place.format(topic)).is_file())
    return next((path.removesuffix(".py").replace("/", ".") for path in found), None)


def topics_of(root: Path) -> list[str]:
    """The topics that have an explorer in a checkout."""
    new = [path.parent.name for path in root.glob("nnutils/lessons/*/explorer.py")]
    old = [path.stem for path in root.glob("nnutils/explorers/*.py") if path.stem not in NO_EXPLORER]
    return sorted({*new, *old})


def made(module: Any) -> Any:
    """The explorer of a module, a class or a function of its own. Where it takes features, it gets two kinds of the digits."""
    own = [item for item in vars(module).values() if getattr(item, "__module__", "") == module.__name__]
    for item in own:
        if isinstance(item, type) and any(base.__name__ == "Explorer" for base in item.__mro__):
            return item(*_given(module))
    functions = (item for item in own if getattr(item, "__annotations__", {}).get("return") == "Explorer")
    return next(functions)(*_given(module))


def _given(module: Any) -> tuple[Any, ...]:
    if "transfer_learning" not in module.__name__:
        return ()
    import numpy as np

    from nnutils.data import digits

    X, y = digits()
    layer = np.tanh(X @ np.random.default_rng(0).normal(size=(64, 64)) / 4)
    return {"pixels": X[:900], "layer": layer[:900]}, y[:900]


def values(control: Any) -> Iterator[Any]:
    """What a control is moved to: both ends, the middle, a step up and a step down from where it begins."""
    if hasattr(control, "options"):
        every, start = [option[1] if isinstance(option, tuple) else option for option in control.options], 0
        start = control.index
        places = [0, len(every) - 1, len(every) // 2, start + 1, start - 1]
        yield from (
            every[place] for place in dict.fromkeys(places) if 0 <= place < len(every) and place != start
        )
        return
    low, high, step, begin = control.min, control.max, control.step, control.value
    if hasattr(control, "base"):
        import math

        at = math.log(begin, control.base)
        exponents = [low, high, (low + high) / 2, at + step, at - step]
        yield from (control.base**e for e in exponents if low <= e <= high)
        return
    middle = low + round((high - low) / 2 / step) * step
    yield from (type(begin)(v) for v in (low, high, middle, begin + step, begin - step) if low <= v <= high)


def moves(module_name: str) -> dict[str, Any]:
    """CPU seconds of the first drawing, and milliseconds of each move, in this process."""
    module = importlib.import_module(module_name)
    began = time.process_time()
    explorer = made(module)
    first, taken = time.process_time() - began, list[float]()
    for control in explorer.controls.values():
        start = control.value
        for value in values(control):
            if value != control.value:
                began = time.process_time()
                control.value = value
                taken.append(1000 * (time.process_time() - began))
            if 'role="alert"' in explorer.words.value:
                raise RuntimeError(f"{module_name}: {explorer.words.value}")
        control.value = start
    return {"first": first, "moves": taken}


def measured(root: Path, topic: str) -> dict[str, Any] | None:
    """`moves` in a new process that imports the packages of a checkout."""
    module = place_of(root, topic)
    if module is None:
        return None
    environment = os.environ | {
        "PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"
    }  # fmt: skip
    command = [sys.executable, str(Path(__file__).resolve()), "--child", module]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{topic} in {root}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def unpacked(commit: str, folder: Path) -> Path:
    """The files of a commit, in a folder."""
    archive = subprocess.run(
        ["git", "-C", str(ROOT), "archive", commit, "nnutils"], capture_output=True, check=True
    )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def told(found: dict[str, Any] | None) -> str:
    """Median and worst of an explorer's moves, and its first drawing."""
    if found is None:
        return f"{'no explorer':>26}"
    ms = found["moves"]
    return f"{statistics.median(ms):8.0f} {max(ms):8.0f} {1000 * found['first']:8.0f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("commit", nargs="?", help="the commit to compare with, as 949fc07")
    parser.add_argument("--only", nargs="+", metavar="TOPIC", help="topics, as in dropout")
    parser.add_argument("--child", metavar="MODULE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(moves(options.child)))
        return
    if options.commit is None:
        parser.error("name a commit to compare with")
    ours, theirs, alone = list[float](), list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        peer = unpacked(options.commit, Path(folder))
        print(
            f"CPU ms: a move, median and worst, and the first drawing\n{'':36}{'here':>24}{options.commit:>27}"
        )
        for k, topic in enumerate(options.only or topics_of(ROOT)):
            order = (ROOT, peer) if k % 2 else (peer, ROOT)
            found = {root: measured(root, topic) for root in order}
            here, there = found[ROOT], found[peer]
            if there:
                ours += here["moves"] if here else []
            else:
                alone += here["moves"] if here else []
            theirs += there["moves"] if there else []
            print(f"{topic:36}{told(here)} {told(there)}", flush=True)
    for name, moved in {"those of both": ours, "all of ours": ours + alone}.items():
        here, there = (statistics.median(moved), max(moved)), (statistics.median(theirs), max(theirs))
        print(f"{name:36}{here[0]:8.0f} {here[1]:8.0f} {'':8} {there[0]:8.0f} {there[1]:8.0f}")
        print(f"{'ratios':36}{here[0] / there[0]:8.2f} {here[1] / there[1]:8.2f}  ({len(moved)} moves)")


if __name__ == "__main__":
    if "--child" in sys.argv:
        sys.path.insert(0, os.environ["PYTHONPATH"])
    main()
