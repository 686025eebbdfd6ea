"""Lesson 05: stop in time, and make more of the images that you have."""

NUMBER = 5
MINUTES = 90
