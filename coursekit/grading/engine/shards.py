"""A run in n parts, on n machines: the name of each part's log, the summary of each part, and the merge of all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading.engine import plan
from coursekit.grading.intake.topics import lesson_place
from coursekit.grading.log import Log, key_of
from coursekit.grading.result import Result
from nnutils.files import write_whole

NAME = re.compile(r"log-(\d+)-of-(\d+)\.jsonl")


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
        steps: Sequence[plan.Step],
        left_out: Sequence[str],
        students: Sequence[str],
        unread: Mapping[str, Sequence[str]],
    ) -> Path:
        """Write a summary of the shard beside its log, so that a merge can tell whether it is complete."""
        keys = [[*step.key, step.submitted, step.note] for step in steps]
        content = {"keys": keys, "left_out": [*left_out], "students": [*students], "unread": {**unread}}
        return write_whole(out / self.summary, json.dumps(content))


@dataclass(frozen=True)
class Merged:
    """The outcome of a merge: the submissions of all shards, and a line for everything that is missing."""

    steps: list[plan.Step]
    left_out: list[str]
    students: list[str]
    missing: list[str]
    unread: dict[str, list[str]]  # by student: a line for each file that could not be taken

    def results(self, log: Log) -> Iterator[Result]:
        """The results of the submissions in the merged log, one at a time."""
        return plan.results(self.steps, log)


def merge(folders: Sequence[Path], log: Log) -> Merged:
    """Append to `log` the results of the shards' logs in these folders that it does not have yet.

    Raises
    ------
    FileNotFoundError: there is no shard in them.
    """
    logs = {file.name: file for folder in folders for file in sorted(folder.glob("log-*-of-*.jsonl"))}
    names = map(NAME.fullmatch, logs)
    shards = {Shard(int(name[1]), int(name[2])): logs[name[0]] for name in names if name}
    if not shards:
        raise FileNotFoundError(f"no log-1-of-n.jsonl of a shard lies in {', '.join(map(str, folders))}")
    counts = sorted({shard.count for shard in shards})
    every = [Shard(number, count) for count in counts for number in range(1, count + 1)]
    missing = [f"shard {shard.number} of {shard.count} is missing" for shard in every if shard not in shards]
    if len(counts) > 1:
        missing.append(f"there are shards of {' and of '.join(map(str, counts))}: they may overlap")
    summaries, settings = list[dict](), set[str]()
    for shard in sorted(shards, key=lambda shard: (shard.count, shard.number)):
        summary = shards[shard].with_name(shard.summary)
        if summary.is_file():
            summaries.append(json.loads(summary.read_text(encoding="utf-8")))
        else:
            missing.append(f"shard {shard.number} of {shard.count} has not ended: run it again")
        settings |= _append(shards[shard], log)
    if len(settings) > 1:
        missing.append("the shards were graded with different limits, secrets or modes")
    return _merged(summaries, missing)


def _append(file: Path, log: Log) -> set[str]:
    """Append to `log` what is new in a shard's log; returns the settings of the shard's results."""
    settings = set()
    with Log(file, write=False) as part:
        for result in part.results():
            settings.add(result.settings)
            if log.find(key_of(result)) != result:
                log.append(result)
    return settings


def _merged(summaries: list[dict], missing: list[str]) -> Merged:
    rows = [row for summary in summaries for row in summary["keys"]]
    steps = [plan.Step("", row[4], tuple(row[:4]), plan.CARRIED, note=row[5]) for row in rows]
    steps.sort(key=lambda step: (step.key[0], lesson_place(step.key[1]), *step.key[2:], step.submitted or ""))
    left_out = dict.fromkeys(line for summary in summaries for line in summary["left_out"])
    students = {name for summary in summaries for name in summary["students"]}
    unread = {name: lines for summary in summaries for name, lines in summary.get("unread", {}).items()}
    return Merged(steps, [*left_out], sorted(students), missing, unread)
