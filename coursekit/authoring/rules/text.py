"""The rules of a lesson's text: what it says, which cells it has, and what it does not give away."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from urllib.parse import quote

from coursekit.authoring.lesson import LONGEST_LINE, split_answer
from coursekit.authoring.rules.draft import Draft, Rule
from nnutils.checks.exercise import Exercise, Question
from nnutils.checks.faults import plain_source
from nnutils.words import counted

LEAST = 3  # exercises, questions and claims of a lesson
LONGEST_ANSWER_LINE = (
    104  # characters that a code cell shows in a large window: an answer is not in student copies
)
# Of an answer's lines may be idioms that the lesson shows, too, as `order = rng.permutation(len(y))`.
COMMON_SHARE = 0.5
TELLING = ast.BinOp | ast.Call | ast.Subscript | ast.Compare
CODE_CELL = re.compile(r"^# %%(?! \[markdown\])", re.MULTILINE)
REFUSED = re.compile(r"(nbval-)?raises-exception|nbval-skip|NBVAL_\w+|PYTEST_VALIDATE\w+")
IGNORED = "nbval-ignore-output"
IGNORED_SHARE, IGNORED_MOST = 0.10, 3  # of the code cells may ignore their output
MOST_MINUTES, WORDS_A_MINUTE = 90, 140  # a student who reads English as a foreign language
MINUTES_A_LOOK = 1.5  # for a figure with the code that draws it, a question, a prediction
FORMULA, FIGURE = re.compile(r"\$+[^$]*\$+"), re.compile(r"^ *plots\.\w+\(", re.MULTILINE)
PAPER = re.compile(
    r"(?:\[(?P<shown>[^\]]+)\]\((?P<target>[^)]+)\))|(?:arXiv:? ?\d{4}\.\d{4,5}|doi:? ?10\.\d{4,})",
    re.IGNORECASE,
)
SECTIONS = {
    "## Papers to read": "name the papers, each with a sentence on why to read it",
    "## What you can do now": "say in a few sentences what a student has learned and measured",
}


def the_opening_says_what_it_takes(draft: Draft) -> Iterator[str]:
    """The first cell has the title, the minutes, and the earlier lessons that a student needs."""
    lines = draft.text.splitlines()
    if not any(line.startswith("# # ") for line in lines):
        yield f"{draft.place} has no title: begin its first cell with `# # Title`"
    line = next((line for line in lines if "**Before this**" in line), None)
    takes = f"about {draft.minutes} minutes"
    if not draft.taught:
        return
    if line is None:
        yield f"{draft.place} does not say what it needs: write `# **Takes** {takes} · **Before this** lesson 02` below the title"
        return
    needed = re.findall(r"\b\d\d\b", line.partition("**Before this**")[2].partition("**You")[0])
    if not needed:
        yield f"{draft.place} names no lesson after **Before this**: write its number, as in 02"
    for number in needed:
        if int(number) >= draft.lesson.number:
            yield f"{draft.place} needs lesson {number}, which does not come before it"
    if takes not in line:
        yield f"{draft.place} takes other minutes than the MINUTES of its package: write `{takes}` before **Before this**"


def it_has_the_sections(draft: Draft) -> Iterator[str]:
    """A lesson ends with papers and with what a student can do now."""
    for heading, advice in SECTIONS.items():
        if draft.taught and heading not in draft.text:
            yield f"{draft.place} has no section `{heading}`: {advice}"


def a_paper_is_a_link(draft: Draft) -> Iterator[str]:
    """A number of arXiv or a DOI is a link, and leads where it says."""
    for found in PAPER.finditer(draft.text):
        shown, target = found["shown"] or found[0], found["target"] or ""
        kind, _, number = shown.partition(":")
        wanted = {
            "arXiv": f"https://arxiv.org/abs/{number}",
            "doi": f"https://doi.org/{quote(number, safe=':/')}",
        }
        if not target:
            yield f"{draft.place} names {shown} without a link: write [arXiv:1412.6980](https://arxiv.org/abs/1412.6980) or [doi:10.…](https://doi.org/10.…)"
        elif kind in wanted and target != wanted[kind]:
            yield f"{draft.place} links {shown} to {target}: it is at {wanted[kind]}"


def it_has_enough(draft: Draft) -> Iterator[str]:
    """A lesson has at least three exercises, three questions and three claims."""
    claims = len([*_claims(draft)])
    found = {"exercise": len(draft.exercises), "question": len(draft.questions), "claim": claims}
    for what, count in found.items():
        least = LEAST if draft.taught else int(what != "claim")
        if count < least:
            yield f"{draft.place} has {counted(count, what)}: it must have {least}"


def a_claim_has_a_sentence_of_its_own(draft: Draft) -> Iterator[str]:
    """Each claim has another sentence, which holds no measured number: it is the claim's name in docs/replication.md."""
    seen = set[str]()
    for call in _claims(draft):
        sentence = call.args[0] if call.args else None
        where = f"{draft.place}:{call.lineno}"
        if not isinstance(sentence, ast.Constant) or not isinstance(sentence.value, str):
            yield f"{where}: the sentence of a claim is a plain string: write no number into it that was measured"
        elif sentence.value in seen:
            yield f"{where}: another claim says the same: {sentence.value}"
        else:
            seen.add(sentence.value)


