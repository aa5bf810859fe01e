"""The charger's own settings: one table with OCPP's keys, kept over restarts."""

import pytest

from firmware import meanings, settings
from firmware.regions import UK
from ocpp_client.address import Address, quote
from ocpp_client.ration import BURST
from tests.firmware.stage import play


class Store:
    def __init__(self):
        self.saved = {}

    def get(self, name):
        return self.saved.get(name)

    def keep(self, name, value):
        self.saved[name] = value


def test_one_table_without_two_of_one_name():
    names = [name.lower() for name in settings.keys().names()]
    assert len(names) == len(set(names))


def test_every_setting_has_its_meaning_in_one_sentence_and_there_are_no_others():
    assert list(meanings.OWN) == settings.OWN_KEYS.names()
    for meaning in meanings.OWN.values():
        assert meaning.endswith(".")
        assert ". " not in meaning


def test_every_name_fits_a_request():
    """CiString50Type, as the largest of GetConfiguration and ChangeConfiguration."""
    assert max(len(name) for name in settings.keys().names()) <= 50


# What a backend may write of the charger's own settings; all others are the owner's.
OPERATORS = {
    "PlugAndCharge": "true",
    "PlugAndChargeTag": "FLEET7",
    "FinishingOnTimeOut": "true",
    "Billing": "true",
    "TimeServer": "time.example",
}
OWNERS = {
    "BackendUrl": "ws://elsewhere/ocpp",
    "BackendIdentity": "CP2",
    "LocalCards": "04A1B2C3",
    "AllowedCurrent": "32",
    "InstallationCurrent": "32",
    "MeterFallbackCurrent": "13",
    "FuseCurrent": "63",
    "MainsFallbackCurrent": "32",
    "PhaseSwitching": "3",
    "PhaseSwitchWait": "10",
    "Vehicles": "ZOE 90s",
    "Schedule": "daily 22:00-06:00 16A",
    "TimeZone": "CET-1",
    "StartDelayMax": "600",
    "ReturnDelayMax": "600",
}


@pytest.mark.parametrize(
    ("name", "sound", "unsafe"),
    [
        ("PhaseSwitchWait", ("10", "600"), ("0", "9", "601")),
        ("MeterFallbackCurrent", ("0", "13"), ("14", "80")),
    ],
)
def test_a_pause_between_phases_is_one_and_what_flows_unseen_is_what_any_cable_carries(name, sound, unsafe):
    loaded = settings.load(Store(), 1)
    assert {loaded.write(name, text) for text in sound} == {"Accepted"}
    assert {loaded.write(name, text) for text in unsafe} == {"Rejected"}


def test_a_backend_reads_all_and_writes_what_an_operator_answers_for():
    assert sorted([*OPERATORS, *OWNERS]) == sorted(settings.OWN_KEYS.names())
    loaded = settings.load(Store(), 1)
    for name, text in OPERATORS.items():
        assert loaded.change(name, text) in ("Accepted", "RebootRequired")
        assert loaded.describe(name) == {"key": name, "readonly": False, "value": text}


@pytest.mark.parametrize("name", OWNERS)
def test_limits_hours_cars_cards_and_the_backend_are_the_owners(name):
    store = Store()
    loaded = settings.load(store, 1)
    before = loaded.text(name)
    assert loaded.change(name, OWNERS[name]) == "Rejected"
    assert loaded.describe(name) == {"key": name, "readonly": True, "value": before}
    assert not store.saved
    assert loaded.write(name, OWNERS[name]) in ("Accepted", "RebootRequired")
    assert loaded.change(name, before) == "Rejected"
    assert settings.load(store, 1).text(name) == OWNERS[name]


@pytest.mark.parametrize("name", ["BackendUrl", "BackendIdentity", "AuthorizationKey"])
def test_a_backend_cannot_empty_what_it_is_reached_by(name):
    store = Store()
    chosen = {"BackendUrl": "ws://server", "BackendIdentity": "CP1", "AuthorizationKey": "x" * 16}
    loaded = settings.load(store, 1, chosen)
    assert loaded.change(name, "") == "Rejected"
    assert loaded.text(name) == chosen[name]
    assert loaded.assign(name, "") is None
    assert settings.load(store, 1).get(name) == ""


@pytest.mark.parametrize(("socket", "status"), [(True, "Accepted"), (False, "Rejected")])
def test_a_fixed_cable_is_never_unlocked(socket, status):
    loaded = settings.load(Store(), 1, socket=socket)
    assert loaded.get("UnlockConnectorOnEVSideDisconnect") is socket
    assert loaded.describe("UnlockConnectorOnEVSideDisconnect")["readonly"] is not socket
    assert loaded.change("UnlockConnectorOnEVSideDisconnect", "false") == status
    assert loaded.get("UnlockConnectorOnEVSideDisconnect") is False


