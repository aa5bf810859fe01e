"""Guide to EV_STATE_D."""

CAUSE = (
    "The car asks for a ventilated room, because its battery can give off gas while it charges, and this "
    "charger is not set up for such a room."
)
OWNER = (
    "You may unplug the car; nothing is broken. Charge this car only where ventilation is fitted. If the "
    "car is not known to need any, have it looked at."
)
TECHNICIAN = "Only a technician may connect a ventilation system and then set the charger up for it."
