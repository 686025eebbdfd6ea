"""usage: python3 course.py JOB [arguments]

  lab      open the course in JupyterLab   (arguments go to JupyterLab: --no-browser, --port 8890)
  reset    begin a lesson anew             (reset 04; your notebook is kept beside it under another name)
  doctor   say what is wrong with this machine, and what to do
  update   take over new texts of the lessons, with your answers
  setup    only install                    (setup --tools: with what the tests need)
  test     prove the whole course          (arguments go to pytest: -k adam, tests/setup)
  JOB      any other job is a verb of the course: grade, build, release, ...

The first start installs what the course needs into .venv, which takes a few minutes. Later starts do not.
"""

from __future__ import annotations  # the standard library alone, in words that every Python from 3.8 reads

import hashlib
import os
import platform
import re
import shutil
import signal
import sys
import sysconfig
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen, call, run

SERVED, SPACE_GB, TEST_PATHS = ((3, 12), (3, 13), (3, 11)), 3, ("tests", "solutions", "notebooks")
WORKERS = str(min(4, (os.cpu_count() or 1) + 1))  # one more than cores, since tests wait, too
TEST_ARGS = ("--nbval", "-n", WORKERS, "--dist", "loadfile", "--durations", "15")
ROOT = Path(__file__).resolve().parent
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "KERAS_BACKEND": "tensorflow"}
QUIET.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")  # more is slower here
PIP = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONUNBUFFERED": "1",
    "PIP_USER": "0",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
VENV = ROOT / ".venv"
STAMP = VENV / "made-by-course.txt"  # where, which Python, which locks; empty while it is being installed
LOCKS = ("requirements.txt", "requirements-dev.txt")  # of the course; of the tools that tests need besides
NEEDLESS = ("tensorflow/include", "clang")  # 350 MB for those who build TensorFlow itself
STARTED = (
    "import IPython, ipywidgets, jupyterlab.labapp, matplotlib.pyplot, nbclient, sklearn.linear_model, keras"
)
BIN, EXE = (VENV / "Scripts", ".exe") if os.name == "nt" else (VENV / "bin", "")
PYTHON = str(BIN / f"python{EXE}")
SHOWN = re.compile(r"\s*(Downloading .*[MG]i?B|Install|Prepared|ERROR|error\b)")
ADDRESS = re.compile(r"host='([^']+)|resolve '([^']+)|https?://(?:[^/@\s]*@)?([^\s/'\",)`]+)")
HERE = f"{platform.python_implementation()} {platform.python_version()} ({sysconfig.get_platform()})"
UNFIT = f"""The course needs a 64-bit CPython 3.11, 3.12 or 3.13, and TensorFlow leaves Intel Macs out.
Here is {HERE}. Install 3.12 from https://www.python.org/downloads/ or get uv, then start again."""
FULL = f"{{}}. The course needs about {SPACE_GB} GB. Free some space, then start again."
LINKED = """{} is a link to {}, and what stands there may belong to another course.
Delete the link, not the folder, then start again."""
NO_VENV = "This Python lacks its venv module. Run `sudo apt install python3-venv`, then start again."
OFFLINE = """The packages could not be fetched: {} was not reached. Check the network (behind a proxy
or a mirror: HTTPS_PROXY and pip's index-url), then start again. What was downloaded is kept."""
ABSENT = "The package index lacks a package for this computer. If pip is set to a mirror, it may lag behind."
CAUSES = (  # what an installer says, and what that means
    ("No space left|Errno 28|os error (28|112)|WinError 112|not enough space", FULL.format("Disk full")),
    ("name ?resolution|not known|getaddrinfo|ConnectionError|connection ?(broken|refused|reset)", OFFLINE),
    ("proxy|max retries|SSL|certificate|timed? ?out|dns error|sending request|unreachable|to fetch", OFFLINE),
    ("ensurepip|No module named '?venv", NO_VENV),
    ("No matching distribution", ABSENT),
)


