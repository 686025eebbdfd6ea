"""Lesson 14: batch normalization, forward, backward, at inference, and folded away."""

NUMBER = 14
MINUTES = 90
