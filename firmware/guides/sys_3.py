"""Guide to SYS_3."""

CAUSE = (
    "The settings that are stored in the charger cannot be read or do not fit together, so it does not "
    "know what it is allowed to do. No power comes out."
)
OWNER = (
    "You may look through the settings that are yours to change, and mend a wrong one. The charger "
    "restarts by itself, once; what comes back within an hour stays until a technician has seen it, and "
    "switching the charger off and on does not clear it."
)
TECHNICIAN = "Only a technician may set the installation's limits anew, and clear this error."