class Stop(Exception):
    """What went wrong and what to do about it, in a sentence for the person at the keyboard."""


def is_fit() -> bool:
    """Whether TensorFlow has a build for the Python that runs this line."""
    intel_mac = sys.platform == "darwin" and platform.machine() != "arm64"
    other = intel_mac or sys.maxsize < 2**32 or sysconfig.get_platform() == "win-arm64"
    usual = platform.python_implementation() == "CPython" and not sysconfig.get_config_var("Py_GIL_DISABLED")
    return sys.version_info[:2] in SERVED and usual and not other


def probe(*command: str) -> str:
    """The version of that Python, such as 3.12, if it starts and is fit; else nothing."""
    try:
        answer = run([*command, __file__, "--fit"], capture_output=True)
    except OSError:
        return ""
    return "" if answer.returncode else answer.stdout.decode().strip()


def find_python() -> list[str]:
    """The command of a fit Python, this one or another one on the machine; empty if there is none."""
    here = getattr(sys, "_base_executable", "") or sys.executable  # not the one in .venv: that may go
    named = [["py", f"-3.{v[1]}"] if os.name == "nt" else [f"python3.{v[1]}"] for v in SERVED]
    return next((command for command in [[here], *named] if probe(*command)), [])


def watch(*command: str) -> str:
    """Run an installer, showing how far it is. Returns all that it said if it failed, else nothing."""
    said, env = "", {**os.environ, **PIP}
    with Popen(command, cwd=ROOT, env=env, stdout=PIPE, stderr=STDOUT, text=True, errors="replace") as job:
        for line in job.stdout:
            said += line
            if SHOWN.match(line):
                print(line.rstrip()[:200], flush=True)
    return said + f"(exit code {job.returncode})" if job.returncode else ""


def explain(said: str, otherwise: str = "The installation failed. Its last words:\n{}") -> str:
    """Turn the last words of an installer into a sentence."""
    last, address = "\n".join(said.splitlines()[-12:]), "".join((ADDRESS.findall(said) or ["pypi.org"])[0])
    found = [sentence for pattern, sentence in CAUSES if re.search(pattern, last, re.I)]
    return found[0].format(address) if found else otherwise.format(last)


def make_venv() -> None:
    """An empty ``.venv`` in the place of whatever a former start of this script left there."""
    base, uv, free = find_python(), shutil.which("uv"), shutil.disk_usage(ROOT).free / 1e9
    if not base and not uv:
        raise Stop(UNFIT)
    if free < SPACE_GB and not VENV.exists():
        raise Stop(FULL.format(f"Only {free:.1f} GB are free in {ROOT}"))
    if VENV.resolve() != VENV:
        raise Stop(LINKED.format(VENV, VENV.resolve()))
    VENV.mkdir(exist_ok=True)
    STAMP.write_text("")  # before the rest goes, which without a stamp would look like somebody else's
    for item in set(VENV.iterdir()) - {STAMP}:
        shutil.rmtree(item) if item.is_dir() and not item.is_symlink() else item.unlink()
    said = watch(*base, "-m", "venv", str(VENV)) if base else "no Python"
    if said and uv:
        said = watch(uv, "venv", "--allow-existing", "--python", (base or ["3.12"])[0], str(VENV))
    if said or not probe(PYTHON):
        raise Stop(explain(said) if said else UNFIT)


def install(names: list[str]) -> None:
    """Put the packages of these lists and the course into ``.venv``: by uv if it is there and works, else by pip."""
    uv, said = shutil.which("uv"), ""
    tools = [[uv, "pip", "install", "--python", PYTHON]] if uv else []
    for tool in [*tools, [PYTHON, "-m", "pip", "install", "--no-compile"]]:
        print("Installing with", "uv ..." if tool[0] == uv else "pip ...", flush=True)
        failure = watch(*tool, "--no-deps", *(word for name in names for word in ("-r", name)))
        failure = failure or watch(*tool, "--no-deps", "--no-build-isolation", "-e", ".")
        if not failure:
            return
        said = said if "No module named pip" in failure else failure  # uv makes a .venv without pip
    raise Stop(explain(said))


