"""How a charger stands, in the wording that owners see (L4 to L9), on a whole station in virtual time."""

from control import limits
from simulator.terminal import present, wording
from tests.simulator.desk_room import play, row


def test_L4_available_and_what_to_do():  # noqa: N802
    async def story(room):
        shown = await room.do("get")
        assert row(shown, "Status") == "Available - Ready to charge. Connect a car to begin."
        assert row(shown, "Transaction") == row(shown, "Car") == "none"
        assert row(shown, "Energy") == "0.000 kWh ever"
        assert row(shown, "Backend").startswith("connected; ws://")

    play(story)


def test_L5_charging_with_power_energy_and_duration():  # noqa: N802
    async def story(room):
        shown = await room.do("plug max_a=16", "swipe CARD-1", "wait power_w>10000 60", "get")
        assert row(shown, "Status") == "Charging - Active charging session in progress."
        power_kw, unit = row(shown, "Power").split()[:2]
        assert 10 < float(power_kw) < 12
        assert unit == "kW;"
        assert row(shown, "Offer") == "32.0 A now; limit 32.0 A, the rating of the charger"
        assert row(shown, "Transaction").startswith("1 for CARD-1, 0:00:0")
        assert "asks for power" in row(shown, "Car")
        assert "since plug-in" in row(shown, "Energy")
        assert "since plug-in" not in row(await room.do("unplug", "wait Available", "get"), "Energy")

    play(story)


def test_L6_awaiting_says_for_what():  # noqa: N802
    async def story(room):
        sentence = "Awaiting - Waiting for authentication or vehicle response."
        assert (
            row(await room.do("plug charge=no", "wait Preparing", "get"), "Status") == f"{sentence} (a card)"
        )
        shown = await room.do("swipe CARD-1", "wait transaction", "get")
        assert row(shown, "Status") == f"{sentence} (the vehicle)"
        assert row(await room.do("wait SuspendedEV", "get"), "Status") == f"{sentence} (the vehicle)"

    play(story)


def test_L6_awaiting_the_car_of_an_accepted_card():  # noqa: N802
    async def story(room):
        shown = await room.do("swipe CARD-1", "wait Preparing", "get")
        assert row(shown, "Status").endswith("(card CARD-1 is accepted; connect the car)")

    play(story)


def test_L7_offline_while_the_power_is_off():  # noqa: N802
    async def story(room):
        shown = await room.do("power off", "get")
        assert row(shown, "Status") == "Offline - Device is offline. Check power and WiFi connection."
        assert row(shown, "Backend") == "off"
        assert "Power" not in shown

    play(story)


def test_L8_error_with_the_whole_wording():  # noqa: N802
    async def story(room):
        await room.do("plug", "swipe CARD-1", "wait Charging 60", "fault relay_welded", "press")
        shown = await room.do("wait Faulted", "get")
        danger = "Relay failure - DANGER! Disconnect power and contact support immediately."
        assert row(shown, "Status") == f"Error - A problem was detected. ({danger})"
        assert row(shown, "Broken") == "relay_welded"

    play(story)


def test_L9_paused_with_the_reason():  # noqa: N802
    async def story(room):
        await room.do("plug", "swipe CARD-1", "wait Charging 60")
        room.station.bench.firmware.charger.limit(limits.BACKEND, 0)
        shown = await room.do("wait SuspendedEVSE", "get")
        paused = "Paused - Charging is paused (e.g., by schedule or load balancing)."
        assert row(shown, "Status") == f"{paused} (the operator's limit)"

    play(story)


def test_finished_and_a_silent_meter():
    async def story(room):
        await room.do("plug", "swipe CARD-1", "wait Charging 60", "press", "wait Finishing")
        shown = await room.do("fault meter_silent", "wait metered=false", "get")
        assert row(shown, "Status") == "Finished - The charge has ended. Disconnect the car."
        assert row(shown, "Power") == "the meter does not answer"

    play(story)


def test_behaviour_17_a_plug_that_waits_for_its_card_is_told():
    async def story(room):
        charger = room.station.bench.firmware.charger
        await room.do("plug", "swipe CARD-1", "wait Charging 60")
        charger.verdict(charger.transaction(1), "Blocked")
        shown = await room.do("wait Finishing", "wait transaction=false", "get")
        assert row(shown, "Status").endswith("(the plug is locked until card CARD-1 comes)")

    play(story, board="simulated_two")


def test_warnings_and_limits_stand_beside_the_status():
    async def story(room):
        shown = await room.do(
            "plug",
            "swipe CARD-1",
            "wait Charging 60",
            "world place_dc=680",
            "wait limits.temperature=19000",
            "get",
        )
        assert row(shown, "Status") == "Charging - Active charging session in progress."
        assert row(shown, "Errors") == "Device getting hot (HIGH_TEMPERATURE, warning)"
        limits_told = row(shown, "Limits")
        assert limits_told.startswith("hardware 32 A, ")
        assert limits_told.endswith("temperature 19 A")
        assert row(shown, "Phases") == "3 joined, 3 in use"
        shown = await room.do("fault rcd_trip", "wait latched", "get")
        assert "Residual current detected (RCD_TRIP, lasting), " in row(shown, "Errors")

    play(story)


def test_every_limit_has_one_wording():
    assert set(wording.LIMITS) == set(limits.NAMES)
    for reason, words in wording.LIMITS.items():
        offer = {"t_ms": 0, "source": "charger", "event": "offer", "connector": 1, "offered_ma": 6000}
        assert present.line({**offer, "reason": reason}).endswith(f"offers 6.0 A a phase ({words})")


def test_two_connectors_stand_below_each_other():
    async def story(room):
        shown = await room.do("plug connector=2", "wait Preparing connector=2", "get")
        assert shown.count("Status ") == 2
        assert "Connector    2\nStatus       Awaiting" in shown

    play(story, board="simulated_two")
