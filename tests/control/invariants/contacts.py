"""The contacts follow the command, or it is known that they do not (5, 9); a plug is held meanwhile (17)."""

from tests.control.watching import Since, Watch, promise

WELD_MS = 300
"""Contacts closed for so long without a command have welded; the firmware may say so from 250 ms on."""
STUCK_MS = 350
RETRY_MS = 60000
TRIES = 3
SHORTED_MS = 140
"""A proximity line that is shorted for a moment is no bad cable."""
REST_MS = 65000


class Contacts(Watch):
    """The contacts of the main contactor, and the lock of the plug that hangs on them."""

    def __init__(self):
        self._released = Since()
        self._alone = Since()
        self._open = Since()
        self._shorted = Since()
        self._held = False
        self._confirmed = False
        self._lost = 0
        self._stuck_ms = -(10**9)
        self._failures = 0
        self._unrest_ms = -(10**9)
        self._drops = 0

    def look(self, truth):
        contactor, lock = truth.outlet.contactor, truth.outlet.lock
        stuck = contactor.welded and truth.contacts
        dead_man = truth.unattended_ms <= 150 or stuck or not truth.contacts
        promise("dead man", dead_man, "contacts closed %d ms after the last tick", truth.unattended_ms)
        if contactor.welded or contactor.stuck_open or contactor.chattering or not contactor.powered:
            self._unrest_ms = truth.now_ms
        if "sample" in vars(contactor) or "sample" in vars(lock):
            self._unrest_ms = truth.now_ms
        if lock.stuck or truth.outlet.cable.open or truth.outlet.cable.shorted:
            self._unrest_ms = truth.now_ms
        self._check_17_lock(truth)

    def tick(self, truth):
        self._check_release(truth)
        self._check_09_weld(truth)
        self._check_09_stuck(truth)
        self._check_drop(truth)
        shorted = truth.outlet.lock.fitted and truth.outlet.cable.shorted
        shorted_ms = self._shorted.note(shorted and truth.driven, truth.attended_ms)
        promise("05", shorted_ms <= SHORTED_MS, "driven %d ms with a shorted proximity line", shorted_ms)

    def rise(self, truth):
        lock = truth.outlet.lock
        promise("05", not truth.contacts, "closed over closed contacts")
        promise("05", lock.holds or not lock.fitted, "closed before the plug was held")
        promise("09", not truth.danger, "closed after a weld")
        rest_ms = truth.now_ms - self._stuck_ms
        promise("09", rest_ms >= RETRY_MS - 200, "tried again %d ms after contacts that stuck", rest_ms)
        promise("09", self._failures < TRIES, "tried again although the contactor does not close")

    def restarted(self, truth):
        self._alone = Since()
        if truth.now_ms - self._unrest_ms < REST_MS:
            # The pause after contacts that stuck begins anew.
            self._unrest_ms = truth.now_ms

    def cleared(self, truth):
        truth.danger = False
        self._failures = 0
        self._stuck_ms = -(10**9)

    def ended(self, truth):
        self._drops = 0

    def pending(self, truth):
        broken = truth.danger or self._failures or self._drops > 1
        return broken or truth.now_ms - self._unrest_ms < REST_MS

    def _check_release(self, truth):
        contactor = truth.outlet.contactor
        alone = truth.contacts and not truth.driven and not contactor.welded
        alone_ms = self._released.note(alone, truth.now_ms)
        promise("release", alone_ms <= 60, "contacts closed %d ms after the command ended", alone_ms)

    def _check_09_weld(self, truth):
        alone = truth.contacts and not truth.driven
        if self._alone.note(alone, truth.attended_ms) > WELD_MS:
            truth.danger = True
        promise("09", not truth.danger or truth.duty_bp == 0, "no state F on a weld")
        promise("09", not (truth.danger and truth.driven), "driven after a weld")

    def _check_09_stuck(self, truth):
        """A close that the contacts do not follow is given up."""
        open_ms = self._open.note(truth.driven and not truth.contacts, truth.attended_ms)
        promise("09", open_ms <= STUCK_MS, "driven %d ms over contacts that do not close", open_ms)
        if open_ms >= 250 and truth.now_ms - self._stuck_ms > 1000:
            self._stuck_ms = truth.now_ms
            self._failures += 1
        elif open_ms >= 250:
            self._stuck_ms = truth.now_ms

    def _check_drop(self, truth):
        """A contactor that opens by itself under its command is let go."""
        if not truth.driven:
            self._confirmed = False
        elif truth.contacts:
            self._confirmed = True
            self._lost = 0
        elif self._confirmed:
            self._lost += 1
            self._drops += self._lost == 1
            promise("drop", self._lost < 2, "driven on over contacts that opened by themselves")

    def _check_17_lock(self, truth):
        lock = truth.outlet.lock
        loose = lock.fitted and not lock.holds
        promise("17", not (loose and truth.contacts), "a plug that is not locked is live")
        promise("17", not (loose and truth.danger and self._held), "let go of a plug after a weld")
        self._held = lock.holds and truth.danger
