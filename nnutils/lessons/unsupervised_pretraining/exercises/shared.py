"""What several exercises of lesson 19 share."""

import numpy as np

OURS = ("keras", "tensorflow")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))
