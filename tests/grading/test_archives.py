"""Zips of strangers: what is unpacked, what is left out with a line, and that nothing lands elsewhere."""

import io
import stat
import struct
import zipfile

import pytest

from coursekit.grading.intake import archives
from coursekit.grading.intake.archives import BadArchive, NoRoom, listing
from coursekit.grading.intake.collect import collect

from .made import zipped


@pytest.fixture
def look(tmp_path):
    """Write a zip, list it: place → trouble, and the lines."""

    def run(content):
        file = zipped(tmp_path / "in.zip", content) if isinstance(content, dict) else content
        found = listing(file, tmp_path / "unpacked" / "here")
        return {one.shown: one.trouble for one in found.files}, found.lines

    return run


def _inside(tmp_path):
    """Everything below tmp_path but the zip, by its place."""
    return {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} - {
        "in.zip"
    }


@pytest.mark.parametrize(
    "name",
    ["../evil.ipynb", "ann/../../evil.ipynb", "/etc/evil.ipynb", "C:/evil.ipynb", "c:evil.ipynb",
     "..\\..\\evil.ipynb", "\\\\server\\evil.ipynb", "ann/..\\evil.ipynb"],
)  # fmt: skip
def test_a_place_outside_is_refused_and_the_others_are_not(look, tmp_path, name):
    places, lines = look({name: "{}", "ann/04_dropout.ipynb": "{}"})
    assert list(places) == ["ann/04_dropout.ipynb"] and len(lines) == 1
    assert lines[0].endswith("left out, its place lies outside of the zip")
    assert len(_inside(tmp_path)) == 1 and all(one.startswith("unpacked/here/") for one in _inside(tmp_path))


def test_backslashes_that_are_separators_are_understood(look):
    assert look({"ann\\04_dropout.ipynb": "{}"})[0] == {"ann/04_dropout.ipynb": None}


def test_a_link_is_left_out(look, tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as made:
        link = zipfile.ZipInfo("ann/04_dropout.ipynb")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert look(tmp_path / "in.zip")[0] == {"ann/04_dropout.ipynb": "it is a link or no plain file"}
    assert not _inside(tmp_path)


def test_an_encrypted_file_is_left_out(look, tmp_path):
    data = bytearray(
        zipped(tmp_path / "in.zip", {"a/04_dropout.ipynb": "{}", "b/04_dropout.ipynb": "{}"}).read_bytes()
    )
    data[6] |= 1  # the flag in the first file's own header, and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "in.zip").write_bytes(data)
    assert look(tmp_path / "in.zip")[0] == {
        "a/04_dropout.ipynb": "it is encrypted",
        "b/04_dropout.ipynb": None,
    }


def test_bombs_and_huge_files_are_not_unpacked(look, tmp_path):
    places, _ = look({"a/04.zip": bytes(15 << 20), "b/04.ipynb": bytes(21 << 20), "c/04.ipynb": "{}"})
    assert (
        "zip bomb" in places["a/04.zip"]
        and "more than 20 MB" in places["b/04.ipynb"]
        and not places["c/04.ipynb"]
    )
    assert len(_inside(tmp_path)) == 1


def test_a_notebook_that_prints_the_same_line_many_times_is_no_bomb(look):
    assert look({"a/04.ipynb": "loss: nan\n" * 400_000})[0] == {"a/04.ipynb": None}


def test_a_header_that_lies_about_the_size(look, tmp_path):
    """The directory says 1 kB, the data is 30 MB: no more than what was said is ever written."""
    data = bytearray(
        zipped(tmp_path / "in.zip", {"a/04.ipynb": bytes(30 << 20), "b/04.ipynb": "{}"}).read_bytes()
    )
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 1000)
    (tmp_path / "in.zip").write_bytes(data)
    places, _ = look(tmp_path / "in.zip")
    assert "cannot be unpacked" in places["a/04.ipynb"] and places["b/04.ipynb"] is None
    assert sum(path.stat().st_size for path in (tmp_path / "unpacked").rglob("*") if path.is_file()) <= 1000


def test_too_many_files(look, monkeypatch, tmp_path):
    monkeypatch.setattr(archives, "MAX_FILES", (5, 2))
    with pytest.raises(BadArchive, match="6 files, more than 5"):
        look({f"ann/{i}.txt": "" for i in range(6)})
    inner = zipped(tmp_path / "inner.zip", {f"{i}.txt": "" for i in range(3)}).read_bytes()
    assert "3 files" in look({"ann/hw.zip": inner})[0]["ann/hw.zip"]


def test_everything_together_has_a_limit(look, monkeypatch):
    """Beyond it the run stops: whoever comes next would pay for the others."""
    monkeypatch.setattr(archives, "MAX_TOTAL", 100)
    with pytest.raises(NoRoom, match="grade them in several parts"):
        look({f"{name}/04.ipynb": "x" * 60 for name in "abc"})


