"""Each rule of a lesson fires where it is broken, says where and what to do, and is silent on the lessons as they are."""

import argparse
import dataclasses
import importlib.util
import re
import subprocess
import sys

import numpy as np
import pytest

from coursekit.authoring import lesson as sources
from coursekit.authoring import lint
from coursekit.authoring.lesson import ROOT, Lesson, lessons
from coursekit.authoring.rules import course, exercises, replicated, text
from coursekit.authoring.rules.draft import Draft
from nnutils.checks.exercise import question, right, wrong

DRAFT = Draft.of(next(lesson for lesson in lessons() if lesson.topic == "momentum_rmsprop_adam"))
PLACE = "lessons/12_momentum_rmsprop_adam.py"


def silent(rule):
    """The sentences of a rule; mistakes divide by zero on purpose."""
    with np.errstate(all="ignore"):
        return [*rule]


@pytest.fixture
def written(tmp_path):
    """A function that writes the lesson's text, changed by a regular expression, into an own checkout."""

    def write(pattern, new, draft=DRAFT):
        changed = re.sub(pattern, new, draft.text, flags=re.MULTILINE)
        assert changed != draft.text
        file = tmp_path / "lessons" / draft.lesson.source.name
        file.parent.mkdir()
        file.write_text(changed, encoding="utf-8")
        for name in ("README.md", "pyproject.toml", "lessons/ruff.toml"):
            (tmp_path / name).write_bytes((ROOT / name).read_bytes())
        return dataclasses.replace(draft, lesson=Lesson(file), root=tmp_path)

    return write


