"""A charger takes part only after its BootNotification was accepted."""

import pytest
from ocpp.exceptions import SecurityError
from ocpp.v16 import call

from tests.simulator.backend.peers import Backend, charger


def test_an_unknown_charger_is_accepted_and_kept(run, way):
    async def story():
        backend = Backend(heartbeat_interval_s=120)
        async with charger(backend, way) as point:
            answer = await point.boot()
        assert (answer.status, answer.interval) == ("Accepted", 120)
        assert answer.current_time == "2026-03-01T12:00:00.000Z"
        kept = backend.store.chargers.get("CP1")
        assert kept is not None
        assert (kept.vendor, kept.model, kept.firmware) == ("Mode3", "M3", "1.2")
        assert kept.booted_at == kept.last_seen == backend.clock.now()
        assert backend.told("booted")[0]["registration"] == "Accepted"

    run(story())


@pytest.mark.parametrize("registration", ["Pending", "Rejected"])
def test_until_it_is_accepted_a_charger_may_only_boot(run, way, registration):
    async def story():
        backend = Backend(register_as=registration, retry_interval_s=7)
        async with charger(backend, way) as point:
            answer = await point.boot()
            assert (answer.status, answer.interval) == (registration, 7)
            with pytest.raises(SecurityError, match=registration):
                await point.call(call.Heartbeat(), suppress=False)
            backend.store.chargers.register("CP1", "Accepted")
            assert (await point.boot()).status == "Accepted"
            assert (await point.call(call.Heartbeat(), suppress=False)).current_time

    run(story())


def test_a_pending_charger_may_send_what_it_was_triggered_to(run):
    async def story():
        backend = Backend(register_as="Pending")
        async with charger(backend) as point:
            await point.boot()
            assert (await backend.central.trigger_message("CP1", "StatusNotification", 1)).ok
            assert point.heard == [
                ("TriggerMessage", {"requested_message": "StatusNotification", "connector_id": 1})
            ]
            await point.call(call.StatusNotification(1, "NoError", "Available"), suppress=False)
            with pytest.raises(SecurityError):
                await point.begin("2026-03-01T12:00:00Z")
        assert [row.status for row in backend.store.chargers.status("CP1")] == ["Available"]
        assert not backend.store.transactions.all()

    run(story())


def test_what_else_a_charger_tells_is_passed_on(run):
    async def story():
        backend = Backend()
        async with charger(backend) as point:
            await point.call(call.FirmwareStatusNotification("Installed"), suppress=False)
            await point.call(call.DiagnosticsStatusNotification("Uploaded"), suppress=False)
            answer = await point.call(call.DataTransfer("org.example", data="{}"), suppress=False)
        assert answer.status == "UnknownVendorId"
        assert backend.told("firmware_status")[0]["status"] == "Installed"
        assert backend.told("diagnostics_status")[0]["status"] == "Uploaded"
        assert backend.told("data_transfer")[0]["data"] == "{}"

    run(story())


def test_status_history_keeps_both_times_and_the_latest_of_each_connector(run):
    async def story():
        backend = Backend()
        async with charger(backend) as point:
            await point.call(call.StatusNotification(0, "NoError", "Available"), suppress=False)
            late = call.StatusNotification(
                1, "GroundFailure", "Faulted", "2026-03-01T09:30:00.250+01:00", vendor_error_code="RCD"
            )
            await point.call(call.StatusNotification(1, "NoError", "Charging"), suppress=False)
            await point.call(late, suppress=False)
        chargers = backend.store.chargers
        assert [(row.connector, row.status) for row in chargers.status("CP1")] == [
            (0, "Available"),
            (1, "Faulted"),
        ]
        charging, faulted = chargers.status_history("CP1", 1)
        assert charging.reported_at == charging.received_at == backend.clock.now()
        assert faulted.reported_at.isoformat() == "2026-03-01T08:30:00.250000+00:00"
        assert (faulted.error_code, faulted.vendor_error_code) == ("GroundFailure", "RCD")

    run(story())
