"""Lesson 04: dropout in training and at test time, and three of its relatives."""

NUMBER = 4
MINUTES = 90
