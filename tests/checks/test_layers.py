"""Who may import whom, as docs/architecture.md has it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import nnutils

PACKAGE = Path(__file__).parents[2] / "nnutils"
PARTS = {
    "authoring",
    "checks",
    "exercises",
    "explorers",
    "givens",
    "grading",
    "plots",
}  # all else is numerics
ABOVE = {  # what the part in front of the colon must not import from nnutils
    "numerics": PARTS | {"cli", "environment", "reset"},
    "givens": PARTS - {"givens"} | {"cli", "environment", "reset"},
    "plots": {"authoring", "checks", "exercises", "explorers", "grading", "cli", "reset"},
    "explorers": {"authoring", "checks", "exercises", "grading", "cli", "reset"},
    "exercises": {"authoring", "explorers", "grading", "plots", "cli", "reset"},
    "checks": {"authoring", "explorers", "grading", "plots", "cli", "reset"},
    "authoring": {"explorers", "plots", "cli"},
    "grading": {"authoring", "explorers", "plots", "cli", "reset"},
}
LIGHT = {"numerics", "givens", "exercises", "checks"}  # numpy alone, when the module is loaded
BESIDE_STRANGERS = ("run", "compare", "draws", "facts", "form", "shown")
FILES = sorted(PACKAGE.rglob("*.py"))


def part_of(path):
    names = path.relative_to(PACKAGE).with_suffix("").parts
    if names[0] in PARTS:
        return names[0]
    return names[0] if names[0] in {"__init__", "cli", "environment", "reset"} else "numerics"


def imports(nodes):
    """The modules that the nodes import, and the names imported from them, which may be modules."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports name the whole path"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def everywhere(path):
    return {*imports(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))}


def when_loaded(path):
    """What a module imports when it is loaded, not what its functions import when they are called."""
    todo, found = list(ast.parse(path.read_text(encoding="utf-8")).body), []
    while todo:
        node = todo.pop()
        found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not _for_types_only(
            node
        ):
            todo += ast.iter_child_nodes(node)
    return {*imports(found)}


def _for_types_only(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_one_way(path):
    names = {name.split(".")[1] for name in everywhere(path) if name.startswith("nnutils.")}
    ours = {"checks" if name in nnutils.__all__ else name for name in names}
    assert not ours & ABOVE.get(part_of(path), set())


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if part_of(path) in LIGHT],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_numpy_alone_is_loaded(path):
    others = {name.partition(".")[0] for name in when_loaded(path)} - sys.stdlib_module_names
    assert others <= {"numpy", "nnutils"}


@pytest.mark.parametrize("name", BESIDE_STRANGERS)
def test_what_runs_beside_strangers_knows_no_exercise(name):
    ours = {name for name in everywhere(PACKAGE / "checks" / f"{name}.py") if name.startswith("nnutils")}
    assert {name.split(".")[2] for name in ours} <= {*BESIDE_STRANGERS, "made", "sent"}


def loaded_by(statement):
    code = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {*run.stdout.split()}


def test_nnutils_loads_numpy_alone():
    packages = {name.partition(".")[0] for name in loaded_by("import nnutils")}
    heavy = {
        "tensorflow",
        "keras",
        "matplotlib",
        "sklearn",
        "scipy",
        "pandas",
        "IPython",
        "ipywidgets",
        "tqdm",
    }
    assert "numpy" in packages
    assert not packages & heavy


def test_child_of_the_grader_loads_no_exercise():
    names = loaded_by(
        "import nnutils.checks.run, nnutils.checks.compare, nnutils.checks.facts, nnutils.givens"
    )
    assert not [name for name in names if name.startswith("nnutils.exercises")]
