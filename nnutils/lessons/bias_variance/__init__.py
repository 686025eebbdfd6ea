"""Lesson 02: bias and variance."""

NUMBER = 2
MINUTES = 90
