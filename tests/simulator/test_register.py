"""A meter register in a file."""

import pytest

import boards
from simulator.portable.mains import Mains
from simulator.portable.noise import Random
from simulator.register import KeptEnergy


def meter(path):
    """A meter whose register is kept at `path`."""
    return KeptEnergy(Mains(boards.load("simulated"), Random(1)), path)


def test_the_register_begins_at_zero_and_goes_on_where_it_was(tmp_path):
    first = meter(tmp_path / "meter-1")
    assert first.energy_wh == 0
    for _ in range(36_000):  # an hour of 100 ms
        first.step(100, 16_000, 3)
    assert first.energy_wh == pytest.approx(11_000, rel=0.02)
    # Nothing is closed or flushed here, as after SIGKILL.
    second = meter(tmp_path / "meter-1")
    assert second.energy_wh == first.energy_wh
    second.energy_wh += 1
    assert meter(tmp_path / "meter-1").energy_wh == first.energy_wh + 1


def test_the_register_never_goes_back(tmp_path):
    kept = meter(tmp_path / "meter-1")
    kept.energy_wh = 500
    kept.energy_wh = 3
    assert kept.energy_wh == meter(tmp_path / "meter-1").energy_wh == 500


@pytest.mark.parametrize("content", [b"-5 Wh\n", b"many Wh\n", b"\x00\x01", b" Wh\n"])
def test_what_is_no_register_is_refused_by_name(tmp_path, content):
    (tmp_path / "meter-1").write_bytes(content)
    with pytest.raises(ValueError, match=r"meter-1 holds no meter register; remove it"):
        meter(tmp_path / "meter-1")
