"""A server that answers too late has answered all the same: what it said of a transaction is not lost."""

from tests.ocpp_client.backend import SILENCE, Refusal, booted

RESENT_S = 90  # the timeout, and the first pause
GIVEN_UP_S = 300


def started():
    """A world in which a charge was begun and ended, and the server is silent about its start."""
    world = booted(settings={"MeterValueSampleInterval": "0"})
    world.backend.answers["StartTransaction"] = SILENCE
    world.charger.begin()
    world.run(1)
    world.charger.end()
    return world


def answer(world, which=0, server_tx=77, **more):
    """The server answers one of the StartTransactions."""
    call = world.backend.out("StartTransaction")[which]
    if call is world.backend.open_call:
        world.backend.open_call = None
    payload = {"transactionId": server_tx, "idTagInfo": {"status": "Accepted"}}
    world.backend.send([3, call.message_id, {**payload, **more}])
    world.settle()


def stops(world):
    """The ids of the transactions that were stopped."""
    return [frame.payload["transactionId"] for frame in world.backend.out("StopTransaction")]


def starts(world):
    return len(world.backend.out("StartTransaction"))


def test_behaviour_08_an_answer_after_the_timeout_is_the_answer():
    world = started()
    world.run(31)
    answer(world)
    world.run(GIVEN_UP_S)
    assert (starts(world), stops(world)) == (1, [77])
    assert world.client.transactions.is_drained()


def test_behaviour_08_a_server_that_always_takes_longer_keeps_the_bill():
    world = started()
    for second in range(600):
        world.run(1)
        for which, call in enumerate(world.backend.out("StartTransaction")):
            if 31000 <= world.clock.at_ms - call.at_ms < 32000:
                answer(world, which)
        assert second < 40 or stops(world) == [77]
    assert starts(world) == 1


def test_behaviour_09_an_answer_during_the_resend_counts_and_the_one_to_the_resend_does_not():
    world = started()
    world.run(RESENT_S)
    assert starts(world) == 2
    answer(world)
    world.run(5)
    assert stops(world) == [], "one call is open at a time, and the resend still is"
    answer(world, 1, 78)
    world.run(GIVEN_UP_S)
    assert (starts(world), stops(world)) == (2, [77])


def test_behaviour_09_a_resend_that_is_never_answered_holds_nothing_up_for_longer_than_its_timeout():
    world = started()
    world.run(RESENT_S)
    answer(world)
    world.run(31)
    answer(world, 1, 78)
    world.run(GIVEN_UP_S)
    assert (starts(world), stops(world)) == (2, [77])


def test_behaviour_09_late_answers_are_taken_once():
    world = started()
    world.run(31)
    answer(world)
    answer(world, 0, 78)
    world.charger.begin()
    world.run(31)
    answer(world, 0, 79)
    assert world.client.transactions.server_id(2) is None
    answer(world, 1, 80)
    assert (world.client.transactions.server_id(2), stops(world)) == (80, [77])


def test_behaviour_09_an_answer_after_giving_up_is_ignored():
    world = started()
    world.run(GIVEN_UP_S)
    assert (starts(world), stops(world)) == (3, [-1])
    for which in range(3):
        answer(world, which)
    world.run(GIVEN_UP_S)
    assert (starts(world), stops(world)) == (3, [-1])


def test_behaviour_09_a_late_answer_leaves_the_call_of_another_alone_and_the_order_is_kept():
    world = started()
    world.run(31)
    world.backend.answers["Authorize"] = SILENCE
    answers: list = []
    world.client.authorise("CARD9", answers.append)
    world.run(1)
    call = world.backend.out("Authorize")[0]
    answer(world)
    assert (answers, stops(world)) == ([], [])
    world.backend.open_call = None
    world.backend.send([3, call.message_id, {"idTagInfo": {"status": "Blocked"}}])
    world.run(1)
    assert (answers, stops(world)) == ([{"status": "Blocked"}], [77])
    assert starts(world) == 1


def test_behaviour_09_what_is_no_answer_is_none_when_it_is_late_either():
    world = started()
    world.run(31)
    answer(world, 0, "seventy-seven")
    world.backend.send([4, world.backend.out("StartTransaction")[0].message_id, "InternalError", "", {}])
    world.run(1)
    assert world.linked
    assert [frame for frame in world.backend.frames if frame.kind == 4] == []
    world.backend.answers["StartTransaction"] = Refusal()
    world.run(RESENT_S)
    assert starts(world) == 2
    answer(world)
    world.run(1)
    assert stops(world) == [77]


def test_behaviour_09_however_often_a_message_is_sent_only_the_last_answers_count():
    world = booted(
        settings={
            "MeterValueSampleInterval": "0",
            "TransactionMessageAttempts": "100",
            "TransactionMessageRetryInterval": "1",
        }
    )
    world.backend.answers["StartTransaction"] = SILENCE
    world.charger.begin()
    world.run(400)
    answer(world, 0, 76)
    assert world.client.transactions.server_id(1) is None
    answer(world, -3)
    assert world.client.transactions.server_id(1) == 77
