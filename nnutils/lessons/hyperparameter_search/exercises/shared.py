"""What several exercises of lesson 17 share."""

import numpy as np


def values_of(space, points):
    return np.array([[float(point[name]) for name in space] for point in points])


def form(space, points, n=None):
    """What is wrong with a list of points but for the values, or None."""
    if not isinstance(points, list | tuple) or not all(isinstance(point, dict) for point in points):
        return "the result should be a list of dicts, one a point"
    if n is not None and len(points) != n:
        return f"there should be {n} points, yours are {len(points)}"
    if any(set(point) != set(space) for point in points):
        return f"every point should have a value for each of {', '.join(space)}"
    return None


def points_at(space, u):
    """Points at the coordinates u: (n, parameters)."""
    return [
        {
            name: low * (high / low) ** at if scale == "log" else low + (high - low) * at
            for at, (name, (low, high, scale)) in zip(row, space.items(), strict=True)
        }
        for row in u
    ]
