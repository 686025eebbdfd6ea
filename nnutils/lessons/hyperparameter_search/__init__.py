"""Lesson 15: scales, random and grid search, coarse to fine, expected improvement."""

NUMBER = 15
MINUTES = 90
