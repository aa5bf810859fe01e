"""The prompt's commands, and the charge that shows itself, on a whole station in virtual time."""

import asyncio
import re

import pytest

from simulator.backend.settings import Settings
from simulator.terminal import phrases, tour
from tests.simulator.desk_room import play, row

# By the backend.


def test_start_and_stop_go_through_the_backend_and_the_limit_is_the_owners():
    async def story(room):
        await room.do("plug", "wait Preparing")
        shown = await room.do("start CARD-2", "wait Charging 60")
        accepted = r"^ +0:00:[\d.]+  operator     start CARD-2: the charger says Accepted$"
        assert len(re.findall(accepted, shown, re.MULTILINE)) == 1
        await room.do("limit 10", "wait offered_ma=10000", "wait current_ma=10000")
        assert "limit 10.0 A, the owner's limit" in row(await room.do("get"), "Offer")
        await room.do("stop", "wait transaction=false frame=StopTransaction")
        assert "  operator     stop: the charger says Accepted\n" in room.output.getvalue()
        (record,) = room.station.store.transactions.all(room.station.identity)
        assert (record.id_tag, record.stop_reason) == ("CARD-2", "Remote")
        actions = [entry["frame"][2] for entry in room.station.bench.frames if entry["frame"][0] == 2]
        assert "RemoteStartTransaction" in actions
        assert "RemoteStopTransaction" in actions
        assert "ChangeConfiguration" not in actions

    play(story)


def test_the_prompt_does_not_wait_for_an_answer_that_cannot_come():
    async def story(room):
        shown = await room.do("plug", "wait Preparing", "network cut", "start", "get")
        assert "the network is cut" in row(shown, "Backend")
        await asyncio.sleep(11)
        last = room.output.getvalue().splitlines()[-1]
        assert last.endswith("  operator     start CARD-1: the charger did not answer in time")

    play(story, backend_settings=Settings(answer_timeout_s=10))


def test_the_backend_says_when_the_charger_is_not_there():
    async def story(room):
        await room.station.close_backend()
        shown = await room.do("start", "wait connected=false")
        assert "the charger is not connected to the backend" in shown

    play(story)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("stop", "the backend knows of no running transaction here; begin one with 'start' or a card"),
        ("limit much", "AllowedCurrent is a whole number, not 'much', such as: limit 10"),
        ("limit 5", "AllowedCurrent lies between 6 and 80, such as: limit 10"),
        ("set", "'set' is typed like this: set MeterValueSampleInterval 10"),
        ("set Colour red", "no setting is called 'Colour'; docs/configuration.md lists them"),
        ("set FuseCurrent 300", "FuseCurrent lies between 0 and 250"),
        ("unplug", "connector 1 has no car; plug one in first"),
        ("power up", "to is off or on, not 'up'"),
        ("guide", "'guide' is typed like this: guide RCD_TRIP"),
        ("plug connector=7", "no connector is numbered 7; choose from 1 to 1"),
        ("press connector=x", "connector is a whole number from 1 to 1, not 'x'"),
        ("wait Faulted 1", "'status=Faulted' did not hold within 1 s: status is Available"),
        ("swipe " + "9" * 21, "id_tag is a text of 1 to 20 characters, not '999999999999999999999'"),
        ("\N{SNOWMAN}", "'\N{SNOWMAN}' is no command; 'help' lists all."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(line, sentence):
    async def story(room):
        assert (await room.do(line)).splitlines()[-1] == sentence

    play(story)


def test_what_has_no_meaning_is_not_waited_for():
    async def story(room):
        assert "waiting" not in await room.do("wait Foo 2", "wait Charging connector=9", "wait Available>")
        assert await room.do("wait Available") == "so it is: Available\n"
        assert (await room.do("wait t_ms>60000 100")).splitlines()[0] == "waiting for t_ms>60000"

    play(story)


def test_what_was_done_already_is_said():
    async def story(room):
        assert await room.do("clear rcd_trip") == "fault rcd_trip was not there\n"
        assert await room.do("fault rcd_trip") == ""

    play(story)


def test_the_guide_to_an_error_is_the_chargers():
    async def story(room):
        shown = await room.do("guide rcd_trip")
        assert " ".join(shown.split()) == room.station.bench.firmware.charger.guide("RCD_TRIP")
        assert "Current has leaked to earth" in shown

    play(story)


def test_help_lists_everything_and_quit_ends():
    async def story(room):
        shown = await room.do("help")
        for name in phrases.PHRASES:
            assert name in shown or name == "advance"
        assert "rcd_trip" in shown
        assert not room.ended
        await room.do("", "quit")
        assert room.ended

    play(story)


# The charge that shows itself.


def test_the_tour_charges_a_car_and_sums_it_up():
    async def story(room):
        assert await room.tour().run()
        (record,) = room.station.store.transactions.all(room.station.identity)
        text = room.output.getvalue()
        steps = [
            "A car comes",
            "holds CARD-1 to the reader.",
            "It charges",
            "How it stands",
            "Enough",
            "leaves",
            "over",
        ]
        places = [text.index(step) for step in steps]
        assert places == sorted(places)
        summary = text[places[-1] :]
        assert row(summary, "Energy") == f"{(record.meter_stop_wh - record.meter_start_wh) / 1000:.3f} kWh"
        assert record.meter_stop_wh > record.meter_start_wh
        assert row(summary, "Transaction") == "1 for CARD-1, ended: Local"
        assert int(row(summary, "Meter values")) > 0
        assert not room.station.bench.world.outlet(1).car.plugged

    play(story)


def test_the_tour_says_where_it_was_interrupted():
    async def story(room):
        running = asyncio.create_task(room.tour().run())
        await room.do("wait Charging 60", "fault rcd_trip")
        assert not await running
        assert ">> The demo ends here: 'status=Available' did not hold" in room.output.getvalue()

    play(story)


def test_the_tour_fails_when_the_backend_learns_nothing():
    async def story(room):
        running = asyncio.create_task(room.tour().run())
        await room.do("wait Charging 60", "network cut")
        assert not await running
        assert f"the backend did not learn of the end within {tour.RECORD_S} s" in room.output.getvalue()

    play(story)
