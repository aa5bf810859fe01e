"""Guide to RCD_TRIP."""

CAUSE = (
    "Current has leaked to earth instead of coming back: a damaged or wet cable, or a defect in the car's "
    "charger. The power was switched off at once."
)
OWNER = (
    "You may unplug the car, touching the plug by its handle only, and look at the cable for damage and "
    "water. The charger then tests its own protection before it charges again. Do not charge with a "
    "damaged cable. If it trips with one car only, have that car looked at; the third trip within a day "
    "must be seen by a technician."
)
TECHNICIAN = "Only a technician may measure the insulation of cable and installation, and open the charger."
