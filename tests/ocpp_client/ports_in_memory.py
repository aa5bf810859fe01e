"""The three ports of the client in memory, in virtual time. Runs on MicroPython too."""

from ocpp_client import ports
from ocpp_client.reports import Reading, Status
from ocpp_client.timestamps import from_text

NOON = from_text("2026-03-01T12:00:00Z")


class MemoryStore(ports.Store):
    """Keeps what it is told, also across a new client: its `restart` is a power cut with every write done."""

    def __init__(self):
        self.records = []
        self.saved = {}
        self.released = 0
        self.full = False
        self.written = 0

    def append(self, record):
        if self.full:
            raise OSError("no room")
        self.written += 1
        self.records.append(dict(record))
        return len(self.records)

    def after(self, sequence):
        # What was released is gone: a client that still needed it would find the next record instead.
        sequence = max(sequence, self.released)
        if sequence >= len(self.records):
            return None
        return sequence + 1, dict(self.records[sequence])

    def release(self, sequence):
        assert sequence >= self.released, "released twice"
        self.released = sequence

    def get(self, name):
        return self.saved.get(name)

    def keep(self, name, value):
        self.written += 1
        self.saved[name] = value

    def remember(self, name, value):
        if self.full:
            raise OSError("no room")
        self.written += 1
        self.saved[name] = value

    def of_kind(self, kind):
        return [record for record in self.records if record["kind"] == kind]


class VirtualClock(ports.Clock):
    """Time that moves by `at_ms` alone; its date is unknown until it is told. Chance comes from a seed."""

    def __init__(self, boot=1, seed=1):
        self.at_ms = 0
        self.boot = boot
        self.seed = seed
        self.unix_at_boot_ms = None
        self.bounds = {}
        """(earliest, latest) Unix ms of boots that never learnt the date."""

    def now_ms(self):
        return self.at_ms

    def stamp(self):
        began_ms = self.unix_at_boot_ms
        return [self.boot, self.at_ms, None if began_ms is None else began_ms + self.at_ms]

    def unix_ms(self, stamp):
        if stamp[2] is not None:
            return stamp[2]
        if stamp[0] != self.boot or self.unix_at_boot_ms is None:
            return None
        return self.unix_at_boot_ms + stamp[1]

    def bounds_ms(self, boot):
        return self.bounds.get(boot, (None, None))

    def set_unix_ms(self, unix_ms):
        self.unix_at_boot_ms = unix_ms - self.at_ms

    def random_bytes(self, count):
        result = []
        for _ in range(count):
            self.seed = (self.seed * 1103515245 + 12345) & 0x7FFFFFFF
            result.append(self.seed >> 16 & 0xFF)
        return bytes(result)


class MemoryCharger(ports.Charger):
    """A charger that does as it is told and remembers what it was asked."""

    vendor = "Mode3"
    model = "Test bench"
    serial_number = "0001"
    firmware_version = "0.1.0"

    def __init__(self, store, clock, connector_count=1):
        self.store = store
        self.clock = clock
        self.connector_count = connector_count
        self.statuses = ["Available"] * (connector_count + 1)
        self.running = [0] * (connector_count + 1)
        self.last_tx = 0
        self.energy_wh = 1000
        self.meter_silent = False
        self.offered_ma = 16000
        self.soc_percent = 48
        self.signed = ""
        self.asked = []
        self.verdicts = []
        self.will = True
        self.unlocking = []
        """What is called with the outcome of each unlocking that goes on."""

    def attach(self, client):
        """The client that hears of this charger."""
        self.client = client

    def status(self, connector_id):
        error = "GroundFailure" if self.statuses[connector_id] == "Faulted" else "NoError"
        return Status(self.statuses[connector_id], error, stamp=self.clock.stamp())

    def reading(self, connector_id):
        if self.meter_silent:
            return None
        amperes = 16000 if self.running[connector_id] else 0
        volts = [230000, 231100, 229950]
        reading = Reading(self.energy_wh, [3680] * 3, [amperes] * 3, volts, self.offered_ma)
        reading.offered_w = self.offered_ma * 691 // 1000
        reading.temperature_dc = 253
        reading.soc_percent = self.soc_percent
        reading.frequency_mhz = 49985
        reading.signed = self.signed
        return reading

    def transaction(self, connector_id):
        return self.running[connector_id]

    def remote_start(self, connector_id, id_tag):
        self.asked.append(["start", connector_id, id_tag])
        return self.will

    def remote_stop(self, transaction):
        self.asked.append(["stop", transaction])
        return self.will

    def change_availability(self, connector_id, operative):
        self.asked.append(["availability", connector_id, operative])
        return "Accepted" if self.will else "Scheduled"

    def unlock(self, connector_id, answer):
        if 1 <= connector_id <= self.connector_count:
            self.unlocking.append(answer)
        else:
            answer("NotSupported")

    def amend(self, connector_id, power_w=None, energy_wh=None, note=None, tell=True):
        if power_w is not None and power_w < 0:
            raise ValueError("a charge takes no %d W" % power_w)
        self.asked.append(["amend", connector_id, power_w, energy_wh, note, tell])

    def reset(self, kind):
        self.asked.append(["reset", kind])
        return self.will

    def verdict(self, transaction, status, group=None):
        self.verdicts.append([transaction, status])

    def show(self, connector_id, status):
        """A new status."""
        self.statuses[connector_id] = status
        self.client.status_changed(connector_id)

    def begin(self, id_tag="CARD1", connector_id=1):
        """A transaction begins; its number."""
        self.last_tx += 1
        tx = self.last_tx
        self.client.log(
            {
                "kind": "start",
                "tx": tx,
                "connector": connector_id,
                "id_tag": id_tag,
                "meter_wh": self.energy_wh,
                "stamp": self.clock.stamp(),
            }
        )
        self.running[connector_id] = tx
        return tx

    def end(self, reason="Local", id_tag="CARD1", connector_id=1):
        """The running transaction ends."""
        self.energy_wh += 500
        self.client.log(
            {
                "kind": "stop",
                "tx": self.running[connector_id],
                "connector": connector_id,
                "id_tag": id_tag,
                "meter_wh": self.energy_wh,
                "reason": reason,
                "stamp": self.clock.stamp(),
            }
        )
        self.running[connector_id] = 0
