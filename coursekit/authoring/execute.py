"""Execute a notebook and keep of its outputs what is the same on every machine."""

from __future__ import annotations

import copy
import os
import tempfile
from typing import Any

from nbclient import NotebookClient

QUIET = {
    "NNUTILS_RECORD": "off",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "KERAS_BACKEND": "tensorflow",
    "PYTHONHASHSEED": "0",
}
# Set in somebody's shell, these change what a cell shows.
UNSET = ("COLUMNS", "MPLBACKEND", "NBGRADER_EXECUTION")
SLOW = ("PYTHONDONTWRITEBYTECODE",)  # has every kernel compile TensorFlow: half of what a notebook costs
WIDGET = "application/vnd.jupyter.widget-view+json"
CELL_TIMEOUT = 900  # seconds: a busy machine may have a tenth of the usual speed


def kernel_environment() -> dict[str, str]:
    """The environment in which notebooks are executed and validated: quiet, one thread, nothing of one's shell that shows."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET + SLOW}
    return kept | QUIET


def execute(notebook: Any, go_on: bool = False) -> Any:
    """Execute a notebook in place, in an empty folder and a quiet environment, and tidy its outputs.

    `go_on`: after an error the next cells run, too.

    Raises
    ------
    nbclient.exceptions.CellExecutionError: a cell raised.
    """
    metadata = copy.deepcopy(notebook.metadata)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            kernel_name="python3",
            record_timing=False,
            allow_errors=go_on,
            resources={"metadata": {"path": folder}},
        )
        client.execute(env=kernel_environment())
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _tidy(cell.outputs)
    notebook.metadata = metadata  # without widgets, and without the Python's patch version
    return notebook


def _tidy(outputs: list[Any]) -> list[Any]:
    """Without stderr and widget views, consecutive prints joined: what remains is the same in every run."""
    kept: list[Any] = []
    for output in outputs:
        if output.output_type == "stream" and output.name == "stderr":
            continue
        if output.output_type == "stream" and kept and kept[-1].output_type == "stream":
            kept[-1].text += output.text
            continue
        if "data" in output:
            output.data.pop(WIDGET, None)
            output.metadata = {}
        kept.append(output)
    return kept
