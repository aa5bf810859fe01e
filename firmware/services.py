"""What the connectors share: clock, journal, settings, and who wants to know.

The life of a transaction in the journal: a 'start' record in the log that OCPP sends, then the state
`open-N`, which a release of the log does not touch; at the end the 'stop' record, then `open-N` empty. A
power cut between any two of these leaves enough to put the rest right at boot (`interrupted`).
"""

from firmware import transaction
from ocpp_client.measurands import register_wh

MANAGED = ("Schedule", "FuseCurrent", "StartDelayMax", "ReturnDelayMax", "Vehicles", "PhaseSwitching")
"""Settings of energy management."""


class Services:
    """Durable deeds and published events of one charger."""

    def __init__(self, clock, journal, settings):
        self.clock = clock
        self.journal = journal
        self.settings = settings
        self.client = None
        """The OCPP client, when a backend is configured and can be asked."""
        self.awaited = False
        """A backend is configured: what it has not taken yet stays, whether or not it can be asked now."""
        self.energy = None
        """The `firmware.energy_management.EnergyManagement`, once there is anything to manage."""
        self.refusals = []  # type: list
        """Why this image does not energise this board (`firmware.image`): it never does."""
        self.restarting = False
        """A restart is under way: nothing new begins."""
        self._observers = []
        self._owed = {}  # states that the store refused
        self._refused = None  # a start that the store refused and holds all the same

    def observe(self, callback):
        """`callback(event)` gets every event, a dict with `event` and usually `connector`."""
        self._observers.append(callback)

    def publish(self, event):
        """Tell every observer. One that raises is not told again: nobody who only looks on may stop a
        charge."""
        for callback in tuple(self._observers):
            try:
                callback(event)
            except Exception as error:
                self._observers.remove(callback)
                self.publish({"event": "observer_failed", "reason": wording(error)})

    def status_changed(self, connector):
        """A connector has a new status."""
        if self.client:
            self.client.status_changed(connector)

    def manage(self, connectors, meter):
        """The `EnergyManagement`, which comes with the first thing to manage and stays; None before."""
        if not self.energy and self._is_managed(connectors):
            from firmware.energy_management import EnergyManagement

            self.energy = EnergyManagement(connectors, meter, self)
        return self.energy

    def _is_managed(self, connectors):
        for name in MANAGED:
            if self.settings.get(name) not in (0, "", "auto"):
                return True
        # A limit in W may want other phases.
        return any(each.switchable and any(each.controller.mailbox.power_w) for each in connectors)

    def prepare(self, connector, session):
        """Give control what belongs to the transaction that is about to begin: waits, and what was asked for
        it. Nothing of one before is left."""
        delay_ms = self.energy.begin(connector) if self.energy else 0
        mailbox = connector.controller.mailbox
        again = mailbox.limited_session == session
        mailbox.end_wh = 0
        mailbox.limited_session = session
        if connector.wish or delay_ms or again:
            from firmware.wish import Wish

            (connector.wish or Wish()).write(mailbox, connector.transaction.meter_wh, delay_ms)

    def begin(self, connector, id_tag, meter_wh):
        """Make a transaction durable. OSError: the journal has no room, and none may start."""
        self._end_refused()
        self.journal.check_start()
        number = (self.journal.get("transactions") or 0) + 1
        self.journal.put("transactions", number)
        begun = transaction.Transaction(number, connector, id_tag, meter_wh, self.clock.stamp())
        try:
            self._log(begun.start_record())
        except (OSError, MemoryError) as error:
            if self._is_held(begun.start_record()):
                self._refused = begun
                self.settle()
            raise error if isinstance(error, OSError) else OSError("there is no memory for it")
        self.keep("open-%d" % connector, begun.start_record())
        return begun

    def note(self, running):
        """Remember that a transaction still runs, or how it is ending: what a restart that cuts it off will
        know."""
        seen = [running.number, running.stop_stamp or self.clock.stamp()]
        name = "seen-%d" % running.connector
        if running.ending():
            self.keep(name, seen + [running.reason, running.stop_tag])
        else:
            self.remember(name, seen)

    def complete(self, stop_record):
        """Make the end of a transaction durable. OSError: nothing was written."""
        self._log(stop_record)
        self.keep("open-%d" % stop_record["connector"], None)

    def interrupted(self, connector):
        """(`Transaction`, stamp when it was last seen running) that a restart cut off, or None. One that was
        ending then still knows how. What else began and has not ended, for whatever reason, ends here: the
        server has heard of it."""
        begun = self._unended(connector)
        name = "open-%d" % connector
        found = begun.pop(max(begun)) if begun else None
        for tx in begun:
            self._end_lost(*begun[tx])
        record = found and found[0].start_record()
        # Where the cut came before this was written: the log that tells it may soon be released.
        if record != self.journal.get(name):
            self.keep(name, record)
        if not found:
            return None
        running, seen = found
        running.known_wh = max(running.known_wh, self.kept_energy(connector)[0])
        noted = self.journal.get("seen-%d" % connector)
        if noted and noted[0] == running.number:
            seen = max(seen, noted[1], key=_age)
            if len(noted) > 2:
                running.end(noted[2], noted[1], noted[3])
        return running, seen

    def _unended(self, connector):
        """What began on a connector and has no end: by its number, a `Transaction` and when it was last
        seen."""
        begun = {}
        record = self.journal.get("open-%d" % connector)
        if record:
            begun[record["tx"]] = (transaction.restore(record), record["stamp"])
        entry = self.journal.after(0)
        while entry:
            sequence, record = entry
            tx = record.get("tx")
            if record["kind"] == "stop":
                begun.pop(tx, None)
            elif tx in begun:
                running, seen = begun[tx]
                running.known_wh = max(running.known_wh, register_wh(record))
                begun[tx] = (running, max(seen, record.get("stamp") or record.get("seen") or seen, key=_age))
            elif record["kind"] == "start" and record["connector"] == connector:
                begun[tx] = (transaction.restore(record), record["stamp"])
            entry = self.journal.after(sequence)
        return begun

    def _end_lost(self, lost, seen):
        lost.end("Other", seen)
        try:
            self._log(lost.stop_record(lost.meter_wh))
        except (OSError, MemoryError):
            pass  # the next start tries again

    def keep_energy(self, connector, lifetime_wh, register_wh, passing=False):
        """Write the lifetime energy together with the meter's register that it belongs to."""
        write = self.remember if passing else self.keep
        write("energy-%d" % connector, [lifetime_wh, register_wh])

    def kept_energy(self, connector):
        """(lifetime Wh, register Wh or -1 when it is not known)."""
        return self.journal.get("energy-%d" % connector) or (0, -1)

    def settle(self):
        """Try again to write the states that the store refused."""
        for name in list(self._owed):
            self.keep(name, self._owed[name])
        try:
            self._end_refused()
        except OSError:
            pass  # the next time

    def owes(self, name):
        """Whether the store has refused the latest value of `name`, so far."""
        return name in self._owed

    def keep(self, name, value):
        """Write a state that the charger can do without: a full store is told, stops nothing, and is tried
        again by `settle`."""
        try:
            self.journal.put(name, value)
            self._owed.pop(name, None)
        except (OSError, MemoryError) as error:
            if name not in self._owed:
                self.publish({"event": "unwritten", "name": name, "reason": str(error)})
            self._owed[name] = value

    def remember(self, name, value):
        """Write a state that the next minute tells anew, as long as there is more room than starts and stops
        need."""
        try:
            self.journal.remember(name, value)
            self._owed.pop(name, None)
        except OSError:
            pass  # it stands as it was

    def _is_held(self, record):
        """Whether the record that the store has just refused reached the flash all the same."""
        entry = self.journal.after(self.journal.last - 1)
        return entry is not None and entry[1]["kind"] == record["kind"] and entry[1]["tx"] == record["tx"]

    def _end_refused(self):
        """A start that was refused counts for nothing, but the server hears of one that the store holds, and
        must hear of its end. OSError: not written yet."""
        refused = self._refused
        if refused:
            refused.end("Other", refused.stamp)
            self._log(refused.stop_record(refused.meter_wh))
            self._refused = None

    def _log(self, record):
        if self.client:
            self.client.log(record)
            return
        sequence = self.journal.append(record)
        if not self.awaited:
            # Nobody will ever fetch it.
            self.journal.release(sequence)


def wording(error):
    """What people read of an exception."""
    return "%s: %s" % (type(error).__name__, error)


def _age(stamp):
    """Order of stamps: by boot, then by time since boot."""
    return (stamp[0], stamp[1])
