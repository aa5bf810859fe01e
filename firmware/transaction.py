"""A transaction: from start to stop, written to the journal before it is acted on."""


class Transaction:
    """One transaction of one connector."""

    def __init__(self, number, connector, id_tag, meter_wh, stamp):
        self.number = number
        """From 1, never reused."""
        self.connector = connector
        self.id_tag = id_tag
        self.group = ""
        """Its parentIdTag, as far as the server has told it."""
        self.meter_wh = meter_wh
        """Lifetime register at the start."""
        self.known_wh = meter_wh
        """The last that is known of the register while it ran: it does not end below."""
        self.stamp = stamp
        """[boot, ms since boot, Unix ms or None] of the start."""
        self.reason = ""
        """Why it is ending; empty while it runs."""
        self.stop_tag = ""
        self.stop_stamp = None
        self.has_charged = False
        self.note = ""
        """What people or the server wrote on it."""
        self.unwritten = False
        """The store refused its end; people have been told once."""

    def ending(self):
        """Whether somebody or something has ended it, and only the last register value is awaited."""
        return self.reason != ""

    def end(self, reason, stamp, id_tag=""):
        """Begin the end, once: the first reason stands."""
        if not self.reason:
            self.reason = reason
            self.stop_stamp = stamp
            self.stop_tag = id_tag

    def start_record(self):
        """The journal's 'start' record (see `ocpp_client.ports.Store`)."""
        return {
            "kind": "start",
            "tx": self.number,
            "connector": self.connector,
            "id_tag": self.id_tag,
            "meter_wh": self.meter_wh,
            "stamp": self.stamp,
        }

    def stop_record(self, meter_wh):
        """The journal's 'stop' record."""
        record = {
            "kind": "stop",
            "tx": self.number,
            "connector": self.connector,
            "id_tag": self.stop_tag,
            "meter_wh": max(meter_wh, self.known_wh),
            "reason": self.reason,
            "stamp": self.stop_stamp,
        }
        if self.note:
            record["note"] = self.note
        return record


def restore(record):
    """The transaction that a 'start' record without its 'stop' tells of."""
    return Transaction(
        record["tx"], record["connector"], record["id_tag"], record["meter_wh"], record["stamp"]
    )