@pytest.mark.parametrize(("board", "socket"), [("simulated", False), ("simulated_two", True)])
def test_a_board_says_whether_it_has_a_socket(board, socket):
    async def story(stage):
        described = stage.charger.settings.describe("UnlockConnectorOnEVSideDisconnect")
        assert described["value"] == str(socket).lower()
        assert described["readonly"] is not socket

    play(story, board=board)


def test_great_britain_begins_with_other_defaults():
    usual, british = settings.load(Store(), 1), settings.load(Store(), 1, region="UK")
    assert british.names() == usual.names()
    assert [name for name in usual.names() if usual.text(name) != british.text(name)] == list(UK)
    assert {name: british.text(name) for name in UK} == {name: str(text) for name, text in UK.items()}


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
        ("BackendIdentity", "x" * 49),
        ("BackendIdentity", "CP:1"),
        ("BackendIdentity", "CP/1"),
        ("BackendIdentity", "CP 1"),
        ("BackendIdentity", "CP\u00e91"),
        ("BackendIdentity", ".."),
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


@pytest.mark.parametrize(
    "url", ["", "ws://server", "ws://server:9000/ocpp", "ws://[::1]/ocpp/CP1", "wss://server/ocpp"]
)
def test_an_address_that_can_be_dialled_is_taken(url):
    assert settings.load(Store(), 1, {"BackendUrl": url}).get("BackendUrl") == url


@pytest.mark.parametrize("identity", ["CP-1", "RDAM|123", "a.b_c~d", "100%", "x" * 48, ""])
def test_an_identity_that_a_path_and_a_password_can_carry_is_taken(identity):
    assert settings.load(Store(), 1, {"BackendIdentity": identity}).get("BackendIdentity") == identity
    if identity:
        assert Address("ws://server/ocpp", identity).path == "/ocpp/" + quote(identity)


def test_a_refused_identity_says_what_it_may_be():
    with pytest.raises(ValueError, match=r"^BackendIdentity takes .* but no : or / or blank$"):
        settings.load(Store(), 1, {"BackendIdentity": "CP:1"})


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
        assert stage.charger.settings.write("LocalCards", cards) == "Accepted"
        await stage.wait(8)
        assert not saves
        assert not [entry for entry in stage.bench.events[begun:] if entry["event"] in ("contactor", "state")]
        await stage.bench.power(False)
        await stage.bench.power(True)
        assert stage.charger.settings.get("MeterValueSampleInterval") == 29
        assert len(stage.charger.settings.get("LocalCards")) == 20

    play(story, settings={"PlugAndCharge": "true"}, backend=True)


def test_a_change_that_there_is_no_room_to_write_down_waits_for_the_end_of_the_charge():
    """The save that the test above is spared stalls the tick, so it is made with the contactor open only."""

    async def story(stage):
        await stage.charge()
        journal = stage.firmware.journal
        while journal.room() > stage.world.flash.sectors * 4096 // 16:
            journal.append({"kind": "answered", "upto": 0, "tries": 0, "text": "x" * 900})
        saves = stalling(stage, 500)
        assert change(stage, "MeterValueSampleInterval", "20") == "Rejected"
        await stage.wait(0.4)
        assert saves == []
        assert stage.outlet.contactor.contacts_closed
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        assert change(stage, "MeterValueSampleInterval", "20") == "Accepted"
        assert [closed for _, closed in saves] == [False]
        assert stage.charger.settings.get("MeterValueSampleInterval") == 20

    play(story, settings={"PlugAndCharge": "true"}, backend=True)


def test_a_server_without_measure_has_the_flash_written_no_oftener_than_its_ration():
    """Each change is a record at first, and a whole file once there is no room: both count."""

    async def story(stage):
        written = []
        stage.world.flash.observer = lambda operation, *args: written.append(operation)
        for count in range(1, 3 * BURST):
            if count == BURST // 2:
                stage.firmware.journal.remember = no_room
            change(stage, "MeterValueSampleInterval", str(count))
        assert len(written) == BURST
        assert set(written) == {"program", "save"}
        assert stage.charger.settings.get("MeterValueSampleInterval") == BURST
        (told,) = stage.events("rationed")
        assert told["action"] == "ChangeConfiguration"

    def no_room(name, value):
        raise OSError("no room")

    play(story, backend=True)


def test_an_unknown_setting_is_refused():
    with pytest.raises(KeyError, match="plugandpray"):
        settings.load(Store(), 1, {"PlugAndPray": "true"})


def test_the_plug_and_charge_tag_can_be_chosen():
    async def story(stage):
        await stage.charge()
        assert stage.connector.transaction.id_tag == "FLEET7"

    play(story, settings={"PlugAndCharge": "true", "PlugAndChargeTag": "FLEET7"})
