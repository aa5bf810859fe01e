"""From a board's definition to a running charger: drivers to parts, parts to lanes, lanes to the facade."""

from control.controller import Controller
from firmware import authoriser, image
from firmware import settings as settings_table
from firmware.charger import WORK_MS, Charger
from firmware.clock import Clock
from firmware.fitting import BOARD_ROLES, CONNECTOR_ROLES, fit
from firmware.guard import Guard, Lane
from firmware.health import CONFIG
from firmware.journal import Journal
from firmware.latches import Latches
from firmware.panel import Panel
from firmware.services import Services
from firmware.stalls import Stalls
from firmware.supervisor import Supervisor
from ocpp_client.address import Address
from ocpp_client.client import Client
from ocpp_client.link import Link

ROOTS = "roots"
"""The store's file of root certificates, as `hal.roots` takes them; the name, too, under which the journal
notes that there is one."""
SYSTEM = b"system"
"""What stands there instead where, from now on, those are trusted that the network brings."""
LOOK_MS = 2000
"""Longest wait for the first look at the connectors before the backend is told of them."""
PREPARE_MS = 60000
"""How often the journal looks whether it should erase ahead, and after an erase the next one:"""
PREPARE_NEXT_MS = 1000
ENERGY_MS = 500
"""How often energy management looks around."""
BOOT_SECTORS = 64
"""Most sectors erased before the tick starts: of a MiB the journal keeps 16 for starts and stops and takes
no reading into them; the other 48 hold 11 hours of a session that begins at once. A new flash takes 3 s,
once."""


