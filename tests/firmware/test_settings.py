"""The charger's own settings: one table with OCPP's keys, kept over restarts."""

import pytest

from firmware import meanings, settings
from ocpp_client.keys import CORE_KEYS
from tests.firmware.stage import play


class Store:
    def __init__(self):
        self.saved = {}

    def get(self, name):
        return self.saved.get(name)

    def keep(self, name, value):
        self.saved[name] = value


def test_one_table_without_two_of_one_name():
    names = [key.name.lower() for key in CORE_KEYS + settings.OWN_KEYS]
    assert len(names) == len(set(names))


def test_every_setting_has_its_meaning():
    assert list(meanings.OWN) == settings.OWN_KEYS.names()
    assert all(meaning.endswith(".") for meaning in meanings.OWN.values())


def test_chosen_settings_are_kept_and_in_force_at_once():
    store = Store()
    chosen = {"BackendUrl": "ws://server/ocpp", "AllowedCurrent": "16"}
    loaded = settings.load(store, 2, chosen)
    assert loaded.get("BackendUrl") == "ws://server/ocpp"
    assert (loaded.get("AllowedCurrent"), loaded.get("NumberOfConnectors")) == (16, 2)
    again = settings.load(store, 1)
    assert (again.get("AllowedCurrent"), again.get("NumberOfConnectors")) == (16, 1)
    assert again.text("BackendUrl") == "ws://server/ocpp"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("AllowedCurrent", "5"),
        ("AllowedCurrent", "81"),
        ("AllowedCurrent", "much"),
        ("InstallationCurrent", "0"),
        ("PlugAndCharge", "perhaps"),
        ("PlugAndChargeTag", ""),
        ("PlugAndChargeTag", "X" * 21),
        ("LocalCards", "GOOD," + "X" * 21),
        ("LocalCards", "\u00e9"),
        ("BackendUrl", "ws://" + "x" * 300),
        ("AuthorizationKey", "x" * 41),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason_and_not_kept(name, text):
    store = Store()
    with pytest.raises(ValueError, match=name):
        settings.load(store, 1, {name: text})
    assert not store.saved


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("wss://server/ocpp", "needs TLS"),
        ("http://server/ocpp", "is no WebSocket address"),
        ("server", "is no WebSocket address"),
        ("ws://", "is no WebSocket address"),
        ("ws://h\u00e9/ocpp", "is no WebSocket address"),
        ("ws://server:0/ocpp", "the port of"),
    ],
)
def test_an_address_that_cannot_be_dialled_is_refused_at_once_with_its_reason(url, reason):
    store = Store()
    with pytest.raises(ValueError, match=reason):
        settings.load(store, 1, {"BackendUrl": url})
    assert not store.saved
    assert settings.load(store, 1).change("BackendUrl", url) == "Rejected"


@pytest.mark.parametrize("url", ["", "ws://server", "ws://server:9000/ocpp", "ws://[::1]/ocpp/CP1"])
def test_an_address_that_can_be_dialled_is_taken(url):
    assert settings.load(Store(), 1, {"BackendUrl": url}).get("BackendUrl") == url


def stalling(stage, save_ms):
    """From now on a save keeps the processor from its tick so long; returns the saves."""
    bench = stage.bench
    flash = stage.world.flash
    saves = []

    def watch(operation, *args):
        if operation == "save":
            saves.append((stage.kernel.now_ms(), stage.outlet.contactor.contacts_closed))

    def tick(_):
        now_ms = bench.clock.now_ms()
        stage.world.step(now_ms)
        if not saves or stage.kernel.now_ms() >= saves[-1][0] + save_ms:
            bench.firmware.guard.tick(now_ms)

    flash.observer = watch
    stage.kernel.cancel_tick()
    stage.kernel.every(bench.board.tick_ms, tick)
    return saves


def change(stage, key, value):
    """As a backend does."""
    return stage.firmware.client.handlers["ChangeConfiguration"]({"key": key, "value": value})["status"]


def test_a_change_while_a_car_charges_interrupts_nothing_and_outlives_a_power_cut():
    async def story(stage):
        await stage.charge()
        saves = stalling(stage, 500)
        begun = len(stage.bench.events)
        for interval_s in range(10, 30):
            assert change(stage, "MeterValueSampleInterval", str(interval_s)) == "Accepted"
            await stage.wait(1)
        cards = ",".join(["X%019d" % number for number in range(20)])
        assert change(stage, "LocalCards", cards) == "Accepted"
        await stage.wait(8)
        assert not saves
        assert not [entry for entry in stage.bench.events[begun:] if entry["event"] in ("contactor", "state")]
        await stage.bench.power(False)
        await stage.bench.power(True)
        assert stage.charger.settings.get("MeterValueSampleInterval") == 29
        assert len(stage.charger.settings.get("LocalCards")) == 20

    play(story, settings={"PlugAndCharge": "true"}, backend=True)


def test_a_charge_pauses_at_most_when_there_is_no_room_to_write_a_change_down():
    """The save that the test above is spared: the tick stalls, and the contactor opens by itself."""

    async def story(stage):
        await stage.charge()
        journal = stage.firmware.journal
        refused = False
        while not refused:
            try:
                journal.append({"kind": "meter", "tx": 1, "connector": 1, "text": "x" * 900})
            except OSError:
                refused = True
        saves = stalling(stage, 500)
        assert change(stage, "MeterValueSampleInterval", "20") == "Accepted"
        await stage.wait(0.4)
        assert [closed for _, closed in saves] == [True]
        assert not stage.outlet.contactor.contacts_closed
        await stage.until(lambda: stage.outlet.car.current_ma > 6000)
        assert stage.charger.settings.get("MeterValueSampleInterval") == 20

    play(story, settings={"PlugAndCharge": "true"}, backend=True)


def test_an_unknown_setting_is_refused():
    with pytest.raises(KeyError, match="plugandpray"):
        settings.load(Store(), 1, {"PlugAndPray": "true"})


def test_the_plug_and_charge_tag_can_be_chosen():
    async def story(stage):
        await stage.charge()
        assert stage.connector.transaction.id_tag == "FLEET7"

    play(story, settings={"PlugAndCharge": "true", "PlugAndChargeTag": "FLEET7"})
