"""Lesson 00: the tools of the course, tried on one toy."""

NUMBER = 0
MINUTES = 15
