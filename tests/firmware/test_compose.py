"""From a board's facts to a running charger, and what is said when the facts do not fit."""

import asyncio

import pytest

import boards
from boards.facts import Board, Connector
from firmware.compose import ROOTS, Firmware
from firmware.fitting import UnknownDriver
from hal import contract
from hal.meter_modbus import ModbusMeter
from ocpp_client.client import Client
from simulator.backend.settings import Settings
from simulator.clockwork import kernel
from simulator.portable import rig
from simulator.portable.flash import Flash
from simulator.portable.world import World
from tests.firmware.stage import CARDS, OWN_CARD, PLUG_AND_CHARGE, play

CONNECTOR = (
    "pilot",
    "contactor",
    "rcd",
    "proximity",
    "lock",
    "phase_switch",
    "shunt_trip",
    "temperature",
    "earth",
    "meter_port",
    "meter",
)
SHARED = (
    "store",
    "clock",
    "watchdog",
    "network",
    "card_reader",
    "lamp",
    "button",
    "mains_port",
    "mains_meter",
)


def compose(board, **chosen):
    async def main():
        loop = kernel.current()

        async def sleep_ms(duration_ms):
            await asyncio.sleep(duration_ms / 1000)

        clock = rig.Clock(loop.now_ms, sleep_ms, bytes)
        world = World(boards.load("simulated_two"), 1, clock.now_ms())
        world.flash = Flash()
        return Firmware(board, rig.drivers(world, clock, contract.Network()), chosen)

    return kernel.run(main())


def board(shared=None, **outlet):
    simulated = boards.load("simulated")
    drivers = {**simulated.connectors[0].drivers, **outlet}
    return Board(connectors=(Connector(drivers=drivers),), drivers={**simulated.drivers, **(shared or {})})


def test_every_board_is_composed():
    for name in [name for name in boards.names() if boards.load(name).simulated]:
        firmware = compose(boards.load(name))
        lanes = firmware.guard.lanes
        assert len(lanes) == firmware.charger.connector_count == len(boards.load(name).connectors)
        assert all(isinstance(lane.parts.meter, ModbusMeter) for lane in lanes)
        assert len({id(lane.parts.meter) for lane in lanes}) == len(lanes)
        assert firmware.client is None


def test_what_is_not_fitted_is_the_contract_s_own():
    drivers = dict(boards.load("simulated").drivers)
    del drivers["lamp"]
    firmware = compose(Board(connectors=(Connector(),), drivers=drivers))
    assert type(firmware.parts.lamp) is contract.Lamp
    assert type(firmware.guard.lanes[0].parts.rcd) is contract.Rcd


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"rcd": "imaginary"},
            "no driver 'imaginary' for the part 'rcd' in this firmware; it has: simulated",
        ),
        (
            {"meter": "sdm360"},
            "no driver 'sdm360' for the part 'meter' in this firmware; it has: em340, sdm630, sdm72, we517",
        ),
        (
            {"contacter": "simulated"},
            "no part is called 'contacter'; choose one of: " + ", ".join(CONNECTOR),
        ),
        (
            {"shared": {"watchdogg": "simulated"}},
            "no part is called 'watchdogg'; choose one of: " + ", ".join(SHARED),
        ),
    ],
)
def test_a_misspelt_driver_or_part_is_named_with_the_way_out(facts, sentence):
    with pytest.raises(UnknownDriver) as caught:
        compose(board(**facts))
    assert str(caught.value) == sentence


def test_a_part_without_any_driver_says_so():
    with pytest.raises(UnknownDriver, match="it has: none"):
        Firmware(Board(drivers={"lamp": "neon"}), {})


def test_a_misspelt_board_fact_is_named():
    with pytest.raises(TypeError, match="Connector has no fact called 'cabel_ma'"):
        Connector(cabel_ma=32000)
    with pytest.raises(TypeError, match="Board has no fact called 'rated_a'"):
        Board(rated_a=32)