def finish() -> None:
    """Leave out what nobody needs, and start each large package once: Python compiles what it then imports."""
    for folder in [*VENV.glob("lib/*/site-packages"), VENV / "Lib" / "site-packages"]:
        for name in NEEDLESS:
            shutil.rmtree(folder / name, ignore_errors=True)
    print("Starting each package once ...", flush=True)
    watch(PYTHON, "-c", STARTED)


def setup(tools: bool = False) -> None:
    """Make ``.venv`` hold what the locks say, the second one only with tools. Nothing to do where the stamp says that it does."""
    if VENV.is_dir() and any(VENV.iterdir()) and not STAMP.exists():
        raise Stop(f"{VENV} was not made by course.py. Rename it or delete it, then start again.")
    names = [name for name in LOCKS[: 1 + tools] if (ROOT / name).exists()]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    texts = [project + "\0" + (ROOT / name).read_text(encoding="utf-8") for name in names]
    locks = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    stamp = STAMP.read_text(encoding="utf-8", errors="replace") if STAMP.exists() else ""
    same = f"{VENV}\n{probe(PYTHON)}\n"
    if stamp.startswith(same + "\n".join(locks)):
        return
    if stamp.startswith(same + locks[0]):
        print("The tests need some tools ...")
    elif stamp.startswith(same):
        print("The list of packages has changed: bringing .venv up to it ...")
    else:
        cut = "The last set-up was cut short: starting anew ..." if VENV.exists() else "Setting up .venv ..."
        print("The course has moved or its Python changed: making .venv anew ..." if stamp else cut)
        make_venv()
        same = f"{VENV}\n{probe(PYTHON)}\n"
    STAMP.write_text("")
    install(names)
    finish()
    STAMP.write_text(same + "\n".join(locks), encoding="utf-8")


def start(job: str, rest: list[str]) -> int:
    """Hand the terminal over to the job: its Ctrl-C, its exit code."""
    whole = (ROOT / "coursekit").is_dir()  # what students get holds nnutils alone
    words = [PYTHON, "-m", "coursekit.cli" if whole else "nnutils.cli", job, *rest]
    if job == "test":
        named = any((ROOT / word.split("::")[0]).exists() for word in rest)
        paths = [] if named else [path for path in TEST_PATHS if (ROOT / path).exists()]
        words = [PYTHON, "-m", "pytest", *TEST_ARGS, *paths, *rest]
        os.chdir(ROOT)
    if job == "lab":
        page = "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"
        root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        words = [PYTHON, "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}", page, *root, *rest]
    env = {**QUIET, "JUPYTER_CONFIG_PATH": str(ROOT / ".jupyter"), **os.environ}  # its news prompt is off
    env.update(PATH=str(BIN) + os.pathsep + env.get("PATH", ""), PYTHONDONTWRITEBYTECODE="")  # or all is slow
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(words[0], words, env)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return call(words, env=env)


def main(words: list[str]) -> int:
    """Do the job that the words name, or say in a sentence why it cannot be done."""
    if words == ["--fit"]:
        print("{}.{}".format(*sys.version_info))
        return 0 if is_fit() else 1
    if not words or words[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    try:
        setup(tools=words[0] in ("test", "site") or words == ["setup", "--tools"])
        return 0 if words[0] == "setup" else start(words[0], words[1:])
    except Stop as stop:
        sentence = str(stop)
    except OSError as error:
        sentence = explain(str(error), "{}\nClose what uses it, or copy the course to a folder of your own.")
    except KeyboardInterrupt:
        sentence = "Stopped. The next start takes it up again."
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
