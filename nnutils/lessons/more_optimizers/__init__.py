"""Lesson 13: what came beside Adam and after it, and what repairs the turned valley."""

NUMBER = 13
MINUTES = 90
