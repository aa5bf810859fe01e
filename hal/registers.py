"""Numbers in Modbus registers, made into integers by integer arithmetic alone.

Boards count in 32-bit floats, which cannot hold an energy register to the Wh, and results shall be the same
everywhere. A format is a function of this module: `format(high, low, scale)` takes the two registers in the
order in which they are sent and returns the number times `scale` (1-1000), rounded to the nearest integer,
halves away from zero; None when it is no number or its size reaches 2^30.
"""

_LARGEST = 0x3FFFFFFF
_LARGEST_EXPONENT = 127 + 30
_INFINITE_EXPONENT = 255
_HIDDEN_BIT = 0x800000
_UNIT_EXPONENT = 150  # the exponent at which the mantissa's last bit is worth 1
_LARGEST_SHIFT = 36  # beyond it, 24 bits of mantissa times 1000 stay below a half
_OVERFLOW_32, _OVERFLOW_16 = 0x7FFFFFFF, 0x7FFF  # what such a meter sends where its display shows EEE


def float32(high, low, scale):
    """IEEE 754 single precision, big endian, as Eastron's meters send it."""
    exponent = high >> 7 & 0xFF
    if exponent == _INFINITE_EXPONENT or exponent > _LARGEST_EXPONENT:
        return None
    mantissa = (high & 0x7F) << 16 | low
    if exponent:
        mantissa |= _HIDDEN_BIT
    shift = _UNIT_EXPONENT - exponent
    if shift > _LARGEST_SHIFT:
        return 0
    size = mantissa * scale << -shift if shift <= 0 else (mantissa * scale + (1 << shift - 1)) >> shift
    if size > _LARGEST:
        return None
    return -size if high & 0x8000 else size


def tenths32(low, high, scale):
    """Tenths of a unit in 32 bits with a sign, the low word first, as Carlo Gavazzi's meters send them."""
    size = high << 16 | low
    if size == _OVERFLOW_32:
        return None
    return _from_tenths(size - (1 << 32) if high & 0x8000 else size, scale)


def tenths16(word, following, scale):
    """The same in one register; the one behind it is another value."""
    if word == _OVERFLOW_16:
        return None
    return _from_tenths(word - 0x10000 if word & 0x8000 else word, scale)


def _from_tenths(tenths, scale):
    size = (abs(tenths) * scale + 5) // 10
    if size > _LARGEST:
        return None
    return -size if tenths < 0 else size
