"""Runs a stranger's function on data, behind walls. README.md says what is protected, and how."""