def _claims(draft: Draft) -> Iterator[ast.Call]:
    calls = (node for node in ast.walk(draft.tree) if isinstance(node, ast.Call))
    return (call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "claim")


def it_mentions_keras(draft: Draft) -> Iterator[str]:
    """A lesson says how its subject is written in Keras."""
    if draft.taught and "keras" not in draft.text.lower():
        yield f"{draft.place} does not mention Keras: show how its subject is written there"


def every_item_has_its_cell(draft: Draft) -> Iterator[str]:
    """Each exercise, question and prediction has one tagged cell, below those of the exercises that it calls."""
    tagged, wanted = draft.tagged, [item.name for item in draft.items]
    for item in draft.items:
        if tagged.count(item.name) != 1:
            tag = {Exercise: "exercise", Question: "quiz"}.get(type(item), "predict")
            yield f"{draft.place} has {tagged.count(item.name)} cells tagged {tag} that name {item.name}: it must have 1"
    for name in tagged:
        if name not in wanted:
            yield f"{draft.place} has a tagged cell for {name}, which is no exercise, question or prediction of this lesson"
    for exercise in draft.exercises:
        body = plain_source(exercise.reference).partition('"""')[2].partition('"""')[2]
        for other in tagged:
            later = exercise.name in tagged and tagged.index(other) > tagged.index(exercise.name)
            if later and re.search(rf"\b{other}\(", body):
                yield f"{draft.place}: the cell of {other} must stand above that of {exercise.name}, whose answer calls it"


