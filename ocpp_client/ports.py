"""The three ports through which the client knows the rest of the charger.

The firmware passes objects with these methods; the classes here only say what each means. Nothing on a board
imports them, so they cost no heap there. Times called `now_ms` are monotonic milliseconds since boot that
never wrap here (Python integers).
"""


class Charger:
    """What the client asks of the charger, and may ask it to do."""

    vendor = ""
    model = ""
    serial_number = ""
    firmware_version = ""
    connector_count = 1

    def status(self, connector_id):
        """The `reports.Status` of a connector from 1, or of the charger as a whole with 0."""

    def reading(self, connector_id):
        """The latest `reports.Reading`, or None while the meter has never answered or is silent."""

    def transaction(self, connector_id):
        """The number (from 1, never reused) of the connector's running transaction, or 0."""

    def remote_start(self, connector_id, id_tag):
        """Start for `id_tag` on `connector_id` (None: the charger picks). True when it will; authorisation,
        where AuthorizeRemoteTxRequests asks for it, is the charger's own next step."""

    def remote_stop(self, transaction):
        """Stop the running transaction with this number. True when it will."""

    def verdict(self, transaction, status, group=None):
        """The server answered StartTransaction with this AuthorizationStatus, and the parentIdTag where it
        told one."""

    def change_availability(self, connector_id, operative):
        """Take a connector, or with 0 all of them, into or out of service for good: 'Accepted', 'Scheduled'
        for the end of the transactions that run, or 'Rejected'."""

    def unlock(self, connector_id, answer):
        """Let go of the plug, and end what runs first. `answer(status)` is called once, when it is known:
        'Unlocked', 'UnlockFailed', or 'NotSupported' without such a connector or its lock."""

    def amend(self, connector_id, power_w=None, energy_wh=None, note=None, tell=True):
        """What is asked for the transaction that runs, or for the next one (0 and an empty note: nothing,
        None: as it was). `tell`: the server does not know the note yet. ValueError says why it cannot be."""

    def reset(self, kind):
        """Restart after stopping transactions: 'Soft' gracefully, 'Hard' at once. True when it will."""


class Store:
    """Durable, ordered records: the transaction log, which *is* the message queue.

    A record is a dict of JSON values with a `kind`. The client appends them, 'start' and 'stop' as the
    charger gives them to it. It sends them in order and remembers how far the server has answered.

    kind      fields
    start     tx, connector, id_tag, meter_wh, stamp
    meter     tx, connector, context, stamp, values (text of `measurands.sample`), and where there is one
              signed, the register as the meter signed it; where the values do not tell the register, meter_wh
    data      tx, context, stamp, values, signed, to be told with the stop alone; nth and stride say which of
              many (`transaction_data`)
    stop      tx, connector, id_tag or "", meter_wh, reason, stamp
    answered  upto (sequence number of the record that was answered or given up), tx, server_tx (the server's
              id of the open transaction tx, -1 when its start was given up, None once its stop is done with),
              and, where later ones are dated by it, told_ms (the latest Unix ms that the server was told) and
              begins (list of [boot, Unix ms at which the server was told that it began]); where it stands for
              earlier records of tx, meter_wh and seen (stamp) of the last one; where the clock was put back
              since tx began, base ([boot, Unix ms at which it began, as tx knows it]); or upto and tries
              alone: how often the next message has failed so far

    The last of its records is not released while a transaction is open.
    """

    written = 0
    """A number that changes with whatever is written."""

    def append(self, record):
        """Write a record; durable when it returns its sequence number (from 1, increasing). OSError: no
        room."""

    def after(self, sequence):
        """(sequence, record) of the first record after `sequence`, or None."""

    def release(self, sequence):
        """Records up to `sequence` are no longer needed by the client, and their room may be used again."""

    def get(self, name):
        """The value kept under `name`, or None."""

    def keep(self, name, value):
        """Keep a JSON value under `name` in the place of the one before; durable when it returns. OSError: no
        room."""

    def remember(self, name, value):
        """As `keep`, for what one can do without: never slow, and OSError sooner than that it takes the room
        of what matters more."""


class Clock:
    """Time, and the chance that protocols need."""

    proven = False
    """Whether the server that tells the time has to prove by TLS who it is: the client sets it."""

    def now_ms(self):
        """Monotonic ms since boot, never wrapping."""

    def stamp(self):
        """[boot number, ms since that boot, Unix ms or None]: a moment, even while the date is unknown."""

    def unix_ms(self, stamp):
        """Unix ms of a stamp (corrected once the date is known), or None when it cannot be known yet."""

    def bounds_ms(self, boot):
        """(earliest, latest) Unix ms between which a boot lay that never learnt the date; None for what
        nobody knows."""

    def set_unix_ms(self, unix_ms):
        """The server told the time."""

    def judged(self):
        """The server's certificate was good, by the date that the real-time clock shows."""

    def random_bytes(self, count):
        """Bytes for masks, keys and jitter."""
