"""Measure nnutils beside its peers, print the tables, keep the measurement, and write docs/speed.md.

.venv/bin/python -m benchmarks.speed [--quick] [--kernels SkylakeX Haswell] [--two-threads] [--write-docs] [--keep]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.jobs import ROOT, checks
from benchmarks.speed.page import TWO, Stored, blocks, fill

THREAD_NAMES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "KERAS_BACKEND": "tensorflow",
    "CUDA_VISIBLE_DEVICES": "",
    "JAX_PLATFORMS": "cpu",
}
OWN = "the machine's own"  # the kernel that OpenBLAS chooses
KERNELS = ("SkylakeX", "Haswell", "Nehalem") if platform.machine() in ("x86_64", "AMD64") else (OWN,)
WHICH = """import numpy, threadpoolctl
for dtype in "fd":
    numpy.ones((99, 99), dtype) @ numpy.ones((99, 99), dtype)
print(*(pool["architecture"] for pool in threadpoolctl.threadpool_info() if "architecture" in pool))"""


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print, keep. Returns the exit code: 2 if there is nothing to print or a measurement failed."""
    options = parser().parse_args(words)
    if options.checks:
        return print_checks()
    docs = ROOT / "docs"
    store = options.out or (docs if options.write_docs or options.keep else ROOT / ".nnutils") / "speed.json"
    if options.quick and options.write_docs:
        print("docs/speed.md needs the whole measurement: leave out --quick", file=sys.stderr)
        return 2
    try:
        stored = load(store) if options.keep else measure(options)
    except (OSError, subprocess.CalledProcessError, json.JSONDecodeError) as error:
        print(f"nothing measured: {error}", file=sys.stderr)
        return 2
    if not options.keep:
        store.parent.mkdir(parents=True, exist_ok=True)
        store.write_text(dumped(stored), encoding="utf-8", newline="\n")
    for name, text in blocks(stored).items():
        print(f"\n## {name}\n\n{text}")
    print(f"\nkept in {store}")
    if options.write_docs:
        from benchmarks.speed.pictures import draw

        page = docs / "speed.md"
        text = fill(page.read_text(encoding="utf-8"), blocks(stored))
        page.write_text(text, encoding="utf-8", newline="\n")
        draw(next(iter(stored.values())), docs / "images")
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=(__doc__ or "").split("\n")[0]
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="three networks: a first look")
    add("--rounds", type=int, default=9, metavar="N", help="rounds of a measurement (default: 9)")
    add("--kernels", nargs="+", metavar="NAME", default=KERNELS, help="OpenBLAS kernels to measure with, each in its own "
        f"process; those that the processor does not have are left out (default: {' '.join(KERNELS)})")  # fmt: skip
    add("--two-threads", action="store_true", help="three networks with two BLAS threads as well")
    add("--out", type=Path, help="where the measurement is kept (default: .nnutils/speed.json)")
    add("--write-docs", action="store_true", help="keep it in docs/speed.json, write docs/speed.md from it")
    add("--keep", action="store_true", help="measure nothing: take what docs/speed.json or --out holds")
    add("--checks", action="store_true", help="time the checks instead: a line for each exercise")
    return parser


def load(path: Path) -> Stored:
    """The measurement in the file."""
    return json.loads(path.read_text(encoding="utf-8"))


def dumped(value: Any, depth: int = 3) -> str:
    """JSON with a line for each row, and floats of four digits, so that the file stays small."""
    if isinstance(value, dict) and depth:
        lines = (f"{json.dumps(str(key))}: {dumped(item, depth - 1)}" for key, item in value.items())
        return "{\n" + ",\n".join(lines) + "\n}" + "\n" * (depth == 3)
    return json.dumps(rounded(value))


def rounded(value: Any) -> Any:
    """The same with every float rounded to four digits."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value


def measure(options: argparse.Namespace) -> Stored:
    """Measure in a process for each kernel and number of threads, which are fixed before NumPy is loaded."""
    present = [kernel for kernel in options.kernels if has(kernel)]
    for kernel in set(options.kernels) - set(present):
        print(f"this processor or its OpenBLAS does not have the kernel {kernel}", file=sys.stderr)
    if not present:
        raise OSError("no kernel to measure with")
    what = ["quick"] * len(present) if options.quick else ["whole", *["kernel"] * (len(present) - 1)]
    stored = {
        kernel: run(kernel, 1, part, options.rounds) for kernel, part in zip(present, what, strict=True)
    }
    return stored | ({TWO: run(present[0], 2, "quick", options.rounds)} if options.two_threads else {})


def run(kernel: str, threads: int, what: str, rounds: int) -> Any:
    """The measurement of one process."""
    command = [sys.executable, "-m", "benchmarks.speed.measure", what, str(rounds)]
    env = environment(kernel, threads)
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


def has(kernel: str) -> bool:
    """Whether NumPy's OpenBLAS runs with this kernel here. Some end the process with an illegal instruction."""
    if kernel == OWN:
        return True
    command = [sys.executable, "-c", WHICH]
    done = subprocess.run(command, env=environment(kernel, 1), capture_output=True, text=True)
    return done.returncode == 0 and kernel in done.stdout.split()


def environment(kernel: str, threads: int) -> dict[str, str]:
    """The variables of a process. OPENBLAS_CORETYPE concerns NumPy alone: other libraries have their own products."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    env |= QUIET | dict.fromkeys(THREAD_NAMES, str(threads))
    env |= {"OPENBLAS_CORETYPE": kernel} if kernel != OWN else {}
    return env | ({"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"} if threads == 1 else {})


def print_checks() -> int:
    """Print what the check of each exercise costs: for the right answer, and for the mistake that takes longest."""
    warnings.simplefilter("ignore")
    print(f"{'milliseconds':<28} {'check':>8} {'the answer':>11} {'mistake':>9} {'all mistakes':>13}")
    right, wrong = {}, {}
    for name, check, answer, mistake, every in checks(5):
        print(f"{name:<28} {check:>8.2f} {answer:>11.2f} {mistake:>9.2f} {every:>13.2f}", flush=True)
        right[name], wrong[name] = check / answer, mistake / every
    for what, ratios, limit in (("the answer", right, 15), ("all mistakes", wrong, 8)):
        slowest = max(ratios, key=ratios.__getitem__)
        print(
            f"a check takes at most {ratios[slowest]:.1f} times as long as {what} ({slowest}); the limit is {limit}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
