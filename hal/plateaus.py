"""Plateaus of the control pilot: from some hundred readings of a square wave, in any order, to its two
levels.

A plateau is the narrowest range that holds most of the readings on its side of the middle: edges and spikes
fall outside of it. Where that range is wider than `TIGHT_MV` there is no plateau, which is an answer of its
own and never 0 V. Of the side with more readings three in four must crowd, so that it also judges the noise;
of the other, which may have three readings in all, more than half.

Within reason, so that there is always an answer, are 100 readings whose places in the period are spread
evenly, 10 us apart, of a pilot with
- plateaus of 80 us or more (duty 8-92 %), noise up to +/-60 mV or 20 mV rms, ripple of the supply included,
  and edges with a time constant up to 1/20 of the shorter plateau and no more than 6 us (IEC 61851-1, table
  A.2, lets cable and car make it 5.5 us, and at 6 A a plateau is 100 us);
- plateaus of 40 us (duty 4 and 96 %), noise up to +/-50 mV, and edges up to 1 us.
A spike in one reading of a hundred costs no plateau of 200 us or more, and falsifies none.
Whatever is worse gets a level within 150 mV of the truth, or no answer.
"""

TIGHT_MV = 130
"""A plateau is no wider: the noise that may hide in it leaves its middle within 150 mV of the truth. Sides
less than twice this apart are one plateau."""
_NONE = -1
_SCALE = 13


class Plateaus:
    """Finds high and low plateau in `values`, which a driver fills anew before each `find`.

    `points`: two points of the divider before the converter, ((mV of the pilot, mV at the pin), ...), rising;
    `full_mv` at the pin make `steps` of a reading. Readings are 0 or more and at most 4095.
    """

    def __init__(self, count, points, full_mv=1, steps=1):
        (low_mv, low_pin_mv), (high_mv, high_pin_mv) = points
        span_mv, pin_span_mv = high_mv - low_mv, high_pin_mv - low_pin_mv
        self.high_mv = 0
        """Both are the same where only one plateau is seen."""
        self.low_mv = 0
        self.values = [0] * count
        # Once, so these may be larger than a small integer.
        self._gain = (span_mv * full_mv << _SCALE) // (pin_span_mv * steps)
        self._zero_mv = low_mv - low_pin_mv * span_mv // pin_span_mv
        self._tight = TIGHT_MV * pin_span_mv * steps // (span_mv * full_mv)

    def find(self, steady):
        """Whether there is a plateau on each side; then `high_mv` and `low_mv` are new. `values` come out
        sorted. `steady`: nothing is driven but one level, so that all readings are of one plateau."""
        values = self.values
        values.sort()
        count = len(values)
        if steady or values[count - 1] - values[0] <= 2 * self._tight:
            high = low = self._crowd(0, count, _share(count, count))
        else:
            middle = self._middle()
            low = self._crowd(0, middle, _share(middle, count))
            high = self._crowd(middle, count, _share(count - middle, count))
        if low == _NONE or high == _NONE:
            return False
        self.low_mv = self._zero_mv + (low * self._gain >> _SCALE)
        self.high_mv = self._zero_mv + (high * self._gain >> _SCALE)
        return True

    def _middle(self):
        """Index of the first value on the upper side."""
        values = self.values
        first, last = 0, len(values) - 1
        between = (values[first] + values[last] + 1) // 2
        while first < last:
            index = (first + last) // 2
            if values[index] < between:
                first = index + 1
            else:
                last = index
        return first

    def _crowd(self, first, last, share):
        """The middle of the narrowest range of `share` values from `first` to before `last`, or `_NONE`."""
        values = self.values
        width = self._tight + 1
        place = _NONE
        share -= 1
        for index in range(first, last - share):
            gap = values[index + share] - values[index]
            if gap < width:
                width = gap
                place = index
        if place == _NONE:
            return _NONE
        return (values[place + share // 2] + values[place + (share + 1) // 2]) // 2


def _share(count, of):
    """How many of a side's readings must crowd: two may have hit the same place of an edge."""
    if 2 * count >= of:
        return count - count // 4
    return max(count // 2 + 1, 3)
