"""Wheels that a browser fetches: of nnutils, with the data that it takes from scikit-learn, and of installed packages."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.resources
import io
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nnutils.data import embedded

DATA_SETS: dict[
    str, dict[str, bool]
] = {  # scikit-learn's loader → its settings, as nnutils.data.embedded calls it
    "load_digits": {},
    "load_breast_cancer": {},
    "load_wine": {},
    "load_diabetes": {"scaled": False},
}
PARTS = ("data", "target", "feature_names", "target_names")
TAGS = "Wheel-Version: 1.0\nGenerator: coursekit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel_of_course(root: Path, folder: Path) -> Path:
    """The wheel of nnutils as it stands in a checkout, written into a folder. It asks for no other package."""
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted((root / "nnutils").rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    kept = embedded.KEPT.relative_to(Path(embedded.__file__).parents[2]).as_posix()
    data = {f"{kept}/{name}": content for name, content in data_sets().items()}
    return write_wheel(folder, "nnutils", importlib.metadata.version("nnutils"), files | data)


def wheel_of_installed(name: str, folder: Path) -> Path:
    """The wheel of a package of pure Python that is installed here, made of its files."""
    found = importlib.metadata.distribution(name)
    inside = [path for path in found.files or () if ".." not in path.parts and path.suffix != ".pyc"]
    files = {path.as_posix(): Path(str(path.locate())).read_bytes() for path in inside}
    code = {path: content for path, content in files.items() if ".dist-info/" not in path}
    return write_wheel(folder, name, found.version, code)


def data_sets() -> dict[str, bytes]:
    """The files from which `nnutils.data.embedded` reads what it else asks scikit-learn for: 26 MB less to fetch."""
    import sklearn.datasets

    files = {}
    for loader, settings in DATA_SETS.items():
        raw, content = getattr(sklearn.datasets, loader)(**settings), io.BytesIO()
        parts: dict[str, Any] = {part: np.asarray(raw[part]) for part in PARTS if part in raw}
        np.savez_compressed(content, **parts)
        files[f"{loader}.npz"] = content.getvalue()
    for name in embedded.PHOTOS_OF_SKLEARN:
        files[name] = (importlib.resources.files("sklearn.datasets.images") / name).read_bytes()
    return files


def write_wheel(folder: Path, name: str, version: str, files: Mapping[str, bytes]) -> Path:
    """Write a wheel of pure Python, the same bytes for the same files.

    Form: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
    """
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    every = {**files, f"{info}/METADATA": metadata.encode(), f"{info}/WHEEL": TAGS.encode()}
    lines = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in every.items()]
    every[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
    file = folder / f"{name}-{version}-py3-none-any.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as wheel:
        for path, content in every.items():
            member = zipfile.ZipInfo(path)  # of the year 1980, whenever it is written
            member.external_attr = 0o644 << 16
            wheel.writestr(member, content, zipfile.ZIP_DEFLATED, 9)
    return file


def _digest(content: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
