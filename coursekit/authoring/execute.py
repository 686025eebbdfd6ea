"""Execute a notebook and keep the parts of its outputs that are the same on every machine."""

from __future__ import annotations

import copy
import os
import tempfile
from typing import Any

from nbclient import NotebookClient

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
QUIET = {
    **dict.fromkeys(THREADS, "1"),
    "NNUTILS_RECORD": "off",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "KERAS_BACKEND": "tensorflow",
    "PYTHONHASHSEED": "0",
}
# Variables of the maintainer's shell that would change what a cell shows.
UNSET = ("COLUMNS", "MPLBACKEND", "NBGRADER_EXECUTION")
# With this one, every kernel compiles TensorFlow again, which is half of a notebook's time.
SLOW = ("PYTHONDONTWRITEBYTECODE",)
WIDGET = "application/vnd.jupyter.widget-view+json"
CELL_TIMEOUT = 900  # seconds: a busy machine may have a tenth of the usual speed


def kernel_environment() -> dict[str, str]:
    """The environment in which notebooks are executed and validated: quiet, one thread, without what a shell may have set."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET + SLOW}
    return kept | QUIET


def execute(notebook: Any, allow_errors: bool = False) -> Any:
    """Execute a notebook in place, in an empty folder and a quiet environment, tidy its outputs, and return it.

    `allow_errors`: after an error the next cells run, too.

    Raises
    ------
    nbclient.exceptions.CellExecutionError: a cell raised.
    """
    metadata = copy.deepcopy(notebook.metadata)
    settings: dict[str, Any] = {"timeout": CELL_TIMEOUT, "kernel_name": "python3", "record_timing": False}
    settings["extra_arguments"] = [
        "--log-level=ERROR"
    ]  # a kernel warns of its own connection, on the terminal
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        client = NotebookClient(notebook, allow_errors=allow_errors, resources=resources, **settings)
        client.execute(env=kernel_environment())
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _tidy(cell.outputs)
    notebook.metadata = metadata  # without widgets, and without the Python's patch version
    return notebook


def _tidy(outputs: list[Any]) -> list[Any]:
    """Leave out stderr and widget views and join consecutive prints: the rest is the same in every run."""
    kept: list[Any] = []
    for output in outputs:
        if output.get("name") == "stderr":
            continue
        if output.output_type == "stream" and kept and kept[-1].output_type == "stream":
            kept[-1].text += output.text
            continue
        if "data" in output:
            output.data.pop(WIDGET, None)
            output.metadata = {}
        kept.append(output)
    return kept
