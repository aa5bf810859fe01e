"""Changes the code of control bit by bit with mutmut, and counts the changes that a test notices.

    python -m tests.mutation [MODULE ...]

`MODULE` is one of control, such as `pilot`; all of them where none is named. Prints the score of each.
Exit code 1 when fewer than 90 % of the changes were noticed, one survived that is not in survivors.toml, or
one that is there was noticed or is no more; 2 for a module that does not exist.

Functions are changed, tables and figures are not: tests compare those with tables of their own.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

from tests.mutation.mutants import found
from tests.runtimes import ROOT

LEAST_PERCENT = 90
WORKERS = 2
"""Tests of so many mutants run at once."""
FOLDER = ROOT / "build" / "mutation"
COPIED = ("control", "tests", "pyproject.toml")
"""What mutmut copies into a folder of its own; the rest is imported from the checkout."""
LIST = Path(__file__).with_name("survivors.toml")
MUTMUT = "import sys; from mutmut.__main__ import cli; sys.exit(cli())"


def run_mutmut(modules):
    """Make the mutants and test them; mutmut tells of its progress by itself."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for name in COPIED:
        (FOLDER / name).symlink_to(ROOT / name)
    patterns = [f"control.{module}.*" for module in modules]
    command = [sys.executable, "-c", MUTMUT, "run", f"--max-children={WORKERS}", *patterns]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.run(command, cwd=FOLDER, env={**os.environ, "PYTHONPATH": path}, check=False).returncode


def explained(modules):
    """Survivors with a reason: how often each is listed, by name."""
    groups = tomllib.loads(LIST.read_text(encoding="utf-8"))["survivors"]
    names = [name for group in groups for name in group["mutants"]]
    return Counter(name for name in names if not modules or name.partition(".")[0] in modules)


def table(mutants):
    """The score of each module, and of all."""
    killed = Counter(mutant.module for mutant in mutants if mutant.is_killed)
    made = Counter(mutant.module for mutant in mutants)
    rows = [(module, killed[module], count) for module, count in made.items()]
    rows.append(("all", killed.total(), made.total()))
    return "\n".join("%-12s %5d of %5d killed %6.1f %%" % (*row, 100 * row[1] / row[2]) for row in rows)


def judge(mutants, listed):
    """What is not as it should be, as sentences."""
    survived = Counter(mutant.name for mutant in mutants if not mutant.is_killed)
    for name in survived - listed:
        yield f"survived without a reason: {name}"
    for name in listed - survived:
        yield f"listed as a survivor, but killed or gone: {name}"
    percent = 100 * sum(mutant.is_killed for mutant in mutants) / len(mutants)
    if percent < LEAST_PERCENT:
        yield f"only {percent:.1f} % were killed, and {LEAST_PERCENT} % must be."


def main(modules):
    """The exit code."""
    unknown = [module for module in modules if not (ROOT / "control" / f"{module}.py").exists()]
    if unknown:
        print(f"mutation: control has no module {unknown[0]}, so name one that it has.", file=sys.stderr)
        return 2
    if run_mutmut(modules):
        print("mutation: mutmut could not finish for the reason above.", file=sys.stderr)
        return 1
    mutants = list(found(FOLDER / "mutants" / "control", tuple(modules)))
    print(table(mutants))
    complaints = list(judge(mutants, explained(modules)))
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
