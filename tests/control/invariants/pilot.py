"""The control pilot: no command without a car that asks soundly (1-4), and has for long enough (5)."""

from tests.control.watching import WINDOW_MS, Recently, Since, Watch, promise

C_MV = 6000
D_MV = 3000
WIDE_MV = 1100
"""What a car that asks may show around its level, noise and all."""
SOUND_LOW_MV = -10000
LATE_MS = 25
"""A tick so late has no second one to wait for."""


class Pilot(Watch):
    """Whether the car asks, and whether its pilot is to be believed."""

    def __init__(self):
        self._sound_ms = 0
        self._left = Since()
        self._denies = 0
        self._shorted = Since()
        self._disturbed = Since()
        self._odd = Since()
        self._bad_diode = Since()
        self._shown = Since()
        self._unsound = Recently()
        self._unsound_diode = Recently()
        self._asks = Since()
        self._dip_ms = 0
        self._diode_seen = False
        self._surely_shorted = Since()
        self._listens = Since()
        self._short_ms = self._unrest_ms = -(10**9)
        self._restless = False
        self._accidents = 0

    def look(self, truth):
        line, now_ms = truth.outlet.line, truth.now_ms
        left_ms = self._left.note(self._denied(truth), now_ms)
        self._check_02_contacts(truth, left_ms)
        shorted_ms = self._shorted.note(line.shorted, now_ms)
        odd_ms = self._odd.note(truth.odd and truth.plain, now_ms)
        if truth.driven and truth.punctual:
            promise("02", left_ms <= 50, "still driven %d ms after the car let go", left_ms)
            promise("03", shorted_ms <= 100, "still driven %d ms into a short", shorted_ms)
            promise("03", odd_ms <= 100, "still driven %d ms between two states", odd_ms)
        self._disturbed.note(line.disturbed, now_ms)
        self._bad_diode.note(line.diode_shorted and truth.signals, now_ms)
        if not truth.outlet.car.plugged:
            self._diode_seen = False
        elif truth.signals and line.true_low_mv < SOUND_LOW_MV:
            self._diode_seen = True
        self._note_accidents(truth)

    def tick(self, truth):
        line = truth.outlet.line
        sound = line.valid and truth.duty_bp > 0 and self._in_window(truth)
        if sound:
            self._sound_ms = truth.now_ms
        self._check_01_level(truth)
        self._check_02_let_go(truth)
        self._check_03_unsound(truth, sound)
        self._check_04_diode(truth)
        self._note_asking(truth)

    def rise(self, truth):
        self._check_05_stable(truth)
        promise("05", self._diode_seen, "closed before the diode was seen sound")
        rest_ms = truth.now_ms - self._short_ms
        promise("05", rest_ms >= 29900, "closed %d ms after a short", rest_ms)

    def ended(self, truth):
        self._accidents = 0

    def pending(self, truth):
        return self._accidents > 1 or truth.now_ms - self._unrest_ms < 31000

    def _denied(self, truth):
        """The pilot shows A, B, or a D that may not charge."""
        return truth.plain and not (truth.asks or truth.odd)

    def _in_window(self, truth):
        line = truth.outlet.line
        if abs(line.high_mv - C_MV) <= WIDE_MV:
            return True
        return truth.ventilated and abs(line.high_mv - D_MV) <= WIDE_MV

    def _check_01_level(self, truth):
        """A command needs a valid reading of C (or D where it may charge) within 100 ms."""
        old_ms = truth.now_ms - self._sound_ms
        promise("01", not truth.driven or old_ms <= 100, "driven %d ms after a sound reading", old_ms)

    def _check_02_let_go(self, truth):
        """Not driven within 50 ms, whatever the rhythm of the ticks."""
        left_ms = self._left.note(self._denied(truth), truth.now_ms)
        promise("02", not truth.driven or left_ms <= 50, "driven %d ms after the car let go", left_ms)
        if truth.asks:
            self._denies = 0
        elif self._denied(truth):
            self._denies += 1
            # Two ticks must agree that the car let go; one that comes late has no second one to wait for.
            enough = self._denies >= 2 or truth.unattended_ms >= LATE_MS
            promise("02", not (truth.driven and enough), "driven in tick %d after it let go", self._denies)

    def _check_02_contacts(self, truth, left_ms):
        left_ms = min(left_ms, truth.now_ms - truth.welded_ms)
        bound_ms = 100 if truth.worst_gap_ms <= 40 and truth.unattended_ms <= 40 else 250
        promise(
            "02", not truth.contacts or left_ms <= bound_ms, "contacts closed %d ms after it let go", left_ms
        )

    def _check_03_unsound(self, truth, sound):
        line, driven = truth.outlet.line, truth.driven
        shorted_ms = self._shorted.note(line.shorted, truth.now_ms)
        promise("03", not driven or shorted_ms <= 100, "driven %d ms into a short", shorted_ms)
        odd_ms = self._odd.note(truth.odd and truth.plain, truth.now_ms)
        promise("03", not driven or odd_ms <= 100, "driven %d ms between two states", odd_ms)
        disturbed_ms = self._disturbed.note(line.disturbed, truth.now_ms)
        promise("03", not driven or disturbed_ms <= 600, "driven %d ms into interference", disturbed_ms)
        half = self._unsound.note(not sound, truth.unattended_ms)
        promise("03", not (driven and half), "driven while half of the pilot's readings were unsound")

    def _check_04_diode(self, truth):
        line, driven = truth.outlet.line, truth.driven
        bad_ms = self._bad_diode.note(line.diode_shorted and truth.signals, truth.now_ms)
        # Readings that fail say nothing of the diode, and are soon a fault of their own.
        plain_ms = self._shown.note(truth.plain and not line.loose, truth.now_ms)
        bound_ms = 100 if plain_ms >= bad_ms else WINDOW_MS
        promise("04", not driven or bad_ms <= bound_ms, "driven %d ms with a bad diode", bad_ms)
        half = self._unsound_diode.note(line.diode_shorted and truth.signals, truth.unattended_ms)
        promise("04", not (driven and half), "driven while the diode was bad half of the time")

    def _check_05_stable(self, truth):
        promise("05", truth.asks, "closed for a car that does not ask")
        asked_ms = 0 if self._asks.at_ms is None else truth.now_ms - self._asks.at_ms
        promise("05", asked_ms >= 500, "closed after %d ms of asking", asked_ms)

    def _note_asking(self, truth):
        """Since when the car has asked. A dip that only one tick can have seen is no change of mind; nor is
        one to between two states, unless it lasts."""
        if truth.asks:
            self._dip_ms = 0
        elif not truth.odd:
            self._dip_ms += truth.unattended_ms
        odd_ms = self._odd.note(truth.odd and truth.plain, truth.now_ms)
        if self._dip_ms > truth.unattended_ms or odd_ms >= 100:
            self._asks.note(False, truth.now_ms)
        self._asks.note(truth.asks or self._asks.at_ms is not None, truth.now_ms)

    def _note_accidents(self, truth):
        line = truth.outlet.line
        # After state F the firmware may take a second to find its way.
        listens_ms = self._listens.note(truth.duty_bp > 0 and not line.apart, truth.attended_ms)
        shown = line.shorted and not line.loose and listens_ms >= 1100
        if self._surely_shorted.note(shown, truth.attended_ms) >= 200:
            self._short_ms = truth.now_ms
        unsound = line.shorted or line.disturbed or line.lost or line.rail_dead or line.diode_shorted
        refused = truth.outlet.car.plugged and line.load_ohm == 246 and not truth.ventilated
        restless = bool(unsound or truth.odd or line.loose or refused)
        self._accidents += restless and not self._restless
        self._restless = restless
        if restless:
            self._unrest_ms = truth.now_ms
