"""Guide to EV_STATE_E."""

CAUSE = (
    "The signal by which the car and the charger talk, the control pilot, is shorted or has no power: "
    "most often because of water or dirt in the plug, a damaged cable, or a defect in the car."
)
OWNER = (
    "The charger tries again by itself, up to three times, each time once the signal has been good for "
    "half a minute. You may unplug the car, look at the cable, the plug and the car's inlet without "
    "putting anything into them, let a wet plug dry, and plug in again. If only one car shows this, have "
    "that car looked at; if every car does, or if you see damage, do not use the charger any more."
)
TECHNICIAN = (
    "Only a technician may open the charger, test or replace the charging cable, and measure the pilot "
    "circuit."
)
