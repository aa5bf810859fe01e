"""The MicroPython runtimes in build/runtimes, and how a script runs on them with the checkout importable."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUNTIMES = ROOT / "build" / "runtimes"


def find(name: str, folder: Path = RUNTIMES) -> Path:
    """The program of a runtime. Where this system cannot have it the test is skipped, or fails under CI."""
    program = folder / "bin" / name
    told = folder / "missing.json"
    missing = json.loads(told.read_text()) if told.exists() else {}
    if name in missing:
        verdict = pytest.fail if os.environ.get("CI") else pytest.skip
        verdict(f"NOT TESTED: this system has no {name}: {missing[name]}")
    if not program.exists():
        pytest.fail(f"{name} is not installed, so run 'tools/setup test' first")
    return program


def run(
    program: Path, script: Path, *args: str, options=(), path: Path = ROOT, timeout_s: float = 60
) -> subprocess.CompletedProcess:
    """Run a script, `path` importable, and wait for its end.

    `options` stand before the script: `-X heapsize=192k` on the unix port, `--heapsize 196608` on the other.
    """
    return subprocess.run(
        [program, *options, script, *args],
        cwd=ROOT,
        env={**os.environ, "MICROPYPATH": f".frozen:{path}"},
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
