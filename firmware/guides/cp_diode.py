"""Guide to CP_DIODE."""

CAUSE = (
    "The charger does not see the diode that every car has in its pilot line, by which it can tell a car "
    "from a wet or damaged plug. The fault is in the car, in the cable, or in water inside the plug."
)
OWNER = (
    "The charger tries again by itself after five seconds, twice; then it waits until the car is "
    "unplugged. You may let a wet plug dry, and try another car: if only one car shows this, have that "
    "car looked at. Do not use an adapter or an extension."
)
TECHNICIAN = (
    "Only a technician may test the charging cable and the pilot circuit; the diode inside a car is the "
    "business of that car's workshop."
)
