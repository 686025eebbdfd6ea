"""Lesson 11: averages that forget, their weights, their cold start and their window."""

NUMBER = 11
MINUTES = 90
