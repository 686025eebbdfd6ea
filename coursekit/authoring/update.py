"""`python3 course.py update` in a git clone: the course as it is now, and the answers of the notebooks that were worked in."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

from nnutils import update
from nnutils.reset import ROOT, set_aside
from nnutils.update import NotUpdated
from nnutils.words import counted, listed

add_arguments = update.add_arguments


def run(options: argparse.Namespace, root: Path = ROOT) -> int:
    """Fetch, and bring the notebooks up to date; returns the exit code: 2 where nothing was changed, with a sentence why."""
    try:
        if options.bundle or options.folder:
            raise NotUpdated(
                "this is the whole course: `python3 course.py update` without more asks git for it"
            )
        for line in pull(root):
            print(line)
    except (NotUpdated, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def pull(root: Path) -> list[str]:
    """Bring a clone to what its remote has, and say what was done. Notebooks that somebody worked in keep their answers.

    Raises
    ------
    NotUpdated: this is no clone, it has changes of its own outside notebooks/, or the remote was not reached. Nothing has
    been changed then.
    """
    try:
        _git(root, "fetch", "--quiet")
        behind, ahead = _git(root, "rev-list", "--left-right", "--count", "@{upstream}...HEAD").split()
    except FileNotFoundError:
        raise NotUpdated("git is not installed here, and the course is updated by it") from None
    except subprocess.CalledProcessError as error:
        raise NotUpdated(f"git could not ask for what is new: {error.stderr.strip()}") from None
    if int(ahead):
        raise NotUpdated(
            f"this clone has {counted(int(ahead), 'commit')} of its own: join them with the new ones by `git merge`"
        )
    if not int(behind):
        return ["the course is up to date"]
    changed = _git(root, "diff", "--name-only", "HEAD").splitlines()
    others = [name for name in changed if not name.startswith("notebooks/")]
    if others:
        were = "was" if len(others) == 1 else "were"
        undo = f"git checkout HEAD -- {' '.join(map(shlex.quote, others))}"
        raise NotUpdated(
            f"{listed(others)} {were} changed here. Copy to another folder what you want to keep, undo the change with "
            f"`{undo}`, and start again"
        )
    kept = {root / name: set_aside(root / name) for name in changed if (root / name).exists()}
    before = {file: _git(root, "show", f"HEAD:notebooks/{file.name}") for file in kept}
    try:
        _git(root, "checkout", "--quiet", "--", *changed)
        _git(root, "merge", "--quiet", "--ff-only", "@{upstream}")
    except subprocess.CalledProcessError as error:
        for file, mine in kept.items():
            mine.replace(file)
        raise NotUpdated(f"git could not take over what is new: {error.stderr.strip()}") from None
    said = [f"{counted(int(behind), 'new commit')} of the course taken over"]
    return [*said, *(_joined(file, mine, before[file]) for file, mine in kept.items())]


def _joined(file: Path, mine: Path, before: str) -> str:
    """Put the answers into the notebook as it is now, which may have another number, and return a line that says so."""
    topic = file.stem.partition("_")[2]
    place = next(file.parent.glob(f"[0-9][0-9]_{topic}.ipynb"), None)
    if place is None:
        return f"there is no lesson {topic} any more; your notebook is kept as {mine.name}"
    now = place.read_text(encoding="utf-8")
    if place == file and now == before:
        mine.replace(file)
        return f"{file} has not changed: it is left as it is"
    return update.write_joined(mine, before, place, now)


def _git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, encoding="utf-8", check=True).stdout