def test_the_least_rating_counts():
    simulated = boards.load("simulated")
    outlet = Connector(rated_ma=32000, drivers=simulated.connectors[0].drivers)
    firmware = compose(Board(rated_ma=20000, connectors=(outlet,), drivers=simulated.drivers))
    assert firmware.guard.lanes[0].controller.limits.least_ma == 20000


def test_a_backend_that_is_chosen_is_dialled():
    settings = {"BackendUrl": "ws://backend/ocpp", "BackendIdentity": "CP-1", "SecurityProfile": "0"}
    firmware = compose(boards.load("simulated"), **settings)
    assert isinstance(firmware.client, Client)
    assert firmware.services.client is firmware.client
    assert firmware.charger.serial_number == "CP-1"


@pytest.mark.parametrize(
    ("url", "identity", "profile", "reason"),
    [
        ("ws://server/ocpp", "CP1", "", "SecurityProfile 2 asks for a password"),
        ("wss://server/ocpp", "CP1", "1", "SecurityProfile 1 asks for a password"),
        ("ws://server/", "", "0", "names no charger"),
        ("ws://server/%zz", "", "0", "names no charger"),
    ],
)
def test_an_address_that_cannot_be_used_costs_the_backend_and_nothing_else(url, identity, profile, reason):
    """It goes without its identity, or without the password that its security asks for: where nobody has said
    how secure it is, TLS and a password are meant."""

    async def story(stage):
        journal = stage.firmware.journal
        journal.keep("set-BackendUrl", url)
        journal.keep("set-BackendIdentity", identity)
        if profile:
            journal.keep("set-SecurityProfile", profile)
        for _ in range(2):
            await stage.bench.power(False)
            await stage.bench.power(True)
            told = stage.events("setting_refused")[-1]
            assert told["name"] == "BackendUrl"
            assert reason in told["reason"]
            assert stage.firmware.client is None
        await stage.wait(3)
        assert await stage.charger.present(OWN_CARD) == ("waiting", "local card")
        await stage.charge()
        kept = stage.firmware.journal.after(0)
        assert kept, "a backend that can be asked again one day hears of it then"
        assert kept[1]["kind"] == "start"
        assert stage.charger.settings.write("BackendUrl", "ws://server/ocpp/CP1") == "RebootRequired"
        assert stage.charger.settings.write("SecurityProfile", "0") == "Accepted"
        await stage.bench.power(False)
        await stage.bench.power(True)
        assert stage.firmware.client
        assert len(stage.events("setting_refused")) == 2

    play(story, settings=CARDS)


PASSWORD = "sixteen-letters!"


def test_a_password_that_comes_later_needs_no_restart():
    async def story(stage):
        assert "asks for a password" in stage.events("setting_refused")[0]["reason"]
        await stage.charge()
        assert [stage.firmware.client] == [None]
        assert stage.charger.settings.write("AuthorizationKey", PASSWORD) == "Accepted"
        await stage.until(lambda: stage.firmware.client.accepted, 30)
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        await stage.wait(5)
        (told,) = stage.central.store.transactions.all("CP1")
        assert told.stopped_at
        assert "backend" in (await stage.charger.present(OWN_CARD))[1], "it is asked from now on"

    settings = {"PlugAndCharge": "true", "SecurityProfile": "1"}
    play(story, settings=settings, backend=Settings())


@pytest.mark.parametrize(("url", "password"), [("ws://server/", PASSWORD), ("ws://server/ocpp/CP1", "")])
def test_a_try_in_vain_to_have_a_backend_leaves_nothing_behind(url, password):
    """Without an identity, or without a password, however often the profile is set."""

    async def story(stage):
        journal = stage.firmware.journal
        journal.keep("set-BackendUrl", url)
        journal.keep("set-AuthorizationKey", password)
        journal.keep("set-BackendIdentity", "")
        await stage.bench.power(False)
        await stage.bench.power(True)
        settings = stage.charger.settings
        heard = len(settings._subscribers)
        for _ in range(20):
            assert settings.write("SecurityProfile", "2") == "Accepted"
            assert settings.write("SecurityProfile", "1") == "Accepted"
        assert stage.firmware.client is None
        assert len(settings._subscribers) == heard

    play(story)


