"""Guide to SYS_4."""

CAUSE = (
    "The charger's control did not keep its pace, and safety decisions could have come late, so it has "
    "switched the power off."
)
OWNER = (
    "If this happens once there is no need to worry. The charger restarts by itself, once; what comes back "
    "within an hour stays until a technician has seen it, and switching the charger off and on does not "
    "clear it."
)
TECHNICIAN = (
    "Only a technician may read the record of what happened, load other firmware, and clear this error."
)
