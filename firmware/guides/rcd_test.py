"""Guide to RCD_TEST."""

CAUSE = (
    "The device that guards against leaking current failed its own test, so nobody could be sure that it "
    "would protect you. Charging is locked."
)
OWNER = (
    "There is nothing that you may mend. Unplug the car, do not try to charge here by other means, and "
    "call a technician; neither unplugging nor switching the charger off and on clears this."
)
TECHNICIAN = (
    "Only a technician may test or replace the residual current device, and clear this error after it has "
    "passed its test."
)
