"""Guide to CP_FLAPPING."""

CAUSE = (
    "The car starts and stops again and again, more than six times a minute: a loose contact in the plug, "
    "a cable on its way to breaking, or a car that cannot make up its mind."
)
OWNER = (
    "The charger tries again by itself, up to three times, each time once the signal has been good for "
    "half a minute. You may unplug the car, take a timer or a preheating programme in the car off, and "
    "plug in again until the plug sits firmly. A lower current sometimes helps. If other cars charge well "
    "here, have the car looked at."
)
TECHNICIAN = "Only a technician may test or replace the charging cable and the contacts of the connector."
