"""Our numbers against those that Keras gave when make_values.py was run."""

import json
from pathlib import Path

import numpy as np
import pytest

from .keras_cases import CASES

STORED = json.loads(Path(__file__).with_name("keras_values.json").read_text())


def test_the_file_names_its_versions_and_holds_every_case():
    assert {"keras", "tensorflow"} == set(STORED["made_with"])
    assert set(STORED["cases"]) == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_ours_are_the_stored_numbers(case):
    ours, _, tolerance = CASES[case]
    numbers, stored = ours(), STORED["cases"][case]
    assert numbers.keys() == stored.keys()
    for name, value in numbers.items():
        np.testing.assert_allclose(
            np.ravel(value), stored[name], rtol=tolerance, atol=tolerance, err_msg=name
        )
