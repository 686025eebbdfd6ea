"""Lesson 10: averages that forget, their weights, their cold start and their window."""

NUMBER = 10
MINUTES = 50
