"""What StartTransaction and StopTransaction say, and by which id a transaction is known."""

import pytest

from ocpp_client.transactions import MOST_OPEN
from tests.ocpp_client.backend import SILENCE, Refusal, World, booted
from tests.ocpp_client.ports_in_memory import NOON


@pytest.mark.parametrize(
    "reason",
    [
        "DeAuthorized",
        "EVDisconnected",
        "EmergencyStop",
        "HardReset",
        "Local",
        "Other",
        "PowerLoss",
        "Reboot",
        "Remote",
        "SoftReset",
        "UnlockCommand",
    ],
)
def test_behaviour_06_every_reason_is_told_as_the_charger_gave_it(reason):
    world = booted()
    world.charger.begin()
    world.charger.end(reason, "")
    world.run(1)
    assert world.backend.out("StopTransaction")[0].payload["reason"] == reason


def test_behaviour_07_a_stop_names_the_tag_that_was_presented_or_none():
    world = booted()
    world.charger.begin()
    world.charger.end("Local", "CARD2")
    world.charger.begin()
    world.charger.end("EmergencyStop", "")
    world.run(1)
    first, second = [frame.payload for frame in world.backend.out("StopTransaction")]
    assert (first["idTag"], first["reason"]) == ("CARD2", "Local")
    assert "idTag" not in second
    assert second["reason"] == "EmergencyStop"


def test_behaviour_08_what_happened_offline_arrives_in_order_with_its_own_time():
    world = booted()
    world.network = False
    world.cut()
    world.run(600)
    began_ms = world.clock.at_ms
    world.charger.begin()
    world.run(150)
    world.charger.end()
    world.run(600)
    world.network = True
    world.run(600)
    sent = world.backend.out("StartTransaction", "MeterValues", "StopTransaction")
    assert [frame.action for frame in sent] == ["StartTransaction"] + ["MeterValues"] * 4 + [
        "StopTransaction"
    ]
    assert sent[0].payload["timestamp"] == "2026-03-01T12:10:01.000Z"
    assert sent[0].at_ms - began_ms > 600000
    assert [frame.payload["transactionId"] for frame in sent[1:]] == [101] * 5
    assert sent[-1].payload["timestamp"] == "2026-03-01T12:12:31.000Z"


def test_behaviour_08_all_of_a_transaction_before_the_first_boot_answer_is_dated_right():
    """The server is there, and takes its time to accept the charger."""
    world = World(settings={"MeterValueSampleInterval": "60", "ClockAlignedDataInterval": "60"})
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Pending", 300)
    world.run(70)
    world.charger.begin()
    world.run(150)
    world.charger.end()
    world.backend.be_good()
    assert world.backend.out("StartTransaction", "MeterValues", "StopTransaction") == []
    world.run(300)
    sent = world.backend.out("StartTransaction", "MeterValues", "StopTransaction")
    told = [frame.payload.get("timestamp") or frame.payload["meterValue"][0]["timestamp"] for frame in sent]
    # Pending tells the time too, so that clock-aligned values are taken from then on.
    expected = ["01:10", "01:10", "02:00", "02:10", "03:00", "03:10", "03:40", "03:40"]
    assert [text[14:19] for text in told[:8]] == expected
    assert [frame.payload.get("transactionId") for frame in sent[1:8]] == [101] * 7


def test_behaviour_08_a_clock_that_is_set_does_not_move_what_was_dated():
    world = booted()
    world.network = False
    world.cut()
    world.charger.begin()
    world.run(600)
    world.clock.unix_at_boot_ms += 7200000
    world.charger.end()
    world.network = True
    world.run(600)
    first, last = world.backend.out("StartTransaction", "StopTransaction")
    assert first.payload["timestamp"] == "2026-03-01T12:00:01.000Z"
    assert last.payload["timestamp"] == "2026-03-01T14:10:01.000Z"


