"""The faults by their names: each is one cause in the physical world, and never a flag in the firmware."""

CAUSES = {
    "cp_diode": ("line", "diode_shorted"),
    "cp_short": ("line", "shorted"),
    "cp_noise": ("line", "disturbed"),
    "pilot_dead": ("line", "rail_dead"),
    "ventilation": ("car", "stuffy"),
    "pp_open": ("cable", "open"),
    "pp_short": ("cable", "shorted"),
    "rcd_trip": ("residual", "leaking"),
    "rcd_dead": ("residual", "dead"),
    "relay_welded": ("contactor", "welded"),
    "relay_stuck_open": ("contactor", "stuck_open"),
    "coil_chatter": ("contactor", "chattering"),
    "phase_stuck": ("phase_switch", "stuck"),
    "over_current": ("car", "greedy"),
    "over_voltage": ("mains", "high"),
    "under_voltage": ("mains", "low"),
    "phase_lost": ("mains", "phase_lost"),
    "earth_lost": ("mains", "earth_lost"),
    "hot": ("heat", "hot"),
    "over_temperature": ("heat", "too_hot"),
    "temperature_sensor": ("heat", "sensor_open"),
    "meter_silent": ("energy", "silent"),
    "mains_meter_silent": ("connection", "silent"),
    "lock_stuck": ("lock", "stuck"),
    "store_full": ("flash", "full"),
    "store_decayed": ("flash", "decayed"),
}
"""Name: (thing, its cause)."""
SHARED = ("mains", "connection", "flash")
"""Things of the whole charger; the rest is the outlet's."""


class UnknownFault(Exception):
    """No fault has this name, or the thing that could have it is not there."""


def apply(name, there, outlet):
    """Let the cause of the fault `name` come (`there`) or go."""
    if name not in CAUSES:
        raise UnknownFault("no fault is called '%s'; choose one of: %s" % (name, ", ".join(sorted(CAUSES))))
    place, cause = _place(name, outlet)
    if place is None:
        raise UnknownFault("'%s' needs a %s, which this world was not given" % (name, CAUSES[name][0]))
    setattr(place, cause, there)
    outlet.settle()


def present(outlet):
    """The names of the faults that are there now, sorted; allocates."""
    found = []
    for name in CAUSES:
        place, cause = _place(name, outlet)
        if getattr(place, cause, False):
            found.append(name)
    return sorted(found)


def thing(name, outlet):
    """The thing of this name that belongs to `outlet`, alone or with the others."""
    return getattr(outlet.world if name in SHARED else outlet, name)


def _place(name, outlet):
    name_of_thing, cause = CAUSES[name]
    return thing(name_of_thing, outlet), cause
