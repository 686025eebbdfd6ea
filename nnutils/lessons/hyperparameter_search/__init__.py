"""Lesson 17: scales, random and grid search, coarse to fine, expected improvement."""

NUMBER = 17
MINUTES = 90
