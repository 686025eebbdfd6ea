"""Lesson 20: Clinic."""

NUMBER = 20
MINUTES = 90