def test_behaviour_08_an_integral_number_with_a_point_is_an_id():
    world = booted()
    answer = {"idTagInfo": {"status": "Accepted"}, "transactionId": 5.0}
    world.backend.answers["StartTransaction"] = answer
    world.charger.begin()
    world.run(1)
    world.charger.end()
    world.run(1)
    told = world.backend.out("StopTransaction")[0].payload["transactionId"]
    assert (told, type(told)) == (5, int)


def test_behaviour_08_a_start_before_the_date_is_known_gets_its_date_later():
    world = World()
    world.network = False
    world.run(100)
    world.charger.begin()
    world.run(500)
    world.network = True
    world.run(600)
    assert world.backend.out("StartTransaction")[0].payload["timestamp"] == "2026-03-01T12:01:40.000Z"


@pytest.mark.parametrize("server_tx", [0, -7, -2, 2**62])
def test_behaviour_08_every_id_of_the_server_is_an_id(server_tx):
    world = booted()
    answer = {"idTagInfo": {"status": "Accepted"}, "transactionId": server_tx}
    world.backend.answers["StartTransaction"] = answer
    tx = world.charger.begin()
    world.run(1)
    assert world.ask("RemoteStopTransaction", {"transactionId": server_tx}).payload["status"] == "Accepted"
    assert world.charger.asked == [["stop", tx]]
    world.charger.end()
    world.run(1)
    assert world.backend.out("StopTransaction")[0].payload["transactionId"] == server_tx


@pytest.mark.parametrize("answer", [Refusal(), {"idTagInfo": {"status": "Accepted"}, "transactionId": -1}])
def test_behaviour_08_minus_one_is_no_id_by_which_anybody_could_mean_a_transaction(answer):
    """It is what those without an id have in common (errata 3.18)."""
    world = booted(settings={"TransactionMessageAttempts": "1", "MeterValueSampleInterval": "0"})
    world.backend.answers.update(StartTransaction=answer, DataTransfer={"status": "Accepted"})
    tx = world.charger.begin()
    world.run(1)
    assert world.ask("RemoteStopTransaction", {"transactionId": -1}).payload["status"] == "Rejected"
    world.client.noted(tx, "to the lake")
    world.run(1)
    assert not world.backend.out("DataTransfer")
    world.charger.end()
    world.run(1)
    assert world.backend.out("StopTransaction")[0].payload["transactionId"] == -1


def test_behaviour_08_two_transactions_have_two_ids():
    world = booted(connector_count=2)
    world.charger.begin(connector_id=1)
    second = world.charger.begin(connector_id=2)
    world.run(1)
    assert world.ask("RemoteStopTransaction", {"transactionId": 102}).payload["status"] == "Accepted"
    assert world.charger.asked == [["stop", second]]


def test_behaviour_08_minus_one_only_once_the_start_was_given_up():
    world = booted(settings={"TransactionMessageAttempts": "2", "TransactionMessageRetryInterval": "10"})
    world.backend.answers["StartTransaction"] = Refusal()
    world.charger.begin()
    world.charger.end()
    world.run(5)
    assert world.backend.out("StopTransaction", "MeterValues") == []
    world.run(10)
    assert len(world.backend.out("StartTransaction")) == 2
    assert world.backend.out("StopTransaction")[0].payload["transactionId"] == -1
    world.run(60)
    assert len(world.backend.out("StopTransaction")) == 1


def test_a_start_whose_date_nobody_will_ever_know_gets_the_present_one():
    world = World()
    world.network = False
    world.charger.begin()
    world.charger.end("PowerLoss", "")
    world.reboot()
    world.network = True
    world.run(5)
    assert world.backend.out("StartTransaction")[0].payload["timestamp"] == "2026-03-01T12:00:00.000Z"
    assert len(world.backend.out("StopTransaction")) == 1


