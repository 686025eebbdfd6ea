"""Which files of the course a child can read and which modules it can import, with each layer alone."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.sandbox import kernel
from coursekit.sandbox.program import Program
from coursekit.sandbox.runner import Runner
from coursekit.sandbox.setup import Limits

ROOT = Path(__file__).parents[2]


def _files(*patterns: str) -> set[str]:
    found = {pattern: [str(path) for path in ROOT.glob(pattern) if path.is_file()] for pattern in patterns}
    assert all(found.values()), f"nothing is called so any more: {found}"
    return {file for files in found.values() for file in files}


def _modules(files: set[str]) -> list[str]:
    parts = [Path(file).relative_to(ROOT).with_suffix("").parts for file in files if file.endswith(".py")]
    names = [
        ".".join(part).removesuffix(".__init__") for part in parts if part[0] in ("nnutils", "coursekit")
    ]
    return sorted(name for name in names if name != "coursekit" and not name.startswith("coursekit.sandbox"))


NEEDED = _files(
    "nnutils/*.py", "nnutils/layers/*.py", "nnutils/optimizers/*.py", "nnutils/data/*.py", "nnutils/checks/*.py",
    "nnutils/lessons/__init__.py", "nnutils/lessons/*/__init__.py", "nnutils/lessons/*/given.py",
)  # fmt: skip
COMPILED = {str(path) for path in (ROOT / "nnutils").rglob("*.pyc")}  # where Python has written any
SECRET = COMPILED | _files(
    "nnutils/lessons/*/exercises/*.py", "nnutils/lessons/*/questions.py", "nnutils/lessons/*/plots.py",
    "nnutils/lessons/*/explorer.py", "nnutils/figures/*.py", "coursekit/**/*.py", "nnutils/**/*.py",
    "lessons/*.py", "solutions/*.ipynb", "tests/**/*.py", "pyproject.toml",
) - NEEDED  # fmt: skip
REACH = """
def reach(files, modules):
    import importlib

    opened, imported = [], []
    for file in files:
        try:
            open(file, "rb").close()
            opened.append(file)
        except OSError:
            pass
    for module in modules:
        try:
            importlib.import_module(module)
            imported.append(module)
        except (ImportError, OSError):
            pass
    return opened, imported
"""
IN_A_CHILD = """
import json, os, sys
from coursekit.sandbox import landlock, seccomp, walls, zygote
from coursekit.sandbox.setup import Limits

def refuse(*_):
    raise OSError

