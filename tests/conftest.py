"""One thread for each worker and a quiet TensorFlow, also where pytest is called without ``course.py``."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


@pytest.fixture(scope="module")
def runner() -> Iterator[Any]:
    """A sandbox with the limits of tests. By the clock it has all the time that a busy machine may need."""
    from coursekit.sandbox import runner as runners
    from coursekit.sandbox.setup import Limits

    limits = Limits(seconds=2.0, memory=600 << 20)
    with pytest.MonkeyPatch.context() as patched, runners.Runner(limits) as runner:
        patched.setattr(runners, "PATIENCE", 100)
        yield runner
