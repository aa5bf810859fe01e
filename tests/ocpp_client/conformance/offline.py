"""Core: what waits, is tried again and is let in while the server is away, slow or against it."""

from tests.ocpp_client.conformance.stage import CARD, SILENCE, Refusal, equal, holds

OWN = "OWN"
UNKNOWN = "UNKNOWN"


async def behaviour_08_18_a_charge_without_a_server(stage):
    await stage.begin(LocalCards=OWN, MeterValueSampleInterval="10")
    await stage.hang_up(False)
    await stage.plug()
    before = stage.date(-1)
    await stage.swipe(OWN)
    await stage.time(25)
    await stage.swipe(OWN)
    await stage.time(5)
    after = stage.date(1)
    await stage.listen()
    start = await stage.expect("StartTransaction", 60, idTag=OWN)
    stop = await stage.expect("StopTransaction", transactionId=stage.transactions)
    values = stage.sent("MeterValues", transactionId=stage.transactions)
    holds(len(values) >= 3, values)
    stage.in_order(start, *values, stop)
    holds(before <= start.payload["timestamp"] < stop.payload["timestamp"] <= after, (start, stop))


async def behaviour_08_a_start_that_nobody_takes(stage):
    stage.answers["StartTransaction"] = Refusal()
    settings = {"TransactionMessageAttempts": "2", "TransactionMessageRetryInterval": "5"}
    await stage.begin(MeterValueSampleInterval="0", **settings)
    await stage.plug()
    await stage.swipe()
    first = await stage.expect("StartTransaction")
    second = await stage.expect("StartTransaction")
    equal(second.payload, first.payload)
    await stage.charging()
    await stage.swipe()
    await stage.expect("StopTransaction", transactionId=-1)


async def behaviour_10_tries_wait_longer_each_time_and_end(stage):
    stage.answers["StopTransaction"] = Refusal("GenericError")
    await stage.begin(TransactionMessageRetryInterval="5", MeterValueSampleInterval="0")
    await stage.charge()
    await stage.swipe()
    first = await stage.expect("StopTransaction")
    second = await stage.expect("StopTransaction")
    third = await stage.expect("StopTransaction")
    equal([first.payload, second.payload], [third.payload] * 2)
    equal(len({first.message_id, second.message_id, third.message_id}), 3)
    holds(4500 <= second.at_ms - first.at_ms <= 6000, (first, second))
    holds(9500 <= third.at_ms - second.at_ms <= 11000, (second, third))
    await stage.nothing(20, "StopTransaction")
    started = await stage.ask("RemoteStartTransaction", idTag=CARD, connectorId=stage.connector)
    equal(started["status"], "Accepted")
    await stage.expect("StartTransaction")


async def behaviour_10_tries_count_over_a_power_cut(stage):
    stage.answers["StopTransaction"] = Refusal()
    settings = {"TransactionMessageAttempts": "2", "TransactionMessageRetryInterval": "10"}
    await stage.begin(MeterValueSampleInterval="0", **settings)
    await stage.charge()
    await stage.swipe()
    await stage.expect("StopTransaction")
    await stage.power("off")
    await stage.power("on")
    await stage.accepted()
    await stage.nothing(8, "StopTransaction")
    await stage.expect("StopTransaction", 5)
    await stage.nothing(30, "StopTransaction")


async def behaviour_09_10_what_a_broken_link_took_is_sent_again_as_it_was(stage):
    await stage.begin(MeterValueSampleInterval="0")
    await stage.charge()
    stage.answers["StopTransaction"] = SILENCE
    await stage.swipe()
    first = await stage.expect("StopTransaction")
    await stage.hang_up()
    stage.be_good()
    second = await stage.expect("StopTransaction")
    equal(second.payload, first.payload)
    await stage.nothing(10, "StopTransaction")


async def behaviour_11_one_call_is_open_and_requests_are_answered_meanwhile(stage):
    await stage.begin(MessageTimeout="10")
    stage.answers["Authorize"] = SILENCE
    await stage.swipe(UNKNOWN)
    await stage.expect("Authorize")
    await stage.plug()
    equal(await stage.value("MessageTimeout"), "10")
    await stage.nothing(4)
    await stage.status("Preparing", within_s=12)


