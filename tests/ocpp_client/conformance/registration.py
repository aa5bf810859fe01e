"""Core: registration, statuses, heartbeats and settings, by the numbers of their behaviours. Each dialogue
takes a `stage.Stage`."""

from tests.ocpp_client.conformance.stage import CARD, Refusal, equal, holds

NOBODY_CAME_S = 5


async def behaviour_01_nothing_but_boot_notification_before_acceptance(stage):
    stage.answers["BootNotification"] = Refusal()
    await stage.power_on(LocalCards=CARD)
    await stage.expect("BootNotification")
    await stage.plug()
    await stage.swipe()
    await stage.nothing(8)
    stage.be_good()
    await stage.accepted()
    await stage.expect("StartTransaction", idTag=CARD)


async def behaviour_01_while_pending_it_answers_and_starts_nothing(stage):
    stage.answers["BootNotification"] = lambda payload: stage.boot("Pending", 30)
    await stage.power_on()
    await stage.expect("BootNotification")
    equal(await stage.value("NumberOfConnectors"), "%d" % stage.connectors)
    await stage.plug()
    started = await stage.ask("RemoteStartTransaction", idTag=CARD, connectorId=stage.connector)
    equal(started["status"], "Rejected")
    equal((await stage.ask("RemoteStopTransaction", transactionId=101))["status"], "Rejected")
    equal(await stage.change("MeterValueSampleInterval", "7"), "Accepted")
    await stage.nothing(25)
    stage.be_good()
    await stage.accepted()
    equal(await stage.value("MeterValueSampleInterval"), "7")


async def behaviour_01_rejected_it_is_silent_until_the_interval_is_over(stage):
    stage.answers["BootNotification"] = lambda payload: stage.boot("Rejected", 30)
    await stage.power_on()
    first = await stage.expect("BootNotification")
    await stage.send([2, "vain", "GetConfiguration", {}])
    await stage.nothing(27)
    holds(not [frame for frame in stage.frames if frame.kind != 2], "a rejected charger answers nothing")
    stage.be_good()
    second = await stage.expect("BootNotification")
    holds(29000 <= second.at_ms - first.at_ms <= 31000, second)


async def behaviour_02_statuses_and_the_heartbeat_follow_the_acceptance(stage):
    stage.answers["BootNotification"] = lambda payload: stage.boot("Accepted", 20)
    await stage.begin()
    equal(await stage.value("HeartbeatInterval"), "20")
    first = await stage.expect("Heartbeat", 21)
    second = await stage.expect("Heartbeat", 21)
    holds(19000 <= second.at_ms - first.at_ms <= 21000, second)


async def behaviour_02_a_reconnect_tells_what_changed_and_boots_not_again(stage):
    await stage.begin()
    await stage.hang_up()
    await stage.plug()
    await stage.status("Preparing", within_s=10)
    holds(len(stage.handshakes) == 2, stage.handshakes)
    equal(len(stage.sent("BootNotification")), 1)
    equal(len(stage.sent("StatusNotification")), stage.connectors + 2)


async def behaviour_03_a_card_that_no_car_follows(stage):
    await stage.begin(ConnectionTimeOut="%d" % NOBODY_CAME_S)
    await stage.swipe()
    first = await stage.expect("StatusNotification", status="Preparing")
    stage.connector = first.payload["connectorId"]
    last = await stage.status("Available")
    holds(last.at_ms - first.at_ms <= NOBODY_CAME_S * 1000 + 1500, last)
    await stage.nothing(5, "StartTransaction")


async def behaviour_03_a_car_that_nobody_authorised_is_never_stuck(stage):
    await stage.begin(ConnectionTimeOut="%d" % NOBODY_CAME_S)
    await stage.plug()
    await stage.status("Preparing")
    await stage.nothing(10, "StatusNotification")
    await stage.swipe()
    await stage.charging()


async def behaviour_03_from_finishing_another_transaction_begins(stage):
    await stage.begin()
    await stage.charge()
    await stage.swipe()
    await stage.status("Finishing")
    await stage.expect("StopTransaction")
    await stage.time(3)
    started = await stage.ask("RemoteStartTransaction", idTag="OTHER", connectorId=stage.connector)
    equal(started["status"], "Accepted")
    await stage.expect("StartTransaction", idTag="OTHER")
    await stage.charging()


