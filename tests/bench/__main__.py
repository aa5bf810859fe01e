"""Measures and reports.

    python -m tests.bench [NAME ...]

`NAME` is a module of this folder; all of them where none is named, and only then build/bench.json is written.
Exit code 1 when a bound is missed or something cannot be measured, 2 for a name that does not exist.
"""

import sys

from tests.bench import alone, report
from tests.runtimes import ROOT

MODULES = (
    "reaction",
    "tick",
    "gaps",
    "sampling",
    "handshake",
    "memory",
    "sizes",
    "codec",
    "day",
    "journal",
    "drain",
    "boot",
)
OUT = ROOT / "build" / "bench.json"


def measure(names):
    """The figures of these modules, which module each is from, and what could not be measured."""
    figures, modules, failures = {}, {}, []
    for name in names:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        try:
            found = alone.measure(name)
        except Exception as error:
            failures.append(f"{name} could not be measured: {type(error).__name__}: {error}")
            continue
        figures.update(found)
        modules.update(dict.fromkeys(found, name))
    return figures, modules, failures


def main(names):
    """The exit code."""
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        print(f"bench: {unknown[0]} is not measured here; choose from {', '.join(MODULES)}.", file=sys.stderr)
        return 2
    figures, modules, failures = measure(names or MODULES)
    if not names:
        missing = [name for name in report.BOUNDS if name not in figures]
        failures += [f"{name} has a bound and was not measured" for name in missing]
    print(report.table(figures, modules))
    for failure in failures:
        print(failure, file=sys.stderr)
    if not names:
        report.write(figures, OUT)
    kept = all(report.holds(name, figure["value"]) for name, figure in figures.items())
    return 0 if kept and not failures else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
