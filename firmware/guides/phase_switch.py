"""Guide to PHASE_SWITCH."""

CAUSE = (
    "The switch between one and three phases is not where it should be, so the charger does not know on "
    "which phases current would flow. It stops charging."
)
OWNER = (
    "There is nothing that you may mend. Unplug the car and call a technician; neither unplugging nor "
    "switching off and on clears this."
)
TECHNICIAN = "Only a technician may check or replace the phase switch and its feedback, and clear this error."
