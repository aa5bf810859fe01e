"""The wall clock decides nothing: whatever it says, the same happens in the world (15)."""

from tests.control.watching import promise


def doings(outlet):
    """What the firmware does to its world now."""
    line, contactor = outlet.line, outlet.contactor
    pilot = (line.duty_bp, line.apart, contactor.driven, contactor.contacts_closed)
    return (*pilot, outlet.residual.testing, outlet.lock.holds, outlet.phase_switch.wanted)


def check_15_clock(course, same):
    """`course`: doings, tick by tick, after the clock was set; `same`: those of a world where it was not."""
    pairs = enumerate(zip(course, same, strict=True))
    parted = next((tick for tick, (here, there) in pairs if here != there), None)
    promise("15", parted is None, "something else happens %s ticks after the clock was set", parted)