class Firmware:
    """A composed charger: `guard` for the tick, `charger` for everybody else."""

    def __init__(self, board, drivers, chosen=None):
        """`drivers`: what driver names mean, as `fitting.fit` takes them; `chosen`: settings to write first
        (name to text), ValueError or KeyError when one is refused."""
        self.board = board
        self.parts = fit(BOARD_ROLES, board, 0, drivers)
        self.journal = Journal(self.parts.store)
        self._erase_ahead()
        self.clock = Clock(self.parts.clock, self.journal)
        socket = any(facts.cable_ma == 0 for facts in board.connectors)
        self.settings = settings_table.load(self.journal, len(board.connectors), chosen, board.region, socket)
        self.services = Services(self.clock, self.journal, self.settings)
        self.services.refusals = image.refusals(board, image.released())
        lanes = [self._lane(number + 1, facts, drivers) for number, facts in enumerate(board.connectors)]
        self.guard = Guard(lanes, self.parts.watchdog)
        self.stalls = Stalls(board.stalls, lanes, self.clock)
        self.journal.may_stop = lambda: self.stalls.may("save")
        self.client = None
        self._time_server = None
        self._sources = []  # type: list
        self._make_facade(lanes)
        self._supervisor = Supervisor(
            self.parts.clock, self.guard, self.services.publish, self.charger.is_working
        )

    def _erase_ahead(self):
        """At boot the contactors are open: enough for the first hours; `_prepare` goes on, a sector at a
        time. A store that refuses stops no boot: nothing may start before it takes records again, and until
        then the charger tells so."""
        for _ in range(BOOT_SECTORS):
            try:
                if not self.journal.prepare():
                    return
            except OSError:
                pass  # the next call tries another sector

    def _lane(self, number, facts, drivers):
        parts = fit(CONNECTOR_ROLES, facts, number, drivers)
        phases = min(self.board.phases, facts.phases)
        controller = Controller(
            min(self.board.rated_ma, facts.rated_ma),
            phases=phases,
            cable_ma=facts.cable_ma,
            ventilation=facts.ventilation,
            lockable=facts.cable_ma == 0,
            nominal_mv=self.board.mains_mv,
            metering=parts.meter.fitted,
            switchable=parts.phase_switch.fitted and phases == 3,
        )
        Latches(number, controller, self.services).restore(self.parts.watchdog.cause)
        if self.services.refusals:
            controller.mailbox.system_faults |= CONFIG  # from the first tick on, whatever task fails
        return Lane(controller, parts)

    def _make_facade(self, lanes):
        who = authoriser.Authoriser(self._sources)
        self.charger = Charger(self.board, lanes, self.parts, self.services, who)
        energy = self.services.manage(self.charger.connectors, self.parts.mains_meter)
        if energy:
            energy.resume(self.parts.watchdog.cause)
        if self.settings.get("BackendUrl"):
            self.services.awaited = True
            try:
                self._make_client()
            except ValueError as error:
                # A charger without its backend still charges, and can be told another address.
                self.settings.refused.append(("BackendUrl", str(error)))
        self._order()

    def _order(self):
        self._sources[:] = authoriser.order(self.settings, self.parts.clock, self.client)

    def _make_client(self):
        url, identity = self.settings.get("BackendUrl"), self.settings.get("BackendIdentity") or None
        Address(url, identity)  # a client that fails at it would go on hearing of settings
        self.client = self.services.client = Client(
            self.charger, self.journal, self.clock, self.settings, url, identity
        )
        self.client.report = self.services.publish
        self.client.access.trusts = self._trusts

    def _trusts(self):
        """Whether there is a root certificate to judge a server by."""
        try:
            return bool(self._roots()) or self.parts.network.has_roots
        except OSError:
            return False

    def _roots(self):
        """The root certificates that the charger keeps; none: those count that the network brings. OSError:
        it kept some once, and they are gone: who trusted one root must not come to trust a hundred because
        a file is lost. Whoever needs them is about to judge by the date."""
        self.clock.assume()
        roots = self.parts.store.load(ROOTS) or b""
        if roots and not self.journal.get(ROOTS):
            self.services.keep(ROOTS, True)
        elif not roots and self.journal.get(ROOTS):
            raise OSError("the charger's own root certificates are gone: put the file %s back" % ROOTS)
        return b"" if roots.startswith(SYSTEM) else roots

    async def run(self):
        """The life of a board: the tick runs where the board says, and then every task; until this is
        cancelled."""
        board, clock = self.board, self.parts.clock
        if board.tick_on == "task":
            self.start()
            await self.guard.run(clock, board.tick_ms)
        ticking = self.guard.begin(board, clock.now_ms)
        try:
            self.start()
            while True:
                await clock.sleep_ms(PREPARE_MS)
        finally:
            ticking.stop()

    def start(self):
        """Start every task; the tick is the caller's to run (`guard.tick`), unless `run` did."""
        for reason in self.services.refusals or image.shortcomings(self.board):
            self.services.publish(
                {"event": "unsafe", "energises": not self.services.refusals, "reason": reason}
            )
        for name, reason in self.settings.refused:
            self.services.publish({"event": "setting_refused", "name": name, "reason": reason})
        self.charger.recover(self.parts.watchdog.cause)
        keep = self._supervisor
        keep.start("beat", keep.beat)
        keep.start("charger", self.charger.work)
        keep.start("people", Panel(self.charger, self.parts, self.clock).attend)
        keep.start("journal", self._prepare)
        keep.start("energy", self._manage_energy)
        for meter in [lane.parts.meter for lane in self.guard.lanes] + [self.parts.mains_meter]:
            keep.start("meter", _conversation(meter, self.parts.clock))
        if self.settings.get("TimeServer"):
            self._ask_for_date(keep)
        if self.client:
            keep.start("backend", self._report)
        elif self.services.awaited:
            self.settings.subscribe(self._setting_changed)

    def _setting_changed(self, name):
        """What the backend's client lacked at the start may be there now."""
        if self.client or name not in ("AuthorizationKey", "SecurityProfile"):
            return
        try:
            self._make_client()
        except ValueError:
            return  # that was told
        self._order()
        self._supervisor.start("backend", self._report)

    def _ask_for_date(self, keep):
        from firmware.sntp import TimeServer

        name = self.settings.get("TimeServer")
        server = self._time_server = TimeServer(
            name, self.clock, self.parts.network, self.services.publish, self.stalls
        )
        keep.start("date", server.keep)

    async def _manage_energy(self):
        while True:
            energy = self.services.manage(self.charger.connectors, self.parts.mains_meter)
            if energy:
                energy.look(self.clock.now_ms())
            await self.parts.clock.sleep_ms(ENERGY_MS)

    async def kill(self):
        """End every task and open every contactor; nothing more is written."""
        self.guard.open()
        self.charger.stop()
        await self._supervisor.stop()

    async def _report(self):
        """Keep the link to the backend, from when there is something true to tell: a car that was plugged in
        all the while is no Available. And from when a time server was asked, for TLS needs the date."""
        waited_ms = 0
        while waited_ms < LOOK_MS and not self.charger.has_looked():
            await self.parts.clock.sleep_ms(WORK_MS)
            waited_ms += WORK_MS
        while self._time_server and not self._time_server.tried:
            await self.parts.clock.sleep_ms(WORK_MS)
        await Link(self.client, self.parts.network, self._roots, self.stalls).run()

    async def _prepare(self):
        """Erase ahead while no contactor is closed: an erase may stop the processor."""
        pause_ms = PREPARE_NEXT_MS
        while True:
            await self.parts.clock.sleep_ms(pause_ms)
            pause_ms = PREPARE_MS
            try:
                if self.stalls.may("erase", "save") and self.journal.prepare():
                    pause_ms = PREPARE_NEXT_MS
            except OSError as error:
                self.services.publish({"event": "unwritten", "name": "erase", "reason": str(error)})


def _conversation(meter, clock):
    """A task that keeps one meter's conversation going."""

    async def run():
        while True:
            await clock.sleep_ms(meter.poll(clock.now_ms()))

    return run
