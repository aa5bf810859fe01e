"""DataTransfer under this firmware's own vendor id: what is applied, refused and told, and why."""

import json
import re

import pytest

from ocpp_client.messages import ANSWERS, REQUESTS
from ocpp_client.transfer import MOST_NOTE, MOST_WAITING, Notes
from tests.ocpp_client.backend import SILENCE, Refusal, booted
from tests.runtimes import ROOT

VENDOR = "org.mode3"
WORD = re.compile(r"[A-Z]\w+")


def ask(world, message, data, vendor=VENDOR):
    text = data if isinstance(data, str) else json.dumps(data)
    return world.ask("DataTransfer", {"vendorId": vendor, "messageId": message, "data": text}).payload


@pytest.mark.parametrize(
    ("message", "data", "asked"),
    [
        ("SessionEnergyLimit", {"connectorId": 1, "energyWh": 20000}, [1, None, 20000, None]),
        ("SessionPowerLimit", {"connectorId": 2, "powerW": 7400}, [2, 7400, None, None]),
        ("sessionpowerlimit", {"connectorId": 2, "powerW": 0}, [2, 0, None, None]),
        ("SessionNote", {"connectorId": 1, "note": "to the lake"}, [1, None, None, "to the lake"]),
        ("SessionNote", {"connectorId": 1, "note": "é" * MOST_NOTE}, [1, None, None, "é" * MOST_NOTE]),
    ],
)
def test_limits_and_notes_reach_the_charger_k4_k5_k6(message, data, asked):
    world = booted(connector_count=2)
    assert ask(world, message, data, vendor="Org.Mode3") == {"status": "Accepted"}
    assert world.charger.asked == [["amend", *asked, False]]


def test_one_connector_needs_no_number_and_two_do():
    assert ask(booted(), "SessionEnergyLimit", {"energyWh": 5000}) == {"status": "Accepted"}
    answer = ask(booted(connector_count=2), "SessionEnergyLimit", {"energyWh": 5000})
    assert answer == {"status": "Rejected", "data": "connectorId is missing: there are 2 connectors"}


@pytest.mark.parametrize(
    ("message", "data", "reason"),
    [
        ("SessionEnergyLimit", "", "data is the text of a JSON object"),
        ("SessionEnergyLimit", "20000", "data is the text of a JSON object"),
        ("SessionEnergyLimit", "[" * 300, "data is the text of a JSON object"),
        ("SessionEnergyLimit", {}, "energyWh is missing"),
        ("SessionEnergyLimit", {"energyWh": "20"}, "energyWh is not an integer"),
        ("SessionEnergyLimit", {"energyWh": 20, "powerW": 1}, "powerW is not a field of this message"),
        ("SessionPowerLimit", {"powerW": -1}, "a charge takes no -1 W"),
        ("SessionNote", {"note": "n" * 51}, "note has more than 50 characters"),
    ],
)
def test_bad_data_is_rejected_with_the_reason(message, data, reason):
    world = booted()
    assert ask(world, message, data) == {"status": "Rejected", "data": reason}
    assert world.charger.asked == []


def test_who_and_what_nobody_knows_is_told_apart():
    world = booted()
    unknown = {"status": "UnknownVendorId"}
    assert ask(world, "SessionNote", {"note": "n"}, vendor="com.example") == unknown
    assert world.ask("DataTransfer", {"vendorId": "com.example", "data": "x" * 8000}).payload == unknown
    assert ask(world, "SessionSong", {"note": "n"}) == {"status": "UnknownMessageId"}
    assert world.ask("DataTransfer", {"vendorId": VENDOR}).payload == {"status": "UnknownMessageId"}


# What the charger tells.


def told(world):
    """(transaction, note) of every DataTransfer that was sent."""
    found = []
    for frame in world.backend.out("DataTransfer"):
        assert (frame.payload["vendorId"], frame.payload["messageId"]) == (VENDOR, "SessionNote")
        data = json.loads(frame.payload["data"])
        found.append((data["transactionId"], data["note"]))
    return found


