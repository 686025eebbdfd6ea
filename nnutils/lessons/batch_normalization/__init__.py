"""Lesson 15: batch normalization, forward, backward, at inference, and folded away."""

NUMBER = 15
MINUTES = 90
