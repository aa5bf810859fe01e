"""Core: transactions with a server that is there."""

from tests.ocpp_client.conformance.stage import CARD, Refusal, equal, holds

REGISTER = "Energy.Active.Import.Register"


async def behaviour_06_07_the_same_card_ends_it(stage):
    await stage.begin()
    transaction = await stage.charge()
    (start,) = stage.sent("StartTransaction")
    equal((start.payload["idTag"], start.payload["connectorId"]), (CARD, stage.connector))
    await stage.time(5)
    await stage.swipe()
    stop = await stage.expect("StopTransaction")
    equal(stop.payload["transactionId"], transaction)
    equal((stop.payload.get("reason", "Local"), stop.payload["idTag"]), ("Local", CARD))
    holds(stop.payload["meterStop"] > start.payload["meterStart"], stop)
    await stage.time(5)
    await stage.unplug()
    await stage.expect("StatusNotification", connectorId=stage.connector, status="Available")


async def behaviour_06_07_the_server_ends_it(stage):
    await stage.begin()
    transaction = await stage.charge()
    equal((await stage.ask("RemoteStopTransaction", transactionId=transaction))["status"], "Accepted")
    stop = await stage.expect("StopTransaction", reason="Remote")
    holds("idTag" not in stop.payload, stop)


async def behaviour_06_07_the_car_leaves(stage):
    await stage.begin()
    await stage.charge()
    if stage.connectors > 1:
        return  # a socket holds the plug
    await stage.unplug()
    stop = await stage.expect("StopTransaction", reason="EVDisconnected")
    holds("idTag" not in stop.payload, stop)
    await stage.expect("StatusNotification", connectorId=stage.connector, status="Available")


async def behaviour_06_the_power_is_cut(stage):
    await stage.begin()
    transaction = await stage.charge()
    await stage.time(10)
    await stage.power("off")
    await stage.power("on")
    await stage.expect("BootNotification")
    stop = await stage.expect("StopTransaction", reason="PowerLoss")
    equal(stop.payload["transactionId"], transaction)


async def behaviour_07_the_same_group_may_end_it(stage):
    stage.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}}
    stage.answers["StartTransaction"] = lambda payload: stage.start("Accepted", parentIdTag="FAMILY")
    await stage.begin()
    await stage.charge()
    await stage.swipe("OTHER")
    await stage.expect("Authorize", idTag="OTHER")
    stop = await stage.expect("StopTransaction")
    equal(stop.payload["idTag"], "OTHER")


async def behaviour_07_a_stranger_may_not(stage):
    await stage.begin()
    await stage.charge()
    await stage.swipe("OTHER")
    await stage.nothing(10, "StopTransaction")


async def behaviour_08_zero_and_less_are_ids(stage):
    await stage.begin(MeterValueSampleInterval="0")
    for number in (0, -7):
        stage.answers["StartTransaction"] = lambda payload: stage.start("Accepted", number)  # noqa: B023
        await stage.plug()
        await stage.swipe()
        await stage.charging()
        equal((await stage.ask("RemoteStopTransaction", transactionId=number))["status"], "Accepted")
        await stage.expect("StopTransaction", transactionId=number)
        await stage.time(5)
        await stage.unplug()
        await stage.expect("StatusNotification", connectorId=stage.connector, status="Available")


async def behaviour_09_values_at_both_edges_and_between(stage):
    await stage.begin(MeterValueSampleInterval="10", MeterValuesSampledData=REGISTER)
    transaction = await stage.charge()
    await stage.time(30)
    await stage.swipe()
    stop = await stage.expect("StopTransaction")
    told = stage.sent("MeterValues", transactionId=transaction)
    contexts = [frame.payload["meterValue"][0]["sampledValue"][0]["context"] for frame in told]
    equal((contexts[0], contexts[-1]), ("Transaction.Begin", "Transaction.End"))
    holds(contexts[1:-1] == ["Sample.Periodic"] * len(contexts[1:-1]) and len(contexts) >= 5, contexts)
    stage.in_order(*stage.sent("StartTransaction"), *told, stop)


async def behaviour_15_a_remote_start(stage):
    await stage.begin()
    equal(await _remote_start(stage, connectorId=0), "Rejected")
    equal(
        await stage.refused("RemoteStartTransaction", idTag=CARD, connectorId=9),
        "PropertyConstraintViolation",
    )
    await stage.plug()
    equal(await _remote_start(stage, connectorId=stage.connector), "Accepted")
    await stage.expect("StartTransaction", connectorId=stage.connector)
    await stage.charging()
    equal(stage.sent("Authorize"), [])
    equal(await _remote_start(stage, connectorId=stage.connector), "Rejected")


