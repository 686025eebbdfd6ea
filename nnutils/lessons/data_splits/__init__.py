"""Lesson 01: train, dev and test sets."""

NUMBER = 1
MINUTES = 90
