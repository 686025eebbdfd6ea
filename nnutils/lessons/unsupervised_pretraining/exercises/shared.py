"""What several exercises of lesson 17 share."""

import numpy as np

OURS = ("keras", "tensorflow")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))
