"""One thread for each worker and a quiet TensorFlow, also where pytest is called without ``course.py``; a browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
CHROMIUM_FLAGS = (
    *"--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split(),
    *"--disable-component-update --disable-sync --disable-dev-shm-usage --disable-extensions".split(),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # it reaches this machine alone
)


def pip_install(target: Path, file: Path, *options: str) -> None:
    """Install a file into a folder, with nothing from an index."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", *options]
    done = subprocess.run([*pip, "--target", str(target), str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser, or a skip where none is installed. One for all: Playwright runs only once in a process."""
    if CHROMIUM is None:
        pytest.skip("no Chromium or Chrome on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def runner(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A sandbox that stops an endless answer after 2 s of computing, or after the SECONDS of the test's module.

    By the clock it has all the time that a busy machine may need.
    """
    from coursekit.sandbox import runner as runners
    from coursekit.sandbox.setup import Limits

    limits = Limits(seconds=getattr(request.module, "SECONDS", 2.0), memory=600 << 20)
    with pytest.MonkeyPatch.context() as patched, runners.Runner(limits) as runner:
        patched.setattr(runners, "PATIENCE", 100)
        yield runner
