"""Events become one clear line each."""

import pytest
from ocpp.v16 import call

from simulator.backend.presentation import LENGTH, line
from tests.simulator.backend.peers import Backend, charger


def test_a_charge_reads_like_a_story(run):
    async def story():
        backend = Backend(accept_unknown_cards=True)
        async with charger(backend) as point:
            await point.boot()
            await point.call(call.Heartbeat())
            fault = call.StatusNotification(1, "GroundFailure", "Faulted", vendor_error_code="RCD")
            await point.call(fault)
            await point.call(call.Authorize("CARD"))
            number = (await point.begin("2026-03-01T11:00:00Z")).transaction_id
            sampled = [
                {"value": "16.0", "measurand": "Current.Import", "phase": "L1", "unit": "A"},
                {"value": "15.9", "measurand": "Current.Import", "phase": "L2", "unit": "A"},
                {"value": "50", "measurand": "Frequency"},
                {"value": "2100"},
            ]
            values = [{"timestamp": "2026-03-01T11:05:00Z", "sampled_value": sampled}]
            await point.call(call.MeterValues(1, values, number))
            await backend.central.remote_stop("CP1", number)
            await point.finish(number, "2026-03-01T12:30:00Z", 7600, reason="EVDisconnected")
            await point.finish(99, "2026-03-01T12:30:00Z", 7600)
        lines = [text for text in map(line, backend.events) if text]
        assert lines == [
            "CP1: connected",
            "CP1: booted: Mode3 M3, firmware 1.2; registration Accepted",
            "CP1/1: Faulted (GroundFailure, RCD)",
            "CP1: card CARD is Accepted",
            "CP1/1: transaction 1 started with CARD at 0.100 kWh",
            "CP1/1: energy 2100 Wh, current L1 16.0 A L2 15.9 A, 1 other measurands",
            "CP1: RemoteStopTransaction(transaction_id=1)",
            "CP1: RemoteStopTransaction -> Rejected",
            "CP1/1: transaction 1 stopped (EVDisconnected): 7.500 kWh in 1:30:00",
            "CP1: transaction 99 stopped, but never started here",
            lines[-1],
        ]
        assert lines[-1].startswith("CP1: disconnected (")

    run(story())


@pytest.mark.parametrize("data", ["\x1b[2J", "a\nb", "\x07", "x" * 10_000])
def test_what_a_charger_says_cannot_drive_the_terminal(data):
    event = {"event": "data_transfer", "charger": "CP1", "vendor_id": "V", "message_id": "M", "data": data}
    shown = line(event)
    assert shown is not None
    assert shown.isprintable()
    assert len(shown) <= LENGTH + 3
