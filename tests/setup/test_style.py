"""The repository is as clean as pyproject.toml asks for. The pre-commit hooks run the same commands."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HOOKS = {
    "ruff-check": ["ruff", "check", "--quiet", "."],
    "ruff-format": ["ruff", "format", "--check", "--quiet", "."],
    "mypy": ["mypy"],
}


@pytest.mark.parametrize("hook", HOOKS)
def test_clean(hook):
    job = subprocess.run([sys.executable, "-m", *HOOKS[hook]], cwd=ROOT, capture_output=True, text=True)
    assert job.returncode == 0, job.stdout + job.stderr


def test_the_hooks_run_the_same_tools():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    entries = {hook["id"]: hook["entry"].split() for repo in config["repos"] for hook in repo["hooks"]}
    assert {name: entries[name][: len(words[:2])] for name, words in HOOKS.items()} == {
        name: words[:2] for name, words in HOOKS.items()
    }
    assert all(hook["language"] == "system" for repo in config["repos"] for hook in repo["hooks"])
