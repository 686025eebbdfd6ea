"""A run in n parts, on n machines: the name of each part's log, what the part says of itself, and the merge of them all."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.grading.engine.plan import Step, noted
from coursekit.grading.intake.topics import lesson_place
from coursekit.grading.log import Key, Log, key_of
from coursekit.grading.result import Result

NAME = re.compile(r"log-(\d+)-of-(\d+)\.jsonl")
NOTHING_UNREAD: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True)
class Shard:
    """Part `number` of `count`, from 1."""

    number: int
    count: int

    @classmethod
    def of_text(cls, text: str) -> Shard:
        """The shard that "2/3" names.

        Raises
        ------
        ValueError: it names none.
        """
        number, _, count = text.partition("/")
        shard = cls(int(number), int(count))
        if not 1 <= shard.number <= shard.count:
            raise ValueError(text)
        return shard

    @property
    def log(self) -> str:
        return f"log-{self.number}-of-{self.count}.jsonl"

    @property
    def summary(self) -> str:
        return f"shard-{self.number}-of-{self.count}.json"

    def finish(
        self,
        out: Path,
        steps: Sequence[Step],
        left_out: Sequence[str],
        students: Sequence[str],
        unread: Mapping[str, Sequence[str]] = NOTHING_UNREAD,
    ) -> Path:
        """Write beside the shard's log what it consists of, so that a merge can tell whether it is whole."""
        keys = [[*step.key, step.submitted, step.note] for step in steps]
        content = {"keys": keys, "left_out": [*left_out], "students": [*students], "unread": {**unread}}
        return _write(out / self.summary, content)


@dataclass(frozen=True)
class Merged:
    """What a merge yields: the submissions of all shards, and a line for everything that is missing."""

    keys: list[tuple[Key, str | None, str]]  # with the time of handing in, and the note
    left_out: list[str]
    students: list[str]
    missing: list[str]
    unread: dict[str, list[str]]  # by student: a line for each file that could not be taken

    def results(self, log: Log) -> Iterator[Result]:
        """What the joined log says of the submissions, one at a time."""
        for key, submitted, note in self.keys:
            found = log.find(key)
            if found is not None:
                yield noted(found, submitted, note)


def merge(folders: Sequence[Path], log: Log) -> Merged:
    """Append to `log` what the shards' logs in the folders say and it does not say yet.

    Raises
    ------
    FileNotFoundError: there is no shard in them.
    """
    logs = {file.name: file for folder in folders for file in sorted(folder.glob("log-*-of-*.jsonl"))}
    shards = {name: Shard(*map(int, match.groups())) for name in logs if (match := NAME.fullmatch(name))}
    if not shards:
        raise FileNotFoundError(f"no log-1-of-n.jsonl of a shard lies in {', '.join(map(str, folders))}")
    missing, summaries, settings = _gaps(shards), list[dict[str, Any]](), set[str]()
    for name, one in sorted(shards.items(), key=lambda pair: (pair[1].count, pair[1].number)):
        summary = logs[name].with_name(one.summary)
        if summary.is_file():
            summaries.append(json.loads(summary.read_text(encoding="utf-8")))
        else:
            missing.append(f"shard {one.number} of {one.count} has not ended: run it again")
        settings |= _join(logs[name], log)
    if len(settings) > 1:
        missing.append("the shards were graded with different limits, secrets or modes")
    return _merged(summaries, missing)


def _merged(summaries: list[dict[str, Any]], missing: list[str]) -> Merged:
    keys = [(tuple(row[:4]), *row[4:6]) for one in summaries for row in one["keys"]]
    keys.sort(key=lambda one: (one[0][0], lesson_place(one[0][1]), *one[0][2:], one[1] or ""))
    lines = dict.fromkeys(line for one in summaries for line in one["left_out"])
    students = {name for one in summaries for name in one["students"]}
    unread = {name: told for one in summaries for name, told in one.get("unread", {}).items()}
    return Merged(keys, [*lines], sorted(students), missing, unread)


def _gaps(shards: dict[str, Shard]) -> list[str]:
    counts = sorted({one.count for one in shards.values()})
    there = {(one.number, one.count) for one in shards.values()}
    lines = [
        f"shard {number} of {count} is missing"
        for count in counts
        for number in range(1, count + 1)
        if (number, count) not in there
    ]
    if len(counts) > 1:
        lines.append(f"there are shards of {' and of '.join(map(str, counts))}: they may overlap")
    return lines


def _join(file: Path, log: Log) -> set[str]:
    """Copy what is new; returns the settings met."""
    met = set()
    with Log(file, write=False) as part:
        for result in part.results():
            met.add(result.settings)
            if log.find(key_of(result)) != result:
                log.append(result)
    return met


def _write(file: Path, content: Any) -> Path:
    beside = file.with_name(f".{file.name}")
    beside.write_text(json.dumps(content), encoding="utf-8", newline="\n")
    os.replace(beside, file)
    return file
