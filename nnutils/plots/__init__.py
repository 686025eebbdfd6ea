"""The figures of the lessons: style.py for all of them, one module a lesson."""
