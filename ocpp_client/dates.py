"""When records were made, as the server is told of it: the date, or for a boot that never learnt it a guess.

What such a boot recorded is told as one block: the distances within it are kept, and it begins where the
block before it ended, at the earliest. A transaction begins a whole second after whatever was told last, at
the earliest: a server knows one by its beginning, and some servers keep no more than seconds.
"""

GAP_MS = 1000
MOST_BOOTS = 4
"""Boots whose beginnings are kept: that of the last record, and those in which open transactions began."""


class Dates:
    """Unix ms of records. `state` and `restore` carry them over a power cut, so that what is sent again says
    the same."""

    def __init__(self, charger, store, clock):
        self._charger = charger
        self._store = store
        self._clock = clock
        self._told_ms = 0
        """The latest that the server was told."""
        self._begins = {}
        """Unix ms at which undated boots began, by their numbers."""
        self._bases = {}
        """(boot, Unix ms at which it began) as the beginnings of open transactions were told."""

    def is_known(self, record):
        """Whether it needs no guess."""
        return self._clock.unix_ms(record["stamp"]) is not None

    def tell(self, sequence, record):
        """Unix ms of the record with this number, to be told once; None while it cannot be told yet."""
        unix_ms = self._clock.unix_ms(record["stamp"])
        if unix_ms is None:
            unix_ms = self._guess(sequence, record)
            if unix_ms is not None:
                self._told_ms = max(unix_ms, self._told_ms)
        else:
            self._told_ms = unix_ms
        return None if unix_ms is None else self._after_start(record["tx"], record["stamp"], unix_ms)

    def of(self, tx, stamp, otherwise_ms):
        """Unix ms of a moment in a transaction whose start was told, to be told with its end; where nobody
        knows it any more, `otherwise_ms`."""
        unix_ms = self._clock.unix_ms(stamp)
        if unix_ms is None and stamp[0] in self._begins:
            unix_ms = self._begins[stamp[0]] + stamp[1]
        return otherwise_ms if unix_ms is None else self._after_start(tx, stamp, unix_ms)

    def begun(self, tx, stamp, unix_ms):
        """The server knows of `tx` by a record of this stamp, as the first one, and was told these Unix
        ms; None: it knows no date of it."""
        if unix_ms is not None:
            self._bases.setdefault(tx, (stamp[0], unix_ms - stamp[1]))

    def ended(self, tx):
        """Nothing more is told of `tx`."""
        self._bases.pop(tx, None)

    def base(self, tx, stamp):
        """What is needed to go on with `tx` after a power cut, unless the record of this stamp tells it, the
        last that is kept: fields of an 'answered' record."""
        boot, base_ms = self._bases.get(tx, (0, 0))
        if not boot:
            return {}
        dated = stamp and stamp[0] == boot and stamp[2] == self._clock.unix_ms(stamp) == base_ms + stamp[1]
        return {} if dated else {"base": [boot, base_ms]}

    def _after_start(self, tx, stamp, unix_ms):
        """No moment of a transaction comes sooner after its start than it did, though a server may have put
        the clock back meanwhile."""
        boot, base_ms = self._bases.get(tx, (0, 0))
        return max(unix_ms, base_ms + stamp[1]) if stamp[0] == boot else unix_ms

    def state(self):
        """What is needed to go on after a power cut: fields of an 'answered' record."""
        fields = {"told_ms": self._told_ms}  # type: dict
        if self._begins:
            fields["begins"] = [[boot, self._begins[boot]] for boot in self._begins]
        return fields

    def restore(self, record):
        """Take over the `state` that an 'answered' record carries, if it does."""
        self._told_ms = record.get("told_ms", self._told_ms)
        self._begins = dict(record.get("begins", ()))
        if "base" in record:
            self._bases[record["tx"]] = tuple(record["base"])

    def forget(self):
        """No transaction is open: what is dated from now on needs no guess of before."""
        self._begins = {}

    @property
    def guesses(self):
        """Whether there are any that later records depend on."""
        return bool(self._begins)

    def _guess(self, sequence, record):
        boot, since_ms, _ = record["stamp"]
        if boot in self._begins:
            unix_ms = self._begins[boot] + since_ms
        else:
            unix_ms = self._first(sequence, boot, since_ms)
            if unix_ms is None:
                return None
        if record["kind"] == "start":
            unix_ms = max(unix_ms, self._told_ms + GAP_MS)
        self._begins[boot] = unix_ms - since_ms
        while len(self._begins) > MOST_BOOTS:
            self._begins.pop(min(self._begins))
        return unix_ms

    def _first(self, sequence, boot, since_ms):
        """The same for the first record of a boot."""
        earliest_ms, latest_ms = self._clock.bounds_ms(boot)
        if earliest_ms is not None and (latest_ms is None or earliest_ms + since_ms <= latest_ms):
            return max(earliest_ms + since_ms, self._told_ms)
        if self._told_ms:
            return self._told_ms
        # Nothing is known before: all of it must fit before the date was learnt.
        span_ms = self._span_ms(sequence, latest_ms)
        if span_ms is None:
            return None
        return max((latest_ms or self._clock.unix_ms(self._clock.stamp()) or 0) - span_ms, 0)

    def _span_ms(self, sequence, latest_ms):
        """How long it took from this record to the last one before `latest_ms`; None while a transaction
        among them is still to be ended."""
        seen = {}  # type: dict  # ms since boot, by boot
        span_ms = -GAP_MS
        entry = self._store.after(sequence - 1)
        while entry:
            sequence, record = entry
            # 'data' tells again what others tell, some of it much later.
            is_message = "stamp" in record and record["kind"] != "data"
            if is_message and self._is_before(record["stamp"], latest_ms):
                if self._is_ending(record):
                    return None
                boot, since_ms, _ = record["stamp"]
                span_ms += max(since_ms - seen.get(boot, since_ms), 0)
                span_ms += GAP_MS if record["kind"] == "start" else 0
                seen[boot] = since_ms
                if len(seen) > MOST_BOOTS:
                    seen.pop(min(seen))
            entry = self._store.after(sequence)
        return max(span_ms, 0)

    def _is_before(self, stamp, latest_ms):
        return self._clock.unix_ms(stamp) is None and self._clock.bounds_ms(stamp[0])[1] == latest_ms

    def _is_ending(self, record):
        """Whether it begins what a restart has cut off, and whose end is not yet written."""
        is_former = record["stamp"][0] != self._clock.stamp()[0]
        return (
            is_former
            and record["kind"] == "start"
            and self._charger.transaction(record["connector"]) == record["tx"]
        )
