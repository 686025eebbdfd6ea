"""Lesson 03: penalties on the weights, L2, L1, both, and a cap on a unit's weights."""

NUMBER = 3
MINUTES = 90
