"""Gradescope's side of the grader: what runs in its container, and the document that it reads there."""
