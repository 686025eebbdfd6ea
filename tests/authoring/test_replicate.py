"""`python3 course.py replicate`: seeds move, claims are counted and never stop a lesson, and what was measured is kept."""

import argparse
import json

import numpy as np
import pytest

from coursekit.authoring import moved, replicate, replication, rerun
from coursekit.authoring.lesson import Lesson
from coursekit.authoring.replication import Claim, Replicated

LESSON = """# %% [markdown]
# # Draws
#
# Text.

# %%
import numpy as np

from nnutils import case, check, claim
from nnutils.data import digits, moons

mean = np.random.default_rng(5).random(4).mean()  # moves
claim("the mean of four draws", mean, above=0)
claim("draws below one half", np.random.default_rng([7, 1]).random(5) < 0.5, at_least=6)

# %%
claim("digits are fixed", float(digits().X.sum()), above=0)
claim("moons are drawn", float(moons(10, noise=0.1, rng=3).X.sum()), above=-100)
claim("a case is the committed one", float(case("feature_means")["X"].sum()), above=-1e9)
claim("a word", "Adam" if mean > 0.5 else "SGD", equal="Adam")

# %% tags=["exercise"]
feature_means

# %%
if mean > 0.5:
    raise ValueError("over | one half")
claim("reached", mean, below=0.5, form=".1%")
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "00_start_here.py").write_text(LESSON, encoding="utf-8")
    return tmp_path


@pytest.fixture
def unmoved():
    yield
    moved.move(0)


def run(root, *words):
    parser = argparse.ArgumentParser()
    replicate.add_arguments(parser)
    return replicate.run(parser.parse_args([*words, "--root", str(root)]))


def means(sets):
    return [float(f"{np.random.default_rng([5, k]).random(4).mean():.4g}") for k in sets]


def kept(root):
    return replication.load(root)["00_start_here"]


def test_every_integer_seed_moves_and_nothing_else(unmoved):
    model_selection = pytest.importorskip("sklearn.model_selection")
    default_rng, generator = np.random.default_rng, np.random.default_rng(1)

    def split(seed):
        return model_selection.train_test_split(np.arange(20), random_state=seed)[0].tolist()

    def draws(*seeds):
        return [np.random.default_rng(seed).random() for seed in seeds]

    committed = draws(3, [3, 1], 2**40), split(3)
    wanted = [default_rng(seed).random() for seed in ([3, 5], [3, 1, 5], [2**40, 5])]
    moved.move(5)
    assert draws(3, [3, 1], 2**40) == wanted == draws(np.int64(3), (3, 1), np.uint64(2**40))
    assert np.random.default_rng(generator) is generator
    assert draws(None) != draws(None)
    assert split(3) == split(3) != committed[1]
    assert isinstance(np.random.mtrand._rand, np.random.RandomState)
    with moved.as_committed():
        assert (draws(3, [3, 1], 2**40), split(3)) == committed
    assert draws(3) == wanted[:1]
    moved.move(0)
    assert (draws(3, [3, 1], 2**40), split(3)) == committed and np.random.default_rng is default_rng


def test_claims_are_counted_whatever_fails(root, capsys):
    assert run(root, "--sets", "3") == 1
    lesson, drawn = kept(root), means(range(20, 23))
    assert lesson.sets == [*range(20, 23)] and lesson.claims["the mean of four draws"].values == drawn
    assert 0 < sum(mean > 0.5 for mean in drawn) < 3, "some sets raise an error and some do not"
    assert {int(number) for number in lesson.errors} == {20 + i for i, mean in enumerate(drawn) if mean > 0.5}
    reached = lesson.claims["reached"]
    assert reached.held == "".join("0" if mean > 0.5 else "1" for mean in drawn)
    assert reached.values == [None if mean > 0.5 else mean for mean in drawn]
    assert lesson.claims["draws below one half"].k_of_n == "0 of 3"
    assert lesson.claims["draws below one half"].needed == "at least 6 of 5"
    assert {*lesson.claims["a word"].values} == {"Adam", "SGD"}
    assert (
        len({*lesson.claims["digits are fixed"].values})
        == 1
        < len({*lesson.claims["moons are drawn"].values})
    )
    assert len({*lesson.claims["a case is the committed one"].values}) == 1
    out, err = capsys.readouterr()
    assert "  0 of 3  draws below one half:" in out and "; not in sets 20 to 22" in out
    assert "ValueError: over | one half (in the cell that begins `if mean > 0.5:`)" in out
    assert "3 of 3: 00_start_here, set" in err and "less than a minute left" in err


def test_a_set_is_run_once_until_the_cells_change(root, capsys, monkeypatch):
    ran = []

    def measured(plan, number):
        ran.append(number)
        claim = {"value": number, "held": True, "needed": "above 0", "form": ""}
        return {"claims": {"reached": claim}, "errors": []}

    monkeypatch.setattr(replicate.Plan, "run", measured)
    run(root, "--sets", "2")
    before = {path.name: path.read_bytes() for path in (root / "docs").iterdir()}
    run(root, "--sets", "2")
    assert sorted(ran) == [20, 21]
    assert {path.name: path.read_bytes() for path in (root / "docs").iterdir()} == before
    source = root / "lessons" / "00_start_here.py"
    source.write_text(LESSON.replace("# Text.", "# Other text.").replace("  # moves", ""), encoding="utf-8")
    run(root, "--sets", "3", "--first", "next")
    assert sorted(ran) == kept(root).sets == [20, 21, 22, 23, 24], "words are no code"
    source.write_text(LESSON.replace("random(4)", "random(3)"), encoding="utf-8")
    run(root, "--sets", "1")
    assert kept(root).sets == [20] and kept(root).claims["reached"].values == [20]
    assert (
        "00_start_here has other cells than in sets 20 to 24: they are measured anew"
        in capsys.readouterr().err
    )
    monkeypatch.setattr(replicate.digest, "of_numerics", lambda source: "another")
    run(root, "--sets", "1")
    assert len(ran) == 6 and kept(root).code != ["another"]
    assert "nnutils is another one than in set 20; --again" in capsys.readouterr().err
    run(root, "--sets", "1", "--again")
    assert len(ran) == 7 and kept(root).code == ["another"] and kept(root).sets == [20]


def test_authors_sets_are_printed_and_not_kept(root, capsys):
    source = root / "lessons" / "00_start_here.py"
    source.write_text(
        LESSON.replace("at_least=6", "at_least=0").partition('claim("a word')[0], encoding="utf-8"
    )
    assert run(root, "--first", "0", "--sets", "1") == 0
    committed = np.random.default_rng(5).random(4).mean()
    assert f"1 of 1  the mean of four draws: {committed:.3f}" in capsys.readouterr().out
    assert not (root / "docs").exists()
    assert run(root, "nowhere") == 2
    assert "there is no lesson 'nowhere'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run(root, "--first", "-1")
    assert "a whole number from 0" in capsys.readouterr().err


def test_a_set_that_breaks_off_is_told_and_not_kept(root, capsys):
    source = root / "lessons" / "00_start_here.py"
    source.write_text("# %%\nimport os\n\nos._exit(3)\n", encoding="utf-8")
    assert run(root, "--sets", "1") == 1
    assert "00_start_here, set 20 broke off: exit code 3" in capsys.readouterr().err
    assert not (root / "docs").exists()


def test_what_is_measured_stays_when_it_is_stopped(root, monkeypatch, capsys):
    def stopped(plan, number):
        if number == 21:
            raise KeyboardInterrupt
        return {"claims": {}, "errors": []}

    monkeypatch.setattr(replicate.Plan, "run", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(root, "--jobs", "1", "--sets", "5")
    assert kept(root).sets == [20] and "00_start_here, 1 set\n" in capsys.readouterr().out


def test_no_picture_is_made_and_no_answer_checked(root):
    """An explorer would train networks; the cells that check an answer, a question or a guess are the build's own."""
    text = "from nnutils.figures.explorer import Explorer\n\n\nclass Slow(Explorer):\n    title = 'x'\n\n\nSlow()\n"
    source = root / "lessons" / "00_start_here.py"
    source.write_text(f'{LESSON}\n# %% tags=["quiz"]\nwhat_is_a_row\n', encoding="utf-8")
    lesson = Lesson(source)
    cells = replicate.cells_of(lesson)
    assert not any("check(" in cell or "quiz(" in cell for cell in cells)
    assert any('what_is_a_row = "' in cell for cell in cells) and any(
        "def feature_means" in cell for cell in cells
    )
    plan = replicate.Plan(lesson, [text], [], "", "", [])
    assert plan.run(1) == {"claims": {}, "errors": []}


