"""Lesson 13: learning rates that change while a network learns."""

NUMBER = 13
MINUTES = 70
