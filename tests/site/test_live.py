"""The pieces of the course in a browser: wheels, the list of packages, the buttons, and what is said where something is wrong."""

import functools
import hashlib
import http.server
import json
import re
import subprocess
import sys
import threading
import zipfile

import numpy as np
import pytest

from coursekit import cli
from coursekit.authoring.lesson import lessons
from coursekit.site import build as site_build
from coursekit.site.build import build, is_built
from coursekit.site.lesson_page import LessonPage
from coursekit.site.live.build import FOLDER, NEEDED, WITHOUT, _opens_again, address_of, build_live
from coursekit.site.live.runtime import CORE, LOCK, Runtime, Unfit, entry, imported_inside, usual_place
from coursekit.site.live.wheels import data_sets, wheel_of_course, wheel_of_installed, write_wheel
from nnutils.data import embedded, large, moons
from nnutils.data.drawn import drawn_characters
from tests.conftest import pip_install
from tests.site.conftest import ROOT, Quiet

FIRST = lessons(ROOT, ("00",))[0]
VERSION = re.search(r"/v([\d.]+)/", usual_place())[1]


def package(name, depends=(), imports=()):
    content = name.encode()
    return {
        "name": name,
        "file_name": f"{name}-1-py3-none-any.whl",
        "depends": [*depends],
        "imports": [*imports],
        "sha256": hashlib.sha256(content).hexdigest(),
    }