def test_keras_moves_too(root):
    pytest.importorskip("keras")
    cell = """
import keras
import numpy as np
from nnutils import claim
keras.utils.set_random_seed(1)
claim("start", float(keras.layers.Dense(3)(np.ones((1, 4)))[0, 0]), above=-9)
claim("initializer", float(keras.initializers.HeNormal(seed=1)((2, 2))[0, 0]), above=-9)
drop = keras.layers.Dropout(0.5, seed=1)
copy = keras.layers.Dropout.from_config(drop.get_config())
first, second = (np.array(layer(np.ones((1, 64)), training=True)) for layer in (drop, copy))
claim("mask", float(first.ravel() @ np.arange(64)), above=-9)
claim("a copy of a layer has its mask", int((first != second).sum()), equal=0)
"""
    plan = replicate.Plan(Lesson(root / "lessons" / "00_start_here.py"), [cell], [], "", "", [])
    committed, one, again = (plan.run(number)["claims"] for number in (0, 1, 1))
    assert again == one
    for sentence in ("start", "initializer", "mask"):
        assert committed[sentence]["value"] != one[sentence]["value"]
    assert one["a copy of a layer has its mask"]["held"]


def replicated(claims, **more):
    """Data of one lesson. claims: sentence → the values, each of which must be above 1."""
    lesson = Replicated("hash")
    for place in range(len(next(iter(claims.values())))):
        measured = {
            sentence: {"value": values[place], "held": values[place] > 1, "needed": "above 1", "form": ""}
            for sentence, values in claims.items()
        }
        lesson.add(20 + place, "code", {"claims": measured, "errors": more.get("errors", [])}, [])
    return lesson


