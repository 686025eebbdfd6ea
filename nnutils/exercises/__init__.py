"""The exercises: one module a lesson, named by its topic."""
