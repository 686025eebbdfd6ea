"""Quiz questions of lesson 16."""

from nnutils.checks.exercise import question, right, wrong

why_residual_forward = question(
    "TODO: a question that nobody can answer by looking up a word?",
    right("TODO: the right answer", "TODO: why it is right."),
    wrong("TODO: an answer that many believe", "TODO: why it is wrong, said to who chose it."),
    wrong("TODO: another one", "TODO: why this one is wrong."),
)
