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

    def verdict(self, transaction, status):
        """The server answered StartTransaction with this AuthorizationStatus."""

    def reset(self, kind):
        """Restart after stopping transactions: 'Soft' gracefully, 'Hard' at once. True when it will."""


class Store:
    """Durable, ordered records: the transaction log, which *is* the message queue.

    A record is a dict of JSON values with a `kind`. The charger appends 'start' and 'stop', the client
    'meter' and 'answered'. The client sends them in order and remembers how far the server has answered.

    kind      fields
    start     tx, connector, id_tag, meter_wh, stamp
    meter     tx, connector, context, stamp, values (list of [measurand, phase or "", unit, text]), and, where
              these do not tell the register, meter_wh
    stop      tx, connector, id_tag or "", meter_wh, reason, stamp
    answered  upto (sequence number of the record that was answered or given up), tx, server_tx (the server's
              id of the open transaction tx, -1 when its start was given up, None once its stop is done with),
              and, where later ones are dated by it, told_ms (the latest Unix ms that the server was told) and
              begins (list of [boot, Unix ms at which the server was told that it began]); where it stands for
              earlier records of tx, meter_wh and seen (stamp) of the last one

    The last of its records is not released while a transaction is open.
    """

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


class Clock:
    """Time, and the chance that protocols need."""

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

    def random_bytes(self, count):
        """Bytes for masks, keys and jitter."""
