"""A room with a desk in it: the prompt's commands on a whole station in virtual time, and what they say."""

import asyncio
import io
from types import SimpleNamespace

from rich.console import Console

from simulator.clockwork import kernel
from simulator.remote.commands import Commands
from simulator.station import Station
from simulator.terminal import phrases
from simulator.terminal.desk import Desk
from simulator.terminal.tour import Tour

BOUND_S = 3600
"""Of simulated time."""


class Room:
    """A desk at a station, and what it has said."""

    def __init__(self, station):
        self.station = station
        self.output = io.StringIO()
        self.ended = False
        self._console = Console(file=self.output, width=200, highlight=False, markup=False)
        self.charger = SimpleNamespace(bench=station.bench, commands=Commands(station.bench))
        self.desk = Desk(self.charger, station.central, station.identity, self.say, self.end)

    def say(self, *things):
        self._console.print(*things, sep="\n")

    def end(self):
        self.ended = True

    async def do(self, *lines):
        """What was said in answer to these lines."""
        before = len(self.output.getvalue())
        for line in lines:
            await self.desk.do(line)
        return self.output.getvalue()[before:]

    def tour(self, charge_s=20):
        return Tour(self.charger, self.station.central, self.station.identity, self.desk, self.say, charge_s)


def play(story, **options):
    """Run `story(room)` in virtual time at a `Station` whose backend knows the cards of the demo."""

    async def begin():
        async with Station(kernel.current(), cards=phrases.CARDS, **options) as station:
            room = Room(station)
            async with asyncio.timeout(BOUND_S):
                await room.do("wait connected 60")
                await story(room)
            await room.desk.close()

    kernel.run(begin())


def row(text, name):
    """The value beside a name in a table of `get`."""
    return next(line[len(name) :].strip() for line in text.splitlines() if line.startswith(name))
