"""Write keras_values.json: what Keras computes for each case, so that parity can be tested without Keras, too.

Run it as ``python tests/parity/make_values.py`` after a change of keras_cases.py or of the Keras version.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from keras_cases import CASES

FILE = Path(__file__).with_name("keras_values.json")


def keras_values() -> dict[str, dict[str, list[float]]]:
    """The numbers of each case, flat."""
    return {
        case: {name: np.ravel(value).tolist() for name, value in keras().items()}
        for case, (_, keras, _) in CASES.items()
    }


if __name__ == "__main__":
    import keras
    import tensorflow

    made_with = {"keras": keras.__version__, "tensorflow": tensorflow.__version__}
    cases = ",\n".join(f"{json.dumps(case)}: {json.dumps(values)}" for case, values in keras_values().items())
    FILE.write_text(f'{{"made_with": {json.dumps(made_with)}, "cases": {{\n{cases}\n}}}}\n')
