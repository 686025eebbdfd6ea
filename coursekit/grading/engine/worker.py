"""A worker: `python -m coursekit.grading.engine.worker` reads settings and tasks from stdin and writes results to stdout.

Each is one line of JSON. The first line out says what the sandbox consists of, or why there is none.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from typing import Any

from coursekit.grading.engine.bench import Bench
from coursekit.grading.engine.task import Settings, Task
from coursekit.sandbox.walls import SandboxMissing


def main() -> None:
    """Grade until stdin ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the sandbox's folder is tidied away
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not come between the results
    settings = Settings(**json.loads(sys.stdin.readline()))
    try:
        bench = Bench(settings)
    except SandboxMissing as error:
        return _say(out, {"refused": str(error)})
    with bench, contextlib.suppress(BrokenPipeError):  # the command is gone: so is the worker
        _say(out, {"ready": os.getpid(), "missing": bench.runner.missing})
        for line in sys.stdin:
            _say(out, bench.grade(Task.of_row(json.loads(line))).row())


def _say(out: Any, row: dict[str, Any]) -> None:
    out.write(f"{json.dumps(row)}\n")
    out.flush()


if __name__ == "__main__":
    main()
