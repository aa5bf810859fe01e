"""The circuit between a chip and the world, by the definition's own facts and against figures reckoned by
hand."""

import pytest

import boards
from boards.facts import Board, Connector
from simulator.pins.chip import Chip
from simulator.pins.circuit import Circuit
from simulator.pins.parts.reader import ADDRESS
from simulator.portable.world import World
from tests.hal.test_pn532 import framed

TICK_US = 20000


class Wired:
    """A board's chip in its circuit, with nothing running on it."""

    def __init__(self, name="pico_2_w", **facts):
        board = boards.load(name)
        connector = Connector(**{**vars(board.connectors[0]), **facts})
        self.board = Board(**{**vars(board), "connectors": (connector,)})
        self.pins = connector.pins
        self.world = World(self.board, 1, 0)
        self.chip = Chip(self.board)
        self.circuit = Circuit(self.chip, self.board, self.world)
        self.outlet = self.world.connectors[0]

    def node(self, name):
        return self.chip.pin(self.pins.get(name, self.board.pins.get(name)))

    def drive(self, name, level):
        self.node(name).assign("pin", level)

    def pass_ms(self, ms):
        self.chip.advance(ms * 1000)

    def mv(self, name):
        return self.node(name).mv_at(self.chip.now_us)


@pytest.fixture
def wired():
    return Wired()


def pwm(wired, duty_u16):
    import machine

    return machine.PWM(machine.Pin(wired.pins["pilot"]), freq=1000, duty_u16=duty_u16)


@pytest.mark.parametrize(
    ("cable_a", "mv"),
    # 3300 mV over 1 kohm and the resistor in the plug (IEC 61851-1, table B.2)
    [(13, 1980), (20, 1335), (32, 595), (63, 300)],
)
def test_the_proximity_line_divides_the_supply(wired, cable_a, mv):
    wired.outlet.plug(cable_a=cable_a)

    assert abs(wired.mv("proximity") - mv) <= 1


def test_a_proximity_line_without_a_plug_is_high_and_a_shorted_one_is_low(wired):
    assert wired.mv("proximity") == 3300
    wired.outlet.plug(cable_a=32)
    wired.world.fault("pp_open")
    assert wired.mv("proximity") == 3300
    wired.world.fault("pp_short")
    assert wired.mv("proximity") == 0


