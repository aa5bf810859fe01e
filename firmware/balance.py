"""Load balancing on one supply connection: what the charger may draw so that no fuse of it is overloaded.

Called once for each reading of the mains meter, outside the tick. What everything else on the connection
draws is what the meter says without the charger's own current, so it makes no difference to the result how
far a car has followed the offer yet. Fast down: a current above the fuse counts at once, one that a car only
could cause when it lasts `CONFIRM_MS` (the two meters are never read at the same moment). Slow up: 1 A every
`RISE_MS`, and only while there is room for it. The results become the limit row LOAD_BALANCING with
`LIFE_MS` to live: when the meter falls silent the row's fallback holds.

Each phase is reckoned for itself. Connectors share what there is equally, and what one leaves is the others';
where it is not enough for all they take turns.
"""

LEAST_MA = 6000
"""Less cannot be offered."""
SPARE_MA = 500
"""Kept free below the fuse: a meter shows what was, not what is."""
CONFIRM_MS = 10000
"""A car that rises slowly looks like the house for as long, wherever its own meter lags behind."""
RISE_MA = 1000
RISE_MS = 10000
AGAIN_MA = 1000
AGAIN_MS = 60000
"""After a pause there must be room for 6 A and `AGAIN_MA` for so long."""
TURN_MS = 900000
"""How long one waits for another where there is not enough for both."""
LIFE_MS = 5000
"""Life of a result; the meter is read every second."""
SATED_MS = 30000
"""A car that stays well below its share for so long needs no more, until it comes near to what it was
left."""
_NEAR_MA = 1000
_SATED_MA = 2000
_FAR_MA = 3000
_ANY_MA = 1000000


def rotation(text):
    """Which phase of the mains each phase of a connector is on, from OCPP's three letters: RST is straight,
    RTS has the last two swapped. ValueError."""
    letters = text.strip().upper()
    if sorted(letters) != ["R", "S", "T"]:
        raise ValueError(
            "'%s' is no phase rotation: write R, S and T in the order in which L1, L2 and L3 are wired,"
            " such as RST" % text[:20]
        )
    return tuple(["RST".index(letter) for letter in letters])


class Balance:
    """One charger with its connectors behind fuses that it shares with the house."""

    def __init__(self, fuse_ma, rotations=((0, 1, 2),)):
        """`fuse_ma`: rating of the fuse of each phase; `rotations`: of each connector (see
        `rotation`; one with a single phase has only the first)."""
        self._shares = [_Share(turned) for turned in rotations]
        self._queue = list(self._shares)
        self._lines = [_Line(fuse_ma, len(self._shares)) for _ in range(3)]
        self._turn_ms = 0
        self._begun = False

    def limits_ma(self, connector):
        """What connector `connector` (from 0) may draw, by its own phases (mA): 0, or 6 A and more."""
        share = self._shares[connector]
        return [share.limit_ma[line] for line in share.rotation]

    def update(self, elapsed_ms, mains_ma, drawn_ma):
        """Take a reading.

        `elapsed_ms`: since the reading before. `mains_ma`: current at the fuses by phase, the charger's
        included, negative where it flows out; a meter without a sign only makes this more careful.
        `drawn_ma`: for each connector None while nobody is charging there or waits to, else the currents of
        those of its phases that its car uses, as far as that is known, read as near to the mains meter's as
        can be; zeros when its meter is silent.
        """
        if self._begun and elapsed_ms > LIFE_MS:
            self._recover()
            elapsed_ms = 0  # of which nobody knows whether there was room
        self._begun = True
        for share, own_ma in zip(self._shares, drawn_ma):
            share.read(elapsed_ms, own_ma)
        # Who comes has to queue behind those who are there.
        queue = self._queue
        self._queue = [share for share in queue if any(share.uses)]
        self._queue += [share for share in queue if not any(share.uses)]
        for number, line in enumerate(self._lines):
            users = [share for share in self._queue if share.uses[number]]
            own_ma = sum([share.drawn_ma[number] for share in users])
            limit_ma = sum([share.limit_ma[number] for share in users])
            line.read(elapsed_ms, mains_ma[number], own_ma, limit_ma)
            self._divide(elapsed_ms, number, line)
        self._take_turns(elapsed_ms)

    def _recover(self):
        """After a silence in which the fallback held."""
        for line in self._lines:
            line.forget()
        for share in self._shares:
            share.shrink()

    def _divide(self, elapsed_ms, number, line):
        for share in self._queue:
            # One that is not there is told what it would get if it came now.
            those = [each for each in self._queue if each.uses[number] or each is share]
            part_ma = line.part_ma([each.want_ma[number] for each in those], those.index(share))
            share.follow(elapsed_ms, number, part_ma)

    def _take_turns(self, elapsed_ms):
        waits = False
        for number, line in enumerate(self._lines):
            waits = waits or line.seats < sum([share.uses[number] for share in self._queue])
        self._turn_ms = self._turn_ms + elapsed_ms if waits else 0
        if self._turn_ms >= TURN_MS:
            self._turn_ms = 0
            present = sum([any(share.uses) for share in self._queue])
            self._queue.insert(present - 1, self._queue.pop(0))


