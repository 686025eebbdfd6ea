"""Lesson 09: one model, trained on all data, on one example and on a mini-batch at each step."""

NUMBER = 9
MINUTES = 75
