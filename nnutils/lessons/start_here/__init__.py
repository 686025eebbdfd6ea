"""Lesson 00: what training well is worth, one exercise of each kind in small, and the way through the course."""

NUMBER = 0
MINUTES = 25
