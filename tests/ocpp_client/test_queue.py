"""Transaction messages go out in order, again where they must, and never where they need not."""

import itertools

import pytest

from ocpp_client.timestamps import from_text
from ocpp_client.transactions import LOSSES
from tests.ocpp_client.backend import SILENCE, Refusal, actions, booted


def test_behaviour_09_what_was_answered_is_not_sent_again_after_a_power_cut():
    world = booted(settings={"MeterValueSampleInterval": "10"})
    tx = world.charger.begin()
    world.run(35)
    before = len(world.backend.out("StartTransaction", "MeterValues"))
    world.reboot()
    world.charger.running[1] = tx
    world.charger.end("PowerLoss", "")
    world.run(5)
    assert before == 5
    sent = world.backend.out("StartTransaction", "MeterValues", "StopTransaction")
    assert [frame.action for frame in sent] == ["MeterValues", "StopTransaction"]
    assert sent[0].payload["meterValue"][0]["sampledValue"][0]["context"] == "Transaction.End"
    assert world.backend.out("StopTransaction")[0].payload["transactionId"] == 101


def test_behaviour_09_a_resend_is_the_same_message():
    world = booted(settings={"MeterValueSampleInterval": "0"})
    world.backend.answers["StartTransaction"] = SILENCE
    world.charger.begin()
    world.run(1)
    world.cut()
    world.run(31)
    world.reboot()
    world.run(5)
    sent = world.backend.out("StartTransaction")
    assert len(sent) == 1
    world.backend.answers["StartTransaction"] = Refusal()
    first = sent[0].payload
    world.charger.begin()
    world.run(200)
    resent = world.backend.out("StartTransaction")[1:]
    assert len(resent) == 3
    assert first["timestamp"] == "2026-03-01T12:00:01.000Z"
    assert resent[0].payload == resent[1].payload == resent[2].payload
    assert len({frame.message_id for frame in resent}) == 3


def test_behaviour_09_other_messages_overtake_a_transaction_message_that_waits():
    world = booted()
    world.backend.answers["StartTransaction"] = Refusal()
    world.charger.begin()
    world.run(1)
    world.charger.show(1, "Charging")
    world.charger.end()
    answers: list = []
    world.client.authorise("CARD9", answers.append)
    world.run(10)
    assert actions(world)[-3:] == ["StartTransaction", "Authorize", "StatusNotification"]
    assert answers == [{"status": "Accepted"}]


def test_behaviour_10_waits_grow_with_the_tries_until_the_message_is_dropped():
    world = booted()
    world.backend.answers["StopTransaction"] = Refusal("GenericError")
    world.charger.begin()
    world.charger.end()
    world.charger.begin()
    world.run(400)
    tries = world.backend.out("StopTransaction")
    assert [frame.at_ms - tries[0].at_ms for frame in tries] == [0, 60000, 180000]
    assert world.backend.out("StartTransaction")[1].at_ms == tries[2].at_ms


def test_behaviour_10_a_message_without_an_answer_is_tried_again_too():
    world = booted()
    world.backend.answers["StopTransaction"] = SILENCE
    world.charger.begin()
    world.charger.end()
    world.run(600)
    tries = world.backend.out("StopTransaction")
    assert [frame.at_ms - tries[0].at_ms for frame in tries] == [0, 90000, 240000]


def test_behaviour_10_a_lost_link_costs_no_try():
    world = booted()
    world.backend.answers["StopTransaction"] = SILENCE
    world.charger.begin()
    world.charger.end()
    for _ in range(10):
        world.run(5)
        world.cut()
        world.run((world.client.outage.until_ms - world.clock.at_ms) / 1000)
    world.backend.answers["StopTransaction"] = {}
    world.run(300)
    tries = world.backend.out("StopTransaction")
    assert len(tries) >= 10
    assert tries[-1].payload == tries[0].payload
    assert world.client.transactions.next_call(world.clock.at_ms) is None


def broken(world, links):
    """So many links that the server ends as soon as a message waits for its answer."""
    for _ in range(links):
        world.run(2)
        assert world.client.awaiting
        world.cut("the server closed the connection")
        world.run((world.client.outage.until_ms - world.clock.at_ms) / 1000)


@pytest.mark.parametrize(("action", "kind"), [("StartTransaction", "start"), ("StopTransaction", "stop")])
def test_behaviour_10_a_message_at_which_every_link_breaks_is_told_and_stays(action, kind):
    """A server that ends the link at one message would block the queue, and nobody would know."""
    world = booted()
    told: list = []
    world.client.report = told.append
    good, world.backend.answers[action] = world.backend.answers[action], SILENCE
    tx = world.charger.begin()
    world.charger.end()
    blame = f"{LOSSES} links or more have ended at the {kind} message of transaction {tx}"
    broken(world, LOSSES - 1)
    assert [event["event"] for event in told] == ["link"]
    assert blame not in world.client.state + told[-1]["state"]
    broken(world, 3)
    assert [blame in event["state"] for event in told] == [False, True], "once, as long as it is so"
    world.cut("the cable was pulled")
    assert blame in world.client.state
    world.backend.answers[action] = good
    world.run(300)
    assert [frame.payload for frame in world.backend.out(action)][-1] == world.backend.out(action)[0].payload
    assert world.client.transactions.is_drained()
    world.cut("the cable was pulled")
    assert blame not in world.client.state


