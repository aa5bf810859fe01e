"""Programs of another Debian release, unpacked beside the system and run with their own libraries.

apt resolves, fetches and checks signatures as always, but keeps its package state in a temporary folder: from
the system it takes the mirror's address, the keys and the way to the network, and it writes nothing there.
"""

import os
import platform
import re
import subprocess
import tempfile
from pathlib import Path

SUITE = "trixie"  # Debian 13, the first release whose MicroPython is new enough
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
MIRROR_VARIABLE = "MODE3_DEBIAN_MIRROR"
FETCH_TIMEOUT_S = 600

# `#clear` undoes what the system's own configuration adds: hooks that would touch the system, and its list of
# architectures. The empty status file makes every package count as missing, so the whole closure is fetched.
APT_CONFIGURATION = """
#clear APT::Architectures;
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Install-Recommends "false";
APT::Keep-Downloaded-Packages "true";
Binary::apt-get::APT::Keep-Downloaded-Packages "true";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Dir::Etc::sourcelist "{state}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "{state}";
Dir::State::status "{state}/status";
Dir::Cache "{state}";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
"""

# The program finds its own C library through the loader that came with it, from wherever the folder stands.
WRAPPER = """\
#!/bin/sh
home=$(dirname "$(dirname "$(readlink -f "$0")")")
exec "$home/{loader}" --library-path "$home/{libraries}" --argv0 {program} "$home/{binary}" "$@"
"""


class PackageError(Exception):
    """A package could not be fetched or unpacked; the text says which, why, and what to do."""


def native_architecture() -> str:
    """The system's own architecture by Debian's name, such as amd64."""
    return _run(["dpkg", "--print-architecture"]).strip()


def unpack(package: str, architecture: str, target: Path) -> None:
    """Fetch `package` with all it depends on and unpack it under `target`; raises PackageError."""
    with tempfile.TemporaryDirectory(prefix="mode3-apt-") as folder:
        for archive in _fetch(package, architecture, Path(folder)):
            _run(["dpkg-deb", "--extract", str(archive), str(target)])


def write_wrapper(wrapper: Path, root: Path, program: str) -> None:
    """Write a script that runs usr/bin/`program` of `root`, which stands beside the script's folder."""
    home = wrapper.parent.parent
    loader = next(root.glob("usr/lib/*-linux-gnu*/ld-linux*.so.*")).relative_to(home)
    binary = (root / "usr/bin" / program).relative_to(home)
    text = WRAPPER.format(loader=loader, libraries=loader.parent, program=program, binary=binary)
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(text, encoding="utf-8")
    wrapper.chmod(0o755)


def _fetch(package: str, architecture: str, state: Path) -> list[Path]:
    for folder in ("lists/partial", "archives/partial"):
        (state / folder).mkdir(parents=True)
    (state / "status").touch()
    (state / "sources.list").write_text(f"deb [signed-by={KEYRING}] {_mirror()} {SUITE} main\n")
    configuration = state / "apt.conf"
    configuration.write_text(APT_CONFIGURATION.format(architecture=architecture, state=state))
    apt = ["apt-get", "--quiet", "--yes", "--config-file", str(configuration)]
    # Without the option, apt counts a mirror out of reach as a warning.
    _run([*apt, "--option", "APT::Update::Error-Mode=any", "update"])
    _run([*apt, "--download-only", "install", package])
    return sorted((state / "archives").glob("*.deb"))


def _mirror() -> str:
    """The mirror that `MODE3_DEBIAN_MIRROR` names, else the one this machine's apt fetches Debian from."""
    named = os.environ.get(MIRROR_VARIABLE)
    if named:
        return named
    system = platform.freedesktop_os_release()
    addresses = re.findall(r"'(\S+?)/dists/([^/\s]+)/InRelease'", _run(["apt-get", "update", "--print-uris"]))
    found = [address for address, release in addresses if release == system.get("VERSION_CODENAME")]
    if system["ID"] != "debian" or not found:
        raise PackageError(
            f"apt here knows no Debian mirror for {SUITE}: set {MIRROR_VARIABLE} to the address of one"
        )
    return min(found, key=lambda address: not address.endswith("/debian"))


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_TIMEOUT_S, check=True)
    except subprocess.TimeoutExpired:
        reason = f"no end after {FETCH_TIMEOUT_S} s"
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip().replace("\n", "; ") or f"exit code {error.returncode}"
    else:
        return done.stdout
    asked = f"{command[0]} {command[-1]}"
    raise PackageError(f"{asked} failed ({reason}), so check the network and apt's sources and try again")
