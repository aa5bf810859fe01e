"""The byte port over a UART: bytes come and go whole, nobody waits, and the line is set up as the meter wants
it."""

import pytest

from hal.meter_modbus import ModbusMeter
from hal.modbus import Master
from tests.hal.chips import CHIPS, Parts, board, connector, powered
from tests.hal.line import values
from tests.hal.meters import MAKES, Meter, Truth

PINS = {"meter_tx": 4, "meter_rx": 5}


@pytest.fixture(params=CHIPS)
def chip(request):
    chip = powered(request.param)
    with chip.install():
        yield chip


def port(facts, number=1):
    from hal.gpio import uart

    return uart.make(facts, number, None)


def test_what_is_written_is_sent_and_nobody_waits(chip):
    heard = []
    chip.serial(4, 5).listen(lambda data, now_us: heard.append(data))
    line = port(connector(pins=PINS, drivers={"meter": "sdm630"}))
    began_us = chip.now_us
    line.write(bytearray(range(8)))
    assert chip.now_us - began_us < 1000
    chip.advance(20000)
    assert heard == [bytes(range(8))]


def test_what_arrives_is_kept_until_somebody_reads_it(chip):
    line = port(connector(pins=PINS))
    assert line.read() == b""
    wire = chip.serial(4, 5)
    frame = bytes(range(256))
    wire.send(frame)
    chip.advance(100000)
    began_us = chip.now_us
    first = line.read()
    assert chip.now_us - began_us < 500, "a read does not wait for more"
    chip.advance(300000)
    assert first + line.read() == frame
    assert line.read() == b""


@pytest.mark.parametrize(("make", "bits"), [("sdm630", 10), ("em340", 10), ("we517", 11)])
def test_the_line_has_the_meters_parity_and_the_boards_baud(chip, make, bits):
    port(connector(pins=PINS, meter_baud=19200, drivers={"meter": make}))
    assert (chip.serial(4, 5).bits, chip.serial(4, 5).uart_baud) == (bits, 19200)


def test_the_meter_at_the_mains_connection_has_a_line_of_its_own(chip):
    one = port(connector(pins=PINS, drivers={"meter": "sdm630"}))
    pins = {"mains_tx": 12, "mains_rx": 13}
    other = port(board(chip.board.chip, pins=pins, drivers={"mains_meter": "we517"}), 0)
    chip.serial(4, 5).send(b"outlet")
    chip.serial(12, 13).send(b"mains")
    chip.advance(50000)
    assert (one.read(), other.read()) == (b"outlet", b"mains")
    assert chip.serial(12, 13).bits == 11
    assert one._uart._id != other._uart._id


def test_pins_that_no_uart_has_are_named():
    with powered("rp2040").install(), pytest.raises(ValueError, match="no UART has the pins 4 and 6"):
        port(connector(pins={"meter_tx": 4, "meter_rx": 6}))


@pytest.mark.parametrize("name", sorted(MAKES))
def test_a_meter_is_read_through_it(chip, name):
    """Driver, UART of the strict machine, wire, and a meter that `pymodbus` plays."""
    time = Parts(chip).clock
    truth = Truth()
    device = Meter(MAKES[name], truth, time)
    wire = chip.serial(4, 5)
    wire.listen(lambda data, now_us: device.write(data))
    from hal.meter_maps import MAPS

    line = port(connector(pins=PINS, drivers={"meter": name}))
    meter = ModbusMeter(Master(line), MAPS[name])
    for _ in range(400):
        wait_ms = meter.poll(time.now_ms())
        for _ in range(wait_ms):
            chip.advance(1000)
            data = device.read()
            if data:
                wire.send(data)
        if meter.readings == 3:
            break
    assert values(meter) == truth.values()
    assert meter.failures == 0
