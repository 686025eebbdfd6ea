"""A class that is made up: what it hands in, what a platform makes of it, and whether the grader says what is true of it."""
