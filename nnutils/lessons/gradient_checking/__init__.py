"""Lesson 08: the gradient by differences, and what it takes to check another one with it."""

NUMBER = 8
MINUTES = 90
