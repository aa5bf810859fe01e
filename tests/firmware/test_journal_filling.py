"""A journal that fills: readings thin out first, then there are none; starts and stops come last, and the
ends of what runs always have room."""

import itertools
import tracemalloc

import pytest

from firmware.journal import Journal
from tests.firmware.cut_images import Image
from tests.firmware.power import prepare, prepared, read_all, until_refused
from tests.firmware.replay import Boot
from tests.firmware.year import SAMPLED, Year

MINUTE_MS = 60000
SECTORS, SECTOR_BYTES = 64, 4096
KEPT = "[Errno 28] the journal keeps what is left for starts and stops; this reading is not kept"


def meter(minute, connector=1, context="Sample.Periodic", tx=7):
    return {
        "kind": "meter",
        "tx": tx,
        "connector": connector,
        "context": context,
        "stamp": [1, minute * MINUTE_MS, None],
        "values": "0:12345678 20:10872 21:3625 22:3625 23:3622 31:16.000 32:16.000 33:16.000",
    }


def refused(write):
    """Why, or nothing."""
    try:
        write()
    except OSError as refusal:
        return str(refusal)
    return ""


def filled(held, sectors=SECTORS):
    """A journal of which the log holds so many sectors."""
    journal = prepared(Image(sectors, SECTOR_BYTES))
    while journal._ring.held() < held:
        journal.append({"kind": "stop", "tx": 1, "text": "x" * 900})
        prepare(journal)
    return journal


def kept(journal, records):
    """Which of them it takes."""
    refusals = [(record, refused(lambda record=record: journal.append(record))) for record in records]
    assert {reason for _, reason in refusals} <= {"", KEPT}
    return [record for record, reason in refusals if not reason]


@pytest.mark.parametrize(
    ("held", "minutes"),
    [
        (1, list(range(120))),
        (26, list(range(120))),
        (33, [0, 15, 30, 45, 60, 75, 90, 105]),
        (37, [0, 60]),
        (41, []),
        (60, []),
    ],
)
def test_readings_thin_out_with_the_room_that_the_log_leaves(held, minutes):
    journal = filled(held)
    taken = kept(journal, [meter(minute) for minute in range(120)])
    assert [record["stamp"][1] // MINUTE_MS for record in taken] == minutes


def test_begin_and_end_of_a_transaction_are_read_as_long_as_anything_is():
    edges = [meter(minute, context="Transaction." + word) for minute, word in enumerate(("Begin", "End"))]
    assert kept(filled(37), edges) == edges
    assert kept(filled(41), edges) == []


def test_two_connectors_do_not_take_each_other_s_turn():
    journal = filled(33)
    pairs = [meter(minute, connector) for minute in range(60) for connector in (1, 2)]
    taken = kept(journal, pairs)
    assert [record["connector"] for record in taken] == [1, 2] * 4


def test_what_is_told_with_the_stop_alone_goes_where_readings_go():
    data = {"kind": "data", "tx": 1, "context": "Sample.Periodic", "stamp": [1, 0, None], "values": "0:1"}
    assert len(kept(filled(37), [data] * 3)) == 3
    assert kept(filled(41), [data]) == []


def test_what_the_server_has_taken_makes_room_for_readings_again():
    journal = filled(60)
    assert not kept(journal, [meter(0)])
    journal.release(journal.last)
    prepare(journal)
    assert len(kept(journal, [meter(minute) for minute in range(60)])) == 60


def test_the_erased_reserve_is_not_for_readings_nor_for_what_one_can_do_without():
    """In a long charge, when nothing can be erased, though the server takes all of it."""
    journal = prepared(Image(SECTORS, SECTOR_BYTES))
    for minute in itertools.count():
        try:
            journal.release(journal.append(meter(minute)))
        except OSError:
            break
    reserve = SECTORS * SECTOR_BYTES // 16
    assert reserve <= journal.room() < reserve + 400
    with pytest.raises(OSError, match="'seen-1' waits"):
        journal.remember("seen-1", [1])
    journal.put("latches-1", [16])
    assert Journal(journal._store).get("latches-1") == [16]


def test_the_last_erased_sector_is_not_for_values():
    journal = prepared(Image(16, 1024))
    assert "no erased sector" in until_refused(lambda: journal.put("latches-1", journal.last))
    assert journal.append({"kind": "stop", "tx": 1, "text": "x" * 900})


def test_a_start_is_refused_while_there_is_still_room_for_the_ends_of_what_runs():
    journal = prepared(Image(SECTORS, SECTOR_BYTES))
    start = {"kind": "start", "tx": 1, "connector": 1, "id_tag": "04A1B2C3D4E5F60718AB", "meter_wh": 1}
    assert "no room for a transaction until the server takes some" in until_refused(
        lambda: journal.append(start) and prepare(journal)
    )
    stops: list[int] = []
    stop = dict(start, kind="stop", reason="EVDisconnected")
    assert "no erased sector" in until_refused(lambda: stops.append(journal.append(stop)))
    assert len(stops) > 16


# A year.


@pytest.fixture(scope="module")
def year():
    """Thousands of sessions, each of them three quarters of an hour, and no network."""
    boot = Boot(Image(256, 4096), MeterValuesSampledData=SAMPLED)
    year = Year(boot.firmware, boot.pass_time)
    year.live(sessions=300)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    year.live(sessions=300)
    year.grown_bytes = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    year.live(sessions=1900)
    return year


def test_a_year_without_a_network_keeps_a_thousand_transactions_and_more(year):
    assert year.begun >= 1000
    assert year.refused == year.sessions - year.begun > 0
    records = [record for _, record in read_all(Journal(year.flash))]
    edges = [(record["kind"], record["tx"]) for record in records if record["kind"] in ("start", "stop")]
    assert edges == [(kind, tx) for tx in range(1, year.begun + 1) for kind in ("start", "stop")]


def test_in_a_year_without_a_network_readings_thin_out(year):
    counts = dict.fromkeys(range(1, year.begun + 1), 0)
    for _, record in read_all(Journal(year.flash)):
        if record["kind"] == "meter":
            counts[record["tx"]] += 1
    per_session = list(counts.values())
    assert per_session == sorted(per_session, reverse=True)
    whole, quarters, edges, none = [per_session.count(number) for number in (47, 5, 2, 0)]
    assert (whole >= 45, quarters >= 45, edges >= 85, none >= 1000) == (True,) * 4, per_session


def test_a_year_without_a_network_takes_flash_and_no_heap(year):
    # Two lists of small integers, one a sector.
    assert year.grown_bytes < 8192


def test_after_a_year_without_a_network_all_that_ran_has_ended(year):
    boot = Boot(year.flash.copy())
    assert [connector.transaction for connector in boot.firmware.charger.connectors] == [None, None]
    assert boot.firmware.charger.connectors[0].controller.energy.lifetime_wh == year.energy_wh
