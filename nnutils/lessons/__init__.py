"""The lessons: all that a lesson has besides its text stands in one folder, named by its topic."""
