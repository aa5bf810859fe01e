"""The faults by their names: each is one cause in the physical world, and never a flag in the firmware."""

CAUSES = {
    "cp_diode": ("line", "diode_shorted"),
    "cp_short": ("line", "shorted"),
    "cp_noise": ("line", "disturbed"),
    "ventilation": ("car", "stuffy"),
    "pp_open": ("cable", "open"),
    "pp_short": ("cable", "shorted"),
    "rcd_trip": ("residual", "leaking"),
    "rcd_dead": ("residual", "dead"),
    "relay_welded": ("contactor", "welded"),
    "relay_stuck_open": ("contactor", "stuck_open"),
    "over_current": ("car", "greedy"),
    "over_voltage": ("mains", "high"),
    "under_voltage": ("mains", "low"),
    "hot": ("heat", "hot"),
    "over_temperature": ("heat", "too_hot"),
    "temperature_sensor": ("heat", "sensor_open"),
    "meter_silent": ("energy", "silent"),
    "lock_stuck": ("lock", "stuck"),
    "store_full": ("flash", "full"),
}
"""Name: (thing, its cause). Supply and flash are the whole charger's, the rest is the outlet's."""


class UnknownFault(Exception):
    """No fault has this name, or the thing that could have it is not there."""


def apply(name, there, outlet):
    """Let the cause of the fault `name` come (`there`) or go."""
    if name not in CAUSES:
        raise UnknownFault("no fault is called '%s'; choose one of: %s" % (name, ", ".join(sorted(CAUSES))))
    thing, cause = _place(name, outlet)
    if thing is None:
        raise UnknownFault("'%s' needs a %s, which this world was not given" % (name, CAUSES[name][0]))
    setattr(thing, cause, there)
    outlet.settle()


def present(outlet):
    """The names of the faults that are there now, sorted; allocates."""
    found = []
    for name in CAUSES:
        thing, cause = _place(name, outlet)
        if getattr(thing, cause, False):
            found.append(name)
    return sorted(found)


def _place(name, outlet):
    thing, cause = CAUSES[name]
    return getattr(outlet.world if thing in ("mains", "flash") else outlet, thing), cause
