"""Copies are found among independent answers, whatever they were disguised with; independent answers are left alone."""

import ast
import functools
import inspect
import random
import textwrap
from dataclasses import replace

import pytest

from coursekit.grading.pages.evidence import Evidence, packed
from coursekit.grading.pages.similarity import pairs
from coursekit.grading.reading.extract import extract
from coursekit.grading.reading.fingerprint import KINDS, MAX_PRINTS, NAME, REMARK, STRUCTURE, fingerprints
from coursekit.grading.result import Result
from nnutils.checks.catalogue import exercises_of

LESSONS = ["dropout", "l2_regularization", "momentum_rmsprop_adam"]


@functools.cache
def _forms(topic):
    """Exercise → (right forms, wrong forms), as source."""
    return {
        exercise.name: (
            [_source(form, exercise.name) for form in (exercise.reference, *exercise.variants)],
            [_source(form.function, exercise.name) for form in exercise.mistakes],
        )
        for exercise in exercises_of(topic)
    }


def _source(function, name):
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    tree.body[0].decorator_list, tree.body[0].name = [], name
    return ast.unparse(tree)


def _work(topic, rng):
    """One student's answers: two in three right, each in one of the forms that there are."""
    return {
        name: rng.choice(right if rng.random() < 0.65 else wrong)
        for name, (right, wrong) in _forms(topic).items()
    }


def _disguised(source, remark="here it comes"):
    """The same with other names for its variables, other layout, a docstring and a comment."""
    tree = ast.parse(source)
    (function,) = tree.body
    given = {argument.arg for argument in function.args.args}
    own = sorted(
        {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)} - given
    )
    names = {name: f"value_{i}" for i, name in enumerate(own)}
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    function.body.insert(0, ast.parse('"""My own words."""').body[0])
    return ast.unparse(tree).replace("\n    return", f"\n\n    # {remark}\n    return")


def _result(student, topic, cells):
    return Result(
        student, topic, f"{student}/{topic}.ipynb", "", (), prints=fingerprints(extract(cells), topic)
    )


def _class(size, copies, seed):
    rng, results = random.Random(seed), []
    for i in range(size):
        for topic in LESSONS:
            work = _work(topic, rng)
            results.append(_result(f"s{i:03}", topic, [*work.values()]))
            if i < copies:
                results.append(
                    _result(
                        f"t{i:03}",
                        topic,
                        [_disguised(source, f"at last, says number {i}") for source in work.values()][::-1],
                    )
                )
    return results


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_disguised_copies_are_found_and_independent_work_is_left_alone(seed):
    found = pairs(_class(40, 3, seed))
    assert {(f"s{i:03}", f"t{i:03}") for i in range(3)} <= {(pair.a, pair.b) for pair in found}
    false = [pair for pair in found if pair.a[1:] != pair.b[1:]]
    assert len(false) <= 0.01 * 43 * 42 / 2 / 4  # a quarter of 1 % of all pairs
    assert [pair.bits for pair in found] == sorted((pair.bits for pair in found), reverse=True)


def test_independent_work_alone():
    assert len(pairs(_class(80, 0, 4))) <= 3


@functools.cache
def _class_with(ann, bob, size=20):
    """A lesson of `size` independent students, and two who have something of their own in it."""
    rng = random.Random(5)
    results = [_result(f"s{i:02}", "dropout", [*_work("dropout", rng).values()]) for i in range(size)]
    for student, cell in (("ann", ann), ("bob", bob)):
        results.append(_result(student, "dropout", [*_work("dropout", rng).values(), cell]))
    return [pair for pair in pairs(results) if (pair.a, pair.b) == ("ann", "bob")]


def test_the_same_remark_in_two_exercises_is_evidence():
    odd = "def dropout_mask(u, keep_prob):\n    # the survivors stand in for the fallen\n    return {} < keep_prob"
    assert not _class_with(
        odd.format("u"), odd.replace("the survivors stand in for", "smaller draws are kept, not").format("u")
    )
    both = (
        odd.format("u")
        + "\ndef dropout_backward(da, mask, keep_prob):\n    # backwards we go, my friends\n    return da / 2"
    )
    (pair,) = _class_with(both, both)
    assert "2 comments or texts word for word" in pair.words