level, *without = sys.argv[1:]
walls.LEVELS = (level,)
landlock.Ruleset = refuse if "landlock" in without else landlock.Ruleset
seccomp.steps = (lambda machine: []) if "seccomp" in without else seccomp.steps
asked = json.load(sys.stdin)
loaded = [module for module in asked["modules"] if module in sys.modules]
out = os.dup(1)
built = walls.build(Limits(seconds=60), os.getcwd())
built.enter(out)
os.write(out, json.dumps([built.level, loaded, *reach(**asked)]).encode())
"""
LAYERS = {
    "namespaces": ("namespaces", "landlock", "seccomp"),
    "landlock": ("filters alone", "seccomp"),
    "all walls": None,
    "hooks": None,
}


def _in_a_child(
    folder: Path, files: set[str], modules: list[str], *layer: str, packages: Path | None = None
) -> list[list[str]]:
    """The modules that a child has loaded, the files that it could open, and the modules that it could import.

    packages: a folder of packages that the course is installed in.
    """
    before = f"import site; found = site.getsitepackages(); site.getsitepackages = lambda: [*found, {str(packages)!r}]"
    asked = json.dumps({"files": sorted(files), "modules": modules})
    environment = {"PYTHONPATH": str(packages or ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-B", "-c", (before if packages else "") + REACH + IN_A_CHILD, *layer]
    done = subprocess.run(
        command, input=asked, capture_output=True, text=True, cwd=folder, env=environment, check=True
    )
    level, *found = json.loads(done.stdout)
    if level != layer[0]:
        pytest.skip(f"this machine does not allow it: {layer[0]}")
    return found


def _reached(layer: str, folder: Path, files: set[str], modules: list[str]) -> tuple[list[str], list[str]]:
    if isinstance(LAYERS[layer], tuple):
        if not kernel.KNOWN:
            pytest.skip("the walls are for Linux on x86-64 and 64-bit ARM")
        _, opened, imported = _in_a_child(folder, files, modules, *LAYERS[layer])
        return opened, imported
    with Runner(Limits(seconds=60), "off" if layer == "hooks" else "best", hooks=layer == "hooks") as runner:
        if layer != "hooks" and "files" not in runner.probe():
            pytest.skip("this machine has no wall for files")
        program = Program([("reach", 1, REACH)], "reach", allows=("nnutils",))
        run = runner.run(program, [{"files": sorted(files), "modules": modules}]).runs[0]
    assert run.failure is None, run.failure
    return run.result


@pytest.mark.parametrize("layer", LAYERS)
def test_what_holds_answers_is_out_of_reach(tmp_path, layer):
    opened, imported = _reached(layer, tmp_path, SECRET, _modules(SECRET))
    assert not opened and not imported


@pytest.mark.parametrize("layer", LAYERS)
def test_what_a_child_needs_is_in_reach(tmp_path, layer):
    modules = _modules({file for file in NEEDED if "/nnutils/checks/" in file or file.endswith("given.py")})
    modules += ["nnutils.network", "nnutils.layers.dense", "nnutils.optimizers", "nnutils.data.generated"]
    opened, imported = _reached(layer, tmp_path, NEEDED, modules)
    assert {*opened} == NEEDED and imported == modules


def test_the_numerics_are_refused_where_an_exercise_does_not_allow_them(runner):
    """They hold ready answers. No wall keeps them, but an honest student is told."""
    loaded = ("nnutils", "nnutils.files", "nnutils.words")  # by the checks
    numerics = {file for file in NEEDED if "/checks/" not in file and "/lessons/" not in file}
    modules = [module for module in _modules(numerics) if module not in loaded]
    cases = [{"files": sorted(numerics - {f"{ROOT}/nnutils/__init__.py"}), "modules": modules}]
    run = runner.run(Program([("reach", 1, REACH)], "reach"), cases).runs[0]
    assert run.failure is None and run.result == ([], [])


@pytest.mark.skipif(not kernel.KNOWN, reason="the walls are for Linux on x86-64 and 64-bit ARM")
@pytest.mark.parametrize("layer", ["namespaces", "landlock"])
def test_the_same_holds_where_the_course_is_installed_among_other_packages(tmp_path, layer):
    packages, root = tmp_path / "packages", tmp_path / "root"
    root.mkdir()
    for name in ("nnutils", "coursekit"):
        shutil.copytree(ROOT / name, packages / name)
    secret, needed = (
        {
            file.replace(str(ROOT), str(packages))
            for file in files
            if "/nnutils/" in file or "/coursekit/" in file
        }
        for files in (SECRET - COMPILED, NEEDED)
    )
    modules = [*_modules(SECRET), "nnutils.network"]
    _, opened, imported = _in_a_child(root, secret | needed, modules, *LAYERS[layer], packages=packages)
    assert {*opened} == needed and imported == ["nnutils.network"]


@pytest.mark.skipif(not kernel.KNOWN, reason="the walls are for Linux on x86-64 and 64-bit ARM")
def test_without_a_layer_all_of_it_is_in_reach_and_nothing_is_in_memory(tmp_path):
    """So the tests above could fail; and what a child has loaded before it is confined holds no answer."""
    an_exercise = "nnutils.lessons.start_here.exercises.feature_means"
    _, opened, imported = _in_a_child(tmp_path, SECRET, [an_exercise], "none")
    assert {*opened} == SECRET and imported == [an_exercise]
    loaded, _, _ = _in_a_child(tmp_path, set(), _modules(SECRET), "none")
    assert not loaded
