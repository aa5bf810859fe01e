"""Guide to OVER_CURRENT."""

CAUSE = (
    "The car draws clearly more current than it was offered, and has done so for some seconds. Cable and "
    "circuit breaker are not made for that, so the charger has switched off."
)
OWNER = (
    "The charger tries again by itself after a minute, up to three times. You may unplug the car and plug "
    "in again, or set a lower charging current in the car. If it comes back with the same car, have that "
    "car looked at."
)
TECHNICIAN = (
    "Only a technician may check the meter of the charger and the limit that was set for the installation."
)
