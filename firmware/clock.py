"""Moments: monotonic since boot at once, as a date as soon as somebody knows it.

A moment is kept as a stamp, [boot number, ms since that boot, Unix ms or None], and told as a date later. A
stamp becomes the same date each time it is asked for, also after a power cut, so that a message that is sent
again carries the same timestamp: once the server has told the time, neither a later correction nor another
boot changes what an older stamp means.
"""

from control.ticks import MASK

BELIEVABLE_MS = (1577836800000, 4102444800000)
"""A date outside of 2020 to 2099 is not one."""
NOISE_MS = 1000
"""Servers tell whole seconds, and the answer took its time on the way: a smaller difference corrects
nothing."""
SYNCS = 6
"""How many boots that learnt the date from the server are remembered."""
RELEASED_MS = 1767225600000
"""2026-01-01: no clock that is right tells less to this firmware."""
LAST_KNOWN_MS = 21600000
"""How old a date on the flash may be while the date is known."""
DOUBT_MS = 86400000
"""A date counts as the one by which a certificate was good when it is no further from it."""


class Clock:
    """Keeps the port `ocpp_client.ports.Clock` over a `hal.contract.Clock` and the journal.

    The date comes from the server ('ocpp'); until that tells it from a time server ('sntp'), and before
    from the real-time clock ('rtc'). These two are not believed where they are behind what a server told
    that had proven who it is, and what they tell binds nobody: the next answer may take it back.
    """

    def __init__(self, clock, journal):
        self._clock = clock
        self._journal = journal
        self._raw_ms = clock.now_ms()
        self._now_ms = 0
        self._offset_ms = None
        # [boot, Unix ms of its start, ms since then at which the server told so], the oldest first.
        self._syncs = journal.get("clock_syncs", [])
        self.boot = journal.get("boot", 0) + 1
        """Number of this boot; from 1, one more each time."""
        self.known = False
        """Whether the date is known."""
        self.source = ""
        """Where it is known from: '', 'rtc', 'sntp' or 'ocpp'."""
        self.proven = False
        """As in `ocpp_client.ports.Clock`."""
        # The real-time clock was last set to what `assume` says, or to a date that is doubted.
        self._assumed = journal.get("clock_assumed", False)
        self._by_least = True  # that was its turn last
        self._judged_ms = None  # by which date a certificate was good, as `_offset_ms`
        self._read_rtc()
        self._saved = False
        self._save()

    def now_ms(self):
        """Monotonic ms since boot, never wrapping. To be called at least once in twelve days."""
        raw_ms = self._clock.now_ms()
        self._now_ms += (raw_ms - self._raw_ms) & MASK
        self._raw_ms = raw_ms
        return self._now_ms

    def sleep_ms(self, duration_ms):
        """Awaitable: let other tasks run for `duration_ms`."""
        return self._clock.sleep_ms(duration_ms)

    def random_bytes(self, count):
        """`count` unpredictable bytes."""
        return self._clock.random_bytes(count)

    def stamp(self):
        """[boot number, ms since that boot, Unix ms or None] of now."""
        if not self._saved:
            self._save()
        now_ms = self.now_ms()
        return [self.boot, now_ms, now_ms + self._offset_ms if self.known else None]

    def unix_ms(self, stamp):
        """Unix ms of a stamp, or None while it cannot be known.

        What was stamped before the server told the time of its boot is reckoned back from there; anything
        else is what was known when it was stamped. None is left for boots that never learnt the date: see
        `bounds_ms`.
        """
        boot, since_boot_ms, known_ms = stamp
        for sync_boot, start_ms, synced_ms in self._syncs:
            if sync_boot == boot and since_boot_ms < synced_ms:
                return start_ms + since_boot_ms
        return known_ms

    def bounds_ms(self, boot):
        """(earliest, latest) Unix ms between which a boot lay that never learnt the date: the last moment at
        which the server told it before, and the start of the next boot that it told; None where there is no
        such.

        What the boot before dated after that moment lies beyond the earliest.
        """
        earliest_ms = None
        for known_boot, start_ms, synced_ms in self._syncs:
            if known_boot > boot:
                return earliest_ms, start_ms
            earliest_ms = start_ms + synced_ms
        return earliest_ms, None

    def set_unix_ms(self, unix_ms):
        """The server told the time. Sets the date and the real-time clock, never the monotonic time.

        A date that is not believable, or within `NOISE_MS` of what the server told before, changes nothing.
        """
        if not BELIEVABLE_MS[0] <= unix_ms < BELIEVABLE_MS[1]:
            return
        offset_ms = unix_ms - self.now_ms()
        if self.source != "ocpp":
            self._syncs = (self._syncs + [[self.boot, offset_ms, self._now_ms]])[-SYNCS:]
            self._save()
        elif abs(offset_ms - self._offset_ms) <= NOISE_MS:
            self._remember()
            return
        self._learn(offset_ms, "ocpp")

    def believe(self, unix_ms):
        """A time server told the time. False when the date cannot be right, or is known better: then nothing
        changes."""
        if self.source == "ocpp" or not self.least_ms() <= unix_ms < BELIEVABLE_MS[1]:
            return False
        self._learn(unix_ms - self.now_ms(), "sntp")
        return True

    def least_ms(self):
        """Unix ms before which it cannot be now: what a proven server told last and certificates stood, or
        when this firmware was released. One lie would lock the charger out for good."""
        return max(RELEASED_MS, self._journal.get("clock_least", 0) * 1000)

    def assume(self):
        """Certificates are to be judged, and the real-time clock may not know the date: it is set to the
        least that it can be. By that nothing is known, also after a restart. A date by which no certificate
        has been good yet, told in this boot or in one before, has its turn first, and every second one."""
        least_ms, rtc_ms = self.least_ms(), self._clock.unix_s() * 1000
        believable = least_ms <= rtc_ms < BELIEVABLE_MS[1]
        if not self._assumed and (self.known or believable):
            return
        if not self._mark(True):
            return  # it would be taken for the date one day
        self._by_least = not self._by_least
        told_ms = self._journal.get("clock_told", 0) * 1000 or least_ms
        if self.known:
            told_ms = self._offset_ms + self.now_ms()
        elif believable and least_ms <= told_ms <= rtc_ms:
            told_ms = rtc_ms  # it went on since
        self._clock.set_unix_s((least_ms if self._by_least else told_ms) // 1000)

    def judged(self):
        """As in `ocpp_client.ports.Clock`."""
        rtc_s = self._clock.unix_s()
        self._judged_ms = rtc_s * 1000 - self.now_ms()
        told_s = self._journal.get("clock_told", 0)
        if self.source == "ocpp":
            self._remember()
        elif told_s and abs(rtc_s - told_s) * 1000 <= DOUBT_MS:
            self._bind(told_s)

    def _learn(self, offset_ms, source):
        """Know the date, and let the real-time clock know it."""
        self._know(offset_ms, source)
        self._by_least = True
        if self._is_doubted() and not self._mark(True):
            return
        self._clock.set_unix_s((offset_ms + self._now_ms) // 1000)
        self._remember()

    def _is_doubted(self):
        """Whether the date is what a proven server told, and no certificate was good by it so far."""
        if not self._is_proven():
            return False
        return self._judged_ms is None or abs(self._offset_ms - self._judged_ms) > DOUBT_MS

    def _is_proven(self):
        return self.source == "ocpp" and self.proven

    def _remember(self):
        """Keep on the flash that it is this late by now, if a proven server told so: as the bound, or while
        that is doubted beside it, for the handshakes after a restart. What is there already goes forward in
        steps."""
        doubted = self._is_doubted()
        if not doubted:
            self._mark(False)
        if not self._is_proven():
            return
        unix_s = (self._offset_ms + self.now_ms()) // 1000
        kept_s = self._journal.get("clock_told" if doubted else "clock_least", 0)
        if kept_s <= unix_s < kept_s + LAST_KNOWN_MS // 1000:
            unix_s = kept_s
        if doubted:
            self._put("clock_told", unix_s)
        else:
            self._bind(unix_s)

    def _bind(self, unix_s):
        """It cannot be earlier any more; nothing that was told is left to be tried."""
        if self._put("clock_least", unix_s) and self._journal.get("clock_told"):
            self._put("clock_told", 0)

    def _mark(self, assumed):
        """Note whether what the real-time clock shows is no date; whether the flash took it."""
        if self._assumed != assumed and self._put("clock_assumed", assumed):
            self._assumed = assumed
        return self._assumed == assumed

    def _put(self, name, value):
        """Whether the flash took it; what it refuses is written another time."""
        try:
            self._journal.put(name, value)
        except OSError:
            return False
        return True

    def _know(self, offset_ms, source):
        self._offset_ms = offset_ms
        self.known = True
        self.source = source

    def _read_rtc(self):
        rtc_ms = self._clock.unix_s() * 1000
        if not self._assumed and self.least_ms() <= rtc_ms < BELIEVABLE_MS[1]:
            self._know(rtc_ms, "rtc")

    def _save(self):
        """A refusing store does not stop the charger; the next stamp tries again, for a stamp is only as
        good as its boot number."""
        try:
            self._journal.put("boot", self.boot)
            self._journal.put("clock_syncs", self._syncs)
            self._saved = True
        except OSError:
            self._saved = False