def offline_boots():
    """A world whose boot 2 knew the date until 12:00:21, and whose boots 3 and 4 never did."""
    world = booted(boot=2, settings={"MeterValueSampleInterval": "0"})
    world.run(19)
    world.charger.begin()
    world.run(1)
    world.network = False
    world.cut()
    world.charger.end()
    for _ in range(2):
        world.reboot()
        world.clock.at_ms = 5000
        world.charger.begin()
        world.clock.at_ms = 9000
        world.charger.end()
    world.reboot()
    world.clock.bounds = dict.fromkeys((3, 4), (NOON + 1000, NOON + 3600000))
    return world


def timestamps_of(world):
    return [
        frame.payload["timestamp"][11:19]
        for frame in world.backend.out("StartTransaction", "StopTransaction")
    ]


def test_boots_that_never_knew_the_date_keep_their_distances_and_begin_behind_each_other():
    world = offline_boots()
    world.network = True
    world.run(5)
    assert timestamps_of(world) == ["12:00:21", "12:00:22", "12:00:26", "12:00:27", "12:00:31"]


def test_a_guess_is_the_same_in_a_resend_after_a_power_cut():
    world = offline_boots()
    world.network = True
    world.backend.answers["StartTransaction"] = SILENCE
    world.run(1)
    assert timestamps_of(world) == ["12:00:21", "12:00:22"]
    world.reboot()
    world.clock.bounds = dict.fromkeys((3, 4), (NOON + 1000, NOON + 3600000))
    world.run(5)
    assert timestamps_of(world) == ["12:00:22", "12:00:26", "12:00:27", "12:00:31"]


@pytest.mark.parametrize("when", ["while the first is under way", "later", "after a power cut"])
def test_an_end_that_was_written_twice_is_told_once(when):
    """A store that refuses a record may keep it all the same, and the charger writes it again."""
    world = booted(connector_count=2)
    world.charger.begin()
    world.charger.begin(connector_id=2)
    world.run(1)
    world.charger.end()
    if when != "while the first is under way":
        world.run(1)
    world.store.append(world.store.of_kind("stop")[0])
    if when == "after a power cut":
        world.reboot()
        world.charger.running[2] = 2
    else:
        assert len(world.store.of_kind("stop")) == 2
    world.charger.end(connector_id=2)
    world.run(5)
    sent = world.backend.out("StopTransaction")
    ended = [102] if when == "after a power cut" else [101, 102]
    assert [frame.payload["transactionId"] for frame in sent] == ended


def test_transactions_that_lost_their_end_do_not_fill_the_memory():
    world = booted(settings={"MeterValueSampleInterval": "0"})
    for _ in range(50):
        world.charger.begin()
        world.run(1)
    assert len(world.client.transactions._ids) == MOST_OPEN
    assert world.client.transactions.server_id(50) == 150


def test_several_transactions_that_lost_their_end_are_ended_by_their_ids():
    """As a restart does that finds their starts alone."""
    world = booted(settings={"MeterValueSampleInterval": "0"})
    lost = []
    for _ in range(MOST_OPEN):
        lost.append(world.charger.begin())
        world.run(1)
    world.reboot()
    for tx in lost:
        world.charger.running[1] = tx
        world.charger.end("Other")
    world.run(5)
    told = [stop.payload["transactionId"] for stop in world.backend.out("StopTransaction")]
    assert told == [100 + tx for tx in lost]


def test_a_stop_without_a_reason_or_a_tag_is_still_a_stop():
    world = booted()
    world.charger.begin()
    world.charger.end("", "")
    world.run(1)
    assert set(world.backend.out("StopTransaction")[0].payload) == {"transactionId", "meterStop", "timestamp"}


def test_behaviour_17_the_charger_hears_the_verdict_on_a_start():
    world = booted()
    world.backend.answers["StartTransaction"] = lambda payload: world.backend.start("Blocked")
    tx = world.charger.begin()
    world.run(1)
    assert world.charger.verdicts == [[tx, "Blocked"]]
