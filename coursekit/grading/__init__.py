"""Submissions → grades: collect, read, run in a child that knows no answer, compare in the parent, report. For instructors."""
