"""Chance that repeats: the same seed gives the same world on every runtime."""


class Random:
    """Combined generator for 16-bit machines (P. L'Ecuyer, Communications of the ACM 31(6), 1988).

    No intermediate passes 2^23, so that a 32-bit MicroPython draws the same numbers.
    """

    def __init__(self, seed):
        self._a = seed % 32362 + 1
        self._b = seed // 7 % 31726 + 1
        self._c = seed // 31 % 31656 + 1
        for _ in range(8):  # neighbouring seeds part
            self.below(2)

    def below(self, count):
        """A number from 0 to `count` - 1; `count` is at most 32362."""
        self._a = 157 * self._a % 32363
        self._b = 146 * self._b % 31727
        self._c = 142 * self._c % 31657
        return (self._a - self._b + self._c) % 32362 % count


_chance = Random(61851)
_drawn = [_chance.below(1024) + _chance.below(1025) - 1024 for _ in range(512)]
_TABLE = tuple(_drawn + [-value for value in _drawn])
"""Triangular noise of -1024...1024 around 0, drawn once: a sample must cost a tick next to nothing."""


class Noise:
    """Samples within +/-`amplitude`, on a seeded walk through the table."""

    def __init__(self, random, amplitude):
        self.amplitude = amplitude
        """Below 2^20, in the unit of whoever asks."""
        self._at = random.below(1024)
        self._stride = 2 * random.below(512) + 1  # odd: every entry is visited

    def next(self):
        """The next deviation."""
        self._at = at = (self._at + self._stride) & 1023
        return self.amplitude * _TABLE[at] >> 10
