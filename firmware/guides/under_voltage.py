"""Guide to UNDER_VOLTAGE."""

CAUSE = (
    "The voltage of the supply is too low: the grid or the wiring is overloaded, a wire has a poor "
    "contact, or one phase or the neutral is lost. The charger has switched off."
)
OWNER = (
    "Charging goes on by itself when the voltage has been good for half a minute, and where it is set so "
    "after a further random wait. You may switch other large appliances off. If lights in the house turn "
    "very dim or very bright, a broken neutral is possible: do not touch the charger or the car, and call "
    "the network operator's emergency number."
)
TECHNICIAN = "Only a technician may measure the supply, tighten terminals, and change the voltage limits."
