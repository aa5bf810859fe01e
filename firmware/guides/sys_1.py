"""Guide to SYS_1."""

CAUSE = (
    "The charger has failed its own test at the start: it cannot produce the signal by which it talks to "
    "cars. No power comes out."
)
OWNER = (
    "There is nothing to mend on the car's side. The charger restarts by itself, once; what comes back "
    "within an hour stays until a technician has seen it, and switching the charger off and on does not "
    "clear it."
)
TECHNICIAN = "Only a technician may open the charger, check its electronics, and clear this error."
