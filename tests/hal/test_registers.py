"""Floats in registers become integers as exact arithmetic would make them, without a float on the way."""

import struct
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hal.registers import float32, tenths16, tenths32

LIMIT = 1 << 30


def by_fractions(high, low, scale):
    """The same by another way: `struct` and fractions, halves away from zero."""
    (number,) = struct.unpack(">f", struct.pack(">HH", high, low))
    try:
        exact = Fraction(number) * scale
    except (ValueError, OverflowError):  # not a number, infinite
        return None
    size = int(abs(exact) + Fraction(1, 2))
    if size >= LIMIT:
        return None
    return -size if number < 0 else size


@given(high=st.integers(0, 0xFFFF), low=st.integers(0, 0xFFFF), scale=st.sampled_from((1, 10, 100, 1000)))
@example(high=0x8000, low=0, scale=1000)  # minus zero
@example(high=0x0000, low=1, scale=1000)  # the smallest subnormal
@example(high=0x7F80, low=0, scale=1)  # infinite
@example(high=0xFFC0, low=0, scale=1)  # not a number
@example(high=0x4E7F, low=0xFFFF, scale=1)  # the last below 2^30
@example(high=0x4E80, low=0, scale=1)  # 2^30
@example(high=0x3A03, low=0x126F, scale=1000)  # next to a half
def test_any_two_registers(high, low, scale):
    assert float32(high, low, scale) == by_fractions(high, low, scale)


@given(st.floats(-2000000, 2000000, width=32), st.sampled_from((1, 1000)))
@example(0.5, 1)
@example(-0.5, 1)
@example(2.5, 1)
@example(0.0625, 1000)
def test_numbers_of_a_size_that_meters_send(number, scale):
    high, low = struct.unpack(">HH", struct.pack(">f", number))
    assert float32(high, low, scale) == by_fractions(high, low, scale)


@pytest.mark.parametrize(
    ("number", "scale", "integer"),
    [(230.5, 1000, 230500), (-11.5, 1, -12), (11.5, 1, 12), (0.0004, 1000, 0), (16383.999, 1000, 16383999)],
)
def test_examples(number, scale, integer):
    high, low = struct.unpack(">HH", struct.pack(">f", number))
    assert float32(high, low, scale) == integer


@given(value=st.integers(-(1 << 31), (1 << 31) - 1), scale=st.sampled_from((1, 10, 100, 1000)))
@example(value=(1 << 31) - 1, scale=1)  # what is shown as EEE
@example(value=-1, scale=1)
@example(value=-5, scale=1)
@example(value=5, scale=1)
@example(value=(1 << 30) // 100, scale=1000)
def test_tenths_in_two_registers(value, scale):
    high, low = struct.unpack(">HH", struct.pack(">i", value))
    size = int(abs(Fraction(value * scale, 10)) + Fraction(1, 2))
    known = size < LIMIT and value != 0x7FFFFFFF
    assert tenths32(low, high, scale) == ((-size if value < 0 else size) if known else None)


@given(value=st.integers(-0x8000, 0x7FFE), following=st.integers(0, 0xFFFF))
def test_tenths_in_one_register(value, following):
    assert tenths16(value & 0xFFFF, following, 1000) == value * 100
    assert tenths16(0x7FFF, following, 1000) is None
