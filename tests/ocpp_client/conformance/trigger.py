"""Dialogues of the RemoteTrigger profile: behaviours 1, 4, 9 and 24."""

from tests.ocpp_client.conformance.stage import equal, holds


async def behaviour_24_a_status_follows_the_answer(stage):
    await stage.begin()
    before = len(stage.frames)
    equal(await stage.trigger("StatusNotification"), "Accepted")
    for connector in range(stage.connectors + 1):
        await stage.status("Available", connector)
    reply, *told = stage.frames[before:]
    equal(reply.kind, 3)
    equal([frame.payload["connectorId"] for frame in told], list(range(stage.connectors + 1)))
    equal(await stage.trigger("StatusNotification", connectorId=stage.connector), "Accepted")
    await stage.status("Available")
    equal(await stage.trigger("StatusNotification", connectorId=9), "Rejected")
    await stage.nothing(3, "StatusNotification")


async def behaviour_24_a_heartbeat(stage):
    await stage.begin()
    equal(await stage.trigger("Heartbeat"), "Accepted")
    await stage.expect("Heartbeat", 2)


async def behaviour_24_meter_values(stage):
    await stage.begin(MeterValuesSampledData="Voltage", MeterValueSampleInterval="0")
    await stage.time(5)
    equal(await stage.trigger("MeterValues"), "Accepted")
    for connector in range(1, stage.connectors + 1):
        frame = await stage.expect("MeterValues", connectorId=connector)
        (value,) = frame.payload["meterValue"]
        equal({each["context"] for each in value["sampledValue"]}, {"Trigger"})
        equal({each["measurand"] for each in value["sampledValue"]}, {"Voltage"})
        holds("transactionId" not in frame.payload, frame)


async def behaviour_09_24_meter_values_of_a_transaction(stage):
    await stage.begin(MeterValueSampleInterval="0")
    transaction = await stage.charge()
    equal(await stage.trigger("MeterValues", connectorId=stage.connector), "Accepted")
    await stage.expect("MeterValues", transactionId=transaction)


async def behaviour_24_a_boot_that_was_accepted_is_not_repeated(stage):
    await stage.begin()
    equal(await stage.trigger("BootNotification"), "Rejected")
    await stage.nothing(3)


async def behaviour_01_24_a_server_that_hesitates_asks_for_a_boot(stage):
    stage.answers["BootNotification"] = lambda payload: stage.boot("Pending", 600)
    await stage.power_on()
    await stage.expect("BootNotification")
    await stage.nothing(5)
    equal(await stage.trigger("StatusNotification", connectorId=0), "Accepted")
    await stage.status("Available", 0)
    stage.be_good()
    equal(await stage.trigger("BootNotification"), "Accepted")
    await stage.accepted()


async def behaviour_24_what_is_not_spoken(stage):
    await stage.begin()
    for message in ("DiagnosticsStatusNotification", "FirmwareStatusNotification"):
        equal(await stage.trigger(message), "NotImplemented")
    await stage.nothing(3)


async def behaviour_04_24_a_state_is_told_at_once_when_asked_for(stage):
    await stage.begin(MinimumStatusDuration="60")
    await stage.plug()
    await stage.nothing(2)
    equal(await stage.trigger("StatusNotification", connectorId=stage.connector), "Accepted")
    await stage.status("Preparing", within_s=2)
