"""How a connector stands, in the words of OCPP 1.6 (4.9), and why."""

from control import duty, limits, pilot, states
from firmware import errors

SETTLE_MS = 10000
"""A started transaction is called Preparing this long while the car makes up its mind."""


def standing(connector, now_ms):
    """(status word, `errors.Error` or None, why it pauses) of a `Connector` at this moment. A warning leaves
    the word what it is."""
    error = errors.gravest(connector.snapshot.faults)
    if error and not error.warns:
        return "Faulted", error, ""
    word = _word(connector, now_ms)
    if word != "SuspendedEVSE":
        return word, error, ""
    from firmware import pause

    shown = connector.status
    # What has just gone is still why, until something flows again.
    return word, error, pause.why(connector) or (shown.info if shown.status == word else "")


def _word(connector, now_ms):
    if connector.transaction:
        return _while_running(connector, now_ms)
    if not connector.controller.mailbox.enabled:
        return "Unavailable"
    if connector.snapshot.plugged:
        return "Finishing" if connector.used else "Preparing"
    return "Preparing" if connector.pending_tag else "Available"


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
    from firmware import pause

    return "SuspendedEV" if pause.is_the_cars(connector) else "SuspendedEVSE"


def limit_text(source, limit_ma):
    """A limit as people read it: 'cable 20 A', or of one that pauses 'schedule'."""
    if limit_ma < duty.LEAST_MA:
        return limits.NAMES[source]
    tenths = limit_ma // 100
    amperes = "%d" % (tenths // 10) if tenths % 10 == 0 else "%d.%d" % (tenths // 10, tenths % 10)
    return "%s %s A" % (limits.NAMES[source], amperes)
