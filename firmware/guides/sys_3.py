"""Guide to SYS_3."""

CAUSE = (
    "The settings that are stored in the charger cannot be read or do not fit together, so it does not "
    "know what it is allowed to do. No power comes out."
)
OWNER = (
    "You may look through the settings that are yours to change, and mend a wrong one. The charger "
    "restarts by itself, once. You may also switch it off and on once at its circuit breaker while "
    "nothing is charging; what comes back within an hour stays until a technician has seen it."
)
TECHNICIAN = "Only a technician may set the installation's limits anew, and clear this error."