def a_guess_keeps_its_name(draft: Draft) -> Iterator[str]:
    """No cell of the lesson gives another value to the variable that holds a student's guess: the grader reads the last one."""
    names = {item.name for item in draft.predictions}
    for node in ast.walk(draft.tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in names:
            yield f"{draft.place}:{node.lineno} gives {node.id} a value, which is the name of a guess: choose another"


def no_line_is_too_wide(draft: Draft) -> Iterator[str]:
    """A line of code fits into a cell: in a student copy into that of a small window."""
    for number, line in enumerate(draft.text.splitlines(), start=1):
        if len(line) > LONGEST_LINE and not line.startswith("#"):
            yield f"{draft.place}:{number} has {len(line)} characters: at most {LONGEST_LINE} fit into a cell"
    for exercise in draft.exercises:
        for part, most in zip(split_answer(exercise), (LONGEST_LINE, LONGEST_ANSWER_LINE), strict=True):
            for line in part.splitlines():
                if len(line) > most:
                    length = f"{len(line)} characters, at most {most} fit into a cell"
                    yield f"{draft.where(exercise)}: a line has {length}: {line.strip()}"


def prose_has_no_exclamation_marks(draft: Draft) -> Iterator[str]:
    """The tone is calm."""
    for number, line in enumerate(draft.text.splitlines(), start=1):
        if line.startswith("# ") and re.search(r"[A-Za-z]!(\s|$)", line):
            yield f"{draft.place}:{number} has an exclamation mark: end the sentence with a full stop"


def no_cell_escapes_comparison(draft: Draft) -> Iterator[str]:
    """The tests compare what cells print. No tag or comment may prevent that, but for a tenth of the cells, three at most."""
    for number, line in enumerate(draft.text.splitlines(), start=1):
        refused = REFUSED.search(line)
        if refused:
            yield f"{draft.place}:{number}: `{refused[0]}` keeps the tests from comparing what the cell prints: leave it out"
    ignored, cells = draft.text.count(IGNORED), len(CODE_CELL.findall(draft.text)) + len(draft.tagged)
    if ignored > min(IGNORED_MOST, IGNORED_SHARE * cells):
        yield f"{draft.place}: {ignored} of {cells} code cells are tagged {IGNORED}: a tenth may, {IGNORED_MOST} at most"


def its_minutes_are_honest(draft: Draft) -> Iterator[str]:
    """A lesson takes the minutes that it says, at most 90: exercises, prose, and what is to be looked at or decided."""
    if draft.minutes > MOST_MINUTES:
        yield f"{draft.lesson.name} takes {draft.minutes} minutes: {MOST_MINUTES} at most"
    exercises = sum(exercise.minutes for exercise in draft.exercises)
    prose = len(re.findall(r"\w+(?:['-]\w+)*", FORMULA.sub("F", _prose(draft)))) / WORDS_A_MINUTE
    looks = len(draft.questions) + len(draft.predictions) + len(FIGURE.findall(draft.text))
    total = exercises + prose + MINUTES_A_LOOK * looks
    if total >= draft.minutes + 2.5:  # minutes are told in steps of five
        yield (
            f"{draft.lesson.name} takes {total:.0f} minutes ({exercises} of exercises, {prose:.0f} of prose, "
            f"{looks} figures, questions and predictions of {MINUTES_A_LOOK}), and says {draft.minutes}: "
            "shorten it, or change minutes= or MINUTES"
        )


def _prose(draft: Draft) -> str:
    """The text between the code cells, without the list of papers."""
    cells = re.split(r"^# %%", draft.text, flags=re.MULTILINE)
    return "\n".join(
        re.sub("^# ?", "", cell, flags=re.MULTILINE).partition("## Papers to read")[0]
        for cell in cells
        if cell.startswith(" [markdown]")
    )


def the_student_copy_hides_the_answers(draft: Draft) -> Iterator[str]:
    """The student copy holds no line of an answer, no letter, and no reason of an option."""
    text = draft.student_text
    lines = {line.partition("  #")[0].strip() for line in text.splitlines()}
    for exercise in draft.exercises:
        answer = answer_lines(exercise)
        if exercise.faulty:
            answer -= {line.partition("  #")[0].strip() for line in exercise.faulty.splitlines()}
        core = max(answer, key=lambda line: (not line.endswith(":"), len(line)), default="")
        if core and (core in lines or len(lines & answer) > COMMON_SHARE * len(answer)):
            shown = core if core in lines else "; ".join(sorted(lines & answer))
            yield f"{draft.where(exercise)}: the lesson shows students this line of the answer: {shown}"
    for question in draft.questions:
        if f'{question.name} = "' in text:
            yield f"{draft.where(question)} is answered in the student copy"
        for option in question.options:
            if option.reason and option.reason in text:
                yield f"{draft.where(question)}: the lesson shows students the reason of an option: {option.reason}"


def answer_lines(exercise: Exercise) -> set[str]:
    """The reference's lines that tell something: no bare name, keyword or bracket, and no line that the stub shows."""
    head, body = split_answer(exercise)
    given = {line.strip() for line in head.splitlines()}
    lines = {line.partition("  #")[0].strip() for line in body.splitlines()}
    return {line for line in lines - given if _tells(line)}


def _tells(line: str) -> bool:
    """Whether a line holds an operation: an operator, a call, an index. `return w, v` and `for n in sizes:` do not."""
    try:
        tree = ast.parse(line if not line.endswith(":") else f"{line} pass")
    except SyntaxError:  # a part of a longer statement
        return len(line) > 12
    return any(isinstance(node, TELLING) or _is_answer_in_a_word(node) for node in ast.walk(tree))


def _is_answer_in_a_word(node: ast.AST) -> bool:
    """Whether a node is `return "high bias"`, or sets an attribute, as `layer.trainable = False` does."""
    if isinstance(node, ast.Return):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)


RULES: tuple[Rule, ...] = (
    the_opening_says_what_it_takes,
    it_has_the_sections,
    a_paper_is_a_link,
    it_has_enough,
    a_claim_has_a_sentence_of_its_own,
    it_mentions_keras,
    every_item_has_its_cell,
    a_guess_keeps_its_name,
    no_line_is_too_wide,
    prose_has_no_exclamation_marks,
    no_cell_escapes_comparison,
    its_minutes_are_honest,
    the_student_copy_hides_the_answers,
)
