"""JupyterLite with the student copies of the lessons, in the folder `live` of a site."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coursekit.authoring.lesson import Lesson
from coursekit.site.live.runtime import Runtime, Unfit, entry, imported_inside
from coursekit.site.live.wheels import wheel_of_course, wheel_of_installed, write_wheel

FOLDER = "live"
NAME = "Improving deep neural networks"
PYODIDE = "static/pyodide"  # inside
PLUGIN = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = [PLUGIN, "@jupyter-widgets/jupyterlab-manager"]  # others that are installed here stay out
OWN = {
    "ipywidgets": ["comm", "ipython"],
    "comm": ["ipython"],
}  # installed here, and not in Pyodide → what it needs
COURSE = ["numpy", "matplotlib", "pillow", "ipywidgets"]  # what nnutils imports when a lesson begins
LATER = ["scikit-learn"]  # fetched by the lessons that ask for it
# What the kernel would ask for one by one while it starts; named here, all come at once. Names and order:
# github.com/jupyterlite/pyodide-kernel, packages/pyodide-kernel/src/worker.ts, initPackageManager and initKernel
KERNEL = ["micropip", "sqlite3", "jedi", "ipython"]
EMPTY = ["ssl"]  # it asks for this one, too, of 2 MB; no lesson opens a connection
KERNEL_OWN = {  # wheel of the kernel → what it needs
    "piplite": ["micropip"],
    "ipykernel": ["ipython"],
    "pyodide_kernel": ["ipython", "comm", "ipykernel"],
}
NEEDED = [*KERNEL, *(name for name in COURSE if name not in OWN), *LATER]  # of Pyodide
WITHOUT = [*EMPTY, "fonttools", "pytz"]  # matplotlib needs the last two for PDF files and for time zones
IN_CELLS = (
    ".jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus"  # where JupyterLab listens to these keys
)
ARROWS = {  # what they do there, also while the focus is on a slider, which then does not move
    "ArrowLeft": "move-cursor-heading-above-or-collapse",
    "ArrowRight": "move-cursor-heading-below-or-expand",
    "ArrowUp": "move-cursor-up",
    "ArrowDown": "move-cursor-down",
}
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"},
    "@jupyterlab/notebook-extension:tracker": {
        "windowingMode": "none"
    },  # all cells are there for search and for screen readers
    "@jupyterlab/shortcuts-extension:shortcuts": {
        "shortcuts": [
            {"command": f"notebook:{command}", "keys": [key], "selector": selector, "disabled": off}
            for key, command in ARROWS.items()
            for selector, off in ((IN_CELLS, True), (f"{IN_CELLS}:not(.noUi-handle)", False))
        ]
    },
}

# JupyterLite takes the notebook that it opens out of the address, and keeps no layout: a page that is loaded again would show
# none. So the page remembers which one it showed when it was left, and puts it back before JupyterLite reads the address.
RELOADED = """<script>
      const kept = `shown at ${location.pathname}`, address = new URL(location);
      addEventListener("pagehide", () => {
        localStorage.setItem(kept, window.jupyterapp?.shell?.currentWidget?.context?.path ?? "");
      });
      if (localStorage.getItem(kept) && !address.searchParams.has("path")) {
        address.searchParams.set("path", localStorage.getItem(kept));
        history.replaceState(null, "", address);
      }
    </script>"""


def address_of(lesson: Lesson) -> str:
    """Where a lesson opens, from the site's root."""
    return f"{FOLDER}/lab/index.html?path={lesson.name}.ipynb"


def check_runtime(runtime: Runtime) -> None:
    """Raise Unfit if a package is missing that the course needs."""
    runtime.closure(NEEDED, WITHOUT)


def build_live(root: Path, chosen: Sequence[Lesson], site: Path, work: Path, runtime: Runtime) -> None:
    """Write JupyterLite with the student copies of some lessons into the site. Raises Unfit if that fails.

    work: a folder for what comes between; packages that were fetched are kept there.
    """
    packages = runtime.closure(NEEDED, WITHOUT)
    lite, out = work / "lite", site / FOLDER
    shutil.rmtree(lite, ignore_errors=True)
    (lite / "files").mkdir(parents=True)
    for lesson in chosen:
        shutil.copy(lesson.copy, lite / "files")
    (lite / "jupyter-lite.json").write_text(json.dumps(_configuration()), encoding="utf-8")
    (lite / "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    _jupyter_lite(lite, out)
    _opens_again(out / "lab" / "index.html")
    own = _own_packages(root, out)
    runtime.write(packages, own, imported_inside(root / "nnutils"), out / PYODIDE, work / "pyodide")


def _configuration() -> dict[str, Any]:
    packages = [*KERNEL, *EMPTY, *KERNEL_OWN, "comm", "nnutils"]
    kernel = {
        "pyodideUrl": f"./{PYODIDE}/pyodide.js",
        "disablePyPIFallback": True,  # all is on the site
        "loadPyodideOptions": {"packages": packages},
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": NAME,
            "exposeAppInBrowser": True,  # for RELOADED
            "litePluginSettings": {f"{PLUGIN}:kernel": kernel},
        },
    }


def _jupyter_lite(lite: Path, out: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "jupyterlite_core",
        "build",
        "--lite-dir",
        str(lite),
        "--output-dir",
        str(out),
    ]
    options = [
        "--apps",
        "lab",
        "--no-sourcemaps",
        "--no-libarchive",
        "--no-unused-shared-packages",
        "--ignore-sys-prefix",
    ]
    installed = Path(sys.prefix, "share", "jupyter", "labextensions")
    options += [f"--LiteBuildConfig.federated_extensions={installed / name}" for name in EXTENSIONS]
    done = subprocess.run([*command, *options], capture_output=True, text=True, cwd=lite)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        raise Unfit(f"JupyterLite could not be built. Its last words:\n{last}")


def _opens_again(page: Path) -> None:
    """Let JupyterLab's page show at a reload the notebook that it showed before, and bear the course's name."""
    text = page.read_text(encoding="utf-8")
    before = "<title>JupyterLite</title>"
    if before not in text:
        raise Unfit(f"{page.name} of JupyterLite has another form than this version of the course expects")
    page.write_text(text.replace(before, f"<title>{NAME}</title>\n    {RELOADED}"), encoding="utf-8")


def _own_packages(root: Path, out: Path) -> dict[str, dict[str, Any]]:
    """The packages that Pyodide lacks, as its list has them: the kernel's, which are here, and ours, written beside it."""
    folder, own = out / PYODIDE, {}
    for name, needs in KERNEL_OWN.items():
        wheel = next((out / "extensions" / PLUGIN / "static" / "pypi").glob(f"{name}-*.whl"))
        address = Path(os.path.relpath(wheel, folder)).as_posix()
        own[name.replace("_", "-")] = entry(wheel, address, [name], needs)
    for name, needs in OWN.items():
        wheel = wheel_of_installed(name, folder)
        own[name] = entry(wheel, wheel.name, [name], needs)
    for name in EMPTY:
        wheel = write_wheel(folder, name, "0", {})
        own[name] = entry(wheel, wheel.name, [])
    wheel = wheel_of_course(root, folder)
    own["nnutils"] = entry(wheel, wheel.name, ["nnutils"], COURSE)
    return own