def test_a_charger_whose_password_was_taken_away_does_not_dial():
    async def story(stage):
        client = stage.firmware.client
        await stage.until(lambda: client.accepted)
        assert stage.charger.settings.write("AuthorizationKey", "") == "Accepted"
        await stage.wait(600)
        assert not client.accepted
        assert "asks for a password" in client.state
        handshakes = [entry["reason"] for entry in stage.events("link") if "HTTP" in str(entry.get("state"))]
        assert not handshakes
        assert stage.charger.settings.write("AuthorizationKey", PASSWORD) == "Accepted"
        await stage.until(lambda: client.accepted, 400)

    play(story, settings={"AuthorizationKey": PASSWORD, "SecurityProfile": "1"}, backend=Settings())


@pytest.mark.parametrize("lost", ["gone", "empty"])
def test_who_had_roots_of_its_own_does_not_come_to_trust_the_network_s_because_they_are_lost(lost):
    async def story(stage):
        flash = stage.world.flash
        assert await trusted(stage) == b"", "the network's own: there were no others yet"
        flash.save(ROOTS, b"certificates")
        assert await trusted(stage) == b"certificates"
        assert stage.firmware.client.access.trusts()
        flash.save(ROOTS, b"")
        if lost == "gone":
            flash._medium._files.pop(ROOTS)
        await stage.bench.power(False)
        await stage.bench.power(True)
        assert await trusted(stage) is None, "nobody is dialled"
        assert "root certificates are gone: put the file roots back" in stage.events("link")[-1]["state"]
        assert not stage.firmware.client.access.trusts()
        assert await stage.charger.present(OWN_CARD) == ("waiting", "local card")
        flash.save(ROOTS, b"system\n")
        assert await trusted(stage) == b"", "for the owner says so"
        assert stage.firmware.client.access.trusts()

    async def trusted(stage):
        """The roots of the next connection within five minutes."""
        network, told = stage.firmware.parts.network, []

        async def open_stream(host, port, tls=None):
            told.append(tls)
            raise OSError("nobody is there")

        network.open = open_stream
        for _ in range(300):
            await stage.wait(1)
            if told:
                return told[-1][1]
        return None

    secured = {"SecurityProfile": "2", "AuthorizationKey": "a-password-of-some-length"}
    play(story, settings={**CARDS, **secured}, backend=True)


def test_a_store_that_refuses_stops_no_boot():
    """It may be worn out: the charger must still be there to say so."""

    async def story(stage):
        await stage.charge()
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        stage.world.flash.full = True
        for sector in range(stage.world.flash.sectors):
            if stage.world.flash.read(sector, 0, 1) == b"\xff":
                stage.world.flash.overwrite(sector, bytes(4096))
        await stage.bench.power(False)
        await stage.bench.power(True)
        await stage.wait(3)
        assert stage.status == "Available"
        stage.outlet.plug()
        refused = await stage.until("start_refused")
        assert refused["reason"].startswith("the journal cannot be written")
        unwritten = await stage.until("unwritten", 130)
        assert unwritten["name"] == "erase"
        assert not stage.events("task_failed")
        stage.world.flash.full = False
        stage.outlet.unplug()
        await stage.wait(130)
        await stage.charge()
        assert stage.charger.transaction(1) == 2

    play(story, settings=PLUG_AND_CHARGE)


def test_nothing_is_erased_while_a_contactor_is_closed():
    async def story(stage):
        erased = []

        def watch(operation, *args):
            if operation == "erase":
                erased.append(stage.outlet.contactor.contacts_closed)

        stage.world.flash.observer = watch
        await stage.wait(5)
        assert len(erased) > 3
        await stage.charge()
        del erased[:]
        await stage.wait(100)
        assert not erased
        stage.outlet.unplug()
        await stage.wait(100)
        assert erased
        assert True not in erased

    play(story, settings=PLUG_AND_CHARGE)
