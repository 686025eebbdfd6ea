"""How long `check` takes: for every exercise the right answer, and the mistake whose diagnosis takes longest.

    .venv/bin/python benchmarks/check_time.py

Milliseconds of process time, median of 5 after a warm-up, one BLAS thread. The slowest is named last.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import warnings

from nnutils.benchmarking.jobs import check_time
from nnutils.checks.catalogue import exercises_of, lessons


def main() -> None:
    """Print a line an exercise."""
    warnings.simplefilter("ignore")
    slowest = (0.0, "")
    print(f"{'exercise':<28} {'right':>8} {'slowest mistake':>16}   (ms)")
    for topic in lessons():
        for exercise in exercises_of(topic):
            right = check_time(exercise, exercise.reference, 5)
            wrong = max(check_time(exercise, mistake.function, 5) for mistake in exercise.mistakes)
            print(f"{exercise.name:<28} {right:>8.2f} {wrong:>16.2f}")
            slowest = max(slowest, (max(right, wrong), exercise.name))
    print(f"slowest: {slowest[1]}, {slowest[0]:.1f} ms")


if __name__ == "__main__":
    main()
