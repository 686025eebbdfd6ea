"""The rules of a lesson. Each is a function that yields sentences: what is wrong, where, and what to do."""