TEXTS = {  # rule: what is changed in the lesson's text, and what is said
    text.the_opening_says_what_it_takes: [
        ("^# # .*", "# Title", f"{PLACE} has no title: begin its first cell with `# # Title`"),
        (
            "^.*Before this.*\n",
            "",
            f"{PLACE} does not say what it needs: write `# **Takes** about 90 minutes",
        ),
        (r"Before this\*\*.*", "Before this** nothing", f"{PLACE} names no lesson after **Before this**"),
        (r"Before this\*\*", "Before this** 12,", f"{PLACE} needs lesson 12, which does not come before it"),
        ("about 90 minutes", "about 70 minutes", f"{PLACE} takes other minutes than the MINUTES"),
    ],
    text.it_has_the_sections: [
        ("## Papers to read", "## Papers", f"{PLACE} has no section `## Papers to read`: name the papers"),
        ("What you can do now", "The end", f"{PLACE} has no section `## What you can do now`: say in a few"),
    ],
    text.a_paper_is_a_link: [
        (
            r"\[arXiv:1412.6980\]\(.*?\)",
            "arXiv 1412.6980",
            f"{PLACE} names arXiv 1412.6980 without a link: write [arXiv:1412.6980](https://arxiv.org/abs/1412.6980) or "
            "[doi:10.…](https://doi.org/10.…)",
        ),
        (
            "https://arxiv.org/abs/1412.6980",
            "https://arxiv.org/abs/1412.6981",
            f"{PLACE} links arXiv:1412.6980 to https://arxiv.org/abs/1412.6981: it is at https://arxiv.org/abs/1412.6980",
        ),
    ],
    text.it_has_enough: [(r"^claim\(", "print(", f"{PLACE} has 0 claims: it must have 3")],
    text.a_claim_has_a_sentence_of_its_own: [
        (
            r'^claim\("RMSProp equalises the axes"',
            'claim(f"RMSProp equalises {2} axes"',
            "the sentence of a claim is a plain string: write no number into it that was measured",
        ),
        (
            r'^claim\("RMSProp equalises the axes"',
            'claim("without the factor 1 - beta the weights are different ones"',
            "another claim says the same: without the factor 1 - beta the weights are different ones",
        ),
        (
            r'claim\(\n? *"momentum damps',
            'claim(f"{1} momentum damps',
            "the sentence of a claim is a plain string: write no number into it that was measured",
        ),
        (
            '"RMSProp equalises the axes"',
            '"Keras\' RMSprop gives your weights to 1e-6"',
            "another claim says the same: Keras' RMSprop gives your weights to 1e-6",
        ),
    ],
    text.it_mentions_keras: [("[Kk]eras", "PyTorch", f"{PLACE} does not mention Keras: show how")],
    text.every_item_has_its_cell: [
        (
            "^adam_update$",
            "gone",
            f"{PLACE} has 0 cells tagged exercise that name adam_update",
        ),
        ("^adam_update$", "gone", f"{PLACE} has a tagged cell for gone, which is no exercise"),
        (
            "^first_step$",
            "turned_valley",
            f"{PLACE} has 2 cells tagged quiz that name turned_valley",
        ),
    ],
    text.no_line_is_too_wide: [
        (
            "^import numpy as np",
            f"import numpy as np  # {'x' * 90}",
            ":28 has 112 characters: at most 78 fit",
        )
    ],
    text.prose_has_no_exclamation_marks: [
        ("^# ## The long valley", "# ## The long valley!", "has an exclamation mark: end the sentence with")
    ],
    text.no_cell_escapes_comparison: [
        ("^import numpy as np", "# NBVAL_SKIP", "`NBVAL_SKIP` keeps the tests from comparing"),
        ("^# %%$", '# %% tags=["raises-exception"]', "`raises-exception` keeps the tests from comparing"),
        (
            "^# %%$",
            '# %% tags=["nbval-ignore-output"]',
            "code cells are tagged nbval-ignore-output: a tenth may",
        ),
    ],
    text.the_student_copy_hides_the_answers: [
        (
            "^# ## The long valley",
            "# v = beta * v + (1 - beta) * g",
            "momentum_update: the lesson shows students this line",
        ),
        (
            "^# ## The long valley",
            '# large_eps = "a"',
            "the question large_eps is answered in the student",
        ),
    ],
    replicated.random_numbers_come_from_integers: [
        (
            "^import numpy as np",
            "import numpy as np\nnp.random.seed(1)",
            ":29: np.random.seed cannot be given other",
        ),
        (
            "^import numpy as np",
            "import numpy as np\nnp.random.default_rng()",
            ":29: default_rng() gives other numbers",
        ),
    ],
    course.nothing_is_left_to_do: [
        ("^# ## The long valley", "# TODO: a title", ":48: to do: a title"),
        ("^import numpy as np", 'f("TODO: so", "TODO: and so")', ":28: to do: so; and so"),
    ],
    course.it_uses_nothing_of_other_lessons: [
        (
            "^import numpy as np",
            "from nnutils.lessons.dropout.given import masks",
            f"{PLACE} imports nnutils.lessons.dropout.given of another lesson: move what both use",
        ),
        (
            "^import numpy as np",
            "nadam_update",
            "uses nadam_update, an exercise of the later lesson 13_more_opt",
        ),
    ],
    course.the_code_is_formatted: [
        (
            "^import numpy as np",
            "import  numpy as np",
            "not all files of the lesson are formatted: run `.venv/bin/ruff format lessons/12",
        ),
        ("^import numpy as np", "import numpy as np\nx = lambda: 1", f"{PLACE}:29:1: E731"),
    ],
}


