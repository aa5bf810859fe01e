"""Guide to RELAY_STUCK_OPEN."""

CAUSE = (
    "The contactor was told to close, and has not, or its feedback does not show it. No power comes out; "
    "this is no danger, but the car is not charged."
)
OWNER = (
    "The charger tries again by itself, twice, a minute apart. You may unplug the car and wait for that. "
    "If the error stays it is not cleared by unplugging or by switching off and on: call a technician."
)
TECHNICIAN = "Only a technician may check the contactor, its coil and its feedback, and clear this error."
