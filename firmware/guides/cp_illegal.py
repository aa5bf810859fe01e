"""Guide to CP_ILLEGAL."""

CAUSE = (
    "The control pilot, the signal by which the car and the charger talk, has a level that means nothing: "
    "a poor contact in the plug, moisture, a damaged cable, or a car that does not keep to the standard."
)
OWNER = (
    "The charger tries again by itself, up to three times, each time once the signal has been good for "
    "half a minute. You may unplug the car, see that plug and inlet are clean and dry, and plug in again "
    "until the plug sits firmly. Try another car if there is one: what follows the car is for its "
    "workshop. Do not use an adapter or an extension."
)
TECHNICIAN = (
    "Only a technician may test or replace the charging cable, look for interference on the pilot line, "
    "and measure the pilot circuit."
)
