"""Training gives the same numbers with one BLAS thread and with two, but for rounding."""

import os
import subprocess
import sys

import numpy as np

from nnutils.gradients import relative_error

CODE = """
import sys
import numpy as np
from nnutils.network import dense_network
from nnutils.optimizers import Momentum
from nnutils.training import fit

rng = np.random.default_rng(0)
network = dense_network([200, 300, 10], batch_norm=True)
fit(network, rng.normal(size=(512, 200)), rng.integers(0, 10, 512), Momentum(0.1), epochs=2, batch_size=256)
np.save(sys.argv[1], network.theta)
"""


def test_numbers_do_not_depend_on_the_threads_beyond_rounding(tmp_path):
    thetas = []
    for threads in ("1", "2"):
        path, names = (
            tmp_path / f"{threads}.npy",
            ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
        )
        env = {**os.environ, **dict.fromkeys(names, threads)}
        subprocess.run([sys.executable, "-c", CODE, str(path)], env=env, check=True)
        thetas.append(np.load(path))
    assert relative_error(*thetas) < 1e-12
