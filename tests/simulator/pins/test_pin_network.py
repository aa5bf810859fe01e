"""Wi-Fi: joining takes its time and says what became of it, in each port's own numbers."""

import pytest

from tests.simulator.pins.pin_bench import NAMES, chip_of

CODES = {
    "rp2": {"joining": 1, "joined": 3, "absent": -2, "refused": -3, "idle": 0},
    "esp32": {"joining": 1001, "joined": 1010, "absent": 201, "refused": 202, "idle": 1000},
}


@pytest.fixture(params=NAMES)
def chip(request):
    chip = chip_of(request.param)
    chip.air["home"] = ("password", 6, -60)
    with chip.install():
        yield chip


def station():
    import network

    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    return wlan


def test_it_joins_after_a_while(chip):
    codes = CODES[chip.rules.family]
    wlan = station()
    assert (wlan.status(), wlan.isconnected()) == (codes["idle"], False)
    wlan.connect("home", "password")
    assert (wlan.status(), wlan.isconnected()) == (codes["joining"], False)
    chip.advance(3000000)
    assert (wlan.status(), wlan.isconnected()) == (codes["joined"], True)
    assert (wlan.ifconfig()[0], wlan.status("rssi")) == ("192.168.4.16", -60)
    wlan.disconnect()
    assert (wlan.isconnected(), wlan.ifconfig()[0]) == (False, "0.0.0.0")


@pytest.mark.parametrize(
    ("name", "key", "word"), [("away", "password", "absent"), ("home", "wrong", "refused")]
)
def test_it_tells_why_not(chip, name, key, word):
    wlan = station()
    wlan.connect(name, key)
    chip.advance(5000000)
    assert wlan.status() == CODES[chip.rules.family][word]
    assert not wlan.isconnected()


def test_an_access_point_that_goes_away_is_lost(chip):
    wlan = station()
    wlan.connect("home", "password")
    chip.advance(3000000)
    chip.air.clear()
    assert not wlan.isconnected()
    assert wlan.status() == (200 if chip.rules.family == "esp32" else -1)


def test_a_station_that_is_off_joins_nothing(chip):
    import network

    wlan = network.WLAN(network.STA_IF)
    with pytest.raises(OSError, match="Started" if chip.rules.family == "esp32" else "1"):
        wlan.connect("home", "password")
    with pytest.raises(OSError, match="active" if chip.rules.family == "esp32" else "1"):
        wlan.scan()
    with pytest.raises(ValueError, match="interface"):
        network.WLAN(2)


def test_esp32_does_not_join_twice_at_once():
    chip = chip_of("esp32s3")
    with chip.install():
        wlan = station()
        wlan.connect("home")
        with pytest.raises(OSError, match="State"):
            wlan.connect("home")
        wlan.active(False)
        wlan.active(True)
        wlan.connect("home")


def test_it_hears_what_is_in_reach(chip):
    wlan = station()
    assert [(row[0], row[2], row[3]) for row in wlan.scan()] == [(b"home", 6, -60)]
    assert chip.now_us >= 2000000


def test_settings_are_kept_and_others_refused(chip):
    import network

    point = network.WLAN(network.AP_IF)
    point.config(ssid="charger", key="secret words", security=network.WLAN.SEC_WPA_WPA2)
    point.active(True)
    assert (point.config("ssid"), point.ifconfig()[0], point.active()) == ("charger", "192.168.4.1", True)
    with pytest.raises(ValueError, match="unknown"):
        point.config(colour=1)
    with pytest.raises(TypeError):
        point.config("ssid", key="x")


def test_a_restart_forgets_the_radio(chip):
    wlan = station()
    wlan.connect("home", "password")
    chip.restart("software")
    chip.advance(5000000)
    assert not station().isconnected()
    assert not wlan.isconnected()
