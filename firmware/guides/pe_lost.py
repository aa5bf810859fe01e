"""Guide to PE_LOST."""

CAUSE = (
    "The protective earth is missing. In case of another fault, the charger and the body of the car could "
    "be live and give an electric shock. The power was switched off at once."
)
OWNER = (
    "Do not touch metal parts of the charger or of the car while it is plugged in. Unplug the car by the "
    "plug's handle. The charger works again by itself only if the earth has been there for half a minute "
    "with no car plugged in. If the error comes back, switch the circuit breaker off and call a "
    "technician."
)
TECHNICIAN = (
    "Only a technician may measure and mend the earthing of the installation, and judge whether the "
    "charger may be used on it."
)
