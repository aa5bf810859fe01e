"""Core: requests that are wrong, and DataTransfer."""

from tests.ocpp_client.conformance.stage import CARD, equal, holds

FORMATION, PROPERTY = "FormationViolation", "PropertyConstraintViolation"
OCCURRENCE, TYPE = "OccurenceConstraintViolation", "TypeConstraintViolation"
OWN_VENDOR = "org.mode3"


async def behaviour_12_each_fault_has_its_code(stage):
    await stage.begin()
    equal(await stage.refused("Dance"), "NotImplemented")
    equal(await stage.refused("GetLocalListVersion"), "NotSupported")
    equal(await stage.refused("Reset"), FORMATION)
    equal(await stage.refused("Reset", type="Soft", when="now"), FORMATION)
    equal(await stage.refused("Reset", type=1), TYPE)
    equal(await stage.refused("Reset", type="Gentle"), PROPERTY)
    equal(await stage.refused("GetConfiguration", key=["k"] * 51), OCCURRENCE)
    equal(await stage.refused("RemoteStartTransaction", idTag="x" * 21), TYPE)
    equal(await stage.refused("ChangeAvailability", connectorId="1", type="Operative"), TYPE)
    for message in ([2, "odd", "Reset", []], [2, "odder", "Reset"], [2, "i" * 37, "Reset", {"type": "Soft"}]):
        equal((await stage.request(message)).code, FORMATION)


async def behaviour_12_what_is_no_message_is_ignored(stage):
    await stage.begin()
    for message in (
        [],
        [7, "i", "Reset", {"type": "Soft"}],
        {"a": 1},
        [3, "nobody", {}],
        [4, "nobody", "x", "", {}],
    ):
        await stage.ends.send(message)
    await stage.nothing(5)
    equal([frame for frame in stage.frames if frame.kind != 2], [])
    equal((await stage.ask("ClearCache"))["status"], "Accepted")


async def data_transfer_limits_the_session(stage):
    await stage.begin()
    await stage.charge()
    energy = '{"connectorId":%d,"energyWh":1}' % stage.connector
    answer = await stage.ask("DataTransfer", vendorId=OWN_VENDOR, messageId="SessionEnergyLimit", data=energy)
    equal(answer, {"status": "Accepted"})
    await stage.expect("StopTransaction", reason="Other")


async def data_transfer_of_others(stage):
    await stage.begin()
    equal((await stage.ask("DataTransfer", vendorId="com.example"))["status"], "UnknownVendorId")
    unknown = await stage.ask("DataTransfer", vendorId=OWN_VENDOR, messageId="Song")
    equal(unknown["status"], "UnknownMessageId")
    wrong = await stage.ask("DataTransfer", vendorId=OWN_VENDOR, messageId="SessionPowerLimit", data="{}")
    equal(wrong["status"], "Rejected")
    holds(wrong["data"], wrong)


async def clock_aligned_values(stage):
    await stage.begin(ClockAlignedDataInterval="10", MeterValuesAlignedData="Voltage")
    frame = await stage.expect("MeterValues", 25, connectorId=stage.connector)
    (value,) = frame.payload["meterValue"]
    equal({each["context"] for each in value["sampledValue"]}, {"Sample.Clock"})
    equal(value["timestamp"][18:], "0.000Z")
    holds("transactionId" not in frame.payload, frame)


async def transaction_data_on_stop(stage):
    await stage.begin(StopTxnSampledData="Energy.Active.Import.Register", MeterValueSampleInterval="10")
    await stage.charge()
    await stage.time(25)
    await stage.swipe(CARD)
    stop = await stage.expect("StopTransaction")
    contexts = [value["sampledValue"][0]["context"] for value in stop.payload["transactionData"]]
    equal((contexts[0], contexts[-1]), ("Transaction.Begin", "Transaction.End"))
    holds("Sample.Periodic" in contexts, contexts)
