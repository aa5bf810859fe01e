"""tools/setup: quick when nothing changed, and plain on machines that lack something."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.runtimes import ROOT

# A machine with nothing but these and the programs that a test writes.
TOOLS = ("sh", "cat", "cksum", "cp", "dirname", "env", "id", "mkdir")

# Answers like a Python that is new enough; `-m venv` copies itself and `-m pip` is only written down.
PYTHON = """\
#!/bin/sh
case "$*" in
    *version_info*) [ -z "$OLD" ] ;;
    *ensurepip*) [ -e "$MACHINE/ensurepip" ] ;;
    *"-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
    *--version*) echo "Python 3.11.2" ;;
    *"-m pip"*|*"-m tools"*) echo "python $*" >>"$MACHINE/log"; [ -z "$OFFLINE" ] ;;
esac
"""
APT = """\
#!/bin/sh
echo "apt-get $*" >>"$MACHINE/log"
case "$*" in *install*) : >"$MACHINE/ensurepip"; cp "$MACHINE/python3.later" "$MACHINE/bin/python3" ;; esac
"""


class Machine:
    """A checkout in a folder with a space in its name, on a machine that has only what is given to it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.checkout = folder / "a checkout"
        self.log = folder / "log"
        (folder / "bin").mkdir()
        (self.checkout / "tools").mkdir(parents=True)
        shutil.copy(ROOT / "tools/setup", self.checkout / "tools/setup")
        shutil.copy(ROOT / "pyproject.toml", self.checkout)
        for name in TOOLS:
            (folder / "bin" / name).symlink_to(str(shutil.which(name)))
        self.write("python3.later", PYTHON)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o755)

    def is_user(self) -> None:
        (self.folder / "bin/id").unlink()
        self.write("bin/id", "#!/bin/sh\necho 1000\n")

    def setup(self, what: str, **variables: str) -> subprocess.CompletedProcess:
        environment = {
            "PATH": str(self.folder / "bin"),
            "MACHINE": str(self.folder),
            "OLD": "",
            "OFFLINE": "",
        }
        command = [str(self.checkout / "tools/setup"), what]
        return subprocess.run(
            command, env={**environment, **variables}, capture_output=True, text=True, timeout=30, check=False
        )

    def calls(self) -> list[str]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path) -> Machine:
    """A Debian with a Python that can make virtual environments, and apt-get, for root."""
    machine = Machine(tmp_path)
    machine.write("bin/python3", PYTHON)
    machine.write("bin/apt-get", APT)
    (tmp_path / "ensurepip").touch()
    return machine


def test_the_first_run_installs_the_checkout_and_the_second_does_nothing(machine):
    assert machine.setup("run").returncode == 0
    (call,) = machine.calls()
    assert call.endswith("--editable .")
    again = machine.setup("run")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert machine.calls() == []


def test_what_the_tests_need_includes_what_a_run_needs(machine):
    assert machine.setup("test").returncode == 0
    pip, tools, *stubs = machine.calls()
    assert pip.endswith("--editable .[dev]")
    assert tools == "python -m tools.runtimes"
    assert [call.split("-stubs")[0].rpartition(" ")[2] for call in stubs] == [
        "micropython-rp2",
        "micropython-esp32",
    ]
    assert machine.setup("run").returncode == 0
    assert machine.calls() == []


def test_a_run_needs_no_runtimes(machine):
    machine.setup("run")
    assert not any("tools.runtimes" in call for call in machine.calls())


def test_a_changed_list_of_packages_is_installed_again(machine):
    machine.setup("run")
    machine.calls()
    with (machine.checkout / "pyproject.toml").open("a") as file:
        file.write("# one more\n")
    assert machine.setup("run").returncode == 0
    assert len(machine.calls()) == 1


def test_a_moved_checkout_gets_a_new_environment(machine):
    machine.setup("run")
    machine.calls()
    machine.checkout = machine.checkout.rename(machine.folder / "moved")
    done = machine.setup("run")
    assert done.returncode == 0
    assert "making .venv" in done.stderr
    assert len(machine.calls()) == 1


def test_a_system_without_venv_gets_it_from_apt(machine):
    (machine.folder / "ensurepip").unlink()
    assert machine.setup("run").returncode == 0
    update, install, pip = machine.calls()
    assert update == "apt-get -qq update"
    assert install == "apt-get -qq install -y --no-install-recommends python3-venv"
    assert "pip install" in pip


def test_a_system_without_python_gets_it_from_apt(machine):
    (machine.folder / "bin/python3").unlink()
    assert machine.setup("run").returncode == 0
    assert machine.calls()[1].endswith("install -y --no-install-recommends python3 python3-venv")


def one_sentence(done: subprocess.CompletedProcess) -> str:
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    return line


def test_without_root_and_sudo_the_missing_package_is_named_with_its_command(machine):
    (machine.folder / "ensurepip").unlink()
    machine.is_user()
    sentence = one_sentence(machine.setup("run"))
    assert "this system lacks python3-venv" in sentence
    assert "sudo apt-get install -y --no-install-recommends python3-venv" in sentence
    assert machine.calls() == []


def test_sudo_without_a_password_is_as_good_as_root(machine):
    (machine.folder / "ensurepip").unlink()
    machine.is_user()
    machine.write("bin/sudo", '#!/bin/sh\n[ "$1" = -n ] && shift && exec "$@"\n')
    machine.write("bin/true", "#!/bin/sh\n")
    assert machine.setup("run").returncode == 0
    assert len(machine.calls()) == 3


def test_a_system_without_apt_is_told_what_to_install(machine):
    (machine.folder / "ensurepip").unlink()
    (machine.folder / "bin/apt-get").unlink()
    assert "lacks what Debian calls python3-venv" in one_sentence(machine.setup("run"))


def test_an_old_python_is_refused_when_apt_has_no_newer(machine):
    done = machine.setup("run", OLD="1")
    assert done.returncode == 2
    assert "this system's Python is older than 3.11" in done.stderr


def test_a_failed_download_is_told_and_tried_again_next_time(machine):
    done = machine.setup("run", OFFLINE="1")
    assert done.returncode == 2
    assert "pip could not install the packages" in done.stderr
    machine.calls()
    assert machine.setup("run").returncode == 0
    assert len(machine.calls()) == 1


def test_an_unknown_word_is_answered_with_the_known_ones(machine):
    assert "say 'tools/setup run' or 'tools/setup test'" in one_sentence(machine.setup("dance"))
