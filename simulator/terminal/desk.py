"""Does what a person types at the prompt: to the charger and its world, through its commands, or to the
charger by its backend."""

import asyncio

from rich.console import Group
from rich.table import Table
from rich.text import Text

from firmware.settings import OWN_KEYS
from simulator.remote.fields import Refused
from simulator.terminal import lines, phrases, standing

_CURRENT = next(key for key in OWN_KEYS if key.name == "AllowedCurrent")
UNANSWERED = {
    "NotConnected": "the charger is not connected to the backend",
    "Disconnected": "the connection was lost before the charger answered",
    "TimedOut": "the charger did not answer in time",
}
"""`CommandResult` statuses that are no word of the charger's."""


class Desk:
    """One prompt's commands."""

    def __init__(self, charger, central, identity, say, end):
        """`charger`: a `LiveCharger`; `central`: its backend, where it is called `identity`; `say(*things)`
        shows rich's renderables; `end()` ends everything."""
        self._charger = charger
        self._central = central
        self._identity = identity
        self._say = say
        self._end = end
        self._under_way = set()

    async def do(self, line):
        """Do what `line` says; whatever it is, nothing is raised for it."""
        try:
            command = phrases.read(line)
            if command:
                await _OWN.get(command["do"], Desk._pass_on)(self, command)
        except Refused as reason:
            self._say(Text(str(reason), style="red"))

    async def close(self):
        """Wait for no answer of the charger's any more."""
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _pass_on(self, command):
        answer = await self._charger.commands.perform(command)
        if not answer["ok"]:
            raise Refused(answer["error"])
        if "note" in answer:
            self._say(Text(answer["note"], style="dim"))
        return answer

    async def _wait(self, command):
        waiting = asyncio.create_task(self._pass_on(command))
        try:
            await asyncio.sleep(0)  # what has no meaning is refused by now
            if not waiting.done():
                self._say(Text(f"waiting for {command['for']}", style="dim"))
            await waiting
        finally:
            waiting.cancel()
        self._say(f"so it is: {command['for']}")

    async def _get(self, command):
        self._say(self.standing(await self._pass_on(command)))

    async def _guide(self, command):
        self._say(Text((await self._pass_on(command))["guide"]))

    def standing(self, everything):
        """What the command `get` answered, as a table."""
        begun_ms = {
            entry["tx"]: entry["t_ms"]
            for entry in self._charger.bench.events
            if entry["event"] == "transaction_started" and entry["source"] == "charger"
        }
        return standing.table(everything, begun_ms)

    # By the owner.

    async def _limit(self, command):
        try:
            _CURRENT.parse(command["a"])
        except ValueError as reason:
            raise Refused(f"{reason}, such as: limit 10") from None
        await self._pass_on({"do": "set", "key": _CURRENT.name, "value": command["a"]})

    # By the backend. The prompt does not wait for the charger: its network may be cut.

    async def _start(self, command):
        id_tag = command["id_tag"]
        asking = self._central.remote_start(self._identity, id_tag, command.get("connector"))
        self._tell(f"start {id_tag}", asking)

    async def _stop(self, command):
        running = self._central.store.transactions.all(self._identity, running=True)
        wanted = [row for row in running if command.get("connector") in (None, row.connector)]
        if not wanted:
            raise Refused(
                "the backend knows of no running transaction here; begin one with 'start' or a card"
            )
        self._tell("stop", self._central.remote_stop(self._identity, wanted[-1].id))

    def _tell(self, order, asking):
        task = asyncio.create_task(self._answer(order, asking))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _answer(self, order, asking):
        result = await asking
        words = UNANSWERED.get(result.status, f"the charger says {result.status} {result.detail}".rstrip())
        now_ms = self._charger.bench.kernel.now_ms()
        self._say(lines.told(now_ms, "operator", f"{order}: {words}", "" if result.ok else "red"))

    # Here.

    async def _help(self, command):
        grid = Table.grid(padding=(0, 2))
        for title, section in phrases.SECTIONS.items():
            grid.add_row(Text(title, style="bold"))
            for phrase in section.values():
                grid.add_row(Text("  " + phrase.example, style="cyan"), phrase.meaning)
        faults = Text(f"Faults: {', '.join(phrases.PHRASES['fault'].words)}", style="dim")
        self._say(Group(grid, faults))

    async def _quit(self, command):
        self._end()


_OWN = {
    "wait": Desk._wait,
    "get": Desk._get,
    "guide": Desk._guide,
    "start": Desk._start,
    "stop": Desk._stop,
    "limit": Desk._limit,
    "help": Desk._help,
    "quit": Desk._quit,
}
"""What is not simply passed on to the charger's commands."""
