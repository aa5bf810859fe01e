"""What must have become of a scenario at its end: its table `expect`."""

from simulator.backend.presentation import LINES
from simulator.remote.conditions import EVENTS, FRAMES
from simulator.story import judgement, patterns, shapes, step_reader, summary
from simulator.story.judgement import Never, Seen
from simulator.story.patterns import Pattern, Want
from simulator.story.shapes import Malformed


class Expectations:
    """The table `expect` of a scenario."""

    def __init__(self, given):
        """`given`: the table as it stands in the file; Malformed."""
        values = shapes.table(given, _KEYS)
        self.events = values["events"]
        self.sent = values["sent"]
        self.frames = values["frames"]
        self.transactions = values["transactions"]
        self.connectors = values["connectors"]
        self._never = values["never"]

    def never(self, bench):
        """A `Never` for each such condition and connector of `bench`; Malformed, also when a connector is
        expected that is not there."""
        numbers = [outlet.number for outlet in bench.world.connectors]
        if len(self.connectors) > len(numbers):
            raise Malformed(f": connectors has {len(self.connectors)} tables, and the board {len(numbers)}")
        return [
            Never(
                f"never {place}", shapes.part(f"never {place}", wanted, step_reader.condition(bench, number))
            )
            for place, wanted in enumerate(self._never, 1)
            for number in numbers
        ]

    def failures(self, events, frames, found):
        """A sentence for each expectation that the log and the `summary` of a run do not keep."""
        happened = [Seen(entry["t_ms"], entry["event"], entry) for entry in events]
        sent = [
            Seen(entry["t_ms"], entry["frame"][2], entry["frame"][3])
            for entry in summary.calls(frames, "out")
        ]
        return [
            *judgement.in_order("event", self.events, happened),
            *judgement.in_order("sent", self.sent, sent),
            *judgement.counts(self.frames, found["frames"]),
            *judgement.all_transactions(self.transactions, found["transactions"]),
            *judgement.rows("connector", self.connectors, found["connectors"]),
        ]


def _named(thing, known):
    """A list of patterns, each named after a known `thing`."""

    def kind(value):
        found = [shapes.part(text, text, patterns.named) for text in shapes.texts(value)]
        for pattern in found:
            if pattern.name not in known:
                raise Malformed(f"has {shapes.no_such(thing, pattern.name, known)}")
        return found

    return kind


def _rows_of(names):
    """A list of tables with some of these names."""

    def kind(value):
        if not isinstance(value, list):
            raise Malformed(f"is a list of tables, not {shapes.shown(value)}")
        keys = {name: (_figures if name.endswith(_UNITS) else Want, None) for name in names}
        return [
            _row(shapes.part(str(place), row, lambda row: shapes.table(row, keys)))
            for place, row in enumerate(value, 1)
        ]

    return kind


def _row(wants):
    return Pattern("", {name: want for name, want in wants.items() if want is not None})


def _figures(value):
    return Want(value).of_figures()


def _counts(value):
    keys = dict.fromkeys(FRAMES, (_figures, None))
    return {action: want for action, want in shapes.table(value, keys).items() if want is not None}


def _conditions(value):
    if not isinstance(value, list):
        raise Malformed(f"is a list of conditions, not {shapes.shown(value)}")
    return value


_UNITS = ("_wh", "_s", "_w", "_ma", "_mv", "_dc")
"""Fields that end in one of these are figures."""

_KEYS: dict = {
    "events": (_named("event", sorted({*EVENTS, *LINES, "backend"})), []),
    "sent": (_named("action", FRAMES), []),
    "frames": (_counts, {}),
    "transactions": (_rows_of(summary.TRANSACTION), None),
    "connectors": (_rows_of(summary.CONNECTOR), []),
    "never": (_conditions, []),
}
