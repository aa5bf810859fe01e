"""Why a transaction that runs draws nothing; only loaded when one does not."""

from control import duty, limits, pilot, states
from control.interlock import STABLE_MS
from control.offer import RESUME_MS

ON_THE_WAY = (states.STARTING, states.IDLE, states.CONNECTED)
"""States that control passes through, a tick each, before it can offer."""


def is_the_cars(connector):
    """Whether it is the car that pauses: it is offered current and does not take it (OCPP 1.6, 4.9). Both at
    once is the charger's pause."""
    snapshot = connector.snapshot
    if snapshot.state == states.WAKING:
        return True
    if connector.status.status == "SuspendedEV" and snapshot.state in (states.STARTING, states.IDLE):
        # The car is being woken: it did not take what it was offered, and is offered the same again.
        return not why(connector)
    return snapshot.offered_ma > 0 and not _waits(connector)


def why(connector):
    """Why nothing flows, as far as it is the charger's doing and more than a moment's; or an empty string."""
    snapshot, controller = connector.snapshot, connector.controller
    if not controller.mailbox.enabled:
        return "out of service"
    if controller.mailbox.authorised_session != snapshot.session:
        return "not authorised"
    if snapshot.hazard:
        return "relay failure on another connector"
    if snapshot.limit_ma < duty.LEAST_MA:
        return limits.NAMES[snapshot.reason]
    if snapshot.paused_by >= 0:
        return "waiting %d s after %s" % (RESUME_MS // 1000, limits.NAMES[snapshot.paused_by])
    if controller.protection.switching.active:
        return "phase switching"
    if controller.protection.lock.slips:
        return "plug not locked"
    return _delay(connector) if snapshot.state == states.OFFERED else ""


def _delay(connector):
    """Why nothing flows although it may."""
    if not connector.snapshot.offered_ma:
        return "few changes for this car"
    if not _waits(connector):
        return ""
    return "contactor rests" if _rests(connector) else "reclosing pause"


def _waits(connector):
    """Whether the car asks for what it is offered, and the charger does not close. One that comes out of its
    own pause is looked at first, for as long as control does."""
    if connector.snapshot.level not in (pilot.C, pilot.D):
        return False
    looks = connector.controller.pilot.held_ms < STABLE_MS and connector.status.status == "SuspendedEV"
    return not looks or _rests(connector)


def _rests(connector):
    """Whether the contactor has closed too often."""
    return not connector.controller.protection.operations.allowed()
