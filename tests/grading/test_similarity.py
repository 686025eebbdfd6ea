"""Copies are found among independent answers, whatever they were disguised with; independent answers are left alone."""

import ast
import functools
import inspect
import random
import textwrap
from dataclasses import replace

import pytest

from coursekit.grading.pages.evidence import Evidence, Packer
from coursekit.grading.pages.fingerprint import MAX_PRINTS, NAME, REMARK, STRUCTURE, kind_of
from coursekit.grading.pages.similarity import fingerprints, pairs
from coursekit.grading.reading.extract import extract
from coursekit.grading.result import Result
from nnutils.checks.catalogue import exercises_of

LESSONS = ["dropout", "l2_regularization", "momentum_rmsprop_adam"]


@functools.cache
def _forms(topic):
    """Exercise → (right forms, wrong forms), as source."""
    return {
        one.name: (
            [_source(form, one.name) for form in (one.reference, *one.variants)],
            [_source(form.function, one.name) for form in one.mistakes],
        )
        for one in exercises_of(topic)
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
    given = {one.arg for one in function.args.args}
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
                        [_disguised(one, f"at last, says number {i}") for one in work.values()][::-1],
                    )
                )
    return results


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_disguised_copies_are_found_and_independent_work_is_left_alone(seed):
    found = pairs(_class(40, 3, seed))
    assert {(f"s{i:03}", f"t{i:03}") for i in range(3)} <= {(one.a, one.b) for one in found}
    false = [one for one in found if one.a[1:] != one.b[1:]]
    assert len(false) <= 0.01 * 43 * 42 / 2 / 4  # a quarter of 1 % of all pairs
    assert [one.bits for one in found] == sorted((one.bits for one in found), reverse=True)


def test_independent_work_alone():
    assert len(pairs(_class(80, 0, 4))) <= 3


@functools.cache
def _class_with(ann, bob, size=20):
    """A lesson of `size` independent students, and two who have something of their own in it."""
    rng = random.Random(5)
    results = [_result(f"s{i:02}", "dropout", [*_work("dropout", rng).values()]) for i in range(size)]
    for student, cell in (("ann", ann), ("bob", bob)):
        results.append(_result(student, "dropout", [*_work("dropout", rng).values(), cell]))
    return [one for one in pairs(results) if (one.a, one.b) == ("ann", "bob")]


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
    cells = [[_disguised(one, habit) if i < 2 else one for one in work] for i, work in enumerate(works)]
    prints = [_result("", "dropout", some).prints for some in cells]
    packer = Packer()
    students = [[packer.packed({("dropout", name): some for name, some in one.items()})] for one in prints]
    evidence = Evidence([*packer.numbers], students)
    told = evidence.of_pair(0, 1)
    assert told["remarks"].sum() == 1 and 0 < told["said"].sum() <= 16


def test_renaming_layout_docstrings_and_annotations_change_nothing():
    source = "def dropout_mask(u, keep_prob):\n    total = u * 3\n    kept = total < keep_prob * 3\n    return kept"
    other = 'def dropout_mask(u, keep_prob) -> "array":\n    """Mine."""\n    a: int = 0\n    return a'
    structure = [_structure(one) for one in (source, _disguised(source), other)]
    assert structure[0] == structure[1] and structure[0] and not structure[0] & structure[2]


def _structure(source):
    return {
        one for one in fingerprints(extract([source]), "dropout")["dropout_mask"] if kind_of(one) == STRUCTURE
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
    assert {kind_of(one) for one in alone} == {STRUCTURE}
    assert {kind_of(one) for one in whole} == {STRUCTURE, NAME, REMARK} and len(whole) > len(alone)
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
    assert pair.files == ("ann/x.ipynb", "bob/x.ipynb")
    solution = [replace(one, prints={"dropout_mask": []}) for one in same]  # answered just as the course does
    assert pairs(solution)[0].words == "They share the very same file in 1 lesson."
    assert pairs([Result(who, "dropout", "x", "abc", ()) for who in ("ann", "bob")]) == []
    assert pairs([]) == []


def test_the_order_of_the_results_changes_nothing():
    results = _class(15, 1, 6)
    assert pairs(results) == pairs(results[::-1])
