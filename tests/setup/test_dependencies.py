"""pyproject.toml, uv.lock, both lists of requirements and environment.yml say the same. Needs no network and no uv."""

import ast
import importlib.metadata
import itertools
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[2]
LISTS = ("requirements.txt", "requirements-dev.txt", ".binder/requirements.txt")
INSTALLED = ("course", "keras")  # the extras of pyproject.toml that course.py installs
PYTHONS = ("3.11.2", "3.11.9", "3.12.1", "3.13.0")
MANYLINUX = [f"manylinux_2_{minor}" for minor in range(35, 4, -1)] + [
    "manylinux2014",
    "manylinux2010",
    "manylinux1",
]
PLATFORMS = {
    "linux-x86_64": ("linux", "posix", "Linux", "x86_64", [f"{name}_x86_64" for name in MANYLINUX]),
    "linux-aarch64": ("linux", "posix", "Linux", "aarch64", [f"{name}_aarch64" for name in MANYLINUX]),
    "macos-arm64": ("darwin", "posix", "Darwin", "arm64", list(mac_platforms((14, 0), "arm64"))),
    "windows-x86_64": ("win32", "nt", "Windows", "AMD64", ["win_amd64"]),
}
EVERYWHERE = pytest.mark.parametrize(("platform", "python"), list(itertools.product(PLATFORMS, PYTHONS)))


def environment(platform: str, python: str) -> dict[str, str]:
    """The values that a dependency's marker is judged by on that platform and Python."""
    sys_platform, os_name, system, machine, _ = PLATFORMS[platform]
    return {
        "sys_platform": sys_platform,
        "os_name": os_name,
        "platform_system": system,
        "platform_machine": machine,
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_version": "",
        "implementation_version": python,
        "extra": "",
    }


def holds(marker: str | Marker | None, env: dict[str, str]) -> bool:
    return marker is None or Marker(str(marker)).evaluate(env)


@cache
def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def lock() -> dict:
    return tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))


def optional() -> dict[str, list[str]]:
    """The extras of pyproject.toml."""
    return pyproject()["project"]["optional-dependencies"]


def declared(*parts: str) -> list[Requirement]:
    """What pyproject.toml asks for: the package itself, and these extras and groups."""
    lists = [pyproject()["project"]["dependencies"]]
    lists += [{**optional(), **pyproject()["dependency-groups"]}[part] for part in parts]
    return [Requirement(line) for line in itertools.chain(*lists)]


def everything() -> list[Requirement]:
    return declared(*optional(), *pyproject()["dependency-groups"])


