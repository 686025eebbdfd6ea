"""Callables that exercises hand to a student's function: one module a lesson.

They are frozen dataclasses with a `__call__`, so that a grader can send them to a sandbox by name and fields, and they hold
nothing of an answer: the sandbox imports this package and not `nnutils.exercises`.
"""
