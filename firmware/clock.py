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


class Clock:
    """Keeps the port `ocpp_client.ports.Clock` over a `hal.contract.Clock` and the journal.

    The date comes from the real-time clock ('rtc') until the server tells it ('ocpp'). A real-time clock
    that is behind what was known before this boot has lost its date, and is not believed.
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
        """Where it is known from: '', 'rtc' or 'ocpp'."""
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
            return
        self._know(offset_ms, "ocpp")
        self._clock.set_unix_s(unix_ms // 1000)

    def _know(self, offset_ms, source):
        self._offset_ms = offset_ms
        self.known = True
        self.source = source

    def _read_rtc(self):
        rtc_ms = self._clock.unix_s() * 1000
        last_ms = self._syncs[-1][1] + self._syncs[-1][2] if self._syncs else BELIEVABLE_MS[0]
        if last_ms <= rtc_ms < BELIEVABLE_MS[1]:
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