@cache
def required(name: str = "requirements.txt") -> tuple[Requirement, ...]:
    """The lines of a list of requirements."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return tuple(Requirement(line) for line in lines if not line.startswith("#"))


def locked(env: dict[str, str], *parts: str) -> dict[str, dict]:
    """The packages of uv.lock that one environment gets: a walk from the project, with these extras and groups, along the
    dependencies."""
    chosen: dict[str, dict] = {}
    project = next(package for package in lock()["package"] if package["name"] == "nnutils")
    roots = {**project["optional-dependencies"], **project["dev-dependencies"]}
    todo = [*project["dependencies"], *itertools.chain(*(roots[part] for part in parts))]
    seen = set()
    while todo:
        link = todo.pop()
        package = pick(link, env)
        for part in ["", *link.get("extra", [])]:
            if holds(link.get("marker"), env) and (link["name"], part) not in seen:
                seen.add((link["name"], part))
                chosen[link["name"]] = package
                todo += (
                    package.get("optional-dependencies", {}).get(part, [])
                    if part
                    else package.get("dependencies", [])
                )
    return chosen


def pick(link: dict, env: dict[str, str]) -> dict:
    """The one package that a link of the lock means here (the lock may hold two versions of it)."""
    named = [package for package in lock()["package"] if package["name"] == link["name"]]
    named = [package for package in named if package["version"] == link.get("version", package["version"])]
    fitting = [p for p in named if any(holds(marker, env) for marker in p.get("resolution-markers", [None]))]
    return (fitting or named)[0]


def test_the_walk_through_the_lock_reaches_all_of_it():
    everywhere = [
        locked(environment(platform, python), *optional(), *pyproject()["dependency-groups"])
        for platform in PLATFORMS
        for python in PYTHONS
    ]
    reached = {(name, package["version"]) for chosen in everywhere for name, package in chosen.items()}
    held = {(package["name"], package["version"]) for package in lock()["package"]} - {("nnutils", "0.1.0")}
    assert reached == held


def test_the_lock_was_made_from_these_requirements():
    project = next(package for package in lock()["package"] if package["name"] == "nnutils")
    links = [
        *project["metadata"]["requires-dist"],
        *itertools.chain(*project["metadata"]["requires-dev"].values()),
    ]
    written = {(link["name"], SpecifierSet(link.get("specifier", ""))) for link in links}
    assert written == {(canonicalize_name(line.name), line.specifier) for line in everything()}
    assert SpecifierSet(lock()["requires-python"]) == SpecifierSet(pyproject()["project"]["requires-python"])
    assert project["version"] == pyproject()["project"]["version"]


@EVERYWHERE
def test_the_lock_satisfies_pyproject(platform, python):
    env = environment(platform, python)
    parts = (*INSTALLED, "install", "dev")
    versions = {name: package["version"] for name, package in locked(env, *parts).items()}
    asked = [line for line in declared(*parts) if holds(line.marker, env)]
    assert {canonicalize_name(line.name) for line in asked} <= set(versions)
    assert [str(line) for line in asked if versions[canonicalize_name(line.name)] not in line.specifier] == []
    named = {canonicalize_name(line.name) for line in asked}
    skipped = {canonicalize_name(line.name) for line in declared(*parts)} - named
    assert skipped <= {"tensorflow", "tensorflow-cpu"} and len(skipped) == 1


@EVERYWHERE
def test_requirements_are_the_lock(platform, python):
    env = environment(platform, python)
    course, tools = (
        {f"{line.name}{line.specifier}" for line in required(name) if holds(line.marker, env)}
        for name in LISTS[:2]
    )
    of_course, of_all = (
        {f"{name}=={package['version']}" for name, package in locked(env, *INSTALLED, *groups).items()}
        for groups in (["install"], ["install", "dev"])
    )
    assert course == of_course
    assert course | tools == of_all


@pytest.mark.parametrize("python", PYTHONS)
def test_binder_gets_the_lock_without_keras_and_tools(python):
    env = environment("linux-x86_64", python)
    lines = {f"{line.name}{line.specifier}" for line in required(LISTS[2]) if holds(line.marker, env)}
    assert lines == {f"{name}=={package['version']}" for name, package in locked(env, "course").items()}
    assert not [line for line in lines if re.match("keras|tensorflow|ruff|playwright", line)]
    runtime = (ROOT / ".binder/runtime.txt").read_text(encoding="utf-8").strip()
    assert runtime.removeprefix("python-") + ".1" in SpecifierSet(pyproject()["project"]["requires-python"])


@EVERYWHERE
def test_every_package_has_a_wheel(platform, python):
    """So that nobody needs a compiler."""
    version = tuple(map(int, python.split(".")[:2]))
    names = PLATFORMS[platform][-1]
    tags = {
        *cpython_tags(version, platforms=names),
        *compatible_tags(version, "cp" + "".join(map(str, version)), names),
    }
    without = [
        name
        for name, package in locked(environment(platform, python), *INSTALLED, "install", "dev").items()
        if not any(
            tags & parse_wheel_filename(wheel["url"].rpartition("/")[2])[3]
            for wheel in package.get("wheels", [])
        )
    ]
    assert without == []


@pytest.mark.parametrize("name", ["numpy", "keras", "matplotlib", "jupyterlab"])
def test_one_version_for_everybody(name):
    assert [str(line.marker) for line in required() if line.name == name] == ["None"]
    assert sum(package["name"] == name for package in lock()["package"]) == 1


@pytest.mark.parametrize("name", LISTS)
def test_requirements_say_how_they_are_made_and_name_no_place_of_this_machine(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.search(rf"^# +uv export .*-o {re.escape(name)}$", text, re.MULTILINE)
    assert not re.search(r"file:|@ |--(extra-)?index-url|--find-links|/home/|/tmp/", text)
    assert {package["source"].get("registry") for package in lock()["package"]} == {
        None,
        "https://pypi.org/simple",
    }


def test_a_notebook_service_keeps_its_own_packages():
    """Beside the TensorFlow and the NumPy that it brings, what nnutils itself asks for is there already."""
    bounds = {line.name: str(line.specifier) for line in declared()}
    assert {"keras", "tensorflow", "jupyterlab"}.isdisjoint(bounds)
    assert all(re.fullmatch(r">=[\d.]+", bound) for bound in bounds.values())
    in_pyodide_0_27 = {"numpy": "2.0.2", "matplotlib": "3.8.4", "scikit-learn": "1.6.1"}
    assert [
        name for name, version in in_pyodide_0_27.items() if version not in SpecifierSet(bounds[name])
    ] == []


def test_conda_takes_the_same_packages():
    wanted = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, *others = wanted["dependencies"]
    assert others == ["pip", {"pip": ["-r requirements.txt", "-e ."]}]
    # one version, not a range: services that read this file look for "python=" and a number
    assert python.removeprefix("python=") + ".1" in SpecifierSet(pyproject()["project"]["requires-python"])


def test_course_and_workflow_serve_the_pythons_of_pyproject(course):
    served = SpecifierSet(pyproject()["project"]["requires-python"])
    assert set(course.SERVED) == {(3, minor) for minor in range(30) if f"3.{minor}.1" in served}
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    tested = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert [python for python in tested if python + ".1" not in served] == []
    assert {f"3.{minor}" for _, minor in (min(course.SERVED), max(course.SERVED))} == set(tested)


def test_a_push_does_not_cancel_the_weekly_run():
    """Both run on the default branch, so its name alone would put them into one group."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    assert "schedule" in workflow[True]  # YAML reads the key `on` as true
    assert "github.event_name" in workflow["concurrency"]["group"]


def test_what_the_package_imports_is_declared():
    owners = importlib.metadata.packages_distributions()
    known = {canonicalize_name(line.name) for line in everything()} | {
        "tensorflow",
        "tensorflow-cpu",
        "pillow",  # matplotlib requires it
        "scipy",  # scikit-learn requires it
        "nnutils",
    }
    undeclared = set()
    for path in (ROOT / "nnutils").rglob("*.py"):
        for name in imported(ast.parse(path.read_text(encoding="utf-8"))) - sys.stdlib_module_names:
            if (
                not known & {canonicalize_name(owner) for owner in owners.get(name, [name])}
                and name in owners
            ):
                undeclared.add((path.relative_to(ROOT).as_posix(), name))
    assert undeclared == set()


def imported(tree: ast.AST) -> set[str]:
    """The top-level names of the modules that a file imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names