def test_an_end_that_the_owner_wished_is_blamed_on_no_message():
    world = booted()
    told: list = []
    world.client.report = told.append
    world.backend.answers["StartTransaction"] = SILENCE
    world.charger.begin()
    broken(world, LOSSES)
    del told[:]
    world.run(2)
    world.cut("")
    assert told == []


def retried(world, action="StopTransaction"):
    """Seconds between the tries."""
    at_ms = [frame.at_ms for frame in world.backend.out(action)]
    return [(after - before) / 1000 for before, after in itertools.pairwise(at_ms)]


def test_behaviour_10_tries_count_over_a_restart_and_so_do_the_waits():
    world = booted(settings={"TransactionMessageAttempts": "4", "MeterValueSampleInterval": "0"})
    world.backend.answers["StopTransaction"] = Refusal()
    world.charger.begin()
    world.charger.end()
    world.run(100)
    assert retried(world) == [60]
    world.reboot()
    world.backend.answers["StopTransaction"] = Refusal()
    world.run(119)
    assert world.backend.out("StopTransaction") == []
    world.run(300)
    assert retried(world) == [180]
    world.charger.begin()
    world.run(1)
    assert len(world.backend.out("StartTransaction")) == 1
    world.reboot()
    world.run(300)
    assert world.backend.out("StopTransaction") == []


def test_behaviour_10_a_message_that_was_given_up_leaves_its_tries_to_no_other():
    world = booted(settings={"TransactionMessageAttempts": "2", "MeterValueSampleInterval": "0"})
    world.backend.answers["StopTransaction"] = Refusal()
    for _ in range(3):
        world.charger.begin()
        world.charger.end()
    world.run(300)
    assert retried(world) == [60, 0, 60, 0, 60]
    world.reboot()
    world.run(60)
    assert world.backend.out("StopTransaction") == []


def test_behaviour_10_a_restart_in_the_midst_of_a_try_costs_none():
    world = booted(settings={"TransactionMessageAttempts": "1", "MeterValueSampleInterval": "0"})
    world.backend.answers["StopTransaction"] = SILENCE
    world.charger.begin()
    world.charger.end()
    world.run(5)
    world.reboot()
    world.run(5)
    assert len(world.backend.out("StopTransaction")) == 1
    assert world.client.transactions.is_drained()


def test_behaviour_10_without_room_tries_count_until_the_next_restart():
    world = booted(settings={"TransactionMessageAttempts": "3", "MeterValueSampleInterval": "0"})
    world.backend.answers["StopTransaction"] = Refusal()
    world.charger.begin()
    world.charger.end()
    world.store.full = True
    world.run(400)
    assert retried(world) == [60, 120]


def test_behaviour_10_changed_settings_count_for_the_next_wait():
    world = booted(settings={"TransactionMessageAttempts": "9", "MeterValueSampleInterval": "0"})
    world.backend.answers["StopTransaction"] = Refusal()
    world.charger.begin()
    world.charger.end()
    world.run(1)
    world.configuration.write("TransactionMessageRetryInterval", "10")
    world.run(65)
    world.configuration.write("TransactionMessageAttempts", "3")
    world.run(300)
    assert retried(world) == [60, 20]


def test_behaviour_11_one_call_is_open_and_those_of_the_server_are_answered_meanwhile():
    world = booted()
    world.backend.answers["StartTransaction"] = SILENCE
    world.charger.begin()
    world.run(1)
    world.charger.show(1, "Charging")
    answers: list = []
    world.client.authorise("CARD9", answers.append)
    world.run(20)
    assert actions(world)[-1] == "StartTransaction"
    assert world.ask("GetConfiguration", {"key": ["MessageTimeout"]}).kind == 3
    assert answers == []
    world.run(30)
    assert actions(world)[-2:] == ["Authorize", "StatusNotification"]


def test_a_transaction_that_nobody_takes_does_not_block_the_next_one():
    """Neither its start nor its stop, nor one whose stop was never written."""
    world = booted(settings={"MeterValueSampleInterval": "0"})
    world.charger.begin("LOST")
    world.run(1)
    world.backend.answers["StartTransaction"] = Refusal()
    world.charger.begin("STALE")
    world.charger.end()
    world.run(400)
    world.backend.answers["StopTransaction"] = Refusal()
    world.backend.answers["StartTransaction"] = lambda payload: world.backend.start("Accepted")
    world.charger.begin("FRESH")
    world.charger.end()
    world.charger.begin("LATEST")
    world.run(400)
    started = [frame.payload["idTag"] for frame in world.backend.out("StartTransaction")]
    assert started == ["LOST", "STALE", "STALE", "STALE", "FRESH", "LATEST"]
    assert world.client.transactions.server_id(4) == 103


