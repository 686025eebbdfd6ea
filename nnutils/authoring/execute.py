"""Execute a notebook and keep of its outputs what is the same on every machine."""

from __future__ import annotations

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
WIDGET = "application/vnd.jupyter.widget-view+json"
CELL_TIMEOUT = 300


def execute(notebook: Any, strict: bool = True) -> Any:
    """Execute a notebook in place, in an empty folder and a quiet environment, and tidy its outputs.

    `strict`: a missing or wrong answer is an error, as every error is.

    Raises
    ------
    nbclient.exceptions.CellExecutionError: a cell raised.
    """
    environment = os.environ | QUIET | ({"NNUTILS_CHECK": "strict"} if strict else {})
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": folder}},
        )
        client.execute(env=environment)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _tidy(cell.outputs)
    notebook.metadata.pop("widgets", None)
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
