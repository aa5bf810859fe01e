"""A charge that shows itself: from plug to plug, told step by step, and summed up at its end."""

import asyncio

from rich.text import Text

from simulator.terminal import phrases, wording
from simulator.terminal.lines import facts

CARD = phrases.FIRST_CARD
CHARGE_S = 25
PAUSE_S = 1.5
"""Before each step, so that a person can follow; a short charge has short pauses."""
RECORD_S = 15
"""How long the backend may take to learn of the end."""


class Interrupted(Exception):
    """The charge did not go its way; the text says where it ended."""


class Tour:
    """One charge through the charger's `Desk`."""

    def __init__(self, charger, central, identity, desk, say, charge_s=CHARGE_S):
        """As `Desk` takes them; `charge_s`: how long it charges."""
        self._perform = charger.commands.perform
        self._bench = charger.bench
        self._store = central.store.transactions
        self._identity = identity
        self._desk = desk
        self._say = say
        self._charge_s = charge_s
        self._pause_s = min(PAUSE_S, charge_s / 10)
        self._frames = {"out": 0, "in": 0}

    async def run(self):
        """True when the car was charged and the backend has it all; what went wrong is told."""
        forget = self._bench.observe(self._count)
        try:
            await self._charge()
        except Interrupted as reason:
            self._say(Text(f">> The demo ends here: {reason}", style="bold red"))
            return False
        finally:
            forget()
        return True

    async def _charge(self):
        known = {transaction.id for transaction in self._store.all(self._identity)}
        await self._wait("connected", 20)
        await self._step("A car comes: three phases, up to 32 A.", do="plug", ev={"max_a": 32})
        await self._wait("Preparing", 10)
        await self._step(f"Its driver holds {CARD} to the reader.", do="swipe", id_tag=CARD)
        await self._wait("Charging", 30)
        await self._watch()
        await self._step(f"Enough. The driver holds {CARD} to the reader again.", do="swipe", id_tag=CARD)
        await self._wait("transaction=false", 30)
        await self._step("The car leaves.", do="unplug")
        await self._wait("Available", 10)
        record = await self._record(known)
        await asyncio.sleep(self._pause_s)
        self._sum_up(record)

    async def _watch(self):
        self._narrate(f"It charges, for {self._charge_s:g} s.")
        await asyncio.sleep(self._charge_s * 0.7)
        self._narrate("How it stands:")
        self._say(self._desk.standing(await self._perform({"do": "get"})))
        await asyncio.sleep(self._charge_s * 0.3)

    async def _step(self, words, **command):
        await asyncio.sleep(self._pause_s)
        self._narrate(words)
        await self._do(command)

    async def _wait(self, condition, timeout_s):
        await self._do({"do": "wait", "for": condition, "timeout_s": timeout_s})

    async def _do(self, command):
        answer = await self._perform(command)
        if not answer["ok"]:
            raise Interrupted(answer["error"])

    async def _record(self, known):
        """The backend's record of the one transaction that is not `known`, once it has ended."""
        for _ in range(RECORD_S * 5):
            for transaction in self._store.all(self._identity):
                if transaction.id not in known and transaction.stopped_at:
                    return transaction
            await asyncio.sleep(0.2)
        raise Interrupted(f"the backend did not learn of the end within {RECORD_S} s")

    def _sum_up(self, record):
        energy_wh = record.meter_stop_wh - record.meter_start_wh
        samples = self._store.samples(self._identity, record.id)
        if energy_wh <= 0 or not samples:
            raise Interrupted(f"the backend knows of {energy_wh} Wh and {len(samples)} meter values")
        duration_s = round((record.stopped_at - record.started_at).total_seconds())
        rows = (
            ("Energy", wording.kwh(energy_wh)),
            ("Duration", f"{wording.clock(duration_s)} from card to card"),
            ("Transaction", f"{record.id} for {record.id_tag}, ended: {record.stop_reason}"),
            ("Meter values", str(len(samples))),
            ("Frames", f"{self._frames['out']} to the backend, {self._frames['in']} from it"),
        )
        self._narrate("The charge is over. The backend has:")
        self._say(facts(rows), "")

    def _count(self, entry):
        if "frame" in entry:
            self._frames[entry["direction"]] += 1

    def _narrate(self, words):
        self._say("", Text(f">> {words}", style="bold magenta"))
