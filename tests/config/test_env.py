"""What `make run` says first where this machine lacks something: which, and how to get it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.process


@pytest.fixture
def machine(tmp_path):
    """Return a function that runs scripts/env.sh on a machine with only this `python3`."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "dirname", "cat", "cksum"):
        (tools / name).symlink_to(shutil.which(name))

    def run(python3=None):
        if python3:
            program = tools / "python3"
            program.write_text(f"#!/bin/sh\n{python3}\n")
            program.chmod(0o755)
        environment = {name: value for name, value in os.environ.items() if name != "PYTHON"}
        return subprocess.run(
            [tools / "sh", ROOT / "scripts" / "env.sh"],
            env={**environment, "PATH": str(tools)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_no_python(machine):
    done = machine()
    assert done.returncode == 1
    assert "缺少 Python 3.11 或更高版本（本机：没有找到 python3）" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


def test_python_too_old(machine):
    done = machine('[ "$1" = --version ] && echo Python 3.9.2 && exit 0; exit 1')
    assert done.returncode == 1
    assert "缺少 Python 3.11 或更高版本（本机：Python 3.9.2）" in done.stderr


def test_no_venv_module(machine):
    done = machine('case "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; esac')
    assert done.returncode == 1
    assert "缺少 Python 的 venv 模块（本机：Python 3.12）" in done.stderr
    assert "apt-get install python3.12-venv" in done.stderr
