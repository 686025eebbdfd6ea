"""Lesson 10: one model, trained on all data, on one example and on a mini-batch at each step."""

NUMBER = 10
MINUTES = 90
