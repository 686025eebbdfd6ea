"""Lesson 16: Very deep networks."""

NUMBER = 16
MINUTES = 60
