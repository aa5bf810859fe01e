"""How long to wait before trying again."""


class Backoff:
    """Exponential waits with jitter, so that a thousand chargers do not redial a restarted backend at once.

    After n failures in a row the wait lies between base * 2^n and twice that, at random, and never above
    `limit_ms`: with the defaults 2-4 s, 4-8 s, ... and from the seventh on 150-300 s.
    """

    def __init__(self, random_bytes, base_ms=2000, limit_ms=300000):
        self._random_bytes = random_bytes
        self._base_ms = base_ms
        self._limit_ms = limit_ms
        self._low_ms = base_ms

    def reset(self):
        """It worked: the next failure starts from the base again."""
        self._low_ms = self._base_ms

    def next_ms(self):
        """The wait after one more failure."""
        low_ms = min(self._low_ms, self._limit_ms // 2)
        self._low_ms = low_ms * 2
        return low_ms + low_ms * int.from_bytes(self._random_bytes(2), "big") // 65535
