"""Lesson 12: four more updates, each one idea away from those of lesson 11."""

NUMBER = 12
MINUTES = 70
