"""`python -m simulator`: a charger, its car and its backend, in simulated or in real time."""

import argparse
import importlib
import sys

BAD_INPUT, INTERRUPTED = 2, 130

PARTS = {
    "charger": ("simulator.charger", "one simulated charger against any OCPP server"),
    "run": ("simulator.scenario", "play a scenario in virtual time and check what it expects"),
    "demo": ("simulator.demo", "a charger, a car and a backend to play with"),
}
"""Sub-command: (module, what it does). A module has `add_arguments(parser)` and `run(arguments)`, which
returns the exit code; only the one that is asked for is imported."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage."""

    def error(self, message):
        print(f"{self.prog}: {message}; --help shows what there is.", file=sys.stderr)
        sys.exit(BAD_INPUT)


def main(words=None):
    """Run the sub-command that `words` (the command line unless told) ask for; returns its exit code."""
    try:
        return _run(sys.argv[1:] if words is None else words)
    except KeyboardInterrupt:  # where nobody listens for it yet: most of a start is imports
        return INTERRUPTED


def _run(words):
    parser = Parser(prog="python -m simulator", description=__doc__.partition(": ")[2])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, meaning) in PARTS.items():
        part = commands.add_parser(name, help=meaning, description=meaning)
        if name in words[:1]:
            chosen = importlib.import_module(module)
            chosen.add_arguments(part)
            part.set_defaults(run=chosen.run)
    arguments = parser.parse_args(words)
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
