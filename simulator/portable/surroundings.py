"""What a person may set around the charger: voltages, the loads of the house, heat."""

from simulator.portable.faults import thing
from simulator.portable.traits import check

RANGES = {
    "mains_mv": (0, 300000),
    "lost_phase": (1, 3),
    "rotation": (0, 2),
    "house_ma": (-100000, 100000),
    "fuse_ma": (6000, 250000),
    "ambient_dc": (-400, 600),
    "place_dc": (-400, 1250),
    "noise_mv": (0, 1000),
}
"""Field: (least, most). `mains_mv` and `house_ma` take one value for all phases, or a list of three."""

_THINGS = {
    "mains_mv": "mains",
    "lost_phase": "mains",
    "rotation": "energy",
    "house_ma": "connection",
    "fuse_ma": "connection",
    "ambient_dc": "heat",
    "place_dc": "heat",
    "noise_mv": "line",
}
"""Field: whose attribute it is, and what says there what it means."""


def apply(values, outlet):
    """Set these fields; `UnknownTrait`, and no change, when one does not exist or is out of range."""
    for name, value in values.items():
        by_phase = isinstance(value, (list, tuple)) and name in ("mains_mv", "house_ma") and len(value) == 3
        for each in value if by_phase else (value,):
            check("the world around a charger", RANGES, name, each)
    for name, value in values.items():
        owner = thing(_THINGS[name], outlet)
        if isinstance(getattr(owner, name), list):
            getattr(owner, name)[:] = value if isinstance(value, (list, tuple)) else (value,) * 3
        else:
            setattr(owner, name, int(value))
    outlet.settle()
