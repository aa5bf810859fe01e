"""States of one connector, what each puts out, and the table that leads from one to the next.

Each tick collects what is true as condition bits; in the row of the present state the first condition that
holds names the next state. The diagram in ARCHITECTURE.md is drawn from this table.
"""

STARTING = 0
"""After boot or a fault: nothing is known until a full pilot window was seen."""
IDLE = 1
"""No car."""
CONNECTED = 2
"""A car, and no current offered."""
OFFERED = 3
"""Current is offered; the car does not take it yet."""
CHARGING = 4
"""The contactor is commanded closed."""
STOPPING = 5
"""The offer is withdrawn; the contactor waits for the car to let go."""
FAULTED = 6
"""A fault is active."""
WAKING = 7
"""State F, or the pilot off the wire, to wake a car that does not take the offer."""

NAMES = ("starting", "idle", "connected", "offered", "charging", "stopping", "faulted", "waking")

FAULT = 1
"""A fault is active that opens at once."""
SOUND = 2
"""No such fault is active."""
KNOWN = 4
"""The pilot shows a level from A to D."""
PLUGGED = 8
AWAY = 16
"""No car is plugged in."""
OFFERABLE = 32
"""Plugged, authorised, enabled, and the least limit allows 6 A or more."""
WITHDRAWN = 64
"""One of these is no longer so."""
CLOSABLE = 128
"""Everything that must hold before the contactor closes holds."""
RELEASED = 256
"""The car is not ready: it opened S2, or the pilot is lost."""
LET_GO = 512
"""Released, or less than 1 A flows, or 6 s have passed."""
DROWSY = 1024
"""The car has not taken the offer for 30 s since it came."""
AWAKE = 2048
"""A try to wake the car is over, or there is no offer to wake it for."""

TRANSITIONS = (
    ((FAULT, FAULTED), (KNOWN, IDLE)),
    ((FAULT, FAULTED), (PLUGGED, CONNECTED)),
    ((FAULT, FAULTED), (AWAY, IDLE), (OFFERABLE, OFFERED)),
    ((FAULT, FAULTED), (AWAY, IDLE), (WITHDRAWN, CONNECTED), (CLOSABLE, CHARGING), (DROWSY, WAKING)),
    ((FAULT, FAULTED), (RELEASED, OFFERED), (WITHDRAWN, STOPPING)),
    ((FAULT, FAULTED), (LET_GO, CONNECTED)),
    ((SOUND, STARTING),),
    ((FAULT, FAULTED), (AWAKE, STARTING)),
)
"""By state: (condition, next state), first match."""

OFFERS = (False, False, False, True, True, False, False, False)
"""By state: whether current is offered on the pilot."""
CLOSES = (False, False, False, False, True, True, False, False)
"""By state: whether the close lease is renewed."""


def following(state, seen):
    """The next state from `state` when the conditions `seen` hold."""
    for condition, state_after in TRANSITIONS[state]:
        if seen & condition:
            return state_after
    return state
