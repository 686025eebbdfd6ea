"""The words of messages, and files that are written whole."""

from pathlib import Path

import pytest

from nnutils.files import replacing, write_whole
from nnutils.words import capital, counted, listed, sentence


@pytest.mark.parametrize(
    ("number", "word", "plural", "text"),
    [
        (1, "point", "", "1 point"),
        (0, "point", "", "0 points"),
        (2.5, "point", "", "2.5 points"),
        (3, "copy", "copies", "3 copies"),
    ],
)
def test_a_number_takes_its_word(number: float, word: str, plural: str, text: str) -> None:
    assert counted(number, word, plural) == text


def test_a_list_in_words() -> None:
    assert [listed(["a", "b", "c"][:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert listed(["a", "b"], last="or") == "a or b"


def test_a_sentence_has_a_capital_and_an_end() -> None:
    assert sentence("the shape differs") == "The shape differs."
    assert sentence("is it right?") == "Is it right?"
    assert sentence("x has no mean", names=["x"]) == "x has no mean."
    assert capital("") == "" and capital("two words") == "Two words"


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    file = write_whole(tmp_path / "new" / "a.txt", "first\n")
    with pytest.raises(RuntimeError), replacing(file) as part:
        part.write_text("half of")
        raise RuntimeError
    assert file.read_text() == "first\n"
    assert [one.name for one in file.parent.iterdir()] == ["a.txt"]
    assert write_whole(file, b"\x00").read_bytes() == b"\x00"
