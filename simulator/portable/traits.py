"""What cars are like: the traits that one may have, their ranges, and those of a car that is usual."""

RANGES = {
    "phases": (1, 3),
    "l1_percent": (0, 100),
    "l2_percent": (0, 100),
    "l3_percent": (0, 100),
    "max_a": (6, 80),
    "min_a": (6, 20),
    "battery_wh": (1000, 200000),
    "level_wh": (0, 200000),
    "charge": (0, 1),
    "reaction_ms": (0, 5000),
    "ramp_a_s": (1, 80),
    "taper_percent": (50, 99),
    "pause_every_s": (0, 86400),
    "pause_for_s": (1, 86400),
    "simplified": (0, 1),
    "ventilation": (0, 1),
    "false_b_ms": (0, 1000),
    "false_c_ms": (0, 1000),
    "flap_ms": (0, 60000),
    "stubborn": (0, 1),
    "sleep_after_s": (0, 86400),
    "wakes_on_f": (0, 1),
    "wake_s": (1, 600),
    "phase_wait_s": (0, 3600),
    "cable_a": (13, 63),
}
"""Trait: (least, most). The class below says what each means; 0 and 1 are off and on."""


class UnknownTrait(Exception):
    """A car, or the world around it, has no such trait, or the trait cannot have that value."""


def check(whose, ranges, name, value):
    """`UnknownTrait` unless `name` is in `ranges` (name to (least, most)) and `value` in its range."""
    if name not in ranges:
        raise UnknownTrait("%s has no trait '%s'; it has: %s" % (whose, name, ", ".join(sorted(ranges))))
    least, most = ranges[name]
    if not isinstance(value, (int, bool)) or not least <= value <= most:
        raise UnknownTrait("%s takes whole numbers from %d to %d, not %r" % (name, least, most, value))


class Traits:
    """The traits of a usual car."""

    phases = 3
    l1_percent = 100  # of its current, in this phase: not every car draws evenly, or from the first one
    l2_percent = 100
    l3_percent = 100
    max_a = 16
    min_a = 6  # does not charge below this offer; some cars want 8 A
    battery_wh = 60000
    level_wh = 20000
    charge = 1  # wants to
    reaction_ms = 1500  # from a change of the offer to following it
    ramp_a_s = 5
    taper_percent = 85  # above this level it draws less and less
    pause_every_s = 0  # pauses by itself after so much charging; 0: never
    pause_for_s = 60
    simplified = 0  # a fixed resistor instead of S2: straight from state A to C
    ventilation = 0  # state D
    false_b_ms = 0  # in C, shows state B for so long after a change of the duty
    false_c_ms = 0  # in B, shows state C for so long after a change of the duty
    flap_ms = 0  # while it asks, shows B and C in turn, each for so long; 0: does not
    stubborn = 0  # draws on though the offer is withdrawn by a steady +12 V
    sleep_after_s = 0  # sleeps after so long without an offer, and misses the next; 0: never
    wakes_on_f = 1  # state F wakes it; otherwise only a pilot that is taken off the wire
    wake_s = 3  # how long it must see that
    phase_wait_s = 0  # lost until it is unplugged when phases come or go without so long a pause; 0: copes
    cable_a = 32  # rating of the loose cable, where the outlet is a socket
