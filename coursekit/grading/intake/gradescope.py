"""What Gradescope says about submissions: submission_metadata.yml of an export, submission_metadata.json in its container."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from coursekit.grading.intake.layouts import Owner
from coursekit.grading.intake.names import safe_name
from coursekit.grading.intake.platform_names import CONTAINER_METADATA

MAX_METADATA = 100 << 20


def read_export(file: Path) -> dict[str, list[Owner]]:
    """submission_metadata.yml: folder → its submitters.

    Raises
    ------
    ValueError: it cannot be read.
    """
    data = read_metadata(file, lambda content: yaml.load(content, _Loader))
    return {
        str(place): _submitters(entry.get(":submitters"), entry.get(":created_at"), ":")
        for place, entry in data.items()
        if isinstance(entry, dict)
    }


def read_container(submission: Path) -> list[Owner]:
    """Who handed in the folder `submission`, as the file beside it says; nobody where there is no such file.

    Raises
    ------
    ValueError: it cannot be read, or names nobody.
    """
    file = submission.parent / CONTAINER_METADATA
    if not submission.is_dir() or not file.is_file():
        return []
    data = read_metadata(file, json.loads)
    found = _submitters(data.get("users"), data.get("created_at"), "")
    if not found:
        raise ValueError(f"{file} names nobody who handed it in")
    return found


def read_metadata(file: Path, load: Callable[[bytes], Any]) -> dict[Any, Any]:
    """What a file of Gradescope's holds.

    Raises
    ------
    ValueError: it cannot be read, or is too large.
    """
    try:
        if file.stat().st_size > MAX_METADATA:
            raise ValueError(f"it has more than {MAX_METADATA >> 20} MB")
        data = load(file.read_bytes())
    except (OSError, yaml.YAMLError, json.JSONDecodeError, RecursionError, UnicodeError) as error:
        raise ValueError(f"it cannot be read ({str(error).splitlines()[0]})") from None
    if not isinstance(data, dict):
        raise ValueError("it holds no submissions")
    return data


def _submitters(people: Any, created: Any, mark: str) -> list[Owner]:
    """The people of a submission; `mark` stands before each key."""
    moment, found = moment_of(created), []
    submitted = moment.isoformat() if moment else None
    for person in people if isinstance(people, list) else []:
        if isinstance(person, dict):
            name, sid, email = (str(person.get(mark + key) or "").strip() for key in ("name", "sid", "email"))
            clues = (("sis", sid), ("student", sid), ("email", email), ("login", email), ("name", name))
            if label := sid or email or name:
                found.append(Owner(safe_name(label), clues, submitted=submitted, downloaded=True))
    return found


def moment_of(value: Any) -> datetime | None:
    """A time of Gradescope's; None where it says none."""
    if isinstance(value, datetime):  # YAML's times without a zone are UTC
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads plain values alone; of Ruby's own objects, the values in them."""


def _plain(loader: Any, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!", _plain)
