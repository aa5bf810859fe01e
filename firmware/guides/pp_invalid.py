"""Guide to PP_INVALID."""

CAUSE = (
    "The charger cannot tell how much current the charging cable can carry: the plug is not fully in, the "
    "cable is damaged, or its coding is missing or wrong."
)
OWNER = (
    "The charger tries again by itself, up to three times, each time once the signal has been good for "
    "half a minute. You may unplug the cable at both ends, look for dirt and bent contacts, push it in "
    "until it stops, or use another cable. Never bridge or alter a plug: without its rating a cable can "
    "overheat and burn."
)
TECHNICIAN = (
    "Only a technician may look into the socket and measure its proximity contact. A cable with a wrong "
    "coding must be thrown away."
)