async def behaviour_15_without_a_connector_it_starts_where_the_car_is(stage):
    await stage.begin(AuthorizeRemoteTxRequests="true")
    equal(await _remote_start(stage), "Accepted")
    await stage.expect("Authorize", idTag=CARD)
    await stage.time(2)
    await stage.plug()
    await stage.expect("StartTransaction", connectorId=stage.connector)


async def behaviour_16_a_profile_must_be_for_the_transaction(stage):
    await stage.begin()
    await stage.plug()
    period = {"startPeriod": 0, "limit": 10}
    profile = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {"chargingRateUnit": "A", "chargingSchedulePeriod": [period]},
    }
    equal(await _remote_start(stage, connectorId=stage.connector, chargingProfile=profile), "Rejected")
    profile["chargingProfilePurpose"] = "TxProfile"
    profile["transactionId"] = 101
    equal(await _remote_start(stage, connectorId=stage.connector, chargingProfile=profile), "Rejected")
    await stage.nothing(3, "StartTransaction")


async def behaviour_16_a_transaction_that_nobody_knows_is_not_stopped(stage):
    await stage.begin()
    transaction = await stage.charge()
    stopped = await stage.ask("RemoteStopTransaction", transactionId=transaction + 1)
    equal(stopped["status"], "Rejected")
    await stage.nothing(3, "StopTransaction")


async def behaviour_17_a_card_that_is_refused_after_the_start(stage):
    stage.answers["StartTransaction"] = lambda payload: stage.start("Invalid")
    await stage.begin()
    await stage.plug()
    await stage.swipe()
    await stage.expect("StartTransaction")
    await stage.expect("StopTransaction", reason="DeAuthorized")
    await stage.nothing(5, "StartTransaction")


async def behaviour_17_energy_alone_may_end(stage):
    stage.answers["StartTransaction"] = lambda payload: stage.start("Blocked")
    await stage.begin(StopTransactionOnInvalidId="false")
    await stage.plug()
    await stage.swipe()
    await stage.expect("StartTransaction")
    await stage.expect("StatusNotification", connectorId=stage.connector, status="SuspendedEVSE")
    await stage.nothing(10, "StopTransaction")


async def behaviour_17_an_allowance_of_energy(stage):
    stage.answers["StartTransaction"] = lambda payload: stage.start("Invalid")
    await stage.begin(StopTransactionOnInvalidId="false", MaxEnergyOnInvalidId="60")
    await stage.plug()
    await stage.swipe()
    await stage.charging()
    await stage.expect("StatusNotification", connectorId=stage.connector, status="SuspendedEVSE")
    await stage.swipe()
    stop = await stage.expect("StopTransaction")
    (start,) = stage.sent("StartTransaction")
    energy_wh = stop.payload["meterStop"] - start.payload["meterStart"]
    holds(60 <= energy_wh <= 90, energy_wh)


async def behaviour_21_a_soft_reset_ends_it_first(stage):
    await stage.begin()
    await stage.charge()
    equal((await stage.ask("Reset", type="Soft"))["status"], "Accepted")
    stop = await stage.expect("StopTransaction", reason="SoftReset")
    boot = await stage.expect("BootNotification")
    stage.in_order(stop, boot)


async def behaviour_21_a_hard_reset_tells_the_end_afterwards(stage):
    await stage.begin()
    transaction = await stage.charge()
    stage.answers["StopTransaction"] = Refusal()
    equal((await stage.ask("Reset", type="Hard"))["status"], "Accepted")
    stage.frames.clear()
    await stage.expect("BootNotification")
    stop = await stage.expect("StopTransaction", 70, transactionId=transaction)
    equal(stop.payload["reason"], "HardReset")


async def behaviour_23_unlocking(stage):
    await stage.begin()
    equal((await stage.ask("UnlockConnector", connectorId=9))["status"], "NotSupported")
    await stage.charge()
    status = (await stage.ask("UnlockConnector", connectorId=stage.connector))["status"]
    if stage.connectors == 1:
        equal(status, "NotSupported")  # a tethered cable has no lock
        await stage.nothing(3, "StopTransaction")
    else:
        equal(status, "Unlocked")
        await stage.expect("StopTransaction", reason="UnlockCommand")


async def _remote_start(stage, **fields):
    """The status of a RemoteStartTransaction for the card."""
    return (await stage.ask("RemoteStartTransaction", idTag=CARD, **fields))["status"]
