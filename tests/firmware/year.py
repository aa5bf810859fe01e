"""A long time without a network, written as the real firmware writes it: transactions, readings each minute,
notes, erases ahead."""

from ocpp_client.reports import Reading, Status

MINUTE_MS = 60000
SAMPLED = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,Current.Offered"
CHARGE_MINUTES = 45
MINUTE_WH = 180
IDLE_MINUTES = 60


class Year:
    """Sessions on connector 1 of a `firmware.compose.Firmware` whose tick stands still; `pass_time(ms)` moves
    its clock."""

    def __init__(self, firmware, pass_time):
        self.flash = firmware.parts.store
        self.begun = self.refused = self.sessions = 0
        self.energy_wh = 0
        self.reasons = set()
        """Why they were refused."""
        self.grown_bytes = 0
        self._firmware = firmware
        self._pass_time = pass_time
        self._connector = firmware.charger.connectors[0]
        firmware.charger.reading = self._reading
        firmware.charger.status = lambda connector_id: Status("Charging")

    def live(self, sessions):
        """So many sessions, one after another."""
        for _ in range(sessions):
            self.sessions += 1
            self._session()
            for _ in range(IDLE_MINUTES):
                self._pass_time(MINUTE_MS)
                while self._firmware.journal.prepare():
                    pass

    def _session(self):
        services, connector = self._firmware.services, self._connector
        try:
            running = services.begin(1, "04A1B2C3D4E5F60718AB", self.energy_wh)
        except OSError as refusal:
            self.refused += 1
            self.reasons.add(str(refusal))
            return
        self.begun += 1
        connector.transaction = running
        for _ in range(CHARGE_MINUTES):
            self._minute(running)
        running.end("EVDisconnected", services.clock.stamp())
        services.note(running)
        services.complete(running.stop_record(self.energy_wh))
        connector.transaction = None
        services.keep_energy(1, self.energy_wh, self.energy_wh)

    def _minute(self, running):
        self._pass_time(MINUTE_MS)
        self.energy_wh += MINUTE_WH
        services = self._firmware.services
        self._firmware.client.poll(services.clock.now_ms())
        services.note(running)
        services.keep_energy(1, self.energy_wh, self.energy_wh, True)
        services.keep("latches-1", [0, 0, self.energy_wh // 1000, 1, 0])

    def _reading(self, connector_id):
        return Reading(self.energy_wh, [3680] * 3, [16000] * 3, [230000] * 3, 16000)
