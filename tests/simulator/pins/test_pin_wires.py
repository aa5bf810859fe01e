"""UART and I2C: bytes take their time, buffers end, and pins that cannot be are refused."""

import pytest

from tests.simulator.pins.pin_bench import NAMES, chip_of

WIRES = {"rp2040": (4, 5), "rp2350": (4, 5), "esp32s3": (17, 18)}


@pytest.fixture(params=NAMES)
def chip(request):
    chip = chip_of(request.param)
    with chip.install():
        yield chip


def uart_of(chip, baudrate=9600, **settings):
    import machine

    tx, rx = WIRES[chip.board.chip]
    return machine.UART(1, baudrate, tx=tx, rx=machine.Pin(rx), **settings), chip.serial(tx, rx)


def test_what_is_sent_arrives_when_the_last_bit_is_out(chip):
    uart, line = uart_of(chip)
    heard = []
    line.listen(lambda data, now_us: heard.append((data, now_us)))
    assert uart.write(b"12345678") == 8
    assert not uart.txdone()
    chip.advance(8328)
    assert heard == [(b"12345678", 8328)] or heard == []
    chip.advance(100)
    assert [data for data, _ in heard] == [b"12345678"]
    assert uart.txdone()


def test_what_comes_trickles_in(chip):
    uart, line = uart_of(chip)
    line.send(b"abcd")
    line.send(b"ef")
    counts = []
    for _ in range(7):
        counts.append(uart.any())
        chip.advance(1042)
    assert counts == [0, 1, 2, 3, 4, 5, 6]
    assert (uart.read(4), uart.read(2), uart.read(1)) == (b"abcd", b"ef", None)


def test_a_read_waits_as_long_as_it_was_told(chip):
    uart, line = uart_of(chip, timeout=20)
    begun_us = chip.now_us
    assert uart.read(1) is None
    assert 20000 <= chip.now_us - begun_us <= 20200
    line.send(b"hello\nyou")
    assert uart.readline() == b"hello\n"
    buffer = bytearray(8)
    assert (uart.readinto(buffer, 3), bytes(buffer[:3])) == (3, b"you")


def test_the_buffer_ends(chip):
    uart, line = uart_of(chip, rxbuf=64)
    line.send(bytes(range(100)))
    chip.advance(200000)
    assert (uart.any(), uart.read(100)) == (64, bytes(range(64)))


def test_a_write_waits_for_room(chip):
    uart, _ = uart_of(chip, txbuf=32)
    begun_us = chip.now_us
    uart.write(bytes(164))
    assert chip.now_us - begun_us == 100 * 1041
    uart.flush()
    assert uart.txdone()


def test_ends_of_different_rates_do_not_understand_each_other(chip):
    uart, line = uart_of(chip)
    heard = []
    line.listen(lambda data, now_us: heard.append(data))
    line.baud = 19200
    uart.write(b"ask")
    line.send(b"answer")
    chip.advance(20000)
    assert uart.read(6) != b"answer"
    assert heard != [b"ask"]


def test_nobody_listens_after_a_restart(chip):
    _, line = uart_of(chip)
    chip.restart("software")
    line.send(b"lost")
    chip.advance(20000)
    uart, _ = uart_of(chip)
    assert uart.any() == 0


def test_pins_that_a_uart_of_rp2_cannot_have():
    for name, tx, rx in (("rp2040", 2, 3), ("rp2040", 5, 4), ("rp2350", 4, 5)):
        with chip_of(name).install():
            import machine

            with pytest.raises(ValueError, match="bad TX pin"):
                machine.UART(0, tx=tx, rx=rx)
    with chip_of("rp2350").install():
        import machine

        machine.UART(0, tx=2, rx=3)  # as function UART_AUX


def test_uarts_and_settings_that_are_not_there(chip):
    import machine

    tx, rx = WIRES[chip.board.chip]
    for number in (-1, 3):
        with pytest.raises(ValueError, match="doesn't exist"):
            machine.UART(number, tx=tx, rx=rx)
    with pytest.raises(ValueError, match="bits"):
        machine.UART(1, bits=9, tx=tx, rx=rx)
    with pytest.raises(ValueError, match="buffer too large"):
        machine.UART(1, rxbuf=40000, tx=tx, rx=rx)


class Memory:
    """A memory of 256 bytes behind one byte of address."""

    def __init__(self):
        self.cells = bytearray(256)
        self.at = 0

    def write(self, data):
        if data:
            self.at = data[0]
            self.cells[self.at : self.at + len(data) - 1] = data[1:]
        return True

    def read(self, count):
        return bytes(self.cells[self.at : self.at + count])


def bus_of(chip):
    import machine

    sda, scl = (2, 3) if chip.rules.family == "rp2" else (11, 12)
    bus = chip.bus(sda, scl)
    bus.attach(0x50, Memory())
    return machine.I2C(1, sda=machine.Pin(sda), scl=machine.Pin(scl), freq=100000), bus


def test_devices_answer_at_their_address(chip):
    i2c, bus = bus_of(chip)
    assert i2c.scan() == [0x50]
    i2c.writeto_mem(0x50, 7, b"mode3")
    assert (i2c.readfrom_mem(0x50, 7, 5), i2c.writeto(0x50, b"\x08"), i2c.readfrom(0x50, 2)) == (
        b"mode3",
        1,
        b"od",
    )
    buffer = bytearray(2)
    i2c.readfrom_mem_into(0x50, 9, buffer)
    assert bytes(buffer) == b"de"
    bus.attach(0x50, None)
    with pytest.raises(OSError, match="5" if chip.rules.family == "rp2" else "19"):
        i2c.readfrom(0x50, 1)


def test_a_transfer_takes_its_time(chip):
    i2c, _ = bus_of(chip)
    begun_us = chip.now_us
    i2c.writeto(0x50, bytes(10))
    assert chip.now_us - begun_us == (11 * 9 + 2) * 10


def test_a_stuck_bus_times_out(chip):
    i2c, bus = bus_of(chip)
    bus.stuck = True
    with pytest.raises(OSError, match="110"):
        i2c.scan()
    assert chip.now_us >= 50000


def test_buses_that_rp2_cannot_have():
    with chip_of("rp2040").install():
        import machine

        for number, sda, scl, reason in ((0, 2, 3, "SDA"), (1, 2, 5, "SCL"), (2, 2, 3, "doesn't exist")):
            with pytest.raises(ValueError, match=reason):
                machine.I2C(number, sda=sda, scl=scl)
        machine.SoftI2C(5, 2)
