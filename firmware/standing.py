"""How a connector stands, in the words of OCPP 1.6 (4.9)."""

from control import pilot, states
from firmware import errors

SETTLE_MS = 10000
"""A started transaction is called Preparing this long while the car makes up its mind."""


def standing(connector, now_ms):
    """(status word, `errors.Error` or None) of a `Connector` at this moment."""
    error = errors.gravest(connector.snapshot.faults)
    if error:
        return "Faulted", error
    if connector.transaction:
        return _while_running(connector, now_ms), None
    if not connector.controller.mailbox.enabled:
        return "Unavailable", None
    if connector.snapshot.plugged:
        return "Finishing" if connector.used else "Preparing", None
    return "Preparing" if connector.pending_tag else "Available", None


def _while_running(connector, now_ms):
    snapshot = connector.snapshot
    if connector.transaction.ending():
        return "Finishing"
    if snapshot.level == pilot.A:
        # The plug is on its way out: the car did not pause, it left.
        return connector.status.status
    if snapshot.state == states.CHARGING and snapshot.level in (pilot.C, pilot.D):
        return "Charging"
    if not connector.transaction.has_charged and now_ms - connector.started_ms < SETTLE_MS:
        return "Preparing"
    # Offered and not taken is the car's pause; both at once is ours (OCPP 1.6, 4.9).
    return "SuspendedEV" if snapshot.offered_ma else "SuspendedEVSE"