async def behaviour_11_answers_to_nobody_are_none(stage):
    await stage.begin(MessageTimeout="10")
    stage.answers["Authorize"] = SILENCE
    await stage.swipe(UNKNOWN)
    call = await stage.expect("Authorize")
    accepted = {"idTagInfo": {"status": "Accepted"}}
    await stage.ends.send([3, "nobody", accepted])
    await stage.send([2, call.message_id, "ClearCache", {}])
    await stage.plug()
    await stage.time(3)
    await stage.ends.send([3, call.message_id, {"idTagInfo": {"status": "Blocked"}}])
    await stage.ends.send([3, call.message_id, accepted])
    await stage.time(15)
    equal(stage.sent("StartTransaction"), [])
    equal(len(stage.sent("Authorize")), 1)


async def behaviour_18_19_a_card_that_the_server_knew_starts_without_it(stage):
    await stage.begin()
    await stage.charge()
    await stage.swipe()
    await stage.expect("StopTransaction")
    await stage.hang_up(False)
    await stage.time(3)
    await stage.swipe(UNKNOWN)
    await stage.time(3)
    await stage.swipe(CARD)
    await stage.time(10)
    await stage.listen()
    await stage.expect("StartTransaction", 60, idTag=CARD)
    equal(stage.sent("StartTransaction", idTag=UNKNOWN), [])


async def behaviour_18_the_cache_may_be_cleared(stage):
    await stage.begin()
    transaction = await stage.charge()
    equal((await stage.ask("ClearCache"))["status"], "Accepted")
    await stage.nothing(2, "StopTransaction")
    equal((await stage.ask("RemoteStopTransaction", transactionId=transaction))["status"], "Accepted")
    await stage.expect("StopTransaction")
    await stage.hang_up(False)
    await stage.time(3)
    await stage.swipe(CARD)
    await stage.time(10)
    await stage.listen()
    await stage.nothing(30, "StartTransaction")
    equal(await stage.change("AuthorizationCacheEnabled", "false"), "Accepted")
    equal((await stage.ask("ClearCache"))["status"], "Rejected")


async def behaviour_18_nobody_is_let_in_where_local_authorisation_is_off(stage):
    await stage.begin(LocalAuthorizeOffline="false", LocalCards=OWN)
    await stage.hang_up(False)
    await stage.plug()
    await stage.swipe(OWN)
    await stage.time(10)
    await stage.listen()
    await stage.nothing(30, "StartTransaction")


async def behaviour_18_unknown_cards_where_they_are_allowed(stage):
    await stage.begin(AllowOfflineTxForUnknownId="true", MeterValueSampleInterval="0")
    stage.answers["StartTransaction"] = lambda payload: stage.start("Invalid")
    await stage.hang_up(False)
    await stage.plug()
    await stage.swipe(UNKNOWN)
    await stage.time(10)
    await stage.listen()
    await stage.expect("StartTransaction", 60, idTag=UNKNOWN)
    await stage.expect("StopTransaction", reason="DeAuthorized")


async def behaviour_18_who_was_refused_stays_refused(stage):
    stage.answers["Authorize"] = {"idTagInfo": {"status": "Blocked"}}
    await stage.begin(AllowOfflineTxForUnknownId="true")
    await stage.plug()
    await stage.swipe()
    await stage.expect("Authorize")
    await stage.hang_up(False)
    await stage.time(5)
    await stage.swipe()
    await stage.time(10)
    await stage.listen()
    await stage.nothing(30, "StartTransaction")


async def behaviour_18_who_was_accepted_before_need_not_wait(stage):
    await stage.begin(LocalPreAuthorize="true")
    await stage.charge()
    await stage.swipe()
    await stage.expect("StopTransaction")
    asked = len(stage.sent("Authorize"))
    await stage.time(3)
    await stage.swipe()
    await stage.expect("StartTransaction")
    equal(len(stage.sent("Authorize")), asked)


SILENT = (
    behaviour_09_10_what_a_broken_link_took_is_sent_again_as_it_was,
    behaviour_11_answers_to_nobody_are_none,
    behaviour_11_one_call_is_open_and_requests_are_answered_meanwhile,
)
"""Dialogues in which the server owes an answer while time passes."""
