"""`python -m simulator run SCENARIO.toml`: plays a scenario in virtual time and checks what it expects.

The format is that of `simulator.story.scenario_file`; those that come with the simulator stand in
simulator/scenarios and go by their bare names too. Exit code 0: all that is expected holds; 1: something does
not; 2: the file cannot be used.
"""

import argparse
import json
import os
import sys
import time

from simulator import choices
from simulator.clockwork import kernel
from simulator.story import performance, scenario_file
from simulator.story.shapes import Malformed
from simulator.terminal import advice, present

INTERRUPTED = 130
"""Exit code after Ctrl-C."""
COLUMNS = 110
"""Width of a paragraph."""


def add_arguments(parser):
    """The options of this sub-command."""
    bundled = ", ".join(scenario_file.bundled())
    parser.add_argument("scenario", metavar="SCENARIO.toml", help=f"a file, or one of: {bundled}")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    parser.add_argument(
        "--seed", type=_seed, metavar="N", help="decides all chance; the file's own unless told"
    )
    parser.add_argument(
        "--board",
        metavar="NAME",
        help="board definition, on its chip down to the pins; the file's own unless told",
    )


def run(arguments):
    """Play the scenario that the command line names; returns the exit code."""
    began_s = time.perf_counter()
    try:
        scenario = scenario_file.load(arguments.scenario)
        if arguments.board:
            scenario.board = choices.any_board(arguments.board)
        outcome = play(scenario, arguments.seed, None if arguments.json else _Show())
    except (Malformed, choices.Unusable) as reason:
        return _refuse(str(reason), arguments.json)
    except KeyboardInterrupt:
        return INTERRUPTED
    tell = _tell_json if arguments.json else _tell
    tell(scenario, outcome, time.perf_counter() - began_s)
    return 1 if outcome.failures else 0


def play(scenario, seed=None, show=None):
    """The `simulator.story.performance.Outcome` of a `Scenario` on a kernel of its own; Malformed."""
    seed = scenario.seed if seed is None else seed

    async def main():
        return await performance.perform(scenario, kernel.current(), seed, show)

    try:
        return kernel.run(main())
    except Malformed as reason:
        raise reason.of(scenario.path) from None


def _seed(text):
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"{text[:40]} is no seed; give a whole number from 0 on")
    return int(text)


def _refuse(reason, as_json):
    # A stranger's file may hold anything; this is one line, and nothing that a terminal would obey.
    sentence = "".join(character if character.isprintable() else "?" for character in reason)
    if as_json:
        _print(json.dumps({"ok": False, "error": sentence}))
    else:
        print(sentence, file=sys.stderr)
    return 2


class _Show:
    """A line for an entry, and each error's guide where it comes first; the backend's side of what the
    charger's frames say already is left out."""

    def __init__(self):
        self._explained = set()

    def __call__(self, entry):
        line = None if entry.get("source") == "backend" else present.line(entry)
        if line:
            _print(line)
        error = advice.error(entry)
        if error and error not in self._explained:
            self._explained.add(error)
            _print(advice.paragraph(error, COLUMNS))


def _print(line):
    try:
        print(line, flush=True)
    except BrokenPipeError:
        # Who reads has seen enough, as `head` does; that must not disturb the charger whose event this was.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(scenario, outcome, wall_s):
    for failure in outcome.failures:
        _print(f"FAILED: {failure}")
    verdict = f"{len(outcome.failures)} failed" if outcome.failures else "all holds"
    _print(f"{scenario.name}: {verdict} ({scenario.title}; {outcome.sim_ms / 1000:g} s in {wall_s:.2f} s)")


def _tell_json(scenario, outcome, wall_s):
    told = {
        "ok": not outcome.failures,
        "sim_s": outcome.sim_ms / 1000,
        "wall_s": round(wall_s, 3),
        "events": outcome.events,
        "frames": outcome.frames,
        "summary": {"title": scenario.title, "failures": outcome.failures, **outcome.summary},
    }
    _print(json.dumps(told))
