"""`nnutils VERB`: one verb a job. A verb's module is imported only when it is called, so that help is there at once."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).parent
VERBS = {  # verb → (its module, with add_arguments(parser) and run(options) -> int; what it does)
    "build": (
        "nnutils.authoring.build",
        "write solutions/ and notebooks/ from lessons/, or say what is stale",
    ),
    "steady": (
        "nnutils.authoring.steady",
        "say which printed numbers move on another processor, or when weights change in their last digits",
    ),
    "table": (
        "nnutils.authoring.table",
        "measure what every lesson costs and write the README's table of lessons",
    ),
    "release": (
        "nnutils.authoring.release",
        "write the bundle that students get, and prove that no answer is inside",
    ),
    "self-test": (
        "nnutils.grading.self_test",
        "grade the solutions, the untouched copies and every mistake, to see whether the grader can be trusted",
    ),
    "grade": ("nnutils.grading.grade", "grade a folder of submissions"),
    "reset": ("nnutils.reset", "begin a lesson anew; your notebook is kept beside it under another name"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code, 2 for a command line that says nothing sensible."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog="nnutils", description="The course's jobs.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    parsers = {
        verb: verbs.add_parser(verb, help=text, description=_capital(text))
        for verb, (module, text) in VERBS.items()
        if _is_here(module)
    }
    verb = next((word for word in words if not word.startswith("-")), None)
    if verb not in parsers:
        parser.parse_args(words)  # help, or what is wrong
        return 2
    try:
        job: ModuleType = importlib.import_module(VERBS[verb][0])
    except ImportError as error:
        print(f"nnutils {verb} cannot start, a part of it is missing: {error}", file=sys.stderr)
        return 2
    job.add_arguments(parsers[verb])
    try:
        return job.run(parser.parse_args(words))
    except KeyboardInterrupt:
        print(f"nnutils {verb} was stopped", file=sys.stderr)
        return 130


def _is_here(module: str) -> bool:
    """Whether a module of nnutils is installed: what students get lacks those for instructors."""
    return PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py").exists()


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


if __name__ == "__main__":
    sys.exit(main())