def noting(answer="Accepted"):
    world = booted(settings={"MeterValueSampleInterval": "0"})
    world.backend.answers["DataTransfer"] = answer if answer is SILENCE else {"status": answer}
    return world


def test_a_note_of_the_charger_is_told_once_its_transaction_has_an_id_k4():
    world = noting()
    world.backend.answers["StartTransaction"] = SILENCE
    tx = world.charger.begin()
    world.client.noted(tx, "first")
    world.run(1)
    assert told(world) == []
    world.backend.be_good()
    world.backend.answers["DataTransfer"] = {"status": "Rejected"}
    world.client.noted(tx, "second")
    world.run(200)
    assert told(world) == [(101, "second")]
    world.client.noted(tx, "third")
    world.run(1)
    assert told(world) == [(101, "second"), (101, "third")]


@pytest.mark.parametrize("answer", ["UnknownVendorId", "UnknownMessageId"])
def test_a_server_that_knows_no_notes_is_told_no_more(answer):
    world = noting(answer)
    tx = world.charger.begin()
    world.run(1)
    for note in ("first", "second"):
        world.client.noted(tx, note)
        world.run(1)
    assert told(world) == [(101, "first")]


def test_a_note_that_the_link_lost_is_told_after_it_and_a_refused_one_is_not():
    world = noting(SILENCE)
    tx = world.charger.begin()
    world.run(1)
    world.client.noted(tx, "first")
    world.settle()
    world.cut()
    world.backend.answers["DataTransfer"] = Refusal()
    world.run(10)
    assert told(world) == [(101, "first"), (101, "first")]
    world.run(60)
    assert len(told(world)) == 2
    world.backend.answers["DataTransfer"] = SILENCE
    world.client.noted(tx, "second")
    world.settle()
    world.client.noted(tx, "third")
    world.cut()
    world.run(10)
    assert told(world)[2:] == [(101, "second"), (101, "third")], "what was written last counts"


def test_a_note_of_a_transaction_without_a_network_is_told_before_its_end_k4():
    world = noting()
    world.cut()
    world.network = False
    world.client.noted(world.charger.begin(), "first")
    world.charger.end()
    world.client.noted(world.charger.begin(), "second")
    world.charger.end()
    world.network = True
    world.run(600)
    assert told(world) == [(101, "first"), (102, "second")]
    names = ("StartTransaction", "DataTransfer", "StopTransaction")
    assert [frame.action for frame in world.backend.out(*names)] == 2 * list(names)


def test_notes_that_nobody_takes_do_not_fill_the_memory():
    world = noting()
    for tx in range(1, 4 * MOST_WAITING):
        world.client.noted(tx, "n")
    (notes,) = [source for source in world.client._dialogue.sources if isinstance(source, Notes)]
    assert [entry[0] for entry in notes._waiting] == [12, 13, 14, 15]


# The page for operators.


def frames_of_the_page():
    lines = (ROOT / "docs/ocpp.md").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.startswith("[")]


def test_the_examples_of_the_page_are_what_happens():
    world = booted()
    *asked, (_, _, action, note) = frames_of_the_page()
    for (_, _, request, payload), (_, _, answer) in zip(asked[::2], asked[1::2], strict=True):
        assert world.ask(request, payload).payload == answer
    assert len(world.charger.asked) == 3
    world.backend.answers["DataTransfer"] = {"status": "Accepted"}
    world.client.noted(world.charger.begin(), "to the lake")
    world.run(1)
    (frame,) = world.backend.out("DataTransfer")
    assert (frame.action, frame.payload) == (action, note)


def test_the_page_names_every_message_that_is_served_or_sent():
    page = (ROOT / "docs/ocpp.md").read_text(encoding="utf-8")
    named = {
        word
        for line in page.splitlines()
        if line.startswith(("| Core", "| Remote"))
        for word in WORD.findall(line)
    }
    assert named - {"Core", "RemoteTrigger"} == {*REQUESTS, *ANSWERS}
    assert set(booted().client.handlers) == set(REQUESTS)
