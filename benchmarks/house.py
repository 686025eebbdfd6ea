"""Draw the house: packages, imports between them, the longest chain of imports, lines and lengths. Standard library alone.

    python3 benchmarks/house.py [FOLDER]        of a checkout, this one by default

A package is a folder below nnutils/ or coursekit/; a lesson's folder is a part of `lessons`. The numerics are what lies flat in
nnutils, with layers/, optimizers/ and data/; commands are what lies flat beside them or in coursekit. Product code is everything
but exercises, questions, plots and explorers of lessons.
"""

from __future__ import annotations

import ast
import io
import statistics
import sys
import tokenize
from collections import defaultdict
from pathlib import Path

CONTENT = ("exercises", "questions", "plots", "explorer")  # of a lesson
OLD_CONTENT = ("exercises", "plots", "explorers")  # folders of the first edition
COMMANDS = ("__init__", "cli", "reset")  # flat in nnutils
SHARED = ("style", "bars", "base", "landscape")  # in these folders, for all lessons
IGNORED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


def package_of(module: str) -> str:
    """The package of a module, as in coursekit.grading.intake."""
    root, *names = module.split(".")
    if names[0] in COMMANDS or (root == "coursekit" and len(names) == 1):
        return f"{root} (commands)"
    if root == "nnutils" and (len(names) == 1 or names[0] in ("layers", "optimizers", "data")):
        return "nnutils (numerics)"
    return ".".join([root, *(names[:1] if names[0] == "lessons" else names[:-1])])


def is_content(path: Path) -> bool:
    """Whether a file is content of lessons and no product code."""
    parts = path.with_suffix("").parts
    lesson = parts[1:2] == ("lessons",) and len(parts) > 3 and parts[3] in CONTENT
    return lesson or (len(parts) > 2 and parts[1] in OLD_CONTENT and parts[-1] not in SHARED)


def chain(imports: dict[str, set[str]], package: str, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The longest chain of packages that import one another, from this one on."""
    longer = [chain(imports, other, (*seen, package)) for other in imports[package] - {*seen, package}]
    return (package, *max(longer, key=len, default=()))


def main(root: Path) -> None:
    """Print the drawing."""
    files = [path for name in ("nnutils", "coursekit") for path in sorted((root / name).rglob("*.py"))]
    modules = {".".join(path.relative_to(root).with_suffix("").parts): path for path in files}
    imports, lines = defaultdict(set), defaultdict(int)
    lengths, functions, tokens = [], [], 0
    for module, path in modules.items():
        text = path.read_text(encoding="utf-8")
        tree, package = ast.parse(text), package_of(module)
        for node in ast.walk(tree):
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            )
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{name}" for name in names]
            for name in {*names} - {"nnutils", "coursekit"}:  # a package's name alone is asked for its folder
                found = next(
                    (
                        m
                        for m in (name, name.rpartition(".")[0])
                        if m in modules or f"{m}.__init__" in modules
                    ),
                    "",
                )
                found = f"{found}.__init__" if f"{found}.__init__" in modules else found
                if found and package_of(found) != package:
                    imports[package].add(package_of(found))
            if isinstance(node, ast.FunctionDef) and not is_content(path.relative_to(root)):
                functions.append(((node.end_lineno or 0) - node.lineno + 1, f"{module}.{node.name}"))
        count = len(text.splitlines())
        lines["content of lessons" if is_content(path.relative_to(root)) else package] += count
        if not is_content(path.relative_to(root)):
            lengths.append((count, module))
            tokens += sum(t.type not in IGNORED for t in tokenize.generate_tokens(io.StringIO(text).readline))
    packages = {package_of(module) for module in modules}
    longest = max((chain(imports, package) for package in packages), key=len)
    for package, count in sorted(lines.items()):
        print(f"{count:7} lines  {package}  → {', '.join(sorted(imports[package])) or '-'}")
    print(f"{len(packages)} packages, {sum(map(len, imports.values()))} imports between packages")
    print(f"longest chain: {len(longest)} packages, {' → '.join(longest)}")
    print(f"product code: {sum(count for count, _ in lengths)} lines, {tokens} tokens, {len(lengths)} files")
    for name, found in (("file", lengths), ("function", functions)):
        print(
            f"{name}: median {statistics.median(n for n, _ in found):g} lines, longest {max(found)[0]} ({max(found)[1]})"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1])