def test_a_remark_made_in_every_answer_counts_once():
    rng, habit = random.Random(7), "and that is what comes back"
    works = [[*_work("dropout", rng).values()] for _ in range(20)]
    cells = [
        [_disguised(source, habit) if i < 2 else source for source in work] for i, work in enumerate(works)
    ]
    prints = [_result("", "dropout", some).prints for some in cells]
    numbers = {}
    students = [[packed({("dropout", name): own for name, own in some.items()}, numbers)] for some in prints]
    shared = Evidence([*numbers], students).shared(0, 1)
    assert (
        sum(exercise.remarks for exercise in shared) == 1
        and 0 < sum(exercise.said for exercise in shared) <= 16
    )


def test_renaming_layout_docstrings_and_annotations_change_nothing():
    source = "def dropout_mask(u, keep_prob):\n    total = u * 3\n    kept = total < keep_prob * 3\n    return kept"
    other = 'def dropout_mask(u, keep_prob) -> "array":\n    """Mine."""\n    a: int = 0\n    return a'
    structure = [_structure(code) for code in (source, _disguised(source), other)]
    assert structure[0] == structure[1] and structure[0] and not structure[0] & structure[2]


def _structure(source):
    return {
        number
        for number in fingerprints(extract([source]), "dropout")["dropout_mask"]
        if number & KINDS == STRUCTURE
    }


def test_the_starter_code_and_the_courses_own_answer_tell_nothing():
    for exercise in exercises_of("dropout"):
        stub = f'def {exercise.name}{exercise.signature}:\n    """x"""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
        assert fingerprints(extract([stub]), "dropout") == {}
        assert fingerprints(extract([_source(exercise.reference, exercise.name)]), "dropout") == {
            exercise.name: []
        }


def test_kinds_of_prints_and_helpers():
    helper = "def my_helper(q):\n    # a remark of some length\n    ratio = q / 7\n    return ratio"
    answer = "def dropout_mask(u, keep_prob):\n    return my_helper(u) < keep_prob"
    alone = fingerprints(extract([answer]), "dropout")["dropout_mask"]
    whole = fingerprints(extract([helper, answer]), "dropout")["dropout_mask"]
    assert {number & KINDS for number in alone} == {STRUCTURE}
    assert {number & KINDS for number in whole} == {STRUCTURE, NAME, REMARK} and len(whole) > len(alone)
    assert whole == sorted({*whole}) and max(whole) < 2**53  # JSON keeps them


def test_a_huge_or_deep_answer_stays_small():
    long = "def dropout_mask(u, keep_prob):\n" + "\n".join(
        f"    x{i} = u + {i} * keep_prob" for i in range(1_500)
    )
    deep = "def dropout_mask(u, keep_prob):\n    return " + "-" * 80 + "u"
    circle = "def dropout_mask(u, keep_prob):\n    return other(u)\ndef other(u):\n    return other(u)"
    for source in (long, deep, circle):
        assert 0 < len(fingerprints(extract([source]), "dropout")["dropout_mask"]) <= 3 * MAX_PRINTS


def test_the_same_bytes_are_told_and_an_untouched_copy_is_not():
    cell = "def dropout_mask(u, keep_prob):\n    return u * 2 < keep_prob * 2"
    prints = fingerprints(extract([cell]), "dropout")
    same = [Result(who, "dropout", f"{who}/x.ipynb", "abc", (), prints=prints) for who in ("ann", "bob")]
    (pair,) = pairs(same)
    assert pair.same_file == ("dropout",) and "the very same file in 1 lesson" in pair.words
    assert [(one.file, other.file) for one, other in pair.works] == [("ann/x.ipynb", "bob/x.ipynb")]
    # answered just as the course does
    solution = [replace(result, prints={"dropout_mask": []}) for result in same]
    assert pairs(solution)[0].words == "They share the very same file in 1 lesson."
    assert pairs([Result(who, "dropout", "x", "abc", ()) for who in ("ann", "bob")]) == []
    assert pairs([]) == []


def test_the_order_of_the_results_changes_nothing():
    results = _class(15, 1, 6)
    assert pairs(results) == pairs(results[::-1])
