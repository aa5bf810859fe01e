"""How a connector stands, in the words of OCPP 1.6 (4.9), and why."""

from control import duty, faults, limits, pilot, states
from firmware import errors

SETTLE_MS = 10000
"""A started transaction is called Preparing this long while the car makes up its mind."""
_OF_ALL = faults.SYSTEM | 1 << faults.RELAY_WELDED
"""Faults that are the charger's and not only one connector's: with a weld, all of them stay open."""


def standing(connector, now_ms):
    """(status word, `errors.Error` or None, why it pauses) of a `Connector` at this moment. A warning leaves
    the word what it is. "Faulted" without an error: that has just gone, and what follows is not known yet."""
    error = errors.gravest(connector.snapshot.faults)
    if error and not error.warns:
        return "Faulted", error, ""
    word = _word(connector, now_ms)
    if word == "Unavailable":
        return word, error, "out of service"
    if word != "SuspendedEVSE":
        return word, error, ""
    from firmware import pause

    shown = connector.status
    # What has just gone is still why, until something flows again.
    return word, error, pause.why(connector) or (shown.info if shown.status == word else "")


def standing_of_all(charger):
    """(status word, `errors.Error` or None) of a `Charger` as a whole, OCPP's connector 0: Available,
    Faulted, or Unavailable once the last transaction has ended."""
    bits, running = 0, False
    for connector in charger.connectors:
        bits |= connector.snapshot.faults
        running = running or connector.transaction is not None
    error = errors.gravest(bits & _OF_ALL)
    if error:
        return "Faulted", error
    return ("Available" if charger.operative or running else "Unavailable"), None


def _word(connector, now_ms):
    if connector.transaction:
        return _while_running(connector, now_ms)
    if not connector.controller.mailbox.enabled:
        return "Unavailable"
    if connector.snapshot.plugged:
        return "Finishing" if connector.used else "Preparing"
    if connector.hold:
        return "Finishing"
    return "Preparing" if connector.pending_tag else "Available"


def _while_running(connector, now_ms):
    snapshot, shown = connector.snapshot, connector.status.status
    if connector.transaction.ending():
        return "Finishing"
    if snapshot.level == pilot.A:
        # The plug is on its way out: the car did not pause, it left.
        return shown
    if snapshot.state == states.CHARGING and snapshot.level in (pilot.C, pilot.D):
        return "Charging"
    if not connector.transaction.has_charged and now_ms - connector.started_ms < SETTLE_MS:
        return "Preparing"
    from firmware import pause

    if shown == "Faulted" and snapshot.state in pause.ON_THE_WAY and not pause.why(connector):
        return shown
    return "SuspendedEV" if pause.is_the_cars(connector) else "SuspendedEVSE"


def limit_text(source, limit_ma):
    """A limit as people read it: 'cable 20 A', or of one that pauses 'schedule'."""
    if limit_ma < duty.LEAST_MA:
        return limits.NAMES[source]
    tenths = limit_ma // 100
    amperes = "%d" % (tenths // 10) if tenths % 10 == 0 else "%d.%d" % (tenths // 10, tenths % 10)
    return "%s %s A" % (limits.NAMES[source], amperes)
