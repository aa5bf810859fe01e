"""Somebody who gives commands to a whole charger in virtual time."""

import asyncio

from simulator.bench import Bench
from simulator.clockwork import kernel
from simulator.remote.commands import Commands
from simulator.wires.network import Network

CARD = {"do": "swipe", "id_tag": "CARD"}


class Person:
    """Somebody who gives commands and sees the answers."""

    def __init__(self, bench):
        self.bench = bench
        self._commands = Commands(bench)

    async def gives(self, command):
        """The answer to a command that is done."""
        answer = await self._commands.perform(command)
        assert answer["ok"], answer
        return answer

    async def is_refused(self, command):
        """Why a command is not done."""
        answer = await self._commands.perform(command)
        assert answer["ok"] is False
        assert set(answer) == {"ok", "error"}
        return answer["error"]

    async def waits(self, wanted, timeout_s=30, **more):
        """When the condition held."""
        command = {"do": "wait", "for": wanted, "timeout_s": timeout_s, **more}
        return (await self.gives(command))["t_ms"]

    async def sees(self, connector=1):
        """The connector in the snapshot."""
        return (await self.gives({"do": "get"}))["connectors"][connector - 1]


def play(story, **options):
    """Run `story(person)` beside a charger that knows one card."""

    async def main():
        settings = {"LocalCards": "CARD", **options.pop("settings", {})}
        bench = Bench(kernel.current(), Network(), seed=3, settings=settings, **options)
        await bench.start()
        await asyncio.sleep(1)
        try:
            await story(Person(bench))
        finally:
            await bench.stop()

    kernel.run(main())
