"""The ten errors that the owner sees, each by its cause in the world, through the board's own drivers: how
soon the contactor opens, what is told, and that it charges again where it may."""

import pytest

import boards
from tests.control.test_ten_errors import OPENING, driven, duty_bp, names
from tests.simulator.pins.pin_station import BOARDS

LATER_MS = 20
"""A converter that looks back over a part of the tick sees what changes there in the next one."""
FILTERED_MS = 1000
"""What the mean over a sensor's readings adds."""
BY_SENSOR = ("over_temperature", "temperature_sensor")


def suffered(board):
    """The causes that this board can meet."""
    drivers = boards.load(board).connectors[0].drivers
    return [cause for cause in OPENING if cause != "pp_short" or "proximity" in drivers]


EACH = pytest.mark.parametrize(
    ("board", "cause"), [(board, cause) for board in BOARDS for cause in suffered(board)]
)


@EACH
def test_it_opens_in_time_and_says_why(pin_station, board, cause):
    station = pin_station(board)
    _, (least_ms, most_ms), told, signalled_bp, _, _ = OPENING[cause]
    station.charge()
    assert station.outlet.car.current_ma == 16000
    most_ms += FILTERED_MS if cause in BY_SENSOR else 2 * LATER_MS

    station.world.fault(cause)

    assert least_ms <= station.ms_until(lambda: not driven(station), most_ms) <= most_ms
    station.run(200)
    assert (names(station), duty_bp(station)) == (told, signalled_bp)
    assert not station.outlet.contactor.contacts_closed


@EACH
def test_it_ends_as_it_may(pin_station, board, cause):
    station = pin_station(board)
    _, (_, most_ms), told, _, ends_s, _ = OPENING[cause]
    station.charge()
    station.world.fault(cause)
    station.ms_until(lambda: not driven(station), most_ms + FILTERED_MS)
    station.world.clear(cause)

    if ends_s is None:
        station.run(40000)
        assert names(station) == told
        assert station.snapshot.latched
    else:
        station.ms_until(lambda: not station.snapshot.faults, 310000)
        station.ms_until(lambda: driven(station), 40000)
        station.run(2000)
        assert names(station) == []


@pytest.mark.parametrize("board", BOARDS)
def test_a_weld_is_seen_by_the_mirror_contact(pin_station, board):
    station = pin_station(board)
    station.charge()
    station.world.fault("relay_welded")

    station.withdraw()
    station.run(8000)

    assert names(station) == ["RELAY_WELDED"]
    assert station.snapshot.latched


@pytest.mark.parametrize("board", BOARDS)
def test_a_contactor_that_does_not_close_is_seen_too(pin_station, board):
    station = pin_station(board)
    station.world.fault("relay_stuck_open")
    station.outlet.plug()
    station.authorise()

    station.ms_until(lambda: "RELAY_STUCK_OPEN" in names(station), 20000)

    assert not driven(station)


@pytest.mark.parametrize("board", BOARDS)
def test_a_dead_device_fails_its_test(pin_station, board):
    station = pin_station(board)
    station.world.fault("rcd_dead")
    station.outlet.plug()
    station.authorise()

    station.ms_until(lambda: "RCD_TEST" in names(station), 8000)

    assert station.outlet.contactor.cycles == 0


@pytest.mark.parametrize("board", BOARDS)
def test_a_trip_of_no_width_is_latched_by_the_interrupt(pin_station, board):
    station = pin_station(board)
    station.charge()
    station.chip.advance(7000)

    station.outlet.residual.pulse()

    assert not station.outlet.contactor.coil_on  # the gate, before any tick
    station.ms_until(lambda: not driven(station), 40)
    station.run(5000)
    assert names(station) == ["RCD_TRIP"]


@pytest.mark.parametrize("board", BOARDS)
def test_steady_interference_opens(pin_station, board):
    station = pin_station(board)
    station.charge()

    station.world.fault("cp_noise")

    station.ms_until(lambda: not driven(station), 640)
    station.run(1000)
    assert names(station)


def test_a_lock_that_is_stuck_keeps_a_socket_from_charging(pin_station):
    station = pin_station("pico_2_w")
    station.world.fault("lock_stuck")
    station.outlet.plug()
    station.authorise()

    station.ms_until(lambda: "LOCK_FAILED" in names(station), 20000)

    assert station.outlet.contactor.cycles == 0
