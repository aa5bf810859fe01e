"""Converters: single reads on both families, and the free-running one of RP2 with its FIFO and DMA ring."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.pins.rules import Undefined
from tests.simulator.pins.pin_bench import chip_of

BASES = {"rp2040": (0x4004C000, 36), "rp2350": (0x400A0000, 48)}
CS, RESULT, FCS, FIFO, DIV = 0, 4, 8, 12, 16
RUN = 1 | 1 << 3


@pytest.fixture(params=list(BASES))
def rp2_chip(request):
    chip = chip_of(request.param)
    with chip.install():
        yield chip


@pytest.fixture
def s3():
    chip = chip_of("esp32s3")
    with chip.install():
        yield chip


def near(value, expected, within):
    return abs(value - expected) <= within


def test_rp2_reads_against_its_supply(rp2_chip):
    from machine import ADC, Pin

    rp2_chip.pin(27).feed(lambda at_us: 1650)
    for adc in (ADC(27), ADC(1), ADC(Pin(27))):
        assert near(adc.read_u16(), 32768, 200)
    rp2_chip.pin(27).feed(lambda at_us: 5000)
    assert adc.read_u16() == 65535
    assert near(ADC(ADC.CORE_TEMP).read_u16() * 3300 // 65535, 706, 10)


def test_rp2_has_no_other_inputs(rp2_chip):
    from machine import ADC

    for number, reason in ((5, "ADC capabilities"), (22, "ADC capabilities"), (99, "invalid pin")):
        with pytest.raises(ValueError, match=reason):
            ADC(number)


def test_an_analogue_pin_reads_low(rp2_chip):
    from machine import ADC, Pin

    pin = Pin(26, Pin.IN, Pin.PULL_UP)
    ADC(26)
    assert pin.value() == 0


def test_a_read_disturbs_a_converter_that_runs(rp2_chip):
    import machine

    base, _ = BASES[rp2_chip.board.chip]
    adc = machine.ADC(26)
    machine.mem32[base + CS] = RUN
    with pytest.raises(Undefined, match="disturbs"):
        adc.read_u16()
    machine.mem32[base + CS] = 1
    assert machine.mem32[base + CS] >> 8 & 1
    adc.read_u16()


def test_registers_have_their_copies_to_set_and_clear(rp2_chip):
    import machine

    base, _ = BASES[rp2_chip.board.chip]
    machine.mem32[base + DIV] = 0x0F00
    machine.mem32[base + DIV + 0x2000] = 0x00F0
    assert machine.mem32[base + DIV] == 0x0FF0
    machine.mem32[base + DIV + 0x3000] = 0x0F00
    assert machine.mem32[base + DIV] == 0x00F0
    machine.mem32[base + DIV + 0x1000] = 0x01F0
    assert machine.mem32[base + DIV] == 0x0100


def test_registers_that_are_not_there(rp2_chip):
    import machine

    other = BASES["rp2350" if rp2_chip.board.chip == "rp2040" else "rp2040"][0]
    for address in (other, 0x12345678, 0x20000000):
        with pytest.raises(Undefined, match="no register"):
            machine.mem32[address]
    with pytest.raises(Undefined, match="multiples of 4"):
        machine.mem32[BASES[rp2_chip.board.chip][0] + 2]


def test_the_fifo_keeps_the_first_and_tells_of_the_lost(rp2_chip):
    import machine

    base, _ = BASES[rp2_chip.board.chip]
    mem = machine.mem32
    machine.ADC(26)
    rp2_chip.pin(26).feed(lambda at_us: at_us // 20 * 100)
    mem[base + DIV] = 959 << 8  # 20 us
    mem[base + FCS] = 1
    mem[base + CS] = RUN
    rp2_chip.advance(400)
    depth = rp2_chip.rules.fifo_depth
    status = mem[base + FCS]
    assert (status >> 16 & 15, status >> 9 & 1, status >> 11 & 1) == (depth, 1, 1)
    values = [mem[base + FIFO] for _ in range(depth)]
    assert all(near(values[index], (index + 1) * 124, 12) for index in range(depth))
    mem[base + CS] = 1
    assert (mem[base + FIFO], mem[base + FCS] >> 10 & 1) == (0, 1)


class Ring:
    """A converter on GP26 that fills a ring, set up as a driver does."""

    def __init__(self, chip, size=64, div=959 << 8, robin=0, count=0xFFFFFFF):
        import machine
        import rp2

        base, request = BASES[chip.board.chip]
        self.mem, self.base, self.size = machine.mem32, base, size
        bits = (size * 2).bit_length() - 1
        memory = array("H", [0] * (2 * size))
        self.dma = rp2.DMA()
        self.dma.config(write=memory)
        skip = -self.dma.write % (2 * size) // 2
        self.cells = memoryview(memory)[skip : skip + size]
        self.mem[base + DIV] = div
        self.mem[base + FCS] = 1 | 1 << 3 | 1 << 24
        ctrl = self.dma.pack_ctrl(size=1, inc_read=False, ring_size=bits, ring_sel=True, treq_sel=request)
        self.dma.config(read=base + FIFO, write=self.cells, count=count, ctrl=ctrl, trigger=True)
        self.begin = self.dma.write
        self.mem[base + CS] = RUN | robin << 16

    def place(self):
        """Where in the ring the next value goes."""
        return (self.dma.write - self.begin) % (2 * self.size) // 2


@given(st.lists(st.integers(1, 30000), min_size=1, max_size=20))
def test_the_ring_holds_the_newest_samples_however_time_passes(steps):
    chip = chip_of("rp2350")
    with chip.install():
        chip.pin(26).feed(lambda at_us: at_us // 20 % 33 * 100)
        ring = Ring(chip)
        begun_us = chip.now_us
        for step_us in steps:
            chip.advance(step_us)
        taken = (chip.now_us - begun_us) // 20
        assert (0xFFFFFFF - ring.dma.count, ring.place()) == (taken, taken % ring.size)
        for back in range(1, min(taken, ring.size) + 1):
            expected = (begun_us + 20 * (taken - back + 1)) // 20 % 33 * 100
            assert near(ring.cells[(taken - back) % ring.size] * 3300 // 4095, expected, 8)


def test_a_round_robin_keeps_its_order_over_long_pauses(rp2_chip):
    for pin, mv in ((26, 500), (27, 1500), (28, 2500)):
        rp2_chip.pin(pin).feed(lambda at_us, mv=mv: mv)
    ring = Ring(rp2_chip, size=32, robin=0b111)
    for pause_us in (20, 3333, 100000, 7):
        rp2_chip.advance(pause_us)
    taken = 0xFFFFFFF - ring.dma.count
    for back in range(1, 33):
        mv = ring.cells[(taken - back) % 32] * 3300 // 4095
        # The first conversion is of the input that was selected: 0; the round goes on from there.
        assert near(mv, 500 + 1000 * ((taken - back) % 3), 8)


def test_the_converter_is_no_faster_than_it_is(rp2_chip):
    ring = Ring(rp2_chip, div=0)
    rp2_chip.advance(1000)
    assert 0xFFFFFFF - ring.dma.count == 500


def test_a_count_ends_and_a_start_begins_anew(rp2_chip):
    ring = Ring(rp2_chip, count=10)
    rp2_chip.advance(1000)
    assert (ring.dma.count, ring.dma.active()) == (0, False)
    ring.dma.active(1)
    rp2_chip.advance(100)
    assert (ring.dma.count, ring.dma.active()) == (5, True)


def test_only_rp2350_counts_without_end():
    for name, left in (("rp2350", 0xF0000010), ("rp2040", 0xF0000010 - 1000)):
        chip = chip_of(name)
        with chip.install():
            ring = Ring(chip, count=0xF0000010)
            chip.advance(20000)
            assert ring.dma.count == left


def test_a_ring_off_its_boundary_leaves_its_memory():
    chip = chip_of("rp2350")
    with chip.install():
        ring = Ring(chip)
        ring.dma.active(0)
        alone = array("H", [0] * 64)
        ring.dma.config(write=alone, count=1000, trigger=True)
        with pytest.raises(Undefined, match="leaves the memory"):
            chip.advance(5000)


def test_dma_copies_memory(rp2_chip):
    import rp2

    dma = rp2.DMA()
    source, target = bytearray(b"mode three"), bytearray(10)
    dma.config(read=source, write=target, count=10, ctrl=dma.pack_ctrl(size=0), trigger=True)
    assert (bytes(target), dma.count, dma.active()) == (b"mode three", 0, False)


def test_dma_refuses_what_the_port_refuses(rp2_chip):
    import rp2

    dma = rp2.DMA()
    assert dma.unpack_ctrl(dma.pack_ctrl(ring_size=7))["ring_size"] == 7
    with pytest.raises(ValueError, match="bad field value"):
        dma.pack_ctrl(size=4)
    with pytest.raises(TypeError):
        dma.pack_ctrl(speed=1)
    others = [rp2.DMA() for _ in range(rp2_chip.rules.dma_channels - 1)]
    with pytest.raises(OSError, match="16"):
        rp2.DMA()
    others[0].close()
    rp2.DMA()
    with pytest.raises(ValueError, match="closed"):
        others[0].config(count=1)


def test_esp32_reads_as_far_as_its_attenuation(s3):
    from machine import ADC, Pin

    s3.pin(4).feed(lambda at_us: 2000)
    for atten, expected_mv in ((0, 850), (1, 1100), (2, 1600), (3, 2000)):
        assert near(ADC(Pin(4), atten=atten).read_uv() // 1000, expected_mv, 8)
    assert near(ADC(4).read_uv(), 850000, 0)  # as it begins
    assert ADC(4).read_u16() == 65535
    with pytest.raises(ValueError, match="atten"):
        ADC(4, atten=4)
    with pytest.raises(ValueError, match="invalid pin"):
        ADC(21)


def test_an_esp32_read_takes_its_time(s3):
    from machine import ADC

    adc = ADC(4, atten=ADC.ATTN_11DB)
    begun_us = s3.now_us
    for _ in range(100):
        adc.read_uv()
    assert 5000 <= s3.now_us - begun_us <= 8000


def test_wifi_silences_the_second_converter(s3):
    import network
    from machine import ADC

    adc, sound = ADC(12, atten=3), ADC(4, atten=3)
    adc.read_uv()
    network.WLAN(network.STA_IF).active(True)
    with pytest.raises(OSError, match="ESP_ERR_TIMEOUT"):
        adc.read_uv()
    sound.read_uv()