def test_the_sensor_shows_its_temperature(wired):
    assert wired.mv("temperature") == 1650  # at 25 degC as many ohm as the resistor
    wired.world.set(place_dc=600)
    # Vishay NTCLE100E3103: 2490 ohm at 60 degC
    assert abs(wired.mv("temperature") - 3300 * 2490 // 12490) <= 5
    wired.world.fault("temperature_sensor")
    assert wired.mv("temperature") == 3300


@pytest.mark.parametrize("name", ["pico_2_w", "esp32_s3"])
def test_the_pilot_is_seen_through_the_divider(name):
    wired = Wired(name)
    wired.outlet.line.noise_mv = 0
    wired.outlet.settle()
    (_, pin_low_mv), (_, pin_high_mv) = wired.board.connectors[0].pilot_points

    assert wired.mv("pilot_sense") == pin_low_mv
    wired.drive("pilot", 1)
    wired.pass_ms(1)
    assert wired.mv("pilot_sense") == pin_high_mv


def test_the_duty_of_the_pin_is_the_duty_on_the_wire(wired):
    with wired.chip.install():
        output = pwm(wired, 0)
        for duty_bp in (0, 500, 1000, 5333, 9700, 10000):
            output.duty_u16(duty_bp * 65535 // 10000)
            assert wired.outlet.line.duty_bp == duty_bp


def test_edges_take_their_time_and_come_nowhere_else(wired):
    line = wired.outlet.line
    line.noise_mv = 0
    wired.outlet.settle()
    sense = wired.node("pilot_sense")
    with wired.chip.install():
        pwm(wired, 32768)
        wired.pass_ms(5)
        now_us = wired.chip.now_us
        seen = [sense.mv_at(now_us - 1000 + at_us) for at_us in range(1000)]
    high_mv, low_mv = max(seen), min(seen)
    between = [mv for mv in seen if low_mv < mv < high_mv]

    assert 10 <= len(between) <= 18  # of two edges with a time constant of 2 us
    assert abs(seen.count(high_mv) - 491) <= 4
    assert abs(seen.count(low_mv) - 491) <= 4


def test_the_relay_takes_the_pilot_off_the_car(wired):
    wired.outlet.plug()
    wired.drive("pilot", 1)
    assert wired.outlet.line.true_high_mv < 9500
    wired.drive("pilot_relay", 1)
    assert wired.outlet.line.true_high_mv == 12000


def test_a_coil_carries_current_as_long_as_its_line_says(wired):
    contactor = wired.outlet.contactor
    wired.drive("contactor", 1)
    wired.pass_ms(500)
    assert contactor.contacts_closed
    assert wired.node("mirror").level == 0

    wired.drive("contactor", 0)
    assert not contactor.coil_on
    wired.pass_ms(36)
    assert wired.node("mirror").level == 1


def test_a_monostable_ends_by_itself_and_a_renewal_is_no_gap():
    wired = Wired("esp32_s3")
    contactor = wired.outlet.contactor
    wired.drive("contactor", 1)
    for _ in range(20):
        wired.pass_ms(50)
        wired.drive("contactor", 0)
        wired.chip.advance(5)
        wired.drive("contactor", 1)
    assert (contactor.contacts_closed, contactor.edges) == (True, 1)

    wired.pass_ms(105)  # the line stays at its level, and nobody renews
    assert not contactor.driven
    assert contactor.driven_at_ms == 1100

    wired.drive("contactor", 0)
    wired.drive("contactor", 1)
    wired.drive("contactor", 0)
    wired.pass_ms(1)
    assert not contactor.driven  # away from its level the output is off


@pytest.mark.parametrize("level", [0, 1])
def test_polarities_are_the_definition_s(level):
    wired = Wired(
        contactor_level=level, mirror_level=level, trip_level=level, earth_level=level, lock_level=level
    )
    at_rest = wired.outlet.contactor.driven  # while the chip drives nothing
    wired.drive("contactor", level)
    assert (at_rest, wired.outlet.contactor.driven) == (False, True)
    wired.pass_ms(40)
    assert wired.node("mirror").level == level
    assert wired.node("trip").level == 1 - level
    assert wired.node("earth").level == level
    wired.world.fault("rcd_trip")
    wired.world.fault("earth_lost")
    wired.pass_ms(6)
    assert wired.node("trip").level == level
    assert wired.node("earth").level == 1 - level


def test_the_test_input_trips_the_device(wired):
    trips = []
    wired.node("trip").watch(lambda level, now_us: trips.append((level, now_us // 1000)))
    wired.drive("test", 1)
    wired.pass_ms(60)
    wired.drive("test", 0)
    wired.pass_ms(10)

    assert [level for level, _ in trips] == [1, 0]
    assert 40 <= trips[0][1] <= 46


def test_a_pulse_of_no_width_is_an_edge_on_the_line(wired):
    trips = []
    wired.node("trip").watch(lambda level, now_us: trips.append(level))
    wired.outlet.residual.pulse()
    wired.pass_ms(10)

    assert trips == [1, 0]
    assert wired.outlet.residual.latched  # and the gate stays for a while
    wired.pass_ms(100)
    assert not wired.outlet.residual.latched


def test_the_bridge_moves_the_bolt(wired):
    wired.outlet.plug()
    wired.drive("lock_a", 1)
    wired.drive("lock_b", 0)
    wired.pass_ms(600)
    assert (wired.outlet.lock.holds, wired.node("locked").level) == (True, 1)
    wired.drive("lock_a", 0)
    wired.pass_ms(600)
    assert wired.outlet.lock.holds  # it stays without current
    wired.drive("lock_b", 1)
    wired.pass_ms(600)
    assert (wired.outlet.lock.holds, wired.node("locked").level) == (False, 0)


def test_three_phases_are_joined_while_the_coil_is_driven(wired):
    wired.pass_ms(100)
    assert (wired.outlet.phase_switch.joined, wired.node("phase_feedback").level) == (1, 0)
    wired.drive("phase_switch", 1)
    wired.pass_ms(100)
    assert (wired.outlet.phase_switch.joined, wired.node("phase_feedback").level) == (3, 1)


def test_people_see_the_lamp_and_whether_it_blinks(wired):
    lamp = wired.world.lamp
    with wired.chip.install():
        import machine

        red = machine.PWM(machine.Pin(wired.board.pins["red"]), freq=1000, duty_u16=65535)
        machine.PWM(machine.Pin(wired.board.pins["green"]), freq=1000, duty_u16=128 * 257)
        wired.pass_ms(2000)
        assert (lamp.colour, lamp.blinks) == (0xFF8000, False)
        machine.PWM(machine.Pin(wired.board.pins["green"]), freq=1000, duty_u16=0)
        for _ in range(4):
            red.duty_u16(0)
            wired.pass_ms(500)
            red.duty_u16(65535)
            wired.pass_ms(500)
        assert (lamp.colour, lamp.blinks) == (0xFF0000, True)
        red.duty_u16(0)
        wired.pass_ms(1000)
        assert lamp.colour == 0


def test_a_press_is_long_enough_for_a_finger(wired):
    levels = []
    node = wired.node("button")
    node.pull = "up"
    node.settle()
    node.watch(lambda level, now_us: levels.append((level, now_us // 1000)))
    wired.world.button.press()
    wired.pass_ms(400)

    (down, down_ms), (up, up_ms) = levels
    assert (down, up) == (0, 1)
    assert up_ms - down_ms == 150


def test_a_card_is_read_over_the_bus(wired):
    bus = wired.chip.bus(wired.board.pins["sda"], wired.board.pins["scl"])
    wired.world.card_reader.swipe("04A1B2C3")
    assert bus.write(ADDRESS, framed(b"\xd4\x4a\x01\x00"))
    wired.pass_ms(1)
    assert bus.read(ADDRESS, 7)[1:] == b"\x00\x00\xff\x00\xff\x00"
    wired.pass_ms(30)
    assert bytes.fromhex("04A1B2C3") in bus.read(ADDRESS, 40)
    assert wired.world.card_reader.read() is None


def test_a_meter_of_another_make_is_not_simulated():
    drivers = boards.load("pico_2_w").connectors[0].drivers

    with pytest.raises(ValueError, match="no 'em340' is simulated on a line; choose one of: sdm630, sdm72"):
        Wired(drivers={**drivers, "meter": "em340"})