@pytest.fixture
def pyodide(tmp_path):
    """A folder that looks like a Pyodide."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    packages = [
        package("a", ["b", "c"], ["a"]),
        package("b", ["a", "unwanted"], ["b"]),
        package("c"),
        package("unwanted", ["huge"]),
        package("huge"),
    ]
    for one in packages:
        (folder / one["file_name"]).write_bytes(one["name"].encode())
    for name in CORE:
        (folder / name).write_text(name)
    lock = {"info": {"version": VERSION}, "packages": {one["name"]: one for one in packages}}
    (folder / LOCK).write_text(json.dumps(lock))
    return folder


def test_what_is_needed_is_copied_and_nothing_else(pyodide, tmp_path):
    runtime, out = Runtime.at(str(pyodide)), tmp_path / "out"
    packages = runtime.closure(["A"], without=["unwanted"])
    runtime.write(packages, {"ours": {"name": "ours"}}, {"b": ["x.y"]}, out, tmp_path / "cache")
    lock = json.loads((out / LOCK).read_text())
    assert {path.name for path in out.iterdir()} == {LOCK, *CORE, *(f"{n}-1-py3-none-any.whl" for n in "abc")}
    assert list(lock["packages"]) == ["a", "b", "c", "ours"]
    assert lock["packages"]["b"]["depends"] == ["a"] and lock["packages"]["b"]["imports"] == ["b", "x.y"]
    assert not (tmp_path / "cache").exists()


def test_an_address_is_fetched_once(pyodide, tmp_path):
    handler = functools.partial(Quiet, directory=str(pyodide))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        runtime = Runtime.at(f"http://127.0.0.1:{server.server_address[1]}/")
        for number in range(2):
            runtime.write(runtime.closure(["c"]), {}, {}, tmp_path / f"out{number}", tmp_path / "cache")
            (pyodide / "c-1-py3-none-any.whl").unlink(missing_ok=True)
        server.shutdown()
    assert (tmp_path / "out1" / "c-1-py3-none-any.whl").read_bytes() == b"c"
    with pytest.raises(Unfit, match="could not be fetched"):
        Runtime.at(runtime.place)


def test_a_place_that_is_none_is_told(pyodide, tmp_path):
    with pytest.raises(Unfit, match=r"holds no whole Pyodide.*Unpack a release"):
        Runtime.at(str(tmp_path / "nowhere"))
    runtime = Runtime.at(str(pyodide))
    with pytest.raises(Unfit, match="has no package numpy"):
        runtime.closure(["numpy"])
    (pyodide / "c-1-py3-none-any.whl").write_text("cut")
    with pytest.raises(Unfit, match="damaged"):
        runtime.write(runtime.closure(["c"]), {}, {}, tmp_path / "out", tmp_path / "cache")
    for text, said in (
        ("[]", "not the list of a Pyodide"),
        ("no", "not the list"),
        ('{"info": {"version": "0.1.0"}, "packages": {}}', "Pyodide 0.1.0; .* needs"),
    ):
        (pyodide / LOCK).write_text(text)
        with pytest.raises(Unfit, match=said):
            Runtime.at(str(pyodide))


def test_a_pyodide_without_what_the_course_needs_is_told_before_anything_is_built(pyodide, tmp_path):
    with pytest.raises(Unfit, match="which the course needs"):
        build_live(ROOT, [FIRST], tmp_path / "site", tmp_path / "work", Runtime.at(str(pyodide)))
    assert not (tmp_path / "site").exists()
    with pytest.raises(Unfit, match="which the course needs"):
        build(ROOT, [FIRST], tmp_path / "site", tmp_path / "work", runtime=Runtime.at(str(pyodide)))
    assert not (tmp_path / "work").exists()


def test_a_site_stays_until_the_new_one_is_whole(pyodide, tmp_path, monkeypatch):
    old = tmp_path / "site" / "index.html"
    old.parent.mkdir()
    old.write_text("the old one")

    def fails(*_):
        raise Unfit("no network")

    monkeypatch.setattr(site_build, "check_runtime", lambda _: None)
    monkeypatch.setattr(site_build, "build_live", fails)
    monkeypatch.setattr(site_build, "sphinx", lambda _, out: out.mkdir() or [])
    with pytest.raises(Unfit, match="no network"):
        build(ROOT, [FIRST], old.parent, tmp_path / "work", jobs=1, runtime=Runtime.at(str(pyodide)))
    assert old.read_text() == "the old one"
    assert {path.name for path in tmp_path.iterdir()} == {"site", "work", "pyodide"}


def test_a_folder_of_other_things_is_never_written_over(tmp_path, capsys):
    (tmp_path / "thesis.tex").write_text("all my work")
    assert cli.main(["site", "00", "--out", str(tmp_path)]) == 2
    assert "holds other things than a site" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_page_that_is_loaded_again_remembers_its_notebook(tmp_path):
    """What it then does, a browser shows in test_live_browser.py."""
    page = tmp_path / "index.html"
    page.write_text("<head>\n    <title>JupyterLite</title>\n  </head>")
    _opens_again(page)
    assert "JupyterLite</title>" not in page.read_text() and "history.replaceState" in page.read_text()
    with pytest.raises(Unfit, match="another form"):
        _opens_again(page)


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    assert is_built(FIRST)
    common = ["site", "00", "--out", str(tmp_path / "out")]
    assert cli.main([*common, "--pyodide", str(tmp_path)]) == 2
    assert "add --live" in capsys.readouterr().err
    assert cli.main([*common, "--live", "--pyodide", str(tmp_path)]) == 2
    assert "holds no whole Pyodide" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_wheel_asks_for_nothing_and_is_the_same_each_time(tmp_path):
    one, two = (wheel_of_course(ROOT, tmp_path / name) for name in "ab")
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as wheel:
        names = wheel.namelist()
        metadata = next(name for name in names if name.endswith("/METADATA"))
        assert "Requires" not in wheel.read(metadata).decode()
    assert "nnutils/__init__.py" in names and "nnutils/data/kept/load_digits.npz" in names
    assert [name for name in names if "__pycache__" in name or name.startswith("coursekit")] == []


def test_a_wheel_can_be_installed(tmp_path):
    wheel = write_wheel(tmp_path, "some_thing", "1.2", {"some_thing.py": b"x = 1\n"})
    pip_install(tmp_path / "in", wheel)
    assert (tmp_path / "in" / "some_thing.py").read_text() == "x = 1\n"
    described = entry(wheel, "there.whl", ["some_thing"], ["other"])
    assert (described["name"], described["version"]) == ("some-thing", "1.2")
    assert described["file_name"] == "there.whl" and described["depends"] == ["other"]
    assert described["sha256"] == hashlib.sha256(wheel.read_bytes()).hexdigest()


def test_an_installed_package_becomes_a_wheel_again(tmp_path):
    with zipfile.ZipFile(wheel_of_installed("comm", tmp_path)) as wheel:
        assert (
            "comm/__init__.py" in wheel.namelist()
            and len([n for n in wheel.namelist() if "METADATA" in n]) == 1
        )


def test_large_packages_come_with_the_lessons_that_use_them():
    found = imported_inside(ROOT / "nnutils")
    assert "nnutils.lessons.unsupervised_pretraining" in found["sklearn"]
    assert "nnutils.lessons.hyperparameter_search" in found["scipy"]
    assert "nnutils.lessons.start_here" not in found["sklearn"]
    assert "scikit-learn" in NEEDED and "tensorflow" not in NEEDED and not {*NEEDED} & {*WITHOUT}


def test_a_lesson_begins_without_large_packages():
    code = (
        "import sys, nnutils, nnutils.data, nnutils.lessons.start_here.plots as _; "
        "print({'sklearn', 'scipy', 'keras'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "set()"


def test_kept_data_are_those_of_scikit_learn_to_the_bit(tmp_path, monkeypatch):
    def everything():
        sets = [
            load() for load in (embedded.digits, embedded.breast_cancer, embedded.wine, embedded.diabetes)
        ]
        return [*sets, *((embedded.photo(name),) for name in embedded.PHOTOS)]

    right = everything()
    for name, content in data_sets().items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(embedded, "KEPT", tmp_path)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    for kept, whole in zip(everything(), right, strict=True):
        for one, other in zip(kept, whole, strict=True):
            if isinstance(other, np.ndarray):
                assert one.dtype == other.dtype and one.tobytes() == other.tobytes()
            else:
                assert one == other


def test_labels_are_as_wide_as_an_index():
    """In a browser an index has 32 bits, and NumPy takes no wider one."""
    images = large._images(np.zeros((1, 4), np.uint8), np.zeros(1, np.uint8), (), "", np.float32)
    for data in (embedded.digits(), embedded.wine(), moons(), drawn_characters(20), images):
        assert data.y.dtype == np.intp


def test_a_button_stands_only_where_the_lesson_can_be_opened(built):
    with_button = LessonPage(FIRST, None, str, address_of(FIRST)).text()
    assert f'href="../{FOLDER}/lab/index.html?path={FIRST.name}.ipynb">Work on it here</a>' in with_button
    pages = [path.read_text(encoding="utf-8") for path in built[0].rglob("*.html")]
    assert len(pages) > 10 and not any("Work on it here</a>" in text for text in pages)
    assert not (built[0] / FOLDER).exists()
