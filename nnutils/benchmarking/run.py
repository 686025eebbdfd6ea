"""`nnutils bench`: measure nnutils beside its peers, print the tables, keep them, and write docs/speed.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from nnutils.benchmarking.report import blocks, fill

ROOT = Path(__file__).resolve().parents[2]
THREAD_NAMES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "KERAS_BACKEND": "tensorflow",
    "CUDA_VISIBLE_DEVICES": "",
    "JAX_PLATFORMS": "cpu",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `nnutils bench`."""
    parser.add_argument("--quick", action="store_true", help="three networks and few rounds: a first look")
    parser.add_argument(
        "--two-threads", action="store_true", help="three networks with two BLAS threads as well"
    )
    parser.add_argument(
        "--out", type=Path, help="where the measurement is kept (default: .nnutils/speed.json in the course)"
    )
    parser.add_argument(
        "--write-docs",
        action="store_true",
        help="keep it in docs/speed.json and write the tables and pictures of docs/speed.md from it",
    )
    parser.add_argument(
        "--keep", action="store_true", help="measure nothing: take what docs/speed.json or --out holds"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Measure, print, keep; returns the exit code, 2 if there is nothing to print or a measurement failed."""
    docs = options.root / "docs"
    kept = docs / "speed.json" if options.write_docs else options.root / ".nnutils" / "speed.json"
    store: Path = options.out or (docs / "speed.json" if options.keep else kept)
    if options.quick and options.write_docs:
        print("docs/speed.md needs the whole measurement: leave out --quick", file=sys.stderr)
        return 2
    try:
        stored = load(store) if options.keep else measure(options.quick, options.two_threads)
    except (OSError, subprocess.CalledProcessError, json.JSONDecodeError) as error:
        print(f"nothing measured: {error}", file=sys.stderr)
        return 2
    if not options.keep:
        store.parent.mkdir(parents=True, exist_ok=True)
        store.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8", newline="\n")
    for name, text in blocks(stored).items():
        print(f"\n## {name}\n\n{text}")
    print(f"\nkept in {store}")
    if options.write_docs:
        write(stored, docs)
    return 0


def load(path: Path) -> dict[str, Any]:
    """{threads: measurement} from the file."""
    return json.loads(path.read_text(encoding="utf-8"))


def measure(quick: bool, two_threads: bool) -> dict[str, Any]:
    """Run the measurement in a process of its own for each number of threads, which is fixed before NumPy is loaded."""
    counts = (1, 2) if two_threads else (1,)
    stored = {}
    for threads in counts:
        env = {**os.environ, **QUIET, **dict.fromkeys(THREAD_NAMES, str(threads))}
        if threads == 1:
            env["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        command = [sys.executable, "-m", "nnutils.benchmarking.measure", "quick" if quick else "whole"]
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)
        stored[str(threads)] = rounded(json.loads(done.stdout))
    return stored


def rounded(value: Any) -> Any:
    """The same with every float cut to four digits, so that the file stays small."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


def write(stored: dict[str, Any], docs: Path) -> None:
    """The page's blocks and its pictures."""
    from nnutils.benchmarking.figures import draw

    page = docs / "speed.md"
    text = fill(page.read_text(encoding="utf-8"), blocks(stored))
    page.write_text(text, encoding="utf-8", newline="\n")
    for path in draw(stored["1"], docs / "images"):
        print(f"drawn: {path}")
