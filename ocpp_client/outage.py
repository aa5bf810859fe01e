"""The time without a link: why there is none, how long it lasts, and when people are told."""

from ocpp_client.backoff import Backoff

ANEW_MS = 1000
"""From the end of a connection to the one with other security settings: the server learns of them too."""
TELL_AGAIN_MS = 600000
"""A reason for having no link is reported again after so long, while it stays the same."""


class Outage:
    """From the end of one attempt to connect to the begin of the next one."""

    def __init__(self, clock):
        self._clock = clock
        self._backoff = Backoff(clock.random_bytes)
        self._told = ("", 0)  # the reason that was reported last, and when
        self.reason = "not connected yet"
        self.until_ms = clock.now_ms()
        """When the byte stream may be opened again."""
        self.is_first = True
        """No attempt has ended yet."""

    def begin(self, reason, now_ms):
        """An attempt has ended, for `reason` ("" is the owner's wish). Whether people are to be told: the
        same reason in a row fills no log."""
        self._end(reason, now_ms + self._backoff.next_ms())
        told, told_ms = self._told
        if not reason or (reason == told and now_ms - told_ms < TELL_AGAIN_MS):
            return False
        self._told = (reason, now_ms)
        return True

    def pause(self, reason, now_ms):
        """It has ended only because the next one will have other security settings."""
        self._end(reason, now_ms + ANEW_MS)

    def over(self):
        """The server works: the next time begins with a short wait again."""
        self._backoff.reset()

    def words(self):
        """How long it lasts yet, and why, for people."""
        seconds = max(0, self.until_ms - self._clock.now_ms() + 999) // 1000
        return "waiting %d s: %s" % (seconds, self.reason)

    def _end(self, reason, until_ms):
        self.reason = reason
        self.until_ms = until_ms
        self.is_first = False
