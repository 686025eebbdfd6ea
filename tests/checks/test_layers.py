"""Who may import whom, as docs/architecture.md has it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import nnutils

ROOT = Path(__file__).parents[2]
CHECKED = ("nnutils", "coursekit")
ALLOWED = {  # part → the parts that it may import besides itself; all of nnutils that has no line of its own is numerics
    "numerics": set(),
    "figures": {"numerics"},
    "checks": {
        "numerics",
        "lessons",
    },  # of lessons the package alone: exercises are imported by name when asked for
    "lessons": {"numerics", "given"},
    "given": {"numerics", "checks"},
    "questions": {"checks"},
    "predictions": {"checks"},
    "plots": {"numerics", "figures", "given"},
    "explorer": {"numerics", "figures", "given", "plots"},
    "exercises": {"numerics", "checks", "given"},
    "reset": {"numerics", "checks"},
    "update": {"numerics", "reset"},
    "doctor": {"numerics", "reset"},
    "cli": {"numerics"},
    "coursekit": set(),
    "coursekit.sandbox": {"coursekit", "numerics", "checks", "lessons", "given"},
    "coursekit.grading": {"coursekit", "coursekit.sandbox", "numerics", "checks", "lessons"},
    "coursekit.authoring": {
        "coursekit",
        "coursekit.sandbox",
        "coursekit.grading",
        "numerics",
        "figures",
        "checks",
        "reset",
        "update",
    },
    "coursekit.site": {"coursekit", "coursekit.authoring", "numerics", "figures", "checks", "lessons"},
    "coursekit.cli": {"coursekit", "cli"},
}
LIGHT = {
    "numerics",
    "lessons",
    "given",
    "questions",
    "predictions",
    "exercises",
    "checks",
}  # numpy alone, when the module is loaded
BESIDE_STRANGERS = ("run", "compare", "draws", "facts", "form", "shown")
FILES = sorted(path for package in CHECKED for path in (ROOT / package).rglob("*.py"))
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def part_of(module):
    """The part of the house to which a module, or a name of it, belongs."""
    package, *names = module.split(".")
    if package == "coursekit":
        return ".".join([package, *names[:1]]) if ".".join([package, *names[:1]]) in ALLOWED else package
    if names[:1] == ["lessons"]:
        return next((name for name in names[2:3] if name in ALLOWED), "lessons")
    return (
        names[0]
        if names and names[0] in ALLOWED
        else "checks"
        if {*names[:1]} & {*nnutils.__all__}
        else "numerics"
    )


def topic_of(module):
    names = module.split(".")
    return names[2] if names[:2] == ["nnutils", "lessons"] and len(names) > 2 else None


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


@each_file
def test_imports_run_one_way(path):
    own = module_of(path)
    ours = {name for name in everywhere(path) if name.partition(".")[0] in CHECKED}
    assert {part_of(name) for name in ours if own != "nnutils"} <= ALLOWED[part_of(own)] | {part_of(own)}
    if topic_of(own):
        assert {topic_of(name) for name in ours} <= {None, topic_of(own)}, "what two lessons share goes down"


@each_file
def test_numpy_alone_is_loaded(path):
    if part_of(module_of(path)) in LIGHT:
        others = {name.partition(".")[0] for name in when_loaded(path)} - sys.stdlib_module_names
        assert others <= {"numpy", "nnutils"}


@pytest.mark.parametrize("name", BESIDE_STRANGERS)
def test_what_runs_beside_strangers_knows_no_exercise(name):
    ours = {
        name for name in everywhere(ROOT / "nnutils" / "checks" / f"{name}.py") if name.startswith("nnutils")
    }
    assert {name.split(".")[2] for name in ours} <= {*BESIDE_STRANGERS, "built_input", "sent"}


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
        "import nnutils.checks.run, nnutils.checks.compare, nnutils.checks.facts, nnutils.checks.built_input"
    )
    assert not [name for name in names if name.startswith("nnutils.lessons.")]
