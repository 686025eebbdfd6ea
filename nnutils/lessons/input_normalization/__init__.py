"""Lesson 06: bring the inputs to one scale, and see why gradient descent cares."""

NUMBER = 6
MINUTES = 90
