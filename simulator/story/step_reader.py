"""Steps of a scenario, from their tables in the file."""

from simulator.remote import commands
from simulator.remote.conditions import BadCondition, Condition
from simulator.story import shapes, steps
from simulator.story.orders import ORDERS
from simulator.story.shapes import NEEDED, Malformed

_TIMES = {"at": (shapes.seconds, None), "after": (shapes.seconds, None)}
_ANY = (shapes.anything, NEEDED)
_CONNECTOR: dict = {"connector": (shapes.whole(1, 99), 1)}
_WORLD = tuple(name for name in commands.NAMES if name not in ("advance", "get", "wait"))
_INSTEAD = {
    "advance": "time passes by itself: use `at` or `after`",
    "wait": "use `expect` with `within`",
    "get": "nobody reads its answer: use `expect`",
}


async def read(tables, station, rehearsal):
    """The steps in `tables`, for a station that has not started; Malformed names step and thing.

    What the world is to do is tried in the `rehearsal`, in order, so that a step that can never be done is
    told before anything runs.
    """
    reader = _Reader(station, rehearsal)
    return [await reader.read(number, given) for number, given in enumerate(tables, 1)]


class _Reader:
    """Reads steps one after the other."""

    def __init__(self, station, rehearsal):
        self._station = station
        self._rehearsal = rehearsal
        self._at_s = 0.0
        self._deeds = {"do": self._do, "expect": self._expect, "hold": self._hold, "pause": self._pause}

    async def read(self, number, given):
        """The step in this table."""
        place = f"step {number}"
        try:
            kind = _kind(given)
            times = self._times(given)
            rest = {name: value for name, value in given.items() if name not in _TIMES}
            deed = await self._deeds[kind](rest, times)
        except Malformed as reason:
            raise Malformed(f": {reason.of(place)}") from None
        return steps.Step(f"{place} ({given.get('do', kind)})", times["at"], times["after"], deed)

    def _times(self, given):
        times = shapes.table({name: given[name] for name in _TIMES if name in given}, _TIMES)
        at_s = times["at"]
        if None not in times.values():
            raise Malformed("has both `at` and `after`; keep one of them")
        if at_s is not None and at_s < self._at_s:
            raise Malformed(f"is at {at_s:g} s, but one before it at {self._at_s:g} s; put them in order")
        self._at_s = self._at_s if at_s is None else at_s
        return times

    async def _pause(self, rest, times):
        shapes.table(rest, _TIMES)
        if times["at"] is None and times["after"] is None:
            raise Malformed("does nothing; give it `do`, `expect`, `hold`, or a time to let pass")
        return steps.passing()

    async def _do(self, rest, times):
        do = shapes.part("do", rest["do"], _doable)
        given = {name: value for name, value in rest.items() if name != "do"}
        if do in ORDERS:
            order, keys = ORDERS[do]
            values = shapes.table(given, {**keys, "answer": (shapes.text, None)})
            wanted = values.pop("answer")
            return steps.ordering(order, values, wanted)
        if do == "backend":
            to = shapes.table(given, {"to": (shapes.word("stop", "start"), NEEDED)})["to"]
            return steps.switching_backend(to)
        refusal = await self._rehearsal.refusal(rest)
        if refusal:
            raise Malformed(f"cannot be done: {refusal}")
        return steps.commanding(rest)

    async def _expect(self, rest, times):
        values = shapes.table(rest, {**_CONNECTOR, "expect": _ANY, "within": (shapes.seconds, 0)})
        return steps.expecting(self._condition("expect", values), values["within"])

    async def _hold(self, rest, times):
        values = shapes.table(rest, {**_CONNECTOR, "hold": _ANY, "during": (shapes.seconds, NEEDED)})
        return steps.holding(self._condition("hold", values), values["during"])

    def _condition(self, name, values):
        return shapes.part(name, values[name], condition(self._station.bench, values["connector"]))


def condition(bench, connector):
    """The kind that is a `Condition` of a connector."""

    def kind(value):
        last = len(bench.world.connectors)
        if connector > last:
            raise Malformed(f"asks for connector {connector}; choose one from 1 to {last}")
        try:
            return Condition(value, bench, connector)
        except BadCondition as reason:
            raise Malformed(f"has no meaning: {reason}") from None

    return kind


def _kind(given):
    found = [kind for kind in ("do", "expect", "hold") if kind in given]
    if len(found) > 1:
        raise Malformed(f"has both `{found[0]}` and `{found[1]}`; make two steps of it")
    return found[0] if found else "pause"


def _doable(value):
    shapes.text(value)
    if value in _INSTEAD:
        raise Malformed(f"is {value}, but {_INSTEAD[value]}")
    known = [*_WORLD, "backend", *ORDERS]
    if value not in known:
        raise Malformed(f"names {shapes.no_such('command', value, known)}")
    return value
