"""Lesson 13: four more updates, each one idea away from those of lesson 12."""

NUMBER = 13
MINUTES = 70
