"""Lesson 14: learning rates that change while a network learns."""

NUMBER = 14
MINUTES = 90
