"""What servers get wrong and what it need not cost."""

import pytest

from tests.ocpp_client.backend import booted


@pytest.mark.parametrize(
    ("info", "verdicts"),
    [
        ({}, []),
        ({"idTagInfo": None}, []),
        ({"idTagInfo": {}}, ["Invalid"]),
        ({"idTagInfo": {"status": "Maybe"}}, ["Invalid"]),
        ({"idTagInfo": "yes"}, ["Invalid"]),
    ],
)
def test_behaviour_17_a_start_without_a_verdict_has_its_id_and_goes_on(info, verdicts):
    """As a failure it would be sent three times and given up, and the charge be nobody's. A verdict that
    makes no sense is none for the tag."""
    world = booted(settings={"MeterValueSampleInterval": "0"})
    world.backend.answers["StartTransaction"] = {"transactionId": 7, **info}
    world.charger.begin()
    world.run(1)
    world.charger.end()
    world.run(300)
    assert len(world.backend.out("StartTransaction")) == 1
    assert [frame.payload["transactionId"] for frame in world.backend.out("StopTransaction")] == [7]
    assert [status for _, status in world.charger.verdicts] == verdicts


@pytest.mark.parametrize("transaction_id", [5.0, -2.0, 0.0, 16777215.0])
def test_behaviour_08_an_id_with_a_point_is_that_id(transaction_id):
    world = booted(settings={"MeterValueSampleInterval": "0"})
    accepted = {"idTagInfo": {"status": "Accepted"}, "transactionId": transaction_id}
    world.backend.answers["StartTransaction"] = accepted
    tx = world.charger.begin()
    world.run(1)
    answer = world.ask("RemoteStopTransaction", {"transactionId": transaction_id})
    assert answer.payload == {"status": "Accepted"}
    world.charger.end()
    world.run(1)
    (stop,) = world.backend.out("StopTransaction")
    assert (type(stop.payload["transactionId"]), stop.payload["transactionId"]) == (int, transaction_id)
    assert world.charger.asked == [["stop", tx]]


@pytest.mark.parametrize("transaction_id", [5.5, 2.0**24, "5", None, True])
def test_behaviour_08_what_is_no_whole_number_on_every_board_is_no_id(transaction_id):
    """A board has floats of 32 bits: beyond 2^24 it would take one id for another."""
    world = booted(settings={"TransactionMessageAttempts": "1", "MeterValueSampleInterval": "0"})
    accepted = {"idTagInfo": {"status": "Accepted"}, "transactionId": transaction_id}
    world.backend.answers["StartTransaction"] = accepted
    world.charger.begin()
    world.run(1)
    world.charger.end()
    world.run(1)
    assert [frame.payload["transactionId"] for frame in world.backend.out("StopTransaction")] == [-1]