class _Line:
    """One phase of the mains: the room that it has for the charger."""

    def __init__(self, fuse_ma, most_seats):
        self.seats = -1
        """How many connectors can have 6 A and more; -1 before the first reading."""
        self._fuse_ma = fuse_ma
        self._most_seats = most_seats
        self._again_ms = 0
        self._own_ma = 0
        self.forget()

    def forget(self):
        """What was seen says nothing any more."""
        self._room_ma = _ANY_MA
        self._best_ma = -_ANY_MA
        self._worse_ms = 0

    def read(self, elapsed_ms, mains_ma, own_ma, limit_ma):
        """Take what flows at the fuse, the charger's part of it, and what that part may become."""
        # An overload is reckoned with the reading before: the mains meter may not have seen the newest yet.
        # Where that is too much, it is so for a reading, and nothing rises in that time.
        last_ma, self._own_ma = self._own_ma, own_ma
        if mains_ma > self._fuse_ma:
            own_ma = last_ma
        room_ma = min(self._fuse_ma, self._fuse_ma - SPARE_MA - mains_ma + own_ma)
        self._best_ma = max(self._best_ma, room_ma)
        self._worse_ms += elapsed_ms
        if room_ma >= limit_ma or mains_ma > self._fuse_ma or self._room_ma == _ANY_MA:
            self._settle(room_ma)
        elif self._worse_ms >= CONFIRM_MS:
            self._settle(self._best_ma)
        self._seat(elapsed_ms)

    def part_ma(self, wants_ma, place):
        """What the one at `place` of those who share gets (mA); `wants_ma`: more than this it leaves
        unused."""
        return _parts(self._room_ma, wants_ma[: self.seats])[place] if place < self.seats else 0

    def _settle(self, room_ma):
        self._room_ma = room_ma
        self._best_ma = -_ANY_MA
        self._worse_ms = 0

    def _seat(self, elapsed_ms):
        possible = max(0, min(self._room_ma // LEAST_MA, self._most_seats))
        if possible < self.seats or self.seats < 0:
            self.seats = possible
        enough = self._room_ma >= (self.seats + 1) * LEAST_MA + AGAIN_MA
        self._again_ms = self._again_ms + elapsed_ms if enough and self.seats < self._most_seats else 0
        if self._again_ms >= AGAIN_MS:
            self._again_ms = 0
            self.seats += 1


class _Share:
    """One connector: what it draws, wants and may draw, by the phases of the mains."""

    def __init__(self, turned):
        self.rotation = turned
        self.uses = [False, False, False]
        """Somebody is charging there on this phase, or waits to."""
        self.drawn_ma = [0, 0, 0]
        self.limit_ma = [0, 0, 0]
        self.want_ma = [_ANY_MA] * 3
        """More than this it would leave unused."""
        self._sated_ms = [0, 0, 0]
        self._room_ms = [0, 0, 0]

    def read(self, elapsed_ms, own_ma):
        """Take the currents of the phases in use, or None."""
        for phase, line in enumerate(self.rotation):
            self.uses[line] = own_ma is not None and phase < len(own_ma)
            self.drawn_ma[line] = own_ma[phase] if self.uses[line] else 0
            self._judge(elapsed_ms, line)

    def shrink(self):
        """What goes on, goes on with the least."""
        for line in range(3):
            self._room_ms[line] = 0
            self.limit_ma[line] = min(self.limit_ma[line], LEAST_MA)

    def follow(self, elapsed_ms, line, target_ma):
        """Down at once, up slowly; freely while nobody is there."""
        limit_ma = self.limit_ma[line]
        rises = self.uses[line] and target_ma >= limit_ma + RISE_MA and limit_ma >= LEAST_MA
        self._room_ms[line] = self._room_ms[line] + elapsed_ms if rises else 0
        if target_ma <= limit_ma or not self.uses[line]:
            self.limit_ma[line] = target_ma
        elif limit_ma < LEAST_MA:
            self.limit_ma[line] = LEAST_MA
        elif self._room_ms[line] >= RISE_MS:
            self.limit_ma[line] += RISE_MA
            self._room_ms[line] = 0

    def _judge(self, elapsed_ms, line):
        drawn_ma = self.drawn_ma[line]
        left_ma = min(self.want_ma[line], self.limit_ma[line])
        far = self.uses[line] and drawn_ma < left_ma - _FAR_MA
        self._sated_ms[line] = self._sated_ms[line] + elapsed_ms if far else 0
        if not self.uses[line] or drawn_ma > left_ma - _NEAR_MA:
            self.want_ma[line] = _ANY_MA
        elif self._sated_ms[line] >= SATED_MS:
            self.want_ma[line] = max(LEAST_MA, drawn_ma + _SATED_MA)
            self._sated_ms[line] = 0


def _parts(room_ma, wants_ma):
    """`room_ma` in parts: equal ones, but none more than is wanted while another wants more; what nobody
    wants is spread evenly."""
    parts = [0] * len(wants_ma)
    hungry = list(range(len(wants_ma)))
    while hungry:
        even_ma = room_ma // len(hungry)
        modest = [place for place in hungry if wants_ma[place] <= even_ma] or hungry
        for place in modest:
            parts[place] = min(wants_ma[place], even_ma)
            room_ma -= parts[place]
        hungry = [place for place in hungry if place not in modest]
    return [part_ma + room_ma // len(parts) for part_ma in parts]