def test_the_page_names_rare_claims_first_and_shows_the_spread():
    rare, good = [2, 0] * 10, [1.5] + [3.0] * 19
    page = replication.page(
        {"01_a": replicated({"good": good}), "02_b": replicated({"good|": good, "rare": rare})}
    )
    assert "2 of 3 claims hold in 19 of 20 sets or more." in page
    assert "| 02 | rare | 10 of 20 | 0 | 1 | 2 | above 1 |" in page.partition("## 01_a")[0]
    assert page.index("| rare | 10 of 20") < page.index(
        "| good\\| | 20 of 20 | 1.50 | 3.00 | 3.00 | above 1 |"
    )
    assert "[The lesson](../lessons/02_b.py), sets 20 to 39." in page


def test_nineteen_of_twenty_are_enough_and_eighteen_are_not():
    def claim(held):
        return Claim("", "", "1" * held + "0" * (20 - held), [0] * 20)

    lesson = Replicated("", claims={"enough": claim(19), "too rare": claim(18)})
    assert [sentence for sentence, _ in lesson.too_rare()] == ["too rare"]


def test_an_error_stands_on_the_page():
    page = replication.page({"01_a": replicated({"good": [2]}, errors=["ValueError: a | b"])})
    assert "- In set 20 a cell raised ValueError: a \\| b." in page


def test_data_are_written_with_a_claim_a_line_and_read_again(root):
    lesson = replicated({"good": [2.0, 3.0], "rare": [0, 1]})
    replication.write(root, {"00_start_here": lesson, "98_gone": lesson})
    text = (root / replication.DATA).read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if '"good"' in line] == [
        '   "good": {"needed": "above 1", "form": "", "held": "11", "values": [2.0, 3.0]},'
    ]
    assert replication.load(root) == {"00_start_here": lesson}
    page = (root / replication.PAGE).read_text(encoding="utf-8")
    (root / replication.PAGE).unlink()
    assert run(root, "--keep") == 0 and (root / replication.PAGE).read_text(encoding="utf-8") == page


def test_a_set_that_is_measured_again_takes_the_place_of_the_first():
    lesson = replicated({"good": [2.0, 3.0]})
    claim = {"value": 0.5, "held": False, "needed": "above 1", "form": ""}
    lesson.add(20, "new", {"claims": {"good": claim, "more": claim}, "errors": []}, ["never"])
    assert (lesson.sets, lesson.code, lesson.claims["good"].held) == ([20, 21], ["new", "code"], "01")
    assert lesson.claims["more"].values == [0.5, None] and lesson.claims["never"].spread[1] == "never reached"


@pytest.mark.parametrize(
    ("value", "text", "kept"),
    [
        (1.23456789, "", 1.235),
        (7, "", 7),
        (np.inf, "inf", "inf"),
        (np.nan, "nan", "nan"),
        ((1, 2), "1, 2", "1, 2"),
    ],
)
def test_values_are_kept_short(value, text, kept):
    assert json.loads(json.dumps(rerun._kept(value, text))) == kept


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([3], "set 3"), ([5, 4], "sets 4 to 5"), ([1, 2, 3, 7, 9, 10], "sets 1 to 3, 7, 9 to 10")],
)
def test_numbers_of_sets_in_words(numbers, text):
    assert replication.spans(numbers) == text
