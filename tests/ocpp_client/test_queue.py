"""Transaction messages go out in order, again where they must, and never where they need not."""

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
    assert world.backend.out("StartTransaction", "MeterValues") == []
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
    assert answers == ["Accepted"]


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
        world.run((world.client.reconnect_at_ms - world.clock.at_ms) / 1000)
    world.backend.answers["StopTransaction"] = {}
    world.run(300)
    tries = world.backend.out("StopTransaction")
    assert len(tries) >= 10
    assert tries[-1].payload == tries[0].payload
    assert world.client.transactions.next_call(world.clock.at_ms) is None


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
