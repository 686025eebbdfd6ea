"""Lesson 04: dropout, the penalty that it is, where it gains and costs, and how sure a network may be."""

NUMBER = 4
MINUTES = 90