def test_twice_and_in_other_case_are_both_kept(look, tmp_path, recwarn):
    file = tmp_path / "in.zip"
    with zipfile.ZipFile(file, "w") as made, pytest.warns(UserWarning, match="Duplicate"):
        for name, text in (("ann/04.ipynb", "1"), ("ann/04.ipynb", "2"), ("ann/04.IPYNB", "3")):
            made.writestr(name, text)
    found = listing(file, tmp_path / "unpacked")
    assert [one.path.read_text() for one in found.files] == ["1", "2", "3"]
    assert len(found.lines) == 2 and "twice, or in other case" in found.lines[0]


def test_names_in_other_encodings(look, tmp_path):
    file = tmp_path / "in.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("Jürgen/04.ipynb", "{}")
        made.writestr("Zoë/04.ipynb", "{}")
    data = file.read_bytes()
    for name in ("Zoë", "Jürgen"):  # as old programs write it: UTF-8 bytes, no flag that says so
        for at in [i for i in range(len(data)) if data.startswith(name.encode(), i)]:
            head = data.rindex(b"PK", 0, at)
            flags = head + (6 if data[head + 2] == 3 else 8)
            data = data[: flags + 1] + bytes([data[flags + 1] & ~8]) + data[flags + 2 :]
    file.write_bytes(data)
    assert set(look(file)[0]) == {"Jürgen/04.ipynb", "Zoë/04.ipynb"}


def test_control_characters_and_long_names_are_made_harmless(look, tmp_path):
    places, _ = look({"an\nn/\x1b[31m04_dropout.ipynb": "{}", f"bob/{'x' * 300}_04_dropout.ipynb": "{}"})
    assert (
        all(name.isprintable() and name.endswith(".ipynb") for name in places) and len(_inside(tmp_path)) == 2
    )


@pytest.mark.parametrize("cut", [30, 100, 200, -10])
def test_a_cut_zip_is_refused(look, tmp_path, cut):
    content = {f"{name}/04.ipynb": bytes(range(256)) * 4 for name in "abc"}
    data = zipped(tmp_path / "in.zip", content).read_bytes()
    (tmp_path / "in.zip").write_bytes(data[:cut])
    with pytest.raises(OSError, match="zip"):
        look(tmp_path / "in.zip")


def test_one_damaged_file_costs_that_one(look, tmp_path):
    data = bytearray(
        zipped(tmp_path / "in.zip", {"a/04.ipynb": "hello" * 99, "b/04.ipynb": "{}"}).read_bytes()
    )
    data[45] ^= 255
    (tmp_path / "in.zip").write_bytes(data)
    places, _ = look(tmp_path / "in.zip")
    assert "cannot be unpacked" in places["a/04.ipynb"] and places["b/04.ipynb"] is None


def test_a_students_zip_is_opened_once(look, tmp_path):
    deep = zipped(tmp_path / "deep.zip", {"04.ipynb": "{}"}).read_bytes()
    inner = {"work/04.ipynb": "{}", "../x.ipynb": "{}", "deep.zip": deep}
    inner = zipped(tmp_path / "inner.zip", inner).read_bytes()
    places, lines = look({"ann/hw.zip": inner, "bob/hw.zip": b"PK no zip", "cem/04.ipynb": "{}"})
    assert places == {
        "ann/hw.zip/work/04.ipynb": None,
        "ann/hw.zip/deep.zip": "a zip in a zip in a zip is not opened",
        "bob/hw.zip": "the zip is damaged (File is not a zip file)",
        "cem/04.ipynb": None,
    }
    assert lines == ["ann/hw.zip/../x.ipynb: left out, its place lies outside of the zip"]


def test_a_folder_with_zips_is_not_written_to(tmp_path):
    inner = io.BytesIO()
    zipped(inner, {"04_dropout.ipynb": "{}"})
    place = tmp_path / "submissions" / "ann"
    place.mkdir(parents=True)
    (place / "hw.zip").write_bytes(inner.getvalue())
    (tmp_path / "submissions" / "bob.zip").write_bytes(inner.getvalue())
    before = sorted((tmp_path / "submissions").rglob("*"))
    found = collect(tmp_path / "submissions", tmp_path / "unpacked")
    assert [(one.student, one.topic) for one in found.submissions] == [("ann", "dropout"), ("bob", "dropout")]
    assert sorted((tmp_path / "submissions").rglob("*")) == before
    assert all((tmp_path / "unpacked") in one.path.parents for one in found.submissions)


def test_without_a_folder_to_unpack_a_zip_gets_a_line(tmp_path):
    (tmp_path / "submissions" / "ann").mkdir(parents=True)
    zipped(tmp_path / "submissions" / "ann" / "hw.zip", {"04_dropout.ipynb": "{}"})
    found = collect(tmp_path / "submissions")
    assert found.left_out[0] == "ann/hw.zip: left out, it is a zip, and no folder to unpack it was given"


def test_what_is_no_notebook_is_not_even_unpacked(look, tmp_path):
    look({"ann/04.ipynb": "{}", "ann/run.sh": "rm", "ann/data.csv": "1", "__MACOSX/ann/._04.ipynb": "x"})
    assert len(_inside(tmp_path)) == 1