def test_a_thousand_transactions_that_wait_are_told_in_order_with_constant_memory():
    world = booted(settings={"MeterValueSampleInterval": "0"})
    world.network = False
    world.cut()
    for number in range(1000):
        world.clock.at_ms += 60000
        world.charger.begin("CARD%d" % number)
        world.clock.at_ms += 1800000
        world.charger.end("Local", "CARD%d" % number)
    world.reboot()
    world.network = True
    world.run(1)
    assert world.client.transactions.is_drained()
    sent = world.backend.out("StartTransaction", "StopTransaction")
    assert [(frame.action, frame.payload["idTag"]) for frame in sent] == [
        (action, "CARD%d" % number)
        for number in range(1000)
        for action in ("StartTransaction", "StopTransaction")
    ]
    assert [frame.payload["transactionId"] for frame in sent[1::2]] == [*range(101, 1101)]
    told = [frame.payload["timestamp"] for frame in sent]
    assert told == sorted(told)
    transactions = world.client.transactions
    assert (transactions._ids, len(transactions._stopped)) == ({}, 2)
    assert world.store.released > 3000


def test_the_room_of_what_was_answered_is_given_back_and_no_id_is_lost():
    world = booted(connector_count=2, settings={"MeterValueSampleInterval": "1"})
    world.charger.begin(connector_id=2)
    world.run(5)
    world.configuration.write("MeterValueSampleInterval", "0")
    for _ in range(100):
        world.charger.begin()
        world.charger.end()
        world.run(2)
    assert len(world.store.records) - world.store.released < 150
    tx = world.charger.running[2]
    world.reboot()
    world.charger.running[2] = tx
    world.charger.end(connector_id=2)
    world.run(2)
    assert [frame.payload["transactionId"] for frame in world.backend.out("StopTransaction")] == [101]


def test_a_full_store_loses_no_answer():
    world = booted(settings={"MeterValueSampleInterval": "10"})
    world.charger.begin()
    world.store.full = True
    world.run(60)
    world.store.full = False
    world.charger.end()
    world.run(5)
    assert len(world.backend.out("StartTransaction")) == 1
    assert world.backend.out("StopTransaction")[0].payload["transactionId"] == 101


# A server that puts the clock back.

HOUR_MS = 3600000


def put_back(world, ms):
    """The server's clock was wrong, and is right from now on; the charger hears of it."""
    world.clock.set_unix_ms(world.clock.unix_ms(world.clock.stamp()) - ms)


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("sampled", ["0", "60"])
def test_a_transaction_lasts_as_long_as_it_did_whatever_becomes_of_the_date(sampled, cut):
    world = booted(settings={"MeterValueSampleInterval": sampled, "StopTxnSampledData": "Voltage"})
    world.backend.answers["Heartbeat"] = {"currentTime": "?"}  # told by the test alone
    world.charger.begin()
    world.run(90)
    put_back(world, 2 * HOUR_MS)
    world.run(90)
    (start,) = world.backend.out("StartTransaction")
    if cut:
        world.network = False
        world.cut()
        world.charger.end()
        world.reboot()
        world.network = True
        world.run(1)
    else:
        world.charger.end()
    world.run(1)
    (stop,) = world.backend.out("StopTransaction")
    begun_ms = from_text(start.payload["timestamp"])
    assert from_text(stop.payload["timestamp"]) - begun_ms == 180_000
    told = [frame.payload["meterValue"][0] for frame in world.backend.out("MeterValues")]
    told += stop.payload["transactionData"]
    assert min(from_text(value["timestamp"]) for value in told) >= begun_ms
    # The next one has the date that is right.
    now_ms = world.clock.unix_ms(world.clock.stamp())
    world.charger.begin()
    world.run(1)
    assert abs(from_text(world.backend.out("StartTransaction")[-1].payload["timestamp"]) - now_ms) < 1000


@pytest.mark.parametrize("wrong_ms", [-HOUR_MS, HOUR_MS])
@pytest.mark.parametrize("cut", [False, True])
def test_what_is_sent_again_says_the_same_though_the_date_went_to_and_fro(cut, wrong_ms):
    """A reading in between was told by a date that was wrong for a while."""
    world = booted(settings={"MeterValueSampleInterval": "60"})
    world.backend.answers["Heartbeat"] = {"currentTime": "?"}  # told by the test alone
    world.charger.begin()
    world.run(30)
    put_back(world, wrong_ms)
    world.run(40)
    put_back(world, -wrong_ms // 2)
    world.backend.answers["MeterValues"] = SILENCE
    world.run(10)
    world.charger.end()
    world.run(2)
    first = world.backend.out("MeterValues")[-1].payload
    world.backend.answers["MeterValues"] = {}
    world.cut()
    heard = len(world.backend.frames)
    if cut:
        world.reboot()
        heard = 0
    world.run(60)
    again = [frame for frame in world.backend.frames[heard:] if frame.action == "MeterValues"]
    assert again[0].payload == first