def test_where_ruff_is_not_installed_no_code_is_called_unformatted(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    (line,) = course.the_code_is_formatted(DRAFT)
    assert "setup --tools" in line


@pytest.mark.parametrize(
    "rule, pattern, new, sentence",
    [(rule, *change) for rule, changes in TEXTS.items() for change in changes],
)
def test_a_text_that_breaks_a_rule_is_told(written, rule, pattern, new, sentence):
    broken = silent(rule(written(pattern, new)))
    assert any(sentence in line for line in broken), broken


GOOD = '''"""An exercise and a question that break no rule."""
import numpy as np
from nnutils.checks.exercise import exercise, question, raises, right, wrong


@exercise(points=1, minutes=5, hints=("a", "b", "c"), fresh=True)
def doubled(x):
    """Twice x.

    x: (n,) numbers.
    Returns an array (n,).
    """
    return 2 * x


@doubled.cases
def _(rng):
    for n in (2, 3, 4):
        yield (rng.normal(size=n),)


@doubled.mistake("You squared x: doubling adds x to itself.")
def squared(x):
    return x**2


@doubled.mistake("You halved x: multiply by 2 instead.")
def halved(x):
    return x / 2


@doubled.mistake("This is x itself: multiply it by 2.")
def unchanged(x):
    return x + 0


@doubled.mistake("You multiplied by 3: it is 2.")
def trebled(x):
    return 3 * x


@doubled.variant
def added(x):
    return x + x


@doubled.variant
def by_half(x):
    return x / 0.5


twice_two = question(
    "How much is twice 2?",
    right("Four", "Two and two are four."),
    wrong("Two", "That is two itself."),
    wrong("Five", "That is one too many."),
)
'''


@pytest.fixture
def made(tmp_path):
    """A function that loads the exercise and the question above, changed in one place, as those of the lesson."""

    def load(old="", new=""):
        assert old in GOOD
        file = tmp_path / f"made_{len([*tmp_path.iterdir()])}.py"
        file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
        spec = importlib.util.spec_from_file_location(DRAFT.exercises[0].reference.__module__, file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.twice_two.name = "twice_two"
        (tmp_path / "README.md").touch()
        fields = {"exercises": [module.doubled], "questions": [module.twice_two], "root": tmp_path}
        return dataclasses.replace(DRAFT, **fields)

    return load


EXERCISES = {  # rule: what stands above, what stands there instead, and what is said
    exercises.an_exercise_has_enough: [
        (
            '@doubled.mistake("You halved x: multiply by 2 instead.")\n',
            "",
            "doubled has 3 mistakes: it must have 4",
        ),
        ("@doubled.variant\ndef added", "def added", "doubled has 1 variant: it must have 2"),
        ('("a", "b", "c")', '("a", "b", "b")', "doubled has 2 different hints: it must have 3"),
        ('("a", "b", "c")', '("a", "b", "c", "d")', "doubled has 4 different hints: it must have 3"),
        ("points=1", "points=0", "doubled has 0 points: it must have 1"),
        ("minutes=5", "minutes=0", "doubled has 0 minutes: it must have 1"),
        (
            "@doubled.cases",
            "",
            "doubled: its cases cannot be drawn: TypeError: doubled has no cases: decorate",
        ),
        ("rng.normal(size=n)", "rng.nonsense()", "doubled: its cases cannot be drawn: AttributeError: "),
        ("(2, 3, 4)", "(2,)", "doubled has 1 case: it must have 3"),
    ],
    exercises.mistakes_are_told_apart: [
        ("def trebled", "def halved", "2 mistakes have the same name: halved"),
        (
            "You multiplied by 3: it is 2.",
            "You halved x: multiply by 2 instead.",
            "the same sentence: You halved x",
        ),
    ],
    exercises.variants_are_written_differently: [
        ("return x + x", "return 2 * x", "the variant added has the code of doubled: write it differently"),
        ("return x / 0.5", "return x + x", "the variant by_half has the code of added: write it differently"),
    ],
    exercises.docstrings_are_a_contract: [
        ("Twice x.", "Twice x", "must begin with a sentence that ends with a full stop"),
        ("Returns an array", "An array", "must say what is returned, with the shape"),
        ("def doubled(x)", "def doubled(x, scale=1)", "must describe `scale`, with the shape"),
    ],
    exercises.a_reference_is_complete_in_itself: [
        (
            "return 2 * x",
            "return exercise and 2 * x",
            "uses exercise, which its cell does not know: define it inside",
        ),
    ],
    exercises.questions_give_reasons: [
        ("How much is twice 2?", " ", "the question twice_two has no text"),
        ('    wrong("Five", "That is one too many."),\n', "", "twice_two has 2 options: it must have 3 to 6"),
        ("That is two itself.", "No.", "twice_two: say why the option 'Two' is right or wrong"),
        ('"Five"', '"Two"', "twice_two: two options have the same text"),
        ("That is one too many.", "That is two itself.", "twice_two: two options have the same reason"),
        ('"Four"', '"Four, since it is 2 + 2"', "twice_two: the right option is the longest by far"),
    ],
    exercises.right_answers_pass: [
        ("return x + x", "return x**2", "the variant added does not pass: You squared x"),
        ("return 2 * x", "return 4 * x", "the variant added does not pass: "),
    ],
    exercises.mistakes_are_refused_and_named: [
        ("return 3 * x", "return x * 2", "the mistake trebled passes: add a case in which it is wrong"),
        (
            "return 3 * x",
            "return x * x",
            "the mistake trebled is told as squared: add a case that tells them apart",
        ),
        ("def trebled(x)", "def trebled(x, n)", "the mistake trebled is refused without its sentence: "),
        ("rng.normal(size=n)", "np.zeros(n)", "the mistake squared passes"),
    ],
    exercises.references_are_pure: [
        (
            "return 2 * x",
            "x *= 2\n    return x",
            "case 1: the reference changes its argument x: work on a copy",
        ),
        ("return 2 * x", "return x", "case 2: the reference returns memory of x: return a new array"),
        ("return 2 * x", "return np.nonsense(x)", "case 3: the reference raises AttributeError: "),
        (
            "yield (rng.normal(size=n),)",
            "yield raises(ValueError, np.ones(n))",
            "1: the reference does not raise ValueError",
        ),
    ],
    exercises.cases_follow_their_seed: [
        ("for n in (2", "rng = np.random.default_rng()\n    for n in (2", "the same seed gives other cases"),
    ],
}


@pytest.mark.parametrize(
    "rule, old, new, sentence",
    [(rule, *change) for rule, changes in EXERCISES.items() for change in changes],
)
def test_an_exercise_that_breaks_a_rule_is_told(made, rule, old, new, sentence):
    broken = silent(rule(made(old, new)))
    assert any(sentence in line for line in broken), broken


def test_the_exercise_above_breaks_no_rule_before_it_is_changed(made):
    draft = made()
    assert {rule.__name__: silent(rule(draft)) for rule in EXERCISES} == {
        rule.__name__: [] for rule in EXERCISES
    }


def test_a_stub_that_runs_is_told(monkeypatch):
    monkeypatch.setattr(sources, "STUB", "    return 1")
    assert (
        "the check says 'failed' of the stub, not 'not attempted'"
        in silent(exercises.a_stub_is_not_attempted(DRAFT))[0]
    )


@pytest.mark.parametrize(
    "old, new, sentence",
    [
        (
            GOOD[GOOD.index('    """Twice') : GOOD.index("    return 2 * x")],
            "",
            "doubled needs a docstring: it is all",
        ),
        (
            "return 2 * x",
            "return np.nonsense(x)",
            "the reference of doubled fails on its own cases: AttributeError",
        ),
    ],
)
def test_an_exercise_that_cannot_be_shown_or_run_is_told_once(made, monkeypatch, old, new, sentence):
    draft = made(old, new)
    monkeypatch.setattr(Draft, "of", lambda *_, **__: draft)
    broken = lint.broken_rules([draft.lesson], ROOT, running=True)
    assert len([line for line in broken if sentence in line]) == 1


def test_an_exercise_that_is_called_too_early_is_told(made):
    draft = made("return 2 * x", "return sgd_update(x, -x, 1)")
    draft = dataclasses.replace(draft, exercises=[*draft.exercises, *DRAFT.exercises])
    late = dataclasses.replace(draft, root=ROOT)
    vars(late)["text"] = DRAFT.text.replace("\nzigzag_remedy", "\ndoubled")
    assert [line for line in text.every_item_has_its_cell(late) if "must stand above" in line] == []
    vars(late)["text"] = 'tags=["exercise"]\ndoubled\n' + DRAFT.text
    (line,) = [line for line in text.every_item_has_its_cell(late) if "must stand above" in line]
    assert line == f"{PLACE}: the cell of sgd_update must stand above that of doubled, whose answer calls it"


def test_too_few_exercises_and_questions_are_told():
    draft = dataclasses.replace(DRAFT, exercises=DRAFT.exercises[:1], questions=DRAFT.questions[:2])
    assert [*text.it_has_enough(draft)] == [
        f"{PLACE} has 1 exercise: it must have 3",
        f"{PLACE} has 2 questions: it must have 3",
    ]


def test_a_lesson_that_takes_longer_than_it_says_is_told():
    told = [*text.its_minutes_are_honest(dataclasses.replace(DRAFT, minutes=10))]
    (line,) = told
    assert re.fullmatch(
        r"12_momentum_rmsprop_adam takes \d+ minutes \(\d+ of exercises, \d+ of prose, \d+ figures, .*\), and says 10: .*",
        line,
    )
    (line,) = text.its_minutes_are_honest(dataclasses.replace(DRAFT, minutes=95))
    assert line == "12_momentum_rmsprop_adam takes 95 minutes: 90 at most"


def test_minutes_count_prose_figures_and_what_is_asked():
    draft = dataclasses.replace(DRAFT, exercises=[], questions=DRAFT.questions[:2], predictions=[], minutes=5)
    vars(draft)["text"] = (
        "# %% [markdown]\n"
        + "# word\n" * 70
        + "# %%\nplots.curves()\n# %% [markdown]\n# ## Papers to read\n"
        + "# paper\n" * 500
    )
    assert [*text.its_minutes_are_honest(draft)] == []  # a minute of prose, a figure and two questions: 5.5
    vars(draft)["text"] += "# %%\n" + "plots.more()\n" * 2
    (line,) = text.its_minutes_are_honest(draft)
    assert "takes 8 minutes (0 of exercises, 1 of prose, 5 figures" in line


def test_a_missing_or_wrong_row_of_the_map_is_told():
    (line,) = course.the_map_has_its_row(dataclasses.replace(DRAFT, minutes=70))
    assert (
        line == "the map at the end of lesson 00 gives other minutes for 12_momentum_rmsprop_adam: write 70"
    )
    (line,) = course.the_map_has_its_row(
        dataclasses.replace(DRAFT, lesson=Lesson(ROOT / "lessons" / "19_new.py"))
    )
    assert line.startswith(
        "the map at the end of lesson 00 has no row for 19_new: add `# | [19 Title](19_new.ipynb) |"
    )


def test_names_that_two_lessons_share_are_told(made):
    draft = made("def doubled(x)", "def doubled(keep_prob)")
    draft.exercises[0].reference.__name__ = "dropout_mask"
    assert (
        course.notation(ROOT)
        and [*course.shared_arguments_are_explained(dataclasses.replace(draft, root=ROOT))] == []
    )
    (line,) = course.shared_arguments_are_explained(draft)  # an own checkout, without the page
    assert re.fullmatch(
        r"docs/notation\.md does not explain `keep_prob`, an argument in \w+ and 12_momentum_rmsprop_adam: add a row",
        line,
    )
    (line,) = course.names_are_its_own(draft)
    assert line.endswith("lesson 04_dropout has an item of this name: choose another")
    draft.exercises[0].reference.__name__ = "twice_two"
    (line,) = course.names_are_its_own(draft)
    assert line.endswith(
        "two of its exercises, questions and predictions are called twice_two: choose another name"
    )


def test_a_lesson_without_tests_and_measurement_is_told():
    lesson = Lesson(ROOT / "lessons" / "19_new.py")
    assert [*course.it_has_tests_and_a_row_in_the_readme(dataclasses.replace(DRAFT, lesson=lesson))] == [
        "tests/lessons/test_new.py is missing: test there what no rule knows, as judges, figures and inputs",
        "README.md has no row for 19_new: run `python3 course.py table 19`",
    ]


def test_every_rule_was_broken_above():
    """Or in test_kinds_rules.py, the rules of designs and guesses."""
    alone = {
        exercises.designs_are_told_apart,
        text.a_guess_keeps_its_name,
        exercises.a_stub_is_not_attempted,
        text.its_minutes_are_honest,
        course.the_map_has_its_row,
        course.shared_arguments_are_explained,
        course.names_are_its_own,
        course.it_has_tests_and_a_row_in_the_readme,
    }
    every = {*course.RULES, *text.RULES, *exercises.RULES, *exercises.RUNNING, *replicated.RULES}
    assert {*TEXTS, *EXERCISES, *alone} == every


@pytest.fixture
def checkout(tmp_path):
    """The lessons and the notation of this course, to be changed."""
    for name in ("lessons", "docs"):
        (tmp_path / name).mkdir()
    for file in (*(ROOT / "lessons").glob("*.py"), ROOT / "docs" / "notation.md"):
        (tmp_path / file.relative_to(ROOT)).write_bytes(file.read_bytes())
    assert [*course.broken_rules(tmp_path)] == []
    return tmp_path


def test_what_is_wrong_with_the_course_is_told(checkout):
    (checkout / "lessons" / "04_dropout.py").rename(checkout / "lessons" / "03_dropout.py")
    page = checkout / "docs" / "notation.md"
    page.write_text(
        page.read_text(encoding="utf-8") + "\n| $q$ | `nonsense` | number | nothing |\n", encoding="utf-8"
    )
    assert [*course.broken_rules(checkout)] == [
        "03_dropout and 03_l2_regularization have the same number: rename one of them",
        "nnutils/lessons/dropout has NUMBER = 4, but there is no lessons/04_dropout.py",
        "docs/notation.md explains `nonsense`, which no exercise has as an argument: delete it there",
    ]


def test_a_course_with_too_little_or_one_letter_is_told(checkout, monkeypatch):
    monkeypatch.setattr(course, "exercises_of", lambda topic: [])
    monkeypatch.setattr(course, "questions_of", lambda topic: [DRAFT.questions[0]])
    broken = [line for line in course.broken_rules(checkout) if "notation" not in line]
    letter = DRAFT.questions[0].answer
    count = len(lessons(ROOT))
    assert broken == [
        f"the course has 0 exercises: {count} lessons need {5 * count - 15} at least",
        f"{letter} is the right letter of {count} of {count} questions: reorder the options of some",
    ]
    longest = question("Is it?", right("It is.", "It is."), wrong("No", "It is."), wrong("Never", "It is."))
    monkeypatch.setattr(course, "questions_of", lambda topic: [longest])
    assert (
        f"the right option is the longest in {count} of {count} questions: shorten it in some"
        in course.broken_rules(checkout)
    )


def test_too_few_mistakes_are_told(checkout, monkeypatch, made):
    monkeypatch.setattr(course, "exercises_of", lambda topic: made().exercises * 10)
    (line,) = [line for line in course.broken_rules(checkout) if "mistakes" in line]
    count = len(lessons(ROOT))
    assert line == f"the course names {40 * count} mistakes: it needs 5 an exercise on average, {50 * count}"


def run(*words):
    parser = argparse.ArgumentParser()
    lint.add_arguments(parser)
    return lint.run(parser.parse_args(words))


def test_lint_prints_a_sentence_for_each_broken_rule(written, capsys):
    assert run("12") == 0
    told = "1 lesson, no rule is broken; `python3 course.py lint` asks the rules of the course as a whole\n"
    assert capsys.readouterr().out == told
    root = written("^claim", "print").root
    start = root / "lessons" / "00_start_here.py"
    start.write_bytes((ROOT / "lessons" / start.name).read_bytes())
    (root / "docs").mkdir()
    (root / "docs" / "notation.md").write_bytes((ROOT / "docs" / "notation.md").read_bytes())
    (root / "tests" / "lessons").mkdir(parents=True)
    (root / "tests" / "lessons" / "test_momentum_rmsprop_adam.py").touch()
    assert run("12", "--root", str(root)) == 1
    said = f"{PLACE} has 0 claims: it must have 3\n1 lesson, 1 broken rule\n"
    assert capsys.readouterr().out == said
    assert run("--root", str(root)) == 1
    assert (
        "broken rules\n" in (said := capsys.readouterr().out) and "the course has" not in said.split("\n")[0]
    )


def test_lint_tells_what_it_cannot_read(tmp_path, capsys):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "19_new.py").write_text("", encoding="utf-8")
    (tmp_path / "lessons" / "05_dropout.py").write_text("# %%\nx = (\n", encoding="utf-8")
    (tmp_path / "README.md").touch()
    assert run("5", "19", "--root", str(tmp_path)) == 1
    said = capsys.readouterr().out
    assert "nnutils/lessons/new is missing: `python3 course.py new` writes it together with a lesson" in said
    assert "nnutils/lessons/dropout/__init__.py has NUMBER = 4: write 5" in said
    assert "lessons/05_dropout.py:2 is no Python: '(' was never closed" in said
    assert run("nowhere") == 2
    assert "there is no lesson 'nowhere'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "old, new, sentence",
    [
        ("return 2 * x\n", "return 2 *\n", "SyntaxError: invalid syntax (made"),
        ("points=1", "points=one", "NameError: name 'one' is not defined (made"),
        ("import exercise, q", "import exercises, q", "ImportError: cannot import name 'exercises' from"),
    ],
)
def test_a_package_that_cannot_be_imported_is_told(made, monkeypatch, capsys, old, new, sentence):
    monkeypatch.setattr(lint, "exercises_of", lambda topic: topic == DRAFT.lesson.topic and made(old, new))
    assert run("4") == 1
    said = capsys.readouterr().out
    assert said.startswith(f"nnutils/lessons/{DRAFT.lesson.topic} cannot be imported: {sentence}")
    assert said.endswith("1 lesson, 1 broken rule\n") and said.count("\n") == 2


def test_lint_loads_neither_keras_nor_notebooks():
    code = "import sys\nfrom coursekit.authoring import lint, lesson\n"
    code += "assert not lint.broken_rules(lesson.lessons(), lesson.ROOT, whole=True)\nprint(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"keras", "tensorflow", "matplotlib", "nbformat", "jupytext"} & {*done.stdout.split()}
