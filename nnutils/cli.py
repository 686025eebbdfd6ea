"""`nnutils VERB`: what a student asks for outside a notebook. A verb's module is imported only when it is called."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType

from nnutils.words import capital

VERBS = {  # verb → (its module, with add_arguments(parser) and run(options) -> int; what it does)
    "reset": ("nnutils.reset", "begin a lesson anew; your notebook is kept beside it under another name"),
    "doctor": ("nnutils.doctor", "say what is wrong with this machine or folder, and what to do"),
    "update": ("nnutils.update", "take over new texts of the lessons, with your answers"),
}


def main(
    arguments: Sequence[str] | None = None,
    verbs: Mapping[str, tuple[str, str]] = VERBS,
    program: str = "nnutils",
) -> int:
    """Do what the command line says; returns the exit code, 2 for a command line that says nothing sensible."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(prog=program, description="The course's jobs.")
    places = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    parsers = {
        verb: places.add_parser(verb, help=text, description=f"{capital(text)}.")
        for verb, (_, text) in verbs.items()
    }
    verb = next((word for word in words if not word.startswith("-")), None)
    if verb not in parsers:
        parser.parse_args(words)  # help, or what is wrong
        return 2
    try:
        job: ModuleType = importlib.import_module(verbs[verb][0])
    except ImportError as error:
        print(f"{program} {verb} cannot start, a part of it is missing: {error}", file=sys.stderr)
        return 2
    job.add_arguments(parsers[verb])
    try:
        return job.run(parser.parse_args(words))
    except KeyboardInterrupt:
        print(f"{program} {verb} was stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
