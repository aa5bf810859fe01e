"""Guide to SYS_2."""

CAUSE = (
    "The charger's processor stopped working for a moment and was restarted by its watchdog. No power "
    "comes out until it is seen to run well."
)
OWNER = (
    "If this happens once there is no need to worry. The charger restarts by itself, once; what comes back "
    "within an hour stays until a technician has seen it, and switching the charger off and on does not "
    "clear it."
)
TECHNICIAN = (
    "Only a technician may read the record of what happened, load other firmware, and clear this error."
)