async def behaviour_04_states_that_do_not_last_are_not_told(stage):
    await stage.begin(MinimumStatusDuration="8")
    await stage.plug()
    await stage.time(4)
    await stage.unplug()
    await stage.nothing(12, "StatusNotification")
    await stage.plug()
    await stage.status("Preparing", within_s=10)


async def behaviour_05_the_car_pauses_or_the_charger_does(stage):
    await stage.begin()
    await stage.charge()
    await stage.car(charge=False)
    await stage.status("SuspendedEV")
    await stage.car(charge=True)
    await stage.charging()
    limit = '{"connectorId":%d,"powerW":%d}'
    limited = {"vendorId": "org.mode3", "messageId": "SessionPowerLimit"}
    await stage.ask("DataTransfer", data=limit % (stage.connector, 100), **limited)
    await stage.status("SuspendedEVSE")
    await stage.car(charge=False)
    await stage.nothing(3, "StatusNotification")  # both: SuspendedEVSE
    await stage.ask("DataTransfer", data=limit % (stage.connector, 0), **limited)
    await stage.status("SuspendedEVSE")  # for another reason: it waits until the limit has been gone for 10 s
    await stage.status("SuspendedEV", within_s=20)


async def behaviour_13_what_get_configuration_tells(stage):
    await stage.begin(AuthorizationKey="sixteen-letters!")
    everything = await stage.ask("GetConfiguration")
    names = [entry["key"] for entry in everything["configurationKey"]]
    for name in (
        "HeartbeatInterval",
        "SupportedFeatureProfiles",
        "AuthorizationKey",
        "WebSocketPingInterval",
    ):
        holds(name in names, name)
    equal(await stage.ask("GetConfiguration", key=[]), everything)
    found = await stage.ask("GetConfiguration", key=["heartbeatINTERVAL", "Colour", "AuthorizationKey"])
    equal(found["unknownKey"], ["Colour"])
    interval, secret = found["configurationKey"]
    equal((interval["key"], interval["value"]), ("HeartbeatInterval", "300"))
    holds("value" not in secret, "the password is told")


async def behaviour_14_what_change_configuration_answers(stage):
    await stage.begin()
    before = await stage.value("MeterValuesSampledData")
    equal(await stage.change("Colour", "red"), "NotSupported")
    equal(await stage.change("NumberOfConnectors", "5"), "Rejected")
    equal(await stage.change("HeartbeatInterval", "often"), "Rejected")
    equal(await stage.change("HeartbeatInterval", "-1"), "Rejected")
    equal(await stage.change("MeterValuesSampledData", "Voltage,Colour"), "Rejected")
    equal(await stage.value("MeterValuesSampledData"), before)
    equal(await stage.change("metervaluesampleddata"[:-4] + "Data", "x"), "NotSupported")
    equal(await stage.change("BackendIdentity", "CP2"), "Rejected")  # it is the owner's
    equal(await stage.change("websocketpinginterval", "45"), "Accepted")
    equal(await stage.value("WebSocketPingInterval"), "45")
    await stage.nothing(3)


async def behaviour_22_out_of_service_and_back(stage):
    await stage.begin()
    other = 1 if stage.connectors > 1 else 0
    equal(await _availability(stage, stage.connector, "Inoperative"), "Accepted")
    await stage.status("Unavailable")
    await stage.swipe() if stage.connectors == 1 else await stage.time(1)
    await stage.nothing(3, "StartTransaction")
    await stage.power("off")
    await stage.power("on")
    await stage.expect("BootNotification")
    await stage.status("Unavailable")
    equal(await _availability(stage, stage.connector, "Inoperative"), "Accepted")
    equal(await _availability(stage, 99, "Inoperative"), "Rejected")
    equal(await _availability(stage, 0, "Inoperative"), "Accepted")
    await stage.expect("StatusNotification", connectorId=other, status="Unavailable")
    equal(await _availability(stage, 0, "Operative"), "Accepted")
    await stage.status("Available")
    await stage.charge()


async def behaviour_22_a_running_transaction_ends_first(stage):
    await stage.begin()
    await stage.charge()
    equal(await _availability(stage, stage.connector, "Inoperative"), "Scheduled")
    await stage.nothing(5, "StatusNotification", "StopTransaction")
    await stage.swipe()
    await stage.expect("StopTransaction")
    await stage.expect("StatusNotification", connectorId=stage.connector, status="Unavailable")


async def _availability(stage, connector, kind):
    """The status of a ChangeAvailability."""
    return (await stage.ask("ChangeAvailability", connectorId=connector, type=kind))["status"]
