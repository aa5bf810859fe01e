"""Guide to OVER_VOLTAGE."""

CAUSE = (
    "The voltage of the supply is too high: a fault in the grid, much solar power in the street, or a "
    "broken neutral. The charger has switched off to protect the car and you."
)
OWNER = (
    "Charging goes on by itself when the voltage has been good for half a minute, and where it is set so "
    "after a further random wait. If lights in the house turn very bright or very dim, a broken neutral "
    "is possible: do not touch the charger or the car, and call the network operator's emergency number."
)
TECHNICIAN = (
    "Only a technician may measure the supply and change the voltage limits; the grid itself is the "
    "business of its operator."
)
