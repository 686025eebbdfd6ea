"""nnutils: the helper package of the course on improving deep neural networks.

Notebooks import their words from here: `check`, `hint`, `solution`, `case`, `progress`, `claim`, `predict`, `measured`,
`quiz` and `review`. The numerics live in their own modules (`nnutils.layers`, `nnutils.optimizers`, ...) and load numpy alone.
"""

import logging
import os
import sys

from nnutils.checks import case, check, claim, hint, measured, predict, progress, quiz, review, solution
from nnutils.checks.absent import goes_on_without_keras, of_this_install
from nnutils.checks.restarted import says_what_to_run

__version__ = "0.1.0"
__all__ = ["case", "check", "claim", "hint", "measured", "predict", "progress", "quiz", "review", "solution"]

# TensorFlow writes pages of notes to stderr unless it is told before its import not to; a lesson is for reading.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

# In a browser each kernel would start with a note on a font cache, as if it were an error.
if sys.platform == "emscripten":
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

check = of_this_install(check)
goes_on_without_keras()
says_what_to_run()
